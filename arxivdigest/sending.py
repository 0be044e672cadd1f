"""A digest sent: what was composed is put into the outbox, and delivered from there."""

import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple

from arxivdigest import reading, undelivered
from arxivdigest.composing import Order, Prepared, compose
from arxivdigest.config import Config
from arxivdigest.errors import (
    DeliveryError,
    DigestError,
    ForbiddenError,
    ListingError,
    TryAgainError,
    UnreachableError,
    UsageError,
)
from arxivdigest.mail.delivery import Way
from arxivdigest.mail.envelope import Delivery, envelope, named
from arxivdigest.reading import World
from arxivdigest.store.file import SENDING_LOCK, locked, opened_reader
from arxivdigest.store.messages import Delivered, Message, Waiting
from arxivdigest.store.outbox import Outbox
from arxivdigest.store.reader import Records
from arxivdigest.text.counts import plural
from arxivdigest.text.dates import period, short_date
from arxivdigest.undelivered import Collected

_LOCK_SECONDS = 70.0
"""Longer than a delivery may take: whoever waits sees what became of it."""


class Report(NamedTuple):
    """What became of a message, in words, and the error that goes with it, if any."""

    said: str
    error: DigestError | None = None
    is_error: bool = False


def collect(order: Order, world: World) -> Collected:
    """The newest announcement, and what is not delivered of the days before it."""
    newest = reading.read(order.request, world)
    if order.request.place is not None or newest.listing.announced is None:
        return Collected(newest)
    with _records(world) as records:
        outbox = Outbox(records, world.clock.now, is_alone=False)
        before = _untried(_own(order, outbox), newest.listing.announced)
        known = outbox.delivered(order.reader, order.recipients, besides=before)
    if order.again:
        return Collected(newest, noted=undelivered.begun(newest, order.request, world, known))
    return undelivered.collect(
        newest, order.request, world, known, since=order.since, only_newest=order.only_newest
    )


def preview(order: Order, collected: Collected, world: World) -> Prepared:
    """The message that would be sent, or the one that was; nothing is noted."""
    with _records(world) as records:
        known = Outbox(records, world.clock.now, is_alone=False).delivered(
            order.reader, order.recipients
        )
    prepared = compose(order, collected, world, known)
    return compose(order, collected, world, []) if prepared.sent_at else prepared


def send(order: Order, collected: Collected | None, world: World, way: Way) -> Iterator[Report]:
    """What becomes of the message, and of those that the reader has waiting in the outbox."""
    with _lasting(world) as (records, is_alone):
        outbox = Outbox(records, world.clock.now, is_alone=is_alone)
        outbox.introduce(order.reader)
        prepared = None
        if collected:
            prepared, number, reports = _put(order, collected, outbox, world)
            yield from reports
        else:
            number = None
        yield from _send_waiting(order, prepared, number, outbox, records, way)


def _put(
    order: Order, collected: Collected, outbox: Outbox, world: World
) -> tuple[Prepared, int | None, list[Report]]:
    """The message, and its number in the outbox; what to say where there is none to be sent."""
    waiting = _own(order, outbox)
    before = _untried(waiting, collected.newest.listing.announced)
    known = outbox.delivered(order.reader, order.recipients, besides=before)
    prepared = compose(order, collected, world, known)
    message = prepared.message
    reports: list[Report] = []
    if order.again and any(one.days[-1] == prepared.newest for one in waiting):
        return prepared, None, reports  # one and the same twice would be one too many
    if message:
        reports += _remarks(order, message, known, outbox)
        number = outbox.put(message._replace(takes_place_of=before))
        if number is not None:
            return prepared, number, reports
        known = outbox.delivered(order.reader, order.recipients)
        prepared = compose(order, collected, world, known)  # another run was quicker
        waiting = _own(order, outbox)
    elif prepared.passed:
        outer = envelope(order.surroundings.email.sender, order.surroundings.email.to)
        outbox.pass_over(Message(order.reader, prepared.passed, outer, b""))
    if prepared.sent_at and not waiting:
        moment = _moment(prepared.sent_at, world)
        said = f"{prepared.said} It was already sent on {moment}; --again sends it anew."
        reports.append(Report(said, prepared.error))
    elif not waiting or not prepared.sent_at:
        reports.append(Report(f"nothing to send: {prepared.said}", prepared.error))
    return prepared, None, reports


def _own(order: Order, outbox: Outbox) -> list[Waiting]:
    """The messages that wait for the same recipients."""
    return [one for one in outbox.waiting(order.reader) if _is_own(one, order)]


def _is_own(waiting: Waiting, order: Order) -> bool:
    return sorted(waiting.recipients) == sorted(order.recipients)


def _untried(waiting: Sequence[Waiting], newest: date | None) -> int | None:
    """The message that waits for its first try, and that a new one of the same day replaces."""
    return next(
        (
            one.number
            for one in waiting
            if one.is_untried and not one.kind and one.days[-1] == newest
        ),
        None,
    )


def _remarks(
    order: Order, message: Message, known: Sequence[Delivered], outbox: Outbox
) -> list[Report]:
    """What there is to say before a message goes out: whose record it is, what comes again."""
    reports = []
    other = outbox.alike(order.reader, order.recipients, message.subjects)
    if other:
        said = f"{other.name or other.file} has sent to the same recipients; if this file took its"
        way = f'"{other.name}"' if other.name else '"NAME" in both, or its old place'
        reports.append(Report(f"{said} place, give it its record: reader = {way}"))
    refused = {one.announced for one in known if one.is_refused}
    again = refused.intersection(day.announced for day in message.days[:-1] if day.entries)
    if again:
        reports.append(Report(f"what was refused of {period(again)} is in this message"))
    return reports


def _send_waiting(  # noqa: PLR0913, PLR0917 - all that it works with
    order: Order,
    prepared: Prepared | None,
    own: int | None,
    outbox: Outbox,
    records: Records,
    way: Way,
) -> Iterator[Report]:
    hopeless: set[str] = set()
    untried = 0
    waiting = outbox.waiting(order.reader)
    for number, one in enumerate(waiting, 1):
        if one.sender in hopeless:
            untried += 1
            continue
        is_ready = False
        is_new = one.number == own or (
            prepared is not None
            and not order.again
            and one.days[-1] == prepared.newest
            and _is_own(one, order)
        )
        try:
            way.get_ready()
            is_ready = True
            sent = outbox.send(one.number, way)
        except DigestError as error:
            yield _failure(error, "" if is_new else _day(one), outbox.is_refused(one.number))
            if isinstance(error, UsageError):
                hopeless.add(one.sender)  # the next login, say, can only fail as well
            if isinstance(error, UnreachableError) or not (is_ready and records.is_lasting):
                hopeless.update(later.sender for later in waiting[number:])
        else:
            if sent is None:
                yield _unsent(one, is_lost=outbox.is_lost(one.number))
            else:
                yield _report(one, sent, prepared if is_new else None)
    if untried:
        said = f"{untried} more {plural(untried, 'waits', 'wait')} for the next run"
        yield Report(said, TryAgainError(said), is_error=True)


def _failure(error: DigestError, day: str, is_refused: bool) -> Report:  # noqa: FBT001 - as it is
    kept = "" if isinstance(error, DeliveryError) else ", and kept for the next run"
    if is_refused:
        given_up = "" if isinstance(error, DeliveryError) else "given up after five days: "
        kept = f", and {given_up}its entries come with the next message"
    return Report(f"{day}not sent{kept}: {error}", error, is_error=True)


def _day(one: Waiting) -> str:
    return f"{_dates(one)}, which was waiting: "


def _dates(one: Waiting) -> str:
    return short_date(one.days[0]) if len(one.days) == 1 else period(one.days)


def _unsent(one: Waiting, *, is_lost: bool) -> Report:
    said = "another run is sending it; try again later"
    if is_lost:
        said = f"{_day(one)}lost with a damaged file; its entries come with the next message"
    return Report(said, TryAgainError(said), is_error=True)


def _report(one: Waiting, sent: tuple[bytes, Delivery], prepared: Prepared | None) -> Report:
    _, delivery = sent
    said = prepared.said if prepared else f"{_dates(one)}, which was waiting."
    parts = [f"{said} Sent to {', '.join(delivery.accepted)}"]
    error = prepared.error if prepared else None
    if delivery.refused_for_now:
        refusal = f"not yet to {named(delivery.refused_for_now)}"
        parts.append(refusal)
        error = TryAgainError(refusal)
    if delivery.refused_for_good:
        refusal = f"refused for {named(delivery.refused_for_good)}"
        parts.append(refusal)
        error = DeliveryError(refusal)
    return Report(f"{'; '.join(parts)}.", error)


def _moment(instant: datetime, world: World) -> str:
    local = instant.astimezone(world.clock.now().tzinfo)
    return f"{short_date(local.date())} at {local:%H:%M}"


@contextmanager
def _records(world: World) -> Iterator[Records]:
    """What was done; where its file cannot be used, that is said when something is to be sent."""
    said: list[str] = []
    with opened_reader(world.state, said.append) as records:
        if records.is_lasting:
            for complaint in said:
                world.complain(complaint)
        yield records


@contextmanager
def _lasting(world: World) -> Iterator[tuple[Records, bool]]:
    """The record, and whether no other run can be sending; a new file in place of a damaged one.

    Where nothing can be noted, nothing is sent: it would be sent again by every run.
    """
    said: list[str] = []
    with (
        locked(world.state, _LOCK_SECONDS, world.clock.sleep, SENDING_LOCK) as is_alone,
        opened_reader(world.state, said.append, is_sending=True) as records,
    ):
        if not records.is_lasting:
            raise TryAgainError(f"nothing was sent, as nothing can be noted: {said[-1]}")
        try:
            yield records, is_alone
        finally:
            for complaint in said:
                world.complain(complaint)


def send_each(
    profiles: list[str],
    order: Callable[[str], Order],
    world: World,
    way: Callable[[Config], Way],
) -> Iterator[tuple[str, Report]]:
    """What becomes of each profile's message; one that fails does not stop the others.

    What waits in the outbox is sent also where there is nothing to be read.
    """
    last: Order | None = None
    for profile in profiles:
        collected: Collected | None = None
        is_forbidden = False
        try:
            last = one = order(profile)
            try:
                collected = collect(one, world)
            except (ListingError, TryAgainError) as error:
                is_forbidden = isinstance(error, ForbiddenError)
                yield profile, Report(str(error), error, is_error=True)
            for report in send(one, collected, world, way(one.config)):
                yield profile, report
        except DigestError as error:
            yield profile, Report(str(error), error, is_error=True)
        if is_forbidden:
            return
    if last:
        for report in _forsaken(last, world):
            yield profiles[-1], report


def _forsaken(order: Order, world: World) -> Iterator[Report]:
    """What is said of messages that nobody sends any more, as their profile is renamed or gone."""
    with _records(world) as records:
        outbox = Outbox(records, world.clock.now, is_alone=False)
        found = outbox.forsaken(order.reader, ["", *order.config.profiles])
    for one in found:
        yield Report(
            f'a message of {_dates(one)} waits for the profile "{one.profile}", which this'
            " configuration does not have; name one so again, and run"
            f" digest send --profile {shlex.quote(one.profile)}",
            is_error=True,
        )
