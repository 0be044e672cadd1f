"""The digest as an e-mail: text and HTML in one message, headers nothing can be injected into."""

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

from arxivdigest.mail.envelope import envelope, read
from arxivdigest.mail.mailbox import Mailbox
from arxivdigest.model import Digest
from arxivdigest.text import one_line, safe

_LINE_END = "\n"
# A line with an encoded word is no longer (RFC 2047, 2).
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
        elif name.startswith("X-"):
            folded = _folded(value, "us-ascii", len(f"{name}: "))
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
    profile: str,
    account: str,
) -> EmailMessage:
    """The message: the text part, then the HTML part, for readers who can show it.

    Its Message-ID depends on `identity` and on who sends and receives it alone: the same digest is
    the same message. Its List-Id is that of the profile. `account` says in ASCII what was read.
    A UsageError says which address is missing or wrong.
    """
    written = list(to)
    recipients = envelope(sender, written).recipients
    origin = read(sender or "")
    message = EmailMessage(_Policy(linesep=_LINE_END, utf8=False))
    message["Date"] = format_datetime(date)
    message["From"] = _header_address(origin)
    message["To"] = [_header_address(read(one)) for one in written]
    message["Subject"] = one_line(safe(subject))
    message["Message-ID"] = _message_id(origin, recipients, identity)
    message["List-Id"] = _list_id(profile, origin.domain)
    # No holiday notice answers it (RFC 3834, 5).
    message["Auto-Submitted"] = "auto-generated"
    message["X-Arxiv-Digest"] = account
    # The part that says most comes last (RFC 2046, 5.1.4).
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    # Else it is of chance, and the same message is never the same bytes.
    message.set_boundary(f"==={_hash([text, html])[:32]}==")
    return message


def account(digest: Digest) -> str:
    """What was read, for programs: `complete; read=22; selected=5; new=11; cross=3; ...`."""
    counts: dict[str, int] = {"read": digest.verdict.read, "selected": digest.selected}
    counts.update({kind.value: count for kind, count in digest.counts.items()})
    return "; ".join([digest.verdict.status, *(f"{key}={count}" for key, count in counts.items())])


def _header_address(mailbox: Mailbox) -> Address:
    return Address(mailbox.name, addr_spec=mailbox.address)


def _message_id(sender: Mailbox, recipients: Iterable[str], identity: Sequence[str]) -> str:
    return f"<{_hash([list(identity), sorted(recipients)])[:32]}.arxivdigest@{sender.domain}>"


def _list_id(profile: str, domain: str) -> str:
    """The id that mail programs sort by, in the form of RFC 2919."""
    if not re.fullmatch(r"[a-z0-9_-]{,40}", profile):  # no label, or one that could mean two
        profile = _hash(profile)[:16]
    return f"<{f'{profile}.' if profile else ''}arxivdigest.{domain}>"


def _hash(value: object) -> str:
    return hashlib.sha256(ascii(value).encode()).hexdigest()
