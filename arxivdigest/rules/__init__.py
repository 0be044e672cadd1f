"""Rules: what a person asks for, and what of it an entry meets."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.model import AnnounceType, Entry, Nearest, Ruling
from arxivdigest.rules.conditions import DEFAULT_FIELDS, AnyKeyword, Candidate, Finding
from arxivdigest.rules.keyword_set import KeywordSet
from arxivdigest.rules.keywords import keyword
from arxivdigest.text import safe
from arxivdigest.text.searched import NOTHING, Searched

if TYPE_CHECKING:
    from arxivdigest.rules.conditions import Condition
    from arxivdigest.rules.keywords import Keyword
    from arxivdigest.rules.people import People


_DIGITS = 9  # so that 0.1 and 0.7 are 0.8, which they are not in binary fractions


class Rule(NamedTuple):
    """A named set of conditions that must all hold."""

    name: str
    conditions: "tuple[Condition, ...]"
    weight: float = 1.0
    exclude: bool = False

    @property
    def needed(self) -> "frozenset[Keyword] | None":
        """Keywords of which one must hit the title or the abstract; None where it needs no hit."""
        return next(filter(None, (one.needed for one in self.conditions)), None)

    @property
    def needs_people(self) -> bool:
        """Whether it can only hold where somebody it names is among the authors."""
        return any(condition.needs_people for condition in self.conditions)

    @property
    def looks_at(self) -> frozenset[str]:
        """The fields of an entry that it looks at."""
        return frozenset(field for condition in self.conditions for field in condition.fields)

    def holds(self, candidate: Candidate) -> bool:
        """Whether all of its conditions do."""
        for condition in self.conditions:  # noqa: SIM110 - twice as fast, for every entry
            if not condition.holds(candidate):
                return False
        return True


def rule_on_the_spot(text: str) -> Rule:
    """The rule that asks for one keyword, and is named after it."""
    return Rule(safe(text), (AnyKeyword((keyword(text),), DEFAULT_FIELDS),))


def _people(names: Sequence[str]) -> "People | None":
    """The wanted people, read only where a rule names any."""
    if not names:
        return None
    from arxivdigest.rules.people import People

    return People(names)


class RuleSet:
    """All rules, and what else decides whether an entry is selected."""

    def __init__(
        self,
        rules: tuple[Rule, ...] = (),
        announce: tuple[AnnounceType, ...] = (AnnounceType.NEW, AnnounceType.CROSS),
        min_score: float = 0.0,
    ) -> None:
        conditions = [condition for rule in rules for condition in rule.conditions]
        self._rules = rules
        self._announce = announce
        self._min_score = min_score
        self._keywords = KeywordSet(one for condition in conditions for one in condition.keywords)
        self._people = _people([name for condition in conditions for name in condition.names])
        self._needed = [(rule, rule.needed) for rule in rules]
        self._needing_no_hits = tuple(
            rule for rule, needed in self._needed if needed is None and not rule.exclude
        )

    @property
    def asks(self) -> bool:
        """Whether any rule asks for entries; where none does, all are asked for."""
        return any(not rule.exclude for rule in self._rules)

    def explain(self, entry: Entry) -> list[tuple[Rule, list[Finding]]]:
        """Every rule, and what each of its conditions found in the entry."""
        candidate = self.candidate(entry)
        return [
            (rule, [condition.explain(candidate) for condition in rule.conditions])
            for rule in self._rules
        ]

    def candidate(self, entry: Entry) -> Candidate:
        """The entry, to be asked what of the rules it meets."""
        return Candidate(entry, self._keywords, self._people)

    def rulings(
        self,
        entries: Sequence[Entry],
        texts: Sequence[Searched],
        authors: Iterable[Sequence[str]],
        *,
        show_all: bool,
    ) -> list[Ruling]:
        """What the rules say of each entry, or only of those that a rule may ask for.

        Each entry's text and its authors tell whether to look at it: most need not even be made of
        their records. The authors are taken where a rule names any.
        """
        are_hit = set(self._keywords.found_in(texts))
        if show_all or not self.asks:
            wanted: Iterable[int] = range(len(entries))
        elif self._needing_no_hits:
            likely: Iterable[int] = range(len(entries))
            if self._people and all(rule.needs_people for rule in self._needing_no_hits):
                among = self._people.among
                likely = (at for at, names in enumerate(authors) if any(map(among, names)))
            asked_for = {at for at in likely if at not in are_hit and self._asks_for(entries[at])}
            wanted = sorted(are_hit | asked_for)
        else:
            wanted = sorted(are_hit)
        return [
            self._rule(
                Candidate(
                    entries[at],
                    self._keywords,
                    self._people,
                    texts[at] if at in are_hit else NOTHING,
                )
            )
            for at in wanted
        ]

    def _asks_for(self, entry: Entry) -> bool:
        """Whether a rule that needs no hit asks for the entry."""
        candidate = self.candidate(entry)
        return any(rule.holds(candidate) for rule in self._needing_no_hits)

    def rule(self, entry: Entry) -> Ruling:
        """What the rules say of the entry."""
        return self._rule(self.candidate(entry))

    def nearest(self, hidden: Iterable[Ruling]) -> Nearest:
        """Those of the hidden entries that one setting hides, the score or the announce types."""
        near = [ruling for ruling in hidden if ruling.rules]
        if not near:
            return Nearest()
        loose = RuleSet(self._rules, tuple(AnnounceType))
        near = [ruling for ruling in near if loose.rule(ruling.entry).selected]
        asked = [ruling for ruling in near if ruling.entry.announce_type in self._announce]
        return Nearest(
            below=tuple(sorted(asked, key=lambda ruling: -ruling.score)),
            unasked=tuple(
                ruling
                for ruling in near
                if ruling.entry.announce_type not in self._announce
                and ruling.score >= self._min_score
            ),
            asked=self._announce,
            least=self._min_score,
        )

    def _rule(self, candidate: Candidate) -> Ruling:
        held = [
            rule
            for rule, needed in self._needed
            if (needed is None or not needed.isdisjoint(candidate.searched_hits))
            and rule.holds(candidate)
        ]
        asking = [rule for rule in held if not rule.exclude]
        score = round(sum((rule.weight for rule in asking), 0.0), _DIGITS)
        return Ruling(
            entry=candidate.entry,
            score=score,
            rules=tuple(rule.name for rule in asking),
            hidden_because=self._hidden_because(candidate.entry, held, score),
            find_matches=cache(
                lambda: tuple(
                    match
                    for rule in held
                    for condition in rule.conditions
                    for match in condition.matches(candidate, rule.name)
                )
            ),
        )

    def _hidden_because(self, entry: Entry, held: Sequence[Rule], score: float) -> str | None:
        if entry.announce_type not in self._announce:
            asked = " and ".join(self._announce)
            return f"it is announced as {entry.announce_type}, and only {asked} are asked for"
        excluding = next((rule for rule in held if rule.exclude), None)
        if excluding:
            return f'the rule "{excluding.name}" excludes it'
        if self.asks and not held:
            return "no rule matches"
        if self.asks and score < self._min_score:
            return f"its score {score:g} is below min_score {self._min_score:g}"
        return None
