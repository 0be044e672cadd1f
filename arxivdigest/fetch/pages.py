"""A subject's pages on arXiv read to the end; those of several subjects made one listing."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

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


def of_all(subjects: Sequence[str], asking: Asking, address: Address) -> Listing:
    """One listing of all subjects' pages; a subject that could not be read is a problem."""
    from arxivdigest.arxiv.listings import join

    read: dict[str, Listing] = {}
    failures: dict[str, DigestError] = {}
    for number, subject in enumerate(subjects, 1):
        of_how_many = f"[{number}/{len(subjects)}] " if len(subjects) > 1 else ""
        try:
            read[subject] = of_subject(subject, asking, address, f"{of_how_many}{subject}")
        except ForbiddenError:
            raise
        except DigestError as error:
            failures[subject] = error
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


def of_subject(subject: str, asking: Asking, address: Address, what: str = "") -> Listing:
    """A subject's listing, from as many pages as it has."""
    from arxivdigest.arxiv.page import whole

    pages: list[Listing] = []
    read = 0
    for number in range(1, _MOST_PAGES + 1):
        on_page = f", page {number}" if number > 1 else ""
        page = parsed(asking.ask(address(subject, read, number), None, f"{what}{on_page}"))
        if page.subjects and not comparison.may_be(subject, page.subjects[0]):
            raise ListingError(f"arXiv answered with {safe(page.subjects[0])}")
        if pages and page.announced != pages[0].announced:
            raise TryAgainError("arXiv announced while it was being read; try again")
        pages.append(page)
        read += sum(one.shown for one in page.sections) or len(page.entries)
        if not page.entries or page.total is None or read >= page.total:
            break
    return whole(pages)._replace(subjects=(subject,))


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
        raise type(error)(f"{shown(answer.url)}: {error}") from error
    if answer.is_error:
        raise answer.error()
    return listing
