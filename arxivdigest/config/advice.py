"""What a configuration may say, though its writer most likely means something else."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from arxivdigest.config.toml import line_of, lines
from arxivdigest.model import REPLACEMENTS
from arxivdigest.rules import mistakes, voids
from arxivdigest.rules.conditions import REPLACED
from arxivdigest.text import safe

if TYPE_CHECKING:
    from arxivdigest.config.schema import Config
    from arxivdigest.config.toml import Path as Place
    from arxivdigest.rules import Rule

_KEYWORDS = ("any", "all", "none")


def advice(text: str, name: str, config: "Config", profile: str | None = None) -> list[str]:
    """What is odd in a configuration that is right, with file and line."""
    known = lines(text.removeprefix("\ufeff"))
    of_profile = ("profiles", profile, "rules") if profile is not None else ()
    place: Place = of_profile if of_profile in known else ("rules",)
    written = config.written.get("rules", [])
    found = [
        ((*place, index, *where), said)
        for index, (settings, rule) in enumerate(zip(written, config.rules, strict=True))
        for where, said in _of_rule(settings, rule, config)
    ]
    found += [(("output", "min_score"), said) for said in _of_scores(config)]
    return [
        f"{name}:{line_of(where, known) or 1}: {safe(said)}"
        for where, said in sorted(found, key=lambda one: line_of(one[0], known) or 1)
    ]


def _of_rule(
    settings: Mapping[str, Any], rule: "Rule", config: "Config"
) -> "Iterator[tuple[Place, str]]":
    clashes = {clash.asked.text: clash for clash in voids.clashes(rule.conditions)}
    for key in _KEYWORDS:
        for index, text in enumerate(settings.get(key, ())):
            for said in mistakes.odd(text):
                yield (key, index), f'{key}: the keyword "{text}": {said}'
            if key != "none" and text in clashes:
                by = clashes[text].ruled_out_by.text
                yield (key, index), f'{key}: none rules "{text}" out, with "{by}"'
    for index, announce_type in enumerate(settings.get("announce", ())):
        needed = REPLACEMENTS if announce_type in REPLACED else (announce_type,)
        if not any(one in config.announce for one in needed):
            shown = ", ".join(config.announce)
            yield (
                ("announce", index),
                f'announce: the top-level announce lets {shown} through, not "{announce_type}"',
            )


def _of_scores(config: "Config") -> Iterator[str]:
    """That no entry can reach the score asked for."""
    asking = [rule.weight for rule in config.rules if not rule.exclude]
    most = round(sum(weight for weight in asking if weight > 0), 9)
    if asking and most < config.output.min_score:
        yield (
            f"min_score {config.output.min_score:g} is never reached:"
            f" all weights together are {most:g}"
        )
