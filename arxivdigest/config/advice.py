"""What a configuration may say, though its writer most likely means something else.

Of two kinds: what is odd, and what is written wrong though its meaning is clear. A run goes on with
both of them, and `config check` refuses the second.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from arxivdigest.model import REPLACEMENTS
from arxivdigest.rules import impossible, mistakes
from arxivdigest.rules.conditions import REPLACED
from arxivdigest.text import safe

if TYPE_CHECKING:
    from arxivdigest.config.schema import Config
    from arxivdigest.config.toml import Path as Place
    from arxivdigest.rules import Rule
    from arxivdigest.rules.conditions import Condition

_KEYWORDS = ("any", "all", "none")


class Advice(NamedTuple):
    """What is odd in a configuration, and what is to be mended though every run goes on with it.

    Both with the keys at which they stand.
    """

    odd: "list[tuple[Place, str]]"
    to_mend: "list[tuple[Place, str]]"


def advice(config: "Config") -> Advice:
    """What to say of a configuration that can be read."""
    odd: list[tuple[Place, str]] = []
    to_mend: list[tuple[Place, str]] = []
    written = config.written.get("rules", [])
    for index, (settings, rule) in enumerate(zip(written, config.rules, strict=True)):
        place = ("rules", index)
        odd += [((*place, *where), safe(said)) for where, said in _of_rule(settings, rule, config)]
        to_mend += [((*place, *where), safe(said)) for where, said in _to_mend(settings)]
    odd += [(("rules", index), safe(said)) for index, said in _of_pairs(config.rules)]
    odd += [(("output", "min_score"), said) for said in _of_scores(config)]
    return Advice(odd, to_mend)


def _to_mend(settings: Mapping[str, Any]) -> "Iterator[tuple[Place, str]]":
    for key in _KEYWORDS:
        for index, text in enumerate(settings.get(key, ())):
            said = mistakes.to_mend(text)
            if said:
                yield (key, index), f'{key}: the keyword "{text}" {said}'


def _of_keywords(settings: Mapping[str, Any], rule: "Rule") -> "Iterator[tuple[Place, str]]":
    clashes = {clash.asked.text: clash for clash in impossible.clashes(rule.conditions)}
    for key in _KEYWORDS:
        known: set[str] = set()
        for index, text in enumerate(settings.get(key, ())):
            for said in mistakes.odd(text):
                yield (key, index), f'{key}: the keyword "{text}": {said}'
            if text in known:
                yield (key, index), f'{key}: the keyword "{text}" is there already'
            known.add(text)
            if key != "none" and text in clashes:
                by = clashes[text].ruled_out_by.text
                yield (key, index), f'{key}: none rules "{text}" out, with "{by}"'


def _of_rule(
    settings: Mapping[str, Any], rule: "Rule", config: "Config"
) -> "Iterator[tuple[Place, str]]":
    yield from _of_keywords(settings, rule)
    known: set[str] = set()
    for index, name in enumerate(settings.get("authors", ())):
        if odd := mistakes.odd_name(name):
            yield ("authors", index), f'authors: "{name}": {odd}'
        if name.lower() in known:
            yield ("authors", index), f'authors: "{name}" is there already'
        known.add(name.lower())
    if rule.exclude and "weight" in settings:
        yield ("weight",), "weight says nothing of a rule with exclude = true"
    for index, announce_type in enumerate(settings.get("announce", ())):
        needed = REPLACEMENTS if announce_type in REPLACED else (announce_type,)
        if not any(one in config.announce for one in needed):
            shown = ", ".join(config.announce)
            yield (
                ("announce", index),
                f'announce: the top-level announce lets {shown} through, not "{announce_type}"',
            )


def _in_short(condition: "Condition") -> object:
    """The condition in one of the ways to write it."""
    if not condition.keywords:
        return condition
    words = frozenset(
        one if one.case or one.is_expression else one.text.casefold().replace("-", " ")
        for one in condition.keywords
    )
    return type(condition), words, frozenset(condition.fields)


def _of_pairs(rules: "Sequence[Rule]") -> "Iterator[tuple[int, str]]":
    """The rules that ask for what another does, or for what another leaves out."""
    known: dict[frozenset[object], Rule] = {}
    leaving_out = [rule for rule in rules if rule.exclude and len(rule.conditions) == 1]
    for index, rule in enumerate(rules):
        if rule.exclude:
            continue
        first = known.setdefault(frozenset(map(_in_short, rule.conditions)), rule)
        if first is not rule:
            yield index, f'the rule "{rule.name}" asks for the same as "{first.name}"'
        for other in leaving_out:
            if impossible.is_left_out(rule.conditions, other.conditions[0]):
                yield index, f'the rule "{other.name}" leaves out all that "{rule.name}" asks for'


def _of_scores(config: "Config") -> Iterator[str]:
    """That no entry can reach the score asked for."""
    asking = [rule.weight for rule in config.rules if not rule.exclude]
    most = round(sum(weight for weight in asking if weight > 0), 9)
    if asking and most < config.output.min_score:
        yield (
            f"min_score {config.output.min_score:g} is never reached:"
            f" all weights together are {most:g}"
        )
