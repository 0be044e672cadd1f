"""BibTeX as arXiv itself exports it: keys, values and names that BibTeX reads back."""

import re
from collections.abc import Iterable, Sequence

from arxivdigest.rules.names import family_name
from arxivdigest.text import one_line
from arxivdigest.text.scanner import outside_math

_LAST_YEAR = 90  # arXiv begins in 1991


def key(authors: Sequence[str], arxiv_id: str) -> str:
    """What a paper is cited by: the same in every output, and no other paper's.

    The first author's family name and the id, as in `bhatia:2507.07120`.
    """
    family = family_name(authors[0]) if authors else ""
    letters = "".join(one for one in family if one.isascii() and one.isalnum())
    return f"{letters or 'arxiv'}:{re.sub('[^0-9A-Za-z.-]', '-', arxiv_id)}"


def year(arxiv_id: str) -> str:
    """The year in an id: 2025 in 2507.07120, 1999 in math/9912001; nothing where there is none."""
    found = re.match(r"(?:.*/)?(\d\d)\d\d", arxiv_id)
    if not found:
        return ""
    return f"{'19' if int(found[1]) > _LAST_YEAR else '20'}{found[1]}"


def value(text: str | None) -> str:
    """The text as a value to stand in braces: TeX where it is TeX, escaped where it is not."""
    return outside_math(_balanced(one_line(text or "")), _prose, _mathematics)


_BRACE = re.compile(r"\\?([{}])")


def _balanced(text: str) -> str:
    r"""The text with a command in place of each brace that has no other of its kind.

    BibTeX counts all braces, and bibtexparser only those without a backslash, so that `\{a}` would
    end a value for one of them.
    """
    found = list(_BRACE.finditer(text))
    parts: list[str] = []
    at = 0
    for brace in _alone(found):
        parts += (text[at : brace.start()], r"\lbrace{}" if brace[1] == "{" else r"\rbrace{}")
        at = brace.end()
    return "".join([*parts, text[at:]])


def _alone(braces: Iterable[re.Match[str]]) -> list[re.Match[str]]:
    """The braces that have no other, in their order."""
    alone: list[re.Match[str]] = []
    opened: list[re.Match[str]] = []
    waiting = {1: 0, 2: 0}  # how many are open, without a backslash and with one
    for brace in braces:
        if brace[1] == "{":
            opened.append(brace)
            waiting[len(brace[0])] += 1
            continue
        kind = len(brace[0])
        if not waiting[kind]:
            alone.append(brace)
            continue
        while len((last := opened.pop())[0]) != kind:
            alone.append(last)
            waiting[3 - kind] -= 1
        waiting[kind] -= 1
    return sorted([*alone, *opened], key=re.Match.start)


# In prose: a command, a sign that is escaped, one that means something to TeX.
_PROSE = re.compile(r"""(\\[A-Za-z]+|\\[%&_$#{}~^"'`=.,;:!/|@ -])|([\\%&_$#^~])""")
_IN_MATH = re.compile(r"(\\.)|([%#])", re.DOTALL)
_ESCAPED = {"\\": r"\textbackslash{}", "^": r"\^{}"}


def _prose(text: str) -> str:
    return _PROSE.sub(_sign, text)


def _sign(found: re.Match[str]) -> str:
    sign = found[2]
    if sign is None:
        return found[1]
    if sign == "~":
        before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
        is_tie = before.strip() and after.strip()
        return sign if is_tie else r"\textasciitilde{}"
    return _ESCAPED.get(sign, f"\\{sign}")


def _mathematics(text: str) -> str:
    return _IN_MATH.sub(lambda found: found[1] or f"\\{found[2]}", text)


_AND = re.compile(r"(?<!\S)and(?!\S)", re.IGNORECASE)
_SUFFIX = re.compile(r"(\S.*?),?\s+((?:Jr|Sr)\.?|II|III|IV)")
_OF_MANY = re.compile(
    r"\b(?:collaborations?|consortium|team|group|project|survey|network|committee|institute)\b"
    r"|^the\s|^others$|^and$",
    re.IGNORECASE,
)

# What can be taken apart into words: letters, with accents of TeX's or a letter in braces at most.
_APART = re.compile(
    r"""(?=.*[^\W\d_])(?:[^\\,{}$%&#_^~@"]|\\["'`^=.~]\{?[A-Za-z]\}?|\{[^\\{}\s]+\}|(?<=\S)~(?=\S))+"""
)


def names(authors: Sequence[str], *, is_cut: bool = False) -> str:
    """The names parted by `and`, each as BibTeX takes names apart; `others` where they are cut."""
    written = [_name(one) for one in authors if one.strip()]
    return " and ".join([*written, "others"] if is_cut and written else written)


def _name(written: str) -> str:
    name = value(written)
    with_suffix = _SUFFIX.fullmatch(written)
    if with_suffix and not {",", "{"} & {*with_suffix[1]}:
        *given, family = value(with_suffix[1]).split()
        return f"{family}, {with_suffix[2]}, {' '.join(given)}" if given else f"{{{name}}}"
    if not _APART.fullmatch(name) or _AND.search(name) or _OF_MANY.search(name):
        return f"{{{name}}}"
    return name


def doi(text: str | None) -> str:
    """The first of the DOIs in the text, as BibTeX may hold it; nothing where there is none."""
    from urllib.parse import quote

    first = next(iter((text or "").split()), "")
    return quote(first, safe="/:;()<>.,-_+[]=@!*'")
