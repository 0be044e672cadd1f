"""The messages of the outbox as rows: whose they are, which wait, what they hold of which day."""

import sqlite3
from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime
from typing import NamedTuple

from arxivdigest.mail.envelope import Envelope
from arxivdigest.store.message_tables import (
    CONTENTS,
    DAMAGES,
    DELIVERIES,
    MESSAGES,
    DeliveryRow,
    MessageRow,
)
from arxivdigest.store.packing import parted
from arxivdigest.store.reader_tables import (
    READERS,
    Key,
    Reader,
    ReaderRow,
    known,
    shown_of,
    unpacked,
)

WAITS = ("pending", "sending")
AGAIN = "again"
ALONE = "alone"
_MOST_MESSAGES = 400
"""Of a reader: more than 130 announcement days, counted in messages and not by a clock."""


class Delivered(NamedTuple):
    """What a message holds of a day, for which subjects; without entries, all of the day's.

    `shown` are the entries that were written out in it. It is `is_whole` where nothing of the day
    was lacking then, and `is_passed` where nobody is told of the day: it counts as delivered.
    """

    announced: date
    subjects: tuple[str, ...]
    entries: frozenset[Key] | None
    shown: frozenset[Key] = frozenset()
    is_whole: bool = True
    at: datetime | None = None
    state: str = "pending"
    kind: str = ""
    is_passed: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether nobody got it, and nobody will."""
        return self.state == "refused"

    @property
    def is_repeated(self) -> bool:
        """Whether it was sent anew, whatever was delivered before."""
        return self.kind.startswith(AGAIN)

    @property
    def begins(self) -> bool:
        """Whether the days after it are to be delivered too: a saved listing stands alone."""
        return self.kind != ALONE


class Message(NamedTuple):
    """A message: who it is for, and what it holds of each day.

    `kind` begins with `AGAIN` for one that repeats what was delivered, and is `ALONE` for a listing
    that was saved; else it is empty. `takes_place_of` is the number
    of one that waits, and that this one is to be sent instead of.
    """

    reader: Reader
    days: tuple[Delivered, ...]
    envelope: Envelope
    content: bytes
    kind: str = ""
    takes_place_of: int | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """The subjects that it was asked for."""
        return tuple(sorted({subject for day in self.days for subject in day.subjects}))


class Waiting(NamedTuple):
    """A message that is to be sent: who sends it, of which days, to whom in the end."""

    number: int
    sender: str
    days: tuple[date, ...]
    recipients: tuple[str, ...]
    profile: str = ""
    kind: str = ""
    is_untried: bool = True


def key(recipients: Iterable[str]) -> str:
    """What recipients are known by; their order changes nothing."""
    return "\n".join(sorted(recipients))


def _is_for(row: MessageRow, reader: int | None, profile: str) -> bool:
    """Whether a message is a reader's: its own, or one of version 0.1 for its profile."""
    return row.reader == reader or (row.reader == 0 and row.profile == profile)


def delivered(
    database: sqlite3.Connection, reader: Reader, recipients: str, besides: int | None
) -> list[Delivered]:
    """What the messages to a reader and recipients hold, save the one named."""
    own = known(database, reader)
    rows = {
        row.number: row
        for row in MESSAGES.find(database, recipients=recipients)
        if row.number != besides and (row.reader == own or _is_unclaimed(row, reader))
    }
    return [
        _as_delivered(rows[one.message], one)
        for one in DELIVERIES.find(database)
        if one.message in rows
    ]


def _as_delivered(row: MessageRow, one: DeliveryRow) -> Delivered:
    return Delivered(
        announced=date.fromisoformat(one.announced),
        subjects=parted(one.subjects),
        entries=None if one.entries is None else unpacked(one.entries),
        shown=frozenset() if one.entries is None else shown_of(one.entries),
        is_whole=bool(one.is_whole),
        at=datetime.fromtimestamp(row.at, UTC),
        state=row.state,
        kind=row.kind,
        is_passed=_is_passed(row, one),
    )


def _is_passed(row: MessageRow, one: DeliveryRow) -> bool:
    """Whether a day is in no message: none was sent, or it went by before the message's days."""
    if row.state == "sent" and not row.is_accepted:
        return True
    return one.announced != row.announced if one.entries is None else not unpacked(one.entries)


def _is_unclaimed(row: MessageRow, reader: Reader) -> bool:
    return row.reader == 0 and row.profile == reader.profile and not reader.occasion


def waiting(database: sqlite3.Connection, reader: Reader) -> list[Waiting]:
    """A reader's messages that are to be sent, in the order they came in."""
    own = known(database, reader)
    occasions = {one.number for one in READERS.find(database) if _is_same(one, reader)}
    rows = [
        row
        for state in WAITS
        for row in MESSAGES.find(database, state=state)
        if row.reader in occasions or _is_for(row, own, reader.profile)
    ]
    return [_as_waiting(database, row) for row in sorted(rows)]


def _is_same(one: ReaderRow, reader: Reader) -> bool:
    """Whether a reader is the same on another occasion: what waits is sent with any."""
    if one.profile != reader.profile:
        return False
    return one.file == reader.file if reader.name is None else one.name == reader.name


def _is_of_file(one: ReaderRow, reader: Reader) -> bool:
    """Whether the configuration is the reader's, where it was last or by the name that it has."""
    return one.file == reader.file or (reader.name is not None and one.name == reader.name)


def _as_waiting(database: sqlite3.Connection, row: MessageRow) -> Waiting:
    held = DELIVERIES.find(database, message=row.number)
    days = [one.announced for one in held if one.entries is None or unpacked(one.entries)]
    return Waiting(
        row.number,
        row.sender,
        tuple(map(date.fromisoformat, sorted(days or [row.announced]))),
        tuple(row.recipients.split("\n")),
        row.profile,
        row.kind,
        is_untried=row.state == "pending" and not row.is_doubtful and not row.is_accepted,
    )


def forsaken(
    database: sqlite3.Connection, reader: Reader, profiles: Collection[str]
) -> list[Waiting]:
    """The messages of a reader's configuration that wait for profiles that it does not have."""
    here = {one.number for one in READERS.find(database) if _is_of_file(one, reader)} | {0}
    rows = [
        row
        for state in WAITS
        for row in MESSAGES.find(database, state=state)
        if row.reader in here and row.profile not in profiles
    ]
    return [_as_waiting(database, row) for row in sorted(rows)]


def alike(
    database: sqlite3.Connection, reader: Reader, recipients: str, subjects: str
) -> ReaderRow | None:
    """The reader who sent the same to the same recipients, where another has no record."""
    own = known(database, reader)
    rows = MESSAGES.find(database, recipients=recipients)
    if reader.occasion or any(row.reader == own for row in rows if own):
        return None
    readers = {one.number: one for one in READERS.find(database)}
    for row in reversed(rows):
        other = readers.get(row.reader)
        is_alike = row.profile == reader.profile and row.subjects == subjects
        if other and not other.occasion and is_alike:
            return other
    return None


def claim_unclaimed(
    database: sqlite3.Connection, reader: int, profile: str, recipients: str
) -> None:
    """Make a reader's what version 0.1 left for its profile and recipients."""
    for row in MESSAGES.find(database, reader=0, recipients=recipients):
        if row.profile == profile:
            MESSAGES.write(database, row._replace(reader=reader))


def is_known(
    database: sqlite3.Connection, message: Message, recipients: str, besides: int | None
) -> bool:
    """Whether any of what a message holds is delivered, or waits in another message."""
    others = delivered(database, message.reader, recipients, besides)
    held = {
        (one.announced, key) for one in others if not one.is_refused for key in one.entries or ()
    }
    return any((day.announced, key) in held for day in message.days for key in day.entries or ())


def replaced(database: sqlite3.Connection, number: int | None) -> MessageRow | None:
    """The message that another is to take the place of, if nobody has begun to send it."""
    found = MESSAGES.find(database, number=number) if number is not None else []
    is_begun = any(one.state != "pending" or one.is_accepted or one.is_doubtful for one in found)
    return None if not found or is_begun else found[0]


def empty(database: sqlite3.Connection, number: int) -> None:
    """Take away what a message holds, before it holds something else."""
    days = DELIVERIES.find(database, message=number)
    DELIVERIES.delete(database, [one.number for one in days])
    forget_content(database, number)


def state(database: sqlite3.Connection, number: int) -> str | None:
    """What became of a message so far; None where it is gone."""
    found = MESSAGES.find(database, number=number)
    return found[0].state if found else None


def forget_content(database: sqlite3.Connection, number: int) -> None:
    """Take away the bytes of a message, damaged or not."""
    found = database.execute("SELECT number FROM content WHERE message = ?", (number,))
    CONTENTS.delete(database, [row[0] for row in found.fetchall()])


def may_be_second(
    database: sqlite3.Connection, reader: int, recipients: str, message: Message
) -> bool:
    """Whether what a message holds may have been delivered, and nobody knows.

    The record of it was lost with a damaged file, or it was given up when nobody knew.
    """
    rows = MESSAGES.find(database, reader=reader, recipients=recipients)
    lost = max((one.after for one in DAMAGES.find(database)), default=None)
    if lost is not None and not any(row.number > lost for row in rows):
        return True
    unsure = {row.number for row in rows if row.state == "refused" and row.is_doubtful}
    days = {day.announced.isoformat() for day in message.days}
    return any(one.message in unsure and one.announced in days for one in DELIVERIES.find(database))


def forget(database: sqlite3.Connection, reader: int) -> None:
    """Forget the messages of a reader that came before the last few hundred."""
    over = [row for row in MESSAGES.find(database, reader=reader) if row.state not in WAITS]
    gone = {row.number for row in over[:-_MOST_MESSAGES]}
    if gone:
        MESSAGES.delete(database, gone)
        days = [one.number for one in DELIVERIES.find(database) if one.message in gone]
        DELIVERIES.delete(database, days)
