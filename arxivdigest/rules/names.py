"""People's names: whether two writings can be of one person."""

import re
from functools import lru_cache
from typing import NamedTuple

from arxivdigest.text.folding import fold

_SUFFIXES = frozenset("jr sr ii iii iv".split())
# What belongs to the family name after it: Laurens van der Maaten, Maria de la Cruz.
_PARTICLES = frozenset(
    "al ap bin da dal de del della der di do dos du el la le van von zu zur".split()
)
_INITIALS = re.compile(r"[A-Z]{2,3}$")


class Name(NamedTuple):
    """A name folded and in lower case, in words; a bare family name has no given names."""

    given: tuple[str, ...]
    family: tuple[str, ...]


@lru_cache(maxsize=16384)
def parse(written: str) -> Name:
    """The name, written in either order (`Ada M. Lovelace`; `Lovelace, Ada M.`)."""
    family, comma, given = fold(written).text.partition(",")
    if comma and not all(word in _SUFFIXES for word in _words([given])):
        return Name(_given(given.split()), _words([family]))
    words = (family.replace(".", ". ") if comma else fold(written).text.replace(".", ". ")).split()
    while len(words) > 1 and words[-1].casefold().strip(".") in _SUFFIXES:
        words.pop()
    start = max(len(words) - 1, 0)
    while start > 0 and words[start - 1].casefold() in _PARTICLES:
        start -= 1
    return Name(_given(words[:start]), _words(words[start:]))


def _given(words: list[str]) -> tuple[str, ...]:
    """Given names; initials written together (JR) come apart."""
    apart: list[str] = []
    for word in words:
        apart += list(word) if _INITIALS.match(word) else [word]
    return tuple(word for word in _words(apart) if word not in _SUFFIXES)


def _words(words: list[str]) -> tuple[str, ...]:
    text = " ".join(words).casefold().replace("'", "")
    return tuple(re.findall(r"[^\s.,\-]+", text))


def same_person(wanted: str, author: str) -> bool:
    """Whether an author may be the wanted person.

    The family names agree. Given names agree in order, an initial standing for a name; either side
    may lack middle names. A wanted bare family name agrees with everyone who has it.
    """
    asked, found = parse(wanted), parse(author)
    if not asked.given:
        return bool(asked.family) and found.family[-len(asked.family) :] == asked.family
    if asked.family == found.family:
        return _given_agree(asked.given, found.given)
    return _agree_regrouped(asked, found) or _agree_regrouped(found, asked)


def _agree_regrouped(one: Name, other: Name) -> bool:
    """Whether they agree with as many words for family name (García-López, García López)."""
    missing = len(one.family) - len(other.family)
    if not 0 < missing < len(other.given):
        return False
    family = (*other.given[-missing:], *other.family)
    return family == one.family and _given_agree(one.given, other.given[:-missing])


def _given_agree(asked: tuple[str, ...], found: tuple[str, ...]) -> bool:
    if not asked or not found:
        return False
    if "".join(asked) == "".join(found):  # Xiao-Ming, Xiaoming
        return True
    shorter, longer = sorted((asked[1:], found[1:]), key=len)
    rest = iter(longer)
    in_order = all(any(_agree(name, other) for other in rest) for name in shorter)
    return _agree(asked[0], found[0]) and in_order


def _agree(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) == 1 and one[0] == other[0])
