from datetime import date, timedelta

import pytest

from arxivdigest.store.days import Missed, followed, missed
from arxivdigest.store.reader import Looked

MON, TUE, WED, THU, FRI = (date(2026, 5, 4) + timedelta(number) for number in range(5))
WEEK = [MON, TUE, WED, THU, FRI]
DC, LG = ("cs.DC",), ("cs.LG",)


def look(
    day: date, subjects: tuple[str, ...] = DC, *, is_whole: bool = True, is_look: bool = True
) -> Looked:
    return Looked(day, subjects, is_whole, is_look)


@pytest.mark.parametrize(
    ("looked", "unseen", "since"),
    [
        ([], (), None),
        ([look(MON)], (TUE, WED, THU, FRI), MON),
        ([look(MON), look(WED)], (TUE, THU, FRI), MON),
        ([look(THU)], (FRI,), THU),
        ([look(day) for day in WEEK], (), MON),
        # A short day is not seen yet; one that was asked for by its date begins nothing.
        ([look(WED, is_whole=False), look(THU)], (WED, FRI), WED),
        ([look(MON, is_look=False), look(THU)], (FRI,), THU),
        ([look(MON), look(WED, is_look=False)], (TUE, THU, FRI), MON),
        ([look(MON, is_look=False)], (), None),
        # Of a subject that was never read nothing was missed; an archive has its categories.
        ([look(MON, LG)], (), None),
        ([look(MON, ("cs",))], (TUE, WED, THU, FRI), MON),
        ([look(MON, LG), look(WED, (*DC, *LG))], (THU, FRI), WED),
    ],
)
def test_what_was_announced_since_the_first_look_and_not_seen_is_missed(
    looked: list[Looked], unseen: tuple[date, ...], since: date | None
) -> None:
    assert missed(looked, DC, WEEK) == Missed(unseen, (), since)


def test_a_day_on_which_nothing_was_announced_is_not_missed() -> None:
    assert missed([look(MON)], DC, [MON, TUE, THU]).unseen == (TUE, THU)


def test_what_arxiv_shows_no_more_is_lost_unless_it_is_stored_and_is_named_once() -> None:
    looked = [look(MON), look(FRI)]
    assert missed(looked, DC, WEEK, oldest=THU) == Missed((THU,), (TUE, WED), FRI)
    assert missed(looked, DC, WEEK, oldest=THU, stored=[TUE]) == Missed((TUE, THU), (WED,), FRI)
    assert missed(looked, DC, WEEK, oldest=THU, named=[TUE, WED]) == Missed((THU,), (), FRI)


@pytest.mark.parametrize(
    ("day", "subjects"), [(MON, DC), (TUE, DC), (WED, (*DC, *LG)), (FRI, (*DC, *LG))]
)
def test_a_subject_that_is_added_is_followed_from_its_first_look_on(
    day: date, subjects: tuple[str, ...]
) -> None:
    looked = [look(MON), look(WED, (*DC, *LG)), look(THU)]
    assert followed(looked, (*DC, *LG), day) == subjects


def test_where_nothing_was_ever_seen_all_subjects_are_followed() -> None:
    assert followed([], (*DC, *LG), MON) == (*DC, *LG)
