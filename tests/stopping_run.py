"""A run of the program that stops where it is told, says so, and waits to be killed.

    python stopping_run.py POINT STATE ADDRESS

POINT is the beginning of what is said (`say:Asking`), of what SQLite is told (`sql:COMMIT`), or
one of `body`, `sleep`, `end`. Of several, parted by `>`, each is waited for after the one before.
"""

import signal
import sqlite3
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Never
from zoneinfo import ZoneInfo

from arxivdigest import reading
from arxivdigest.clock import Clock
from arxivdigest.config import Fetch
from arxivdigest.fetch import http
from arxivdigest.reading import Request, World

MORNING = datetime(2025, 7, 11, 8, tzinfo=ZoneInfo("America/New_York"))


def stop() -> Never:
    sys.stdout.write("here\n")
    sys.stdout.flush()
    while True:
        signal.pause()


def stopping_at(point: str) -> Callable[[str], None]:
    """What is told of every step, and stops at that point."""
    left = point.split(">")

    def step(name: str) -> None:
        if left and name.startswith(left[0]):
            del left[0]
            if not left:
                stop()

    return step


def main(point: str, state: Path, address: str) -> None:
    step = stopping_at(point)
    connect, body = sqlite3.connect, http._body  # noqa: SLF001 - nothing is handed in there

    def traced(*arguments: object, **options: object) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]
        connection.execute("PRAGMA cache_size = 1")  # so that half a transaction is in the file
        connection.set_trace_callback(lambda statement: step(f"sql:{statement.strip()}"))
        return connection

    def stopping_body(*arguments: object) -> object:
        step("body")
        return body(*arguments)  # type: ignore[arg-type]

    sqlite3.connect = traced  # type: ignore[assignment]
    http._body = stopping_body  # type: ignore[assignment]  # noqa: SLF001 - as above
    clock = Clock(lambda: MORNING, lambda _: step("sleep"), lambda: 0.5)
    world = World(clock, state, lambda line: step(f"say:{line}"), lambda line: step(f"told:{line}"))
    settings = Fetch("auto", address, address, delay=1)
    reading.read(Request(None, ("cs.DC",), settings), world)
    step("end")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
