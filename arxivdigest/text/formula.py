r"""A formula of TeX as one line of Unicode: `\mathcal{O}(n^2)` is 𝒪(n²).

One pass over its tokens, with a stack of its own for groups and for commands that await their
arguments: no text is read twice, and none is nested too deep for it.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from arxivdigest.text.formula_line import BLANK, Item, joined, spaced
from arxivdigest.text.symbols import (
    ALPHABETS,
    BIG,
    BLANKS,
    CLOSE_TO_NEXT,
    FONTS,
    FUNCTIONS,
    LETTERLIKE,
    MATH_ACCENTS,
    NOTHING,
    SCRIPTS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
    WORDS,
    alphabet,
)

_DEEPEST = 16
_LONGEST_KEPT = 300
_LONGEST = 1000  # what is longer is none to be read on a line
_TOKEN = re.compile(r"\\([A-Za-z]+)\*?(\s*)|\\(.)|([{}^_])|(\s+|~)|('+)|(.)", re.DOTALL)
_NEEDS_READING = re.compile(r"[\\{}^_~'&]")
ARGUMENTS = {
    **dict.fromkeys(("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac"), 2),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), 2),
    **dict.fromkeys(("sqrt", "not", "pmod", "ket", "bra", "braket"), 1),
    **dict.fromkeys((*MATH_ACCENTS, *ALPHABETS), 1),
    "^": 1,
    "_": 1,
}
"""How many arguments a command takes that is more than a sign."""

_FRACTIONS = frozenset("frac dfrac tfrac cfrac nicefrac sfrac".split())
_FONTS = FONTS - {"underline", "uline"}  # a line below has no good form
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_INDEX = re.compile(r"\[\s*([^\[\]{}\\]{0,9}?)\s*\]")
_ESCAPED = {**dict.fromkeys(",;: \n", " "), "!": "", "/": "", "-": "", "|": "‖"} | {
    sign: sign for sign in "%&$#{}_"
}


class _Frame:
    """A group that is open, or a command that awaits arguments."""

    def __init__(self, name: str = "", awaits: int = 0, sign: str = "") -> None:
        self.name = name
        self.awaits = awaits
        self.sign = sign
        self.items: list[Item] = []


def read(content: str) -> str | None:
    """The formula, given without its dollars, as a person reads it; None without a good form."""
    if len(content) > _LONGEST:
        return None
    if not _NEEDS_READING.search(content):
        return spaced(" ".join(content.split()))
    return _kept(content) if len(content) <= _LONGEST_KEPT else _read(content)


class _UnreadableError(Exception):
    """The formula has no good form on one line."""


def _read(content: str) -> str | None:
    try:
        line = _Reading(content).line()
    except _UnreadableError:
        return None
    return spaced(" ".join(line.split()))


_kept = lru_cache(maxsize=4096)(_read)


class _Reading:
    """A formula while it is read."""

    def __init__(self, content: str) -> None:
        self._content = content
        self._stack = [_Frame()]
        self._at = 0

    def line(self) -> str:
        """The formula on one line."""
        match, end = _TOKEN.match, len(self._content)
        while self._at < end:
            found = match(self._content, self._at)
            if found is None:  # cannot be: the last alternative takes anything
                raise _UnreadableError
            self._at = found.end()
            name, blank, escaped, sign, space, primes, other = found.groups()
            if other:
                self._character(other)
            elif name:
                self._command(name, blank)
            elif sign:
                self._sign(sign)
            elif space:
                self._blank("blank")
            elif primes:
                raised = ("″" * (len(primes) // 2)) + "′" * (len(primes) % 2)
                self._give(Item(raised, "script", raised))
            else:
                self._escaped(escaped)
        if len(self._stack) > 1:
            raise _UnreadableError
        return joined(self._stack[0].items)

    def _character(self, other: str) -> None:
        if other == "&":  # a cell of a table
            raise _UnreadableError
        if other.isalpha():
            kind = "letter"
        elif other.isdigit():
            kind = "number"
        else:
            kind = "open" if other in "([" else "close" if other in ")]" else "sign"
        self._give(Item(other, kind))

    def _escaped(self, escaped: str) -> None:
        sign = _ESCAPED.get(escaped)
        if sign is None:
            raise _UnreadableError
        if sign == BLANK:
            self._blank("blank")
        elif sign:
            self._give(Item(sign, {"{": "open", "}": "close"}.get(sign, "sign")))

    def _blank(self, kind: str) -> None:
        if not self._stack[-1].awaits:
            self._stack[-1].items.append(Item(BLANK, kind))

    def _sign(self, sign: str) -> None:
        if sign == "{":
            self._push(_Frame())
        elif sign == "}":
            frame = self._stack.pop()
            if frame.awaits or not self._stack:
                raise _UnreadableError
            self._give(_group(frame.items))
        else:
            self._push(_Frame(sign, 1))

    def _push(self, frame: _Frame) -> None:
        if len(self._stack) > _DEEPEST:
            raise _UnreadableError
        self._stack.append(frame)

    def _command(self, name: str, blank: str) -> None:
        if name in SYMBOLS:
            self._symbol(name, blank)
        elif name in ARGUMENTS:
            self._push(_Frame(name, ARGUMENTS[name], self._root_sign() if name == "sqrt" else ""))
        elif name in _FONTS:
            if self._content[self._at : self._at + 1] == "{":
                self._push(_Frame(name, 1))
        elif name in FUNCTIONS:
            self._give(Item(name, "function"))
        elif name in NOTHING:
            if name in ("left", "right", "middle"):
                self._delimiter()
        elif name in BLANKS:
            self._blank("blank")
        else:
            self._word(name)

    def _word(self, name: str) -> None:
        if name not in WORDS:
            raise _UnreadableError
        self._blank("blank")
        self._give(Item(WORDS[name], "text"))
        self._blank("blank")

    def _symbol(self, name: str, blank: str) -> None:
        sign = " | " if name == "mid" else SYMBOLS[name]
        items = self._stack[-1].items
        if name in ("rvert", "rVert") and items and items[-1].text == BLANK:
            items.pop()
        kind = "letter" if name in LETTERLIKE else "big" if name in BIG else "sign"
        self._give(Item(sign, _DELIMITERS.get(sign, kind) if kind == "sign" else kind))
        if name == "colon":
            self._blank("blank")
        elif blank:
            self._blank("soft" if name in LETTERLIKE or name in CLOSE_TO_NEXT else "blank")

    def _delimiter(self) -> None:
        """A dot for a bracket that is not seen, or an angle."""
        delimiter = self._content[self._at : self._at + 1]
        if delimiter in (".", "<", ">"):
            self._at += 1
        if delimiter in ("<", ">"):
            self._give(Item("⟨", "open") if delimiter == "<" else Item("⟩", "close"))

    def _root_sign(self) -> str:
        found = _INDEX.match(self._content, self._at)
        if found:
            self._at = found.end()
        sign = _ROOTS.get(found[1] if found else "")
        if sign is None or self._content[self._at : self._at + 1] == "[":
            raise _UnreadableError
        return sign

    def _give(self, item: Item) -> None:
        """Hand the item to what awaits it; what is complete with it is handed on."""
        while (frame := self._stack[-1]).awaits:
            frame.items.append(item)
            frame.awaits -= 1
            if frame.awaits:
                return
            self._stack.pop()
            item = _made(frame)
        frame.items.append(item)


_DELIMITERS = dict.fromkeys("⟨⌈⌊{[⟦", "open") | dict.fromkeys("⟩⌉⌋}]⟧", "close")


def _made(frame: _Frame) -> Item:
    """What a command makes of its arguments."""
    return _MAKERS.get(frame.name, _as_it_stands)(frame)


def _as_it_stands(frame: _Frame) -> Item:
    only = frame.items[0]
    return only._replace(kind="text") if only.kind == "group" else only


def _root(frame: _Frame) -> Item:
    text = frame.items[0].text.strip()
    is_one = re.fullmatch(_ONE_UNDER_ROOT, text)
    return Item(f"{frame.sign}{text if is_one else f'({text})'}", "root")


def _accent(frame: _Frame) -> Item:
    only = frame.items[0]
    base = unicodedata.normalize("NFC", only.content or only.text.strip())
    if len(base) != 1 or not base.isalnum():
        raise _UnreadableError
    return Item(unicodedata.normalize("NFC", base + MATH_ACCENTS[frame.name]), "letter")


def _in_alphabet(frame: _Frame) -> Item:
    return Item(frame.items[0].text.strip().translate(alphabet(frame.name)), "letter")


def _negated(frame: _Frame) -> Item:
    return Item(unicodedata.normalize("NFC", f"{frame.items[0].text.strip()}\u0338"), "sign")


def _choice(frame: _Frame) -> Item:
    of, chosen = (item.text.strip() for item in frame.items)
    return Item(f"({of} choose {chosen})", "close")


def _function(frame: _Frame) -> Item:
    return Item(frame.items[0].text.strip(), "function")


def _around(frame: _Frame) -> Item:
    before, after = _AROUND[frame.name]
    return Item(f"{before}{frame.items[0].text.strip()}{after}", "close")


_AROUND = {"ket": ("|", "⟩"), "bra": ("⟨", "|"), "braket": ("⟨", "⟩"), "pmod": (" (mod ", ")")}
_MARKS = r"[\u0300-\u036f\u20d0-\u20ff⁺⁻⁼]"
# A letter with its scripts, a word, a number, an expression in brackets: one thing to see.
_LETTER_WITH_SCRIPTS = rf"[^\W\d_](?:[^\W\dA-Za-z_]|[⁰¹²³⁴-⁹₀-₉⁺⁻′″*†]|{_MARKS}|_[^\W_]+|[_^]\S)*"
_ONE_RAISED = rf"[A-Za-z0-9.]+|[^\W_]{_MARKS}?|\S|\[[^\[\]]*\]|\([^()]*\)"
_ONE_ABOVE = (
    rf"-?(?:[√∛∜]?(?:[^\W_]|{_MARKS}|[.′″])+|[√∛∜∂∇]?{_LETTER_WITH_SCRIPTS}"
    r"|\([^()]*\)|\[[^\[\]]*\]|\S)"
)
_ONE_BELOW = rf"[\d.]+|[d∂∇√∛∜Δδ]?{_LETTER_WITH_SCRIPTS}|[√∛∜][\d.]+|\([^()]*\)|\[[^\[\]]*\]|\S"
_ONE_UNDER_ROOT = rf"[\d.]+|[^\W\d_](?:[²³⁴ⁿ₀-₉]|{_MARKS})*|\S"


def _script(frame: _Frame) -> Item:
    mark, only = frame.name, frame.items[0]
    content = (only.content if only.kind == "script" else only.text).strip()
    table = SUPERSCRIPTS if mark == "^" else SUBSCRIPTS
    if not content:
        return Item("", "script")
    if all(map(table.__contains__, content)):
        raised = "".join(map(table.__getitem__, content)).replace("′′", "″")
        return Item(raised, "script", content)
    is_one = re.fullmatch(_ONE_RAISED, content) and (
        len(content) == 1 or SCRIPTS.isdisjoint(content)
    )
    return Item(f"{mark}{content}" if is_one else f"{mark}({content})", "script", content)


def _fraction(frame: _Frame) -> Item:
    above, below = (item.text.strip() for item in frame.items)
    is_one = frame.items[1].kind == "text" or re.fullmatch(_ONE_BELOW, below)
    return Item(
        f"{above if re.fullmatch(_ONE_ABOVE, above) else f'({above})'}"
        f"/{below if is_one else f'({below})'}",
        "fraction",
    )


def _group(items: list[Item]) -> Item:
    """The items of a group as one; a group of one is that one."""
    seen = [item for item in items if item.text.strip()]
    if len(seen) == 1:
        return seen[0]
    return Item(joined(items).strip(), "group")


_MAKERS: dict[str, Callable[[_Frame], Item]] = {
    **dict.fromkeys(_FRACTIONS, _fraction),
    **dict.fromkeys(MATH_ACCENTS, _accent),
    **dict.fromkeys(ALPHABETS, _in_alphabet),
    **dict.fromkeys(_AROUND, _around),
    **dict.fromkeys(("binom", "dbinom", "tbinom"), _choice),
    "^": _script,
    "_": _script,
    "sqrt": _root,
    "not": _negated,
    "operatorname": _function,
}


COMMAND = "\uf8ff"
"""Stands around the name of a command that is sought as it is written."""


def sought(content: str) -> str:
    """What a formula without a good form is for matching: its signs and words in a row."""
    parts: list[str] = []
    last = ""
    for found in _TOKEN.finditer(content):
        name, _, escaped, sign, space, _, other = found.groups()
        if name:
            parts.append(_sought_command(name))
        elif escaped:
            parts.append(_ESCAPED.get(escaped, BLANK))
        elif sign:
            parts.append(BLANK if sign == "{" and last == "}" else "")
        elif space or other == "&":
            parts.append(BLANK)
        else:
            parts.append(found[0])
        last = sign
    return " ".join("".join(parts).split())


def _sought_command(name: str) -> str:
    if name in SYMBOLS:
        return SYMBOLS[name]
    if name in FUNCTIONS or name in WORDS:
        return f" {name} "
    if name in ARGUMENTS or name in NOTHING or name in BLANKS or name in FONTS:
        return BLANK if name in BLANKS else ""
    return f" {COMMAND}{name}{COMMAND} "


def both(content: str) -> tuple[str, str | None]:
    """What is read in place of a formula, and what is sought there where that is another."""
    line = read(content)
    if line is None:
        return "", sought(content)
    return line or (BLANK if "~" in content or "\\" in content else ""), None
