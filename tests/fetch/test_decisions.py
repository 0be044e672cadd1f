from datetime import date, timedelta
from typing import Any

import pytest

from arxivdigest.arxiv.calendar import HOLIDAYS
from arxivdigest.arxiv.schedule import Announcement
from arxivdigest.errors import ListingError, TryAgainError
from arxivdigest.fetch import decisions
from arxivdigest.fetch.decisions import Attempt
from arxivdigest.fetch.stale_words import Facts
from arxivdigest.model import AnnounceType, Entry, Listing

TUESDAY, WEDNESDAY, THURSDAY = date(2026, 5, 5), date(2026, 5, 6), date(2026, 5, 7)
SATURDAY, JUNETEENTH = date(2026, 5, 9), date(2026, 6, 19)


def listing(
    *numbers: int,
    day: date | None = WEDNESDAY,
    source: str = "feed",
    problems: tuple[str, ...] = (),
) -> Listing:
    entries = tuple(
        Entry(f"2605.0000{number}", 1, AnnounceType.NEW, "", (), "cs.DC", ("cs.DC",), "")
        for number in numbers
    )
    return Listing(source, ("cs.DC",), day, entries, problems=problems)


def facts(read: Listing, **more: Any) -> Facts:  # noqa: ANN401 - of many types
    return Facts(read, WEDNESDAY, WEDNESDAY, WEDNESDAY, ("cs.DC",), **more)


def test_a_whole_feed_of_the_day_is_the_announcement_wanted() -> None:
    read = listing(1, 2)
    assert decisions.judged(facts(read), decisions.FEED) == Attempt(read)


@pytest.mark.parametrize(
    ("read", "why_not"),
    [
        (listing(1, day=TUESDAY), "the feed is still of Tue 5 May 2026"),
        (listing(1, day=None), "the feed is still of unknown date"),
        (listing(), "the feed is empty"),
        (listing(1, problems=("it is cut", "it is odd")), "of the feed, it is cut; it is odd"),
    ],
)
def test_a_feed_that_is_not_says_why_and_can_still_be_shown(read: Listing, why_not: str) -> None:
    assert decisions.judged(facts(read), decisions.FEED) == Attempt(read, why_not)


@pytest.mark.parametrize(
    ("read", "why_not"),
    [
        (listing(1, day=TUESDAY, source="page"), "the pages are still of Tue 5 May 2026"),
        (listing(1, source="page", problems=("it is cut",)), "of the pages, it is cut"),
    ],
)
def test_so_do_pages(read: Listing, why_not: str) -> None:
    assert decisions.judged(facts(read), decisions.PAGES) == Attempt(read, why_not)


def test_a_page_without_entries_is_arxivs_own_word() -> None:
    read = listing(source="page")
    assert decisions.judged(facts(read), decisions.PAGES) == Attempt(read)


@pytest.mark.parametrize(
    ("read", "why_not"),
    [
        (listing(1, day=THURSDAY), "the feed is of a day to come, Thu 7 May 2026"),
        (listing(day=THURSDAY), "the feed is of a day to come, Thu 7 May 2026"),
        (listing(1)._replace(subjects=("cs.LG",)), "the feed is of cs.LG, and not of cs.DC"),
    ],
)
def test_a_feed_that_cannot_be_believed_is_not_shown(read: Listing, why_not: str) -> None:
    attempt = decisions.judged(facts(read), decisions.FEED)
    assert (attempt.listing, attempt.why_not) == (None, why_not)
    assert isinstance(attempt.error, ListingError)


def test_a_feed_that_repeats_the_day_before_leaves_that_day_to_show() -> None:
    before = listing(1, 2, day=TUESDAY)
    attempt = decisions.judged(facts(listing(), before=before, stale=("cs.DC",)), decisions.FEED)
    assert attempt == Attempt(
        before, "the feed repeats an earlier day under a new date", is_repeated=True
    )


def test_one_that_does_so_for_one_subject_of_several_leaves_the_others() -> None:
    read = listing(1)._replace(subjects=("cs.DC", "cs.LG"))
    both = facts(read, stale=("cs.LG",))._replace(asked=("cs.DC", "cs.LG"))
    attempt = decisions.judged(both, decisions.FEED)
    assert attempt.why_not == "the feed repeats an earlier day of cs.LG under a new date"
    assert attempt.listing == read._replace(problems=("cs.LG repeats an earlier day",))


def test_a_feed_that_lost_entries_leaves_what_was_read_before() -> None:
    known = listing(1, 2)
    attempt = decisions.judged(facts(listing(1), known=known), decisions.FEED)
    assert attempt == Attempt(known, "the feed lacks 1 of the entries read before")


def test_a_feed_cannot_be_whole_where_the_pages_just_counted_more() -> None:
    page = listing(1, 2, source="page")._replace(total=5)
    read = listing(2, 3)
    attempt = decisions.judged(facts(read, counted=(page,)), decisions.FEED)
    said = "arXiv counts 5 entries of cs.DC, and 3 could be read"
    assert attempt == Attempt(read._replace(problems=(said,)), said)
    known = listing(2, source="page")._replace(total=2)
    for other in (known, page._replace(announced=TUESDAY), page._replace(total=None)):
        assert decisions.judged(facts(read, counted=(other,)), decisions.FEED).why_not is None


UNREAD = Attempt(None, "503", TryAgainError("503"))


@pytest.mark.parametrize(
    ("attempts", "best"),
    [
        ([Attempt(listing(1, day=TUESDAY)), Attempt(listing(2))], listing(2)),
        ([Attempt(listing(1)), Attempt(listing(2, 3))], listing(2, 3)),
        ([Attempt(listing()), Attempt(listing(1, day=TUESDAY))], listing(1, day=TUESDAY)),
        ([Attempt(listing()), UNREAD], None),
        ([UNREAD, Attempt(listing(1, day=TUESDAY))], listing(1, day=TUESDAY)),
        ([UNREAD], None),
    ],
)
def test_second_best_is_the_newest_that_has_most(
    attempts: list[Attempt], best: Listing | None
) -> None:
    assert decisions.second_best(attempts) == best


@pytest.mark.parametrize(
    ("attempts", "is_sure"),
    [
        ([Attempt(listing(day=SATURDAY))], True),
        ([Attempt(listing(day=JUNETEENTH))], True),
        ([Attempt(listing(day=WEDNESDAY))], False),
        ([Attempt(listing(day=SATURDAY)), UNREAD], False),
        ([Attempt(listing(day=SATURDAY, problems=("it is cut",)))], False),
    ],
)
def test_an_empty_feed_says_that_nothing_was_announced_only_where_nothing_was_to_be(
    attempts: list[Attempt], *, is_sure: bool
) -> None:
    assert (decisions.nothing_announced(attempts, HOLIDAYS) is not None) is is_sure


EMPTY, STILL = listing(), listing(1, day=TUESDAY, source="page")
SAID = "nothing announced yet for Wed 6 May"


@pytest.mark.parametrize(
    ("read", "late"),
    [
        ([EMPTY, STILL], f"{SAID}; the page is still of Tue 5 May"),
        ([STILL, EMPTY], f"{SAID}; the page is still of Tue 5 May"),
        ([STILL], f"{SAID}; the page is still of Tue 5 May"),
        ([EMPTY], f"{SAID}; the feed is empty"),
        ([listing(day=THURSDAY), STILL], f"{SAID}; the page is still of Tue 5 May"),
        ([listing(day=THURSDAY)], None),
        ([listing(1), STILL], None),
        ([listing(day=TUESDAY), STILL], None),
        ([None, STILL], None),
        ([EMPTY, None], None),
    ],
)
def test_an_announcement_is_late_where_all_that_was_read_says_so(
    read: list[Listing | None], late: str | None
) -> None:
    attempts = [Attempt(one) if one else UNREAD for one in read]
    planned = Announcement(WEDNESDAY)
    repeated = [*attempts, Attempt(STILL, "", is_repeated=True)]
    assert decisions.not_announced_yet(repeated, planned, planned.in_feeds) is None
    assert decisions.not_announced_yet(attempts, planned, planned.in_feeds) == late
    before = planned.in_feeds - timedelta(minutes=1)
    assert decisions.not_announced_yet(attempts, planned, before) is None


@pytest.mark.parametrize(
    ("read", "hours", "settled"),
    [
        (listing(1), 0, True),
        (listing(), 47.9, False),
        (listing(), 48, True),
        (listing(day=SATURDAY), 23.9, False),
        (listing(day=SATURDAY), 24, True),
        (listing(day=JUNETEENTH), 24, True),
        (listing(day=None), 999, False),
    ],
)
def test_no_updates_settles_a_weekday_a_day_after_its_end(
    read: Listing, hours: float, *, settled: bool
) -> None:
    begin = Announcement(read.announced or WEDNESDAY).in_feeds
    assert decisions.is_settled(read, begin + timedelta(hours=hours), HOLIDAYS) is settled


def test_of_errors_the_one_that_goes_by_itself_is_raised() -> None:
    refused = Attempt(None, "404", ListingError("404"))
    assert decisions.error_of([refused, UNREAD]) is UNREAD.error
    assert decisions.error_of([refused]) is refused.error
