"""What `digest send` keeps on the disk, and what it does where it can keep nothing."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from inbox import Inbox
from mornings import ALREADY, ANN, READ, WEDNESDAY, Mine
from ran import Digest

from arxivdigest.store import reader
from arxivdigest.store.file import FILE, READER_FILE


def modes(folder: Path) -> set[str]:
    return {oct(path.stat().st_mode & 0o777) for path in folder.iterdir()}


def test_what_is_sent_is_not_kept_and_nobody_else_may_read_the_rest(
    mine: Mine, inbox: Inbox
) -> None:
    inbox.end = "451 later"
    mine("send")
    folder = mine.state.parent
    assert b"multipart/alternative" in mine.record.read_bytes()
    assert (modes(folder), oct(folder.stat().st_mode & 0o777)) == ({"0o600"}, "0o700")
    inbox.end = "250 taken"
    mine("send")
    for path in folder.iterdir():
        assert b"multipart/alternative" not in path.read_bytes()
        assert b"auto-generated" not in path.read_bytes()
    assert modes(folder) == {"0o600"}


def test_where_nothing_can_be_kept_nothing_is_sent(mine: Mine, inbox: Inbox) -> None:
    (mine.folder / "file").touch()
    ran = mine("send", XDG_STATE_HOME=str(mine.folder / "file"))
    place = mine.folder / "file" / "arxivdigest"
    assert ran.errors == [
        f"{place / FILE} cannot be used (Not a directory); going on without it",
        (
            "digest: nothing was sent, as nothing can be noted:"
            f" {place / READER_FILE} cannot be used"
            " (Not a directory)"
        ),
    ]
    assert (ran.code, inbox.received) == (75, [])


def test_a_file_of_a_newer_version_is_left_alone_and_nothing_is_sent(
    mine: Mine, inbox: Inbox
) -> None:
    mine.state.parent.mkdir(parents=True)
    with closing(sqlite3.connect(mine.record)) as connection:
        connection.execute(f"PRAGMA user_version = {reader.SCHEMA.version + 1}")
    ran = mine("send")
    assert ran.errors[-1] == (
        f"digest: nothing was sent, as nothing can be noted: {mine.record} cannot be used"
        " (it is from a newer version of this program)"
    )
    assert (ran.code, inbox.received) == (75, [])


@pytest.mark.parametrize("command", ["send", "today"])
def test_after_damage_a_message_says_that_it_may_be_a_second(
    mine: Mine, inbox: Inbox, command: str
) -> None:
    mine("send")
    mine.record.write_bytes(b"no store" * 1000)
    first = mine(command)
    assert f"{mine.record} is damaged, and was set aside as {READER_FILE}.aside-1;" in first.err
    assert "; nothing of it is readable" in first.err
    assert first.code == 0
    assert mine("send").code == 0
    assert [one.is_marked for one in inbox.received] == [False, True]
    assert len({one.message["Message-ID"] for one in inbox.received}) == 1
    assert mine("send").errors == [f"{READ} {ALREADY}"]
    mine.publish(WEDNESDAY)
    mine("send")
    assert [one.is_marked for one in inbox.received] == [False, True, False]


def test_a_message_whose_text_is_damaged_comes_anew(mine: Mine, inbox: Inbox) -> None:
    inbox.end = "451 later"
    mine("send")
    inbox.end = "250 taken"
    whole = mine.record.read_bytes()
    mine.record.write_bytes(whole.replace(b"Auto-Submitted", b"Otto-Submitted"))
    mine.publish(WEDNESDAY)
    ran = mine("send")
    assert ran.errors[0] == (
        "digest: Tue 5 May 2026, which was waiting: lost with a damaged file; its entries come"
        " with the next message"
    )
    assert "but not 1 text of a message" in ran.errors[-1]
    assert (ran.code, len(inbox.received)) == (75, 1)
    assert (mine("send").code, len(inbox.received)) == (0, 2)
    assert mine("send").errors[0].endswith("--again sends it anew.")


def test_a_damaged_file_is_no_reason_to_wait(mine: Mine, inbox: Inbox) -> None:
    page = Path(__file__).parents[1] / "examples" / "cs.DC-2025-07-11.html"
    mine.state.parent.mkdir(parents=True)
    mine.record.write_bytes(b"no store" * 1000)
    ran = mine("send", "--from", page)
    assert ran.errors[0].endswith(f"Sent to {ANN}.")
    said = f"{mine.record} is damaged, and was set aside as {READER_FILE}.aside-1"
    assert ran.errors[1:] == [f"{said}; nothing of it is readable"]
    assert (ran.code, [one.is_marked for one in inbox.received]) == (0, [True])


def test_a_lock_that_is_a_link_is_no_reason_to_wait(mine: Mine, inbox: Inbox) -> None:
    mine.state.parent.mkdir(parents=True)
    kept = mine.folder / "precious"
    kept.write_text("of somebody else", encoding="utf-8")
    (mine.state.parent / "sending.lock").symlink_to(kept)
    assert mine("send").code == 0
    assert len(inbox.received) == 1
    assert kept.read_text(encoding="utf-8") == "of somebody else"


SENDMAIL = f"""\
#!{sys.executable}
import pathlib, sys
here = pathlib.Path(__file__).parent
given = sys.stdin.buffer.read()
code = int((here / "code").read_text())
if not code:
    with (here / "taken").open("ab") as file:
        file.write(given)
sys.exit(code)
"""


def test_sendmail_is_given_it_once(mine: Mine, inbox: Inbox) -> None:
    mine.configure(port=inbox.port, smtp=None)
    machine = mine.folder / "sbin"
    machine.mkdir()
    (machine / "sendmail").write_text(SENDMAIL, encoding="utf-8")
    (machine / "sendmail").chmod(0o755)
    codes, expected = [75, 67, 78, 0, 0], [75, 1, 2, 0, 0]
    for code, meant in zip(codes, expected, strict=True):
        (machine / "code").write_text(str(code), encoding="utf-8")
        ran = mine("send", PATH=str(machine))
        assert (ran.code, len(ran.errors)) == (meant, 1)
    assert ran.errors == [f"{READ} {ALREADY}"]
    taken = (machine / "taken").read_bytes()
    assert taken.count(b"Message-ID: ") == 1
    assert b"X-Arxiv-Digest-Duplicate" not in taken
    assert inbox.received == []


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ("", 'digest: nobody to send it to: give --to ADDRESS, or [email] to = ["..."]'),
        (
            'email.to = ["ann@example.org"]',
            'digest: no sender: give --sender ADDRESS, or [email] sender = "..."',
        ),
        (
            'email = { to = ["ann@example.org"], sender = "d@example.org" }',
            (
                "digest: not sent, and kept for the next run: this machine has no sendmail;"
                " name a mail server under [email.smtp]"
            ),
        ),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    digest: Digest, tmp_path: Path, settings: str, line: str
) -> None:
    page = Path(__file__).parents[1] / "examples" / "cs.DC-2025-07-11.html"
    config = tmp_path / "config.toml"
    config.write_text(settings, encoding="utf-8")
    (tmp_path / "empty").mkdir()
    ran = digest("send", "--from", page, "-c", config, environment={"PATH": f"{tmp_path}/empty"})
    assert (ran.out, ran.errors, ran.code) == ("", [line], 2)


def test_a_mistake_in_a_template_is_one_line(mine: Mine, inbox: Inbox) -> None:
    templates = mine.folder / ".config" / "arxivdigest" / "templates"
    templates.mkdir(parents=True)
    (templates / "digest.txt.j2").write_text("\n{{ nonsense }}\n", encoding="utf-8")
    ran = mine("send")
    assert ran.errors == [f"digest: {templates}/digest.txt.j2:2: 'nonsense' is undefined"]
    assert (ran.code, inbox.received) == (2, [])
