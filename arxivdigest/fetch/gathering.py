"""The announcement wanted, whole: from the store, the feed or the pages, whichever has it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from arxivdigest.arxiv import schedule
from arxivdigest.config import Fetch, holidays
from arxivdigest.errors import (
    DigestError,
    ForbiddenError,
    ListingError,
    RefusedError,
    TryAgainError,
    UsageError,
)
from arxivdigest.fetch import comparison, decisions, pages
from arxivdigest.fetch.decisions import Attempt, Check, Facts
from arxivdigest.model import Listing
from arxivdigest.store.listings import Store
from arxivdigest.store.packing import Entries
from arxivdigest.store.rows import Stored
from arxivdigest.text.dates import ago, short_date
from arxivdigest.verdict import Gathered

_OLDEST = timedelta(days=90)
_LATE = timedelta(hours=1)
_ORDER = {"auto": ("feed", "page"), "feed": ("feed",), "page": ("page", "feed")}
"""Which sources are asked, one after the other, for each `source` of the configuration."""


class Gatherer:
    """Gathers the announcements for some subjects at one instant.

    Sources are asked in order, until one has the announcement whole; `decisions` says which has.
    """

    def __init__(
        self,
        subjects: tuple[str, ...],
        settings: Fetch,
        store: Store,
        asking: pages.Asking,
        now: datetime,
    ) -> None:
        self._subjects = subjects
        self._settings = settings
        self._store = store
        self._asking = asking
        self._now = now
        # By arXiv's calendar, and if arXiv should work on its holidays.
        self._planned = schedule.newest(now, holidays(settings))
        self._possible = schedule.newest(now, ())

    def kept(self, day: date | None = None) -> Listing | None:
        """The announcement from the store, where arXiv has nothing newer to say of it."""
        stored = self._stored(day)
        if stored is None:
            return None
        listing, is_fresh = stored.listing, stored.is_fresh(self._now)
        if day is not None:
            is_settled = is_fresh or listing.entries or stored.fresh_until is None
            return listing if is_settled else None
        announced = listing.announced or date.min
        may_change = listing.source == "feed" and announced == schedule.feed_day(self._now)
        is_newest = announced >= self._possible.day and not may_change
        return listing if is_fresh or is_newest else None

    def offline(self, day: date | None = None) -> Gathered:
        """The announcement in the store, and how old it is."""
        stored = self._stored(day) or self._stored_of_any(day)
        if stored is None:
            of_day = f" of {short_date(day)}" if day else " yet"
            raise TryAgainError(f"nothing is stored for {', '.join(self._subjects)}{of_day}")
        return Gathered(_with_note(stored.listing, f"read {ago(self._now - stored.read_at)}"))

    def newest(self) -> Gathered:
        """The newest announcement, asked for; from the store where arXiv cannot be asked."""
        try:
            return self._newest()
        except (ForbiddenError, RefusedError):
            raise
        except (TryAgainError, ListingError) as error:
            stored = self._store.newest(self._subjects)
            if stored is None:
                raise
            age = ago(self._now - stored.read_at)
            is_silent = isinstance(error, TryAgainError)
            why = "arXiv cannot be asked" if is_silent else "arXiv's answer cannot be read"
            note = f"read {age}, as {why}: {error}"
            return Gathered(_with_note(self._dated(stored.listing), note), error)

    def of_day(self, day: date) -> Gathered:
        """The announcement of a day up to 90 days back, from the catch-up pages."""
        served = schedule.feed_day(self._now)
        if day > max(self._possible.day, served):
            raise UsageError(f"the announcement of {short_date(day)} is not out yet")
        if day < served - _OLDEST:
            raise UsageError(
                f"arXiv shows no announcement as old as {short_date(day)}: 90 days at most"
            )
        listing = self._pages(pages.of_day(self._settings.site, day))
        if listing.announced != day:
            said = short_date(listing.announced)
            raise ListingError(f"asked for {short_date(day)}, arXiv answered with {said}")
        if listing.problems:
            return Gathered(listing, TryAgainError("; ".join(listing.problems)))
        if listing.entries or day < self._possible.day:  # or else it may only be late
            self._store.keep(self._subjects, Stored(listing, self._now))
        return Gathered(listing)

    def _stored(self, day: date | None) -> Stored | None:
        source = self._settings.source
        if not day:
            return self._store.newest(self._subjects, None if source == "auto" else source)
        stored = self._store.of_day(self._subjects, day)
        is_of_another = stored and source == "page" and stored.listing.source == "feed"
        return None if is_of_another else stored

    def _stored_of_any(self, day: date | None) -> Stored | None:
        """What is stored of the day, or of the newest, whichever source it is from."""
        if day:
            return self._store.of_day(self._subjects, day)
        return self._store.newest(self._subjects)

    def _newest(self) -> Gathered:
        attempts: list[Attempt] = []
        for source in _ORDER[self._settings.source]:
            attempt = self._attempt(source, attempts)
            if attempt.listing and attempt.why_not is None:
                return Gathered(_with_note(attempt.listing, *_reasons(attempts)))
            attempts.append(attempt)
        return self._second_best(attempts)

    def _attempt(self, source: str, attempts: Sequence[Attempt]) -> Attempt:
        """What comes of asking a source, after these attempts; only a 403 is raised."""
        try:
            return self._from_feed() if source == "feed" else self._from_pages(attempts)
        except ForbiddenError:
            raise
        except DigestError as error:
            return Attempt(None, str(error), error)

    def _from_feed(self) -> Attempt:
        useless = decisions.no_use_asking_feed(schedule.feed_day(self._now), self._possible.day)
        if useless and self._settings.source != "feed":
            return Attempt(None, useless)
        from arxivdigest.arxiv import feed

        stored = self._store.newest(self._subjects, "feed")
        url = feed.address(self._subjects, self._settings.feeds)
        answer = self._asking.ask(
            url, stored.etag if stored else None, f"feed of {', '.join(self._subjects)}"
        )
        until = self._fresh_until(answer.max_age)
        if answer.is_unchanged and stored:
            read = stored._replace(fresh_until=until)
        else:
            listing = _folded(pages.parsed(answer))
            read = Stored(listing, self._now, until, answer.etag)
        return self._judged(read, decisions.FEED, self._possible.day)

    def _fresh_until(self, max_age: int | None) -> datetime | None:
        """Until when a feed is fresh: pages have the next announcement before it grows old."""
        if not max_age:
            return None
        following = schedule.following(self._now, ()).on_pages
        return min(self._now + timedelta(seconds=max_age), following)

    def _from_pages(self, attempts: Sequence[Attempt]) -> Attempt:
        listing = comparison.held_against(
            self._pages(pages.newest(self._settings.site)),
            [one.listing for one in attempts if one.listing],
        )
        read = Stored(listing, self._now, self._until(listing.announced or date.min))
        return self._judged(read, decisions.PAGES, self._planned.day)

    def _judged(self, read: Stored, checks: Sequence[Check], wanted: date) -> Attempt:
        """What a listing that was read is worth; it is kept where it is the one wanted."""
        attempt = decisions.judged(self._facts(read.listing, wanted), checks)
        if attempt.why_not is None:
            self._store.keep(self._subjects, read)
        return attempt

    def _facts(self, listing: Listing, wanted: date) -> Facts:
        day = listing.announced or date.min
        known = self._store.of_day(self._subjects, day)
        return Facts(
            listing,
            wanted,
            self._possible.day,
            self._subjects,
            known.listing if known else None,
            self._day_before(day),
        )

    def _day_before(self, day: date) -> Listing | None:
        """The last listing in the store from the week before the day, if any has entries."""
        for days in range(1, 8 if day > date.min else 1):
            stored = self._store.of_day(self._subjects, day - timedelta(days))
            if stored and stored.listing.entries:
                return stored.listing
        return None

    def _second_best(self, attempts: Sequence[Attempt]) -> Gathered:
        """What there is, where nothing has the whole of the newest announcement."""
        best = decisions.second_best(attempts)
        if best is None or not best.entries or (best.announced or date.min) < self._planned.day:
            nothing = decisions.nothing_announced(attempts, self._possible.day)
            if nothing:
                return self._without_announcement(nothing)
        if best is None:
            raise decisions.error_of(attempts)
        others = [one for one in attempts if one.listing is not best or not best.problems]
        error = TryAgainError("; ".join(_reasons(attempts)))
        return Gathered(_with_note(self._dated(best), *_reasons(others)), error)

    def _without_announcement(self, nothing: Listing) -> Gathered:
        """The answer that nothing was announced, which holds until something can be."""
        day = nothing.announced or date.min
        if day == self._possible.day:
            is_expected = day == self._planned.day
            until = self._until(date.min if is_expected else day)
            self._store.keep(self._subjects, Stored(nothing, self._now, until))
        return Gathered(nothing)

    def _until(self, day: date) -> datetime:
        """How long this day, or the word that it has no entries, need not be asked for again.

        Where more may have been announced, it may only be late.
        """
        following = schedule.following(self._now, ()).on_pages
        is_settled = day >= self._possible.day or (
            self._possible.day != self._planned.day and self._now >= self._possible.in_feeds
        )
        return following if is_settled else min(following, self._now + _LATE)

    def _pages(self, address: pages.Address) -> Listing:
        return _folded(pages.of_all(self._subjects, self._asking, address))

    def _dated(self, listing: Listing) -> Listing:
        """The listing, called stale where arXiv should have announced since."""
        day = listing.announced
        if day is not None and day >= self._planned.day:
            return listing
        return listing._replace(stale=f"{short_date(self._planned.day)} should be out")


def _folded(listing: Listing) -> Listing:
    """The listing, its entries as they are kept, so that the rules need not fold them again."""
    return listing._replace(entries=Entries.of(listing.entries))


def _reasons(attempts: Sequence[Attempt]) -> list[str]:
    return [one.why_not for one in attempts if one.why_not]


def _with_note(listing: Listing, *notes: str) -> Listing:
    return listing._replace(notes=(*listing.notes, *notes))
