"""Files that the program writes: whole or not at all."""

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_PART = ".digest-"
_STREAM = r"/dev/(?:std(?P<name>out|err)|fd/(?P<fd>[0-9]{1,9}))|/proc/self/fd/(?P<own>[0-9]{1,9})"


def replace(path: Path, data: bytes) -> None:
    """Put the data in the place of what is there, whole; an OSError leaves that as it was.

    A link's target is replaced, and keeps its permissions. What is no regular file, such as a pipe,
    is written as it is.
    """
    stream = re.fullmatch(_STREAM, str(path))
    if stream:
        # Opened by its name it would be begun anew, where a shell appends to it.
        number = {"out": 1, "err": 2}.get(stream["name"] or "")
        _write(os.dup(number or int(stream["fd"] or stream["own"])), data)
        return
    target = Path(os.path.realpath(path))
    try:
        status = target.stat()
    except FileNotFoundError:
        status = None
    if status and not stat.S_ISREG(status.st_mode):
        _write(os.open(target, os.O_WRONLY), data)
        return
    if status and not os.access(target, os.W_OK):
        raise PermissionError(13, os.strerror(13))
    try:
        part, descriptor = _part(target.parent)
    except PermissionError:
        if status is None:
            raise
        _write(os.open(target, os.O_WRONLY | os.O_TRUNC), data)  # there is nowhere else
        return
    with _gone_if_failed(part):
        _write(descriptor, data, status)
        part.replace(target)


def create(path: Path, data: bytes) -> None:
    """Make a file that is not there yet, whole; an OSError leaves none."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with _gone_if_failed(path):
        _write(descriptor, data)


def _part(folder: Path) -> tuple[Path, int]:
    """A file that nobody else has, beside what it is to replace, and its descriptor."""
    import secrets

    part = folder / f"{_PART}{secrets.token_hex(6)}"
    return part, os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)


@contextmanager
def _gone_if_failed(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _write(descriptor: int, data: bytes, like: os.stat_result | None = None) -> None:
    """Write it all to a descriptor, which is closed then; with the permissions of another file."""
    with os.fdopen(descriptor, "wb") as file:
        if like is not None:
            with suppress(OSError):  # only root may give a file to another
                os.chown(descriptor, like.st_uid, like.st_gid)
            os.chmod(descriptor, stat.S_IMODE(like.st_mode))
        file.write(data)
        file.flush()
        with suppress(OSError):  # of a pipe, there is nothing to be put on a disk
            os.fsync(descriptor)
