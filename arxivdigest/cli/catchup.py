"""The command that brings what was announced while nobody looked: catchup."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

from typer import Exit, Option

from arxivdigest.cli import options
from arxivdigest.cli.announcement import day_of
from arxivdigest.cli.request import configure, reader_of, request_for, world
from arxivdigest.cli.shell import complain
from arxivdigest.cli.showing import View, present, write_out
from arxivdigest.errors import TryAgainError

if TYPE_CHECKING:
    from arxivdigest.model import Verdict
    from arxivdigest.reading import Request
    from arxivdigest.unseen import Looks

Since = Annotated[
    str | None,
    Option(metavar="DATE", help="Every announcement from then on, seen or not."),
]


_FEW = 10
"""More requests than these are announced before they begin."""


@options.grouped(without=("place",))
def catchup(*, ask: options.Ask, since: Since = None, look: options.Look) -> None:
    """Show every announcement that was not seen."""
    from arxivdigest import reading, unseen
    from arxivdigest.model import Digest

    config = configure(ask)
    request, around = request_for(config, ask), world(quiet=look.quiet)
    reading.check_subjects(request)
    first = day_of(since) if since else None
    with unseen.opened(reader_of(config, ask), request, around) as looks:
        missed = looks.since(first) if first else looks.missed()
        days = (missed if missed.since else looks.last()).unseen
        if not (look.quiet or ask.offline):
            _announce(looks, days, request)
        read = list(unseen.catch_up(request, days, looks, around))
        around.say("")
        view = View(config, ask, look, is_series=True, seen_as="seen before")
        remarks = unseen.remarks(missed._replace(unseen=()))
        if read:
            dates = [one.listing.announced for one in read if one.listing.announced]
            known = [] if first else [looks.held(dates)]
            known += [looks.acknowledged(dates)] if look.unseen else []
            digest = present(view, read, _together(known), remarks, looks.shelf)
            looks.note(digest, [one.listing for one in read], subjects_of=looks.subjects_of)
        else:
            said = _nothing(missed.since, is_asked=first is not None)
            digest = Digest(config.subjects, (), said, is_series=True, remarks=remarks)
            write_out(view, digest, is_fine=True)
        if first is None:
            looks.note_lost(missed.lost)
    if any(one.error for one in read):
        raise Exit(TryAgainError.exit_code)


def _announce(looks: "Looks", days: Sequence[date], request: "Request") -> None:
    """Say how long it takes, where that is long."""
    from datetime import timedelta

    from arxivdigest.fetch.manners import pause_before
    from arxivdigest.text.counts import counted

    count = looks.requests(days)
    if count > _FEW:
        pause = pause_before(request.fetch.site, request.fetch.delay)
        minutes = max(1, round(timedelta(seconds=pause * count) / timedelta(minutes=1)))
        complain(
            f"Reading {counted(len(days), 'announcement')} in {count} requests:"
            f" about {counted(minutes, 'minute')}; Ctrl-C keeps what was read by then."
        )


def _together(known: Sequence[Mapping[date, frozenset[str]]]) -> dict[date, frozenset[str]]:
    """The ids by day, from one account or from two."""
    together: dict[date, frozenset[str]] = {}
    for account in known:
        for day, ids in account.items():
            together[day] = together.get(day, frozenset()) | ids
    return together


def _nothing(since: date | None, *, is_asked: bool) -> "Verdict":
    """The verdict where there is nothing to show."""
    from arxivdigest.model import Status, Verdict
    from arxivdigest.text.dates import day_and_month

    said = "Nothing was announced" if is_asked or since is None else "Nothing missed"
    if since:
        said += f" since {day_and_month(since)}"
    return Verdict(Status.COMPLETE, "", 0, None, f"{said}.")
