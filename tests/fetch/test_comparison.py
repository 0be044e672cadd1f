from datetime import date

import pytest
from entries import entry

from arxivdigest.fetch.comparison import fresh, held_against, left_out, lost, may_be, repeats
from arxivdigest.model import Listing

FRIDAY = date(2025, 7, 11)


def listing(*kinds: str, announced: date = FRIDAY) -> Listing:
    """A listing of entries such as `1 new`: a number and an announce type."""
    entries = tuple(
        entry(f"2507.0000{number}", kind) for number, kind in (one.split() for one in kinds)
    )
    return Listing("feed", ("cs.DC",), announced, entries)


@pytest.mark.parametrize(
    ("asked", "named", "missing"),
    [
        (("cs.DC",), ("cs.DC",), []),
        (("cs.DC", "cs.LG"), ("cs.DC",), ["cs.LG"]),
        (("cs.SY",), ("eess.SY",), []),
        (("cs.DC",), ("CS.DC",), []),
        (("math",), ("math",), []),
        (("math",), ("math.AG", "math.CO"), []),
        (("math",), ("cs.DC",), ["math"]),
    ],
)
def test_subjects_that_a_listing_leaves_out(
    asked: tuple[str, ...], named: tuple[str, ...], missing: list[str]
) -> None:
    assert left_out(asked, named) == missing


@pytest.mark.parametrize(
    ("subject", "said", "is_possible"),
    [
        ("cs.DC", "cs.DC", True),
        ("cs.DC", "math.AG", False),
        ("cs.SY", "eess.SY", True),
        ("math-ph", "math.MP", True),
    ],
)
def test_a_page_may_be_for_a_subject_by_another_name(
    subject: str,
    said: str,
    is_possible: bool,  # noqa: FBT001 - a parameter
) -> None:
    assert may_be(subject, said) is is_possible


@pytest.mark.parametrize(
    ("today", "repeated"),
    [(["1 new", "2 cross"], True), (["1 new"], True), (["1 replace"], False), (["3 new"], False)],
)
def test_a_listing_repeats_another_where_it_has_nothing_new(
    today: list[str],
    repeated: bool,  # noqa: FBT001 - a parameter
) -> None:
    assert repeats(listing(*today), listing("1 new", "2 cross")) is repeated


@pytest.mark.parametrize(
    ("before", "again", "repeated"),
    [
        ([2], [2], True),
        ([2], [3], False),
        ([2, 2], [2], True),
        ([2, 2], [2, 3], False),
        ([None], [None], True),
        ([None, None], [None], False),
        ([2, 2], [None], False),
        ([2, None], [None, None], True),
    ],
)
def test_the_next_version_of_a_paper_is_no_repetition(
    before: list[int | None], again: list[int | None], *, repeated: bool
) -> None:
    def replaced(versions: list[int | None]) -> Listing:
        entries = (
            entry(f"2507.0000{number}", "replace", version=version)
            for number, version in enumerate(versions)
        )
        return Listing("page", ("cs.DC",), FRIDAY, tuple(entries))

    assert repeats(replaced(again), replaced(before)) is repeated


def test_what_is_lost_is_what_feeds_and_pages_both_must_have() -> None:
    known = listing("1 new", "2 cross", "3 replace")
    assert lost(known, listing("1 new")) == {"2507.00002"}


@pytest.mark.parametrize(
    ("again", "left", "stale"),
    [
        ([], ["1", "2", "3"], ()),
        (["1"], ["2", "3"], ()),
        (["1", "2"], ["3"], ("cs.DC",)),
        (["4", "5"], ["1", "2", "3"], ()),
    ],
)
def test_what_was_new_before_is_left_out_and_where_it_is_over_half_the_subject_is_stale(
    again: list[str], left: list[str], stale: tuple[str, ...]
) -> None:
    earlier = {"cs.DC": frozenset(f"2507.0000{one}" for one in again), "cs.LG": frozenset[str]()}
    found = fresh(listing("1 new", "2 new", "3 new", "4 cross", "5 replace"), earlier)
    assert [one.arxiv_id[-1] for one in found.listing.entries] == [*left, "4", "5"]
    assert found.stale == stale


def test_how_many_were_is_said() -> None:
    earlier = {"cs.DC": frozenset(["2507.00001"])}
    assert fresh(listing("1 new", "2 new", "3 new"), earlier).listing.notes == (
        "without 1 entry announced as new before",
    )


def test_what_is_new_of_another_subject_is_not_held_against_this_one() -> None:
    earlier = {"cs.LG": frozenset(["2507.00001"])}
    assert fresh(listing("1 new"), earlier) == (listing("1 new"), ())


def test_an_archives_pages_may_leave_out_cross_lists_within_it() -> None:
    feed = listing("1 new", "2 cross")._replace(subjects=("cs",))
    pages = listing("1 new")._replace(source="page", subjects=("cs",))
    assert held_against(pages, [feed]) == pages
    assert lost(feed, pages) == set()


def test_cross_lists_of_what_was_put_together_prove_nothing() -> None:
    assert lost(listing("1 new", "2 cross"), listing("1 new"), with_crosses=False) == set()


def test_pages_are_held_against_feeds_of_their_day() -> None:
    pages, feed = listing("1 new"), listing("1 new", "2 new")
    assert held_against(pages, [feed]).problems == ("the pages lack 1 of the feed's entries",)
    assert held_against(pages, [listing("2 new", announced=date(2025, 7, 10))]) == pages
