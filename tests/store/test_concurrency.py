import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from threading import Event

import pytest
from entries import entry
from fake_arxiv import EASTERN, FakeArxiv, papers
from ran import Digest, Ran, code_of

from arxivdigest import reading
from arxivdigest.clock import Clock
from arxivdigest.errors import TryAgainError
from arxivdigest.model import Listing
from arxivdigest.reading import Request, World
from arxivdigest.store.file import FILE, LOCK, locked, opened
from arxivdigest.store.rows import Stored

THURSDAY = date(2025, 7, 10)
FRIDAY = date(2025, 7, 11)
MORNING = datetime(2025, 7, 11, 8, tzinfo=EASTERN)
PAPERS = [replace(paper, abstract="Of pelicans. " * 300) for paper in papers("2507.1", 40, "cs.DC")]
IDS = [paper.arxiv_id for paper in PAPERS]
RUN = Path(__file__).parents[1] / "stopping_run.py"


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv(MORNING) as fake:
        fake.publish(FRIDAY, *PAPERS)
        yield fake


def unwanted(what: object) -> None:
    raise AssertionError(what)


def reading_of(day: date, *ids: str) -> Stored:
    """A reading of the announcement of a day, made on that day."""
    entries = tuple(map(entry, ids))
    return Stored(Listing("page", ("cs.DC",), day, entries), datetime(2025, 7, 10, 12, tzinfo=UTC))


# Several runs at once


def started_together(digest: Digest, folder: Path, count: int) -> tuple[list[Ran], list[str]]:
    """What so many runs printed, and what arXiv was asked, which answers slowly."""
    another = Event()
    with FakeArxiv(MORNING) as arxiv, ThreadPoolExecutor(count) as pool:

        def slowly(body: bytes) -> bytes:
            if len(arxiv.requests) > 1:
                another.set()
            another.wait(1.5)
            return body

        arxiv.publish(FRIDAY, *PAPERS)
        arxiv.fault("/", "change", change=slowly)
        config = folder / "config.toml"
        config.write_text(f'[fetch]\nsite = "{arxiv.url}"\nfeeds = "{arxiv.url}"\ndelay = 0\n')
        run = partial(digest, environment={"NO_PROXY": "*"}, at=MORNING)
        runs = [pool.submit(run, "today", "cs.DC", "--config", config) for _ in range(count)]
        return [run.result() for run in runs], arxiv.asked


def test_five_runs_started_together_ask_once_and_print_the_same(
    digest: Digest, tmp_path: Path
) -> None:
    runs, asked = started_together(digest, tmp_path, 5)
    assert len(asked) == 1
    assert {(run.code, run.out) for run in runs} == {(0, runs[0].out)}
    assert [line.split("\t")[0] for line in runs[0].out.splitlines()] == IDS
    assert [len(run.err.splitlines()) for run in runs] == [1] * 5


def test_five_runs_that_find_a_damaged_file_each_make_their_digest(
    digest: Digest, tmp_path: Path
) -> None:
    state = tmp_path / ".local" / "state" / "arxivdigest"
    state.mkdir(parents=True)
    (state / FILE).write_text("garbage")
    runs, asked = started_together(digest, tmp_path, 5)
    assert {(run.code, run.out) for run in runs} == {(0, runs[0].out)}
    complaints = [line for run in runs for line in run.err.splitlines()[:-1]]
    assert 1 <= len(complaints) <= 5
    assert [line for line in complaints if " is damaged, and was set aside " not in line] == []
    assert 1 <= len(asked) <= 5
    aside = [path for path in state.iterdir() if "aside" in path.name]
    assert [path.read_text() for path in aside if path.stat().st_size] == ["garbage"]


def test_what_the_run_before_stored_is_used_and_not_asked_for_again(
    arxiv: FakeArxiv, tmp_path: Path
) -> None:
    waited: list[float] = []
    with ExitStack() as before:
        before.enter_context(locked(tmp_path, 0, waited.append))

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            with opened(tmp_path) as kept:
                kept.keep(("cs.DC",), reading_of(FRIDAY, "2507.00009"))
            before.close()

        clock = Clock(lambda: MORNING, sleep, lambda: 0.5)
        world = World(clock, tmp_path, lambda _: None, unwanted)
        gathered = reading.read(Request(None, ("cs.DC",), arxiv.settings()), world)
    assert [entry.arxiv_id for entry in gathered.listing.entries] == ["2507.00009"]
    assert (waited, arxiv.asked) == ([0.1], [])


def test_a_run_that_never_ends_is_waited_for_ten_seconds(arxiv: FakeArxiv, tmp_path: Path) -> None:
    waited: list[float] = []
    clock = Clock(lambda: MORNING, waited.append, lambda: 0.5)
    world = World(clock, tmp_path, lambda _: None, unwanted)
    with locked(tmp_path, 0, waited.append), pytest.raises(TryAgainError) as raised:
        reading.read(Request(None, ("cs.DC",), arxiv.settings()), world)
    assert str(raised.value) == "another run of digest is at work; try again in a minute"
    assert raised.value.exit_code == 75
    assert sum(waited) == pytest.approx(10)
    assert arxiv.asked == []


def test_the_lock_is_free_again_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError), locked(tmp_path, 0, unwanted):
        raise KeyError
    with locked(tmp_path, 0, unwanted):
        pass
    assert [path.name for path in tmp_path.iterdir()] == [LOCK]


def test_what_stands_in_the_lock_file_stays(tmp_path: Path) -> None:
    (tmp_path / LOCK).write_text("of somebody else")
    with locked(tmp_path, 0, unwanted):
        assert (tmp_path / LOCK).read_text() == "of somebody else"


def test_a_stored_listing_is_shown_while_another_run_asks(arxiv: FakeArxiv, tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        kept.keep(("cs.DC",), reading_of(FRIDAY, *IDS))
    world = arxiv.world(tmp_path)
    with locked(tmp_path, 0, unwanted):
        gathered = reading.read(Request(None, ("cs.DC",), arxiv.settings()), world)
    assert [entry.arxiv_id for entry in gathered.listing.entries] == IDS
    assert arxiv.asked == []


# A run that is killed


def killed_at(point: str, state: Path, address: str) -> None:
    command = [sys.executable, str(RUN), point, str(state), address]
    environment = {**os.environ, "NO_PROXY": "*"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as run:
        assert run.stdout
        assert run.stdout.readline() == b"here\n"
        run.kill()
    assert run.returncode == -signal.SIGKILL


def checked(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        found: str = connection.execute("PRAGMA integrity_check").fetchone()[0]
        return found


def makes_the_digest(arxiv: FakeArxiv, state: Path) -> bool:
    complaints: list[str] = []
    world = arxiv.world(state, complaints=complaints)
    gathered = reading.read(Request(None, ("cs.DC",), arxiv.settings()), world)
    ids = [entry.arxiv_id for entry in gathered.listing.entries]
    return (ids, code_of(gathered), complaints) == (IDS, 0, [])


@pytest.mark.parametrize(
    "point",
    [
        "sql:PRAGMA user_version",
        "sql:BEGIN",
        "sql:BEGIN IMMEDIATE",
        "sql:INSERT OR REPLACE INTO request",
        "sql:INSERT OR REPLACE INTO request>sql:COMMIT",
        "say:feed of",
        "body",
        "body>sql:BEGIN",
        "body>sql:BEGIN IMMEDIATE",
        "sql:INSERT INTO listing",
        "sql:DELETE FROM listing",
        "sql:DELETE FROM listing>sql:COMMIT",
        "end",
    ],
)
def test_a_run_killed_anywhere_loses_nothing_that_was_stored(
    arxiv: FakeArxiv, tmp_path: Path, point: str
) -> None:
    thursday = reading_of(THURSDAY, *(f"2507.0{number:04}" for number in range(100)))
    with opened(tmp_path) as kept:
        kept.keep(("cs.DC",), thursday)
    killed_at(point, tmp_path, arxiv.url)
    with opened(tmp_path, unwanted) as kept:
        assert kept.of_day(("cs.DC",), THURSDAY) == thursday
        friday = kept.of_day(("cs.DC",), FRIDAY)
    assert (friday is not None) == (point == "end")
    assert friday is None or [entry.arxiv_id for entry in friday.listing.entries] == IDS
    assert checked(tmp_path / FILE) == "ok"
    assert makes_the_digest(arxiv, tmp_path)


@pytest.mark.parametrize(
    "point",
    [
        "sql:BEGIN IMMEDIATE",
        "sql:CREATE TABLE listing",
        "sql:CREATE TABLE request",
        "sql:PRAGMA user_version =",
        "sql:COMMIT",
        "sql:INSERT OR REPLACE INTO request",
        "say:feed of",
        "sql:DELETE FROM listing>sql:COMMIT",
    ],
)
def test_a_first_run_killed_anywhere_does_not_hinder_the_second(
    arxiv: FakeArxiv, tmp_path: Path, point: str
) -> None:
    killed_at(point, tmp_path, arxiv.url)
    with opened(tmp_path, unwanted) as kept:
        assert kept.newest(("cs.DC",)) is None
    assert makes_the_digest(arxiv, tmp_path)


def test_a_run_killed_while_it_waits_to_ask_again_lets_go_of_the_lock(
    arxiv: FakeArxiv, tmp_path: Path
) -> None:
    arxiv.fault("/", "status", status=503, times=1)
    killed_at("sleep", tmp_path, arxiv.url)
    with locked(tmp_path, 0, unwanted):
        pass
    assert makes_the_digest(arxiv, tmp_path)


def test_a_file_left_half_written_is_put_right_by_the_next_run(
    arxiv: FakeArxiv, tmp_path: Path
) -> None:
    with opened(tmp_path) as kept:
        kept.keep(("cs.DC",), reading_of(THURSDAY, "2507.00001"))
    before = (tmp_path / FILE).read_bytes()
    killed_at("sql:DELETE FROM listing>sql:COMMIT", tmp_path, arxiv.url)
    assert (tmp_path / f"{FILE}-journal").exists()
    assert (tmp_path / FILE).read_bytes() != before
    assert makes_the_digest(arxiv, tmp_path)
    assert not (tmp_path / f"{FILE}-journal").exists()
