"""Which kept listing holds which paper, so that one is found without reading them all."""

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

MIGRATION = """
    CREATE TABLE holding (
        listing INTEGER PRIMARY KEY REFERENCES listing ON DELETE CASCADE,
        ids TEXT NOT NULL              -- of its entries, each between two blanks
    );
    """


class Holding(NamedTuple):
    """A kept listing that holds a paper: its number in the store, its day, its source."""

    listing: int
    announced: date
    source: str


def note(database: sqlite3.Connection, listing: int, ids: Iterable[str]) -> None:
    """Note what a listing holds."""
    database.execute("INSERT INTO holding VALUES (?, ?)", (listing, f" {' '.join(ids)} "))


def find(database: sqlite3.Connection, arxiv_ids: Collection[str]) -> dict[str, Sequence[Holding]]:
    """The listings that hold each paper, those of the newest day first."""
    found: dict[str, list[Holding]] = {one: [] for one in arxiv_ids}
    wanted = [(one, f" {one} ") for one in found]
    rows = database.execute(
        "SELECT listing, ids, announced, source FROM holding JOIN listing ON listing.id = listing"
        " ORDER BY announced DESC"
    )
    for listing, ids, announced, source in rows:
        for one, parted in wanted:
            if parted in ids:
                found[one].append(Holding(listing, date.fromisoformat(announced), source))
    return dict(found)
