"""When arXiv was asked last, and which of its services asked to be left alone until when."""

import sqlite3
from typing import NamedTuple


class Rest(NamedTuple):
    """When a service asked to be left alone, and until when: in seconds since 1970."""

    since: float
    until: float


def last_request(database: sqlite3.Connection) -> float | None:
    """When arXiv was asked anything, in seconds since 1970."""
    row = database.execute("SELECT at FROM request WHERE typeof(at) = 'real'").fetchone()
    return row[0] if row else None


def rest_of(database: sqlite3.Connection, service: str) -> Rest | None:
    """Until when a service wants to be left alone, where it said so."""
    row = database.execute(
        "SELECT coalesce(since, 0.0), until FROM rest WHERE service = ?"
        " AND typeof(until) = 'real' AND typeof(since) IN ('real', 'null')",
        (service,),
    ).fetchone()
    return Rest(*row) if row else None


def note_rest(database: sqlite3.Connection, service: str, rest: Rest) -> None:
    """Note until when a service wants to be left alone."""
    database.execute(
        "INSERT OR REPLACE INTO rest (service, until, since) VALUES (?, ?, ?)",
        (service, rest.until, rest.since),
    )


def note_request(database: sqlite3.Connection, at: float) -> None:
    """Note when arXiv was asked."""
    database.execute("INSERT OR REPLACE INTO request VALUES (1, ?)", (at,))
