"""One conversation with a mail server, held to an end whatever the server does."""

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from arxivdigest.deadline import Deadline
from arxivdigest.errors import (
    DeliveryError,
    TryAgainError,
    UncertainError,
    UsageError,
)
from arxivdigest.mail.connection import LASTING, PASSING, Connection, OddReplyError, is_fine
from arxivdigest.mail.envelope import Delivery, Envelope, Refusal, named
from arxivdigest.text import safe

_LEAVING = 5.0  # seconds for the answer to QUIT
# Codes of RFC 5321, 4.2.3, and of AUTH (RFC 4954, 4 and 6).
_READY, _GO_AHEAD, _CHALLENGE, _LOGGED_IN = 220, 354, 334, 235
_WANTS_LOGIN = 530


class Conversation(Connection):
    """The delivery of one message, from the greeting to the goodbye."""

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
                # A dot alone would end the message (RFC 5321, 4.5.2).
                self.send(re.sub(rb"(?m)^\.", b"..", message))
            self._finish(delivery)
            on_taken(delivery)
            return delivery
        finally:
            self._leave()

    def _greet(self) -> None:
        if self._smtp.security == "tls":
            self._encrypt()
        try:
            code, words = self.getreply()
        except OddReplyError as error:
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
            if code in LASTING:
                raise UsageError(f"{self._name} refuses STARTTLS: {self._quoted(code, words)}")
            self._expect(code, words, "STARTTLS")
            # What came in the clear would count as encrypted (nostarttls.secvuln.info).
            if self._received:
                raise DeliveryError(
                    f"{self._name} said more than it was asked before the encryption;"
                    " someone may be in between, so nothing was sent"
                )
            self._encrypt()
            # What the server offered in the clear is forgotten (RFC 3207, 4.2).
            self.ehlo_resp, self.esmtp_features, self.does_esmtp = None, {}, False
            self._expect(*self.ehlo(), "EHLO")

    def _log_in(self, username: str, password: str) -> None:
        if not isinstance(self.sock, ssl.SSLSocket):
            raise UsageError("nobody logs in to a mail server without TLS; look at [email.smtp]")
        # PLAIN is RFC 4616. LOGIN has a draft alone (draft-murchison-sasl-login), and some servers
        # nothing else.
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
        if code in LASTING:
            raise UsageError(
                f"{self._name} refuses the login of {safe(username)}: {self._quoted(code, words)}"
            )
        self._expect(code, words, "the login", _LOGGED_IN)

    def _name_all(self, message: bytes, envelope: Envelope) -> Delivery:
        """Who of the recipients is accepted; at least one is."""
        # So that one who takes less says so before all is sent (RFC 1870).
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
            if code in PASSING:
                for_now.append(refusal)
            elif code in LASTING:
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
            # Until the answer is here nobody knows who has the message (RFC 1047).
            self.send(b".\r\n")
            code, words = self.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise self._uncertain(delivery) from error
        if code in PASSING or code in LASTING:
            others = named((*delivery.refused_for_now, *delivery.refused_for_good))
            self._refuse(
                code, words, "the message", f"; it also refuses {others}" if others else ""
            )
        if not is_fine(code):
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
        except (OddReplyError, smtplib.SMTPException) as error:
            raise TryAgainError(f"{self._name} answers oddly; try again later") from error
        except OSError as error:
            raise TryAgainError(f"{self._name} broke off; try again later") from error


def _base64(text: str) -> str:
    return b64encode(text.encode()).decode("ascii")
