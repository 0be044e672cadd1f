"""Files that are set aside: given a name that nothing has, and not deleted."""

import os
from contextlib import suppress
from itertools import count
from pathlib import Path


def set_aside(path: Path) -> Path:
    """Give the file another name, one that is free; where it is now."""
    aside = free_name(path)
    path.replace(aside)
    return aside


def put_back(aside: Path, path: Path) -> None:
    """Give a file its name again that was newer than the one meant, unless there is one by now."""
    with suppress(OSError):
        os.link(aside, path)
        aside.unlink()


def free_name(path: Path) -> Path:
    """A name that nothing has, taken by an empty file so that no other run takes it."""
    for number in count(1):
        aside = path.with_name(f"{path.name}.aside-{number}")
        with suppress(FileExistsError):
            os.close(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            return aside
    raise AssertionError("numbers do not end")
