"""The digest: listings after the rules, in the order to show them."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from arxivdigest import verdict as verdicts
from arxivdigest.config import Config
from arxivdigest.config.schema import Output
from arxivdigest.model import AnnounceType, Changes, Day, Digest, Entry, Listing, Nearest, Ruling
from arxivdigest.rules import RuleSet
from arxivdigest.store.packing import announce_types, author_names, ids, searched_texts
from arxivdigest.text.counts import plural

_ORDER = {announce_type: rank for rank, announce_type in enumerate(AnnounceType)}


class Shelf:
    """What is starred, and the versions before."""

    def __init__(
        self,
        starred: Collection[str] = frozenset(),
        earlier: Callable[[Entry, date | None], Changes | None] | None = None,
    ) -> None:
        self.starred = starred
        """The ids of what is starred."""
        self.earlier = earlier
        """What finds the version before of an entry of a day."""

    def marked(
        self, rulings: Sequence[Ruling], listing: Listing, rule_set: RuleSet, output: Output
    ) -> Sequence[Ruling]:
        """The rulings with stars, with what replacements changed, and replacements of the starred.

        They are in the listing's order.
        """
        if self.starred:
            rulings = self._with_starred(rulings, listing, rule_set, output)
        if self.earlier is None:
            return rulings
        return [self._with_changes(one, listing.announced) for one in rulings]

    def ruled(self, ruling: Ruling, day: date | None, output: Output) -> Ruling:
        """The ruling on an entry of a day as a digest has it."""
        return self._with_changes(self._with_star(ruling, output), day)

    def _with_changes(self, ruling: Ruling, day: date | None) -> Ruling:
        if not ruling.is_replacement:
            return ruling
        return ruling._replace(find_changes=self._finder(ruling.entry, day))

    def _finder(self, entry: Entry, day: date | None) -> Callable[[], Changes | None]:
        find = self.earlier
        return cache(lambda: find(entry, day) if find else None)

    def _with_starred(
        self, rulings: Sequence[Ruling], listing: Listing, rule_set: RuleSet, output: Output
    ) -> Sequence[Ruling]:
        places = {one: at for at, one in enumerate(ids(listing.entries)) if one in self.starred}
        if not places:
            return rulings
        by_id = {one.entry.arxiv_id: one for one in rulings}
        added = [
            rule_set.rule(listing.entries[at]) for one, at in places.items() if one not in by_id
        ]
        marked = [self._with_star(one, output) for one in rulings]
        kept = [one for one in map(partial(self._with_star, output=output), added) if one.selected]
        if not kept:
            return marked
        order = {one: at for at, one in enumerate(ids(listing.entries))}
        return sorted([*marked, *kept], key=lambda one: order[one.entry.arxiv_id])

    def _with_star(self, ruling: Ruling, output: Output) -> Ruling:
        if ruling.entry.arxiv_id not in self.starred:
            return ruling
        if ruling.is_replacement and output.starred_replacements:
            rules = (*ruling.rules, "starred")
            return ruling._replace(starred=True, rules=rules, hidden_because=None)
        return ruling._replace(starred=True)


NO_SHELF = Shelf()


class _Ruled(NamedTuple):
    """A listing, and what the rules ask for in it: `left_out` was selected, and seen before."""

    listing: Listing
    rulings: Sequence[Ruling]
    left_out: int
    nearest: Nearest

    @property
    def selected(self) -> int:
        return sum(ruling.selected for ruling in self.rulings)


def build(  # noqa: PLR0913 - each says what of the listings is shown
    listings: Sequence[Listing],
    config: Config,
    *,
    show_all: bool = False,
    limit: int | None = None,
    seen: Mapping[date, Collection[str]] | None = None,
    seen_as: str = "acknowledged before",
    is_series: bool = False,
    shelf: Shelf = NO_SHELF,
) -> Digest:
    """The digest of listings, oldest first, under a configuration.

    Entries of a day come grouped by announce type, and within a group by score or in the listing's
    order. A limit keeps the best of all groups and days together. `show_all` adds those that no
    rule asked for. Those that were seen, by their day and their ids, are left out. What is on the
    shelf is marked, and a replacement of it shown whatever the rules say.
    """
    rule_set = config.rule_set()
    by_day = sorted(listings, key=lambda one: one.announced or date.max)
    ruled = []
    for listing in by_day:
        entries = listing.entries
        texts, authors = searched_texts(entries), author_names(entries)
        found = rule_set.rulings(entries, texts, authors, show_all=show_all)
        asked_for = shelf.marked(found, listing, rule_set, config.output)
        known = seen.get(listing.announced, ()) if seen and listing.announced else ()
        rulings = [ruling for ruling in asked_for if ruling.entry.arxiv_id not in known]
        left_out = sum(ruling.selected for ruling in asked_for)
        left_out -= sum(ruling.selected for ruling in rulings)
        is_empty = not any(ruling.selected for ruling in asked_for)
        nearest = rule_set.nearest(rulings) if is_empty and rule_set.asks else Nearest()
        ruled.append(_Ruled(listing, rulings, left_out, nearest))
    by_score = config.output.sort == "score"
    shown = _shown(ruled, show_all=show_all, limit=limit, by_score=by_score)
    days = tuple(
        _day(one, rulings, seen_as, asks=rule_set.asks)
        for one, rulings in zip(ruled, shown, strict=True)
    )
    subjects = tuple(dict.fromkeys(name for one in reversed(by_day) for name in one.subjects))
    selected = sum(day.selected for day in days)
    outcome = _outcome(selected, sum(len(day.rulings) for day in days), asks=rule_set.asks)
    return Digest(
        subjects=subjects,
        days=days,
        verdict=days[0].verdict if len(days) == 1 else verdicts.of_days(days, subjects, outcome),
        is_series=is_series or len(days) != 1,
    )


def _shown(
    ruled: Sequence[_Ruled], *, show_all: bool, limit: int | None, by_score: bool
) -> list[list[Ruling]]:
    """The rulings to show of each day, in the order to show them."""
    candidates = [
        (index, ruling)
        for index, one in enumerate(ruled)
        for ruling in one.rulings
        if show_all or ruling.selected
    ]
    if by_score:
        candidates.sort(key=_best_first)
    elif limit is not None and len(ruled) > 1:  # in arXiv's order the oldest day would take it all
        best = sorted(range(len(candidates)), key=lambda at: _best_first(candidates[at]))[:limit]
        candidates = [candidates[at] for at in sorted(best)]
    shown: list[list[Ruling]] = [[] for _ in ruled]
    for index, ruling in sorted(candidates[:limit], key=_group):
        shown[index].append(ruling)
    return shown


def _best_first(candidate: tuple[int, Ruling]) -> tuple[bool, float]:
    _, ruling = candidate
    return not ruling.selected, -ruling.score


def _group(candidate: tuple[int, Ruling]) -> int:
    return _ORDER[candidate[1].entry.announce_type]


def _day(ruled: _Ruled, shown: Sequence[Ruling], seen_as: str, *, asks: bool) -> Day:
    found = Counter(announce_types(ruled.listing.entries))
    counts = {announce_type: found[announce_type] for announce_type in AnnounceType}
    outcome = _outcome(ruled.selected, len(shown), asks=asks)
    outcome = "; ".join([outcome, *verdicts.hints(ruled.nearest)])
    if ruled.left_out:
        outcome += f", and {ruled.left_out} {seen_as}"
    return Day(
        announced=ruled.listing.announced,
        counts=counts,
        selected=ruled.selected,
        rulings=tuple(shown),
        verdict=verdicts.verdict(ruled.listing, counts, outcome),
        nearest=ruled.nearest,
    )


def _outcome(selected: int, shown: int, *, asks: bool) -> str:
    if asks:
        said = f"{selected} {plural(selected, 'matches', 'match')}" if selected else "none matches"
    else:
        said = f"{selected} selected without rules"
    return said if shown == selected else f"{said}, {shown} shown"
