"""What a command asks for, put together from the configuration and its options."""

import os
from typing import TYPE_CHECKING

from arxivdigest.cli.options import Ask
from arxivdigest.cli.places import (
    cache_folder,
    config_path,
    load,
    state_folder,
    template_folders,
)
from arxivdigest.cli.shell import chance, complain, console, has_progress, now, sleep
from arxivdigest.errors import UsageError

if TYPE_CHECKING:
    from arxivdigest.config import Config
    from arxivdigest.output import Surroundings
    from arxivdigest.reading import Request, World
    from arxivdigest.store.reader import Reader


def configure(ask: Ask) -> "Config":
    """The configuration, with what the command line says in its place."""
    from arxivdigest.config.schema import SOURCE_NAMES
    from arxivdigest.rules import rule_on_the_spot

    ask.check()
    config = load(ask.config_file, ask.profile)
    if ask.subjects:
        config = config._replace(subjects=tuple(dict.fromkeys(map(subject, ask.subjects))))
    if ask.source is not None and ask.source not in SOURCE_NAMES:
        raise UsageError(f'--source is one of {", ".join(SOURCE_NAMES)}, not "{ask.source}"')
    if ask.source is not None:
        config = config._replace(fetch=config.fetch._replace(source=ask.source))
    try:
        extra = tuple(map(rule_on_the_spot, ask.keywords or ()))
    except ValueError as error:
        raise UsageError(f"--keyword: {error}") from error
    return _with_pages(config._replace(rules=(*config.rules, *extra)), ask)


def subject(label: str) -> str:
    """The subject as arXiv writes it; a UsageError says what may have been meant."""
    from arxivdigest.config import rule_tables

    try:
        return rule_tables.subject(label)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _with_pages(config: "Config", ask: Ask) -> "Config":
    """The configuration, reading pages where a rule looks at comments, which no feed has."""
    rule = next((rule for rule in config.rules if "comments" in rule.looks_at), None)
    if rule is None or ask.place is not None:
        return config
    if ask.source == "feed":
        raise UsageError(
            f'--source feed does not go with the rule "{rule.name}": it looks at comments, and a'
            " feed has none"
        )
    return config._replace(fetch=config.fetch._replace(source="page"))


def reader_of(config: "Config", ask: Ask) -> "Reader":
    """Whose record it is: the configuration's and the profile's, or an occasion's on the spot."""
    from arxivdigest.store.reader import Reader

    path = config_path(ask.config_file).absolute()
    try:
        # Where a folder is reached by a link it is the same; a file that is one may be laid anew.
        path = path.parent.resolve() / path.name
    except OSError:  # as a folder that nobody may look into
        path = path.absolute()
    asked = sorted(config.subjects) if ask.subjects else []
    occasion = "\n".join(["+".join(asked), *sorted(set(ask.keywords or ()))]).strip()
    return Reader(
        file=os.fsencode(path).decode("utf-8", "backslashreplace"),
        name=config.reader,
        profile=ask.profile or "",
        occasion=occasion.encode("utf-8", "backslashreplace").decode(),
    )


def request_for(config: "Config", ask: Ask) -> "Request":
    """What to read for a configuration, or the place that is named instead."""
    from arxivdigest.reading import Request

    # A saved listing says itself what it is of; only subjects named beside it are held against it.
    asked = config.subjects if ask.place is None or ask.subjects else ()
    needs = frozenset(field for rule in config.rules for field in rule.looks_at)
    return Request(
        ask.place,
        asked,
        config.fetch,
        offline=ask.offline,
        refresh=ask.refresh,
        needs=needs,
        keep=config.store.length,
    )


def world(*, quiet: bool, keeps_answers: bool = False) -> "World":
    """The clock, the folder and the streams that a command works with.

    It may keep answers, so that each is asked for once in the whole run.
    """
    from arxivdigest.clock import Clock
    from arxivdigest.deadline import PATIENCE, Patience
    from arxivdigest.reading import World

    shown = None
    if has_progress(quiet=quiet):
        from arxivdigest.cli.progress import progress

        shown = progress()
    return World(
        clock=Clock(now, shown.sleep if shown else sleep, chance),
        state=state_folder(),
        say=shown.say if shown else lambda _: None,
        complain=complain,
        answers={} if keeps_answers else None,
        patience=Patience(PATIENCE),
    )


def surroundings(
    config: "Config",
    ask: Ask,
    to: list[str] | None,
    sender: str | None,
    output: str | None = None,
) -> "Surroundings":
    """What formats may need of the world, with the addresses that options give."""
    from arxivdigest.output import Surroundings

    return Surroundings(
        console=lambda: console(output),
        now=now,
        user_templates=template_folders(ask.config_file),
        email=config.email._replace(
            to=tuple(dict.fromkeys(to or config.email.to)), sender=sender or config.email.sender
        ),
        profile=ask.profile or "",
        compiled_templates=cache_folder() / "templates",
    )
