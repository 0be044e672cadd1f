"""Listings held against each other, and against what was asked for."""

from collections.abc import Iterable, Sequence

from arxivdigest.arxiv import taxonomy
from arxivdigest.model import AnnounceType, Listing


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
    """Whether a listing holds nothing but entries of an earlier one."""
    return _types(listing) <= _types(before)


def lost(known: Listing, listing: Listing) -> set[str]:
    """What a listing lacks of what feeds and pages both must have of the day.

    Feeds leave out late replacements.
    """
    return _announced(known) - _announced(listing)


def held_against(pages: Listing, others: Iterable[Listing]) -> Listing:
    """The pages' listing, held against feeds of the same day that were set aside."""
    lacking = {
        arxiv_id
        for other in others
        if other.announced == pages.announced
        for arxiv_id in _ids(other) - _ids(pages)
    }
    if not lacking:
        return pages
    problem = f"the pages lack {len(lacking)} of the feed's entries"
    return pages._replace(problems=(*pages.problems, problem))


def _ids(listing: Listing) -> set[str]:
    return {entry.arxiv_id for entry in listing.entries}


def _announced(listing: Listing) -> set[str]:
    kinds = (AnnounceType.NEW, AnnounceType.CROSS)
    return {entry.arxiv_id for entry in listing.entries if entry.announce_type in kinds}


def _types(listing: Listing) -> set[tuple[str, AnnounceType]]:
    return {(entry.arxiv_id, entry.announce_type) for entry in listing.entries}
