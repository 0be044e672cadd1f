"""Keywords as patterns in RE2's syntax, for folded text, and where they hit."""

import re
from collections.abc import Iterator
from typing import Any

from arxivdigest.rules.engine import quiet, re2
from arxivdigest.rules.keywords import BLANK, Keyword, Phrase, phrase
from arxivdigest.text import SEAM

# Words are bounded by RE2's \b, which costs nothing but knows ASCII only; that is enough for folded
# text, save for the letters of scripts that have no ASCII form.
_FOREIGN = r"\pL\pN\pM"
_EDGE = rf"[^{_FOREIGN}]"
_REST_OF_WORD = rf"[{_FOREIGN}]*"
_DIGITS = "0123456789"
_REST_OF_NUMBER = r"(?:[.,]\pN+)*"
# Scripts whose words are not parted by blanks: a keyword may begin and end anywhere in them.
# Thai and Lao, Burmese, Khmer, kana, Chinese characters, Hangul.
_UNPARTED = (
    ("\u0e00", "\u0eff"),
    ("\u1000", "\u109f"),
    ("\u1780", "\u17ff"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uac00", "\ud7a3"),
    ("\uf900", "\ufaff"),
)
PARTED = "[ -][ -]*"  # in a Set of 1,000, RE2 goes through this a tenth faster than through [ -]+
_PIECE = rf"(?s){PARTED}|."
# Signs that may stand with blanks around them or without: N=4, N = 4.
_OPERATORS = frozenset("=<>+~|*/&%·")
# Brackets, before the first and within which blanks do not count: SU(2), SU ( 2 ).
_OPENS, _CLOSES = frozenset("([⟨"), frozenset(")]⟩")


def pattern(one: Keyword, *, whole: bool = False) -> str:
    """The keyword in RE2's syntax, for folded text; its first group is what it hits.

    The whole of a hit goes on to the end of a word whose end is open.
    """
    if one.is_expression:
        from arxivdigest.rules.expressions import expression

        return f"{'' if one.case else '(?i)'}({expression(one.expression)})"
    return _of_phrase(phrase(one.text), case=one.case, whole=whole)


def _of_phrase(one: Phrase, *, case: bool, whole: bool) -> str:
    """The phrase in RE2's syntax; its first group is what it hits.

    The whole of a hit goes on to the end of a word whose end is open. Whether there is a hit does
    not depend on it, and a `re2.Set` has no room for it.
    """
    if one.is_plain:
        body = PARTED.join(one.words.replace("-", " ").split())
    else:
        body = _body(one.words, dict(one.followed))
    if whole and one.open_begin:
        body = _REST_OF_WORD + body
    if whole and one.open_end:
        body += _REST_OF_WORD + (_REST_OF_NUMBER if one.words[-1] in _DIGITS else "")
    before = "" if one.open_begin else _begin(one.words)
    after = "" if one.open_end else _end(one.words)
    return f"{'' if case else '(?i)'}{before}({body}){after}"


def _body(words: str, followed: dict[int, str]) -> str:
    pieces = [(found.start(), found[0]) for found in re.finditer(_PIECE, words)]
    parts: list[str] = []
    for index, (at, piece) in enumerate(pieces):
        before = pieces[index - 1][1] if index else ""
        after = pieces[index + 1][1] if index + 1 < len(pieces) else ""
        parts.append(_part(piece, before, after, followed.get(at, "")))
    return "".join(parts)


def _part(piece: str, before: str, after: str, second: str) -> str:
    """A piece of a phrase as a pattern, given those beside it."""
    is_dash = piece == "-" and (not after or _is_operator(before))
    if second == BLANK and piece == BLANK:
        return " *"
    if len(piece) > 1 or piece in " -":
        if is_dash:
            return r"\-"
        beside_operator = _is_operator(before) or _is_operator(after) or before in (",", ";")
        beside_bracket = before in _OPENS or after in _OPENS or after in _CLOSES
        is_optional = (beside_operator or beside_bracket) and not piece.strip()
        return "" if is_optional else PARTED
    escaped = re.escape(piece)
    if second:
        return f"{escaped}[{second}{second.upper()}]?"
    room_before, room_after = _room(piece, before, after)
    begin = " *" if before and room_before else ""
    return f"{begin}{escaped}{' *' if after and room_after else ''}"


def _room(piece: str, before: str, after: str) -> tuple[bool, bool]:
    """Whether blanks may stand before and after a sign."""
    if piece in _OPENS or piece in _CLOSES:
        return True, piece in _OPENS
    if _is_operator(piece):
        beside = ("|",) if piece != "|" else ()  # |V|+|E|: bars are brackets there
        return (
            not _is_operator(before) or before in beside,
            not _is_operator(after) or after in beside,
        )
    return False, piece in (",", ";")


def _is_operator(piece: str) -> bool:
    if len(piece) != 1:
        return False
    if piece.isascii():
        return piece in _OPERATORS
    import unicodedata

    return piece in _OPERATORS or unicodedata.category(piece) == "Sm"


_THOUSANDS = 3  # so many digits stand after the comma of 1,500
_NO_THOUSANDS = "(?:$|[^0-9]|[0-9]{1,2}(?:$|[^0-9])|[0-9]{4})"


def is_beside_number(one: Phrase) -> bool:
    """Whether the phrase begins or ends in a digit, beside which a number may go on."""
    return (not one.open_begin and one.words[0] in _DIGITS) or (
        not one.open_end and one.words[-1] in _DIGITS
    )


def _begin(words: str) -> str:
    """What stands before the phrase; of a number, all of it: 5 GHz is not in 1.5 GHz."""
    if words[0] not in _DIGITS:
        return _boundary(words[0], "^")
    signs = ".," if len(words) - len(words.lstrip(_DIGITS)) == _THOUSANDS else "."
    return rf"(?:^|[^0-9A-Za-z_{signs}]|(?:^|[^0-9])[{signs}])"


def _end(words: str) -> str:
    """What stands after the phrase; of a number, all of it: z=1 is not in z=1.5."""
    if words[-1] not in _DIGITS:
        return _boundary(words[-1], "$")
    return rf"(?:$|[^0-9A-Za-z_.,]|\.(?:$|[^0-9])|,{_NO_THOUSANDS})"


def _boundary(character: str, text_edge: str) -> str:
    """What stands beside a phrase that begins or ends in the character."""
    if character.isalnum() and character.isascii():
        return r"\b"
    if not character.isalnum():  # a sign ends where it does not go on
        return f"(?:{text_edge}|[^{re.escape(character)}])"
    is_unparted = any(first <= character <= last for first, last in _UNPARTED)
    return "" if is_unparted else f"(?:{text_edge}|{_EDGE})"


class Finder:
    """Finds the places of one keyword."""

    def __init__(self, one: Keyword) -> None:
        self._expression: Any = re2().compile(pattern(one, whole=True), quiet())

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Where in the folded text the keyword hits, in order, none within another."""
        begin = 0
        for face in folded.split(SEAM):
            yield from ((begin + first, begin + last) for first, last in self._spans(face))
            begin += len(face) + 1

    def _spans(self, folded: str) -> Iterator[tuple[int, int]]:
        # In bytes: of a str, re2 makes them anew for every search.
        text = folded.encode("utf-8", "replace")
        at = done = letters = 0
        while at <= len(text) and (found := self._expression.search(text, at)):
            begin, end = found.span(1)
            first = letters + (begin - done if folded.isascii() else _letters(text[done:begin]))
            last = first + (end - begin if folded.isascii() else _letters(text[begin:end]))
            yield first, last
            done, letters = end, last
            at = max(end, begin + 1)

    def hits(self, folded: bytes) -> bool:
        """Whether the keyword hits the folded text, in UTF-8."""
        return self._expression.search(folded) is not None


def _letters(text: bytes) -> int:
    return len(text.decode())
