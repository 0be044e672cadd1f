"""The tables of what a reader did, and whose record a row is."""

import sqlite3
import zlib
from collections.abc import Collection, Iterable
from typing import NamedTuple

from arxivdigest.model import AnnounceType
from arxivdigest.store.checksums import Table
from arxivdigest.store.database import Schema

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
        CREATE TABLE message (
            number INTEGER PRIMARY KEY,
            reader INTEGER NOT NULL,   -- 0 for what version 0.1 left, until its reader comes
            profile TEXT NOT NULL,
            recipients TEXT NOT NULL,  -- all that it is for, in order
            subjects TEXT NOT NULL,
            announced TEXT NOT NULL,   -- its newest day
            kind TEXT NOT NULL,        -- of its own where it repeats what was delivered
            state TEXT NOT NULL,       -- pending, sending, sent, refused
            is_doubtful INTEGER NOT NULL,  -- whether a server may have taken it before
            is_accepted INTEGER NOT NULL,  -- whether any recipient got it
            sender TEXT NOT NULL,
            left TEXT NOT NULL,        -- the recipients that have yet to get it
            put_at REAL NOT NULL,
            at REAL NOT NULL,          -- when it came into its state
            checksum INTEGER NOT NULL
        );
        CREATE TABLE content (         -- of messages that are not over yet; apart from them, since
            number INTEGER PRIMARY KEY,  -- it is large: what is damaged is more often this
            message INTEGER NOT NULL,
            data BLOB NOT NULL,
            checksum INTEGER NOT NULL
        );
        CREATE TABLE delivery (        -- what a message holds of a day
            number INTEGER PRIMARY KEY,
            message INTEGER NOT NULL,
            announced TEXT NOT NULL,
            subjects TEXT NOT NULL,
            is_whole INTEGER NOT NULL,
            entries BLOB,              -- all of the day's where there are none
            checksum INTEGER NOT NULL
        );
        CREATE TABLE damage (          -- what a damaged file has lost
            number INTEGER PRIMARY KEY,
            after INTEGER NOT NULL,    -- the last message that was carried over
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


class ReaderRow(NamedTuple):
    """A reader."""

    number: int
    name: str | None
    file: str | None
    profile: str
    occasion: str


class SeenRow(NamedTuple):
    """A day that was shown."""

    number: int
    reader: int
    announced: str
    subjects: str
    is_whole: int
    look: int
    at: float
    held: bytes
    shown: bytes


READERS = Table("reader", ReaderRow, ReaderRow._fields)
SEEN = Table("seen", SeenRow, SeenRow._fields)


def known(database: sqlite3.Connection, reader: Reader) -> int | None:
    """The number of a reader, or None where there is no record of it yet."""
    found = _known(database, reader)
    return found.number if found else None


def _known(database: sqlite3.Connection, reader: Reader) -> ReaderRow | None:
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


_LETTERS = dict(zip(AnnounceType, "ncrx", strict=True))
_TYPES = {letter: announce_type for announce_type, letter in _LETTERS.items()}


def packed(keys: Iterable[Key], shown: Collection[str] = ()) -> bytes:
    """Keys in few bytes, and which of them were shown, by their ids."""
    written = sorted(
        f"{arxiv_id}{_LETTERS[kind].upper() if arxiv_id in shown else _LETTERS[kind]}"
        for arxiv_id, kind in keys
    )
    return zlib.compress("\n".join(written).encode(), 1)


def unpacked(data: bytes) -> frozenset[Key]:
    """The keys that were packed."""
    return frozenset((one[:-1], _TYPES[one[-1].lower()]) for one in _lines(data))


def shown_of(data: bytes) -> frozenset[Key]:
    """Those of the packed keys that were shown."""
    return frozenset((one[:-1], _TYPES[one[-1].lower()]) for one in _lines(data) if one[-1] < "a")


def _lines(data: bytes) -> list[str]:
    return [one for one in zlib.decompress(data).decode().split("\n") if one]
