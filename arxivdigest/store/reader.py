"""What a reader did: saw, acknowledged, was sent, starred. Nobody can read that again.

A record is of a reader, and a reader is a configuration and a profile. Stars, and the numbers of
the list shown last, are of whoever owns the folder.
"""

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple, TypeVar

from arxivdigest.model import AnnounceType, Entry
from arxivdigest.store import packing
from arxivdigest.store.checked import Table
from arxivdigest.store.database import Database, Schema

_MOST_DAYS = 130
"""More announcement days than arXiv shows, counted in days and not by a clock that may be wrong."""

_MOST_TERMINALS = 50

SCHEMA = Schema(
    "reader.sqlite",
    (
        """
        CREATE TABLE tally (name TEXT PRIMARY KEY, rows INTEGER NOT NULL);
        CREATE TABLE reader (
            number INTEGER PRIMARY KEY,
            name TEXT,                 -- as the configuration names it
            file TEXT,                 -- the configuration, where it was last
            profile TEXT NOT NULL,
            occasion TEXT NOT NULL,    -- what the command line asked for on the spot
            checksum INTEGER NOT NULL
        );
        CREATE TABLE seen (
            number INTEGER PRIMARY KEY,
            reader INTEGER NOT NULL,
            announced TEXT NOT NULL,
            subjects TEXT NOT NULL,
            is_whole INTEGER NOT NULL,
            look INTEGER NOT NULL,     -- the number of the look that wrote out what was shown
            at REAL NOT NULL,          -- in seconds since 1970, as everywhere here
            held BLOB NOT NULL,        -- all entries that the day had
            shown BLOB NOT NULL,       -- those that were written out
            checksum INTEGER NOT NULL
        );
        CREATE TABLE acknowledged (
            number INTEGER PRIMARY KEY,
            reader INTEGER NOT NULL,
            announced TEXT NOT NULL,
            ids TEXT NOT NULL,
            checksum INTEGER NOT NULL
        );
        CREATE TABLE lost (
            number INTEGER PRIMARY KEY,
            reader INTEGER NOT NULL,
            announced TEXT NOT NULL,
            checksum INTEGER NOT NULL
        );
        CREATE TABLE listed (
            number INTEGER PRIMARY KEY,
            terminal TEXT NOT NULL,
            ids TEXT NOT NULL,
            checksum INTEGER NOT NULL
        );
        CREATE TABLE star (
            number INTEGER PRIMARY KEY,
            arxiv_id TEXT NOT NULL,
            announced TEXT,
            note TEXT,
            at REAL NOT NULL,
            entry BLOB NOT NULL,
            checksum INTEGER NOT NULL
        );
        """,
    ),
    page_size=8192,
)

Key = tuple[str, AnnounceType]
"""An entry of a day: its id, and its announce type relative to all subjects asked for."""


class Reader(NamedTuple):
    """Who reads: a configuration by its file, or by the name that it gives itself, and a profile.

    What the command line adds on the spot (keywords, subjects) is an occasion with its own record.
    """

    file: str
    name: str | None = None
    profile: str = ""
    occasion: str = ""


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


class _Reader(NamedTuple):
    number: int
    name: str | None
    file: str | None
    profile: str
    occasion: str


class _Seen(NamedTuple):
    number: int
    reader: int
    announced: str
    subjects: str
    is_whole: int
    look: int
    at: float
    held: bytes
    shown: bytes


class _Acknowledged(NamedTuple):
    number: int
    reader: int
    announced: str
    ids: str


class _Lost(NamedTuple):
    number: int
    reader: int
    announced: str


class _Listed(NamedTuple):
    number: int
    terminal: str
    ids: str


class _Star(NamedTuple):
    number: int
    arxiv_id: str
    announced: str | None
    note: str | None
    at: float
    entry: bytes


READERS = Table("reader", _Reader, _Reader._fields)
_SEEN = Table("seen", _Seen, _Seen._fields)
_ACKNOWLEDGED = Table("acknowledged", _Acknowledged, _Acknowledged._fields)
_LOST = Table("lost", _Lost, _Lost._fields)
_LISTED = Table("listed", _Listed, _Listed._fields)
_STARS = Table("star", _Star, _Star._fields)


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
            before = _LISTED.find(database)
            own = [one.number for one in before if one.terminal == terminal]
            old = [one.number for one in before[: -_MOST_TERMINALS + 1]]
            _LISTED.delete(database, {*own, *old})
            _LISTED.insert(database, packing.whole_letters(terminal), "\n".join(arxiv_ids))

        self.do("BEGIN IMMEDIATE", note)

    def listed(self, terminal: str) -> tuple[str, ...]:
        """The ids of the list shown last on a terminal, in their order."""
        found = self.do("BEGIN", lambda database: _LISTED.find(database, terminal=terminal))
        return tuple(found[-1].ids.split("\n")) if found and found[-1].ids else ()

    def star(self, entry: Entry, announced: date | None, note: str | None, at: datetime) -> None:
        """Keep an entry for ever; starred again, it keeps its day and takes the new entry.

        A note is kept until another takes its place.
        """
        packed = packing.pack(entry)
        day = announced.isoformat() if announced else None
        written = None if note is None else packing.whole_letters(note)

        def keep(database: sqlite3.Connection) -> None:
            before = _STARS.find(database, arxiv_id=entry.arxiv_id)
            if before:
                known = before[0]
                kept = known.note if written is None else written
                _STARS.write(database, known._replace(note=kept, announced=day, entry=packed))
            else:
                columns = (entry.arxiv_id, day, written, at.timestamp(), packed)
                _STARS.insert(database, *columns)

        self.do("BEGIN IMMEDIATE", keep)

    def unstar(self, arxiv_id: str) -> bool:
        """Whether the entry was starred; it is no longer."""

        def forget(database: sqlite3.Connection) -> bool:
            found = _STARS.find(database, arxiv_id=arxiv_id)
            _STARS.delete(database, [one.number for one in found])
            return bool(found)

        return self.do("BEGIN IMMEDIATE", forget)

    def starred(self) -> list[Starred]:
        """All starred entries, the one starred last first."""
        found = self.do("BEGIN", _STARS.find)
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
        found = self._records.do("BEGIN", lambda database: self._find(database, _SEEN))
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
        found = self._records.do("BEGIN", lambda database: self._find(database, _SEEN))
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
            before = {one.announced: one for one in _SEEN.find(database, reader=number)}
            look = max((one.look for one in before.values()), default=0) + 1
            for day in noted:
                row = _row_of(day, before.get(day.announced.isoformat()), look if is_look else 0)
                if row.number:
                    _SEEN.write(database, row._replace(reader=number))
                else:
                    _SEEN.insert(database, number, *row[2:])
            _forget(database, _SEEN, number)

        self._records.do("BEGIN IMMEDIATE", note)

    def last_look(self) -> dict[date, frozenset[Key]]:
        """What the last look wrote out, by day; nothing where there was none."""
        found = self._records.do("BEGIN", lambda database: self._find(database, _SEEN))
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
            before = {one.announced: one for one in _ACKNOWLEDGED.find(database, reader=number)}
            for day, ids in noted.items():
                known = before.get(day)
                written = " ".join(sorted(ids.union(known.ids.split() if known else ())))
                if known:
                    _ACKNOWLEDGED.write(database, known._replace(ids=written))
                else:
                    _ACKNOWLEDGED.insert(database, number, day, written)
            _forget(database, _ACKNOWLEDGED, number)

        self._records.do("BEGIN IMMEDIATE", note)

    def acknowledged(self, day: date) -> frozenset[str]:
        """The ids of the day's entries that were acknowledged."""
        found = self._records.do("BEGIN", lambda database: self._find(database, _ACKNOWLEDGED))
        days = [one.ids.split() for one in found if one.announced == day.isoformat()]
        return frozenset(arxiv_id for ids in days for arxiv_id in ids)

    def note_lost(self, days: Iterable[date]) -> None:
        """Note days that were named as lost, since nobody can read them any more."""
        noted = [day.isoformat() for day in days]

        def note(database: sqlite3.Connection) -> None:
            number = identify(database, self._reader)
            known = {one.announced for one in _LOST.find(database, reader=number)}
            for day in noted:
                if day not in known:
                    _LOST.insert(database, number, day)
            _forget(database, _LOST, number)

        self._records.do("BEGIN IMMEDIATE", note)

    def lost(self) -> frozenset[date]:
        """The days that were named as lost."""
        found = self._records.do("BEGIN", lambda database: self._find(database, _LOST))
        return frozenset(date.fromisoformat(one.announced) for one in found)

    def _find(self, database: sqlite3.Connection, table: "Table[_Row]") -> "list[_Row]":
        number = known(database, self._reader)
        return [] if number is None else table.find(database, reader=number)


_Row = TypeVar("_Row", _Seen, _Acknowledged, _Lost)


def known(database: sqlite3.Connection, reader: Reader) -> int | None:
    """The number of a reader, or None where there is no record of it yet."""
    found = _known(database, reader)
    return found.number if found else None


def _known(database: sqlite3.Connection, reader: Reader) -> _Reader | None:
    """The reader's row: by its name, by its file, or one that nobody has claimed yet."""
    rows = READERS.find(database, profile=reader.profile, occasion=reader.occasion)
    named = [one for one in rows if reader.name is not None and one.name == reader.name]
    # A name given to a file keeps that file's record; one that has another name is another's.
    filed = [one for one in rows if one.file == reader.file and None in (one.name, reader.name)]
    unclaimed = [one for one in rows if one.file is None and one.name is None]
    return next(iter((*named, *filed, *unclaimed)), None)


def identify(database: sqlite3.Connection, reader: Reader) -> int:
    """The number of a reader, which is noted with the name and the file that it has now."""
    found = _known(database, reader)
    if found is None:
        columns = (reader.name, reader.file, reader.profile, reader.occasion)
        return READERS.insert(database, *columns)
    now = found._replace(name=reader.name or found.name, file=reader.file)
    if now != found:
        READERS.write(database, now)
    return found.number


def _row_of(day: Seen, before: _Seen | None, look: int) -> _Seen:
    """The row of a day that was shown; what it was before goes on to count."""
    subjects, held, is_whole = day.subjects, day.held, day.is_whole
    number, shown = 0, day.shown if look else frozenset[Key]()
    if before:
        subjects = tuple(dict.fromkeys((*packing.parted(before.subjects), *subjects)))
        held |= unpacked(before.held)
        is_whole = is_whole or bool(before.is_whole)
        number = before.number
        if not look:
            shown, look = unpacked(before.shown), before.look
    return _Seen(
        *(number, 0, day.announced.isoformat(), packing.joined(subjects), int(is_whole), look),
        *(day.at.timestamp(), packed(held), packed(shown)),
    )


def _forget(database: sqlite3.Connection, table: "Table[_Row]", reader: int) -> None:
    """Forget the earliest days where there are too many."""
    rows = sorted(table.find(database, reader=reader), key=lambda one: one.announced)
    if len(rows) > _MOST_DAYS:
        table.delete(database, [one.number for one in rows[:-_MOST_DAYS]])


_LETTERS = dict(zip(AnnounceType, "ncrx", strict=True))
_TYPES = {letter: announce_type for announce_type, letter in _LETTERS.items()}


def packed(keys: Iterable[Key]) -> bytes:
    """Keys in few bytes."""
    written = sorted(f"{arxiv_id}{_LETTERS[announce_type]}" for arxiv_id, announce_type in keys)
    return zlib.compress("\n".join(written).encode(), 1)


def unpacked(data: bytes) -> frozenset[Key]:
    """The keys that were packed."""
    written = zlib.decompress(data).decode().split("\n")
    return frozenset((one[:-1], _TYPES[one[-1]]) for one in written if one)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


def _instant(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
