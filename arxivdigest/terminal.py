"""The digest in a terminal: a rich table for a person, plain lines for a pipe."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from arxivdigest.model import Digest, Ruling
from arxivdigest.text import one_line, safe
from arxivdigest.wording import DigestWords, EntryWords, Piece

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

PLAIN_COLUMNS = (
    "arxiv_id",
    "announce_type",
    "score",
    "primary_category",
    "title",
    "authors",
    "rules",
    "abs_url",
)
"""The columns of plain lines: a public interface, so they keep their order."""

MOST_AUTHORS = 3
_ROOM_FOR_WHY = 88
_HIT = "bold underline"


def plain(digest: Digest, *, abstracts: bool = False) -> str:
    """The digest for a pipe: an entry a line, its columns parted by tabs, text as in the listing.

    The abstract, where asked for, is one more column at the end.
    """
    return "".join(f"{_plain_line(ruling, abstracts=abstracts)}\n" for ruling in digest.rulings)


def _plain_line(ruling: Ruling, *, abstracts: bool) -> str:
    entry = ruling.entry
    columns = [
        entry.arxiv_id,
        entry.announce_type,
        str(ruling.score),
        entry.primary_category,
        entry.title,
        "; ".join(entry.authors),
        "; ".join(ruling.rules),
        entry.abs_url,
    ]
    if abstracts:
        columns.append(entry.abstract)
    return "\t".join(one_line(safe(column)) for column in columns)


def table(words: DigestWords, width: int) -> "RenderableType":
    """The digest as something that rich draws, so many cells wide.

    Column widths are worked out here: left to rich, they cost it 2 ms a row.
    """
    from rich.console import Group
    from rich.text import Text

    return Group(
        _headline(words, width),
        *(
            part
            for section in words.sections
            for part in (
                Text(""),
                Text(section.title, style="bold cyan"),
                _section(section.entries, words, width),
            )
        ),
    )


def _headline(words: DigestWords, width: int) -> "Text":
    from rich.cells import cell_len
    from rich.text import Text

    room = width - cell_len(words.title) - cell_len(words.headline)
    parted = " " * room if room > 1 else "\n"
    return Text.assemble((words.title, "bold"), parted, (words.headline, "bold"), overflow="fold")


def _section(entries: Iterable[EntryWords], words: DigestWords, width: int) -> "Table":
    from rich.table import Table

    digits = max(2, len(str(sum(len(section.entries) for section in words.sections))))
    scored = any(entry.score != "0" for section in words.sections for entry in section.entries)
    score = max(
        (len(entry.score) for section in words.sections for entry in section.entries), default=1
    )
    has_why = any(entry.why for section in words.sections for entry in section.entries)
    aside = width // 3 - 4 if has_why and width >= _ROOM_FOR_WHY else 0
    drawn = Table(
        box=None, show_header=False, show_edge=False, pad_edge=False, padding=(0, 2, 1, 0)
    )
    drawn.add_column(width=digits, justify="right", style="dim", no_wrap=True)
    used = digits + 2
    if scored:
        drawn.add_column(width=score, justify="right", no_wrap=True)
        used += score + 2
    drawn.add_column(width=max(20, width - used - (aside + 2 if aside else 0)), overflow="fold")
    if aside:
        drawn.add_column(width=aside, overflow="fold", style="green")
    for entry in entries:
        cells: list[RenderableType] = [str(entry.number)]
        if scored:
            cells.append(entry.score if entry.score != "0" else "")
        cells.append(_entry(entry, show_why=not aside))
        if aside:
            cells.append(_why(entry))
        drawn.add_row(*cells)
    return drawn


def _entry(entry: EntryWords, *, show_why: bool) -> "Text":
    from rich.style import Style
    from rich.text import Text

    title = Style(bold=entry.selected, dim=not entry.selected, link=entry.abs_url)
    cell = Text(overflow="fold")
    for piece in entry.title:
        cell.append(
            piece.text, title + Style(underline=True, color="yellow") if piece.hit else title
        )
    if entry.authors:
        cell.append("\n")
        _append(cell, _author_line(entry), "")
    cell.append("\n")
    cell.append(f"{entry.arxiv_id}  {', '.join(entry.categories)}", style="dim")
    if entry.comments:
        cell.append("  ")
        _append(cell, entry.comments, "dim italic")
    if show_why and entry.why:
        cell.append("\n")
        cell.append("; ".join(entry.why), style="green")
    for paragraph in entry.abstract:
        cell.append("\n")
        _append(cell, paragraph, "")
    return cell


def _append(cell: "Text", pieces: Iterable[Piece], style: str) -> None:
    for piece in pieces:
        cell.append(piece.text, f"{style} {_HIT}".strip() if piece.hit else style)


def _author_line(entry: EntryWords) -> list[Piece]:
    line: list[Piece] = []
    for author in entry.authors:
        line += (author, Piece(", "))
    line.pop()
    if entry.other_authors:
        line.append(Piece(f" and {entry.other_authors}"))
    return line


def _why(entry: EntryWords) -> "Text":
    from rich.text import Text

    return Text("\n".join(entry.why), overflow="fold")
