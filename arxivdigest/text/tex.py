"""TeX in titles, names and abstracts: its letters decoded, its formulas found."""

import re
from collections.abc import Callable, Iterator
from functools import cache

# Mathematics: \( \), \[ \], $$ $$ and $ $. An escaped dollar opens nothing, and two prices in a
# sentence are no formula: without a sign of TeX in it, it touches its dollars on both sides.
MATH = (
    r"\\\(.{0,1000}?\\\)|\\\[.{0,1000}?\\\]|(?<!\\)\$\$.+?\$\$"
    r"|(?<!\\)\$(?=[^$]*[\\^_={}<>])(?:\\.|[^$\\])+\$|(?<!\\)\$(?!\s)[^$]+(?<!\s)\$(?!\d)"
)

GREEK = dict(
    zip(
        (
            "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi "
            "rho varsigma sigma tau upsilon phi chi psi omega "
            "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega "
            "varepsilon vartheta varphi varrho varpi"
        ).split(),
        "αβγδεζηθικλμνξοπρςστυφχψωΓΔΘΛΞΠΣΥΦΨΩεϑφϱϖ",
        strict=True,
    )
)
_SYMBOLS = GREEK | {
    "copyright": "©",
    "dag": "†",
    "ddag": "‡",
    "degree": "°",
    "hbar": "ℏ",
    "ldots": "…",
    "dots": "…",
    "pounds": "£",
    "S": "§",
    "textregistered": "®",
    "texttrademark": "™",
}
_LETTERS = {
    "AA": "Å",
    "AE": "Æ",
    "DH": "Ð",
    "DJ": "Đ",
    "L": "Ł",
    "NG": "Ŋ",
    "O": "Ø",
    "OE": "Œ",
    "TH": "Þ",
    "aa": "å",
    "ae": "æ",
    "dh": "ð",
    "dj": "đ",
    "i": "ı",
    "j": "ȷ",
    "l": "ł",
    "ng": "ŋ",
    "o": "ø",
    "oe": "œ",
    "ss": "ß",
    "th": "þ",
}
_COMBINING = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
}
_BASE = r"(?:[A-Za-z]|\\[ij](?![A-Za-z]))"
# \"u  \"{u}  \'{\i}  \v{z}  \v z; a sign takes no blank after it. Each may be in braces of its own,
# and so may the others: {\o}. The patterns begin with a literal, which makes them quick to search.
_ACCENT = (
    rf"""\\(?:(?P<sign>[`'^"~=.])|(?P<name>[uvHcdkrb])(?=[\s{{\\])\s*)"""
    rf"""(?:\{{\s*(?P<braced>{_BASE})\s*\}}|(?P<bare>{_BASE}))"""
)
_LETTER = rf"\\({'|'.join(_LETTERS)})(?![A-Za-z])"
_SYMBOL = rf"\\({'|'.join(_SYMBOLS)})(?![A-Za-z])"


def decode(text: str, *, symbols: bool) -> str:
    r"""The text with TeX's accents and letters, and on request Greek and signs, as Unicode.

    Mathematics and all other commands stay as written. arXiv's own pages decode symbols in titles,
    authors and comments, but not in abstracts.
    """
    if "\\" not in text:
        return text
    return outside_math(text, _decode_symbols if symbols else _decode_letters)


def _decode_letters(text: str) -> str:
    text = _replace(_ACCENT, _accented, text, after="")
    return _replace(_LETTER, lambda found: _LETTERS[found[1]], text, after=r"(?:\{\}|\s+)?")


def _decode_symbols(text: str) -> str:
    text = _decode_letters(text)
    return _replace(_SYMBOL, lambda found: _SYMBOLS[found[1]], text, after=r"(?:\{\})?")


def _replace(
    pattern: str, replacement: Callable[[re.Match[str]], str], text: str, *, after: str
) -> str:
    """The text with the command replaced, together with braces around it or what may follow it."""
    if "\\" not in text:
        return text
    if "{\\" in text:
        text = re.sub(rf"\{{{pattern}\s*\}}", replacement, text)
    return re.sub(pattern + after, replacement, text)


def _accented(found: re.Match[str]) -> str:
    import unicodedata

    base = (found["braced"] or found["bare"]).removeprefix("\\")
    return unicodedata.normalize("NFC", base + _COMBINING[found["sign"] or found["name"]])


_OPENING = re.compile(r"[$\\]")


@cache
def _math() -> re.Pattern[str]:
    return re.compile(MATH, re.DOTALL)


def formulas(text: str) -> Iterator[re.Match[str]]:
    """The formulas in the text, each with its dollars or brackets."""
    at = 0
    while opening := _OPENING.search(text, at):
        found = _math().match(text, opening.start())
        if found:
            yield found
        at = found.end() if found else opening.end()


def outside_math(
    text: str, change: Callable[[str], str], math: Callable[[str], str] | None = None
) -> str:
    """The text with its prose changed, and its formulas too where there is a change for them."""
    parts: list[str] = []
    at = 0
    for found in formulas(text):
        parts.append(change(text[at : found.start()]))
        parts.append(math(found[0]) if math else found[0])
        at = found.end()
    parts.append(change(text[at:]))
    return "".join(parts)
