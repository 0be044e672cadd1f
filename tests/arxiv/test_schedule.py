from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.arxiv import calendar, schedule
from arxivdigest.arxiv.schedule import Announcement

AUCKLAND = "Pacific/Auckland"
KOLKATA = "Asia/Kolkata"
HONOLULU = "Pacific/Honolulu"
LOS_ANGELES = "America/Los_Angeles"
NEW_YORK = "America/New_York"


def instant(written: str, zone: str = NEW_YORK) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("written", "zone", "newest", "following"),
    [
        # Around 20:00 on Monday 13 July, summer time in New York.
        ("2026-07-13T19:59:59", NEW_YORK, "2026-07-13", "2026-07-14"),
        ("2026-07-13T20:00:00", NEW_YORK, "2026-07-14", "2026-07-15"),
        ("2026-07-14T11:59:59", AUCKLAND, "2026-07-13", "2026-07-14"),
        ("2026-07-14T12:00:00", AUCKLAND, "2026-07-14", "2026-07-15"),
        ("2026-07-14T05:29:59", KOLKATA, "2026-07-13", "2026-07-14"),
        ("2026-07-14T05:30:00", KOLKATA, "2026-07-14", "2026-07-15"),
        ("2026-07-13T13:59:59", HONOLULU, "2026-07-13", "2026-07-14"),
        ("2026-07-13T14:00:00", HONOLULU, "2026-07-14", "2026-07-15"),
        ("2026-07-13T16:59:59", LOS_ANGELES, "2026-07-13", "2026-07-14"),
        ("2026-07-13T17:00:00", LOS_ANGELES, "2026-07-14", "2026-07-15"),
        # The same in winter.
        ("2026-01-13T13:59:59", AUCKLAND, "2026-01-12", "2026-01-13"),
        ("2026-01-13T14:00:00", AUCKLAND, "2026-01-13", "2026-01-14"),
        ("2026-01-13T06:30:00", KOLKATA, "2026-01-13", "2026-01-14"),
        ("2026-01-12T15:00:00", HONOLULU, "2026-01-13", "2026-01-14"),
        ("2026-01-12T17:00:00", LOS_ANGELES, "2026-01-13", "2026-01-14"),
        # Midnight changes nothing about the newest.
        ("2026-07-13T23:59:59", NEW_YORK, "2026-07-14", "2026-07-15"),
        ("2026-07-14T00:00:00", NEW_YORK, "2026-07-14", "2026-07-15"),
        # A weekend: Friday's is the newest until Sunday at 20:00.
        ("2026-07-10T20:00:00", NEW_YORK, "2026-07-10", "2026-07-13"),
        ("2026-07-11T12:00:00", NEW_YORK, "2026-07-10", "2026-07-13"),
        ("2026-07-12T19:59:59", NEW_YORK, "2026-07-10", "2026-07-13"),
        ("2026-07-12T20:00:00", NEW_YORK, "2026-07-13", "2026-07-14"),
        ("2026-07-13T12:00:00", AUCKLAND, "2026-07-13", "2026-07-14"),
        # Clocks go forward in New York on Sunday 8 March, and back on Sunday 1 November.
        ("2026-03-07T15:00:00", HONOLULU, "2026-03-06", "2026-03-09"),
        ("2026-03-08T13:59:59", HONOLULU, "2026-03-06", "2026-03-09"),
        ("2026-03-08T14:00:00", HONOLULU, "2026-03-09", "2026-03-10"),
        ("2026-11-01T14:59:59", HONOLULU, "2026-10-30", "2026-11-02"),
        ("2026-11-01T15:00:00", HONOLULU, "2026-11-02", "2026-11-03"),
        ("2026-11-02T06:30:00", KOLKATA, "2026-11-02", "2026-11-03"),
        # Holidays: a Friday, a Monday, two in a week, and the turn of the year.
        ("2026-06-18T20:00:00", NEW_YORK, "2026-06-18", "2026-06-22"),
        ("2026-01-18T20:00:00", NEW_YORK, "2026-01-16", "2026-01-20"),
        ("2026-12-28T20:00:00", NEW_YORK, "2026-12-28", "2026-12-30"),
        ("2026-12-30T20:00:00", NEW_YORK, "2026-12-30", "2027-01-01"),
        ("2025-12-31T20:00:00", NEW_YORK, "2025-12-31", "2026-01-02"),
    ],
)
def test_the_newest_and_the_following_announcement(
    written: str, zone: str, newest: str, following: str
) -> None:
    now = instant(written, zone)
    assert schedule.newest(now).day.isoformat() == newest
    assert schedule.following(now).day.isoformat() == following


@pytest.mark.parametrize(
    ("day", "on_pages", "in_feeds"),
    [
        ("2026-07-14", "2026-07-14T00:00", "2026-07-14T04:00"),
        ("2026-01-13", "2026-01-13T01:00", "2026-01-13T05:00"),
        ("2026-03-06", "2026-03-06T01:00", "2026-03-06T05:00"),
        ("2026-03-09", "2026-03-09T00:00", "2026-03-09T04:00"),
        ("2026-10-30", "2026-10-30T00:00", "2026-10-30T04:00"),
        ("2026-11-02", "2026-11-02T01:00", "2026-11-02T05:00"),
    ],
)
def test_pages_have_it_four_hours_before_feeds(day: str, on_pages: str, in_feeds: str) -> None:
    announcement = Announcement(date.fromisoformat(day))
    assert announcement.on_pages == instant(on_pages, "UTC")
    assert announcement.in_feeds == instant(in_feeds, "UTC")


@pytest.mark.parametrize(
    ("friday", "hours"), [("2026-03-06", 71), ("2026-07-10", 72), ("2026-10-30", 73)]
)
def test_a_weekend_is_as_long_as_it_is(friday: str, hours: int) -> None:
    before = Announcement(date.fromisoformat(friday))
    monday = Announcement(before.day + timedelta(days=3))
    assert monday.on_pages - before.on_pages == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-07-10", True),
        ("2026-07-11", False),
        ("2026-07-12", False),
        ("2026-07-13", True),
        ("2026-11-25", True),
        ("2026-11-26", False),
        ("2026-11-27", True),
    ],
)
def test_announcements_are_expected_on_working_days(day: str, *, expected: bool) -> None:
    assert calendar.is_expected(date.fromisoformat(day)) is expected


def test_the_holidays_of_2026_are_arxivs() -> None:
    assert sorted(day.strftime("%b %d") for day in calendar.HOLIDAYS if day.year == 2026) == [
        *("Dec 25", "Dec 29", "Dec 31", "Jan 01", "Jan 19"),
        *("Jul 03", "Jun 19", "Nov 26", "Sep 07"),
    ]
    assert all(day.weekday() < 5 for day in calendar.HOLIDAYS)


def test_holidays_of_the_users_own_are_passed_over() -> None:
    now = instant("2027-05-05T12:00:00")
    week = {date(2027, 5, number) for number in range(3, 8)}
    assert schedule.newest(now, week).day == date(2027, 4, 30)
    assert schedule.following(now, week).day == date(2027, 5, 10)


@pytest.mark.parametrize(
    ("written", "zone", "day"),
    [
        ("2026-07-14T03:59:59", "UTC", "2026-07-13"),
        ("2026-07-14T04:00:00", "UTC", "2026-07-14"),
        ("2026-07-14T15:59:59", AUCKLAND, "2026-07-13"),
        ("2026-07-14T16:00:00", AUCKLAND, "2026-07-14"),
        ("2026-07-13T18:00:00", HONOLULU, "2026-07-14"),
        ("2026-07-13T21:00:00", LOS_ANGELES, "2026-07-14"),
        ("2026-07-11T12:00:00", NEW_YORK, "2026-07-11"),
    ],
)
def test_a_feed_is_of_the_day_in_new_york(written: str, zone: str, day: str) -> None:
    assert schedule.feed_day(instant(written, zone)).isoformat() == day


INSTANTS = st.datetimes(
    datetime(2025, 12, 1),  # noqa: DTZ001 - hypothesis adds the time zone
    datetime(2028, 1, 31),  # noqa: DTZ001 - the same
    timezones=st.timezones(),
)
SPARE_DAYS = st.frozensets(st.dates(date(2025, 12, 1), date(2028, 1, 31)), max_size=30)


@given(INSTANTS, SPARE_DAYS)
def test_every_instant_lies_between_two_announcements(
    now: datetime, spare: frozenset[date]
) -> None:
    holidays = calendar.HOLIDAYS | spare
    newest = schedule.newest(now, holidays)
    following = schedule.following(now, holidays)
    assert newest.on_pages <= now.astimezone(UTC) < following.on_pages
    days = (following.day - newest.day).days
    between = [newest.day + timedelta(days=number) for number in range(days + 1)]
    expected = [day for day in between if calendar.is_expected(day, holidays)]
    assert expected == [newest.day, following.day]


def test_a_day_ends_at_midnight_and_its_silence_counts_a_day_later() -> None:
    announcement = Announcement(date(2026, 10, 30))
    assert announcement.noon == instant("2026-10-30T12:00", "America/New_York")
    assert announcement.ends == instant("2026-10-31T00:00", "America/New_York")
    assert announcement.silence_counts == instant("2026-11-01T00:00", "America/New_York")


def lines(written: str, zone: str) -> list[str]:
    """What a person in the time zone is told at this time there."""
    local = ZoneInfo(zone)
    now = datetime.fromisoformat(written).replace(tzinfo=local)
    told = schedule.in_words(now, calendar.HOLIDAYS, lambda instant: instant.astimezone(local))
    assert told.endswith("\n")
    return told.splitlines()


@pytest.mark.parametrize(
    ("written", "zone", "last", "coming"),
    [
        (
            "2026-07-14T16:48",
            "America/New_York",
            "Tue 14 Jul 2026, out since Mon 13 Jul 20:00 EDT",
            "Wed 15 Jul 2026, in 3 h 12 min: Tue 14 Jul 20:00 EDT",
        ),
        (
            "2026-07-14T12:00",
            "Pacific/Auckland",
            "Tue 14 Jul 2026, out since Tue 14 Jul 12:00 NZST",
            "Wed 15 Jul 2026, in 1 day 0 h: Wed 15 Jul 12:00 NZST",
        ),
        (
            "2026-07-11T09:30",
            "Asia/Kolkata",
            "Fri 10 Jul 2026, out since Fri 10 Jul 05:30 IST",
            "Mon 13 Jul 2026, in 1 day 20 h: Mon 13 Jul 05:30 IST",
        ),
        (
            "2026-11-25T14:40",
            "Pacific/Honolulu",
            "Wed 25 Nov 2026, out since Tue 24 Nov 15:00 HST",
            "Fri 27 Nov 2026, in 1 day 0 h: Thu 26 Nov 15:00 HST",
        ),
        # The clocks change between now and the next: the hours between are counted as they pass.
        (
            "2026-03-07T20:30",
            "America/New_York",
            "Fri 6 Mar 2026, out since Thu 5 Mar 20:00 EST",
            "Mon 9 Mar 2026, in 22 h 30 min: Sun 8 Mar 20:00 EDT",
        ),
        (
            "2026-10-31T17:00",
            "America/Los_Angeles",
            "Fri 30 Oct 2026, out since Thu 29 Oct 17:00 PDT",
            "Mon 2 Nov 2026, in 1 day 1 h: Sun 1 Nov 17:00 PST",
        ),
    ],
)
def test_the_calendar_is_told_in_the_users_time(
    written: str, zone: str, last: str, coming: str
) -> None:
    assert lines(written, zone) == [
        f"Last:  {last} (20:00 in New York)",
        f"Next:  {coming} (20:00 in New York)",
    ]
