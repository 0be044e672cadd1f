"""What of the listings read of a day answers a request for some subjects: pure choices.

A subject is covered by a listing that was asked for it, alone or among others, and a category by a
feed of its archive. (An archive's page leaves out cross-lists within the archive.)
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from arxivdigest.arxiv import taxonomy
from arxivdigest.model import AnnounceType, Listing
from arxivdigest.store.packing import Entries
from arxivdigest.store.rows import Stored


class Candidate(NamedTuple):
    """A listing of a day, by what was asked for; `is_short` where something of it is lacking."""

    number: int
    checksum: int
    asked: tuple[str, ...]
    source: str
    read_at: str
    is_short: bool

    def covers(self, subject: str) -> bool:
        """Whether what a listing of the subject would hold is in this one."""
        wanted = taxonomy.canonical(subject)
        return any(
            taxonomy.canonical(one) == wanted
            or (self.source == "feed" and "." not in one and taxonomy.covers(one, subject))
            for one in self.asked
        )


class Covering(NamedTuple):
    """The best that is kept for some subjects of a day, and the subjects without anything."""

    stored: Stored
    lacking: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether nothing is lacking, as far as arXiv counts."""
        return not self.lacking and not self.stored.listing.problems


Choice = dict[int, tuple[Candidate, tuple[str, ...]]]
"""By their numbers: the listings to take, and the subjects to take from each."""


def choose(
    candidates: Iterable[Candidate], subjects: Sequence[str]
) -> tuple[Choice, tuple[str, ...]]:
    """The listing to take for each subject, and the subjects that none covers.

    What is whole comes before what is short, what was read last before the others, and of these
    the one for all subjects.
    """
    wanted = set(map(taxonomy.canonical, subjects))
    listed = list(candidates)
    chosen: Choice = {}
    lacking: list[str] = []
    for subject in subjects:
        covering = [one for one in listed if one.covers(subject)]
        if not covering:
            lacking.append(subject)
            continue
        best = max(covering, key=lambda one: _worth(one, wanted))
        _, before = chosen.get(best.number, (best, ()))
        chosen[best.number] = (best, (*before, subject))
    return chosen, tuple(lacking)


def _worth(one: Candidate, wanted: set[str]) -> tuple[bool, str, bool]:
    is_exact = set(map(taxonomy.canonical, one.asked)) == wanted
    return not one.is_short, one.read_at, is_exact


def is_exactly(candidate: Candidate, subjects: Sequence[str]) -> bool:
    """Whether a listing is what was asked for, and nothing more."""
    return sorted(candidate.asked) == sorted(subjects)


def answer(parts: Sequence[tuple[Stored, Sequence[str]]], subjects: Sequence[str]) -> Stored:
    """One listing for the subjects, of the parts of those that are kept.

    Each entry's announce type is relative to all subjects: new where its primary category is among
    them, else a cross-list. Where a joined listing cannot tell whether a cross-list is a
    subject's, it is taken for one.
    """
    entries = Entries.merged(
        Entries.of(stored.listing.entries).typed(_relative(taken, subjects))
        for stored, taken in parts
    )
    listings = [stored.listing for stored, _ in parts]
    untils = [stored.fresh_until for stored, _ in parts]
    listing = Listing(
        source=next((one.source for one in listings if one.source == "feed"), listings[0].source),
        subjects=tuple(subjects),
        announced=listings[0].announced,
        entries=entries,
        problems=_said(parts, lambda one: one.problems),
        notes=tuple(dict.fromkeys(note for one in listings for note in one.notes)),
    )
    return Stored(
        listing,
        min(stored.read_at for stored, _ in parts),
        None if None in untils else min(until for until in untils if until),
    )


def _relative(
    taken: Sequence[str], subjects: Sequence[str]
) -> Callable[[AnnounceType, tuple[str, ...]], AnnounceType | None]:
    """Gives an entry's announce type among all subjects, or None where it is of none taken."""

    def judge(before: AnnounceType, categories: tuple[str, ...]) -> AnnounceType | None:
        is_told = any(categories)
        if is_told and not any(_is_in(one, taken) for one in categories):
            return None
        return relative(before, categories[0] if categories else "", subjects)

    return judge


def relative(before: AnnounceType, primary: str, subjects: Sequence[str]) -> AnnounceType:
    """The announce type among these subjects of what was announced as another's."""
    is_own = _is_in(primary, subjects)
    if before in (AnnounceType.NEW, AnnounceType.CROSS):
        return AnnounceType.NEW if is_own else AnnounceType.CROSS
    return AnnounceType.REPLACE if is_own else AnnounceType.REPLACE_CROSS


def _is_in(category: str, subjects: Sequence[str]) -> bool:
    return any(
        taxonomy.canonical(category) == taxonomy.canonical(one) or taxonomy.covers(one, category)
        for one in subjects
    )


def _said(
    parts: Sequence[tuple[Stored, Sequence[str]]], what: Callable[[Listing], Sequence[str]]
) -> tuple[str, ...]:
    """What is said of each part, with its subjects where there are several parts."""
    if len(parts) == 1:
        return tuple(what(parts[0][0].listing))
    return tuple(
        f"{', '.join(taken)}: {said}" for stored, taken in parts for said in what(stored.listing)
    )
