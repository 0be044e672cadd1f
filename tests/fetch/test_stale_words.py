from datetime import date

import pytest
from entries import entry

from arxivdigest.fetch import stale_words
from arxivdigest.fetch.stale_words import Facts
from arxivdigest.model import Listing

TUESDAY, WEDNESDAY, THURSDAY = date(2026, 5, 5), date(2026, 5, 6), date(2026, 5, 7)


def test_a_feed_of_a_weekend_is_of_its_day_and_empty() -> None:
    empty = Listing("feed", ("cs.DC",), THURSDAY, ())
    saturday = Facts(empty, wanted=WEDNESDAY, latest=WEDNESDAY, served=THURSDAY)
    full = empty._replace(entries=(entry("2605.00001"),))
    assert stale_words.ahead(saturday) is None
    assert stale_words.ahead(saturday._replace(listing=full)) is not None


@pytest.mark.parametrize(
    ("served", "reason"),
    [
        (TUESDAY, "the feed has it from midnight in New York"),
        (WEDNESDAY, None),
        (date(2026, 5, 9), "the feed of Saturday is empty"),
    ],
)
def test_a_feed_need_not_be_asked_where_it_cannot_have_it(served: date, reason: str | None) -> None:
    assert stale_words.of_another_day(served, WEDNESDAY) == reason


@pytest.mark.parametrize(
    ("of_page", "said"),
    [
        (TUESDAY, "nothing announced yet for Wed 6 May; the page is still of Tue 5 May"),
        (None, "nothing announced yet for Wed 6 May; the feed is empty"),
    ],
)
def test_what_is_not_announced_yet_is_said_with_what_there_is(
    of_page: date | None, said: str
) -> None:
    assert stale_words.nothing_yet(WEDNESDAY, of_page) == said
