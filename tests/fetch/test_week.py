from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from fake_arxiv import EASTERN, FakeArxiv, Paper, papers
from ran import code_of

from arxivdigest import reading
from arxivdigest.errors import TryAgainError
from arxivdigest.reading import Request
from arxivdigest.verdict import Gathered

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SUBJECTS = ("cs.DC", "cs.LG")
ZONES = ["Pacific/Auckland", "Asia/Kolkata", "Pacific/Honolulu"]

LABOR_DAY = date(2026, 9, 7)
FRIDAYS = {
    "with Labor Day in it": date(2026, 9, 4),
    "in which summer time begins": date(2026, 3, 6),
    "in which summer time ends": date(2026, 10, 30),
    "with Christmas in it": date(2025, 12, 19),
}
HOLIDAYS = (date(2025, 12, 25),)
"""As a user would add them; the program knows those of 2026."""


def weekdays(friday: date) -> list[date]:
    days = [friday + number * DAY for number in (-1, 0, 3, 4, 5, 6, 7)]
    return [day for day in days if day != LABOR_DAY and day not in HOLIDAYS]


def announce(arxiv: FakeArxiv, day: date) -> None:
    prefix = f"{day:%y%m}.{day:%d}"
    arxiv.publish(
        day,
        *papers(f"{prefix}1", 3, "cs.DC cs.LG"),
        *papers(f"{prefix}2", 2, "stat.ML cs.LG cs.DC"),
        *papers(f"{prefix}3", 2, "cs.LG", version=2),
        Paper(f"{prefix}400", "math.OC cs.LG", version=3),
        Paper(f"{prefix}500", "math.OC"),
    )


def hours(friday: date) -> Iterator[datetime]:
    """From Friday at 18:00 Eastern for a week, seven minutes past each hour."""
    start = datetime.combine(friday, time(18, 7), EASTERN)
    first = start.timestamp()
    for hour in range(7 * 24 + 1):
        yield datetime.fromtimestamp(first + hour * 3600, EASTERN)


def newest(days: list[date], instant: datetime) -> date:
    return max(day for day in days if datetime.combine(day - DAY, time(20), EASTERN) <= instant)


def digest(arxiv: FakeArxiv, state: Path, zone: str, source: str = "auto") -> Gathered:
    settings = arxiv.settings(source, HOLIDAYS)
    return reading.read(Request(None, SUBJECTS, settings), arxiv.world(state, zone))


def assert_is(gathered: Gathered, arxiv: FakeArxiv, day: date) -> None:
    listing = gathered.listing
    assert listing.announced == day, arxiv.now
    assert sorted(entry.arxiv_id for entry in listing.entries) == arxiv.ids(day, *SUBJECTS)
    assert (code_of(gathered), listing.problems, listing.stale) == (0, (), None), arxiv.now


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("week", FRIDAYS)
def test_each_hour_of_a_week_shows_the_newest_announcement_whole(
    week: str, zone: str, tmp_path: Path
) -> None:
    days = weekdays(FRIDAYS[week])
    with FakeArxiv() as arxiv:
        for day in days:
            announce(arxiv, day)
        shown = set()
        for hour in hours(FRIDAYS[week]):
            arxiv.now = hour
            assert_is(digest(arxiv, tmp_path, zone), arxiv, newest(days, hour))
            shown.add(newest(days, hour))
        assert shown == set(days[1:])
        assert len(arxiv.asked) < 30


@pytest.mark.parametrize(
    ("week", "source", "zone"),
    [
        *(("with Labor Day in it", "auto", zone) for zone in ZONES),
        ("with Labor Day in it", "page", "UTC"),
        ("in which summer time begins", "auto", "America/Los_Angeles"),
    ],
)
def test_so_does_a_first_run_at_any_hour_of_it(
    week: str, source: str, zone: str, tmp_path: Path
) -> None:
    days = weekdays(FRIDAYS[week])
    with FakeArxiv() as arxiv:
        for day in days:
            announce(arxiv, day)
        for number, hour in enumerate(hours(FRIDAYS[week])):
            arxiv.now = hour
            gathered = digest(arxiv, tmp_path / str(number), zone, source)
            assert_is(gathered, arxiv, newest(days, hour))
        assert len(arxiv.asked) <= 3 * (7 * 24 + 1)


@pytest.mark.parametrize(("zone", "remembers"), [*((zone, True) for zone in ZONES), ("UTC", False)])
def test_a_holiday_on_which_arxiv_announces_is_a_day_like_others(
    zone: str, tmp_path: Path, *, remembers: bool
) -> None:
    friday = FRIDAYS["with Labor Day in it"]
    days = sorted([*weekdays(friday), LABOR_DAY])
    with FakeArxiv() as arxiv:
        for day in days:
            announce(arxiv, day)
        for number, hour in enumerate(hours(friday)):
            arxiv.now = hour
            state = tmp_path if remembers else tmp_path / str(number)
            assert_is(digest(arxiv, state, zone), arxiv, newest(days, hour))


@pytest.mark.parametrize(("zone", "remembers"), [*((zone, True) for zone in ZONES), ("UTC", False)])
def test_a_holiday_that_nobody_knew_of_has_no_announcement(
    zone: str, tmp_path: Path, *, remembers: bool
) -> None:
    friday = FRIDAYS["in which summer time begins"]
    holiday = friday + 5 * DAY
    days = [day for day in weekdays(friday) if day != holiday]
    with FakeArxiv() as arxiv:
        for day in days:
            announce(arxiv, day)
        for number, hour in enumerate(hours(friday)):
            arxiv.now = hour
            gathered = digest(arxiv, tmp_path if remembers else tmp_path / str(number), zone)
            if hour.date() == holiday and hour.hour < 20:
                assert code_of(gathered) == (75 if hour.hour < 12 else 0)
                assert gathered.listing.announced == holiday - DAY
                assert str(gathered.listing.stale).startswith(
                    "nothing announced yet for Wed 11 Mar"
                )
            elif hour.date() == holiday - DAY and hour.hour >= 20:
                assert code_of(gathered) == TryAgainError.exit_code
                assert gathered.listing.announced == holiday - DAY
                assert gathered.listing.stale == "Wed 11 Mar 2026 should be out"
            else:
                assert_is(gathered, arxiv, newest(days, hour))


@pytest.mark.parametrize("late", [timedelta(minutes=20), timedelta(hours=3), timedelta(hours=7)])
@pytest.mark.parametrize("remembers", [True, False])
def test_late_pages_cost_no_announcement(
    late: timedelta, tmp_path: Path, *, remembers: bool
) -> None:
    friday = FRIDAYS["in which summer time ends"]
    days = weekdays(friday)
    with FakeArxiv() as arxiv:
        arxiv.pages_late = late
        for day in days:
            announce(arxiv, day)
        for number, hour in enumerate(hours(friday)):
            arxiv.now = hour
            gathered = digest(arxiv, tmp_path if remembers else tmp_path / str(number), "UTC")
            planned = newest(days, hour)
            if hour.hour >= 20 and newest(days, hour - late) != planned:
                kept = gathered.listing._replace(stale=None)
                assert_is(Gathered(kept), arxiv, newest(days, hour - HOUR * 8))
                assert gathered.listing.stale
                assert code_of(gathered) == TryAgainError.exit_code
            else:
                assert_is(gathered, arxiv, planned)
