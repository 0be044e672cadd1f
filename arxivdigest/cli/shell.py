"""The shell around a command: its terminal, its pipes, its clock."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from typer import Exit

from arxivdigest.errors import OutputError

if TYPE_CHECKING:
    from datetime import datetime
    from typing import TextIO

    from rich.console import Console


def now() -> "datetime":
    """The instant, in the user's time zone."""
    from datetime import datetime

    return datetime.now().astimezone()


def sleep(seconds: float) -> None:
    """Wait for so many seconds."""
    import time

    time.sleep(seconds)


def chance() -> float:
    """A number from 0 to 1."""
    import random

    return random.random()  # noqa: S311 - it keeps no secret


def end_in_order() -> None:
    """End by SIGTERM and SIGHUP as by an error, so that locks and transactions are let go."""
    import signal

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # SIGHUP is not everywhere, and nohup ignores it
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, end)


def is_stdout(output: str | None) -> bool:
    """Whether an `--output` means standard output."""
    return output is None or output == "-"


def is_terminal(output: str | None) -> bool:
    """Whether what is written there is read by a person at a terminal."""
    return is_stdout(output) and sys.stdout is not None and sys.stdout.isatty()


def console(output: str | None) -> "Console":
    """A console like standard output, or one without colours for a file."""
    from rich.console import Console

    if is_stdout(output):
        return Console(highlight=False, emoji=False, markup=False)
    return Console(color_system=None, force_terminal=False, highlight=False, emoji=False)


def has_progress(*, quiet: bool) -> bool:
    """Whether anybody sees a line of progress: nobody in a pipe, nor on a dumb terminal."""
    is_seen = sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return is_seen and not quiet


def complain(message: str) -> None:
    """Write a sentence to standard error, made safe for a terminal, if anybody listens there.

    A terminal gets it wrapped at words; elsewhere it is one line.
    """
    from arxivdigest.text import safe

    if sys.stderr is None:
        return
    said = safe(message)
    try:
        if sys.stderr.isatty():
            said = _in_terminal_lines(said)
        sys.stderr.write(f"{said}\n")
        sys.stderr.flush()
    except OSError:
        forget(sys.stderr)


def _in_terminal_lines(sentence: str) -> str:
    from shutil import get_terminal_size

    from arxivdigest.text import wrap

    columns = get_terminal_size().columns
    return wrap(sentence, columns, "  ", "") if columns > len("  ") else sentence


def write(rendered: bytes | str, output: str | None = None) -> None:
    """Write it all to a file in UTF-8, or to standard output in its own encoding.

    A reader who closes the pipe has seen enough: that ends the program, and is no failure.
    """
    if not is_stdout(output):
        _write_file(rendered, Path(output or ""))
        return
    if sys.stdout is None:
        raise OutputError("standard output is closed; give --output FILE, or a pipe")
    if isinstance(rendered, str):
        rendered = rendered.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(rendered)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        forget(sys.stdout)
        raise Exit from None
    except OSError as error:
        forget(sys.stdout)
        raise OutputError(f"standard output cannot be written: {error.strerror}") from error


def _write_file(rendered: bytes | str, path: Path) -> None:
    data = rendered if isinstance(rendered, bytes) else rendered.encode("utf-8", "replace")
    try:
        path.write_bytes(data)
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error


def forget(stream: "TextIO") -> None:
    """Point a stream elsewhere, so that Python does not fail over it again at its end."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
