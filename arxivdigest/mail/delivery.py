"""The only way out: a message to those it is for, by SMTP or by the machine's own sendmail."""

import re
from collections.abc import Callable

from arxivdigest.deadline import Deadline
from arxivdigest.errors import UsageError
from arxivdigest.mail import mailbox
from arxivdigest.mail.envelope import Delivery, Envelope
from arxivdigest.mail.server import Smtp
from arxivdigest.text import safe

_LINE_END = re.compile(rb"\r\n|\r|\n")


def deliver(  # noqa: PLR0913 - the last three have defaults
    message: bytes,
    envelope: Envelope,
    smtp: Smtp | None,
    seconds: float = 60.0,
    path: str | None = None,
    *,
    on_taken: Callable[[Delivery], None] = lambda _: None,
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
    """
    deadline = Deadline(seconds)
    _check(envelope)
    if smtp is None:
        from arxivdigest.mail import sendmail

        handed = sendmail.hand_over(_LINE_END.sub(b"\n", message), envelope, deadline, path)
        on_taken(handed)
        return handed
    from arxivdigest.mail.smtp import Conversation

    secret = None
    if smtp.username:
        from arxivdigest.mail.password import password

        secret = password(smtp, deadline.seconds)
    lines = _LINE_END.sub(b"\r\n", message).removesuffix(b"\r\n") + b"\r\n"
    return Conversation(smtp, deadline).deliver(lines, envelope, secret, on_taken)


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
