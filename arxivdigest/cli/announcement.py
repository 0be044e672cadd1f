"""The commands about announcements: today, on, why, when."""

from typing import TYPE_CHECKING

from arxivdigest.cli import options
from arxivdigest.cli.configuration import load
from arxivdigest.cli.pager import tell
from arxivdigest.cli.request import configure, reader_of, request_for, world
from arxivdigest.cli.shell import local, now
from arxivdigest.cli.showing import View, catchup_command, end, present
from arxivdigest.errors import UsageError

if TYPE_CHECKING:
    from datetime import date


@options.grouped()
def today(*, ask: options.Ask, wait: options.Wait = False, look: options.Look) -> None:
    """Show the newest announcement, through your rules."""
    from arxivdigest import reading

    ask.check(wait=wait)
    config = configure(ask)
    request, around = request_for(config, ask), world(quiet=look.quiet)
    view = View(config, ask, look)
    read = (reading.wait if wait else reading.read)(request, around)
    if ask.place is not None and not look.unseen:
        present(view, [read], {})
        end([read])
        return
    from arxivdigest import looks as all_looks

    with all_looks.opened(reader_of(config, ask), request, around) as looks:
        day = read.listing.announced
        seen = looks.acknowledged([day]) if look.unseen else {}
        if ask.place is not None:
            present(view, [read], seen)
        elif ask.is_occasion:  # which has a record of its own, and names nothing
            looks.note(present(view, [read], seen), [read.listing])
        else:
            is_late = bool(read.listing.stale or read.error)
            missed = looks.missed(looks.newest if is_late or ask.offline else day)
            # The verdict says itself that the newest is not out yet.
            said = {day, looks.newest} if is_late else {day}
            remarks = all_looks.remarks(missed, said, catchup_command(ask))
            looks.note(present(view, [read], seen, remarks), [read.listing])
            looks.note_lost(missed.lost)
    end([read])


@options.grouped(without=("place", "source"))
def on(day: options.Day, *, ask: options.Ask, look: options.Look) -> None:
    """Show the announcement of a day up to 90 days back."""
    from arxivdigest import looks as all_looks
    from arxivdigest import reading

    config = configure(ask)
    request, around = request_for(config, ask)._replace(day=day_of(day)), world(quiet=look.quiet)
    read = reading.read(request, around)
    with all_looks.opened(reader_of(config, ask), request, around) as looks:
        seen = looks.acknowledged([request.day]) if look.unseen else {}
        digest = present(View(config, ask, look), [read], seen)
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
    from arxivdigest.arxiv import schedule
    from arxivdigest.config import holidays

    days = holidays(load(config_file, profile).fetch)
    tell(schedule.in_words(now(), days, local))
