"""Listings held against each other, and against what was asked for."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from arxivdigest.arxiv import taxonomy
from arxivdigest.model import REPLACEMENTS, AnnounceType, Entry, Listing
from arxivdigest.store.packing import ids, keys
from arxivdigest.text.counts import counted


def may_be(subject: str, said: str) -> bool:
    """Whether a page that seems to be for a subject may be for this one; some share a name."""
    named = taxonomy.CATEGORIES.get(said) or taxonomy.ARCHIVES.get(said)
    alike = taxonomy.named(named.name) if named else ()
    return taxonomy.canonical(subject) in map(taxonomy.canonical, (said, *alike))


def left_out(asked: Iterable[str], named: Sequence[str]) -> list[str]:
    """The subjects asked for of which a listing of these subjects has nothing."""
    return [
        subject
        for subject in asked
        if not any(
            taxonomy.canonical(subject).casefold() == taxonomy.canonical(one).casefold()
            or taxonomy.covers(subject, one)
            for one in named
        )
    ]


def repeats(listing: Listing, before: Listing) -> bool:
    """Whether a listing holds nothing but entries of an earlier one, in the same versions.

    A paper may be replaced on two days running: a small subject's day may be its next version
    alone. Where pages do not tell versions, replacements are repeated where all of the day is.
    """
    again, known = set(keys(listing.entries)), set(keys(before.entries))
    if not again or not again <= known:
        return False
    versions = {entry.arxiv_id: entry.version for entry in before.entries}
    pairs = [(entry.version, versions[entry.arxiv_id]) for entry in listing.entries]
    if any(None not in pair and pair[0] != pair[1] for pair in pairs):
        return False
    is_told = any(None not in pair for pair in pairs)
    return is_told or again == known or not all(kind in REPLACEMENTS for _, kind in again)


class Fresh(NamedTuple):
    """A listing without what was new on an earlier day, and the subjects that are stale all over.

    arXiv has served the entries of an earlier day under a new date, for one subject of several too.
    """

    listing: Listing
    stale: tuple[str, ...]


def fresh(listing: Listing, earlier: Mapping[str, frozenset[str]]) -> Fresh:
    """The listing without the ids that were announced as new for the same subject before.

    A subject of whose new entries over half were is stale.
    """
    repeated: set[str] = set()
    stale: list[str] = []
    announced = [one for one in listing.entries if one.announce_type is AnnounceType.NEW]
    for subject, known in earlier.items():
        new = {entry.arxiv_id for entry in announced if _is_of(entry, subject)}
        again = new & known
        repeated |= again
        if 2 * len(again) > len(new):
            stale.append(subject)
    if not repeated:
        return Fresh(listing, tuple(stale))
    entries = tuple(entry for entry in listing.entries if entry.arxiv_id not in repeated)
    said = counted(len(repeated), "entry", "entries")
    note = f"without {said} announced as new before"
    return Fresh(listing._replace(entries=entries, notes=(*listing.notes, note)), tuple(stale))


def new_ids(listing: Listing) -> frozenset[str]:
    """The ids of what a listing announces as new."""
    return frozenset(
        arxiv_id for arxiv_id, kind in keys(listing.entries) if kind is AnnounceType.NEW
    )


def lost(known: Listing, listing: Listing, *, with_crosses: bool = True) -> set[str]:
    """What a listing lacks of what feeds and pages both must have of the day.

    Feeds leave out late replacements, and an archive's pages cross-lists within the archive. Where
    the known one was put together of listings for other subjects, its cross-lists say nothing.
    """
    kinds = {AnnounceType.NEW, *([AnnounceType.CROSS] if with_crosses else [])}
    held = _ids(listing)
    lacking = [
        known.entries[at]
        for at, (arxiv_id, kind) in enumerate(keys(known.entries))
        if kind in kinds and arxiv_id not in held
    ]
    return {one.arxiv_id for one in lacking if not _is_within_archive(one, listing.subjects)}


def uncounted(listing: Listing, pages: Iterable[Listing]) -> list[str]:
    """Why a feed cannot be whole: pages of its day count more than it and they hold.

    Each of the pages is for one subject.
    """
    reasons = []
    for page in pages:
        if page.announced != listing.announced or page.total is None:
            continue
        held = _ids(page).union(
            entry.arxiv_id
            for entry in listing.entries
            if any(taxonomy.covers(page.subjects[0], one) for one in entry.categories)
        )
        said = f"arXiv counts {page.total} entries of {page.subjects[0]}"
        if len(held) < page.total:
            reasons.append(f"{said}, and {len(held)} could be read")
        elif lacking := lost(page, listing):
            reasons.append(f"{said}, and of these the feed lacks {len(lacking)}")
    return reasons


def held_against(pages: Listing, others: Iterable[Listing]) -> Listing:
    """The pages' listing, held against feeds of the same day that were set aside."""
    lacking = {
        entry.arxiv_id
        for other in others
        if other.announced == pages.announced
        for entry in other.entries
        if not _is_within_archive(entry, pages.subjects)
    } - _ids(pages)
    if not lacking:
        return pages
    problem = f"the pages lack {len(lacking)} of the feed's entries"
    return pages._replace(problems=(*pages.problems, problem))


def _is_of(entry: Entry, subject: str) -> bool:
    return taxonomy.covers(subject, entry.primary_category)


def _is_within_archive(entry: Entry, subjects: Iterable[str]) -> bool:
    """Whether the entry is a cross-list within an archive, which the archive's pages leave out."""
    if entry.announce_type not in (AnnounceType.CROSS, AnnounceType.REPLACE_CROSS):
        return False
    return any("." not in one and _is_of(entry, one) for one in subjects)


def _ids(listing: Listing) -> set[str]:
    return set(ids(listing.entries))
