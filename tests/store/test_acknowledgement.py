from datetime import date, timedelta
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv, Paper, papers
from mornings import TUESDAY, WEDNESDAY, Mine
from ran import Digest, Ran

from arxivdigest.store.acknowledgement import acknowledge, acknowledged
from arxivdigest.store.file import FILE, opened

IDS = ["2605.10001", "2605.10002"]


# In the store


def test_entries_are_acknowledged_for_a_profile_and_a_day(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        acknowledge(kept, "group", TUESDAY, IDS)
    with opened(tmp_path) as kept:
        assert acknowledged(kept, "group", TUESDAY) == frozenset(IDS)
        assert acknowledged(kept, "group", WEDNESDAY) == frozenset()
        assert acknowledged(kept, "", TUESDAY) == frozenset()


def test_it_may_be_acknowledged_twice(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        acknowledge(kept, "", TUESDAY, IDS[:1])
        acknowledge(kept, "", TUESDAY, IDS)
        assert acknowledged(kept, "", TUESDAY) == frozenset(IDS)


@pytest.mark.parametrize(("days", "is_kept"), [(100, True), (101, False)])
def test_it_is_kept_a_hundred_days(tmp_path: Path, days: int, *, is_kept: bool) -> None:
    with opened(tmp_path) as kept:
        acknowledge(kept, "", TUESDAY, IDS)
        acknowledge(kept, "group", TUESDAY + timedelta(days=days), IDS)
        assert bool(acknowledged(kept, "", TUESDAY)) == is_kept


# On the command line


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
    mine("today")
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


def test_other_subjects_are_another_listing(mine: Mine) -> None:
    mine("today", "cs.LG")
    assert mine("ack").errors == ["digest: nothing is stored for cs.DC yet"]
    assert mine("ack").code == 75
    assert mine("ack", "cs.LG").errors == ["Tue 5 May 2026, cs.LG: 1 entry is acknowledged."]


def test_without_subjects_there_is_nothing_to_acknowledge(digest: Digest) -> None:
    ran = digest("ack")
    assert ran.errors == [
        "digest: no subjects: name some, as in digest today cs.DC, or follow some: digest init"
    ]
    assert ran.code == 2


def test_where_nothing_can_be_kept_nothing_is_acknowledged(mine: Mine) -> None:
    mine("today")
    mine.state.write_bytes(b"no store" * 1000)
    ran = mine("ack")
    assert ran.errors == [
        f"{mine.state} is damaged, and was set aside as {FILE}.aside-1; going on without it",
        "digest: nothing is stored for cs.DC yet",
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
