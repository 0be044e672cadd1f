"""The digest as a table in a terminal."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.output.wording import DigestWords, EntryWords, Piece

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.style import Style
    from rich.table import Table
    from rich.text import Text

MOST_AUTHORS = 3
_ROOM_FOR_WHY = 88
_LEAST_FOR_ENTRY = 20
_GAP = 2


class _Layout(NamedTuple):
    """The widths of the columns in cells; 0 for a column that is not there."""

    number: int
    score: int
    entry: int
    why: int

    @classmethod
    def of(cls, words: DigestWords, width: int) -> "_Layout":
        entries = [entry for section in words.sections for entry in section.entries]
        number = max(2, len(str(len(entries))))
        score = len("Score") if any(entry.score != "0" for entry in entries) else 0
        why = (
            width // 3 - 4 if width >= _ROOM_FOR_WHY and any(entry.why for entry in entries) else 0
        )
        used = sum(column + _GAP for column in (number, score, why) if column)
        return cls(number, score, max(_LEAST_FOR_ENTRY, width - used), why)


def table(words: DigestWords, width: int) -> "RenderableType":
    """The digest as something that rich draws, so many cells wide.

    Column widths are worked out here: left to rich, they cost it 2 ms a row.
    """
    from rich.console import Group
    from rich.text import Text

    layout = _Layout.of(words, width)
    parts: list[RenderableType] = [_parted(words.title, words.headline, width), Text("")]
    if words.sections:
        parts.append(_columns(layout, with_header=True))
    for day in words.days:
        if len(words.days) > 1:
            parts.append(_parted(day.announced, day.headline, width))
        for section in day.sections:
            drawn = _columns(layout, with_header=False)
            for entry in section.entries:
                drawn.add_row(*_cells(entry, layout))
            parts += (Text(section.title, style="bold cyan"), drawn, Text(""))
        if len(words.days) > 1:
            parts += (Text(day.verdict.message, style="dim"), Text(""))
    return Group(*parts)


def _parted(title: str, headline: str, width: int) -> "Text":
    from rich.cells import cell_len
    from rich.text import Text

    room = width - cell_len(title) - cell_len(headline)
    parted = " " * room if room > 1 else "\n"
    return Text.assemble((title, "bold"), parted, (headline, "bold"), overflow="fold")


def _columns(layout: _Layout, *, with_header: bool) -> "Table":
    from rich.table import Table

    padding = (0, _GAP, 0 if with_header else 1, 0)
    drawn = Table(
        box=None, show_header=with_header, header_style="dim", pad_edge=False, padding=padding
    )
    drawn.add_column("#", width=layout.number, justify="right", style="dim", no_wrap=True)
    if layout.score:
        drawn.add_column("Score", width=layout.score, justify="right", no_wrap=True)
    drawn.add_column("Entry", width=layout.entry, overflow="fold")
    if layout.why:
        drawn.add_column("Why", width=layout.why, overflow="fold", style="green")
    return drawn


def _cells(entry: EntryWords, layout: _Layout) -> "list[RenderableType]":
    from rich.text import Text

    if entry.first:
        return _again(entry, layout)
    cells: list[RenderableType] = [str(entry.number)]
    if layout.score:
        cells.append(entry.score if entry.score != "0" else "")
    cells.append(_entry(entry, show_why=not layout.why))
    if layout.why:
        cells.append(Text("\n".join(map(_because, entry.why)), overflow="fold"))
    return cells


def _again(entry: EntryWords, layout: _Layout) -> "list[RenderableType]":
    from rich.style import Style
    from rich.text import Text

    cell = Text(f"{entry.arxiv_id}  ", overflow="fold")
    _append(cell, entry.title, Style(link=entry.abs_url))
    if entry.first:
        cell.append(f"  see {entry.first.number}, {entry.first.announced}", "dim")
    return [str(entry.number), *([""] if layout.score else []), cell]


def _entry(entry: EntryWords, *, show_why: bool) -> "Text":
    from rich.style import Style
    from rich.text import Text

    body = Style(dim=not entry.selected)
    cell = Text(overflow="fold")
    _append(
        cell, entry.title, Style(bold=entry.selected, dim=not entry.selected, link=entry.abs_url)
    )
    if entry.authors:
        cell.append("\n")
        _append(cell, _author_line(entry), body)
    cell.append(f"\n{entry.arxiv_id}  {', '.join(entry.categories)}", style="dim")
    for remark in filter(None, (entry.comments, entry.journal_ref)):
        cell.append("  ")
        _append(cell, remark, Style(dim=True, italic=True))
    if show_why and entry.why:
        cell.append(f"\n{'; '.join(map(_because, entry.why))}", style="green")
    for paragraph in entry.abstract:
        cell.append("\n")
        _append(cell, paragraph, body)
    return cell


def _because(line: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in line)


def _append(cell: "Text", pieces: Iterable[Piece], style: "Style") -> None:
    """Append the pieces, hits in a style of their own; the blanks in them are not underlined."""
    from rich.style import Style

    hit = style + Style(bold=True, underline=True, color="yellow")
    for piece in pieces:
        for part in re.split("( )", piece.text):
            cell.append(part, hit if piece.hit and part != " " else style)


def _author_line(entry: EntryWords) -> list[Piece]:
    line: list[Piece] = []
    for author in entry.authors:
        line += (author, Piece(", "))
    line.pop()
    if entry.other_authors:
        line.append(Piece(f" and {entry.other_authors}"))
    return line
