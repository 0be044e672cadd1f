"""Keywords that can never match in their rule, as they are ruled out where they are asked for."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.rules.conditions import AllKeywords, AnyKeyword, NoKeyword
from arxivdigest.rules.keyword_set import KeywordSet
from arxivdigest.rules.keywords import phrase

if TYPE_CHECKING:
    from arxivdigest.rules.conditions import Condition
    from arxivdigest.rules.keywords import Keyword

_REST = "qxz"  # of a word whose end is open: no keyword asks for it


class Clash(NamedTuple):
    """A keyword that is asked for, and the one that rules it out wherever it stands."""

    asked: "Keyword"
    ruled_out_by: "Keyword"


def clashes(conditions: "Iterable[Condition]") -> Iterator[Clash]:
    """The keywords that can never be found where the rule holds."""
    conditions = tuple(conditions)
    none = next((one for one in conditions if isinstance(one, NoKeyword)), None)
    if none is None:
        return
    ruled_out = KeywordSet(none.keywords)
    for condition in conditions:
        if isinstance(condition, AnyKeyword | AllKeywords):
            for asked in condition.keywords:
                by = _ruled_out(asked, ruled_out, none.keywords)
                if by:
                    yield Clash(asked, by)


def never_holds(conditions: "Iterable[Condition]") -> Clash | None:
    """Why the rule can never hold: what it needs is ruled out."""
    conditions = tuple(conditions)
    if not any(isinstance(one, NoKeyword) for one in conditions):
        return None
    found = {clash.asked: clash for clash in clashes(conditions)}
    for condition in conditions:
        lost = [found[one] for one in condition.keywords if one in found]
        if isinstance(condition, AllKeywords) and lost:
            return lost[0]
        if isinstance(condition, AnyKeyword) and len(lost) == len(condition.keywords):
            return lost[0]
    return None


def is_left_out(asked: "tuple[Condition, ...]", left_out: "Condition") -> bool:
    """Whether all that is asked for is left out by the one condition of another rule."""
    if left_out in asked:
        return True
    if not isinstance(left_out, AnyKeyword):
        return False
    within = [
        one
        for one in asked
        if {*one.fields} <= {*left_out.fields} and not isinstance(one, NoKeyword)
    ]
    return never_holds((*within, NoKeyword(left_out.keywords, left_out.fields))) is not None


def _is_same(one: "Keyword", other: "Keyword") -> bool:
    """Whether two expressions are one; after a backslash, case says something."""
    mine, yours = one.expression, other.expression
    if one.case or other.case or "\\" in mine:
        return mine == yours
    return mine.lower() == yours.lower()


def _ruled_out(
    asked: "Keyword", ruled_out: KeywordSet, keywords: "tuple[Keyword, ...]"
) -> "Keyword | None":
    if asked.is_expression:
        return next(
            (one for one in keywords if one.is_expression and _is_same(one, asked)),
            None,
        )
    one = phrase(asked.text)
    texts = {one.words}
    if one.open_begin:
        texts |= {_REST + text for text in texts}
    if one.open_end:
        texts |= {text + _REST for text in texts}
    hits = frozenset.intersection(*map(ruled_out.hits, texts))
    return next((one for one in keywords if one in hits), None)
