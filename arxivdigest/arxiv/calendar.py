"""The days of arXiv's announcements by its calendar, without their hours and time zone."""

from collections.abc import Collection
from datetime import date, timedelta

_SATURDAY = 5
_DAY = timedelta(days=1)

HOLIDAYS = frozenset(
    map(
        date.fromisoformat,
        (
            "2026-01-01 2026-01-19 2026-06-19 2026-07-03 2026-09-07"
            " 2026-11-26 2026-12-25 2026-12-29 2026-12-31"
        ).split(),
    )
)
"""Days that no announcement carries, as arXiv lists them each year (info.arxiv.org)."""


def is_expected(day: date, holidays: Collection[date] = HOLIDAYS) -> bool:
    """Whether arXiv plans an announcement of this date."""
    return day.weekday() < _SATURDAY and day not in holidays


def between(first: date, last: date, holidays: Collection[date] = HOLIDAYS) -> list[date]:
    """The days from one to another on which an announcement is planned, the earliest first."""
    days = (first + number * _DAY for number in range((last - first).days + 1))
    return [day for day in days if is_expected(day, holidays)]
