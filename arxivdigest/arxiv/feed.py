"""arXiv's feeds, RSS 2.0 and Atom: a strict reader for what arXiv serves, a lenient one.

The lenient one is feedparser, whose repairs damage TeX; it reads only what the strict one refuses.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from arxivdigest.arxiv import feed_pattern, taxonomy
from arxivdigest.arxiv.feed_elements import Elements, Item, NotStrictError
from arxivdigest.arxiv.source import (
    ARXIV_ID,
    Source,
    author_names,
    damaged,
    lacking,
    odd_date,
    stated_date,
    text_or_none,
    visible_title,
)
from arxivdigest.errors import ListingError, RefusedError, StrangerError
from arxivdigest.model import AnnounceType, Entry, Listing
from arxivdigest.text import one_line, safe
from arxivdigest.text.letters import decode

MOST_ENTRIES = 2000
"""A feed never holds more: with exactly so many, arXiv may have left out new ones."""

_HEAD_BYTES = 2048
_API = b"arxiv.org/api/"
_FEEDS = "https://rss.arxiv.org/rss"
# What arXiv's feeds begin with: nothing may stand before the root, and so no DOCTYPE.
_STRICT = re.compile(
    rb"<\?xml version=['\"]1\.0['\"] encoding=['\"](?:UTF|utf)-8['\"]\s*\?>\s*<(?:rss|feed)[\s>]"
)
_FEED = re.compile(r"(?:\ufeff)?\s*<(?:\?xml|rss|feed|rdf:RDF)\b")
# Identifier and description as arXiv writes them since 2024
# (info.arxiv.org/help/rss_specifications.html).
_IDENTIFIER = re.compile(rf"oai:arXiv\.org:({ARXIV_ID})v([0-9]{{1,4}})")
_DESCRIPTION = re.compile(r"\s*arXiv:(\S+) Announce Type: ([a-z-]+)\s*\n?Abstract:(.*)", re.DOTALL)
_HEAD_OF_ANOTHER = re.compile(r"v[0-9]+ Announce Type: [a-z-]+\s*\nAbstract:")
_LINK = re.compile(rf"https?://(?:www\.)?arxiv\.org/abs/({ARXIV_ID})(?:v[0-9]+)?")
_TITLE = re.compile(r"(.+) updates on arXiv\.org")
_ABOUT = re.compile(r"(.+) updates on the arXiv\.org e-print archive\.")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T|$)")
_REFUSED = re.compile(r"Feed error for query: (.*)")


def _recognises(data: bytes) -> bool:
    return bool(_FEED.match(_first_characters(data)))


def _first_characters(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return data[:512].decode(encoding, "replace")


def address(subjects: Sequence[str], site: str) -> str:
    """Where the feed of several subjects is: an entry is new, or a cross-list, to all of them."""
    return f"{site}/rss/{'+'.join(subjects)}"


def parse(data: bytes) -> Listing:
    """The listing that a feed holds; a ListingError where it is no listing of arXiv's.

    A feed of exactly 2,000 entries is cut by arXiv, and said to be incomplete.
    """
    if _API in data[:_HEAD_BYTES]:
        raise ListingError(
            "this is an answer of arXiv's API, which does not say what was announced;"
            f" use {_FEEDS}/{_asked_of_api(data)}"
        )
    try:
        return _strict(data)
    except NotStrictError as reason:
        return _lenient(data, str(reason))


def _asked_of_api(data: bytes) -> str:
    """The subject that was asked for, if it was one."""
    found = re.search(rb"\bcat(?::|%3A)([a-z-]+(?:\.[A-Za-z-]+)?)\b", data[:_HEAD_BYTES])
    return found[1].decode() if found else "SUBJECT"


def _listing(  # noqa: PLR0913 - the parts of a feed
    *,
    title: str,
    description: str,
    stated: date | None,
    items: "Iterable[_Read | None]",
    notes: tuple[str, ...] = (),
    refuse: Callable[[str], Exception] | None = None,
) -> Listing:
    """The listing; an item that is not as arXiv writes it raises what `refuse` makes of it.

    Without `refuse` such items are counted among the problems.
    """
    subjects = _subjects(title, description)
    entries: list[Entry] = []
    published: Counter[str] = Counter()
    unreadable = contradictory = 0
    for read in items:
        if read:
            entries.append(read.entry)
            published[read.published] += 1
            contradictory += read.is_contradictory
        elif refuse:
            raise refuse("an entry is not as arXiv writes it")
        else:
            unreadable += 1
    if not stated and published:
        stated = _date(published.most_common(1)[0][0])
    problems = _problems(entries, unreadable, contradictory)
    about = _ABOUT.fullmatch(description)
    if about and tuple(map(taxonomy.written, about[1].split(", "))) != subjects:
        notes = (*notes, f"it calls itself one of {safe(about[1])[:120]} too")
    if any(_date(one) != stated for one in published if one):
        problems.append("its entries are dated otherwise than it is")
    unknown = (taxonomy.unknown(one[:120]) for one in subjects)
    return Listing(
        source=SOURCE.name,
        subjects=subjects,
        announced=stated,
        entries=tuple(entries),
        problems=tuple(problems),
        notes=(*notes, *next(filter(None, unknown), ())),
    )


def _problems(entries: list[Entry], unreadable: int, contradictory: int) -> list[str]:
    problems = []
    if unreadable:
        problems.append(f"{unreadable} of {unreadable + len(entries)} entries could not be read")
    if len(entries) >= MOST_ENTRIES:
        problems.append(f"arXiv cuts feeds at {MOST_ENTRIES:,} entries, the new ones first")
    if contradictory:
        problems.append(f"{contradictory} of {len(entries)} entries contradict themselves")
    return problems + lacking(entries)


def _subjects(title: str, description: str) -> tuple[str, ...]:
    refused = _REFUSED.match(title)
    if refused:
        raise RefusedError(f'arXiv refused: "{safe(one_line(description))[:300]}"')
    found = _TITLE.fullmatch(safe(title))
    if not found:
        raise ListingError(f'this is a feed, but not one of arXiv\'s: "{safe(title)[:120]}"')
    return tuple(map(taxonomy.written, found[1].split(", ")))


def _date(text: str) -> date | None:
    """The date in RSS's writing as stated there; of an instant in Atom's, the date in New York."""
    if not _INSTANT.match(text):
        return stated_date(text)
    from arxivdigest.arxiv.schedule import feed_day

    try:
        instant = datetime.fromisoformat(text)
        return feed_day(instant) if instant.tzinfo else instant.date()
    except (ValueError, OverflowError):
        return None


class _Read(NamedTuple):
    """An entry, when its item says that it is from, and whether what that says twice differs."""

    entry: Entry
    published: str
    is_contradictory: bool


_TYPES = {announce_type.value: announce_type for announce_type in AnnounceType}


def _read(item: Item) -> _Read | None:
    """The entry of an item that is as arXiv writes it."""
    identifier = _IDENTIFIER.fullmatch(item.identifier.strip())
    description = _DESCRIPTION.fullmatch(item.description)
    announce_type = _TYPES.get(item.announce_type)
    if not (identifier and description and announce_type and item.categories):
        return None
    linked = _LINK.fullmatch(item.link)
    is_contradictory = bool(
        description[1] != f"{identifier[1]}v{identifier[2]}"
        or description[2] != announce_type
        or (bool(item.link) and (linked is None or linked[1] != identifier[1]))
        or item.is_doubled
        or (":" in description[3] and _HEAD_OF_ANOTHER.search(description[3]))
    )
    entry = Entry(
        arxiv_id=identifier[1],
        version=int(identifier[2]),
        announce_type=announce_type,
        title=visible_title(decode(item.title, symbols=True)),
        authors=author_names(decode(item.creator, symbols=True)),
        primary_category=item.categories[0],
        categories=item.categories,
        abstract=_paragraphs(decode(description[3], symbols=False)),
        journal_ref=text_or_none(item.journal_ref and decode(item.journal_ref, symbols=True)),
        doi=text_or_none(item.doi),
        license=text_or_none(item.license),
    )
    return _Read(entry, item.published, is_contradictory)


def _paragraphs(abstract: str) -> str:
    """The abstract, its paragraphs parted by a newline; in a feed one begins with two blanks."""
    abstract = abstract.strip()
    if "\n" not in abstract:
        return one_line(abstract)
    paragraphs = map(one_line, re.split(r"\n  +", abstract))
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def is_strict(data: bytes) -> bool:
    """Whether this begins as arXiv's feeds do."""
    return _STRICT.match(data) is not None


def _strict(data: bytes) -> Listing:
    if not is_strict(data):
        raise NotStrictError("it does not begin as arXiv's feeds do")
    try:
        written = feed_pattern.read(data)
        return _of_elements(written.elements, written.items)
    except feed_pattern.OtherwiseWrittenError:
        feed = Elements(data)
        return _of_elements(feed, _taken(feed.items))


def _of_elements(feed: Elements, items: Iterator[Item]) -> Listing:
    names = feed.names
    # An Atom feed says when it was built, which dates it only where it is empty.
    dated = feed.head.get(names.date, "") if feed.root == "rss" or not feed.items else ""
    return _listing(
        title=feed.head.get(names.title, ""),
        description=feed.head.get(names.about, ""),
        stated=_date(dated),
        items=map(_read, items),
        notes=odd_date(dated),
        refuse=NotStrictError,
    )


def _taken(items: list[Item]) -> Iterator[Item]:
    """Each item, which is let go of before the next: of 2,000 they are 4 MB."""
    items.reverse()
    while items:
        yield items.pop()


_DEEPEST = 50
_MOST_TAGS = 120_000  # twice those of 2,000 entries of 12 elements
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]*?(/?)>")
# A file has no Content-Type, which feedparser calls bozo.
_HARMLESS = ("NonXMLContentType",)
_OTHERS_TO_JUDGE = (  # of encodings feedparser knows more than expat
    "unknown encoding",
    "encoding specified in XML declaration is incorrect",
    "not well-formed (invalid token)",
)


def _lenient(data: bytes, reason: str) -> Listing:
    """The listing of a feed that is readable, though not written as arXiv writes it."""
    _refuse_traps(data)
    _refuse_broken(data)
    from io import BytesIO

    import feedparser

    # Not as a str: feedparser opens a file of that name. Its cleaning damages `$a<b$ and $x<y>z$`,
    # and so does what it does to relative addresses (6.0.14).
    parsed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    version = parsed.get("version", "")
    if version in ("rss10", "rss090"):
        raise ListingError("this is a feed in RSS 1.0, which arXiv no longer serves; fetch it anew")
    if not version:
        raise StrangerError("this is XML, but not a feed")
    if parsed.bozo and type(parsed.bozo_exception).__name__ not in _HARMLESS:
        raise damaged("feed", parsed.bozo_exception)
    feed = parsed.feed
    stated = _date(feed.get("published", "")) if version.startswith("rss") else None
    if not stated and not parsed.entries:
        stated = _date(feed.get("updated", ""))
    return _listing(
        title=feed.get("title", ""),
        description=feed.get("subtitle", ""),
        stated=stated,
        items=map(_read, _lenient_items(parsed.entries)),
        notes=(f"read leniently ({reason})", *odd_date(feed.get("published", ""))),
    )


def _refuse_traps(data: bytes) -> None:
    """Raise where the text asks more of feedparser than it can bear: a DOCTYPE, or deep nesting."""
    text = data.replace(b"\x00", b"").decode("utf-8", "replace")
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise StrangerError("this is XML with a DOCTYPE, which no feed of arXiv's has")
    tags = _TAG.findall(text)
    depth = 0
    for closing, empty in tags:
        depth += -1 if closing else 0 if empty else 1
        if depth > _DEEPEST:
            raise ListingError("this is XML nested deeper than any feed of arXiv's")
    if len(tags) > _MOST_TAGS:
        raise ListingError("this is XML of more elements than any feed of arXiv's")


def _refuse_broken(data: bytes) -> None:
    """Raise where the XML does not end well: feedparser takes 70 µs a tag to come to the same."""
    from xml.parsers import expat

    # feedparser forgives blanks before the declaration; expat does not.
    parser = expat.ParserCreate()
    try:
        parser.Parse(data.lstrip(), True)  # noqa: FBT003 - expat takes it by position
    except expat.ExpatError as error:
        if expat.errors.messages[error.code] not in _OTHERS_TO_JUDGE:
            raise damaged("feed", error) from error
    except LookupError:  # an encoding that Python does not know either
        return


def _lenient_items(entries: list[dict[str, Any]]) -> Iterator[Item]:
    for entry in entries:
        yield Item(
            identifier=entry.get("id", ""),
            link=entry.get("link", ""),
            announce_type=entry.get("arxiv_announce_type", ""),
            title=entry.get("title", ""),
            creator=entry.get("author", ""),
            description=entry.get("summary", ""),
            categories=tuple(tag["term"] or "" for tag in entry.get("tags", ())),
            published=entry.get("published", ""),
            doi=entry.get("arxiv_doi"),
            journal_ref=entry.get("arxiv_journal_reference"),
            license=entry.get("rights"),
        )


SOURCE = Source("feed", _recognises, parse)
