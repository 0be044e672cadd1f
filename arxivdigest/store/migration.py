"""What version 0.1 kept in one file, brought over to the file of what a reader did.

It kept messages and what was acknowledged beside the listings. It knew no configuration files: what
it left belongs to the first reader of its profile, a message to the first of its profile and
recipients.
"""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

from arxivdigest.store import packing
from arxivdigest.store.acknowledged import ACKNOWLEDGED
from arxivdigest.store.database import in_transaction
from arxivdigest.store.message_tables import (
    CONTENTS,
    DAMAGES,
    DELIVERIES,
    MESSAGES,
)
from arxivdigest.store.messages import WAITS
from arxivdigest.store.reader_tables import READERS

_ACKNOWLEDGED = "profile, announced, arxiv_id"
_MESSAGE = "identity, profile, state, is_doubtful, sender, recipients, content, at"

OLD = 3
"""The version of a file that has messages beside listings."""


def bring_over(connection: sqlite3.Connection, old: Path) -> None:
    """Take over from an old file what a reader did, in one transaction of both files.

    The old one has another version from then on: 0.1 takes it for a newer one, and leaves it.
    """
    # One transaction is atomic over both files (sqlite.org/lang_attach.html).
    connection.execute("ATTACH ? AS old", (str(old),))
    try:
        in_transaction(connection, "BEGIN IMMEDIATE", _bring_over)
    finally:
        connection.execute("DETACH old")


def _bring_over(database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA old.user_version").fetchone() != (OLD,):
        return  # another run was quicker
    for row in database.execute(f"SELECT {_ACKNOWLEDGED} FROM old.acknowledged"):  # noqa: S608 - written here
        _acknowledge(database, *row)
    messages = f"SELECT {_MESSAGE} FROM old.message ORDER BY number"  # noqa: S608 - written here
    for row in database.execute(messages).fetchall():
        _take(database, *row)
    database.execute("DROP TABLE old.message")
    database.execute("DROP TABLE old.acknowledged")
    database.execute(f"PRAGMA old.user_version = {OLD + 1}")


def rescue(connection: sqlite3.Connection, old: Path) -> bool:
    """Whether anything was lost of a damaged file, of which all that is readable is taken over."""

    def take(database: sqlite3.Connection) -> bool:
        is_lost = False
        with closing(sqlite3.connect(old, isolation_level=None)) as source:
            queries = (
                (_acknowledge, f"SELECT {_ACKNOWLEDGED} FROM acknowledged"),  # noqa: S608 - written here
                (_take, f"SELECT {_MESSAGE} FROM message ORDER BY number"),  # noqa: S608 - written here
                (_take, f"SELECT {_MESSAGE} FROM message ORDER BY number DESC"),  # noqa: S608 - written here
            )
            for work, query in queries:
                try:
                    for row in source.execute(query):
                        work(database, *row)
                except (sqlite3.Error, ValueError):
                    is_lost = True
        if is_lost:
            DAMAGES.insert(
                database, max((one.number for one in MESSAGES.find(database)), default=0)
            )
        return is_lost

    return in_transaction(connection, "BEGIN IMMEDIATE", take)


def _acknowledge(database: sqlite3.Connection, profile: str, announced: str, arxiv_id: str) -> None:
    found = READERS.find(database, profile=profile, name=None, file=None, occasion="")
    columns = (None, None, profile, "")
    reader = found[0].number if found else READERS.insert(database, *columns)
    known = ACKNOWLEDGED.find(database, reader=reader, announced=announced)
    if known:
        ids = {arxiv_id, *known[0].ids.split()}
        ACKNOWLEDGED.write(database, known[0]._replace(ids=" ".join(sorted(ids))))
    else:
        ACKNOWLEDGED.insert(database, reader, announced, arxiv_id)


def _take(  # noqa: PLR0913, PLR0917 - the columns, in their order
    database: sqlite3.Connection,
    identity: str,
    profile: str,
    state: str,
    is_doubtful: int,
    sender: str,
    left: str,
    content: bytes,
    at: float,
) -> None:
    """Take a message over: its identity was a day, subjects, a profile, recipients, and more."""
    announced, subjects, *_ = identity.split(" ", 2)
    after = identity.removeprefix(f"{announced} {subjects} ").removeprefix(f"{profile} ")
    recipients, _, more = after.partition(" ")
    date.fromisoformat(announced)
    everyone = "\n".join(sorted(recipients.split(",")))
    is_sent = state == "sent"
    if MESSAGES.find(
        database, profile=profile, recipients=everyone, announced=announced, kind=more, at=at
    ):
        return
    number = MESSAGES.insert(
        database,
        *(0, profile, everyone, subjects, announced, more, state, is_doubtful, int(is_sent)),
        *(sender, left, at, at),
    )
    if state in WAITS:
        CONTENTS.insert(database, number, content)
    if not more.startswith("incomplete"):  # nobody knows what it lacked, and so the day comes again
        DELIVERIES.insert(database, number, announced, packing.joined(subjects.split("+")), 1, None)
