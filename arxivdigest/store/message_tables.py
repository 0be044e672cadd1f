"""The tables of messages, apart from those of a reader: most commands do not need them."""

from typing import NamedTuple

from arxivdigest.store.checksums import Table


class MessageRow(NamedTuple):
    """A message, or what became of it."""

    number: int
    reader: int
    profile: str
    recipients: str
    subjects: str
    announced: str
    kind: str
    state: str
    is_doubtful: int
    is_accepted: int
    sender: str
    left: str
    put_at: float
    at: float


class ContentRow(NamedTuple):
    """The bytes of a message."""

    number: int
    message: int
    data: bytes


class DeliveryRow(NamedTuple):
    """What a message holds of a day."""

    number: int
    message: int
    announced: str
    subjects: str
    is_whole: int
    entries: bytes | None


class DamageRow(NamedTuple):
    """That messages were lost: those after this one may have been sent."""

    number: int
    after: int


MESSAGES = Table("message", MessageRow, MessageRow._fields)
CONTENTS = Table("content", ContentRow, ContentRow._fields)
DELIVERIES = Table("delivery", DeliveryRow, DeliveryRow._fields)
DAMAGES = Table("damage", DamageRow, DamageRow._fields)
