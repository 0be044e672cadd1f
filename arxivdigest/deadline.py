"""An end to waiting, whatever it is that is waited for."""

from collections.abc import Callable
from time import monotonic
from typing import TypeVar

_Result = TypeVar("_Result")


class Deadline:
    """The instant, so many seconds from now, by which everything must be done."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = monotonic() + seconds

    def remaining(self) -> float:
        """The seconds that are left; a TimeoutError where there are none."""
        left = self._end - monotonic()
        if left <= 0:
            raise TimeoutError
        return left


PATIENCE = 170.0
"""Seconds that a run waits in all for answers and between tries: three minutes with what it does.

The pauses before what is asked for the first time are not counted.
"""


class Patience:
    """So many seconds of waiting in all, less those that were waited."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds

    def spend(self, seconds: float) -> None:
        """Take off what was waited."""
        self.left = max(0.0, self.left - seconds)


def within(seconds: float, work: Callable[[], _Result]) -> _Result:
    """What the work returns or raises, and after so many seconds a TimeoutError.

    For work that nothing else can bound, such as looking up a name: a thread waits for it, which
    may be left behind. It must do no harm when it ends later.
    """
    from concurrent.futures import Future
    from threading import Thread

    outcome: Future[_Result] = Future()

    def run() -> None:
        try:
            outcome.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            outcome.set_exception(error)

    # getaddrinfo(3) knows no timeout; a daemon thread that waits for it lets the program end.
    Thread(target=run, daemon=True).start()
    return outcome.result(seconds)
