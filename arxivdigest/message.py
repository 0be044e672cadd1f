"""The digest as an e-mail: text and HTML in one message, headers nothing can be injected into."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, getaddresses
from typing import Any

from arxivdigest.errors import UsageError
from arxivdigest.text import one_line, safe

_LINE_END = "\n"
_ROOM = 76


class _Policy(EmailPolicy):
    """Headers folded by `email.header`: the modern folding loses blanks of long encoded ones."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 - as it is published
        if name == "Subject":  # text, even where it reads as if it were encoded
            return name, value
        stored: tuple[str, Any] = super().header_store_parse(name, value)
        return stored

    def fold(self, name: str, value: str) -> str:
        addresses: Sequence[Address] | None = getattr(value, "addresses", None)
        if addresses is not None:
            folded = f",{_LINE_END} ".join(map(_folded_address, addresses))
        elif name == "Subject":
            folded = _folded_subject(value)
        elif name.startswith("Content-"):
            whole: str = super().fold(name, value)
            return whole
        else:  # a date or an id, which is never folded
            folded = value
        return f"{name}: {folded}{_LINE_END}"

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii")


def _folded(text: str, charset: str, used: int) -> str:
    header = Header(text, charset, maxlinelen=_ROOM, header_name=" " * (used - 2))
    return header.encode(splitchars=" ")


def _folded_subject(text: str) -> str:
    used = len("Subject: ")
    is_foldable = all(len(word) + used <= _ROOM for word in text.split(" "))
    is_plain = text.isascii() and is_foldable and "=?" not in text
    return _folded(text, "us-ascii" if is_plain else "utf-8", used)


def _folded_address(address: Address) -> str:
    name, used = address.display_name, len("From: ")
    if not name:
        return address.addr_spec
    written = str(Address(name)).removesuffix(" <>")
    if not name.isascii() or "=?" in name or len(written) + used > _ROOM:
        written = _folded(name, "utf-8", used)
    last = written.rpartition(_LINE_END)[2]
    fits = used + len(f"{last} <{address.addr_spec}>,") <= _ROOM
    return f"{written}{' ' if fits else f'{_LINE_END} '}<{address.addr_spec}>"


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
    policy = _Policy(linesep=_LINE_END, utf8=False)
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
    cleaned = one_line(safe(written))
    pairs = getaddresses([cleaned])
    name, spec = pairs[0] if len(pairs) == 1 else ("", "")
    is_address = spec.isascii() and spec.count("@") == 1 and "[" not in spec and spec in cleaned
    if not is_address:
        raise UsageError(f'"{safe(written)}" is not an e-mail address, such as me@example.org')
    try:
        return Address(name, addr_spec=spec)
    except (ValueError, IndexError, MessageError) as error:
        raise UsageError(f'"{safe(written)}" is not an e-mail address: {error}') from error


def _message_id(sender: Address, recipients: Iterable[Address], identity: Sequence[str]) -> str:
    parts = [list(identity), sorted(address.addr_spec for address in recipients)]
    digest = hashlib.sha256(ascii(parts).encode()).hexdigest()
    return f"<{digest[:32]}.arxivdigest@{sender.domain}>"
