from datetime import date, datetime, timedelta

import pytest

from arxivdigest.text.dates import ago, duration, long_date, moment, period, short_date

FRIDAY = date(2025, 7, 11)


def test_dates_are_said_in_short_and_in_full() -> None:
    assert (short_date(FRIDAY), long_date(FRIDAY)) == ("Fri 11 Jul 2025", "Friday 11 July 2025")
    assert (short_date(None), long_date(None)) == ("unknown date", "an unknown day")


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([None], "unknown dates"),
        ([FRIDAY], "Fri 11 Jul"),
        ([date(2025, 7, 15), FRIDAY, None], "Fri 11 to Tue 15 Jul"),
        ([date(2025, 6, 30), FRIDAY], "Mon 30 Jun to Fri 11 Jul"),
        ([date(2025, 12, 31), date(2026, 1, 2)], "Wed 31 Dec 2025 to Fri 2 Jan 2026"),
    ],
)
def test_a_period_goes_from_the_first_day_to_the_last(days: list[date | None], words: str) -> None:
    assert period(days) == words


@pytest.mark.parametrize(
    ("year", "words"), [(2026, "Wed 25 Nov 20:05"), (2027, "Thu 25 Nov 2027 20:05")]
)
def test_a_moment_has_its_year_where_that_is_not_this_one(year: int, words: str) -> None:
    assert moment(datetime(year, 11, 25, 20, 5), datetime(2026, 1, 1)) == words  # noqa: DTZ001 - as a person's clock shows it


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


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(minutes=59), "59 min ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(hours=48), "2 days ago"),
        (timedelta(seconds=-1), "by a clock that was ahead of this one"),
    ],
)
def test_an_age_is_said_roughly(age: timedelta, words: str) -> None:
    assert ago(age) == words
