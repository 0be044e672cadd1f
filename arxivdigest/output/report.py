"""What a command says in lines, as a terminal shows it: hanging indents, signs, markers."""

import re
from collections.abc import Iterator

from arxivdigest.output.terminal import HIT, Line, Run, whole, wrap

_WIDEST = 100
_DEEPEST = 30
_SIGNS = {"  yes  ": "  ✓ ", "  no   ": "  ✗ "}
_FOUND = ": found "
_QUOTED, _NAMED = re.compile(r'"([^"]+)"'), re.compile(r"([^, ][^,]*)")
_COLUMNS = re.compile(r" *(?:\S+ )*\S+ {2,}(?=\S)| +")


def report(text: str, columns: int) -> Iterator[Line]:
    """The lines of a command's answer, each wrapped at words under what it begins with.

    What stands in columns has all the room there is; a sentence is no wider than it reads well.
    """
    room = min(columns, _WIDEST)
    for line in text.splitlines():
        sign = _SIGNS.get(line[:7])
        if sign:
            yield from wrap(_finding(line[7:]), room, len(sign), (Run(sign),))
        else:
            indent = _indent(line)
            has_columns = bool(line[: indent - 1].strip()) and line[indent - 1 : indent] == " "
            width = columns if has_columns else room
            look = "bold" if line.endswith(": holds") else ""  # a rule that does
            yield from wrap([Run(line, look)], width, indent, ())


def _finding(said: str) -> list[Run]:
    """What was looked for, and what was found of it, marked."""
    before, parted_by, found = said.partition(_FOUND)
    runs = [Run(before), Run(parted_by)]
    at = 0
    if not found.startswith("none of them"):
        for hit in (_QUOTED if found.startswith('"') else _NAMED).finditer(found):
            runs += (Run(found[at : hit.start(1)]), Run(whole(hit[1]), HIT))
            at = hit.end(1)
    return [*runs, Run(found[at:])]


def _indent(line: str) -> int:
    """Where the second column of the line begins, if it has any; two cells where it has none."""
    begin = _COLUMNS.match(line)
    return len(begin[0]) if begin and len(begin[0]) <= _DEEPEST else 2
