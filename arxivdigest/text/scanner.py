"""Where what TeX means ends: formulas, groups, arguments, accents. Each is found in one pass."""

import re
from collections.abc import Callable
from functools import lru_cache

from arxivdigest.text import formula, is_doubled, places_of
from arxivdigest.text.symbols import ACCENTS, FONTS

WORD = re.compile(r"\\([A-Za-z]+)\*?")
BASE = r"(?:[^\W\d_]|\\[ij](?![A-Za-z]))"
# \"u  \"{u}  \'{\i}  \v{z}  \v z  \' z  \'{\^e}
_ACCENT = re.compile(
    rf"""\\(?:([`'^"~=.])\s*|([uvHcdkrb])(?:\s+|(?=[{{\\])))"""
    rf"""(?:\{{\s*(?:\\([`'^"~=.])\s*)?({BASE})\s*\}}|(?:\\([`'^"~=.]))?({BASE})"""
    r"""(?:(?:(?<=\\i)|(?<=\\j))[^\S\n]+(?=[a-z]))?)"""
)
_QUOTE_OPENS = re.compile(r'(?<![^\s(])\\"\w')
_QUOTE_ENDS = re.compile(r'[\w.,!?]\\"(?![\w{\\]| \w\b)')
_FORMULA = re.compile(r"((?:[^\\$\n]|\\.)*+)\$")
_SIGN_OF_TEX = re.compile(r"[\\^_={}<>~]")
_SENTENCE = re.compile(r"(?<![A-Za-z])(?:[A-Za-z]{2,}[,.;:)]? ){2}[A-Za-z]{2,}")
# Of `$100 (vs. $200) and US$ 5`: a bracket that is closed before it is opened, or a price.
_MONEY = re.compile(
    r"[^(\[\]]*\)\s|\d[\d.,]*+[kKMB]?+(?![A-Za-z])[^$]*"
    r"(?:(?<![A-Za-z])(?:US|AU|CA|HK|NZ|SG|NT)|\b[a-z]{2,} [ACRS])$"
)
# $ n$, $x, y $
_LETTERS_ALONE = re.compile(r"\s*[A-Za-z](?:[\s,;:()|!'*/+-]++[A-Za-z0-9]?)*+")
_MOST_LETTERS = 40
_SIGNS_ALONE = re.compile(r"[^\w\s](?:[^\w]*[^\w\s])?")
BLANK_RUN = re.compile(r"[^\S\n]*")
OPENED = re.compile(r"[^\S\n]*\{(?!\})")
"""The brace that opens an argument, where there is anything in it."""
AFTER_LETTER = re.compile(r"\{\}|[^\S\n]*")
EMPTY = re.compile(r"(?:\{\})?")
_AFTER_NUMBER = re.compile(r"[\d$}](?:[\s~]|\\[,;: ])*$")


def run_end(run: re.Pattern[str], text: str, at: int) -> int:
    """Where the run ends that begins here, or here where there is none."""
    found = run.match(text, at)
    return found.end() if found else at


def is_unit(name: str, text: str, at: int) -> bool:
    r"""Whether the letter is a unit after a number, as in `5007 \AA line`: its blank is meant."""
    if name != "AA" or text.startswith("ngstr", at + len(r"\AA ")):
        return False
    return _AFTER_NUMBER.search(text, max(0, at - 6), at) is not None


def is_certainly_formula(content: str) -> bool:
    """Whether what stands between two dollars is no part of a sentence about money."""
    if _SIGN_OF_TEX.search(content):
        return "\\" in content or not _SENTENCE.search(content)
    return _SIGNS_ALONE.fullmatch(content) is not None


_ADDRESS = re.compile("https?://")
_DASHES = re.compile("--+")
_ALWAYS = "\\${}~^_"


def places(text: str) -> list[int]:
    """Where anything stands that TeX may mean something by."""
    found = places_of(_ALWAYS + ("`'\"" if is_doubled("`", text) else ""), text)
    others = []
    if is_doubled("-", text):
        others += [one.start() for one in _DASHES.finditer(text)]
    if ":" in text and "://" in text:
        others += [one.start() for one in _ADDRESS.finditer(text)]
    return sorted(found + others) if others else found


_MOST_ARGUMENTS = 6
_CLOSES = {"(": ")", "[": "]"}


class Scanner:
    """A text, and where its formulas and brackets end: each found in one pass."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._next: dict[str, int] = {}
        self._closing: dict[int, int] | None = None
        self._quoted: bool | None = None

    def formula_end(self, at: int) -> int:
        """Where the formula ends that begins here, or 0 where none does.

        Two prices in a sentence are no formula: without a sign of TeX in it, or a letter or a
        digit, it touches its dollars on both sides.
        """
        text = self.text
        if text[at] == "\\":
            bracket = _CLOSES.get(text[at + 1])
            return self._closed(at, bracket) if bracket else 0
        if text.startswith("$$", at):
            end = self._find("$$", at + 2)
            if end > at + 2 and not at < self._find("\n", at) < end:
                return end + 2
            return 0
        found = _FORMULA.match(text, at + 1)
        if not found or not found[1]:
            return 0
        content, end = found[1], found.end()
        if is_certainly_formula(content):
            return end
        if len(content) < _MOST_LETTERS and _LETTERS_ALONE.fullmatch(content):
            is_formula = " " not in content or not text[at - 1 : at].isalnum()
        else:
            is_tight = not (content[0].isspace() or content[-1].isspace())
            is_formula = is_tight and not (_SENTENCE.search(content) or _MONEY.match(content))
        return end if is_formula and not text[end : end + 1].isdigit() else 0

    def _closed(self, at: int, bracket: str) -> int:
        end = self._find(f"\\{bracket}", at + 2)
        return end + 2 if end >= 0 and not at < self._find("\n", at) < end else 0

    def _find(self, sign: str, at: int) -> int:
        """Where the sign stands next, or -1; looked for once, however often it is asked."""
        found = self._next.get(sign, 0)
        if 0 <= found < at or sign not in self._next:
            found = self._next[sign] = self.text.find(sign, at)
        return found

    def closing(self, at: int) -> int:
        """Where the brace is closed that is opened here, or -1."""
        if self._closing is None:
            self._closing = {}
            opened: list[int] = []
            for found in re.finditer(r"\\.|[{}\n]", self.text):
                if found[0] == "\n":  # a paragraph ends, and all that was open in it
                    opened.clear()
                elif found[0] == "{":
                    opened.append(found.start())
                elif found[0] == "}" and opened:
                    self._closing[opened.pop()] = found.start()
        return self._closing.get(at, -1)

    def accent(self, at: int) -> re.Match[str] | None:
        r"""An accent and its letter, if they stand here.

        A blank between them was not meant to be there; but for a quotation mark, or where there is
        no such letter (`Systems\" dedicated`), it may be.
        """
        found = _ACCENT.match(self.text, at)
        if not found or not found[1]:
            return found
        is_apart = found[0][2:3].isspace()
        if is_apart and (not self.text[at - 1 : at].isalpha() or len(accented(found)) > 1):
            return None
        return None if found[1] == '"' and self.is_quoted() else found

    def is_quoted(self) -> bool:
        """Whether the text has quotation marks that were escaped as if for a string."""
        if self._quoted is None:
            self._quoted = bool(_QUOTE_OPENS.search(self.text) and _QUOTE_ENDS.search(self.text))
        return self._quoted

    def arguments_end(self, at: int, count: int) -> int:
        """Where so many arguments end that begin here, or -1 where they do not."""
        text = self.text
        steps = 0
        while count:
            count -= 1
            steps += 1
            at = run_end(BLANK_RUN, text, at)
            character = text[at : at + 1]
            if character == "{":
                at = self.closing(at) + 1
            elif character == "\\":
                found = WORD.match(text, at)
                at = found.end() if found else at + 2
                if found and (found[1] in formula.ARGUMENTS or text.startswith("{", at)):
                    count += formula.ARGUMENTS.get(found[1], found[1] in FONTS)
            elif character and character not in "}$":
                at += 1
            else:
                return -1
            if not 0 < at <= len(text) or steps > _MOST_ARGUMENTS:
                return -1
        return at


def accented(found: re.Match[str]) -> str:
    """The letter with its accents."""
    sign, name, inner, braced, outer, bare = found.groups()
    return _composed(braced or bare, inner or outer, sign or name)


@lru_cache(maxsize=1024)
def _composed(letter: str, *accents: str | None) -> str:
    import unicodedata

    marks = "".join(ACCENTS[one] for one in accents if one)
    return unicodedata.normalize("NFC", letter.removeprefix("\\") + marks)


_OPENS_FORMULA = re.compile(r"\$|\\(?:[(\[]|.)?", re.DOTALL)


def outside_math(
    text: str, change: Callable[[str], str], math: Callable[[str], str] | None = None
) -> str:
    """The text with its prose changed, and its formulas too where there is a change for them."""
    scanner = Scanner(text)
    parts: list[str] = []
    at = 0
    found = _OPENS_FORMULA.search(text)
    while found:
        begin, end = found.span()
        is_opening = found[0] in ("$", r"\(", r"\[")
        if is_opening and (close := scanner.formula_end(begin)):
            formula_there = text[begin:close]
            parts += (change(text[at:begin]), math(formula_there) if math else formula_there)
            at = end = close
        found = _OPENS_FORMULA.search(text, end)
    parts.append(change(text[at:]))
    return "".join(parts)
