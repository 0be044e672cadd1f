"""The newest announcement, whole: from the feed or the pages, whichever has it."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from arxivdigest.arxiv import schedule
from arxivdigest.config import Fetch, holidays
from arxivdigest.errors import (
    DigestError,
    ForbiddenError,
    ListingError,
    RefusedError,
    TryAgainError,
)
from arxivdigest.fetch import comparison, decisions, pages, stale_words
from arxivdigest.fetch.decisions import Attempt
from arxivdigest.fetch.read_before import Memory, folded
from arxivdigest.fetch.stale_words import Facts
from arxivdigest.model import Listing
from arxivdigest.store.listings import Store
from arxivdigest.store.rows import Stored
from arxivdigest.text.dates import ago, short_date
from arxivdigest.verdict import Gathered

_SLOW_CLOCK = timedelta(minutes=10)
_ORDER = {"auto": ("feed", "page"), "feed": ("feed",), "page": ("page", "feed")}
"""Which sources are asked, one after the other, for each `source` of the configuration."""


class Newest:
    """Asks for the newest announcement for some subjects at one instant.

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
        self._memory = Memory(store, subjects, settings, now)
        # By arXiv's calendar, and if arXiv should work on its holidays.
        self._planned = schedule.newest(now, holidays(settings))
        self._possible = schedule.newest(now, ())
        self._served = schedule.feed_day(now)

    def read(self) -> Gathered:
        """The newest announcement, asked for; from the store where arXiv cannot be asked."""
        try:
            return self._newest()
        except (ForbiddenError, RefusedError):
            raise
        except (TryAgainError, ListingError) as error:
            stored = self._memory.latest()
            if stored is None:
                raise
            age = ago(self._now - stored.read_at)
            is_silent = isinstance(error, TryAgainError)
            why = "arXiv cannot be asked" if is_silent else "arXiv's answer cannot be read"
            note = f"read {age}, as {why}: {error}"
            return Gathered(_with_note(self._dated(stored.listing), note), error)

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
            return self._from_feed(attempts) if source == "feed" else self._from_pages(attempts)
        except ForbiddenError:
            raise
        except DigestError as error:
            return Attempt(None, str(error), error)

    def _from_feed(self, attempts: Sequence[Attempt]) -> Attempt:
        useless = stale_words.of_another_day(self._served, self._possible.day)
        if useless and self._settings.source != "feed":
            return Attempt(None, useless)
        from arxivdigest.arxiv import feed

        stored = self._store.newest(self._subjects, "feed")
        url = feed.address(self._subjects, self._settings.feeds)
        answer = self._asking.ask(
            url, stored.etag if stored else None, f"feed of {', '.join(self._subjects)}"
        )
        until = decisions.feed_is_fresh_until(answer.max_age, self._now)
        stale: tuple[str, ...] = ()
        if answer.is_unchanged and stored:
            read = stored._replace(fresh_until=until)
        else:
            listing, stale = self._memory.fresh(pages.parsed(answer), self._subjects)
            read = Stored(listing, self._now, until, answer.etag)
        counted = [part for one in attempts for part in one.parts]
        counted += self._memory.counted(read.listing.announced)
        facts = self._facts(read.listing, self._possible.day, stale)._replace(
            counted=tuple(counted)
        )
        attempt = decisions.judged(facts, decisions.FEED)
        if attempt.why_not is None:
            self._store.keep(self._subjects, read)
        return attempt

    def _from_pages(self, attempts: Sequence[Attempt]) -> Attempt:
        read: dict[str, Listing] = {}
        failures: dict[str, DigestError] = {}
        stale: list[str] = []
        for number, subject in enumerate(self._subjects, 1):
            try:
                read[subject], is_stale = self._page(subject, pages.label(number, self._subjects))
            except ForbiddenError:
                raise
            except DigestError as error:
                failures[subject] = error
            else:
                stale += [subject] * is_stale
        together = pages.together(read, failures)
        listing = comparison.held_against(
            together, [one.listing for one in attempts if one.listing]
        )
        facts = self._facts(folded(listing), self._planned.day, stale)
        attempt = decisions.judged(facts, decisions.PAGES)
        if listing is not together:  # and whose the entries are that they lack, nobody can tell
            self._store.keep(self._subjects, Stored(listing, self._now))
        else:
            self._keep(part for name, part in read.items() if name not in stale)
        return attempt._replace(parts=tuple(read.values()))

    def _page(self, subject: str, what: str) -> tuple[Listing, bool]:
        """A subject's newest listing from its pages, and whether an earlier day came again."""
        address = pages.newest(self._settings.site)
        listing, stale = self._memory.fresh(
            pages.of_subject(subject, self._asking, address, what), [subject]
        )
        why_not = stale_words.ahead(self._facts(listing, self._planned.day))
        if why_not:
            raise ListingError(why_not)
        return listing, bool(stale)

    def _keep(self, parts: Iterable[Listing]) -> None:
        """Keep pages that lack nothing known; the word that there is nothing only of its day."""
        for part in parts:
            day = part.announced or date.min
            known, knows_crosses = self._memory.known(part.subjects, day)
            lost = known and comparison.lost(known, part, with_crosses=knows_crosses)
            is_of_newest = day >= self._planned.day
            if not lost and (part.entries or is_of_newest):
                until = None
                if is_of_newest and not part.problems:
                    until = decisions.pages_are_fresh_until(day, self._possible, self._now)
                self._store.keep(part.subjects, Stored(part, self._now, until))
                self._memory.doubt(part)

    def _facts(self, listing: Listing, wanted: date, stale: Sequence[str] = ()) -> Facts:
        day = listing.announced or date.min
        known, knows_crosses = self._memory.known(self._subjects, day)
        return Facts(
            listing,
            wanted,
            # Somebody whose clock is a little slow may see the next day's.
            latest=schedule.newest(self._now + _SLOW_CLOCK, ()).day,
            served=self._served,
            asked=self._subjects,
            stale=tuple(stale),
            known=known,
            knows_crosses=knows_crosses,
            before=self._memory.before(day) if stale else None,
        )

    def _second_best(self, attempts: Sequence[Attempt]) -> Gathered:
        """What there is, where nothing has the whole of the newest announcement."""
        late = decisions.not_announced_yet(attempts, self._planned, self._now)
        if late:
            return self._not_announced_yet(attempts, late)
        best = decisions.second_best(attempts)
        if best is None or not best.entries:
            nothing = decisions.nothing_announced(attempts, holidays(self._settings))
            if nothing:
                return Gathered(nothing)
        if best is None:
            raise decisions.error_of(attempts)
        if best.problems and best.source == "feed":
            self._store.keep(self._subjects, Stored(best, self._now))
        others = [one for one in attempts if one.listing is not best or not best.problems]
        error = TryAgainError("; ".join(_reasons(attempts)))
        return Gathered(_with_note(self._dated(best), *_reasons(others)), error)

    def _not_announced_yet(self, attempts: Sequence[Attempt], late: str) -> Gathered:
        """The newest there is, and an error until noon in New York: most often it comes by then."""
        best = decisions.second_best(attempts)
        stored = self._memory.latest() if best is None or not best.entries else None
        shown = stored.listing if stored else best
        if shown is None:
            raise TryAgainError(late)
        reasons = [one.why_not for one in attempts if one.why_not and one.listing is not best]
        error = TryAgainError(late) if decisions.is_alarming(self._planned.day, self._now) else None
        return Gathered(_with_note(shown._replace(stale=late), *reasons), error)

    def _dated(self, listing: Listing) -> Listing:
        """The listing, called stale where arXiv should have announced since."""
        day = listing.announced
        if day is not None and day >= self._planned.day:
            return listing
        return listing._replace(stale=f"{short_date(self._planned.day)} should be out")


def _reasons(attempts: Sequence[Attempt]) -> list[str]:
    return [one.why_not for one in attempts if one.why_not]


def _with_note(listing: Listing, *notes: str) -> Listing:
    return listing._replace(notes=(*listing.notes, *notes))
