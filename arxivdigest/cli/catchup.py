"""The command that brings what was announced while nobody looked: catchup."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from arxivdigest.cli import options
from arxivdigest.cli.announcement import day_of
from arxivdigest.cli.request import configure, reader_of, request_for, world
from arxivdigest.cli.shell import complain
from arxivdigest.cli.showing import View, end, present, write_out
from arxivdigest.errors import UsageError

if TYPE_CHECKING:
    from arxivdigest.looks import Looks
    from arxivdigest.model import Verdict
    from arxivdigest.reading import Request

_FEW = 10
"""More requests than these are announced before they begin."""


@options.with_look
def catchup(  # noqa: PLR0913 - the options of the command
    subjects: options.Subjects = None,
    *,
    since: options.Since = None,
    source: options.SourceName = None,
    keywords: options.Keywords = None,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
    offline: options.Offline = False,
    refresh: options.Refresh = False,
    look: options.Look,
) -> None:
    """Show every announcement that was not seen."""
    from arxivdigest import looks as all_looks
    from arxivdigest import reading
    from arxivdigest.model import Digest

    if offline and refresh:
        raise UsageError("--offline asks nobody; it does not go with --refresh")
    config = configure(config_file, profile, subjects, keywords, source)
    request = request_for(config, None, subjects)._replace(offline=offline, refresh=refresh)
    reading.check_subjects(request)
    around, first = world(quiet=look.quiet), day_of(since) if since else None
    reader = reader_of(config, config_file, profile, subjects, keywords)
    with all_looks.opened(reader, request, around) as looks:
        missed = looks.missed()
        days = looks.since(first) if first else missed.unseen if missed.since else looks.last()
        if not (look.quiet or offline):
            _announce(looks, days, request)
        read = list(all_looks.catch_up(request, days, looks, around))
        around.say("")
        view = View(config, look, profile, is_series=True)
        remarks = all_looks.remarks(missed._replace(unseen=()))
        if read:
            dates = [one.listing.announced for one in read if one.listing.announced]
            known = [] if first else [looks.held(dates)]
            known += [looks.acknowledged(dates)] if look.unseen else []
            digest = present(view, read, _together(known), remarks)
            looks.note(digest, [one.listing for one in read])
        else:
            said = _nothing(first, missed.since)
            digest = Digest(config.subjects, (), said, is_series=True, remarks=remarks)
            write_out(view, digest, is_fine=True)
        looks.note_lost(missed.lost)
    end(read)


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


def _nothing(first: date | None, since: date | None) -> "Verdict":
    """The verdict where there is nothing to show."""
    from arxivdigest.model import Status, Verdict
    from arxivdigest.text.dates import day_and_month

    said = "Nothing was announced yet"
    if first:
        said = f"Nothing was announced since {day_and_month(first)}"
    elif since:
        said = f"Nothing missed since {day_and_month(since)}"
    return Verdict(Status.COMPLETE, "", 0, None, f"{said}.")
