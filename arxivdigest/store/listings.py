"""What arXiv said, by day and subject, and when it was asked: all of it can be read again."""

import sqlite3
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from typing import TYPE_CHECKING

from arxivdigest.model import Listing
from arxivdigest.store import coverage, rows
from arxivdigest.store.coverage import Candidate, Covering
from arxivdigest.store.database import Database, as_date
from arxivdigest.store.listing_tables import SCHEMA
from arxivdigest.store.rows import Row, Stored

if TYPE_CHECKING:
    from arxivdigest.store.paper_index import Holding
    from arxivdigest.store.requests_made import Rest

LEAST_DAYS = 100


class Store(Database):
    """The listings read, and the time of the last request."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        on_failure: Callable[[sqlite3.Error], sqlite3.Connection | None],
        *,
        is_lasting: bool,
    ) -> None:
        super().__init__(connection, SCHEMA, on_failure, is_lasting=is_lasting)
        self.kept_days = LEAST_DAYS
        """So many days after its date a listing goes."""
        self._asked_at: float | None = None
        self._remembered: dict[tuple[int, int], Stored] = {}

    def renewed(self) -> None:
        """Nothing, once the time of the last request is noted anew."""
        self._remembered.clear()
        if self._asked_at is not None:
            self.note_request(self._asked_at)

    def newest(self, subjects: Sequence[str], source: str | None = None) -> Stored | None:
        """The whole listing of the latest day, from any source or from this one.

        It is put together of what covers the subjects; its ETag is there where it was asked for.
        """
        found = self.do("BEGIN", lambda one: self._newest(one, subjects, source, _is_whole))
        return found.stored if found else None

    def of_day(self, subjects: Sequence[str], day: date) -> Stored | None:
        """The whole listing of a day, put together of what covers the subjects."""
        found = self.covering(subjects, day)
        return found.stored if found and found.is_whole else None

    def covering(
        self, subjects: Sequence[str], day: date | None = None, source: str | None = None
    ) -> Covering | None:
        """What is kept of a day or of the latest one, for as many of the subjects as there is.

        It says which subjects it lacks, and in its problems what is short.
        """
        if day is None:
            return self.do("BEGIN", lambda one: self._newest(one, subjects, source, _is_any))
        return self.do("BEGIN", lambda one: self._of_day(one, day.isoformat(), subjects, source))

    def days(self) -> list[date]:
        """The days of which anything is kept, the latest first."""
        return self.do("BEGIN", lambda database: list(map(as_date, _days(database))))

    def holding(self, arxiv_id: str) -> "Sequence[Holding]":
        """The kept listings that hold a paper, those of the newest day first."""
        from arxivdigest.store import paper_index

        return self.do("BEGIN", lambda database: paper_index.find(database, arxiv_id))

    def days_holding(self, ids: AbstractSet[str], before: date) -> list[date]:
        """The days before one of which anything is kept that holds one of these papers."""
        from arxivdigest.store import paper_index

        return self.do("BEGIN", lambda database: paper_index.days(database, ids, before))

    def listing(self, number: int) -> Listing | None:
        """A kept listing by its number; None where another run has put one in its place."""
        row = self.do("BEGIN", lambda database: _checked(database, number))
        return row.stored().listing if row else None

    def feeds(self, subject: str, day: date) -> list[tuple[tuple[str, ...], Stored]]:
        """The whole feeds of a day that cover a subject, each with what it was asked for."""

        def find(database: sqlite3.Connection) -> list[tuple[tuple[str, ...], Stored]]:
            found = _candidates(database, day.isoformat(), "feed")
            return [
                (one.asked, self._read(database, one))
                for one in found
                if one.covers(subject) and not one.is_short
            ]

        return self.do("BEGIN", find)

    def listings_of(self, day: date) -> list[Listing]:
        """All kept listings of a day, whatever was asked for."""
        rows = self.do("BEGIN", lambda database: _all_of_day(database, day.isoformat()))
        return [row.stored().listing for row in rows]

    def keep(
        self, subjects: Sequence[str], stored: Stored, *, is_known_better: bool = False
    ) -> None:
        """Keep a listing in place of an earlier reading of it, if it states its day.

        What is short does not take the place of what is whole, unless that it is so is known
        better by now.
        """
        if stored.listing.announced is not None:
            self._keep(rows.row(_asked(subjects), stored), is_known_better=is_known_better)

    def keep_page(self, subject: str, number: int, stored: Stored) -> None:
        """Keep a page of a subject's listing of a day until the listing itself is kept."""
        self._keep(rows.row(_asked([subject]), stored, number), is_known_better=False)

    def _keep(self, row: Row, *, is_known_better: bool) -> None:
        from arxivdigest.store.keeping import keep

        self.do(
            "BEGIN IMMEDIATE",
            lambda one: keep(one, row, self.kept_days, is_known_better=is_known_better),
        )

    def pages(self, subject: str, day: date) -> list[Stored]:
        """The pages that are kept of a subject's listing of a day, from the first without a gap."""
        values = (day.isoformat(), _asked([subject]))
        found = self.do("BEGIN", lambda database: _read_pages(database, values))
        return [
            stored for at, (number, stored) in enumerate(sorted(found.items()), 1) if number == at
        ]

    def last_request(self) -> float | None:
        """When arXiv was last asked anything, in seconds since 1970."""
        from arxivdigest.store import requests_made

        return self.do("BEGIN", requests_made.last_request)

    def note_request(self, at: float) -> None:
        """Note when arXiv was asked."""
        from arxivdigest.store import requests_made

        self._asked_at = at
        self.do("BEGIN IMMEDIATE", lambda database: requests_made.note_request(database, at))

    def rest_of(self, service: str) -> "Rest | None":
        """Until when a service wants to be left alone, where it said so."""
        from arxivdigest.store import requests_made

        return self.do("BEGIN", lambda database: requests_made.rest_of(database, service))

    def note_rest(self, service: str, rest: "Rest") -> None:
        """Note until when a service wants to be left alone."""
        from arxivdigest.store import requests_made

        self.do(
            "BEGIN IMMEDIATE", lambda database: requests_made.note_rest(database, service, rest)
        )

    def _newest(
        self,
        database: sqlite3.Connection,
        subjects: Sequence[str],
        source: str | None,
        will_do: Callable[[coverage.Choice, tuple[str, ...]], bool],
    ) -> Covering | None:
        for day in _days(database):
            chosen, lacking = coverage.choose(_candidates(database, day, source), subjects)
            if chosen and will_do(chosen, lacking):
                return self._answer(database, chosen, lacking, subjects)
        return None

    def _of_day(
        self, database: sqlite3.Connection, day: str, subjects: Sequence[str], source: str | None
    ) -> Covering | None:
        chosen, lacking = coverage.choose(_candidates(database, day, source), subjects)
        return self._answer(database, chosen, lacking, subjects) if chosen else None

    def _answer(
        self,
        database: sqlite3.Connection,
        chosen: coverage.Choice,
        lacking: tuple[str, ...],
        subjects: Sequence[str],
    ) -> Covering:
        parts = [(self._read(database, one), taken) for one, taken in chosen.values()]
        ((only, _), *others) = chosen.values()
        if not others and not lacking and coverage.is_exactly(only, subjects):
            return Covering(parts[0][0])
        covered = [subject for subject in subjects if subject not in lacking]
        return Covering(coverage.answer(parts, covered), lacking)

    def _read(self, database: sqlite3.Connection, one: Candidate) -> Stored:
        """A listing read once, and again only when any run has put another in its place."""
        which = (one.number, one.checksum)
        if which not in self._remembered:
            row = rows.read(database, one.number)
            if row.asked != "+".join(one.asked) or row.checksum != one.checksum:
                raise sqlite3.DatabaseError("a listing is not what was kept")
            self._remembered[which] = row.stored()
        return self._remembered[which]


def _is_whole(chosen: coverage.Choice, lacking: tuple[str, ...]) -> bool:
    return not lacking and not any(one.is_short for one, _ in chosen.values())


def _is_any(_: coverage.Choice, __: tuple[str, ...]) -> bool:
    return True


def _asked(subjects: Sequence[str]) -> str:
    """What subjects are known by; their order changes nothing."""
    return "+".join(sorted(subjects))


def _days(database: sqlite3.Connection) -> list[str]:
    query = "SELECT DISTINCT announced FROM listing WHERE page = 0 ORDER BY announced DESC"
    return [day for (day,) in database.execute(query)]


def _candidates(database: sqlite3.Connection, day: str, source: str | None) -> list[Candidate]:
    # All of it is in the index: the rows themselves are megabytes.
    found = database.execute(
        "SELECT id, checksum, asked, source, read_at, problems <> '' FROM listing"
        " WHERE announced = ? AND page = 0 AND source = coalesce(?, source)",
        (day, source),
    )
    return [
        Candidate(number, checksum, tuple(asked.split("+")), of, read_at, bool(is_short))
        for number, checksum, asked, of, read_at, is_short in found
    ]


def _checked(database: sqlite3.Connection, number: int) -> Row | None:
    query = "SELECT checksum FROM listing WHERE id = ?"
    checksum = database.execute(query, (number,)).fetchone()
    if checksum is None:
        return None
    row = rows.read(database, number)
    if checksum != (row.checksum,):
        raise sqlite3.DatabaseError("a listing is not what was kept")
    return row


def _all_of_day(database: sqlite3.Connection, day: str) -> list[Row]:
    found = [_checked(database, one.number) for one in _candidates(database, day, None)]
    if None in found:
        raise sqlite3.DatabaseError("a listing is not where it was kept")
    return [row for row in found if row]


def _read_pages(database: sqlite3.Connection, values: tuple[str, str]) -> dict[int, Stored]:
    query = "SELECT id, checksum FROM listing WHERE announced = ? AND page > 0 AND asked = ?"
    found: dict[int, Stored] = {}
    for number, checksum in database.execute(query, values).fetchall():
        row = rows.read(database, number)
        if row.checksum != checksum:
            raise sqlite3.DatabaseError("a listing is not what was kept")
        found[row.page] = row.stored()
    return found
