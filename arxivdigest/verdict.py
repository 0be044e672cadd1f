"""The verdict: what was read, from where, whether it is whole, in one sentence."""

from collections.abc import Mapping
from datetime import date

from arxivdigest.model import AnnounceType, Listing, Status, Verdict
from arxivdigest.text import safe

_SATURDAY = 5


def verdict(listing: Listing, counts: Mapping[AnnounceType, int], outcome: str) -> Verdict:
    """The verdict on a listing; `outcome` says what the rules made of it."""
    read = len(listing.entries)
    if not read and not listing.problems and not listing.stale:
        status, message = Status.NO_ANNOUNCEMENT, _nothing(listing)
    else:
        status = Status.INCOMPLETE if listing.problems else Status.COMPLETE
        status = Status.STALE if listing.stale else status
        of_declared = f" of {listing.total:,}" if listing.total is not None else ""
        entries = f"{read:,}{of_declared} {_plural(read, 'entry', 'entries')}{_counted(counts)}"
        parts = [f"{entries} from the {listing.source}"]
        if listing.stale:
            parts.append(f"stale ({listing.stale})")
        if listing.problems:
            parts.append(f"incomplete ({'; '.join(listing.problems)})")
        message = f"{headline(listing)}: {'; '.join([*parts, *listing.notes, outcome])}."
    return Verdict(status, listing.source, read, listing.total, safe(message))


def headline(listing: Listing) -> str:
    """The day and the subjects of a listing, as in `Fri 11 Jul 2025, cs.DC`."""
    subjects = ", ".join(listing.subjects) or "unknown subject"
    return f"{short_date(listing.announced)}, {subjects}"


def short_date(day: date | None) -> str:
    """The date as in `Fri 11 Jul 2025`."""
    return f"{day:%a} {day.day} {day:%b %Y}" if day else "unknown date"


def _nothing(listing: Listing) -> str:
    reason = f"the {listing.source} has no entries"
    if listing.announced and listing.announced.weekday() >= _SATURDAY:
        reason += f", as on every {listing.announced:%A}"
    return f"{headline(listing)}: no announcement; {'; '.join([reason, *listing.notes])}."


def _counted(counts: Mapping[AnnounceType, int]) -> str:
    replaced = counts[AnnounceType.REPLACE] + counts[AnnounceType.REPLACE_CROSS]
    kinds = [
        (counts[AnnounceType.NEW], "new", "new"),
        (counts[AnnounceType.CROSS], "cross-list", "cross-lists"),
        (replaced, "replacement", "replacements"),
    ]
    said = [f"{count:,} {_plural(count, one, many)}" for count, one, many in kinds if count]
    return f" ({', '.join(said)})" if said else ""


def _plural(count: int, one: str, many: str) -> str:
    return one if count == 1 else many
