"""The days that a reader was told were lost, since nobody can read them any more."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from arxivdigest.store.checksums import Table
from arxivdigest.store.reader import Record


class LostRow(NamedTuple):
    """A day that was named as lost."""

    number: int
    reader: int
    announced: str


LOST = Table("lost", LostRow, LostRow._fields)


def note_lost(record: Record, days: Iterable[date]) -> None:
    """Note days that were named as lost."""
    noted = [day.isoformat() for day in days]

    def note(database: sqlite3.Connection, reader: int) -> None:
        known = {one.announced for one in LOST.find(database, reader=reader)}
        for day in noted:
            if day not in known:
                LOST.insert(database, reader, day)

    record.note(LOST, note)


def lost(record: Record) -> frozenset[date]:
    """The days that were named as lost."""
    return frozenset(date.fromisoformat(one.announced) for one in record.find(LOST))
