"""Which subjects a person means who writes what is no label of one."""

import re
from itertools import chain

from arxivdigest.arxiv.taxonomy import ARCHIVES, CATEGORIES, Subject, search, successor

_MOST = 5
_FEW = 2
_LONGEST = 100
_CONJUNCTION = re.compile(r"\s+(?:and|or)\s+|[/&+;|]")
_BLANK_OR_SIGN = re.compile(r"[\s/&+;|]+")
_LABEL = re.compile(r"[a-z-]+\.[a-z-]+|[a-z]+-[a-z]+")
_OF_NO_MEANING = ("and", "the", "for")


def _active() -> dict[str, Subject]:
    known = (*ARCHIVES.values(), *CATEGORIES.values())
    return {one.id: one for one in known if not one.alias_of}


def meant(words: str) -> list[str]:
    """The subjects that are most likely meant, a few at the most, the likeliest first.

    By a full name, the end of a label (`ML`), its letters (`csDC`, `math.*`), labels among other
    words, all that stands beside `and`, words of names, and single words.
    """
    wanted = words.strip().lower()[:_LONGEST]
    ways = (_exactly, _among, _each_beside_and, _mistyped_label, _named_like, _search, _each_word)
    likely = next(filter(None, (way(wanted) for way in ways)), [])
    return list(dict.fromkeys(likely))[:_MOST]


def _exactly(wanted: str) -> list[str]:
    moved = successor(wanted)
    names = [one.id for one in _active().values() if one.name.lower() == wanted]
    ends = [one for one in _active() if one.lower().endswith(f".{wanted}")]
    bare = _letters(wanted)
    spelt = [one for one in _active() if bare and _letters(one.lower()) == bare]
    return [moved] if moved else names or ends or spelt


def _letters(label: str) -> str:
    return re.sub(r"[^a-z]", "", label)


def _among(wanted: str) -> list[str]:
    """The labels in what is written, where all of it is labels, or they are no words as well."""
    by_lower_case = {one.lower(): one for one in _active()}
    parts = [part.strip("()[].,:\"'") for part in _BLANK_OR_SIGN.split(wanted)]
    labels = [part for part in parts if part in by_lower_case]
    is_all = len(labels) == len(parts)
    return [by_lower_case[one] for one in labels if is_all or not one.isalpha()]


def _each_beside_and(wanted: str) -> list[str]:
    parts = [part for part in _CONJUNCTION.split(wanted) if part.strip()]
    each = [meant(part) for part in parts if len(parts) > 1]
    return list(chain(*each)) if all(each) else []


def _mistyped_label(wanted: str) -> list[str]:
    from arxivdigest.text import closest

    by_lower_case = {one.lower(): one for one in _active()}
    near = closest(wanted, by_lower_case, cutoff=0.7) if _LABEL.fullmatch(wanted) else None
    return [by_lower_case[near]] if near else []


def _named_like(wanted: str) -> list[str]:
    """The subjects whose names have words that begin as each that is wanted, or nearly are it.

    Not those within an archive that is one of them; those whose name begins so come first.
    """
    by_words = {one.id: re.findall(r"\w+", one.name.lower()) for one in _active().values()}
    every = sorted(set(chain(*by_words.values())))
    asked = [one for one in re.findall(r"\w{3,}", wanted) if one not in _OF_NO_MEANING]
    beginnings = [_beginning(one, every) for one in asked]
    if not all(beginnings) or not beginnings:
        return []
    found = [
        one
        for one, words in by_words.items()
        if all(any(word.startswith(part) for word in words) for part in beginnings)
    ]
    outer = [one for one in found if one.partition(".")[0] not in set(found) - {one}]
    return sorted(outer, key=lambda one: not by_words[one][0].startswith(beginnings[0]))


def _beginning(word: str, every: list[str]) -> str:
    """The word where any of them begins so, or else the one that is nearly it."""
    from arxivdigest.text import closest

    is_one = any(one.startswith(word) for one in every)
    return word if is_one else closest(word, every, cutoff=0.8) or ""


def _search(wanted: str) -> list[str]:
    return [one.id for one in search(wanted) if not one.alias_of and len(wanted) > 1]


def _each_word(wanted: str) -> list[str]:
    """What single words mean, where that is not too much."""
    parts = [part for part in _BLANK_OR_SIGN.split(wanted) if part]
    each = [meant(part) for part in parts if len(parts) > 1]
    return [one for ids in each if len(ids) <= _FEW for one in ids]
