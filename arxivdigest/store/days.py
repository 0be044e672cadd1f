"""Which announcements a reader lacks: the calendar and what was seen in, days out."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from arxivdigest.arxiv import taxonomy
from arxivdigest.store.reader import Looked


class Missed(NamedTuple):
    """The days that a reader has not seen, or not whole, the earliest first.

    `lost` are those that nobody can read any more. From `since` on, nothing else is missing; it is
    None where nothing was ever seen.
    """

    unseen: tuple[date, ...]
    lost: tuple[date, ...]
    since: date | None


def missed(  # noqa: PLR0913 - all that it depends on
    looked: Sequence[Looked],
    subjects: Sequence[str],
    announced: Iterable[date],
    *,
    oldest: date = date.min,
    stored: Collection[date] = (),
    named: Collection[date] = (),
) -> Missed:
    """What a reader of these subjects lacks of the days on which something was announced.

    A day before `oldest` is lost, unless it is stored; those that were `named` as lost are not
    named again.
    """
    begins = beginnings(looked, subjects)
    if not begins:
        return Missed((), (), None)
    first = min(begins.values())
    whole = {one.announced for one in looked if one.is_whole}
    short = {one.announced for one in looked} - whole
    lacking = sorted(day for day in short.union(announced) - whole if day >= first)
    unseen = [day for day in lacking if day >= oldest or day in stored]
    lost = [day for day in lacking if day < oldest and day not in stored]
    seen = [first, *(one.announced for one in looked)]
    since = min((day for day in seen if day >= max(lost, default=first)), default=first)
    return Missed(tuple(unseen), tuple(day for day in lost if day not in named), since)


def beginnings(looked: Iterable[Looked], subjects: Iterable[str]) -> dict[str, date]:
    """The day from which on each subject was read, for those that ever were.

    A day that was asked for by its date begins nothing.
    """
    earliest: dict[tuple[str, ...], date] = {}
    for look in sorted(looked):
        if look.is_look:
            earliest.setdefault(look.subjects, look.announced)
    begins: dict[str, date] = {}
    for subject in subjects:
        days = [day for asked, day in earliest.items() if _is_among(subject, asked)]
        if days:
            begins[subject] = min(days)
    return begins


def _is_among(subject: str, asked: Sequence[str]) -> bool:
    return subject in asked or any(taxonomy.covers(one, subject) for one in asked)


def followed(looked: Iterable[Looked], subjects: Sequence[str], day: date) -> tuple[str, ...]:
    """The subjects to read of a day: those that were read by then, or all where none was.

    A subject that is added later begins with the newest announcement.
    """
    begins = beginnings(looked, subjects)
    by_then = [subject for subject in subjects if begins.get(subject, date.max) <= day]
    return tuple(by_then or subjects)
