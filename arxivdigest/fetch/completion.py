"""A request answered from what is kept of some subjects, and what is asked for the others."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from arxivdigest.errors import DigestError, ForbiddenError, ListingError, TryAgainError
from arxivdigest.fetch.gathering import Gatherer
from arxivdigest.store import coverage
from arxivdigest.store.coverage import Covering
from arxivdigest.store.listings import Store
from arxivdigest.store.rows import Stored
from arxivdigest.text.dates import ago, short_date
from arxivdigest.verdict import Gathered

GathererOf = Callable[[tuple[str, ...]], Gatherer]
"""Gathers for subjects, all else being equal."""


def offline(
    store: Store, subjects: Sequence[str], day: date | None, now: datetime
) -> Gathered | None:
    """What is kept of some of the subjects, and what it lacks; None where nothing is kept."""
    found = store.covering(subjects, day)
    if found is None:
        return None
    problems = [f"nothing is stored for {', '.join(found.lacking)}"] if found.lacking else []
    return _incomplete(found, problems, f"read {ago(now - found.stored.read_at)}")


def completed(
    gatherer_of: GathererOf,
    store: Store,
    subjects: tuple[str, ...],
    day: date | None,
    now: datetime,
) -> Gathered | None:
    """The announcement where some of the subjects are kept, and only the others are asked for.

    None where all are to be asked for.
    """
    kept = tuple(one for one in subjects if gatherer_of((one,)).kept(day))
    lacking = tuple(one for one in subjects if one not in kept)
    if not kept or not lacking:
        return None
    known = store.covering(kept, day)
    if known is None:
        return None
    others = gatherer_of(lacking)
    try:
        rest = others.of_day(day) if day else others.newest()
    except ForbiddenError:
        raise
    except (TryAgainError, ListingError) as error:
        return _incomplete(known, [f"{', '.join(lacking)} could not be read: {error}"], error=error)
    announced = known.stored.listing.announced
    if rest.listing.announced != announced:
        problem = f"{', '.join(lacking)} is of {short_date(rest.listing.announced)}"
        return _incomplete(known, [problem], error=rest.error)
    parts = [(known.stored, kept), (Stored(rest.listing, now), lacking)]
    listing = coverage.answer(parts, subjects).listing
    return Gathered(listing._replace(stale=rest.listing.stale), rest.error)


def _incomplete(
    found: Covering, problems: Sequence[str], *notes: str, error: DigestError | None = None
) -> Gathered:
    listing = found.stored.listing
    listing = listing._replace(
        problems=(*listing.problems, *problems), notes=(*listing.notes, *notes)
    )
    return Gathered(listing, error or TryAgainError("; ".join(listing.problems)))
