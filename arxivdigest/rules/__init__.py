"""Rules: what a person asks for, and what of it an entry meets."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from arxivdigest.arxiv import taxonomy
from arxivdigest.model import AnnounceType, Entry, Match, Ruling
from arxivdigest.rules.keywords import Keyword, KeywordSet, keyword
from arxivdigest.rules.names import same_person
from arxivdigest.store.packing import folded_texts
from arxivdigest.text import safe
from arxivdigest.text.folding import Folded, fold

FIELDS = ("title", "abstract", "comments", "authors", "journal_ref")
DEFAULT_FIELDS = ("title", "abstract")


class Reading:
    """An entry read by a rule set: its fields folded, and the keywords that hit each of them."""

    def __init__(self, entry: Entry, keywords: KeywordSet, text: bytes | None = None) -> None:
        self.entry = entry
        self._keywords = keywords
        self._folded: dict[str, Folded] = {}
        self._hits: dict[str, frozenset[Keyword]] = {}
        if text is not None:  # its title and its abstract, folded before
            hits = map(keywords.hits, text.split(b"\n"))
            self._hits = dict(zip(DEFAULT_FIELDS, hits, strict=True))

    def hits(self, name: str) -> frozenset[Keyword]:
        """The keywords of the whole rule set that hit this field."""
        hits = self._hits.get(name)
        if hits is None:
            hits = self._hits[name] = self._keywords.hits(self._fold(name).text)
        return hits

    def matches(
        self, rule: str, keywords: Sequence[Keyword], fields: Sequence[str]
    ) -> tuple[Match, ...]:
        """What of these keywords hit in these fields, in the order of the keywords."""
        return tuple(
            self._match(rule, one, name)
            for one in keywords
            for name in fields
            if one in self.hits(name)
        )

    def _match(self, rule: str, hit: Keyword, name: str) -> Match:
        folded = self._fold(name)
        spans = tuple(folded.written(*span) for span in self._keywords.spans(hit, folded.text))
        begin, end = spans[0]
        return Match(rule, name, hit.text, field_text(self.entry, name)[begin:end], spans)

    def _fold(self, name: str) -> Folded:
        if name not in self._folded:
            self._folded[name] = fold(field_text(self.entry, name))
        return self._folded[name]


def field_text(entry: Entry, name: str) -> str:
    """The text of a field; authors are joined by `; `."""
    if name == "authors":
        return "; ".join(entry.authors)
    text: str | None = getattr(entry, name)
    return text or ""


class Finding(NamedTuple):
    """Whether a condition held for an entry, both in words for a person."""

    condition: str
    held: bool
    detail: str


if TYPE_CHECKING:

    class Condition(Protocol):
        """One thing a rule asks of an entry."""

        @property
        def keywords(self) -> tuple[Keyword, ...]:
            """The keywords it needs matched."""

        def holds(self, reading: Reading) -> bool:
            """Whether the entry meets it."""

        def matches(self, reading: Reading, rule: str) -> tuple[Match, ...]:
            """What in the entry meets it; of `none`, what does not."""

        def explain(self, reading: Reading) -> Finding:
            """Whether the entry meets it, in words."""


class _Keywords:
    """What the conditions on keywords share."""

    def __init__(self, keywords: tuple[Keyword, ...], fields: tuple[str, ...]) -> None:
        self.keywords = keywords
        self.fields = fields
        self._wanted = frozenset(keywords)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((self.keywords, self.fields))

    def hits(self, reading: Reading) -> frozenset[Keyword]:
        """Which of its keywords hit in any of its fields."""
        return frozenset().union(*(self._wanted & reading.hits(name) for name in self.fields))

    def matches(self, reading: Reading, rule: str) -> tuple[Match, ...]:
        """What of its keywords hit where."""
        return reading.matches(rule, self.keywords, self.fields)

    def _found(self, reading: Reading) -> str:
        found = [
            f'"{match.text}" in the {_said(match.field)}' for match in self.matches(reading, "")
        ]
        return f"found {', '.join(found)}" if found else "found none of them"


def _said(name: str) -> str:
    return "journal reference" if name == "journal_ref" else name


def _listed(keywords: Iterable[Keyword]) -> str:
    return ", ".join(one.text if one.text.startswith("/") else f'"{one.text}"' for one in keywords)


class AnyKeyword(_Keywords):
    """At least one of the keywords is in one of the fields."""

    def holds(self, reading: Reading) -> bool:
        """Whether one hit."""
        for name in self.fields:  # noqa: SIM110 - twice as fast, for every rule and entry
            if not self._wanted.isdisjoint(reading.hits(name)):
                return True
        return False

    def explain(self, reading: Reading) -> Finding:
        """Whether one hit, and all that did."""
        return Finding(
            f"any of {_listed(self.keywords)}", self.holds(reading), self._found(reading)
        )


class AllKeywords(_Keywords):
    """Every one of the keywords is in one of the fields."""

    def holds(self, reading: Reading) -> bool:
        """Whether every one hit."""
        return len(self.hits(reading)) == len(self._wanted)

    def explain(self, reading: Reading) -> Finding:
        """Whether every one hit, and those that did not."""
        missing = self._wanted - self.hits(reading)
        lacking = _listed(one for one in self.keywords if one in missing)
        detail = f"did not find {lacking}" if missing else self._found(reading)
        return Finding(f"all of {_listed(self.keywords)}", not missing, detail)


class NoKeyword(_Keywords):
    """Not one of the keywords is in any of the fields."""

    def holds(self, reading: Reading) -> bool:
        """Whether none hit."""
        return not self.hits(reading)

    def matches(self, reading: Reading, rule: str) -> tuple[Match, ...]:  # noqa: ARG002 - none, where it holds
        """Nothing: the condition holds by what is not there."""
        return ()

    def explain(self, reading: Reading) -> Finding:
        """Whether none hit, and those that did."""
        found = [one for one in self.keywords if one in self.hits(reading)]
        detail = f"found {_listed(found)}" if found else "found none of them"
        return Finding(f"none of {_listed(self.keywords)}", not found, detail)


class Authors(NamedTuple):
    """At least one of these people is among the authors."""

    names: tuple[str, ...]

    @property
    def keywords(self) -> tuple[Keyword, ...]:
        """None: it looks elsewhere."""
        return ()

    def holds(self, reading: Reading) -> bool:
        """Whether one is."""
        return any(
            same_person(wanted, author) for author in reading.entry.authors for wanted in self.names
        )

    def matches(self, reading: Reading, rule: str) -> tuple[Match, ...]:
        """The authors who are."""
        return tuple(
            Match(rule, "authors", wanted, author)
            for wanted in self.names
            for author in reading.entry.authors
            if same_person(wanted, author)
        )

    def explain(self, reading: Reading) -> Finding:
        """Whether one is, and who."""
        found = [match.text for match in self.matches(reading, "")]
        detail = f"found {', '.join(found)}" if found else "found none of them"
        return Finding(f"authors: {', '.join(self.names)}", bool(found), detail)


class Subjects(NamedTuple):
    """At least one of the entry's categories, or its primary one, is one of these subjects."""

    patterns: tuple[str, ...]
    primary: bool = False

    @property
    def keywords(self) -> tuple[Keyword, ...]:
        """None: it looks elsewhere."""
        return ()

    def holds(self, reading: Reading) -> bool:
        """Whether one is."""
        return any(self._meant(pattern, reading) for pattern in self.patterns)

    def matches(self, reading: Reading, rule: str) -> tuple[Match, ...]:
        """The first category that each pattern means."""
        meant = ((pattern, self._meant(pattern, reading)) for pattern in self.patterns)
        return tuple(Match(rule, "categories", pattern, one) for pattern, one in meant if one)

    def explain(self, reading: Reading) -> Finding:
        """Whether one is, and what the entry has."""
        kind = "primary category" if self.primary else "subjects"
        condition = f"{kind}: {', '.join(self.patterns)}"
        return Finding(
            condition, self.holds(reading), f"it has {', '.join(self._of(reading.entry))}"
        )

    def _of(self, entry: Entry) -> tuple[str, ...]:
        return (entry.primary_category,) if self.primary else entry.categories

    def _meant(self, pattern: str, reading: Reading) -> str | None:
        categories = self._of(reading.entry)
        return next((one for one in categories if taxonomy.covers(pattern, one)), None)


class Announce(NamedTuple):
    """The entry is announced as one of these types."""

    types: tuple[AnnounceType, ...]

    @property
    def keywords(self) -> tuple[Keyword, ...]:
        """None: it looks elsewhere."""
        return ()

    def holds(self, reading: Reading) -> bool:
        """Whether it is."""
        return reading.entry.announce_type in self.types

    def matches(self, reading: Reading, rule: str) -> tuple[Match, ...]:
        """Its announce type."""
        announce_type = reading.entry.announce_type
        return (Match(rule, "announce_type", announce_type, announce_type),)

    def explain(self, reading: Reading) -> Finding:
        """Whether it is, and what it is announced as."""
        condition = f"announce: {', '.join(self.types)}"
        return Finding(condition, self.holds(reading), f"it is {reading.entry.announce_type}")


class Rule(NamedTuple):
    """A named set of conditions that must all hold."""

    name: str
    conditions: "tuple[Condition, ...]"
    weight: float = 1.0
    exclude: bool = False

    @property
    def needs_hits(self) -> bool:
        """Whether it can only hold where a keyword hits the title or the abstract."""
        return any(
            isinstance(one, AnyKeyword | AllKeywords) and set(one.fields) <= set(DEFAULT_FIELDS)
            for one in self.conditions
        )

    def holds(self, reading: Reading) -> bool:
        """Whether all of its conditions do."""
        for condition in self.conditions:  # noqa: SIM110 - twice as fast, for every entry
            if not condition.holds(reading):
                return False
        return True


def rule_on_the_spot(text: str) -> Rule:
    """The rule that asks for one keyword, and is named after it."""
    return Rule(safe(text), (AnyKeyword((keyword(text),), DEFAULT_FIELDS),))


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
        self._needing_no_hits = tuple(
            rule for rule in rules if not (rule.needs_hits or rule.exclude)
        )

    @property
    def asks(self) -> bool:
        """Whether any rule asks for entries; where none does, all are asked for."""
        return any(not rule.exclude for rule in self._rules)

    def explain(self, entry: Entry) -> list[tuple[Rule, list[Finding]]]:
        """Every rule, and what each of its conditions found in the entry."""
        reading = Reading(entry, self._keywords)
        return [
            (rule, [condition.explain(reading) for condition in rule.conditions])
            for rule in self._rules
        ]

    def rulings(self, entries: Sequence[Entry], *, show_all: bool) -> list[Ruling]:
        """What the rules say of each entry, or only of those that a rule may ask for.

        Of most entries no keyword hits anything: they are not even made, where they are kept.
        """
        texts = folded_texts(entries)
        are_hit = set(self._keywords.found_in(texts))
        if show_all or not self.asks:
            wanted: Iterable[int] = range(len(entries))
        elif self._needing_no_hits:
            wanted = (
                at for at in range(len(entries)) if at in are_hit or self._asks_for(entries[at])
            )
        else:
            wanted = sorted(are_hit)
        none = b"\n"
        return [
            self._rule(Reading(entries[at], self._keywords, texts[at] if at in are_hit else none))
            for at in wanted
        ]

    def _asks_for(self, entry: Entry) -> bool:
        """Whether a rule that needs no hit asks for the entry."""
        reading = Reading(entry, self._keywords)
        return any(rule.holds(reading) for rule in self._needing_no_hits)

    def rule(self, entry: Entry) -> Ruling:
        """What the rules say of the entry."""
        return self._rule(Reading(entry, self._keywords))

    def _rule(self, reading: Reading) -> Ruling:
        held = [rule for rule in self._rules if rule.holds(reading)]
        asking = [rule for rule in held if not rule.exclude]
        score = float(sum(rule.weight for rule in asking))
        return Ruling(
            entry=reading.entry,
            score=score,
            rules=tuple(rule.name for rule in asking),
            hidden_because=self._hidden_because(reading.entry, held, score),
            find_matches=lambda: tuple(
                match
                for rule in held
                for condition in rule.conditions
                for match in condition.matches(reading, rule.name)
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
