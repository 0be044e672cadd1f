"""The shell around a command: its terminal, its pipes, its clock."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from typer import Exit

from arxivdigest.errors import OutputError, TryAgainError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import TextIO

    from rich.console import Console


def now() -> "datetime":
    """The instant, in the user's time zone."""
    from datetime import UTC, datetime

    try:
        return datetime.now().astimezone()
    except (ValueError, OverflowError, OSError):  # TZ=UTC+24 is further than any place is
        return datetime.now(UTC)


def local(instant: "datetime") -> "datetime":
    """The instant in the user's time zone, or as it is where that is none."""
    try:
        return instant.astimezone()
    except (ValueError, OverflowError, OSError):
        return instant


def sleep(seconds: float) -> None:
    """Wait for so many seconds."""
    import time

    time.sleep(seconds)


def chance() -> float:
    """A number from 0 to 1."""
    import random

    return random.random()  # noqa: S311 - it keeps no secret


def worst(codes: "Iterable[int]") -> int:
    """One exit code for several: what trying again does not mend counts before what it may."""
    return max(codes, key=lambda code: (code not in (0, TryAgainError.exit_code), code), default=0)


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

    # With both given, rich looks for neither: it takes COLUMNS=² for a number.
    width, height = columns(sys.stdout), 25
    if is_stdout(output):
        return Console(width=width, height=height, highlight=False, emoji=False, markup=False)
    return Console(
        width=width,
        height=height,
        color_system=None,
        force_terminal=False,
        highlight=False,
        emoji=False,
    )


_FEWEST_COLUMNS, _MOST_COLUMNS = 20, 1000
_USUAL_COLUMNS = 80


def columns(stream: "TextIO | None") -> int:
    """How wide lines for a person may be: as COLUMNS says, or the terminal, or as usual.

    A width that no terminal has is passed over.
    """
    written = os.environ.get("COLUMNS", "")
    if written.isascii() and written.isdecimal() and len(written) <= len(str(_MOST_COLUMNS)):
        named = int(written)
        if _FEWEST_COLUMNS <= named <= _MOST_COLUMNS:
            return named
    try:
        real = os.get_terminal_size(stream.fileno()).columns if stream else 0
    except (OSError, ValueError):
        real = 0
    return real if _FEWEST_COLUMNS <= real <= _MOST_COLUMNS else _USUAL_COLUMNS


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
    from arxivdigest.text import wrap

    return wrap(sentence, columns(sys.stderr), "  ", "")


def write(rendered: bytes | str, output: str | None = None) -> None:
    """Write it all to a file in UTF-8, or to standard output in its own encoding.

    A reader who closes the pipe has seen enough: that ends the program, and is no failure.
    """
    if not is_stdout(output):
        _write_file(rendered, output or "")
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


def _write_file(rendered: bytes | str, output: str) -> None:
    from arxivdigest.cli import files

    path = Path(output)
    if output.endswith(os.sep):  # which a path would not say
        raise OutputError(f"{path} cannot be written: {output} is a folder; name a file in it")
    data = rendered if isinstance(rendered, bytes) else rendered.encode("utf-8", "replace")
    try:
        files.replace(path, data)
    except BrokenPipeError:
        raise Exit from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"{path} cannot be written: {reason}") from error


def flushed(code: int) -> int:
    """The exit code, once all is written: another where it cannot be.

    Whoever closes a pipe, as in `digest --help | true`, has seen enough.
    """
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except BrokenPipeError:
            forget(stream)
        except OSError as error:
            forget(stream)
            if stream is sys.stdout:
                complain(f"digest: standard output cannot be written: {error.strerror}")
                code = code or OutputError.exit_code
    return code


def forget(stream: "TextIO") -> None:
    """Point a stream elsewhere, so that Python does not fail over it again at its end."""
    # As Python's own documentation of `signal` advises, under "Note on SIGPIPE".
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
