"""The commands about announcements: today, on, why, when."""

from typing import TYPE_CHECKING

from typer import Exit

from arxivdigest.cli import options
from arxivdigest.cli.configuration import load
from arxivdigest.cli.pager import show, tell
from arxivdigest.cli.request import configure, reader_of, request_for, surroundings, world
from arxivdigest.cli.shell import complain, is_terminal, now
from arxivdigest.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from arxivdigest.config import Config
    from arxivdigest.reading import Request
    from arxivdigest.store.reader import Reader


@options.grouped()
def today(*, ask: options.Ask, wait: options.Wait = False, look: options.Look) -> None:
    """Show the newest announcement, through your rules."""
    ask.check(wait=wait)
    config = configure(ask)
    _show(config, request_for(config, ask), look, reader_of(config, ask), wait=wait)


@options.grouped(without=("place", "source"))
def on(day: options.Day, *, ask: options.Ask, look: options.Look) -> None:
    """Show the announcement of a day up to 90 days back."""
    config = configure(ask)
    _show(config, request_for(config, ask)._replace(day=day_of(day)), look, reader_of(config, ask))


def day_of(written: str) -> "date":
    """The date that is written so, in New York."""
    from datetime import date, timedelta

    from arxivdigest.arxiv.schedule import EASTERN

    today = now().astimezone(EASTERN).date()
    named = {"today": today, "yesterday": today - timedelta(days=1)}
    if written.lower() in named:
        return named[written.lower()]
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise UsageError(f'"{written}" is no date, such as {today.isoformat()}') from error


def _show(
    config: "Config",
    request: "Request",
    look: options.Look,
    reader: "Reader",
    *,
    wait: bool = False,
) -> None:
    from arxivdigest import digest as digests
    from arxivdigest import output as outputs
    from arxivdigest import reading

    around = world(quiet=look.quiet)
    gathered = (reading.wait if wait else reading.read)(request, around)
    listing = gathered.listing
    known = reading.seen(reader, listing, around) if look.unseen else frozenset()
    seen = {listing.announced: known} if listing.announced else {}
    digest = digests.build([listing], config, show_all=look.show_all, limit=look.limit, seen=seen)
    is_fine = digest.verdict.is_whole and not gathered.error
    if look.skip_empty and not digest.selected and is_fine:
        return
    name = look.format_name or _default_format(config.output.format, look.output)
    format_around = surroundings(config, reader.profile, look.to, look.sender, look.output)
    rendered = outputs.render(name, digest, format_around, abstracts=look.abstracts)
    show(rendered, look.output, paged=config.output.pager and not look.no_pager)
    if not (look.quiet and is_fine):
        complain(digest.verdict.message)
    if gathered.error:
        raise Exit(gathered.error.exit_code)


def _default_format(configured: str | None, output: str | None) -> str:
    """The configured format, though a table goes to a terminal only."""
    if configured is None or configured == "table":
        return "table" if is_terminal(output) else "plain"
    return configured


@options.grouped()
def why(arxiv_id: options.ArxivId, *, ask: options.Ask) -> None:
    """Say what each rule made of an entry, condition by condition."""
    from arxivdigest import reading
    from arxivdigest.rules import explanation

    config = configure(ask)
    listing = reading.read(request_for(config, ask), world(quiet=False)).listing
    tell(explanation.explain(arxiv_id, listing, config.rule_set()))


def when(config_file: options.ConfigFile = None, profile: options.Profile = None) -> None:
    """Say when arXiv announced last, and when it does next."""
    from datetime import datetime

    from arxivdigest.arxiv import schedule
    from arxivdigest.config import holidays

    days = holidays(load(config_file, profile).fetch)
    tell(schedule.in_words(now(), days, datetime.astimezone))
