"""Names of people and of groups: the ways in which each may be read."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from arxivdigest.text.folding import SECOND_LETTERS, fold
from arxivdigest.text.letters import decode

_SUFFIXES = frozenset("jr sr 2nd ii 3rd iii iv phd md".split())
_TITLES = frozenset(
    "dr prof professor mr mrs ms miss mme mlle herr frau sir dame rev dott mag ing dipl".split()
)
# What belongs to the family name after it, or may be missing: Laurens van der Maaten. They are read
# as given or middle names too, as in Bin Liu, Quang Van Tran.
_PARTICLES = frozenset(
    (
        "ad al ap ar as ash at az ben bin da dal dalla de degli dei del dell della delle den der"
        " des di do dos du el het ibn la le ten ter van vom von zu zum zur"
    ).split()
)
_TITLES_AND_WHAT_FOLLOWS = _TITLES | frozenset("rer nat habil".split())  # Dr. rer. nat.
_BESIDE_TITLES = (  # compiled where it is needed, as few names have any
    r"^(?:PD|Priv\.-?\s?Doz\.|Univ\.-|Jun\.-|apl\.|Assoc(?:\.|iate)?|Ass(?:is)?t(?:\.|ant)?"
    r"|Adj(?:\.|unct)|Visiting)\s*(?=Dr|Prof)|(?<=Professor )(?:E|e)meritus "
    r"|(?<=Dr\. )(?:(?:med|phil|jur|techn|theol|oec|h\. ?c|e\. ?h)\. ?)+"
)
_DEGREES = re.compile(
    r"(?:[,\s]+(?:Ph\. ?D|(?:M|Sc)\.D|D\.Phil|[MB]\.?Sc|Esq)\b\.?"
    r"|,\s*(?:Dr|Prof|PhD|MD)\b\.?)+\s*$"
)
_BETWEEN_NAMES = frozenset("y i e".split())  # Ortega y Gasset, Puig i Cadafalch
_HET = re.compile(r"\s?['’‘´`]t(?=\s|$)")  # van 't Hoff
_APOSTROPHE = r"(?<=\b[ODLodl])['’‘´`]\s+"  # O' Brien
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_MOST_OF_AN_ABBREVIATION = 5  # Alex., Chris.
_ELIDED = frozenset("odl")  # O Brien, d Arc: without a dot, they may be no initials
_MOST_INITIALS = 2  # of a person who is named by them alone
GROUPS = frozenset(
    "collaboration collaborations collab consortium team group project experiment".split()
)
_NO_NAMES = GROUPS | frozenset("dr prof professor mr mrs ms phd jr sr".split())
UNLIKE_OTHERS = GROUPS | _SUFFIXES
_BEFORE_GROUPS = re.compile(r"^(?:(?:for|on behalf of)\s+)?(?:the\s+)?", re.IGNORECASE)
_AND = r" (?:and|&) "  # the H1 and ZEUS Collaborations
_MOST_FAMILY_WORDS = 4
PLAIN = re.compile(r"[A-Za-z.,\- ]+")
_MARK = "\x1a"
# Of ae, oe, ue the second letter says what the dots would, save where it is Chinese (Xue, Yue) or
# ends the word (Bae), and after a vowel or before a last l (Bauer, Israel).
WRITTEN_OUT = re.compile(r"(?<![aeiouxyq])([aou])e(?!l\b)(?=\w)")
_SHOUTED = re.compile("[A-Z]{2,3}")
VOWELS = frozenset("aeiouy")
_NO_LETTERS = re.compile(rf"[\W_{_MARK}]")
_SECOND_LETTERS = SECOND_LETTERS.keys() | {"đ", "Đ"}  # Đorđević is Djordjevic too
_SECOND = re.compile(rf"([ou]){_MARK}")
Forms = frozenset[str]


class Word(NamedTuple):
    """A word of a name: the parts that hyphens join, and the forms it may be written in.

    A short one has a dot, and is the begin of a name, or a contraction: Yu. Ivanov, Wm. Ross.
    """

    parts: tuple[str, ...]
    forms: Forms
    is_short: bool = False

    @property
    def is_initial(self) -> bool:
        """Whether it is initials, and no name in full."""
        return len("".join(self.parts)) == len(self.parts)


class Reading(NamedTuple):
    """One way to read a name: given names, and a family name in its forms."""

    given: tuple[Word, ...]
    family: Forms


class Person(NamedTuple):
    """All ways to read a name; a bare one has families without given names before them."""

    readings: tuple[Reading, ...]
    bare: Forms = frozenset()
    whole: str = ""
    groups: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def person(written: str) -> Person:
    """The ways to read a name, in either order (`Ada M. Lovelace`; `Lovelace, Ada M.`)."""
    if not PLAIN.fullmatch(written):
        written = _HET.sub(" het", written)
        if any(f"{sign} " in written for sign in "'’‘´`"):
            written = re.sub(_APOSTROPHE, "'", written)
    marked = _marked(written)
    # A pattern that looks for an end costs most names more than three looks at them.
    if "," in marked or marked[-1:] == "." or ".D" in marked:
        marked = _DEGREES.sub("", marked)
    if "Dr" in marked or "Prof" in marked:
        marked = re.sub(_BESIDE_TITLES, "", marked)
    plain = marked.replace(_MARK, "").strip()
    groups = _groups(plain)
    if groups:
        return Person((), groups=groups)
    before, comma, after = marked.partition(",")
    words = _named(_words(before))
    for other in after.split(",") if comma else ():
        given = _named(_words(other, is_given=True, is_shouted=marked.isupper()))
        if not all(map(_is_suffix, given)):
            return _in_order(words, given)
    whole = plain.casefold()
    if whole.startswith(("the ", "for ", "on ")):
        whole = _BEFORE_GROUPS.sub("", whole)
    return _read(words, _letters(whole))


def _named(words: list[Word]) -> list[Word]:
    """The words of a name, without the titles before them and the suffixes after them."""
    while len(words) > 1 and words[-1].parts[0] in _SUFFIXES:
        words.pop()
    known = _TITLES
    while len(words) > 1 and words[0].parts[0] in known:
        words.pop(0)
        known = _TITLES_AND_WHAT_FOLLOWS
    return words


def is_name(written: str) -> bool:
    """Whether anybody may be called so: more than initials, and something of letters."""
    plain = written.casefold().replace(".", " ").split()
    if plain and _NO_NAMES.issuperset(plain[1:] if plain[:-1] and plain[0] == "the" else plain):
        return False
    if written.lstrip().startswith(","):
        return False
    one = person(written)
    if one.readings or one.groups:
        return True
    if not any(map(str.isalpha, one.whole)):
        return False
    if "." not in written:
        return len(one.whole) > 1
    is_group = " " not in written.strip() and len(one.whole) > _MOST_INITIALS  # H.E.S.S.
    return is_group or _TWO_LETTERS.search(written) is not None


def family_name(written: str) -> str:
    """The letters of the family name, with what belongs to it, where nobody says which it is."""
    before, comma, _ = _marked(written).partition(",")
    words = _words(before)
    while len(words) > 1 and _is_suffix(words[-1]):
        words.pop()
    start = 0 if comma else max(len(words) - 1, 0)
    while start > 1 and words[start - 1].parts[0] in _PARTICLES:
        start -= 1
    return "".join(part for word in words[start:] for part in word.parts)


def _groups(plain: str) -> tuple[str, ...]:
    """What names a collaboration, without the word, and each of those that it joins."""
    written = plain.casefold()
    if written.endswith(" coll."):  # without the dot it is a family name
        written = f"{written[:-1]}ab"
    if GROUPS.isdisjoint(written.replace(".", "").replace(",", "").split()):
        return ()
    core = [word for word in written.split() if word.strip(".,") not in GROUPS]
    if not core:
        return ()
    joined = " ".join(core)
    names = [_BEFORE_GROUPS.sub("", one) for one in (joined, *re.split(_AND, joined))]
    names += [one.removesuffix(" scientific") for one in names]  # LIGO's is called so
    return tuple(filter(None, dict.fromkeys(map(_letters, names))))


def _marked(written: str) -> str:
    """The name folded, with a sign after each letter that may be written with a second one."""
    if PLAIN.fullmatch(written):
        return written
    text = decode(written, symbols=True)
    if text.isascii():
        return fold(text).text
    folded = fold(text)
    return "".join(
        letter + (_MARK if text[slice(*folded.written(at, at + 1))] in _SECOND_LETTERS else "")
        for at, letter in enumerate(folded.text)
    )


def _words(text: str, *, is_given: bool = False, is_shouted: bool | None = None) -> list[Word]:
    """The words of a name; of given names alone, the last is as any other."""
    words: list[Word] = []
    everything = text.replace(".", ". ").replace(". -", "-")
    if is_shouted is None:
        is_shouted = not any(map(str.islower, everything))
    parts = everything.split()
    last = 0 if is_given else len(parts)
    for number, written in enumerate(parts, 1):
        word = written.strip(".")
        if not _letters(word) or (word in _BETWEEN_NAMES and 1 < number < last):
            continue
        if _SHOUTED.fullmatch(word) and not (
            (words and (word.casefold() in _SUFFIXES or number == last))  # Dezhi YU
            or (is_shouted and number == 1 and len(parts) > number + 1 and _is_title(word))
            or (is_shouted and not VOWELS.isdisjoint(word.lower()))
        ):
            words += [_word(letter)._replace(is_short=True) for letter in word]
        elif len(word) <= _MOST_OF_AN_ABBREVIATION and word != written:
            words.append(_word(word)._replace(is_short=True))
        else:
            words.append(_word(word))
    return words


@lru_cache(maxsize=4096)
def _word(written: str) -> Word:
    if written.isalpha() and written.isascii():
        plain = written.lower()
        return Word((plain,), frozenset((plain,)))
    parts = [part for part in written.casefold().split("-") if _letters(part)]
    forms = [_forms(part) for part in parts]
    joined = frozenset("".join(one) for one in product(*forms))
    return Word(tuple(_letters(part) for part in parts), joined)


def _letters(text: str) -> str:
    return text if text.isalnum() else _NO_LETTERS.sub("", text)


def _forms(part: str) -> Forms:
    """What the letters may be: with a second letter for an umlaut, and without."""
    plain = _letters(part)
    if _MARK not in part:
        return frozenset([plain])
    dotted = part.replace("a\x1a", "ae").replace("d\x1a", "dj")
    out = _letters(_SECOND.sub(r"\1e", dotted))
    ring = _letters(part.replace("a\x1a", "aa"))
    return frozenset([plain, out, ring])


def _family(words: Sequence[Word]) -> Forms:
    """The family name that the words make, together or apart; ü, ue and u are one in it."""
    if len(words) == 1:
        forms = words[0].forms
    else:  # of several, or of none: a name of signs alone
        forms = frozenset(map("".join, product(*(word.forms for word in words))))
    if "e" not in "".join(forms):  # as it is in what is written out
        return forms
    return forms.union(WRITTEN_OUT.sub(r"\1", one) for one in forms)


def _is_suffix(word: Word) -> bool:
    return word.parts[0] in _SUFFIXES


def _is_title(word: str) -> bool:
    return word.casefold() in _TITLES


def _is_elided(word: Word) -> bool:
    """Whether it belongs to the name after it, though a blank parts them: O Brien, d Arc."""
    return word.parts[0] in _ELIDED and len(word.parts) == 1 and not word.is_short


def _in_order(family: list[Word], given: list[Word]) -> Person:
    """The person whose family name is known to be that."""
    without = [*family]
    while len(without) > 1 and without[0].parts[0] in _PARTICLES:
        without.pop(0)
    whole = [*given]
    particles: list[Word] = []
    while len(whole) > 1 and whole[-1].parts[0] in _PARTICLES:
        particles.insert(0, whole.pop())
    families = {_family(family), _family(without), _family([*particles, *family])}
    return Person(tuple(Reading(tuple(names), one) for one in families for names in (given, whole)))


def _read(words: list[Word], whole: str) -> Person:
    """The ways to read words in their natural order: the last ones are the family name."""
    readings = []
    before = words[:-1]
    for count in range(1, min(len(words), _MOST_FAMILY_WORDS + 1)):
        given, family = tuple(words[:-count]), words[-count:]
        if any(word.is_initial for word in family) and (count > 1 or not _is_letter(words)):
            break
        readings.append(Reading(given, _family(family)))
        first = family[0]
        if count == 1 and len(first.parts) > 1 and first.parts[0] in _PARTICLES:
            without = Word(first.parts[1:], frozenset(["".join(first.parts[1:])]))
            readings.append(Reading(given, _family([without])))
    if before and _is_elided(before[-1]) and not words[-1].is_initial:
        before.pop()
        if before:
            readings.append(Reading(tuple(before), _family(words[-2:])))
    bare: Forms = frozenset()
    if words and not any(word.is_initial for word in before):
        bare = _family(words)
    return Person(tuple(readings), bare, whole)


def _is_letter(words: list[Word]) -> bool:
    """Whether a last letter alone is a family name: Haihong E, W. E."""
    *before, last = words
    return not before[0].is_initial or (not last.is_short and all(word.is_short for word in before))
