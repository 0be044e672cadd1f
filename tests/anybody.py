"""Rights as anybody has them, also where root runs the tests."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def as_anybody() -> Iterator[Path]:
    """A folder of one's own, and no rights beyond it: root's are laid down meanwhile."""
    is_root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp())
    if is_root:
        os.chown(folder, NOBODY, NOBODY)
        os.seteuid(NOBODY)
    try:
        yield folder
    finally:
        if is_root:
            os.seteuid(0)
        folder.chmod(0o700)
        shutil.rmtree(folder)
