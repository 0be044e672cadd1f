"""Listings as rows of the store, and rows as listings."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any, NamedTuple
from zlib import crc32

from arxivdigest.model import AnnounceType, Entry, Listing, Section


class Stored(NamedTuple):
    """A listing as it was kept: when it was read, how long it is fresh, and its ETag."""

    listing: Listing
    read_at: datetime
    fresh_until: datetime | None = None
    etag: str | None = None

    def is_fresh(self, instant: datetime) -> bool:
        """Whether arXiv said that there is nothing newer to ask for yet."""
        return self.fresh_until is not None and instant < self.fresh_until


Columns = tuple[str | int | None, ...]
HEAD = "asked, source, subjects, announced, total, sections, notes, read_at, fresh_until, etag"
ROW = (
    "arxiv_id, version, announce_type, title, authors, categories, abstract,"
    " comments, journal_ref, doi, license, formats"
)


def checksum(head: Sequence[object], rows: Iterable[Sequence[object]]) -> int:
    """A checksum of a listing's row and of its entries' rows."""
    checksum = 0
    for row in (head, *rows):
        checksum = crc32("\0".join(map(str, row)).encode(), checksum)
    return checksum


def head(asked: str, stored: Stored) -> Columns:
    """The row of a listing."""
    listing = stored.listing
    return (
        asked,
        listing.source,
        _joined(listing.subjects),
        str(listing.announced),
        listing.total,
        _joined(f"{one.name}\t{one.shown}\t{one.total}" for one in listing.sections),
        _joined(listing.notes),
        _written(stored.read_at),
        _written(stored.fresh_until) if stored.fresh_until else None,
        stored.etag,
    )


def stored(  # noqa: PLR0913, PLR0917 - the columns, in their order
    rows: Iterable[tuple[Any, ...]],
    source: str,
    subjects: str,
    announced: str,
    total: int | None,
    sections: str,
    notes: str,
    read_at: str,
    fresh_until: str | None,
    etag: str | None,
) -> Stored:
    """The listing of its row and its entries' rows."""
    listing = Listing(
        source=source,
        subjects=_parted(subjects),
        announced=date.fromisoformat(announced),
        entries=tuple(_entry(*row) for row in rows),
        sections=tuple(map(_section, _parted(sections))),
        total=total,
        notes=_parted(notes),
    )
    until = datetime.fromisoformat(fresh_until) if fresh_until else None
    return Stored(listing, datetime.fromisoformat(read_at), until, etag)


def row(entry: Entry) -> Columns:
    """The row of an entry."""
    return (
        entry.arxiv_id,
        entry.version,
        entry.announce_type.value,
        entry.title,
        _joined(entry.authors),
        _joined(entry.categories),
        entry.abstract,
        entry.comments,
        entry.journal_ref,
        entry.doi,
        entry.license,
        _joined(entry.formats),
    )


_TYPES = {announce_type.value: announce_type for announce_type in AnnounceType}


def _entry(  # noqa: PLR0913, PLR0917 - the columns, in their order
    arxiv_id: str,
    version: int | None,
    announce_type: str,
    title: str,
    authors: str,
    categories: str,
    abstract: str,
    comments: str | None,
    journal_ref: str | None,
    doi: str | None,
    license_url: str | None,
    formats: str,
) -> Entry:
    all_categories = _parted(categories)
    return Entry(
        arxiv_id,
        version,
        _TYPES[announce_type],
        title,
        _parted(authors),
        all_categories[0] if all_categories else "",
        all_categories,
        abstract,
        comments,
        journal_ref,
        doi,
        license_url,
        _parted(formats),
    )


def _section(line: str) -> Section:
    name, shown, total = line.rsplit("\t", 2)
    return Section(name, int(shown), int(total))


def _joined(parts: Iterable[str]) -> str:
    """The parts, each with a newline at its end; within them there is none, or becomes a blank."""
    return "".join(part.replace("\n", " ") + "\n" for part in parts)


def _parted(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")[:-1])


_LARGEST = 2**63 - 1


def storable(columns: Columns) -> Columns:
    """The columns without what SQLite cannot hold: no arXiv number is so large, no letter half."""
    return tuple(
        _whole_letters(value)
        if isinstance(value, str)
        else value
        if value is None or value <= _LARGEST
        else None
        for value in columns
    )


def _whole_letters(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
