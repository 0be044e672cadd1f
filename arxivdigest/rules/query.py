"""What a search asks for: words on the command line, read as one rule."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.arxiv import taxonomy
from arxivdigest.arxiv.identifier import identifier
from arxivdigest.errors import UsageError
from arxivdigest.model import AnnounceType, Match
from arxivdigest.rules import Rule, RuleSet, names
from arxivdigest.rules.conditions import (
    DEFAULT_FIELDS,
    Announce,
    AnyKeyword,
    Authors,
    Candidate,
    Finding,
    NoKeyword,
    Subjects,
)
from arxivdigest.rules.keywords import Keyword, keyword
from arxivdigest.text import closest, safe

if TYPE_CHECKING:
    from arxivdigest.rules.conditions import Condition

_FIELDS = {
    "title": ("title",),
    "abstract": ("abstract",),
    "comments": ("comments",),
    "journal": ("journal_ref",),
}
WORDS = (*_FIELDS, "author", "subject", "type", "rule", "is", "not")
"""What may stand before a colon."""


class Query(NamedTuple):
    """A search: the rule that must hold, and whether it must be starred, or must not be."""

    rule: Rule
    starred: bool | None = None

    def rule_set(self) -> RuleSet:
        """The rule, ready to be asked, of whatever is announced."""
        return RuleSet((self.rule,), tuple(AnnounceType))


class _Not:
    """The other condition does not hold."""

    needed: frozenset[Keyword] | None = None
    needs_people = False

    def __init__(self, other: "Condition") -> None:
        self._other = other
        self.keywords, self.names, self.fields = other.keywords, other.names, other.fields

    def holds(self, candidate: Candidate) -> bool:
        """Whether the other does not hold."""
        return not self._other.holds(candidate)

    def matches(self, candidate: Candidate, rule: str) -> tuple[Match, ...]:  # noqa: ARG002 - none, where it holds
        """Nothing: it holds by what is not there."""
        return ()

    def explain(self, candidate: Candidate) -> Finding:
        """Whether the other does not hold, and what it found."""
        other = self._other.explain(candidate)
        return Finding(f"not {other.condition}", not other.held, other.detail)


class _Ruled:
    """All that a rule asks for holds."""

    def __init__(self, rule: Rule) -> None:
        self._rule = rule
        self.keywords = tuple(word for one in rule.conditions for word in one.keywords)
        self.names = tuple(name for one in rule.conditions for name in one.names)
        self.fields = tuple(rule.looks_at)
        self.needed = rule.needed
        self.needs_people = rule.needs_people

    def holds(self, candidate: Candidate) -> bool:
        """Whether it does."""
        return self._rule.holds(candidate)

    def matches(self, candidate: Candidate, rule: str) -> tuple[Match, ...]:
        """What each of its conditions hit."""
        conditions = self._rule.conditions
        return tuple(hit for one in conditions for hit in one.matches(candidate, rule))

    def explain(self, candidate: Candidate) -> Finding:
        """Whether it does, and what each of its conditions found."""
        found = "; ".join(one.explain(candidate).detail for one in self._rule.conditions)
        return Finding(f"rule: {self._rule.name}", self.holds(candidate), found)


class _Named:
    """The paper has this id."""

    keywords: tuple[Keyword, ...] = ()
    names: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    needed: frozenset[Keyword] | None = None
    needs_people = False

    def __init__(self, arxiv_id: str) -> None:
        self._id = arxiv_id

    def holds(self, candidate: Candidate) -> bool:
        """Whether it has."""
        return candidate.entry.arxiv_id == self._id

    def matches(self, candidate: Candidate, rule: str) -> tuple[Match, ...]:  # noqa: ARG002 - no text is hit
        """Nothing: an id is no text."""
        return ()

    def explain(self, candidate: Candidate) -> Finding:
        """Whether it has, and which it has."""
        return Finding(f"id: {self._id}", self.holds(candidate), candidate.entry.arxiv_id)


def query(words: Sequence[str], rules: Sequence[Rule] = ()) -> Query:
    """The search that these words ask for: every one of them must hold.

    `rules` are those that may be named in it. A UsageError says what is wrong with a word.
    """
    conditions: list[Condition] = []
    starred: bool | None = None
    for word in words:
        if word.strip().lower() in ("is:starred", "not:is:starred"):
            starred = not word.strip().lower().startswith("not:")
            continue
        try:
            conditions.append(_condition(word.strip(), rules))
        except ValueError as error:
            raise UsageError(str(error)) from error
    return Query(Rule(safe(" ".join(words)), tuple(conditions)), starred)


def _condition(word: str, rules: Sequence[Rule]) -> "Condition":
    name, colon, value = word.partition(":")
    name, value = name.strip().lower(), value.strip()
    if not colon or not name.isalpha() or word.startswith("/") or identifier(word):
        return _plain(word)
    if name not in WORDS:
        meant = closest(name, WORDS, cutoff=0.75)
        if meant:
            raise UsageError(f'there is no "{safe(name)}:" in a search; did you mean "{meant}:"?')
        return _plain(word)
    if not value:
        raise UsageError(f'"{name}:" stands alone; write what is sought right after the colon')
    if name == "not":
        return _negated(value, rules)
    if name == "rule":
        return _Ruled(_rule(value, rules))
    if name in _FIELDS:
        return AnyKeyword((keyword(value),), _FIELDS[name])
    return _of_name(name, value)


def _plain(word: str) -> "Condition":
    named = identifier(word)
    return _Named(named.arxiv_id) if named else AnyKeyword((keyword(word),), DEFAULT_FIELDS)


def _negated(value: str, rules: Sequence[Rule]) -> "Condition":
    inner = _condition(value, rules)
    return NoKeyword(inner.keywords, inner.fields) if isinstance(inner, AnyKeyword) else _Not(inner)


def _rule(name: str, rules: Sequence[Rule]) -> Rule:
    found = next((one for one in rules if one.name.casefold() == name.casefold()), None)
    if found:
        return found
    meant = closest(name, [one.name for one in rules])
    suggestion = f'; did you mean "rule:{safe(meant)}"?' if meant else ""
    raise UsageError(f'there is no rule "{safe(name)}" in the configuration{suggestion}')


def _of_name(name: str, value: str) -> "Condition":
    if name == "author":
        if not names.is_name(value):
            raise UsageError(f'"{safe(value)}" is no name')
        return Authors((value,))
    if name == "subject":
        if "*" in value and taxonomy.covers_any(value):
            return Subjects((value,))
        return Subjects((taxonomy.subject(value),))
    if name == "type" and value.lower() in tuple(AnnounceType):
        return Announce((AnnounceType(value.lower()),))
    known = "is:starred" if name == "is" else f"type:{'|'.join(AnnounceType)}"
    raise UsageError(f'"{safe(name)}:{safe(value)}" is not known; there is {known}')
