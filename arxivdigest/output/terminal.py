"""Lines for a terminal: wrapped at words, measured in cells, with looks and links."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import category

from arxivdigest.model import Stretch
from arxivdigest.output import changed
from arxivdigest.text import are_single_cells, cells, width

if TYPE_CHECKING:
    from rich.console import Console

HIT = "hit"
"""The look of what a rule hit: a marker, the same as on the page."""


class Run(NamedTuple):
    """A stretch of text that looks one way, and the address that it leads to."""

    text: str
    look: str = ""
    link: str = ""


Line = tuple[Run, ...]

_KEPT = "\u00a0"


def whole(text: str) -> str:
    """The text as `wrap` keeps it on one line, wherever it has room on one."""
    return text.replace(" ", _KEPT)


def diff(line: Iterable[Stretch]) -> list[Run]:
    """What a replacement changed: around what is removed and added, the rest stands back."""
    parts = list(line)
    rest = "dim" if any(part.kind for part in parts) else ""
    looks = {"removed": "red", "added": "bold"}
    runs: list[Run] = []
    for part in parts:
        runs += (Run(changed.marked(part), looks.get(part.kind, rest)), Run(" "))
    return runs[:-1]


def wrap(
    runs: Iterable[Run], columns: int, indent: int = 0, first: Sequence[Run] | None = None
) -> list[Line]:
    """The runs in lines of at most so many cells, each after so many blanks.

    `first`, if it is given, stands in place of the first line's blanks. A word that is longer than
    a line is broken, and what is to be whole is broken at its blanks.
    """
    runs = [run for run in runs if run.text]
    text = "".join(run.text for run in runs)
    blanks = (Run(" " * indent),) if indent else ()
    before = blanks if first is None else tuple(first)
    used = sum(width(run.text) for run in before)
    lines: list[Line] = []
    begins = [0, *accumulate(len(run.text) for run in runs)]
    for at, end in _cuts(text, max(1, columns - used), max(1, columns - indent)):
        lines.append((*before, *_between(runs, begins, at, end)))
        before = blanks
    return lines


def _cuts(text: str, first: int, room: int) -> Iterator[tuple[int, int]]:
    """Where each line begins and ends, if the first has so much room, and each other so much."""
    ends = None if are_single_cells(text) else list(accumulate(map(cells, text)))
    at, size, used = 0, len(text), 0
    while True:
        most = first if at == 0 else room
        reach = at + most if ends is None else bisect_right(ends, used + most)
        if reach >= size:
            yield at, size
            return
        end = text.rfind(" ", at, reach + 1)
        if end <= at:
            end = text.rfind(_KEPT, at, reach + 1)
        if end <= at:  # a word longer than the line: broken, though never within a character
            end = next((i for i in range(reach, at, -1) if category(text[i])[0] != "M"), at + 1)
        yield at, end
        at = end + (text[end] in (" ", _KEPT))
        used = at if ends is None else ends[at - 1]


def _between(runs: Sequence[Run], begins: Sequence[int], begin: int, end: int) -> Iterator[Run]:
    for number in range(max(0, bisect_right(begins, begin) - 1), len(runs)):
        at = begins[number]
        if at >= end:
            return
        text = runs[number].text[max(0, begin - at) : end - at]
        yield runs[number]._replace(text=text.replace(_KEPT, " "))


def draw(lines: Iterable[Line], console: "Console") -> str:
    """The lines as the console shows them; without looks and links where it can show none."""
    asks_for_codes = console.is_terminal and console.color_system and not console.legacy_windows
    pen = _Pen(console) if asks_for_codes else None
    drawn = [
        pen.line(line) if pen else "".join(run.text for run in line).rstrip() for line in lines
    ]
    text = "".join(f"{line}\n" for line in drawn)
    return text.translate(_IN_ASCII) if console.options.ascii_only else text


_IN_ASCII = str.maketrans({"─": "-", "·": "-", "✓": "+", "✗": "-", "…": "...", "–": "-"})

# Black and yellow as they are fixed, not as the palette has them: in one of them yellow is brown.
_MARKERS = {
    "truecolor": "#1d2126 on #fbe28a",
    "256": "color(16) on color(227)",
    "standard": "black on yellow",
    "windows": "black on yellow",
}


class _Pen:
    """Writes runs with the codes for their looks, and a link once around all of its runs."""

    def __init__(self, console: "Console") -> None:
        from rich.style import Style

        self._system = console._color_system  # noqa: SLF001 - rich gives no other way to it
        marker = "bold underline" if console.no_color else _MARKERS[str(console.color_system)]
        self._styles = {HIT: Style.parse(marker)}

    def line(self, line: Line) -> str:
        """The line, its codes closed at its end."""
        drawn: list[str] = []
        link = ""
        runs = list(line)
        while runs and not (runs[-1].text.strip() or runs[-1].look == HIT):
            runs.pop()
        # OSC 8 takes bytes from 32 to 126 alone, and an ESC would end it; an `id` joins its lines.
        for (look, to), alike in groupby(runs, key=attrgetter("look", "link")):
            run = Run("".join(run.text for run in alike), look, to if to.isascii() else "")
            if run.link != link:
                drawn.append(f"\x1b]8;{_key(run.link)};{run.link}\x1b\\")
                link = run.link
            drawn.append(self._written(run))
        if link:
            drawn.append("\x1b]8;;\x1b\\")
        return "".join(drawn)

    def _written(self, run: Run) -> str:
        from rich.style import Style

        if not run.look:
            return run.text
        style = self._styles.get(run.look)
        if style is None:
            style = self._styles[run.look] = Style.parse(run.look)
        return style.render(run.text, color_system=self._system)


def _key(link: str) -> str:
    """What tells a terminal that the lines of a wrapped link are one: the end of its address."""
    end = re.sub(r"[^0-9A-Za-z.-]", "", link.rpartition("/")[2][:24])
    return f"id={end}" if end else ""
