"""A message composed of what is not delivered yet."""

import zlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from arxivdigest import digest as digests
from arxivdigest import output, stars
from arxivdigest.config import Config
from arxivdigest.digest import Shelf
from arxivdigest.errors import DigestError, ListingError
from arxivdigest.mail.envelope import envelope
from arxivdigest.model import Digest, Listing
from arxivdigest.reading import Request, World
from arxivdigest.store import deliveries
from arxivdigest.store.deliveries import Left
from arxivdigest.store.messages import AGAIN, ALONE, Delivered, Message
from arxivdigest.store.reader import Reader
from arxivdigest.undelivered import Collected

_NOTHING = Left(frozenset(), frozenset())


class Order(NamedTuple):
    """What to send for a profile, and when not to.

    `since` is where to begin instead of after what was delivered last; with `only_newest` what lies
    between is passed over.
    """

    config: Config
    request: Request
    reader: Reader
    surroundings: output.Surroundings
    show_all: bool = False
    abstracts: bool | None = None
    limit: int | None = None
    if_any: bool = False
    again: bool = False
    since: date | None = None
    only_newest: bool = False

    @property
    def recipients(self) -> tuple[str, ...]:
        """Whom the message is for."""
        return envelope(self.surroundings.email.sender, self.surroundings.email.to).recipients


class Prepared(NamedTuple):
    """The message to send, if any; what was read, and the error that goes with that.

    `passed` is what is delivered without anybody being told; `sent_at` says when all there is was
    sent.
    """

    message: Message | None
    said: str
    error: DigestError | None
    newest: date | None = None
    passed: tuple[Delivered, ...] = ()
    sent_at: datetime | None = None


def compose(
    order: Order, collected: Collected, world: World, known: Sequence[Delivered]
) -> Prepared:
    """The message for what is not delivered of the days that were read.

    There is none where there is nothing, or none was asked for where nothing matched.
    """
    with stars.opened(world) as shelf:
        return _compose(order, collected, world, known, shelf)


def _compose(
    order: Order, collected: Collected, world: World, known: Sequence[Delivered], shelf: Shelf
) -> Prepared:
    listings = [_relative(one.listing, order) for one in collected.all]
    newest = listings[-1]
    if newest.announced is None:
        raise ListingError("the listing states no date, so nobody can tell whether it was sent")
    heard = [] if order.again else known
    left = [_left(listing, heard) for listing in listings]
    days = [(one, its) for one, its in zip(listings, left, strict=True) if its.keys]
    shown = [one for one, _ in days] or [newest]
    digest = digests.build(
        shown,
        order.config,
        show_all=order.show_all,
        limit=order.limit,
        seen={one.announced: its.before for one, its in days if one.announced},
        seen_as="delivered before",
        shelf=shelf,
    )._replace(remarks=collected.remarks)
    prepared = Prepared(None, _said(digest, collected), collected.error, newest.announced)
    # A day that was short, and has nothing to deliver now that it is whole, is done.
    done = [one for one, its in zip(listings[:-1], left, strict=False) if not its.keys]
    passed = (
        *(_held(order, one, _NOTHING, digest) for one in done if not one.problems),
        *collected.noted,
    )
    if not days:
        own = [one for one in known if one.announced == newest.announced and _is_sent(one)]
        sent_at = max((one.at for one in own if one.at and not one.is_repeated), default=None)
        is_nothing = not newest.entries and not newest.problems
        return prepared._replace(passed=passed, sent_at=None if is_nothing else sent_at)
    held = tuple(_held(order, one, its, digest) for one, its in days)
    is_incomplete = any(one.problems for one, _ in days)
    if order.if_any and not digest.selected and not is_incomplete:
        return prepared._replace(passed=(*held, *passed))
    kind = ALONE if order.request.place is not None else ""
    kind = f"{AGAIN} {world.clock.now().isoformat()}" if order.again else kind
    more = (order.reader.name or order.reader.file, *_more(days), *([kind] if order.again else []))
    content = output.message(digest, order.surroundings, abstracts=order.abstracts, more=more)
    email = order.surroundings.email
    outer = envelope(email.sender, email.to)
    return prepared._replace(message=Message(order.reader, (*held, *passed), outer, content, kind))


def _relative(listing: Listing, order: Order) -> Listing:
    """The listing; one that lacks subjects calls new what is new in those that it lacks."""
    asked = order.request.subjects
    if not listing.problems or not asked or set(asked) <= set(listing.subjects):
        return listing
    return listing._replace(entries=deliveries.relative_to(listing.entries, asked))


def _left(listing: Listing, known: Sequence[Delivered]) -> Left:
    if listing.announced is None:
        return Left(frozenset(), frozenset())
    return deliveries.left_of(listing.entries, listing.announced, known)


def _held(order: Order, listing: Listing, left: Left, digest: Digest) -> Delivered:
    """What a message holds of a day: all that was read of it, whatever the rules say of it now."""
    shown = {
        (ruling.entry.arxiv_id, ruling.entry.announce_type)
        for day in digest.days
        if day.announced == listing.announced
        for ruling in day.rulings
    }
    return Delivered(
        announced=listing.announced or date.min,
        subjects=tuple(listing.subjects) if listing.problems else _asked(order, listing),
        entries=left.keys,
        shown=frozenset(shown),
        is_whole=not listing.problems,
    )


def _asked(order: Order, listing: Listing) -> tuple[str, ...]:
    return tuple(listing.subjects) or order.request.subjects


def _is_sent(one: Delivered) -> bool:
    """Whether somebody got it, or will: not what is noted of a day beside what a message holds."""
    return not one.is_refused and not one.is_passed


def _more(days: Sequence[tuple[Listing, Left]]) -> list[str]:
    """What tells a message from an earlier one of the same days."""
    if not any(left.before for _, left in days):
        return []
    keys = sorted(f"{one.announced} {key}" for one, left in days for key in left.keys)
    return [f"{zlib.crc32(' '.join(keys).encode()):08x}"]


def _said(digest: Digest, collected: Collected) -> str:
    return " ".join([digest.verdict.message, *collected.remarks])
