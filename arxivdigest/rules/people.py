"""Wanted people looked for among authors: who of many may be a given one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import product
from typing import TypeVar

from arxivdigest.rules.names import (
    GROUPS,
    PLAIN,
    UNLIKE_OTHERS,
    VOWELS,
    WRITTEN_OUT,
    Forms,
    Person,
    Reading,
    Word,
    person,
)

Item = TypeVar("Item")


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
        families: list[tuple[str, Reading | None]] = []
        families += [(form, reading) for reading in one.readings for form in reading.family]
        families += [(form, None) for form in one.bare]
        for form, reading in families:
            self._families[form].append((name, reading))
        whole = one.groups[0] if one.groups else one.whole
        self._groups[whole].append(name)
        for end in (*(form for form, _ in families), *(() if one.readings else (whole,))):
            self._ends.update(end[at:] for at in range(len(end)))

    def among(self, author: str) -> list[str]:
        """Which of the wanted people the author may be, in the order they were given."""
        # Most are nobody's, which their last words tell; before a comma stands the family name.
        is_in_order = PLAIN.fullmatch(author) and "," not in author
        if is_in_order and not self._may_end(author.lower()):
            return []
        found = self._found(person(author))
        return sorted(found, key=self._order.__getitem__) if len(found) > 1 else [*found]

    def _may_end(self, author: str) -> bool:
        """Whether the author's last words, together or apart, may be a wanted family name."""
        words = author.split(" ")
        if not GROUPS.isdisjoint(words):
            return True
        joined = ""
        for word in reversed(words):
            joined = word + joined
            if joined in self._families or not joined.isalpha() or joined in UNLIKE_OTHERS:
                return True
            if joined not in self._ends:
                return WRITTEN_OUT.search(joined) is not None
        return joined in self._groups

    def _found(self, author: Person) -> set[str]:
        if author.groups:
            return {name for group in author.groups for name in self._groups.get(group, ())}
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
    if _agree(asked[0], found[0]) and _in_turn(asked[1:], found[1:], _agree):
        return True
    return _pairs_agree(asked, found)


def _pairs_agree(asked: tuple[Word, ...], found: tuple[Word, ...]) -> bool:
    """Whether they do part by part, whichever are hyphened: Marie-Claire, Marie C., M.-Claire."""
    mine = [part for word in asked for part in word.parts]
    yours = [part for word in found for part in word.parts]
    return len(mine) == len(yours) > 1 and all(
        one == other or (1 in (len(one), len(other)) and one[0] == other[0])
        for one, other in zip(mine, yours, strict=True)
    )


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
    if _shortens(one, other) or _shortens(other, one):
        return True
    return not one.forms.isdisjoint(other.forms)


def _shortens(one: Word, other: Word) -> bool:
    """Whether one is the begin of the other, or a contraction: Wm., Md., Chas."""
    short, long = one.parts[0], other.parts[0]
    if not one.is_short:
        return False
    return long.startswith(short) or (
        long.endswith(short[-1])
        and (len(short) > len("Yu") or VOWELS.isdisjoint(short))
        and _in_turn(short, long, str.__eq__)
    )
