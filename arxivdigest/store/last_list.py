"""The list shown last on each terminal, whose numbers commands take for ids."""

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from arxivdigest.store import packing
from arxivdigest.store.checksums import Table
from arxivdigest.store.reader import Records

_MOST_TERMINALS = 50


class ListedRow(NamedTuple):
    """The list shown last on a terminal."""

    number: int
    terminal: str
    ids: str


LISTED = Table("listed", ListedRow, ListedRow._fields)


def note_list(records: Records, terminal: str, arxiv_ids: Sequence[str]) -> None:
    """Note the list shown last on a terminal: number 1 is its first id."""

    def note(database: sqlite3.Connection) -> None:
        before = LISTED.find(database)
        own = [one.number for one in before if one.terminal == terminal]
        old = [one.number for one in before[: -_MOST_TERMINALS + 1]]
        LISTED.delete(database, {*own, *old})
        LISTED.insert(database, packing.whole_letters(terminal), "\n".join(arxiv_ids))

    records.do("BEGIN IMMEDIATE", note)


def listed(records: Records, terminal: str) -> tuple[str, ...]:
    """The ids of the list shown last on a terminal, in their order."""
    found = records.do("BEGIN", lambda database: LISTED.find(database, terminal=terminal))
    return tuple(found[-1].ids.split("\n")) if found and found[-1].ids else ()
