"""What is no listing, named for what it is."""

import re
from typing import TYPE_CHECKING

from arxivdigest.arxiv.source import count
from arxivdigest.errors import ListingError, RefusedError, StrangerError, TryAgainError
from arxivdigest.text import one_line, safe
from arxivdigest.text.dates import short_date

if TYPE_CHECKING:
    from datetime import date

    from selectolax.lexbor import LexborHTMLParser

_NOT_NOW = re.compile(
    r"rate (?:limit )?exceeded|too many requests|temporarily unavailable|captcha|not a robot"
    r"|(?:you are|you're|are you) (?:a )?human|security check|checking your browser"
    r"|unusual traffic|enable (?:javascript and )?cookies",
    re.IGNORECASE,
)
"""What is said in place of a listing by who wants to be asked later, or by a person."""


# A subscription's mail, with its headers or without them.
_MAIL = re.compile(
    r"Send any comments regarding submissions directly to submitter"
    r"|^Subject: \S+ daily (?:Subj-class|title/abstract) mailing"
    r"|^(?:arXiv:|Paper: )[0-9a-z./-]+[^\n]*\nDate: ",
    re.MULTILINE | re.IGNORECASE,
)
_MAILED = re.compile(r"^Subject: ([a-z-]+(?:\.[A-Za-z-]+)?) daily ", re.MULTILINE)
_FIRST_BYTES = 4000
_MARKUP = re.compile(r"(?:\ufeff)?\s*<[A-Za-z]")


def stranger(data: bytes) -> ListingError | TryAgainError:
    """The error for bytes that are neither a page nor a feed: what they are instead."""
    if not data.strip():
        return ListingError("this is empty")
    if data.startswith(b"\x1f\x8b"):
        return ListingError(
            "this is compressed; unpack it first, as in: gzip -dc FILE | digest today --from -"
        )
    text = data[:_FIRST_BYTES].decode("utf-8", "replace")
    if "\x00" in text or text.count("\ufffd") > len(text) / 10:
        return ListingError("this is binary data, not a page or a feed of arXiv's")
    said = safe(one_line(text))[:120]
    if _NOT_NOW.search(text):
        return TryAgainError(f'arXiv answered: "{said}"; try again in a few minutes')
    if _MAIL.search(text):
        named = _MAILED.search(text)
        subject = named[1] if named else "SUBJECT"
        return ListingError(
            "this is one of arXiv's mails; read what it tells of from arXiv itself:"
            f" https://rss.arxiv.org/rss/{subject}"
        )
    kind = StrangerError if _MARKUP.match(text) else ListingError
    return kind(f'this is neither a page nor a feed of arXiv\'s; it begins: "{said}"')


_LOOKED_AT = 100_000  # characters of a page, for words
_ADDRESS = re.compile(r"arxiv(?:\.|%2e)org")
_ERROR = re.compile(r"server error|unavailable|gateway|timeout|too many", re.IGNORECASE)


def refusal(heading: str, tree: "LexborHTMLParser") -> ListingError | TryAgainError:
    """The error for a page without a listing: what it says, and whether that goes by itself."""
    title = tree.css_first("title")
    said = safe(heading or one_line(title.text() if title else ""))[:200]
    html = (tree.html or "")[:_LOOKED_AT]
    if _ERROR.search(said) or _NOT_NOW.search(html):
        return TryAgainError(f'arXiv answered with an error: "{said}"; try again in a few minutes')
    # A portal names the address that was asked for; arXiv calls itself by its name.
    if "arxiv" not in _ADDRESS.sub("", html.lower()):
        called = f': "{said}"' if said else ""
        return StrangerError(f"this is a page, but not one of arXiv's{called}")
    if re.match(r"invalid|not found|no such", said, re.IGNORECASE):
        return RefusedError(f'arXiv refused: "{said}"')
    return ListingError(f'this page of arXiv is no listing: "{said}"')


_RANGE = re.compile(r"\b([0-9]+)-([0-9]+)\b")


def explain_emptiness(
    tree: "LexborHTMLParser",
    total: int | None,
    announced: "date | None",
    *,
    is_cut: bool,
    has_sections: bool,
) -> None:
    """Return where the page says that nothing was announced, and raise where it says otherwise."""
    if is_cut:
        raise ListingError("this page is cut off before its first entry")
    if has_sections:
        raise ListingError("none of this page's entries can be read; has arXiv changed its pages?")
    text = one_line(tree.css_first("#dlpage").text())  # type: ignore[union-attr]
    on = f" for {short_date(announced)}" if announced else ""
    skipped = any(count(first) > count(last) for first, last in _RANGE.findall(text))
    if "No further updates" in text or skipped:
        raise ListingError(f"this page is past the end of its listing{on} ({total} entries)")
    if total:
        raise TryAgainError(
            f"arXiv counts {total} entries{on}, but shows none of them; try again in five minutes"
        )
    if "No updates" not in text:
        raise ListingError("this page of arXiv has no entries, and does not say why")
