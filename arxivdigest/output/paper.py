"""One paper, whole: for a terminal and for a pipe."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from arxivdigest.model import AnnounceType
from arxivdigest.output.hits import Piece
from arxivdigest.output.terminal import HIT, Line, Run, diff, whole, wrap
from arxivdigest.output.wording import EntryWords
from arxivdigest.text import safe
from arxivdigest.text.dates import short_date

_WIDEST = 92
_INDENT = 11


class History(NamedTuple):
    """What is known of a paper beside the entry: its days, its star, why it was hidden."""

    days: tuple[tuple[date, AnnounceType, int | None], ...]
    starred: date | None = None
    note: str | None = None


def lines(entry: EntryWords, history: History, columns: int | None) -> Iterator[Line]:
    """The paper in lines of at most so many cells, or each on one line where that is None."""
    room = min(columns, _WIDEST) if columns else _ENDLESS
    yield from wrap(_runs(entry.title, "bold", entry.abs_url), room)
    yield from wrap(_authors(entry), room)
    yield ()
    for label, value in _facts(entry, history):
        before = (
            Run(f"{label}:{' ' * (_INDENT - len(label) - 1)}" if label else " " * _INDENT, "dim"),
        )
        yield from wrap(value, room, _INDENT, before)
    for paragraph in entry.abstract:
        yield ()
        yield from wrap(_runs(paragraph), room)
    yield ()
    yield (Run(entry.abs_url, "", entry.abs_url),)
    yield (Run(entry.pdf_url, "", entry.pdf_url),)


_ENDLESS = 1_000_000


def _facts(entry: EntryWords, history: History) -> Iterator[tuple[str, list[Run]]]:
    version = f"v{entry.written.version}" if entry.written.version else ""
    yield "Id", [Run(f"{entry.arxiv_id}{version}", "", entry.abs_url)]
    yield "Subjects", [Run(", ".join(entry.categories))]
    if entry.comments:
        yield "Comments", _runs(entry.comments)
    if entry.journal_ref:
        yield "Journal", _runs(entry.journal_ref)
    if entry.written.doi:
        yield "DOI", [Run(entry.written.doi, "", f"https://doi.org/{entry.written.doi}")]
    if entry.written.license:
        yield "License", [Run(entry.written.license)]
    label = "Announced"
    for day, kind, number in history.days:
        yield label, [Run(f"{short_date(day)}, {kind}{f', v{number}' if number else ''}")]
        label = ""
    if history.starred:
        note = f": {safe(history.note)}" if history.note else ""
        yield "Starred", [Run(f"{short_date(history.starred)}{note}")]
    label = "Why" if entry.selected else "Hidden"
    for reason in entry.why:
        yield label, _runs(one._replace(text=whole(one.text)) if one.hit else one for one in reason)
        label = ""
    label = "Changed"
    for line in entry.changes:
        yield label, diff(line)
        label = ""


def _authors(entry: EntryWords) -> list[Run]:
    runs: list[Run] = []
    for author in entry.authors or (Piece("(no authors)"),):
        runs += [*_runs([author._replace(text=whole(author.text))]), Run(", ")]
    if entry.written.is_cut:
        return [*runs, Run("and perhaps others")]
    return runs[:-1]


def _runs(pieces: Iterable[Piece], look: str = "", link: str = "") -> list[Run]:
    return [Run(piece.text, HIT if piece.hit else look, link or piece.address) for piece in pieces]
