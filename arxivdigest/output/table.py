"""The digest as a table in a terminal."""

from collections.abc import Iterable, Iterator
from itertools import zip_longest
from typing import NamedTuple

from arxivdigest.output.hits import Piece
from arxivdigest.output.terminal import HIT, Line, Run, diff, whole, wrap
from arxivdigest.output.wording import DigestWords, EntryWords
from arxivdigest.text import width

MOST_AUTHORS = 3
_WIDEST_TEXT = 92
_ROOM_FOR_WHY = 88
_NO_COLUMN_FOR_WHY = 140
"""From so many cells on, the reason goes under the title: a column would be far from it."""
_LEAST_FOR_ENTRY = 10
_GAP = 2


class _Layout(NamedTuple):
    """The widths of the columns in cells: the whole, numbers, scores, entries, reasons.

    0 for a column that is not there.
    """

    whole: int
    number: int
    score: int
    entry: int
    why: int

    @classmethod
    def of(cls, words: DigestWords, columns: int) -> "_Layout":
        entries = [entry for section in words.sections for entry in section.entries]
        entries += words.nearest
        number = max(2, len(str(len(entries))))
        scores = {entry.score for entry in entries if entry.selected}
        score = max(map(len, scores)) if len(scores) > 1 else 0
        left = number + _GAP
        if columns < _ROOM_FOR_WHY or columns >= _NO_COLUMN_FOR_WHY:
            whole = min(columns, left + _WIDEST_TEXT)
            return cls(whole, number, score, max(_LEAST_FOR_ENTRY, whole - left), 0)
        why = columns // 3 - 4 if any(entry.why for entry in entries) else 0
        entry = columns - left - (why + _GAP if why else 0)
        return cls(columns, number, score, min(entry, _WIDEST_TEXT), why)


def table(words: DigestWords, columns: int) -> Iterator[Line]:
    """The digest in lines of at most so many cells."""
    layout = _Layout.of(words, columns)
    yield from _masthead(words, layout.whole)
    yield from _nothing(words, layout)
    has_days = len(words.days) > 1
    for day in words.days:
        if has_days:
            yield from ((), *_parted([Run(day.announced, "bold")], day.headline, layout.whole))
        for section in day.sections:
            yield ()
            yield _heading(section.title, len(section.entries), layout.whole)
            for entry in section.entries:
                if entry is not section.entries[0]:
                    yield ()
                yield from _again(entry, layout) if entry.first else _entry(entry, layout)
        if has_days:
            yield from ((), *wrap([Run(day.verdict.message, "dim")], layout.whole, 2, ()))
    if not words.nearest:
        yield ()


def _nothing(words: DigestWords, layout: _Layout) -> Iterator[Line]:
    """What is said where nothing is shown, and what came nearest."""
    sentences = [*filter(None, [words.nothing]), *words.hints]
    if sentences:
        yield ()
    for sentence in sentences:
        yield from wrap([Run(sentence)], layout.whole)
    if words.nearest:
        yield from ((), _heading("Nearest", len(words.nearest), layout.whole))
    for entry in words.nearest:
        yield from _entry(entry, layout)
        yield ()


def _masthead(words: DigestWords, columns: int) -> list[Line]:
    name = " ".join(["arXiv", ", ".join(words.subjects)]).strip()
    profile = [Run(f"  ·  {words.profile}", "dim")] if words.profile else []
    date = words.announced[:1].upper() + words.announced[1:]
    return _parted(
        [Run(name), *profile, Run("  ·  ", "dim"), Run(date, "bold")], words.headline, columns
    )


def _parted(title: list[Run], headline: str, columns: int) -> list[Line]:
    """The title at the left and the headline at the right, or below where there is no room."""
    room = columns - sum(width(run.text) for run in title) - width(headline)
    if room > _GAP:
        return [(*title, Run(" " * room), Run(headline))]
    return [*wrap(title, columns), *wrap([Run(headline)], columns)]


def _heading(title: str, count: int, columns: int) -> Line:
    line = "─" * (columns - width(title) - len(str(count)) - 2 * _GAP)
    return (Run(title, "bold"), Run(f"  {count}  {line}".rstrip(), "dim"))


def _again(entry: EntryWords, layout: _Layout) -> list[Line]:
    """The one line of an entry that stands under an earlier day already."""
    number = Run(f"{entry.number:>{layout.number}}{' ' * _GAP}", "dim")
    left = layout.number + _GAP
    line = [
        *(Run(entry.arxiv_id, "dim", entry.pdf_url), Run(" · ", "dim")),
        *_runs(entry.title, _look(entry), entry.abs_url),
    ]
    if entry.first:
        line.append(Run(f" · see {entry.first.number}, {entry.first.announced}", "dim"))
    return wrap(line, left + layout.entry, left, (number,))


def _entry(entry: EntryWords, layout: _Layout) -> Iterator[Line]:
    number = (Run(f"{entry.number:>{layout.number}}{' ' * _GAP}", "dim"),)
    left = layout.number + _GAP
    lines = [
        line
        for first, part in zip_longest((number,), _parts(entry))
        for line in wrap(part or [], left + layout.entry, left, first)
    ]
    reasons = [
        line for reason in _reasons(entry, layout.score) for line in _hanging(reason, layout)
    ]
    if not layout.why:
        lines += reasons
    else:
        margin = left + layout.entry + _GAP
        for at, reason in enumerate(reasons):
            line = lines[at] if at < len(lines) else ()
            blanks = Run(" " * (margin - sum(width(run.text) for run in line)))
            lines[at : at + 1] = [(*line, blanks, *reason)]
    yield from lines
    for paragraph in entry.abstract:
        yield ()
        yield from wrap(_runs(paragraph, _look(entry)), left + layout.entry, left)


def _look(entry: EntryWords) -> str:
    return "" if entry.selected else "dim"


def _parts(entry: EntryWords) -> Iterator[list[Run]]:
    """What is said of an entry, each part from a line of its own."""
    yield _runs(entry.title, "bold" if entry.selected else "dim", entry.abs_url)
    if entry.authors:
        yield _author_line(entry)
    known = [Run(entry.arxiv_id, "dim", entry.pdf_url)]
    if entry.categories:
        known.append(Run(f" · {' '.join(entry.categories)}", "dim"))
    for remark in filter(None, (entry.comments, entry.journal_ref)):
        known += (Run(" · ", "dim"), *_runs(remark, "dim"))
    yield known
    for line in entry.changes:
        yield diff(line)


def _author_line(entry: EntryWords) -> list[Run]:
    line: list[Piece] = []
    for author in entry.authors:
        line += (author._replace(text=whole(author.text)), Piece(", "))
    line.pop()
    runs = _runs(line, _look(entry))
    if entry.other_authors:
        others = entry.other_authors.removesuffix("s").removesuffix(" other")
        runs.append(Run(whole(f" +{others}"), "dim"))
    return runs


def _reasons(entry: EntryWords, room: int) -> Iterator[tuple[Run, list[Run]]]:
    """The reasons, each with what stands before it: the score before the first, if any does."""
    for at, reason in enumerate(entry.why):
        score = entry.score if room and entry.selected and at == 0 else ""
        before = Run(f"{score:>{room}} " if room else "", "bold")
        name, *hits = reason
        words = (Run(whole(one.text) if one.hit else one.text, "dim") for one in hits)
        yield before, [Run(name.text, _look(entry)), *words]


def _hanging(reason: tuple[Run, list[Run]], layout: _Layout) -> list[Line]:
    score, runs = reason
    indent = width(score.text) + _GAP
    if layout.why:
        return wrap(runs, layout.why, indent, (score,))
    left = layout.number + _GAP
    blank = Run(" " * left)
    return wrap(runs, left + layout.entry, left + indent, (blank, score))


def _runs(pieces: Iterable[Piece], look: str, link: str = "") -> list[Run]:
    return [Run(piece.text, HIT if piece.hit else look, link or piece.address) for piece in pieces]
