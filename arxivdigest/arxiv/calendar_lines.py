"""arXiv's calendar in words: the last announcement and the next one."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta

from arxivdigest.arxiv import schedule
from arxivdigest.verdict import short_date


def calendar_lines(
    now: datetime, holidays: Collection[date], local: Callable[[datetime], datetime]
) -> str:
    """Two lines for the last and the next announcement; `local` gives the user's own time."""
    last = schedule.newest(now, holidays)
    coming = schedule.following(now, holidays)
    return (
        f"Last:  {short_date(last.day)}, out since {_clock(local(last.on_pages))}\n"
        f"Next:  {short_date(coming.day)}, in {duration(coming.on_pages - now)}:"
        f" {_clock(local(coming.on_pages))}\n"
    )


def _clock(instant: datetime) -> str:
    return f"{instant:%a} {instant.day} {instant:%b %H:%M %Z} (20:00 in New York)"


def duration(length: timedelta) -> str:
    """The length in words: `12 min`, `3 h 12 min`, `2 days 5 h`."""
    minutes = max(0, int(length.total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days} day{'s' if days > 1 else ''} {hours} h"
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
