"""The digest: a listing after the rules, in the order to show it."""

from collections import Counter
from collections.abc import Collection

from arxivdigest.config import Config
from arxivdigest.model import AnnounceType, Digest, Listing, Ruling
from arxivdigest.store.packing import announce_types, searched_texts
from arxivdigest.verdict import verdict

_ORDER = {announce_type: rank for rank, announce_type in enumerate(AnnounceType)}


def build(
    listing: Listing,
    config: Config,
    *,
    show_all: bool = False,
    limit: int | None = None,
    seen: Collection[str] = (),
) -> Digest:
    """The digest of a listing under a configuration.

    Entries come grouped by announce type, and within a group by score or in the listing's order.
    A limit keeps the best of all groups together. `show_all` adds those that no rule asked for.
    Those that were seen, by their ids, are left out.
    """
    rule_set = config.rule_set()
    texts = searched_texts(listing.entries)
    asked_for = rule_set.rulings(listing.entries, texts, show_all=show_all)
    rulings = [ruling for ruling in asked_for if ruling.entry.arxiv_id not in seen]
    selected = sum(ruling.selected for ruling in rulings)
    shown = [ruling for ruling in rulings if show_all or ruling.selected]
    if config.output.sort == "score":
        shown.sort(key=lambda ruling: (not ruling.selected, -ruling.score))
    shown = sorted(shown[:limit], key=_group)
    found = Counter(announce_types(listing.entries))
    counts = {announce_type: found[announce_type] for announce_type in AnnounceType}
    left_out = sum(ruling.selected for ruling in asked_for) - selected
    outcome = _outcome(selected, len(shown), asks=rule_set.asks)
    if left_out:
        outcome += f", and {left_out} acknowledged before"
    return Digest(
        announced=listing.announced,
        subjects=listing.subjects,
        counts=counts,
        selected=selected,
        rulings=tuple(shown),
        verdict=verdict(listing, counts, outcome),
    )


def _group(ruling: Ruling) -> int:
    return _ORDER[ruling.entry.announce_type]


def _outcome(selected: int, shown: int, *, asks: bool) -> str:
    if asks:
        said = (
            "none matches" if not selected else f"{selected} match{'es' if selected == 1 else ''}"
        )
    else:
        said = f"{selected} selected without rules"
    return said if shown == selected else f"{said}, {shown} shown"
