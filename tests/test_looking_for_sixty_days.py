"""No entry is lost by whoever uses today, catchup and ack, and none comes twice.

`ARXIVDIGEST_SEEDS=1-20` lets other sixty days pass than those of one seed.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv
from inside import Inside
from sixty_days import RULES, SixtyDays, Visit

RUN_AT = Path(__file__).with_name("run_at.py")


def seeds() -> Sequence[int]:
    first, _, last = os.environ.get("ARXIVDIGEST_SEEDS", "1").partition("-")
    return range(int(first), int(last or first) + 1)


class Person:
    """Runs today whenever the machine is on, catchup where it names something, and ack."""

    def __init__(self, home: Path, arxiv: FakeArxiv, world: SixtyDays) -> None:
        self._home = home
        self._arxiv = arxiv
        self._world = world
        self._digest = Inside(home, arxiv)
        self._config = home / "mine.toml"
        self.came: Counter[tuple[date, str]] = Counter()
        self.codes: set[int] = set()
        self.named: list[str] = []

    def use(self, visit: Visit) -> None:
        self._world.go(visit)
        self._digest.zone = visit.zone
        self._config.write_text(
            f"""
            subjects = {list(visit.subjects)}
            fetch = {{ site = "{self._arxiv.url}", feeds = "{self._arxiv.url}", delay = 0 }}
            {RULES}
            """,
            encoding="utf-8",
        )
        if visit.is_killed:
            self._kill(visit)
            return
        errors = self._see("today")
        self.named = [line for line in errors if line.startswith(("Not seen", "Lost"))]
        if self.named:
            self._see("catchup")

    def _see(self, command: str) -> list[str]:
        """What the command says beside the entries that it shows, which are counted."""
        ran = self._digest(command, "--unseen", "-f", "json", environment=self._environment)
        self.codes.add(ran.code)
        self._came(ran.out)
        return ran.errors

    def _came(self, document: str) -> None:
        if document:
            self.came.update(_entries(document))
            self.codes.add(self._digest("ack", environment=self._environment).code)

    def _kill(self, visit: Visit) -> None:
        """Run catchup in a process of its own, and kill it where it waits for an answer."""
        prefix = ("/", "/list/cs.LG", "/catchup/cs.LG", "/catchup/cs.DC")[visit.at.day % 4]
        self._arxiv.fault(prefix, "stall")
        asked = len(self._arxiv.requests)
        written = self._home / "written.json"
        environment = {"PATH": os.environ["PATH"], "HOME": str(self._home), "NO_PROXY": "*"}
        program = [sys.executable, str(RUN_AT), self._arxiv.now.isoformat()]
        with (
            written.open("wb") as output,
            subprocess.Popen(
                [*program, "catchup", "--unseen", "-f", "json"],
                env={**environment, **self._environment, "TZ": visit.zone},
                stdout=output,
                stderr=subprocess.DEVNULL,
            ) as process,
        ):
            while process.poll() is None:
                if any(path.startswith(prefix) for path in self._arxiv.asked[asked:]):
                    process.send_signal(signal.SIGKILL)
                time.sleep(0.01)
        if process.returncode != -signal.SIGKILL:
            self.codes.add(process.returncode)
            self._came(written.read_text(encoding="utf-8"))

    @property
    def _environment(self) -> dict[str, str]:
        return {"ARXIVDIGEST_CONFIG": str(self._config)}


def _entries(document: str) -> list[tuple[date, str]]:
    read = json.loads(document)
    return [
        (date.fromisoformat(entry.get("announced", read["announced"])), entry["arxiv_id"])
        for entry in read["entries"]
    ]


@pytest.mark.parametrize("seed", seeds())
def test_all_that_was_announced_since_the_first_look_is_seen_once(
    seed: int, tmp_path: Path
) -> None:
    with FakeArxiv(datetime(2026, 1, 1, tzinfo=UTC)) as arxiv:
        world = SixtyDays(arxiv, seed)
        person = Person(tmp_path, arxiv, world)
        for visit in world.visits:
            person.use(visit)
        expected = world.expected(arxiv.now)
        asked = len(arxiv.requests)
    assert sorted(expected - person.came.keys()) == []
    assert sorted(person.came.keys() - expected) == []
    assert [entry for entry, times in person.came.items() if times > 1] == []
    assert person.codes <= {0, 75}
    assert person.named == []
    assert asked < 6 * len(world.days)
