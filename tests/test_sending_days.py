"""`digest send` brings every day that was not delivered, and each entry once."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv, Paper, papers
from inbox import Inbox
from inside import Inside
from mornings import ALREADY, ANN, BOB, NOON, TUESDAY, WEDNESDAY, WEDNESDAYS, Mine, subjects

from arxivdigest.arxiv import calendar

MONDAY, THURSDAY, FRIDAY = date(2026, 5, 4), date(2026, 5, 7), date(2026, 5, 8)
TEMPLATE = """\
{% for day in days %}{% for section in day.sections %}{% for entry in section.entries %}
{{ day.date[8:] }} {{ entry.arxiv_id }} {{ entry.announce_type }}
{% endfor %}{% endfor %}{% endfor %}
{% for hint in remarks %}
{{ hint }}
{% endfor %}
"""


def ids(inbox: Inbox) -> list[list[str]]:
    """The day and the id of each entry of each message."""
    found = []
    for received in inbox.received:
        (text,) = (
            part for part in received.message.walk() if part.get_content_type() == "text/plain"
        )
        payload = text.get_payload(decode=True)
        assert isinstance(payload, bytes)
        words = [line.split() for line in payload.decode().splitlines() if line.strip()]
        found.append([f"{one[0]} {one[1]}" for one in words if one[0].isdigit()])
    return found


@pytest.fixture
def mine(tmp_path: Path, arxiv: FakeArxiv, inbox: Inbox) -> Mine:
    mine = Mine(tmp_path, Inside(tmp_path, arxiv), arxiv, inbox.port)
    (mine.folder / "templates").mkdir()
    (mine.folder / "templates" / "digest.txt.j2").write_text(TEMPLATE, encoding="utf-8")
    return mine


def on(arxiv: FakeArxiv, day: date) -> None:
    arxiv.now = NOON + (day - TUESDAY)


@pytest.fixture
def week(arxiv: FakeArxiv) -> None:
    """On each day of the week a paper of cs.DC and one of cs.LG; Tuesday has three."""
    arxiv.publish(MONDAY, *papers("2605.04", 1, "cs.DC"))
    for day in (WEDNESDAY, THURSDAY, FRIDAY):
        name = f"2605.{day.day:02}"
        arxiv.publish(day, *papers(f"{name}1", 1, "cs.DC"), *papers(f"{name}2", 1, "cs.LG"))


# What was announced while nobody sent


@pytest.mark.usefixtures("week")
def test_the_days_between_come_in_the_same_message(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    mine("send")
    on(arxiv, FRIDAY)
    ran = mine("send")
    assert ran.code == 0
    assert "3 for you" in subjects(inbox)[1]
    assert "Wed 6 to Fri 8 May" in subjects(inbox)[1]
    assert ids(inbox) == [
        ["05 2605.10001", "05 2605.10002"],
        ["06 2605.06101", "07 2605.07101", "08 2605.08101"],
    ]
    assert mine("send").errors[-1].endswith("--again sends it anew.")
    assert len(inbox.received) == 2


@pytest.mark.usefixtures("week")
def test_the_first_message_of_all_is_of_the_newest_day_alone(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    on(arxiv, FRIDAY)
    mine("send")
    assert ids(inbox) == [["08 2605.08101"]]


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--newest"], ["08 2605.08101"]),
        (["--again"], ["08 2605.08101"]),
        (["--since", "thursday"], ["07 2605.07101", "08 2605.08101"]),
        (["--since", "2026-05-04"], [f"{n} 2605.{n}101" for n in ("06", "07", "08")]),
    ],
)
def test_other_days_may_be_asked_for(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv, options: list[str], expected: list[str]
) -> None:
    mine("send")
    on(arxiv, FRIDAY)
    assert mine("send", *options).code == 0
    if "2026-05-04" in options:
        expected = ["04 2605.04001", *expected]
    assert ids(inbox)[1] == expected


@pytest.mark.usefixtures("week")
def test_what_newest_passed_over_does_not_come_later(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    mine("send")
    on(arxiv, THURSDAY)
    mine("send", "--newest")
    on(arxiv, FRIDAY)
    mine("send")
    assert ids(inbox)[1:] == [["07 2605.07101"], ["08 2605.08101"]]


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize(
    "options",
    [["--since", "tuesday", "--newest"], ["--again", "--newest"], ["--from", "x", "--newest"]],
)
def test_options_that_contradict_each_other_are_refused(mine: Mine, options: list[str]) -> None:
    assert mine("send", *options).code == 2


@pytest.mark.usefixtures("week")
def test_a_day_that_cannot_be_read_is_named_and_comes_later(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    mine("send")
    arxiv.fault("/catchup/cs.DC/2026-05-06", "status", status=500)
    on(arxiv, FRIDAY)
    ran = mine("send")
    assert ran.code == 75
    assert "Not read yet: Wed 6 May 2026, Thu 7 May 2026; a later message brings them." in ran.err
    arxiv.mend()
    assert mine("send").code == 0
    assert ids(inbox)[1:] == [["08 2605.08101"], ["06 2605.06101", "07 2605.07101"]]


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("followed", [(), ("cs.DC",)], ids=["first", "added"])
def test_a_subject_that_fails_on_its_first_day_comes_later(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv, followed: tuple[str, ...]
) -> None:
    if followed:
        mine("send")
    on(arxiv, WEDNESDAY)
    mine.configure(port=inbox.port, subjects='"cs.DC", "cs.LG"')
    arxiv.fault("/rss", "status", status=500)
    arxiv.fault("/list/cs.LG", "status", status=500)
    assert mine("send", "--source", "page").code == 75
    arxiv.mend()
    on(arxiv, FRIDAY)
    assert mine("send").code == 0
    assert ids(inbox)[len(followed) :] == [
        ["06 2605.06101"],
        ["06 2605.06201", "07 2605.07101", "07 2605.07201", "08 2605.08101", "08 2605.08201"],
    ]


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize("is_out", [False, True], ids=["with the newest", "with nothing else"])
def test_days_that_were_asked_for_and_could_not_be_read_come_later(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv, *, is_out: bool
) -> None:
    on(arxiv, THURSDAY)
    mine("send")
    on(arxiv, FRIDAY if is_out else THURSDAY)
    arxiv.fault("/catchup/", "status", status=500)
    ran = mine("send", "--since", "2026-05-05")
    assert ran.code == 75
    assert "Not read yet: Tue 5 May 2026, Wed 6 May 2026; a later message" in ran.err or is_out
    assert "\t".join(mine("days").out.splitlines()[-4].split("\t")[-2:]) == "\t"
    arxiv.mend()
    for _ in range(2):
        assert mine("send").code == 0
    came = [one for message in ids(inbox) for one in message]
    assert sorted(came) == [
        *("05 2605.10001", "05 2605.10002", "06 2605.06101", "07 2605.07101"),
        *(["08 2605.08101"] if is_out else []),
    ]


@pytest.mark.usefixtures("week")
def test_a_day_with_nothing_to_deliver_is_done_and_never_lost(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    arxiv.publish(WEDNESDAY)  # off, and in no calendar
    arxiv.publish(TUESDAY, Paper("2605.10001", "cs.DC cs.LG"))
    mine.configure(port=inbox.port, subjects='"cs.DC", "cs.LG"')
    arxiv.fault("/rss", "status", status=500)
    arxiv.fault("/list/cs.LG", "status", status=500)
    assert mine("send").code == 75
    arxiv.mend()
    for day in (THURSDAY, FRIDAY):
        on(arxiv, day)
        mine("send")
    mine.state.unlink()  # as after 100 days
    later = [THURSDAY + timedelta(days=1 + number) for number in range(120)]
    for day in later:
        arxiv.publish(day, *papers(f"26{day:%m.%d}", 1, "cs.DC"))
    on(arxiv, later[-1])
    arxiv.fault("/catchup/", "hang-up")
    said = mine("send").err
    assert "Lost: " in said
    assert not re.search(r"Lost: [^;]*(5|6) May", said)


@pytest.mark.usefixtures("week")
def test_what_is_lost_keeps_nothing_else_and_begins_nothing_of_another_subject(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    mine("send")
    days = calendar.between(FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=96))
    for day in days:
        both = (Paper(f"26{day:%m.%d}001", "cs.DC"), Paper(f"26{day:%m.%d}002", "cs.LG"))
        arxiv.publish(day, *both)
    mine.configure(port=inbox.port, subjects='"cs.DC", "cs.LG"')
    on(arxiv, days[-2])
    assert "Lost: " in mine("send").err
    on(arxiv, days[-1])
    assert mine("send").code == 0
    came = [one for message in ids(inbox)[1:] for one in message]
    assert [one for one in came if one.endswith("1")] == [
        *(f"{day:%d} 26{day:%m.%d}001" for day in days if day >= days[-2] - timedelta(days=90)),
    ]
    assert [one for one in came if one.endswith("2")] == [
        f"{day:%d} 26{day:%m.%d}002" for day in days[-2:]
    ]


@pytest.mark.usefixtures("week")
def test_what_nobody_can_read_is_not_noted_for_having_been_asked_for(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    on(arxiv, FRIDAY)
    assert "Lost: 8" in mine("send", "--since", "1992-01-01").err
    assert len(ids(inbox)[0]) == 6
    with closing(sqlite3.connect(mine.record)) as database:
        (count,) = database.execute("SELECT count(*) FROM delivery").fetchone()
    assert count < 70
    assert "Lost" not in mine("send").err


@pytest.mark.parametrize("command", ["send", "catchup", "days"])
def test_a_day_before_there_was_any_is_a_slip_of_the_pen(mine: Mine, command: str) -> None:
    ran = mine(command, "--since", "0206-05-01")
    assert (ran.code, ran.errors) == (
        2,
        ["digest: 0206-05-01 is before arXiv's first day, 1991-08-14"],
    )


def test_what_would_take_more_than_twenty_minutes_waits_for_the_next_run(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    names = ", ".join(f'"{one}"' for one in ("cs.DC", "cs.LG", "cs.CV", "cs.AI", "cs.CL"))
    mine.configure(port=inbox.port, subjects=names)
    path = mine.folder / "mine.toml"
    slow = path.read_text(encoding="utf-8").replace("delay = 0", "delay = 15")
    path.write_text(slow, encoding="utf-8")
    digest = Inside(mine.folder, arxiv)  # where sleeping moves the clock on
    environment = {"ARXIVDIGEST_CONFIG": str(path)}
    digest("send", environment=environment)
    days = [TUESDAY + timedelta(days=number) for number in range(1, 31)]
    weekdays = [day for day in days if day.weekday() < 5]
    for day in weekdays:
        arxiv.publish(day, *papers(f"26{day:%m.%d}", 1, "cs.DC"))
    arxiv.now = NOON + timedelta(days=30)
    before = arxiv.now
    first, second = (digest("send", environment=environment) for _ in range(2))
    assert (first.code, second.code) == (75, 0)
    assert "Not read yet: " in first.err
    assert arxiv.now - before < timedelta(minutes=45)
    came = [one for message in ids(inbox)[1:] for one in message]
    assert len(came) == len(set(came)) == len(weekdays)


# Each entry once


@pytest.mark.usefixtures("week")
def test_a_subject_that_is_added_begins_with_the_newest(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    mine("send")
    mine.configure(port=inbox.port, subjects='"cs.DC", "cs.LG"')
    on(arxiv, THURSDAY)
    mine("send")
    assert ids(inbox)[1] == ["06 2605.06101", "07 2605.07101", "07 2605.07201"]
    on(arxiv, FRIDAY)
    mine.configure(port=inbox.port, subjects='"cs.LG"')
    mine("send")
    assert ids(inbox)[2] == ["08 2605.08201"]


@pytest.mark.usefixtures("week")
def test_a_subject_added_on_the_same_day_brings_its_own(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    arxiv.publish(TUESDAY, Paper("2605.10001", "cs.LG cs.DC"), Paper("2605.20001", "cs.LG"))
    mine("send")
    mine.configure(port=inbox.port, subjects='"cs.DC", "cs.LG"')
    assert mine("send").code == 0
    # What went out as a cross-list is new to both subjects, and not sent again for that.
    assert ids(inbox) == [["05 2605.10001"], ["05 2605.20001"]]


def test_a_cross_list_of_an_incomplete_day_does_not_come_again_as_new(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    arxiv.publish(TUESDAY, Paper("2605.10001", "cs.LG cs.DC"), Paper("2605.20001", "cs.LG"))
    mine.configure(port=inbox.port, subjects='"cs.DC", "cs.LG"')
    for path in ("/rss", "/list/cs.LG"):
        arxiv.fault(path, "status", status=404)
    assert mine("send", "--source", "page").code == 75
    arxiv.mend()
    assert mine("send", "--source", "page", "--refresh").code == 0
    assert ids(inbox) == [["05 2605.10001"], ["05 2605.20001"]]


@pytest.mark.usefixtures("week")
@pytest.mark.parametrize(
    "change", ['[[rules]]\nany = ["pelicans"]', 'announce = ["new", "cross", "replace"]']
)
def test_other_rules_send_no_old_day_again(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv, change: str
) -> None:
    mine.configure(port=inbox.port, more='[[rules]]\nany = ["gulls"]')
    mine("send")
    on(arxiv, WEDNESDAY)
    mine("send", "--limit", "1")
    text = (mine.folder / "mine.toml").read_text(encoding="utf-8")
    path = mine.folder / "mine.toml"
    path.write_text(text.replace('[[rules]]\nany = ["gulls"]', ""), encoding="utf-8")
    if change.startswith("["):
        path.write_text(path.read_text(encoding="utf-8") + change, encoding="utf-8")
    else:
        path.write_text(f"{change}\n{path.read_text(encoding='utf-8')}", encoding="utf-8")
    assert "--again sends it anew" in mine("send").err
    on(arxiv, THURSDAY)
    mine("send")
    assert ids(inbox) == [[], [], ["07 2605.07101"]]


@pytest.mark.usefixtures("week")
def test_a_day_on_which_nothing_matched_is_delivered_though_nothing_was_sent(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    mine.configure(port=inbox.port, more='[[rules]]\nany = ["gulls"]')
    for _ in range(2):
        assert mine("send", "--if-any").err.startswith("nothing to send: Tue 5 May 2026")
    mine.configure(port=inbox.port)
    assert ALREADY not in mine("send").err
    on(arxiv, WEDNESDAY)
    mine("send", "--if-any")
    assert ids(inbox) == [["06 2605.06101"]]


@pytest.mark.usefixtures("week")
def test_a_saved_page_touches_no_other_day(mine: Mine, inbox: Inbox, arxiv: FakeArxiv) -> None:
    page = Path(__file__).parents[1] / "examples" / "cs.DC-2025-07-11.html"
    mine("send")
    mine("send", "--from", page)
    on(arxiv, WEDNESDAY)
    ran = mine("send")
    assert (ran.code, len(ran.errors)) == (0, 1)
    assert "Lost" not in ran.err
    assert arxiv.asked == ["/rss/cs.DC", "/rss/cs.DC"]
    assert len(ids(inbox)[1]) == 14
    assert ids(inbox)[2] == ["06 2605.06101"]
    assert subjects(inbox)[2] == WEDNESDAYS


# Who a message is for


def another(mine: Mine, name: str, change: Callable[[str], str] = str) -> list[str]:
    """The options that name another configuration, made of mine."""
    path = mine.folder / name
    text = (mine.folder / "mine.toml").read_text(encoding="utf-8")
    path.write_text(change(text), encoding="utf-8")
    return ["--config", str(path)]


def test_two_configurations_are_two_readers(mine: Mine, inbox: Inbox) -> None:
    other = another(mine, "other.toml")
    mine("send")
    ran = mine("send", *other)
    assert ran.errors[0].startswith(f"{mine.folder / 'mine.toml'} has sent to the same recipients;")
    assert (ran.code, len(inbox.received)) == (0, 2)
    assert len({one.message["Message-ID"] for one in inbox.received}) == 2
    again = mine("send", *other)
    assert (len(again.errors), ALREADY in again.err) == (1, True)


def test_a_reader_that_is_named_may_be_moved(mine: Mine, inbox: Inbox) -> None:
    mine("send")
    named = another(mine, "mine.toml", lambda text: f'reader = "birds"\n{text}')
    assert ALREADY in mine("send", *named).err
    moved = another(mine, "moved.toml")
    ran = mine("send", *moved)
    assert (len(ran.errors), ALREADY in ran.err, len(inbox.received)) == (1, True, 1)


def test_what_is_asked_for_on_the_spot_is_an_occasion_of_its_own(mine: Mine, inbox: Inbox) -> None:
    for _ in range(2):
        for options in ([], ["-k", "pelicans"], ["cs.DC"], ["-k", "pelicans", "--to", BOB]):
            assert mine("send", *options).code == 0
    assert len(inbox.received) == 4


def test_what_waits_for_a_profile_that_is_gone_is_named(mine: Mine, inbox: Inbox) -> None:
    mine.configure(port=inbox.port, more="[profiles.group]")
    inbox.end = "451 later"
    mine("send", "--profile", "group")
    inbox.end = "250 taken"
    mine.configure(port=inbox.port, more="[profiles.flock]")
    ran = mine("send")
    assert ran.errors[1] == (
        'digest: a message of Tue 5 May 2026 waits for the profile "group", which this'
        " configuration does not have; name one so again, and run digest send --profile group"
    )
    assert ran.code == 0


@pytest.mark.usefixtures("week")
def test_what_the_server_puts_off_for_five_days_comes_with_the_next(
    mine: Mine, inbox: Inbox, arxiv: FakeArxiv
) -> None:
    inbox.end = "451 later"
    mine("send")
    on(arxiv, TUESDAY + timedelta(days=5))
    ran = mine("send")
    assert "given up after five days: its entries come with the next message" in ran.err
    inbox.end = "250 taken"
    on(arxiv, TUESDAY + timedelta(days=6))
    arxiv.publish(date(2026, 5, 11), *papers("2605.11", 1, "cs.DC"))
    ran = mine("send")
    assert ran.code == 0
    came = [one for message in ids(inbox) for one in message]
    assert sorted(came) == [
        *("05 2605.10001", "05 2605.10002", "06 2605.06101", "07 2605.07101"),
        *("08 2605.08101", "11 2605.11001"),
    ]
    assert ANN in ran.err
