"""A mail server on loopback that does as it is told at each stage of the conversation."""

import base64
import re
import socket
import ssl
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from enum import Enum
from threading import Event, Thread
from types import TracebackType
from typing import Self


class Do(Enum):
    """What the server does in place of an answer."""

    DISCONNECT = "close the connection"
    RESET = "reset the connection"
    STALL = "say nothing more"
    DRIP = "say it a byte at a time, without an end"
    FLOOD = "say more and more"


Answer = bytes | Do
ANSWERS: Mapping[str, bytes] = {
    "greeting": b"220 ready\r\n",
    "EHLO": b"250-fake\r\n250-SIZE 1000000\r\n250 STARTTLS\r\n",
    "STARTTLS": b"220 go ahead\r\n",
    "EHLO in TLS": b"250-fake\r\n250-SIZE 1000000\r\n250 AUTH PLAIN LOGIN\r\n",
    "AUTH": b"235 welcome\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go on\r\n",
    "end": b"250 taken\r\n",
    "QUIT": b"221 bye\r\n",
}


class FakeSmtp:
    """Answers as usual, but where `script` says otherwise for a stage, or for `RCPT address`.

    It takes one connection. With a `context` it does STARTTLS, or TLS from the begin.
    """

    def __init__(
        self,
        script: Mapping[str, Answer] | None = None,
        context: ssl.SSLContext | None = None,
        *,
        tls: bool = False,
        on_auth: Callable[[], None] = lambda: None,
    ) -> None:
        self.commands: list[str] = []
        self.logins: list[str] = []
        self.messages: list[bytes] = []
        self._script = {**ANSWERS, **(script or {})}
        self._context, self._tls, self._on_auth = context, tls, on_auth
        self._ended = Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._ended.set()
        with suppress(OSError):  # nobody came, or who came has gone
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._thread.join(5)
        self._listening.close()
        assert not self._thread.is_alive()

    def _run(self) -> None:
        connection, _ = self._listening.accept()
        connection.settimeout(5)
        with suppress(OSError, _EndError):
            try:
                if self._tls:
                    connection = self._encrypted(connection)
                if self._converse(connection) and self._context:
                    connection = self._encrypted(connection)
                    self._converse(connection)
            finally:
                connection.close()

    def _encrypted(self, connection: socket.socket) -> socket.socket:
        assert self._context is not None
        return self._context.wrap_socket(connection, server_side=True)

    def _converse(self, connection: socket.socket) -> bool:
        """Answer until the end, which is False, or until TLS begins, which is True."""
        if self._tls or not isinstance(connection, ssl.SSLSocket):
            self._answer(connection, "greeting")
        received = b""
        while True:
            while b"\r\n" not in received:
                received += self._more(connection)
            line, _, received = received.partition(b"\r\n")
            command = line.decode()
            self.commands.append(command)
            stage = self._stage(command, connection)
            if stage == "AUTH":
                self._on_auth()
                if command.upper() == "AUTH LOGIN":
                    received = self._ask_login(connection)
                else:
                    self.logins.append(base64.b64decode(command.split(" ")[2]).decode())
            self._answer(connection, stage)
            if stage == "STARTTLS" and self._says("STARTTLS").startswith(b"220"):
                return True
            if stage == "DATA" and self._says("DATA").startswith(b"354"):
                received = self._take(connection)
            elif stage == "QUIT":
                return False

    def _stage(self, command: str, connection: socket.socket) -> str:
        stage = command.partition(" ")[0].upper()
        if stage == "EHLO" and isinstance(connection, ssl.SSLSocket):
            return "EHLO in TLS"
        named = f"{stage} {re.sub(r'^.*<|>$', '', command)}"
        return named if named in self._script else stage

    def _ask_login(self, connection: socket.socket) -> bytes:
        for question in (b"334 VXNlcm5hbWU6\r\n", b"334 UGFzc3dvcmQ6\r\n"):
            connection.sendall(question)
            received = b""
            while not received.endswith(b"\r\n"):
                received += self._more(connection)
            self.logins.append(base64.b64decode(received).decode())
        return b""

    def _take(self, connection: socket.socket) -> bytes:
        received = b""
        while b"\r\n.\r\n" not in received:
            received += self._more(connection)
        message, _, rest = received.partition(b"\r\n.\r\n")
        self.messages.append(re.sub(rb"(?m)^\.", b"", message) + b"\r\n")
        self._answer(connection, "end")
        return rest

    def _more(self, connection: socket.socket) -> bytes:
        part = connection.recv(65536)
        if not part:
            raise _EndError
        return part

    def _says(self, stage: str) -> bytes:
        answer = self._script[stage]
        return answer if isinstance(answer, bytes) else b""

    def _answer(self, connection: socket.socket, stage: str) -> None:
        answer = self._script.get(stage, b"500 what?\r\n")
        if isinstance(answer, bytes):
            connection.sendall(answer)
        elif answer is Do.DISCONNECT:
            raise _EndError
        elif answer is Do.RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raise _EndError
        elif answer is Do.STALL:
            self._ended.wait(10)
            raise _EndError
        elif answer is Do.DRIP:
            while not self._ended.wait(0.02):
                connection.sendall(b"2")
        elif answer is Do.FLOOD:
            while not self._ended.is_set():
                connection.sendall(b"250-more\r\n" * 1000)


class _EndError(Exception):
    """The conversation is over."""
