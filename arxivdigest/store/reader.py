"""What a reader saw, in the file of all that was done. Nobody can read that again.

A record is of a reader, and a reader is a configuration and a profile.
"""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from arxivdigest.store import packing
from arxivdigest.store.database import Database
from arxivdigest.store.reader_tables import (
    SCHEMA,
    SEEN,
    Key,
    Reader,
    SeenRow,
    identify,
    known,
    packed,
    unpacked,
)

if TYPE_CHECKING:
    from arxivdigest.store.checksums import Table

__all__ = ["SCHEMA", "Key", "Reader", "Record", "Records", "Seen"]

_Row = TypeVar("_Row", bound=tuple[Any, ...])
_MOST_DAYS = 130
"""More announcement days than arXiv shows, counted in days and not by a clock that may be wrong."""


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

    def starred_ids(self) -> frozenset[str]:
        """The ids of all starred entries."""
        query = "SELECT arxiv_id FROM star"
        found = self.do("BEGIN", lambda database: database.execute(query).fetchall())
        return frozenset(row[0] for row in found)


class Record:
    """What one reader saw; other modules note here what else a reader did on which day."""

    def __init__(self, records: Records, reader: Reader) -> None:
        self._records = records
        self._reader = reader

    @property
    def is_lasting(self) -> bool:
        """Whether what is noted is there for the next run."""
        return self._records.is_lasting

    def seen(self) -> dict[date, Seen]:
        """The days that were shown, the earliest first, each with what it held when it was."""
        found = self.find(SEEN)
        days = [
            Seen(
                date.fromisoformat(one.announced),
                packing.parted(one.subjects),
                bool(one.is_whole),
                unpacked(one.held),
                unpacked(one.shown),
                instant_of(one.at),
            )
            for one in found
        ]
        return {one.announced: one for one in sorted(days, key=lambda one: one.announced)}

    def looked(self) -> list[Looked]:
        """The days that were shown, the earliest first, in less time than with their entries."""
        found = self.find(SEEN)
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

        def note(database: sqlite3.Connection, reader: int) -> None:
            before = {one.announced: one for one in SEEN.find(database, reader=reader)}
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
                    SEEN.write(database, row._replace(reader=reader))
                else:
                    SEEN.insert(database, reader, *row[2:])

        self.note(SEEN, note)

    def last_look(self) -> dict[date, frozenset[Key]]:
        """What the last look wrote out, by day; nothing where there was none."""
        found = self.find(SEEN)
        last = max((one.look for one in found), default=0)
        return {
            date.fromisoformat(one.announced): unpacked(one.shown)
            for one in found
            if one.look == last and last
        }

    def find(self, table: "Table[_Row]") -> "list[_Row]":
        """This reader's rows of a table."""

        def find(database: sqlite3.Connection) -> "list[_Row]":
            number = known(database, self._reader)
            return [] if number is None else table.find(database, reader=number)

        return self._records.do("BEGIN", find)

    def note(self, table: "Table[Any]", write: Callable[[sqlite3.Connection, int], None]) -> None:
        """Let rows be written to a table of days, and forget the earliest where there are many.

        It is written in one transaction, with the reader's number.
        """

        def note(database: sqlite3.Connection) -> None:
            number = identify(database, self._reader)
            write(database, number)
            rows = sorted(table.find(database, reader=number), key=lambda one: one.announced)
            table.delete(database, [one.number for one in rows[:-_MOST_DAYS]])

        self._records.do("BEGIN IMMEDIATE", note)


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


def instant_of(at: float) -> datetime:
    """The instant that is kept as seconds since 1970."""
    return datetime.fromtimestamp(at, UTC)
