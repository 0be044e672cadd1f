r"""A formula of TeX as one line of Unicode: `\mathcal{O}(n^2)` is 𝒪(n²).

One pass over its tokens, with a stack of its own for groups and for commands that await their
arguments: no text is read twice, and none is nested too deep for it.
"""

import re
from functools import lru_cache

from arxivdigest.text.formula_line import BLANK, Item, joined, spaced
from arxivdigest.text.structures import (
    CHOICES,
    FRACTIONS,
    INFIX,
    Frame,
    UnreadableError,
    closed,
    made,
)
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
    SPACES,
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
    **dict.fromkeys((*FRACTIONS, *CHOICES), 2),
    **dict.fromkeys(("sqrt", "not", "pmod", "ket", "bra", "braket", "abs", "norm"), 1),
    **dict.fromkeys((*MATH_ACCENTS, *ALPHABETS), 1),
    "^": 1,
    "_": 1,
}
"""How many arguments a command takes that is more than a sign."""

_FONTS = FONTS - {"underline", "uline"}  # a line below has no good form
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_SWITCHES = frozenset("cal frak Bbb scr goth".split())
_LETTERS_OF_GROUP = re.compile(r"([A-Za-z]{2,})\s*(?=\})")
_INDEX = re.compile(r"\[\s*([^\[\]{}\\]{0,9}?)\s*\]")
_ESCAPED = {**dict.fromkeys(",;: \n", " "), "!": "", "/": "", "-": "", "|": "‖"} | {
    sign: sign for sign in "%&$#{}_"
}


def read(content: str) -> str | None:
    """The formula, given without its dollars, as a person reads it; None without a good form."""
    if len(content) > _LONGEST:
        return None
    if not _NEEDS_READING.search(content):
        return spaced(" ".join(content.split()))
    return _kept(content) if len(content) <= _LONGEST_KEPT else _read(content)


def _read(content: str) -> str | None:
    try:
        line = _Reading(content).line()
    except UnreadableError:
        return None
    return spaced(" ".join(line.split()))


_kept = lru_cache(maxsize=4096)(_read)


@lru_cache(maxsize=1024)
def _character(other: str) -> Item:
    if other == "&":  # a cell of a table
        raise UnreadableError
    if other.isalpha():
        kind = "letter"
    elif other.isdigit():
        kind = "number"
    else:
        kind = "open" if other in "([" else "close" if other in ")]" else "sign"
    return Item(other, kind)


_BLANKS = {kind: Item(BLANK, kind) for kind in ("blank", "soft")}


class _Reading:
    """A formula while it is read."""

    def __init__(self, content: str) -> None:
        self._content = content
        self._stack = [Frame()]
        self._at = 0

    def line(self) -> str:
        """The formula on one line."""
        match, end = _TOKEN.match, len(self._content)
        while self._at < end:
            found = match(self._content, self._at)
            if found is None:  # cannot be: the last alternative takes anything
                raise UnreadableError
            self._at = found.end()
            name, blank, escaped, sign, space, primes, other = found.groups()
            if other:
                self._give(_character(other))
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
            raise UnreadableError
        whole = self._stack[0]
        return closed(whole).text if whole.infix else joined(whole.items)

    def _escaped(self, escaped: str) -> None:
        sign = _ESCAPED.get(escaped)
        if sign is None:
            raise UnreadableError
        if sign == BLANK:
            self._blank("blank")
        elif sign:
            self._give(Item(sign, {"{": "open", "}": "close"}.get(sign, "sign")))
        elif escaped == "!":
            self._closer()

    def _closer(self) -> None:
        """A blank that is less than none: those beside it are not meant."""
        items = self._stack[-1].items
        if items and items[-1].text == BLANK:
            items.pop()
        while self._content[self._at : self._at + 1].isspace():
            self._at += 1

    def _blank(self, kind: str) -> None:
        if not self._stack[-1].awaits:
            self._stack[-1].items.append(_BLANKS[kind])

    def _sign(self, sign: str) -> None:
        if sign == "{":
            self._push(Frame())
        elif sign == "}":
            frame = self._stack.pop()
            if frame.awaits or not self._stack:
                raise UnreadableError
            self._give(closed(frame))
        else:
            self._push(Frame(sign, 1))

    def _push(self, frame: Frame) -> None:
        if len(self._stack) > _DEEPEST:
            raise UnreadableError
        self._stack.append(frame)

    def _command(self, name: str, blank: str) -> None:
        if name in SYMBOLS:
            self._symbol(name, blank)
        elif name in ARGUMENTS:
            self._awaiting(name)
        elif name in _FONTS:
            if self._content[self._at : self._at + 1] == "{":
                self._push(Frame(name, 1))
        elif name in FUNCTIONS:
            self._give(Item(name, "function"))
        elif name in NOTHING:
            if name in ("left", "right", "middle"):
                self._delimiter()
        elif name in BLANKS:
            self._blank("blank")
        elif name in INFIX:
            self._stack[-1].part(name)
        else:
            self._word(name)

    def _awaiting(self, name: str) -> None:
        """A command that takes arguments, or an alphabet that is switched to for a group."""
        letters = self._letters_of_group() if name in _SWITCHES else ""
        if letters:
            self._give(Item(letters.translate(alphabet(name)), "group"))
        else:
            self._push(Frame(name, ARGUMENTS[name], self._root_sign() if name == "sqrt" else ""))

    def _letters_of_group(self) -> str:
        r"""The letters that are all of a group, as of `{\cal PT}`, whose alphabet is switched."""
        frame = self._stack[-1]
        is_first = len(self._stack) > 1 and not (frame.awaits or frame.items)
        found = _LETTERS_OF_GROUP.match(self._content, self._at) if is_first else None
        if not found:
            return ""
        self._at = found.end()
        return found[1]

    def _word(self, name: str) -> None:
        if name not in WORDS:
            raise UnreadableError
        self._blank("blank")
        self._give(Item(WORDS[name], "text"))
        self._blank("blank")

    def _symbol(self, name: str, blank: str) -> None:
        if name in SPACES and (name == "P" or self._content[self._at : self._at + 1] in _ON_SPACES):
            self._give(Item(SPACES[name], "letter"))
            return
        sign = " | " if name == "mid" else SYMBOLS[name]
        items = self._stack[-1].items
        if name in ("rvert", "rVert", "colon") and items and items[-1].text == BLANK:
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
            raise UnreadableError
        return sign

    def _give(self, item: Item) -> None:
        """Hand the item to what awaits it; what is complete with it is handed on."""
        while (frame := self._stack[-1]).awaits:
            frame.items.append(item)
            frame.awaits -= 1
            if frame.awaits:
                return
            self._stack.pop()
            item = made(frame)
        frame.items.append(item)


_ON_SPACES = ("^", "_", "(")
_DELIMITERS = dict.fromkeys("⟨⌈⌊{[⟦", "open") | dict.fromkeys("⟩⌉⌋}]⟧", "close")


_COMMAND = "\uf8ff"  # folding knows it too


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
    return unknown(name)


def unknown(name: str) -> str:
    """What a command that nobody knows is for matching: its name, which is no word of the text."""
    return f" {_COMMAND}{name}{_COMMAND} "


_EDGES = ("\\,", "\\;", "\\:", "\\ ", "~", "\\quad", "\\qquad")


def both(content: str) -> tuple[str, str | None]:
    """What is read in place of a formula, and what is sought there where that is another."""
    line = read(content)
    if line is None:
        return "", sought(content)
    if not line:
        return BLANK if "~" in content or "\\" in content else "", None
    if content[0] in "\\~" and content.startswith(_EDGES):
        line = BLANK + line
    if content[-1] in ",;: ~d" and content.endswith(_EDGES):
        line += BLANK
    return line, None
