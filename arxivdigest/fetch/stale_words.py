"""Why what was read is stale, or is not the whole of the announcement wanted: reasons in words.

Facts in, a reason or nothing out; the verdict repeats it.
"""

from datetime import date
from typing import NamedTuple

from arxivdigest.fetch import comparison
from arxivdigest.model import Listing
from arxivdigest.text.dates import day_and_month, short_date


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


def of_another_day(served: date, wanted: date) -> str | None:
    """Why the feed that is served on a day cannot be of the day wanted; None where it can."""
    if served < wanted:
        return "the feed has it from midnight in New York"
    return f"the feed of {served:%A} is empty" if served > wanted else None


def not_yet(day: date) -> str:
    """That nothing was announced yet for a day that is not over."""
    return f"nothing announced yet for {day_and_month(day)}"


def nothing_yet(day: date, of_page: date | None) -> str:
    """The same, where all was asked: the page is still of another day, or there is only a feed."""
    shows = f"the page is still of {day_and_month(of_page)}" if of_page else "the feed is empty"
    return f"{not_yet(day)}; {shows}"
