"""A file of SQLite as this program uses it: its tables, its transactions, and what if it fails.

What is kept is a help and never a condition. What is wrong with a file is said in one line, and the
digest is made without it.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TypeVar

_Result = TypeVar("_Result")

_MOST_VERSIONS = 1000
"""No program has so many: a number beyond is a damaged one, and not a newer version's."""


class Schema:
    """The tables of a file: the migrations that lead to each version from the one before.

    Where it `is_public`, what it holds may be read elsewhere too, and need not be wiped out.
    """

    def __init__(
        self, file: str, migrations: tuple[str, ...], page_size: int, *, is_public: bool = False
    ) -> None:
        self.file = file
        self.migrations = migrations
        self.page_size = page_size
        self.is_public = is_public

    @property
    def version(self) -> int:
        """The version that this program writes."""
        return len(self.migrations)


class Database:
    """One file, or where it cannot be used a database that nobody keeps: not `is_lasting`.

    When the file fails, even half-way, `on_failure` is told once. It may give a connection to a
    file that has been put right; else all goes on in memory.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        schema: Schema,
        on_failure: Callable[[sqlite3.Error], sqlite3.Connection | None],
        *,
        is_lasting: bool,
    ) -> None:
        self._connection = connection
        self._schema = schema
        self._on_failure = on_failure
        self.is_lasting = is_lasting

    def do(self, begin: str, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        """What the work gives, done in one transaction that begins so."""
        try:
            return in_transaction(self._connection, begin, work)
        except sqlite3.Error as error:
            self._connection.close()
            mended = self._on_failure(error)
            self.is_lasting = mended is not None
            self._connection = mended or in_memory(self._schema)
            self.renewed()
            return in_transaction(self._connection, begin, work)

    def renewed(self) -> None:
        """Nothing; called where another database has taken the place of one that failed."""

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


@contextmanager
def as_damage() -> Iterator[None]:
    """What SQLite says of a damaged file may hold its bytes, which Python cannot read as text."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError("what is wrong with it is no text") from error


def as_date(written: str) -> date:
    """The date in a column that has no checksum; a DatabaseError where it is none."""
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise sqlite3.DatabaseError("a date is not what was kept") from error


def in_transaction(
    connection: sqlite3.Connection, begin: str, work: Callable[[sqlite3.Connection], _Result]
) -> _Result:
    """What the work gives, all of it or none."""
    # "BEGIN IMMEDIATE" where it writes: of deferred ones, several read the same state before any
    # writes (sqlite.org/lang_transaction.html).
    with as_damage():
        connection.execute(begin)
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    return result


def in_memory(schema: Schema) -> sqlite3.Connection:
    """A connection to a database that nobody keeps."""
    # Whichever thread collects the garbage may close it.
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    return prepared(connection, schema)


def prepared(connection: sqlite3.Connection, schema: Schema) -> sqlite3.Connection:
    """The connection, its tables as this version wants them."""
    # Off in each new connection (sqlite.org/foreignkeys.html, 2).
    connection.execute("PRAGMA foreign_keys = ON")
    if schema.is_public:  # Debian's SQLite writes zeros over megabytes that a newer day replaces
        connection.execute("PRAGMA secure_delete = OFF")
    version = version_of(connection)
    if not 0 <= version <= _MOST_VERSIONS:
        raise sqlite3.DatabaseError("there is no such version")
    if version > schema.version:
        raise sqlite3.NotSupportedError("it is from a newer version of this program")
    if version == 0:  # of a file that has no tables yet; large columns are quicker in large pages
        connection.execute(f"PRAGMA page_size = {schema.page_size}")
    if version < schema.version:
        in_transaction(connection, "BEGIN IMMEDIATE", lambda one: migrate(one, schema))
    return connection


def migrate(connection: sqlite3.Connection, schema: Schema) -> None:
    """Bring the tables of a database up, within a transaction."""
    version = version_of(connection)  # another run may have been quicker
    for migration in schema.migrations[version:]:
        for statement in statements(migration):
            connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {schema.version}")


def statements(migration: str) -> Sequence[str]:
    """The statements of a migration, without comments: the schema is read at every start."""
    lines = (line.partition("--")[0].strip() for line in migration.split("\n"))
    return [one.strip() for one in " ".join(lines).split(";") if one.strip()]


def version_of(connection: sqlite3.Connection) -> int:
    """The version of the tables, 0 where there are none yet."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version
