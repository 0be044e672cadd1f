"""What is kept between runs: listings read, and when arXiv was asked, in one SQLite file.

The store is a help and never a condition. What is wrong with its file is said in one line, and the
digest is made without it.
"""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from weakref import finalize
from zlib import crc32

from arxivdigest.model import AnnounceType, Entry, Listing, Section

VERSION = 1
_KEPT_DAYS = 100
_MIGRATIONS = (
    """
    CREATE TABLE listing (
        id INTEGER PRIMARY KEY,
        asked TEXT NOT NULL,          -- the subjects asked for, joined by +
        source TEXT NOT NULL,
        subjects TEXT NOT NULL,       -- as the listing states them
        announced TEXT NOT NULL,      -- the date that it states
        total INTEGER,
        sections TEXT NOT NULL,
        notes TEXT NOT NULL,
        read_at TEXT NOT NULL,
        fresh_until TEXT,
        etag TEXT,
        checksum INTEGER NOT NULL,    -- of this row and its entries, as SQLite finds no wrong bytes
        UNIQUE (asked, source, announced)
    );
    CREATE TABLE entry (
        listing INTEGER NOT NULL REFERENCES listing ON DELETE CASCADE,
        position INTEGER NOT NULL,
        arxiv_id TEXT NOT NULL,
        version INTEGER,
        announce_type TEXT NOT NULL,
        title TEXT NOT NULL,
        authors TEXT NOT NULL,
        categories TEXT NOT NULL,
        abstract TEXT NOT NULL,
        comments TEXT,
        journal_ref TEXT,
        doi TEXT,
        license TEXT,
        formats TEXT NOT NULL,
        PRIMARY KEY (listing, position)
    ) WITHOUT ROWID;
    CREATE TABLE request (
        number INTEGER PRIMARY KEY CHECK (number = 1),
        at REAL NOT NULL              -- seconds since 1970
    );
    """,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A listing as it was kept: when it was read, how long it is fresh, and its ETag."""

    listing: Listing
    read_at: datetime
    fresh_until: datetime | None = None
    etag: str | None = None

    def is_fresh(self, instant: datetime) -> bool:
        """Whether arXiv said that there is nothing newer to ask for yet."""
        return self.fresh_until is not None and instant < self.fresh_until


_Result = TypeVar("_Result")


class Store:
    """The listings read, and the time of the last request.

    When the file fails, even half-way, it is told once, and all goes on in memory.
    """

    def __init__(
        self, connection: sqlite3.Connection, on_failure: Callable[[sqlite3.Error], None]
    ) -> None:
        self._connection = connection
        self._on_failure = on_failure
        self._asked_at: float | None = None
        self._remembered: dict[tuple[object, ...], Stored | None] = {}

    def newest(self, asked: str, source: str | None = None) -> Stored | None:
        """The kept listing of the latest day, from any source or from this one."""
        condition = "source = coalesce(?, source) ORDER BY announced DESC, read_at DESC"
        return self._read(asked, condition, source)

    def of_day(self, asked: str, day: date) -> Stored | None:
        """The kept listing of a day."""
        condition = "announced = ? ORDER BY read_at DESC"
        return self._read(asked, condition, day.isoformat())

    def keep(self, asked: str, stored: Stored) -> None:
        """Keep a listing in place of an earlier reading of it, if it states its day and is whole.

        What is not whole must not take the place of what is.
        """
        if stored.listing.announced is None or stored.listing.problems:
            return
        head = _storable(_head(asked, stored))
        rows = [_storable(_row(entry)) for entry in stored.listing.entries]
        self._done("BEGIN IMMEDIATE", lambda database: _keep(database, head, rows))

    def last_request(self) -> float | None:
        """When arXiv was last asked anything, in seconds since 1970."""
        return self._done("BEGIN", _last_request)

    def note_request(self, at: float) -> None:
        """Note when arXiv was asked."""
        self._asked_at = at
        self._done("BEGIN IMMEDIATE", lambda database: _note_request(database, at))

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _read(self, asked: str, condition: str, value: str | None) -> Stored | None:
        """A listing read once, and again only when any run has changed the file since."""

        def read(database: sqlite3.Connection) -> Stored | None:
            (changes,) = database.execute("PRAGMA data_version").fetchone()
            key = (changes, database.total_changes, asked, condition, value)
            if key not in self._remembered:
                self._remembered[key] = _read(database, asked, condition, value)
            return self._remembered[key]

        return self._done("BEGIN", read)

    def _done(self, begin: str, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        try:
            return _in_transaction(self._connection, begin, work)
        except sqlite3.Error as error:
            self._connection.close()
            self._connection = in_memory()
            self._remembered.clear()
            if self._asked_at is not None:
                _note_request(self._connection, self._asked_at)
            self._on_failure(error)
            return _in_transaction(self._connection, begin, work)


def _in_transaction(
    connection: sqlite3.Connection, begin: str, work: Callable[[sqlite3.Connection], _Result]
) -> _Result:
    connection.execute(begin)
    try:
        result = work(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    return result


_Columns = tuple[str | int | None, ...]
_HEAD = "asked, source, subjects, announced, total, sections, notes, read_at, fresh_until, etag"
_ROW = (
    "arxiv_id, version, announce_type, title, authors, categories, abstract,"
    " comments, journal_ref, doi, license, formats"
)


def _keep(connection: sqlite3.Connection, head: _Columns, rows: Sequence[_Columns]) -> None:
    cursor = connection.execute(
        f"INSERT OR REPLACE INTO listing ({_HEAD}, checksum) VALUES ({_marks(11)})",  # noqa: S608 - written here
        (*head, _checksum(head, rows)),
    )
    connection.executemany(
        f"INSERT INTO entry (listing, position, {_ROW}) VALUES ({_marks(14)})",  # noqa: S608 - written here
        ((cursor.lastrowid, position, *row) for position, row in enumerate(rows)),
    )
    # By the day of reading: a date that arXiv misprinted must not push out all others.
    connection.execute(
        "DELETE FROM listing WHERE julianday(date(?)) - julianday(announced) > ?",
        (head[_HEAD.split(", ").index("read_at")], _KEPT_DAYS),
    )


def _marks(number: int) -> str:
    return ", ".join("?" * number)


def _read(
    connection: sqlite3.Connection, asked: str, condition: str, parameter: str | None
) -> Stored | None:
    found = connection.execute(
        f"SELECT id, checksum, {_HEAD} FROM listing WHERE asked = ? AND {condition} LIMIT 1",  # noqa: S608 - all written here
        (asked, parameter),
    ).fetchone()
    if found is None:
        return None
    listing_id, checksum, *head = found
    rows = connection.execute(
        f"SELECT {_ROW} FROM entry WHERE listing = ? ORDER BY position",  # noqa: S608 - written here
        (listing_id,),
    ).fetchall()
    if head[0] != asked or checksum != _checksum(head, rows):
        raise sqlite3.DatabaseError("a listing is not what was kept")
    return _stored(rows, *head[1:])


def _checksum(head: Sequence[object], rows: Iterable[Sequence[object]]) -> int:
    checksum = 0
    for row in (head, *rows):
        checksum = crc32("\0".join(map(str, row)).encode(), checksum)
    return checksum


def _last_request(connection: sqlite3.Connection) -> float | None:
    row = connection.execute("SELECT at FROM request WHERE typeof(at) = 'real'").fetchone()
    return row[0] if row else None


def _note_request(connection: sqlite3.Connection, at: float) -> None:
    connection.execute("INSERT OR REPLACE INTO request VALUES (1, ?)", (at,))


def _head(asked: str, stored: Stored) -> _Columns:
    listing = stored.listing
    return (
        asked,
        listing.source,
        _joined(listing.subjects),
        str(listing.announced),
        listing.total,
        _joined(f"{one.name}\t{one.shown}\t{one.total}" for one in listing.sections),
        _joined(listing.notes),
        _written(stored.read_at),
        _written(stored.fresh_until) if stored.fresh_until else None,
        stored.etag,
    )


def _stored(  # noqa: PLR0913, PLR0917 - the columns, in their order
    rows: Iterable[tuple[Any, ...]],
    source: str,
    subjects: str,
    announced: str,
    total: int | None,
    sections: str,
    notes: str,
    read_at: str,
    fresh_until: str | None,
    etag: str | None,
) -> Stored:
    listing = Listing(
        source=source,
        subjects=_parted(subjects),
        announced=date.fromisoformat(announced),
        entries=tuple(_entry(*row) for row in rows),
        sections=tuple(map(_section, _parted(sections))),
        total=total,
        notes=_parted(notes),
    )
    until = datetime.fromisoformat(fresh_until) if fresh_until else None
    return Stored(listing, datetime.fromisoformat(read_at), until, etag)


def _row(entry: Entry) -> _Columns:
    return (
        entry.arxiv_id,
        entry.version,
        entry.announce_type.value,
        entry.title,
        _joined(entry.authors),
        _joined(entry.categories),
        entry.abstract,
        entry.comments,
        entry.journal_ref,
        entry.doi,
        entry.license,
        _joined(entry.formats),
    )


_TYPES = {announce_type.value: announce_type for announce_type in AnnounceType}


def _entry(  # noqa: PLR0913, PLR0917 - the columns, in their order
    arxiv_id: str,
    version: int | None,
    announce_type: str,
    title: str,
    authors: str,
    categories: str,
    abstract: str,
    comments: str | None,
    journal_ref: str | None,
    doi: str | None,
    license_url: str | None,
    formats: str,
) -> Entry:
    all_categories = _parted(categories)
    return Entry(
        arxiv_id,
        version,
        _TYPES[announce_type],
        title,
        _parted(authors),
        all_categories[0] if all_categories else "",
        all_categories,
        abstract,
        comments,
        journal_ref,
        doi,
        license_url,
        _parted(formats),
    )


def _section(line: str) -> Section:
    name, shown, total = line.rsplit("\t", 2)
    return Section(name, int(shown), int(total))


def _joined(parts: Iterable[str]) -> str:
    """The parts, each with a newline at its end; within them there is none, or becomes a blank."""
    return "".join(part.replace("\n", " ") + "\n" for part in parts)


def _parted(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")[:-1])


_LARGEST = 2**63 - 1


def _storable(columns: _Columns) -> _Columns:
    """The columns without what SQLite cannot hold: no arXiv number is so large, no letter half."""
    return tuple(
        _whole_letters(value)
        if isinstance(value, str)
        else value
        if value is None or value <= _LARGEST
        else None
        for value in columns
    )


def _whole_letters(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


class Nowhere(Store):
    """A store that keeps what it is given until the program ends."""

    def __init__(self) -> None:
        connection = in_memory()
        super().__init__(connection, _refuse_failure)
        finalize(self, connection.close)


def in_memory() -> sqlite3.Connection:
    """A connection to a database that nobody keeps."""
    # Whichever thread collects the garbage may close it.
    return prepared(sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False))


def _refuse_failure(error: sqlite3.Error) -> None:
    raise error


def prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The connection, its tables as this version wants them."""
    connection.execute("PRAGMA foreign_keys = ON")
    version = _version(connection)
    if version > VERSION:
        raise sqlite3.NotSupportedError("it is from a newer version of this program")
    if version < 0:
        raise sqlite3.DatabaseError("no version is below zero")
    if version < VERSION:
        _in_transaction(connection, "BEGIN IMMEDIATE", _migrate)
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    version = _version(connection)  # another run may have been quicker
    for migration in _MIGRATIONS[version:]:
        for statement in migration.split(";"):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {VERSION}")


def _version(connection: sqlite3.Connection) -> int:
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
