"""Other days: what is known of each, why over all of them, and how a day may be named."""

from datetime import UTC, date, datetime

import pytest
from fake_arxiv import FakeArxiv, papers
from inbox import Inbox
from mornings import TUESDAY, WEDNESDAY, Mine

from arxivdigest.cli import dates
from arxivdigest.cli.days import Known, for_person
from arxivdigest.errors import UsageError
from arxivdigest.output.report import report

THURSDAY, FRIDAY = date(2026, 5, 7), date(2026, 5, 8)
EVENING = datetime(2026, 5, 7, 1, tzinfo=UTC)  # 21:00 on Wednesday in New York


@pytest.fixture
def mine(mine: Mine, arxiv: FakeArxiv) -> Mine:
    for day in (WEDNESDAY, THURSDAY):
        arxiv.publish(day, *papers(f"2605.3{day.day:02}", 2, "cs.DC"))
    return mine


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["2026-05-05"], [TUESDAY]),
        (["today"], [WEDNESDAY]),
        (["Yesterday"], [TUESDAY]),
        (["thursday"], [THURSDAY]),  # it is out since an hour ago
        (["wed"], [WEDNESDAY]),
        (["friday"], [date(2026, 5, 1)]),
        (["newest-0"], [THURSDAY]),
        (["newest-3"], [date(2026, 5, 4)]),
        (["newest-4"], [date(2026, 5, 1)]),
        (["wed", "2026-05-05", "wed"], [TUESDAY, WEDNESDAY]),
        (["friday..tuesday"], [date(2026, 5, 1), date(2026, 5, 4), TUESDAY]),
        (["newest-1..thursday"], [WEDNESDAY, THURSDAY]),
    ],
)
def test_a_day_may_be_named_in_many_ways(words: list[str], expected: list[date]) -> None:
    assert dates.meant([*words, "cs.DC"], EVENING, ()) == (expected, ["cs.DC"])


def test_free_days_are_not_counted() -> None:
    assert dates.meant(["newest-1"], EVENING, [WEDNESDAY])[0] == [TUESDAY]
    assert dates.meant(["tuesday..thursday"], EVENING, [WEDNESDAY])[0] == [TUESDAY, THURSDAY]


@pytest.mark.parametrize("word", ["2026-05-07..2026-05-05", "2026-05-09..2026-05-10", "..", "x..y"])
def test_what_is_no_stretch_is_refused(word: str) -> None:
    with pytest.raises(UsageError):
        dates.meant([word], EVENING, ())


def test_on_shows_several_days_in_one_digest(mine: Mine, arxiv: FakeArxiv) -> None:
    mine.publish(FRIDAY)
    ran = mine("on", "-3..wednesday", "-1")
    assert [line.split("\t")[0] for line in ran.out.splitlines()] == [
        *("2605.10001", "2605.10002", "2605.30601", "2605.30602", "2605.30701", "2605.30702")
    ]
    assert (ran.code, len(ran.errors)) == (0, 3)
    assert len(arxiv.asked) == 3
    assert mine("on", "-2", "cs.LG").code == 0


def test_a_day_that_cannot_be_read_is_named_among_others(mine: Mine, arxiv: FakeArxiv) -> None:
    mine.publish(FRIDAY)
    arxiv.fault("/catchup/cs.DC/2026-05-06", "status", status=500)
    ran = mine("on", "tuesday..thursday")
    assert ran.errors[0].startswith("digest: Wed 6 May 2026: ")
    assert (ran.code, len(ran.out.splitlines())) == (75, 4)


@pytest.mark.parametrize("option", ["-x", "-3x", "--no-such"])
def test_other_unknown_options_stay_errors(mine: Mine, option: str) -> None:
    ran = mine("on", option)
    assert ran.code == 2
    assert "no such option" in ran.err.lower()


def test_days_says_what_is_known_of_each_and_asks_nobody(mine: Mine, arxiv: FakeArxiv) -> None:
    mine.configure(port=25, subjects='"cs.DC", "cs.LG"')
    mine("today")
    mine.publish(THURSDAY)
    mine("on", "wednesday", "cs.DC")
    asked = len(arxiv.asked)
    ran = mine("days", "--since", "monday")
    assert [line.split("\t") for line in ran.out.splitlines()] == [
        ["2026-05-04", "not read", "", "", "", ""],
        ["2026-05-05", "whole", "3", "3", "2026-05-05T16:00:00+00:00", ""],
        ["2026-05-06", "cs.DC whole, cs.LG not read", "2", "2", "", ""],
        ["2026-05-07", "not read", "", "", "", ""],
    ]
    assert (ran.code, len(arxiv.asked)) == (0, asked)
    assert len(mine("days").out.splitlines()) == 30


def test_days_says_when_each_was_sent(mine: Mine) -> None:
    mine("send")
    line = mine("days", "--since", "tuesday").out.splitlines()[0]
    assert line == "2026-05-05\twhole\t2\t2\t\t2026-05-05T16:00:00+00:00"


def test_a_day_that_went_by_unsent_was_not_sent(mine: Mine, arxiv: FakeArxiv, inbox: Inbox) -> None:
    mine.configure(port=inbox.port, more='[[rules]]\nany = ["gulls"]')
    mine("send")
    mine.publish(THURSDAY)
    mine("send", "--newest")
    mine.publish(FRIDAY)
    mine("send", "--if-any")
    days = [line.split("\t") for line in mine("days", "--since", "tuesday").out.splitlines()]
    assert [day[0] for day in days if not day[5]] == ["2026-05-06", "2026-05-08"]
    assert len(inbox.received) == 2
    assert arxiv.asked == ["/rss/cs.DC"] * 3


def test_why_looks_through_every_stored_day_newest_first(mine: Mine, arxiv: FakeArxiv) -> None:
    mine("today")
    mine.publish(THURSDAY)
    mine("on", "wednesday")
    ran = mine("why", "2605.10001", "-k", "pelicans")
    assert ran.code == 0
    assert "Tue 5 May 2026, cs.DC: new; cs.DC" in ran.out
    arxiv.publish(FRIDAY, *papers("2605.1", 1, "cs.DC", version=2))
    arxiv.now = datetime(2026, 5, 8, 16, tzinfo=UTC)
    mine("today")
    assert "Fri 8 May 2026, cs.DC: replace; cs.DC" in mine("why", "2605.10001").out
    assert "Tue 5 May 2026" in mine("why", "2605.10002").out
    missing = mine("why", "2605.99999")
    assert missing.code == 1
    assert "2605.99999 is not among the entries of cs.DC of any day that is stored" in missing.err


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_a_day_is_readable_however_wide_the_terminal(columns: int) -> None:
    """In columns where all of them fit; elsewhere under its date, without gaps."""
    found = [
        Known(TUESDAY, "not read"),
        Known(WEDNESDAY, "cs.DC whole, cs.LG nothing announced", 1204, 8, EVENING),
    ]
    lines = for_person(found, EVENING, columns)
    shown = ["".join(run.text for run in line) for line in report("\n".join(lines), columns)]
    assert max(map(len, shown)) <= columns
    if columns == 140:
        assert len(shown) == 2
        assert shown[0].index("neither shown nor sent") == shown[1].index("shown Thu")
    else:
        assert shown[0] == "Tue 5 May 2026  not read; neither shown nor sent"
        assert all(line.startswith(" " * 16) for line in shown[2:])
        assert not any("  " in line[16:] for line in shown)


@pytest.mark.parametrize("columns", range(38, 81, 3))
def test_no_moment_is_parted(columns: int) -> None:
    found = [Known(WEDNESDAY, "cs.DC whole, cs.LG nothing announced", 1204, 8, EVENING)]
    lines = report("\n".join(for_person(found, EVENING, columns)), columns)
    assert any("shown Thu 7 May 01:00" in "".join(run.text for run in line) for line in lines)
