import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from fake_arxiv import FakeArxiv, papers
from inbox import Inbox
from mornings import subjects
from ran import Digest, Ran

from arxivdigest.store.file import FILE, READER_FILE

TUESDAY = date(2026, 5, 5)
RUN = Path(__file__).with_name("stopping_sending.py")


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    """An arXiv where it is noon in New York on a Tuesday."""
    with FakeArxiv(datetime(2026, 5, 5, 16, tzinfo=UTC)) as fake:
        fake.publish(TUESDAY, *papers("2605.1", 40, "cs.DC"))
        yield fake


def configured(folder: Path, arxiv: FakeArxiv, inbox: Inbox) -> dict[str, str]:
    """What the environment must say for `digest` to know the fakes."""
    mine = folder / "mine.toml"
    mine.write_text(
        f"""
        subjects = ["cs.DC"]
        fetch = {{ site = "{arxiv.url}", feeds = "{arxiv.url}", delay = 0 }}
        [email]
        to = ["ann@example.org"]
        sender = "digest@example.org"
        smtp = {{ host = "localhost", port = {inbox.port}, security = "none" }}
        """,
        encoding="utf-8",
    )
    return {"ARXIVDIGEST_CONFIG": str(mine), "NO_PROXY": "*", "HOME": str(folder)}


class Morning(NamedTuple):
    """All that a run of `digest send` meets with."""

    folder: Path
    arxiv: FakeArxiv
    inbox: Inbox
    send: Callable[[], Ran]

    @property
    def marks(self) -> list[bool]:
        """Of each message that arrived, whether it says that it may be a second one."""
        return [one.is_marked for one in self.inbox.received]

    @property
    def ids(self) -> set[str]:
        return {one.message["Message-ID"] for one in self.inbox.received}


@pytest.fixture
def morning(digest: Digest, tmp_path: Path, arxiv: FakeArxiv, inbox: Inbox) -> Morning:
    environment = configured(tmp_path, arxiv, inbox)
    return Morning(
        tmp_path, arxiv, inbox, lambda: digest("send", environment=environment, at=arxiv.now)
    )


def ended_at(
    point: str, number: signal.Signals, morning: Morning, *, is_taken: bool = False
) -> int:
    """The exit code of a run that got a signal at a point, once the server has the message."""
    with subprocess.Popen(
        [sys.executable, str(RUN), point, morning.arxiv.now.isoformat(), "send"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(morning.folder),
            "NO_PROXY": "*",
            "ARXIVDIGEST_CONFIG": str(morning.folder / "mine.toml"),
        },
    ) as run:
        assert run.stdout
        assert run.stdout.readline() == b"here\n"
        deadline = time.monotonic() + 30
        while is_taken and not morning.inbox.received:
            assert time.monotonic() < deadline
            time.sleep(0.005)
        run.send_signal(number)
        run.wait(30)
    return run.returncode


def checked(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        found: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
        return found


PUT = "sql:INSERT OR REPLACE INTO message"
CLAIM = f"{PUT}>{PUT}"
NOTE = f"{CLAIM}>{PUT}"
IN_ORDER = [  # where a run is ended, whether it had claimed the message, and whether it was taken
    ("sql:PRAGMA secure_delete", False, False),
    (PUT, False, False),
    (f"{PUT}>sql:COMMIT", False, False),
    (f"{PUT}>sql:COMMIT>sql:BEGIN", False, False),
    (CLAIM, False, False),
    (f"{CLAIM}>sql:COMMIT", False, False),
    ("connecting", True, False),
    ("reply:220", True, False),
    ("smtp:ehlo", True, False),
    ("sent:ehlo", True, False),
    ("smtp:MAIL", True, False),
    ("smtp:RCPT", True, False),
    ("sent:DATA", True, False),
    ("smtp:Date:", True, False),
    ("sent:Date:", True, False),
    ("sent:.", True, True),
    ("reply:250 taken", True, True),
    (NOTE, True, True),
    (f"{NOTE}>sql:COMMIT", True, True),
]


@pytest.mark.parametrize(("point", "is_claimed", "is_taken"), IN_ORDER)
def test_a_run_killed_anywhere_loses_no_message_and_doubles_it_only_with_the_mark(
    morning: Morning,
    point: str,
    *,
    is_claimed: bool,
    is_taken: bool,
) -> None:
    assert ended_at(point, signal.SIGKILL, morning, is_taken=is_taken) == -signal.SIGKILL
    ran = morning.send()
    assert (ran.code, len(ran.errors)) == (0, 1), ran.err
    assert ran.err.endswith(" Sent to ann@example.org.\n")
    assert morning.marks == [False] * is_taken + [is_claimed]
    assert len(morning.ids) == 1
    assert "It was already sent on Tue 5 May 2026 at " in morning.send().err
    assert len(morning.inbox.received) == 1 + is_taken
    (state,) = morning.folder.rglob(READER_FILE)
    assert checked(state) == "ok"
    assert b"multipart/alternative" not in state.read_bytes()
    names = [FILE, "lock", READER_FILE, "sending.lock"]
    assert sorted(path.name for path in state.parent.iterdir()) == names


@pytest.mark.parametrize("point", ["smtp:QUIT", "reply:221", "end"])
def test_a_run_killed_once_it_is_noted_sends_nothing_twice(morning: Morning, point: str) -> None:
    assert ended_at(point, signal.SIGKILL, morning) == -signal.SIGKILL
    assert "It was already sent on Tue 5 May 2026 at " in morning.send().err
    assert morning.marks == [False]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize(
    ("point", "is_taken"),
    [("smtp:ehlo", False), ("sent:DATA", False), ("sent:.", True), ("reply:250 taken", True)],
)
def test_a_signal_is_like_being_killed(
    morning: Morning,
    point: str,
    number: signal.Signals,
    *,
    is_taken: bool,
) -> None:
    assert ended_at(point, number, morning, is_taken=is_taken) == 128 + number
    assert morning.send().code == 0
    assert morning.marks == [False] * is_taken + [True]
    assert len(morning.ids) == 1


def test_killed_again_and_again_it_is_sent_in_the_end(
    morning: Morning,
) -> None:
    for point in ("connecting", "sent:DATA", CLAIM, "smtp:ehlo"):  # it is put in by the first
        ended_at(point, signal.SIGKILL, morning)
    assert morning.send().code == 0
    assert morning.marks == [True, True]
    assert len(morning.ids) == 1


def test_what_a_killed_run_left_of_an_earlier_day_goes_before_the_new_one(
    morning: Morning,
) -> None:
    ended_at("smtp:ehlo", signal.SIGKILL, morning)
    morning.arxiv.now = datetime(2026, 5, 6, 16, tzinfo=UTC)
    morning.arxiv.publish(date(2026, 5, 6), *papers("2605.2", 2, "cs.DC"))
    ran = morning.send()
    assert ran.code == 0
    assert ran.errors[0] == "Tue 5 May 2026, which was waiting. Sent to ann@example.org."
    assert ran.errors[1].startswith("Wed 6 May 2026, cs.DC: 2")
    assert [one.is_marked for one in morning.inbox.received] == [True, False]
    assert subjects(morning.inbox) == [
        "cs.DC: 40 for you – On pelicans (Tue 5 May)",
        "cs.DC: 2 for you – On pelicans (Wed 6 May)",
    ]


@pytest.mark.parametrize("seconds", [0.0, 0.5])
def test_five_runs_started_together_send_one_message(
    digest: Digest, arxiv: FakeArxiv, tmp_path: Path, seconds: float
) -> None:
    with Inbox(seconds) as inbox, ThreadPoolExecutor(5) as pool:
        environment = configured(tmp_path, arxiv, inbox)
        runs = [
            pool.submit(digest, "send", environment=environment, at=arxiv.now) for _ in range(5)
        ]
        ran = [run.result() for run in runs]
    assert [one.code for one in ran] == [0] * 5, [one.err for one in ran]
    assert [one.is_marked for one in inbox.received] == [False]
    said = sorted("already sent" in one.err for one in ran)
    assert said == [False, True, True, True, True]
    assert len(arxiv.asked) == 1


def test_five_runs_without_a_lock_send_one_message_too(
    digest: Digest, arxiv: FakeArxiv, tmp_path: Path
) -> None:
    (tmp_path / ".local" / "state" / "arxivdigest" / "sending.lock").mkdir(parents=True)
    with Inbox(0.5) as inbox, ThreadPoolExecutor(5) as pool:
        environment = configured(tmp_path, arxiv, inbox)
        runs = [
            pool.submit(digest, "send", environment=environment, at=arxiv.now) for _ in range(5)
        ]
        ran = [run.result() for run in runs]
    assert [one.is_marked for one in inbox.received] == [False]
    said = {(one.code, one.err) for one in ran if "Sent to" not in one.err}
    busy = (75, "digest: another run is sending it; try again later\n")
    assert all(one == busy or (one[0] == 0 and "already sent" in one[1]) for one in said), said
