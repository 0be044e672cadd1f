"""What every source of listings offers, and what they read alike."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple

from arxivdigest.errors import DigestError, ListingError
from arxivdigest.model import Entry, Listing
from arxivdigest.text import can_be_seen, one_line, safe

MOST_BYTES = 16 * 1024 * 1024
"""No listing is as large: the largest of arXiv's are about 7 MB."""

ARXIV_ID = r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7})"
_MONTHS = {
    "Jan": "uary",
    "Feb": "ruary",
    "Mar": "ch",
    "Apr": "il",
    "May": "",
    "Jun": "e",
    "Jul": "y",
    "Aug": "ust",
    "Sep": "tember",
    "Oct": "ober",
    "Nov": "ember",
    "Dec": "ember",
}
_DAYS = "Mon Tue Wed Thu Fri Sat Sun".split()
# A month is written whole or in three letters: "Juny" may be either.
_MONTH = "|".join(f"{short}(?:{rest})?(?![a-z])" for short, rest in _MONTHS.items())
_DATE = re.compile(
    rf"(?:\b({'|'.join(_DAYS)})[a-z]*\W+)?\b([0-9]{{1,2}}) ({_MONTH}) ([0-9]{{4}})\b"
)
_MOST_DIGITS = 9
_MOST_WORDS = 120
_NO_TITLE = "(no title)"


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
    _, day, month, year = found.groups()
    try:
        return date(int(year), [*_MONTHS].index(month[:3]) + 1, int(day))
    except ValueError:
        return None


def odd_date(text: str, again: str = "") -> tuple[str, ...]:
    """Notes where the first date in the text is of another day of the week than it says.

    Where it says none, as no date of arXiv's does, what stood before it is damaged. And where the
    same is dated again, and otherwise.
    """
    found, stated, other = _DATE.search(text), stated_date(text), stated_date(again)
    notes = []
    if found and stated and not found[1]:
        notes.append(f"it is dated {stated} without a day of the week")
    elif found and stated and found[1] != _DAYS[stated.weekday()]:
        notes.append(f"it calls {stated} a {found[1]}")
    if stated and other and stated != other:
        notes.append(f"it is dated {stated} and {other}")
    return tuple(notes)


def times_stated(day: date, text: str) -> int:
    """How often the day stands in the text, in any of arXiv's writings."""
    written = sum(stated_date(found[0]) == day for found in _DATE.finditer(text))
    return written + text.count(day.isoformat())


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Whatever a library raises within is a ListingError: what it was given is damaged.

    Strangers write what is read, and no library's documentation lists all that it may raise.
    """
    try:
        yield
    except (DigestError, MemoryError):
        raise
    except Exception as error:
        raise damaged(what, error) from error


def damaged(what: str, error: object) -> ListingError:
    """The error that something is damaged, with what was said about it."""
    said = safe(one_line(str(error)))[:_MOST_WORDS]
    return ListingError(f"the {what} is damaged or cut off: {said or type(error).__name__}")


def count(digits: str) -> int:
    """The number, or a billion where it is larger: nothing of arXiv's is as many."""
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def visible_title(title: str) -> str:
    """The title with its blanks folded, or a word for one that nobody can see."""
    folded = one_line(title)
    return folded if can_be_seen(folded) else _NO_TITLE


def text_or_none(text: str | None) -> str | None:
    """The text with its blanks folded, or None where nothing is left."""
    return one_line(text) or None if text else None


# Authors as submitters are asked to write them (info.arxiv.org/help/prep, "Authors").
_SUFFIX = r"(?i)(?:Jr|Sr|[JS]r\.|I{2,3}|IV|VI{0,3})$"
_LEAD = r"(?i)^(?:and |on behalf of |for )(?:the )?|the (?=.* collaboration)"
# All that the others match: most names are of two words, and looked at once.
_MAYBE_ODD = re.compile(r"(?:and|on|for|et)\b|[\W_]|\S*$|.*the ", re.IGNORECASE)
_NOT_A_NAME = r"(?i)et al\.?|[\W_]*$"


def lacking(entries: Sequence[Entry]) -> list[str]:
    """What none of the entries has, as where arXiv names it otherwise than it did."""
    said = []
    if entries and not any(entry.authors for entry in entries):
        said.append("none of its entries has an author")
    if len(entries) > 1 and all(entry.title == _NO_TITLE for entry in entries):
        said.append("none of its entries has a title")
    return said


def author_names(text: str) -> tuple[str, ...]:
    """The names in a line of authors, without affiliations: those stand in parentheses.

    A suffix goes to the name before it: `Ann Lee, Jr., Bo Li` are two people.
    """
    names: list[str] = []
    for part in _outside_parentheses(text).replace(":", ",").split(","):
        name = one_line(part)
        if not _MAYBE_ODD.match(name):
            names.append(name)
            continue
        name = re.sub(_LEAD, "", name)
        if names and re.match(_SUFFIX, name):
            names[-1] += f" {name}"
        elif not re.match(_NOT_A_NAME, name):
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
