"""Whom a message goes to, and what became of it: e-mail's envelope."""

from collections.abc import Iterable
from typing import NamedTuple

from arxivdigest.errors import UsageError
from arxivdigest.mail import mailbox


class Envelope(NamedTuple):
    """Bare addresses: who sends, and who receives, whatever the message's headers say."""

    sender: str
    recipients: tuple[str, ...]


class Refusal(NamedTuple):
    """A recipient the server would not have, with its code and its words, made safe to show."""

    recipient: str
    code: int
    words: str


class Delivery(NamedTuple):
    """Who was accepted, who was refused for now (4xx), and who for good (5xx)."""

    accepted: tuple[str, ...]
    refused_for_now: tuple[Refusal, ...] = ()
    refused_for_good: tuple[Refusal, ...] = ()


def envelope(sender: str | None, to: Iterable[str]) -> Envelope:
    """The envelope for addresses as people write them, each recipient once.

    A UsageError says which address is missing or wrong.
    """
    recipients = tuple(dict.fromkeys(read(one).address for one in to))
    if not recipients:
        raise UsageError('nobody to send it to: give --to ADDRESS, or [email] to = ["..."]')
    if not sender:
        raise UsageError('no sender: give --sender ADDRESS, or [email] sender = "..."')
    return Envelope(read(sender).address, recipients)


def read(written: str) -> mailbox.Mailbox:
    """The mailbox that is written; a UsageError says what is wrong with it."""
    try:
        return mailbox.read(written)
    except ValueError as error:
        raise UsageError(str(error)) from error


def named(refusals: tuple[Refusal, ...]) -> str:
    """Everyone who was refused, and why."""
    return ", ".join(
        f"{one.recipient}: {one.code}{f' ({one.words})' if one.words else ''}" for one in refusals
    )
