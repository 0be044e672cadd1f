"""Why an entry is in the digest or is not: every rule, condition by condition."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from arxivdigest.arxiv.identifier import EXAMPLE, identifier
from arxivdigest.errors import ListingError, UsageError
from arxivdigest.model import Entry, Listing
from arxivdigest.rules import Rule, RuleSet
from arxivdigest.rules.conditions import AllKeywords, AnyKeyword, Finding
from arxivdigest.rules.near_misses import near_misses
from arxivdigest.text import safe
from arxivdigest.text.readable import readable
from arxivdigest.verdict import headline

if TYPE_CHECKING:
    from arxivdigest.rules.conditions import Condition


def explain(
    arxiv_id: str, listing: Listing, rule_set: RuleSet, *, always: Collection[str] = ()
) -> str:
    """What each rule made of the entry, in lines; the id may be an address or have a version.

    `always` are the ids of what is starred, if its replacements come whatever the rules say.
    """
    entry = _find(arxiv_id, listing)
    ruling = rule_set.rule(entry)
    if ruling.is_replacement and entry.arxiv_id in always:
        outcome = "selected, as it is starred"
        if ruling.hidden_because:
            outcome += f"; it would be hidden: {ruling.hidden_because}"
    elif ruling.selected:
        outcome = (
            f"selected, with score {ruling.score:g}"
            if rule_set.asks
            else "selected: no rule asks for entries, and so all are"
        )
    else:
        outcome = f"hidden: {ruling.hidden_because}"
    lines = [
        f"{entry.arxiv_id}  {readable(entry.title)}",
        f"{headline(listing)}: {entry.announce_type}; {', '.join(entry.categories)}",
        outcome,
    ]
    candidate = rule_set.candidate(entry)
    for rule, findings in rule_set.explain(entry):
        lines += ["", _rule_line(rule, findings)]
        for condition, finding in zip(rule.conditions, findings, strict=True):
            more = [*_lacking(condition, finding, listing.source, entry)]
            if isinstance(condition, AnyKeyword | AllKeywords) and not finding.held:
                more += near_misses(condition.missing(candidate), condition.fields, entry)
            lines += [_finding_line(finding), *(f"       {said}" for said in more)]
    return "".join(f"{safe(line)}\n" for line in lines)


def _lacking(condition: "Condition", finding: Finding, source: str, entry: Entry) -> Iterator[str]:
    """What a source does not give of the fields that a condition looks at."""
    if source == "feed" and "comments" in condition.fields and entry.comments is None:
        yield "the feed has no comments"
    if entry.may_lack_authors and "authors" in condition.fields and not finding.held:
        yield f"the page lists the first {len(entry.authors)} authors only; there may be more"


def find(arxiv_id: str, listing: Listing) -> Entry | None:
    """The entry of a listing, whose id may be an address or have a version."""
    named = identifier(arxiv_id)
    wanted = named.arxiv_id if named else ""
    return next((one for one in listing.entries if one.arxiv_id.lower() == wanted), None)


def _find(arxiv_id: str, listing: Listing) -> Entry:
    named = identifier(arxiv_id)
    if named is None:
        raise UsageError(f'"{safe(arxiv_id)}" is no arXiv id, such as {EXAMPLE}')
    entry = find(arxiv_id, listing)
    if entry:
        return entry
    said = (
        f"{named.arxiv_id} is not among the {len(listing.entries)} entries of {headline(listing)}"
    )
    if listing.problems:
        said += f", which is incomplete ({'; '.join(listing.problems)})"
    raise ListingError(said)


def _rule_line(rule: Rule, findings: list[Finding]) -> str:
    kind = "excludes" if rule.exclude else f"weight {rule.weight:g}"
    held = "holds" if all(finding.held for finding in findings) else "does not hold"
    return f"{rule.name} ({kind}): {held}"


def _finding_line(finding: Finding) -> str:
    return f"  {'yes' if finding.held else 'no':<3}  {finding.condition}: {finding.detail}"
