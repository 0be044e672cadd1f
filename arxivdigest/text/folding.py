"""Text folded for matching: as it is read, but for accents, quotes, kinds of dash and of Greek.

Case is kept (the patterns ignore it), and so are dashes and blanks (either may part a keyword's
words). What was hit in the folded text can be found again in the text as it was written.
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.text import LONGEST, SEAM, places_of
from arxivdigest.text.readable import Derived, derived, has_tex
from arxivdigest.text.tildes import is_about

if TYPE_CHECKING:
    from arxivdigest.text.pieces import Piece

APOSTROPHES = "'’ʼ′‘‵´ʹ＇"
# An apostrophe, one of " ^ _ ` { } ~, what steers a line; or all in a row that is beyond ASCII. It
# begins with one class of characters: the texts between are skipped several times as fast.
_FIRST = r"[^\x20!#-&(-\]a-z|]"
_FURTHER = rf"(?:(?<=[^\x00-\x7f{APOSTROPHES}])[^\x00-\x7f{APOSTROPHES}]+)?"
_TOKEN = re.compile(_FIRST + _FURTHER)


@cache
def _long_token() -> re.Pattern[str]:
    """The same, for texts so long that skipping more is worth the 2 ms that this takes to compile.

    What it skips has no plainer form: letters of Russian, Japanese, Chinese and Korean.
    """
    skipped = "\u0410-\u0418\u041a-\u0438\u043a-\u044f\u3041-\u3096\u30a1-\u30fa\u4e00-\u9fff"
    return re.compile(rf"{_FIRST[:-1]}{skipped}\uac00-\ud7a3]{_FURTHER}")


_GREEK = dict(
    zip(
        "αβγδεζηθικλμνξοπρςστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩϵϑϕϱϖϰϐϲϝ",
        (
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi "
            "rho sigma sigma tau upsilon phi chi psi omega Alpha Beta Gamma Delta Epsilon Zeta Eta "
            "Theta Iota Kappa Lambda Mu Nu Xi Omicron Pi Rho Sigma Tau Upsilon Phi Chi Psi Omega "
            "epsilon theta phi rho pi kappa beta sigma digamma"
        ).split(),
        strict=True,
    )
)
_GREEK_NAMES = frozenset(_GREEK.values())
_LONGEST_GREEK = max(map(len, _GREEK_NAMES))
_CAPITALS = "|".join(filter(str.istitle, _GREEK_NAMES))
_SHORT = re.compile(rf"(?:[^\W_]{{1,2}}|[A-Z0-9]+|eff|max|min|tot|{_CAPITALS})(?![^\W_])")
# Letters that do not come apart into a base and an accent, and signs with a plain twin.
_PLAIN = {
    **_GREEK,
    "µ": "mu",
    **dict(zip("øØłŁđĐħıȷðÐŋŊ", "oOlLdDhijdDnN", strict=True)),
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "þ": "th",
    "Þ": "Th",
    **dict.fromkeys("‐‑‒–—―−⁃﹘﹣－", "-"),
    **dict.fromkeys("“”„‟«»‹›‚″‴™®©℠", ""),
    **dict.fromkeys("\u00ad\u034f\u061c\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),
    **dict(zip("∗⋆⁄∕∣⋅∙•⩽⩾≦≧⟶⟹☉∼", "**//|···≤≥≤≥→⇒⊙~", strict=True)),
    **dict(zip("≠≮≯", "≠≮≯", strict=True)),  # which come apart into = and an accent
    "\uf8ff": "_",  # stands around the name of a command; no other `_` is left
}
# Letters that are written with a second one where they cannot be written.
SECOND_LETTERS = {**dict.fromkeys("äÄöÖüÜøØ", "e"), **dict.fromkeys("åÅ", "a")}
_ACCENT_FIRST, _ACCENT_LAST = "\u0300", "\u036f"
_SIGN_ACCENT_FIRST, _SIGN_ACCENT_LAST = "\u20d0", "\u20ff"
_NOT_EUROPEAN = "\u0530"  # after Latin, Greek and Cyrillic


class Folded(NamedTuple):
    """Folded text, and the steps on the way from the text as written.

    Where words are read in another order than they are written, as with a link and its address,
    the text goes on with what they are if they are cut apart there; `again` is that.
    """

    text: str
    steps: tuple[Derived, ...] = ()
    again: "Folded | None" = None

    def written(self, begin: int, end: int) -> tuple[int, int]:
        """The span in the text as written, widened to whole formulas, of one in the folded text."""
        if self.again:
            behind = len(self.text) - len(self.again.text)
            if begin >= behind:
                return self.again.written(begin - behind, end - behind)
        for step in self.steps:
            begin, end = step.written(begin, end)
        return begin, end


def fold(text: str) -> Folded:
    """The text of a keyword folded for matching, and the way back."""
    if not has_tex(text):
        return _folded(text, [])
    from arxivdigest.text import tex

    return _folded(text, tex.read(text))


def fold_searched(text: str) -> Folded:
    """The text of an entry folded for matching, and the way back."""
    if not has_tex(text):
        return _folded(text, [])
    from arxivdigest.text import tex

    pieces, if_cut = tex.searched(text)
    made = _folded(text, pieces)
    if if_cut is None:
        return made
    again = _folded(text, if_cut)
    return Folded(f"{made.text}{SEAM}{again.text}", made.steps, again)


def folded(text: str) -> str:
    """The text of an entry folded for matching, where nobody asks for the way back."""
    if text.isascii() and text.replace(" ", "").isalnum():  # words alone, as most titles
        return text
    if not has_tex(text):
        return _folded_alone(text)
    from arxivdigest.text import tex

    pieces, if_cut = tex.searched(text)
    made = _folded_alone(_sought(text, pieces))
    if if_cut is None:
        return made
    return f"{made}{SEAM}{_folded_alone(_sought(text, if_cut))}"


def _folded(text: str, pieces: "list[Piece]") -> Folded:
    steps: list[Derived] = []
    if pieces:
        changes = [(begin, end, sought, whole) for begin, end, _, sought, whole in pieces]
        steps.append(derived(text, changes))
        text = steps[0].text
    if "_" in text and "_(" in text:  # one sign is found in a tenth of the time
        indices = re.finditer(_INDEX_IN_BRACKETS, text)
        steps.insert(0, derived(text, [(*one.span(), f"_{one[1]}", False) for one in indices]))
        text = steps[0].text
    changes = _plain(text)
    if changes:
        steps.insert(0, derived(text, changes))
        text = steps[0].text
    return Folded(text, tuple(steps))


def _sought(text: str, pieces: "list[Piece]") -> str:
    parts: list[str] = []
    done = 0
    for begin, end, _, sought, _ in pieces:
        parts += (text[done:begin], sought)
        done = end
    parts.append(text[done:])
    return "".join(parts)


# What a subscript is grouped by on a line: O_(7-δ) is O7-δ.
_INDEX_IN_BRACKETS = (  # it begins with what is rare, and is found soon
    r"_\((?<=[^\W_]_\(|[\u0300-\u036f\u20d0-\u20ff]_\()([^\s(),]+)\)"
)


def _folded_alone(text: str) -> str:
    if "_" in text and "_(" in text:  # one sign is found in a tenth of the time
        text = re.sub(_INDEX_IN_BRACKETS, r"_\1", text)
    if not text.isascii():
        return (_long_token() if len(text) > LONGEST else _TOKEN).sub(_token, text)
    parts: list[str] = []
    done = 0
    for at in places_of(_BY_PLACE_ASCII, text):
        parts += (text[done:at], _BY_PLACE[text[at]](text, at))
        done = at + 1
    if parts:
        text = "".join([*parts, text[done:]])
    for sign, instead in _ASCII.items():
        if sign in text:
            text = text.replace(sign, instead)
    return text


def _token(found: re.Match[str]) -> str:
    token = found[0]
    by_place = _BY_PLACE.get(token)
    if by_place:
        return by_place(found.string, found.start())
    plain = _ASCII.get(token)
    return _fold_foreign(token) if plain is None else plain


_Change = tuple[int, int, str, bool]


def _plain(text: str) -> list[_Change]:
    """What of the text as it is read has a plainer form."""
    if text.isascii() and not any(sign in text for sign in (*_BY_PLACE_ASCII, *_ASCII)):
        return []
    return [(*found.span(), _token(found), False) for found in _TOKEN.finditer(text)]


def _apostrophe(text: str, at: int) -> str:
    """One that stands within a word; others are quotation marks, or primes."""
    if not text[at - 1 : at].isalnum():
        return ""
    after = text[at + 1 : at + 2]
    return "'" if after.isalnum() or after == "(" else ""


def _underscore(text: str, at: int) -> str:
    """Nothing where it lowers what follows; elsewhere it parts words like a dash.

    It lowers after a single character (T_c), between a letter and a digit (mAP_50), what is short
    after a Greek letter that is spelt out (Omega_m, alpha_EM), and the index of a group (GL_n).
    """
    last, earlier = text[at - 1 : at], text[at - 2 : at - 1] if at > 1 else ""
    if last in ("", " ", "_"):
        return "-"
    if last.isalnum() and not (earlier.isalnum() or _is_accent(earlier)):
        return ""
    before = at
    while before and _is_accent(text[before - 1]):
        before -= 1
    last, earlier = text[before - 1 : before], text[before - 2 : before - 1] if before > 1 else ""
    if not last.strip():
        return "-"
    if not last.isalnum():
        return "-" if last.isascii() else ""
    is_single = not earlier.isalnum() and not _is_accent(earlier)
    lowers = is_single or (last.isalpha() and text[at + 1 : at + 2].isdigit())
    if lowers or (last.isascii() and (_is_of_greek(text, at) or _is_index(text, at))):
        return ""
    return "-"


def _is_index(text: str, at: int) -> bool:
    """Whether a `_` stands before the index of a group (GL_n), or after another's (w_0w_a)."""
    before, after = text[max(0, at - 5) : at], text[at + 1 : at + 3]
    if before[-2:-1].isdigit():
        return re.search(_AFTER_INDEX, before) is not None
    is_letter = "a" <= after[:1] <= "z" and not (after[1:].isalnum() or after[1:] == "_")
    return is_letter and re.search(_GROUP, before) is not None


_GROUP = r"(?:^|\W)[A-Z]{2,4}$"
_AFTER_INDEX = r"(?:^|[\W_])[A-Za-z]_[0-9][A-Za-z]$"


def _is_of_greek(text: str, at: int) -> bool:
    """Whether a `_` stands between the name of a Greek letter and something short."""
    begin = at
    while begin and at - begin < _LONGEST_GREEK and text[begin - 1].isalpha():
        begin -= 1
    is_word = not text[begin - 1 : begin].isalnum() if begin else True
    return is_word and text[begin:at] in _GREEK_NAMES and _SHORT.match(text, at + 1) is not None


def _tilde(text: str, at: int) -> str:
    after = text[at + 1 : at + 2]
    return "~" if (after.isdecimal() or after == " ") and is_about(text, at) else " "


_BY_PLACE = {**dict.fromkeys(APOSTROPHES, _apostrophe), "_": _underscore, "~": _tilde}
_ASCII = {**dict.fromkeys('"^`{}', ""), **dict.fromkeys("\n\t\r\v\f\x1c\x1d\x1e\x1f", " ")}
_BY_PLACE_ASCII = "'_~"


def _is_accent(character: str) -> bool:
    return (
        _ACCENT_FIRST <= character <= _ACCENT_LAST
        or _SIGN_ACCENT_FIRST <= character <= _SIGN_ACCENT_LAST
    )


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
    if _is_accent(character):
        return ""
    if "\ud800" <= character <= "\udfff":  # half a character, which RE2 cannot read
        return "\ufffd"
    import unicodedata

    apart = unicodedata.normalize("NFKD", character)
    if apart[0] >= _NOT_EUROPEAN and apart not in _PLAIN:  # a mark there is no accent: が is not か
        return unicodedata.normalize("NFKC", character)
    return character if apart == character else "".join(map(_fold_character, apart))
