"""A small arXiv on loopback, with feeds, pages and a clock that can be set.

    with FakeArxiv(datetime(2026, 5, 5, 9, tzinfo=EASTERN)) as arxiv:
        arxiv.publish(date(2026, 5, 5), *papers("2605.1", 3, "cs.DC"), Paper("2605.00009", "cs.LG"))
        arxiv.fault("/rss/", "status", status=503, headers={"Retry-After": "5"}, times=1)
        settings = arxiv.settings()                  # a Fetch that asks here, without delay
        world = arxiv.world(tmp_path, zone="Asia/Kolkata")
        reading.read(Request(None, ("cs.DC",), settings), world)
        arxiv.asked                                  # ["/rss/cs.DC", "/rss/cs.DC"]
        arxiv.requests[0].at, .path, .headers        # by the fake clock; header names in lower case

`arxiv.now` is the instant there, and moves only when it is set or somebody sleeps by
`arxiv.clock()`; `FakeArxiv()` without an instant goes by the real clock, for commands run in a
process of their own. `arxiv.url` serves both pages and feeds. `arxiv.pages_late` delays the pages,
`arxiv.page_size` and `arxiv.feed_size` are the most entries of a page and of a feed.

Of what is published, `/pdf/ID` is a PDF that holds the id.

`publish(day, *papers)` fixes the announcement of a day; nothing else is ever announced, so that a
day left out is a holiday. Pages have it from 20:00 of the evening before, feeds from midnight.

`fault(prefix, kind, times=None, **options)` answers every path with that prefix (or the next
`times` of them) wrongly; the last one set counts, `arxiv.mend()` ends them all:

    status         status=, body=b"", headers={}      this status, as text/plain
    body           body=                              this body, with a 200 and all headers
    change         change=function of bytes           the right body, changed
    without        header=                            the right answer, without this header
    day            day=, change=bytes                 what was served at noon of this day
    unavailable                                       503, Retry-After: 300, as arXiv writes it
    hang-up                                           the connection ends without an answer
    stall                                             the headers, and then nothing
    drip           seconds=0.01                       the body, a byte at a time
    truncate                                          half the body under the whole's length
    short-length                                      a Content-Length of half the body
    cut                                               half the body, with its right length
    bomb           size=1 << 26                       that many zeros, packed by gzip
    double-gzip                                       packed twice, and said to be
    cut-gzip                                          packed, and the end left out
    redirect       to=, status=302                    to this address
"""

import gzip
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from html import escape
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from arxivdigest.arxiv import taxonomy
from arxivdigest.clock import Clock
from arxivdigest.config import Fetch
from arxivdigest.model import AnnounceType
from arxivdigest.reading import World

EASTERN = ZoneInfo("America/New_York")
_DAY = timedelta(days=1)
_OLDEST = timedelta(days=90)
_SHOWS = ("25", "50", "100", "250", "500", "1000", "2000")
_HEADINGS = {
    AnnounceType.NEW: "New submissions",
    AnnounceType.CROSS: "Cross submissions",
    AnnounceType.REPLACE: "Replacement submissions",
}


@dataclass(frozen=True)
class Paper:
    """What is announced: its categories, parted by blanks, the primary one first."""

    arxiv_id: str
    categories: str
    title: str = "On pelicans"
    version: int = 1
    abstract: str = "Of pelicans."
    comments: str = ""

    def announce_type(self, subjects: Sequence[str]) -> AnnounceType | None:
        """What the paper is in a listing of these subjects; None where it is not in it."""
        primary, *others = (
            any(taxonomy.covers(subject, one) for subject in subjects)
            for one in self.categories.split()
        )
        if primary:
            return AnnounceType.NEW if self.version == 1 else AnnounceType.REPLACE
        if any(others):
            return AnnounceType.CROSS if self.version == 1 else AnnounceType.REPLACE_CROSS
        return None


def papers(prefix: str, count: int, categories: str, version: int = 1) -> list[Paper]:
    """So many papers, numbered from one: with the prefix 2605.1 from 2605.10001."""
    return [
        Paper(f"{prefix}{number:0{10 - len(prefix)}}", categories, version=version)
        for number in range(1, count + 1)
    ]


@dataclass(frozen=True)
class Asked:
    """A request: the instant by the fake clock, the path with its query, and the headers."""

    at: datetime
    path: str
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Reply:
    """A status, a body, and headers beside its length."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass
class _Fault:
    prefix: str
    kind: str
    left: int | None
    options: Mapping[str, Any]


class FakeArxiv:
    """The server; it runs within a `with` statement."""

    def __init__(self, now: datetime | None = None) -> None:
        self.requests: list[Asked] = []
        self.pages_late = timedelta()
        self.page_size = 2000
        self.feed_size = 2000
        self._now = now
        self._announcements: dict[date, tuple[Paper, ...]] = {}
        self._faults: list[_Fault] = []
        self._lock = Lock()
        self.ended = Event()
        self._server = _Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def now(self) -> datetime:
        return self._now or datetime.now(UTC)

    @now.setter
    def now(self, instant: datetime) -> None:
        self._now = instant

    @property
    def asked(self) -> list[str]:
        """The paths asked for, in order."""
        return [request.path for request in self.requests]

    def clock(self, zone: str = "UTC") -> Clock:
        """The fake clock for the program, in a time zone; sleeping only moves it on."""

        def sleep(seconds: float) -> None:
            self.now += timedelta(seconds=seconds)

        return Clock(lambda: self.now.astimezone(ZoneInfo(zone)), sleep, lambda: 0.5)

    def world(
        self,
        state: Path,
        zone: str = "UTC",
        said: list[str] | None = None,
        complaints: list[str] | None = None,
    ) -> World:
        """What `reading.read` needs; progress and complaints go to the lists."""
        return World(
            self.clock(zone),
            state,
            ([] if said is None else said).append,
            ([] if complaints is None else complaints).append,
        )

    def settings(self, source: str = "auto", holidays: Iterable[date] = ()) -> Fetch:
        return Fetch(source, self.url, self.url, delay=0, holidays=tuple(holidays))

    def publish(self, day: date, *announced: Paper) -> None:
        self._announcements[day] = announced

    def fault(self, prefix: str, kind: str, *, times: int | None = None, **options: Any) -> None:  # noqa: ANN401 - the options differ from kind to kind
        self._faults.append(_Fault(prefix, kind, times, options))

    def mend(self) -> None:
        self._faults.clear()

    def ids(self, day: date, *subjects: str) -> list[str]:
        """What a digest of the day must hold, in the order of the identifiers."""
        return sorted(paper.arxiv_id for paper, _ in self._listed(day, subjects))

    def reply(self, path: str, headers: Mapping[str, str]) -> tuple[Reply, _Fault | None]:
        """The answer to a request, which is recorded, and the fault to send it with."""
        with self._lock:
            self.requests.append(Asked(self.now, path, headers))
            fault = next(
                (
                    one
                    for one in reversed(self._faults)
                    if path.startswith(one.prefix) and one.left != 0
                ),
                None,
            )
            if fault and fault.left:
                fault.left -= 1
        at = self.now
        if fault and fault.kind == "day":
            at = datetime.combine(fault.options["day"], time(12), EASTERN)
        reply = self._right(path, headers, at)
        if fault:
            reply = _spoilt(reply, fault)
        return reply, fault

    def _right(self, path: str, headers: Mapping[str, str], at: datetime) -> Reply:
        if "if-modified-since" in headers:  # arXiv answers it the wrong way round
            return Reply(304, b"")
        parts = urlsplit(path)
        query = dict(parse_qsl(parts.query))
        match unquote(parts.path).split("/")[1:]:
            case ["rss", subjects]:
                return self._feed(subjects.split("+"), headers, at)
            case ["list", subject, "new"]:
                return self._aliased(subject, path) or self._new(subject, query, at)
            case ["catchup", subject, day]:
                return self._aliased(subject, path) or self._catchup(subject, day, query, at)
            case ["pdf", *arxiv_id]:
                return self._pdf("/".join(arxiv_id))
        return Reply(404, b"Not found")

    def _pdf(self, arxiv_id: str) -> Reply:
        announced = (paper for papers in self._announcements.values() for paper in papers)
        if arxiv_id.partition("v")[0] not in {paper.arxiv_id for paper in announced}:
            return Reply(404, b"<!DOCTYPE html><html>Not found</html>")
        body = f"%PDF-1.5\n{arxiv_id}\n%%EOF\n".encode()
        return Reply(200, body, {"Content-Type": "application/pdf"})

    def _listed(self, day: date, subjects: Sequence[str]) -> list[tuple[Paper, AnnounceType]]:
        types = list(AnnounceType)
        listed = [
            (paper, announce_type)
            for paper in self._announcements.get(day, ())
            if (announce_type := paper.announce_type(subjects))
        ]
        return sorted(listed, key=lambda one: (types.index(one[1]), one[0].arxiv_id))

    def _feed(self, subjects: list[str], headers: Mapping[str, str], at: datetime) -> Reply:
        try:
            known = [taxonomy.subject(subject) for subject in subjects]
        except ValueError as error:
            return Reply(400, _rss(f"Feed error for query: {subjects}", str(error), at, ()))
        day = at.astimezone(EASTERN).date()
        listed = self._listed(day, known)
        items = (_item(paper, announce_type, day) for paper, announce_type in listed)
        kept = list(items)[max(0, len(listed) - self.feed_size) :]
        title = f"{', '.join(known)} updates on arXiv.org"
        body = _rss(title, "updates on the arXiv.org e-print archive.", at, kept)
        etag = sha256(body).hexdigest()[:32]
        left = datetime.combine(day + _DAY, time(), EASTERN).astimezone(UTC) - at.astimezone(UTC)
        about = {"ETag": etag, "Cache-Control": f"max-age={int(left.total_seconds())}"}
        if headers.get("if-none-match") == etag:
            return Reply(304, b"", about)
        return Reply(200, body, {"Content-Type": "application/rss+xml", **about})

    def _aliased(self, subject: str, path: str) -> Reply | None:
        if subject not in (*taxonomy.CATEGORIES, *taxonomy.ARCHIVES):
            return _refusal(f"Invalid archive or category: {subject}")
        canonical = taxonomy.canonical(subject)
        if canonical == subject:
            return None
        return Reply(301, b"", {"Location": path.replace(f"/{subject}/", f"/{canonical}/", 1)})

    def _new(self, subject: str, query: Mapping[str, str], at: datetime) -> Reply:
        if not {"skip", "show"}.issuperset(query) or query.get("show", "2000") not in _SHOWS:
            return _refusal("Invalid show")
        day = self._on_pages(at)
        if day is None:
            return _refusal("Invalid: nothing was ever announced")
        listed = self._listed(day, [subject])
        skip = int(query.get("skip", "0"))
        show = min(int(query.get("show", "2000")), self.page_size)
        heading = (
            f'<h1>Birds</h1><p>See <a href="/list/{subject}/recent">recent</a> articles</p>\n'
            f"<h3>Showing new listings for {day:%A}, {day.day} {day:%B %Y}</h3>\n"
        )
        total = f"<div class='paging'>Total of {len(listed)} entries\n"
        if skip and skip >= len(listed):
            total += f"<span>{skip + 1}-{len(listed)}</span>"
        empty = "<p>No updates today.</p>"
        return _page(f"{heading}{total if listed else '<div>'}</div>", listed, skip, show, empty)

    def _catchup(self, subject: str, written: str, query: Mapping[str, str], at: datetime) -> Reply:
        day = date.fromisoformat(written)
        if day < at.astimezone(EASTERN).date() - _OLDEST:
            return _refusal(f"Invalid date: {written}. Catchup only allowed for past 90 days")
        if day > at.astimezone(UTC).date():
            return _refusal(f"Invalid date: {written}. Can't request date later than today")
        if query.get("abs") not in ("True", "False") or not {"abs", "page"}.issuperset(query):
            return _refusal("Invalid query parameter")
        newest = self._on_pages(at)
        listed = self._listed(day, [subject]) if newest and day <= newest else []
        on = f"{day:%a, %d %b %Y}"
        heading = (
            f"<h1>Catchup results for Birds on {on}</h1>\n"
            f'<div><a href="/catchup/{subject}/{written}?abs=True">1</a></div>\n'
            f"<div>Total of {len(listed)} entries for {on}</div>\n"
        )
        skip = (int(query.get("page", "1")) - 1) * self.page_size
        empty = f"<p>No {'further ' if skip else ''}updates for {on}.</p>"
        return _page(heading, listed, skip, self.page_size, empty)

    def _on_pages(self, at: datetime) -> date | None:
        """The day of the newest announcement on the pages."""
        public = at - self.pages_late
        days = (
            day
            for day in self._announcements
            if datetime.combine(day - _DAY, time(20), EASTERN) <= public
        )
        return max(days, default=None)


def _refusal(heading: str) -> Reply:
    return Reply(400, _html(f"<h1>{escape(heading)}</h1>").encode())


def _html(content: str) -> str:
    return f"<!DOCTYPE html>\n<html><body>arXiv\n{content}\n</body></html>\n"


def _page(
    heading: str,
    listed: Sequence[tuple[Paper, AnnounceType]],
    skip: int,
    show: int,
    empty: str,
) -> Reply:
    shown = listed[skip : skip + show]
    sections = "".join(_sections(listed, skip, show)) if shown else empty
    body = _html(f"<div id='dlpage'>\n{heading}{sections}</div>")
    return Reply(200, body.encode(), {"Content-Type": "text/html; charset=utf-8"})


def _sections(listed: Sequence[tuple[Paper, AnnounceType]], skip: int, show: int) -> Iterable[str]:
    start = 0
    for first, heading in _HEADINGS.items():
        of_section = [paper for paper, one in listed if one.removesuffix("-cross") == first]
        here = of_section[max(0, skip - start) : max(0, skip + show - start)]
        if here:
            count = f"{_which(skip - start, len(here), len(of_section))}{len(here)}"
            continued = "continued, " if skip > start else ""
            said = f"{continued}showing {count} of {len(of_section)} entries"
            entries = "".join(_entry(paper, first) for paper in here)
            yield f"<dl id='articles'>\n<h3>{heading} ({said})</h3>\n{entries}</dl>\n"
        start += len(of_section)


def _which(skipped: int, shown: int, total: int) -> str:
    if shown == total:
        return ""
    return "last " if skipped > 0 and skipped + shown == total else "first " * (skipped <= 0)


def _entry(paper: Paper, announce_type: AnnounceType) -> str:
    primary, *others = paper.categories.split()
    kinds = {
        AnnounceType.CROSS: f"(cross-list from {primary})",
        AnnounceType.REPLACE: "(replaced)",
    }
    secondary = "".join(f"; {_label(category)}" for category in others)
    comments = (
        "<div class='list-comments mathjax'><span class='descriptor'>Comments:</span>"
        f"{escape(paper.comments)}</div>"
        if paper.comments
        else ""
    )
    return f"""<dt><a name='item'>[1]</a>
<a href ="/abs/{paper.arxiv_id}" title="Abstract" id="{paper.arxiv_id}">arXiv:{paper.arxiv_id}</a>
{kinds.get(announce_type, "")}
[<a href="/pdf/{paper.arxiv_id}" title="Download PDF">pdf</a>,
<a href="https://arxiv.org/html/{paper.arxiv_id}v{paper.version}" title="View HTML">html</a>]</dt>
<dd><div class='meta'><div class='list-title mathjax'><span class='descriptor'>Title:</span>
{escape(paper.title)}</div>
<div class='list-authors'><a href="https://arxiv.org/search/">Ann Lee</a></div>
{comments}<div class='list-subjects'><span class='descriptor'>Subjects:</span>
<span class="primary-subject">{_label(primary)}</span>{secondary}</div>
<p class='mathjax'>{escape(paper.abstract)}</p></div></dd>
"""


def _label(category: str) -> str:
    known = taxonomy.CATEGORIES.get(category)
    return f"{known.name if known else 'Birds'} ({category})"


def _rss(title: str, description: str, at: datetime, items: Iterable[str]) -> bytes:
    midnight = _midnight(at.astimezone(EASTERN).date())
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"\
 xmlns:atom="http://www.w3.org/2005/Atom" version="2.0">
  <channel>
    <title>{escape(title)}</title>
    <link>http://rss.arxiv.org/rss/</link>
    <description>{escape(description)}</description>
    <language>en-us</language>
    <lastBuildDate>{midnight}</lastBuildDate>
    <pubDate>{midnight}</pubDate>
    <skipDays><day>Sunday</day><day>Saturday</day></skipDays>
{"".join(items)}  </channel>
</rss>
""".encode()


def _midnight(day: date) -> str:
    return f"{datetime.combine(day, time(), EASTERN):%a, %d %b %Y %H:%M:%S %z}"


def _item(paper: Paper, announce_type: AnnounceType, day: date) -> str:
    categories = "".join(f"<category>{one}</category>" for one in paper.categories.split())
    return f"""<item><title>{escape(paper.title)}</title>
<link>https://arxiv.org/abs/{paper.arxiv_id}</link>
<description>arXiv:{paper.arxiv_id}v{paper.version} Announce Type: {announce_type}\x20
Abstract: {escape(paper.abstract)}</description>
<guid isPermaLink="false">oai:arXiv.org:{paper.arxiv_id}v{paper.version}</guid>
{categories}<pubDate>{_midnight(day)}</pubDate>
<arxiv:announce_type>{announce_type}</arxiv:announce_type>
<dc:rights>http://creativecommons.org/licenses/by/4.0/</dc:rights>
<dc:creator>Ann Lee</dc:creator></item>
"""


def _spoilt(reply: Reply, fault: _Fault) -> Reply:
    """The reply with what the fault changes in its status, body or headers."""
    options = fault.options
    packed = {"Content-Encoding": "gzip", **reply.headers}
    changes: dict[str, Callable[[], Reply]] = {
        "status": lambda: Reply(
            options["status"], options.get("body", b""), options.get("headers", {})
        ),
        "body": lambda: Reply(200, options["body"], reply.headers),
        "change": lambda: Reply(reply.status, options["change"](reply.body), reply.headers),
        "day": lambda: Reply(reply.status, options.get("change", bytes)(reply.body), reply.headers),
        "without": lambda: Reply(
            reply.status,
            reply.body,
            {name: one for name, one in reply.headers.items() if name != options["header"]},
        ),
        "unavailable": lambda: Reply(
            503, b"This listing is temporarily unavailable; please retry", {"Retry-After": "300"}
        ),
        "cut": lambda: Reply(200, reply.body[: len(reply.body) // 2], reply.headers),
        "bomb": lambda: Reply(200, gzip.compress(bytes(options.get("size", 1 << 26))), packed),
        "double-gzip": lambda: Reply(
            200,
            gzip.compress(gzip.compress(reply.body)),
            {**reply.headers, "Content-Encoding": "gzip, gzip"},
        ),
        "cut-gzip": lambda: Reply(200, gzip.compress(reply.body)[:-12], packed),
        "redirect": lambda: Reply(options.get("status", 302), b"", {"Location": options["to"]}),
    }
    change = changes.get(fault.kind)
    if change is None and fault.kind not in _SENT_WRONGLY:
        raise ValueError(fault.kind)
    return change() if change else reply


_SENT_WRONGLY = ("hang-up", "stall", "drip", "truncate", "short-length")


class _Server(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, arxiv: FakeArxiv) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.arxiv = arxiv


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self.close_connection = True
        arxiv = self.server.arxiv
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply, fault = arxiv.reply(self.path, headers)
        kind = fault.kind if fault else ""
        if kind == "hang-up":
            return
        length = len(reply.body) // 2 if kind == "short-length" else len(reply.body)
        self.send_response(reply.status)
        for name, value in {**reply.headers, "Content-Length": length}.items():
            if reply.status != HTTPStatus.NOT_MODIFIED or name != "Content-Length":
                self.send_header(name, str(value))
        self.send_header("Connection", "close")
        self.end_headers()
        self._send(reply.body, kind, fault.options if fault else {})

    def _send(self, body: bytes, kind: str, options: Mapping[str, Any]) -> None:
        ended = self.server.arxiv.ended
        if kind == "stall":
            ended.wait()
        elif kind == "drip":
            for at in range(len(body)):
                if ended.wait(options.get("seconds", 0.01)):
                    return
                self.wfile.write(body[at : at + 1])
        else:
            self.wfile.write(body[: len(body) // 2] if kind == "truncate" else body)

    def handle(self) -> None:
        with suppress(ConnectionError):  # a client that has read enough
            super().handle()

    def log_message(self, *_: object) -> None:
        """Tests look at the requests instead."""
