"""The digest as an e-mail: text and HTML in one message, headers nothing can be injected into."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, getaddresses

from arxivdigest.errors import UsageError
from arxivdigest.text import one_line, safe


class _Policy(EmailPolicy):
    """Headers folded by `email.header`: the modern folding loses blanks of long encoded ones."""

    def fold(self, name: str, value: str) -> str:
        addresses: Sequence[Address] | None = getattr(value, "addresses", None)
        if addresses is not None:
            line = f",{self.linesep} ".join(map(_encoded_address, addresses))
            return f"{name}: {line}{self.linesep}"
        if isinstance(value, BaseHeader) and name.lower() == "subject":
            return f"{name}: {_encoded(str(value), len(name) + 2)}{self.linesep}"
        folded: str = super().fold(name, value)
        return folded


def _encoded(text: str, used: int) -> str:
    charset = "us-ascii" if text.isascii() else "utf-8"
    return Header(text, charset, maxlinelen=76, header_name=" " * (used - 2)).encode(splitchars=" ")


def _encoded_address(address: Address) -> str:
    if not address.display_name or address.display_name.isascii():
        return str(address)
    return f"{_encoded(address.display_name, 1)} <{address.addr_spec}>"


def compose(  # noqa: PLR0913 - the parts of a message
    *,
    text: str,
    html: str,
    sender: str | None,
    to: Iterable[str],
    subject: str,
    date: datetime,
    identity: Sequence[str],
) -> EmailMessage:
    """The message: the text part, then the HTML part, for readers who can show it.

    Its Message-ID depends on `identity` and the recipients alone: the same digest is the same
    message. A UsageError says which address is missing or wrong.
    """
    recipients = [_address(one) for one in to]
    if not recipients:
        raise UsageError('nobody to send it to: give --to ADDRESS, or [email] to = ["..."]')
    if not sender:
        raise UsageError('no sender: give --sender ADDRESS, or [email] sender = "..."')
    origin = _address(sender)
    policy = _Policy(linesep="\n", utf8=False)
    message = EmailMessage(policy)
    message["Date"] = format_datetime(date)
    message["From"] = origin
    message["To"] = recipients
    message["Subject"] = one_line(safe(subject))
    message["Message-ID"] = _message_id(origin, recipients, identity)
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    return message


def _address(written: str) -> Address:
    pairs = getaddresses([one_line(safe(written))])
    name, spec = pairs[0] if len(pairs) == 1 else ("", "")
    if not spec.isascii() or spec.count("@") != 1:
        raise UsageError(f'"{safe(written)}" is not an e-mail address, such as me@example.org')
    try:
        return Address(name, addr_spec=spec)
    except (ValueError, IndexError) as error:
        raise UsageError(f'"{safe(written)}" is not an e-mail address: {error}') from error


def _message_id(sender: Address, recipients: Iterable[Address], identity: Sequence[str]) -> str:
    parts = [*identity, *sorted(address.addr_spec for address in recipients)]
    digest = hashlib.sha256("\x00".join(parts).encode("utf-8", "replace")).hexdigest()
    return f"<{digest[:32]}.arxivdigest@{sender.domain}>"
