"""What was announced while nobody looked: named by `today`, brought by `catchup`."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from fake_arxiv import EASTERN, FakeArxiv, Paper, papers
from inside import Inside
from mornings import Mine
from ran import Digest, Ran

DAYS = [date(2026, 5, day) for day in (4, 5, 6, 7, 8, 11, 12, 13, 14, 15)]
"""Monday to Friday of two weeks."""

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = DAYS[:5]


def announce(arxiv: FakeArxiv, day: date, *more: Paper) -> None:
    arxiv.publish(day, *papers(f"26{day:%m.%d}", 2, "cs.DC"), *more)


def first_of(day: date) -> str:
    return f"2605.{day.day:02}001"


@pytest.fixture
def inside(tmp_path: Path, arxiv: FakeArxiv) -> Inside:
    return Inside(tmp_path, arxiv)


@pytest.fixture
def mine(tmp_path: Path, inside: Inside, arxiv: FakeArxiv) -> Mine:
    for day in DAYS:
        announce(arxiv, day)
    made = Mine(tmp_path, inside, arxiv, 25)
    made.configure(port=25, more="[profiles.group]")
    return made


@pytest.fixture
def at(arxiv: FakeArxiv) -> "At":
    return At(arxiv)


class At:
    """Puts the clock to nine in the morning of a day in New York, or to another hour."""

    def __init__(self, arxiv: FakeArxiv) -> None:
        self._arxiv = arxiv

    def __call__(self, day: date, hour: int = 9) -> None:
        self._arxiv.now = datetime(day.year, day.month, day.day, hour, tzinfo=EASTERN)


def shown(ran: Ran) -> list[tuple[str, str]]:
    """The ids and the days of the lines in a pipe."""
    lines = [line.split("\t") for line in ran.out.splitlines()]
    return [(line[0], line[-1]) for line in lines]


def days_of(ran: Ran) -> list[str]:
    return list(dict.fromkeys(day for _, day in shown(ran)))


def named(ran: Ran) -> list[str]:
    return [line for line in ran.errors if line.startswith("Not seen")]


# What today names


def test_a_first_look_ever_names_nothing(mine: Mine, at: At) -> None:
    at(FRIDAY)
    ran = mine("today")
    assert (len(ran.errors), ran.code) == (1, 0)


def test_what_was_not_seen_since_the_last_look_is_named(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today")
    at(DAYS[5])
    ran = mine("today")
    assert ran.errors[-1] == (
        "Not seen: 4 announcements (Tue 5 May, Wed 6 May, Thu 7 May, Fri 8 May): digest catchup"
    )
    assert ran.code == 0
    assert {line.split("\t")[0][:7] for line in ran.out.splitlines()} == {"2605.11"}


def test_one_is_one_and_of_more_than_seven_the_first_and_the_last_are_named(
    mine: Mine, at: At, arxiv: FakeArxiv
) -> None:
    at(MONDAY)
    mine("today")
    at(WEDNESDAY)
    assert named(mine("today")) == ["Not seen: 1 announcement (Tue 5 May): digest catchup"]
    at(DAYS[-1])
    [seven] = named(mine("today"))
    assert seven == (
        "Not seen: 7 announcements (Tue 5 May, Thu 7 May, Fri 8 May, Mon 11 May, Tue 12 May,"
        " Wed 13 May, Thu 14 May): digest catchup"
    )
    announce(arxiv, date(2026, 5, 19))
    at(date(2026, 5, 19))
    assert named(mine("today")) == [
        "Not seen: 8 announcements (Tue 5 May to Mon 18 May): digest catchup"
    ]


def test_it_is_named_until_it_is_shown(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today")
    at(THURSDAY)
    assert len(named(mine("today"))) == 1
    assert len(named(mine("today"))) == 1
    mine("on", "2026-05-05")
    assert named(mine("today")) == ["Not seen: 1 announcement (Wed 6 May): digest catchup"]
    mine("catchup")
    assert named(mine("today")) == []


def test_quiet_keeps_it_and_documents_end_with_it(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today", "--quiet")
    at(WEDNESDAY)
    sentence = "Not seen: 1 announcement (Tue 5 May): digest catchup"
    assert mine("today", "--quiet").errors == [sentence]
    for name in ("markdown", "text", "html", "email"):
        assert sentence in mine("today", "-q", "-f", name).out[-400:].replace("=\n", "")
    assert json.loads(mine("today", "-f", "json").out)["remarks"] == [sentence]


def test_it_names_the_command_for_that_configuration_and_profile(mine: Mine, at: At) -> None:
    for day in (MONDAY, WEDNESDAY):
        at(day)
        ran = mine("today", "--profile", "group", "-q")
    assert ran.errors == ["Not seen: 1 announcement (Tue 5 May): digest catchup --profile group"]


@pytest.mark.parametrize("on_the_spot", [["cs.DC"], ["-k", "pelicans"], ["--from", "saved.html"]])
def test_what_is_asked_for_on_the_spot_neither_names_nor_counts(
    mine: Mine, at: At, arxiv: FakeArxiv, on_the_spot: list[str]
) -> None:
    at(MONDAY)
    mine("today")
    at(TUESDAY)
    saved = mine.folder / "saved.html"
    page, _ = arxiv.reply("/list/cs.DC/new", {})
    saved.write_bytes(page.body)
    asked = [str(saved) if one == "saved.html" else one for one in on_the_spot]
    assert mine("today", *asked).code == 0
    at(WEDNESDAY)
    assert named(mine("today", *asked)) == []
    assert named(mine("today")) == ["Not seen: 1 announcement (Tue 5 May): digest catchup"]


def test_each_profile_is_a_reader_of_its_own(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today")
    mine("today", "--profile", "group")
    at(TUESDAY)
    mine("today", "--profile", "group")
    at(WEDNESDAY)
    assert named(mine("today", "--profile", "group")) == []
    assert len(named(mine("today"))) == 1


def test_weekends_and_holidays_are_not_missed(mine: Mine, at: At, arxiv: FakeArxiv) -> None:
    memorial = date(2026, 6, 19)  # a Friday on which arXiv announces nothing
    for day in (date(2026, 6, 18), date(2026, 6, 22)):
        announce(arxiv, day)
        at(day)
        ran = mine("today")
        assert (named(ran), ran.code) == ([], 0), memorial


def test_a_day_written_to_a_closed_pipe_or_a_full_disk_is_not_seen(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today")
    at(TUESDAY)
    assert mine("today", "--output", "/dev/full").code == 1
    at(WEDNESDAY)
    assert len(named(mine("today"))) == 1


def test_with_nothing_printed_as_nothing_matched_the_day_is_seen(mine: Mine, at: At) -> None:
    mine.configure(port=25, more='[[rules]]\nany = ["penguins"]')
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        at(day)
        ran = mine("today", "--skip-empty")
        assert (ran.out, ran.err) == ("", "")
    at(FRIDAY)
    assert mine("today", "--skip-empty").errors == [
        "Not seen: 1 announcement (Thu 7 May): digest catchup"
    ]


def test_a_subject_that_is_added_begins_with_the_newest_announcement(
    mine: Mine, at: At, arxiv: FakeArxiv
) -> None:
    for day in DAYS:
        announce(arxiv, day, Paper(f"2605.{day.day:02}900", "cs.LG"))
    at(MONDAY)
    mine("today")
    mine.configure(port=25, subjects='"cs.DC", "cs.LG"')
    at(WEDNESDAY)
    assert len(named(mine("today"))) == 1
    ran = mine("catchup")
    assert shown(ran) == [("2605.05001", "2026-05-05"), ("2605.05002", "2026-05-05")]
    at(FRIDAY)
    assert [arxiv_id for arxiv_id, day in shown(mine("catchup")) if day == "2026-05-07"] == [
        "2605.07001",
        "2605.07002",
        "2605.07900",
    ]


def test_wholly_other_subjects_begin_anew(mine: Mine, at: At, arxiv: FakeArxiv) -> None:
    at(MONDAY)
    mine("today")
    for day in DAYS:
        announce(arxiv, day, Paper(f"2605.{day.day:02}900", "cs.LG"))
    mine.configure(port=25, subjects='"cs.LG"')
    at(FRIDAY)
    assert named(mine("today")) == []


# What catchup shows


def test_all_that_was_not_seen_is_shown_oldest_first_and_today_names_nothing_more(
    mine: Mine, at: At
) -> None:
    at(MONDAY)
    mine("today")
    at(FRIDAY)
    ran = mine("catchup")
    assert days_of(ran) == ["2026-05-05", "2026-05-06", "2026-05-07", "2026-05-08"]
    assert len(shown(ran)) == 8
    assert [line.split(",")[0] for line in ran.errors] == [
        "Tue 5 May 2026",
        "Wed 6 May 2026",
        "Thu 7 May 2026",
        "Fri 8 May 2026",
    ]
    assert ran.code == 0
    assert named(mine("today")) == []


def test_the_newest_is_left_out_where_it_was_seen(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today")
    at(WEDNESDAY)
    mine("today")
    assert days_of(mine("catchup")) == ["2026-05-05"]


@pytest.mark.parametrize("name", ["plain", "markdown", "text", "html", "email", "json", "table"])
def test_nothing_missed_is_said_in_an_empty_document(mine: Mine, at: At, name: str) -> None:
    at(TUESDAY)
    mine("today")
    ran = mine("catchup", "-f", name)
    assert ran.errors == ["Nothing missed since Tue 5 May."]
    assert ran.code == 0
    assert "2605" not in ran.out
    if name == "json":
        document = json.loads(ran.out)
        assert (document["announcements"], document["entries"]) == ([], [])
        assert document["verdict"]["message"] == "Nothing missed since Tue 5 May."
    assert mine("catchup", "--quiet").err == ""


def test_where_nothing_was_ever_seen_it_is_the_last_five(mine: Mine, at: At) -> None:
    at(DAYS[7])
    assert days_of(mine("catchup")) == [day.isoformat() for day in DAYS[3:8]]
    assert mine("catchup").errors == ["Nothing missed since Thu 7 May."]
    at(DAYS[9])
    assert named(mine("today")) == ["Not seen: 1 announcement (Thu 14 May): digest catchup"]


def test_since_shows_every_day_seen_or_not(mine: Mine, at: At) -> None:
    at(WEDNESDAY)
    mine("today")
    at(FRIDAY)
    ran = mine("catchup", "--since", "2026-05-05")
    assert days_of(ran) == ["2026-05-05", "2026-05-06", "2026-05-07", "2026-05-08"]
    assert named(mine("today")) == []
    assert days_of(mine("catchup", "--since", "2026-05-09")) == []


def test_one_day_that_was_missed_is_a_series_too(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today")
    at(TUESDAY)
    document = json.loads(mine("catchup", "-f", "json").out)
    assert [one["announced"] for one in document["announcements"]] == ["2026-05-05"]
    assert {entry["announced"] for entry in document["entries"]} == {"2026-05-05"}


def test_an_entry_that_comes_again_stands_under_both_days(
    mine: Mine, at: At, arxiv: FakeArxiv
) -> None:
    announce(arxiv, THURSDAY, Paper("2605.05001", "cs.DC", "Of pelicans, mended", 2))
    mine.configure(port=25, more="")
    path = mine.folder / "mine.toml"
    path.write_text('announce = ["new", "replace"]\n' + path.read_text())
    at(MONDAY)
    mine("today")
    at(THURSDAY)
    text = mine("catchup", "-f", "text").out
    line = next(line for line in text.splitlines() if "mended" in line)
    assert "2605.05001" in line
    assert "see [1]" in line


def test_a_limit_keeps_the_best_of_all_days_and_all_of_them_are_seen(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today")
    at(THURSDAY)
    ran = mine("catchup", "--limit", "1")
    assert len(shown(ran)) == 1
    assert named(mine("today")) == []
    mine("ack")


def test_ack_notes_what_catchup_showed(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today")
    at(WEDNESDAY)
    mine("catchup", "--limit", "3")
    assert mine("ack").errors == ["Tue 5 to Wed 6 May, cs.DC: 3 entries are acknowledged."]
    ran = mine("catchup", "--since", "2026-05-05", "--unseen")
    assert shown(ran) == [("2605.06002", "2026-05-06")]


# What cannot be read


def test_a_day_that_cannot_be_read_is_named_and_stays_unseen(
    mine: Mine, at: At, arxiv: FakeArxiv
) -> None:
    at(MONDAY)
    mine("today")
    at(FRIDAY)
    arxiv.fault("/catchup/cs.DC/2026-05-06", "status", status=404)
    ran = mine("catchup")
    assert ran.code == 75
    assert days_of(ran) == ["2026-05-05", "2026-05-07", "2026-05-08"]
    [said] = [line for line in ran.errors if line.startswith("Wed 6 May 2026, cs.DC: not read (")]
    assert "404" in said
    assert named(mine("today")) == ["Not seen: 1 announcement (Wed 6 May): digest catchup"]
    arxiv.mend()
    again = mine("catchup")
    assert (days_of(again), again.code) == (["2026-05-06"], 0)


def test_where_arxiv_does_not_answer_each_day_costs_no_wait(
    mine: Mine, at: At, arxiv: FakeArxiv
) -> None:
    at(MONDAY)
    mine("today")
    at(FRIDAY)
    arxiv.fault("/", "hang-up")
    ran = mine("catchup")
    assert (ran.code, ran.out) == (75, "")
    assert [line.split(",")[0] for line in ran.errors] == [
        "Tue 5 May 2026",
        "Wed 6 May 2026",
        "Thu 7 May 2026",
        "Fri 8 May 2026",
    ]
    assert len(named(mine("today", "--offline"))) == 1


def test_offline_shows_what_is_stored_and_names_the_holes(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today")
    at(WEDNESDAY)
    mine("today", "cs.DC")  # an occasion of its own, which reads it
    at(FRIDAY)
    ran = mine("catchup", "--offline")
    assert days_of(ran) == ["2026-05-06"]
    assert ran.code == 75
    assert sum("nothing is stored" in line for line in ran.errors) == 3


def test_what_a_short_day_lacked_is_unseen_until_it_is_shown(
    mine: Mine, at: At, arxiv: FakeArxiv
) -> None:
    arxiv.publish(TUESDAY, *papers("2605.05", 5, "cs.DC"))
    at(MONDAY)
    mine("today")
    at(WEDNESDAY)
    mine("today")
    arxiv.page_size = 3
    arxiv.fault("/catchup/cs.DC/2026-05-05?abs=True&page=2", "unavailable")
    ran = mine("catchup")
    assert ran.code == 75
    assert named(mine("today")) == ["Not seen: 1 announcement (Tue 5 May): digest catchup"]
    arxiv.mend()
    arxiv.now += timedelta(hours=1)
    later = mine("catchup")
    assert later.code == 0
    assert sorted(shown(ran) + shown(later)) == [
        (f"2605.0500{number}", "2026-05-05") for number in range(1, 6)
    ]
    assert named(mine("today")) == []


@pytest.mark.parametrize("followed", [False, True], ids=["first", "added"])
def test_a_subject_that_fails_on_its_first_day_is_unseen_until_it_is_shown(
    mine: Mine, at: At, arxiv: FakeArxiv, *, followed: bool
) -> None:
    for day in (TUESDAY, WEDNESDAY):
        announce(arxiv, day, Paper(f"2605.{day.day:02}009", "cs.LG"))
    at(TUESDAY)
    if followed:
        mine("today")  # whole, for one subject
    mine.configure(port=25, subjects='"cs.DC", "cs.LG"')
    for path in ("/rss", "/list/cs.LG"):
        arxiv.fault(path, "status", status=500)
    assert mine("today").code == 75
    arxiv.mend()
    at(WEDNESDAY)
    assert named(mine("today")) == ["Not seen: 1 announcement (Tue 5 May): digest catchup"]
    ran = mine("catchup")
    assert shown(ran) == [("2605.05009", "2026-05-05")]
    assert "and 2 seen before." in ran.err
    assert named(mine("today")) == []


@pytest.mark.parametrize("options", [(), ("--since", "2026-05-05")])
def test_the_first_days_ever_are_unseen_where_they_could_not_be_read(
    mine: Mine, at: At, arxiv: FakeArxiv, options: tuple[str, ...]
) -> None:
    at(DAYS[5])
    arxiv.fault("/catchup/cs.DC/2026-05-05", "status", status=404)
    assert mine("catchup", *options).code == 75
    arxiv.mend()
    assert mine("days").out.splitlines()[-5].split("\t")[-2:] == ["", ""]
    assert named(mine("today")) == ["Not seen: 1 announcement (Tue 5 May): digest catchup"]
    assert days_of(mine("catchup")) == ["2026-05-05"]
    assert named(mine("today")) == []


def test_since_shows_a_subject_that_was_added_on_every_day(
    mine: Mine, at: At, arxiv: FakeArxiv
) -> None:
    for day in (MONDAY, TUESDAY, WEDNESDAY):
        announce(arxiv, day, Paper(f"2605.{day.day:02}009", "cs.LG"))
        at(day)
        mine("today")
    mine.configure(port=25, subjects='"cs.DC", "cs.LG"')
    ran = mine("catchup", "--since", "2026-05-05")
    assert [one for one, _ in shown(ran) if one.endswith("9")] == ["2605.05009", "2605.06009"]


def test_a_day_without_an_announcement_is_never_lost(mine: Mine, at: At, arxiv: FakeArxiv) -> None:
    arxiv.publish(TUESDAY)  # off, and in no calendar
    at(MONDAY)
    mine("today")
    at(THURSDAY)
    mine("on", "2026-05-05", "cs.DC")  # which is stored now
    assert named(mine("today")) == ["Not seen: 1 announcement (Wed 6 May): digest catchup"]
    mine.state.unlink()  # as after 100 days
    arxiv.now = datetime(2026, 8, 17, 13, tzinfo=UTC)
    (lost,) = (line for line in mine("today").errors if "Lost" in line)
    assert "(Wed 6 May, Fri 8 May, Mon 11 May," in lost


def test_a_day_older_than_arxiv_shows_is_named_once_as_lost(
    mine: Mine, at: At, arxiv: FakeArxiv
) -> None:
    at(MONDAY)
    mine("today")
    at(WEDNESDAY)
    mine("today", "cs.DC")
    arxiv.now = datetime(2026, 8, 5, 13, tzinfo=UTC)
    first = mine("today")
    assert "Lost: 1 announcement (Tue 5 May): arXiv shows nothing older than 90 days" in (
        first.errors
    )
    assert not any("Lost" in line for line in mine("today").errors)


# What it costs


def test_what_is_stored_is_not_asked_for_again(mine: Mine, at: At, arxiv: FakeArxiv) -> None:
    at(MONDAY)
    mine("today")
    at(THURSDAY)
    asked = len(arxiv.asked)
    mine("catchup")
    assert sorted(arxiv.asked[asked:]) == [
        "/catchup/cs.DC/2026-05-05?abs=True",
        "/catchup/cs.DC/2026-05-06?abs=True",
        "/rss/cs.DC",
    ]
    asked = len(arxiv.asked)
    mine("catchup", "--since", "2026-05-05")
    assert len(arxiv.asked) == asked


def test_many_requests_are_announced_before_they_begin(
    mine: Mine, at: At, arxiv: FakeArxiv
) -> None:
    for number in range(30):
        announce(arxiv, date(2026, 5, 18) + timedelta(days=number))
    at(MONDAY)
    mine("today")
    at(DAYS[-1])
    assert not any(line.startswith("Reading") for line in mine("catchup").errors)
    at(date(2026, 6, 12))
    ran = mine("catchup")
    assert ran.errors[0] == (
        "Reading 20 announcements in 20 requests: about 1 minute; Ctrl-C keeps what was read by"
        " then."
    )
    assert not mine("catchup", "--since", "2026-05-18", "-q").err


def test_what_was_read_before_an_interruption_is_not_read_again(
    mine: Mine, at: At, arxiv: FakeArxiv, inside: Inside
) -> None:
    at(MONDAY)
    mine("today")
    at(FRIDAY)
    inside.sleeps_left = 2
    mine.configure(port=25, delay=3)
    asked = len(arxiv.asked)
    ran = mine("catchup")
    assert (ran.code, ran.out) == (130, "")
    read = arxiv.asked[asked:]
    assert len(read) == 3
    assert len(named(mine("today"))) == 1
    inside.sleeps_left = None
    asked = len(arxiv.asked)
    assert len(days_of(mine("catchup"))) == 3
    assert not set(read) & set(arxiv.asked[asked:])


def test_since_before_what_arxiv_shows_says_what_is_left_out(mine: Mine, at: At) -> None:
    at(MONDAY)
    mine("today")
    ran = mine("catchup", "--since", "2026-01-29", "--offline")
    assert (
        "Lost: 3 announcements (Thu 29 Jan, Fri 30 Jan, Mon 2 Feb): arXiv shows nothing older"
        in (ran.err)
    )
    assert days_of(ran) == ["2026-05-04"]


@pytest.mark.parametrize("wrong", [date(2026, 6, 5), date(2036, 5, 5), date(1970, 1, 1)])
def test_what_a_wrong_clock_had_as_lacking_is_not_missed(
    mine: Mine, at: At, digest: Digest, wrong: date
) -> None:
    at(FRIDAY)
    config = mine.folder / "mine.toml"
    instant = datetime(wrong.year, wrong.month, wrong.day, 16, tzinfo=UTC)
    assert digest("catchup", "-c", config, environment={"NO_PROXY": "*"}, at=instant).code == 75
    assert len(mine("today").errors) == 1
    at(DAYS[6])
    assert mine("today").errors[1:] == ["Not seen: 1 announcement (Mon 11 May): digest catchup"]
    assert days_of(mine("catchup")) == ["2026-05-11"]
    assert mine("catchup").err == "Nothing missed since Fri 8 May.\n"
