from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from arxivdigest.arxiv import schedule
from arxivdigest.arxiv.calendar_lines import calendar_lines, duration


def lines(written: str, zone: str) -> list[str]:
    """What a person in the time zone is told at this time there."""
    local = ZoneInfo(zone)
    now = datetime.fromisoformat(written).replace(tzinfo=local)
    told = calendar_lines(now, schedule.HOLIDAYS, lambda instant: instant.astimezone(local))
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


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=12, seconds=59), "12 min"),
        (timedelta(minutes=59), "59 min"),
        (timedelta(hours=1), "1 h 0 min"),
        (timedelta(hours=3, minutes=12), "3 h 12 min"),
        (timedelta(hours=23, minutes=59), "23 h 59 min"),
        (timedelta(days=1), "1 day 0 h"),
        (timedelta(days=1, hours=5, minutes=59), "1 day 5 h"),
        (timedelta(days=4, hours=1), "4 days 1 h"),
    ],
)
def test_a_duration_is_said_in_words(length: timedelta, words: str) -> None:
    assert duration(length) == words
