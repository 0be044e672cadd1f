"""All that can still be read of a damaged file of what a reader did, carried over to a new one."""

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from arxivdigest.store import message_tables, reader_tables
from arxivdigest.store.acknowledged import ACKNOWLEDGED
from arxivdigest.store.database import as_damage, in_memory, in_transaction, prepared
from arxivdigest.store.last_list import LISTED
from arxivdigest.store.lost import LOST
from arxivdigest.store.messages import WAITS
from arxivdigest.store.starred import STARS

if TYPE_CHECKING:
    from arxivdigest.store.checksums import Table

_MOST_PROBED = 1_000
_TABLES: "tuple[Table[Any], ...]" = (
    *(reader_tables.READERS, reader_tables.SEEN, ACKNOWLEDGED, LOST, LISTED, STARS),
    *(message_tables.MESSAGES, message_tables.CONTENTS),
    *(message_tables.DELIVERIES, message_tables.DAMAGES),
)
_WORDS = {
    "reader": ("reader", "readers"),
    "seen": ("day that was shown", "days that were shown"),
    "acknowledged": ("day acknowledged", "days acknowledged"),
    "lost": ("day known to be lost", "days known to be lost"),
    "listed": ("list shown last", "lists shown last"),
    "star": ("starred entry", "starred entries"),
    "message": ("message", "messages"),
    "content": ("text of a message", "texts of messages"),
    "delivery": ("day of a message", "days of messages"),
    "damage": ("note of damage", "notes of damage"),
}


class Salvaged(NamedTuple):
    """How many rows of each table were carried over, and how many are known to be lost."""

    kept: dict[str, int]
    lost: dict[str, int]
    is_counted: bool

    @property
    def said(self) -> str:
        """What was carried over, for a person."""
        lost = [f"{count} {_WORDS[name][count != 1]}" for name, count in self.lost.items() if count]
        if lost:
            return f"all that is readable was carried over, but not {', '.join(lost)}"
        if not any(self.kept.values()):
            return "nothing of it is readable"
        return (
            "all of it was carried over"
            if self.is_counted
            else "all that is readable was carried over"
        )


def salvage(damaged: bytes, sound: Path) -> Salvaged:
    """Carry over what is readable of the bytes of a damaged file to a new file."""
    rows: dict[str, dict[int, tuple[Any, ...]]] = {one.name: {} for one in _TABLES}
    counted: dict[str, int] = {}
    for data in (damaged, _with_first_page(damaged)):
        with suppress(sqlite3.Error), as_damage(), closing(_loaded(data)) as source:
            for table in _TABLES:
                rows[table.name] |= _readable(source, table)
            with suppress(sqlite3.Error), as_damage():
                counted |= dict(source.execute("SELECT name, rows FROM tally").fetchall())
    _give_up(rows)
    lost = {
        name: max(0, counted[name] - len(found)) for name, found in rows.items() if name in counted
    }
    connection = sqlite3.connect(sound, isolation_level=None)
    with closing(prepared(connection, reader_tables.SCHEMA)):
        in_transaction(connection, "BEGIN IMMEDIATE", lambda one: _write(one, rows, lost, counted))
    kept = {name: len(found) for name, found in rows.items()}
    return Salvaged(kept, lost, is_counted=bool(counted))


def _give_up(rows: dict[str, dict[int, tuple[Any, ...]]]) -> None:
    """Refuse the messages whose text is lost: what they hold comes with the next one."""
    whole = {one[1] for one in rows["content"].values()}
    for number, row in rows["message"].items():
        message = message_tables.MessageRow(*row)
        if message.state in WAITS and number not in whole:
            is_doubtful = int(message.is_doubtful or message.state == "sending")
            state = "sent" if message.is_accepted else "refused"
            rows["message"][number] = message._replace(state=state, is_doubtful=is_doubtful)


def _write(
    database: sqlite3.Connection,
    rows: dict[str, dict[int, tuple[Any, ...]]],
    lost: dict[str, int],
    counted: dict[str, int],
) -> None:
    for table in _TABLES:
        found = rows[table.name].values()
        for row in found:
            table.write(database, row)
        database.execute("INSERT INTO tally VALUES (?, ?)", (table.name, len(found)))
    if not counted or lost.get("message") or lost.get("delivery"):
        # What is put in from here on may have been sent before.
        last = max(rows["message"], default=0)
        message_tables.DAMAGES.insert(database, last)


def _loaded(data: bytes) -> sqlite3.Connection:
    # In memory: where the file is, SQLite might write to what is damaged.
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(data)
    # Text that is no UTF-8 any more belongs to one row, and must not end the others.
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    return connection


def _with_first_page(damaged: bytes) -> bytes:
    """The file with a sound first page: that holds the header and the names of the tables.

    All files have the same there but for counts, as their tables are made in the same order.
    """
    with closing(in_memory(reader_tables.SCHEMA)) as connection:
        page = bytearray(connection.serialize()[: reader_tables.SCHEMA.page_size])
    pages = len(damaged) // reader_tables.SCHEMA.page_size
    page[28:32] = pages.to_bytes(4, "big")  # the size of the file (sqlite.org/fileformat2.html)
    page[32:40] = bytes(8)  # no pages are free
    page[92:96] = page[24:28]  # or else the size is not believed
    return bytes(page) + damaged[len(page) :]


def _readable(source: sqlite3.Connection, table: "Table[Any]") -> dict[int, tuple[Any, ...]]:
    """The rows that are what was kept: from the first on, from the last back, and in between."""
    columns = ", ".join((*table.columns, "checksum"))
    found: dict[int, tuple[Any, ...]] = {}
    met: dict[str, int] = {}
    for order in ("ASC", "DESC"):
        query = f"SELECT {columns} FROM {table.name} ORDER BY number {order}"  # noqa: S608 - named in the schema
        try:
            with as_damage():
                for row in source.execute(query):
                    if isinstance(row[0], int):
                        met[order] = row[0]
                        found |= _sound(table, row)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _HOPELESS:
                return found
        else:
            return found
    for number in range(met.get("ASC", 0) + 1, met.get("DESC", _MOST_PROBED)):
        with suppress(sqlite3.Error), as_damage():
            found |= {row[0]: row for row in table.find(source, number=number)}
    return found


_HOPELESS = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
"""No database, or none with such a table: there is nothing to look for row by row."""


def _sound(table: "Table[Any]", columns: tuple[Any, ...]) -> dict[int, tuple[Any, ...]]:
    """The row by its number, if it is what was kept."""
    try:
        return {columns[0]: table.read(columns)}
    except sqlite3.Error:
        return {}
