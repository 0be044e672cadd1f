"""A request is answered from whatever covers it."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from entries import entry

from arxivdigest.model import AnnounceType, Entry, Listing
from arxivdigest.store.file import opened
from arxivdigest.store.listings import Store
from arxivdigest.store.rows import Stored

MONDAY, TUESDAY = date(2026, 5, 4), date(2026, 5, 5)
NINE = datetime(2026, 5, 5, 9, tzinfo=UTC)
NEW, CROSS, REPLACE, REPLACE_CROSS = AnnounceType


def of(number: int, kind: AnnounceType, categories: str) -> Entry:
    names = tuple(categories.split())
    return entry(
        arxiv_id=f"2605.{number:05}",
        announce_type=kind,
        primary_category=names[0] if names else "",
        categories=names,
    )


JOINED = (
    of(1, NEW, "cs.DC cs.LG"),
    of(2, NEW, "cs.LG"),
    of(3, CROSS, "math.OC cs.DC"),
    of(4, CROSS, "math.OC cs.DC cs.LG"),
    of(5, REPLACE, "cs.LG cs.DC"),
    of(6, REPLACE_CROSS, "math.OC cs.LG"),
)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path) as store:
        yield store


def keep(  # noqa: PLR0913 - each says what was read
    store: Store,
    asked: str,
    *entries: Entry,
    day: date = TUESDAY,
    source: str = "feed",
    hours: int = 0,
    problems: tuple[str, ...] = (),
) -> None:
    subjects = tuple(asked.split())
    listing = Listing(source, subjects, day, entries, problems=problems)
    at = NINE + timedelta(hours=hours)
    store.keep(subjects, Stored(listing, at, at + timedelta(hours=1), "etag"))


def shown(stored: Stored | None) -> list[tuple[str, str]]:
    assert stored
    return [(one.arxiv_id[-1], one.announce_type.value) for one in stored.listing.entries]


def test_a_subject_is_answered_from_a_joined_listing(kept: Store) -> None:
    keep(kept, "cs.DC cs.LG", *JOINED)
    answered = kept.of_day(("cs.DC",), TUESDAY)
    assert shown(answered) == [
        ("1", "new"),
        ("3", "cross"),
        ("4", "cross"),  # nobody can tell whose cross-list it is, and so it is kept
        ("5", "replace-cross"),
    ]
    assert answered
    assert (answered.listing.subjects, answered.etag) == (("cs.DC",), None)
    assert answered.fresh_until == NINE + timedelta(hours=1)
    assert kept.newest(("cs.DC",)) == answered
    assert kept.newest(("cs.DC",), "page") is None


def test_several_subjects_are_answered_from_several_listings(kept: Store) -> None:
    keep(kept, "cs.DC", of(1, NEW, "cs.DC cs.LG"), of(5, REPLACE_CROSS, "cs.LG cs.DC"))
    keep(kept, "cs.LG", of(1, CROSS, "cs.DC cs.LG"), of(2, NEW, "cs.LG"), hours=-2)
    answered = kept.newest(("cs.DC", "cs.LG"))
    assert shown(answered) == [("1", "new"), ("2", "new"), ("5", "replace")]
    assert answered
    assert answered.read_at == NINE - timedelta(hours=2)
    assert answered.listing.subjects == ("cs.DC", "cs.LG")


def test_what_was_asked_for_is_answered_as_it_came(kept: Store) -> None:
    keep(kept, "cs.DC cs.LG", *JOINED)
    answered = kept.newest(("cs.LG", "cs.DC"))
    assert answered
    assert (tuple(answered.listing.entries), answered.etag) == (JOINED, "etag")


def test_a_category_is_answered_from_a_feed_of_its_archive_and_not_from_its_page(
    kept: Store,
) -> None:
    keep(kept, "cs", *JOINED, source="page")
    assert kept.newest(("cs.DC",)) is None
    assert kept.covering(("cs.DC",)) is None
    keep(kept, "cs", *JOINED)
    assert [number for number, _ in shown(kept.newest(("cs.DC",)))] == ["1", "3", "4", "5"]
    assert kept.newest(("math.OC",)) is None


def test_an_alias_is_the_same_subject(kept: Store) -> None:
    keep(kept, "math-ph", of(1, NEW, "math-ph"))
    assert shown(kept.newest(("math.MP",))) == [("1", "new")]


def test_what_names_no_category_is_kept(kept: Store) -> None:
    keep(kept, "cs.DC cs.LG", of(7, CROSS, ""))
    assert shown(kept.newest(("cs.DC",))) == [("7", "cross")]


def test_what_is_lacking_is_said(kept: Store) -> None:
    keep(kept, "cs.DC", *JOINED[:1])
    assert kept.newest(("cs.DC", "cs.LG", "cs.CV")) is None
    found = kept.covering(("cs.DC", "cs.LG", "cs.CV"))
    assert found
    assert (found.lacking, found.is_whole) == (("cs.LG", "cs.CV"), False)
    assert found.stored.listing.subjects == ("cs.DC",)
    assert kept.covering(("cs.LG",)) is None


def test_whole_comes_before_short_and_later_before_earlier(kept: Store) -> None:
    keep(kept, "cs.DC", *JOINED[:1], hours=1)
    keep(kept, "cs.DC cs.LG", *JOINED, hours=2, problems=("2 of 8 entries are missing",))
    assert shown(kept.newest(("cs.DC",))) == [("1", "new")]
    keep(kept, "cs.DC cs.CV", *JOINED, hours=3)
    assert len(shown(kept.newest(("cs.DC",)))) == 4


def test_what_is_short_is_kept_and_answers_nothing_as_whole(kept: Store) -> None:
    keep(kept, "cs.DC", *JOINED[:1], problems=("2 of 8 entries are missing",))
    assert kept.of_day(("cs.DC",), TUESDAY) is None
    found = kept.covering(("cs.DC",), TUESDAY)
    assert found
    assert found.stored.listing.problems == ("2 of 8 entries are missing",)
    keep(kept, "cs.DC", *JOINED)
    keep(kept, "cs.DC", problems=("nothing is there",), hours=5)
    assert len(shown(kept.of_day(("cs.DC",), TUESDAY))) == 6


def test_the_newest_day_is_the_latest_that_has_all_subjects(kept: Store) -> None:
    keep(kept, "cs.DC cs.LG", *JOINED, day=MONDAY)
    keep(kept, "cs.DC", *JOINED[:1])
    newest = kept.newest(("cs.DC", "cs.LG"))
    assert newest
    assert newest.listing.announced == MONDAY
    assert kept.days() == [TUESDAY, MONDAY]


def test_pages_are_kept_until_the_listing_is(kept: Store) -> None:
    for number in (1, 2, 4):
        page = Listing("page", ("cs.DC",), TUESDAY, (JOINED[number],))
        kept.keep_page("cs.DC", number, Stored(page, NINE))
    assert [shown(one) for one in kept.pages("cs.DC", TUESDAY)] == [
        [("2", "new")],
        [("3", "cross")],
    ]
    assert kept.days() == []
    assert kept.covering(("cs.DC",)) is None
    keep(kept, "cs.DC", *JOINED)
    assert kept.pages("cs.DC", TUESDAY) == []


def test_every_day_but_the_newest_is_compressed(kept: Store, tmp_path: Path) -> None:
    entries = [of(number, NEW, "cs.DC") for number in range(300)]
    days = [MONDAY - timedelta(days=number) for number in range(5)]
    for day in [*reversed(days), days[3], TUESDAY]:
        keep(kept, "cs.DC", *entries, day=day)
    for day in (*days, TUESDAY):
        answered = kept.of_day(("cs.DC",), day)
        assert answered
        assert list(answered.listing.entries) == entries
    with closing(sqlite3.connect(tmp_path / "listings.sqlite")) as database:
        query = "SELECT announced, instr(entries, CAST('2605.00007' AS BLOB)) > 0 FROM listing"
        plain = {day for day, is_plain in database.execute(query) if is_plain}
    assert plain == {TUESDAY.isoformat()}
