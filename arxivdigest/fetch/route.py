"""How a request goes out: by a proxy or not, trusting whom; and where it must not be led.

httpx reads the same variables, but raises where one of them is odd, whatever the request needs.
"""

import ipaddress
import re
import socket
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from arxivdigest import tls
from arxivdigest.errors import UnreachableError
from arxivdigest.text.addresses import shown

if TYPE_CHECKING:
    import ssl

    import httpx

_PORTS = {"http": 80, "https": 443}


class Proxy(NamedTuple):
    """A proxy's address, and the variable that names it."""

    address: str
    variable: str

    @property
    def is_encrypted(self) -> bool:
        """Whether one speaks to the proxy itself in TLS."""
        return self.address.lower().startswith("https:")

    def __str__(self) -> str:
        return f"the proxy {shown(self.address)} ({self.variable})"


def proxy(url: str, environment: Mapping[str, str]) -> Proxy | None:
    """The proxy for an address, as the environment says; None where it goes out directly."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), (parts.hostname or "").rstrip(".")
    named = _named(f"{scheme}_proxy", environment) or _named("all_proxy", environment)
    if named is None:
        named = _of_the_system(scheme)
    exempt = environment.get("no_proxy", environment.get("NO_PROXY", ""))
    if named is None or is_exempt(host, parts.port or _PORTS[scheme], exempt):
        return None
    has_scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", named.address)
    return named if has_scheme else named._replace(address=f"http://{named.address}")


def _named(name: str, environment: Mapping[str, str]) -> Proxy | None:
    """What a variable names in small letters, or else in large ones; empty, it names nothing.

    A request of a web server can set HTTP_PROXY (CVE-2016-5385), and then has REQUEST_METHOD.
    """
    for variable in (name, name.upper()):
        if variable == "HTTP_PROXY" and "REQUEST_METHOD" in environment:
            continue
        if variable in environment:
            address = environment[variable].strip()
            return Proxy(address, variable) if address else None
    return None


def _of_the_system(scheme: str) -> Proxy | None:
    if sys.platform in ("darwin", "win32"):
        from urllib.request import getproxies

        address = getproxies().get(scheme)
        return Proxy(address, "the system's settings") if address else None
    return None


def is_exempt(host: str, port: int, exempt: str) -> bool:
    """Whether a list of hosts, domains and networks, parted by commas or blanks, has the host.

    What means nothing in it is passed over: it names no host that anybody asks for.
    """
    # No standard says how NO_PROXY is written; this is what curl and Python take, together.
    host = host.casefold()
    address = _address(host)
    for written in re.split(r"[,\s]+", exempt.casefold()):
        if written == "*":
            return True
        bare, its_port = _parted(written)
        if not bare or its_port not in (None, port):
            continue
        network = _network(bare)
        if network is not None and address is not None and address in network:
            return True
        domain = bare.removeprefix("*").lstrip(".").rstrip(".")
        if domain and (host == domain or host.endswith(f".{domain}")):
            return True
    return False


def _parted(written: str) -> tuple[str, int | None]:
    """The host and the port of `host:port`, `[::1]:port`, `::1` or a network."""
    found = re.fullmatch(r"(?:[a-z]+://)?(?:\[([^]]*)\]|([^:]*))(?::([0-9]{1,5}))?/?", written)
    if found is None:
        return written, None
    return found[1] or found[2] or "", int(found[3]) if found[3] else None


def _network(written: str) -> "ipaddress.IPv4Network | ipaddress.IPv6Network | None":
    try:
        return ipaddress.ip_network(written, strict=False)
    except ValueError:
        return None


def _address(host: str) -> "ipaddress.IPv4Address | ipaddress.IPv6Address | None":
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def made(proxy: Proxy, trusting: "ssl.SSLContext | None") -> "httpx.Proxy":
    """The proxy as httpx takes it; an UnreachableError where it is none."""
    import httpx

    try:
        urlsplit(proxy.address)
        found = httpx.Proxy(proxy.address, ssl_context=trusting if proxy.is_encrypted else None)
        is_one = bool(found.url.host)
    except (ValueError, httpx.InvalidURL):
        is_one = False
    if not is_one:
        raise UnreachableError(
            f"{proxy} cannot be used: it is no address of one; mend the variable or leave it out"
        )
    return found


def trusted(
    environment: Mapping[str, str], complain: Callable[[str], None]
) -> "tuple[ssl.SSLContext, str | None]":
    """Whom an encrypted connection trusts, and the variable that says so, if one does."""
    trusting = tls.context(environment, complain)
    variable = tls.named_certificates(trusting, environment)
    if variable is None:
        import certifi

        trusting.load_verify_locations(certifi.where())
    return trusting, variable


def leads_inside(url: str, *, looks_up: bool = True) -> bool:
    """Whether an address is of this machine or a private network, however it is spelt.

    Where a proxy looks names up, only what is a number or says so itself is known.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".").casefold()
    # Names of this machine and of local networks (RFC 6761, 6.3; RFC 6762, 3; ICANN 2024).
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return True
    try:
        found = socket.getaddrinfo(
            host,
            parts.port or _PORTS[parts.scheme.lower()],
            type=socket.SOCK_STREAM,
            flags=0 if looks_up else socket.AI_NUMERICHOST,
        )
    except (OSError, UnicodeError):  # then there is nowhere to be led to
        return False
    return any_inside(str(place[0]) for *_, place in found)


def any_inside(numbers: Iterable[str]) -> bool:
    """Whether any of the addresses, written as numbers, is of a private network."""
    return any(_is_inside(address) for address in map(_address, numbers) if address is not None)


# What ends in an IPv4 address, beside what `ipaddress` knows: RFC 4291, 2.5.5.1 and RFC 2765, 2.1
# (the system may speak IPv4 to either), RFC 6052, 2.1; those of RFC 8215 are a network's own.
_EMBEDDED = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
_TRANSLATED_HERE = ipaddress.IPv6Network("64:ff9b:1::/48")


def _is_inside(address: "ipaddress.IPv4Address | ipaddress.IPv6Address") -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        within = address.ipv4_mapped or address.sixtofour
        if within is None and any(address in network for network in _EMBEDDED):
            within = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if within is not None:
            return _is_inside(within)
        if address.is_site_local or address in _TRANSLATED_HERE:
            return True
    # A multicast address is global to Python, and nobody is to be led there.
    return not address.is_global or address.is_multicast
