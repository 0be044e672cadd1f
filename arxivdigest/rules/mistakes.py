"""What people write in a rule and mean otherwise: refused where it can never match, or warned of.

Words of search engines, expressions without their slashes, TOML's own escapes, names that are none.
"""

import re
from collections.abc import Iterator

from arxivdigest.errors import KeywordError

_CONTROLS = {
    "\t": ("a tab", r"\t"),
    "\b": ("a backspace", r"\b"),
    "\n": ("a line break", r"\n"),
    "\r": ("a carriage return", r"\r"),
    "\f": ("a form feed", r"\f"),
    "\x1b": ("an escape", r"\e"),
}
# Where signs are TeX's, and any may stand.
FORMULA = r"\$\$[^$]+\$\$|\$[^$]*\$|\\\(.*?\\\)|\\\[.*?\\\]"
_CONTROL = r"[\x00-\x1f\x7f]"
_AFTER_SLASH = (
    "has {} after its last slash, where nothing stands; case is ignored anyway (case = true heeds"
    ' it), and "." matches all but line breaks'
)
_ENDS_EXPRESSION = r"[^/]*\w\w/"  # `w/`, for "with", does not

_IN = 'keywords have no fields; a rule looks where its in says, as in in = ["title"]'
_FIELDS = "ti|au|abs|co|jr|cat|rn|id|all|title|authors?|abstract|comments?"
_BEFORE = r"(?:^|[ (])"
_SLASHES = "an expression stands between slashes, as in /KV.*cache/"
# What no title holds: it can never match.
_REFUSED = (
    (
        r"\w *&& *\w",
        "there are no operators in a keyword; words that must all be there stand in all",
    ),
    (
        rf"{_BEFORE}(?:au:|authors?:(?! ))",
        "keywords have no fields; people stand in authors = [...]",
    ),
    (
        rf"{_BEFORE}cat:",
        "keywords have no fields; categories stand in subjects = [...]",
    ),
    (rf"{_BEFORE}(?:{_FIELDS}):(?! )", _IN),
    (rf"{_BEFORE}(?:ti|jr|rn):", _IN),
    (r"(?:^| )!(?=\w)", "what is not wanted stands in none, as in none = [...]"),
    (r'"~\d', "there are no distances in a keyword; use an expression: /KV( \\S+){0,3} cache/"),
    (r"[A-Za-z]\.[*+]|\(\?[:iP<]|\\[wsWSDdb][+*?\[]|\\b\w.*\\b(?![A-Za-z])", _SLASHES),
)
# What a title may hold, though people rarely mean it so. Logic has gates of these names.
_NO_GATE = r"(?! +gates?\b)"
_OPERATORS = (
    (
        rf"\S +AND{_NO_GATE} +\S",
        'AND is a word like any other here; what must all be there stands in all = ["x", "y"]',
    ),
    (
        rf"\S +OR{_NO_GATE} +\S",
        'OR is a word like any other here; give two keywords in the list: any = ["x", "y"]',
    ),
    (
        rf"(?:^|\S +)(?:NOT|ANDNOT){_NO_GATE} +\S",
        "NOT is a word like any other here; what is not wanted stands in none",
    ),
)
_ODD = (
    (
        r"\S +(?:NEAR|ADJ|WITHIN)(?:/?\d+)? +\S",
        "there are no distances in a keyword; use an expression: /KV( \\S+){0,3} cache/",
    ),
    (
        r"\w\)? *\|\|? *\(?\w",
        "a | parts no alternatives here; give two keywords in the list, or an expression: /a|b/",
    ),
    (
        rf"(?i)^(?:{_FIELDS}):",
        f"the words before the colon are looked for as they stand: {_IN}",
    ),
    (
        r"""^"[^"]+"$|^'[^']+'$|^[“„«][^“”„«»]+[“”»]$|"[^"]+" +"[^"]+\"""",
        "a keyword is a phrase already; leave out the quotes within the quotes",
    ),
    (
        r"(?:^| )[-\u2212](?=[^\W\d]| \w)",
        "a - before a word rules nothing out; what is not wanted stands in none",
    ),
    (
        r"(?:^| )\+(?=\w)",
        "a + before a word says nothing; words that must all be there stand in all",
    ),
    (
        r"\w\w~\d{0,2}$",
        "a ~ is a blank here, as in TeX; for distances use an expression: /KV( \\S+){0,3} cache/",
    ),
    (
        r"[\w)]\?",
        "a ? stands for itself here; a * opens an end (cache*), or use an expression: /caches?/",
    ),
    (
        r"[,;] +\w|[A-Za-z]{2}[,;](?=[A-Za-z]{2})",
        "a comma does not part keywords; give two strings in the list unless the text has it so",
    ),
    (r"\[[^\]\s]+\]\w|\w\[[^\]\s]+\]|\w\[[ _\-]+\]\w", f"[...] stands for itself here; {_SLASHES}"),
    (r"^\^[A-Za-z]|\w\{\d+(?:,\d*)?\}", f"this looks like an expression; {_SLASHES}"),
    (r"^[^$]*\$[^$]*$", "a lone $ is looked for as it stands; a formula stands between two"),
    (r"&(?:[a-z]+|#\d+);", "this looks like HTML; write the sign itself"),
)


def check(keyword: str) -> None:
    """Raise a KeywordError for a keyword that is written as in some other language."""
    _check_controls(keyword, KeywordError)
    if keyword.startswith("/") and len(keyword) > 1 and keyword[1] != " ":
        if keyword.endswith(("/", "/i")):
            return
        if flags := re.fullmatch(r"/.+/([A-Za-z]{1,4})", keyword, re.DOTALL):
            raise KeywordError(_AFTER_SLASH.format(flags[1]))
        raise KeywordError(
            "begins like an expression; one stands between two slashes, as in /KV cache/"
        )
    if re.fullmatch(_ENDS_EXPRESSION, keyword):
        raise KeywordError(
            "ends like an expression; one stands between two slashes, as in /KV cache/, and a"
            " phrase is written without any"
        )
    prose = _prose(keyword)
    for pattern, said in _REFUSED:
        if re.search(pattern, prose):
            raise KeywordError(f"can never match: {said}")


def to_mend(keyword: str) -> str | None:
    """What is wrong in how a keyword is written, though its meaning is clear and it does match."""
    if keyword.startswith("/") and keyword.endswith("/i") and len(keyword) > len("//i"):
        return _AFTER_SLASH.format("i")
    return None


def odd(keyword: str) -> Iterator[str]:
    """What is odd in how a keyword is written, though a title may hold it."""
    if keyword.startswith("/") and keyword.endswith(("/", "/i")):
        return
    if one := re.fullmatch(r"(\*?)\s*(\w)\s*(\*?)", keyword):
        letter = one[2]
        if one[1] and one[3]:
            yield f'that is every word with "{letter}" in it'
        elif one[3]:
            yield f'that is every word that begins with "{letter}"'
        elif one[1]:
            yield f'that is every word that ends in "{letter}"'
    prose = _prose(keyword)
    operators = [said for pattern, said in _OPERATORS if re.search(pattern, prose)]
    yield from operators or [said for pattern, said in _ODD if re.search(pattern, prose)][:1]


def _prose(keyword: str) -> str:
    """The keyword with a word in place of each formula, in which any sign may stand."""
    return re.sub(FORMULA, "x", keyword)


_SUFFIX = r"(?i:jr|sr|ii|iii|iv|ph\.? ?d|m\.? ?d|dr|prof|esq)\b"
_PEOPLE = r"(?i)\b(?:collaborations?|consortium|team|group|project|experiments?)\b"
# What is nobody's name.
_NO_NAME = (
    (r"\*", "there is no * in a name; initials and bare family names do (Z. Pan; Pan)"),
    (r"^/.*/\w*$", "there are no expressions in a name; initials and bare family names do"),
    (r"@", "an address is no name"),
    (r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]|(?i:orcid)", "an ORCID is no name"),
    (r"https?://|\w\.\w+/[\w~]", "an address is no name"),
    (r"^\w+_\w_\d+$", "an identifier is no name"),
    (r"(?i)^(?:au|authors?):", 'a name has no fields: leave out "au:"'),
    (r"(?i)\bet\.? +al\b", "leave out et al.; one name a string"),
    (r"(?i)\bet\.? +alii\b|\band others\b", "leave out the others; one name a string"),
    (r";|\||\w ?/ ?\w", "one name a string"),
    (
        rf"^(?:\w\.[ -]*)+\w[^,]+, *(?!{_SUFFIX})\w",
        "one name a string",
    ),
    (r"\S +(?:and|or|AND|OR|NOT|&&?|und|et) +\S", "one name a string"),
    (rf"^[^,]+,[^,]+, *(?!{_SUFFIX})\w", "one name a string"),
    (r"^[!-]", "whom one does not want stands in a rule of its own with exclude = true"),
    (r"\(.*\)", "leave out what stands in parentheses"),
    (r"\?", "there is no ? in a name; initials and bare family names do (Z. Pan; Pan)"),
)
# Letters alone, and no word that parts names: nearly all names, and none of these mistakes.
_PLAIN_NAME = (
    r"(?!.*\b(?i:et|al|alii|others|and|or|not|und|orcid)\b)[A-Za-z]+\.?(?:[ -][A-Za-z]+\.?)*"
)


def check_name(name: str) -> None:
    """Raise a ValueError for a wanted author that is nobody's name, with what to write instead."""
    if re.fullmatch(_PLAIN_NAME, name):
        return
    _check_controls(name, ValueError)
    for pattern, said in _NO_NAME:
        if re.search(pattern, name) and not (
            said == "one name a string" and re.search(_PEOPLE, name)
        ):
            raise ValueError(f"can never match: {said}")


# Two names in full on either side of a comma, the first of which begins with no particle.
_TWO_NAMES = (
    rf"[^\W\d_a-z][^\W\d_]+ [^,]*[^\W\d_]{{2}}, *(?!{_SUFFIX})[^\W\d_]{{2,}} [^,.]*[^\W\d_]{{2}}"
)


def odd_name(name: str) -> str | None:
    """What is odd in a wanted author, though somebody may be called so."""
    if not re.fullmatch(_TWO_NAMES, name) or re.search(_PEOPLE, name):
        return None
    family, _, given = name.partition(",")
    return (
        f"that is one person, {given.strip()} of the family {family}; of two people, each stands"
        " in a string of its own"
    )


def _check_controls(text: str, kind: type[ValueError]) -> None:
    control = re.search(_CONTROL, text)
    if control:
        name, written = _CONTROLS.get(control[0], ("a control character", ""))
        because = f", as {written} is one in double quotes" if written else ""
        raise kind(f"has {name} in it{because}; write it in single quotes")
