"""The announcement wanted, whole: from the store, the feed or the pages, whichever has it."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from arxivdigest.arxiv import schedule
from arxivdigest.config import Fetch
from arxivdigest.errors import (
    DigestError,
    ForbiddenError,
    ListingError,
    PortalError,
    RefusedError,
    StrangerError,
    TryAgainError,
    UsageError,
)
from arxivdigest.fetch import comparison
from arxivdigest.model import Gathered, Listing
from arxivdigest.store.database import Store
from arxivdigest.store.packing import Entries
from arxivdigest.store.rows import Stored
from arxivdigest.text import safe
from arxivdigest.verdict import short_date

if TYPE_CHECKING:
    from arxivdigest.fetch.http import Answer

_MOST_PAGES = 20
_OLDEST = timedelta(days=90)
_LATE = timedelta(hours=1)
_AHEAD = timedelta(days=7)


class Asking(Protocol):
    """What asks arXiv for an address."""

    def ask(self, url: str, etag: str | None = None) -> "Answer":
        """The answer, which says so where nothing has changed since the ETag."""


class _UnusableError(Exception):
    """Why an answer that is right in itself is not the announcement wanted."""

    def __init__(self, reason: str, listing: Listing | None = None) -> None:
        super().__init__(reason)
        self.listing = listing


class Gatherer(NamedTuple):
    """Gathers the announcements for some subjects at one instant."""

    subjects: tuple[str, ...]
    settings: Fetch
    store: Store
    asking: Asking
    now: datetime

    @property
    def planned(self) -> schedule.Announcement:
        """The newest announcement by arXiv's calendar."""
        return schedule.newest(self.now, holidays(self.settings))

    @property
    def possible(self) -> schedule.Announcement:
        """The newest announcement, if arXiv should work on its holidays."""
        return schedule.newest(self.now, ())

    def kept(self, day: date | None = None) -> Listing | None:
        """The announcement from the store, where arXiv has nothing newer to say of it."""
        stored = self._stored(day)
        if stored is None:
            return None
        listing, is_fresh = stored.listing, stored.is_fresh(self.now)
        if day is not None:
            is_settled = is_fresh or listing.entries or stored.fresh_until is None
            return listing if is_settled else None
        announced = listing.announced or date.min
        may_change = listing.source == "feed" and announced == schedule.feed_day(self.now)
        is_newest = announced >= self.possible.day and not may_change
        return listing if is_fresh or is_newest else None

    def offline(self, day: date | None = None) -> Gathered:
        """The announcement in the store, and how old it is."""
        stored = self._stored(day)
        if stored is None:
            of_day = f" of {short_date(day)}" if day else " yet"
            raise TryAgainError(f"nothing is stored for {', '.join(self.subjects)}{of_day}")
        return Gathered(_with_note(stored.listing, f"read {_ago(self.now - stored.read_at)}"))

    def _stored(self, day: date | None) -> Stored | None:
        if day:
            return self.store.of_day(self.subjects, day)
        source = self.settings.source
        return self.store.newest(self.subjects, None if source == "auto" else source)

    def newest(self) -> Gathered:
        """The newest announcement, asked for; from the store where arXiv cannot be asked."""
        try:
            return self._newest()
        except (ForbiddenError, RefusedError):
            raise
        except (TryAgainError, ListingError) as error:
            stored = self.store.newest(self.subjects)
            if stored is None:
                raise
            age = _ago(self.now - stored.read_at)
            is_silent = isinstance(error, TryAgainError)
            why = "arXiv cannot be asked" if is_silent else "arXiv's answer cannot be read"
            note = f"read {age}, as {why}: {error}"
            return Gathered(_with_note(self._dated(stored.listing), note), error.exit_code)

    def _newest(self) -> Gathered:
        ways: dict[str, Callable[[Sequence[_UnusableError]], Gathered]] = {
            "feed": self._from_feed,
            "page": self._from_pages,
        }
        order = ["page", "feed"] if self.settings.source == "page" else ["feed", "page"]
        if self.settings.source == "feed":
            order = ["feed"]
        tried: list[_UnusableError] = []
        failures: list[DigestError] = []
        for name in order:
            try:
                return ways[name](tried)
            except ForbiddenError:
                raise
            except _UnusableError as unusable:
                tried.append(unusable)
            except DigestError as error:
                tried.append(_UnusableError(str(error)))
                failures.append(error)
        return self._second_best(tried, failures)

    def _second_best(
        self, tried: Sequence[_UnusableError], failures: list[DigestError]
    ) -> Gathered:
        """What there is, where nothing has the whole of the newest announcement."""
        listings = [one.listing for one in tried if one.listing]
        best = max(
            (one for one in listings if one.entries),
            key=lambda one: (one.announced or date.min, len(one.entries)),
            default=None,
        )
        if best is None or (best.announced or date.min) < self.planned.day:
            nothing = next((one for one in listings if self._is_nothing(one)), None)
            if nothing and not failures:
                return self._without_announcement(nothing)
            best = best or (None if failures else listings[0])
        if best is None:
            raise min(failures, key=lambda error: not isinstance(error, TryAgainError))
        reasons = (str(one) for one in tried if one.listing is not best or not best.problems)
        return Gathered(_with_note(self._dated(best), *reasons), TryAgainError.exit_code)

    def _is_nothing(self, listing: Listing) -> bool:
        """Whether the listing is of the newest day, and says that nothing was announced."""
        is_empty = not listing.entries and not listing.problems
        return is_empty and (listing.announced or date.min) >= self.possible.day

    def _from_feed(self, tried: Sequence[_UnusableError]) -> Gathered:
        wanted = self.possible.day
        served = schedule.feed_day(self.now)
        if served != wanted and self.settings.source != "feed":
            why = (
                "has it from midnight in New York"
                if served < wanted
                else f"of {served:%A} is empty"
            )
            raise _UnusableError(f"the feed {why}")
        from arxivdigest.arxiv import feed

        stored = self.store.newest(self.subjects, "feed")
        (url,) = feed.SOURCE.addresses(self.subjects, self.settings.feeds)
        answer = self.asking.ask(url, stored.etag if stored else None)
        until = self._fresh_until(answer.max_age)
        if answer.is_unchanged and stored:
            kept = stored._replace(fresh_until=until)
            listing = stored.listing
        else:
            listing = _folded(parsed(answer))
            kept = Stored(listing, self.now, until, answer.headers.get("etag"))
        self._check_feed(listing, wanted)
        self.store.keep(self.subjects, kept)
        return Gathered(_with_note(listing, *map(str, tried)))

    def _fresh_until(self, max_age: int | None) -> datetime | None:
        """Until when a feed is fresh: pages have the next announcement before it grows old."""
        if not max_age:
            return None
        following = schedule.following(self.now, ()).on_pages
        return min(self.now + timedelta(seconds=max_age), following)

    def _check_feed(self, listing: Listing, wanted: date) -> None:
        """Raise where the feed is not the whole of the newest announcement."""
        self._check_date(listing)
        day = listing.announced or date.min
        if day < wanted:
            raise _UnusableError(f"the feed is still of {short_date(listing.announced)}", listing)
        if not listing.entries:
            raise _UnusableError("the feed is empty", listing)
        if listing.problems:
            raise _UnusableError(f"of the feed, {'; '.join(listing.problems)}", listing)
        missing = comparison.left_out(self.subjects, listing.subjects)
        if missing:
            held = ", ".join(listing.subjects)
            raise ListingError(f"the feed is of {held}, and not of {missing[0]}")
        before = self._day_before(day)
        if before and comparison.repeats(listing, before):
            raise _UnusableError("the feed repeats the day before under a new date", before)
        known = self.store.of_day(self.subjects, day)
        lost = comparison.lost(known.listing, listing) if known else ()
        if lost:
            raise _UnusableError(f"the feed lacks {len(lost)} of the entries read before", listing)

    def _check_date(self, listing: Listing) -> None:
        """Raise for a date that no early announcement and no clock that is slow explains."""
        if (listing.announced or date.min) > self.possible.day + _AHEAD:
            said = short_date(listing.announced)
            raise ListingError(f"the {listing.source} is of a day to come, {said}")

    def _day_before(self, day: date) -> Listing | None:
        """The last listing in the store from the week before the day, if any has entries."""
        for days in range(1, 8):
            stored = self.store.of_day(self.subjects, day - timedelta(days))
            if stored and stored.listing.entries:
                return stored.listing
        return None

    def _from_pages(self, tried: Sequence[_UnusableError]) -> Gathered:
        from arxivdigest.arxiv.page import new_address

        listing = comparison.held_against(
            self._pages(lambda subject, read, _: new_address(subject, self.settings.site, read)),
            [one.listing for one in tried if one.listing],
        )
        self._check_date(listing)
        day = listing.announced or date.min
        if day < self.planned.day:
            raise _UnusableError(f"the pages are still of {short_date(listing.announced)}", listing)
        if listing.problems:
            raise _UnusableError(f"of the pages, {'; '.join(listing.problems)}", listing)
        self.store.keep(self.subjects, Stored(listing, self.now, self._until(day)))
        return Gathered(_with_note(listing, *map(str, tried)))

    def _until(self, day: date) -> datetime:
        """How long this day, or the word that it has no entries, need not be asked for again.

        Where more may have been announced, it may only be late.
        """
        following = schedule.following(self.now, ()).on_pages
        is_settled = day >= self.possible.day or (
            self.possible.day != self.planned.day and self.now >= self.possible.in_feeds
        )
        return following if is_settled else min(following, self.now + _LATE)

    def _without_announcement(self, nothing: Listing) -> Gathered:
        """The answer that nothing was announced, which holds until something can be."""
        day = nothing.announced or date.min
        if day == self.possible.day:
            is_expected = day == self.planned.day
            until = self._until(date.min if is_expected else day)
            self.store.keep(self.subjects, Stored(nothing, self.now, until))
        return Gathered(nothing)

    def of_day(self, day: date) -> Gathered:
        """The announcement of a day up to 90 days back, from the catch-up pages."""
        if day > max(self.possible.day, schedule.feed_day(self.now)):
            raise UsageError(f"the announcement of {short_date(day)} is not out yet")
        if day < schedule.feed_day(self.now) - _OLDEST:
            raise UsageError(
                f"arXiv shows no announcement as old as {short_date(day)}: 90 days at most"
            )
        from arxivdigest.arxiv.page import catchup_address

        listing = self._pages(
            lambda subject, _, number: catchup_address(subject, self.settings.site, day, number)
        )
        if listing.announced != day:
            said = short_date(listing.announced)
            raise ListingError(f"asked for {short_date(day)}, arXiv answered with {said}")
        if listing.problems:
            return Gathered(listing, TryAgainError.exit_code)
        if listing.entries or day < self.possible.day:  # or else it may only be late
            self.store.keep(self.subjects, Stored(listing, self.now))
        return Gathered(listing)

    def _pages(self, address: Callable[[str, int, int], str]) -> Listing:
        """One listing of all subjects' pages; a page that could not be read is a problem."""
        from arxivdigest.arxiv.listings import join

        read: dict[str, Listing] = {}
        failures: dict[str, DigestError] = {}
        for subject in self.subjects:
            try:
                read[subject] = self._whole(subject, address)
            except ForbiddenError:
                raise
            except DigestError as error:
                failures[subject] = error
        if not read:
            raise next(iter(failures.values()))
        newest = max(one.announced or date.min for one in read.values())
        late = {name: one for name, one in read.items() if (one.announced or date.min) < newest}
        listing = join([one for name, one in read.items() if name not in late])
        return _folded(listing)._replace(
            problems=(
                *listing.problems,
                *(f"{name} could not be read: {error}" for name, error in failures.items()),
                *(f"{name} is still of {short_date(one.announced)}" for name, one in late.items()),
            ),
        )

    def _whole(self, subject: str, address: Callable[[str, int, int], str]) -> Listing:
        """A subject's listing, from as many pages as it has."""
        from arxivdigest.arxiv.page import whole

        pages: list[Listing] = []
        read = 0
        for number in range(1, _MOST_PAGES + 1):
            page = parsed(self.asking.ask(address(subject, read, number)))
            if page.subjects and not comparison.may_be(subject, page.subjects[0]):
                raise ListingError(f"arXiv answered with {safe(page.subjects[0])}")
            if pages and page.announced != pages[0].announced:
                raise TryAgainError("arXiv announced while it was being read; try again")
            pages.append(page)
            read += sum(one.shown for one in page.sections) or len(page.entries)
            if not page.entries or page.total is None or read >= page.total:
                break
        return whole(pages)._replace(subjects=(subject,))

    def _dated(self, listing: Listing) -> Listing:
        """The listing, called stale where arXiv should have announced since."""
        day = listing.announced
        if day is not None and day >= self.planned.day:
            return listing
        return listing._replace(stale=f"{short_date(self.planned.day)} should be out")


def holidays(settings: Fetch) -> frozenset[date]:
    """The days without an announcement, the user's among them."""
    return schedule.HOLIDAYS.union(settings.holidays)


def parsed(answer: "Answer") -> Listing:
    """The listing in an answer; an error begins with the address."""
    from arxivdigest.arxiv.listings import parse

    try:
        listing = parse(answer.body)
    except DigestError as error:
        # The status says more than a body that is no listing, unless that is arXiv's own word.
        if answer.is_error and not isinstance(error, RefusedError):
            raise answer.error() from error
        if isinstance(error, StrangerError):
            raise PortalError(f"{safe(answer.url)}: {error}") from error
        raise type(error)(f"{safe(answer.url)}: {error}") from error
    if answer.is_error:
        raise answer.error()
    return listing


def _folded(listing: Listing) -> Listing:
    """The listing, its entries as they are kept, so that the rules need not fold them again."""
    return listing._replace(entries=Entries.of(listing.entries))


def _with_note(listing: Listing, *notes: str) -> Listing:
    return listing._replace(notes=(*listing.notes, *filter(None, notes)))


def _ago(age: timedelta) -> str:
    """The age in words: `20 min ago`, `3 h ago`, `2 days ago`."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"  # noqa: PLR2004 - two days
