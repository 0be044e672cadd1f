"""URL to bytes: the only way in from the network."""

import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from arxivdigest import PROJECT_URL, __version__
from arxivdigest.errors import ListingError, TryAgainError, UsageError
from arxivdigest.sources import MOST_BYTES
from arxivdigest.text import safe

if TYPE_CHECKING:
    import httpx

USER_AGENT = f"arxivdigest/{__version__} (+{PROJECT_URL})"


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a request may take in all, and for each silence in it, in seconds, and so on."""

    seconds: float = 30.0
    silence: float = 10.0
    size: int = MOST_BYTES
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the address that answered in the end, the status, and the body."""

    url: str
    status: int
    body: bytes

    @property
    def is_error(self) -> bool:
        """Whether the server said that it would not or could not answer."""
        return self.status >= HTTPStatus.BAD_REQUEST

    def error(self) -> ListingError | TryAgainError:
        """The error that the status stands for."""
        name = HTTPStatus(self.status).phrase if self.status in set(HTTPStatus) else "an odd status"
        said = f"{_host(self.url)} answered {self.status} ({name}) to {safe(self.url)}"
        if self.status == HTTPStatus.FORBIDDEN:
            return ListingError(f"{said}; arXiv asks you to stop, so wait a day before you go on")
        if self.status >= HTTPStatus.INTERNAL_SERVER_ERROR or self.status in _LATER:
            return TryAgainError(f"{said}; try again in a few minutes")
        return ListingError(said)


_LATER = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS)


def get(url: str, limits: Limits = Limits(), clock: Callable[[], float] = time.monotonic) -> Answer:
    """The answer to a GET request, redirects followed.

    A TryAgainError says what is wrong with the network, a ListingError what with the answer.
    """
    end = clock() + limits.seconds
    for _ in range(limits.redirects + 1):
        _check(url)
        answer, target = _request(url, limits, lambda: end - clock())
        if target is None:
            return answer
        if urlsplit(url).scheme == "https" and not target.startswith("https://"):
            raise ListingError(
                f"{_host(url)} redirects to an address without encryption: {safe(target)}"
            )
        url = target
    raise ListingError(f"{_host(url)} redirects more than {limits.redirects} times")


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        known = False
    if not known:
        raise UsageError(f"{safe(url)} is no address to fetch from; it must begin with https://")


def _host(url: str) -> str:
    return safe(urlsplit(url).netloc)


def _request(url: str, limits: Limits, remaining: Callable[[], float]) -> tuple[Answer, str | None]:
    """The answer to one request, and where it redirects to."""
    import httpx

    timeout = httpx.Timeout(min(limits.silence, max(0.1, remaining())))
    headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"}
    is_encrypted = url.startswith("https:")  # loading the certificates takes longer than all else
    with (
        _said(url),
        httpx.Client(timeout=timeout, headers=headers, verify=is_encrypted) as client,
        client.stream("GET", url) as response,
    ):
        if response.is_redirect:
            return Answer(url, response.status_code, b""), urljoin(
                url, response.headers["location"]
            )
        body = b"".join(_body(response, limits, remaining))
        return Answer(url, response.status_code, body), None


@contextmanager
def _said(url: str) -> Iterator[None]:
    import httpx

    try:
        yield
    except httpx.InvalidURL as error:
        raise UsageError(f"{safe(url)} is no address to fetch from: {error}") from error
    except httpx.TimeoutException as error:
        raise TryAgainError(f"{_host(url)} does not answer; try again in a few minutes") from error
    except httpx.ConnectError as error:
        raise TryAgainError(
            f"{_host(url)} cannot be reached ({safe(str(error))}); is there a network?"
        ) from error
    except httpx.HTTPError as error:
        raise TryAgainError(
            f"the answer of {_host(url)} broke off ({safe(str(error))}); try again in a few minutes"
        ) from error


def _body(
    response: "httpx.Response", limits: Limits, remaining: Callable[[], float]
) -> Iterator[bytes]:
    """The body, decoded, in parts; httpx itself limits neither its size nor its time."""
    encoding = response.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise ListingError(f"{_host(str(response.url))} answered in the encoding {safe(encoding)}")
    unpack = zlib.decompressobj(31) if encoding == "gzip" else None
    size = 0
    for raw in response.iter_raw():
        if remaining() < 0:
            raise TryAgainError(
                f"{_host(str(response.url))} takes longer than {limits.seconds:g} s to answer;"
                " try again later"
            )
        part = unpack.decompress(raw, limits.size + 1 - size) if unpack else raw
        size += len(part)
        if size > limits.size:
            raise ListingError(
                f"{_host(str(response.url))} answered with more than {limits.size >> 20} MiB,"
                " and so with no listing"
            )
        yield part
    if unpack and not unpack.eof:
        raise TryAgainError(f"the answer of {_host(str(response.url))} is cut off; try again")
