"""The files of the store: private, shared between runs, and set aside where they are damaged."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from arxivdigest.errors import TryAgainError
from arxivdigest.store import listings, reader
from arxivdigest.store.database import Schema, in_memory, prepared
from arxivdigest.store.listings import Store
from arxivdigest.store.reader import Records

FILE = listings.SCHEMA.file
READER_FILE = reader.SCHEMA.file
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


@contextmanager
def opened(folder: Path, complain: Callable[[str], None] = _refuse) -> Iterator[Store]:
    """What arXiv said, in a folder that only its owner may read; what is wrong is said once.

    A damaged file, or one that is a link, is set aside and not deleted.
    """
    file = _File(folder, listings.SCHEMA)
    connection, is_lasting = file.connect_or(complain)
    store = Store(connection, lambda error: file.fail(error, complain), is_lasting=is_lasting)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def opened_reader(folder: Path, complain: Callable[[str], None] = _refuse) -> Iterator[Records]:
    """What was done by whoever owns the folder; what is wrong with its file is said once."""
    file = _File(folder, reader.SCHEMA)
    connection, is_lasting = file.connect_or(complain)
    records = Records(connection, lambda error: file.fail(error, complain), is_lasting=is_lasting)
    try:
        yield records
    finally:
        records.close()


class _File:
    """A file of the store: how it is come by, and what becomes of it when it is damaged."""

    def __init__(self, folder: Path, schema: Schema) -> None:
        self._path = folder / schema.file
        self._schema = schema
        self._identity: tuple[int, int] | None = None

    def connect_or(self, complain: Callable[[str], None]) -> tuple[sqlite3.Connection, bool]:
        """A connection to the file, or to memory, and which it is."""
        try:
            return self._connect(), True
        except (sqlite3.Error, OSError, UnusableError) as error:
            complain(self.trouble(error))
            return in_memory(self._schema), False

    def fail(self, error: sqlite3.Error, complain: Callable[[str], None]) -> None:
        """Nothing to go on with: what is wrong is said."""
        complain(self.trouble(error))

    def _connect(self) -> sqlite3.Connection:
        """A connection to the file, its tables as this version wants them."""
        folder = self._path.parent
        _make(folder)
        _hide(folder)
        self._set_links_aside()
        with _private():
            connection = sqlite3.connect(self._path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            self._identity = _identity(self._path)
            _hide(self._path)
            return prepared(connection, self._schema)
        except BaseException:
            connection.close()
            raise

    def trouble(self, error: Exception) -> str:
        """What is wrong, for a person; a damaged file is set aside, once it is closed."""
        if isinstance(error, UnusableError):
            return str(error)
        if isinstance(error, FileNotFoundError):
            return f"{self._path} is damaged, and was set aside by another run"
        if isinstance(error, sqlite3.Error) and (self._is_gone() or _is_damage(error)):
            return f"{self._path} is damaged, {self._put_aside()}"
        reason = (isinstance(error, OSError) and error.strerror) or error
        return f"{self._path} cannot be used ({reason})"

    def _is_gone(self) -> bool:
        """Whether another run has set the file aside since this one opened it."""
        return self._identity is not None and _identity(self._path) != self._identity

    def _put_aside(self) -> str:
        try:
            aside = None if self._is_gone() else _set_aside(self._path)
        except FileNotFoundError:
            aside = None
        except OSError as error:
            return f"and cannot be set aside ({error.strerror})"
        if aside and self._identity not in (None, _identity(aside)):
            _put_back(aside, self._path)
            aside = None
        return f"and was set aside {f'as {aside.name}' if aside else 'by another run'}"

    def _set_links_aside(self) -> None:
        """Raise after setting links aside: SQLite would write where they lead."""
        file = self._path.name
        names = (file, *(file + side for side in _SIDE_FILES), LOCK, SENDING_LOCK)
        links = [path for path in map(self._path.with_name, names) if path.is_symlink()]
        said = [f"{path} is a link, and was set aside as {_set_aside(path).name}" for path in links]
        if said:
            raise UnusableError("; ".join(said))


def _is_damage(error: sqlite3.Error) -> bool:
    """Whether the file itself is wrong, and not the disk, the lock or the permissions."""
    if isinstance(error, sqlite3.NotSupportedError):
        return False
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


def _set_aside(path: Path) -> Path:
    """Give the file another name, one that is free; where it is now."""
    aside = _free_name(path)
    path.replace(aside)
    return aside


def _put_back(aside: Path, path: Path) -> None:
    """Give a file its name again that was newer than the one meant, unless there is one by now."""
    with suppress(OSError):
        os.link(aside, path)
        aside.unlink()


def was_set_aside(folder: Path) -> bool:
    """Whether a file of the store was ever set aside in a folder."""
    return any(folder.glob(f"{FILE}.aside-*"))


def _free_name(path: Path) -> Path:
    """A name that nothing has, taken by an empty file so that no other run takes it."""
    for number in count(1):
        aside = path.with_name(f"{path.name}.aside-{number}")
        with suppress(FileExistsError):
            os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            return aside
    raise AssertionError("numbers do not end")


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
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            continue
        except OSError:  # a file system without locks
            return False
        return True
    raise TryAgainError("another run of digest is at work; try again in a minute")
