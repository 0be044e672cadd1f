"""What an e-mail address is: a name and an address, read once, for headers and for envelopes."""

import re
from typing import NamedTuple

from arxivdigest.text import one_line, safe

_MOST_LETTERS = 254  # of an address in an SMTP command
_ATOMS = r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*"
# What most people write, read without loading the standard library's mail.
_PLAIN = rf"(?P<bare>{_ATOMS})|(?P<name>\w+(?: \w+)*) <(?P<spec>{_ATOMS})>"

# What means something else outside quotes (RFC 5322, 3.2.3): `Lee: Ann <...>` is a group of one.
_SPECIALS = {",": "comma", ";": "semicolon", ":": "colon"}
_SPECIAL = re.compile(r"[,;:@\[\]\\]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


class Mailbox(NamedTuple):
    """An address to write to, and the name of who reads there."""

    name: str
    address: str

    @property
    def domain(self) -> str:
        """What stands after the @."""
        return self.address.rpartition("@")[2]


def read(written: str) -> Mailbox:
    """The mailbox that is written as `me@example.org` or `Ann Lee <ann@example.org>`.

    A ValueError says what is wrong with it.
    """
    cleaned = one_line(safe(written))
    plain = re.fullmatch(_PLAIN, cleaned)
    if plain:
        found = Mailbox(plain["name"] or "", plain["bare"] or plain["spec"])
    else:
        found = _parsed(cleaned, written)
    if len(found.address) > _MOST_LETTERS:
        raise ValueError(f"{_no_address(written)}: it is longer than {_MOST_LETTERS} letters")
    return found


def _parsed(cleaned: str, written: str) -> Mailbox:
    from email.errors import MessageError
    from email.headerregistry import Address
    from email.utils import getaddresses

    named = re.fullmatch(r"([^<>]+?) ?(<[^<>]*>)", cleaned)
    sign = _SPECIAL.search(re.sub(_QUOTED, "", named[1])) if named else None
    if named and sign and _is_right(named[2]):
        meant = f'"{named[1].replace(chr(34), "")}" {named[2]}'
        has = _SPECIALS.get(sign[0], sign[0])
        raise ValueError(
            f"{_no_address(written)}: a name with a {has} is written in quotes, as in {meant}"
        )
    try:
        pairs = getaddresses([cleaned])
    except RecursionError as error:
        raise ValueError(f"{_no_address(written)}, such as me@example.org") from error
    name, spec = pairs[0] if len(pairs) == 1 else ("", "")
    # Few servers speak SMTPUTF8 (RFC 6531).
    if spec.count("@") == 1 and not spec.isascii() and spec in cleaned:
        raise ValueError(
            f"{_no_address(written)} in ASCII; write a domain as it is registered, as in"
            " me@xn--bcher-kva.example"
        )
    if not spec.isascii() or spec.count("@") != 1 or "[" in spec or spec not in cleaned:
        raise ValueError(f"{_no_address(written)}, such as me@example.org")
    try:
        return Mailbox(name, Address(name, addr_spec=spec).addr_spec)
    except (ValueError, IndexError, MessageError) as error:
        raise ValueError(f"{_no_address(written)}: {error}") from error


def _is_right(bracketed: str) -> bool:
    """Whether there is one address between the brackets."""
    return bool(re.fullmatch(_ATOMS, bracketed[1:-1]))


def _no_address(written: str) -> str:
    return f'"{safe(written)}" is not an e-mail address'
