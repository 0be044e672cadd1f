"""URL to bytes: the only way in from the network."""

import errno
import os
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
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
from arxivdigest.fetch import route
from arxivdigest.text import safe
from arxivdigest.text.addresses import shown

if TYPE_CHECKING:
    import ssl

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
        # RFC 9111, 5.2.2.1, sets no bound; more than seven digits are a mistake.
        found = re.search(r"\bmax-age=(\d{1,7})\b", self.headers.get("cache-control", ""))
        return int(found[1]) if found else None

    @property
    def etag(self) -> str | None:
        """The tag to ask with whether anything has changed, where there is one that can be sent."""
        found = self.headers.get("etag", "")
        return found if is_tag(found) else None

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
        said = f"{_host(self.url)} answered {self.status} ({name}) to {shown(self.url)}"
        if self.status == HTTPStatus.FORBIDDEN:
            return ForbiddenError(f"{said}; it asks you to stop, so wait a day before you go on")
        if self.status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:  # RFC 6585, 6
            return PortalError(said)
        if self.is_passing:
            return TryAgainError(f"{said}; {advice}")
        return ListingError(said)


def is_tag(text: str) -> bool:
    """Whether this is an ETag that can be sent back: letters that can be seen, in ASCII."""
    # RFC 9110, 8.8.3, allows bytes above ASCII too, which httpx cannot send back.
    return re.fullmatch(r"[!-~]{1,500}", text) is not None


_LATER = (
    HTTPStatus.PARTIAL_CONTENT,
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_EARLY,
    HTTPStatus.TOO_MANY_REQUESTS,
)


LIMITS = Limits()


def get(  # noqa: PLR0913 - who is told what meanwhile
    url: str,
    limits: Limits = LIMITS,
    etag: str | None = None,
    *,
    before_redirect: Callable[[str], None] = lambda _: None,
    received: Callable[[int], None] = lambda _: None,
    complain: Callable[[str], None] = lambda _: None,
    environment: Mapping[str, str] | None = None,
) -> Answer:
    """The answer to a GET request, redirects followed, within `limits.seconds` whatever it takes.

    With an ETag, the server may answer that nothing has changed. What is done before a redirect is
    followed takes none of the time. `received` is told how many bytes there are so far, `complain`
    what is odd and hinders nothing. The environment names proxies and certificates, as it does for
    other programs.
    A TryAgainError says what is wrong with the network, a ListingError what with the answer.
    """
    import httpx  # noqa: F401 - here, so that loading it is not counted as waiting

    check(url)
    environment = os.environ if environment is None else environment
    request = _Request(url, limits, etag, received, complain, environment)
    left = limits.seconds
    for _ in range(limits.redirects + 1):
        begun = monotonic()
        try:  # httpx bounds neither looking up a name, nor an answer that drips
            answer, location = within(left, request.answer)
        except TimeoutError as error:
            raise TryAgainError(
                f"{_host(request.url)} takes longer than {limits.seconds:.3g} s to answer;"
                " try again later"
            ) from error
        if location is None:
            return answer
        left -= monotonic() - begun
        target = redirected(request.url, location)
        is_led = _host(target) != _host(url)
        request = request._replace(url=target, led_by=_host(request.url) if is_led else None)
        before_redirect(target)
    raise ListingError(f"{_host(url)} redirects more than {limits.redirects} times")


def check(url: str) -> None:
    """A UsageError where this is no address to fetch from."""
    if "@" in url and _is_fetchable(url) and _host(url) != _host(shown(url)):
        raise UsageError(
            f"{shown(url)} is no address to fetch from; a / or a # in its password is written as"
            " %2F or %23"
        )
    if not _is_fetchable(url):
        raise UsageError(f"{shown(url)} is no address to fetch from; it must begin with https://")


def redirected(url: str, location: str) -> str:
    """Where an answer redirects to; never to a file, and never out of encryption."""
    try:
        target = urljoin(url, location)
    except ValueError:
        target = location
    if not _is_fetchable(target):
        raise ListingError(f"{_host(url)} redirects to what is no address: {shown(target)}")
    if _is_encrypted(url) and not _is_encrypted(target):
        raise ListingError(
            f"{_host(url)} redirects to an address without encryption: {shown(target)}"
        )
    return target


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


class _Request(NamedTuple):
    """One request: its address, its limits, and who redirected to it, where that was somebody."""

    url: str
    limits: Limits
    etag: str | None
    received: Callable[[int], None]
    complain: Callable[[str], None]
    environment: Mapping[str, str]
    led_by: str | None = None

    def answer(self) -> tuple[Answer, str | None]:
        """The answer to it, and where that redirects to."""
        proxy = route.proxy(self.url, self.environment)
        if self.led_by and route.leads_inside(self.url, looks_up=proxy is None):
            raise self._is_led_inside()
        headers = {"If-None-Match": self.etag} if self.etag and is_tag(self.etag) else {}
        variable: str | None = None
        trusting = None
        if _is_encrypted(self.url) or (proxy and proxy.is_encrypted):
            trusting, variable = route.trusted(self.environment, self.complain)
        with (
            _as_our_errors(self.url, proxy, variable),
            self._client(proxy, trusting) as client,
            client.stream("GET", self.url, headers=headers) as response,
        ):
            # The name may lead elsewhere now than when it was looked up before.
            if self.led_by and proxy is None and _is_inside(response):
                raise self._is_led_inside()
            status, told = response.status_code, dict(response.headers)
            if response.has_redirect_location:
                return Answer(self.url, status, b"", told), response.headers["location"]
            body = BytesIO()  # to join megabytes at the end would take their memory twice
            for part in _body(response, self.limits, self.received):
                body.write(part)
            return Answer(self.url, status, body.getvalue(), told), None

    def _client(
        self, proxy: route.Proxy | None, trusting: "ssl.SSLContext | None"
    ) -> "httpx.Client":
        import httpx

        try:
            return httpx.Client(
                timeout=self.limits.silence,
                # One encoding, and one alone: 1 KB of gzip within gzip has been 1.8 GB.
                headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
                verify=trusting or False,  # without TLS there is nobody to be trusted
                proxy=route.made(proxy, trusting) if proxy else None,
                # httpx 0.28 raises over NO_PROXY=fd00::/8, or a certificate file that is gone.
                trust_env=False,
            )
        except ImportError as error:  # what httpx needs for SOCKS
            raise UnreachableError(
                f"{proxy} cannot be used: its kind needs the package socksio; install that where"
                " digest is installed, or name a proxy that speaks HTTP"
            ) from error

    def _is_led_inside(self) -> PortalError:
        return PortalError(f"{self.led_by} redirects into a private network: {shown(self.url)}")


def _is_inside(response: "httpx.Response") -> bool:
    """Whether the connection goes into a private network: a name can lead to several places."""
    stream = response.extensions.get("network_stream")
    connected = stream.get_extra_info("server_addr") if stream else None
    return connected is not None and route.any_inside([str(connected[0])])


@contextmanager
def _as_our_errors(url: str, proxy: route.Proxy | None, variable: str | None) -> Iterator[None]:
    """Where what httpx raises becomes an error that says what to do."""
    import httpx

    try:
        yield
    except (httpx.InvalidURL, UnicodeError) as error:  # httpx looks ahead at where it is sent
        raise ListingError(f"{_host(url)} redirects to what is no address") from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        raise _no_connection(url, proxy, variable, error) from error
    except httpx.TimeoutException as error:
        raise TryAgainError(f"{_host(url)} does not answer; try again in a few minutes") from error
    except httpx.HTTPError as error:
        raise TryAgainError(
            f"the answer of {_host(url)} broke off ({safe(str(error))}); try again in a few minutes"
        ) from error


def _no_connection(
    url: str, proxy: route.Proxy | None, variable: str | None, error: Exception
) -> TryAgainError:
    """What is between here and there: no network, a proxy, or somebody who is not trusted."""
    import ssl

    causes = list(_causes(error))
    distrust = next((one for one in causes if isinstance(one, ssl.SSLCertVerificationError)), None)
    if distrust is not None:
        whose = f"; those trusted are named by {variable}" if variable else ""
        return UnreachableError(
            f"{_host(url)} cannot prove who it is ({safe(distrust.verify_message)}){whose};"
            " if your network has certificates of its own, name them in SSL_CERT_FILE"
        )
    garbled = next((one for one in causes if isinstance(one, ssl.SSLError)), None)
    if garbled is not None:
        return TryAgainError(
            f"{_host(url)} does not answer in TLS ({safe(str(garbled.reason or garbled))});"
            " try again in a few minutes"
        )
    reason = re.sub(r"^\[Errno -?\d+\] ", "", safe(str(error))) or "no answer"
    if proxy is not None:
        return UnreachableError(f"{proxy} cannot be reached, or refuses ({reason})")
    if any(isinstance(one, TimeoutError) for one in causes):
        return TryAgainError(f"{_host(url)} does not answer; try again in a few minutes")
    lacking = next((one for one in causes if getattr(one, "errno", None) in _LACKS), None)
    is_there = "" if lacking else "; is there a network?"
    return UnreachableError(f"{_host(url)} cannot be reached ({reason}){is_there}")


_LACKS = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came of, and so on."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _body(
    response: "httpx.Response", limits: Limits, received: Callable[[int], None]
) -> Iterator[bytes]:
    """The body, decoded, in parts; httpx itself does not limit its size."""
    host = _host(str(response.url))
    encoding = response.headers.get("content-encoding", "").strip().lower() or "identity"
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise ListingError(f"{host} answered in the encoding {safe(encoding)}")
    # 16 + 15: with gzip's header and checksum, or not at all (zlib.h, inflateInit2).
    unpack = zlib.decompressobj(31) if encoding != "identity" else None
    size = 0
    # httpx decodes without a bound: 600 KB became 600 MB.
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
    # httpx takes a gzip stream without its end for a whole one.
    if unpack and (not unpack.eof or unpack.unused_data):
        raise TryAgainError(f"the answer of {host} is cut off; try again")
