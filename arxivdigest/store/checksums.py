"""Tables whose rows carry a checksum, as SQLite itself finds no wrong bytes."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Generic, TypeVar

from arxivdigest.store.rows import checksum

_Row = TypeVar("_Row", bound=tuple[Any, ...])


class Table(Generic[_Row]):
    """A table of numbered rows, of a type whose first field is the number.

    There is no index: one that is damaged would hide rows, and the tables are small.
    """

    def __init__(self, name: str, row: Callable[..., _Row], columns: Sequence[str]) -> None:
        self.name = name
        self.columns = tuple(columns)
        self._row = row
        self._listed = ", ".join((*columns, "checksum"))
        self._marks = ", ".join("?" * (len(columns) + 1))

    def find(self, database: sqlite3.Connection, **wanted: str | float | None) -> list[_Row]:
        """The rows whose columns have these values, in the order of their numbers."""
        condition = " AND ".join(f"{name} IS ?" for name in wanted) or "true"
        found = database.execute(
            f"SELECT {self._listed} FROM {self.name} WHERE {condition} ORDER BY number",  # noqa: S608 - names written here
            tuple(wanted.values()),
        )
        return [self.read(columns) for columns in found]

    def read(self, columns: Sequence[Any]) -> _Row:
        """The row of these columns; a DatabaseError where they are not what was kept."""
        if checksum((self.name, *columns[:-1])) != columns[-1]:
            raise sqlite3.DatabaseError("a row is not what was kept")
        return self._row(*columns[:-1])

    def insert(self, database: sqlite3.Connection, *columns: object) -> int:
        """The number of a new row; its other columns are given."""
        query = f"SELECT coalesce(max(number), 0) + 1 FROM {self.name}"  # noqa: S608 - as above
        number: int = database.execute(query).fetchone()[0]
        self.write(database, (number, *columns))
        self._count(database, 1)
        return number

    def write(self, database: sqlite3.Connection, row: Sequence[object]) -> None:
        """Put a row in place of the one with its number."""
        columns = [int(one) if isinstance(one, bool) else one for one in row]
        database.execute(
            f"INSERT OR REPLACE INTO {self.name} ({self._listed}) VALUES ({self._marks})",  # noqa: S608 - as above
            (*columns, checksum((self.name, *columns))),
        )

    def delete(self, database: sqlite3.Connection, numbers: Iterable[int]) -> None:
        """Take rows away."""
        gone = [(number,) for number in numbers]
        if not gone:
            return
        database.executemany(f"DELETE FROM {self.name} WHERE number = ?", gone)  # noqa: S608 - as above
        self._count(database, -len(gone))

    def _count(self, database: sqlite3.Connection, more: int) -> None:
        """Keep count, so that it is known how many a damaged file has lost."""
        database.execute(
            "INSERT INTO tally VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET rows = rows + ?",
            (self.name, more, more),
        )
