import io
import re
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv, papers
from mornings import NOON, TUESDAY
from ran import Digest
from terminal import at_terminal

from arxivdigest.cli.progress import Progress


class Time:
    """A clock that goes on by what is slept."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def lines(written: str) -> list[str]:
    return written.split("\r\x1b[K")[1:]


def test_a_wait_is_counted_down_beside_what_it_is_for_and_nothing_stays() -> None:
    stream, time = io.StringIO(), Time()
    progress = Progress(stream, lambda: 80, time, time.sleep)
    progress.say("[2/5] cs.DC  waiting, as arXiv asks")
    progress.sleep(2.5)
    progress.say("")
    shown = lines(stream.getvalue())
    assert [line.rpartition("  ")[2] for line in shown] == ["0 s", "2 s", "2 s", "0 s", ""]
    assert shown[1] == "[2/5] cs.DC  waiting, as arXiv asks  2 s"


def test_what_is_asked_for_says_how_long_it_takes() -> None:
    stream, time = io.StringIO(), Time()
    progress = Progress(stream, lambda: 80, time, time.sleep)
    progress.say("[2/5] cs.DC")
    time.sleep(6)
    progress.say("[2/5] cs.DC  410 KB")
    progress.say("")
    progress.say("[3/5] cs.LG")
    assert lines(stream.getvalue()) == [
        *("[2/5] cs.DC  0 s", "[2/5] cs.DC  410 KB  6 s", "", "[3/5] cs.LG  0 s")
    ]


@pytest.mark.parametrize(
    ("seconds", "said"), [(99, "99 s"), (100, "1 min"), (5400, "90 min"), (27_000, "7 h 30 min")]
)
def test_long_waits_are_said_in_minutes_and_hours(seconds: float, said: str) -> None:
    stream, time = io.StringIO(), Time()
    progress = Progress(stream, lambda: 80, time, time.sleep)
    progress.say("Waiting")
    time.sleep(seconds)
    progress.say("Waiting still")
    assert lines(stream.getvalue())[-1] == f"Waiting still  {said}"


def test_no_line_is_broken_by_the_terminal() -> None:
    stream, time = io.StringIO(), Time()
    Progress(stream, lambda: 20, time, time.sleep).say("[1/2] a long name of something")
    assert lines(stream.getvalue()) == ["[1/2] a long n  0 s"]


def config(folder: Path, arxiv: FakeArxiv) -> Path:
    path = folder / "config.toml"
    fetch = f'{{ source = "page", site = "{arxiv.url}", feeds = "{arxiv.url}", delay = 0 }}'
    path.write_text(f'subjects = ["cs.DC", "cs.LG"]\nfetch = {fetch}\n')
    return path


def test_a_terminal_sees_which_of_how_many_is_asked_for(tmp_path: Path) -> None:
    with FakeArxiv(NOON) as arxiv:
        arxiv.publish(TUESDAY, *papers("2605.1", 2, "cs.DC"), *papers("2605.2", 1, "cs.LG"))
        asked = ("today", "-c", config(tmp_path, arxiv), "--refresh", "--no-pager")
        ran = at_terminal(*asked, home=tmp_path, columns=100, environment={"NO_PROXY": "*"})
    assert re.search(r"\r\x1b\[K\[2/2\] cs\.LG  \d+ KB  0 s\r\x1b\[K", ran.screen)
    assert ran.screen.rindex("\r\x1b[K") < ran.screen.index("arXiv cs.DC, cs.LG")


def test_a_pipe_sees_nothing_of_it(tmp_path: Path, digest: Digest, arxiv: FakeArxiv) -> None:
    ran = digest("today", "-c", config(tmp_path, arxiv), "--refresh", at=arxiv.now)
    assert ran.code == 0
    assert "\r" not in ran.err
    assert "[2/2]" not in ran.err
