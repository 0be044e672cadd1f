"""What a reader was told of in another way than by `digest send`."""

import sqlite3
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from arxivdigest.store.checksums import Table
from arxivdigest.store.reader import Record


class AcknowledgedRow(NamedTuple):
    """What was acknowledged of a day."""

    number: int
    reader: int
    announced: str
    ids: str


ACKNOWLEDGED = Table("acknowledged", AcknowledgedRow, AcknowledgedRow._fields)


def acknowledge(record: Record, entries: Mapping[date, Iterable[str]]) -> None:
    """Note entries, by their ids, as delivered."""
    noted = {day.isoformat(): frozenset(ids) for day, ids in entries.items()}

    def note(database: sqlite3.Connection, reader: int) -> None:
        before = {one.announced: one for one in ACKNOWLEDGED.find(database, reader=reader)}
        for day, ids in noted.items():
            known = before.get(day)
            written = " ".join(sorted(ids.union(known.ids.split() if known else ())))
            if known:
                ACKNOWLEDGED.write(database, known._replace(ids=written))
            else:
                ACKNOWLEDGED.insert(database, reader, day, written)

    record.note(ACKNOWLEDGED, note)


def acknowledged(record: Record, day: date) -> frozenset[str]:
    """The ids of the day's entries that were acknowledged."""
    found = record.find(ACKNOWLEDGED)
    days = [one.ids.split() for one in found if one.announced == day.isoformat()]
    return frozenset(arxiv_id for ids in days for arxiv_id in ids)
