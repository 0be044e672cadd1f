"""Wanted people looked for among authors: who of many may be a given one."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple, TypeVar

from arxivdigest.text.folding import SECOND_LETTERS, fold
from arxivdigest.text.letters import decode

_SUFFIXES = frozenset("jr sr ii iii iv phd md".split())
_TITLES = frozenset("dr prof professor mr mrs ms sir dame mag ing dipl".split())
# What belongs to the family name after it, or may be missing: Laurens van der Maaten. They are read
# as given or middle names too, as in Bin Liu, Quang Van Tran.
_PARTICLES = frozenset(
    (
        "al ap ben bin da dal de del della den der di do dos du el het ibn la le ter van von zu zur"
    ).split()
)
_TITLES_AND_WHAT_FOLLOWS = _TITLES | frozenset("rer nat habil".split())  # Dr. rer. nat.
_DEGREES = re.compile(
    r"(?:[,\s]+(?:Ph\. ?D|(?:M|Sc)\.D|D\.Phil|[MB]\.?Sc|Esq)\b\.?"
    r"|,\s*(?:Dr|Prof|PhD|MD)\b\.?)+\s*$"
)
_BETWEEN_NAMES = frozenset("y i e".split())  # Ortega y Gasset, Puig i Cadafalch
_HET = re.compile(r"\s?['’‘´`]t(?=\s)")  # van 't Hoff
_TWO_LETTERS = re.compile(r"[^\W\d_]{2}")
_MOST_OF_AN_ABBREVIATION = 3
_MOST_INITIALS = 2  # of a person who is named by them alone
_GROUPS = frozenset("collaboration collaborations consortium team group project experiment".split())
_UNLIKE_OTHERS = _GROUPS | _SUFFIXES
_BEFORE_GROUPS = re.compile(r"^(?:(?:for|on behalf of)\s+)?(?:the\s+)?", re.IGNORECASE)
_MOST_FAMILY_WORDS = 4
_PLAIN = re.compile(r"[A-Za-z.,\- ]+")
_MARK = "\x1a"
# Of ae, oe, ue the second letter says what the dots would, save where it is Chinese (Xue, Yue) or
# ends the word (Bae), and after a vowel or before a last l (Bauer, Israel).
_WRITTEN_OUT = re.compile(r"(?<![aeiouxyq])([aou])e(?!l\b)(?=\w)")
_SHOUTED = re.compile("[A-Z]{2,3}")
_NO_LETTERS = re.compile(rf"[\W_{_MARK}]")
_SECOND = re.compile(rf"([ou]){_MARK}")
Forms = frozenset[str]
Item = TypeVar("Item")


class Word(NamedTuple):
    """A word of a name: the parts that hyphens join, and the forms it may be written in.

    A short one is the begin of a name, with a dot: Yu. Ivanov, Ch. Roy.
    """

    parts: tuple[str, ...]
    forms: Forms
    is_short: bool = False

    @property
    def is_initial(self) -> bool:
        """Whether it is initials, and no name in full."""
        return all(len(part) == 1 for part in self.parts)


class Reading(NamedTuple):
    """One way to read a name: given names, and a family name in its forms."""

    given: tuple[Word, ...]
    family: Forms


class Person(NamedTuple):
    """All ways to read a name; a bare one has families without given names before them."""

    readings: tuple[Reading, ...]
    bare: Forms = frozenset()
    whole: str = ""
    group: str | None = None


@lru_cache(maxsize=4096)
def person(written: str) -> Person:
    """The ways to read a name, in either order (`Ada M. Lovelace`; `Lovelace, Ada M.`)."""
    marked = _marked(written if _PLAIN.fullmatch(written) else _HET.sub(" het", written))
    # A pattern that looks for an end costs most names more than three looks at them.
    if "," in marked or marked[-1:] == "." or ".D" in marked:
        marked = _DEGREES.sub("", marked)
    plain = marked.replace(_MARK, "").strip()
    group = _group(plain)
    if group is not None:
        return Person((), group=group)
    before, comma, after = marked.partition(",")
    words = _named(_words(before))
    for other in after.split(",") if comma else ():
        given = _named(_words(other, is_given=True))
        if not all(map(_is_suffix, given)):
            return _in_order(words, given)
    return _read(words)._replace(whole=_letters(plain.casefold()))


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
    one = person(written)
    if one.readings or one.group:
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


def _group(plain: str) -> str | None:
    """What names a collaboration, without the word; None for what is none."""
    if _GROUPS.isdisjoint(plain.casefold().replace(".", "").replace(",", "").split()):
        return None
    words = _BEFORE_GROUPS.sub("", plain).casefold().split()
    core = [word for word in words if word.strip(".,") not in _GROUPS]
    if len(core) == len(words) or not core:
        return None
    return _letters("".join(core))


def _marked(written: str) -> str:
    """The name folded, with a sign after each letter that may be written with a second one."""
    if _PLAIN.fullmatch(written):
        return written
    text = decode(written, symbols=True)
    if text.isascii():
        return fold(text).text
    folded = fold(text)
    return "".join(
        letter + (_MARK if text[slice(*folded.written(at, at + 1))] in SECOND_LETTERS else "")
        for at, letter in enumerate(folded.text)
    )


def _words(text: str, *, is_given: bool = False) -> list[Word]:
    """The words of a name; of given names alone, the last is as any other."""
    words: list[Word] = []
    everything = text.replace(".", ". ").replace(". -", "-")
    is_shouted = not any(map(str.islower, everything))
    parts = everything.split()
    last = 0 if is_given else len(parts)
    for number, written in enumerate(parts, 1):
        word = written.strip(".")
        if not _letters(word) or (word in _BETWEEN_NAMES and 1 < number < last):
            continue
        if _SHOUTED.fullmatch(word) and not (
            (words and (word.casefold() in _SUFFIXES or number == last))  # Dezhi YU
            or (is_shouted and set(word) & set("AEIOUY"))
        ):
            words += [_word(letter) for letter in word]
        elif 1 < len(word) <= _MOST_OF_AN_ABBREVIATION and word != written:
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
    out = _letters(_SECOND.sub(r"\1e", part.replace("a\x1a", "ae")))
    ring = _letters(part.replace("a\x1a", "aa"))
    return frozenset([plain, out, ring])


def _family(words: Sequence[Word]) -> Forms:
    """The family name that the words make, together or apart; ü, ue and u are one in it."""
    if len(words) == 1 and "e" not in words[0].parts[0]:
        return words[0].forms
    joined = map("".join, product(*(word.forms for word in words)))
    return frozenset(form for one in joined for form in (one, _WRITTEN_OUT.sub(r"\1", one)))


def _is_suffix(word: Word) -> bool:
    return word.parts[0] in _SUFFIXES


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


def _read(words: list[Word]) -> Person:
    """The ways to read words in their natural order: the last ones are the family name."""
    readings = []
    for count in range(1, min(len(words), _MOST_FAMILY_WORDS + 1)):
        given, family = tuple(words[:-count]), words[-count:]
        if any(word.is_initial for word in family) and (count > 1 or words[0].is_initial):
            break  # but for one letter alone, as in Haihong E
        readings.append(Reading(given, _family(family)))
        first = family[0]
        if count == 1 and len(first.parts) > 1 and first.parts[0] in _PARTICLES:
            without = Word(first.parts[1:], frozenset(["".join(first.parts[1:])]))
            readings.append(Reading(given, _family([without])))
    bare: Forms = frozenset()
    if words and not any(word.is_initial for word in words[:-1]):
        bare = _family(words)
    return Person(tuple(readings), bare)


class People:
    """Wanted people, by their family names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._families: dict[str, list[tuple[str, Reading | None]]] = defaultdict(list)
        self._groups: dict[str, list[str]] = defaultdict(list)
        self._ends: set[str] = set()
        self._order: dict[str, int] = {}
        for name in names:
            if name not in self._order:
                self._order[name] = len(self._order)
                self._add(name, person(name))

    def _add(self, name: str, one: Person) -> None:
        if one.group is not None:
            self._groups[one.group].append(name)
            return
        for reading in one.readings:
            for form in reading.family:
                self._families[form].append((name, reading))
                self._ends.update(form[at:] for at in range(len(form)))
        for form in one.bare:
            self._families[form].append((name, None))
            self._ends.update(form[at:] for at in range(len(form)))
        self._groups[one.whole].append(name)
        if not one.readings:
            self._ends.update(one.whole[at:] for at in range(len(one.whole)))

    def among(self, author: str) -> list[str]:
        """Which of the wanted people the author may be, in the order they were given."""
        if _PLAIN.fullmatch(author) and not self._may_end(author.lower()):
            return []
        found = self._found(person(author))
        return sorted(found, key=self._order.__getitem__) if len(found) > 1 else [*found]

    def _may_end(self, author: str) -> bool:
        """Whether the author's last words, together or apart, may be a wanted family name."""
        words = author.split(" ")
        if not _GROUPS.isdisjoint(words):
            return True
        joined = ""
        for word in reversed(words):
            joined = word + joined
            if joined in self._families or not joined.isalpha() or joined in _UNLIKE_OTHERS:
                return True
            if joined not in self._ends:
                return _WRITTEN_OUT.search(joined) is not None
        return joined in self._groups

    def _found(self, author: Person) -> set[str]:
        if author.group is not None:
            return set(self._groups.get(author.group, ()))
        found = set()
        for reading in author.readings:
            for form in reading.family:
                for name, wanted in self._families.get(form, ()):
                    if wanted is None or _given_agree(wanted.given, reading.given):
                        found.add(name)
        if not author.readings:  # one word alone: a whole name, as 王小明 is, or a group's
            for form in author.bare:
                found |= {name for name, wanted in self._families.get(form, ()) if wanted is None}
        if not (author.readings and author.whole.isascii()):  # 王 小明
            found |= set(self._groups.get(author.whole, ()))
        return found


def same_person(wanted: str, author: str) -> bool:
    """Whether an author may be the wanted person.

    The family names agree. Given names agree in order, an initial standing for a name; either side
    may lack middle names. A wanted bare family name agrees with everyone who has it.
    """
    return bool(People([wanted]).among(author))


def _given_agree(asked: tuple[Word, ...], found: tuple[Word, ...]) -> bool:
    if not asked or not found or asked[0].parts[0][0] != found[0].parts[0][0]:
        return False
    if not _joined(asked).isdisjoint(_joined(found)):  # Xiao-Ming, Xiaoming
        return True
    if all(word.is_initial for word in asked) or all(word.is_initial for word in found):
        one, other = _initials(asked), _initials(found)
        return one[0] == other[0] and _in_turn(one[1:], other[1:], str.__eq__)
    return _agree(asked[0], found[0]) and _in_turn(asked[1:], found[1:], _agree)


def _joined(words: tuple[Word, ...]) -> Forms:
    return frozenset(map("".join, product(*(word.forms for word in words))))


def _initials(words: tuple[Word, ...]) -> list[str]:
    return [part[0] for word in words for part in word.parts]


def _in_turn(
    one: Sequence[Item], other: Sequence[Item], agree: Callable[[Item, Item], bool]
) -> bool:
    """Whether all of the shorter agree, in turn, with some of the longer."""
    shorter, longer = sorted((one, other), key=len)
    rest = iter(longer)
    return all(any(agree(name, other) for other in rest) for name in shorter)


def _agree(one: Word, other: Word) -> bool:
    if one.is_initial or other.is_initial:
        return all(mine[0] == yours[0] for mine, yours in zip(one.parts, other.parts, strict=False))
    if (one.is_short and other.parts[0].startswith(one.parts[0])) or (
        other.is_short and one.parts[0].startswith(other.parts[0])
    ):
        return True
    return not one.forms.isdisjoint(other.forms)
