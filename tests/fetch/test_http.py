import gzip
import os
import pty
import re
import select
import subprocess
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from socket import create_server
from threading import Event

import pytest
from mornings import NOON, TUESDAY
from pytest_httpserver import HTTPServer
from ran import Digest
from raw_server import Talk, server
from werkzeug import Request, Response

from arxivdigest import PROJECT_URL, __version__, reading
from arxivdigest.arxiv.taxonomy import CATEGORIES
from arxivdigest.clock import Clock
from arxivdigest.config import Fetch
from arxivdigest.errors import (
    DigestError,
    ForbiddenError,
    ListingError,
    PortalError,
    TryAgainError,
    UnreachableError,
    UsageError,
)
from arxivdigest.fetch import http
from arxivdigest.fetch.http import Limits
from arxivdigest.text.dates import short_date

SOON = Limits(seconds=0.3, silence=30)
QUIET = Limits(seconds=30, silence=0.2)
SMALL = Limits(size=1 << 20)

DAY = TUESDAY
RUN = Path(__file__).parents[1] / "run_at.py"
FEED = f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
 version="2.0"><channel><title>cs.DC updates on arXiv.org</title>
<pubDate>{DAY:%a, %d %b %Y} 00:00:00 -0400</pubDate>
<item><title>Pelicans in parallel</title><link>https://arxiv.org/abs/2605.00001</link>
<description>arXiv:2605.00001v1 Announce Type: new
Abstract: Of pelicans.</description><guid isPermaLink="false">oai:arXiv.org:2605.00001v1</guid>
<category>cs.DC</category><arxiv:announce_type>new</arxiv:announce_type>
<dc:creator>Ann Lee</dc:creator></item></channel></rss>
"""
REFUSAL = """<?xml version='1.0' encoding='UTF-8'?>
<rss version="2.0"><channel><title>Feed error for query: cs.XX</title>
<description>Bad subject\u009b31m: cs.XX is
not one of cs.DC, cs.LG.</description></channel></rss>
"""


def page(subject: str, arxiv_id: str, title: str) -> str:
    name = CATEGORIES[subject].name
    return f"""<!DOCTYPE html>
<html><body>arXiv<h1>Birds</h1><div id='dlpage'><p><a href="/list/{subject}/new">new</a></p>
<h3>Showing new listings for {DAY:%A, %d %B %Y}</h3>Total of 1 entries
<dl id='articles'><h3>New submissions (showing 1 of 1 entries)</h3>
<dt><a href ="/abs/{arxiv_id}" title="Abstract" id="{arxiv_id}">arXiv:{arxiv_id}</a></dt>
<dd><div class='meta'><div class='list-title'><span class='descriptor'>Title:</span>{title}</div>
<div class='list-authors'><a href="#">Ann Lee</a></div>
<div class='list-subjects'><span class="primary-subject">{name} ({subject})</span></div>
<p class='mathjax'>Of birds.</p></div></dd></dl></div></body></html>
"""


def saying(answer: bytes) -> Talk:
    return lambda _, send, __: send(answer)


def then_silent(answer: bytes) -> Talk:
    def talk(_: bytes, send: Callable[[bytes], None], ended: Event) -> None:
        send(answer)
        ended.wait()

    return talk


def dripping(start: bytes, drop: bytes) -> Talk:
    def talk(_: bytes, send: Callable[[bytes], None], ended: Event) -> None:
        send(start)
        while not ended.wait(0.01):
            send(drop)

    return talk


@contextmanager
def refused() -> Iterator[str]:
    """An address that nobody listens at."""
    with create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    yield f"127.0.0.1:{port}"


def complaint(url: str, kind: type[DigestError], limits: Limits = SMALL) -> str:
    """The one line of the error that asking for the URL ends in."""
    with pytest.raises(DigestError) as raised:
        http.get(url, limits)
    assert type(raised.value) is kind
    assert str(raised.value).isprintable()
    return str(raised.value)


def host(httpserver: HTTPServer) -> str:
    return f"{httpserver.host}:{httpserver.port}"


def test_the_body_of_an_answer_comes_back_as_it_was_sent(httpserver: HTTPServer) -> None:
    body = bytes(range(256)) * 1000
    httpserver.expect_request("/rss/cs.DC").respond_with_data(body)
    url = httpserver.url_for("/rss/cs.DC")
    assert http.get(url)[:3] == (url, 200, body)


def test_a_request_says_who_asks_and_takes_gzip_and_nothing_else(httpserver: HTTPServer) -> None:
    asked = []

    def answer(request: Request) -> Response:
        asked.append(request.headers)
        return Response(b"")

    httpserver.expect_request("/").respond_with_handler(answer)
    http.get(httpserver.url_for("/"))
    [headers] = asked
    assert headers["User-Agent"] == f"arxivdigest/{__version__} (+{PROJECT_URL})"
    assert headers["Accept-Encoding"] == "gzip"
    assert not {"If-Modified-Since", "If-None-Match", "Cookie", "Referer"} & set(headers.keys())


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip", " gzip "])
def test_a_compressed_answer_is_unpacked(httpserver: HTTPServer, encoding: str) -> None:
    body = b"pelicans " * 100_000
    httpserver.expect_request("/").respond_with_data(
        gzip.compress(body, mtime=0), headers={"Content-Encoding": encoding}
    )
    assert http.get(httpserver.url_for("/")).body == body


@pytest.mark.parametrize("encoding", ["", "identity", "Identity"])
def test_an_answer_that_says_it_is_not_compressed_is_taken_as_it_is(
    httpserver: HTTPServer, encoding: str
) -> None:
    httpserver.expect_request("/").respond_with_data(b"x", headers={"Content-Encoding": encoding})
    assert http.get(httpserver.url_for("/")).body == b"x"


@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("br", "br"),
        ("deflate", "deflate"),
        ("ZSTD", "zstd"),
        ("gzip, gzip", "gzip, gzip"),
        ("\x1b[31m", "[31m"),
    ],
)
def test_an_encoding_that_nobody_asked_for_is_an_error(encoding: str, said: str) -> None:
    answer = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\n\r\nx".encode()
    with server(saying(answer)) as place:
        assert complaint(f"http://{place}/", ListingError) == (
            f"{place} answered in the encoding {said}"
        )


def test_gzip_within_gzip_is_unpacked_once(httpserver: HTTPServer) -> None:
    once = gzip.compress(b"pelicans", mtime=0)
    httpserver.expect_request("/").respond_with_data(
        gzip.compress(once, mtime=0), headers={"Content-Encoding": "gzip"}
    )
    assert http.get(httpserver.url_for("/")).body == once


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (gzip.compress(b"pelicans " * 1000, mtime=0)[:-9], "is cut off"),
        (gzip.compress(b"pelicans " * 1000, mtime=0)[:9], "is cut off"),
        (b"", "is cut off"),
        (gzip.compress(b"pelicans", mtime=0) + b"geese", "is cut off"),
        (b"pelicans", "is damaged"),
        (zlib.compress(b"pelicans"), "is damaged"),
        (gzip.compress(b"pelicans", mtime=0)[:-8] + bytes(8), "is damaged"),
    ],
)
def test_a_damaged_gzip_answer_is_an_error(
    httpserver: HTTPServer, body: bytes, message: str
) -> None:
    httpserver.expect_request("/").respond_with_data(body, headers={"Content-Encoding": "gzip"})
    said = complaint(httpserver.url_for("/"), TryAgainError)
    assert said.startswith(f"the answer of {host(httpserver)} {message}")


@pytest.mark.parametrize("packed", [True, False])
def test_an_answer_as_large_as_a_listing_may_be_is_read(
    httpserver: HTTPServer, *, packed: bool
) -> None:
    body = bytes(SMALL.size)
    httpserver.expect_request("/").respond_with_data(
        gzip.compress(body, mtime=0) if packed else body,
        headers={"Content-Encoding": "gzip" if packed else "identity"},
    )
    assert len(http.get(httpserver.url_for("/"), SMALL).body) == SMALL.size


@pytest.mark.parametrize("packed", [True, False])
def test_a_larger_answer_is_an_error(httpserver: HTTPServer, *, packed: bool) -> None:
    body = bytes(SMALL.size + 1)
    httpserver.expect_request("/").respond_with_data(
        gzip.compress(body, mtime=0) if packed else body,
        headers={"Content-Encoding": "gzip" if packed else "identity"},
    )
    assert complaint(httpserver.url_for("/"), ListingError) == (
        f"{host(httpserver)} answered with more than 1 MiB, and so with no listing"
    )


def test_a_gzip_bomb_is_refused_in_little_memory() -> None:
    bomb = gzip.compress(bytes(200 << 20), mtime=0)
    answer = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + bomb
    with server(saying(answer)) as place:
        complaint(f"http://{place}/", ListingError)
        tracemalloc.start()
        complaint(f"http://{place}/", ListingError)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert peak < 8 << 20


def redirect(httpserver: HTTPServer, times: int) -> str:
    for number in range(times):
        httpserver.expect_request(f"/{number}").respond_with_data(
            status=302, headers={"Location": httpserver.url_for(f"/{number + 1}")}
        )
    httpserver.expect_request(f"/{times}").respond_with_data(b"here")
    return httpserver.url_for("/0")


def test_five_redirects_are_followed(httpserver: HTTPServer) -> None:
    first = redirect(httpserver, 5)
    assert http.get(first)[:3] == (httpserver.url_for("/5"), 200, b"here")


def test_six_redirects_are_not(httpserver: HTTPServer) -> None:
    said = complaint(redirect(httpserver, 6), ListingError)
    assert said == f"{host(httpserver)} redirects more than 5 times"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", ["/list/cs.DC/new", "new", "//{host}/list/cs.DC/new"])
def test_a_redirect_may_be_relative(httpserver: HTTPServer, status: int, location: str) -> None:
    httpserver.expect_request("/list/cs.DC/old").respond_with_data(
        status=status, headers={"Location": location.format(host=host(httpserver))}
    )
    httpserver.expect_request("/list/cs.DC/new").respond_with_data(b"here")
    assert http.get(httpserver.url_for("/list/cs.DC/old")).body == b"here"


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "javascript:alert(1)",
        "data:text/plain,x",
        "https://exa mple/",
        "https://xn--/",
        "https://example.org:99999/",
        "https://a..b/",
    ],
)
def test_a_redirect_to_anywhere_else_is_an_error(location: str) -> None:
    answer = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n\r\n".encode()
    with server(saying(answer)) as place:
        said = complaint(f"http://{place}/", ListingError)
    assert said.startswith(f"{place} redirects to what is no address")


@pytest.mark.parametrize("location", ["http://arxiv.org/", "HTTP://arxiv.org/"])
def test_a_redirect_out_of_encryption_is_an_error(location: str) -> None:
    with pytest.raises(ListingError) as raised:
        http.redirected("https://arxiv.org/list", location)
    assert str(raised.value) == (
        f"arxiv.org redirects to an address without encryption: {location}"
    )


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/new", "https://arxiv.org/new"),
        ("HTTPS://export.arxiv.org/new", "https://export.arxiv.org/new"),
    ],
)
def test_a_redirect_that_stays_encrypted_is_followed(location: str, target: str) -> None:
    assert http.redirected("https://arxiv.org/list", location) == target


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        (200, TryAgainError, None),
        (204, TryAgainError, None),
        (300, ListingError, "answered 300 (Multiple Choices)"),
        (302, ListingError, "answered 302 (Found)"),
        (304, TryAgainError, None),
        (400, ListingError, "answered 400 (Bad Request)"),
        (403, ListingError, "answered 403 (Forbidden)"),
        (404, ListingError, "answered 404 (Not Found)"),
        (408, TryAgainError, "answered 408 (Request Timeout)"),
        (425, TryAgainError, "answered 425 (Too Early)"),
        (429, TryAgainError, "answered 429 (Too Many Requests)"),
        (499, ListingError, "answered 499 (an odd status)"),
        (500, TryAgainError, "answered 500 (Internal Server Error)"),
        (503, TryAgainError, "answered 503 (Service Unavailable)"),
        (511, PortalError, "answered 511 (Network Authentication Required)"),
        (599, TryAgainError, "answered 599 (an odd status)"),
        (999, TryAgainError, "answered 999 (an odd status)"),
    ],
)
def test_a_status_that_is_no_listing_is_an_error(
    tmp_path: Path, status: int, kind: type[DigestError], said: str | None
) -> None:
    answer = f"HTTP/1.1 {status} Odd\r\nContent-Length: 0\r\n\r\n".encode()
    with server(saying(answer)) as place:
        url = f"http://{place}/rss/cs.DC"
        with pytest.raises(kind) as raised:
            read_feed(place, tmp_path)
    expected = f"{place} {said} to {url}" if said else f"{url}: this is empty"
    assert str(raised.value).startswith(expected)


def read_feed(place: str, state: Path) -> int:
    settings = Fetch(source="feed", feeds=f"http://{place}", delay=0)
    clock = Clock(lambda: datetime.now(UTC), lambda _: None, lambda: 0.5)
    world = reading.World(clock, state, lambda _: None, lambda _: None)
    gathered = reading.read(reading.Request(None, ("cs.DC",), settings), world)
    return len(gathered.listing.entries)


def test_a_403_asks_to_stop(tmp_path: Path) -> None:
    answer = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"
    with server(saying(answer)) as place, pytest.raises(ForbiddenError, match="asks you to stop"):
        read_feed(place, tmp_path)


def test_what_arxiv_says_with_a_400_is_the_message(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/rss/cs.DC").respond_with_data(REFUSAL.encode(), status=400)
    with pytest.raises(ListingError) as raised:
        read_feed(host(httpserver), tmp_path)
    assert str(raised.value) == (
        f"{httpserver.url_for('/rss/cs.DC')}: arXiv refused:"
        ' "Bad subject31m: cs.XX is not one of cs.DC, cs.LG."'
    )


def test_a_503_in_plain_text_is_worth_another_try(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/rss/cs.DC").respond_with_data(
        b"Service Unavailable\x1b[2J", status=503
    )
    with pytest.raises(TryAgainError) as raised:
        read_feed(host(httpserver), tmp_path)
    assert str(raised.value) == (
        f"{host(httpserver)} answered 503 (Service Unavailable) to"
        f" {httpserver.url_for('/rss/cs.DC')}; try again in a few minutes"
    )


def test_nobody_listening_is_worth_another_try() -> None:
    with refused() as place:
        said = complaint(f"http://{place}/", UnreachableError)
    assert said.startswith(f"{place} cannot be reached (")
    assert said.endswith("; is there a network?")


def test_nobody_listening_at_an_ipv6_address_is_worth_another_try() -> None:
    with refused() as place:
        port = place.rpartition(":")[2]
        said = complaint(f"http://[::1]:{port}/", UnreachableError)
    assert said.startswith(f"[::1]:{port} cannot be reached (")


def test_a_server_without_encryption_is_not_asked_with_https() -> None:
    with server(saying(b"HTTP/1.1 200 OK\r\n\r\nx")) as place:
        said = complaint(f"HTTPS://{place}/", TryAgainError)
    assert said.startswith(f"{place} does not answer in TLS (")


OK = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "talk",
    [
        saying(b""),
        saying(b"HTTP/1.1 200"),
        saying(OK + b"Content-Length: 10\r\n\r\nshort"),
        saying(OK + b"Transfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n"),
        saying(OK + b"Transfer-Encoding: chunked\r\n\r\npelican\r\n"),
        saying(OK + b"pelican\x1b[31m\r\n\r\n"),
        saying(b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\n\r\n"),
        saying(b"SSH-2.0-\x1b[31mpelican\r\n\r\n"),
        saying(OK + b"X: " + b"x" * 1_000_000),
    ],
    ids=[
        "nothing",
        "line",
        "length",
        "last chunk",
        "chunk size",
        "header",
        "location",
        "no http",
        "endless",
    ],
)
def test_an_answer_that_breaks_off_is_worth_another_try(talk: Talk) -> None:
    with server(talk) as place:
        said = complaint(f"http://{place}/", TryAgainError)
    assert said.startswith(f"the answer of {place} broke off (")


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200", OK + b"\r\n", OK + b"\r\nsome"])
def test_a_server_that_falls_silent_is_worth_another_try(start: bytes) -> None:
    with server(then_silent(start)) as place:
        said = complaint(f"http://{place}/", TryAgainError, QUIET)
    assert said == f"{place} does not answer; try again in a few minutes"


@pytest.mark.parametrize(
    "talk",
    [
        then_silent(b""),
        then_silent(OK + b"\r\nsome"),
        dripping(OK + b"X: ", b"x"),
        dripping(OK + b"\r\n", b"x"),
    ],
    ids=["silent", "silent body", "headers", "body"],
)
def test_the_seconds_bound_the_whole_request(talk: Talk) -> None:
    with server(talk) as place:
        said = complaint(f"http://{place}/", TryAgainError, SOON)
    assert said == f"{place} takes longer than 0.3 s to answer; try again later"


def test_the_seconds_bound_all_redirects_together() -> None:
    def talk(_: bytes, send: Callable[[bytes], None], ended: Event) -> None:
        ended.wait(0.1)
        send(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n")

    with server(talk) as place:
        said = complaint(f"http://{place}/", TryAgainError, SOON)
    assert said == f"{place} takes longer than 0.3 s to answer; try again later"


def test_a_program_that_gives_up_ends_at_once() -> None:
    with server(dripping(OK + b"X: ", b"x")) as place:
        program = (
            "from arxivdigest.fetch.http import Limits, get\n"
            f"get('http://{place}/', Limits(seconds=0.3))"
        )
        ended = subprocess.run(
            [sys.executable, "-W", "error", "-c", program],
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    assert ended.stderr.splitlines()[-1] == (
        "arxivdigest.errors.TryAgainError:"
        f" {place} takes longer than 0.3 s to answer; try again later"
    )


@pytest.mark.parametrize(
    "url",
    [
        "",
        "arxiv.org",
        "http://",
        "http:///path",
        "http://[::1",
        "http://[pelican]/",
        "https://exa mple",
        "https://example.org:99999/",
        "https://example.org:pelican/",
        "https://a..b/",
        f"https://{'a' * 64}.org/",
        "https://xn--/",
        "file:///etc/passwd",
        "ftp://example.org/",
        " https://example.org/",
        "https://exam\nple.org/",
        "https://example.org/\x1b]0;title\x07",
        "https://\ud800/",
    ],
)
def test_what_is_no_address_is_wrong_usage(url: str) -> None:
    said = complaint(url, UsageError)
    assert said.endswith(" is no address to fetch from; it must begin with https://")


def test_a_password_in_an_address_is_not_repeated() -> None:
    with refused() as place:
        said = complaint(f"http://pelican:secret@{place}/", UnreachableError)
    assert said.startswith(f"{place} cannot be reached")


@pytest.fixture
def digest(digest: Digest) -> Digest:
    """The command `digest` at noon in New York of the day that everything is of."""
    return partial(digest, at=NOON)


def configured(folder: Path, place: str, *more: str) -> Path:
    path = folder / "config.toml"
    lines = [
        "[fetch]",
        f'site = "http://{place}"',
        f'feeds = "http://{place}"',
        "delay = 0",
        *more,
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_today_reads_the_feed(httpserver: HTTPServer, digest: Digest, tmp_path: Path) -> None:
    httpserver.expect_ordered_request("/rss/cs.DC").respond_with_data(FEED)
    config = configured(tmp_path, host(httpserver))
    ran = digest("today", "cs.DC", "--source", "feed", "-c", config)
    assert ran.code == 0
    assert ran.out == (
        "2605.00001\tnew\t0.0\tcs.DC\tPelicans in parallel\tAnn Lee\t\t"
        "https://arxiv.org/abs/2605.00001\n"
    )
    assert ran.err == (
        f"{short_date(DAY)}, cs.DC: 1 entry (1 new) from the feed; 1 selected without rules.\n"
    )


def test_today_asks_for_several_subjects_in_one_feed(
    httpserver: HTTPServer, digest: Digest, tmp_path: Path
) -> None:
    feed = FEED.replace("cs.DC updates", "cs.DC, cs.LG updates")
    httpserver.expect_ordered_request("/rss/cs.DC+cs.LG").respond_with_data(feed)
    config = configured(tmp_path, host(httpserver))
    ran = digest("today", "cs.DC", "cs.LG", "--source", "feed", "-c", config)
    assert (ran.code, len(ran.out.splitlines())) == (0, 1)


def test_today_asks_for_several_subjects_page_by_page(
    httpserver: HTTPServer, digest: Digest, tmp_path: Path
) -> None:
    for subject, arxiv_id in (("cs.DC", "2605.00001"), ("cs.LG", "2605.00002")):
        httpserver.expect_ordered_request(f"/list/{subject}/new").respond_with_data(
            page(subject, arxiv_id, f"Birds of {subject}"), content_type="text/html"
        )
    config = configured(tmp_path, host(httpserver))
    ran = digest("today", "cs.DC", "cs.LG", "--source", "page", "-c", config)
    assert ran.code == 0
    assert [line.split("\t")[4] for line in ran.out.splitlines()] == [
        "Birds of cs.DC",
        "Birds of cs.LG",
    ]
    assert ran.err == (
        f"{short_date(DAY)}, cs.DC, cs.LG: 2 of 2 entries (2 new) from the page;"
        " 2 selected without rules.\n"
    )


@pytest.mark.parametrize("source", ["auto", "feed", "page"])
def test_without_a_network_today_says_so_in_one_sentence(
    digest: Digest, tmp_path: Path, source: str
) -> None:
    with refused() as place:
        ran = digest("today", "cs.DC", "--source", source, "-c", configured(tmp_path, place))
    assert (ran.code, ran.out) == (75, "")
    assert re.fullmatch(
        rf"digest: {place} cannot be reached \([^()]+\); is there a network\?\n", ran.err
    )


def test_a_listing_can_be_read_from_an_address(httpserver: HTTPServer, digest: Digest) -> None:
    httpserver.expect_request("/saved").respond_with_data(FEED)
    ran = digest("today", "--from", httpserver.url_for("/saved"))
    assert (ran.code, ran.out.partition("\t")[0]) == (0, "2605.00001")


@pytest.mark.parametrize("proxy", ["pelican://proxy", "http://[::1", "http://exa\x1bmple"])
def test_a_proxy_that_cannot_be_used_is_named(digest: Digest, proxy: str) -> None:
    ran = digest("today", "--from", "http://example.org/", environment={"ALL_PROXY": proxy})
    assert (ran.code, ran.out) == (75, "")
    assert re.fullmatch(
        r"digest: the proxy [^\n\x1b]+ \(ALL_PROXY\) cannot be used: [^\n\x1b]+\n", ran.err
    )


def on_terminal(*arguments: str | Path, home: Path) -> str:
    """What the command shows on a terminal that its standard error is."""
    ours, theirs = pty.openpty()
    with ExitStack() as stack:
        stack.callback(os.close, ours)
        process = stack.enter_context(
            subprocess.Popen(
                [sys.executable, str(RUN), NOON.isoformat(), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=theirs,
                env={"PATH": os.environ["PATH"], "HOME": str(home), "TERM": "xterm"},
            )
        )
        os.close(theirs)
        process.wait(60)
        shown = b""
        with suppress(OSError):
            while select.select([ours], [], [], 0)[0] and (part := os.read(ours, 4096)):
                shown += part
    return shown.decode()


def test_progress_is_shown_on_a_terminal_and_wiped_before_the_verdict(
    httpserver: HTTPServer, tmp_path: Path
) -> None:
    httpserver.expect_request("/rss/cs.DC").respond_with_data(FEED)
    config = configured(tmp_path, host(httpserver))
    shown = on_terminal("today", "cs.DC", "--source", "feed", "-c", config, home=tmp_path)
    progress, verdict = shown.rsplit("\r\x1b[K", 1)
    lines = progress.split("\r\x1b[K")[1:]
    assert lines[0] == "feed of cs.DC  0 s"
    assert lines[-1].startswith("feed of cs.DC  1 KB  ")
    assert verdict.startswith(f"{short_date(DAY)}, cs.DC: 1 entry")


def test_progress_is_wiped_before_an_error(tmp_path: Path) -> None:
    with refused() as place:
        shown = on_terminal("today", "cs.DC", "-c", configured(tmp_path, place), home=tmp_path)
    assert shown.rsplit("\r\x1b[K", 1)[1].startswith(f"digest: {place} cannot be reached")


def test_a_quiet_command_shows_no_progress(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/rss/cs.DC").respond_with_data(FEED)
    config = configured(tmp_path, host(httpserver))
    arguments = ("today", "cs.DC", "--source", "feed", "-q", "-c", config)
    assert on_terminal(*arguments, home=tmp_path) == ""
