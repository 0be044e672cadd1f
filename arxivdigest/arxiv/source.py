"""What every source of listings offers, and what they read alike."""

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from arxivdigest.model import Listing
from arxivdigest.text import one_line

MOST_BYTES = 16 * 1024 * 1024
"""No listing is as large: the largest of arXiv's are about 7 MB."""

ARXIV_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})"
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_DATE = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(_MONTHS)})[a-z]* (\d{{4}})\b")


class Source(NamedTuple):
    """One way to read arXiv: `recognises` looks at the first bytes, `parse` reads them all."""

    name: str
    recognises: Callable[[bytes], bool]
    parse: Callable[[bytes], Listing]


def stated_date(text: str) -> date | None:
    """The first date in the text, as in `Fri, 11 Jul 2025` or `Friday, 11 July 2025`."""
    found = _DATE.search(text)
    if not found:
        return None
    day, month, year = found.groups()
    try:
        return date(int(year), _MONTHS.index(month) + 1, int(day))
    except ValueError:
        return None


def text_or_none(text: str | None) -> str | None:
    """The text with its blanks folded, or None where nothing is left."""
    return one_line(text) or None if text else None


_SUFFIX = re.compile(r"(?:Jr|Sr|[JS]r\.|I{2,3}|IV|VI{0,3})$", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:and |on behalf of |for )(?:the )?|the (?=.* [Cc]ollaboration)", re.IGNORECASE
)
# All that the others match: most names are of two words, and looked at once.
_MAYBE_ODD = re.compile(r"(?:and|on|for|et)\b|[\W_]|\S*$|.*the ", re.IGNORECASE)
_NOT_A_NAME = re.compile(r"et al\.?|[\W_]*$", re.IGNORECASE)


def author_names(text: str) -> tuple[str, ...]:
    """The names in a line of authors, without affiliations: those stand in parentheses.

    A suffix goes to the name before it: `Ann Lee, Jr., Bo Li` are two people.
    """
    names: list[str] = []
    for part in re.split("[,:]", _outside_parentheses(text)):
        name = one_line(part)
        if not _MAYBE_ODD.match(name):
            names.append(name)
            continue
        name = _LEAD.sub("", name)
        if names and _SUFFIX.match(name):
            names[-1] += f" {name}"
        elif not _NOT_A_NAME.match(name):
            names.append(name)
    return tuple(names)


def _outside_parentheses(text: str) -> str:
    if "(" not in text:
        return text
    kept: list[str] = []
    depth = 0
    for piece in re.split(r"([()])", text):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth == 0:
            kept.append(piece)
    return "".join(kept)
