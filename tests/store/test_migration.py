"""What version 0.1 kept in one file is brought over, and 0.1 run afterwards damages nothing."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv
from inbox import Inbox
from mornings import ALREADY, ANN, BOB, READ, TUESDAY, WEDNESDAY, Mine

from arxivdigest.store import database, listing_tables
from arxivdigest.store.acknowledged import acknowledge, acknowledged
from arxivdigest.store.file import FILE, READER_FILE, opened, opened_reader
from arxivdigest.store.messages import Delivered
from arxivdigest.store.outbox import Outbox
from arxivdigest.store.reader import Reader

MINE, OTHER = Reader("/home/ann/config.toml"), Reader("/home/bob/config.toml")
MONDAY = date(2026, 5, 4)
CONTENT = b"Subject: On pelicans\r\n\r\nOf pelicans.\r\n"
STOPPING = Path(__file__).parents[1] / "stopping_sending.py"
AT = datetime(2026, 5, 4, 16, tzinfo=UTC).timestamp()


def an_old_file(folder: Path, *messages: tuple[object, ...]) -> Path:
    """A file as version 0.1 left it, with these messages and an entry acknowledged."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for migration in listing_tables.SCHEMA.migrations[:3]:
            for statement in database.statements(migration):
                connection.execute(statement)
        connection.execute("INSERT INTO request VALUES (1, 7.0)")
        connection.execute("INSERT INTO acknowledged VALUES ('', '2026-05-05', '2605.10001')")
        connection.execute("INSERT INTO acknowledged VALUES ('', '2026-05-05', '2605.10002')")
        connection.executemany(
            "INSERT INTO message (identity, profile, state, is_doubtful, sender, recipients,"
            " content, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            messages,
        )
        connection.execute("PRAGMA user_version = 3")
    return path


def message(  # noqa: PLR0913 - the columns
    state: str = "sent",
    *,
    day: date = TUESDAY,
    profile: str = "",
    to: str = ANN,
    more: str = "",
    is_doubtful: bool = False,
) -> tuple[object, ...]:
    identity = " ".join([str(day), "cs.DC", profile, to, *([more] if more else [])])
    content = CONTENT if state in ("pending", "sending") else b""
    sender = "digest@example.org"
    return (identity, profile, state, int(is_doubtful), sender, to.replace(",", "\n"), content, AT)


def delivered(folder: Path, reader: Reader, *to: str) -> list[Delivered]:
    with opened_reader(folder) as records:
        outbox = Outbox(records, lambda: datetime(2026, 5, 5, tzinfo=UTC), is_alone=True)
        return outbox.delivered(reader, to or (ANN,))


@pytest.mark.parametrize("first", [opened, opened_reader])
def test_whichever_file_is_opened_first_it_is_brought_over(
    tmp_path: Path, first: Callable[[Path], "database.Database"]
) -> None:
    an_old_file(tmp_path, message())
    with first(tmp_path):  # type: ignore[attr-defined]
        pass
    assert [(one.announced, one.state) for one in delivered(tmp_path, MINE)] == [(TUESDAY, "sent")]
    with opened(tmp_path) as store:
        assert store.last_request() == 7
        assert store.days() == []


def test_it_belongs_to_the_first_reader_of_its_profile(tmp_path: Path) -> None:
    an_old_file(tmp_path)
    with opened_reader(tmp_path) as records:
        assert acknowledged(records.of(MINE), TUESDAY) == {"2605.10001", "2605.10002"}
        assert acknowledged(records.of(MINE._replace(profile="group")), TUESDAY) == frozenset()
        acknowledge(records.of(OTHER), {TUESDAY: []})
        assert acknowledged(records.of(OTHER), TUESDAY) == {"2605.10001", "2605.10002"}
        assert acknowledged(records.of(MINE), TUESDAY) == frozenset()


def test_a_message_belongs_to_the_first_of_its_profile_and_recipients(tmp_path: Path) -> None:
    an_old_file(tmp_path, message(), message(to=f"{ANN},{BOB}"), message(profile="the group"))
    assert len(delivered(tmp_path, MINE)) == 1
    assert len(delivered(tmp_path, MINE, BOB, ANN)) == 1
    assert len(delivered(tmp_path, MINE._replace(profile="the group"))) == 1
    (one,) = delivered(tmp_path, MINE)
    assert (one.subjects, one.entries, one.is_whole) == (("cs.DC",), None, True)


def test_what_was_sent_incomplete_comes_again(tmp_path: Path) -> None:
    an_old_file(tmp_path, message(more="incomplete cs.DC"))
    assert delivered(tmp_path, MINE) == []


def test_a_day_that_it_sent_is_delivered_and_what_waits_goes_out(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    waiting = message("sending", day=MONDAY)
    path = an_old_file(mine.state.parent, message(), waiting, message("refused", to=BOB))
    ran = mine("send")
    assert ran.errors[-1] == f"Mon 4 May 2026, which was waiting. Sent to {ANN}."
    assert [one.is_marked for one in inbox.received] == [True]
    said = mine("send").errors
    assert said == [f"{READ} {ALREADY.replace('Tue 5', 'Mon 4')}"]
    mine.publish(WEDNESDAY)
    assert (mine("send").code, len(inbox.received)) == (0, 2)
    with closing(sqlite3.connect(path)) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    assert version > 3  # 0.1 takes it for a newer one, leaves it alone, and sends nothing
    assert arxiv.asked


@pytest.mark.parametrize(
    "point",
    [
        *("sql:ATTACH", "sql:BEGIN IMMEDIATE", "sql:INSERT OR REPLACE INTO message"),
        *("sql:DROP TABLE old.message", "sql:PRAGMA old.user_version ="),
        *("sql:DROP TABLE old.message>sql:COMMIT", "sql:DETACH", "sql:DROP TABLE listing"),
    ],
)
def test_killed_in_the_middle_nothing_is_lost(mine: Mine, inbox: Inbox, point: str) -> None:
    folder = mine.state.parent
    an_old_file(folder, message("pending", day=MONDAY), message())
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(mine.folder),
        "NO_PROXY": "*",
        "TZ": "UTC",
        "ARXIVDIGEST_CONFIG": str(mine.folder / "mine.toml"),
    }
    with subprocess.Popen(
        [sys.executable, str(STOPPING), point, "2026-05-05T16:00:00+00:00", "send"],
        env=environment,
        stdout=subprocess.PIPE,
    ) as run:
        assert run.stdout
        assert run.stdout.readline() == b"here\n"
        run.send_signal(signal.SIGKILL)
    assert mine("send").code == 0
    assert len(inbox.received) == 1
    assert len(delivered(folder, Reader(str(mine.folder / "mine.toml")))) == 2
    for name in (FILE, READER_FILE):
        with closing(sqlite3.connect(folder / name)) as connection:
            assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_messages_in_a_damaged_old_file_are_carried_over(tmp_path: Path) -> None:
    path = an_old_file(tmp_path, message("pending", day=MONDAY), message())
    data = bytearray(path.read_bytes())
    at = data.index(b"2605.10002")
    size = int.from_bytes(data[16:18], "big")
    size = 65536 if size == 1 else size
    page = at // size
    data[page * size : page * size + 8] = b"\xff" * 8  # the page of what was acknowledged
    path.write_bytes(data)
    said: list[str] = []
    with opened_reader(tmp_path, said.append) as records:
        assert records.is_lasting
    assert said == [
        (
            f"{path} is damaged, and was set aside as {FILE}.aside-1; what was done was carried"
            " over, but not all of it"
        )
    ]
    assert [one.state for one in delivered(tmp_path, MINE)] == ["pending", "sent"]
    with opened(tmp_path) as store:
        assert store.is_lasting
