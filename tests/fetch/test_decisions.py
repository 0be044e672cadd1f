from datetime import date

import pytest

from arxivdigest.errors import ListingError, TryAgainError
from arxivdigest.fetch import decisions
from arxivdigest.fetch.decisions import Attempt, Facts
from arxivdigest.model import AnnounceType, Entry, Listing

MONDAY, TUESDAY, WEDNESDAY = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)


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


def facts(read: Listing, known: Listing | None = None, before: Listing | None = None) -> Facts:
    return Facts(read, WEDNESDAY, WEDNESDAY, ("cs.DC",), known, before)


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
        (listing(1, day=date(2026, 5, 14)), "the feed is of a day to come, Thu 14 May 2026"),
        (listing(1)._replace(subjects=("cs.LG",)), "the feed is of cs.LG, and not of cs.DC"),
    ],
)
def test_a_feed_that_cannot_be_believed_is_not_shown(read: Listing, why_not: str) -> None:
    attempt = decisions.judged(facts(read), decisions.FEED)
    assert (attempt.listing, attempt.why_not) == (None, why_not)
    assert isinstance(attempt.error, ListingError)


def test_a_feed_that_repeats_the_day_before_leaves_that_day_to_show() -> None:
    before = listing(1, 2, day=TUESDAY)
    attempt = decisions.judged(facts(listing(1, 2), before=before), decisions.FEED)
    assert attempt == Attempt(before, "the feed repeats the day before under a new date")


def test_a_feed_that_lost_entries_is_not_the_whole() -> None:
    read = listing(1)
    attempt = decisions.judged(facts(read, known=listing(1, 2)), decisions.FEED)
    assert attempt == Attempt(read, "the feed lacks 1 of the entries read before")


@pytest.mark.parametrize(
    ("served", "reason"),
    [
        (TUESDAY, "the feed has it from midnight in New York"),
        (WEDNESDAY, None),
        (date(2026, 5, 9), "the feed of Saturday is empty"),
    ],
)
def test_feeds_need_not_be_asked_where_they_cannot_have_it(
    served: date, reason: str | None
) -> None:
    assert decisions.no_use_asking_feed(served, WEDNESDAY) == reason


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
        ([Attempt(listing()), Attempt(listing(1, day=TUESDAY))], True),
        ([Attempt(listing()), UNREAD], False),
        ([Attempt(listing(day=TUESDAY))], False),
        ([Attempt(listing(problems=("it is cut",)))], False),
    ],
)
def test_that_nothing_was_announced_is_sure_where_everything_could_be_read(
    attempts: list[Attempt], *, is_sure: bool
) -> None:
    assert (decisions.nothing_announced(attempts, WEDNESDAY) is not None) is is_sure


def test_of_errors_the_one_that_goes_by_itself_is_raised() -> None:
    refused = Attempt(None, "404", ListingError("404"))
    assert decisions.error_of([refused, UNREAD]) is UNREAD.error
    assert decisions.error_of([refused]) is refused.error
