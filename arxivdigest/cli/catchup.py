"""The command that brings what was announced while nobody looked: catchup."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from arxivdigest.cli import options
from arxivdigest.cli.announcement import day_of
from arxivdigest.cli.request import configure, reader_of, request_for, world
from arxivdigest.cli.shell import complain
from arxivdigest.cli.showing import View, end, show, write_out
from arxivdigest.errors import UsageError

if TYPE_CHECKING:
    from arxivdigest.looks import Looks
    from arxivdigest.reading import Request, World

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

    if offline and refresh:
        raise UsageError("--offline asks nobody; it does not go with --refresh")
    config = configure(config_file, profile, subjects, keywords, source)
    request = request_for(config, None, subjects)._replace(offline=offline, refresh=refresh)
    reading.check_subjects(request)
    around, first = world(quiet=look.quiet), day_of(since) if since else None
    reader = reader_of(config, config_file, profile, subjects, keywords)
    with all_looks.opened(reader, request, around) as looks:
        missed = looks.missed()
        days = _days(looks, first, missed.unseen if missed.since else looks.last())
        remarks = all_looks.remarks(missed._replace(unseen=()), (), "")
        view = View(config, look, profile, is_series=True)
        if not look.quiet:
            _announce(looks, days)
        read = list(all_looks.catch_up(request, days, looks, around))
        if read:
            dates = [one.listing.announced for one in read if one.listing.announced]
            seen = [*([] if first else [looks.held(dates)])]
            seen += [looks.acknowledged(dates)] if look.unseen else []
            digest = show(view, read, _together(seen), remarks)
            looks.note(digest, [one.listing for one in read])
        else:
            since_when = missed.since if first is None else first
            write_out(view, nothing(config.subjects, since_when, remarks), is_fine=True)
        looks.note_lost(missed.lost)
    end(read)
