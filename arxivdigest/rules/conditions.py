"""What a rule may ask of an entry: each condition is a class."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from arxivdigest.arxiv import taxonomy
from arxivdigest.model import REPLACEMENTS, AnnounceType, Entry, Match
from arxivdigest.rules.keyword_set import KeywordSet
from arxivdigest.rules.keywords import Keyword
from arxivdigest.text.searched import FIELDS as SEARCHED
from arxivdigest.text.searched import Searched, parted

FIELDS = ("title", "abstract", "comments", "authors", "journal_ref")
DEFAULT_FIELDS = SEARCHED

if TYPE_CHECKING:
    from arxivdigest.rules.people import People
    from arxivdigest.text.folding import Folded


class Candidate:
    """An entry that a rule set looks at: its fields folded, and the keywords that hit each."""

    def __init__(
        self,
        entry: Entry,
        keywords: KeywordSet,
        people: "People | None",
        text: Searched | None = None,
    ) -> None:
        self.entry = entry
        self._keywords = keywords
        self._people = people
        self._folded: dict[str, Folded] = {}
        self._hits: dict[str, frozenset[Keyword]] = {}
        if text is not None:
            self._hits = {name: keywords.hits(one) for name, one in parted(text).items()}

    def hits(self, name: str) -> frozenset[Keyword]:
        """The keywords of the whole rule set that hit this field."""
        hits = self._hits.get(name)
        if hits is None:
            hits = self._hits[name] = self._keywords.hits(self._fold(name).text)
        return hits

    @cached_property
    def searched_hits(self) -> frozenset[Keyword]:
        """The keywords of the whole rule set that hit the title or the abstract."""
        return frozenset().union(*map(self.hits, SEARCHED))

    @cached_property
    def people(self) -> Mapping[str, Sequence[str]]:
        """The wanted people of the whole rule set, each with the authors who they may be."""
        found: dict[str, list[str]] = {}
        if self._people:
            for author in self.entry.authors:
                for wanted in self._people.among(author):
                    found.setdefault(wanted, []).append(author)
        return found

    def matches(
        self, rule: str, keywords: Mapping[Keyword, int], fields: Sequence[str]
    ) -> tuple[Match, ...]:
        """What of these keywords hit in these fields, in the order that their numbers give."""
        hits = {name: self.hits(name) for name in fields}
        found = frozenset().union(*hits.values())
        return tuple(
            self._match(rule, one, name)
            for one in sorted(found & keywords.keys(), key=keywords.__getitem__)
            for name in fields
            if one in hits[name]
        )

    def _match(self, rule: str, hit: Keyword, name: str) -> Match:
        folded = self._fold(name)
        found = list(self._keywords.spans(hit, folded.text))
        spans = tuple(folded.written(*span) for span in found)
        written = field_text(self.entry, name)[slice(*spans[0])]
        if not any(map(str.isalnum, written)):  # the address of a link, read at its end
            written = folded.text[slice(*found[0])]
        return Match(rule, name, hit.text, written, spans)

    def _fold(self, name: str) -> "Folded":
        if name not in self._folded:
            from arxivdigest.text.folding import fold_searched

            self._folded[name] = fold_searched(field_text(self.entry, name))
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

        @property
        def fields(self) -> tuple[str, ...]:
            """The fields of an entry that it looks at, where a source may lack them."""

        @property
        def names(self) -> tuple[str, ...]:
            """The people it needs looked for."""

        @property
        def needed(self) -> frozenset[Keyword] | None:
            """Keywords of which one must hit the title or the abstract, if it needs that."""

        @property
        def needs_people(self) -> bool:
            """Whether it can only hold where one of its people is among the authors."""

        def holds(self, candidate: Candidate) -> bool:
            """Whether the entry meets it."""

        def matches(self, candidate: Candidate, rule: str) -> tuple[Match, ...]:
            """What in the entry meets it; of `none`, what does not."""

        def explain(self, candidate: Candidate) -> Finding:
            """Whether the entry meets it, in words."""


class _Asking:
    """What conditions share: they are the same where they ask for the same."""

    keywords: tuple[Keyword, ...] = ()
    names: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    needed: frozenset[Keyword] | None = None
    needs_people = False

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and vars(other) == vars(self)

    def __hash__(self) -> int:
        return hash((type(self), self.keywords, self.names))


class _Keywords(_Asking):
    """What the conditions on keywords share."""

    def __init__(self, keywords: tuple[Keyword, ...], fields: tuple[str, ...]) -> None:
        self.keywords = keywords
        self.fields = fields
        self._wanted = frozenset(keywords)
        self._order = {one: number for number, one in enumerate(keywords)}
        self.needed = self._wanted if set(fields) <= set(SEARCHED) else None

    def hits(self, candidate: Candidate) -> frozenset[Keyword]:
        """Which of its keywords hit in any of its fields."""
        return frozenset().union(*(self._wanted & candidate.hits(name) for name in self.fields))

    def matches(self, candidate: Candidate, rule: str) -> tuple[Match, ...]:
        """What of its keywords hit where."""
        return candidate.matches(rule, self._order, self.fields)

    def missing(self, candidate: Candidate) -> list[Keyword]:
        """Which of its keywords hit in none of its fields."""
        hits = self.hits(candidate)
        return [one for one in self.keywords if one not in hits]

    def _described(self, which: str) -> str:
        """The condition in words: which of the keywords, where, and whether case is heeded."""
        said = f"{which} of {_listed(self.keywords)}"
        if set(self.fields) != set(DEFAULT_FIELDS):
            said += f" in the {' or the '.join(map(field_name, self.fields))}"
        return f"{said}, with case" if any(one.case for one in self.keywords) else said

    def _found(self, candidate: Candidate) -> str:
        found = [
            f'"{match.text}" in the {field_name(match.field)}'
            for match in self.matches(candidate, "")
        ]
        return f"found {', '.join(found)}" if found else "found none of them"


def field_name(name: str) -> str:
    """What a field is called in a sentence."""
    return "journal reference" if name == "journal_ref" else name


def _listed(keywords: Iterable[Keyword]) -> str:
    return ", ".join(one.text if one.text.startswith("/") else f'"{one.text}"' for one in keywords)


class AnyKeyword(_Keywords):
    """At least one of the keywords is in one of the fields."""

    def holds(self, candidate: Candidate) -> bool:
        """Whether one of the keywords is found."""
        for name in self.fields:  # noqa: SIM110 - twice as fast, for every rule and entry
            if not self._wanted.isdisjoint(candidate.hits(name)):
                return True
        return False

    def explain(self, candidate: Candidate) -> Finding:
        """Whether one hit, and all that did."""
        return Finding(self._described("any"), self.holds(candidate), self._found(candidate))


class AllKeywords(_Keywords):
    """Every one of the keywords is in one of the fields."""

    def holds(self, candidate: Candidate) -> bool:
        """Whether every keyword is found."""
        return len(self.hits(candidate)) == len(self._wanted)

    def explain(self, candidate: Candidate) -> Finding:
        """Whether every one hit, and those that did not."""
        missing = self.missing(candidate)
        detail = f"did not find {_listed(missing)}" if missing else self._found(candidate)
        return Finding(self._described("all"), not missing, detail)


class NoKeyword(_Keywords):
    """Not one of the keywords is in any of the fields."""

    def __init__(self, keywords: tuple[Keyword, ...], fields: tuple[str, ...]) -> None:
        super().__init__(keywords, fields)
        self.needed = None

    def holds(self, candidate: Candidate) -> bool:
        """Whether none of the keywords is found."""
        return not self.hits(candidate)

    def matches(self, candidate: Candidate, rule: str) -> tuple[Match, ...]:  # noqa: ARG002 - none, where it holds
        """Nothing: the condition holds by what is not there."""
        return ()

    def explain(self, candidate: Candidate) -> Finding:
        """Whether none hit, and those that did."""
        found = [one for one in self.keywords if one in self.hits(candidate)]
        detail = f"found {_listed(found)}" if found else "found none of them"
        return Finding(self._described("none"), not found, detail)


class Authors(_Asking):
    """At least one of these people is among the authors."""

    needs_people = True

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.fields = ("authors",)
        self._wanted = frozenset(names)

    def holds(self, candidate: Candidate) -> bool:
        """Whether one of the authors is one of these people."""
        return not self._wanted.isdisjoint(candidate.people)

    def matches(self, candidate: Candidate, rule: str) -> tuple[Match, ...]:
        """Each of these people, with the author who is meant."""
        found = self._wanted & candidate.people.keys()
        return tuple(
            Match(rule, "authors", wanted, author)
            for wanted in self.names
            if wanted in found
            for author in candidate.people[wanted]
        )

    def explain(self, candidate: Candidate) -> Finding:
        """Whether one of them is an author, and which authors are."""
        found = [match.text for match in self.matches(candidate, "")]
        detail = f"found {', '.join(found)}" if found else "found none of them"
        return Finding(f"authors: {', '.join(self.names)}", bool(found), detail)


class Subjects(_Asking):
    """At least one of the entry's categories, or its primary one, is one of these subjects."""

    def __init__(self, patterns: tuple[str, ...], *, primary: bool = False) -> None:
        self.patterns = patterns
        self.primary = primary

    def holds(self, candidate: Candidate) -> bool:
        """Whether one of these subjects is among the categories."""
        return any(self._meant(pattern, candidate) for pattern in self.patterns)

    def matches(self, candidate: Candidate, rule: str) -> tuple[Match, ...]:
        """The first category that each pattern means."""
        meant = ((pattern, self._meant(pattern, candidate)) for pattern in self.patterns)
        return tuple(Match(rule, "categories", pattern, one) for pattern, one in meant if one)

    def explain(self, candidate: Candidate) -> Finding:
        """Whether one is among the categories, and which categories the entry has."""
        kind = "primary category" if self.primary else "subjects"
        condition = f"{kind}: {', '.join(self.patterns)}"
        return Finding(
            condition, self.holds(candidate), f"it has {', '.join(self._of(candidate.entry))}"
        )

    def _of(self, entry: Entry) -> tuple[str, ...]:
        return (entry.primary_category,) if self.primary else entry.categories

    def _meant(self, pattern: str, candidate: Candidate) -> str | None:
        categories = self._of(candidate.entry)
        return next((one for one in categories if taxonomy.covers(pattern, one)), None)


# Kinds of replacement that are no announce types of arXiv's: what the paper says of itself.
REPLACED = ("accepted", "withdrawn")


class Announce(_Asking):
    """The entry is announced as one of these types, or is a replacement of one of these kinds."""

    def __init__(self, types: tuple[AnnounceType, ...], kinds: tuple[str, ...] = ()) -> None:
        self.types = types
        self.kinds = kinds
        # Only comments say most of it, and a feed has none.
        self.fields = ("comments",) if kinds else ()

    def holds(self, candidate: Candidate) -> bool:
        """Whether the entry is of one of these announce types, or of one of these kinds."""
        return candidate.entry.announce_type in self.types or bool(self._found(candidate.entry))

    def _found(self, entry: Entry) -> list[str]:
        if not self.kinds or entry.announce_type not in REPLACEMENTS:
            return []
        from arxivdigest.changes import is_accepted, is_withdrawn

        is_of_kind = {"accepted": is_accepted, "withdrawn": is_withdrawn}
        return [kind for kind in self.kinds if is_of_kind[kind](entry)]

    def matches(self, candidate: Candidate, rule: str) -> tuple[Match, ...]:
        """Its announce type, or its kinds."""
        announce_type = candidate.entry.announce_type
        if announce_type in self.types:
            return (Match(rule, "announce_type", announce_type, announce_type),)
        found = self._found(candidate.entry)
        return tuple(Match(rule, "announce_type", kind, kind) for kind in found)

    def explain(self, candidate: Candidate) -> Finding:
        """Whether it is, and what it is announced as."""
        condition = f"announce: {', '.join((*self.types, *self.kinds))}"
        said = " and ".join([candidate.entry.announce_type, *self._found(candidate.entry)])
        return Finding(condition, self.holds(candidate), f"it is {said}")
