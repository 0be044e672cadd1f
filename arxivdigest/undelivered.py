"""The days of which a reader was not sent everything, read one after the other."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from arxivdigest import reading
from arxivdigest.arxiv import calendar, schedule
from arxivdigest.config import holidays
from arxivdigest.errors import (
    DigestError,
    ForbiddenError,
    ListingError,
    TryAgainError,
    UsageError,
)
from arxivdigest.reading import Request, World
from arxivdigest.store import deliveries
from arxivdigest.store.deliveries import Lack
from arxivdigest.store.file import opened
from arxivdigest.store.messages import Delivered
from arxivdigest.text.dates import period, short_date
from arxivdigest.verdict import Gathered

_LONGEST = timedelta(minutes=20)
_A_REQUEST = timedelta(seconds=15)
_DAY = timedelta(days=1)


class Collected(NamedTuple):
    """The newest announcement, and those before it of which something may not be delivered.

    `unread` are days that are still to be read, `lost` those that nobody can read any more, and
    `passed` those that nobody wants.
    """

    newest: Gathered
    before: tuple[Gathered, ...] = ()
    unread: tuple[date, ...] = ()
    lost: tuple[date, ...] = ()
    passed_over: tuple[date, ...] = ()

    @property
    def all(self) -> tuple[Gathered, ...]:
        """All that was read, the newest last."""
        return (*self.before, self.newest)

    @property
    def passed(self) -> tuple[date, ...]:
        """The days that count as delivered, though nothing of them was read."""
        return (*self.lost, *self.passed_over)

    @property
    def error(self) -> DigestError | None:
        """What kept it from being all there is."""
        errors = [one.error for one in reversed(self.all) if one.error]
        if self.unread:
            errors.append(TryAgainError(f"{_named(self.unread)} could not be read"))
        return errors[0] if errors else None

    @property
    def remarks(self) -> tuple[str, ...]:
        """What there is to say of days that are not among those read."""
        remarks = []
        if self.unread:
            remarks.append(f"Not read yet: {_named(self.unread)}; a later message brings it.")
        if self.lost:
            remarks.append(f"Lost: {_named(self.lost)}; arXiv shows 90 days and no more.")
        return tuple(remarks)


def _named(days: Sequence[date]) -> str:
    """A few days by their dates, many by the first and the last of them."""
    if len(days) <= 7:  # noqa: PLR2004 - a week
        return ", ".join(map(short_date, days))
    return f"{len(days)} announcements, {period(days)}"


def collect(  # noqa: PLR0913 - all that it depends on
    newest: Gathered,
    request: Request,
    world: World,
    known: Sequence[Delivered],
    *,
    since: date | None = None,
    only_newest: bool = False,
) -> Collected:
    """The newest announcement, with what is to be read of the days before it.

    Days are asked for one after the other, the earliest first, for 20 minutes at most and until
    arXiv does not answer; what is stored is taken in any case.
    """
    lacks = _lacks(newest, request, world, known, since)
    if only_newest:
        return Collected(newest, passed_over=tuple(one.day for one in lacks))
    oldest = schedule.oldest(world.clock.now())
    began = world.clock.now()
    is_asked = not request.offline
    before: list[Gathered] = []
    unread: list[date] = []
    lost: list[date] = []
    for lack in lacks:
        elapsed = world.clock.now() - began
        is_asked = is_asked and elapsed + len(lack.subjects) * _A_REQUEST <= _LONGEST
        can_ask = is_asked and lack.day >= oldest
        one = request._replace(
            subjects=lack.subjects, day=lack.day, offline=not can_ask, refresh=False
        )
        try:
            read = reading.read(one, world)
        except ForbiddenError:
            raise
        except (TryAgainError, ListingError, UsageError) as error:
            (unread if lack.day >= oldest else lost).append(lack.day)
            is_asked = is_asked and not isinstance(error, TryAgainError)
        else:
            if read.listing.stale and not read.listing.entries:
                unread.append(lack.day)  # it is late, and may come yet
            else:
                before.append(read)
    found = tuple(one for one in before if one.listing.entries or one.listing.problems)
    return Collected(newest, found, tuple(unread), tuple(lost))


def _lacks(
    newest: Gathered,
    request: Request,
    world: World,
    known: Sequence[Delivered],
    since: date | None,
) -> list[Lack]:
    end = newest.listing.announced
    first = since or min((one.announced for one in known if one.begins), default=None)
    if end is None or first is None:
        return []
    days = {
        *calendar.between(first, end - _DAY, holidays(request.fetch)),
        *_stored(first, end, world),
    }
    return deliveries.lacking(known, request.subjects, days, since)


def _stored(first: date, end: date, world: World) -> list[date]:
    """The days that are stored, holidays on which arXiv announced among them."""
    with opened(world.state, lambda _: None) as store:
        return [day for day in store.days() if first <= day < end]
