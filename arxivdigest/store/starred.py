"""What is starred: kept whole and for ever, by whoever owns the folder."""

import sqlite3
from datetime import date, datetime
from typing import NamedTuple

from arxivdigest.model import Entry
from arxivdigest.store import packing
from arxivdigest.store.checksums import Table
from arxivdigest.store.reader import Records, instant_of


class StarRow(NamedTuple):
    """A starred entry, as it is kept."""

    number: int
    arxiv_id: str
    announced: str | None
    note: str | None
    at: float
    entry: bytes


STARS = Table("star", StarRow, StarRow._fields)


class Starred(NamedTuple):
    """A starred entry, whole as it was then; when it was starred, with which note."""

    entry: Entry
    announced: date | None
    note: str | None
    at: datetime


def star(
    records: Records, entry: Entry, announced: date | None, note: str | None, at: datetime
) -> None:
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

    records.do("BEGIN IMMEDIATE", keep)


def unstar(records: Records, arxiv_id: str) -> bool:
    """Whether the entry was starred; it is no longer."""

    def forget(database: sqlite3.Connection) -> bool:
        found = STARS.find(database, arxiv_id=arxiv_id)
        STARS.delete(database, [one.number for one in found])
        return bool(found)

    return records.do("BEGIN IMMEDIATE", forget)


def starred(records: Records) -> list[Starred]:
    """All starred entries, the one starred last first."""
    found = records.do("BEGIN", STARS.find)
    return [
        Starred(packing.unpack(one.entry), _day(one.announced), one.note, instant_of(one.at))
        for one in sorted(found, key=lambda one: (-one.at, -one.number))
    ]


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
