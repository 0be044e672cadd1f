"""The commands that read an announcement: today, why."""

from dataclasses import replace
from typing import TYPE_CHECKING

from arxivdigest.cli import options
from arxivdigest.cli.configuration import folder, load, subject
from arxivdigest.cli.shell import (
    complain,
    console,
    in_terminal_lines,
    is_terminal,
    now,
    progress,
    write,
)
from arxivdigest.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from arxivdigest.config import Config
    from arxivdigest.model import Digest, Listing


def today(  # noqa: PLR0913 - the options of the command
    subjects: options.Subjects = None,
    *,
    place: options.From = None,
    source: options.SourceName = None,
    format_name: options.Format = None,
    keywords: options.Keywords = None,
    show_all: options.All = False,
    abstracts: options.Abstracts = None,
    limit: options.Limit = None,
    output: options.Output = None,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
    to: options.To = None,
    sender: options.Sender = None,
    skip_empty: options.SkipEmpty = False,
    quiet: options.Quiet = False,
) -> None:
    """Show the newest announcement, through your rules."""
    from arxivdigest import digest as digests
    from arxivdigest import output as outputs

    config = _configure(config_file, profile, subjects, keywords, source)
    listing = _listing(config, place, subjects, quiet=quiet)
    digest = digests.build(listing, config, show_all=show_all, limit=limit)
    if skip_empty and not digest.selected and not listing.problems:
        return
    around = outputs.Surroundings(
        console=lambda: console(output),
        now=now,
        user_templates=folder() / "templates",
        email=replace(
            config.email,
            to=tuple(to) if to else config.email.to,
            sender=sender or config.email.sender,
        ),
        profile=profile or "",
    )
    name = format_name or _default_format(config.output.format, output)
    write(outputs.render(name, digest, around, abstracts=abstracts), output)
    _say_verdict(digest, quiet=quiet)


def _default_format(configured: str | None, output: str | None) -> str:
    """The configured format, though a table goes to a terminal only."""
    if configured is None or configured == "table":
        return "table" if is_terminal(output) else "plain"
    return configured


def why(  # noqa: PLR0913 - the options of the command
    arxiv_id: options.ArxivId,
    subjects: options.Subjects = None,
    *,
    place: options.From = None,
    source: options.SourceName = None,
    keywords: options.Keywords = None,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
) -> None:
    """Say what each rule made of an entry, condition by condition."""
    from arxivdigest import explanation

    config = _configure(config_file, profile, subjects, keywords, source)
    listing = _listing(config, place, subjects, quiet=False)
    write(explanation.explain(arxiv_id, listing, config.rule_set()))


def _configure(
    config_file: "Path | None",
    profile: str | None,
    subjects: list[str] | None,
    keywords: list[str] | None,
    source: str | None,
) -> "Config":
    """The configuration, with what the command line says in its place."""
    from arxivdigest.rules import rule_on_the_spot
    from arxivdigest.settings import SOURCES

    config = load(config_file, profile)
    if subjects:
        config = replace(config, subjects=tuple(dict.fromkeys(map(subject, subjects))))
    if source is not None and source not in SOURCES:
        raise UsageError(f'--source is one of {", ".join(SOURCES)}, not "{source}"')
    if source is not None:
        config = replace(config, fetch=replace(config.fetch, source=source))
    try:
        extra = tuple(map(rule_on_the_spot, keywords or ()))
    except ValueError as error:
        raise UsageError(f"--keyword: {error}") from error
    return replace(config, rules=(*config.rules, *extra))


def _listing(
    config: "Config", place: str | None, subjects: list[str] | None, *, quiet: bool
) -> "Listing":
    from arxivdigest import reading

    # A saved listing says itself what it is of; only subjects named beside it are held against it.
    asked = config.subjects if place is None or subjects else ()
    request = reading.Request(place, asked, config.fetch)
    return reading.read(request, progress(quiet=quiet))


def _say_verdict(digest: "Digest", *, quiet: bool) -> None:
    if not (quiet and digest.verdict.is_whole):
        for line in in_terminal_lines(digest.verdict.message):
            complain(line)
