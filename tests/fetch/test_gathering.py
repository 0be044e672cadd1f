from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asks import Asks
from fake_arxiv import EASTERN, FakeArxiv, Paper, papers
from ran import code_of

from arxivdigest import digest as digests
from arxivdigest.config import Config
from arxivdigest.errors import (
    DigestError,
    ForbiddenError,
    ListingError,
    RefusedError,
    TryAgainError,
    UsageError,
)
from arxivdigest.model import AnnounceType, Status
from arxivdigest.verdict import Gathered

MONDAY, TUESDAY, WEDNESDAY = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)
SUBJECTS = ("cs.DC", "cs.LG")
FEED = "/rss/cs.DC+cs.LG"
PAGES = ["/list/cs.DC/new", "/list/cs.LG/new"]
HOUR = timedelta(hours=1)

Options = dict[str, Any]


def eastern(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=EASTERN)


def announce(arxiv: FakeArxiv, *days: date) -> None:
    for day in days:
        prefix = f"{day:%y%m}.{day:%d}"
        arxiv.publish(
            day,
            *papers(f"{prefix}1", 3, "cs.DC cs.LG"),
            *papers(f"{prefix}2", 2, "stat.ML cs.LG cs.DC"),
            *papers(f"{prefix}3", 2, "cs.LG", version=2),
        )


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    """It is nine on Wednesday morning; Monday's to Wednesday's announcements are out."""
    with FakeArxiv(eastern(WEDNESDAY, 9)) as arxiv:
        announce(arxiv, MONDAY, TUESDAY, WEDNESDAY)
        yield arxiv


@pytest.fixture
def read(arxiv: FakeArxiv, tmp_path: Path) -> Asks:
    return Asks(arxiv, tmp_path, SUBJECTS)


def said(gathered: Gathered) -> str:
    return digests.build([gathered.listing], Config()).verdict.message


def status(gathered: Gathered) -> Status:
    return digests.build([gathered.listing], Config()).verdict.status


def ids(gathered: Gathered) -> list[str]:
    return sorted(entry.arxiv_id for entry in gathered.listing.entries)


def assert_whole(gathered: Gathered, arxiv: FakeArxiv, day: date, *subjects: str) -> None:
    assert gathered.listing.announced == day
    assert ids(gathered) == arxiv.ids(day, *(subjects or SUBJECTS))
    assert (code_of(gathered), status(gathered)) == (0, Status.COMPLETE)


def without_items(body: bytes) -> bytes:
    head, tail = body.index(b"<item>"), body.rindex(b"</item>") + len(b"</item>")
    return body[:head] + body[tail:]


def doubled(body: bytes) -> bytes:
    start, end = body.index(b"<item>"), body.index(b"</item>") + len(b"</item>")
    return body[:end] + body[start:end] + body[end:]


def test_one_request_for_the_joined_feed_is_all_it_takes(arxiv: FakeArxiv, read: Asks) -> None:
    gathered = read()
    assert_whole(gathered, arxiv, WEDNESDAY)
    assert read.asked == [FEED]
    assert "7 entries (3 new, 2 cross-lists, 2 replacements) from the feed" in said(gathered)


def test_subjects_are_listed_together_with_types_relative_to_them_all(
    arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.publish(WEDNESDAY, Paper("2605.00001", "cs.LG cs.DC"))
    for source in ("auto", "page"):
        (entry,) = read(source=source, refresh=True).listing.entries
        assert entry.announce_type is AnnounceType.NEW


@pytest.mark.parametrize(
    ("kind", "options", "why"),
    [
        ("day", {"day": TUESDAY}, "the feed is still of Tue 5 May 2026"),
        ("change", {"change": without_items}, "the feed is empty"),
        (
            "change",
            {"change": doubled},
            "of the feed, 1 of 8 entries are listed twice",
        ),
        ("change", {"change": lambda body: body.replace(b"</title>", b"")}, "the feed is damaged"),
        ("change", {"change": lambda body: body.replace(b"<guid", b"<uid")}, "the feed is damaged"),
        ("body", {"body": b""}, "this is empty"),
        ("body", {"body": b"<html><h1>Sign in to the hotel's network</h1>"}, "not one of arXiv's"),
        ("body", {"body": b"\x00\xff\xfe" * 99}, "binary data"),
        ("cut", {}, "the feed is damaged or cut off"),
        ("cut-gzip", {}, "cut off"),
        ("truncate", {}, "broke off"),
        ("short-length", {}, "cut off"),
        ("double-gzip", {}, "in the encoding gzip, gzip"),
        ("bomb", {}, "more than 16 MiB"),
        ("hang-up", {}, "broke off"),
        ("status", {"status": 500}, "500 (Internal Server Error)"),
        ("status", {"status": 404}, "404 (Not Found)"),
        ("status", {"status": 429, "headers": {"Retry-After": "2"}}, "429 (Too Many Requests)"),
        ("unavailable", {}, "503 (Service Unavailable)"),
        ("redirect", {"to": "http://127.0.0.1:9/"}, "private network"),
        ("redirect", {"to": "file:///etc/passwd"}, "no address"),
        ("redirect", {"to": FEED}, "redirects more than 5 times"),
    ],
)
def test_the_pages_stand_in_for_a_bad_feed_and_the_verdict_says_why(
    kind: str, options: Options, why: str, arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.fault("/rss/", kind, **options)
    gathered = read()
    assert_whole(gathered, arxiv, WEDNESDAY)
    assert gathered.listing.source == "page"
    assert why in said(gathered)
    assert read.asked[-2:] == PAGES


@pytest.mark.parametrize(
    ("kind", "options", "why"),
    [
        ("day", {"day": TUESDAY}, "the pages are still of Tue 5 May 2026"),
        ("status", {"status": 500}, "500 (Internal Server Error)"),
        ("status", {"status": 400}, "400 (Bad Request)"),
        ("unavailable", {}, "503 (Service Unavailable)"),
        ("hang-up", {}, "broke off"),
        ("truncate", {}, "broke off"),
        ("cut", {}, "cut off before its first entry"),
        ("body", {"body": b"<!DOCTYPE html><html>arXiv<h1>Down</h1></html>"}, "is no listing"),
        ("change", {"change": lambda body: body.replace(b'id="2605', b'd="2605')}, "can be read"),
        ("change", {"change": lambda body: body.replace(b"of 3 ent", b"of 9 ent")}, "3 of 9"),
        ("change", {"change": lambda body: body.replace(b"On pel", b"\xff")}, "not all UTF-8"),
        ("bomb", {}, "more than 16 MiB"),
    ],
)
def test_the_feed_stands_in_for_bad_pages_where_pages_are_wanted(
    kind: str, options: Options, why: str, arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.fault("/list/", kind, **options)
    gathered = read(source="page")
    assert_whole(gathered, arxiv, WEDNESDAY)
    assert gathered.listing.source == "feed"
    assert why in said(gathered)
    assert read.asked[0] == PAGES[0]
    assert read.asked[-1] == FEED


@pytest.mark.parametrize("day", ["06 May 2036", "14 May 2026"])
def test_a_listing_of_a_day_to_come_is_an_error(day: str, arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.fault("/rss/", "change", change=lambda body: body.replace(b"06 May 2026", day.encode()))
    with pytest.raises(ListingError, match="the feed is of a day to come"):
        read(source="feed")


def test_an_announcement_before_its_time_is_shown(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.now = eastern(TUESDAY, 19, 58)
    arxiv.pages_late = timedelta(minutes=-5)
    assert_whole(read(source="page"), arxiv, WEDNESDAY)


def test_a_page_of_another_subject_is_an_error(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.fault("/list/cs.DC/", "redirect", to="/list/math.AG/new")
    gathered = read(source="page")
    assert gathered.listing.source == "feed"
    assert "cs.DC could not be read: arXiv answered with math.AG" in said(gathered)


def test_pages_that_are_wanted_and_good_need_no_feed(arxiv: FakeArxiv, read: Asks) -> None:
    assert_whole(read(source="page"), arxiv, WEDNESDAY)
    assert read.asked == PAGES


def test_a_feed_that_is_wanted_has_no_stand_in(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.fault("/rss/", "day", day=TUESDAY)
    gathered = read(source="feed")
    assert read.asked == [FEED]
    assert (code_of(gathered), status(gathered)) == (75, Status.STALE)
    assert gathered.listing.announced == TUESDAY


@pytest.mark.parametrize("hour", [20, 22, 23])
def test_from_the_evening_on_the_pages_have_what_the_feed_has_not(
    hour: int, arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.now = eastern(TUESDAY, hour)
    gathered = read()
    assert_whole(gathered, arxiv, WEDNESDAY)
    assert read.asked == PAGES
    assert "the feed has it from midnight in New York" in said(gathered)


@pytest.mark.parametrize("source", ["auto", "page", "feed"])
def test_what_should_be_out_and_is_not_makes_the_last_one_stale(
    source: str, arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.pages_late = HOUR
    arxiv.now = eastern(TUESDAY, 20, 10)
    gathered = read(source=source)
    assert gathered.listing.announced == TUESDAY
    assert (code_of(gathered), status(gathered)) == (75, Status.STALE)
    assert "stale (Wed 6 May 2026 should be out)" in said(gathered)


def test_late_pages_are_read_once_they_are_there(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.pages_late = HOUR
    arxiv.now = eastern(TUESDAY, 20, 10)
    read()
    arxiv.now = eastern(TUESDAY, 21)
    assert_whole(read(), arxiv, WEDNESDAY)


def test_a_feed_with_the_last_days_entries_under_a_new_date_is_stale(
    arxiv: FakeArxiv, read: Asks
) -> None:
    _repeat_tuesday(arxiv, read, source="feed")
    gathered = read()
    assert_whole(gathered, arxiv, WEDNESDAY)
    assert gathered.listing.source == "page"
    assert "the feed repeats an earlier day under a new date" in said(gathered)


@pytest.mark.parametrize("source", ["feed", "page"])
def test_it_is_known_whichever_way_the_last_day_was_read(
    source: str, arxiv: FakeArxiv, read: Asks
) -> None:
    _repeat_tuesday(arxiv, read, source=source)
    for _ in range(2):
        assert_whole(read(refresh=True), arxiv, WEDNESDAY)
        assert read.asked == [FEED, *PAGES]


def test_where_there_is_nothing_else_it_is_shown_as_the_last_days(
    arxiv: FakeArxiv, read: Asks
) -> None:
    _repeat_tuesday(arxiv, read, source="feed")
    gathered = read(source="feed")
    assert (code_of(gathered), status(gathered)) == (75, Status.STALE)
    assert (gathered.listing.announced, ids(gathered)) == (TUESDAY, arxiv.ids(TUESDAY, *SUBJECTS))


def _repeat_tuesday(arxiv: FakeArxiv, read: Asks, *, source: str) -> None:
    arxiv.now = eastern(TUESDAY, 9)
    read(source=source)
    arxiv.now = eastern(WEDNESDAY, 9)
    arxiv.fault("/rss/", "day", day=TUESDAY)
    arxiv.fault("/rss/", "body", body=_redated(arxiv))


def _redated(arxiv: FakeArxiv) -> bytes:
    reply, _ = arxiv.reply(FEED, {})
    return reply.body.replace(b"Tue, 05 May 2026", b"Wed, 06 May 2026")


def test_a_feed_that_lost_entries_since_the_pages_were_read_is_not_believed(
    arxiv: FakeArxiv, read: Asks
) -> None:
    read(source="page")
    arxiv.fault("/rss/", "change", change=_without_the_first)
    gathered = read(refresh=True)
    assert_whole(gathered, arxiv, WEDNESDAY)
    assert "the feed lacks 1 of the entries read before" in said(gathered)


def test_a_feed_that_leaves_a_subject_out_is_not_believed(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.fault("/rss/", "change", change=lambda body: body.replace(b", cs.LG upd", b" upd"))
    gathered = read()
    assert_whole(gathered, arxiv, WEDNESDAY)
    assert gathered.listing.source == "page"
    assert "the feed is of cs.DC, and not of cs.LG" in said(gathered)


def test_where_nothing_can_be_read_what_is_stored_is_shown(arxiv: FakeArxiv, read: Asks) -> None:
    read()
    arxiv.fault("/", "body", body=b"<html>arXiv has moved</html>")
    gathered = read(refresh=True)
    assert (code_of(gathered), ids(gathered)) == (1, arxiv.ids(WEDNESDAY, *SUBJECTS))
    assert "read 0 min ago, as arXiv's answer cannot be read: " in said(gathered)


def test_a_page_of_somebody_elses_is_a_portals_and_goes_by_itself(
    arxiv: FakeArxiv, read: Asks
) -> None:
    read()
    arxiv.fault("/", "body", body=b"<html><title>Welcome to the hotel</title></html>")
    gathered = read(refresh=True)
    assert (code_of(gathered), ids(gathered)) == (75, arxiv.ids(WEDNESDAY, *SUBJECTS))
    assert 'not one of arXiv\'s: "Welcome to the hotel"; if your network wants' in said(gathered)


def _without_the_first(body: bytes) -> bytes:
    return body[: body.index(b"<item>")] + body[body.index(b"</item>") + len(b"</item>") :]


def test_a_feed_of_2000_entries_is_cut_and_the_pages_are_read_to_the_end(
    arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.publish(
        WEDNESDAY, *papers("2605.1", 1500, "cs.DC"), *papers("2605.2", 700, "cs.DC", version=2)
    )
    gathered = read("cs.DC")
    assert_whole(gathered, arxiv, WEDNESDAY, "cs.DC")
    assert read.asked == [
        "/rss/cs.DC",
        "/list/cs.DC/new",
        "/list/cs.DC/new?skip=2000&show=2000",
    ]
    assert "2,200 of 2,200 entries (1,500 new, 700 replacements) from the page" in said(gathered)
    assert "arXiv cuts feeds at 2,000 entries" in said(gathered)


def test_without_the_pages_a_cut_feed_is_shown_as_incomplete(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.publish(WEDNESDAY, *papers("2605.1", 2001, "cs.DC"))
    arxiv.fault("/list/", "status", status=500)
    gathered = read("cs.DC")
    assert (code_of(gathered), status(gathered)) == (75, Status.INCOMPLETE)
    assert len(gathered.listing.entries) == 2000
    assert "500 (Internal Server Error)" in said(gathered)


def test_what_a_cut_feed_has_and_the_pages_have_not_is_missed(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.publish(WEDNESDAY, *papers("2605.1", 2001, "cs.DC"))
    arxiv.page_size = 2000
    arxiv.fault("/list/", "change", change=lambda page: page.replace(b"2605.12001", b"2605.99999"))
    gathered = read("cs.DC")
    assert (code_of(gathered), status(gathered)) == (75, Status.INCOMPLETE)
    assert "the pages lack 1 of the feed's entries" in said(gathered)


def test_pages_are_read_until_each_subject_is_whole(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.page_size = 2
    assert_whole(read(source="page"), arxiv, WEDNESDAY)
    skipped = ["", "?skip=2&show=2000", "?skip=4&show=2000", "?skip=6&show=2000"]
    assert read.asked == [
        *(f"/list/cs.DC/new{further}" for further in skipped[:3]),
        *(f"/list/cs.LG/new{further}" for further in skipped),
    ]


def test_a_page_goes_on_after_what_it_shows_and_not_after_what_can_be_read(
    arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.page_size = 3
    arxiv.fault(
        "/list/cs.DC/new",
        "change",
        times=1,
        change=lambda page: page.replace(b"2605.06102", b"2605.06101"),
    )
    read("cs.DC", source="page")
    assert read.asked[:2] == ["/list/cs.DC/new", "/list/cs.DC/new?skip=3&show=2000"]


def test_a_further_page_that_fails_costs_its_subject_only(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.page_size = 5
    arxiv.fault("/list/cs.LG/new?skip=5", "status", status=500)
    arxiv.fault("/rss/", "status", status=500)
    gathered = read()
    assert (code_of(gathered), status(gathered)) == (75, Status.INCOMPLETE)
    assert ids(gathered) == arxiv.ids(WEDNESDAY, "cs.DC")


def test_an_announcement_between_two_pages_is_noticed(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.page_size = 5
    arxiv.fault("/list/cs.LG/new?skip=5", "day", day=TUESDAY)
    arxiv.fault("/rss/", "status", status=500)
    gathered = read("cs.DC", "cs.LG")
    assert code_of(gathered) == 75
    assert "cs.LG could not be read: arXiv announced while it was being read" in said(gathered)


def test_an_entry_on_two_pages_is_shown_once_and_counted_as_missing_another(
    arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.page_size = 3
    first, again = b"2605.06101", b"2605.06201"
    arxiv.fault("/list/cs.DC/new?skip=3", "change", change=lambda page: page.replace(again, first))
    arxiv.fault("/rss/", "status", status=500)
    gathered = read("cs.DC")
    assert (code_of(gathered), status(gathered)) == (75, Status.INCOMPLETE)
    assert "4 of 5 entries were read; 1 of 5 entries are listed twice" in said(gathered)
    assert len(ids(gathered)) == 4


@pytest.mark.parametrize(
    ("kind", "options", "why"),
    [
        ("unavailable", {}, "503 (Service Unavailable)"),
        ("status", {"status": 404}, "404 (Not Found)"),
        ("body", {"body": b""}, "this is empty"),
        ("hang-up", {}, "broke off"),
    ],
)
def test_one_subject_that_fails_does_not_cost_the_others(
    kind: str, options: Options, why: str, arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.fault("/rss/", "status", status=500)
    arxiv.fault("/list/cs.LG/", kind, **options)
    gathered = read()
    assert (code_of(gathered), status(gathered)) == (75, Status.INCOMPLETE)
    assert ids(gathered) == arxiv.ids(WEDNESDAY, "cs.DC")
    assert "incomplete (cs.LG could not be read: " in said(gathered)
    assert said(gathered).count("cs.LG could not be read") == 1
    assert why in said(gathered)


def test_a_subject_still_of_the_day_before_is_left_out_and_named(
    arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.now = eastern(TUESDAY, 20, 1)
    arxiv.fault("/list/cs.DC/", "day", day=TUESDAY)
    gathered = read()
    assert (code_of(gathered), status(gathered)) == (75, Status.INCOMPLETE)
    assert ids(gathered) == arxiv.ids(WEDNESDAY, "cs.LG")
    assert "cs.DC is still of Tue 5 May 2026" in said(gathered)


def test_what_was_incomplete_is_asked_for_again(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.fault("/rss/", "status", status=500)
    arxiv.fault("/list/cs.LG/", "status", status=500)
    read()
    arxiv.mend()
    assert_whole(read(), arxiv, WEDNESDAY)


def test_a_subject_that_arxiv_does_not_know_is_named_beside_the_others(
    arxiv: FakeArxiv, read: Asks
) -> None:
    gathered = read("cs.DC", "cs.ZZ")
    assert code_of(gathered) == 75
    assert ids(gathered) == arxiv.ids(WEDNESDAY, "cs.DC")
    assert "cs.ZZ could not be read: " in said(gathered)
    assert "Invalid archive or category: cs.ZZ" in said(gathered)


def test_alone_it_is_refused(read: Asks) -> None:
    with pytest.raises(RefusedError, match='arXiv refused: "arXiv has no subject "cs'):
        read("cs.ZZ")


@pytest.mark.parametrize(
    ("feed", "pages", "error"),
    [
        (("status", 500), ("status", 500), TryAgainError),
        (("status", 500), ("status", 404), TryAgainError),
        (("status", 404), ("status", 500), TryAgainError),
        (("status", 404), ("status", 404), ListingError),
        (("hang-up", 200), ("hang-up", 200), TryAgainError),
        (("bomb", 200), ("bomb", 200), ListingError),
        (("status", 403), ("status", 200), ForbiddenError),
    ],
)
def test_where_nothing_can_be_read_the_error_says_whether_it_goes_by_itself(
    feed: tuple[str, int],
    pages: tuple[str, int],
    error: type[DigestError],
    arxiv: FakeArxiv,
    read: Asks,
) -> None:
    arxiv.fault("/rss/", feed[0], status=feed[1])
    arxiv.fault("/list/", pages[0], status=pages[1])
    with pytest.raises(error):
        read()


def test_after_a_403_nothing_more_is_asked(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.fault("/list/cs.DC", "status", status=403)
    with pytest.raises(ForbiddenError, match="asks you to stop"):
        read(source="page")
    assert read.asked == PAGES[:1]


SATURDAY, SUNDAY = date(2026, 5, 9), date(2026, 5, 10)
FRIDAY = date(2026, 5, 8)
JUNETEENTH = date(2026, 6, 19)


def _the_week_to_friday(arxiv: FakeArxiv) -> None:
    announce(arxiv, date(2026, 5, 7), FRIDAY)


@pytest.mark.parametrize("source", ["auto", "page"])
@pytest.mark.parametrize(
    "now",
    [
        eastern(FRIDAY, 20),
        eastern(FRIDAY, 23, 59),
        eastern(SATURDAY, 0),
        eastern(SATURDAY, 12),
        eastern(SUNDAY, 0),
        eastern(SUNDAY, 19, 59),
    ],
)
def test_on_a_weekend_the_newest_announcement_is_fridays(
    now: datetime, source: str, arxiv: FakeArxiv, read: Asks
) -> None:
    _the_week_to_friday(arxiv)
    arxiv.now = now
    assert_whole(read(source=source), arxiv, FRIDAY)


@pytest.mark.parametrize("day", [SATURDAY, SUNDAY])
def test_a_feed_that_is_empty_on_a_weekend_is_no_failure(
    day: date, arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.now = eastern(day, 12)
    gathered = read(source="feed")
    assert (code_of(gathered), status(gathered)) == (0, Status.NO_ANNOUNCEMENT)
    assert f"no announcement; the feed has no entries, as on every {day:%A}" in said(gathered)


@pytest.mark.parametrize("source", ["auto", "page"])
@pytest.mark.parametrize("hour", [0, 9, 19])
def test_on_a_holiday_of_arxivs_the_newest_announcement_is_the_day_befores(
    hour: int, source: str, arxiv: FakeArxiv, read: Asks
) -> None:
    announce(arxiv, JUNETEENTH - timedelta(1))
    arxiv.now = eastern(JUNETEENTH, hour)
    gathered = read(source=source)
    assert_whole(gathered, arxiv, JUNETEENTH - timedelta(1))


def test_a_feed_that_is_empty_on_a_holiday_is_no_failure(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.now = eastern(JUNETEENTH, 9)
    gathered = read(source="feed")
    assert (code_of(gathered), status(gathered)) == (0, Status.NO_ANNOUNCEMENT)


def test_a_listing_that_appears_on_a_holiday_is_shown(arxiv: FakeArxiv, read: Asks) -> None:
    announce(arxiv, JUNETEENTH)
    arxiv.now = eastern(JUNETEENTH, 9)
    assert_whole(read(), arxiv, JUNETEENTH)


def test_it_is_shown_from_the_evening_before_whatever_is_stored(
    arxiv: FakeArxiv, read: Asks
) -> None:
    announce(arxiv, JUNETEENTH - timedelta(1), JUNETEENTH)
    arxiv.now = eastern(JUNETEENTH - timedelta(1), 19)
    assert_whole(read(), arxiv, JUNETEENTH - timedelta(1))
    arxiv.now = eastern(JUNETEENTH - timedelta(1), 20)
    assert_whole(read(), arxiv, JUNETEENTH)


def test_a_holiday_can_be_added(arxiv: FakeArxiv, read: Asks) -> None:
    thursday = WEDNESDAY + timedelta(1)
    arxiv.now = eastern(WEDNESDAY, 21)
    assert code_of(read()) == 75
    assert_whole(read(holidays=(thursday,)), arxiv, WEDNESDAY)
    arxiv.now = eastern(thursday, 9)
    assert_whole(read(holidays=(thursday,)), arxiv, WEDNESDAY)


THURSDAY = date(2026, 5, 7)
LATE = "nothing announced yet for Thu 7 May"


@pytest.mark.parametrize("hour", [0, 9, 11, 12, 19])
@pytest.mark.parametrize("source", ["auto", "page"])
def test_what_is_late_is_an_error_until_noon_in_new_york(
    source: str, hour: int, arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.now = eastern(THURSDAY, hour)
    for _ in range(2):  # the day stays unread, and is asked for again
        gathered = read(source=source)
        assert_same_entries(gathered, arxiv, WEDNESDAY)
        assert (code_of(gathered), status(gathered)) == (75 if hour < 12 else 0, Status.STALE)
        assert f"stale ({LATE}; the page is still of Wed 6 May)" in said(gathered)
        assert set(read.asked) == {FEED, *PAGES}


@pytest.mark.parametrize(("hour", "code"), [(9, 75), (19, 0)])
@pytest.mark.parametrize("remembers", [True, False])
def test_with_feeds_alone_the_newest_that_is_known_is_shown(
    hour: int, code: int, arxiv: FakeArxiv, read: Asks, *, remembers: bool
) -> None:
    if remembers:
        read(source="feed")
    arxiv.now = eastern(THURSDAY, hour)
    gathered = read(source="feed")
    assert (code_of(gathered), status(gathered)) == (code, Status.STALE)
    assert f"stale ({LATE}; the feed is empty)" in said(gathered)
    assert ids(gathered) == (arxiv.ids(WEDNESDAY, *SUBJECTS) if remembers else [])


@pytest.mark.parametrize("source", ["auto", "page"])
def test_on_a_holiday_after_such_a_day_there_is_no_alarm(
    source: str, arxiv: FakeArxiv, read: Asks
) -> None:
    friday = THURSDAY + timedelta(1)
    arxiv.now = eastern(friday, 9)
    gathered = read(source=source, holidays=(friday,))
    assert_same_entries(gathered, arxiv, WEDNESDAY)
    assert (code_of(gathered), status(gathered)) == (0, Status.STALE)
    assert f"stale ({LATE}; the page is still of Wed 6 May)" in said(gathered)


def test_the_newest_that_is_known_is_one_with_entries(arxiv: FakeArxiv, read: Asks) -> None:
    read(source="feed")
    arxiv.now = eastern(date(2026, 5, 9), 0)
    assert status(read(day=THURSDAY)) is Status.NO_ANNOUNCEMENT
    arxiv.now = eastern(date(2026, 5, 11), 9)
    gathered = read(source="feed")
    assert (code_of(gathered), status(gathered)) == (75, Status.STALE)
    assert_same_entries(gathered, arxiv, WEDNESDAY)


def test_on_the_weekend_after_a_friday_that_nobody_knew_of_there_is_no_alarm(
    arxiv: FakeArxiv, read: Asks
) -> None:
    announce(arxiv, THURSDAY)
    arxiv.now = eastern(SATURDAY, 9)
    gathered = read()
    assert_same_entries(gathered, arxiv, THURSDAY)
    assert (code_of(gathered), status(gathered)) == (0, Status.STALE)


def test_what_comes_late_on_such_a_day_is_shown(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.now = eastern(THURSDAY, 1)
    read()
    announce(arxiv, THURSDAY)
    arxiv.now = eastern(THURSDAY, 2)
    assert_whole(read(), arxiv, THURSDAY)
    assert_whole(read(day=THURSDAY), arxiv, THURSDAY)


@pytest.mark.parametrize(("hour", "code"), [(9, 75), (13, 0)])
def test_a_catch_up_page_of_a_late_day_is_no_word_of_arxivs(
    hour: int, code: int, arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.now = eastern(THURSDAY, hour)
    for _ in range(2):
        gathered = read(day=THURSDAY)
        assert (code_of(gathered), status(gathered)) == (code, Status.STALE)
        assert f"stale ({LATE})" in said(gathered)
        assert len(read.asked) == 2


def test_a_day_after_its_end_it_is(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.now = eastern(date(2026, 5, 9), 0) - timedelta(minutes=1)
    assert status(read(day=THURSDAY)) is Status.STALE
    arxiv.now = eastern(date(2026, 5, 9), 0)
    for asked in (2, 0):
        assert status(read(day=THURSDAY)) is Status.NO_ANNOUNCEMENT
        assert len(read.asked) == asked


def test_an_empty_feed_alone_proves_nothing(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.now = eastern(WEDNESDAY + timedelta(1), 9)
    arxiv.fault("/list/", "status", status=500)
    with pytest.raises(TryAgainError, match="500"):
        read()


@pytest.mark.parametrize("source", ["auto", "page"])
def test_a_subject_without_entries_has_no_announcement(source: str, read: Asks) -> None:
    gathered = read("cs.GL", source=source)
    assert (code_of(gathered), status(gathered)) == (0, Status.NO_ANNOUNCEMENT)
    assert gathered.listing.announced == WEDNESDAY


def test_a_feed_older_than_an_empty_weekend_is_not_taken_for_a_holiday(
    arxiv: FakeArxiv, read: Asks
) -> None:
    _the_week_to_friday(arxiv)
    announce(arxiv, date(2026, 5, 11))
    arxiv.now = eastern(date(2026, 5, 11), 9)
    arxiv.fault("/rss/", "day", day=SUNDAY)
    arxiv.fault("/list/", "day", day=SATURDAY)
    gathered = read()
    assert (code_of(gathered), status(gathered)) == (75, Status.STALE)
    assert_same_entries(gathered, arxiv, FRIDAY)


def assert_same_entries(gathered: Gathered, arxiv: FakeArxiv, day: date) -> None:
    assert gathered.listing.announced == day
    assert ids(gathered) == arxiv.ids(day, *SUBJECTS)


def test_a_second_run_asks_nothing_until_midnight(arxiv: FakeArxiv, read: Asks) -> None:
    read()
    arxiv.now = eastern(WEDNESDAY, 19, 59)
    assert_whole(read(), arxiv, WEDNESDAY)
    assert read.asked == []


def test_the_order_of_the_subjects_is_no_reason_to_ask(arxiv: FakeArxiv, read: Asks) -> None:
    read("cs.DC", "cs.LG")
    assert_whole(read("cs.LG", "cs.DC"), arxiv, WEDNESDAY)
    assert read.asked == []


def test_pages_read_in_the_evening_are_good_for_all_of_the_next_day(
    arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.now = eastern(TUESDAY, 20)
    read()
    arxiv.now = eastern(WEDNESDAY, 19, 59)
    assert_whole(read(), arxiv, WEDNESDAY)
    assert read.asked == []


def test_without_max_age_a_second_run_asks_whether_anything_changed(
    arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.fault("/rss/", "without", header="Cache-Control")
    read()
    gathered = read()
    assert_whole(gathered, arxiv, WEDNESDAY)
    assert read.asked == [FEED]
    assert None not in read.conditions


def test_refresh_asks_again_and_a_304_is_enough(arxiv: FakeArxiv, read: Asks) -> None:
    read()
    assert_whole(read(refresh=True), arxiv, WEDNESDAY)
    assert read.asked == [FEED]
    assert None not in read.conditions


def test_refresh_shows_what_has_changed(arxiv: FakeArxiv, read: Asks) -> None:
    read()
    arxiv.publish(
        WEDNESDAY,
        *papers("2605.06", 4, "cs.DC"),
        *papers("2605.061", 3, "cs.DC"),
        *papers("2605.062", 2, "cs.LG"),
    )
    assert_whole(read(refresh=True), arxiv, WEDNESDAY)


def test_a_new_day_is_asked_for_with_the_last_days_etag(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.now = eastern(TUESDAY, 9)
    read()
    arxiv.now = eastern(WEDNESDAY, 9)
    assert_whole(read(), arxiv, WEDNESDAY)
    assert None not in read.conditions


def test_nothing_is_ever_asked_with_if_modified_since(arxiv: FakeArxiv, read: Asks) -> None:
    for source in ("auto", "page"):
        read(source=source)
        read(source=source, refresh=True)
        assert all("if-modified-since" not in request.headers for request in arxiv.requests)


def _no_network(arxiv: FakeArxiv) -> None:
    arxiv.fault("/", "hang-up")


@pytest.mark.parametrize(
    ("fault", "status_code"), [("hang-up", 200), ("status", 500), ("status", 429)]
)
def test_with_arxiv_out_of_reach_the_stored_listing_is_shown_as_stale(
    fault: str, status_code: int, arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.now = eastern(TUESDAY, 9)
    read()
    arxiv.now = eastern(WEDNESDAY, 9)
    arxiv.fault("/", fault, status=status_code)
    gathered = read()
    assert_same_entries(gathered, arxiv, TUESDAY)
    assert (code_of(gathered), status(gathered)) == (75, Status.STALE)
    assert "stale (Wed 6 May 2026 should be out); read 24 h ago, as arXiv " in said(gathered)
    assert "as arXiv cannot be asked: " in said(gathered)


def test_todays_is_not_stale_then_and_the_exit_code_still_tells(
    arxiv: FakeArxiv, read: Asks
) -> None:
    read()
    _no_network(arxiv)
    gathered = read(refresh=True)
    assert_same_entries(gathered, arxiv, WEDNESDAY)
    assert (code_of(gathered), status(gathered)) == (75, Status.COMPLETE)


def test_with_nothing_stored_it_is_an_error(arxiv: FakeArxiv, read: Asks) -> None:
    _no_network(arxiv)
    with pytest.raises(TryAgainError, match="broke off"):
        read()


@pytest.mark.parametrize(
    ("hours", "age"), [(0, "0 min"), (1, "1 h"), (47, "47 h"), (48, "2 days"), (500, "20 days")]
)
def test_offline_asks_nobody_and_says_how_old_it_is(
    hours: int, age: str, arxiv: FakeArxiv, read: Asks
) -> None:
    read()
    arxiv.now += hours * HOUR
    gathered = read(offline=True)
    assert read.asked == []
    assert_same_entries(gathered, arxiv, WEDNESDAY)
    assert f"read {age} ago" in said(gathered)


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (None, "nothing is stored for cs.DC, cs.LG yet"),
        (TUESDAY, "nothing is stored for cs.DC, cs.LG of Tue 5 May 2026"),
    ],
)
def test_offline_with_nothing_stored_is_an_error(
    day: date | None, message: str, read: Asks
) -> None:
    with pytest.raises(TryAgainError) as raised:
        read(offline=True, day=day)
    assert str(raised.value) == message


def test_an_older_day_comes_from_its_catch_up_pages(arxiv: FakeArxiv, read: Asks) -> None:
    assert_whole(read(day=TUESDAY), arxiv, TUESDAY)
    assert read.asked == [f"/catchup/{one}/2026-05-05?abs=True" for one in SUBJECTS]


def test_and_from_all_of_them(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.page_size = 3
    assert_whole(read("cs.LG", day=TUESDAY), arxiv, TUESDAY, "cs.LG")
    address = "/catchup/cs.LG/2026-05-05?abs=True"
    assert read.asked == [address, f"{address}&page=2", f"{address}&page=3"]


@pytest.mark.parametrize("offline", [True, False])
def test_and_from_the_store_where_it_is_there(
    arxiv: FakeArxiv, read: Asks, *, offline: bool
) -> None:
    arxiv.now = eastern(TUESDAY, 9)
    read()
    arxiv.now = eastern(WEDNESDAY, 9)
    assert_whole(read(day=TUESDAY, offline=offline), arxiv, TUESDAY)
    assert read.asked == []


def test_refresh_reads_an_older_day_again(arxiv: FakeArxiv, read: Asks) -> None:
    read(day=TUESDAY)
    assert_whole(read(day=TUESDAY, refresh=True), arxiv, TUESDAY)
    assert len(read.asked) == 2


@pytest.mark.parametrize(
    "day", [SATURDAY, SUNDAY, date(2026, 5, 25)], ids=["Saturday", "Sunday", "unlisted holiday"]
)
def test_a_day_without_an_announcement_says_so(day: date, arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.now = eastern(date(2026, 5, 27), 9)
    for _ in range(2):
        gathered = read(day=day)
        assert (code_of(gathered), status(gathered)) == (0, Status.NO_ANNOUNCEMENT)
        assert gathered.listing.announced == day
    assert read.asked == []


def test_this_saturday_has_none_either(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.now = eastern(SATURDAY, 9)
    assert status(read(day=SATURDAY)) is Status.NO_ANNOUNCEMENT


def test_a_day_found_empty_before_its_announcement_is_asked_for_again(
    arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.pages_late = HOUR
    arxiv.now = eastern(TUESDAY, 20, 10)
    assert status(read(day=WEDNESDAY)) is Status.STALE
    arxiv.now = eastern(TUESDAY, 21, 10)
    assert_whole(read(day=WEDNESDAY), arxiv, WEDNESDAY)


def test_one_subject_that_fails_on_an_older_day_does_not_cost_the_others(
    arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.fault("/catchup/cs.DC", "status", status=500)
    gathered = read(day=TUESDAY)
    assert (code_of(gathered), status(gathered)) == (75, Status.INCOMPLETE)
    assert ids(gathered) == arxiv.ids(TUESDAY, "cs.LG")


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (date(2026, 5, 7), "the announcement of Thu 7 May 2026 is not out yet"),
        (
            WEDNESDAY - timedelta(91),
            "arXiv shows no announcement as old as Wed 4 Feb 2026: 90 days at most",
        ),
    ],
)
def test_a_day_out_of_reach_is_refused_unasked(day: date, message: str, read: Asks) -> None:
    with pytest.raises(UsageError) as raised:
        read(day=day)
    assert str(raised.value) == message
    assert read.asked == []


def test_ninety_days_back_is_within_reach(arxiv: FakeArxiv, read: Asks) -> None:
    day = WEDNESDAY - timedelta(90)
    announce(arxiv, day)
    assert_whole(read(day=day), arxiv, day)


def test_an_answer_of_another_day_than_asked_for_is_an_error(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.fault(
        "/catchup/", "change", change=lambda body: body.replace(b"Tue, 05 May", b"Mon, 04 May")
    )
    with pytest.raises(ListingError, match="asked for Tue 5 May 2026, arXiv answered with Mon 4"):
        read(day=TUESDAY)


@pytest.mark.parametrize(("source", "asked"), [("feed", [FEED]), ("page", PAGES), ("auto", [])])
def test_a_source_asked_for_by_name_is_not_answered_from_another(
    source: str, asked: list[str], read: Asks
) -> None:
    read(source="page" if source != "page" else "feed")
    read(source=source)
    assert read.asked == asked
