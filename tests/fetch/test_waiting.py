from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fake_arxiv import EASTERN, FakeArxiv, papers
from ran import code_of

from arxivdigest import reading
from arxivdigest.errors import ForbiddenError, TryAgainError
from arxivdigest.reading import Request
from arxivdigest.verdict import Gathered

TUESDAY = date(2026, 5, 5)
WEDNESDAY = date(2026, 5, 6)
FRIDAY = date(2026, 5, 8)
MONDAY = date(2026, 5, 11)


def eastern(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=EASTERN)


@pytest.fixture
def arxiv(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeArxiv]:
    monkeypatch.setenv("NO_PROXY", "*")
    with FakeArxiv(eastern(TUESDAY, 9)) as fake:
        for number, day in enumerate((TUESDAY, WEDNESDAY, FRIDAY, MONDAY), start=1):
            fake.publish(day, *papers(f"2605.{number}", 3, "cs.DC"))
        yield fake


def waited(
    arxiv: FakeArxiv,
    state: Path,
    source: str = "auto",
    zone: str = "UTC",
    said: list[str] | None = None,
) -> Gathered:
    request = Request(None, ("cs.DC",), arxiv.settings(source))
    return reading.wait(request, arxiv.world(state, zone, said))


def polls(arxiv: FakeArxiv, since: datetime) -> list[str]:
    """The times from that instant on, in New York, at which anything was asked."""
    times = [request.at.astimezone(EASTERN) for request in arxiv.requests if request.at >= since]
    return [f"{at:%H:%M}" for at in dict.fromkeys(times)]


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Asia/Kolkata", "America/New_York"])
@pytest.mark.parametrize("source", ["auto", "page"])
def test_the_next_announcement_is_shown_when_it_comes_out(
    arxiv: FakeArxiv, tmp_path: Path, source: str, zone: str
) -> None:
    gathered = waited(arxiv, tmp_path, source, zone)
    assert gathered.listing.announced == WEDNESDAY
    assert len(gathered.listing.entries) == 3
    assert (code_of(gathered), gathered.listing.stale) == (0, None)
    assert polls(arxiv, eastern(TUESDAY, 10)) == ["20:00"]


def test_a_feed_is_waited_for_until_midnight(arxiv: FakeArxiv, tmp_path: Path) -> None:
    assert waited(arxiv, tmp_path, "feed").listing.announced == WEDNESDAY
    assert polls(arxiv, eastern(TUESDAY, 10)) == ["00:00"]


def test_what_comes_late_is_asked_for_every_five_minutes(arxiv: FakeArxiv, tmp_path: Path) -> None:
    arxiv.pages_late = timedelta(minutes=17)
    assert waited(arxiv, tmp_path, "page").listing.announced == WEDNESDAY
    assert polls(arxiv, eastern(TUESDAY, 10)) == ["20:00", "20:05", "20:10", "20:15", "20:20"]


def test_what_should_be_out_already_is_what_is_waited_for(arxiv: FakeArxiv, tmp_path: Path) -> None:
    arxiv.now = eastern(TUESDAY, 20, 2)
    arxiv.pages_late = timedelta(minutes=6)
    assert waited(arxiv, tmp_path, "page").listing.announced == WEDNESDAY
    assert polls(arxiv, eastern(TUESDAY, 10)) == ["20:02", "20:07"]


def test_a_weekend_is_waited_through(arxiv: FakeArxiv, tmp_path: Path) -> None:
    arxiv.now = eastern(FRIDAY, 12)
    assert waited(arxiv, tmp_path).listing.announced == MONDAY
    assert arxiv.now == eastern(MONDAY - timedelta(days=1), 20)


def test_waiting_ends_three_hours_after_it_was_due(arxiv: FakeArxiv, tmp_path: Path) -> None:
    arxiv.pages_late = timedelta(hours=5)
    with pytest.raises(TryAgainError, match=r"^Wed 6 May 2026 is still not out; "):
        waited(arxiv, tmp_path, "page")
    assert arxiv.now == eastern(TUESDAY, 23)
    asked = [request.at for request in arxiv.requests]
    assert min(after - before for before, after in pairwise(asked)) == timedelta(minutes=5)


def test_waiting_goes_on_while_arxiv_cannot_answer(arxiv: FakeArxiv, tmp_path: Path) -> None:
    clock = arxiv.clock()

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if eastern(TUESDAY, 20) <= arxiv.now < eastern(TUESDAY, 20, 5):
            arxiv.fault("/", "hang-up", times=6)

    world = arxiv.world(tmp_path / "none")._replace(clock=clock._replace(sleep=sleep))
    (tmp_path / "none").touch()
    gathered = reading.wait(Request(None, ("cs.DC",), arxiv.settings("page")), world)
    assert gathered.listing.announced == WEDNESDAY
    assert polls(arxiv, eastern(TUESDAY, 10))[0] == "20:00"
    assert len(polls(arxiv, eastern(TUESDAY, 10))) > 1


def test_a_403_ends_the_waiting(arxiv: FakeArxiv, tmp_path: Path) -> None:
    arxiv.fault("/", "status", status=403)
    with pytest.raises(ForbiddenError):
        waited(arxiv, tmp_path)
    assert len(arxiv.requests) == 1


@pytest.mark.parametrize("zone", ["Asia/Kolkata", "Pacific/Honolulu"])
def test_progress_says_in_the_users_time_until_when(
    arxiv: FakeArxiv, tmp_path: Path, zone: str
) -> None:
    said: list[str] = []
    waited(arxiv, tmp_path, "page", zone, said)
    due = eastern(TUESDAY, 20).astimezone(ZoneInfo(zone))
    assert f"Waiting until {due:%a %H:%M} for Wed 6 May 2026 ..." in said
    assert said[-1] == ""
