r"""TeX made readable: what a person sees in place of `\emph{so}` and `$\mathcal{O}(n^2)$`."""

import re
from functools import lru_cache

from arxivdigest.tex import decode, outside_math

_LINK = re.compile(r"\\href\s*\{([^{}]*)\}\s*\{([^{}]*)\}")
_FOOTNOTE = re.compile(r"\\footnote\s*\{([^{}]*)\}")
_QUOTED = re.compile(r"``(.+?)''")
_COMMAND = re.compile(r"\\([A-Za-z]+)(?:\*?\s*(\{(?!\})))?|\\(.)|[{}]|~", re.DOTALL)
_FONTS = frozenset("bf em it rm sc sf sl tt tiny small large normalsize par noindent".split())


def readable(text: str) -> str:
    r"""The text as a person wants to read it: `$\mathcal{O}(n^2)$` is 𝒪(n²), `\emph{so}` is so.

    What cannot be set well in one line of Unicode stays as it was written.
    """
    if not any(sign in text for sign in ("\\", "$", "{", "~", "``")):
        return text
    return outside_math(text, _readable_prose, _readable_math)


def _readable_prose(text: str) -> str:
    text = decode(text, symbols=True)
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
