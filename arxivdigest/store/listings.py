"""What arXiv said, by day and subject, and when it was asked: all of it can be read again."""

import sqlite3
from collections.abc import Callable, Sequence
from datetime import date

from arxivdigest.model import Listing
from arxivdigest.store import holdings, rows
from arxivdigest.store.database import Database, Schema
from arxivdigest.store.holdings import Holding
from arxivdigest.store.packing import ids
from arxivdigest.store.rows import Stored

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
    # What version 1 kept can be read from arXiv again.
    """
    DROP TABLE entry;
    DELETE FROM listing;
    ALTER TABLE listing ADD COLUMN entries BLOB NOT NULL DEFAULT x'';
    ALTER TABLE listing ADD COLUMN texts BLOB NOT NULL DEFAULT x'';  -- folded for matching
    CREATE TABLE rest (
        service TEXT PRIMARY KEY,     -- as in arxiv.org/list
        until REAL NOT NULL           -- seconds since 1970
    );
    """,
    """
    CREATE TABLE message (
        number INTEGER PRIMARY KEY,
        identity TEXT NOT NULL UNIQUE,   -- what it is the only message for: see store.outbox
        profile TEXT NOT NULL,
        state TEXT NOT NULL,             -- pending, sending, sent, refused
        is_doubtful INTEGER NOT NULL,    -- whether a server may have taken it before
        sender TEXT NOT NULL,
        recipients TEXT NOT NULL,        -- those who have yet to get it
        content BLOB NOT NULL,           -- empty once it is sent
        at REAL NOT NULL                 -- when it came into its state, in seconds since 1970
    );
    CREATE TABLE acknowledged (
        profile TEXT NOT NULL,
        announced TEXT NOT NULL,         -- a date
        arxiv_id TEXT NOT NULL,
        PRIMARY KEY (profile, announced, arxiv_id)
    ) WITHOUT ROWID;
    """,
    holdings.MIGRATION,
)
SCHEMA = Schema("listings.sqlite", _MIGRATIONS, page_size=32768)


class Store(Database):
    """The listings read, and the time of the last request."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        on_failure: Callable[[sqlite3.Error], sqlite3.Connection | None],
        *,
        is_lasting: bool,
    ) -> None:
        super().__init__(connection, SCHEMA, on_failure, is_lasting=is_lasting)
        self._asked_at: float | None = None
        self._remembered: dict[tuple[object, ...], Stored] = {}

    def renewed(self) -> None:
        """Nothing, once the time of the last request is noted anew."""
        self._remembered.clear()
        if self._asked_at is not None:
            self.note_request(self._asked_at)

    def newest(self, subjects: Sequence[str], source: str | None = None) -> Stored | None:
        """The kept listing of the latest day, from any source or from this one."""
        condition = "source = coalesce(?, source) ORDER BY announced DESC, read_at DESC"
        return self._read(subjects, condition, source)

    def of_day(self, subjects: Sequence[str], day: date) -> Stored | None:
        """The kept listing of a day."""
        condition = "announced = ? ORDER BY read_at DESC"
        return self._read(subjects, condition, day.isoformat())

    def days(self) -> list[date]:
        """The days of which anything is kept, the latest first."""
        query = "SELECT DISTINCT announced FROM listing ORDER BY announced DESC"
        found = self.do("BEGIN", lambda database: database.execute(query).fetchall())
        return [date.fromisoformat(day) for (day,) in found]

    def holding(self, arxiv_id: str) -> Sequence[Holding]:
        """The kept listings that hold a paper, those of the newest day first."""
        return self.do("BEGIN", lambda database: holdings.find(database, arxiv_id))

    def listing(self, number: int) -> Listing:
        """A kept listing by its number."""
        return self.do("BEGIN", lambda database: _by_number(database, number)).listing

    def listings_of(self, day: date) -> list[Listing]:
        """All kept listings of a day, whatever was asked for."""
        query = "SELECT id FROM listing WHERE announced = ?"
        found = self.do("BEGIN", lambda one: one.execute(query, (day.isoformat(),)).fetchall())
        return [self.listing(number) for (number,) in found]

    def keep(self, subjects: Sequence[str], stored: Stored) -> None:
        """Keep a listing in place of an earlier reading of it, if it states its day and is whole.

        What is not whole must not take the place of what is.
        """
        if stored.listing.announced is None or stored.listing.problems:
            return
        head, large = rows.row(_asked(subjects), stored)
        held = ids(stored.listing.entries)
        self.do("BEGIN IMMEDIATE", lambda database: _keep(database, head, large, held))

    def last_request(self) -> float | None:
        """When arXiv was last asked anything, in seconds since 1970."""
        return self.do("BEGIN", _last_request)

    def note_request(self, at: float) -> None:
        """Note when arXiv was asked."""
        self._asked_at = at
        self.do("BEGIN IMMEDIATE", lambda database: _note_request(database, at))

    def rest_of(self, service: str) -> float | None:
        """Until when a service wants to be left alone, in seconds since 1970."""
        return self.do("BEGIN", lambda database: _rest_of(database, service))

    def note_rest(self, service: str, until: float) -> None:
        """Note until when a service wants to be left alone."""
        self.do("BEGIN IMMEDIATE", lambda database: _note_rest(database, service, until))

    def _read(self, subjects: Sequence[str], condition: str, value: str | None) -> Stored | None:
        """A listing read once, and again only when any run has put another in its place."""
        asked = _asked(subjects)

        def read(database: sqlite3.Connection) -> Stored | None:
            # Which one first, and then that one: SQLite would put the texts of all in order.
            which = database.execute(
                f"SELECT id, checksum FROM listing WHERE asked = ? AND {condition} LIMIT 1",  # noqa: S608 - all written here
                (asked, value),
            ).fetchone()
            if which and which not in self._remembered:
                self._remembered[which] = _read(database, asked, *which)
            return self._remembered[which] if which else None

        return self.do("BEGIN", read)


def _asked(subjects: Sequence[str]) -> str:
    """What subjects are known by; their order changes nothing."""
    return "+".join(sorted(subjects))


def _keep(
    connection: sqlite3.Connection,
    head: Sequence[str | int | None],
    large: Sequence[bytes],
    held: Sequence[str],
) -> None:
    connection.execute(
        f"INSERT OR REPLACE INTO listing ({_NAMES}) VALUES ({_MARKS})",  # noqa: S608 - written here
        (rows.checksum((*head, *large)), *head, *map(len, large)),
    )
    (number,) = connection.execute("SELECT last_insert_rowid()").fetchone()
    holdings.note(connection, number, held)
    # Megabytes, without the copies that SQLite makes of them for a row.
    for name, data in zip(rows.LARGE, large, strict=True):
        with connection.blobopen("listing", name, number) as blob:
            blob.write(data)
    # By the day of reading: a date that arXiv misprinted must not push out all others.
    connection.execute(
        "DELETE FROM listing WHERE julianday(date(?)) - julianday(announced) > ?",
        (head[rows.HEAD.index("read_at")], _KEPT_DAYS),
    )


_NAMES = ", ".join(("checksum", *rows.HEAD, *rows.LARGE))
_MARKS = ", ".join(["?"] * (1 + len(rows.HEAD)) + ["zeroblob(?)"] * len(rows.LARGE))


def _read(connection: sqlite3.Connection, asked: str, number: int, checksum: int) -> Stored:
    head = connection.execute(
        f"SELECT {', '.join(rows.HEAD)} FROM listing WHERE id = ?",  # noqa: S608 - all written here
        (number,),
    ).fetchone()
    columns = (*head, *(_large(connection, number, name) for name in rows.LARGE))
    if columns[0] != asked or checksum != rows.checksum(columns):
        raise sqlite3.DatabaseError("a listing is not what was kept")
    return rows.stored(*columns)


def _by_number(connection: sqlite3.Connection, number: int) -> Stored:
    query = "SELECT asked, checksum FROM listing WHERE id = ?"
    asked, checksum = connection.execute(query, (number,)).fetchone()
    return _read(connection, asked, number, checksum)


def _large(connection: sqlite3.Connection, number: int, column: str) -> bytes:
    with connection.blobopen("listing", column, number, readonly=True) as blob:
        return blob.read()


def _last_request(connection: sqlite3.Connection) -> float | None:
    row = connection.execute("SELECT at FROM request WHERE typeof(at) = 'real'").fetchone()
    return row[0] if row else None


def _rest_of(connection: sqlite3.Connection, service: str) -> float | None:
    row = connection.execute(
        "SELECT until FROM rest WHERE service = ? AND typeof(until) = 'real'", (service,)
    ).fetchone()
    return row[0] if row else None


def _note_rest(connection: sqlite3.Connection, service: str, until: float) -> None:
    connection.execute("INSERT OR REPLACE INTO rest VALUES (?, ?)", (service, until))


def _note_request(connection: sqlite3.Connection, at: float) -> None:
    connection.execute("INSERT OR REPLACE INTO request VALUES (1, ?)", (at,))
