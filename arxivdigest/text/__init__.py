"""Text for people: made safe for terminals and mail, looked through, measured in cells, wrapped."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import repeat
from operator import add, rshift

# Of characters that are read. arXiv takes 1,920 in an abstract (info.arxiv.org/help/prep): what is
# far longer is none, stays as it is written, and costs what plain text costs.
LONGEST = 10_000
SEAM = "\x1f"
"""Stands between a folded text and what it is if it is cut; nothing is found across it."""

_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"


@cache
def _unsafe() -> re.Pattern[str]:
    """Controls (C0, DEL, C1), bidirectional ones, invisible characters, lone surrogates."""
    # U+009B begins a sequence as ESC [ does (ECMA-48, 5.4); for the bidirectional ones see
    # CVE-2021-42574.
    return re.compile(
        "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
        "\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
        "\U000e0000-\U000e007f]"
    )


def safe(text: str) -> str:
    """The text on one line, without anything that steers a terminal or reorders what is shown."""
    # Nothing that is unsafe is printable, and to look is quicker than to replace.
    if not text.isprintable() and _unsafe().search(text):
        text = _without_unsafe(text)
    return text if text.isascii() else _without_towers(text)


_FEW_UNSAFE = 8


def _without_unsafe(text: str) -> str:
    """The text with what is harmless in place of what is not.

    To replace a few characters one after the other takes a quarter of the time of a translation.
    """
    harmless = _harmless()
    unsafe = [one for one in set(text) if ord(one) in harmless]
    if len(unsafe) > _FEW_UNSAFE:
        return text.translate(harmless)
    for one in unsafe:
        text = text.replace(one, harmless[ord(one)])
    return text


@cache
def _harmless() -> dict[int, str]:
    """What is shown in place of each unsafe character: mostly nothing."""
    unsafe = _unsafe()
    found = {
        code: ""
        for first, last in ((0, 0x2069), (0xFEFF, 0xFFFF), (0x1BCA0, 0x1D17A), (0xE0000, 0xE007F))
        for code in range(first, last + 1)
        if unsafe.match(chr(code))
    }
    found |= dict.fromkeys(range(0x206A, 0x2070), "") | dict.fromkeys(map(ord, _BLANKS), " ")
    return found | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


_MOST_MARKS = 4  # on one letter: as many as Tibetan, Hebrew or Vietnamese has
_FIRST_MARK = "\u0300"


def is_mark(character: str) -> bool:
    """Whether it is drawn on the letter before it, such as an accent."""
    return character >= _FIRST_MARK and unicodedata.category(character) in ("Mn", "Me")


# Where five or more may stand in a row: the blocks of Unicode that have any.
_MAY_BE_TOWER = (
    "[\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u20d0-\u20ff\u2cef-\u2cf1\u2d7f\u2de0-\u2dff"
    "\u302a-\u302f\u3099\u309a\ua66f-\uabff\ufb1e\ufe00-\ufe2f\U000101fd-\U0001e95f"
    "\U000e0100-\U000e01ef]{5,}"
)


def _without_towers(text: str) -> str:
    """The text without the marks that would be piled up over the lines around it."""
    return re.sub(_MAY_BE_TOWER, _lowered, text)


def _lowered(found: re.Match[str], instead: Callable[[str], str] = lambda _: "") -> str:
    """The marks with something in place of those that are too many on one letter."""
    kept: list[str] = []
    run = 0
    marks: dict[str, bool] = {}
    for character in found[0]:
        if character not in marks:
            marks[character] = is_mark(character)
        run = run + 1 if marks[character] else 0
        kept.append(character if run <= _MOST_MARKS else instead(character))
    return "".join(kept)


@cache
def _invisible() -> re.Pattern[str]:
    """What Unicode calls default ignorable, the blank of Braille, and the fillers of Hangul."""
    return re.compile(
        "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e"
        "\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
        "\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
    )


def can_be_seen(text: str) -> bool:
    """Whether there is anything in the text that a person can see."""
    if text.isascii():
        return bool(safe(text).strip())
    if re.search("[!-~]", text):
        return True
    return any(
        unicodedata.category(character) not in ("Mn", "Me", "Cf", "Cc", "Cs", "Cn")
        for some in (text[:_FIRST_FEW], text)
        for character in set(_invisible().sub("", some))  # each once, however long the text is
        if not character.isspace()
    )


_FIRST_FEW = 20  # characters, which mostly tell


def escaped_json(document: str) -> str:
    """A JSON document in which characters that `safe` would drop stand as escapes."""
    document = _unsafe().sub(lambda found: _json_escape(found[0]), document)
    return re.sub(_MAY_BE_TOWER, lambda found: _lowered(found, _json_escape), document)


def _json_escape(character: str) -> str:
    if character == "\n":  # between the lines of the document: within strings it is escaped already
        return character
    # A pair of escapes where one does not hold it (RFC 8259, 7).
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[i] << 8 | units[i + 1]:04x}" for i in range(0, len(units), 2))


def one_line(text: str) -> str:
    """The text with every run of blanks, line breaks among them, folded to one space."""
    text = text.strip()
    if text.isprintable() and "  " not in text:  # of all blanks, only a space is printable
        return text
    return " ".join(text.split())


_LONG_QUOTE, _BEGIN_OF_QUOTE = 80, 60


def quoted(text: str) -> str:
    """What a person wrote, safe and between quotation marks; of what is long, its begin."""
    return f'"{safe(text if len(text) < _LONG_QUOTE else f"{text[:_BEGIN_OF_QUOTE]}...")}"'


def is_doubled(sign: str, text: str) -> bool:
    """Whether the sign stands twice in a row."""
    if len(text) > LONGEST:  # it may hold as many of the sign as it likes
        return f"{sign}{sign}" in text
    at = text.find(sign)  # Python looks for one sign ten times as fast as for two
    while at >= 0:
        if text.startswith(sign, at + 1):
            return True
        at = text.find(sign, at + 1)
    return False


def places_of(signs: str, text: str) -> list[int]:
    """Where any of these signs stands: each is looked for by itself, ten times as fast as all."""
    found: list[int] = []
    for sign in signs:
        at = text.find(sign)
        while at >= 0:
            found.append(at)
            at = text.find(sign, at + 1)
    found.sort()
    return found


@cache
def _single_cells() -> re.Pattern[str]:
    """Text of Latin, Greek, Cyrillic, punctuation and mathematics alone, a cell a character."""
    return re.compile(
        "[\x20-\x7e\xa0-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0530\u2010-\u2027\u2030-\u205e"
        "\u2070-\u20cf\u2100-\u22ff\u27c0-\u2aff\U0001d400-\U0001d7ff]*"
    )


@cache
def _single_or_double() -> re.Pattern[str]:
    """Text of ASCII and of letters of Chinese, Japanese and Korean, which take two cells each."""
    return re.compile("[\x20-\x7e\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff\uac00-\ud7a3]*")


def are_single_cells(text: str) -> bool:
    """Whether every character is sure to take one terminal cell; False where it takes a look."""
    return text.isascii() or _single_cells().fullmatch(text) is not None


class _Cells(dict[str, int]):
    """How many terminal cells each character takes that was asked for."""

    def __missing__(self, character: str) -> int:
        if unicodedata.category(character) in ("Mn", "Me", "Cf"):
            taken = 0
        else:
            # Unicode's Standard Annex 11.
            taken = 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if len(self) < _MOST_KEPT:
            self[character] = taken
        return taken


_MOST_KEPT = 4096
_SHORT = 8
_CELLS = _Cells()


def cells(character: str) -> int:
    """How many terminal cells the character takes.

    Two for a wide letter, none for a mark upon one. Terminals differ over marks beside a letter, as
    of Devanagari, which take one here: no line is longer than it may be in any of them.
    """
    return _CELLS[character]


def width(text: str) -> int:
    """How many terminal cells the text takes."""
    is_short = len(text) <= _SHORT  # and looked up faster than looked through
    if text.isascii() or (not is_short and are_single_cells(text)):
        return len(text)
    return sum(map(_CELLS.__getitem__, text))


_width_of_word = lru_cache(_MOST_KEPT)(width)  # most words of a text come again


def _widths(words: Sequence[str]) -> Iterator[int]:
    """How many terminal cells each word takes, by whichever is the quickest way."""
    text = "".join(words)
    if are_single_cells(text):
        return map(len, words)
    if _single_or_double().fullmatch(text):
        # In UTF-8, a letter of one cell is a byte, and one of two cells is three.
        written = map(len, " ".join(words).encode().split())
        return map(rshift, map(add, map(len, words), written), repeat(1))
    return map(_width_of_word, words)


def wrap(text: str, columns: int = 78, indent: str = "", first: str | None = None) -> str:
    """The text in lines of at most so many cells, each after the indent; long words stay whole.

    `first` is the indent of the first line, where that differs.
    """
    lines: list[str] = []
    begin = indent if first is None else first
    words = text.split()
    at, used, indented = 0, width(begin) - 1, width(indent)  # before the first is no blank
    for number, needed in enumerate(_widths(words)):
        used += 1 + needed
        if used > columns and number > at:
            lines.append(begin + " ".join(words[at:number]))
            begin, at, used = indent, number, indented + needed
    lines.append(begin + " ".join(words[at:]))
    return "\n".join(lines)


def closest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word that a person most likely meant, or None where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), n=1, cutoff=cutoff)
    return near[0] if near else None
