"""The days of which a reader was not sent everything, read one after the other."""

from collections.abc import Collection, Sequence
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
from arxivdigest.store.reader_tables import Key
from arxivdigest.text.counts import plural
from arxivdigest.text.dates import period, short_date
from arxivdigest.verdict import Gathered

_LONGEST = timedelta(minutes=20)
_A_REQUEST = timedelta(seconds=15)
_DAY = timedelta(days=1)


class Collected(NamedTuple):
    """The newest announcement, and those before it of which something may not be delivered.

    `unread` are days that are still to be read, `lost` those that nobody can read any more. `noted`
    is to be noted beside what a message holds: as delivered, days that are lost, that nobody wants,
    or on which nothing was announced; as lacking, what could not be read and is wanted from now on,
    though nothing that was delivered says so.
    """

    newest: Gathered
    before: tuple[Gathered, ...] = ()
    unread: tuple[date, ...] = ()
    lost: tuple[date, ...] = ()
    noted: tuple[Delivered, ...] = ()

    @property
    def all(self) -> tuple[Gathered, ...]:
        """All that was read, the newest last."""
        return (*self.before, self.newest)

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
            them = plural(len(self.unread), "it", "them")
            remarks.append(f"Not read yet: {_named(self.unread)}; a later message brings {them}.")
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
    stored = _stored(world)
    lacks = _lacks(newest, request, known, since, stored)
    noted = begun(newest, request, world, known)
    if only_newest:
        return Collected(newest, noted=(*noted, *map(_done, lacks)))
    oldest = schedule.oldest(world.clock.now())
    began = world.clock.now()
    is_asked = not request.offline
    before: list[Gathered] = []
    unread: list[date] = []
    lost: list[Lack] = []
    for lack in lacks:
        if lack.day < oldest and lack.day not in stored:
            lost.append(lack)
            continue
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
            is_asked = is_asked and not (can_ask and isinstance(error, TryAgainError))
            read = None
        if read and (read.listing.entries or read.listing.problems):
            before.append(read)
            others = deliveries.others(lack.subjects, read.listing.subjects)
            noted += _begun(lack._replace(subjects=others), known)
        elif read and not read.listing.stale:
            noted += (_done(lack, frozenset()),)
        elif lack.day >= oldest:  # where it is late, it may come yet
            unread.append(lack.day)
            noted += _begun(lack, known)
        else:
            lost.append(lack)
    first = _first(known)  # what is before it was asked for this once
    noted += tuple(_done(one) for one in lost if first and one.day >= first)
    return Collected(newest, tuple(before), tuple(unread), tuple(one.day for one in lost), noted)


def begun(
    newest: Gathered, request: Request, world: World, known: Sequence[Delivered]
) -> tuple[Delivered, ...]:
    """What begins with the newest announcement though that lacks it: a subject that failed.

    Where an earlier one is sent in its place, it begins with the one that should be out.
    """
    day = newest.listing.announced
    if day is None or not newest.listing.problems:
        return ()
    planned = schedule.newest(world.clock.now(), holidays(request.fetch))
    lacking = deliveries.others(request.subjects, newest.listing.subjects)
    return _begun(Lack(max(day, planned.day), lacking), known)


def _begun(lack: Lack, known: Sequence[Delivered]) -> tuple[Delivered, ...]:
    subjects = deliveries.begun(known, lack.subjects, lack.day)
    return (Delivered(lack.day, subjects, frozenset(), is_whole=False),) if subjects else ()


def _done(lack: Lack, entries: frozenset[Key] | None = None) -> Delivered:
    return Delivered(lack.day, lack.subjects, entries)


def _lacks(
    newest: Gathered,
    request: Request,
    known: Sequence[Delivered],
    since: date | None,
    stored: Collection[date],
) -> list[Lack]:
    end = newest.listing.announced
    first = since or _first(known)
    if end is None or first is None:
        return []
    days = {
        *calendar.between(first, end - _DAY, holidays(request.fetch)),
        *(day for day in stored if first <= day < end),
    }
    return deliveries.lacking(known, request.subjects, days, since)


def _first(known: Sequence[Delivered]) -> date | None:
    """The first day of which anything was delivered."""
    return min((one.announced for one in known if one.begins), default=None)


def _stored(world: World) -> frozenset[date]:
    """The days that are stored, holidays on which arXiv announced among them."""
    with opened(world.state, None) as store:
        return frozenset(store.days())
