"""Listings written to the store: which takes the place of which, and what is compressed."""

import sqlite3

from arxivdigest.store import paper_index, rows
from arxivdigest.store.rows import HEAD, LARGE, Row


def keep(
    database: sqlite3.Connection, row: Row, kept_days: int, *, is_known_better: bool = False
) -> None:
    """Keep a row in place of an earlier one, unless that is better; forget what is too old."""
    found = database.execute(
        "SELECT id, problems <> '' FROM listing"
        " WHERE announced = ? AND page = ? AND asked = ? AND source = ?",
        (row.announced, row.page, row.asked, row.source),
    )
    known = dict(found.fetchall())
    is_worse = row.problems and not row.page and not all(known.values())
    if is_worse and not is_known_better:
        return
    for number in known:
        database.execute("DELETE FROM listing WHERE id = ?", (number,))
    is_late = database.execute(
        "SELECT 1 FROM listing WHERE announced > ? LIMIT 1", (row.announced,)
    ).fetchone()
    _write(database, row.compressed() if is_late else row)
    if not row.page:
        _compress(database, row.announced)
    if not row.page and not row.problems:
        database.execute(
            "DELETE FROM listing WHERE announced = ? AND page > 0 AND asked = ?",
            (row.announced, row.asked),
        )
    # By the day of reading: a date that arXiv misprinted must not push out all others.
    database.execute(
        "DELETE FROM listing WHERE julianday(date(?)) - julianday(announced) > ?",
        (row.read_at, kept_days),
    )


def _compress(database: sqlite3.Connection, before: str) -> None:
    """Compress what is of earlier days: 600 entries a day are 2 MB, and every start reads one."""
    query = "SELECT id FROM listing WHERE announced < ? AND is_compressed = 0"
    for (number,) in database.execute(query, (before,)).fetchall():
        row = rows.read(database, number)
        (checksum,) = database.execute(
            "SELECT checksum FROM listing WHERE id = ?", (number,)
        ).fetchone()
        database.execute("DELETE FROM listing WHERE id = ?", (number,))
        if row.checksum == checksum:  # or else it is wrong, and can be read again
            _write(database, row.compressed())


def _write(database: sqlite3.Connection, row: Row) -> None:
    large = (row.entries, row.texts)
    database.execute(
        f"INSERT INTO listing ({_NAMES}) VALUES ({_MARKS})",  # noqa: S608 - written here
        (row.checksum, *row[: len(HEAD)], *map(len, large)),
    )
    (number,) = database.execute("SELECT last_insert_rowid()").fetchone()
    if not row.page:
        paper_index.note(database, number, row.ids)
    # Megabytes, without the copies that SQLite makes of them for a row.
    for name, data in zip(LARGE, large, strict=True):
        with database.blobopen("listing", name, number) as blob:
            blob.write(data)


_NAMES = ", ".join(("checksum", *HEAD, *LARGE))
_MARKS = ", ".join(["?"] * (1 + len(HEAD)) + ["zeroblob(?)"] * len(LARGE))
