"""How a digest is said to a person: the same words in every format.

Everything here is made safe to show; what is left to a format is its own escaping.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from arxivdigest.folding import fold
from arxivdigest.model import AnnounceType, Digest, Match, Ruling, Verdict
from arxivdigest.readable import readable
from arxivdigest.text import safe

SECTION_TITLES = {
    AnnounceType.NEW: "New submissions",
    AnnounceType.CROSS: "Cross-lists",
    AnnounceType.REPLACE: "Replacements",
    AnnounceType.REPLACE_CROSS: "Replaced cross-lists",
}
MOST_AUTHORS = 8
_PAGE_AUTHORS = 100  # a page shows no more, and does not say so


class Piece(NamedTuple):
    """A stretch of text, and whether a rule hit it."""

    text: str
    hit: bool = False


class EntryWords(NamedTuple):
    """An entry as it is shown. `number` counts from one through the whole digest."""

    number: int
    arxiv_id: str
    announce_type: str
    title: tuple[Piece, ...]
    authors: tuple[Piece, ...]
    other_authors: str
    primary_category: str
    categories: tuple[str, ...]
    comments: tuple[Piece, ...]
    journal_ref: tuple[Piece, ...]
    abstract: tuple[tuple[Piece, ...], ...]
    score: str
    why: tuple[str, ...]
    selected: bool
    abs_url: str
    pdf_url: str
    html_url: str | None


class SectionWords(NamedTuple):
    """The entries of one announce type."""

    title: str
    entries: tuple[EntryWords, ...]


class DigestWords(NamedTuple):
    """A digest as it is shown: `announced` as in `Friday 11 July 2025`."""

    title: str
    announced: str
    date: str
    subjects: tuple[str, ...]
    headline: str
    selected: int
    sections: tuple[SectionWords, ...]
    verdict: Verdict


def words(
    digest: Digest, *, abstracts: bool = True, most_authors: int = MOST_AUTHORS
) -> DigestWords:
    """The digest in words; without abstracts, they are left out of every entry."""
    day = digest.announced
    announced = f"{day:%A} {day.day} {day:%B %Y}" if day else "an unknown day"
    subjects = tuple(map(safe, digest.subjects))
    numbered = list(enumerate(digest.rulings, start=1))
    sections = tuple(
        SectionWords(
            SECTION_TITLES[announce_type],
            tuple(
                _entry(number, ruling, most_authors, abstracts=abstracts)
                for number, ruling in group
            ),
        )
        for announce_type, group in groupby(numbered, key=lambda pair: pair[1].entry.announce_type)
    )
    return DigestWords(
        title=", ".join(["arXiv", announced, *subjects]),
        announced=announced,
        date=day.isoformat() if day else "",
        subjects=subjects,
        headline=_headline(digest),
        selected=digest.selected,
        sections=sections,
        verdict=digest.verdict,
    )


def _headline(digest: Digest) -> str:
    if not digest.verdict.read:
        return "no announcement"
    of_all = f"{digest.selected} of {digest.verdict.read} selected"
    shown = sum(ruling.selected for ruling in digest.rulings)
    return of_all if shown == digest.selected else f"{of_all}, {shown} shown"


def _entry(number: int, ruling: Ruling, most_authors: int, *, abstracts: bool) -> EntryWords:
    entry, matches = ruling.entry, ruling.matches
    authors, others = author_pieces(entry.authors, matches, most_authors)
    is_cut = len(entry.authors) == _PAGE_AUTHORS and bool(entry.formats)
    return EntryWords(
        number=number,
        arxiv_id=safe(entry.arxiv_id),
        announce_type=entry.announce_type,
        title=pieces(entry.title, matches, "title") or (Piece("(no title)"),),
        authors=authors,
        other_authors=_others(others, is_cut=is_cut),
        primary_category=safe(entry.primary_category),
        categories=tuple(map(safe, entry.categories)),
        comments=pieces(entry.comments or "", matches, "comments"),
        journal_ref=pieces(entry.journal_ref or "", matches, "journal_ref"),
        abstract=_paragraphs(entry.abstract, matches) if abstracts else (),
        score=f"{ruling.score:g}",
        why=why(ruling),
        selected=ruling.selected,
        abs_url=entry.abs_url,
        pdf_url=entry.pdf_url,
        html_url=entry.html_url,
    )


def pieces(text: str, matches: Iterable[Match], field: str) -> tuple[Piece, ...]:
    """The text made readable, cut where the hits in this field begin and end."""
    return _cut(text, _union(match.spans for match in matches if match.field == field))


def _union(all_spans: Iterable[Iterable[tuple[int, int]]]) -> list[tuple[int, int]]:
    union: list[tuple[int, int]] = []
    for begin, end in sorted(span for spans in all_spans for span in spans):
        if union and begin <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((begin, end))
    return union


def _cut(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """The pieces between the ends of the spans; none at all where there is nothing to see."""
    found: list[Piece] = []
    at = 0
    for begin, end in spans:
        found += (Piece(_shown(text[at:begin])), Piece(_shown(text[begin:end]), hit=True))
        at = end
    found.append(Piece(_shown(text[at:])))
    is_blank = not any(piece.text.strip() for piece in found)
    return () if is_blank else tuple(piece for piece in found if piece.text)


def _shown(text: str) -> str:
    return safe(readable(text))


def _paragraphs(abstract: str, matches: Sequence[Match]) -> tuple[tuple[Piece, ...], ...]:
    spans = _union(match.spans for match in matches if match.field == "abstract")
    paragraphs = []
    at = 0
    for paragraph in abstract.split("\n"):
        end = at + len(paragraph)
        inside = [(max(b, at) - at, min(e, end) - at) for b, e in spans if b < end and e > at]
        paragraphs.append(_cut(paragraph, inside))
        at = end + 1
    return tuple(paragraph for paragraph in paragraphs if paragraph)


def author_pieces(
    authors: Sequence[str], matches: Iterable[Match], most: int
) -> tuple[tuple[Piece, ...], int]:
    """The names to show, and how many are left out: the first ones, and all that a rule hit."""
    hits = [match.text for match in matches if match.field == "authors"]
    names = [
        Piece(safe(name), hit=any(hit in name for hit in hits))
        for name in authors
        if safe(name).strip()
    ]
    if len(names) == most + 1:
        most += 1  # "and 1 other" would take as much room as the name
    shown = tuple(name for index, name in enumerate(names) if index < most or name.hit)
    return shown, len(names) - len(shown)


def _others(count: int, *, is_cut: bool) -> str:
    if not count:
        return ""
    return f"at least {count} others" if is_cut else f"{count} other{'s' if count > 1 else ''}"


def why(ruling: Ruling) -> tuple[str, ...]:
    """A line for each rule that asked for the entry, with what it hit there."""
    if not ruling.selected and ruling.hidden_because:
        return (safe(ruling.hidden_because),)
    return tuple(_because(rule, ruling.matches) for rule in ruling.rules)


def _because(rule: str, matches: Iterable[Match]) -> str:
    hits: dict[str, str] = {}
    for match in matches:
        if match.rule == rule:
            hits.setdefault(fold(match.text).text.casefold(), _shown(match.text))
    said = ", ".join(hits.values())
    return (
        safe(rule)
        if not said or list(hits) == [fold(rule).text.casefold()]
        else f"{safe(rule)}: {said}"
    )
