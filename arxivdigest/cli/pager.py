"""What a person reads at a terminal: wrapped at words, and paged where it is too tall for it."""

import os
import re
import sys

from arxivdigest.cli.shell import console, is_terminal, write

_LEAST_COLUMNS = 20
_CODES = r"\x1b\[[0-9;]*m|\x1b\]8;[^\x1b]*\x1b\\"
_NOT_RUN = (126, 127)
"""What a shell says of a command that it cannot run, or does not find."""


def tell(lines: str) -> None:
    """Write lines that a command says to standard output, as a terminal shows them best.

    In a pipe they stay as they are, each on a line of its own.
    """
    if not is_terminal(None):
        write(lines)
        return
    from arxivdigest.output import report, terminal

    screen = console(None)
    show(terminal.draw(report.report(lines, screen.width), screen))


def show(rendered: bytes | str, output: str | None = None, *, paged: bool = True) -> None:
    """Write what was rendered; to a pager where it is text, and taller than the terminal."""
    if paged and isinstance(rendered, str) and is_terminal(output) and _is_too_tall(rendered):
        command = _command()
        if command and _page(rendered, command):
            return
    write(rendered, output)


def _is_too_tall(text: str) -> bool:
    """Whether the terminal is one to page on, and the text does not fit it with the verdict."""
    if os.environ.get("TERM", "dumb") in ("dumb", ""):
        return False
    try:
        columns, rows = os.get_terminal_size(sys.stdout.fileno())
    except (OSError, ValueError):
        return False
    if columns < _LEAST_COLUMNS or rows < 1:
        return False
    from arxivdigest.text import width

    seen = (width(re.sub(_CODES, "", line)) for line in text.split("\n"))
    taken = sum(-(-max(1, cells) // columns) for cells in seen)
    return taken + 1 > rows


def _command() -> str | None:
    """The pager as a command of the shell; None where the user wants none, or there is none."""
    from shutil import which

    for name in ("DIGEST_PAGER", "PAGER"):
        named = os.environ.get(name)
        if named is not None:
            return named if named.strip() not in ("", "cat") else None
    return "less" if which("less") else None


def _page(text: str, command: str) -> bool:
    """Whether the pager showed the text; what it needs to show colours, as git tells it."""
    import signal
    from subprocess import PIPE, Popen

    encoding = sys.stdout.encoding or "utf-8"
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    if encoding.lower().startswith("utf"):
        environment.setdefault("LESSCHARSET", "utf-8")
    sys.stdout.flush()
    # Ctrl-C is for the pager, from its first moment on. It would ignore what is ignored here, and
    # begins without what is handled (POSIX, exec).
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        with Popen(command, shell=True, stdin=PIPE, env=environment) as pager:  # noqa: S602 - the user's own command, as git runs it
            pager.communicate(text.encode(encoding, "backslashreplace"))
    finally:
        signal.signal(signal.SIGINT, before)
    return pager.returncode not in _NOT_RUN
