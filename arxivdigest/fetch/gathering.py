"""Announcements for some subjects: what is kept of them, and the rest asked for."""

from datetime import date, datetime

from arxivdigest.arxiv import calendar, schedule
from arxivdigest.config import Fetch, holidays
from arxivdigest.errors import (
    DigestError,
    ForbiddenError,
    ListingError,
    TryAgainError,
    UsageError,
)
from arxivdigest.fetch import comparison, decisions, pages, stale_words
from arxivdigest.fetch.newest import Newest
from arxivdigest.fetch.read_before import Memory
from arxivdigest.model import Listing
from arxivdigest.store.listings import Store
from arxivdigest.store.rows import Stored
from arxivdigest.text.dates import day_and_month, short_date
from arxivdigest.verdict import Gathered


class Gatherer:
    """Gathers the announcements for some subjects at one instant."""

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

    def kept(self, day: date | None = None) -> Listing | None:
        """The announcement from the store, where arXiv has nothing newer to say of it."""
        stored = self._memory.of_day(day) if day else self._memory.newest()
        return stored.listing if stored else None

    def offline(self, day: date | None = None) -> Gathered:
        """What the store has of the announcement, how old that is, and what it lacks."""
        return self._memory.offline(day)

    def newest(self, *, anew: bool = False) -> Gathered:
        """The newest announcement, for which only what is lacking is asked, unless all is anew."""
        planned = schedule.newest(self._now, holidays(self._settings)).day
        have = () if anew else self._memory.subjects_of_newest(planned)
        if not have or len(have) == len(self._subjects):
            return self._asked(self._subjects)
        lacking = tuple(one for one in self._subjects if one not in have)
        stored = self._store.newest(have)
        try:
            gathered = self._asked(lacking)
        except ForbiddenError:
            raise
        except DigestError as error:
            if stored is None:
                raise
            failures = dict.fromkeys(lacking, error)
            return Gathered(pages.together({", ".join(have): stored.listing}, failures), error)
        whole = self._store.newest(self._subjects)
        is_whole = gathered.error is None and not gathered.listing.stale
        if whole and is_whole and whole.listing.announced == gathered.listing.announced:
            notes = (*whole.listing.notes, *gathered.listing.notes)
            return Gathered(whole.listing._replace(notes=tuple(dict.fromkeys(notes))))
        parts = {", ".join(lacking): gathered.listing}
        if stored:
            parts = {", ".join(have): stored.listing, **parts}
        listing = pages.together(parts, {})
        lacks = TryAgainError("; ".join(listing.problems)) if listing.problems else None
        return Gathered(listing, gathered.error or lacks)

    def _asked(self, subjects: tuple[str, ...]) -> Gathered:
        return Newest(subjects, self._settings, self._store, self._asking, self._now).read()

    def of_day(self, day: date, *, anew: bool = False) -> Gathered:
        """The announcement of a day up to 90 days back, from the catch-up pages.

        Only for what is lacking is asked, unless all is anew; each page is kept as it comes.
        """
        self._check_reach(day)
        read: dict[str, Listing] = {}
        failures: dict[str, DigestError] = {}
        reasons: list[str] = []
        for number, subject in enumerate(self._subjects, 1):
            what = f"{day_and_month(day)}, {pages.label(number, self._subjects)}"
            kept = None if anew else self._memory.subject_of_day(subject, day)
            try:
                read[subject], lack = (
                    (kept, None) if kept else self._subject_of_day(subject, day, what, anew=anew)
                )
            except ForbiddenError:
                raise
            except DigestError as error:
                failures[subject] = error
            else:
                reasons += [lack] if lack else []
        listing = pages.together(read, failures)
        listing = listing._replace(notes=(*listing.notes, *reasons))
        if listing.problems or reasons:
            return Gathered(listing, TryAgainError("; ".join((*listing.problems, *reasons))))
        is_expected = calendar.is_expected(day, holidays(self._settings))
        if listing.entries or not is_expected or self._is_settled(listing) or self.kept(day):
            return Gathered(listing)
        late = stale_words.not_yet(day)
        alarm = TryAgainError(late) if decisions.is_alarming(day, self._now) else None
        return Gathered(listing._replace(stale=late), alarm)

    def _check_reach(self, day: date) -> None:
        served = schedule.feed_day(self._now)
        if day > max(schedule.newest(self._now, ()).day, served):
            raise UsageError(f"the announcement of {short_date(day)} is not out yet")
        if day < schedule.oldest(self._now):
            raise UsageError(
                f"arXiv shows no announcement as old as {short_date(day)}: 90 days at most"
            )

    def _subject_of_day(
        self, subject: str, day: date, what: str, *, anew: bool
    ) -> tuple[Listing, str | None]:
        """A subject's listing of a day; it is kept, with what it lacks, unless it may be late.

        Where it lacks what was read before, that is given, and why.
        """

        def keep(number: int, page: Listing) -> None:
            self._store.keep_page(subject, number, Stored(page, self._now))

        address = pages.of_day(self._settings.site, day)
        kept = pages.Kept([] if anew else self._memory.pages(subject, day), keep)
        listing = pages.of_subject(subject, self._asking, address, what, kept)
        if listing.announced != day:
            said = short_date(listing.announced)
            raise ListingError(f"asked for {short_date(day)}, arXiv answered with {said}")
        listing, stale = self._memory.fresh(listing, [subject])
        if stale:
            problem = "an earlier day came again under this date"
            listing = listing._replace(problems=(*listing.problems, problem))
        known, knows_crosses = self._memory.known([subject], day)
        lost = comparison.lost(known, listing, with_crosses=knows_crosses) if known else set()
        if known and lost:
            lack = f"the pages of {subject} lack {len(lost)} of the entries read before"
            return known, "; ".join((*listing.problems, lack))
        if listing.problems or self._is_settled(listing):
            self._store.keep([subject], Stored(listing, self._now))
            self._memory.doubt(listing)
        return listing, None

    def _is_settled(self, listing: Listing) -> bool:
        return decisions.is_settled(listing, self._now, holidays(self._settings))
