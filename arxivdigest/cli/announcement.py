"""The commands about announcements: today, on, why, when."""

from typing import TYPE_CHECKING

from typer import Exit

from arxivdigest.cli import options
from arxivdigest.cli.configuration import load
from arxivdigest.cli.request import configure, request_for, surroundings, world
from arxivdigest.cli.shell import complain, in_terminal_lines, is_terminal, now, write
from arxivdigest.errors import UsageError

if TYPE_CHECKING:
    from datetime import date

    from arxivdigest.config import Config
    from arxivdigest.reading import Request


@options.with_look
def today(  # noqa: PLR0913 - the options of the command
    subjects: options.Subjects = None,
    *,
    place: options.From = None,
    source: options.SourceName = None,
    keywords: options.Keywords = None,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
    offline: options.Offline = False,
    refresh: options.Refresh = False,
    wait: options.Wait = False,
    look: options.Look,
) -> None:
    """Show the newest announcement, through your rules."""
    if offline and (refresh or wait):
        raise UsageError("--offline asks nobody; it goes with neither --refresh nor --wait")
    if place is not None and (offline or refresh or wait):
        raise UsageError("--from says what to read; --offline, --refresh and --wait are for arXiv")
    config = configure(config_file, profile, subjects, keywords, source)
    request = request_for(config, place, subjects)
    request = request._replace(offline=offline, refresh=refresh)
    view, around = View(config, look, profile), world(quiet=look.quiet)
    reader = reader_of(config, config_file, profile, subjects, keywords)
    read = (reading.wait if wait else reading.read)(request, around)
    if place is not None:
        show(view, [read], _acknowledged(reader, request, read, around) if look.unseen else {})
        end([read])
        return
    from arxivdigest import looks as all_looks

    with all_looks.opened(reader, request, around) as looks:
        day = read.listing.announced
        seen = looks.acknowledged([day]) if look.unseen else {}
        if subjects or keywords:  # an occasion of its own, of which nothing was promised
            looks.note(show(view, [read], seen), [read.listing])
        else:
            missed = looks.missed()
            command = catchup_command(config_file, profile)
            remarks = all_looks.remarks(missed, (day, looks.newest), command)
            looks.note(show(view, [read], seen, remarks), [read.listing])
            looks.note_lost(missed.lost)
    end([read])


@options.with_look
def on(  # noqa: PLR0913 - the options of the command
    day: options.Day,
    subjects: options.Subjects = None,
    *,
    keywords: options.Keywords = None,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
    offline: options.Offline = False,
    refresh: options.Refresh = False,
    look: options.Look,
) -> None:
    """Show the announcement of a day up to 90 days back."""
    if offline and refresh:
        raise UsageError("--offline asks nobody; it does not go with --refresh")
    config = configure(config_file, profile, subjects, keywords, None)
    request = request_for(config, None, subjects)
    request = request._replace(day=_day(day), offline=offline, refresh=refresh)
    from arxivdigest import looks as all_looks
    from arxivdigest import reading

    around = world(quiet=look.quiet)
    read = reading.read(request, around)
    reader = reader_of(config, config_file, profile, subjects, keywords)
    with all_looks.opened(reader, request, around) as looks:
        seen = looks.acknowledged([request.day]) if look.unseen else {}
        digest = show(View(config, look, profile), [read], seen)
        looks.note(digest, [read.listing], is_look=False)
    end([read])


def _day(written: str) -> "date":
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
    from arxivdigest import reading
    from arxivdigest.rules import explanation

    config = configure(config_file, profile, subjects, keywords, source)
    request = request_for(config, place, subjects)
    listing = reading.read(request, world(quiet=False)).listing
    write(explanation.explain(arxiv_id, listing, config.rule_set()))


def when(config_file: options.ConfigFile = None, profile: options.Profile = None) -> None:
    """Say when arXiv announced last, and when it does next."""
    from datetime import datetime

    from arxivdigest.arxiv.calendar_lines import calendar_lines
    from arxivdigest.config import holidays

    days = holidays(load(config_file, profile).fetch)
    write(calendar_lines(now(), days, datetime.astimezone))
