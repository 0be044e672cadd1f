"""The files of the store: private, shared between runs, and set aside where they are damaged."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from arxivdigest.errors import TryAgainError
from arxivdigest.store import listing_tables
from arxivdigest.store.database import Schema, as_damage, in_memory, prepared
from arxivdigest.store.listings import Store

if TYPE_CHECKING:
    from arxivdigest.store.reader import Records

FILE = listing_tables.SCHEMA.file
READER_FILE = "reader.sqlite"
LOCK = "lock"
"""Held by the run that asks arXiv."""

SENDING_LOCK = "sending.lock"
"""Held by the run that sends messages."""

BUSY_SECONDS = 5.0
_SIDE_FILES = ("-journal", "-wal", "-shm")


class UnusableError(Exception):
    """Why the store cannot be used, in words for a person."""


def _refuse(complaint: str) -> None:
    raise UnusableError(complaint)


WITHOUT_IT = "; going on without it"

Complain = Callable[[str], None] | None
"""Who is told what is wrong; None for whoever cannot say it, and so leaves a damaged file alone."""


@contextmanager
def opened(folder: Path, complain: Complain = _refuse, otherwise: str = "") -> Iterator[Store]:
    """What arXiv said, in a folder that only its owner may read; what is wrong is said once.

    A damaged file, or one that is a link, is set aside and not deleted. `otherwise` is what is said
    to become of a run without the file.
    """
    file = _ListingsFile(folder, complain, otherwise)
    connection, is_lasting = file.connect_or()
    store = Store(connection, file.fail, is_lasting=is_lasting)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def opened_reader(
    folder: Path,
    complain: Complain = _refuse,
    otherwise: str = "",
    *,
    is_sending: bool = False,
) -> "Iterator[Records]":
    """What was done by whoever owns the folder; what is wrong with its file is said once.

    All that is readable of a damaged file is carried over to a new one; `otherwise` is what is said
    to become of a run without one. `is_sending` is for the run that has the lock for that: no other
    may lose what it does, and it looks the file through first.
    """
    from arxivdigest.store.reader import SCHEMA, Records

    file = _ReaderFile(folder, SCHEMA, complain, otherwise, is_sending=is_sending)
    connection, is_lasting = file.connect_or()
    records = Records(connection, file.fail, is_lasting=is_lasting)
    try:
        yield records
    finally:
        records.close()


class _File:
    """A file of the store: how it is come by, and what becomes of it when it is damaged."""

    def __init__(self, folder: Path, schema: Schema, complain: Complain, otherwise: str) -> None:
        self._path = folder / schema.file
        self._schema = schema
        self._complain = complain
        self._otherwise = otherwise
        self._identity: tuple[int, int] | None = None

    def connect_or(self) -> tuple[sqlite3.Connection, bool]:
        """A connection to the file, or to memory, and whether it is to the file."""
        try:
            return self.connect(), True
        except (sqlite3.Error, OSError, UnusableError) as error:
            mended = self.fail(error)
            return mended or in_memory(self._schema), mended is not None

    def fail(self, error: Exception) -> sqlite3.Connection | None:
        """Nothing to go on with: what is wrong is said."""
        if self._complain:
            self.say(f"{self.trouble(error)}{self._otherwise}")
        return None

    def say(self, said: str) -> None:
        """Tell what is wrong, or what was done about it."""
        if self._complain:
            self._complain(said)

    def connect(self) -> sqlite3.Connection:
        """A connection to the file, its tables as this version wants them."""
        folder = self._path.parent
        _make(folder)
        if not folder.is_symlink():  # what a link leads to is for others to keep
            _hide(folder)
        self._set_links_aside()
        # Without WAL: that cannot be read in a folder without leave to write (sqlite.org/wal.html).
        with _private():
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            self._identity = _identity(self._path)
            _hide(self._path)
            return self.made_ready(connection)
        except BaseException:
            connection.close()
            raise

    def made_ready(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """The connection, its tables as this version wants them."""
        return prepared(connection, self._schema)

    def trouble(self, error: Exception) -> str:
        """What is wrong, for a person; a damaged file is set aside, once it is closed."""
        if isinstance(error, UnusableError):
            return str(error)
        if isinstance(error, FileNotFoundError):
            return f"{self._path} is damaged, and was set aside by another run"
        if self.is_damaged(error):
            return f"{self._path} is damaged, {self._put_aside()}"
        reason = (isinstance(error, OSError) and error.strerror) or error
        return f"{self._path} cannot be used ({reason})"

    def is_damaged(self, error: Exception) -> bool:
        """Whether the error means that the file itself is wrong."""
        return isinstance(error, sqlite3.Error) and (self.is_gone() or _is_damage(error))

    def is_gone(self) -> bool:
        """Whether another run has set the file aside since this one opened it."""
        return self._identity is not None and _identity(self._path) != self._identity

    def _put_aside(self) -> str:
        from arxivdigest.store.aside import put_back, set_aside

        try:
            aside = None if self.is_gone() else set_aside(self._path)
        except FileNotFoundError:
            aside = None
        except OSError as error:
            return f"and cannot be set aside ({error.strerror})"
        if aside and self._identity not in (None, _identity(aside)):
            put_back(aside, self._path)
            aside = None
        return f"and was set aside {f'as {aside.name}' if aside else 'by another run'}"

    def _set_links_aside(self) -> None:
        """Raise after setting links aside: SQLite would write where they lead."""
        file = self._path.name
        names = (file, *(file + side for side in _SIDE_FILES), LOCK, SENDING_LOCK)
        links = [path for path in map(self._path.with_name, names) if path.is_symlink()]
        if links and self._complain is None:
            raise UnusableError("there are links, and nobody to tell")
        if links:
            from arxivdigest.store.aside import set_aside

            said = (f"{one} is a link, and was set aside as {set_aside(one).name}" for one in links)
            raise UnusableError("; ".join(said))


class _ListingsFile(_File):
    """The file of what arXiv said; that of version 0.1 also has what a reader did."""

    def __init__(self, folder: Path, complain: Complain, otherwise: str) -> None:
        super().__init__(folder, listing_tables.SCHEMA, complain, otherwise)

    def made_ready(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """The connection, once what a reader did is in a file of its own."""
        if _is_old(self._path):
            with opened_reader(self._path.parent, self._complain, self._otherwise):
                pass
            if self.is_gone():
                raise sqlite3.DatabaseError("it was set aside")
        return super().made_ready(connection)


class _ReaderFile(_File):
    """The file of what a reader did, which nobody can read again."""

    def __init__(
        self, folder: Path, schema: Schema, complain: Complain, otherwise: str, *, is_sending: bool
    ) -> None:
        super().__init__(folder, schema, complain, otherwise)
        self._is_sending = is_sending
        self._is_mended = False

    def made_ready(self, connection: sqlite3.Connection) -> sqlite3.Connection:
        """The connection, once what version 0.1 kept elsewhere is here."""
        prepared(connection, self._schema)
        old = self._path.with_name(FILE)
        if _is_old(old):
            self._bring_over(connection, old)
        if self._is_sending:
            # This finds damage that queries read past (sqlite.org/pragma.html#pragma_quick_check).
            with as_damage():
                (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok":
                raise sqlite3.DatabaseError(found)
        return connection

    def fail(self, error: Exception) -> sqlite3.Connection | None:
        """A connection to a new file with all that is readable of a damaged one, once."""
        if self._complain is None or self._is_mended or not self.is_damaged(error):
            return super().fail(error)
        self._is_mended = True
        try:
            if self._is_sending:
                self._mend()
            else:
                with locked(self._path.parent, 0, _no_sleep, SENDING_LOCK):
                    self._mend()
            return self.connect()
        except TryAgainError:
            said = "another run is sending from it"
        except (sqlite3.Error, OSError, UnusableError) as another:
            said = f"cannot be put right ({another})"
        self.say(f"{self._path} is damaged, and {said}{self._otherwise}")
        return None

    def _bring_over(self, connection: sqlite3.Connection, old: Path) -> None:
        from arxivdigest.store import migration
        from arxivdigest.store.aside import set_aside

        try:
            migration.bring_over(connection, old)
        except sqlite3.DatabaseError as error:
            is_passing = isinstance(error, sqlite3.OperationalError) or not _is_damage(error)
            if is_passing or self._complain is None:
                raise
            lost = migration.rescue(connection, old)
            said = "but not all of it" if lost else "all of it"
            aside = set_aside(old)
            self.say(
                f"{old} is damaged, and was set aside as {aside.name}; what was done was carried"
                f" over, {said}"
            )

    def _mend(self) -> None:
        """Put a new file in place of the damaged one, which is there until then."""
        from arxivdigest.store import salvage
        from arxivdigest.store.aside import free_name

        if self.is_gone():
            self.say(f"{self._path} is damaged, and was put right by another run")
            return
        with _private():
            data = self._path.read_bytes()
            aside = free_name(self._path)
            aside.write_bytes(data)
            new = self._path.with_name(f"{self._path.name}.new")
            new.unlink(missing_ok=True)
            salvaged = salvage.salvage(data, new)
        for side in _SIDE_FILES:
            self._path.with_name(self._path.name + side).unlink(missing_ok=True)
        new.replace(self._path)
        self.say(f"{self._path} is damaged, and was set aside as {aside.name}; {salvaged.said}")


_VERSION_AT = 60
"""Where a file of SQLite says the version of its tables (sqlite.org/fileformat2.html, 1.3)."""

_OLD = 3
"""The version of version 0.1's file, which has what a reader did beside the listings."""


def _is_old(path: Path) -> bool:
    """Whether the file is one of version 0.1 with something to bring over."""
    try:
        with path.open("rb") as file:
            return file.read(_VERSION_AT + 4)[_VERSION_AT:] == _OLD.to_bytes(4, "big")
    except OSError:
        return False


def _no_sleep(_: float) -> None:
    raise AssertionError("nobody waits for no time")


def _is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is wrong, and not the disk, the lock or the permissions."""
    if isinstance(error, sqlite3.NotSupportedError):
        return False
    # The low byte is the primary code (sqlite.org/rescode.html).
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF in _DAMAGE


_DAMAGE = (
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,  # tables that are not ours
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_TOOBIG,
)


@contextmanager
def _private() -> Iterator[None]:
    """What is made meanwhile is for its owner alone, whatever the user's umask."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _make(folder: Path) -> None:
    with _private():
        folder.mkdir(parents=True, exist_ok=True)


def _hide(path: Path) -> None:
    mode = path.stat().st_mode
    if mode & 0o077:
        path.chmod(mode & 0o700)


def _identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another that has its name later."""
    with suppress(FileNotFoundError):
        status = path.stat()
        return status.st_dev, status.st_ino
    return None


_LOCK_TRIES_A_SECOND = 10


@contextmanager
def locked(
    folder: Path, seconds: float, sleep: Callable[[float], None], name: str = LOCK
) -> Iterator[bool]:
    """Alone among all runs of the program; a TryAgainError after waiting so many seconds.

    The system lets go of the lock when a run ends, however it ends. Where there is nowhere to put
    a lock, this goes on without one, and says so by giving False.
    """
    descriptor = _lock_file(folder / name)
    try:
        yield descriptor is not None and _wait_for(descriptor, seconds, sleep)
    finally:
        if descriptor is not None:
            os.close(descriptor)


def _lock_file(path: Path) -> int | None:
    try:
        import fcntl  # noqa: F401 - whether this system has such locks

        _make(path.parent)
        with _private():
            return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except (ImportError, OSError):
        return None


def _wait_for(descriptor: int, seconds: float, sleep: Callable[[float], None]) -> bool:
    """Whether there is a lock, once it is had."""
    import fcntl

    for number in range(int(seconds * _LOCK_TRIES_A_SECOND) + 1):
        if number:
            sleep(1 / _LOCK_TRIES_A_SECOND)
        try:
            # flock, as a lock of lockf goes when any handle of the file is closed (fcntl(2)).
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        except OSError:  # a file system without locks
            return False
        return True
    raise TryAgainError("another run of digest is at work; try again in a minute")
