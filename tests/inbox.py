"""A mail server on loopback that keeps what it is given, and answers as it is told.

with Inbox() as inbox:
    inbox.answers["bob@example.org"] = "450 later"     # to RCPT for this address
    inbox.end = "554 no"                               # to the end of a message
    inbox.received[0].recipients, .content, .message
"""

import asyncio
import socket
from email import message_from_bytes
from email.message import Message
from types import TracebackType
from typing import Any, NamedTuple, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class Received(NamedTuple):
    """A message, and whom it is for."""

    sender: str
    recipients: list[str]
    content: bytes

    @property
    def message(self) -> Message:
        return message_from_bytes(self.content)

    @property
    def is_marked(self) -> bool:
        """Whether it says that it may be a second one."""
        return self.message["X-Arxiv-Digest-Duplicate"] == "possible"


class Inbox:
    """The server; it runs within a `with` statement."""

    def __init__(self, seconds: float = 0.0, **options: Any) -> None:  # noqa: ANN401 - aiosmtpd's own
        self.received: list[Received] = []
        self.answers: dict[str, str] = {}
        self.end = "250 taken"
        self._seconds = seconds
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 - as aiosmtpd calls it
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        answer = self.answers.get(address, "250 ok")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - as aiosmtpd calls it
        self, _: SMTP, __: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self._seconds)
        content = envelope.content
        assert isinstance(content, bytes)
        if self.end.startswith("2"):
            self.received.append(Received(envelope.mail_from or "", envelope.rcpt_tos, content))
        return self.end


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port
