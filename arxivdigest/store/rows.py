"""Listings as rows of the store, and rows as listings."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple
from zlib import crc32

from arxivdigest.model import Listing, Section
from arxivdigest.store.packing import Entries, joined, parted, whole_letters

HEAD = (
    *("asked", "source", "subjects", "announced", "total", "sections", "notes"),
    *("read_at", "fresh_until", "etag"),
)
"""The small columns of a listing's row."""

LARGE = ("entries", "texts")
"""Its other columns, of megabytes."""


class Stored(NamedTuple):
    """A listing as it was kept: when it was read, how long it is fresh, and its ETag."""

    listing: Listing
    read_at: datetime
    fresh_until: datetime | None = None
    etag: str | None = None

    def is_fresh(self, instant: datetime) -> bool:
        """Whether there can be nothing newer to ask for yet.

        What was read at a time to come, by a clock that was wrong then, says nothing.
        """
        return self.fresh_until is not None and self.read_at <= instant < self.fresh_until


def row(asked: str, stored: Stored) -> tuple[tuple[str | int | None, ...], tuple[bytes, bytes]]:
    """The row of a listing: its small columns in the order of `HEAD`, and its large ones."""
    listing = stored.listing
    head = (
        whole_letters(asked),
        listing.source,
        whole_letters(joined(listing.subjects)),
        str(listing.announced),
        # No count of arXiv's is as large as what SQLite cannot hold.
        listing.total if listing.total is None or listing.total <= _LARGEST else None,
        whole_letters(joined(f"{one.name}\t{one.shown}\t{one.total}" for one in listing.sections)),
        whole_letters(joined(listing.notes)),
        _written(stored.read_at),
        _written(stored.fresh_until) if stored.fresh_until else None,
        stored.etag if stored.etag is None else whole_letters(stored.etag),
    )
    return head, Entries.of(listing.entries).to_bytes()


_LARGEST = 2**63 - 1


def checksum(columns: Sequence[object]) -> int:
    """A checksum of a row, as SQLite itself finds no wrong bytes."""
    found = 0
    for column in columns:
        found = crc32(column if isinstance(column, bytes) else f"{column}\0".encode(), found)
    return found


def stored(  # noqa: PLR0913, PLR0917 - the columns, in their order
    asked: str,  # noqa: ARG001 - what it was found by
    source: str,
    subjects: str,
    announced: str,
    total: int | None,
    sections: str,
    notes: str,
    read_at: str,
    fresh_until: str | None,
    etag: str | None,
    entries: bytes,
    texts: bytes,
) -> Stored:
    """The listing of a row."""
    listing = Listing(
        source=source,
        subjects=parted(subjects),
        announced=date.fromisoformat(announced),
        entries=Entries.from_bytes(entries, texts),
        sections=tuple(map(_section, parted(sections))),
        total=total,
        notes=parted(notes),
    )
    until = datetime.fromisoformat(fresh_until) if fresh_until else None
    return Stored(listing, datetime.fromisoformat(read_at), until, etag)


def _section(line: str) -> Section:
    name, shown, total = line.rsplit("\t", 2)
    return Section(name, int(shown), int(total))


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()
