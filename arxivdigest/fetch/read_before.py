"""What was read before, as far as it matters for some subjects at an instant."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from arxivdigest.arxiv import schedule
from arxivdigest.config import Fetch, holidays
from arxivdigest.errors import TryAgainError
from arxivdigest.fetch import comparison, decisions
from arxivdigest.fetch.comparison import Fresh
from arxivdigest.model import Listing
from arxivdigest.store.listings import Store
from arxivdigest.store.packing import Entries
from arxivdigest.store.rows import Stored
from arxivdigest.text.dates import ago, short_date
from arxivdigest.verdict import Gathered


class Memory:
    """The store, asked for some subjects at an instant."""

    def __init__(
        self, store: Store, subjects: Sequence[str], settings: Fetch, now: datetime
    ) -> None:
        self._store = store
        self._subjects = subjects
        self._settings = settings
        self._now = now
        self._holidays = holidays(settings)

    @property
    def source(self) -> str | None:
        """The one source that counts, or None where any does."""
        return None if self._settings.source == "auto" else self._settings.source

    def newest(self) -> Stored | None:
        """The newest announcement, where arXiv has nothing newer to say of it."""
        stored = self._store.newest(self._subjects, self.source)
        return stored if stored and self._is_last_word(stored) else None

    def of_day(self, day: date) -> Stored | None:
        """The announcement of a day, where arXiv has nothing newer to say of it."""
        stored = self._store.of_day(self._subjects, day)
        is_of_another = stored and self.source == "page" and stored.listing.source == "feed"
        return stored if stored and not is_of_another and self._is_settled(stored) else None

    def offline(self, day: date | None) -> Gathered:
        """What there is of a day or of the latest one, how old it is, and what it lacks."""
        source = None if day else self.source
        found = self._store.covering(self._subjects, day, source)
        found = found or self._store.covering(self._subjects, day)
        if found is None:
            of_day = f" of {short_date(day)}" if day else " yet"
            raise TryAgainError(f"nothing is stored for {', '.join(self._subjects)}{of_day}")
        listing = found.stored.listing
        problems = listing.problems
        if found.lacking:
            problems = (*problems, f"nothing is stored for {', '.join(found.lacking)}")
        note = f"read {ago(self._now - found.stored.read_at)}"
        return Gathered(
            listing._replace(problems=problems, notes=(*listing.notes, note)),
            TryAgainError("; ".join(problems)) if problems else None,
        )

    def latest(self) -> Stored | None:
        """What can be shown where arXiv has nothing newer: the whole, or else as much as there is.

        A day on which nothing was announced has nothing to show, if any before it has.
        """
        whole = self._store.newest(self._subjects)
        if whole and whole.listing.announced and not whole.listing.entries:
            return self._before(whole.listing.announced) or whole
        if whole:
            return whole
        found = self._store.covering(self._subjects)
        if found is None or not found.lacking:
            return found.stored if found else None
        listing = found.stored.listing
        lacking = f"nothing is stored for {', '.join(found.lacking)}"
        return found.stored._replace(
            listing=listing._replace(problems=(*listing.problems, lacking))
        )

    def subjects_of_newest(self, planned: date) -> tuple[str, ...]:
        """The subjects of which the newest announcement need not be asked for."""
        return tuple(
            subject
            for subject in self._subjects
            if (stored := self._store.newest([subject], self.source))
            and self._is_last_word(stored)
            and (stored.listing.announced or date.min) >= planned
        )

    def subject_of_day(self, subject: str, day: date) -> Listing | None:
        """A subject's listing of a day, where it need not be asked for."""
        stored = self._store.of_day([subject], day)
        return stored.listing if stored and self._is_settled(stored) else None

    def pages(self, subject: str, day: date) -> list[Listing]:
        """The first pages of a subject's day that an interrupted run kept.

        Where that day was read to the end since, and was short, it is read from the begin: on a
        replica that lags behind, even the first page is short.
        """
        kept = self._store.pages(subject, day)
        found = self._store.covering([subject], day)
        if not kept or (found and found.stored.read_at >= kept[-1].read_at):
            return []
        return [one.listing for one in kept]

    def known(self, subjects: Sequence[str], day: date) -> tuple[Listing | None, bool]:
        """What was read of a day, whole; and whether it was asked for just so.

        If not, whether its cross-lists are these subjects' cannot always be told.
        """
        stored = self._store.of_day(subjects, day)
        if stored is None:
            return None, True
        return stored.listing, stored.etag is not None or stored.listing.total is not None

    def counted(self, day: date | None) -> list[Listing]:
        """The pages of a day, each of one subject, that were short of what they count."""
        found = (day and self._store.covering([one], day, "page") for one in self._subjects)
        listings = [one.stored.listing for one in found if one]
        return [one for one in listings if one.total is not None and one.problems]

    def doubt(self, page: Listing) -> None:
        """Call the feeds short that were kept as whole, where a page counts more of their day."""
        if page.announced is None or page.total is None or not page.problems:
            return
        for asked, stored in self._store.feeds(page.subjects[0], page.announced):
            problems = tuple(comparison.uncounted(stored.listing, [page]))
            if problems:
                short = stored.listing._replace(problems=problems)
                self._store.keep(asked, Stored(short, stored.read_at), is_known_better=True)

    def fresh(self, listing: Listing, subjects: Sequence[str]) -> Fresh:
        """The listing without what was new before, its entries as they are kept."""
        day = listing.announced
        if day is None:
            return Fresh(folded(listing), ())
        earlier = self._new_before(comparison.new_ids(listing), subjects, day)
        found = comparison.fresh(listing, earlier)
        before = self.before(day)
        if before and comparison.repeats(listing, before):
            found = found._replace(stale=tuple(subjects))
        return found._replace(listing=folded(found.listing))

    def before(self, day: date) -> Listing | None:
        """The last whole listing of an earlier day from the week before, if any has entries."""
        stored = self._before(day)
        return stored.listing if stored else None

    def _before(self, day: date) -> Stored | None:
        for days in range(1, 8):
            stored = self._store.of_day(self._subjects, day - timedelta(days))
            if stored and stored.listing.entries:
                return stored
        return None

    def _new_before(
        self, ids: frozenset[str], subjects: Sequence[str], day: date
    ) -> dict[str, frozenset[str]]:
        """What was announced as new for each subject on the earlier days that hold any of these."""
        new: dict[str, frozenset[str]] = dict.fromkeys(subjects, frozenset())
        for one in self._store.days_holding(ids, day):
            for subject in subjects:
                found = self._store.covering([subject], one)
                if found:
                    new[subject] |= comparison.new_ids(found.stored.listing)
        return new

    def _is_settled(self, stored: Stored) -> bool:
        return stored.is_fresh(self._now) or decisions.is_settled(
            stored.listing, stored.read_at, self._holidays
        )

    def _is_last_word(self, stored: Stored) -> bool:
        """Whether a newest listing is so still: fresh, or of the last day that can be out."""
        announced = stored.listing.announced or date.min
        is_feed = stored.listing.source == "feed"
        may_change = is_feed and announced == schedule.feed_day(self._now)
        is_newest = announced >= schedule.newest(self._now, ()).day and not may_change
        return stored.is_fresh(self._now) or is_newest


def folded(listing: Listing) -> Listing:
    """The listing, its entries as they are kept, so that the rules need not fold them again."""
    return listing._replace(entries=Entries.of(listing.entries))
