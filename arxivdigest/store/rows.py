"""Listings as rows of the store, and rows as listings."""

import sqlite3
import zlib
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple
from zlib import crc32

from arxivdigest.model import Listing, Section
from arxivdigest.store.packing import Entries, joined, packed_ids, parted, whole_letters

LARGE = ("entries", "texts")
"""The columns of megabytes, which are written and read without SQLite's copies of them."""


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


class Row(NamedTuple):
    """A listing's row: what was asked for, what came, and whether it is compressed."""

    asked: str
    source: str
    announced: str
    page: int
    subjects: str
    total: int | None
    sections: str
    notes: str
    problems: str
    read_at: str
    fresh_until: str | None
    etag: str | None
    is_compressed: int
    entries: bytes
    texts: bytes

    @property
    def checksum(self) -> int:
        """The checksum of the whole row."""
        return checksum(self)

    def compressed(self) -> "Row":
        """The row in fewer bytes: zlib's fastest takes 7 ms for 600 entries."""
        if self.is_compressed:
            return self
        entries, texts = zlib.compress(self.entries, 1), zlib.compress(self.texts, 1)
        return self._replace(entries=entries, texts=texts, is_compressed=1)

    @property
    def ids(self) -> list[str]:
        """The id of each entry."""
        return packed_ids(self._records())

    def _records(self) -> bytes:
        return zlib.decompress(self.entries) if self.is_compressed else self.entries

    def stored(self) -> Stored:
        """The listing."""
        texts = zlib.decompress(self.texts) if self.is_compressed else self.texts
        listing = Listing(
            source=self.source,
            subjects=parted(self.subjects),
            announced=date.fromisoformat(self.announced),
            entries=Entries.from_bytes(self._records, texts),
            sections=tuple(map(_section, parted(self.sections))),
            total=self.total,
            problems=parted(self.problems),
            notes=parted(self.notes),
        )
        until = datetime.fromisoformat(self.fresh_until) if self.fresh_until else None
        return Stored(listing, datetime.fromisoformat(self.read_at), until, self.etag)


HEAD = Row._fields[: -len(LARGE)]
"""The small columns of a listing's row."""


def row(asked: str, stored: Stored, page: int = 0) -> Row:
    """The row of a listing that states its day, or of one of its pages."""
    listing = stored.listing
    entries, texts = Entries.of(listing.entries).to_bytes()
    return Row(
        asked=whole_letters(asked),
        source=listing.source,
        announced=str(listing.announced),
        page=page,
        subjects=whole_letters(joined(listing.subjects)),
        # No count of arXiv's is as large as what SQLite cannot hold.
        total=listing.total if listing.total is None or listing.total <= _LARGEST else None,
        sections=whole_letters(
            joined(f"{one.name}\t{one.shown}\t{one.total}" for one in listing.sections)
        ),
        notes=whole_letters(joined(listing.notes)),
        problems=whole_letters(joined(listing.problems)),
        read_at=_written(stored.read_at),
        fresh_until=_written(stored.fresh_until) if stored.fresh_until else None,
        etag=stored.etag if stored.etag is None else whole_letters(stored.etag),
        is_compressed=0,
        entries=entries,
        texts=texts,
    )


_LARGEST = 2**63 - 1


def checksum(columns: Sequence[object]) -> int:
    """A checksum of a row, as SQLite itself finds no wrong bytes."""
    found = 0
    for column in columns:
        found = crc32(column if isinstance(column, bytes) else f"{column}\0".encode(), found)
    return found


def _section(line: str) -> Section:
    name, shown, total = line.rsplit("\t", 2)
    return Section(name, int(shown), int(total))


def _written(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def read(database: sqlite3.Connection, number: int) -> Row:
    """The row of this number."""
    head = database.execute(
        f"SELECT {', '.join(HEAD)} FROM listing WHERE id = ?",  # noqa: S608 - all written here
        (number,),
    ).fetchone()
    if head is None:
        raise sqlite3.DatabaseError("a listing is not where it was kept")
    return Row(*head, *(_large(database, number, name) for name in LARGE))


def _large(database: sqlite3.Connection, number: int, column: str) -> bytes:
    with database.blobopen("listing", column, number, readonly=True) as blob:
        return blob.read()
