"""What is going on while arXiv is asked, in one line that is gone when it is done."""

import sys
import time
from collections.abc import Callable
from threading import Event, RLock, Thread
from typing import TextIO

from arxivdigest.cli.shell import columns

_EVERY = 1.0


class Progress:
    """A line on a terminal: what is asked for, and how long that takes or is waited for.

    It is drawn anew each second, so that a person sees that something goes on.
    """

    def __init__(
        self,
        stream: TextIO,
        columns: Callable[[], int],
        monotonic: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._stream = stream
        self._columns = columns
        self._monotonic = monotonic
        self._sleep = sleep
        self._line = ""
        self._begun = 0.0
        self._until: float | None = None
        self._lock = RLock()
        self._done = Event()

    def say(self, line: str) -> None:
        """Show the line in place of the one before; an empty one leaves nothing behind."""
        with self._lock:
            if not line:
                self._end()
                return
            if not self._line:
                self._begun = self._monotonic()
                self._done = Event()
                Thread(target=self._tick, args=(self._done,), daemon=True).start()
            self._line = line
            self._draw()

    def sleep(self, seconds: float) -> None:
        """Wait, and count down beside the line that says what for."""
        self._until = self._monotonic() + seconds
        try:
            while (left := self._until - self._monotonic()) > 0:
                with self._lock:
                    self._draw()
                self._sleep(min(_EVERY, left))
        finally:
            self._until = None

    def _tick(self, done: Event) -> None:
        while not done.wait(_EVERY):
            with self._lock:
                if not done.is_set():
                    self._draw()

    def _end(self) -> None:
        self._done.set()
        if self._line:
            self._line = ""
            self._write("\r\x1b[K")

    def _draw(self) -> None:
        if not self._line:
            return
        now = self._monotonic()
        seconds = self._until - now if self._until else now - self._begun
        taken = f"  {_in_words(seconds)}"
        room = max(0, self._columns() - len(taken) - 1)
        self._write(f"\r\x1b[K{self._line[:room]}{taken}")

    def _write(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):  # the terminal is gone: whoever writes next will say so
            self._done.set()


def _in_words(seconds: float) -> str:
    whole = round(seconds)
    if whole < 100:  # noqa: PLR2004 - as many as two digits hold
        return f"{whole} s"
    minutes = whole // 60
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60:02} min"  # noqa: PLR2004 - the same


def progress() -> Progress:
    """The line of progress on standard error."""
    return Progress(sys.stderr, lambda: columns(sys.stderr), time.monotonic, time.sleep)
