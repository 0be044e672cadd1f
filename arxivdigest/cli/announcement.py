"""The commands about announcements: today, on, why, when."""

from typing import TYPE_CHECKING

from arxivdigest.cli import options
from arxivdigest.cli.configuration import load
from arxivdigest.cli.pager import tell
from arxivdigest.cli.request import configure, reader_of, request_for, world
from arxivdigest.cli.shell import now
from arxivdigest.cli.showing import View, catchup_command, end, present
from arxivdigest.errors import UsageError

if TYPE_CHECKING:
    from datetime import date



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
    from arxivdigest import looks as all_looks
    from arxivdigest import reading

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
    if place is not None and not look.unseen:
        present(view, [read], {})
        end([read])
        return
    with all_looks.opened(reader, request, around) as looks:
        day = read.listing.announced
        seen = looks.acknowledged([day]) if look.unseen else {}
        if place is not None:
            present(view, [read], seen)
        elif subjects or keywords:  # an occasion of its own, which names nothing
            looks.note(present(view, [read], seen), [read.listing])
        else:
            missed = looks.missed()
            command = catchup_command(config_file, profile)
            remarks = all_looks.remarks(missed, (day, looks.newest), command)
            looks.note(present(view, [read], seen, remarks), [read.listing])
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
    from arxivdigest import looks as all_looks
    from arxivdigest import reading

    if offline and refresh:
        raise UsageError("--offline asks nobody; it does not go with --refresh")
    config = configure(config_file, profile, subjects, keywords, None)
    request = request_for(config, None, subjects)
    request = request._replace(day=day_of(day), offline=offline, refresh=refresh)
    around = world(quiet=look.quiet)
    read = reading.read(request, around)
    reader = reader_of(config, config_file, profile, subjects, keywords)
    with all_looks.opened(reader, request, around) as looks:
        seen = looks.acknowledged([request.day]) if look.unseen else {}
        digest = show(View(config, look, profile), [read], seen)
        looks.note(digest, [read.listing], is_look=False)
    end([read])


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
    tell(explanation.explain(arxiv_id, listing, config.rule_set()))


def when(config_file: options.ConfigFile = None, profile: options.Profile = None) -> None:
    """Say when arXiv announced last, and when it does next."""
    from datetime import datetime

    from arxivdigest.arxiv import schedule
    from arxivdigest.config import holidays

    days = holidays(load(config_file, profile).fetch)
    tell(schedule.in_words(now(), days, datetime.astimezone))
