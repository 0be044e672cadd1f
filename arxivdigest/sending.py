"""A digest sent: gathered, composed, put into the outbox, and delivered from there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import NamedTuple

from arxivdigest import digest as digests
from arxivdigest import output, reading
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
from arxivdigest.mail.envelope import Delivery, envelope, named
from arxivdigest.model import Status
from arxivdigest.reading import Request, World
from arxivdigest.store.file import SENDING_LOCK, locked, opened, was_set_aside
from arxivdigest.store.listings import Store
from arxivdigest.store.outbox import Deliver, Message, Outbox, identity
from arxivdigest.text.counts import plural
from arxivdigest.text.dates import short_date

_LOCK_SECONDS = 70.0
"""Longer than a delivery may take: whoever waits sees what became of it."""


class Order(NamedTuple):
    """What to send for a profile, and when not to."""

    config: Config
    request: Request
    surroundings: output.Surroundings
    show_all: bool = False
    abstracts: bool | None = None
    limit: int | None = None
    if_any: bool = False
    again: bool = False


class Prepared(NamedTuple):
    """The message to send, if any; what was read, and the error that goes with that.

    `whole` is the identity of the message that leaves nothing for this one to say, and `instead`
    that of the one to send instead of this one, where it still waits.
    """

    message: Message | None
    said: str
    error: DigestError | None
    whole: str | None = None
    instead: str | None = None


class Report(NamedTuple):
    """What became of a message, in words, and the error that goes with it, if any."""

    said: str
    error: DigestError | None = None
    is_error: bool = False


def prepare(order: Order, world: World) -> Prepared:
    """The message for the newest announcement.

    There is none where nothing was announced, or none was asked for where nothing matched. What is
    incomplete is a message of its own: the whole is another.
    """
    gathered = reading.read(order.request, world)
    digest = digests.build(
        [gathered.listing], order.config, show_all=order.show_all, limit=order.limit
    )
    verdict, is_incomplete = digest.verdict, bool(gathered.listing.problems)
    prepared = Prepared(None, verdict.message, gathered.error)
    is_nothing = verdict.status is Status.NO_ANNOUNCEMENT
    if is_nothing or (order.if_any and not digest.selected and not is_incomplete):
        return prepared
    if digest.announced is None:
        raise ListingError("the listing states no date, so nobody can tell whether it was sent")
    around = order.surroundings
    outer = envelope(around.email.sender, around.email.to)
    first = (f"incomplete {'+'.join(sorted(digest.subjects))}",) if is_incomplete else ()
    more = (*first, *((f"again {world.clock.now().isoformat()}",) if order.again else ()))
    content = output.message(digest, around, abstracts=order.abstracts, more=more)
    # What was asked for: an incomplete listing names fewer subjects.
    asked = order.request.subjects or digest.subjects
    own = partial(identity, digest.announced, asked, around.profile, outer.recipients)
    return prepared._replace(
        message=Message(own(*more), around.profile, outer, content),
        whole=own() if is_incomplete and not order.again else None,
        instead=own(*first) if order.again else None,
    )


def send(
    prepared: Prepared | None,
    profile: str,
    world: World,
    deliver: Deliver,
) -> Iterator[Report]:
    """What becomes of the message, and of those that the profile has waiting in the outbox."""
    with _lasting(world) as (store, is_alone):
        outbox = Outbox(store, world.clock.now, is_alone=is_alone)
        if prepared:
            yield from _put(outbox, prepared, world)
        hopeless: set[str] = set()
        untried = 0
        waiting = outbox.waiting(profile)
        for number, one in enumerate(waiting, 1):
            if one.sender in hopeless:
                untried += 1
                continue
            own = prepared and prepared.message
            is_new = own is not None and own.identity == one.identity
            try:
                sent = outbox.send(one.identity, deliver)
            except DigestError as error:
                day = "" if is_new else f"{short_date(one.announced)}, which was waiting: "
                kept = "" if isinstance(error, DeliveryError) else ", and kept for the next run"
                yield Report(f"{day}not sent{kept}: {error}", error, is_error=True)
                if isinstance(error, UsageError):
                    hopeless.add(one.sender)  # the next login, say, can only fail as well
                if isinstance(error, UnreachableError) or not store.is_lasting:
                    hopeless.update(later.sender for later in waiting[number:])
            else:
                yield _report(sent, prepared if is_new else None)
        if untried:
            said = f"{untried} more {plural(untried, 'waits', 'wait')} for the next run"
            yield Report(said, TryAgainError(said), is_error=True)


def _put(outbox: Outbox, prepared: Prepared, world: World) -> Iterator[Report]:
    """Put the message into the outbox, and say so where there is none to be sent."""
    message = prepared.message
    if message is None:
        yield Report(f"nothing to send: {prepared.said}", prepared.error)
        return
    if prepared.instead and any(
        f"{one.identity} ".startswith(f"{prepared.instead} ")
        for one in outbox.waiting(message.profile)
    ):
        return  # one and the same twice would be one too many
    is_doubtful = not outbox.knows(message.profile) and was_set_aside(world.state)
    sent_at = outbox.sent_at(prepared.whole) if prepared.whole else None
    sent_at = sent_at or outbox.put(message._replace(is_doubtful=is_doubtful))
    if sent_at:
        said = f"already sent on {_moment(sent_at, world)}; --again sends it anew"
        yield Report(f"{prepared.said} It was {said}.", prepared.error)


def _report(sent: tuple[Message, Delivery] | None, prepared: Prepared | None) -> Report:
    if sent is None:
        said = "another run is sending it; try again later"
        return Report(said, TryAgainError(said), is_error=True)
    message, delivery = sent
    said = prepared.said if prepared else f"{short_date(message.announced)}, which was waiting."
    parts = [f"{said} Sent to {', '.join(delivery.accepted)}"]
    error = prepared.error if prepared else None
    if delivery.refused_for_now:
        parts.append(f"not yet to {named(delivery.refused_for_now)}")
        error = TryAgainError(parts[-1])
    if delivery.refused_for_good:
        parts.append(f"refused for {named(delivery.refused_for_good)}")
        error = DeliveryError(parts[-1])
    return Report(f"{'; '.join(parts)}.", error)


def _moment(instant: datetime, world: World) -> str:
    local = instant.astimezone(world.clock.now().tzinfo)
    return f"{short_date(local.date())} at {local:%H:%M}"


@contextmanager
def _lasting(world: World) -> Iterator[tuple[Store, bool]]:
    """The store, and whether no other run can be sending; a new store in place of a damaged one.

    Where nothing can be noted, nothing is sent: it would be sent again by every run.
    """
    said: list[str] = []
    with locked(world.state, _LOCK_SECONDS, world.clock.sleep, SENDING_LOCK) as is_alone:
        for _ in range(2):
            with opened(world.state, said.append) as store:
                if store.is_lasting:
                    try:
                        yield store, is_alone
                    finally:
                        for complaint in said:
                            world.complain(complaint)
                    return
        raise TryAgainError(f"nothing was sent, as nothing can be noted: {said[-1]}")


def send_each(
    profiles: list[str],
    order: Callable[[str], Order],
    world: World,
    deliver: Callable[[Config], Deliver],
) -> Iterator[tuple[str, Report]]:
    """What becomes of each profile's message; one that fails does not stop the others.

    What waits in the outbox is sent also where there is nothing to be read.
    """
    for profile in profiles:
        prepared: Prepared | None = None
        is_forbidden = False
        try:
            one = order(profile)
            try:
                prepared = prepare(one, world)
            except (ListingError, TryAgainError) as error:
                is_forbidden = isinstance(error, ForbiddenError)
                yield profile, Report(str(error), error, is_error=True)
            for report in send(prepared, profile, world, deliver(one.config)):
                yield profile, report
        except DigestError as error:
            yield profile, Report(str(error), error, is_error=True)
        if is_forbidden:
            return
