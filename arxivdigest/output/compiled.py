"""Templates as they were compiled before, as compiling them costs more than filling them in."""

import os
from contextlib import suppress
from pathlib import Path
from zlib import crc32

from jinja2 import BytecodeCache
from jinja2 import __version__ as jinja_version
from jinja2.bccache import Bucket

from arxivdigest import __version__

_MADE_BY = f"{__version__} {jinja_version}\n".encode()
_CHECKSUM = 4  # bytes


class CompiledTemplates(BytecodeCache):
    """A folder of compiled templates, for its owner alone; without it all goes on, more slowly.

    Jinja finds out what is of another text or another Python. What another version of this program
    or of Jinja compiled is not looked at, and nothing that has other bytes than were written:
    Python runs what is in them, or ends over it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give the bucket what was compiled before, if it was."""
        if not _is_private(self._folder):
            return
        with suppress(OSError):
            data = (self._folder / bucket.key).read_bytes()
            body = data[_CHECKSUM:]
            if data[:_CHECKSUM] == _checksum(body) and body.startswith(_MADE_BY):
                bucket.bytecode_from_string(body[len(_MADE_BY) :])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled, whole or not at all."""
        body = _MADE_BY + bucket.bytecode_to_string()
        part = self._folder / f"{bucket.key}.{os.getpid()}"
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not _is_private(self._folder):  # a link that lies there may lead anywhere
                return
            try:
                part.write_bytes(_checksum(body) + body)
                part.replace(self._folder / bucket.key)
            except BaseException:  # an interrupt leaves nothing behind either
                part.unlink(missing_ok=True)
                raise


def _checksum(body: bytes) -> bytes:
    return crc32(body).to_bytes(_CHECKSUM, "big")


def _is_private(folder: Path) -> bool:
    """Whether nobody but its owner, who runs this, can put anything into the folder."""
    try:
        status = folder.stat()
    except OSError:
        return False
    is_own = not hasattr(os, "getuid") or status.st_uid == os.getuid()
    return is_own and not status.st_mode & 0o022
