"""The settings of [email.smtp]: the server that mail goes out by, and what contradicts what."""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

# The port for each kind of security.
PORTS: Mapping[str, int] = {"starttls": 587, "tls": 465, "none": 25}
_LAST_PORT = 65535
PASSWORD_SOURCES = ("password_command", "password_file", "keyring")


class Smtp(NamedTuple):
    """A server, and how to log in to it; the password itself stands nowhere."""

    host: str
    port: int = PORTS["starttls"]
    security: str = "starttls"
    username: str | None = None
    password_command: str | None = None
    password_file: str | None = None
    keyring: bool = False


def contradictions(found: Smtp) -> Iterator[tuple[str | None, str]]:
    """What is wrong with the settings together: the key, or None for the table, and what."""
    given = [one for one in PASSWORD_SOURCES if getattr(found, one)]
    if not found.host:
        yield None, 'needs a host, as in host = "smtp.example.org"'
    if found.security == "none":
        if found.host and not is_loopback(found.host):
            yield "security", '"none" is for this machine alone (localhost), not for other hosts'
        if found.username is not None:
            yield "username", 'does not go with security = "none": nobody logs in without TLS'
    if found.username is not None and not given:
        yield "username", f"needs a password from {' or '.join(PASSWORD_SOURCES)} = true"
    for source in given[1:]:
        yield source, f"stands beside {given[0]}; keep one of them"
    if given and found.username is None:
        yield given[0], "says nothing without username beside it"


# What each key may hold: a ValueError says what is wrong, to follow the key.
def host(value: object) -> str:
    """The host, by name or number."""
    if not isinstance(value, str) or not is_host(value):
        apart = isinstance(value, str) and value.rpartition(":")[2].isdecimal()
        hint = "; the port has a key of its own: port" if apart else ""
        raise ValueError(f"must be a host, as in smtp.example.org{hint}")
    return value


def port(value: object) -> int:
    """The number of a port."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _LAST_PORT:
        raise ValueError(f"must be a number from 1 to {_LAST_PORT}")
    return value


def username(value: object) -> str:
    """The name to log in with."""
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError('must be a string of signs that can be seen, as in "me"')
    return value


# A value that may be a password, written there by mistake, is not repeated.
def password_command(value: object) -> str:
    """The command that prints the password."""
    import shlex

    if not isinstance(value, str) or not value.strip():
        raise ValueError('must be a command, as in "pass show smtp"')
    try:
        shlex.split(value)
    except ValueError:
        raise ValueError("has a quote that is not closed") from None
    return value


def password_file(value: object) -> str:
    """The path of the file that holds the password."""
    if not isinstance(value, str) or not re.match(r"~?/", value):
        raise ValueError('must be the path of a file, as in "~/.config/smtp-password"')
    return value


def is_loopback(host: str) -> bool:
    """Whether the host, a name or a number, is this machine."""
    from ipaddress import ip_address

    try:
        return ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_host(written: str) -> bool:
    """Whether this is the name or the number of a host, and nothing besides."""
    if ":" in written:
        from ipaddress import ip_address

        try:
            return ip_address(written).version == 6  # noqa: PLR2004 - IPv6 is named so
        except ValueError:
            return False
    label = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
    return len(written) <= 253 and re.fullmatch(rf"{label}(?:\.{label})*", written) is not None  # noqa: PLR2004 - of a name in the DNS
