import time
from threading import Event

import pytest

from arxivdigest.deadline import Deadline, within


def test_a_deadline_comes_nearer_and_passes() -> None:
    deadline = Deadline(0.05)
    assert deadline.seconds == 0.05
    first = deadline.remaining()
    assert 0 < deadline.remaining() < first <= 0.05
    Event().wait(0.06)
    with pytest.raises(TimeoutError):
        deadline.remaining()


def test_work_within_its_time_returns_or_raises() -> None:
    assert within(5, lambda: "done") == "done"
    with pytest.raises(ValueError, match="wrong"):
        within(5, lambda: int("wrong"))


def test_work_beyond_its_time_is_left_behind() -> None:
    ended = Event()
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        within(0.05, lambda: ended.wait(10))
    assert time.monotonic() - began < 5
    ended.set()
