"""A second matcher, with plain `re` and nothing of the project's rules: what the first is held to.

It reads no TeX: entries that have some are not for it. Of names it knows what generated rules ask
for: a bare family name, and one or two given names, in full or as initials.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from arxivdigest.model import Entry

TEX = re.compile(r"[\\$_^{}~`]|''")
_LETTERS = {
    **dict(zip("øØłŁđĐħıȷðÐŋŊ", "oOlLdDhijdDnN", strict=True)),
    "ß": "ss",
    "ẞ": "SS",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "Œ": "OE",
    "þ": "th",
    "Þ": "Th",
}
_GREEK = re.compile(r"GREEK (SMALL|CAPITAL) LETTER (?:FINAL )?([A-Z]+)$")


def folded(text: str) -> str:
    """The text without accents and quotes, with one dash, in Latin letters."""
    text = re.sub("[“”„«»\"‘‚″™®©\u00ad\u200b]|(?<![^\\W_])['’]|['’](?![^\\W_(])", "", text)
    plain = "".join(map(_folded, unicodedata.normalize("NFKD", text)))
    return re.sub(r"\s", " ", plain)


def _folded(character: str) -> str:
    if unicodedata.category(character) == "Mn":
        return ""
    if unicodedata.category(character) == "Pd" or character == "−":
        return "-"
    greek = _GREEK.match(unicodedata.name(character, ""))
    if greek:
        return greek[2].lower() if greek[1] == "SMALL" else greek[2].capitalize()
    return "'" if character == "’" else _LETTERS.get(character, character)


@cache
def pattern(keyword: str, *, case: bool) -> re.Pattern[str]:
    """What finds a keyword in folded text."""
    flags = re.ASCII if case else re.ASCII | re.IGNORECASE
    if keyword.startswith("/"):
        return re.compile(keyword[1:-1], flags)
    written = keyword.strip("*").strip()
    parts = []
    for character in re.sub("[ -]+", " ", written):
        escaped = re.escape(folded(character) or "")
        if character in "äöüÄÖÜøØ":
            escaped += "[eE]?"
        parts.append("[ -]+" if character == " " else escaped)
    begin = r"(?<!\w)" if written[0].isalnum() else rf"(?<!{re.escape(written[0])})"
    end = r"(?!\w)" if written[-1].isalnum() else rf"(?!{re.escape(written[-1])})"
    if written[0].isdecimal():  # a part of a number is none: 5 in 1.5, 500 in 1,500
        thousands = re.match(r"\d{3}(?!\d)", written)
        begin += r"(?<!\d\.)" + (r"(?<!\d,)" if thousands else "")
    if written[-1].isdecimal():
        end += r"(?!\.\d|,\d{3}(?!\d))"
    begin, end = begin * (keyword[0] != "*"), end * (keyword[-1] != "*")
    return re.compile("".join([begin, *parts, end]), flags)


def same(wanted: str, author: str) -> bool:
    """Whether an author may be the wanted person: `Family`, `G. Family` or `Given Family`."""
    *given, family = _names(wanted)
    names = _names(author)
    for count in range(1, len(names)):
        if count > 1 and len(names[-count]) == 1:  # an initial is no part of a family name
            break
        if "".join(names[-count:]) == family:
            return not given or _begins(given, names[:-count])
    return False


def _names(written: str) -> list[str]:
    return re.sub("[-'’]", "", folded(written).lower()).replace(".", " ").split()


def _begins(given: Sequence[str], names: Sequence[str]) -> bool:
    one, other = given[0], names[0]
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])


@cache
def field(entry: Entry, name: str) -> str:
    """The folded text of a field."""
    if name == "authors":
        return folded("; ".join(entry.authors))
    return folded(getattr(entry, name) or "")


def holds(rule: Mapping[str, Any], entry: Entry) -> bool:
    """Whether every condition of a rule, as it stands in TOML, holds for an entry."""
    texts = [field(entry, name) for name in rule.get("in", ["title", "abstract"])]
    case = rule.get("case", False)

    def found(keyword: str) -> bool:
        return any(map(pattern(keyword, case=case).search, texts))

    categories = entry.categories[:1] if rule.get("primary") else entry.categories
    return (
        ("any" not in rule or any(map(found, rule["any"])))
        and all(map(found, rule.get("all", ())))
        and not any(map(found, rule.get("none", ())))
        and (
            "authors" not in rule
            or any(same(wanted, author) for wanted in rule["authors"] for author in entry.authors)
        )
        and ("subjects" not in rule or _is_of(rule["subjects"], categories))
        and entry.announce_type in rule.get("announce", [entry.announce_type])
    )


_ALIASES = {"cs.IT": "math.IT", "math-ph": "math.MP", "stat.TH": "math.ST", "cs.NA": "math.NA"}
_ALIASES |= {"eess.SY": "cs.SY", "q-fin.EC": "econ.GN"}


def _is_of(patterns: Iterable[str], categories: Iterable[str]) -> bool:
    """Whether one is meant; of two names for a category, as math.IT and cs.IT, either counts."""
    names = {**_ALIASES, **{alias: name for name, alias in _ALIASES.items()}}
    categories = [*categories]
    categories += [names[one] for one in categories if one in names]
    return any(
        re.fullmatch(re.escape(pattern).replace(r"\*", ".*") + r"(\..*)?", category)
        for pattern in patterns
        for category in categories
    )


def judged(
    rules: Sequence[Mapping[str, Any]], min_score: float, entry: Entry
) -> tuple[tuple[str, ...], float, bool]:
    """Which rules ask for an entry, its score, and whether it is selected."""
    held = [rule for rule in rules if holds(rule, entry)]
    asking = [rule for rule in held if not rule.get("exclude")]
    score = sum(round(rule.get("weight", 1) * 10) for rule in asking) / 10
    asks = any(not rule.get("exclude") for rule in rules)
    is_selected = len(asking) == len(held) and (not asks or (bool(held) and score >= min_score))
    return tuple(rule["name"] for rule in asking), score, is_selected
