"""TeX in titles, names and abstracts: letters decoded, and mathematics made readable."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

# Mathematics: \( \), \[ \], $$ $$ and $ $. An escaped dollar opens nothing, and two prices in a
# sentence are no formula: without a sign of TeX in it, it touches its dollars on both sides.
MATH = re.compile(
    r"\\\(.{0,1000}?\\\)|\\\[.{0,1000}?\\\]|(?<!\\)\$\$.+?\$\$"
    r"|(?<!\\)\$(?=[^$]*[\\^_={}<>])(?:\\.|[^$\\])+\$|(?<!\\)\$(?!\s)[^$]+(?<!\s)\$(?!\d)",
    re.DOTALL,
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
    return _outside_math(text, _decode_symbols if symbols else _decode_letters)


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
    base = (found["braced"] or found["bare"]).removeprefix("\\")
    return unicodedata.normalize("NFC", base + _COMBINING[found["sign"] or found["name"]])


_OPENING = re.compile(r"[$\\]")


def formulas(text: str) -> Iterator[re.Match[str]]:
    """The formulas in the text, each with its dollars or brackets."""
    at = 0
    while opening := _OPENING.search(text, at):
        found = MATH.match(text, opening.start())
        if found:
            yield found
        at = found.end() if found else opening.end()


def _outside_math(
    text: str, change: Callable[[str], str], math: Callable[[str], str] | None = None
) -> str:
    parts: list[str] = []
    at = 0
    for found in formulas(text):
        parts.append(change(text[at : found.start()]))
        parts.append(math(found[0]) if math else found[0])
        at = found.end()
    parts.append(change(text[at:]))
    return "".join(parts)


_LINK = re.compile(r"\\href\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_FOOTNOTE = re.compile(r"\\footnote\s*\{([^{}]*)\}")
_QUOTED = re.compile(r"``(.+?)''")
_COMMAND = re.compile(r"\\([A-Za-z]+)(?:\*?\s*(\{(?!\})))?|\\(.)|[{}]|~", re.DOTALL)
_FONTS = frozenset("bf em it rm sc sf sl tt tiny small large normalsize par noindent".split())


def readable(text: str) -> str:
    r"""The text as a person wants to read it: `$\mathcal{O}(n^2)$` is 𝒪(n²), `\emph{so}` is so.

    What cannot be set well in one line of Unicode stays as it was written.
    """
    if "\\" not in text and "$" not in text and "{" not in text and "~" not in text:
        return text
    return _outside_math(text, _readable_prose, _readable_math)


def _readable_prose(text: str) -> str:
    text = _decode_symbols(text)
    text = _LINK.sub(r"\2 (\1)", text)
    text = _FOOTNOTE.sub(r" (\1)", text)
    text = _QUOTED.sub(r"“\1”", text)
    return _COMMAND.sub(_readable_command, text)


def _readable_command(found: re.Match[str]) -> str:
    name, brace, sign = found.groups()
    if name:
        return "" if brace or name in _FONTS else found[0].removeprefix("\\")
    if sign:
        return " " if sign in ",;: \\" else sign if sign in "%&_$#{}" else found[0]
    return "" if found[0] in "{}" else " " if _tie(found) else found[0]


def _tie(found: re.Match[str]) -> bool:
    """Whether a `~` ties two words, as in `Fig.~1`, and is no sign of its own, as in `~5 ms`."""
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return bool(before.strip() and after.strip()) and before not in "/(" and after != "/"


_SUPERSCRIPTS = dict(zip("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ", strict=True)) | {
    "i": "ⁱ",
    "T": "ᵀ",
    "*": "*",
    "'": "′",
}
_SUBSCRIPTS = dict(
    zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_SCRIPT = re.compile(r"([\^_])\s*(?:\{([^{}]*)\}|([^\s{}\\^_$])|(\\[A-Za-z]+))")
_UPRIGHT = re.compile(
    r"([\^_]?)\s*(?:\\(?:text(?:rm|sf|it|bf)?|math(?:rm|sf|it)|operatorname)\s*\{([^{}]*)\}"
    r"|\{\s*\\(?:rm|it|sf)(?![A-Za-z])\s*([^{}]*)\})"
)
_FRACTION = re.compile(r"\\[dt]?frac\s*(?:\{([^{}]*)\}\s*\{([^{}]*)\}|(\d)\s*(\d))")
_ATOM = re.compile(r"[\w.]+|\\[A-Za-z]+")
_SIZES = re.compile(
    r"\\(?:left|right|[bB]igg?[lr]?|(?:display|text)style|limits)(?![A-Za-z])\s*\.?"
)
_COMMAND_NAME = re.compile(r"\\([A-Za-z]+|[^A-Za-z])(\s+|(?=[^\x00-\x7f]))?")
_SPACES = frozenset(",;:! ")
# Signs that stand aside, as characters nobody writes, until everything else is set.
_ASIDE = {"\uf8fc": "{", "\uf8fd": "}", "\uf8fe": "^", "\uf8ff": "_"}
_BEYOND_ONE_LINE = re.compile(
    r"\\(?:begin|end|over|atop|choose|binom|overset|underset|overbrace|underbrace|stackrel|substack"
    r"|xrightarrow|label|tag|not|cancel)(?![A-Za-z])|\\\\|&"
)


@lru_cache(maxsize=4096)
def _readable_math(segment: str) -> str:
    inner = segment[2:-2] if segment[0] == "\\" or segment.startswith("$$") else segment[1:-1]
    if _BEYOND_ONE_LINE.search(inner):
        return segment
    inner = _SIZES.sub("", inner).replace(r"\|", "‖")
    inner = inner.replace(r"\{", "\uf8fc").replace(r"\}", "\uf8fd")
    inner = re.sub(r"\^\s*(?:\{\s*\\circ\s*\}|\\circ(?![A-Za-z]))", "°", inner)
    for _ in range(_DEEPEST):
        simpler = _FRACTION.sub(_fraction, _SCRIPT.sub(_script, _UPRIGHT.sub(_upright, inner)))
        if simpler == inner:
            break
        inner = simpler
    if re.search(r"[\^_]\s*\{|\\[dt]?frac", inner):
        return segment
    return _plain_math(inner) or segment


_DEEPEST = 6


def _upright(found: re.Match[str]) -> str:
    sign, content = found[1], found[2] if found[2] is not None else found[3]
    return f"{sign}{{{content}}}" if sign else content


def _script(found: re.Match[str]) -> str:
    sign, braced, character, command = found.groups()
    content = (braced if braced is not None else character or command).strip()
    table = _SUPERSCRIPTS if sign == "^" else _SUBSCRIPTS
    if content and all(letter in table for letter in content):
        return "".join(table[letter] for letter in content)
    mark = "\uf8fe" if sign == "^" else "\uf8ff"
    if not _ATOM.fullmatch(content):
        return f"{mark}({content})"
    following = found.string[found.end() :][:1]
    return f"{mark}{content} " if following.isalnum() else f"{mark}{content}"


def _fraction(found: re.Match[str]) -> str:
    return "/".join(
        part if _ATOM.fullmatch(part) else f"({part})"
        for part in ((found[1] or found[3]).strip(), (found[2] or found[4]).strip())
    )


def _plain_math(inner: str) -> str:
    """The mathematics as Unicode, or nothing where a command in it is not known."""
    if re.search(r"[\\{}~]", inner):
        from pylatexenc.latex2text import (
            LatexNodes2Text,
            get_default_latex_context_db,
        )
        from pylatexenc.latexwalker import LatexWalkerError
        from pylatexenc.latexwalker import get_default_latex_context_db as get_walker_db

        known, arguments = get_default_latex_context_db(), get_walker_db()
        for name, _ in _COMMAND_NAME.findall(inner):
            if name not in _SPACES and known.get_macro_spec(name) is None:
                return ""

        def keep_blank(found: re.Match[str]) -> str:
            command = arguments.get_macro_spec(found[1])
            takes_more = command is not None and command.args_parser.argspec
            return found[0] if takes_more or found[2] is None else f"\\{found[1]}{{}}{found[2]}"

        try:
            inner = LatexNodes2Text(math_mode="text").latex_to_text(
                _COMMAND_NAME.sub(keep_blank, inner)
            )
        except (LatexWalkerError, ValueError, IndexError, RecursionError):
            return ""
    line = " ".join(inner.split()).replace("⟨ ", "⟨").replace(" ⟩", "⟩")
    if re.search(r"[\\{}$]", line):
        return ""
    return "".join(_ASIDE.get(character, character) for character in line)
