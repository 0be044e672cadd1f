"""Only what is lacking is asked for."""

from pathlib import Path

from fake_arxiv import FakeArxiv, Paper
from mornings import TUESDAY, WEDNESDAY, Mine
from ran import Ran

BOTH = Paper("2605.20009", "cs.LG cs.DC")


def ids(ran: Ran) -> list[str]:
    return [line.split("\t")[0] for line in ran.out.splitlines()]


def paths(arxiv: FakeArxiv, since: int = 0) -> list[str]:
    return arxiv.asked[since:]


def test_a_subject_that_is_added_is_asked_for_alone(mine: Mine, arxiv: FakeArxiv) -> None:
    mine("today")
    before = len(arxiv.asked)
    mine.configure(port=25, subjects='"cs.DC", "cs.LG"')
    ran = mine("today")
    assert paths(arxiv, before) == ["/rss/cs.LG"]
    assert (ids(ran), ran.code) == (["2605.10001", "2605.10002", "2605.20001"], 0)
    assert mine("today").code == 0
    assert len(arxiv.asked) == before + 1


def test_a_subject_that_is_added_hides_nothing_that_is_stored(mine: Mine, arxiv: FakeArxiv) -> None:
    mine("today")
    mine.configure(port=25, subjects='"cs.DC", "cs.LG"')
    ran = mine("today", "--offline")
    assert ids(ran) == ["2605.10001", "2605.10002"]
    assert "; incomplete (nothing is stored for cs.LG); " in ran.err
    assert (ran.code, len(arxiv.asked)) == (75, 1)


def test_fewer_subjects_ask_nothing_anew(mine: Mine, arxiv: FakeArxiv) -> None:
    arxiv.publish(TUESDAY, Paper("2605.10001", "cs.DC"), BOTH)
    mine.configure(
        port=25, subjects='"cs.DC", "cs.LG"', more='[profiles.one]\nsubjects = ["cs.DC"]'
    )
    assert ids(mine("today")) == ["2605.10001", "2605.20009"]
    ran = mine("today", "--profile", "one")
    assert [line.split("\t")[:2] for line in ran.out.splitlines()] == [
        ["2605.10001", "new"],
        ["2605.20009", "cross"],
    ]
    assert (ran.code, len(arxiv.asked)) == (0, 1)


def test_a_joined_feed_answers_each_of_its_subjects_on_its_day(
    mine: Mine, arxiv: FakeArxiv
) -> None:
    mine.configure(port=25, subjects='"cs.DC", "cs.LG"')
    mine("today")
    mine.publish(WEDNESDAY)
    for subject, expected in (("cs.DC", ["2605.10001", "2605.10002"]), ("cs.LG", ["2605.20001"])):
        ran = mine("on", TUESDAY.isoformat(), subject)
        assert (ids(ran), ran.code) == (expected, 0)
    assert len(arxiv.asked) == 1


def test_what_cannot_be_asked_is_named_beside_what_is_stored(
    mine: Mine, arxiv: FakeArxiv, tmp_path: Path
) -> None:
    mine("today")
    arxiv.fault("/", "status", status=500)
    mine.configure(port=25, subjects='"cs.DC", "cs.LG"')
    ran = mine("today")
    assert ids(ran) == ["2605.10001", "2605.10002"]
    assert "incomplete (cs.LG could not be read: " in ran.err
    assert ran.code == 75
    assert list(tmp_path.rglob("*.aside-*")) == []
