from datetime import date, timedelta
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv, Paper, papers
from mornings import TUESDAY, WEDNESDAY, Mine
from ran import Digest, Ran

from arxivdigest.store.file import READER_FILE

IDS = ["2605.10001", "2605.10002"]


@pytest.fixture
def mine(tmp_path: Path, digest: Digest, arxiv: FakeArxiv) -> Mine:
    made = Mine(tmp_path, digest, arxiv, 25)
    made.configure(port=25, more="[profiles.group]")
    return made


def ids(ran: Ran) -> list[str]:
    assert ran.code == 0
    return [line.split("\t")[0] for line in ran.out.splitlines()]


def test_what_is_acknowledged_is_left_out(mine: Mine, arxiv: FakeArxiv) -> None:
    assert ids(mine("today", "--unseen")) == IDS
    asked = len(arxiv.asked)
    ran = mine("ack")
    assert (ran.out, ran.errors) == (
        "",
        ["Tue 5 May 2026, cs.DC: 2 entries are acknowledged."],
    )
    assert ran.code == 0
    assert len(arxiv.asked) == asked
    again = mine("today", "--unseen")
    assert ids(again) == []
    assert again.errors == [
        (
            "Tue 5 May 2026, cs.DC: 2 entries (2 new) from the feed;"
            " 0 selected without rules, and 2 acknowledged before."
        )
    ]
    assert ids(mine("today")) == IDS


def test_with_skip_empty_nothing_at_all_is_printed(mine: Mine) -> None:
    mine("today")
    assert mine("ack", "--quiet").err == ""
    ran = mine("today", "--unseen", "--skip-empty", "-f", "email", "-q")
    assert (ran.out, ran.err, ran.code) == ("", "", 0)


def test_each_profile_acknowledges_its_own(mine: Mine) -> None:
    mine("today", "--profile", "group")
    assert mine("ack", "--profile", "group").code == 0
    assert ids(mine("today", "--unseen")) == IDS
    assert ids(mine("today", "--unseen", "--profile", "group")) == []


def test_an_entry_that_comes_later_the_same_day_is_shown(mine: Mine, arxiv: FakeArxiv) -> None:
    mine("today")
    mine("ack")
    arxiv.publish(TUESDAY, *papers("2605.1", 2, "cs.DC"), Paper("2605.10009", "cs.DC"))
    assert ids(mine("today", "--unseen", "--refresh")) == ["2605.10009"]
    mine("ack")
    assert ids(mine("today", "--unseen")) == []


def test_the_next_day_is_shown(mine: Mine) -> None:
    mine("today")
    mine("ack")
    mine.publish(WEDNESDAY)
    assert len(ids(mine("today", "--unseen"))) == 1


def test_the_newest_that_was_read_is_acknowledged_whatever_is_out_by_now(
    mine: Mine, arxiv: FakeArxiv
) -> None:
    mine("today")
    mine.publish(WEDNESDAY)
    asked = len(arxiv.asked)
    assert mine("ack").errors == ["Tue 5 May 2026, cs.DC: 2 entries are acknowledged."]
    assert len(arxiv.asked) == asked


NOTHING_SHOWN = "digest: nothing was shown yet that could be acknowledged: digest today"


@pytest.mark.parametrize(
    "on_the_spot", [["cs.LG"], ["-k", "pelicans"], ["cs.LG", "-k", "penguins"]]
)
def test_what_is_asked_for_on_the_spot_is_an_occasion_of_its_own(
    mine: Mine, on_the_spot: list[str]
) -> None:
    mine("today", *on_the_spot)
    assert (mine("ack").errors, mine("ack").code) == ([NOTHING_SHOWN], 75)
    assert mine("ack", *on_the_spot).code == 0
    assert ids(mine("today", "--unseen", *on_the_spot)) == []
    assert ids(mine("today", "--unseen")) == IDS


def test_what_no_rule_asked_for_then_is_unseen_once_one_does(mine: Mine, arxiv: FakeArxiv) -> None:
    arxiv.publish(
        TUESDAY,
        Paper("2605.10001", "cs.DC"),
        Paper("2605.10002", "cs.DC", "On gulls", 1, "Of gulls."),
    )
    mine.configure(port=25, more="[[rules]]\nany = ['pelicans']")
    assert ids(mine("today")) == IDS[:1]
    assert mine("ack").errors == ["Tue 5 May 2026, cs.DC: 1 entry is acknowledged."]
    mine.configure(port=25, more="[[rules]]\nany = ['pelicans', 'gulls']")
    assert ids(mine("today", "--unseen")) == IDS[1:]


def test_what_a_limit_left_out_is_unseen(mine: Mine) -> None:
    assert ids(mine("today", "--limit", "1")) == IDS[:1]
    mine("ack")
    assert ids(mine("today", "--unseen")) == IDS[1:]


def test_what_a_day_asked_for_by_its_date_showed_is_not_acknowledged(mine: Mine) -> None:
    mine("today", "--limit", "1")
    assert ids(mine("on", "2026-05-05")) == IDS
    assert mine("ack").errors == ["Tue 5 May 2026, cs.DC: 1 entry is acknowledged."]
    assert ids(mine("today", "--unseen")) == IDS[1:]


def test_without_a_look_there_is_nothing_to_acknowledge(mine: Mine) -> None:
    assert (mine("ack").errors, mine("ack").code) == ([NOTHING_SHOWN], 75)
    mine("today", "--from", mine.folder / "missing.html")
    assert mine("ack").code == 75


def test_without_subjects_there_is_nothing_to_acknowledge(digest: Digest) -> None:
    ran = digest("ack")
    assert ran.errors == [
        "digest: no subjects: name some, as in digest today cs.DC, or follow some: digest init"
    ]
    assert ran.code == 2


def test_where_nothing_can_be_kept_nothing_is_acknowledged(mine: Mine) -> None:
    mine("today")
    record = mine.state.with_name(READER_FILE)
    record.unlink()
    record.mkdir()
    ran = mine("ack")
    assert ran.errors == [
        f"{record} cannot be used (unable to open database file); going on without it",
        NOTHING_SHOWN,
    ]
    assert ran.code == 75
    assert ids(mine("today", "--unseen")) == IDS


def test_a_day_long_past_is_not_shown_again_when_another_profile_acknowledges(
    mine: Mine, arxiv: FakeArxiv
) -> None:
    mine("today")
    mine("ack")
    arxiv.now += timedelta(days=1)
    arxiv.publish(date(2026, 5, 6), *papers("2605.3", 1, "cs.DC"))
    mine("today", "--profile", "group")
    mine("ack", "--profile", "group")
    assert len(ids(mine("today", "--unseen"))) == 1
    assert ids(mine("today", "--unseen", "--profile", "group")) == []
