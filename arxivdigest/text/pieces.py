"""Pieces of a text: where each came from, what is read in its place, and what is sought there."""

import re
from typing import NamedTuple

from arxivdigest.text import formula
from arxivdigest.text.scanner import OPENED, Scanner
from arxivdigest.text.symbols import RELATIONS

_OPTIONS = re.compile(r"(?:\[[^\[\]{}]{0,80}\])?[^\S\n]*\{")
_PARTING = frozenset(RELATIONS.values()) | {"<", ">", "="}
_CLOSING = (")", "]", "}", "%", "$")


class Piece(NamedTuple):
    """A stretch of the text as written, what is read in its place, and what is sought there.

    A piece that is `whole` is found and marked as one, whatever of it was hit.
    """

    begin: int
    end: int
    shown: str
    sought: str
    whole: bool = False


class Pieces(Scanner):
    """The pieces of a text while they are found, and the groups that are open."""

    def __init__(self, text: str, *, is_cut: bool = False) -> None:
        super().__init__(text)
        self._is_cut = is_cut
        self.can_be_cut = False
        self._pieces: list[Piece] = []
        self._open: list[str | None] = []  # what each open brace becomes; None: as it is written
        self._written = 0  # how many of them belong to a command that stays as it is written
        self._quotes = 0
        self._others: dict[int, int] = {}  # braces, and where what is not shown after them ends

    def _give(
        self, begin: int, end: int, shown: str, sought: str | None = None, *, whole: bool = False
    ) -> int:
        sought = shown if sought is None else sought
        if self._written:
            shown = self.text[begin:end]
        self._pieces.append(Piece(begin, end, shown, sought, whole))
        return end

    def _opening(self, begin: int, end: int, shown: str, closed: str) -> int:
        """What a brace is opened with, and what becomes of the brace that closes it."""
        self._open.append(closed)
        return self._give(begin, end, shown)

    def _formula(self, at: int, end: int, line: str, sought: str | None) -> int:
        if sought:
            line = self.text[at:end]
        elif " " in line and (line[1:2] == " " or line[0] == " " or line[-1] == " "):
            line = self._at_edges(line, self.text[at - 1 : at], self.text[end : end + 1])
        return self._give(at, end, line, sought, whole=True)

    def _at_edges(self, line: str, before: str, after: str) -> str:
        """The line of a formula, with blanks where it needs them beside what is around it."""
        if not before.strip():
            line = line.lstrip()
        elif line[1:2] == " " and line[0] in _PARTING and (before.isalnum() or before in _CLOSING):
            line = line[0] + line[2:]
        return line if after.isalnum() or after in ("$", "\\") else line.rstrip()

    def _structure(self, at: int, begin: int, arguments: int, *, is_power: bool = False) -> int:
        """A command that is more than a sign, read as in a formula, or left as it is written."""
        end = self.arguments_end(begin, arguments)
        if end < 0:
            return self._unclosed(at, begin)
        content = self.text[at:end]
        if " " in content:
            self.can_be_cut = True
            if self._is_cut:
                return self._unclosed(at, begin)
        line = formula.read(content)
        if line is None:
            return self._give(at, end, content, formula.sought(content), whole=True)
        before, after = self.text[at - 1 : at], self.text[end : end + 1]
        if (
            content.startswith("\\")
            and "frac" in content[:7]
            and (before.isalnum() or after.isalnum())
        ):
            line = f"({line})"
        elif content[0] in "_^":
            is_at_end = line[:1] == content[0] and line[-1:].isalnum() and after.isalnum()
            line += " " if is_at_end or (is_power and (after.isalnum() or after == "\\")) else ""
        return self._give(at, end, line, whole=True)

    def _unclosed(self, at: int, begin: int) -> int:
        """What is cut off in an argument: as much as is there."""
        name = self.text[at:begin]
        if name in ("^", "_"):
            return begin
        shown = {"\\sqrt": "√(", "\\frac": "("}.get(name, "")
        brace = OPENED.match(self.text, begin)
        if brace:
            closed = ")" if shown and not self._is_cut else ""
            return self._opening(at, brace.end(), shown, closed)
        return self._give(at, begin, name, shown.rstrip("("))

    def _unknown(self, at: int, end: int) -> int:
        """A command that nobody knows: as it is written, with all of its arguments."""
        name = self.text[at + 1 : end].rstrip("*")
        sought = formula.unknown(name)
        opened = _OPTIONS.match(self.text, end)
        if not opened:
            return self._give(at, end, self.text[at:end], sought)
        self._open.append(None)
        self._written += 1
        return self._give(at, opened.end(), self.text[at : opened.end()], sought)
