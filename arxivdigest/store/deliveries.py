"""What of the days is not delivered: what messages held, and what was read, in; entries out.

An entry is delivered once for each day and announce type. One that was written out in a message is
not delivered again on that day because what was short then gives it another type later.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from arxivdigest.arxiv import taxonomy
from arxivdigest.model import AnnounceType, Entry
from arxivdigest.store import coverage
from arxivdigest.store.messages import Delivered
from arxivdigest.store.packing import Entries
from arxivdigest.store.reader_tables import Key

_ANNOUNCED = (AnnounceType.NEW, AnnounceType.CROSS)


class Lack(NamedTuple):
    """A day of which something may not be delivered yet, and the subjects to read of it."""

    day: date
    subjects: tuple[str, ...]


def lacking(
    known: Sequence[Delivered], subjects: Sequence[str], days: Iterable[date], since: date | None
) -> list[Lack]:
    """The days before the newest one that a message is to bring, the earliest first.

    Those are the days from the first message on that none has held whole; from `since` on, where
    that is given. A subject that was added later begins with the first message that had it.
    """
    first = {subject: _first(known, subject) for subject in subjects}
    found = []
    for day in sorted(set(days)):
        own = [one for one in known if one.announced == day and not one.is_refused]
        wanted = tuple(
            subject
            for subject in subjects
            if _is_wanted(first[subject], day, since)
            and not any(one.is_whole and is_among(subject, one.subjects) for one in own)
        )
        if wanted:
            found.append(Lack(day, wanted))
    return found


def begun(known: Sequence[Delivered], subjects: Iterable[str], day: date) -> tuple[str, ...]:
    """The subjects that begin on a day by being asked for then: those that did not before."""
    return tuple(one for one in subjects if (_first(known, one) or date.max) > day)


def _first(known: Iterable[Delivered], subject: str) -> date | None:
    days = (one.announced for one in known if one.begins and is_among(subject, one.subjects))
    return min(days, default=None)


def _is_wanted(first: date | None, day: date, since: date | None) -> bool:
    if since is not None:
        return day >= since
    return first is not None and day >= first


def is_among(subject: str, subjects: Iterable[str]) -> bool:
    """Whether a subject is one of several, or in an archive that is."""
    wanted = taxonomy.canonical(subject)
    return any(
        taxonomy.canonical(one) == wanted or taxonomy.covers(one, subject) for one in subjects
    )


def others(subjects: Iterable[str], read: Sequence[str]) -> tuple[str, ...]:
    """The subjects that are not among those read."""
    return tuple(subject for subject in subjects if not is_among(subject, read))


def relative_to(entries: Sequence[Entry], subjects: Sequence[str]) -> Entries:
    """The entries of a listing that lacks some subjects, their types relative to all of them."""
    return Entries.of(entries).typed(
        lambda before, categories: coverage.relative(
            before, categories[0] if categories else "", subjects
        )
    )


class Left(NamedTuple):
    """What of a day's listing is to be delivered, and the ids of what was delivered before."""

    keys: frozenset[Key]
    before: frozenset[str]


def left_of(entries: Sequence[Entry], day: date, known: Iterable[Delivered]) -> Left:
    """What of the day's entries no message has held."""
    own = [one for one in known if one.announced == day and not one.is_refused]
    held = {key for one in own for key in one.entries or ()}
    shown = {_kind(key) for one in own for key in one.shown}
    whole = tuple({subject for one in own if one.entries is None for subject in one.subjects})
    packed = Entries.of(entries)
    keys = frozenset(packed.keys)
    before = {key for key in keys if key in held or _kind(key) in shown}
    if whole:
        before |= _of_subjects(packed, keys, whole)
    return Left(keys - before, frozenset(arxiv_id for arxiv_id, _ in before))


def _of_subjects(
    entries: Entries, keys: Collection[Key], subjects: tuple[str, ...]
) -> frozenset[Key]:
    own = entries.typed(
        lambda before, categories: (
            before if any(is_among(one, subjects) for one in categories) else None
        )
    )
    return frozenset(own.keys) & frozenset(keys)


def _kind(key: Key) -> tuple[str, bool]:
    """An entry, and whether it was announced rather than replaced."""
    arxiv_id, announce_type = key
    return arxiv_id, announce_type in _ANNOUNCED
