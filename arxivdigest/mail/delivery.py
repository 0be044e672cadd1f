"""The only way out: a message to those it is for, by SMTP or by the machine's own sendmail."""

import re
from collections.abc import Callable

from arxivdigest.deadline import Deadline
from arxivdigest.errors import UsageError
from arxivdigest.mail import mailbox
from arxivdigest.mail.envelope import Delivery, Envelope
from arxivdigest.mail.server import Smtp
from arxivdigest.text import safe

_SECONDS = 60.0
_LINE_END = re.compile(rb"\r\n|\r|\n")


def deliver(  # noqa: PLR0913 - the last three have defaults
    message: bytes,
    envelope: Envelope,
    smtp: Smtp | None,
    seconds: float = _SECONDS,
    path: str | None = None,
    *,
    on_taken: Callable[[Delivery], None] = lambda _: None,
    secret: str | None = None,
) -> Delivery:
    """Who was accepted and who was not, after at most so many seconds in all.

    The envelope says whom it goes to, whatever its headers say. Without a server it goes to
    sendmail, looked for where `path` says, as $PATH does. What came of it is told to `on_taken` at
    once, before the goodbyes. It raises only where nobody was accepted:

    - TryAgainError for what passes by itself: no connection, one that breaks off, no answer in
      time, a 4xx to anything; sendmail's 71, 73, 74 and 75
    - UncertainError, a TryAgainError, where the message was sent to its end and no answer came, or
      sendmail was ended: it may have been taken
    - DeliveryError for what is refused for good: a 5xx to anything but the following; sendmail's
      other codes
    - UsageError for what the configuration must change: no STARTTLS, no trust in a certificate, no
      TLS or no SMTP at that port, a login that is refused, missing or not offered, a password that
      cannot be had; no sendmail, or its 64, 72, 77 and 78

    The password is looked for where the server's settings say, unless it is given as `secret`.
    """
    deadline = Deadline(seconds)
    _check(envelope)
    if smtp is None:
        from arxivdigest.mail import sendmail

        handed = sendmail.hand_over(_LINE_END.sub(b"\n", message), envelope, deadline, path)
        on_taken(handed)
        return handed
    from arxivdigest.mail.smtp import Conversation

    if secret is None:
        secret = _secret(smtp, deadline.seconds)
    lines = _LINE_END.sub(b"\r\n", message).removesuffix(b"\r\n") + b"\r\n"
    return Conversation(smtp, deadline).deliver(lines, envelope, secret, on_taken)


def _secret(smtp: Smtp, seconds: float) -> str | None:
    if not smtp.username:
        return None
    from arxivdigest.mail.password import password

    return password(smtp, seconds)


class Way:
    """The way out for a run's messages, whose password is asked for once."""

    def __init__(self, smtp: Smtp | None, path: str | None = None) -> None:
        self._smtp = smtp
        self._path = path
        self._secret: str | None = None

    def get_ready(self) -> None:
        """Have the password: as long as it is not had, no server can have taken a message."""
        if self._smtp and self._secret is None:
            self._secret = _secret(self._smtp, _SECONDS)

    def __call__(
        self, message: bytes, envelope: Envelope, on_taken: Callable[[Delivery], None]
    ) -> Delivery:
        """What came of a message, as `deliver` says it."""
        return deliver(
            message,
            envelope,
            self._smtp,
            path=self._path,
            on_taken=on_taken,
            secret=self._secret,
        )


def _check(envelope: Envelope) -> None:
    if not envelope.recipients:
        raise UsageError("a message needs a recipient")
    for address in (envelope.sender, *envelope.recipients):
        try:
            is_bare = mailbox.read(address) == ("", address)
        except ValueError as error:
            raise UsageError(str(error)) from error
        if not is_bare:
            raise UsageError(f'"{safe(address)}" is not a bare address, such as me@example.org')
