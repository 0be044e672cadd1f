"""What the structures of a formula become on a line: roots, fractions, scripts, accents."""

import re
import unicodedata
from collections.abc import Callable, Sequence

from arxivdigest.text.formula_line import BLANK, Item, joined
from arxivdigest.text.symbols import (
    ALPHABETS,
    MATH_ACCENTS,
    SCRIPTS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    alphabet,
)

INFIX = {"over": "frac", "choose": "binom"}
"""Commands that stand between what others take as arguments."""

FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac")
CHOICES = ("binom", "dbinom", "tbinom")


class UnreadableError(Exception):
    """The formula has no good form on one line."""


class Frame:
    """A group that is open, or a command that awaits arguments."""

    infix = ""
    above: Sequence[Item] = ()

    def __init__(self, name: str = "", awaits: int = 0, sign: str = "") -> None:
        self.name = name
        self.awaits = awaits
        self.sign = sign
        self.items: list[Item] = []

    def part(self, infix: str) -> None:
        r"""Begin anew below, after a command such as `\over`, which parts what is in its group."""
        if self.awaits or self.infix:
            raise UnreadableError
        self.infix, self.above, self.items = infix, self.items, []


def made(frame: Frame) -> Item:
    """What a command makes of its arguments."""
    return _MAKERS.get(frame.name, _as_it_stands)(frame)


def _as_it_stands(frame: Frame) -> Item:
    only = frame.items[0]
    if frame.name in _TEXTS and "--" in only.text:
        only = only._replace(text=only.text.replace("---", "—").replace("--", "–"))
    return only._replace(kind="text") if only.kind == "group" else only


_TEXTS = ("text", "textrm", "textnormal", "mbox", "hbox")


def _root(frame: Frame) -> Item:
    text = frame.items[0].text.strip()
    is_one = re.fullmatch(_ONE_UNDER_ROOT, text)
    return Item(f"{frame.sign}{text if is_one else f'({text})'}", "root")


def _accent(frame: Frame) -> Item:
    only = frame.items[0]
    base = unicodedata.normalize("NFC", only.content or only.text.strip())
    if len(base) != 1 or not base.isalnum():
        raise UnreadableError
    return Item(unicodedata.normalize("NFC", base + MATH_ACCENTS[frame.name]), "letter")


def _in_alphabet(frame: Frame) -> Item:
    return Item(frame.items[0].text.strip().translate(alphabet(frame.name)), "letter")


def _negated(frame: Frame) -> Item:
    return Item(unicodedata.normalize("NFC", f"{frame.items[0].text.strip()}\u0338"), "sign")


def _choice(frame: Frame) -> Item:
    of, chosen = (item.text.strip() for item in frame.items)
    return Item(f"({of} choose {chosen})", "close")


def _function(frame: Frame) -> Item:
    return Item(frame.items[0].text.strip(), "function")


def _around(frame: Frame) -> Item:
    before, after = _AROUND[frame.name]
    return Item(f"{before}{frame.items[0].text.strip()}{after}", "close")


_AROUND: dict[str, Sequence[str]] = {
    "ket": "|⟩",
    "bra": "⟨|",
    "braket": "⟨⟩",
    "abs": "||",
    "norm": "‖‖",
    "pmod": (" (mod ", ")"),
}
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


def _script(frame: Frame) -> Item:
    mark, only = frame.name, frame.items[0]
    content = (only.content if only.kind == "script" else only.text).strip()
    table = SUPERSCRIPTS if mark == "^" else SUBSCRIPTS
    if BLANK in content and only.kind != "text":
        content = _closed_up(content, table)
    if not content:
        return Item("", "script")
    if all(map(table.__contains__, content)):
        raised = "".join(map(table.__getitem__, content)).replace("′′", "″")
        return Item(raised, "script", content)
    is_one = re.fullmatch(_ONE_RAISED, content) and (
        len(content) == 1 or SCRIPTS.isdisjoint(content)
    )
    return Item(f"{mark}{content}" if is_one else f"{mark}({content})", "script", content)


_AROUND_SIGN = re.compile(r"(?<=\w) ([^\w\s]) (?=\w)|(?<=′) (?=′)")
_AFTER_FIRST_SIGN = re.compile(r"(?<=^[^\w\s]) ")


def _closed_up(content: str, table: dict[str, str]) -> str:
    """A script without the blanks around its signs, where all of it can be raised or lowered."""
    close = _AROUND_SIGN.sub(r"\1", content)
    is_raised = all(map(table.__contains__, close))
    return close if is_raised else _AFTER_FIRST_SIGN.sub("", content)


def _fraction(frame: Frame) -> Item:
    above, below = (item.text.strip() for item in frame.items)
    is_one = frame.items[1].kind == "text" or re.fullmatch(_ONE_BELOW, below)
    return Item(
        f"{above if re.fullmatch(_ONE_ABOVE, above) else f'({above})'}"
        f"/{below if is_one else f'({below})'}",
        "fraction",
    )


def closed(frame: Frame) -> Item:
    """What a group is as one."""
    if not frame.infix:
        return _group(frame.items)
    whole = Frame(INFIX[frame.infix])
    whole.items = [_group(frame.above), _group(frame.items)]
    if not all(map(_is_balanced, whole.items)):  # `\left(` opens a group as well
        raise UnreadableError
    return made(whole)


def _is_balanced(item: Item) -> bool:
    text = item.text
    return bool(text) and all(text.count(pair[0]) == text.count(pair[1]) for pair in _BRACKETS)


_BRACKETS = ("()", "[]", "{}")


def _group(items: Sequence[Item]) -> Item:
    """The items of a group as one; a group of one is that one."""
    seen = [item for item in items if item.text.strip()]
    if len(seen) == 1:
        return seen[0]
    return Item(joined(items).strip(), "group")


_MAKERS: dict[str, Callable[[Frame], Item]] = {
    **dict.fromkeys(FRACTIONS, _fraction),
    **dict.fromkeys(MATH_ACCENTS, _accent),
    **dict.fromkeys(ALPHABETS, _in_alphabet),
    **dict.fromkeys(_AROUND, _around),
    **dict.fromkeys(CHOICES, _choice),
    "^": _script,
    "_": _script,
    "sqrt": _root,
    "not": _negated,
    "operatorname": _function,
}
