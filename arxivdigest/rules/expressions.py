"""Regular expressions between slashes: RE2's syntax, as a person writes it, for folded text.

Folded text has no accents and spells Greek out: a letter outside ASCII may be several there.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from arxivdigest.errors import KeywordError
from arxivdigest.rules.engine import quiet, re2
from arxivdigest.text.folding import APOSTROPHES, SECOND_LETTERS, fold

_PIECE = re.compile(
    r"(?P<literal>\\Q.*?(?:\\E|$))"
    r"|(?P<group>\(\?(?:P?<\w+>|[A-Za-z\-]*:|[A-Za-z\-]*\)))"
    r"|(?P<code>\\x\{[0-9A-Fa-f]+\}|\\x[0-9A-Fa-f]{2})"
    r"|(?P<lost>\\?[\"`“”„«»‹›]|\\[\^{}])"
    r"|(?P<escape>\\[pP](?:\{\^?\w+\}|\w)|\\.)"
    r"|(?P<class>\[\^?\]?(?:\[:\^?\w+:\]|\\[pP]\{\^?\w+\}|\\.|[^\]\\])*\])"
    r"|(?P<joint>(?<=[A-Za-z0-9)\]])_(?=[A-Za-z0-9(\[\\]))"
    rf"|(?P<apostrophe>(?<=[A-Za-z0-9])[{APOSTROPHES}](?=[A-Za-z0-9(\[\\]))"
    rf"|(?P<quote>[{APOSTROPHES}])"
    r"|(?P<foreign>[^\x00-\x7f]|_)"
    r"|.",
    re.DOTALL,
)
_MEMBER = re.compile(
    r"\[:\^?\w+:\]|\\[pP](?:\{\^?\w+\}|\w)|\\x\{[0-9A-Fa-f]+\}|\\x[0-9A-Fa-f]{2}|\\.|.", re.DOTALL
)
_MOST_IN_A_RANGE = 2000
_DASH = r"\-"  # what a `_` is in folded text, where it does not only lower what follows
_QUOTES = frozenset(f'{APOSTROPHES}"`“”„«»‹›')
_GREEK = range(0x391, 0x3CA)


def expression(written: str) -> str:
    """The expression for folded text; a KeywordError says why RE2 does not take it."""
    folded = "".join(map(_piece, _PIECE.finditer(written)))
    try:
        compiled = re2().compile(folded, quiet())
    except re2().error as error:
        reason = error.args[0].decode("utf-8", "replace") if error.args else "it cannot be read"
        raise KeywordError(f"is no regular expression in RE2's syntax: {reason}") from error
    if compiled.search("") is not None:
        raise KeywordError("matches everything: it also matches where there is no text")
    return folded


def _piece(found: re.Match[str]) -> str:
    kind, piece = found.lastgroup, found[0]
    if kind in _CHANGED:
        return _CHANGED[kind](piece)
    if piece == r"\p{Greek}":
        return _alternatives([chr(code) for code in _GREEK if chr(code).isalpha()])
    return _DASH if piece == r"\_" else piece


def _letter(character: str) -> str:
    """A character as it stands in folded text, as one piece, whatever may follow."""
    if character == "_":
        return _DASH
    plain = fold(character).text if not character.isascii() else character
    second = SECOND_LETTERS.get(character)
    if second:
        return f"(?:{re.escape(plain)}[{second}{second.upper()}]?)"
    return re.escape(plain) if len(plain) == 1 else f"(?:{re.escape(plain)})"


def _alternatives(characters: list[str], rest: str = "") -> str:
    """What is any of the characters, or of the rest of a class."""
    several = dict.fromkeys(map(_letter, characters))
    return f"(?:{'|'.join([*([rest] if rest else []), *several])})"


def _class(written: str) -> str:
    """A class whose letters outside ASCII mean what they are in folded text."""
    inner = written[1:-1]
    if not set(inner) - _QUOTES:
        return "'?"
    if inner.isascii() and "_" not in inner and r"\x" not in inner:
        return written
    is_negated = inner.startswith("^")
    kept: list[str] = []
    foreign: list[str] = []
    for member in _members(inner.removeprefix("^")):
        if len(member) == 1 and (not member.isascii() or member == "_"):
            plain = "-" if member == "_" else fold(member).text
            if len(plain) == 1 and member not in SECOND_LETTERS:
                kept.append(re.escape(plain))
            else:
                foreign.append(member)
        else:
            kept.append(member)
    if is_negated:
        if any(len(fold(one).text) > 1 for one in foreign):
            raise KeywordError(
                f"has {foreign[0]} in a class of what is not meant ([^...]), and it is several"
                f" letters where matching looks ({fold(foreign[0]).text})"
            )
        return f"[^{''.join(kept)}{''.join(fold(one).text for one in foreign)}]"
    rest = f"[{''.join(kept)}]" if kept else ""
    return _alternatives(foreign, rest) if foreign else rest


def _members(inner: str) -> Iterator[str]:
    """What a class has: characters, ranges within ASCII as they stand, others one by one."""
    pieces = _MEMBER.findall(inner)
    at = 0
    while at < len(pieces):
        first = _character(pieces[at])
        last = (
            _character(pieces[at + 2])
            if pieces[at + 1 : at + 2] == ["-"] and at + 2 < len(pieces)
            else None
        )
        if last is None:
            yield first
            at += 1
            continue
        if first.isascii() and last.isascii():
            yield f"{pieces[at]}-{pieces[at + 2]}"
        elif len(first) == len(last) == 1 and ord(last) - ord(first) < _MOST_IN_A_RANGE:
            yield from map(chr, range(ord(first), ord(last) + 1))
        else:
            yield f"{pieces[at]}-{pieces[at + 2]}"
        at += 3


def _quoted(piece: str) -> str:
    return "".join(map(_letter, piece[2:].removesuffix(r"\E")))


def _coded(piece: str) -> str:
    return _letter(_character(piece))


def _lost(_: str) -> str:
    """Nothing: quotation marks, carets and braces are not there."""
    return "(?:)"


def _quote(_: str) -> str:
    """An apostrophe beside a word, which most often is not there."""
    return "'?"


def _apostrophe(_: str) -> str:
    """An apostrophe within a word, of whichever kind."""
    return "'"


def _joint(_: str) -> str:
    """A `_` within a word: T_c is Tc there, x86_64 is x86-64."""
    return f"{_DASH}?"


_CHANGED: Mapping[str | None, Callable[[str], str]] = {
    "literal": _quoted,
    "code": _coded,
    "class": _class,
    "joint": _joint,
    "lost": _lost,
    "quote": _quote,
    "apostrophe": _apostrophe,
    "foreign": _letter,
}


def _character(piece: str) -> str:
    """The character that a piece stands for by its number; any other piece as it is."""
    code = re.fullmatch(r"\\x\{?([0-9A-Fa-f]+)\}?", piece)
    if not code:
        return piece
    number = int(code[1], 16)
    if number < 0x80 or number > 0x10FFFF:  # noqa: PLR2004 - the bounds of ASCII and of Unicode
        return piece
    return chr(number)
