"""Sentences about a digest: what it is of, how much is in it, and what where nothing is."""

from collections.abc import Sequence

from arxivdigest.model import Day, Digest, Status
from arxivdigest.text import safe
from arxivdigest.text.counts import counted
from arxivdigest.text.dates import long_date, period

_LONGEST_TITLE = 42
_MOST_SUBJECTS = 3


def announced(digest: Digest) -> tuple[str, str]:
    """The day or the days, for the subject of a message and for the title."""
    if digest.about:
        return safe(digest.about), safe(digest.about)
    if len(digest.days) > 1:
        span = period(day.announced for day in digest.days)
        year = f" {digest.announced.year}" if digest.announced else ""
        return span, span if span.endswith(year) else f"{span}{year}"
    long = long_date(digest.announced) if digest.days else "nothing missed"
    return long, long


def headline(digest: Digest | Day) -> str:
    """How many of a digest or of a day of it are for the reader: `8 of 22 for you`."""
    if isinstance(digest, Digest) and digest.about:
        return counted(digest.selected, "paper")
    if isinstance(digest, Digest) and not digest.days:
        return "0 for you"
    if not digest.verdict.read:
        is_none = digest.verdict.status is Status.NO_ANNOUNCEMENT
        return "no announcement" if is_none else "not read"
    of_all = f"{digest.selected} of {digest.verdict.read} for you"
    shown = sum(ruling.selected for ruling in digest.rulings)
    return of_all if shown == digest.selected else f"{of_all}, {shown} shown"


def summary(digest: Digest, profile: str, best: Sequence[str]) -> str:
    """The digest in one line: `cs.DC: 8 for you – KVFlow: Efficient ... (Fri 11 Jul)`."""
    named = profile or _few(digest.subjects) or "arXiv"
    count = f"{digest.selected:,} for you" if digest.selected else "nothing for you"
    title = f" – {_cut(best[0])}" if best else ""
    days = [day.announced for day in digest.days if day.announced]
    return f"{named}: {count}{title}" + (f" ({period(days)})" if days else "")


def _few(subjects: Sequence[str]) -> str:
    more = len(subjects) - _MOST_SUBJECTS
    shown = subjects if more <= 1 else subjects[:_MOST_SUBJECTS]
    return safe(", ".join(shown)) + (f" +{more}" if more > 1 else "")


def _cut(title: str) -> str:
    """As many of the title's words as fit the line of a phone."""
    if len(title) <= _LONGEST_TITLE:
        return title
    words = title[: _LONGEST_TITLE + 1].rsplit(" ", 1)[0][:_LONGEST_TITLE]
    return f"{words.rstrip(' ,:;.-–')}…"


def nothing(digest: Digest) -> str:
    """What is said where nothing is shown; nothing where anything is."""
    if digest.rulings or not digest.days:
        return ""
    read = digest.verdict.read
    if not read:
        is_none = digest.verdict.status is Status.NO_ANNOUNCEMENT
        return "arXiv announced nothing." if is_none else ""
    days = period(day.announced for day in digest.days)
    when = f"of {days}" if digest.is_series else "today"
    shows = "--all shows" if digest.is_series else "digest today --all shows"
    them = "it" if read == 1 else "them"
    return f"Nothing for you {when}. {counted(read, 'entry', 'entries')} read; {shows} {them}."
