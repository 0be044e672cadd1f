"""The connection to a mail server: bytes in and out, held to an end whatever the server does."""

import os
import re
import smtplib
import socket
import ssl
from ipaddress import ip_address
from typing import TYPE_CHECKING, NoReturn

from arxivdigest import tls
from arxivdigest.deadline import Deadline, within
from arxivdigest.errors import DeliveryError, TryAgainError, UnreachableError, UsageError
from arxivdigest.mail.server import Smtp
from arxivdigest.text import one_line, safe

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_MOST_REPLY = 64 * 1024  # bytes of one answer
_MOST_WORDS = 200  # letters of it that are shown
_CONNECTING = 15.0  # seconds for one of a host's addresses
_REPLY_LINE = re.compile(rb"[2-5][0-9][0-9](?:[ -].*)?", re.DOTALL)
PASSING, LASTING = range(400, 500), range(500, 600)
"""The codes of what may go by itself, and of what does not (RFC 5321, 4.2.1)."""


class OddReplyError(smtplib.SMTPException):
    """What came is no answer in SMTP."""


class Connection(smtplib.SMTP):
    """smtplib's commands, with one deadline for all of them and a bound on every answer."""

    def __init__(self, smtp: Smtp, deadline: Deadline) -> None:
        # Without a name, smtplib looks up that of this machine, which may take half a minute.
        super().__init__(local_hostname="localhost")
        self._smtp = smtp
        self._name = f"{smtp.host}:{smtp.port}"
        self._deadline = deadline
        self._received = b""
        self._is_in_step = False  # whether the server waits for a command
        self._secrets: list[str] = []

    def getreply(self) -> tuple[int, bytes]:
        """The code of the next answer, and its words."""
        self._is_in_step = False
        # smtplib bounds a line, and not their number; and it reads ahead of STARTTLS.
        words, size = [], 0
        while True:
            line = self._line(_MOST_REPLY - size)
            size += len(line) + 1
            if not _REPLY_LINE.fullmatch(line):
                raise OddReplyError
            words.append(line[4:])
            if line[3:4] != b"-":
                self._is_in_step = True
                return int(line[:3]), b"\n".join(words)

    def _line(self, most: int) -> bytes:
        while b"\n" not in self._received:
            if len(self._received) > most:
                raise OddReplyError
            part = self._socket().recv(4096)
            if not part:
                raise ConnectionResetError
            self._received += part
        line, _, self._received = self._received.partition(b"\n")
        if len(line) > most:
            raise OddReplyError
        return line.removesuffix(b"\r")

    def send(self, s: "ReadableBuffer | str") -> None:
        """Send all of it."""
        self._is_in_step = False
        self._socket().sendall(s.encode("ascii") if isinstance(s, str) else s)

    def _socket(self) -> socket.socket:
        """The connection, which waits no longer than is left."""
        if self.sock is None:
            raise ConnectionResetError
        self.sock.settimeout(self._deadline.remaining())
        return self.sock

    def _connect(self) -> None:
        host, port = self._smtp.host, self._smtp.port
        try:
            places = within(
                self._deadline.remaining(),
                lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM),
            )
        except (socket.gaierror, UnicodeError) as error:
            raise UnreachableError(
                f"there is no address for {host} ([email.smtp] host); is there a network?"
            ) from error
        reason = "it has no address"
        for family, kind, protocol, _, address in places:
            try:  # each of them, as this machine may speak IPv4 alone
                self.sock = socket.socket(family, kind, protocol)
                self.sock.settimeout(min(_CONNECTING, self._deadline.remaining()))
                self.sock.connect(address)
            except OSError as error:
                self.close()
                reason = error.strerror or "it does not answer"
                continue
            self.local_hostname = _literal(self.sock)
            if self._smtp.security == "none" and not _is_this_machine(self.sock):
                raise UsageError(f'security = "none", but {self._name} is not this machine')
            return
        raise UnreachableError(
            f"{self._name} ([email.smtp]) cannot be reached ({reason}); is there a network?"
        )

    def _encrypt(self) -> None:
        context = tls.context(os.environ, lambda _: None)
        context.load_default_certs()
        try:
            self.sock = context.wrap_socket(self._socket(), server_hostname=self._smtp.host)
        except ssl.SSLCertVerificationError as error:
            raise UsageError(
                f"{self._name} cannot prove who it is ({safe(error.verify_message)}),"
                " so nothing was sent"
            ) from error
        # Who hangs up within the handshake may only be busy.
        except ssl.SSLEOFError as error:
            raise ConnectionResetError from error
        except ssl.SSLError as error:
            raise UsageError(
                f"{self._name} does not answer in TLS ({safe(str(error.reason))});"
                " look at port and security in [email.smtp]"
            ) from error

    def _expect(self, code: int, words: bytes, step: str, wanted: int | None = None) -> None:
        if code in PASSING or code in LASTING:
            self._refuse(code, words, step)
        if not is_fine(code) if wanted is None else code != wanted:
            raise OddReplyError

    def _refuse(self, code: int, words: bytes, step: str, more: str = "") -> NoReturn:
        said = f"{self._name} refuses {step}: {self._quoted(code, words)}{more}"
        if code in PASSING:
            raise TryAgainError(f"{said}; try again later")
        raise DeliveryError(said)

    def _quoted(self, code: int, words: bytes) -> str:
        said = self._words(words)
        return f"{code}{f' ({said})' if said else ''}"

    def _words(self, words: bytes) -> str:
        """The server's words, safe to show, without a password that it repeats."""
        said = words.decode("utf-8", "replace")
        for secret in self._secrets:
            said = said.replace(secret, "...")
        return one_line(safe(said))[:_MOST_WORDS]


def is_fine(code: int) -> bool:
    """Whether a server agrees by this code."""
    return code in range(200, 300)


def _is_this_machine(connected: socket.socket) -> bool:
    return ip_address(connected.getpeername()[0].partition("%")[0]).is_loopback


def _literal(connected: socket.socket) -> str:
    """This end of the connection, as EHLO names it: no name is looked up or given away.

    It is an address literal (RFC 5321, 4.1.3).
    """
    number = connected.getsockname()[0].partition("%")[0]
    return f"[IPv6:{number}]" if ":" in number else f"[{number}]"
