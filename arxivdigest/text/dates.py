"""Dates, moments and lengths of time in words."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from arxivdigest.text.counts import counted

_HOUR = 60
_TWO_DAYS = 48


def short_date(day: date | None) -> str:
    """The date as in `Fri 11 Jul 2025`."""
    return f"{day_and_month(day)} {day.year}" if day else "unknown date"


def long_date(day: date | None) -> str:
    """The date as in `Friday 11 July 2025`."""
    return f"{day:%A} {day.day} {day:%B %Y}" if day else "an unknown day"


def day_and_month(day: date) -> str:
    """The date as in `Fri 11 Jul`, where the year is plain."""
    return f"{day:%a} {day.day} {day:%b}"


def period(days: Iterable[date | None]) -> str:
    """From the first to the last of several days, as in `Thu 10 to Tue 15 Jul`."""
    known = [day for day in days if day is not None]
    if not known:
        return "unknown dates"
    first, last = min(known), max(known)
    if first.year != last.year:
        return f"{short_date(first)} to {short_date(last)}"
    if first == last:
        return day_and_month(last)
    begin = f"{first:%a} {first.day}" if first.month == last.month else day_and_month(first)
    return f"{begin} to {day_and_month(last)}"


def moment(instant: datetime, now: datetime) -> str:
    """The instant as in `Fri 11 Jul 20:00`, with the year where it is not this one."""
    year = "" if instant.year == now.year else f" {instant.year}"
    return f"{day_and_month(instant)}{year} {instant:%H:%M}"


def duration(length: timedelta) -> str:
    """The length as in `12 min`, `3 h 12 min`, `2 days 5 h`."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{counted(days, 'day')} {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def ago(age: timedelta) -> str:
    """The age as in `20 min ago`, `3 h ago`, `2 days ago`.

    Of what is of a time to come, by a clock that was wrong then or is now, it is unknown.
    """
    minutes = int(age.total_seconds() // 60)
    if minutes < 0:
        return "by a clock that was ahead of this one"
    if minutes < _HOUR:
        return f"{minutes} min ago"
    hours = minutes // 60
    return f"{hours} h ago" if hours < _TWO_DAYS else f"{hours // 24} days ago"
