"""Sixty announcement days of a made-up arXiv, and of a machine that is on now and then.

    with FakeArxiv(datetime(2026, 1, 1, tzinfo=UTC)) as arxiv:
        world = SixtyDays(arxiv, seed=7)
        for visit in world.visits:       # the machine is on: what is run then is up to the test
            world.go(visit)              # the clock, what is out by then, what is wrong with it
            ...
        world.expected()                 # each entry that must have come, by its day

Everything follows from the seed: what is announced; which weekday is off that no calendar knows;
when arXiv is late, short, silent, misdated, repeats itself or answers for some subjects only;
when the machine is on (gaps of up to twelve days, two runs a day, runs between 20:00 and midnight
in New York) and in which time zone; on which two days no mail goes out, and which runs are
killed. Half-way a third subject is followed.
"""

import random
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from fake_arxiv import EASTERN, FakeArxiv, Paper

from arxivdigest.arxiv import calendar

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
COUNT = 60
FIRST_DAYS = (date(2026, 2, 16), date(2026, 5, 18), date(2026, 10, 5))
"""With the begin of summer time in them, with two holidays, with its end and four holidays."""

ZONES = ("Pacific/Auckland", "Asia/Kolkata", "America/Los_Angeles")
SUBJECTS = ("cs.DC", "cs.LG")
ADDED = "stat.ML"
RULES = '[[rules]]\nany = ["pelicans"]'
"""What selects the papers that are expected."""

_CATEGORIES = (
    "cs.DC",
    "cs.LG",
    "stat.ML",
    "cs.DC cs.LG",
    "stat.ML cs.LG",
    "cs.LG cs.DC",
    "math.OC",
)
_GAPS = (0.3, 0.5, 1, 1, 1, 1, 1, 2, 2, 3, 4, 7, 12)
_HOURS = (1, 6, 8, 9, 12, 13, 17, 19, 20.2, 21.5, 23.5)


class Wrong(StrEnum):
    """What can be wrong with arXiv."""

    LATE = "late"
    SHORT = "short"
    SILENT = "silent"
    UNAVAILABLE = "unavailable"
    MISDATED = "misdated"
    REPEATED = "repeated"
    PARTLY = "partly"


class Trouble(NamedTuple):
    """What is wrong with arXiv, and from when until when."""

    wrong: Wrong
    day: date
    begin: datetime
    end: datetime


class Visit(NamedTuple):
    """A time at which the machine is on."""

    at: datetime
    zone: str
    subjects: tuple[str, ...] = SUBJECTS
    has_mail: bool = True
    is_killed: bool = False


class SixtyDays:
    """What happens in sixty days, by a seed."""

    def __init__(self, arxiv: FakeArxiv, seed: int) -> None:
        self._arxiv = arxiv
        self._chance = random.Random(seed)  # noqa: S311 - it keeps no secret
        first = FIRST_DAYS[seed % len(FIRST_DAYS)]
        planned = calendar.between(first, first + 120 * DAY)[:COUNT]
        self.off = {planned[self._chance.randrange(15, 25)]}
        """The weekday off that no calendar knows."""
        self.days = [day for day in planned if day not in self.off]
        """The days on which something is announced."""
        self._papers = {day: self._announced(number) for number, day in enumerate(self.days)}
        self.troubles = list(self._troubles())
        self.visits = list(self._visits())
        self.troubles = [
            one
            for one in self.troubles
            if one.wrong is not Wrong.REPEATED or self._can_be_known(one)
        ]
        self._public: set[date] = set()

    def go(self, visit: Visit) -> None:
        """Go to the time of a visit, or stay where it is later by now."""
        self._arxiv.now = max(self._arxiv.now, visit.at)
        self.pass_time()

    def pass_time(self) -> None:
        """Publish what is out by now, and let go wrong what goes wrong."""
        now = self._arxiv.now
        for day in self.days:
            if day not in self._public and now >= self._out(day):
                self._arxiv.publish(day, *self._papers[day])
                self._public.add(day)
        self._arxiv.mend()
        for trouble in self.troubles:
            if trouble.begin <= now < trouble.end:
                self._fault(trouble)

    def newest(self, instant: datetime) -> date:
        """The newest announcement that is out at an instant."""
        return max(day for day in self.days if self._out(day) <= instant)

    def expected(self, until: datetime) -> set[tuple[date, str]]:
        """Each entry that is announced and selected from the first visit on, by its day.

        What is announced once more is expected on its first day alone.
        """
        begin = self.newest(self.visits[0].at)
        added = next(visit.at for visit in self.visits if ADDED in visit.subjects)
        begins = dict.fromkeys(SUBJECTS, begin) | {ADDED: self.newest(added)}
        return {
            (day, paper.arxiv_id)
            for day in self.days
            if self._out(day) <= until
            for paper in self._papers[day]
            if paper.version == 1
            and "pelicans" in paper.title
            and any(begins.get(one, date.max) <= day for one in paper.categories.split())
        }

    def _out(self, day: date) -> datetime:
        """When the announcement of a day comes out: late, or on the evening before."""
        late = [one.end for one in self.troubles if one.wrong is Wrong.LATE and one.day == day]
        return late[0] if late else _evening_before(day)

    def _announced(self, number: int) -> list[Paper]:
        chance = self._chance
        categories = [*_CATEGORIES[:3], *chance.choices(_CATEGORIES, k=chance.randrange(1, 5))]
        return [
            Paper(
                f"26{1 + number // 28:02}.{number:02}{place:03}",
                where,
                "On pelicans" if place < 3 or chance.random() < 0.5 else "On gulls",
                chance.choice((1, 1, 1, 2)) if place > 2 else 1,
                "An abstract.",
            )
            for place, where in enumerate(categories)
        ]

    def _troubles(self) -> Iterator[Trouble]:
        """One in three days has its trouble, but the last; the first and the middle can be read."""
        chance = self._chance
        calm = {*self.days[:2], *self.days[COUNT // 2 - 3 : COUNT // 2 + 3]}
        for day in self.days[:-2]:
            if chance.random() > 0.35:
                continue
            wrong = chance.choice(list(Wrong)) if day not in calm else Wrong.PARTLY
            evening, midnight = _evening_before(day), _midnight(day)
            begin, end = {
                Wrong.LATE: (evening, midnight + chance.randrange(2, 15) * HOUR),
                Wrong.SHORT: (evening, midnight),
                Wrong.PARTLY: (evening, midnight + chance.randrange(10, 19) * HOUR),
                Wrong.MISDATED: (midnight, midnight + chance.randrange(4, 18) * HOUR),
                Wrong.REPEATED: (midnight, midnight + chance.randrange(4, 18) * HOUR),
            }.get(wrong, (midnight + 5 * HOUR, midnight + chance.randrange(8, 19) * HOUR))
            yield Trouble(wrong, day, begin, end)

    def _visits(self) -> Iterator[Visit]:
        chance = self._chance
        without_mail = self.days[chance.randrange(10, 20)]
        middle, last = _midnight(self.days[COUNT // 2]), _midnight(self.days[-1])
        at = _midnight(self.days[0]) + 9 * HOUR
        yield Visit(at, chance.choice(ZONES))
        subjects: tuple[str, ...] = SUBJECTS
        while (at := self._next(at)) < last:
            if at >= middle and ADDED not in subjects:
                # The subject is added while there is an answer, so that it is clear from when on.
                subjects = (*SUBJECTS, ADDED)
                while any(
                    one.begin <= at < one.end
                    for one in self.troubles
                    if one.wrong is not Wrong.PARTLY
                ):
                    at += HOUR
                yield Visit(at, chance.choice(ZONES), subjects)
                continue
            days_without = (at.astimezone(EASTERN).date() - without_mail) / DAY
            yield Visit(
                at,
                chance.choice(ZONES),
                subjects,
                has_mail=not 0 <= days_without < 2,
                is_killed=chance.random() < 0.1,
            )
        # At last the machine stays on, until everything has had its time.
        for hours in (10, 14, 18):
            yield Visit(last + hours * HOUR, chance.choice(ZONES), subjects)

    def _next(self, at: datetime) -> datetime:
        chance = self._chance
        day = at.astimezone(EASTERN).date()
        gap = chance.choice(_GAPS)
        if gap < 1:
            return at + chance.randrange(2, 9) * HOUR
        return _midnight(day + int(gap) * DAY) + chance.choice(_HOURS) * HOUR

    def _can_be_known(self, trouble: Trouble) -> bool:
        """Whether somebody who read the day before can know that a feed repeats it."""
        before = self.days[self.days.index(trouble.day) - 1]
        is_calm = all(one.day != before for one in self.troubles)
        return is_calm and any(
            _evening_before(before) <= visit.at < trouble.begin and not visit.is_killed
            for visit in self.visits
        )

    def _fault(self, trouble: Trouble) -> None:
        fault, day = self._arxiv.fault, trouble.day
        if trouble.wrong is Wrong.SILENT:
            fault("/", "hang-up")
        elif trouble.wrong is Wrong.UNAVAILABLE:
            fault("/list/", "unavailable")
            fault("/catchup/", "unavailable")
            fault("/rss/", "status", status=500)
        elif trouble.wrong is Wrong.PARTLY:
            subject = (*SUBJECTS, ADDED)[day.toordinal() % 3]
            fault("/rss/", "status", status=500)
            fault(f"/list/{subject}", "unavailable")
            fault(f"/catchup/{subject}", "status", status=404)
        elif trouble.wrong is Wrong.SHORT:
            fault("/list/", "change", change=_without_last)
            for subject in (*SUBJECTS, ADDED):
                fault(f"/catchup/{subject}/{day}", "change", change=_without_last)
        elif trouble.wrong is Wrong.MISDATED:
            fault("/rss/", "change", change=_dated(day, day + 3 * DAY))
        elif trouble.wrong is Wrong.REPEATED:
            before = max(one for one in self.days if one < day)
            fault("/rss/", "day", day=before, change=_dated(before, day))


def _evening_before(day: date) -> datetime:
    return datetime.combine(day - DAY, time(20), EASTERN).astimezone(UTC)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), EASTERN).astimezone(UTC)


def _without_last(body: bytes) -> bytes:
    """The page with its counts, but without the last entry of each section that has several."""
    return re.sub(rb"(</dd>\n)<dt>(?:(?!<dt>).)*?</dd>\n(?=</dl>)", rb"\1", body, flags=re.DOTALL)


def _dated(day: date, another: date) -> Callable[[bytes], bytes]:
    """What puts another date in the place of a day's."""
    written, instead = f"{day:%a, %d %b %Y}".encode(), f"{another:%a, %d %b %Y}".encode()
    return lambda body: body.replace(written, instead)
