"""A digest sent: gathered, composed, put into the outbox, and delivered from there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from arxivdigest import digest as digests
from arxivdigest import output, reading
from arxivdigest.config import Config
from arxivdigest.envelope import Delivery, Envelope, envelope, named
from arxivdigest.errors import (
    DeliveryError,
    DigestError,
    ForbiddenError,
    ListingError,
    TryAgainError,
)
from arxivdigest.model import Status
from arxivdigest.outbox import Message, Outbox, identity
from arxivdigest.reading import Request, World
from arxivdigest.state_file import SENDING_LOCK, locked, opened
from arxivdigest.store import Store
from arxivdigest.verdict import short_date

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
    """The message to send, if any; what was read, and the exit code that goes with that."""

    message: Message | None
    said: str
    exit_code: int


class Report(NamedTuple):
    """What became of a message, in words, and the exit code that goes with it."""

    said: str
    exit_code: int = 0


def prepare(order: Order, world: World) -> Prepared:
    """The message for the newest announcement.

    There is none where nothing was announced, or none was asked for where nothing matched. What is
    incomplete is a message of its own: the whole is another.
    """
    gathered = reading.read(order.request, world)
    digest = digests.build(
        gathered.listing, order.config, show_all=order.show_all, limit=order.limit
    )
    verdict = digest.verdict
    prepared = Prepared(None, verdict.message, gathered.exit_code)
    is_nothing = verdict.status is Status.NO_ANNOUNCEMENT
    if is_nothing or (order.if_any and not digest.selected and verdict.is_whole):
        return prepared
    if digest.announced is None:
        raise ListingError("the listing states no date, so nobody can tell whether it was sent")
    more = (
        *((str(verdict.status),) if verdict.status is Status.INCOMPLETE else ()),
        *((f"again {world.clock.now().isoformat()}",) if order.again else ()),
    )
    around = order.surroundings
    outer = envelope(around.email.sender, around.email.to)
    content = output.message(digest, around, abstracts=order.abstracts, more=more)
    own = identity(digest.announced, digest.subjects, around.profile, outer.recipients, *more)
    return prepared._replace(message=Message(own, around.profile, outer, content))


def send(
    prepared: Prepared,
    profile: str,
    world: World,
    deliver: Callable[[bytes, Envelope], Delivery],
) -> Iterator[Report]:
    """What becomes of the message, and of those that the profile has waiting in the outbox."""
    message = prepared.message
    with _lasting(world) as (store, is_alone, is_renewed):
        outbox = Outbox(store, world.clock.now, is_alone=is_alone)
        if message is None:
            yield Report(f"nothing to send: {prepared.said}", prepared.exit_code)
        else:
            sent_at = outbox.put(message._replace(is_doubtful=is_renewed))
            if sent_at:
                said = f"already sent on {_moment(sent_at, world)}; --again sends it anew"
                yield Report(f"{prepared.said} It was {said}.", prepared.exit_code)
        for waiting in outbox.waiting(profile):
            is_new = message is not None and waiting == message.identity
            try:
                sent = outbox.send(waiting, deliver)
            except TryAgainError as error:
                yield Report(f"not sent: {error}", error.exit_code)
                return  # the others can only meet with the same
            except DigestError as error:
                yield Report(f"not sent: {error}", error.exit_code)
            else:
                yield _report(sent, prepared if is_new else None)


def _report(sent: tuple[Message, Delivery] | None, prepared: Prepared | None) -> Report:
    if sent is None:
        return Report("another run is sending it; try again later", TryAgainError.exit_code)
    message, delivery = sent
    said = prepared.said if prepared else f"{short_date(message.announced)}, which was waiting."
    parts = [f"{said} Sent to {', '.join(delivery.accepted)}"]
    code = prepared.exit_code if prepared else 0
    if delivery.refused_for_now:
        parts.append(f"not yet to {named(delivery.refused_for_now)}")
        code = TryAgainError.exit_code
    if delivery.refused_for_good:
        parts.append(f"refused for {named(delivery.refused_for_good)}")
        code = DeliveryError.exit_code
    return Report(f"{'; '.join(parts)}.", code)


def _moment(instant: datetime, world: World) -> str:
    local = instant.astimezone(world.clock.now().tzinfo)
    return f"{short_date(local.date())} at {local:%H:%M}"


@contextmanager
def _lasting(world: World) -> Iterator[tuple[Store, bool, bool]]:
    """The store, whether no other run can be sending, and whether the store had to be made anew.

    Where nothing can be noted, nothing is sent: it would be sent again by every run.
    """
    with locked(world.state, _LOCK_SECONDS, world.clock.sleep, SENDING_LOCK) as is_alone:
        for is_renewed in (False, True):
            with opened(world.state, world.complain) as store:
                if store.is_lasting:
                    yield store, is_alone, is_renewed
                    return
        raise TryAgainError("nothing was sent, as nothing can be noted that it was")


def send_each(
    profiles: list[str],
    order: Callable[[str], Order],
    world: World,
    deliver: Callable[[Config, bytes, Envelope], Delivery],
) -> Iterator[tuple[str, Report]]:
    """What becomes of each profile's message; one that fails does not stop the others."""
    for profile in profiles:
        try:
            one = order(profile)
            prepared = prepare(one, world)
            reports = send(
                prepared, profile, world, lambda *sent, one=one: deliver(one.config, *sent)
            )
            for report in reports:
                yield profile, report
        except DigestError as error:
            yield profile, Report(str(error), error.exit_code)
            if isinstance(error, ForbiddenError):
                return
