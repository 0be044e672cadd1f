"""One conversation with a mail server, held to an end whatever the server does."""

import os
import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from typing import TYPE_CHECKING, NoReturn

from arxivdigest import trust
from arxivdigest.deadline import Deadline, within
from arxivdigest.errors import (
    DeliveryError,
    TryAgainError,
    UncertainError,
    UnreachableError,
    UsageError,
)
from arxivdigest.mail.envelope import Delivery, Envelope, Refusal, named
from arxivdigest.mail.server import Smtp
from arxivdigest.text import one_line, safe

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

_MOST_REPLY = 64 * 1024  # bytes of one answer
_MOST_WORDS = 200  # letters of it that are shown
_CONNECTING = 15.0  # seconds for one of a host's addresses
_LEAVING = 5.0  # seconds for the answer to QUIT
_REPLY_LINE = re.compile(rb"[2-5][0-9][0-9](?:[ -].*)?", re.DOTALL)
_PASSING, _LASTING = range(400, 500), range(500, 600)
_READY, _GO_AHEAD, _CHALLENGE, _LOGGED_IN = 220, 354, 334, 235
_WANTS_LOGIN = 530


class _OddReplyError(smtplib.SMTPException):
    """What came is no answer in SMTP."""


class Conversation(smtplib.SMTP):
    """smtplib's commands, with one deadline for all of them and a bound on every answer."""

    def __init__(self, smtp: Smtp, deadline: Deadline) -> None:
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
        words, size = [], 0
        while True:
            line = self._line(_MOST_REPLY - size)
            size += len(line) + 1
            if not _REPLY_LINE.fullmatch(line):
                raise _OddReplyError
            words.append(line[4:])
            if line[3:4] != b"-":
                self._is_in_step = True
                return int(line[:3]), b"\n".join(words)

    def _line(self, most: int) -> bytes:
        while b"\n" not in self._received:
            if len(self._received) > most:
                raise _OddReplyError
            part = self._socket().recv(4096)
            if not part:
                raise ConnectionResetError
            self._received += part
        line, _, self._received = self._received.partition(b"\n")
        if len(line) > most:
            raise _OddReplyError
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

    def deliver(
        self,
        message: bytes,
        envelope: Envelope,
        password: str | None,
        on_taken: Callable[[Delivery], None],
    ) -> Delivery:
        """Send the message, in lines that end in CRLF, to all who may have it."""
        try:
            with self._worded():
                self._connect()
                self._greet()
                if password is not None:
                    self._log_in(self._smtp.username or "", password)
                delivery = self._name_all(message, envelope)
                self._begin()
                self.send(re.sub(rb"(?m)^\.", b"..", message))
            self._finish(delivery)
            on_taken(delivery)
            return delivery
        finally:
            self._leave()

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

    def _greet(self) -> None:
        if self._smtp.security == "tls":
            self._encrypt()
        try:
            code, words = self.getreply()
        except _OddReplyError as error:
            raise UsageError(
                f"{self._name} is no mail server; look at host and port in [email.smtp]"
            ) from error
        self._expect(code, words, "the connection")
        self._expect(*self.ehlo(), "EHLO")
        if self._smtp.security == "starttls":
            if not self.has_extn("starttls"):
                raise UsageError(
                    f"{self._name} offers no STARTTLS, so nothing was sent; is [email.smtp]"
                    ' security = "tls"? If it did before, someone may be in between'
                )
            code, words = self.docmd("STARTTLS")
            if code in _LASTING:
                raise UsageError(f"{self._name} refuses STARTTLS: {self._quoted(code, words)}")
            self._expect(code, words, "STARTTLS")
            if self._received:
                raise DeliveryError(
                    f"{self._name} said more than it was asked before the encryption;"
                    " someone may be in between, so nothing was sent"
                )
            self._encrypt()
            self.ehlo_resp, self.esmtp_features, self.does_esmtp = None, {}, False
            self._expect(*self.ehlo(), "EHLO")

    def _encrypt(self) -> None:
        context = trust.context(os.environ, lambda _: None)
        context.load_default_certs()
        try:
            self.sock = context.wrap_socket(self._socket(), server_hostname=self._smtp.host)
        except ssl.SSLCertVerificationError as error:
            raise UsageError(
                f"{self._name} cannot prove who it is ({safe(error.verify_message)}),"
                " so nothing was sent"
            ) from error
        except ssl.SSLEOFError as error:
            raise ConnectionResetError from error
        except ssl.SSLError as error:
            raise UsageError(
                f"{self._name} does not answer in TLS ({safe(str(error.reason))});"
                " look at port and security in [email.smtp]"
            ) from error

    def _log_in(self, username: str, password: str) -> None:
        if not isinstance(self.sock, ssl.SSLSocket):
            raise UsageError("nobody logs in to a mail server without TLS; look at [email.smtp]")
        both = _base64(f"\0{username}\0{password}")
        self._secrets = [password, _base64(password), both]
        offered = self.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            code, words = self.docmd("AUTH", f"PLAIN {both}")
        elif "LOGIN" in offered:
            code, words = self.docmd("AUTH", "LOGIN")
            for answer in (_base64(username), _base64(password)):
                if code == _CHALLENGE:
                    code, words = self.docmd(answer)
        else:
            raise UsageError(
                f"{self._name} offers no login that is known here (PLAIN or LOGIN);"
                " without one, leave out username in [email.smtp]"
            )
        if code in _LASTING:
            raise UsageError(
                f"{self._name} refuses the login of {safe(username)}: {self._quoted(code, words)}"
            )
        self._expect(code, words, "the login", _LOGGED_IN)

    def _name_all(self, message: bytes, envelope: Envelope) -> Delivery:
        """Who of the recipients is accepted; at least one is."""
        size = f" SIZE={len(message)}" if self.has_extn("size") else ""
        code, words = self.docmd(f"MAIL FROM:<{envelope.sender}>{size}")
        if code == _WANTS_LOGIN:
            raise UsageError(
                f"{self._name} wants a login first: {self._quoted(code, words)};"
                " give [email.smtp] a username"
            )
        self._expect(code, words, f"the sender {envelope.sender}")
        accepted, for_now, for_good = [], [], []
        for recipient in envelope.recipients:
            code, words = self.docmd(f"RCPT TO:<{recipient}>")
            refusal = Refusal(recipient, code, self._words(words))
            if code in _PASSING:
                for_now.append(refusal)
            elif code in _LASTING:
                for_good.append(refusal)
            else:
                self._expect(code, words, "RCPT")
                accepted.append(recipient)
        if not accepted:
            kind = TryAgainError if for_now else DeliveryError
            raise kind(f"{self._name} refuses {named((*for_now, *for_good))}")
        return Delivery(tuple(accepted), tuple(for_now), tuple(for_good))

    def _begin(self) -> None:
        self._expect(*self.docmd("DATA"), "the message", _GO_AHEAD)

    def _finish(self, delivery: Delivery) -> None:
        """End the message, and see it taken."""
        try:
            self.send(b".\r\n")
            code, words = self.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise self._uncertain(delivery) from error
        if code in _PASSING or code in _LASTING:
            others = named((*delivery.refused_for_now, *delivery.refused_for_good))
            self._refuse(
                code, words, "the message", f"; it also refuses {others}" if others else ""
            )
        if not _is_fine(code):
            raise self._uncertain(delivery)

    def _uncertain(self, delivery: Delivery) -> UncertainError:
        return UncertainError(
            f"{self._name} got the message for {', '.join(delivery.accepted)}, but did not say"
            " whether it took it; it may come twice when it is sent again"
        )

    def _leave(self) -> None:
        """Say goodbye, where the server listens; what it says to that changes nothing."""
        with suppress(OSError, smtplib.SMTPException):
            if self._is_in_step:
                self._deadline = Deadline(min(_LEAVING, self._deadline.remaining()))
                self.docmd("QUIT")
        self.close()

    @contextmanager
    def _worded(self) -> Iterator[None]:
        """Where what smtplib raises becomes an error that says what to do."""
        try:
            yield
        except TimeoutError as error:
            # A server that begins with TLS waits to be greeted, and so says nothing.
            is_silent = self._smtp.security == "starttls" and self.ehlo_resp is None
            advice = ', or is it [email.smtp] security = "tls"?' if is_silent else ""
            raise TryAgainError(
                f"{self._name} takes longer than {self._deadline.seconds:g} s in all;"
                f" try again later{advice}"
            ) from error
        except (_OddReplyError, smtplib.SMTPException) as error:
            raise TryAgainError(f"{self._name} answers oddly; try again later") from error
        except OSError as error:
            raise TryAgainError(f"{self._name} broke off; try again later") from error

    def _expect(self, code: int, words: bytes, step: str, wanted: int | None = None) -> None:
        if code in _PASSING or code in _LASTING:
            self._refuse(code, words, step)
        if not _is_fine(code) if wanted is None else code != wanted:
            raise _OddReplyError

    def _refuse(self, code: int, words: bytes, step: str, more: str = "") -> NoReturn:
        said = f"{self._name} refuses {step}: {self._quoted(code, words)}{more}"
        if code in _PASSING:
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


def _is_fine(code: int) -> bool:
    return code in range(200, 300)


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")


def _is_this_machine(connected: socket.socket) -> bool:
    return ip_address(connected.getpeername()[0].partition("%")[0]).is_loopback


def _literal(connected: socket.socket) -> str:
    """This end of the connection, as EHLO names it: no name is looked up or given away."""
    number = connected.getsockname()[0].partition("%")[0]
    return f"[IPv6:{number}]" if ":" in number else f"[{number}]"
