from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv, papers

from arxivdigest import PROJECT_URL, __version__, reading
from arxivdigest.clock import Clock
from arxivdigest.deadline import Patience
from arxivdigest.errors import (
    ForbiddenError,
    ListingError,
    TryAgainError,
    UnreachableError,
    UsageError,
)
from arxivdigest.fetch.http import Answer, Limits
from arxivdigest.fetch.manners import Manners, pause_before
from arxivdigest.reading import Request
from arxivdigest.store.file import opened
from arxivdigest.store.listings import Store

START = datetime(2026, 5, 5, 12, tzinfo=UTC)


@pytest.fixture
def arxiv(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeArxiv]:
    monkeypatch.setenv("NO_PROXY", "*")
    with FakeArxiv(START) as fake:
        fake.publish(START.date(), *papers("2605.1", 2, "cs.DC"))
        yield fake


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path / "state") as store:
        yield store


def manners(
    arxiv: FakeArxiv,
    store: Store,
    *,
    clock: Clock | None = None,
    said: list[str] | None = None,
    limits: Limits | None = None,
) -> Manners:
    settings = arxiv.settings()._replace(delay=3)
    say = ([] if said is None else said).append
    return Manners(store, settings, clock or arxiv.clock(), say, limits)


def ask(arxiv: FakeArxiv, store: Store, clock: Clock | None = None) -> Answer:
    return manners(arxiv, store, clock=clock).ask(f"{arxiv.url}/rss/cs.DC")


def pauses(arxiv: FakeArxiv) -> list[float]:
    """The seconds between the requests, by the fake clock."""
    times = [request.at for request in arxiv.requests]
    return [(after - before).total_seconds() for before, after in pairwise(times)]


def test_requests_are_as_far_apart_as_configured(arxiv: FakeArxiv, store: Store) -> None:
    asking = manners(arxiv, store)
    for path in ("/rss/cs.DC", "/list/cs.DC/new", "/nowhere"):
        asking.ask(arxiv.url + path)
    assert pauses(arxiv) == [3, 3]


@pytest.mark.parametrize(("passed", "pause"), [(0, 3), (2, 3), (3, 3), (10, 10), (-7200, -7197)])
def test_only_the_rest_of_a_pause_is_waited_for(
    arxiv: FakeArxiv, store: Store, passed: float, pause: float
) -> None:
    asking = manners(arxiv, store)
    asking.ask(f"{arxiv.url}/rss/cs.DC")
    arxiv.now += timedelta(seconds=passed)
    asking.ask(f"{arxiv.url}/rss/cs.DC")
    assert pauses(arxiv) == [pause]


def test_the_pause_holds_between_two_runs(arxiv: FakeArxiv, tmp_path: Path) -> None:
    for _ in range(3):
        with opened(tmp_path / "state") as store:
            manners(arxiv, store).ask(f"{arxiv.url}/rss/cs.DC")
    assert pauses(arxiv) == [3, 3]


@pytest.mark.parametrize(
    ("url", "delay", "pause"),
    [
        ("https://arxiv.org/list/cs.DC/new", 3, 15),
        ("https://ARXIV.org:443/list/cs.DC/new", 3, 15),
        ("https://arxiv.org./list/cs.DC/new", 0, 15),
        ("https://www.arxiv.org/list/cs.DC/new", 3, 15),
        ("https://arxiv.org/catchup/cs.DC/2026-05-05?abs=True", 20, 20),
        ("https://rss.arxiv.org/rss/cs.DC", 3, 3),
        ("https://export.arxiv.org/list/cs.DC/new", 3, 3),
        ("https://example.org/arxiv.org/", 3, 3),
        ("http://127.0.0.1:8000/list/cs.DC/new", 0, 0),
    ],
)
def test_pages_of_arxiv_are_asked_for_more_slowly(url: str, delay: float, pause: float) -> None:
    assert pause_before(url, delay) == pause


def test_without_a_network_it_is_said_at_once_and_nobody_is_spared(
    arxiv: FakeArxiv, store: Store
) -> None:
    before = arxiv.now
    with pytest.raises(UnreachableError, match="cannot be reached"):
        manners(arxiv, store).ask("http://127.0.0.1:9/rss/cs.DC")
    assert arxiv.now == before
    assert not store.last_request()


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_a_status_that_goes_by_itself_is_tried_three_times(
    arxiv: FakeArxiv, store: Store, status: int
) -> None:
    arxiv.fault("/", "status", status=status)
    with pytest.raises(TryAgainError, match=rf"answered {status} \(.*; try again in a few minutes"):
        ask(arxiv, store)
    assert arxiv.asked == ["/rss/cs.DC"] * 3


@pytest.mark.parametrize("kind", ["hang-up", "truncate", "cut-gzip"])
def test_a_broken_answer_is_tried_three_times(arxiv: FakeArxiv, store: Store, kind: str) -> None:
    arxiv.fault("/", kind)
    with pytest.raises(TryAgainError):
        ask(arxiv, store)
    assert arxiv.asked == ["/rss/cs.DC"] * 3


@pytest.mark.parametrize(
    ("kind", "limits"),
    [("stall", Limits(silence=0.1)), ("stall", Limits(seconds=0.1)), ("drip", Limits(seconds=0.1))],
)
def test_a_slow_answer_is_tried_three_times(
    arxiv: FakeArxiv, store: Store, kind: str, limits: Limits
) -> None:
    arxiv.fault("/", kind)
    with pytest.raises(TryAgainError):
        manners(arxiv, store, limits=limits).ask(f"{arxiv.url}/rss/cs.DC")
    assert arxiv.asked == ["/rss/cs.DC"] * 3


@pytest.mark.parametrize("failures", [1, 2])
def test_a_later_try_gives_the_answer(arxiv: FakeArxiv, store: Store, failures: int) -> None:
    arxiv.fault("/", "status", status=503, times=failures)
    assert ask(arxiv, store).status == 200
    assert len(arxiv.requests) == failures + 1


@pytest.mark.parametrize(
    ("chance", "expected"), [(0.0, [3, 6]), (0.5, [4.5, 9]), (0.9, [5.7, 11.4])]
)
@pytest.mark.parametrize("kind", ["status", "hang-up"])
def test_the_pauses_between_tries_grow_and_are_spread_by_chance(
    arxiv: FakeArxiv, store: Store, kind: str, chance: float, expected: list[float]
) -> None:
    arxiv.fault("/", kind, status=503)
    with pytest.raises(TryAgainError):
        ask(arxiv, store, arxiv.clock()._replace(chance=lambda: chance))
    assert pauses(arxiv) == pytest.approx(expected)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("retry_after", "expected"),
    [
        ("5", [5, 5]),
        (" 005 ", [5, 5]),
        ("120", [120, 120]),
        ("0", [3, 3]),  # never less than the pause between any two requests
        ("Tue, 05 May 2026 12:01:40 GMT", [100, 3]),
        ("Tue, 05 May 2026 14:01:40 +0200", [100, 3]),
        ("Tuesday, 05-May-26 12:01:40 GMT", [100, 3]),
        ("Tue, 05 May 2026 11:00:00 GMT", [3, 3]),
        # What means nothing is as good as nothing.
        ("", [4.5, 9]),
        ("soon", [4.5, 9]),
        ("-5", [4.5, 9]),
        ("1.5", [4.5, 9]),
        ("5, 10", [4.5, 9]),
        ("Tue, 35 May 2026 12:00:00 GMT", [4.5, 9]),
        ("Tue, 05 May 2026 12:01:40 -0000", [4.5, 9]),
    ],
)
def test_a_retry_after_is_obeyed(
    arxiv: FakeArxiv, store: Store, status: int, retry_after: str, expected: list[float]
) -> None:
    arxiv.fault("/", "status", status=status, headers={"Retry-After": retry_after})
    with pytest.raises(TryAgainError):
        ask(arxiv, store)
    assert pauses(arxiv) == expected


@pytest.mark.parametrize(
    ("retry_after", "until"),
    [
        ("121", "Tue 5 May 17:32"),
        ("3600", "Tue 5 May 18:30"),
        ("86400", "Wed 6 May 17:30"),
        ("Tue, 05 May 2026 12:02:01 GMT", "Tue 5 May 17:32"),
        ("Tue, 05 May 2026 14:00:00 GMT", "Tue 5 May 19:30"),
        ("99999999", "Wed 6 May 17:30"),
        ("9" * 400, "Wed 6 May 17:30"),
        ("Fri, 31 Dec 9999 23:59:59 GMT", "Wed 6 May 17:30"),
    ],
)
def test_a_long_retry_after_ends_the_asking_and_says_when_to_come_back(
    arxiv: FakeArxiv, store: Store, retry_after: str, until: str
) -> None:
    arxiv.fault("/", "status", status=503, headers={"Retry-After": retry_after})
    with pytest.raises(TryAgainError) as raised:
        ask(arxiv, store, arxiv.clock("Asia/Kolkata"))
    assert raised.value.exit_code == 75
    assert str(raised.value) == (
        f"{arxiv.url.removeprefix('http://')} answered 503 (Service Unavailable) to"
        f" {arxiv.url}/rss/cs.DC; it asks you not to try again before {until}"
    )
    assert len(arxiv.requests) == 1
    assert arxiv.now == START


@pytest.mark.parametrize("status", [204, 300, 400, 401, 404, 410, 451])
def test_any_other_status_is_an_answer_at_once(arxiv: FakeArxiv, store: Store, status: int) -> None:
    arxiv.fault("/", "status", status=status, headers={"Retry-After": "5"})
    assert ask(arxiv, store).status == status
    assert len(arxiv.requests) == 1
    assert arxiv.now == START


@pytest.mark.parametrize("kind", ["double-gzip", "bomb"])
def test_an_answer_that_is_wrong_is_not_asked_for_again(
    arxiv: FakeArxiv, store: Store, kind: str
) -> None:
    arxiv.fault("/", kind)
    with pytest.raises(ListingError):
        ask(arxiv, store)
    assert len(arxiv.requests) == 1


@pytest.mark.parametrize("source", ["auto", "feed", "page"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html><html>Forbidden</html>",
        b'<rss version="2.0"><channel><title>Feed error for query: cs.DC</title></channel></rss>',
    ],
    ids=["nothing", "page", "feed"],
)
def test_a_403_ends_everything(arxiv: FakeArxiv, tmp_path: Path, source: str, body: bytes) -> None:
    arxiv.fault("/", "status", status=403, body=body)
    request = Request(None, ("cs.DC", "cs.LG"), arxiv.settings(source))
    with pytest.raises(ForbiddenError, match="asks you to stop"):
        reading.read(request, arxiv.world(tmp_path))
    assert len(arxiv.requests) == 1


@pytest.mark.parametrize("etag", [None, "abc", '"abc"', 'W/"abc"'])
def test_an_etag_is_sent_where_one_is_known(
    arxiv: FakeArxiv, store: Store, etag: str | None
) -> None:
    arxiv.fault("/", "status", status=503, times=1)
    manners(arxiv, store).ask(f"{arxiv.url}/rss/cs.DC", etag)
    assert [request.headers.get("if-none-match") for request in arxiv.requests] == [etag, etag]


def test_an_answer_that_nothing_has_changed_is_an_answer(arxiv: FakeArxiv, store: Store) -> None:
    asking = manners(arxiv, store)
    etag = asking.ask(f"{arxiv.url}/rss/cs.DC").headers["etag"]
    answer = asking.ask(f"{arxiv.url}/rss/cs.DC", etag)
    assert answer.is_unchanged
    assert not answer.is_error
    assert len(arxiv.requests) == 2


def test_every_request_says_who_asks_and_none_asks_by_date(
    arxiv: FakeArxiv, tmp_path: Path
) -> None:
    arxiv.fault("/rss", "status", status=503)
    for source in ("auto", "feed", "page"):
        request = Request(None, ("cs.DC",), arxiv.settings(source), refresh=True)
        reading.read(request, arxiv.world(tmp_path))
    assert len(arxiv.requests) > 6
    for asked in arxiv.requests:
        assert asked.headers["user-agent"] == f"arxivdigest/{__version__} (+{PROJECT_URL})"
        assert "if-modified-since" not in asked.headers


def test_progress_says_what_is_waited_for_and_is_wiped(arxiv: FakeArxiv, store: Store) -> None:
    arxiv.fault("/", "status", status=503, times=1)
    said: list[str] = []
    asking = manners(arxiv, store, said=said)
    url = f"{arxiv.url}/rss/cs.DC"
    asking.ask(url)
    asking.ask(url, None, "feed of cs.DC")
    assert said == [
        *(url, ""),
        *(f"{url}  waiting to try again", ""),
        *(url, f"{url}  2 KB", ""),
        *("feed of cs.DC  waiting, as arXiv asks", ""),
        *("feed of cs.DC", "feed of cs.DC  2 KB", ""),
    ]


@pytest.mark.parametrize("url", ["http://[", "https://", "file:///etc/passwd", "http://a b/"])
def test_what_is_no_address_is_wrong_usage(arxiv: FakeArxiv, store: Store, url: str) -> None:
    with pytest.raises(UsageError):
        manners(arxiv, store).ask(url)
    assert store.last_request() is None


def test_an_address_is_asked_for_with_the_configured_delay(
    arxiv: FakeArxiv, tmp_path: Path
) -> None:
    arxiv.fault("/", "status", status=503, times=2)
    settings = arxiv.settings()._replace(delay=8)
    request = Request(f"{arxiv.url}/list/cs.DC/new", (), settings)
    for _ in range(2):
        gathered = reading.read(request, arxiv.world(tmp_path))
        assert len(gathered.listing.entries) == 2
    assert pauses(arxiv) == [12, 24, 8]


def test_a_long_rest_is_remembered_by_the_next_run(arxiv: FakeArxiv, tmp_path: Path) -> None:
    arxiv.fault("/", "status", status=503, headers={"Retry-After": "600"}, times=1)
    for _ in range(2):
        with opened(tmp_path / "state") as store, pytest.raises(TryAgainError) as raised:
            manners(arxiv, store).ask(f"{arxiv.url}/rss/cs.DC")
    assert str(raised.value).endswith("asked not to be asked again before Tue 5 May 12:10")
    assert len(arxiv.requests) == 1
    arxiv.now += timedelta(seconds=600)
    with opened(tmp_path / "state") as store:
        assert manners(arxiv, store).ask(f"{arxiv.url}/rss/cs.DC").status == 200


def test_a_moment_of_next_year_has_its_year(arxiv: FakeArxiv, store: Store) -> None:
    arxiv.now = datetime(2026, 12, 31, 20, tzinfo=UTC)
    arxiv.fault("/", "status", status=503, headers={"Retry-After": "99999999"})
    for said in ("it asks you not to try again", "asked not to be asked again"):
        with pytest.raises(TryAgainError, match=f"{said} before Fri 1 Jan 2027 20:00$"):
            ask(arxiv, store)
    assert len(arxiv.requests) == 1


@pytest.mark.parametrize(
    ("minutes", "insists", "is_asked"),
    [(59, True, False), (60, True, True), (60, False, False), (1439, False, False)],
)
def test_whoever_insists_is_heard_once_the_first_hour_is_over(
    arxiv: FakeArxiv, tmp_path: Path, minutes: int, *, insists: bool, is_asked: bool
) -> None:
    arxiv.fault("/", "status", status=503, headers={"Retry-After": "99999999"}, times=1)
    request = Request(None, ("cs.DC",), arxiv.settings("feed"))
    for refresh in (False, insists):
        with suppress(TryAgainError):
            reading.read(request._replace(refresh=refresh), arxiv.world(tmp_path))
        arxiv.now += timedelta(minutes=minutes)
    assert len(arxiv.requests) == 1 + is_asked


def test_a_rest_ends_after_a_day_whatever_was_asked_for(arxiv: FakeArxiv, store: Store) -> None:
    arxiv.fault("/", "status", status=503, headers={"Retry-After": "99999999"}, times=1)
    with pytest.raises(TryAgainError):
        ask(arxiv, store)
    arxiv.now += timedelta(days=1)
    assert ask(arxiv, store).status == 200


def test_a_clock_set_back_leaves_no_server_alone_for_longer(arxiv: FakeArxiv, store: Store) -> None:
    arxiv.fault("/", "status", status=503, headers={"Retry-After": "86400"}, times=1)
    with pytest.raises(TryAgainError):
        ask(arxiv, store)
    arxiv.now -= timedelta(days=1)
    assert ask(arxiv, store).status == 200


def test_a_redirect_waits_as_any_request_does(arxiv: FakeArxiv, store: Store) -> None:
    arxiv.fault("/list/cs.DC", "redirect", to="/rss/cs.DC")
    assert manners(arxiv, store).ask(f"{arxiv.url}/list/cs.DC/new").status == 200
    assert arxiv.asked == ["/list/cs.DC/new", "/rss/cs.DC"]
    assert pauses(arxiv) == [3]


def patient(arxiv: FakeArxiv, store: Store, patience: Patience, seconds: float = 30.0) -> Manners:
    settings = arxiv.settings()._replace(delay=3)
    limits = Limits(seconds=seconds)
    return Manners(store, settings, arxiv.clock(), lambda _: None, limits, patience=patience)


@pytest.mark.parametrize("kind", ["stall", "drip"])
def test_all_of_a_runs_waiting_has_an_end(arxiv: FakeArxiv, store: Store, kind: str) -> None:
    arxiv.fault("/", kind)
    asking = patient(arxiv, store, Patience(10.0), seconds=0.2)
    for path in ("/rss/cs.DC", "/list/cs.DC/new", "/list/cs.LG/new"):
        with pytest.raises(TryAgainError):
            asking.ask(arxiv.url + path)
    # Of nine, by how busy this machine is: after these, each pause would be too long.
    assert len(arxiv.requests) in (4, 5)


def test_whoever_has_waited_enough_asks_nobody(arxiv: FakeArxiv, store: Store) -> None:
    with pytest.raises(TryAgainError, match="this run has waited three minutes in all"):
        patient(arxiv, store, Patience(0.0)).ask(f"{arxiv.url}/rss/cs.DC")
    assert arxiv.requests == []


def test_what_the_server_asks_to_wait_is_counted(arxiv: FakeArxiv, store: Store) -> None:
    arxiv.fault("/", "status", status=503, headers={"Retry-After": "100"})
    patience = Patience(150.0)
    with pytest.raises(TryAgainError, match="503"):
        patient(arxiv, store, patience).ask(f"{arxiv.url}/rss/cs.DC")
    assert pauses(arxiv) == [100]
    assert 49 < patience.left <= 50


def test_the_pauses_between_many_pages_are_not_counted(arxiv: FakeArxiv, store: Store) -> None:
    patience = Patience(20.0)
    asking = patient(arxiv, store, patience)
    for _ in range(30):
        asking.ask(f"{arxiv.url}/list/cs.DC/new")
    assert pauses(arxiv) == [3] * 29
    assert patience.left == 20.0
