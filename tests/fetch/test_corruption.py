import gzip
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import repeat
from pathlib import Path
from threading import Event

import pytest
from fake_arxiv import EASTERN, FakeArxiv, Paper, papers
from ran import Digest, code_of
from raw_server import server

from arxivdigest import reading
from arxivdigest.arxiv import schedule
from arxivdigest.errors import DigestError
from arxivdigest.fetch import http
from arxivdigest.fetch.http import Limits
from arxivdigest.model import AnnounceType, Entry, Listing
from arxivdigest.reading import Request
from arxivdigest.store.file import opened
from arxivdigest.store.rows import Stored
from arxivdigest.verdict import Gathered

THURSDAY = date(2025, 7, 10)
FRIDAY = date(2025, 7, 11)
MORNING = datetime(2025, 7, 11, 8, tzinfo=EASTERN)
PAPERS = [
    *papers("2507.1", 3, "cs.DC"),
    *papers("2507.2", 3, "cs.LG cs.DC"),
    Paper("2507.30001", "cs.DC", "Caf\u00e9 for pelicans", version=2),
]
SHORT = Limits(seconds=0.4, silence=0.2, size=1 << 20)


Parts = Iterable[bytes]
Break = Callable[[bytes], Parts]


@pytest.fixture(autouse=True)
def _short_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty seconds would have to be waited for, and nobody hands in others."""
    get = http.get
    monkeypatch.setattr(
        http, "get", lambda url, _, *others, **more: get(url, SHORT, *others, **more)
    )


@contextmanager
def arxiv_breaking(
    spoil: Break, prefix: str = "/", now: datetime | None = MORNING
) -> Iterator[tuple[FakeArxiv, str]]:
    """A fake arXiv, and an address that gives its answers under that prefix spoilt.

    Other answers are a 500. What comes in several parts comes slowly.
    """

    def talk(request: bytes, send: Callable[[bytes], None], ended: Event) -> None:
        path = request.split(b" ")[1].decode()
        right = arxiv.reply(path, {})[0].body
        parts = spoil(right) if path.startswith(prefix) else [answer(b"", b"500 No")]
        for part in parts:
            send(part)
            if ended.wait(0.005):
                return

    with FakeArxiv(now) as arxiv, server(talk) as place:
        arxiv.publish(schedule.newest(arxiv.now, ()).day, *PAPERS)
        yield arxiv, f"http://{place}"


def answer(body: bytes, status: bytes = b"200 OK", *headers: bytes, length: int = -1) -> bytes:
    """An answer as its bytes; the length is the body's own unless another is given."""
    said = len(body) if length < 0 else length
    lines = [b"HTTP/1.1 " + status, b"Content-Length: %d" % said, b"Connection: close", *headers]
    return b"\r\n".join([*lines, b"", body])


def body(change: Callable[[bytes], bytes]) -> Break:
    return lambda right: [answer(change(right))]


def status(line: bytes, *headers: bytes, text: bytes = b"Not now.") -> Break:
    return lambda _: [answer(text, line, *headers)]


def packed(change: Callable[[bytes], bytes], encoding: bytes = b"gzip") -> Break:
    return lambda right: [answer(change(right), b"200 OK", b"Content-Encoding: " + encoding)]


def redirect(to: bytes) -> Break:
    return status(b"302 Found", b"Location: " + to)


def drip(right: bytes) -> Parts:
    yield answer(b"", length=len(right))
    yield from (right[at : at + 1] for at in range(len(right)))


def drip_headers(_: bytes) -> Parts:
    yield b"HTTP/1.1 200 OK\r\n"
    yield from repeat(b"X-More: of it\r\n")


def silence(_: bytes) -> Parts:
    yield from repeat(b"")


def silence_in_the_body(right: bytes) -> Parts:
    yield answer(right[:500], length=len(right))
    yield from repeat(b"")


def chunked(right: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    return head + b"%x\r\n%s\r\n" % (len(right), right)


ERROR_PAGE = b"<!DOCTYPE html><html><body><h1>Bad gateway</h1><p>nginx</p></body></html>"
HOTEL = b"<!DOCTYPE html><html><body><h1>Welcome to the hotel</h1><form></form></body></html>"

EITHER: dict[str, Break] = {
    "no answer at all": lambda _: [],
    "no HTTP": lambda _: [b"SSH-2.0-OpenSSH_9.2\r\n"],
    "cut in the headers": lambda _: [b"HTTP/1.1 200 OK\r\nContent-Le"],
    "a length too large": lambda right: [answer(right, length=len(right) + 1)],
    "a length too small": lambda right: [answer(right, length=len(right) - 60)],
    "half the body": lambda right: [answer(right[: len(right) // 2], length=len(right))],
    "half the body, and its length": body(lambda right: right[: len(right) // 2]),
    "a length of nothing": lambda right: [answer(right, length=0)],
    "two lengths": lambda right: [answer(right, b"200 OK", b"Content-Length: 7")],
    "chunks without an end": lambda right: [chunked(right)],
    "a chunk cut": lambda right: [chunked(right)[:-100]],
    "packed and cut": packed(lambda right: gzip.compress(right)[:-12]),
    "packed and cut short of its sum": packed(lambda right: gzip.compress(right)[:-4]),
    "packed and spoilt": packed(lambda right: gzip.compress(right)[:40] + b"\xff" * 200),
    "packed, with more after it": packed(lambda right: gzip.compress(right) + b"more"),
    "not packed, though it says so": packed(lambda right: right),
    "a bomb": packed(lambda _: gzip.compress(bytes(1 << 24))),
    "packed twice": packed(lambda right: gzip.compress(gzip.compress(right)), b"gzip, gzip"),
    "packed twice, and said to be once": packed(lambda right: gzip.compress(gzip.compress(right))),
    "packed, and not said to be": body(gzip.compress),
    "packed unknown": packed(lambda right: right, b"br"),
    "too large": body(lambda right: right + b" " * (1 << 20)),
    "empty": body(lambda _: b""),
    "blank": body(lambda _: b" \r\n\t\n"),
    "zeros": body(lambda right: bytes(len(right))),
    "binary": body(lambda _: bytes(range(256)) * 8),
    "a gateway's error as 200": body(lambda _: ERROR_PAGE),
    "a hotel's page": body(lambda _: HOTEL),
    "a sentence": body(lambda _: b"Rate exceeded."),
    "JSON": body(lambda _: b'{"error": "no"}'),
    "UTF-16": body(lambda right: right.decode().encode("utf-16-be")),
    "204": status(b"204 No Content", text=b""),
    "206": lambda right: [answer(right[:-500], b"206 Partial Content")],
    "304 unasked for": status(b"304 Not Modified", text=b""),
    "400": status(b"400 Bad Request"),
    "403": status(b"403 Forbidden"),
    "404": status(b"404 Not Found"),
    "429": status(b"429 Too Many Requests"),
    "429 for a minute": status(b"429 Too Many Requests", b"Retry-After: 60"),
    "429 for a day": status(b"429 Too Many Requests", b"Retry-After: 86400"),
    "500": status(b"500 Internal Server Error"),
    "500 with the listing": lambda right: [answer(right, b"500 Internal Server Error")],
    "502": status(b"502 Bad Gateway", text=ERROR_PAGE),
    "503": status(b"503 Service Unavailable"),
    "503 for a minute": status(b"503 Service Unavailable", b"Retry-After: 60"),
    "503 for five minutes": status(b"503 Service Unavailable", b"Retry-After: 300"),
    "503 until a date": status(
        b"503 Service Unavailable", b"Retry-After: Fri, 11 Jul 2025 14:00:00 GMT"
    ),
    "503 until nonsense": status(b"503 Service Unavailable", b"Retry-After: soon"),
    "504": status(b"504 Gateway Timeout"),
    "799": status(b"799 Odd"),
    "a redirect into this machine": redirect(b"http://localhost:1/x"),
    "a redirect into a private network": redirect(b"http://10.0.0.1/x"),
    "a redirect to the cloud's own": redirect(b"http://169.254.169.254/latest/meta-data"),
    "a redirect to a file": redirect(b"file:///etc/passwd"),
    "a redirect to nowhere": redirect(b"http://"),
    "a redirect in a circle": redirect(b"/rss/cs.DC"),
    "a redirect without a place": status(b"302 Found"),
    "a byte at a time": drip,
    "headers without an end": drip_headers,
    "silence": silence,
    "silence in the body": silence_in_the_body,
}


def cut(mark: bytes, after: int = 0) -> Break:
    """The listing, up to the last such mark and so many bytes."""
    return body(lambda right: right[: right.rindex(mark) + after])


def written(old: bytes, new: bytes, times: int = -1) -> Break:
    return body(lambda right: right.replace(old, new, times))


FEED: dict[str, Break] = {
    "cut before its first item": body(lambda right: right[: right.index(b"<item>")]),
    "cut in an item": cut(b"<guid"),
    "cut in a tag": cut(b"</item>", 4),
    "cut after an item": cut(b"</item>", 7),
    "cut before its end": cut(b"</rss>"),
    "a DOCTYPE": written(b"<rss", b"<!DOCTYPE rss [<!ENTITY x 'y'>]><rss", 1),
    "an outer entity": written(
        b"<rss", b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss', 1
    ),
    "another site's": written(b"updates on arXiv.org", b"the news"),
    "a refusal": written(b"cs.DC updates on arXiv.org", b"Feed error for query: cs.DC"),
    "Atom of another site": body(
        lambda _: (
            b"<?xml version='1.0' encoding='UTF-8'?>\n"
            b'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title></feed>'
        )
    ),
    "deep": body(lambda right: right.replace(b"<item>", b"<x>" * 5000 + b"<item>", 1)),
    "invalid UTF-8": written("Café".encode(), b"Caf\xff\xfe"),
    "Latin-1 said to be UTF-8": written("Café".encode(), "Café".encode("latin-1")),
    "half a character": written(b"On pelicans", b"On &#xD83E; pelicans", 1),
    "a control character": written(b"On pelicans", b"On \x00 pelicans", 1),
    "an item without an identifier": written(b"oai:arXiv.org:2507.10002", b"oai:example:2"),
    "an item twice": written(b"2507.10002", b"2507.10001"),
    "yesterday's": written(b"Fri, 11 Jul", b"Thu, 10 Jul"),
    "of a day to come": written(b"11 Jul 2025", b"11 Jul 2036"),
    "of no day": written(b"11 Jul 2025", b"31 Jun 2025"),
}
PAGE: dict[str, Break] = {
    "cut before its sections": body(lambda right: right[: right.index(b"<dl")]),
    "cut in an entry": cut(b"<div class='list-authors'"),
    "cut in a section": cut(b"<dt>"),
    "cut after a section": cut(b"<dl"),
    "cut before its end": cut(b"</html>"),
    "a count that is too high": written(b"showing 3 of 3", b"showing 4 of 4", 1),
    "a count that is too low": written(b"showing 3 of 3", b"showing 2 of 2", 1),
    "a total that is too high": written(b"Total of 7", b"Total of 8"),
    "a total without end": written(b"Total of 7", b"Total of 7" + b"0" * 30),
    "a section missing": body(
        lambda right: right[: right.index(b"<dl")] + right[right.rindex(b"<dl") :]
    ),
    "counts without entries": body(
        lambda right: right[: right.index(b"<dl")] + b"</div></body></html>"
    ),
    "entries that cannot be read": written(b'title="Abstract"', b'title="Other"'),
    "an entry that cannot be read": written(b'id="2507.10002"', b'id="nonsense"'),
    "an entry twice": written(b"2507.10002", b"2507.10001"),
    "no reason for its emptiness": body(
        lambda right: right[: right.index(b"<div class='paging'")] + b"</div></body></html>"
    ),
    "another of arXiv's pages": body(
        lambda _: b"<!DOCTYPE html><html><body>arXiv<h1>Login</h1></body></html>"
    ),
    "deep": body(lambda right: right.replace(b"<dl", b"<p><b>" * 5000 + b"<dl", 1)),
    "invalid UTF-8": written("Café".encode(), b"Caf\xff\xfe"),
    "Latin-1 said to be UTF-8": written("Café".encode(), "Café".encode("latin-1")),
    "yesterday's": written(b"Friday, 11 July", b"Thursday, 10 July"),
    "of a day to come": written(b"Friday, 11 July 2025", b"Friday, 11 July 2036"),
    "of no day": written(b"Friday, 11 July", b"Friday, 31 June"),
    "of another subject": written(b"/list/cs.DC", b"/list/math.AG"),
}


def stored_before(folder: Path) -> list[Stored]:
    """Keep Thursday's announcement, once of each source; what the store holds then."""
    entries = tuple(
        Entry(f"2507.0000{n}", 1, AnnounceType.NEW, "Gulls", ("Bo Li",), "cs.DC", ("cs.DC",), "")
        for n in range(3)
    )
    listing = Listing("page", ("cs.DC",), THURSDAY, entries)
    with opened(folder) as kept:
        for source in ("page", "feed"):
            stored = Stored(listing._replace(source=source), datetime(2025, 7, 10, 12, tzinfo=UTC))
            kept.keep(("cs.DC",), stored)
    return dump(folder)


def dump(folder: Path) -> list[Stored]:
    """All whole listings that the store holds, however it keeps them."""
    with opened(folder) as kept:
        found = [kept.of_day(("cs.DC",), day) for day in kept.days()]
    return [one for one in found if one]


def outcome(request: Request, arxiv: FakeArxiv, folder: Path) -> tuple[int, str]:
    """The exit code, and what is wrong in one line."""
    complaints: list[str] = []
    try:
        gathered = reading.read(request, arxiv.world(folder, complaints=complaints))
    except DigestError as error:
        code, line = error.exit_code, str(error)
    else:
        code, line = code_of(gathered), said(gathered)
    assert complaints == []
    return code, line


def said(gathered: Gathered) -> str:
    listing = gathered.listing
    return "; ".join([listing.stale or "", *listing.problems, *listing.notes])


def changes_nothing(spoil: Break, source: str, prefix: str, folder: Path) -> None:
    before = stored_before(folder)
    with arxiv_breaking(spoil, prefix) as (arxiv, address):
        settings = arxiv.settings(source)._replace(site=address, feeds=address)
        code, line = outcome(Request(None, ("cs.DC",), settings), arxiv, folder)
    assert dump(folder) == before
    assert code in (1, 75)
    assert line
    assert line.isprintable()


@pytest.mark.parametrize("source", ["feed", "page"])
@pytest.mark.parametrize("spoil", EITHER.values(), ids=EITHER)
def test_an_answer_that_is_broken_changes_nothing(
    spoil: Break, source: str, tmp_path: Path
) -> None:
    changes_nothing(spoil, source, "/", tmp_path)


@pytest.mark.parametrize("spoil", FEED.values(), ids=FEED)
def test_a_feed_that_is_broken_changes_nothing(spoil: Break, tmp_path: Path) -> None:
    changes_nothing(spoil, "feed", "/rss/", tmp_path)


@pytest.mark.parametrize("spoil", PAGE.values(), ids=PAGE)
def test_a_page_that_is_broken_changes_nothing(spoil: Break, tmp_path: Path) -> None:
    changes_nothing(spoil, "page", "/list/", tmp_path)


def test_the_same_answers_unbroken_are_kept(tmp_path: Path) -> None:
    before = stored_before(tmp_path)
    for source in ("feed", "page"):
        with arxiv_breaking(body(lambda right: right)) as (arxiv, address):
            settings = arxiv.settings(source)._replace(site=address, feeds=address)
            assert outcome(Request(None, ("cs.DC",), settings), arxiv, tmp_path)[0] == 0
        with opened(tmp_path) as kept:
            stored = kept.newest(("cs.DC",), source)
        assert stored
        assert (stored.listing.announced, len(stored.listing.entries)) == (FRIDAY, len(PAPERS))
    assert dump(tmp_path) != before


CATCHUP: dict[str, Break] = {
    "of another day": body(lambda right: right.replace(b"Thu, 10 Jul", b"Wed, 09 Jul")),
    "cut": cut(b"<dt>"),
    "empty": body(lambda _: b""),
    "without its entries": body(
        lambda right: right[: right.index(b"<dl")] + b"</div></body></html>"
    ),
    "a 503": status(b"503 Service Unavailable"),
    "past its end": written(b"<dl", b"<p>No further updates</p><!-- ", 1),
}


@pytest.mark.parametrize("spoil", CATCHUP.values(), ids=CATCHUP)
def test_a_catch_up_page_that_is_broken_changes_nothing(spoil: Break, tmp_path: Path) -> None:
    stored_before(tmp_path)
    wednesday = date(2025, 7, 9)
    before = dump(tmp_path)
    with arxiv_breaking(spoil, "/catchup/") as (arxiv, address):
        arxiv.publish(wednesday, *PAPERS)
        arxiv.publish(date(2025, 7, 8), *PAPERS)
        settings = arxiv.settings()._replace(site=address, feeds=address)
        request = Request(None, ("cs.DC",), settings, day=THURSDAY, refresh=True)
        arxiv.publish(THURSDAY, *PAPERS)
        code, line = outcome(request, arxiv, tmp_path)
    assert dump(tmp_path) == before
    assert code in (1, 75)
    assert line.isprintable()


@pytest.mark.parametrize("spoil", [EITHER["403"]], ids=["403"])
def test_nothing_more_is_asked_once_arxiv_forbids_it(spoil: Break, tmp_path: Path) -> None:
    with arxiv_breaking(spoil) as (arxiv, address):
        settings = arxiv.settings()._replace(site=address, feeds=address)
        code, _ = outcome(Request(None, ("cs.DC", "cs.LG"), settings), arxiv, tmp_path)
        assert (code, len(arxiv.asked)) == (1, 1)


COMMANDS = {
    name: EITHER[name]
    for name in (
        "half the body",
        "packed and spoilt",
        "empty",
        "binary",
        "a hotel's page",
        "503 for five minutes",
        "a redirect into a private network",
    )
}


@pytest.mark.parametrize("spoil", COMMANDS.values(), ids=COMMANDS)
def test_the_command_says_in_one_line_what_is_broken(
    spoil: Break, tmp_path: Path, digest: Digest
) -> None:
    with arxiv_breaking(spoil, now=None) as (_, address):
        config = tmp_path / "config.toml"
        config.write_text(f'[fetch]\nsite = "{address}"\nfeeds = "{address}"\ndelay = 0\n')
        ran = digest("today", "cs.DC", "--config", config, environment={"NO_PROXY": "*"})
    assert ran.code in (1, 75)
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert ran.err.startswith("digest: ")
