"""The line that a formula becomes: what keeps its parts together, and apart from each other."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from arxivdigest.text.symbols import SCRIPTS

BLANK = " "


class Item(NamedTuple):
    """A piece of the line, what it is to its neighbours, and of a script what is raised."""

    text: str
    kind: str
    content: str = ""


_WITHOUT_BLANK = frozenset(("letter", "open", "text"))
_BEFORE_FACTOR = frozenset("letter number close function script power root group".split())
_FACTORS = _WITHOUT_BLANK | _BEFORE_FACTOR - {"close"} | {"fraction", "big"}


def joined(items: Sequence[Item]) -> str:
    """The items on a line, grouped as they were, and functions apart from what is around them."""
    line: list[str] = []
    last = ""  # the kind of the item before, blanks left out
    end = Item("", "")
    for number, item in enumerate(items):
        following = items[number + 1] if number + 1 < len(items) else end
        if item.text == BLANK:
            is_soft = item.kind == "soft" and following.kind in _WITHOUT_BLANK
            is_meant = not (is_soft or _is_in_product(items, number)) or following.text == "["
            if is_meant and not (following.kind == "script" and line):
                line.append(BLANK)
            continue
        after = following
        if after.kind == "soft":
            after = items[number + 2] if number + 2 < len(items) else end
        text = _beside(item, line[-1] if line else "", last, after)
        if item.kind == "fraction" and after.text == BLANK and number + 2 < len(items):
            text = _beside(item, "", last, items[number + 2])
        line.append(text)
        if text:
            is_power = item.kind == "script" and last in _OPERATORS
            last = "power" if is_power else item.kind
    return "".join(line)


def _is_in_product(items: Sequence[Item], number: int) -> bool:
    r"""Whether a blank stands between a letter alone and a command's: `t \bar t` is tt̅."""
    if not 0 < number < len(items) - 1 or items[number - 1].kind != "letter":
        return False
    is_alone = number == 1 or items[number - 2].kind not in ("letter", "number")
    after = items[number + 1]
    return is_alone and after.kind == "letter" and not after.text.isascii()


def _beside(item: Item, line: str, last: str, after: Item) -> str:
    """The item's text, with what keeps it apart from its neighbours."""
    text, kind = item.text, item.kind
    if kind == "function":
        before = BLANK if _ends_word(line) else ""
        return f"{before}{text}{BLANK if _begins_word(after) else ''}"
    if kind == "fraction":
        is_factor = after.kind in _FACTORS or last in _BEFORE_FACTOR
        return f"({text})" if is_factor else text
    if kind == "root":
        if after.kind == "script":
            return f"({text})"
        is_joined = text[-1].isalnum() and after.kind in ("letter", "number", "text")
        return text + BLANK if is_joined else text
    if kind == "script" and text:
        is_at_end = text[0] in ("^", "_") and text[-1].isalnum()
        if last in _OPERATORS:
            is_apart = _begins_word(after) or (is_at_end and after.kind == "open")
        else:
            is_apart = is_at_end and _begins_with_letter(after)
        return text + BLANK if is_apart else text
    return text


_OPERATORS = ("function", "big", "power")


def _ends_word(text: str) -> bool:
    return text[-1:].isalnum() or text[-1:] in tuple(")]}|")


def _begins_word(item: Item) -> bool:
    first = item.text[:1]
    return (
        _begins_with_letter(item)
        or first in tuple("√∛∜∂∇∞|‖⟨{⌊⌈")
        or item.kind in ("letter", "fraction", "function", "big")
    )


def _begins_with_letter(item: Item) -> bool:
    first = item.text[:1]
    return first.isalnum() and first not in SCRIPTS


_RELATIONS = "=<>≤≥⩽⩾≪≫≈≃≅∼≡≠≔∈∉∋⊂⊆⊇→←↔↦⇒⟹⟺∝≲≳±∓×·⊗⊕∪∩∧∨∘∖⊖⊠⋊⋉≺≻≼≽↪↠⟶⟵⇐⇔⇌⇝≍≐≜≊∥∤∦⊢⊨⊩⋈⊴⪅⪆⊈⊊⊋⟼"
_RELATIONS += "≀↶↷⇀⇁⇢↣⇉⇄↛↚⊲⊳⊵∽≂≨≩⪇⪈⋐⋑"
_OPERAND_ENDS = _RELATIONS.translate(dict.fromkeys(map(ord, "<±∓"))) + ",;"
# To compile these takes a millisecond, and few formulas have blanks.
_UNARY = rf"([{_OPERAND_ENDS}] ?|< |[(\[{{])([-+±∓]) (?=\S)"  # = - x, but a <- b
# But for `->`, and `<-` with a blank after it.
_HALF_SPACED = (
    rf"(?<=[^\s(\[:^_{_RELATIONS}-]) ?(:?[{_RELATIONS}]+) (?=\S)"
    rf"|(?<=\S)(?<![{_RELATIONS}]) (:?[{_RELATIONS}]+)(?=\S)(?!- )"
)
_WITHIN_BRACKETS = r"(?<=[(\[{⌊⌈⟨⟦]) | (?=[)\]}⌋⌉⟩⟧])"


def spaced(line: str) -> str:
    """The line with as much room before a relation as after it, and none within brackets."""
    if BLANK not in line:
        return line
    if "- " in line or "± " in line or "∓ " in line or "+ " in line:
        line = re.sub(_UNARY, r"\1\2", line)
    line = re.sub(_HALF_SPACED, lambda found: f" {found[1] or found[2]} ", line)
    return re.sub(_WITHIN_BRACKETS, "", line)
