"""Text in Markdown: nothing in it is taken for Markdown's own, hits stand out, addresses work."""

import re
from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from arxivdigest.model import Stretch
from arxivdigest.output.hits import Piece

if TYPE_CHECKING:
    from arxivdigest.output.wording import EntryWords

_ESCAPES = {sign: f"\\{sign}" for sign in "\\`*_[]<>|~$#!"} | {"&": "&amp;", "@": "&#64;"}
# What begins a list, a heading or a quotation, if it stands at the begin of a line.
_BEGINS_BLOCK = re.compile(r"[-+=]|\d+(?=[.)])")
# What GitHub's Markdown takes for an address wherever it stands, up to the next sign of its own.
_BARE_ADDRESS = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)", re.IGNORECASE)
_ENTITY = re.compile(r"(&#?\w+);")


def text(written: str) -> str:
    """The text in Markdown; nothing in it is taken for Markdown's own, wherever it stands."""
    return pieces((Piece(written),))


def pieces(line: Iterable[Piece], mark: str = "**") -> str:
    """The pieces in Markdown, the hits in bold or within another mark, addresses as links."""
    parts = groupby(line, key=lambda piece: piece.address)
    return _as_paragraph(
        "".join(
            _address(address) if address else "".join(_marked(piece, mark) for piece in part)
            for address, part in parts
        )
    )


def names(entry: "EntryWords") -> str:
    """The authors in one line, those in bold whom a rule follows."""
    line = ", ".join(_marked(author, "**") for author in entry.authors) or "(no authors)"
    others = f" and {entry.other_authors}" if entry.other_authors else ""
    return _as_paragraph(f"{line}{others}")


def labels(entry: "EntryWords") -> str:
    """The rules behind the entry in short, a followed author in bold."""
    return " · ".join(_marked(label, "**") for label in entry.labels)


def changed(line: Iterable[Stretch]) -> str:
    """The line in Markdown: what is gone struck out, what is new in bold."""
    marks = {"removed": "~~", "added": "**"}
    written = ((marks.get(one.kind, ""), _escaped(one.text.strip())) for one in line)
    return _as_paragraph(" ".join(f"{mark}{text}{mark}" for mark, text in written))


def _address(address: str) -> str:
    """The address as a link to itself; what reads as an entity would not be taken as written."""
    return "<" + _ENTITY.sub(r"\1%3B", address) + ">"


def _marked(piece: Piece, mark: str) -> str:
    written = _BARE_ADDRESS.sub(r"\\", _escaped(piece.text))
    # Between other signs, asterisks are no emphasis to Markdown, and would be shown.
    can_be_marked = piece.hit and piece.text[0].isalnum() and piece.text[-1].isalnum()
    return f"{mark}{written}{mark}" if can_be_marked else written


def _escaped(written: str) -> str:
    return "".join(_ESCAPES.get(sign, sign) for sign in written)


def _as_paragraph(line: str) -> str:
    line = line.strip()
    begin = _BEGINS_BLOCK.match(line)
    if not begin:
        return line
    number = begin[0] if begin[0].isdigit() else ""
    return f"{number}\\{line[len(number) :]}"
