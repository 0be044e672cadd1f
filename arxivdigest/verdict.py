"""The verdict: what was read, from where, whether it is whole, in one sentence."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from arxivdigest.errors import DigestError
from arxivdigest.model import REPLACEMENTS, AnnounceType, Day, Listing, Nearest, Status, Verdict
from arxivdigest.text import safe
from arxivdigest.text.counts import counted, plural
from arxivdigest.text.dates import period, short_date

_SATURDAY = 5


class Gathered(NamedTuple):
    """A listing, and the error that kept it from being all that was asked for, if any."""

    listing: Listing
    error: DigestError | None = None


def verdict(listing: Listing, counts: Mapping[AnnounceType, int], outcome: str) -> Verdict:
    """The verdict on a listing; `outcome` says what the rules made of it."""
    read = len(listing.entries)
    if not read and not listing.problems and not listing.stale:
        status, message = Status.NO_ANNOUNCEMENT, _nothing(listing)
    elif not listing.source:
        status = Status.STALE if listing.stale else Status.INCOMPLETE
        reasons = "; ".join(filter(None, (listing.stale, *listing.problems)))
        message = f"{headline(listing)}: not read ({reasons})."
    else:
        status = Status.INCOMPLETE if listing.problems else Status.COMPLETE
        status = Status.STALE if listing.stale else status
        of_declared = f" of {listing.total:,}" if listing.total is not None else ""
        entries = f"{read:,}{of_declared} {plural(read, 'entry', 'entries')}{_by_kind(counts)}"
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
    parts = [f"{read:,}{of_declared} {plural(read, 'entry', 'entries')} of {len(days)} days"]
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


def hints(nearest: Nearest) -> list[str]:
    """What would have to be set for what came nearest to be shown, a sentence each."""
    said = []
    if nearest.unasked:
        found = {ruling.entry.announce_type for ruling in nearest.unasked}
        quoted = [f'"{kind}"' for kind in AnnounceType if kind in found or kind in nearest.asked]
        count = counted(len(nearest.unasked), *_named(found))
        said.append(f"{count} would match: announce = [{', '.join(quoted)}]")
    if nearest.below:
        many, best = len(nearest.below), nearest.below[0].score
        said.append(
            f"{many} {plural(many, 'is', 'are')} below min_score = {nearest.least:g},"
            f" the best with {best:g}"
        )
    return said


def _named(kinds: AbstractSet[AnnounceType]) -> tuple[str, str]:
    """What one entry of these announce types is called, and what several are."""
    if kinds == {AnnounceType.CROSS}:
        return "cross-list", "cross-lists"
    if kinds <= set(REPLACEMENTS):
        return "replacement", "replacements"
    return "more entry", "more entries"


def headline(listing: Listing) -> str:
    """The day and the subjects of a listing, as in `Fri 11 Jul 2025, cs.DC`."""
    subjects = ", ".join(listing.subjects) or "unknown subject"
    return f"{short_date(listing.announced)}, {subjects}"


def _nothing(listing: Listing) -> str:
    reason = f"the {listing.source} has no entries"
    if listing.announced and listing.announced.weekday() >= _SATURDAY:
        reason += f", as on every {listing.announced:%A}"
    return f"{headline(listing)}: no announcement; {'; '.join([reason, *listing.notes])}."


def _by_kind(counts: Mapping[AnnounceType, int]) -> str:
    replaced = counts[AnnounceType.REPLACE] + counts[AnnounceType.REPLACE_CROSS]
    kinds = [
        (counts[AnnounceType.NEW], "new", "new"),
        (counts[AnnounceType.CROSS], "cross-list", "cross-lists"),
        (replaced, "replacement", "replacements"),
    ]
    said = [counted(count, one, many) for count, one, many in kinds if count]
    return f" ({', '.join(said)})" if said else ""
