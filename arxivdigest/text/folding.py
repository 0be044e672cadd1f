"""Text folded for matching: no accents, no TeX, one kind of dash, Greek spelt out.

Case is kept (the patterns ignore it), and so are dashes and blanks (either may part a keyword's
words); a `_` counts as a dash. What was hit in the folded text can be found again in the text as
it was written.

What is kept is folded: a change here goes with a migration in `store.database`, which drops the
listings.
"""

import re
from bisect import bisect_left, bisect_right
from functools import cache, lru_cache
from typing import NamedTuple

from arxivdigest.text.tex import GREEK, MATH

_SPECIAL = re.compile(r"[^\x20-#%-\[\]^`-z|]")  # outside ASCII, or one of \ $ { } ~ _
_IN_MATH = re.compile(r"\\([A-Za-z]+)\s*|\\(.)|[\^_${}]", re.DOTALL)
_GREEK_NAMES = {letter: name.removeprefix("var") for name, letter in GREEK.items()}
# Letters that do not come apart into a base and an accent, and signs with a plain twin.
_PLAIN = {
    **_GREEK_NAMES,
    "µ": "mu",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "Ł": "L",
    "đ": "d",
    "Đ": "D",
    "ħ": "h",
    "ı": "i",
    "ȷ": "j",
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "ð": "d",
    "Ð": "D",
    "þ": "th",
    "Þ": "Th",
    "ŋ": "n",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "‘": "'",
    "’": "'",
    "“": '"',
    "”": '"',
    "\u00ad": "",
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "\u2060": "",
    "\ufeff": "",
}
_ACCENT_FIRST, _ACCENT_LAST = "\u0300", "\u036f"
_NOT_EUROPEAN = "\u0530"  # after Latin, Greek and Cyrillic


@cache
def _token() -> re.Pattern[str]:
    return re.compile(
        rf"(?P<math>{MATH})"
        r"|(?P<command>\\[A-Za-z]+\*?)(?P<argument>\s*\{(?!\}))?|(?P<escape>\\.)|(?P<sign>[${}~_\\])"
        r"|(?P<foreign>[^\x20-\x7e]+)",
        re.DOTALL,
    )


class Folded(NamedTuple):
    """Folded text, and where it was changed in length.

    The four columns give, for each such change in order, its begin and end in the folded text and
    its begin and end in the text as written.
    """

    text: str
    begins: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    written_begins: tuple[int, ...] = ()
    written_ends: tuple[int, ...] = ()

    def written(self, begin: int, end: int) -> tuple[int, int]:
        """The span in the text as written, widened to whole formulas, of one in the folded text."""
        return self._written_begin(begin), self._written_end(end)

    def _written_begin(self, begin: int) -> int:
        change = bisect_right(self.begins, begin) - 1
        if change < 0:
            return begin
        if begin < self.ends[change]:
            return self.written_begins[change]
        return begin - self.ends[change] + self.written_ends[change]

    def _written_end(self, end: int) -> int:
        change = bisect_left(self.begins, end) - 1
        if change < 0:
            return end
        if end < self.ends[change]:
            return self.written_ends[change]
        return end - self.ends[change] + self.written_ends[change]


def fold(text: str) -> Folded:
    """The text folded for matching."""
    text = text.replace("\n", " ")
    special = _SPECIAL.search(text)  # one character first: most of a text is plain, and skipped
    if not special:
        return Folded(text)
    parts: list[str] = []
    changes: list[tuple[int, int, int, int]] = []
    at = length = 0
    while special and (found := _token().match(text, special.start())):
        folded = _fold_token(found)
        parts += (text[at : found.start()], folded)
        begin = length + found.start() - at
        length = begin + len(folded)
        at = found.end()
        if len(folded) != at - found.start() or found["math"]:
            changes.append((begin, length, found.start(), at))
        special = _SPECIAL.search(text, at)
    parts.append(text[at:])
    return Folded("".join(parts), *(zip(*changes, strict=True) if changes else ()))


def _fold_token(found: re.Match[str]) -> str:
    token = found[0]
    if found["foreign"]:
        return _fold_foreign(token)
    if found["math"]:
        return _fold_math(token)
    if found["command"]:
        name = found["command"].removeprefix("\\").removesuffix("*")
        return "" if found["argument"] else name
    if found["escape"]:
        return " " if token[1] in ",;: \\" else _fold_foreign(token[1])
    return {"~": " ", "_": "-", "$": "$", "\\": "\\"}.get(token, "")


@lru_cache(maxsize=4096)
def _fold_math(formula: str) -> str:
    inner = formula[2:-2] if formula[0] == "\\" else formula.strip("$")
    return _fold_foreign(_IN_MATH.sub(_fold_command, inner))


def _fold_command(found: re.Match[str]) -> str:
    name = found[1]
    if name:
        letter = GREEK.get(name)
        return _GREEK_NAMES[letter] if letter else "l" if name == "ell" else ""
    return " " if found[2] and found[2] in ",;: \\" else ""


@lru_cache(maxsize=8192)
def _fold_foreign(text: str) -> str:
    return "".join(map(_fold_character, text))


@lru_cache(maxsize=8192)
def _fold_character(character: str) -> str:
    plain = _PLAIN.get(character)
    if plain is not None:
        return plain
    if character.isspace():
        return " "
    if _ACCENT_FIRST <= character <= _ACCENT_LAST:
        return ""
    if "\ud800" <= character <= "\udfff":  # half a character, which RE2 cannot read
        return "\ufffd"
    import unicodedata

    apart = unicodedata.normalize("NFKD", character)
    if apart[0] >= _NOT_EUROPEAN:  # a mark there is no accent: が is not か
        return unicodedata.normalize("NFKC", character)
    return character if apart == character else "".join(map(_fold_character, apart))
