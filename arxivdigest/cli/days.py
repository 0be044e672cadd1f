"""The command that says what is known of each day: days."""

import sys
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Option

from arxivdigest.cli import options
from arxivdigest.cli.announcement import day_of
from arxivdigest.cli.pager import tell
from arxivdigest.cli.request import configure, reader_of, request_for, world
from arxivdigest.cli.shell import columns, is_terminal

if TYPE_CHECKING:
    from arxivdigest.config import Config
    from arxivdigest.reading import Request, World
    from arxivdigest.store.listings import Store
    from arxivdigest.store.reader import Reader

DaysSince = Annotated[
    str | None,
    Option("--since", metavar="DATE", help="From then on, in place of the last 30."),
]


_SHOWN = 30


class Known(NamedTuple):
    """What is known of a day; entries and those selected are None where nothing is stored."""

    day: date
    state: str
    entries: int | None = None
    selected: int | None = None
    shown_at: datetime | None = None
    sent_at: datetime | None = None


@options.grouped(without=("place", "source", "keywords", "offline", "refresh"))
def days(*, ask: options.Ask, since: DaysSince = None) -> None:
    """Say what is known of the last announcements, and when each was shown or sent."""
    from arxivdigest import reading
    from arxivdigest.arxiv import calendar, schedule
    from arxivdigest.config import holidays

    config = configure(ask)
    request, around = request_for(config, ask), world(quiet=False)
    reading.check_subjects(request)
    first = day_of(since) if since else None
    now = around.clock.now()
    free = holidays(config.fetch)
    newest = schedule.newest(now, free).day
    with reading.kept(around) as store:
        stored = [day for day in store.days() if day <= newest]
        begin = first or min(calendar.between(date(newest.year - 1, 1, 1), newest, free)[-_SHOWN:])
        listed = {*calendar.between(begin, newest, free), *(day for day in stored if day >= begin)}
        found = [_known(store, config, request, day) for day in sorted(listed)]
    found = _with_moments(found, reader_of(config, ask), config, around)
    if is_terminal(None):
        lines = for_person(found, now, columns(sys.stdout))
    else:
        lines = list(map(_for_pipe, found))
    tell("".join(f"{line}\n" for line in lines))


def _known(store: "Store", config: "Config", request: "Request", day: date) -> Known:
    from arxivdigest import digest as digests

    states = {one: _state(store, one, day) for one in request.subjects}
    covering = store.covering(request.subjects, day)
    said = set(states.values())
    state = (
        said.pop() if len(said) == 1 else ", ".join(f"{key} {one}" for key, one in states.items())
    )
    if covering is None:
        return Known(day, state)
    listing = covering.stored.listing
    return Known(day, state, len(listing.entries), digests.build([listing], config).selected)


def _state(store: "Store", subject: str, day: date) -> str:
    covering = store.covering((subject,), day)
    if covering is None:
        return "not read"
    listing = covering.stored.listing
    if listing.problems:
        return f"short ({'; '.join(listing.problems)})"
    return "whole" if listing.entries else "nothing announced"


def _with_moments(
    found: Sequence[Known], reader: "Reader", config: "Config", around: "World"
) -> list[Known]:
    """The same, with when each day was shown and sent."""
    from arxivdigest.mail.envelope import read
    from arxivdigest.store.file import opened_reader
    from arxivdigest.store.outbox import Outbox

    recipients = [read(one).address for one in config.email.to]
    with opened_reader(around.state, around.complain) as records:
        # What could not be read is noted too, and was neither shown nor sent.
        seen = {
            day: one.at
            for day, one in records.of(reader).seen().items()
            if one.held or one.is_whole
        }
        sent = {
            one.announced: one.at
            for one in Outbox(records, around.clock.now, is_alone=False).delivered(
                reader, recipients
            )
            if one.state == "sent" and not one.is_passed
        }
    return [one._replace(shown_at=seen.get(one.day), sent_at=sent.get(one.day)) for one in found]


def _for_pipe(one: Known) -> str:
    moments = (one.shown_at, one.sent_at)
    return "\t".join(
        (
            one.day.isoformat(),
            one.state.replace("\t", " "),
            *("" if count is None else str(count) for count in (one.entries, one.selected)),
            *("" if at is None else at.isoformat(timespec="seconds") for at in moments),
        )
    )


def for_person(found: Sequence[Known], now: datetime, columns: int) -> list[str]:
    """A line for each day, in columns where there is room for them beside each other."""
    from arxivdigest.output.terminal import whole
    from arxivdigest.text.counts import counted
    from arxivdigest.text.dates import moment, short_date

    rows = []
    for one in found:
        shown = f"shown {moment(one.shown_at.astimezone(now.tzinfo), now)}" if one.shown_at else ""
        sent = f"sent {moment(one.sent_at.astimezone(now.tzinfo), now)}" if one.sent_at else ""
        read = "" if one.entries is None else counted(one.entries, "entry", "entries")
        selected = "" if one.selected is None else f"{one.selected:,} selected"
        moments = ", ".join(map(whole, filter(None, (shown, sent)))) or "neither shown nor sent"
        rows.append((short_date(one.day), one.state, read, selected, moments))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    if sum(widths) + len(_GAP) * (len(widths) - 1) > columns:
        joined = ((day, "; ".join(filter(None, others))) for day, *others in rows)
        return [f"{day:<{widths[0]}}{_GAP}{others}" for day, others in joined]
    return [
        _GAP.join(
            text.rjust(width) if text[:1].isdecimal() else text.ljust(width)
            for text, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


_GAP = "  "
