import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv, papers
from mornings import NOON, TUESDAY

RUN = Path(__file__).parents[1] / "run_at.py"


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    """An arXiv where it is noon in New York on a Tuesday."""
    with FakeArxiv(NOON) as fake:
        fake.publish(TUESDAY, *papers("2605.1", 2, "cs.DC"))
        yield fake


def command(arxiv: FakeArxiv, folder: Path, *options: str) -> list[str]:
    config = folder / "config.toml"
    config.write_text(
        f'fetch = {{ site = "{arxiv.url}", feeds = "{arxiv.url}", delay = 0 }}', encoding="utf-8"
    )
    arguments = ["today", "cs.DC", "--source", "page", "-c", str(config), *options]
    return [sys.executable, str(RUN), NOON.isoformat(), *arguments]


@contextmanager
def started(folder: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "NO_PROXY": "*"},
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_requests(arxiv: FakeArxiv, count: int) -> None:
    deadline = time.monotonic() + 30
    while len(arxiv.requests) < count:
        assert time.monotonic() < deadline
        time.sleep(0.01)


SIGNALS = pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)]
)


@SIGNALS
def test_a_signal_ends_a_request_in_order(
    arxiv: FakeArxiv, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    arxiv.fault("/", "stall")
    with started(tmp_path, *command(arxiv, tmp_path)) as process:
        wait_for_requests(arxiv, 1)
        process.send_signal(number)
        assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == code
    arxiv.mend()
    with started(tmp_path, *command(arxiv, tmp_path)) as process:
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out.count(b"\n"), err.count(b"\n")) == (0, 2, 1)


@SIGNALS
def test_a_signal_ends_the_waiting_in_order(
    arxiv: FakeArxiv, tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with started(tmp_path, *command(arxiv, tmp_path, "--wait")) as process:
        wait_for_requests(arxiv, 1)
        process.send_signal(number)
        assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == code


def test_a_hang_up_that_is_ignored_stays_ignored(arxiv: FakeArxiv, tmp_path: Path) -> None:
    arxiv.fault("/", "stall")
    ignoring = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh")
    with started(tmp_path, *ignoring, *command(arxiv, tmp_path)) as process:
        wait_for_requests(arxiv, 1)
        process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.2)
        process.terminate()
        assert process.wait(30) == 143
