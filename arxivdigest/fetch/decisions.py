"""Whether what was read is the announcement wanted: facts in, a reason or nothing out.

Nothing is asked here, and nothing kept.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple

from arxivdigest.arxiv import calendar, schedule
from arxivdigest.arxiv.schedule import Announcement
from arxivdigest.errors import DigestError, ListingError, TryAgainError
from arxivdigest.fetch import comparison
from arxivdigest.model import Listing
from arxivdigest.text.dates import day_and_month, short_date

_LATE = timedelta(hours=1)


class Facts(NamedTuple):
    """A listing that was read, and what it is held against.

    `wanted` is the day that it should be of, `latest` the last that can have been announced, and
    `served` the day that feeds are of by the clock; `asked` are the subjects asked for, `stale`
    those of them of which an earlier day came again. `known` is what was read of the same day
    before, `before` the last listing of an earlier day. `counted` are pages of the same day, read
    just now or earlier, that count more than they hold.
    """

    listing: Listing
    wanted: date
    latest: date
    served: date
    asked: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()
    known: Listing | None = None
    knows_crosses: bool = True
    before: Listing | None = None
    counted: tuple[Listing, ...] = ()

    @property
    def day(self) -> date:
        """The day that the listing states; a day long past where it states none."""
        return self.listing.announced or date.min

    @property
    def name(self) -> str:
        """What a listing from its source is called."""
        return {"page": "the pages"}.get(self.listing.source, f"the {self.listing.source}")

    @property
    def is_plural(self) -> bool:
        """Whether that name is of many."""
        return self.listing.source == "page"


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


def ahead(facts: Facts) -> str | None:
    """Of a date on which nothing can have been announced yet.

    A feed of a weekend is of its own day, and empty.
    """
    is_empty_feed = facts.day == facts.served and not facts.listing.entries
    if facts.day <= facts.latest or is_empty_feed:
        return None
    return f"the {facts.listing.source} is of a day to come, {short_date(facts.listing.announced)}"


def late(facts: Facts) -> str | None:
    """Of an earlier day than wanted."""
    if facts.day >= facts.wanted:
        return None
    verb = "are" if facts.is_plural else "is"
    return f"{facts.name} {verb} still of {short_date(facts.listing.announced)}"


def repeated(facts: Facts) -> str | None:
    """An earlier day under a new date, of some subject at least."""
    if not facts.stale:
        return None
    verb = "repeat" if facts.is_plural else "repeats"
    if set(facts.stale) >= set(facts.asked):
        return f"{facts.name} {verb} an earlier day under a new date"
    return f"{facts.name} {verb} an earlier day of {', '.join(facts.stale)} under a new date"


def empty(facts: Facts) -> str | None:
    """Without entries, which from a feed proves nothing: it is so on a day that comes late."""
    return None if facts.listing.entries else f"{facts.name} is empty"


def incomplete(facts: Facts) -> str | None:
    """Short by arXiv's own counts, or damaged."""
    problems = facts.listing.problems
    return f"of {facts.name}, {'; '.join(problems)}" if problems else None


def of_too_few(facts: Facts) -> str | None:
    """Of fewer subjects than were asked for."""
    missing = comparison.left_out(facts.asked, facts.listing.subjects)
    if not missing:
        return None
    return f"the feed is of {', '.join(facts.listing.subjects)}, and not of {missing[0]}"


def uncounted(facts: Facts) -> str | None:
    """Short by what pages counted that were read of the day: a feed itself counts nothing."""
    return "; ".join(comparison.uncounted(facts.listing, facts.counted)) or None


def shorter(facts: Facts) -> str | None:
    """Without entries that were read of this day before."""
    if facts.known is None:
        return None
    lost = comparison.lost(facts.known, facts.listing, with_crosses=facts.knows_crosses)
    verb = "lack" if facts.is_plural else "lacks"
    return f"{facts.name} {verb} {len(lost)} of the entries read before" if lost else None


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
    Check(ahead, _nothing),
    Check(late, _itself),
    Check(repeated, _the_day_before),
    Check(empty, _itself),
    Check(incomplete, _itself),
    Check(of_too_few, _nothing),
    Check(uncounted, _as_counted),
    Check(shorter, _what_is_known),
)
PAGES: Sequence[Check] = (
    Check(ahead, _nothing),
    Check(late, _itself),
    Check(repeated, _the_day_before),
    Check(incomplete, _itself),
    Check(shorter, _what_is_known),
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


def no_use_asking_feed(served: date, wanted: date) -> str | None:
    """Why the feed that is served on a day cannot be of the day wanted; None where it can."""
    if served < wanted:
        return "the feed has it from midnight in New York"
    return f"the feed of {served:%A} is empty" if served > wanted else None


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
    said = f"nothing announced yet for {day_and_month(planned.day)}"
    if page and page.announced and page.announced < planned.day:
        return f"{said}; the page is still of {day_and_month(page.announced)}"
    is_of_day = feed and feed.announced == planned.day
    return f"{said}; the feed is empty" if is_of_day and not page else None


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
