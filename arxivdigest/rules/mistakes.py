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
_DISTANCES = "there are no distances in a keyword; use an expression: /KV( \\S+){0,3} cache/"
_FIELDS = "ti|au|abs|co|jr|cat|rn|id|all|title|authors?|abstract|comments?"
_BEFORE = r"(?:^|[ (])"
# Google's and arXiv's, which stand in no title.
_FOREIGN = (
    "(?:all)?in(?:title|author|text|url)|site|filetype|tiab|abstr|date"
    "|(?:submitted|lastUpdated)Date"
)
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
    (rf"{_BEFORE}(?:{_FIELDS}|{_FOREIGN}):(?! |$)", _IN),
    (rf"{_BEFORE}(?:ti|jr|rn):", _IN),
    (r"(?:^| )!(?=\w)", "what is not wanted stands in none, as in none = [...]"),
    (r'"~\d', _DISTANCES),
    (r"[A-Za-z]\.(?:[*+]|\{\d)|\(\?[:imsP<=!]|\\[wsWSDdb][+*?\[]|\\b\w.*\\b(?![A-Za-z])", _SLASHES),
    (r"\\[dDwWs](?![A-Za-z{ ])|^[sm]/\w.*\w/$", _SLASHES),
)
# What a title may hold, though people rarely mean it so. Logic has gates of these names.
_NO_GATE = r"(?! +gates?\b)"
_OPERATORS = (
    (
        rf"\S +AND{_NO_GATE}(?: +\S|\()",
        'AND is a word like any other here; what must all be there stands in all = ["x", "y"]',
    ),
    (
        rf"\S +OR{_NO_GATE}(?: +\S|\()",
        'OR is a word like any other here; give two keywords in the list: any = ["x", "y"]',
    ),
    (
        rf"(?:^|\S +)(?:NOT|ANDNOT){_NO_GATE}(?: +\S|\()",
        "NOT is a word like any other here; what is not wanted stands in none",
    ),
)
_CLASS = r"\[(?![\d.,]+\])[^\]\s]+\]"  # and no bicyclo[2.2.1]heptane
_QUESTION = r"(?i:are|can|could|do|does|how|is|should|what|when|where|which|who|why|will)\b"
_ODD = (
    (
        r"\S +(?:(?:NEAR|ADJ|WITHIN|AROUND|PRE)(?:/?\d+| ?\(\d+\))?|(?:[WwNn]|PRE)/\d+) +\S",
        _DISTANCES,
    ),
    (
        r"(?<!\w\()\w\)? *\|\|? *\(?\w",  # but for p(x|y)
        "a | parts no alternatives here; give two keywords in the list, or an expression: /a|b/",
    ),
    (
        rf"(?i)^(?:{_FIELDS}):",
        f"the words before the colon are looked for as they stand: {_IN}",
    ),
    (
        r"""^[rub]?(["'`]).+\1$|^[“„«‘][^“”„«»‘]+[“”»’]$|"[^"]+" +"[^"]+"|^"[^" ]+ [^"]+" +\w""",
        "a keyword is a phrase already; leave out the quotes within the quotes",
    ),
    (
        r"(?:^| )[-\u2013\u2212](?=[^\W\d\"“]|[\"“]\w| \w)",
        "a - before a word rules nothing out; what is not wanted stands in none",
    ),
    (
        r"(?:^| )\+(?=[^\W\d])",
        "a + before a word says nothing; words that must all be there stand in all",
    ),
    (
        r"\w\w~(?:\d{0,2}|0?\.\d+)(?:$| )",
        "a ~ is a blank here, as in TeX; for distances use an expression: /KV( \\S+){0,3} cache/",
    ),
    (
        rf"^(?!{_QUESTION}).*[\w)]\?(?! [A-Z])|\w\?\w",
        "a ? stands for itself here; a * opens an end (cache*), or use an expression: /caches?/",
    ),
    (
        r"[,;] +\w|[A-Za-z]{2}[,;](?=[A-Za-z]{2})|\w[,;]$",
        "a comma does not part keywords; give two strings in the list unless the text has it so",
    ),
    (
        r"(?i)\[(?:ti(?:tle)?|tiab|au(?:thor)?|mh|mesh(?: terms)?|title/abstract|all fields)\]",
        f"{_IN}, and people stand in authors = [...]",
    ),
    (r"\[\S+ TO \S+\]", "there are no ranges in a keyword"),
    (
        rf"{_CLASS}[\w\[]|\w{_CLASS}|\w\[[ _\-]+\]\w|\[\^?(?:a-z|A-Z|0-9)",
        f"[...] stands for itself here; {_SLASHES}",
    ),
    (
        r"(?<!\S)[a-z]{5,}\^\d",
        "a ^ weighs no word here; a rule has its weight, as in weight = 2",
    ),
    (
        r"""^"[^"]+$|^[^"]*[^\d"\\]"$|^``.+''$""",
        "a keyword stands between the quotes of TOML alone; leave out the others",
    ),
    (r"^_+\w.*\w_+$", "this looks like Markdown; leave out the signs around it"),
    (
        r"\b(?:TITLE|ABS|KEY|AUTH)(?:-[A-Z]+)*\(|\b(?:TS|TI|AU|AB)=\(",
        f"{_IN}, and people stand in authors = [...]",
    ),
    (r"^%\w|[A-Za-z]{3}%$", "a % stands for itself here; a * opens an end (cache*)"),
    (r"^\*+ |^\*\*| \*$|\*\*$", "one * opens an end, and stands at its word (cache*)"),
    (r"(?:^| )[#@](?=[a-z]{3})", "the sign before the word is looked for; leave it out"),
    (r"^\^[A-Za-z]|[^\W_]\{\d+(?:,\d*)?\}", f"this looks like an expression; {_SLASHES}"),
    (r"^[^$]*\$[^$]*$", "a lone $ is looked for as it stands; a formula stands between two"),
    (r"&(?:[a-z]+|#\d+);|</?[a-z]+>", "this looks like HTML; write it as it is read"),
)


def check(keyword: str) -> None:
    """Raise a KeywordError for a keyword that is written as in some other language."""
    _check_controls(keyword, KeywordError)
    bare = keyword.strip()
    if bare != keyword and bare[:1] == bare[-1:] == "/" and bare[1:-1].strip():
        raise KeywordError(
            "has a blank before or after an expression; nothing stands outside of its slashes"
        )
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


# Words, in no language's capitals, and expressions that nearly every abstract holds.
_EVERYWHERE = (
    r"[Aa]n?|[Tt]he|[Oo]f|[Aa]nd|[Ii]n|[Tt]o|[Ff]or|[Ww]e|[Ww]ith|[Ii]s|[Oo]n|[Tt]his|[Tt]hat|[Bb]y"
    r"|/\^?(?:[a-z]|\.|\s|\\[wSsD]|\[a-z\])\+?/i?"
)


def odd(keyword: str) -> Iterator[str]:
    """What is odd in how a keyword is written, though a title may hold it."""
    if re.fullmatch(_EVERYWHERE, keyword):
        yield "that is in nearly every abstract"
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
_EXCLUDED = "whom one does not want stands in a rule of its own with exclude = true"
# What is nobody's name.
_NO_NAME = (
    (r"\*", "there is no * in a name; initials and bare family names do (Z. Pan; Pan)"),
    (
        r"^/|/$|\\[sSwWdD][+*]|\\b\w+\\b",
        "there are no expressions in a name; initials and bare family names do",
    ),
    (r"@", "an address is no name"),
    (r"\(.*\)", "leave out what stands in parentheses"),
    (r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]|(?i:orcid)", "an ORCID is no name"),
    (r"https?://|\w\.\w+/[\w~]", "an address is no name"),
    (r"^www\.|[^\W_]{2}\.(?:com|edu|io|net|org)\b", "an address is no name"),
    (r"^\w+_\w(?:_\d+)?$", "an identifier is no name; write it as a person does (A. Pan)"),
    (r"^(?:\d{4} ?){3}\d{3}[\dXx]$", "an ORCID is no name"),
    (r"(?i)^[a-z]+:(?=\S)|^(?:au|authors?):", 'a name has no fields: leave out "au:" and the like'),
    (r"(?i)\bet\.? +al\b", "leave out et al.; one name a string"),
    (
        r"(?i)\bet\.? +alii\b|\band others\b|\betc\b\.?$|\bu\. ?a\.$",
        "leave out the others; one name a string",
    ),
    (r";|\||[^\W\d_A-Z] ?/ ?\w|\w +/ +\w", "one name a string"),
    (
        rf"^(?:\w\.[ -]*)+\w[^,]+, *(?!{_SUFFIX})\w",
        "one name a string",
    ),
    (r"^(?:NOT|not|without|except) ", _EXCLUDED),
    (r"\S +(?:and|or|with|AND|OR|NOT|&&?|\+|und(?! zu )|et) +\S", "one name a string"),
    (r"^[A-CF-KMNP-Z] \w[^,]+, *[A-Z]\.? \w\w", "one name a string"),
    (r"^\w{2,} [A-Z]{1,2}, *\w{2,} [A-Z]{1,2}$", "one name a string"),
    (rf"^[^,]+,(?! *{_SUFFIX})[^,]+, *(?!{_SUFFIX})\w", "one name a string"),
    (r"^[!-]", _EXCLUDED),
    (r"\[.*\]", "leave out what stands in brackets, and write no expression"),
    (r"^\^|^[^$]*\$$", "there are no expressions in a name; initials and bare family names do"),
    (
        r"[†‡§¶]|\^\{?\d+\}?\$?$",
        "leave out the mark after it",
    ),
    (r" [-–—] +[A-Z]{2,}$", "leave out what stands after the dash"),
    (r"\?", "there is no ? in a name; initials and bare family names do (Z. Pan; Pan)"),
)
# Letters alone, and no word that parts names: nearly all names, and none of these mistakes.
_PLAIN_NAME = (
    r"(?!.*\b(?i:et|etc|al|alii|others|and|or|not|und|with|without|except|orcid)\b)"
    r"(?!.*\.(?:com|edu|io|net|org)\b)[A-Za-z]+\.?(?:[ -][A-Za-z]+\.?)*"
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
    rf"[^\W\d_a-z][^\W\d_]+ [^,]*[^\W\d_]{{2}}, *(?!{_SUFFIX})"
    r"(?:[^\W\d_]{2,} [^,.]*[^\W\d_]{2}|[A-Z]{3,})"
)


def odd_name(name: str) -> str | None:
    """What is odd in a wanted author, though somebody may be called so."""
    if re.fullmatch(r"""["'“„«‘].+["'”“»’]""", name):
        return "leave out the quotes within the quotes"
    if one := re.fullmatch(r"([^\W\d_]{2,}) ([A-DF-NP-Z])", name):
        return f"that is one of the family {one[2]}; of the family {one[1]}: {one[1]}, {one[2]}."
    if re.search(r"\w,? (?:19|20)\d\d$", name):
        return "leave out the year, unless a group is called so"
    if re.fullmatch(r"[^\W\d][\w.]* [^\W\d_]*[a-z] ?\d\d?", name):
        return "leave out the mark after it, unless a group is called so"
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
