"""What a person has acknowledged: the entries of an announcement, for a profile."""

from collections.abc import Iterable
from datetime import date, timedelta

from arxivdigest.store.listings import Store

_KEPT = timedelta(days=100)


def acknowledge(store: Store, profile: str, announced: date, arxiv_ids: Iterable[str]) -> None:
    """Note that the entries were delivered; those of long ago are forgotten."""
    rows = [(profile, announced.isoformat(), arxiv_id) for arxiv_id in arxiv_ids]
    store.do(
        "BEGIN IMMEDIATE",
        lambda database: database.executemany(
            "INSERT OR IGNORE INTO acknowledged VALUES (?, ?, ?)", rows
        ),
    )
    store.do(
        "BEGIN IMMEDIATE",
        lambda database: database.execute(
            "DELETE FROM acknowledged WHERE announced < ?", ((announced - _KEPT).isoformat(),)
        ),
    )


def acknowledged(store: Store, profile: str, announced: date) -> frozenset[str]:
    """The ids of the entries that were delivered of an announcement."""
    found = store.do(
        "BEGIN",
        lambda database: database.execute(
            "SELECT arxiv_id FROM acknowledged WHERE profile = ? AND announced = ?",
            (profile, announced.isoformat()),
        ).fetchall(),
    )
    return frozenset(row[0] for row in found)
