"""The commands about announcements: today, on, why, when."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Exit, Option

from arxivdigest.cli import options
from arxivdigest.cli.places import load
from arxivdigest.cli.request import configure, reader_of, request_for, world
from arxivdigest.cli.shell import local, now
from arxivdigest.cli.showing import View, catchup_command, end, present
from arxivdigest.errors import (
    DigestError,
    ForbiddenError,
    ListingError,
    TryAgainError,
    UsageError,
)
from arxivdigest.text.dates import short_date

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from arxivdigest.model import Listing
    from arxivdigest.reading import Request, World
    from arxivdigest.verdict import Gathered

ArxivId = Annotated[
    str,
    Argument(
        metavar="ID",
        help="Such as 2507.07120, or a number in the list shown last: 3.",
        show_default=False,
    ),
]
Days = Annotated[
    list[str],
    Argument(
        metavar="DATE... [SUBJECT]...",
        help="Such as 2026-11-20, friday, -3 (three announcements before the newest), or FROM..TO;"
        " then subjects in place of your own.",
        show_default=False,
    ),
]
Wait = Annotated[bool, Option("--wait", help="Wait for the next announcement.")]


@options.grouped()
def today(*, ask: options.Ask, wait: Wait = False, look: options.Look) -> None:
    """Show the newest announcement, through your rules."""
    ask.check(wait=wait)
    show_newest(ask, look, wait=wait)


def show_newest(ask: options.Ask, look: options.Look, *, wait: bool = False) -> None:
    """Show the newest announcement, and note what was shown."""
    from arxivdigest import reading

    config = configure(ask)
    request, around = request_for(config, ask), world(quiet=look.quiet)
    view = View(config, ask, look)
    read = (reading.wait if wait else reading.read)(request, around)
    if ask.place is not None and not look.unseen:
        present(view, [read], {})
        end([read])
        return
    from arxivdigest import unseen

    with unseen.opened(reader_of(config, ask), request, around) as looks:
        day = read.listing.announced
        seen = looks.acknowledged([day]) if look.unseen else {}
        if ask.place is not None:
            present(view, [read], seen)
        elif ask.is_occasion:  # which has a record of its own, and names nothing
            digest = present(view, [read], seen, shelf=looks.shelf)
            looks.note(digest, [read.listing], subjects_of=looks.begins_with)
        else:
            is_late = bool(read.listing.stale or read.error)
            missed = looks.missed(looks.newest if is_late or ask.offline else day)
            # The verdict says itself that the newest is not out yet.
            said = {day, looks.newest} if is_late else {day}
            remarks = unseen.remarks(missed, said, partial(catchup_command, ask))
            digest = present(view, [read], seen, remarks, looks.shelf)
            noted = [read.listing, *looks.unread(read.listing)]
            looks.note(digest, noted, subjects_of=looks.begins_with)
            looks.note_lost(missed.lost)
    end([read])


@options.grouped(without=("place", "source", "subjects"))
def on(days: Days, *, ask: options.Ask, look: options.Look) -> None:
    """Show the announcements of days up to 90 days back."""
    from arxivdigest import unseen
    from arxivdigest.cli import dates
    from arxivdigest.config import holidays

    free = holidays(load(ask.config_file, ask.profile).fetch)
    wanted, subjects = dates.meant(days, now(), free)
    if not wanted:
        raise UsageError(f'"{days[0]}" is no date, such as {day_of("today").isoformat()}')
    ask = ask._replace(subjects=subjects or None)
    config = configure(ask)
    request, around = request_for(config, ask), world(quiet=look.quiet)
    read = _read_each(request, wanted, around)
    with unseen.opened(reader_of(config, ask), request, around) as looks:
        seen = looks.acknowledged(wanted) if look.unseen else {}
        view = View(config, ask, look, is_series=len(wanted) > 1)
        digest = present(view, read, seen, shelf=looks.shelf)
        looks.note(digest, [one.listing for one in read])
    end(read)
    if len(read) < len(wanted):
        raise Exit(TryAgainError.exit_code)


def _read_each(request: "Request", days: "Sequence[date]", around: "World") -> "list[Gathered]":
    """What was read of each day; where there are several, one that cannot be read is named."""
    from arxivdigest import reading

    if len(days) == 1:
        return [reading.read(request._replace(day=days[0]), around)]
    read: list[Gathered] = []
    failures: list[DigestError] = []
    for day in days:
        try:
            read.append(reading.read(request._replace(day=day), around))
        except ForbiddenError:
            raise
        except DigestError as error:
            failures.append(error)
            around.complain(f"digest: {short_date(day)}: {error}")
    if not read:
        raise failures[0]
    return read


def day_of(written: str) -> "date":
    """The date that is written so, in New York."""
    from arxivdigest.cli import dates

    return dates.day_of(written, now())


@options.grouped()
def why(arxiv_id: ArxivId, *, ask: options.Ask) -> None:
    """Say what each rule made of an entry, on the last day that has it."""
    from arxivdigest import reading
    from arxivdigest.cli.pager import tell
    from arxivdigest.rules import explanation
    from arxivdigest.store.file import opened_reader

    config = configure(ask)
    request, around = request_for(config, ask), world(quiet=False)
    arxiv_id = _meant(arxiv_id)
    failure: DigestError | None = None
    listing: Listing | None = None
    try:
        listing = reading.read(request, around).listing
    except (TryAgainError, ListingError) as error:
        failure = error
    if ask.place is None and not (listing and explanation.find(arxiv_id, listing)):
        stored = _stored(arxiv_id, request, around)
        if stored is None:
            subjects = ", ".join(request.subjects)
            said = f"{arxiv_id} is not among the entries of {subjects} of any day that is stored"
            raise failure or ListingError(said)
        listing = stored
    if listing is None:
        raise failure or ListingError(f"{arxiv_id} is in no listing")
    with opened_reader(around.state, None) as records:
        always = records.starred_ids() if config.output.starred_replacements else ()
    tell(explanation.explain(arxiv_id, listing, config.rule_set(), always=always))


def _meant(written: str) -> str:
    """The id that is written, or the one that has this number in the list shown last."""
    from arxivdigest.cli.last_list import asked_for

    asked = asked_for([written])
    if len(asked) > 1:
        raise UsageError(f"{written}: why is told of one paper at a time")
    return asked[0].identifier.arxiv_id


def _stored(arxiv_id: str, request: "Request", around: "World") -> "Listing | None":
    """The listing of the last stored day that has an entry, if any has."""
    from arxivdigest import reading
    from arxivdigest.rules import explanation

    with reading.kept(around) as store:
        for day in store.days():
            found = store.covering(request.subjects, day)
            if found and explanation.find(arxiv_id, found.stored.listing):
                return found.stored.listing
    return None


def when(config_file: options.ConfigFile = None, profile: options.Profile = None) -> None:
    """Say when arXiv announced last, and when it does next."""
    from arxivdigest.arxiv import schedule
    from arxivdigest.cli.pager import tell
    from arxivdigest.config import holidays

    days = holidays(load(config_file, profile).fetch)
    tell(schedule.in_words(now(), days, local))
