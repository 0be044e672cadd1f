"""How a digest is said to a person: the same words in every format.

Everything here is made safe to show; what is left to a format is its own escaping.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from arxivdigest.model import (
    AnnounceType,
    Day,
    Digest,
    Entry,
    Match,
    Ruling,
    Stretch,
    Verdict,
)
from arxivdigest.output import changed, headlines
from arxivdigest.output.hits import (
    Piece,
    author_pieces,
    linked,
    paragraphs,
    pieces,
    seen,
)
from arxivdigest.text import safe
from arxivdigest.text.counts import counted
from arxivdigest.text.dates import long_date, period
from arxivdigest.text.folding import fold
from arxivdigest.verdict import hints

SECTION_TITLES = {
    AnnounceType.NEW: "New submissions",
    AnnounceType.CROSS: "Cross-lists",
    AnnounceType.REPLACE: "Replacements",
    AnnounceType.REPLACE_CROSS: "Replaced cross-lists",
}
KINDS = {
    AnnounceType.NEW: "new",
    AnnounceType.CROSS: "cross-list",
    AnnounceType.REPLACE: "replacement",
    AnnounceType.REPLACE_CROSS: "replaced cross-list",
}
MOST_AUTHORS = 8
_MOST_WITHOUT_CONTENTS = 10
_BEST = 3


class First(NamedTuple):
    """Where an entry stands that comes again on a later day: its number, and `Fri 11 Jul`."""

    number: int
    announced: str


class Written(NamedTuple):
    """What the listing says of an entry as it is written there, TeX and all.

    All authors are here; `is_cut` where a page may have left out some after the hundredth.
    """

    version: int | None
    title: str
    authors: tuple[str, ...]
    is_cut: bool
    abstract: str
    comments: str
    journal_ref: str
    doi: str
    license: str


class EntryWords(NamedTuple):
    """An entry as it is shown. `number` counts from one through the whole digest.

    `first` is where it stands already, of an earlier day; then one line is enough.
    """

    number: int
    arxiv_id: str
    announce_type: str
    kind: str
    title: tuple[Piece, ...]
    authors: tuple[Piece, ...]
    other_authors: str
    primary_category: str
    categories: tuple[str, ...]
    comments: tuple[Piece, ...]
    journal_ref: tuple[Piece, ...]
    abstract: tuple[tuple[Piece, ...], ...]
    score: str
    why: tuple[tuple[Piece, ...], ...]
    labels: tuple[Piece, ...]
    selected: bool
    abs_url: str
    pdf_url: str
    html_url: str | None
    starred: bool
    changes: tuple[tuple[Stretch, ...], ...]
    written: Written
    first: First | None = None


class SectionWords(NamedTuple):
    """The entries of one announce type on one day, `Friday 11 July 2025`."""

    title: str
    entries: tuple[EntryWords, ...]
    announced: str
    date: str


class DayWords(NamedTuple):
    """A day of a digest as it is shown: `announced` as in `Friday 11 July 2025`."""

    announced: str
    date: str
    headline: str
    selected: int
    shown: int
    sections: tuple[SectionWords, ...]
    verdict: Verdict


class DigestWords(NamedTuple):
    """A digest as it is shown.

    `announced` is as in `Friday 11 July 2025`, or of several days `Thu 10 to Tue 15 Jul`.
    """

    title: str
    announced: str
    date: str
    subjects: tuple[str, ...]
    headline: str
    selected: int
    shown: int
    has_contents: bool
    sections: tuple[SectionWords, ...]
    verdict: Verdict
    days: tuple[DayWords, ...]
    remarks: tuple[str, ...]
    profile: str
    summary: str
    best: tuple[str, ...]
    has_scores: bool
    nothing: str
    hints: tuple[str, ...]
    nearest: tuple[EntryWords, ...]


def words(
    digest: Digest,
    *,
    abstracts: bool = True,
    most_authors: int = MOST_AUTHORS,
    profile: str = "",
) -> DigestWords:
    """The digest in words; without abstracts, they are left out of every entry."""
    write = _Writer(most_authors, abstracts=abstracts)
    days = (write.papers(digest),) if digest.about else tuple(map(write.day, digest.days))
    announced, title = headlines.announced(digest)
    subjects = tuple(map(safe, digest.subjects))
    shown = sum(day.shown for day in days)
    chosen = [ruling for ruling in digest.rulings if ruling.selected]
    best = sorted(chosen, key=lambda ruling: -ruling.score)[:_BEST]
    titles = tuple(seen(ruling.entry.title) or "(no title)" for ruling in best)
    below = _Writer(most_authors, abstracts=False).entries(digest.nearest.below[:_BEST])
    return DigestWords(
        title=", ".join(["arXiv", title, *subjects]),
        announced=announced,
        date=days[-1].date if days else "",
        subjects=subjects,
        headline=headlines.headline(digest),
        selected=digest.selected,
        shown=shown,
        has_contents=shown > _MOST_WITHOUT_CONTENTS,
        sections=tuple(section for day in days for section in day.sections),
        verdict=digest.verdict,
        days=days,
        remarks=tuple(map(safe, digest.remarks)),
        profile=safe(profile),
        summary=headlines.summary(digest, safe(profile), titles),
        best=titles,
        has_scores=len({ruling.score for ruling in chosen}) > 1,
        nothing=headlines.nothing(digest),
        hints=tuple(safe(f"{hint}.") for hint in hints(digest.nearest)),
        nearest=below,
    )


def entry(ruling: Ruling, *, abstracts: bool = True) -> EntryWords:
    """One entry in words, with all of its authors and all of what it changed."""
    words = _entry(1, ruling, len(ruling.entry.authors), abstracts=abstracts)
    if not ruling.find_changes:
        return words
    return words._replace(changes=changed.lines(ruling.find_changes(), whole=True))


class _Writer:
    """Puts day after day into words, and remembers which entries there were."""

    def __init__(self, most_authors: int, *, abstracts: bool) -> None:
        self._most_authors = most_authors
        self._abstracts = abstracts
        self._number = 0
        self._first: dict[str, First] = {}

    def day(self, day: Day) -> DayWords:
        """A day in words."""
        announced = long_date(day.announced)
        date = day.announced.isoformat() if day.announced else ""
        groups = groupby(day.rulings, key=lambda ruling: ruling.entry.announce_type)
        return DayWords(
            announced=announced,
            date=date,
            headline=headlines.headline(day),
            selected=day.selected,
            shown=len(day.rulings),
            sections=tuple(
                SectionWords(
                    SECTION_TITLES[announce_type],
                    tuple(self._entry(ruling, period([day.announced])) for ruling in group),
                    announced,
                    date,
                )
                for announce_type, group in groups
            ),
            verdict=day.verdict,
        )

    def papers(self, digest: Digest) -> DayWords:
        """Papers of many days, in sections by day."""
        sections = tuple(
            SectionWords(
                long_date(day.announced),
                tuple(self._entry(ruling, period([day.announced])) for ruling in day.rulings),
                long_date(day.announced),
                day.announced.isoformat() if day.announced else "",
            )
            for day in digest.days
        )
        return DayWords(
            announced=safe(digest.about),
            date="",
            headline=headlines.headline(digest),
            selected=digest.selected,
            shown=len(digest.rulings),
            sections=sections,
            verdict=digest.verdict,
        )

    def entries(self, rulings: Iterable[Ruling]) -> tuple[EntryWords, ...]:
        """Entries in words, of whatever day."""
        return tuple(self._entry(ruling._replace(hidden_because=None), "") for ruling in rulings)

    def _entry(self, ruling: Ruling, day: str) -> EntryWords:
        self._number += 1
        written = _entry(self._number, ruling, self._most_authors, abstracts=self._abstracts)
        first = self._first.setdefault(ruling.entry.arxiv_id, First(self._number, day))
        return written if first.number == self._number else written._replace(first=first)


def _entry(number: int, ruling: Ruling, most_authors: int, *, abstracts: bool) -> EntryWords:
    entry, matches = ruling.entry, ruling.matches
    authors, others = author_pieces(entry.authors, matches, most_authors)
    written = _written(entry)
    title = pieces(entry.title, matches, "title") or (Piece("(no title)"),)
    return EntryWords(
        number=number,
        arxiv_id=safe(entry.arxiv_id),
        announce_type=entry.announce_type,
        kind=KINDS[entry.announce_type],
        title=(*_STAR[not ruling.starred :], *title),
        authors=authors,
        other_authors=_others(others, is_cut=written.is_cut),
        primary_category=safe(entry.primary_category),
        categories=tuple(map(safe, entry.categories)),
        comments=linked(pieces(entry.comments or "", matches, "comments")),
        journal_ref=linked(pieces(entry.journal_ref or "", matches, "journal_ref")),
        abstract=paragraphs(entry.abstract, matches) if abstracts else (),
        score=f"{ruling.score:g}",
        why=(*why(ruling), *_note(ruling)),
        labels=_labels(ruling),
        selected=ruling.selected,
        abs_url=entry.abs_url,
        pdf_url=entry.pdf_url,
        html_url=entry.html_url,
        starred=ruling.starred,
        changes=changed.lines(ruling.find_changes()) if ruling.find_changes else (),
        written=written,
    )


_STAR = (Piece("★ "),)


def _written(entry: Entry) -> Written:
    return Written(
        version=entry.version,
        title=safe(entry.title),
        authors=tuple(map(safe, entry.authors)),
        is_cut=entry.may_lack_authors,
        abstract=safe(entry.abstract),
        comments=safe(entry.comments or ""),
        journal_ref=safe(entry.journal_ref or ""),
        doi=safe(entry.doi or ""),
        license=safe(entry.license or ""),
    )


def _others(count: int, *, is_cut: bool) -> str:
    if not count:
        return ""
    return f"at least {count} others" if is_cut else counted(count, "other")


def why(ruling: Ruling) -> tuple[tuple[Piece, ...], ...]:
    """A line for each rule that asked for the entry, with what it hit there."""
    if not ruling.selected and ruling.hidden_because:
        return ((Piece(safe(ruling.hidden_because)),),)
    return tuple(_because(rule, ruling.matches) for rule in ruling.rules)


def _note(ruling: Ruling) -> Iterable[tuple[Piece, ...]]:
    if ruling.note:
        yield (Piece(f"note: {safe(ruling.note)}"),)


def _because(rule: str, matches: Iterable[Match]) -> tuple[Piece, ...]:
    hits: dict[str, str] = {}
    for match in matches:
        if match.rule == rule:
            hits.setdefault(fold(match.text).text.casefold(), seen(match.text))
    if list(hits) == [fold(rule).text.casefold()]:
        return (Piece(safe(rule), hit=True),)
    line = [Piece(safe(rule))]
    for parted_by, hit in zip((": ", *[", "] * len(hits)), hits.values(), strict=False):
        line += (Piece(parted_by), Piece(hit, hit=True))
    return tuple(piece for piece in line if piece.text)


def _labels(ruling: Ruling) -> tuple[Piece, ...]:
    """The rules that asked for the entry in short; for one on authors alone, who is followed."""
    labels: dict[Piece, None] = {}
    for rule in ruling.rules if ruling.selected else ():
        found = [match for match in ruling.matches if match.rule == rule]
        if found and all(match.field == "authors" for match in found):
            labels |= {Piece(seen(match.text), hit=True): None for match in found}
        else:
            labels[Piece(safe(rule))] = None
    return tuple(piece for piece in labels if piece.text)
