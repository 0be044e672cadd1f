"""The time as the program has it, handed in so that tests can tell another."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple


class Clock(NamedTuple):
    """The time, and waiting; and chance, a number from 0 to 1 that spreads out second tries."""

    now: Callable[[], datetime]
    sleep: Callable[[float], None]
    chance: Callable[[], float]
