"""The types that everything else speaks in, in arXiv's own words."""

from collections.abc import Callable, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple


class AnnounceType(StrEnum):
    """Why an entry is in a listing, relative to the subjects that were asked for."""

    NEW = "new"
    CROSS = "cross"
    REPLACE = "replace"
    REPLACE_CROSS = "replace-cross"


REPLACEMENTS = (AnnounceType.REPLACE, AnnounceType.REPLACE_CROSS)

_PAGE_AUTHORS = 100


class Entry(NamedTuple):
    """One paper in a listing; text is Unicode, with TeX mathematics left as it was written."""

    arxiv_id: str
    version: int | None
    announce_type: AnnounceType
    title: str
    authors: tuple[str, ...]
    primary_category: str
    categories: tuple[str, ...]
    abstract: str
    comments: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    license: str | None = None
    formats: tuple[str, ...] = ()

    @property
    def abs_url(self) -> str:
        """The address of the abstract page, of whichever version is the newest."""
        return f"https://arxiv.org/abs/{self.arxiv_id}"

    @property
    def pdf_url(self) -> str:
        """The address of the PDF, of whichever version is the newest."""
        return f"https://arxiv.org/pdf/{self.arxiv_id}"

    @property
    def html_url(self) -> str | None:
        """The address of the HTML version, or None where the listing offers none."""
        return f"https://arxiv.org/html/{self.arxiv_id}" if "html" in self.formats else None

    @property
    def is_from_page(self) -> bool:
        """Whether a page told of it, which alone gives formats."""
        return bool(self.formats)

    @property
    def may_lack_authors(self) -> bool:
        """Whether there may be more authors: a page shows a hundred, and does not say so."""
        return self.is_from_page and len(self.authors) == _PAGE_AUTHORS

    def completed(self, other: "Entry") -> "Entry":
        """The entry with what another source says of it that this one does not.

        A feed has no comments, and a page no DOI and no more than a hundred authors.
        """
        return self._replace(
            version=self.version or other.version,
            authors=max(self.authors, other.authors, key=len),
            comments=self.comments if self.comments is not None else other.comments,
            journal_ref=self.journal_ref or other.journal_ref,
            doi=self.doi or other.doi,
            license=self.license or other.license,
            formats=self.formats or other.formats,
        )


class Section(NamedTuple):
    """A section of a page by arXiv's own counts: so many shown on this page, of so many in all."""

    name: str
    shown: int
    total: int


class Listing(NamedTuple):
    """The announcement of a day for some subjects, as one source gave it.

    `announced` is the date that the source itself states. `sections` and `total` are arXiv's own
    counts, where it gives them. `problems` make the listing incomplete, `notes` do not; `stale`
    says why it is known not to be the newest.
    """

    source: str
    subjects: tuple[str, ...]
    announced: date | None
    entries: Sequence[Entry]
    sections: tuple[Section, ...] = ()
    total: int | None = None
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    stale: str | None = None


class Match(NamedTuple):
    """What a rule hit in an entry.

    `text` is the first hit as it is written there, `spans` are all hits: pairs of offsets into the
    field's text (of authors: their names joined by `; `).
    """

    rule: str
    field: str
    keyword: str
    text: str
    spans: tuple[tuple[int, int], ...] = ()


class Stretch(NamedTuple):
    """A stretch of a text in two versions: in both, or `removed` from one, or `added` to it."""

    text: str
    kind: str = ""


class Changes(NamedTuple):
    """What a replacement says otherwise than the version before; empty where it says the same.

    `since` is that version, where it is known. Title and abstract are both texts in one, word by
    word, made readable. `knows_comments` is False where a source gave none, and so nobody knows.
    """

    since: int | None = None
    title: tuple[Stretch, ...] = ()
    abstract: tuple[Stretch, ...] = ()
    authors_added: tuple[str, ...] = ()
    authors_left: tuple[str, ...] = ()
    comments: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    withdrawn: bool = False
    accepted: bool = False
    knows_comments: bool = True

    @property
    def is_nothing(self) -> bool:
        """Whether the two say the same, as far as is known."""
        return not any(self[1:-1])


class Ruling(NamedTuple):
    """What the rules say of one entry; `hidden_because` is None where the entry is selected.

    `find_matches` looks for the matches when they are first asked for: a digest in a pipe never is.
    `note` is the note on a star, where it is at hand.
    """

    entry: Entry
    score: float
    rules: tuple[str, ...]
    hidden_because: str | None
    find_matches: Callable[[], tuple[Match, ...]]
    starred: bool = False
    note: str | None = None
    find_changes: Callable[[], Changes | None] | None = None

    @property
    def matches(self) -> tuple[Match, ...]:
        """What each rule that holds hit, in the order of the rules."""
        return self.find_matches()

    @property
    def is_replacement(self) -> bool:
        """Whether a later version of what was announced before is announced."""
        return self.entry.announce_type in REPLACEMENTS

    @property
    def selected(self) -> bool:
        """Whether the entry belongs in the digest."""
        return self.hidden_because is None


class Status(StrEnum):
    """How far a listing can be trusted to be the whole announcement."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    STALE = "stale"
    NO_ANNOUNCEMENT = "no-announcement"


class Verdict(NamedTuple):
    """What was read, from where, whether it is whole, and the sentence that says so."""

    status: Status
    source: str
    read: int
    declared: int | None
    message: str

    @property
    def is_whole(self) -> bool:
        """Whether nothing of the announcement is missing, as far as can be told."""
        return self.status in (Status.COMPLETE, Status.NO_ANNOUNCEMENT)


class Nearest(NamedTuple):
    """What came nearest, where nothing is selected: all of it would be, but for one setting.

    `below` are those below the least score, best first; `unasked` are of announce types that are
    not asked for.
    """

    below: tuple[Ruling, ...] = ()
    unasked: tuple[Ruling, ...] = ()
    asked: tuple[AnnounceType, ...] = ()
    least: float = 0.0


class Day(NamedTuple):
    """An announcement after the rules: the rulings to show, in the order to show them.

    `selected` counts all entries that the rules select, also those that a limit leaves out.
    """

    announced: date | None
    counts: dict[AnnounceType, int]
    selected: int
    rulings: tuple[Ruling, ...]
    verdict: Verdict
    nearest: Nearest = Nearest()


class Digest(NamedTuple):
    """One announcement or several after the rules, oldest first.

    `verdict` is on all of them together. `is_series` says that it may be of any number of days,
    none among them; `remarks` are what else there is to say, a sentence each. `about` is what it is
    where it is no announcement, but papers of many days, in any order.
    """

    subjects: tuple[str, ...]
    days: tuple[Day, ...]
    verdict: Verdict
    is_series: bool = False
    remarks: tuple[str, ...] = ()
    about: str = ""

    @property
    def announced(self) -> date | None:
        """The date of the newest day."""
        if self.about:
            return max((day.announced for day in self.days if day.announced), default=None)
        return self.days[-1].announced if self.days else None

    @property
    def counts(self) -> dict[AnnounceType, int]:
        """How many entries of each announce type were read, on all days."""
        return {kind: sum(day.counts[kind] for day in self.days) for kind in AnnounceType}

    @property
    def selected(self) -> int:
        """How many entries the rules select on all days, also those that a limit leaves out."""
        return sum(day.selected for day in self.days)

    @property
    def nearest(self) -> Nearest:
        """What came nearest on all days, where nothing is selected on any."""
        found = [day.nearest for day in self.days if not self.selected]
        below = [ruling for one in found for ruling in one.below]
        return Nearest(
            below=tuple(sorted(below, key=lambda ruling: -ruling.score)),
            unasked=tuple(ruling for one in found for ruling in one.unasked),
            asked=max((one.asked for one in found), default=()),
            least=max((one.least for one in found), default=0.0),
        )

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """The rulings to show, day after day."""
        return tuple(ruling for day in self.days for ruling in day.rulings)
