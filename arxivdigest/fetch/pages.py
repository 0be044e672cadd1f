"""A subject's pages on arXiv read to the end; those of several subjects made one listing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, Protocol

from arxivdigest.errors import (
    DigestError,
    ForbiddenError,
    ListingError,
    PortalError,
    RefusedError,
    StrangerError,
    TryAgainError,
)
from arxivdigest.fetch import comparison
from arxivdigest.model import Listing
from arxivdigest.text import safe
from arxivdigest.text.addresses import shown
from arxivdigest.text.dates import short_date

if TYPE_CHECKING:
    from arxivdigest.fetch.http import Answer

_MOST_PAGES = 20


class Asking(Protocol):
    """What asks arXiv for an address."""

    def ask(self, url: str, etag: str | None = None, what: str = "") -> "Answer":
        """The answer, which says so where nothing has changed since the ETag."""


Address = Callable[[str, int, int], str]
"""Where a subject's listing goes on, after so many entries, on the page of this number."""


def newest(site: str) -> Address:
    """The addresses of the newest listings."""
    from arxivdigest.arxiv.page import new_address

    return lambda subject, read, _: new_address(subject, site, read)


def of_day(site: str, day: date) -> Address:
    """The addresses of the listings of a day up to 90 days back."""
    from arxivdigest.arxiv.page import catchup_address

    return lambda subject, _, number: catchup_address(subject, site, day, number)


class Kept(NamedTuple):
    """The first pages, where an interrupted run kept them, and what keeps those that come."""

    first: Sequence[Listing] = ()
    keep: Callable[[int, Listing], None] = lambda *_: None


def of_subject(
    subject: str, asking: Asking, address: Address, what: str = "", kept: Kept | None = None
) -> Listing:
    """A subject's listing, from as many pages as it has; progress calls it by `what`.

    What cannot be read after the first page is a problem: what was read is worth showing.
    """
    from arxivdigest.arxiv.page import whole

    kept = kept or Kept()
    pages = list(kept.first)
    problems: list[str] = []
    for number in range(len(pages) + 1, _MOST_PAGES + 1):
        read = sum(map(_shown, pages))
        if pages and _is_end(pages[-1], read):
            break
        try:
            on_page = f", page {number}" if number > 1 else ""
            page = parsed(asking.ask(address(subject, read, number), None, f"{what}{on_page}"))
        except ForbiddenError:
            raise
        except DigestError as error:
            if not pages:
                raise
            problems.append(f"page {number} could not be read: {error}")
            break
        if page.subjects and not comparison.may_be(subject, page.subjects[0]):
            raise ListingError(f"arXiv answered with {safe(page.subjects[0])}")
        if pages and page.announced != pages[0].announced:
            raise TryAgainError("arXiv announced while it was being read; try again")
        pages.append(page)
        if not _is_end(page, read + _shown(page)):
            kept.keep(number, page)
    listing = whole(pages)
    return listing._replace(subjects=(subject,), problems=(*listing.problems, *problems))


def _shown(page: Listing) -> int:
    return sum(one.shown for one in page.sections) or len(page.entries)


def _is_end(page: Listing, read: int) -> bool:
    return not page.entries or page.total is None or read >= page.total


def together(read: Mapping[str, Listing], failures: Mapping[str, DigestError]) -> Listing:
    """One listing of all subjects' pages; what could not be read, or is late, is a problem."""
    from arxivdigest.arxiv.listings import join

    if not read:
        raise next(iter(failures.values()))
    newest_day = max(one.announced or date.min for one in read.values())
    late = {name: one for name, one in read.items() if (one.announced or date.min) < newest_day}
    listing = join([one for name, one in read.items() if name not in late])
    return listing._replace(
        problems=(
            *listing.problems,
            *(f"{name} could not be read: {error}" for name, error in failures.items()),
            *(f"{name} is still of {short_date(one.announced)}" for name, one in late.items()),
        ),
    )


def label(number: int, subjects: Sequence[str]) -> str:
    """What progress calls the subject of this number: which it is, and of how many."""
    subject = subjects[number - 1]
    return f"[{number}/{len(subjects)}] {subject}" if len(subjects) > 1 else subject


def parsed(answer: "Answer") -> Listing:
    """The listing in an answer; an error begins with the address."""
    from arxivdigest.arxiv.listings import parse

    try:
        listing = parse(answer.body)
    except DigestError as error:
        # The status says more than a body that is no listing, unless that is arXiv's own word:
        # its feeds refuse with a 400 whose body is a feed that says why.
        if answer.is_error and not isinstance(error, RefusedError):
            raise answer.error() from error
        if isinstance(error, StrangerError):
            raise PortalError(f"{shown(answer.url)}: {error}") from error
        if not answer.body.strip():
            said = f"{shown(answer.url)}: {error}; try again in a few minutes"
            raise TryAgainError(said) from error
        raise type(error)(f"{shown(answer.url)}: {error}") from error
    if answer.is_error:
        raise answer.error()
    return listing
