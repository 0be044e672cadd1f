"""When arXiv announces. The calendar proposes; a listing's own date always decides.

All of it is arXiv's own time, US Eastern. An announcement carries the date of a working day. Pages
show it from 20:00 on the evening before, feeds from midnight.
"""

from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from arxivdigest.arxiv.calendar import HOLIDAYS, is_expected
from arxivdigest.text.dates import day_and_month, duration, short_date

EASTERN = ZoneInfo("America/New_York")
# info.arxiv.org/help/availability.html
_PAGES_AT = time(20)
_DAY = timedelta(days=1)
_REACH = timedelta(days=90)


class Announcement(NamedTuple):
    """The announcement of a day, and the instants from which pages and feeds have it."""

    day: date

    @property
    def on_pages(self) -> datetime:
        """20:00 Eastern of the evening before, in UTC, where differences are true."""
        return _eastern(self.day - _DAY, _PAGES_AT)

    @property
    def in_feeds(self) -> datetime:
        """Midnight Eastern, in UTC."""
        return _eastern(self.day, time())

    @property
    def noon(self) -> datetime:
        """Noon Eastern of its day: what is not out by then will hardly come."""
        return _eastern(self.day, time(12))

    @property
    def ends(self) -> datetime:
        """The end of its day in New York."""
        return Announcement(self.day + _DAY).in_feeds

    @property
    def silence_counts(self) -> datetime:
        """A day after its end: from then on, "No updates" says that there were none."""
        return Announcement(self.day + 2 * _DAY).in_feeds


def _eastern(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, EASTERN).astimezone(UTC)


def newest(instant: datetime, holidays: Collection[date] = HOLIDAYS) -> Announcement:
    """The newest announcement that is public at this instant, on the pages first."""
    announcement = Announcement(instant.astimezone(EASTERN).date() + _DAY)
    while announcement.on_pages > instant or not is_expected(announcement.day, holidays):
        announcement = Announcement(announcement.day - _DAY)
    return announcement


def following(instant: datetime, holidays: Collection[date] = HOLIDAYS) -> Announcement:
    """The next announcement after this instant."""
    announcement = Announcement(newest(instant, holidays).day + _DAY)
    while not is_expected(announcement.day, holidays):
        announcement = Announcement(announcement.day + _DAY)
    return announcement


def feed_day(instant: datetime) -> date:
    """The day that a feed is of at this instant: feeds are built anew at midnight Eastern."""
    return instant.astimezone(EASTERN).date()


def oldest(instant: datetime) -> date:
    """The oldest day whose announcement arXiv still shows: /catchup goes back 90 days."""
    return feed_day(instant) - _REACH


def in_words(
    now: datetime, holidays: Collection[date], local: Callable[[datetime], datetime]
) -> str:
    """Two lines for the last and the next announcement; `local` gives the user's own time."""
    last, coming = newest(now, holidays), following(now, holidays)
    return (
        f"Last:  {short_date(last.day)}, out since {_clock(local(last.on_pages))}\n"
        f"Next:  {short_date(coming.day)}, in {duration(coming.on_pages - now)}:"
        f" {_clock(local(coming.on_pages))}\n"
    )


def _clock(instant: datetime) -> str:
    return f"{day_and_month(instant)} {instant:%H:%M %Z} (20:00 in New York)"
