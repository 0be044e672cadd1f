"""The outbox: each message is sent once, as far as SMTP allows, and none is forgotten.

A message is pending, then sending, then sent or refused for good. What a run that was ended left
sending may have been taken: it is sent again, and says that it may be a second one. What a message
held of each day is kept with it: once anybody has taken it, those entries are delivered.
"""

import sqlite3
from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from arxivdigest.errors import (
    DeliveryError,
    DigestError,
    TryAgainError,
    UncertainError,
    UnreachableError,
)
from arxivdigest.mail.envelope import Delivery, Envelope
from arxivdigest.store import messages
from arxivdigest.store.message_tables import (
    CONTENTS,
    DELIVERIES,
    MESSAGES,
    MessageRow,
)
from arxivdigest.store.messages import AGAIN, WAITS, Delivered, Message, Waiting
from arxivdigest.store.packing import joined
from arxivdigest.store.reader import Records
from arxivdigest.store.reader_tables import (
    Reader,
    ReaderRow,
    identify,
    known,
    packed,
)

MAYBE_DUPLICATE = b"X-Arxiv-Digest-Duplicate: possible\n"
_LONGEST_SENDING = 120.0
_LONGEST_WAIT = 5 * 86400.0
"""Seconds that a server may put a message off: as long as mail servers try (RFC 5321 4.5.4.1)."""

Deliver = Callable[[bytes, Envelope, Callable[[Delivery], None]], Delivery]
"""Delivers a message, and tells what became of it as soon as the message is taken."""


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

    def introduce(self, reader: Reader) -> None:
        """Note the name and the file that a reader with a record has now."""

        def note(database: sqlite3.Connection) -> None:
            if known(database, reader) is not None:
                identify(database, reader)

        self._records.do("BEGIN IMMEDIATE", note)

    def put(self, message: Message) -> int | None:
        """The number of a message put in; None where what it holds is delivered or on its way."""
        number = self._records.do("BEGIN IMMEDIATE", lambda database: self._put(database, message))
        self._check()
        return number

    def pass_over(self, message: Message) -> None:
        """Note as delivered what nobody is told of, such as a day on which nothing matched."""

        def note(database: sqlite3.Connection) -> None:
            number = self._put(database, message)
            for row in MESSAGES.find(database, number=number):
                MESSAGES.write(database, row._replace(state="sent"))
                messages.forget_content(database, row.number)

        self._records.do("BEGIN IMMEDIATE", note)

    def delivered(
        self, reader: Reader, recipients: Iterable[str], besides: int | None = None
    ) -> list[Delivered]:
        """What the messages to a reader and recipients held, by day and message.

        That is delivered, or waits to be, or was refused. What the message `besides` holds is left
        out.
        """
        wanted = messages.key(recipients)
        return self._records.do(
            "BEGIN", lambda database: messages.delivered(database, reader, wanted, besides)
        )

    def waiting(self, reader: Reader) -> list[Waiting]:
        """A reader's messages that are to be sent, in the order they came in."""
        return self._records.do("BEGIN", lambda database: messages.waiting(database, reader))

    def forsaken(self, reader: Reader, profiles: Collection[str]) -> list[Waiting]:
        """The messages that wait for profiles that a reader's configuration has no more."""
        return self._records.do(
            "BEGIN", lambda database: messages.forsaken(database, reader, profiles)
        )

    def alike(
        self, reader: Reader, recipients: Iterable[str], subjects: Iterable[str]
    ) -> ReaderRow | None:
        """The reader who has a record of the same profile, subjects and recipients.

        None where the reader has a record of its own.
        """
        wanted = messages.key(recipients), "+".join(sorted(set(subjects)))
        return self._records.do("BEGIN", lambda database: messages.alike(database, reader, *wanted))

    def send(self, number: int, deliver: Deliver) -> tuple[bytes, Delivery] | None:
        """What was sent and what became of it, or None where another run has it.

        It is noted as soon as `deliver` tells what became of it. Whatever `deliver` raises leaves
        the message to be sent again, but for what is refused for good, or put off for too long.
        """
        claimed = self._records.do("BEGIN IMMEDIATE", lambda one: self._claim(one, number))
        self._check()
        if claimed is None:
            return None
        row, content = claimed

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
            delivery = deliver(mark + content, envelope, note)
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
        return content, delivery

    def is_refused(self, number: int) -> bool:
        """Whether nobody got a message, and it is tried no more."""
        return self._state(number) == "refused"

    def is_lost(self, number: int) -> bool:
        """Whether a message that could not be sent is gone, and not with another run."""
        return self._is_alone and self._state(number) not in WAITS

    def _state(self, number: int) -> str | None:
        return self._records.do("BEGIN", lambda database: messages.state(database, number))

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
        recipients = messages.key(message.envelope.recipients)
        messages.claim_unclaimed(database, reader, message.reader.profile, recipients)
        before = messages.replaced(database, message.takes_place_of)
        besides = before.number if before else None
        is_repeated = message.kind.startswith(AGAIN)
        if not is_repeated and messages.is_known(database, message, recipients, besides):
            return None  # another run was quicker
        if before:
            messages.empty(database, before.number)
        is_doubtful = messages.may_be_second(database, reader, recipients, message)
        columns = (
            *(reader, message.reader.profile, recipients, "+".join(message.subjects)),
            max(day.announced for day in message.days).isoformat(),
            *(message.kind, "pending", int(is_doubtful), 0, message.envelope.sender),
            "\n".join(message.envelope.recipients),
            *(before.put_at if before else now, now),
        )
        if before:
            number = before.number
            MESSAGES.write(database, (number, *columns))
        else:
            number = MESSAGES.insert(database, *columns)
        CONTENTS.insert(database, number, message.content)
        for day in message.days:
            shown = {arxiv_id for arxiv_id, _ in day.shown}
            entries = None if day.entries is None else packed(day.entries, shown)
            written = (day.announced.isoformat(), joined(day.subjects), day.is_whole, entries)
            DELIVERIES.insert(database, number, *written)
        messages.forget(database, reader)
        return number

    def _claim(self, database: sqlite3.Connection, number: int) -> tuple[MessageRow, bytes] | None:
        now = self._now().timestamp()
        row = next(iter(MESSAGES.find(database, number=number)), None)
        contents = CONTENTS.find(database, message=number)
        if row is None or row.state not in WAITS or not contents:
            return None
        was_left = row.state == "sending"
        if was_left and not self._is_alone and 0 <= now - row.at < _LONGEST_SENDING:
            return None
        is_doubtful = int(bool(row.is_doubtful) or was_left)
        claimed = row._replace(state="sending", is_doubtful=is_doubtful, at=now)
        MESSAGES.write(database, claimed)
        return claimed, contents[0].data

    def _set(self, row: MessageRow, state: str) -> None:
        """Note the state of a message; one that nobody waits for any more is not kept whole."""
        changed = row._replace(state=state, at=self._now().timestamp())

        def note(database: sqlite3.Connection) -> None:
            MESSAGES.write(database, changed)
            if state not in WAITS:
                messages.forget_content(database, row.number)

        self._records.do("BEGIN IMMEDIATE", note)
        if not self._records.is_lasting:
            raise TryAgainError("what was sent could not be noted; it may be sent a second time")
