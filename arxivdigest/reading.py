"""Getting the listing: from a file, standard input, an address, or arXiv itself."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from arxivdigest import sources, taxonomy
from arxivdigest.config import Fetch
from arxivdigest.errors import DigestError, ListingError, RefusedError, UsageError
from arxivdigest.model import Listing
from arxivdigest.text import safe


@dataclass(frozen=True, slots=True)
class Request:
    """What to read: a place, or the newest announcement for some subjects."""

    place: str | None
    subjects: tuple[str, ...]
    fetch: Fetch


def read(request: Request, say: Callable[[str], None]) -> Listing:
    """The listing asked for; `say` is told what is being waited for.

    Raises a DigestError that begins with where the fault is.
    """
    if request.place is None:
        return _from_arxiv(request, say)
    listing = _from_place(request.place, say)
    wanted = request.fetch.source
    if wanted not in ("auto", listing.source):
        raise UsageError(
            f"{safe(request.place)} is a {listing.source}, and --source asks for a {wanted}"
        )
    for subject in request.subjects:
        if listing.subjects and not any(taxonomy.covers(subject, one) for one in listing.subjects):
            held = ", ".join(listing.subjects)
            raise UsageError(f"{safe(request.place)} is the listing of {held}, not of {subject}")
    return listing


def _from_place(place: str, say: Callable[[str], None]) -> Listing:
    if place.startswith(("http://", "https://")):
        return _fetched(place, say)
    name = "standard input" if place == "-" else place
    return _parsed(name, _from_stdin() if place == "-" else _from_file(place))


def _from_stdin() -> bytes:
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            "--from - reads standard input, and there is only a keyboard; pipe a page into it"
        )
    return sys.stdin.buffer.read(sources.MOST_BYTES + 1)


def _from_file(place: str) -> bytes:
    try:
        with Path(place).open("rb") as file:
            return file.read(sources.MOST_BYTES + 1)
    except IsADirectoryError as error:
        raise ListingError(
            f"{safe(place)}: this is a directory, not a saved page or feed"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ListingError(f"{safe(place)}: {reason[0].lower()}{reason[1:]}") from error


def _from_arxiv(request: Request, say: Callable[[str], None]) -> Listing:
    if not request.subjects:
        raise UsageError(
            "no subjects: name some, as in digest today cs.DC, or follow some: digest init"
        )
    settings = request.fetch
    if settings.source == "page":
        addresses = sources.page.SOURCE.addresses(request.subjects, settings.site)
    else:
        addresses = sources.feed.SOURCE.addresses(request.subjects, settings.feeds)
    listings = []
    for index, address in enumerate(addresses):
        if index:
            time.sleep(settings.delay)
        listings.append(_fetched(address, say))
    return sources.join(listings)


def _fetched(address: str, say: Callable[[str], None]) -> Listing:
    from arxivdigest import fetch

    say(f"Asking {safe(address)} ...")
    try:
        answer = fetch.get(address)
    finally:
        say("")
    if answer.is_error:
        try:
            _parsed(address, answer.body)
        except RefusedError:
            raise
        except DigestError:
            pass  # the status says more than a body that is no listing
        raise answer.error()
    return _parsed(address, answer.body)


def _parsed(origin: str, data: bytes) -> Listing:
    try:
        return sources.parse(data)
    except DigestError as error:
        raise type(error)(f"{safe(origin)}: {error}") from error
