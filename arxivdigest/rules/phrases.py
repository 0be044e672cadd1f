"""Phrases: keywords that are words, and the patterns that find them in folded text."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.errors import KeywordError

if TYPE_CHECKING:
    from arxivdigest.text.folding import Folded

# Words are bounded by RE2's \b, which costs nothing but knows ASCII only; that is enough for folded
# text, save for the letters of scripts that have no ASCII form.
_FOREIGN = r"\pL\pN\pM"
_EDGE = rf"[^{_FOREIGN}]"
_REST_OF_WORD = rf"[{_FOREIGN}]*"
_DIGITS = "0123456789"
_BLANK = " "
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
PARTED = r"[ \-]+"
_PIECE = rf"(?s){PARTED}|."
# Signs that may stand with blanks around them or without: N=4, N = 4.
_OPERATORS = frozenset("=<>+~|*/&%·")
# Brackets, before the first and within which blanks do not count: SU(2), SU ( 2 ).
_OPENS, _CLOSES = frozenset("([⟨"), frozenset(")]⟩")
# Letters that are written with a second one where they cannot be written.
SECOND_LETTERS = {**dict.fromkeys("äÄöÖüÜøØ", "e"), **dict.fromkeys("åÅ", "a")}
_MOST_LETTERS = 2000  # more than a title has, and about as many as an abstract


class Phrase(NamedTuple):
    """What a keyword asks of a text: its words, folded, and which of its ends are open.

    `followed` are the places in the words that another letter may follow, as ö is o or oe, or a
    blank; a blank that stands there already may be none.
    """

    words: str
    open_begin: bool = False
    open_end: bool = False
    followed: tuple[tuple[int, str], ...] = ()


@lru_cache(maxsize=8192)  # a keyword is checked, and then looked for
def phrase(written: str) -> Phrase:
    """The phrase that a keyword means; a KeywordError says why it can never match."""
    one = plain(written)
    if one:
        return one
    if len(written) > _MOST_LETTERS:
        raise KeywordError(f"is longer than {_MOST_LETTERS:,} letters, and can never match")
    from arxivdigest.text.folding import fold
    from arxivdigest.text.letters import decode

    core = decode(written.strip("*").strip(), symbols=False)
    folded = fold(core)
    words = _without_edges(folded.text)
    begin = folded.text.index(words)
    _check(core, words)
    return Phrase(
        words,
        written.startswith("*"),
        written.endswith("*"),
        _followed(core, folded, range(begin, begin + len(words))),
    )


def _followed(core: str, folded: "Folded", places: range) -> tuple[tuple[int, str], ...]:
    """Where in the words another letter, or a blank, may follow, and which."""
    if core.isascii() and not any(sign in core for sign in "_^\\"):
        return ()
    from arxivdigest.text.folding import fold
    from arxivdigest.text.readable import has_tex, readable

    if has_tex(core):
        read = readable(core)
        again = fold(read)
        if again.text == folded.text:
            core, folded = read, again
    apart = {found.end() - 1 for found in _apart().finditer(core)}
    if core.isascii() and not apart:
        return ()
    written = [(at, folded.written(at, at + 1)) for at in places]
    return tuple(
        (at - places.start, second)
        for at, (first, end) in written
        if (second := _BLANK if first in apart else SECOND_LETTERS.get(core[first:end], ""))
    )


@cache
def _apart() -> re.Pattern[str]:
    """Where some write a blank, and others none: sin² θ, tan β, k_B T.

    It is after the power of a function, before a Greek letter that one is of, and after the index
    of a factor.
    """
    from arxivdigest.text.symbols import FUNCTIONS

    return re.compile(
        rf"(?<![A-Za-z\\])(?:{'|'.join(sorted(FUNCTIONS))})"
        r"(?:(?:[⁰¹²³⁴-⁹]+|[₀-₉]+|[\^_]\{?[0-9]) ?(?=\}? ?[^\W_])| ?(?=[Α-Ωα-ωϑϕϵ]))"
        r"|(?<![^\W_])[^\W_]_(?:[^\W_]|\{[^\W_]{1,4}) ?(?=\}? ?[^\W\d_](?![^\W_]))"
    )


def plain(written: str) -> Phrase | None:
    """The phrase of a keyword that is nothing but words of ASCII; None for any other."""
    open_begin, open_end = written.startswith("*"), written.endswith("*")
    words = written[open_begin : len(written) - open_end]
    if len(written) > _MOST_LETTERS or not _are_words(words):
        return None
    return Phrase(words, open_begin, open_end)


def _without_edges(folded: str) -> str:
    """The folded text from its first word or sign to its last; a dash that ends a word stays."""
    stripped = folded.strip().lstrip(" -")
    return stripped.rstrip(" -") if stripped.endswith((" -", "--")) else stripped


def _check(core: str, words: str) -> None:
    from arxivdigest.rules.mistakes import FORMULA
    from arxivdigest.text.folding import fold
    from arxivdigest.text.readable import readable

    if not any(character.isalnum() for character in words):
        raise KeywordError("can never match: it has no letter and no digit")
    if "*" in re.sub(FORMULA, "", core):  # in a formula, as in $C^*$, it is a sign like others
        raise KeywordError("may have a * at its begin and its end only (in the middle, use /.../)")
    if "\\" in core or "$" in core:
        lost = _signs(fold(readable(core)).text) - _signs(words)
        if lost:
            raise KeywordError(
                f"can never match as it is written: {' '.join(sorted(lost))} is lost in it; write"
                " it as it is read, or use an expression: /.../"
            )


def _signs(folded: str) -> set[str]:
    return {one for one in folded if not one.isspace() and one not in "-\"'{}()[]^_$\\.,"}


def is_plain(one: Phrase) -> bool:
    """Whether it is nothing but words of ASCII, and what parts them."""
    return not one.followed and _are_words(one.words)


def _are_words(text: str) -> bool:
    """Whether this is letters and digits of ASCII, from the first to the last, and what parts them.

    It is asked of every keyword at every start, where to compile a pattern for it takes longer.
    """
    return (
        text.isascii()
        and text[:1].isalnum()
        and text[-1:].isalnum()
        and text.replace("-", "").replace(" ", "").isalnum()
    )


def pattern(one: Phrase, *, case: bool, whole: bool) -> str:
    """The phrase in RE2's syntax; its first group is what it hits.

    The whole of a hit goes on to the end of a word whose end is open. Whether there is a hit does
    not depend on it, and a `re2.Set` has no room for it.
    """
    if is_plain(one):
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
    if second == _BLANK and piece == _BLANK:
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
        return not _is_operator(before), not _is_operator(after)
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
    if not character.isalnum():  # a sign ends where it does not go on
        return f"(?:{text_edge}|[^{re.escape(character)}])"
    if character.isascii():
        return r"\b"
    is_unparted = any(first <= character <= last for first, last in _UNPARTED)
    return "" if is_unparted else f"(?:{text_edge}|{_EDGE})"
