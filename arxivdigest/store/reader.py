"""What a reader did: saw, acknowledged, was sent, starred. Nobody can read that again.

A record is of a reader, and a reader is a configuration and a profile. Stars, and the numbers of
the list shown last, are of whoever owns the folder.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from arxivdigest.model import Entry
from arxivdigest.store import packing
from arxivdigest.store.database import Database
from arxivdigest.store.reader_tables import (
    ACKNOWLEDGED,
    LISTED,
    LOST,
    SCHEMA,
    SEEN,
    STARS,
    AcknowledgedRow,
    Key,
    LostRow,
    Reader,
    SeenRow,
    identify,
    known,
    packed,
    unpacked,
)

if TYPE_CHECKING:
    from arxivdigest.store.checksums import Table

__all__ = ["SCHEMA", "Key", "Reader", "Record", "Records", "Seen", "Starred"]

_MOST_DAYS = 130
"""More announcement days than arXiv shows, counted in days and not by a clock that may be wrong."""

_MOST_TERMINALS = 50


class Seen(NamedTuple):
    """A day that was shown: what it was asked for, all that it held then, and what was shown."""

    announced: date
    subjects: tuple[str, ...]
    is_whole: bool
    held: frozenset[Key]
    shown: frozenset[Key]
    at: datetime


class Looked(NamedTuple):
    """A day that was shown, without its entries; `is_look` is False for one that was named."""

    announced: date
    subjects: tuple[str, ...]
    is_whole: bool
    is_look: bool


class Starred(NamedTuple):
    """A starred entry, whole as it was then; when it was starred, with which note."""

    entry: Entry
    announced: date | None
    note: str | None
    at: datetime


class Records(Database):
    """The file of what was done: the record of each reader, the stars, the lists shown last.

    Where it cannot be used (not `is_lasting`), all of it goes on for this run alone.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        on_failure: Callable[[sqlite3.Error], sqlite3.Connection | None],
        *,
        is_lasting: bool,
    ) -> None:
        super().__init__(connection, SCHEMA, on_failure, is_lasting=is_lasting)

    def of(self, reader: Reader) -> "Record":
        """The record of a reader, which is empty at first."""
        return Record(self, reader)

    def note_list(self, terminal: str, arxiv_ids: Sequence[str]) -> None:
        """Note the list shown last on a terminal: number 1 is its first id."""

        def note(database: sqlite3.Connection) -> None:
            before = LISTED.find(database)
            own = [one.number for one in before if one.terminal == terminal]
            old = [one.number for one in before[: -_MOST_TERMINALS + 1]]
            LISTED.delete(database, {*own, *old})
            LISTED.insert(database, packing.whole_letters(terminal), "\n".join(arxiv_ids))

        self.do("BEGIN IMMEDIATE", note)

    def listed(self, terminal: str) -> tuple[str, ...]:
        """The ids of the list shown last on a terminal, in their order."""
        found = self.do("BEGIN", lambda database: LISTED.find(database, terminal=terminal))
        return tuple(found[-1].ids.split("\n")) if found and found[-1].ids else ()

    def star(self, entry: Entry, announced: date | None, note: str | None, at: datetime) -> None:
        """Keep an entry for ever; starred again, it keeps its day and takes the new entry.

        A note is kept until another takes its place.
        """
        packed = packing.pack(entry)
        day = announced.isoformat() if announced else None
        written = None if note is None else packing.whole_letters(note)

        def keep(database: sqlite3.Connection) -> None:
            before = STARS.find(database, arxiv_id=entry.arxiv_id)
            if before:
                known = before[0]
                kept = known.note if written is None else written
                STARS.write(database, known._replace(note=kept, announced=day, entry=packed))
            else:
                columns = (entry.arxiv_id, day, written, at.timestamp(), packed)
                STARS.insert(database, *columns)

        self.do("BEGIN IMMEDIATE", keep)

    def unstar(self, arxiv_id: str) -> bool:
        """Whether the entry was starred; it is no longer."""

        def forget(database: sqlite3.Connection) -> bool:
            found = STARS.find(database, arxiv_id=arxiv_id)
            STARS.delete(database, [one.number for one in found])
            return bool(found)

        return self.do("BEGIN IMMEDIATE", forget)

    def starred(self) -> list[Starred]:
        """All starred entries, the one starred last first."""
        found = self.do("BEGIN", STARS.find)
        return [
            Starred(packing.unpack(one.entry), _day(one.announced), one.note, _instant(one.at))
            for one in sorted(found, key=lambda one: (-one.at, -one.number))
        ]

    def starred_ids(self) -> frozenset[str]:
        """The ids of all starred entries."""
        query = "SELECT arxiv_id FROM star"
        found = self.do("BEGIN", lambda database: database.execute(query).fetchall())
        return frozenset(row[0] for row in found)


class Record:
    """What one reader saw and acknowledged."""

    def __init__(self, records: Records, reader: Reader) -> None:
        self._records = records
        self._reader = reader

    @property
    def is_lasting(self) -> bool:
        """Whether what is noted is there for the next run."""
        return self._records.is_lasting

    def seen(self) -> dict[date, Seen]:
        """The days that were shown, the earliest first, each with what it held when it was."""
        found = self._records.do("BEGIN", lambda database: self._find(database, SEEN))
        days = [
            Seen(
                date.fromisoformat(one.announced),
                packing.parted(one.subjects),
                bool(one.is_whole),
                unpacked(one.held),
                unpacked(one.shown),
                _instant(one.at),
            )
            for one in found
        ]
        return {one.announced: one for one in sorted(days, key=lambda one: one.announced)}

    def looked(self) -> list[Looked]:
        """The days that were shown, the earliest first, in less time than with their entries."""
        found = self._records.do("BEGIN", lambda database: self._find(database, SEEN))
        return [
            Looked(
                date.fromisoformat(one.announced),
                packing.parted(one.subjects),
                bool(one.is_whole),
                bool(one.look),
            )
            for one in sorted(found, key=lambda one: one.announced)
        ]

    def note_seen(self, days: Iterable[Seen], *, is_look: bool = True) -> None:
        """Note days that were shown, together.

        What a day held before is still seen. `is_look` is for what `digest ack` acknowledges: the
        days of the last look, with what was shown of them.
        """
        noted = list(days)

        def note(database: sqlite3.Connection) -> None:
            number = identify(database, self._reader)
            before = {one.announced: one for one in SEEN.find(database, reader=number)}
            last = max((one.look for one in before.values()), default=0)
            of_last = {one.announced for one in before.values() if one.look == last and last}
            is_repeated = of_last == {day.announced.isoformat() for day in noted}
            look = last if is_repeated else last + 1
            for day in noted:
                known = before.get(day.announced.isoformat())
                row = _row_of(day, known, look if is_look else 0)
                if known and row._replace(reader=known.reader, at=known.at) == known:
                    continue  # nothing to write for the same look once more
                if row.number:
                    SEEN.write(database, row._replace(reader=number))
                else:
                    SEEN.insert(database, number, *row[2:])
            _forget(database, SEEN, number)

        self._records.do("BEGIN IMMEDIATE", note)

    def last_look(self) -> dict[date, frozenset[Key]]:
        """What the last look wrote out, by day; nothing where there was none."""
        found = self._records.do("BEGIN", lambda database: self._find(database, SEEN))
        last = max((one.look for one in found), default=0)
        return {
            date.fromisoformat(one.announced): unpacked(one.shown)
            for one in found
            if one.look == last and last
        }

    def acknowledge(self, entries: Mapping[date, Iterable[str]]) -> None:
        """Note entries, by their ids, as delivered in another way than by `digest send`."""
        noted = {day.isoformat(): frozenset(ids) for day, ids in entries.items()}

        def note(database: sqlite3.Connection) -> None:
            number = identify(database, self._reader)
            before = {one.announced: one for one in ACKNOWLEDGED.find(database, reader=number)}
            for day, ids in noted.items():
                known = before.get(day)
                written = " ".join(sorted(ids.union(known.ids.split() if known else ())))
                if known:
                    ACKNOWLEDGED.write(database, known._replace(ids=written))
                else:
                    ACKNOWLEDGED.insert(database, number, day, written)
            _forget(database, ACKNOWLEDGED, number)

        self._records.do("BEGIN IMMEDIATE", note)

    def acknowledged(self, day: date) -> frozenset[str]:
        """The ids of the day's entries that were acknowledged."""
        found = self._records.do("BEGIN", lambda database: self._find(database, ACKNOWLEDGED))
        days = [one.ids.split() for one in found if one.announced == day.isoformat()]
        return frozenset(arxiv_id for ids in days for arxiv_id in ids)

    def note_lost(self, days: Iterable[date]) -> None:
        """Note days that were named as lost, since nobody can read them any more."""
        noted = [day.isoformat() for day in days]

        def note(database: sqlite3.Connection) -> None:
            number = identify(database, self._reader)
            known = {one.announced for one in LOST.find(database, reader=number)}
            for day in noted:
                if day not in known:
                    LOST.insert(database, number, day)
            _forget(database, LOST, number)

        self._records.do("BEGIN IMMEDIATE", note)

    def lost(self) -> frozenset[date]:
        """The days that were named as lost."""
        found = self._records.do("BEGIN", lambda database: self._find(database, LOST))
        return frozenset(date.fromisoformat(one.announced) for one in found)

    def _find(self, database: sqlite3.Connection, table: "Table[_Row]") -> "list[_Row]":
        number = known(database, self._reader)
        return [] if number is None else table.find(database, reader=number)


_Row = TypeVar("_Row", SeenRow, AcknowledgedRow, LostRow)


def _row_of(day: Seen, before: SeenRow | None, look: int) -> SeenRow:
    """The row of a day that was shown; what it was before goes on to count.

    A day that was whole lacks something again once it is asked for another subject as well, of
    which something could not be read.
    """
    subjects, held, is_whole = day.subjects, packed(day.held), day.is_whole
    number, shown = 0, day.shown if look else frozenset[Key]()
    if before:
        known = packing.parted(before.subjects)
        was_all = not look or set(subjects) <= set(known)
        is_whole = is_whole or (bool(before.is_whole) and was_all)
        is_begun = before.look and not look  # what is asked for by its date begins nothing
        subjects = known if is_begun else tuple(dict.fromkeys((*known, *subjects)))
        if held != before.held:
            held = packed(day.held | unpacked(before.held))
        number = before.number
        if not look:
            shown, look = unpacked(before.shown), before.look
    return SeenRow(
        *(number, 0, day.announced.isoformat(), packing.joined(subjects), int(is_whole), look),
        *(day.at.timestamp(), held, packed(shown)),
    )


def _forget(database: sqlite3.Connection, table: "Table[_Row]", reader: int) -> None:
    """Forget the earliest days where there are too many."""
    rows = sorted(table.find(database, reader=reader), key=lambda one: one.announced)
    if len(rows) > _MOST_DAYS:
        table.delete(database, [one.number for one in rows[:-_MOST_DAYS]])


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
