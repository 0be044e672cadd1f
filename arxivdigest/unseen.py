"""What a reader looked at, and what was announced meanwhile that the reader has not seen."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date
from functools import cached_property

from arxivdigest import reading
from arxivdigest.arxiv import calendar
from arxivdigest.config import holidays
from arxivdigest.digest import NO_SHELF
from arxivdigest.errors import ForbiddenError, ListingError, TryAgainError, UnreachableError
from arxivdigest.model import Digest, Listing
from arxivdigest.reading import Request, World
from arxivdigest.stars import shelf
from arxivdigest.store import days as decisions
from arxivdigest.store.days import Missed
from arxivdigest.store.file import WITHOUT_IT, opened_reader
from arxivdigest.store.packing import keys
from arxivdigest.store.reader import Looked, Reader, Record, Seen
from arxivdigest.text.counts import counted
from arxivdigest.text.dates import period
from arxivdigest.verdict import Gathered

_FIRST_TIME = 5
"""So many announcements are caught up with where nothing was ever seen."""

_MOST_NAMED = 7
_FIRST_LOOK = date(2025, 1, 1)  # before this program was


@contextmanager
def opened(reader: Reader, request: Request, world: World) -> Iterator["Looks"]:
    """The looks of a reader, who asks for the subjects of a request."""
    with opened_reader(world.state, world.complain, WITHOUT_IT) as records, ExitStack() as stack:
        looks = Looks(records.of(reader), request, world)
        looks.shelf = shelf(records, world, stack)
        yield looks


class Looks:
    """What a reader saw of which day, and what that leaves at this instant."""

    def __init__(self, record: Record, request: Request, world: World) -> None:
        self.shelf = NO_SHELF
        """What is starred, and what finds earlier versions of papers."""
        self.is_everything = False
        """Whether every day is asked for, seen or not."""
        self._record = record
        self._request = request
        self._world = world
        self._now = world.clock.now()
        self._free = holidays(request.fetch)
        self._silent: set[date] = set()

    @cached_property
    def newest(self) -> date:
        """The newest announcement by arXiv's calendar."""
        from arxivdigest.arxiv import schedule

        return schedule.newest(self._now, self._free).day

    @cached_property
    def oldest(self) -> date:
        """The oldest announcement that arXiv still shows."""
        from arxivdigest.arxiv import schedule

        return schedule.oldest(self._now)

    @cached_property
    def _looked(self) -> list[Looked]:
        """The days that were shown, but for those that a wrong clock had as lacking.

        They are still to come (20:00 in New York is after midnight in UTC), or from before there
        was anybody to look: where a machine has no clock of its own, it begins with 1970.
        """
        today = self._now.astimezone(UTC).date()
        return [
            one
            for one in self._record.looked()
            if one.is_whole or _FIRST_LOOK <= one.announced <= today
        ]

    @property
    def _lost(self) -> frozenset[date]:
        """The days that were named as lost."""
        from arxivdigest.store.lost import lost

        return lost(self._record)

    def missed(self, newest: date | None = None) -> Missed:
        """What was announced since the first look and is not seen, or not whole.

        The newest announcement is that of a day, or the one by arXiv's calendar.
        """
        looked, subjects = self._looked, self._request.subjects
        if not looked:
            return Missed((), (), None)
        announced = calendar.between(looked[0].announced, newest or self.newest, self._free)
        found = decisions.missed(looked, subjects, announced)
        if not found.unseen:
            return found
        stored, empty = self._stored(found.unseen)
        self._silent = empty
        found = decisions.missed(
            looked,
            subjects,
            [day for day in announced if day not in empty],
            oldest=self.oldest,
            stored=stored,
            named=self._lost,
        )
        return found._replace(unseen=tuple(day for day in found.unseen if day not in empty))

    def since(self, first: date) -> Missed:
        """Every announcement from a day on, seen or not; lost is what cannot be read any more."""
        self.is_everything = True
        announced = calendar.between(first, self.newest, self._free)
        old = [day for day in announced if day < self.oldest]
        stored, _ = self._stored(old) if old else ((), ())
        lost = tuple(day for day in old if day not in stored)
        return Missed(tuple(day for day in announced if day not in lost), lost, first)

    def last(self) -> Missed:
        """The last announcements, for whoever has seen none."""
        announced = calendar.between(self.oldest, self.newest, self._free)
        return Missed(tuple(announced[-_FIRST_TIME:]), (), None)

    def is_seen(self, day: date) -> bool:
        """Whether the day was shown, and whole."""
        return any(one.announced == day and one.is_whole for one in self._looked)

    def subjects_of(self, day: date) -> tuple[str, ...]:
        """What to read of a day: a subject that was added later begins with the newest one.

        Where every day was asked for, seen or not, it is every subject too.
        """
        if self.is_everything or day >= self.newest:
            return self._request.subjects
        return decisions.followed(self._looked, self._request.subjects, day)

    def unread(self, shown: Listing) -> list[Listing]:
        """The newest announcement, where an earlier one was shown in its place.

        That is where a subject begins that could not be read at all.
        """
        day, subjects = shown.announced or date.min, self._request.subjects
        begins = decisions.beginnings(self._looked, subjects)
        lacking = [one for one in subjects if one not in {*begins, *shown.subjects}]
        if not shown.problems or not lacking or self._is_newest(day):
            return []
        return [unread(subjects, self.newest, *shown.problems)]

    def begins_with(self, day: date) -> tuple[str, ...]:
        """What begins with a day that was shown as the newest, whether or not it could be read.

        What is shown in place of a newer one begins nothing that it lacks.
        """
        return self._request.subjects if self._is_newest(day) else ()

    def _is_newest(self, day: date) -> bool:
        # Announced at 20:00 in New York under the next day's date, and so after midnight in UTC:
        # of most mornings that tells it without a calendar, and without loading one.
        return day >= self._now.astimezone(UTC).date() or day >= self.newest

    def acknowledged(self, days: Iterable[date | None]) -> dict[date, frozenset[str]]:
        """The ids of what was acknowledged, by day."""
        from arxivdigest.store.acknowledged import acknowledged

        return {day: acknowledged(self._record, day) for day in days if day}

    def held(self, days: Collection[date]) -> dict[date, frozenset[str]]:
        """The ids of all entries that the days had when they were shown, selected or not."""
        seen = self._record.seen()
        known = {day: seen[day].held for day in days if day in seen}
        return {day: frozenset(arxiv_id for arxiv_id, _ in held) for day, held in known.items()}

    def note(
        self,
        digest: Digest,
        listings: Iterable[Listing],
        *,
        subjects_of: Callable[[date], tuple[str, ...]] | None = None,
    ) -> None:
        """Note that a digest of these listings was written out.

        `subjects_of` says what was asked for in a look: the newest announcement, or what was
        missed, and not days that were asked for by their date. Of a look, what could not be read
        is noted too, as lacking: it is missed from then on.
        """
        is_look = subjects_of is not None
        asked = subjects_of or (lambda _: ())
        shown = {
            day.announced: keys([ruling.entry for ruling in day.rulings]) for day in digest.days
        }
        seen = [
            Seen(
                announced=listing.announced,
                subjects=tuple(dict.fromkeys((*asked(listing.announced), *listing.subjects))),
                is_whole=not listing.problems,
                held=frozenset(keys(listing.entries)),
                shown=frozenset(shown.get(listing.announced, ())),
                at=self._now,
            )
            for listing in listings
            if listing.announced and (is_read(listing) or (is_look and listing.problems))
        ]
        if seen:
            self._record.note_seen(seen, is_look=is_look)

    def note_lost(self, days: Sequence[date]) -> None:
        """Note that these days were named as lost.

        Days of which it is known that nothing was announced never will be, whenever that is no
        longer stored.
        """
        noted = {*days, *self._silent}
        if noted and not noted <= self._lost:
            from arxivdigest.store.lost import note_lost

            note_lost(self._record, noted)

    def acknowledge(self) -> dict[date, int]:
        """How many entries of which day the last look showed; they are noted as delivered.

        A TryAgainError where nothing was shown, or where nothing can be noted.
        """
        from arxivdigest.store.acknowledged import acknowledge

        shown = self._record.last_look()
        if not shown:
            raise TryAgainError("nothing was shown yet that could be acknowledged: digest today")
        ids = {day: [arxiv_id for arxiv_id, _ in entries] for day, entries in shown.items()}
        acknowledge(self._record, ids)
        if not self._record.is_lasting:
            raise TryAgainError("nothing was acknowledged, as nothing can be noted")
        return {day: len(entries) for day, entries in shown.items()}

    def requests(self, days: Iterable[date]) -> int:
        """How many requests it takes at least to read these days, beside what is stored."""
        wanted = list(days)
        stored, empty = self._stored(wanted)
        return sum(len(self.subjects_of(day)) for day in wanted if day not in stored | empty)

    def _stored(self, days: Iterable[date]) -> tuple[set[date], set[date]]:
        """Those of the days that are stored, and those on which nothing was announced."""
        stored: set[date] = set()
        empty: set[date] = set()
        with reading.kept(self._world) as store:
            kept = frozenset(store.days())
            for day in kept.intersection(days):
                found = store.of_day(self.subjects_of(day), day)
                if found and found.listing.entries:
                    stored.add(day)
                elif found and found.fresh_until is None:  # or else it may only be late
                    empty.add(day)
        return stored, empty


def catch_up(
    request: Request, days: Sequence[date], looks: Looks, world: World
) -> Iterator[Gathered]:
    """The announcements of days; the newest is asked for first, as it may be another by now.

    What cannot be read is a problem of its day. Once arXiv does not answer at all, or forbids to
    ask, the rest is taken from the store.
    """
    left = list(days)
    if looks.newest in left and not request.offline:
        newest = _read(request, looks.newest, world)
        day = newest.listing.announced
        if day in left or (day and day > looks.newest and not looks.is_seen(day)):
            left = [one for one in left if one != day]
            yield newest._replace(listing=newest.listing._replace(stale=None))
        if day and day < looks.newest and newest.listing.source:
            left.remove(looks.newest)
            reason = newest.listing.stale or "it is not out yet"
            listing = unread(request.subjects, looks.newest)
            yield Gathered(listing._replace(stale=reason), newest.error)
        if isinstance(newest.error, UnreachableError | ForbiddenError):
            request = request._replace(offline=True)
    for number, day in enumerate(left, start=1):
        asked = request._replace(subjects=looks.subjects_of(day), day=day)
        if day < looks.oldest:
            asked = asked._replace(offline=True)
        read = _read(asked, day, world._replace(say=_counting(world.say, number, len(left))))
        if isinstance(read.error, UnreachableError | ForbiddenError):
            request = request._replace(offline=True)
        yield read


def _counting(say: Callable[[str], None], number: int, count: int) -> Callable[[str], None]:
    """Tells the progress, and of which of so many days it is."""
    return lambda line: say(f"{number} of {count}: {line}" if line else "")


def _read(request: Request, day: date, world: World) -> Gathered:
    """What the request gives; where that is an error, the day that it was about without entries."""
    try:
        return reading.read(request, world)
    except (TryAgainError, ListingError) as error:
        return Gathered(unread(request.subjects, day, str(error)), error)


def unread(subjects: tuple[str, ...], day: date, *reasons: str) -> Listing:
    """The listing of a day that could not be read."""
    return Listing("", subjects, day, (), problems=reasons)


def is_read(listing: Listing) -> bool:
    """Whether there is anything to be seen in a listing, if only that nothing was announced.

    One that is stale and empty says that nothing was announced yet: its day stays unread.
    """
    is_silent = not listing.problems and not listing.stale
    return bool(listing.source) and (bool(listing.entries) or is_silent)


def remarks(
    missed: Missed,
    shown: Collection[date | None] = (),
    command: Callable[[], str] = lambda: "digest catchup",
) -> tuple[str, ...]:
    """What there is to say of days that were missed, beside those that are shown.

    The command is the one that shows them.
    """
    unseen = [day for day in missed.unseen if day not in shown]
    said = [f"Not seen: {_named(unseen)}: {command()}"] if unseen else []
    if missed.lost:
        said.append(f"Lost: {_named(missed.lost)}: arXiv shows nothing older than 90 days")
    return tuple(said)


def _named(days: Sequence[date]) -> str:
    count = counted(len(days), "announcement")
    if len(days) > _MOST_NAMED:
        return f"{count} ({period(days[:1])} to {period(days[-1:])})"
    return f"{count} ({', '.join(period([day]) for day in days)})"
