"""Which kept listing holds which paper, so that one is found without reading them all."""

import sqlite3
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date
from typing import NamedTuple

from arxivdigest.store.database import as_date


class Holding(NamedTuple):
    """A kept listing that holds a paper: its number in the store, its day, its source."""

    listing: int
    announced: date
    source: str


def note(database: sqlite3.Connection, listing: int, ids: Iterable[str]) -> None:
    """Note what a listing holds."""
    database.execute("INSERT INTO holding VALUES (?, ?)", (listing, f" {' '.join(ids)} "))


def find(database: sqlite3.Connection, arxiv_id: str) -> list[Holding]:
    """The listings that hold a paper, those of the newest day first."""
    rows = database.execute(
        "SELECT listing, announced, source FROM holding JOIN listing ON listing.id = listing"
        " WHERE instr(ids, ?) ORDER BY announced DESC, source DESC",
        (f" {arxiv_id} ",),
    )
    return [Holding(listing, as_date(announced), source) for listing, announced, source in rows]


def days(database: sqlite3.Connection, ids: AbstractSet[str], before: date) -> list[date]:
    """The days before one of whose listings any holds one of these papers."""
    rows = database.execute(
        "SELECT announced, ids FROM holding JOIN listing ON listing.id = listing"
        " WHERE announced < ?",
        (before.isoformat(),),
    )
    found = {announced for announced, held in rows if not ids.isdisjoint(held.split())}
    return sorted(map(as_date, found))
