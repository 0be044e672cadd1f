r"""TeX made readable: what a person sees in place of `\emph{so}` and `$\mathcal{O}(n^2)$`."""

import re
from functools import lru_cache

from arxivdigest.text.tex import GREEK, decode, outside_math

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


_SUPERSCRIPTS = dict(
    zip(
        "0123456789+-=()abcdefghijklmnoprstuvwxyzT",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ",
        strict=True,
    )
) | {"*": "*", "'": "′", "′": "′", "†": "†", "‡": "‡", "°": "°"}
_SUBSCRIPTS = dict(
    zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_SCRIPTS = frozenset({*_SUPERSCRIPTS.values(), *_SUBSCRIPTS.values()})
# Signs that stand aside, as characters nobody writes, until everything else is set.
_ASIDE = {
    "\uf8fa": "$",
    "\uf8fb": "",  # parts a command from letters that are no part of its name
    "\uf8fc": "{",
    "\uf8fd": "}",
    "\uf8fe": "^",
    "\uf8ff": "_",
}
# Commands that pylatexenc does not know, or that stand in the way of what is looked for later.
_SIGNS = {
    "iff": "⟺",
    "implies": "⟹",
    "checkmark": "✓",
    "coloneqq": "≔",
    "llbracket": "⟦",
    "rrbracket": "⟧",
    "mid": "|",
    "mathds": r"\mathbb",
    "mathbbm": r"\mathbb",
    "widehat": r"\hat",
    "widetilde": r"\tilde",
    "overline": r"\bar",
    "rvert": "|",
    "rVert": "‖",
    "xspace": "",
    "nonumber": "",
}
_SIGNS_WITHOUT_BLANK_AFTER = {
    **dict.fromkeys(["vert", "lvert"], "|"),
    **dict.fromkeys(["Vert", "lVert"], "‖"),
    "neg": "¬",
    "dag": "†",
    "dagger": "†",
    "displaystyle": "",
    "textstyle": "",
    "limits": "",
    **dict.fromkeys(["left", "right", "middle"], ""),
    **{f"{size}{side}": "" for size in ("big", "Big", "bigg", "Bigg") for side in ("", *"lrm")},
}
_SIGN = re.compile(r"(\s*)\\([A-Za-z]+)(\s*)(\.?)")
_NOT = re.compile(r"\\not\s*(?:(=)|\\in(?![A-Za-z]))")
_LEFT_OUT = re.compile(
    r"\\!|\\(?:boldsymbol|bm|pmb)(?![A-Za-z])(?!\s*\{)\s*"
    r"|\\(?:rm|bf|it|sf|tt)(?![A-Za-z])\s*(?=\\|[^}]*$)"
)
_RAISED = re.compile(
    r"\^\s*(?:\{\s*(?P<braced>(?:\\(?:circ|prime|ast|star)\s*)+)\}"
    r"|(?P<bare>\\(?:circ|prime|ast|star))(?![A-Za-z]))"
)
_RAISED_SIGNS = {"circ": "°", "prime": "′", "ast": "*", "star": "*"}
_OPERATORS = (
    "arccos|arcsin|arctan|argmax|argmin|arg|cosh|cos|cot|deg|det|dim|exp|gcd|inf|ker|lim|ln|log"
    "|max|min|Pr|sinh|sin|sup|tanh|tan"
)
_OPERATOR = re.compile(rf"(?:(?<=[^\W_])|(?<=[)\]}}|]))?\s*\\({_OPERATORS})(?![A-Za-z])\s*(\{{)?")
_SCRIPT = re.compile(r"([\^_])\s*(?:\{([^{}]*)\}|([^\s{}\\^_$])|(\\[A-Za-z]+))")
_UPRIGHT = re.compile(
    r"(\\[A-Za-z]+)?([\^_]?)\s*(?:\\(?:text(?:rm|sf|it|bf|tt|sc|normal|up)?|math(?:rm|sf|it|tt|normal)"
    r"|[mh]box|operatorname\*?|boldsymbol|bm|pmb|ensuremath)\s*\{([^{}]*)\}"
    r"|\{\s*\\(?:rm|bf|it|sf|tt)(?![A-Za-z])\s*([^{}]*)\})"
)
_FRACTION = re.compile(r"\\[dt]?frac\s*(?:\{([^{}]*)\}\s*\{([^{}]*)\}|(\w)\s*(\w))")
_ROOT = re.compile(r"\\sqrt\s*(?:\[\s*(\d)\s*\]\s*)?(?:\{([^{}]*)\}|(\w))")
_ROOTS = {None: "√", "2": "√", "3": "∛", "4": "∜"}
_ATOM = re.compile(
    r"[√∛∜]?(?:[^\W_]|\.)+|(?:\\partial\s*)?\\[A-Za-z]+[^\W_a-zA-Z]*|\\partial\s+\w"
    r"|\[[^\[\]]*\]|\([^()]*\)"
)
_FACTORS = re.compile(r"\d+[A-Za-z]")  # 1/(2n) is not 1/2n
_LETTERS_TOGETHER = re.compile(r"\w*[A-Za-z]\w*[A-Za-z]|\d+[A-Za-z]")
_COMMAND_NAME = re.compile(r"\\([A-Za-z]+|[^A-Za-z])(\s+|(?=[^\x00-\x7f]))?")
_SPACES = frozenset(",;:! ")
_LETTERS = frozenset({*GREEK, "partial", "nabla", "hbar", "ell"})
# A blank after such a letter is none to a reader, where what it stands before follows.
_BEGINS_FACTOR = re.compile(rf"[A-Za-z(]|\\(?:math|{'|'.join(sorted(_LETTERS))})")
_BEYOND_ONE_LINE = re.compile(
    r"\\(?:begin|end|over|atop|choose|binom|overset|underset|overbrace|underbrace|stackrel|substack"
    r"|xrightarrow|label|tag|not|cancel|underline|phantom|hspace|href)(?![A-Za-z])|\\\\|(?<!\\)&"
    r"|\\(?:bar|hat|tilde|vec|dot|ddot|check|breve|acute|grave)\s*\{\s*[^{}\\\s][^{}]*[^{}\s]\s*\}"
)
_DEEPEST = 6


@lru_cache(maxsize=4096)
def _readable_math(segment: str) -> str:
    inner = segment[2:-2] if segment[0] == "\\" or segment.startswith("$$") else segment[1:-1]
    for written, aside in ((r"\{", "\uf8fc"), (r"\}", "\uf8fd"), (r"\$", "\uf8fa"), (r"\|", "‖")):
        inner = inner.replace(written, aside)
    inner = _SIGN.sub(_sign, inner)
    inner = _NOT.sub(lambda found: "≠" if found[1] else "∉", inner)
    inner = _RAISED.sub(_raised, _LEFT_OUT.sub("", inner))
    for _ in range(_DEEPEST):
        simpler = _UPRIGHT.sub(_upright, inner)
        if _BEYOND_ONE_LINE.search(simpler):
            return segment
        simpler = _ROOT.sub(_root, _SCRIPT.sub(_script, simpler))
        simpler = _FRACTION.sub(_fraction, simpler)
        if simpler == inner:
            break
        inner = simpler
    if re.search(r"[\^_]\s*\{|\\[dt]?frac|\\sqrt", inner):
        return segment
    inner = _OPERATOR.sub(_operator, inner)
    return _plain_math(inner) or segment


def _sign(found: re.Match[str]) -> str:
    """The sign for a command, with the blanks around it that are meant."""
    before, name, after, dot = found.groups()
    if name in _SIGNS_WITHOUT_BLANK_AFTER:
        is_size = not _SIGNS_WITHOUT_BLANK_AFTER[name]  # of an invisible bracket, it may be
        return f"{before}{_SIGNS_WITHOUT_BLANK_AFTER[name]}{'' if is_size else dot}"
    if name not in _SIGNS:
        return found[0]
    if name == "mid":
        before = after = " "
    elif name in ("rvert", "rVert"):
        before = ""
    return f"{before}{_SIGNS[name]}{after}{dot}"


def _raised(found: re.Match[str]) -> str:
    names = re.findall(r"[a-z]+", found["braced"] or found["bare"])
    return "".join(_RAISED_SIGNS[name] for name in names).replace("′′", "″")


def _upright(found: re.Match[str]) -> str:
    command, sign, braced, switched = found.groups()
    content = braced if braced is not None else switched
    parted = "\uf8fb" if command and not sign else ""
    return f"{command or ''}{f'{sign}{{{content}}}' if sign else parted + content}"


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
    above, below = (found[1] or found[3]), (found[2] or found[4])
    return f"{_grouped(above)}/{_grouped(below, _FACTORS)}"


def _root(found: re.Match[str]) -> str:
    sign = _ROOTS.get(found[1])
    return f"{sign}{_grouped(found[2] or found[3] or '', _LETTERS_TOGETHER)}" if sign else found[0]


def _grouped(part: str, loose: re.Pattern[str] | None = None) -> str:
    """The part as one thing: within brackets, unless it is one to see, and nothing loose in it."""
    part = part.strip()
    is_one = _ATOM.fullmatch(part) and not (loose and loose.match(part))
    return part if is_one else f"({part})"


def _operator(found: re.Match[str]) -> str:
    """The name of a function, apart from what stands before and after it."""
    before = found.string[: found.start()][-1:]
    after = found.string[found.end() :][:1]
    begin = " " if before.isalnum() or before in tuple(")]}|") else ""
    is_applied = found[2] or (after.isalnum() and after not in _SCRIPTS) or after in tuple("\\√")
    return f"{begin}{found[1]}{' ' if is_applied else ''}{found[2] or ''}"


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
            if takes_more or found[2] is None:
                return found[0]
            follows = found.string[found.end() :]
            is_script = found.string[: found.start()][-1:] in tuple("\uf8fe\uf8ff")
            is_blank = found[1] in _LETTERS and not is_script and _BEGINS_FACTOR.match(follows)
            return f"\\{found[1]}{{}}{'' if is_blank else found[2]}"

        try:
            inner = LatexNodes2Text(math_mode="text").latex_to_text(
                _COMMAND_NAME.sub(keep_blank, inner)
            )
        except (LatexWalkerError, ValueError, IndexError, RecursionError):
            return ""
    if re.search(r"[\\{}$]", inner):
        return ""
    line = "".join(_ASIDE.get(character, character) for character in inner)
    return _spaced(" ".join(line.split()))


_RELATIONS = "=<>≤≥⩽⩾≪≫≈≃≅∼≡≠≔∈∉∋⊂⊆⊇→←↔↦⇒⟹⟺∝≲≳±∓×·⊗⊕∪∩∧∨"
_HALF_SPACED = re.compile(
    rf"(?<=[^\s(\[:]) ?(:?[{_RELATIONS}]+) (?=\S)|(?<=\S) (:?[{_RELATIONS}]+)(?=\S)"
)


def _spaced(line: str) -> str:
    """The line with as much room before a relation as after it, and none within brackets."""
    line = _HALF_SPACED.sub(lambda found: f" {found[1] or found[2]} ", line)
    return re.sub(r"(?<=[(\[{⌊⌈⟨⟦]) | (?=[)\]}⌋⌉⟩⟧])", "", line)
