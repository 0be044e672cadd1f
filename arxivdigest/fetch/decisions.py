"""Whether what was read is the announcement wanted, and what there is to show where it is not.

Nothing is asked here, and nothing kept.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from arxivdigest.arxiv import calendar, schedule
from arxivdigest.arxiv.schedule import Announcement
from arxivdigest.errors import DigestError, ListingError, TryAgainError
from arxivdigest.fetch import comparison, stale_words
from arxivdigest.fetch.stale_words import Facts
from arxivdigest.model import Listing

_LATE = timedelta(hours=1)


class Attempt(NamedTuple):
    """What came of one way to read the announcement.

    `why_not` says why it is not the announcement wanted, and is None where it is. The listing is
    what can be shown where nothing better is read; `error` is set where nothing was read. `parts`
    are the listings of single subjects that it was put together of. It `is_repeated` where an
    earlier day came again under a new date, and then the listing may be that day's.
    """

    listing: Listing | None = None
    why_not: str | None = None
    error: DigestError | None = None
    parts: tuple[Listing, ...] = ()
    is_repeated: bool = False


class Check(NamedTuple):
    """A question to a listing: the reason against it, if any, and what there is to show then."""

    reason: Callable[[Facts], str | None]
    remains: Callable[[Facts], Listing | None]


def _nothing(_: Facts) -> Listing | None:
    return None


def _itself(facts: Facts) -> Listing | None:
    return facts.listing


def _what_is_known(facts: Facts) -> Listing | None:
    return facts.known


def _the_day_before(facts: Facts) -> Listing | None:
    """The day that is repeated; where only some subjects are stale, the others of this day."""
    if set(facts.stale) >= set(facts.asked):
        return facts.before
    problems = [f"{one} repeats an earlier day" for one in facts.stale]
    return facts.listing._replace(problems=(*facts.listing.problems, *problems))


def _as_counted(facts: Facts) -> Listing | None:
    problems = comparison.uncounted(facts.listing, facts.counted)
    return facts.listing._replace(problems=(*facts.listing.problems, *problems))


FEED: Sequence[Check] = (
    Check(stale_words.ahead, _nothing),
    Check(stale_words.late, _itself),
    Check(stale_words.repeated, _the_day_before),
    Check(stale_words.empty, _itself),
    Check(stale_words.incomplete, _itself),
    Check(stale_words.of_too_few, _nothing),
    Check(stale_words.uncounted, _as_counted),
    Check(stale_words.shorter, _what_is_known),
)
PAGES: Sequence[Check] = (
    Check(stale_words.ahead, _nothing),
    Check(stale_words.late, _itself),
    Check(stale_words.repeated, _the_day_before),
    Check(stale_words.incomplete, _itself),
    Check(stale_words.shorter, _what_is_known),
)


def judged(facts: Facts, checks: Sequence[Check]) -> Attempt:
    """What a listing is worth: the first reason against it counts."""
    for check in checks:
        reason = check.reason(facts)
        if reason is not None:
            remains = check.remains(facts)
            error = None if remains else ListingError(reason)
            return Attempt(remains, reason, error, is_repeated=bool(facts.stale))
    return Attempt(facts.listing)


def not_announced_yet(
    attempts: Sequence[Attempt], planned: Announcement, now: datetime
) -> str | None:
    """What is so where the announcement comes late: after midnight in New York, from all sources.

    Then the feed of the day is there, and empty, and the pages still show the day before; the feed
    is of a later day where a holiday follows. None where something could not be read, or says
    otherwise.
    """
    if now < planned.in_feeds or any(one.error or one.is_repeated for one in attempts):
        return None
    read = {one.listing.source: one.listing for one in attempts if one.listing}
    feed, page = read.get("feed"), read.get("page")
    if feed and (feed.entries or (feed.announced or date.min) < planned.day):
        return None
    if page and page.announced and page.announced < planned.day:
        return stale_words.nothing_yet(planned.day, page.announced)
    is_of_day = feed and feed.announced == planned.day
    return stale_words.nothing_yet(planned.day, None) if is_of_day and not page else None


def nothing_announced(attempts: Sequence[Attempt], holidays: Collection[date]) -> Listing | None:
    """An empty listing of a day on which nothing was to be announced, where all could be read."""
    if any(one.error for one in attempts):
        return None
    empty_ones = (
        one.listing
        for one in attempts
        if one.listing and not one.listing.entries and not one.listing.problems
    )
    return next(
        (
            one
            for one in empty_ones
            if one.announced and not calendar.is_expected(one.announced, holidays)
        ),
        None,
    )


def second_best(attempts: Sequence[Attempt]) -> Listing | None:
    """What there is to show, where nothing is the whole of the announcement wanted."""
    listings = [one.listing for one in attempts if one.listing]
    best = max(
        (one for one in listings if one.entries),
        key=lambda one: (one.announced or date.min, len(one.entries)),
        default=None,
    )
    is_read = listings and not any(one.error for one in attempts)
    return best or (listings[0] if is_read else None)


def error_of(attempts: Sequence[Attempt]) -> DigestError:
    """The error to raise where there is nothing to show: first of all one that goes by itself."""
    errors = [one.error for one in attempts if one.error]
    return min(errors, key=lambda error: not isinstance(error, TryAgainError))


def is_settled(listing: Listing, read_at: datetime, holidays: Collection[date]) -> bool:
    """Whether a listing without problems ends the questions about its day.

    One without entries does where nothing was to be announced that day, and else only where it was
    read a day after: `/catchup` says "No updates" of a day that comes late, too.
    """
    if listing.entries:
        return True
    if listing.announced is None:
        return False
    announcement = Announcement(listing.announced)
    if calendar.is_expected(listing.announced, holidays):
        return read_at >= announcement.silence_counts
    return read_at >= announcement.ends


def feed_is_fresh_until(max_age: int | None, now: datetime) -> datetime | None:
    """Until when a feed is fresh: pages have the next announcement before it grows old."""
    if not max_age:
        return None
    return min(now + timedelta(seconds=max_age), schedule.following(now, ()).on_pages)


def pages_are_fresh_until(day: date, possible: Announcement, now: datetime) -> datetime:
    """Until when pages of a day need not be asked for again.

    Where more may have been announced than is planned, it may only be late.
    """
    following = schedule.following(now, ()).on_pages
    is_settled = day >= possible.day or now >= possible.in_feeds
    return following if is_settled else min(following, now + _LATE)


def is_alarming(day: date, now: datetime) -> bool:
    """Whether that a day is not announced yet is worth an error: until noon in New York."""
    return now < Announcement(day).noon
