"""Numbers of the list shown last, on real terminals; and stars that are kept whatever happens."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from fake_arxiv import FakeArxiv, Paper
from mornings import TUESDAY, Mine

TESTS = Path(__file__).parent.parent
ONE, TWO, THREE = "2605.10001", "2605.10002", "2605.10003"


class Terminal:
    """A terminal, on which one command runs after the other."""

    def __init__(self, folder: Path, now: str) -> None:
        self._ours, self._theirs = pty.openpty()
        self._program = [sys.executable, str(TESTS / "run_at.py"), now]
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "ARXIVDIGEST_CONFIG": str(folder / "mine.toml"),
            "TERM": "dumb",
            "COLUMNS": "100",
            "NO_COLOR": "1",
            "NO_PROXY": "*",
            "PAGER": "cat",
        }
        self._said = bytearray()
        self._reader = Thread(target=self._listen, daemon=True)
        self._reader.start()

    def _listen(self) -> None:
        try:
            while part := os.read(self._ours, 65536):
                self._said += part
        except OSError:
            return

    def __call__(self, *arguments: str) -> str:
        """What the command wrote to the terminal."""
        self._said.clear()
        end = f"end of {' '.join(arguments)}"
        subprocess.run(
            [*self._program, *arguments],
            stdin=self._theirs,
            stdout=self._theirs,
            stderr=self._theirs,
            env=self._environment,
            check=False,
            timeout=60,
        )
        os.write(self._theirs, end.encode())
        while end.encode() not in self._said:
            self._reader.join(0.01)
        return self._said.decode().replace("\r\n", "\n").removesuffix(end)

    def close(self) -> None:
        os.close(self._theirs)
        os.close(self._ours)


@pytest.fixture
def terminals(mine: Mine, arxiv: FakeArxiv) -> Iterator[tuple[Terminal, Terminal]]:
    arxiv.publish(
        TUESDAY,
        Paper(ONE, "cs.DC", "On pelicans"),
        Paper(TWO, "cs.DC", "On geese"),
        Paper(THREE, "cs.DC", "On swans"),
    )
    both = (
        Terminal(mine.folder, arxiv.now.isoformat()),
        Terminal(mine.folder, arxiv.now.isoformat()),
    )
    yield both
    for one in both:
        one.close()


def test_a_number_is_of_the_list_shown_last_on_this_terminal(
    terminals: tuple[Terminal, Terminal],
) -> None:
    here, there = terminals
    assert "On pelicans" in here("today")
    assert here("show", "2").startswith("On geese\n")
    assert "On swans" in there("today", "-k", "swans")
    assert there("show", "1").startswith("On swans\n")
    assert here("show", "1").startswith("On pelicans\n")
    assert "no list was shown" not in here("show", "3")
    assert "has 1 paper" in there("show", "2")


def test_several_and_ranges(terminals: tuple[Terminal, Terminal]) -> None:
    here, _ = terminals
    here("today")
    said = here("open", "--print", "3", "1-2")
    assert [line for line in said.split("\n") if line.startswith("https://")] == [
        f"https://arxiv.org/abs/{one}" for one in (THREE, ONE, TWO)
    ]
    assert f"3 is {THREE}: On swans\n" in said


def test_a_number_may_be_written_as_lists_write_it(terminals: tuple[Terminal, Terminal]) -> None:
    here, _ = terminals
    here("today")
    for word in ("2", "#2", "[2]"):
        assert here("open", "--print", word).endswith(f"https://arxiv.org/abs/{TWO}\n")
    assert "3-2 runs backwards; write 2-3" in here("show", "3-2")


def test_a_number_can_be_asked_about(terminals: tuple[Terminal, Terminal]) -> None:
    here, _ = terminals
    here("today")
    assert here("why", "3").startswith(f"{THREE}  On swans\n")
    assert "one paper at a time" in here("why", "1-2")


def test_papers_that_are_shown_with_numbers_have_these(
    terminals: tuple[Terminal, Terminal],
) -> None:
    here, _ = terminals
    here("today")
    assert " 1  On swans" in here("show", "3", "1", "-f", "table")
    assert f"abs/{THREE}" in here("open", "--print", "1")
    here("bib", "2")
    assert f"abs/{THREE}" in here("open", "--print", "1")


def test_the_lists_of_other_commands_have_numbers_too(
    terminals: tuple[Terminal, Terminal],
) -> None:
    here, _ = terminals
    here("today")
    here("star", "2", "3")
    here("search", "geese")
    assert here("show", "1").startswith("★ On geese\n")


def test_before_anything_was_shown(terminals: tuple[Terminal, Terminal]) -> None:
    here, _ = terminals
    assert "no list was shown on this terminal that 1 may be a number in" in here("show", "1")


@pytest.mark.parametrize("delay", range(0, 200, 40))
def test_a_star_is_there_whole_or_not_at_all_when_the_run_is_killed(
    mine: Mine, arxiv: FakeArxiv, delay: int
) -> None:
    arxiv.publish(TUESDAY, Paper(ONE, "cs.DC", "On pelicans"), Paper(TWO, "cs.DC", "On geese"))
    mine("today", "-q")
    mine("star", ONE)
    program = [sys.executable, "-m", "arxivdigest", "star", TWO]
    run = subprocess.Popen(
        program,
        env={"PATH": os.environ["PATH"], "HOME": str(mine.folder)},
        stderr=subprocess.DEVNULL,
    )
    try:
        run.wait(0.1 + delay / 1000)
    except subprocess.TimeoutExpired:
        run.send_signal(signal.SIGKILL)
        run.wait()
    starred = [line.partition("\t")[0] for line in mine("starred").out.splitlines()]
    assert starred in ([ONE], [TWO, ONE], [ONE, TWO])
    assert mine("star", TWO).code == 0
    assert len(mine("starred").out.splitlines()) == 2


def test_two_that_star_at_once_lose_nothing(mine: Mine, arxiv: FakeArxiv) -> None:
    papers = [Paper(f"2605.1{number:04}", "cs.DC") for number in range(1, 7)]
    arxiv.publish(TUESDAY, *papers)
    mine("today", "-q")
    runs = [
        subprocess.Popen(
            [sys.executable, "-m", "arxivdigest", "star", paper.arxiv_id],
            env={"PATH": os.environ["PATH"], "HOME": str(mine.folder)},
            stderr=subprocess.DEVNULL,
        )
        for paper in papers
    ]
    assert [run.wait(60) for run in runs] == [0] * len(papers)
    assert len(mine("starred").out.splitlines()) == len(papers)
