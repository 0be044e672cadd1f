"""URL to bytes: the only way in from the network."""

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from time import monotonic
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin, urlsplit

from arxivdigest import PROJECT_URL, __version__
from arxivdigest.arxiv.source import MOST_BYTES
from arxivdigest.deadline import within
from arxivdigest.errors import (
    ForbiddenError,
    ListingError,
    PortalError,
    TryAgainError,
    UnreachableError,
    UsageError,
)
from arxivdigest.text import one_line, safe

if TYPE_CHECKING:
    import httpx

USER_AGENT = f"arxivdigest/{__version__} (+{PROJECT_URL})"


class Limits(NamedTuple):
    """How long a request may take in all, and for each silence in it, in seconds, and so on.

    `kind` is what one asks for, as an error says it.
    """

    seconds: float = 30.0
    silence: float = 10.0
    size: int = MOST_BYTES
    redirects: int = 5
    kind: str = "listing"


class Answer(NamedTuple):
    """What a server answered: the address that answered in the end, the status, and the body."""

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str] = MappingProxyType({})

    @property
    def is_unchanged(self) -> bool:
        """Whether the server said that nothing has changed since the ETag that was sent."""
        return self.status == HTTPStatus.NOT_MODIFIED

    @property
    def max_age(self) -> int | None:
        """For how many seconds the server says that the answer is fresh."""
        found = re.search(r"\bmax-age=(\d{1,7})\b", self.headers.get("cache-control", ""))
        return int(found[1]) if found else None

    @property
    def is_error(self) -> bool:
        """Whether the server said that it would not or could not answer, or answered oddly."""
        if self.is_unchanged:
            return False
        if self.status == HTTPStatus.PARTIAL_CONTENT:  # which nobody asked for
            return True
        return not HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def is_passing(self) -> bool:
        """Whether the status is one that goes by itself."""
        return self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status in _LATER

    def error(self, advice: str = "try again in a few minutes") -> ListingError | TryAgainError:
        """The error that the status stands for, with advice where it goes by itself."""
        name = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else "an odd status"
        said = f"{_host(self.url)} answered {self.status} ({name}) to {safe(self.url)}"
        if self.status == HTTPStatus.FORBIDDEN:
            return ForbiddenError(f"{said}; it asks you to stop, so wait a day before you go on")
        if self.is_passing:
            return TryAgainError(f"{said}; {advice}")
        return ListingError(said)


_LATER = (
    HTTPStatus.PARTIAL_CONTENT,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
)


LIMITS = Limits()


def get(
    url: str,
    limits: Limits = LIMITS,
    etag: str | None = None,
    before_redirect: Callable[[str], None] = lambda _: None,
    received: Callable[[int], None] = lambda _: None,
) -> Answer:
    """The answer to a GET request, redirects followed, within `limits.seconds` whatever it takes.

    With an ETag, the server may answer that nothing has changed. What is done before a redirect is
    followed takes none of the time. `received` is told how many bytes there are so far.
    A TryAgainError says what is wrong with the network, a ListingError what with the answer.
    """
    import httpx  # noqa: F401 - here, so that loading it is not counted as waiting

    check(url)
    left = limits.seconds
    for _ in range(limits.redirects + 1):
        begun = monotonic()
        try:  # httpx bounds neither looking up a name, nor an answer that drips
            answer, location = within(left, partial(_request, url, limits, etag, received))
        except TimeoutError as error:
            raise TryAgainError(
                f"{_host(url)} takes longer than {limits.seconds:g} s to answer; try again later"
            ) from error
        if location is None:
            return answer
        left -= monotonic() - begun
        url = redirected(url, location)
        before_redirect(url)
    raise ListingError(f"{_host(url)} redirects more than {limits.redirects} times")


def check(url: str) -> None:
    """A UsageError where this is no address to fetch from."""
    if not _is_fetchable(url):
        raise UsageError(f"{safe(url)} is no address to fetch from; it must begin with https://")


def redirected(url: str, location: str) -> str:
    """Where an answer redirects to; never to a file, and never out of encryption."""
    try:
        target = urljoin(url, location)
    except ValueError:
        target = location
    if not _is_fetchable(target):
        raise ListingError(f"{_host(url)} redirects to what is no address: {safe(target)}")
    if _is_encrypted(url) and not _is_encrypted(target):
        raise ListingError(
            f"{_host(url)} redirects to an address without encryption: {safe(target)}"
        )
    if _host(url) != _host(target) and _is_private(target):
        raise PortalError(f"{_host(url)} redirects into a private network: {safe(target)}")
    return target


def _is_private(url: str) -> bool:
    """Whether the address names this machine, or one of a private network, by its number."""
    import ipaddress

    host = (urlsplit(url).hostname or "").rstrip(".").casefold()
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def _is_fetchable(url: str) -> bool:
    import httpx

    try:
        urlsplit(url)  # as the messages about it do
        address = httpx.URL(url)
        host = address.host
        address.raw_host.decode().encode("idna")  # as the system will, and may fail to
    except (httpx.InvalidURL, ValueError):
        return False
    is_known = address.scheme in ("http", "https") and (address.port or 0) <= _LAST_PORT
    return is_known and bool(host) and "%" not in host


_LAST_PORT = 65535


def _is_encrypted(url: str) -> bool:
    import httpx

    return httpx.URL(url).scheme == "https"


def _host(url: str) -> str:
    return safe(urlsplit(url).netloc.rpartition("@")[2])


def _request(
    url: str, limits: Limits, etag: str | None, received: Callable[[int], None]
) -> tuple[Answer, str | None]:
    """The answer to one request, and where it redirects to."""
    with (
        _as_our_errors(url),
        _client(url, limits) as client,
        client.stream("GET", url, headers={"If-None-Match": etag} if etag else {}) as response,
    ):
        status, headers = response.status_code, dict(response.headers)
        if response.has_redirect_location:
            return Answer(url, status, b"", headers), response.headers["location"]
        return Answer(url, status, b"".join(_body(response, limits, received)), headers), None


def _client(url: str, limits: Limits) -> "httpx.Client":
    import httpx

    try:
        return httpx.Client(
            timeout=limits.silence,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
            verify=_is_encrypted(url),  # loading the certificates takes longer than all else
        )
    except (ImportError, ValueError, httpx.InvalidURL) as error:
        reason = safe(one_line(str(error)))
        raise UsageError(f"the proxy in your environment cannot be used: {reason}") from error


@contextmanager
def _as_our_errors(url: str) -> Iterator[None]:
    """Where what httpx raises becomes an error that says what to do."""
    import httpx

    try:
        yield
    except (httpx.InvalidURL, UnicodeError) as error:  # httpx looks ahead at where it is sent
        raise ListingError(f"{_host(url)} redirects to what is no address") from error
    except httpx.TimeoutException as error:
        raise TryAgainError(f"{_host(url)} does not answer; try again in a few minutes") from error
    except httpx.ConnectError as error:
        reason = re.sub(r"^\[Errno -?\d+\] ", "", safe(str(error)))
        raise UnreachableError(
            f"{_host(url)} cannot be reached ({reason}); is there a network?"
        ) from error
    except httpx.HTTPError as error:
        raise TryAgainError(
            f"the answer of {_host(url)} broke off ({safe(str(error))}); try again in a few minutes"
        ) from error


def _body(
    response: "httpx.Response", limits: Limits, received: Callable[[int], None]
) -> Iterator[bytes]:
    """The body, decoded, in parts; httpx itself does not limit its size."""
    host = _host(str(response.url))
    encoding = response.headers.get("content-encoding", "").strip().lower() or "identity"
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise ListingError(f"{host} answered in the encoding {safe(encoding)}")
    unpack = zlib.decompressobj(31) if encoding != "identity" else None
    size = 0
    for raw in response.iter_raw():
        try:
            part = unpack.decompress(raw, limits.size + 1 - size) if unpack else raw
        except zlib.error as error:
            raise TryAgainError(f"the answer of {host} is damaged ({error}); try again") from error
        size += len(part)
        if size > limits.size:
            most = f"{limits.size >> 20} MiB"
            raise ListingError(
                f"{host} answered with more than {most}, and so with no {limits.kind}"
            )
        received(size)
        yield part
    if unpack and (not unpack.eof or unpack.unused_data):
        raise TryAgainError(f"the answer of {host} is cut off; try again")
