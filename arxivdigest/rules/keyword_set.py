"""Many keywords looked for in a text at once, at a cost that hardly grows with their number."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from arxivdigest.rules.engine import quiet, re2
from arxivdigest.rules.keywords import Keyword, is_plain
from arxivdigest.rules.re2_syntax import Finder, pattern
from arxivdigest.text import SEAM

if TYPE_CHECKING:
    from arxivdigest.rules.keyword_index import Index

# So many keywords are one `re2.Set`, which is quickest for few. For more, an index of their words
# is: a Set of 5,000 phrases takes 0.3 ms a text, as it makes new states nearly everywhere.
_MOST_IN_A_SET = 1500
_ANCHOR = r"[\^$]|\\[AzZ]"
_SEAM = SEAM.encode()


class KeywordSet:
    """Keywords looked for together; the cost is linear in the text, whatever a user writes."""

    def __init__(self, keywords: Iterable[Keyword]) -> None:
        self._keywords = tuple(dict.fromkeys(keywords))
        self._finder = lru_cache(maxsize=256)(Finder)  # one may take 64 KiB

    @cached_property
    def _engines(self) -> "tuple[Index | _Set | _Alone, ...]":
        if len(self._keywords) <= _MOST_IN_A_SET:
            return tuple(_sets(self._keywords))
        from arxivdigest.rules.keyword_index import Index

        index = Index(self._keywords, self._finder)
        return (index, *_sets(index.unfit))

    def hits(self, folded: str | bytes) -> frozenset[Keyword]:
        """The keywords that hit the folded text."""
        if not self._keywords or not folded:
            return frozenset()
        text = folded.encode() if isinstance(folded, str) else folded
        faces = text.split(_SEAM)
        return frozenset(
            one for engine in self._engines for face in faces for one in engine.hits(face)
        )

    def found_in(self, texts: Sequence[bytes]) -> list[int]:
        """Where among these folded texts, in UTF-8, any keyword may hit a part of the text.

        The parts are lines, or parted by a seam. An expression that asks for the begin or the end
        of a text could miss them in the whole, and so with one every text counts.
        """
        if not self._keywords:
            return []
        if any(re.search(_ANCHOR, one.text) for one in self._keywords if one.is_expression):
            return list(range(len(texts)))
        engines = self._engines
        if len(engines) == 1:
            any_hit = engines[0].any_hit
            return [at for at, text in enumerate(texts) if any_hit(text)]
        return [
            at for at, text in enumerate(texts) if any(engine.any_hit(text) for engine in engines)
        ]

    def spans(self, hit: Keyword, folded: str) -> Iterator[tuple[int, int]]:
        """Where in the folded text the keyword hits, in order, none within another."""
        return self._finder(hit).spans(folded)


class _Set:
    """Keywords in one `re2.Set`."""

    def __init__(self, compiled: Any, keywords: Sequence[Keyword], *, is_lower: bool) -> None:  # noqa: ANN401 - untyped
        self._keywords = keywords
        match = compiled.Match
        self.any_hit = (lambda text: match(text.lower())) if is_lower else match

    def hits(self, text: bytes) -> Iterator[Keyword]:
        """The keywords that hit the text."""
        found = self.any_hit(text) or ()
        # A text may hold what only the probe looks for, which is no keyword.
        return (self._keywords[at] for at in found if at < len(self._keywords))


class _Alone:
    """A keyword that is too large for a Set."""

    def __init__(self, one: Keyword) -> None:
        self._one = one
        self.any_hit = Finder(one).hits

    def hits(self, text: bytes) -> Iterator[Keyword]:
        """The keyword, if it hits the text."""
        if self.any_hit(text):
            yield self._one


_PROBE = "\0\0"
# A Set has 8 MiB for all its patterns (RE2's `max_mem`), which is about so many instructions of
# compiled ones; to find out by failing takes up to a second each time.
_MOST_INSTRUCTIONS = 100_000
_INSTRUCTIONS_OF_A_CLASS = 700  # such as \pL, in UTF-8


# Of so many words, patterns in lower case are made in half the time of those that heed no case, and
# each text is put into lower case for them.
_WORTH_LOWERING = 300


def _sets(keywords: Sequence[Keyword]) -> "Iterator[_Set | _Alone]":
    """As few Sets as can hold the keywords, and those alone that none can."""
    plain = [one for one in keywords if is_plain(one)] if len(keywords) > _WORTH_LOWERING else []
    if len(plain) > _WORTH_LOWERING:
        yield from _grouped(plain, is_lower=True)
        keywords = [one for one in keywords if not is_plain(one)]
    yield from _grouped(keywords)


def _grouped(keywords: Sequence[Keyword], *, is_lower: bool = False) -> "Iterator[_Set | _Alone]":
    group: list[tuple[Keyword, str]] = []
    total = 0
    for one in keywords:
        written = pattern(one)
        if is_lower:
            written = written.removeprefix("(?i)").lower()
        size = _instructions(one, written)
        if group and total + size > _MOST_INSTRUCTIONS:
            too_large = total > _MOST_INSTRUCTIONS
            yield from _compiled(group, is_too_large=too_large, is_lower=is_lower)
            group, total = [], 0
        group.append((one, written))
        total += size
    if group:
        too_large = total > _MOST_INSTRUCTIONS
        yield from _compiled(group, is_too_large=too_large, is_lower=is_lower)


def _instructions(one: Keyword, written: str) -> int:
    if one.is_expression:
        size: int = re2().compile(written, quiet()).programsize
        return size
    return len(written) + _INSTRUCTIONS_OF_A_CLASS * written.count(r"\p")


def _compiled(
    group: Sequence[tuple[Keyword, str]], *, is_too_large: bool = False, is_lower: bool
) -> "Iterator[_Set | _Alone]":
    """One Set of the keywords and their patterns, or several where it cannot hold them.

    One that is over says so when it is compiled, or only by finding nothing (RE2 logs "DFA out of
    memory"): so it is asked for what it must find.
    """
    whole = re2().Set.SearchSet(quiet())
    works = not is_too_large
    try:
        for one in (*(written for _, written in group), _PROBE) if works else ():
            whole.Add(one)
        if works:
            whole.Compile()
            works = whole.Match(_PROBE) is not None
    except re2().error:
        works = False
    if works:
        yield _Set(whole, [one for one, _ in group], is_lower=is_lower)
    elif len(group) == 1:
        yield _Alone(group[0][0])
    else:
        half = len(group) // 2
        yield from _compiled(group[:half], is_lower=is_lower)
        yield from _compiled(group[half:], is_lower=is_lower)
