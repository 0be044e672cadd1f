"""Getting the listing: from a file, standard input, an address, or arXiv itself."""

import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.errors import DigestError, ListingError, TryAgainError, UsageError
from arxivdigest.text.addresses import shown
from arxivdigest.text.dates import short_date
from arxivdigest.verdict import Gathered

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from arxivdigest.clock import Clock
    from arxivdigest.config import Fetch
    from arxivdigest.deadline import Patience
    from arxivdigest.fetch.http import Answer, Limits
    from arxivdigest.fetch.manners import Manners
    from arxivdigest.model import Listing
    from arxivdigest.store.listings import Store

_LOCK_SECONDS = 10.0
_POLL = timedelta(minutes=5)
_PATIENCE = timedelta(hours=3)


class Request(NamedTuple):
    """What to read: a place, or an announcement for some subjects, the newest or that of a day.

    `needs` are the fields of entries that rules look at.
    """

    place: str | None
    subjects: tuple[str, ...]
    fetch: "Fetch"
    day: date | None = None
    offline: bool = False
    refresh: bool = False
    needs: frozenset[str] = frozenset()
    keep: timedelta = timedelta(days=100)


class World(NamedTuple):
    """The clock, the folder to keep things in, and who is told what is happening.

    Where there is a place for answers, each address is asked for once. The patience is that of the
    whole run; without any, each listing has one of its own.
    """

    clock: "Clock"
    state: Path
    say: Callable[[str], None]
    complain: Callable[[str], None]
    answers: "dict[str, Answer] | None" = None
    patience: "Patience | None" = None


def read(request: Request, world: World) -> Gathered:
    """The listing asked for; a DigestError begins with where the fault is."""
    if request.place is not None:
        return _with_what_it_lacks(Gathered(_from_place(request, request.place, world)), request)
    check_subjects(request)
    with kept(world) as store:
        store.kept_days = request.keep.days
        return _with_what_it_lacks(_from_arxiv(request, world, store), request)


def _with_what_it_lacks(gathered: Gathered, request: Request) -> Gathered:
    """The same, with a word on what rules look for in vain."""
    listing = gathered.listing
    if listing.source != "feed" or not listing.entries or "comments" not in request.needs:
        return gathered
    notes = (*listing.notes, "the feed has no comments, which a rule looks at")
    return gathered._replace(listing=listing._replace(notes=notes))


def check_subjects(request: Request) -> None:
    """Raise a UsageError where nothing says what to read."""
    if not request.subjects:
        raise UsageError(
            "no subjects: name some, as in digest today cs.DC, or follow some: digest init"
        )


def wait(request: Request, world: World) -> Gathered:
    """The next announcement, once it is out; a TryAgainError three hours after it was due."""
    from arxivdigest.arxiv import schedule
    from arxivdigest.config import holidays

    world = world._replace(patience=None)
    gathered = read(request, world)
    find = schedule.newest if gathered.listing.stale else schedule.following
    awaited = find(world.clock.now(), holidays(request.fetch))
    due = awaited.in_feeds if request.fetch.source == "feed" else awaited.on_pages
    while gathered.listing.stale or (gathered.listing.announced or date.min) < awaited.day:
        now = world.clock.now()
        if now >= due + _PATIENCE:
            raise TryAgainError(f"{short_date(awaited.day)} is still not out; try again later")
        _sleep_until(due if now < due else now + _POLL, short_date(awaited.day), world)
        with suppress(TryAgainError):  # as likely as not, since everybody asks then
            gathered = read(request, world)
    return gathered


def _sleep_until(instant: datetime, what: str, world: World) -> None:
    now = world.clock.now()
    local = instant.astimezone(now.tzinfo)
    world.say(f"Waiting until {local:%a %H:%M} for {what} ...")
    try:
        world.clock.sleep((instant - now).total_seconds())
    finally:
        world.say("")


def kept(world: World) -> "AbstractContextManager[Store]":
    """What is kept between runs; where it cannot be used, that is said, and nothing is kept."""
    from arxivdigest.store.file import WITHOUT_IT, opened

    return opened(world.state, world.complain, WITHOUT_IT)


def _from_arxiv(request: Request, world: World, store: "Store") -> Gathered:
    now = world.clock.now()
    if not (request.day or request.offline or request.refresh):
        source = None if request.fetch.source == "auto" else request.fetch.source
        stored = store.newest(request.subjects, source)
        if stored and stored.is_fresh(now):
            return Gathered(stored.listing)
    return _gathered(request, world, store, now)


def _gathered(request: Request, world: World, store: "Store", now: datetime) -> Gathered:
    from arxivdigest.fetch.gathering import Gatherer
    from arxivdigest.fetch.manners import Once
    from arxivdigest.store.file import locked

    manners = _manners(request, world, store)
    asking = manners if world.answers is None else Once(manners, world.answers)
    gatherer = Gatherer(request.subjects, request.fetch, store, asking, now)
    if request.offline:
        return gatherer.offline(request.day)
    kept = None if request.refresh else gatherer.kept(request.day)
    if kept:
        return Gathered(kept)
    with locked(world.state, _LOCK_SECONDS, world.clock.sleep):
        kept = None if request.refresh else gatherer.kept(request.day)  # by whoever had the lock
        if kept:
            return Gathered(kept)
        if request.day:
            return gatherer.of_day(request.day, anew=request.refresh)
        return gatherer.newest(anew=request.refresh)


def _from_place(request: Request, place: str, world: World) -> "Listing":
    from arxivdigest.arxiv import taxonomy

    listing = _parsed_place(request, place, world)
    wanted = request.fetch.source
    if wanted not in ("auto", listing.source):
        raise UsageError(f"{shown(place)} is a {listing.source}, and --source asks for a {wanted}")
    for subject in request.subjects:
        if listing.subjects and not any(taxonomy.covers(subject, one) for one in listing.subjects):
            held = ", ".join(listing.subjects)
            raise UsageError(f"{shown(place)} is the listing of {held}, not of {subject}")
    return listing


def _parsed_place(request: Request, place: str, world: World) -> "Listing":
    from arxivdigest.arxiv import listings

    if place.lower().startswith(("http://", "https://")):
        return _fetched(request, place, world)
    name = "standard input" if place == "-" else place
    data = _from_stdin() if place == "-" else _from_file(place)
    try:
        return listings.saved(data)
    except DigestError as error:
        raise type(error)(f"{shown(name)}: {error}") from error


def _fetched(request: Request, address: str, world: World) -> "Listing":
    from arxivdigest.fetch.pages import parsed
    from arxivdigest.store.file import locked

    with kept(world) as store, locked(world.state, _LOCK_SECONDS, world.clock.sleep):
        answer = _manners(request, world, store).ask(address)
    return parsed(answer)


def pdf(arxiv_id: str, fetch: "Fetch", world: World) -> bytes:
    """The PDF of a paper, asked for as listings are; a PaperError where there is none."""
    from functools import partial

    from arxivdigest.fetch import pdf as pdfs
    from arxivdigest.store.file import locked

    with kept(world) as store, locked(world.state, _LOCK_SECONDS, world.clock.sleep):
        manners = _manners(Request(None, (), fetch), world, store, pdfs.LIMITS)
        ask = partial(manners.ask, what=f"the PDF of {arxiv_id}")
        return pdfs.pdf(pdfs.address(fetch.site, arxiv_id), ask)


def _manners(
    request: Request, world: World, store: "Store", limits: "Limits | None" = None
) -> "Manners":
    from arxivdigest.deadline import PATIENCE, Patience
    from arxivdigest.fetch.manners import Manners

    return Manners(
        store,
        request.fetch,
        world.clock,
        world.say,
        limits,
        complain=world.complain,
        patience=world.patience or Patience(PATIENCE),
        insists=request.refresh,
    )


def _from_stdin() -> bytes:
    from arxivdigest.arxiv.source import MOST_BYTES

    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            "--from - reads standard input, and there is only a keyboard; pipe a page into it"
        )
    return sys.stdin.buffer.read(MOST_BYTES + 1)


def _from_file(place: str) -> bytes:
    from arxivdigest.arxiv.source import MOST_BYTES

    try:
        with Path(place).open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except IsADirectoryError as error:
        raise ListingError(
            f"{shown(place)}: this is a directory, not a saved page or feed"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ListingError(f"{shown(place)}: {reason[0].lower()}{reason[1:]}") from error
