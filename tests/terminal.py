"""The command `digest` at a terminal of its own, and a person who types there."""

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

SECONDS = 60.0
INTERRUPT = "\x03"


class Shown(NamedTuple):
    """What stood on the terminal in the end, and how the command ended."""

    code: int
    screen: str

    @property
    def lines(self) -> list[str]:
        """What was shown, line by line."""
        return self.screen.replace("\r\n", "\n").splitlines()


def at_terminal(
    *arguments: str | Path,
    home: Path,
    columns: int = 80,
    rows: int = 24,
    environment: Mapping[str, str] | None = None,
    typed: Sequence[tuple[str, str]] = (),
) -> Shown:
    """What the command shows; each text is typed once what it answers to has been shown."""
    mine, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "arxivdigest", *map(str, arguments)],
        stdin=its,
        stdout=its,
        stderr=its,
        cwd=home,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "TERM": "xterm",
            "PYTHONIOENCODING": "utf-8",
            "PYTHONWARNINGS": "error",
            **(environment or {}),
        },
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - no threads here
    )
    os.close(its)
    try:
        screen = _talk(mine, list(typed))
        return Shown(process.wait(SECONDS), screen)
    finally:
        process.kill()
        process.wait()
        os.close(mine)


def _talk(terminal: int, typed: list[tuple[str, str]]) -> str:
    screen, answered, last = "", 0, ""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if not select.select([terminal], [], [], 1.0)[0]:
            # Python can miss one that comes just before it waits for input; people press again.
            os.write(terminal, INTERRUPT.encode() if last == INTERRUPT else b"")
            continue
        try:
            part = os.read(terminal, 1 << 16)
        except OSError:  # Linux says so at the end
            break
        if not part:
            break
        screen += part.decode("utf-8", "replace")
        if typed and typed[0][0] in screen[answered:]:
            answered = len(screen)
            last = typed.pop(0)[1]
            os.write(terminal, last.encode())
    assert not typed, f"never shown: {typed[0][0]}"
    return screen
