"""Reading arXiv: which source the bytes come from, and several listings made one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from arxivdigest.arxiv import feed
from arxivdigest.arxiv.source import MOST_BYTES, Source, reading, times_stated
from arxivdigest.errors import ListingError
from arxivdigest.model import AnnounceType, Entry, Listing


def _sources(data: bytes) -> Iterator[Source]:
    """The sources that the bytes may come from; what reads pages is loaded only if they may."""
    if not feed.is_strict(data):
        from arxivdigest.arxiv import page

        yield page.SOURCE
    yield feed.SOURCE


def parse(data: bytes) -> Listing:
    """The listing in the bytes, whichever source they come from: that is seen from the bytes alone.

    Raises a ListingError that says what the bytes are instead.
    """
    if len(data) > MOST_BYTES:
        raise ListingError(
            f"this is larger than {MOST_BYTES >> 20} MiB, and so no listing of arXiv's"
        )
    for source in _sources(data):
        if source.recognises(data):
            with reading(source.name):
                return _of_its_time(_once(source.parse(data)))
    from arxivdigest.arxiv.strangers import stranger

    raise stranger(data)


def saved(data: bytes) -> Listing:
    """The listing in a file, with a note where it is empty and its date rests on one place of it.

    Of what arXiv answers, the day that is due tells; of a file, only what else stands there.
    """
    listing = parse(data)
    day = listing.announced
    if listing.entries or not day or times_stated(day, data.decode("utf-8", "replace")) > 1:
        return listing
    return listing._replace(notes=(*listing.notes, ONE_PLACE))


ONE_PLACE = "its date stands in one place, and nothing bears it out"
"""The note of a file that is empty, and says once of which day."""


def _once(listing: Listing) -> Listing:
    """The listing with each entry once; that one came twice is a problem worth a word."""
    first: dict[str, Entry] = {}
    for entry in listing.entries:
        first.setdefault(entry.arxiv_id, entry)
    doubles = len(listing.entries) - len(first)
    if not doubles:
        return listing
    problem = f"{doubles} of {len(listing.entries)} entries are listed twice"
    return listing._replace(entries=tuple(first.values()), problems=(*listing.problems, problem))


# An id is of the month of its first announcement (info.arxiv.org/help/availability.html); those of
# four digits were given on submission, and one or two of those may all have been held back.
_SINCE = (2015, 1)
_MANY = 3
_LONGEST_HELD = timedelta(days=14)


def _of_its_time(listing: Listing) -> Listing:
    """The listing, with a note where its date and the months of its ids do not agree.

    A page and an Atom feed may state their date once: whether a byte of it was damaged is seen from
    the ids alone. No id is of a month to come, and of several new entries one is of the last days.
    """
    announced = listing.announced
    if announced is None or not listing.entries:
        return listing
    new = [one.arxiv_id for one in listing.entries if one.announce_type is AnnounceType.NEW]
    newest = _newest_month(entry.arxiv_id for entry in listing.entries)
    newest_of_new = _newest_month(new) if new else newest
    is_early = newest > (announced.year, announced.month)
    latest_end = announced - _LONGEST_HELD
    is_enough = len(new) >= _MANY or (bool(new) and newest_of_new >= _SINCE)
    is_late = is_enough and newest_of_new < (latest_end.year, latest_end.month)
    if not is_early and not is_late:
        return listing
    year, month = newest if is_early else newest_of_new
    note = f"it is dated {announced}, and its newest entry {year}-{month:02}"
    return listing._replace(notes=(*listing.notes, note))


_FIRST_YEAR = 91  # arXiv's own first, of which two digits are in an id


def _newest_month(ids: Iterable[str]) -> tuple[int, int]:
    """The latest year and month that ids begin with, behind their archive if they have one."""
    return max(map(_month, {arxiv_id.rpartition("/")[2][:4] for arxiv_id in ids}))


def _month(digits: str) -> tuple[int, int]:
    year = int(digits[:2])
    return (2000 if year < _FIRST_YEAR else 1900) + year, int(digits[2:])


_STRENGTH = list(AnnounceType)


def join(listings: Sequence[Listing]) -> Listing:
    """One listing of several, an entry once: as new where it is new in any of them, and so on."""
    if len(listings) == 1:
        return listings[0]
    strongest: dict[str, Entry] = {}
    for listing in listings:
        for entry in listing.entries:
            known = strongest.get(entry.arxiv_id)
            if not known or _rank(entry) < _rank(known):
                strongest[entry.arxiv_id] = entry
    dates = sorted({listing.announced for listing in listings if listing.announced})
    totals = [listing.total for listing in listings]
    doubles = sum(len(listing.entries) for listing in listings) - len(strongest)
    problems = [
        f"{', '.join(listing.subjects)}: {problem}"
        for listing in listings
        for problem in listing.problems
    ]
    if len(dates) > 1:
        days = ", ".join(f"{', '.join(one.subjects)} of {one.announced}" for one in listings)
        problems.append(f"the pages are of different days ({days})")
    return listings[0]._replace(
        subjects=tuple(subject for listing in listings for subject in listing.subjects),
        announced=dates[-1] if dates else None,
        entries=tuple(sorted(strongest.values(), key=_rank)),
        sections=tuple(section for listing in listings for section in listing.sections),
        total=None if None in totals else sum(filter(None, totals)) - doubles,
        problems=tuple(problems),
        notes=tuple(dict.fromkeys(note for listing in listings for note in listing.notes)),
    )


def _rank(entry: Entry) -> int:
    return _STRENGTH.index(entry.announce_type)
