"""No entry is lost by whoever has it sent, and none comes twice.

`ARXIVDIGEST_SEEDS=1-20` lets other sixty days pass than those of one seed.
"""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv
from inbox import Inbox, Received, free_port
from inside import Inside
from sixty_days import RULES, SixtyDays, Visit

STOPPING = Path(__file__).with_name("stopping_sending.py")
TEMPLATE = """\
{% for day in days %}{% for section in day.sections %}{% for entry in section.entries %}
{{ day.date }} {{ entry.arxiv_id }}
{% endfor %}{% endfor %}{% endfor %}
"""
POINTS = (
    *("sql:BEGIN IMMEDIATE", "sql:COMMIT", "sql:INSERT OR REPLACE INTO message"),
    *("sql:INSERT OR REPLACE INTO delivery", "connecting", "smtp:mail", "smtp:data", "sent:data"),
    *("reply:250", "reply:250>reply:250>reply:250>reply:250", "sent:data>reply:250", "end"),
)


def seeds() -> Sequence[int]:
    first, _, last = os.environ.get("ARXIVDIGEST_SEEDS", "2").partition("-")
    return range(int(first), int(last or first) + 1)


class Machine:
    """Runs send whenever it is on; now and then it is switched off in the middle of that."""

    def __init__(self, home: Path, arxiv: FakeArxiv, world: SixtyDays, inbox: Inbox) -> None:
        self._home = home
        self._arxiv, self._world, self._inbox = arxiv, world, inbox
        self._digest = Inside(home, arxiv)
        self._config = home / "mine.toml"
        self._chance = random.Random(len(world.visits))  # noqa: S311 - it keeps no secret
        self.runs: list[tuple[int, str]] = []
        (home / "templates").mkdir()
        (home / "templates" / "digest.txt.j2").write_text(TEMPLATE, encoding="utf-8")

    def use(self, visit: Visit) -> None:
        self._world.go(visit)
        self._digest.zone = visit.zone
        port = self._inbox.port if visit.has_mail else free_port()
        self._config.write_text(
            f"""
            subjects = {list(visit.subjects)}
            fetch = {{ site = "{self._arxiv.url}", feeds = "{self._arxiv.url}", delay = 0 }}
            {RULES}
            [email]
            to = ["ann@example.org"]
            sender = "digest@example.org"
            smtp = {{ host = "localhost", port = {port}, security = "none" }}
            """,
            encoding="utf-8",
        )
        if visit.is_killed:
            self._kill(visit)
        else:
            ran = self._digest("send", environment=self._environment)
            self.runs.append((ran.code, ran.err))

    def _kill(self, visit: Visit) -> None:
        environment = {"PATH": os.environ["PATH"], "HOME": str(self._home), "NO_PROXY": "*"}
        point = self._chance.choice(POINTS)
        with subprocess.Popen(
            [sys.executable, str(STOPPING), point, self._arxiv.now.isoformat(), "send"],
            env={**environment, **self._environment, "TZ": visit.zone},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        ) as process:
            assert process.stdout
            if process.stdout.readline() == b"here\n":
                process.send_signal(signal.SIGKILL)

    @property
    def _environment(self) -> dict[str, str]:
        return {"ARXIVDIGEST_CONFIG": str(self._config)}


def entries(received: Received) -> list[tuple[date, str]]:
    """The entries of a message, by their days."""
    (text,) = (part for part in received.message.walk() if part.get_content_type() == "text/plain")
    payload = text.get_payload(decode=True)
    assert isinstance(payload, bytes)
    lines = [line.split() for line in payload.decode().splitlines() if line.strip()]
    return [(date.fromisoformat(day), arxiv_id) for day, arxiv_id in lines]


def delivered(inbox: Inbox) -> Counter[tuple[date, str]]:
    """How often each entry came, but for what says itself that it may be a second one."""
    seen: set[str] = set()
    came: Counter[tuple[date, str]] = Counter()
    for received in inbox.received:
        name = received.message["Message-ID"]
        if received.is_marked and name in seen:
            continue
        assert name not in seen
        seen.add(name)
        came.update(entries(received))
    return came


@pytest.mark.parametrize("seed", seeds())
def test_all_that_was_announced_since_the_first_run_is_delivered_once(
    seed: int, tmp_path: Path
) -> None:
    with FakeArxiv(datetime(2026, 1, 1, tzinfo=UTC)) as arxiv, Inbox() as inbox:
        world = SixtyDays(arxiv, seed)
        machine = Machine(tmp_path, arxiv, world, inbox)
        for visit in world.visits:
            machine.use(visit)
        expected = world.expected(arxiv.now)
        asked = len(arxiv.requests)
        came = delivered(inbox)
    assert sorted(expected - came.keys()) == []
    assert sorted(came.keys() - expected) == []
    assert [entry for entry, times in came.items() if times > 1] == []
    assert [said for code, said in machine.runs if code not in (0, 75)] == []
    assert "Not read yet" not in machine.runs[-1][1]
    assert asked < 6 * len(world.days)
