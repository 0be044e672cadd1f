"""The outbox: each message is sent once, as far as SMTP allows, and none is forgotten.

A message is pending, then sending, then sent or refused for good. What a run that was ended left
sending may have been taken: it is sent again, and says that it may be a second one.
"""

import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any, NamedTuple

from arxivdigest.errors import DeliveryError, DigestError, TryAgainError, UncertainError
from arxivdigest.mail.envelope import Delivery, Envelope
from arxivdigest.store.listings import Store

MAYBE_DUPLICATE = b"X-Arxiv-Digest-Duplicate: possible\n"
_KEPT_SECONDS = 100 * 86400.0
_LONGEST_SENDING = 120.0


Deliver = Callable[[bytes, Envelope, Callable[[Delivery], None]], Delivery]
"""Delivers a message, and tells what became of it as soon as the message is taken."""


class Message(NamedTuple):
    """A message, the profile it is for, and the identity that it alone has."""

    identity: str
    profile: str
    envelope: Envelope
    content: bytes
    is_doubtful: bool = False

    @property
    def announced(self) -> date:
        """The day of the announcement that it is of."""
        return _announced(self.identity)


class Waiting(NamedTuple):
    """A message that is to be sent, and who sends it."""

    identity: str
    sender: str

    @property
    def announced(self) -> date:
        """The day of the announcement that it is of."""
        return _announced(self.identity)


def identity(
    announced: date, subjects: Iterable[str], profile: str, recipients: Iterable[str], *more: str
) -> str:
    """What a message is the only one for; the order of subjects and recipients changes nothing."""
    parts = ["+".join(sorted(set(subjects))), profile, ",".join(sorted(recipients)), *more]
    return " ".join([announced.isoformat(), *parts])


def _announced(identity: str) -> date:
    return date.fromisoformat(identity.partition(" ")[0])


class Outbox:
    """The messages in a store; `is_alone` where no other run can be sending at the same time."""

    def __init__(self, store: Store, now: Callable[[], datetime], *, is_alone: bool) -> None:
        self._store = store
        self._now = now
        self._is_alone = is_alone
        # What is deleted is overwritten: no message is to be found in the file once it is sent.
        store.do("BEGIN", lambda database: database.execute("PRAGMA secure_delete = ON").fetchall())

    def put(self, message: Message) -> datetime | None:
        """Put a message in, to be sent; when it was sent, if it was sent before.

        One that waits to be sent is replaced, save that only those get it who did not.
        """
        sent_at = self._store.do("BEGIN IMMEDIATE", lambda database: self._put(database, message))
        self._check()
        return sent_at

    def knows(self, profile: str) -> bool:
        """Whether any message of a profile is or was here."""
        query = "SELECT 1 FROM message WHERE profile = ? LIMIT 1"
        return bool(self._all(query, profile))

    def sent_at(self, identity: str) -> datetime | None:
        """When a message was sent, if it was."""
        query = "SELECT at FROM message WHERE identity = ? AND state = 'sent'"
        return next((datetime.fromtimestamp(at, UTC) for (at,) in self._all(query, identity)), None)

    def waiting(self, profile: str) -> list[Waiting]:
        """A profile's messages that are to be sent, in the order they came in."""
        query = (
            "SELECT identity, sender FROM message"
            " WHERE profile = ? AND state IN ('pending', 'sending') ORDER BY number"
        )
        return [Waiting(*row) for row in self._all(query, profile)]

    def send(self, identity: str, deliver: Deliver) -> tuple[Message, Delivery] | None:
        """The message that was sent and what became of it, or None where another run has it.

        It is noted as soon as `deliver` tells what became of it. Whatever `deliver` raises leaves
        the message to be sent again, but for what is refused for good.
        """
        message = self._store.do(
            "BEGIN IMMEDIATE", lambda database: self._claim(database, identity)
        )
        self._check()
        if message is None:
            return None

        def note(delivery: Delivery) -> None:
            left = tuple(refusal.recipient for refusal in delivery.refused_for_now)
            # Who was refused for now may have got it when nobody knew.
            state = "pending" if left else "sent"
            self._set(identity, state, left, is_doubtful=message.is_doubtful)

        mark = MAYBE_DUPLICATE if message.is_doubtful else b""
        try:
            delivery = deliver(mark + message.content, message.envelope, note)
        except UncertainError:
            self._set(identity, "pending", is_doubtful=True)
            raise
        except DeliveryError:
            self._set(identity, "refused", is_doubtful=message.is_doubtful)
            raise
        except DigestError:
            self._set(identity, "pending", is_doubtful=message.is_doubtful)
            raise
        return message, delivery

    def _all(self, query: str, value: str) -> list[tuple[Any, ...]]:
        return self._store.do(
            "BEGIN", lambda database: database.execute(query, (value,)).fetchall()
        )

    def _check(self) -> None:
        """Raise where the store has failed: what is sent then would be sent by every run."""
        if not self._store.is_lasting:
            raise TryAgainError("nothing was sent, as nothing can be noted that it was")

    def _put(self, database: sqlite3.Connection, message: Message) -> datetime | None:
        now = self._now().timestamp()
        database.execute(
            "DELETE FROM message WHERE state IN ('sent', 'refused') AND at < ?",
            (now - _KEPT_SECONDS,),
        )
        database.execute(
            "INSERT INTO message (identity, profile, state, is_doubtful, sender, recipients,"
            " content, at) VALUES (?, ?, 'pending', ?, ?, ?, ?, ?) ON CONFLICT (identity) DO UPDATE"
            " SET sender = excluded.sender, content = excluded.content, at = excluded.at,"
            " state = 'pending' WHERE state IN ('pending', 'refused')",
            (
                *(message.identity, message.profile, message.is_doubtful),
                *(message.envelope.sender, "\n".join(message.envelope.recipients)),
                *(message.content, now),
            ),
        )
        state, at = database.execute(
            "SELECT state, at FROM message WHERE identity = ?", (message.identity,)
        ).fetchone()
        return datetime.fromtimestamp(at, UTC) if state == "sent" else None

    def _claim(self, database: sqlite3.Connection, identity: str) -> Message | None:
        now = self._now().timestamp()
        found = database.execute(
            "SELECT profile, state, is_doubtful, sender, recipients, content, at FROM message"
            " WHERE identity = ? AND state IN ('pending', 'sending')",
            (identity,),
        ).fetchone()
        if found is None:
            return None
        profile, state, is_doubtful, sender, recipients, content, at = found
        was_left = state == "sending"
        if was_left and not self._is_alone and 0 <= now - at < _LONGEST_SENDING:
            return None
        is_doubtful = bool(is_doubtful) or was_left
        database.execute(
            "UPDATE message SET state = 'sending', is_doubtful = ?, at = ? WHERE identity = ?",
            (is_doubtful, now, identity),
        )
        envelope = Envelope(sender, tuple(recipients.split("\n")))
        return Message(identity, profile, envelope, content, is_doubtful)

    def _set(
        self, identity: str, state: str, left: tuple[str, ...] = (), *, is_doubtful: bool
    ) -> None:
        """Note the state of a message; one that nobody waits for any more is not kept whole."""
        is_over = state != "pending"
        changes = {
            "state": state,
            "is_doubtful": is_doubtful,
            "at": self._now().timestamp(),
            **({"recipients": "\n".join(left)} if left else {}),
            **({"content": b""} if is_over else {}),
        }
        columns = ", ".join(f"{name} = ?" for name in changes)
        self._store.do(
            "BEGIN IMMEDIATE",
            lambda database: database.execute(
                f"UPDATE message SET {columns} WHERE identity = ?",  # noqa: S608 - named above
                (*changes.values(), identity),
            ),
        )
        if not self._store.is_lasting:
            raise TryAgainError("what was sent could not be noted; it may be sent a second time")
