"""The outbox: each message is sent once, as far as SMTP allows, and none is forgotten.

A message is pending, then sending, then sent or refused for good. What a run that was ended left
sending may have been taken: it is sent again, and says that it may be a second one. What a message
held of each day is kept with it: once anybody has taken it, those entries are delivered.
"""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import NamedTuple

from arxivdigest.errors import (
    DeliveryError,
    DigestError,
    TryAgainError,
    UncertainError,
    UnreachableError,
)
from arxivdigest.mail.envelope import Delivery, Envelope
from arxivdigest.store.packing import joined, parted
from arxivdigest.store.reader import Records
from arxivdigest.store.reader_tables import (
    DAMAGES,
    DELIVERIES,
    MESSAGES,
    READERS,
    Key,
    MessageRow,
    Reader,
    ReaderRow,
    identify,
    known,
    packed,
    unpacked,
)

MAYBE_DUPLICATE = b"X-Arxiv-Digest-Duplicate: possible\n"
_LONGEST_SENDING = 120.0
_LONGEST_WAIT = 5 * 86400.0
"""Seconds that a server may put a message off: as long as mail servers try (RFC 5321 4.5.4.1)."""

_MOST_MESSAGES = 400
"""Of a reader: more than 130 announcement days, counted in messages and not by a clock."""

WAITS = ("pending", "sending")

Deliver = Callable[[bytes, Envelope, Callable[[Delivery], None]], Delivery]
"""Delivers a message, and tells what became of it as soon as the message is taken."""


class Delivered(NamedTuple):
    """What was delivered of a day, and for which subjects; without entries, all of it."""

    announced: date
    subjects: tuple[str, ...]
    entries: frozenset[Key] | None
    at: datetime | None = None


class Message(NamedTuple):
    """A message: who it is for, and what it holds of each day.

    `kind` is empty, save for one that repeats what was delivered. `takes_place_of` is the number
    of one that waits, and that this one is to be sent instead of.
    """

    reader: Reader
    days: tuple[Delivered, ...]
    envelope: Envelope
    content: bytes
    kind: str = ""
    takes_place_of: int | None = None
    is_doubtful: bool = False

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


class Outbox:
    """The messages in a file; `is_alone` where no other run can be sending at the same time."""

    def __init__(self, records: Records, now: Callable[[], datetime], *, is_alone: bool) -> None:
        self._records = records
        self._now = now
        self._is_alone = is_alone
        # What is deleted is overwritten: no message is to be found in the file once it is sent.
        records.do(
            "BEGIN", lambda database: database.execute("PRAGMA secure_delete = ON").fetchall()
        )

    def put(self, message: Message) -> int | None:
        """The number of a message put in; None where what it holds is delivered or on its way."""
        number = self._records.do("BEGIN IMMEDIATE", lambda database: self._put(database, message))
        self._check()
        return number

    def delivered(
        self, reader: Reader, recipients: Iterable[str], besides: int | None = None
    ) -> list[Delivered]:
        """What was delivered to a reader and recipients, or waits to be, by day and message.

        What the message `besides` holds is left out.
        """
        wanted = _key(recipients)
        return self._records.do(
            "BEGIN", lambda database: _delivered(database, reader, wanted, besides)
        )

    def waiting(self, reader: Reader) -> list[Waiting]:
        """A reader's messages that are to be sent, in the order they came in."""
        return self._records.do("BEGIN", lambda database: _waiting(database, reader))

    def forsaken(self, files: Iterable[str], profiles: Iterable[str]) -> list[Waiting]:
        """The messages that wait for profiles that these configurations do not have any more."""
        there, named = set(files), set(profiles)
        return self._records.do("BEGIN", lambda database: _forsaken(database, there, named))

    def alike(
        self, reader: Reader, recipients: Iterable[str], subjects: Iterable[str]
    ) -> str | None:
        """The configuration that has a record of the same profile, subjects and recipients.

        None where the reader has a record of its own.
        """
        wanted = _key(recipients), "+".join(sorted(set(subjects)))
        return self._records.do("BEGIN", lambda database: _alike(database, reader, *wanted))

    def send(self, number: int, deliver: Deliver) -> tuple[bytes, Delivery] | None:
        """What was sent and what became of it, or None where another run has it.

        It is noted as soon as `deliver` tells what became of it. Whatever `deliver` raises leaves
        the message to be sent again, but for what is refused for good, or put off for too long.
        """
        row = self._records.do("BEGIN IMMEDIATE", lambda database: self._claim(database, number))
        self._check()
        if row is None:
            return None

        def note(delivery: Delivery) -> None:
            left = tuple(refusal.recipient for refusal in delivery.refused_for_now)
            is_over = not left or self._is_old(row)
            # Who was refused for now may have got it when nobody knew.
            changed = row._replace(
                is_accepted=int(bool(row.is_accepted or delivery.accepted)),
                left="\n".join(left) or row.left,
            )
            if is_over and not changed.is_accepted:
                self._set(changed, "refused")
            else:
                self._set(changed, "sent" if is_over else "pending")

        mark = MAYBE_DUPLICATE if row.is_doubtful else b""
        envelope = Envelope(row.sender, tuple(row.left.split("\n")))
        try:
            delivery = deliver(mark + row.content, envelope, note)
        except UncertainError:
            self._set(row._replace(is_doubtful=1), self._after(row, "pending"))
            raise
        except DeliveryError:
            self._set(row, "sent" if row.is_accepted else "refused")
            raise
        except TryAgainError as error:
            is_put_off = not isinstance(error, UnreachableError)
            self._set(row, self._after(row, "pending") if is_put_off else "pending")
            raise
        except DigestError:
            self._set(row, "pending")
            raise
        return row.content, delivery

    def is_over(self, number: int) -> bool:
        """Whether a message is tried no more."""
        found = self._records.do("BEGIN", lambda one: MESSAGES.find(one, number=number))
        return not found or found[0].state not in WAITS

    def _is_old(self, row: MessageRow) -> bool:
        return self._now().timestamp() - row.put_at >= _LONGEST_WAIT

    def _after(self, row: MessageRow, state: str) -> str:
        """The state after another failure: what was put off for five days is given up."""
        if not self._is_old(row):
            return state
        return "sent" if row.is_accepted else "refused"

    def _check(self) -> None:
        """Raise where the store has failed: what is sent then would be sent by every run."""
        if not self._records.is_lasting:
            raise TryAgainError("nothing was sent, as nothing can be noted that it was")

    def _put(self, database: sqlite3.Connection, message: Message) -> int | None:
        now = self._now().timestamp()
        reader = identify(database, message.reader)
        recipients = _key(message.envelope.recipients)
        _claim_unclaimed(database, reader, message.reader.profile, recipients)
        if not message.kind and _is_known(database, message, recipients):
            return None  # another run was quicker
        before = _replaced(database, message.takes_place_of)
        is_doubtful = message.is_doubtful or _may_be_second(database, reader, recipients, message)
        columns = (
            *(reader, message.reader.profile, recipients, "+".join(message.subjects)),
            max(day.announced for day in message.days).isoformat(),
            *(message.kind, "pending", int(is_doubtful), 0, message.envelope.sender),
            "\n".join(message.envelope.recipients),
            *(before.put_at if before else now, now, message.content),
        )
        if before:
            number = before.number
            MESSAGES.write(database, (number, *columns))
        else:
            number = MESSAGES.insert(database, *columns)
        for day in message.days:
            entries = None if day.entries is None else packed(day.entries)
            written = (day.announced.isoformat(), joined(day.subjects), entries)
            DELIVERIES.insert(database, number, *written)
        _forget(database, reader)
        return number

    def _claim(self, database: sqlite3.Connection, number: int) -> MessageRow | None:
        now = self._now().timestamp()
        row = next(iter(MESSAGES.find(database, number=number)), None)
        if row is None or row.state not in WAITS:
            return None
        was_left = row.state == "sending"
        if was_left and not self._is_alone and 0 <= now - row.at < _LONGEST_SENDING:
            return None
        is_doubtful = int(bool(row.is_doubtful) or was_left)
        claimed = row._replace(state="sending", is_doubtful=is_doubtful, at=now)
        MESSAGES.write(database, claimed)
        return claimed

    def _set(self, row: MessageRow, state: str) -> None:
        """Note the state of a message; one that nobody waits for any more is not kept whole."""
        content = row.content if state in WAITS else b""
        changed = row._replace(state=state, at=self._now().timestamp(), content=content)
        self._records.do("BEGIN IMMEDIATE", lambda database: MESSAGES.write(database, changed))
        if not self._records.is_lasting:
            raise TryAgainError("what was sent could not be noted; it may be sent a second time")


def _key(recipients: Iterable[str]) -> str:
    """What recipients are known by; their order changes nothing."""
    return "\n".join(sorted(recipients))


def _is_for(row: MessageRow, reader: int | None, profile: str) -> bool:
    """Whether a message is a reader's: its own, or one of version 0.1 for its profile."""
    return row.reader == reader or (row.reader == 0 and row.profile == profile)


def _delivered(
    database: sqlite3.Connection, reader: Reader, recipients: str, besides: int | None
) -> list[Delivered]:
    own = known(database, reader)
    rows = {
        row.number: row
        for row in MESSAGES.find(database, recipients=recipients)
        if (row.is_accepted or row.state in WAITS or row.state == "sent")
        and row.number != besides
        and (row.reader == own or _is_unclaimed(row, reader))
    }
    return [
        Delivered(
            date.fromisoformat(one.announced),
            parted(one.subjects),
            None if one.entries is None else unpacked(one.entries),
            datetime.fromtimestamp(rows[one.message].at, UTC),
        )
        for one in DELIVERIES.find(database)
        if one.message in rows
    ]


def _is_unclaimed(row: MessageRow, reader: Reader) -> bool:
    return row.reader == 0 and row.profile == reader.profile and not reader.occasion


def _waiting(database: sqlite3.Connection, reader: Reader) -> list[Waiting]:
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


def _as_waiting(database: sqlite3.Connection, row: MessageRow) -> Waiting:
    days = [one.announced for one in DELIVERIES.find(database, message=row.number)]
    return Waiting(
        row.number,
        row.sender,
        tuple(map(date.fromisoformat, sorted(days or [row.announced]))),
        tuple(row.recipients.split("\n")),
        row.profile,
        row.kind,
        is_untried=row.state == "pending" and not row.is_doubtful and not row.is_accepted,
    )


def _forsaken(database: sqlite3.Connection, files: set[str], profiles: set[str]) -> list[Waiting]:
    here = {one.number for one in READERS.find(database) if one.file in files} | {0}
    rows = [
        row
        for state in WAITS
        for row in MESSAGES.find(database, state=state)
        if row.reader in here and row.profile not in profiles
    ]
    return [_as_waiting(database, row) for row in sorted(rows)]


def _alike(
    database: sqlite3.Connection, reader: Reader, recipients: str, subjects: str
) -> str | None:
    own = known(database, reader)
    rows = MESSAGES.find(database, recipients=recipients)
    if reader.occasion or any(row.reader == own for row in rows if own):
        return None
    readers = {one.number: one for one in READERS.find(database)}
    for row in reversed(rows):
        other = readers.get(row.reader)
        is_alike = row.profile == reader.profile and row.subjects == subjects
        if other and not other.occasion and is_alike:
            return other.name or other.file
    return None


def _claim_unclaimed(
    database: sqlite3.Connection, reader: int, profile: str, recipients: str
) -> None:
    """Make a reader's what version 0.1 left for its profile and recipients."""
    for row in MESSAGES.find(database, reader=0, recipients=recipients):
        if row.profile == profile:
            MESSAGES.write(database, row._replace(reader=reader))


def _is_known(database: sqlite3.Connection, message: Message, recipients: str) -> bool:
    """Whether any of what a message holds is delivered, or waits in another message."""
    others = _delivered(database, message.reader, recipients, message.takes_place_of)
    held = {
        (one.announced, key) for one in others if one.entries is not None for key in one.entries
    }
    return any((day.announced, key) in held for day in message.days for key in day.entries or ())


def _replaced(database: sqlite3.Connection, number: int | None) -> MessageRow | None:
    """The message that another is to take the place of, if nobody has begun to send it."""
    found = MESSAGES.find(database, number=number) if number is not None else []
    is_begun = any(one.state != "pending" or one.is_accepted or one.is_doubtful for one in found)
    if not found or is_begun:
        return None
    days = DELIVERIES.find(database, message=found[0].number)
    DELIVERIES.delete(database, [one.number for one in days])
    return found[0]


def _may_be_second(
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


def _forget(database: sqlite3.Connection, reader: int) -> None:
    """Forget the messages of a reader that came before the last few hundred."""
    over = [row for row in MESSAGES.find(database, reader=reader) if row.state not in WAITS]
    gone = {row.number for row in over[:-_MOST_MESSAGES]}
    if gone:
        MESSAGES.delete(database, gone)
        days = [one.number for one in DELIVERIES.find(database) if one.message in gone]
        DELIVERIES.delete(database, days)
