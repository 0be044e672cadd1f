"""Which days are meant by what a person writes: dates, weekdays, stretches, counted back."""

import re
from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from arxivdigest.cli.options import Command
from arxivdigest.errors import UsageError

_BACK = re.compile(r"(?:newest)?-(\d{1,3})")
_BEGINS_BACK = re.compile(r"-\d{1,3}(\.\..*)?")
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_LEAST_LETTERS = 3
_MOST_BACK = timedelta(days=200)
_BEGIN = date(1991, 8, 14)
"""Of arXiv (info.arxiv.org/about): a day before it is a slip of the pen."""


class DaysCommand(Command):
    """A command that takes days, and `-3` as one of them: three announcements before the newest."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own
        """What is left of the arguments; all other unknown options stay errors."""
        named = [f"newest{one}" if _BEGINS_BACK.fullmatch(one) else one for one in args]
        return super().parse_args(ctx, named)


def meant(
    words: Iterable[str], now: datetime, free: Collection[date]
) -> tuple[list[date], list[str]]:
    """The days that are meant, the earliest first and each once, and the words that are none."""
    days: set[date] = set()
    others: list[str] = []
    for word in words:
        first, between, last = word.partition("..")
        if between:
            days.update(_stretch(word, first, last, now, free))
            continue
        day = _day(word, now, free)
        if day is None:
            others.append(word)
        else:
            days.add(day)
    return sorted(days), others


def day_of(written: str, now: datetime, free: Collection[date] = ()) -> date:
    """The day that is written so, in New York."""
    day = _day(written, now, free)
    if day is None:
        raise UsageError(f'"{written}" is no date, such as {_today(now).isoformat()}')
    return day


def _stretch(word: str, first: str, last: str, now: datetime, free: Collection[date]) -> list[date]:
    """The announcement days from one to another."""
    from arxivdigest.arxiv import calendar

    begin, end = (day_of(one, now, free) for one in (first, last))
    days = calendar.between(begin, end, free) if begin <= end else []
    if not days:
        raise UsageError(f'"{word}" holds no day with an announcement')
    return days


def _today(now: datetime) -> date:
    from arxivdigest.arxiv.schedule import EASTERN

    return now.astimezone(EASTERN).date()


def _day(word: str, now: datetime, free: Collection[date]) -> date | None:
    today = _today(now)
    lower = word.lower()
    if lower in ("today", "yesterday"):
        return today - timedelta(days=lower == "yesterday")
    back = _BACK.fullmatch(lower)
    if back:
        return _counted_back(int(back[1]), now, free)
    weekday = next((one for one in _WEEKDAYS if one.startswith(lower)), None)
    if weekday and len(lower) >= _LEAST_LETTERS:
        # On the evening before, what is announced already is the next day's.
        latest = max(today, _newest(now, free))
        return latest - timedelta(days=(latest.weekday() - _WEEKDAYS.index(weekday)) % 7)
    try:
        day = date.fromisoformat(word)
    except ValueError:
        return None
    if day < _BEGIN:
        raise UsageError(f"{word} is before arXiv's first day, {_BEGIN.isoformat()}")
    return day


def _newest(now: datetime, free: Collection[date]) -> date:
    from arxivdigest.arxiv import schedule

    return schedule.newest(now, free).day


def _counted_back(count: int, now: datetime, free: Collection[date]) -> date:
    from arxivdigest.arxiv import calendar

    newest = _newest(now, free)
    days = calendar.between(newest - _MOST_BACK, newest, free)
    if count >= len(days):
        raise UsageError(f"-{count} is further back than arXiv shows")
    return days[-1 - count]
