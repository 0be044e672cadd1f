"""Text folded for matching: as it is read, but for accents, quotes, kinds of dash and of Greek.

Case is kept (the patterns ignore it), and so are dashes and blanks (either may part a keyword's
words). What was hit in the folded text can be found again in the text as it was written.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from arxivdigest.text.readable import Derived, derived

VERSION = 3
"""Of what folding makes of a text: what is kept of an earlier one is folded anew."""

# Outside ASCII, or one of " ' ^ _ ` { } ~; what is no such sign stays as it stands.
_SPECIAL = re.compile(r"[^\x20!#-&(-\]a-z|]")
_APOSTROPHES = "'’ʼ′‘‵´ʹ＇"
_FOREIGN = re.compile(f"[^\x20-\x7e{_APOSTROPHES}]+")
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
    **dict(zip("∗⋆⁄∕∣⋅∙•⩽⩾≦≧⟶⟹☉", "**//|···≤≥≤≥→⇒⊙", strict=True)),
    "\uf8ff": "_",  # stands around the name of a command; no other `_` is left
}
_ACCENT_FIRST, _ACCENT_LAST = "\u0300", "\u036f"
_SIGN_ACCENT_FIRST, _SIGN_ACCENT_LAST = "\u20d0", "\u20ff"
_NOT_EUROPEAN = "\u0530"  # after Latin, Greek and Cyrillic


class Folded(NamedTuple):
    """Folded text, and the steps on the way from the text as written."""

    text: str
    steps: tuple[Derived, ...] = ()

    def written(self, begin: int, end: int) -> tuple[int, int]:
        """The span in the text as written, widened to whole formulas, of one in the folded text."""
        for step in self.steps:
            begin, end = step.written(begin, end)
        return begin, end


def fold(text: str) -> Folded:
    """The text folded for matching."""
    if text.isascii() and not _SPECIAL.search(text) and "\\" not in text and "$" not in text:
        return Folded(text)
    steps: list[Derived] = []
    from arxivdigest.text import tex

    if tex.has_tex(text):
        read = derived(
            text, [(one.begin, one.end, one.sought, one.whole) for one in tex.read(text)]
        )
        steps.append(read)
        text = read.text
    if _SPECIAL.search(text):
        plain = derived(text, _changes(text))
        steps.append(plain)
        text = plain.text
    return Folded(text, tuple(reversed(steps)))


def _changes(text: str) -> Iterator[tuple[int, int, str, bool]]:
    found = _SPECIAL.search(text)
    while found:
        at = found.start()
        character = text[at]
        end = at + 1
        if character in _BY_PLACE:
            yield at, end, _BY_PLACE[character](text, at), False
        elif character in _ASCII:
            yield at, end, _ASCII[character], False
        else:
            foreign = _FOREIGN.match(text, at)
            end = foreign.end() if foreign else end
            yield at, end, _fold_foreign(text[at:end]), False
        found = _SPECIAL.search(text, end)


def _apostrophe(text: str, at: int) -> str:
    """One that stands within a word; others are quotation marks, or primes."""
    after = text[at + 1 : at + 2]
    return "'" if text[at - 1 : at].isalnum() and (after.isalnum() or after == "(") else ""


def _underscore(text: str, at: int) -> str:
    """Nothing where it lowers what follows; elsewhere it parts words like a dash.

    It lowers after a single character (T_c), or between a letter and a digit (mAP_50).
    """
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
    return "" if lowers else "-"


_BY_PLACE = {**dict.fromkeys(_APOSTROPHES, _apostrophe), "_": _underscore}
_ASCII = {**dict.fromkeys('"^`{}', ""), "~": " ", "\n": " ", "\t": " "}


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
