"""The verdict: what was read, from where, whether it is whole, in one sentence."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from arxivdigest.model import AnnounceType, Day, Listing, Status, Verdict
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


def of_days(days: Sequence[Day], subjects: Iterable[str], outcome: str) -> Verdict:
    """The verdict on several days together: as good as the worst of them."""
    if not days:
        return Verdict(Status.NO_ANNOUNCEMENT, "", 0, None, "No announcement.")
    status = max((day.verdict.status for day in days), key=_WORSE.index)
    read = sum(day.verdict.read for day in days)
    counts = [day.verdict.declared for day in days]
    declared = None if None in counts else sum(count or 0 for count in counts)
    of_declared = f" of {declared:,}" if declared is not None else ""
    parts = [f"{read:,}{of_declared} {_plural(read, 'entry', 'entries')} of {len(days)} days"]
    parts += [
        f"{period([day.announced])} is {day.verdict.status}"
        for day in days
        if not day.verdict.is_whole
    ]
    named = ", ".join(subjects) or "unknown subject"
    span = period(day.announced for day in days)
    sources = dict.fromkeys(day.verdict.source for day in days)
    message = f"{span}, {named}: {'; '.join([*parts, outcome])}."
    return Verdict(status, " and ".join(sources), read, declared, safe(message))


_WORSE = (Status.NO_ANNOUNCEMENT, Status.COMPLETE, Status.STALE, Status.INCOMPLETE)


def period(days: Iterable[date | None]) -> str:
    """From the first to the last of several days, as in `Thu 10 to Tue 15 Jul`."""
    known = [day for day in days if day is not None]
    if not known:
        return "unknown dates"
    first, last = min(known), max(known)
    if first.year != last.year:
        return f"{short_date(first)} to {short_date(last)}"
    month = f"{last.day} {last:%b}"
    if first == last:
        return f"{last:%a} {month}"
    begin = f"{first:%a} {first.day}" + ("" if first.month == last.month else f" {first:%b}")
    return f"{begin} to {last:%a} {month}"


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
