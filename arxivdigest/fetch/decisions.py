"""Whether what was read is the announcement wanted: facts in, a reason or nothing out.

Nothing is asked here, and nothing kept.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from arxivdigest.errors import DigestError, ListingError, TryAgainError
from arxivdigest.fetch import comparison
from arxivdigest.model import Listing
from arxivdigest.text.dates import short_date

_AHEAD = timedelta(days=7)


class Facts(NamedTuple):
    """A listing that was read, and what it is held against.

    `wanted` is the day that it should be of, `latest` the last that it can be of; `asked` are the
    subjects asked for. `known` is what was read of the same day before, `before` the last listing
    of an earlier day.
    """

    listing: Listing
    wanted: date
    latest: date
    asked: tuple[str, ...] = ()
    known: Listing | None = None
    before: Listing | None = None

    @property
    def day(self) -> date:
        """The day that the listing states; a day long past where it states none."""
        return self.listing.announced or date.min

    @property
    def name(self) -> str:
        """What a listing from its source is called."""
        return {"page": "the pages"}.get(self.listing.source, f"the {self.listing.source}")

    @property
    def be(self) -> str:
        """The verb that goes with the name."""
        return "are" if self.listing.source == "page" else "is"


class Attempt(NamedTuple):
    """What came of one way to read the announcement.

    `why_not` says why it is not the announcement wanted, and is None where it is. The listing is
    what can be shown where nothing better is read; `error` is set where nothing was read.
    """

    listing: Listing | None = None
    why_not: str | None = None
    error: DigestError | None = None


class Check(NamedTuple):
    """A question to a listing: the reason against it, if any, and what there is to show then."""

    reason: Callable[[Facts], str | None]
    remains: Callable[[Facts], Listing | None]


def ahead(facts: Facts) -> str | None:
    """Of a date that no early announcement and no clock that is slow explains."""
    if facts.day <= facts.latest + _AHEAD:
        return None
    return f"the {facts.listing.source} is of a day to come, {short_date(facts.listing.announced)}"


def late(facts: Facts) -> str | None:
    """Of an earlier day than wanted."""
    if facts.day >= facts.wanted:
        return None
    return f"{facts.name} {facts.be} still of {short_date(facts.listing.announced)}"


def empty(facts: Facts) -> str | None:
    """Without entries, which from a feed proves nothing."""
    return None if facts.listing.entries else f"{facts.name} {facts.be} empty"


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


def repeated(facts: Facts) -> str | None:
    """The day before, under a new date."""
    if facts.before and comparison.repeats(facts.listing, facts.before):
        return f"{facts.name} repeats the day before under a new date"
    return None


def shorter(facts: Facts) -> str | None:
    """Without entries that were read of this day before."""
    lost = comparison.lost(facts.known, facts.listing) if facts.known else ()
    return f"{facts.name} lacks {len(lost)} of the entries read before" if lost else None


def _itself(facts: Facts) -> Listing | None:
    return facts.listing


def _the_day_before(facts: Facts) -> Listing | None:
    return facts.before


def _nothing(_: Facts) -> Listing | None:
    return None


FEED: Sequence[Check] = (
    Check(ahead, _nothing),
    Check(late, _itself),
    Check(empty, _itself),
    Check(incomplete, _itself),
    Check(of_too_few, _nothing),
    Check(repeated, _the_day_before),
    Check(shorter, _itself),
)
PAGES: Sequence[Check] = (
    Check(ahead, _nothing),
    Check(late, _itself),
    Check(incomplete, _itself),
)


def judged(facts: Facts, checks: Sequence[Check]) -> Attempt:
    """What a listing is worth: the first reason against it counts."""
    for check in checks:
        reason = check.reason(facts)
        if reason is not None:
            remains = check.remains(facts)
            return Attempt(remains, reason, None if remains else ListingError(reason))
    return Attempt(facts.listing)


def no_use_asking_feed(served: date, wanted: date) -> str | None:
    """Why the feed that is served on a day cannot be of the day wanted; None where it can."""
    if served < wanted:
        return "the feed has it from midnight in New York"
    return f"the feed of {served:%A} is empty" if served > wanted else None


def nothing_announced(attempts: Sequence[Attempt], possible: date) -> Listing | None:
    """The listing that says that nothing was announced on the newest day, where that is sure."""
    if any(one.error for one in attempts):
        return None
    return next(
        (
            one.listing
            for one in attempts
            if one.listing
            and not one.listing.entries
            and not one.listing.problems
            and (one.listing.announced or date.min) >= possible
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
