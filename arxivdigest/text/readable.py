r"""TeX made readable: what a person sees in place of `\emph{so}` and `$\mathcal{O}(n^2)$`."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from typing import NamedTuple

from arxivdigest.text import LONGEST, is_doubled


class Derived(NamedTuple):
    """A text made of another, and where it was changed.

    The four columns give, for each change in order, its begin and end in this text and its begin
    and end in the text that it was made of; `whole` says which changes cannot be parted.
    """

    text: str
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    written_begins: tuple[int, ...] = ()
    written_ends: tuple[int, ...] = ()

    def written(self, begin: int, end: int) -> tuple[int, int]:
        """The span in the text that it was made of, widened to whole changes."""
        return (
            _begin(begin, self.begins, self.ends, self.written_begins, self.written_ends),
            _end(end, self.begins, self.ends, self.written_ends),
        )

    def found(self, begin: int, end: int) -> tuple[int, int]:
        """The span in this text of one in the text that it was made of, widened likewise."""
        return (
            _begin(begin, self.written_begins, self.written_ends, self.begins, self.ends),
            _end(end, self.written_begins, self.written_ends, self.ends),
        )


_Column = tuple[int, ...]


def _begin(begin: int, begins: _Column, ends: _Column, others: _Column, other_ends: _Column) -> int:
    change = bisect_right(begins, begin) - 1
    if change < 0:
        return begin
    if begin < ends[change]:
        return others[change]
    return begin - ends[change] + other_ends[change]


def _end(end: int, begins: _Column, ends: _Column, other_ends: _Column) -> int:
    change = bisect_left(begins, end) - 1
    if change < 0:
        return end
    if end < ends[change]:
        return other_ends[change]
    return end - ends[change] + other_ends[change]


def derived(text: str, changes: Iterable[tuple[int, int, str, bool]]) -> Derived:
    """The text with changes made in it: begin, end, what stands there instead, if it is whole."""
    parts: list[str] = []
    columns: list[tuple[int, int, int, int]] = []
    at = length = 0
    for begin, end, instead, is_whole in changes:
        parts += (text[at:begin], instead)
        start = length + begin - at
        length = start + len(instead)
        at = end
        if is_whole or len(instead) != end - begin:
            columns.append((start, length, begin, end))
    parts.append(text[at:])
    return Derived("".join(parts), *(zip(*columns, strict=True) if columns else ()))


_TEX_SIGNS = ("\\", "$", "{", "}", "~")


def has_tex(text: str) -> bool:
    """Whether anything in the text may read otherwise than it is written."""
    for sign in _TEX_SIGNS:
        if sign in text:
            return len(text) <= LONGEST
    has_doubled = ("-" in text and is_doubled("-", text)) or ("`" in text and is_doubled("`", text))
    if not has_doubled and (text.isascii() or not _has_greek_script(text)):
        return False
    return len(text) <= LONGEST


def _has_greek_script(text: str) -> bool:
    r"""Whether a Greek letter has a script: χ^2 is what arXiv makes of `\chi^2` in titles."""
    if not ("^" in text or "_" in text):
        return False
    return re.search("[Α-Ωα-ωϑϕϵ][\\^_]", text) is not None


def shown(text: str) -> Derived:
    """The text as a person wants to read it, and where of it what came from."""
    if not has_tex(text):
        return Derived(text)
    from arxivdigest.text import tex

    return derived(text, [(one.begin, one.end, one.shown, one.whole) for one in tex.read(text)])


def readable(text: str) -> str:
    r"""The text as a person wants to read it: `$\mathcal{O}(n^2)$` is 𝒪(n²), `\emph{so}` is so.

    What cannot be set well in one line of Unicode stays as it was written.
    """
    return shown(text).text
