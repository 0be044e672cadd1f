"""What is known of a day: not read, nothing announced, short or whole, by subject."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from asks import Asks
from fake_arxiv import EASTERN, FakeArxiv, Paper, papers
from ran import code_of

from arxivdigest import digest as digests
from arxivdigest import reading
from arxivdigest.config import Config
from arxivdigest.errors import ListingError, TryAgainError
from arxivdigest.model import Status
from arxivdigest.reading import Request
from arxivdigest.store.file import opened
from arxivdigest.verdict import Gathered

MONDAY, TUESDAY, WEDNESDAY = date(2026, 5, 4), date(2026, 5, 5), date(2026, 5, 6)
NINE = datetime(2026, 5, 6, 9, tzinfo=EASTERN)
SHORT = (75, Status.INCOMPLETE)
WHOLE = (0, Status.COMPLETE)


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    with FakeArxiv(NINE) as fake:
        for day in (MONDAY, TUESDAY, WEDNESDAY):
            fake.publish(
                day,
                *papers(f"2605.{day.day}1", 5, "cs.DC"),
                *papers(f"2605.{day.day}2", 4, "cs.LG"),
                *papers(f"2605.{day.day}3", 3, "stat.ML cs.LG"),
            )
        yield fake


@pytest.fixture
def read(arxiv: FakeArxiv, tmp_path: Path) -> Asks:
    return Asks(arxiv, tmp_path)


def verdict(gathered: Gathered) -> tuple[int, Status]:
    digest = digests.build([gathered.listing], Config())
    return code_of(gathered), digest.verdict.status


def said(gathered: Gathered) -> str:
    return digests.build([gathered.listing], Config()).verdict.message


def ids(gathered: Gathered) -> list[str]:
    return sorted(entry.arxiv_id for entry in gathered.listing.entries)


# Short: arXiv counts more than it shows.


@pytest.mark.parametrize("kind", ["status", "hang-up"])
def test_a_first_page_is_shown_where_the_second_cannot_be_read(
    arxiv: FakeArxiv, read: Asks, kind: str
) -> None:
    arxiv.page_size = 3
    arxiv.fault("/list/cs.DC/new?skip=3", kind, status=503)
    arxiv.fault("/rss/", "status", status=503)
    gathered = read("cs.DC", source="page")
    assert verdict(gathered) == SHORT
    assert ids(gathered) == arxiv.ids(WEDNESDAY, "cs.DC")[:3]
    assert "3 of 5 entries" in said(gathered)
    assert "page 2 could not be read: " in said(gathered)


def test_a_feed_is_short_where_the_pages_just_counted_more(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.page_size = 3
    arxiv.feed_size = 3
    arxiv.fault("/list/cs.DC/new?skip=3", "status", status=503)
    gathered = read("cs.DC", source="page")
    assert verdict(gathered) == SHORT
    assert len(ids(gathered)) == 3
    assert read.asked[0] == "/list/cs.DC/new"
    assert read.asked[-1] == "/rss/cs.DC"


def test_so_is_one_that_ends_where_they_do(arxiv: FakeArxiv, read: Asks) -> None:
    """Page and feed hold the same 3 of 5 entries, as on a replica that lags behind."""
    arxiv.page_size = 3
    arxiv.fault("/list/cs.DC/new?skip=3", "status", status=503)

    def first_three(body: bytes) -> bytes:
        parts = body.split(b"<item>")
        return b"<item>".join(parts[:4]) + b"</channel></rss>"

    arxiv.fault("/rss/", "change", change=first_three)
    gathered = read("cs.DC", source="page")
    assert verdict(gathered) == SHORT
    assert "3 of 5 entries" in said(gathered)
    assert "arXiv counts 5 entries of cs.DC, and 3 could be read" in said(gathered)


def test_a_feed_that_holds_all_that_the_pages_counted_is_whole(
    arxiv: FakeArxiv, read: Asks
) -> None:
    arxiv.page_size = 3
    arxiv.fault("/list/cs.DC/new?skip=3", "status", status=503)
    gathered = read("cs.DC", source="page")
    assert verdict(gathered) == WHOLE
    assert ids(gathered) == arxiv.ids(WEDNESDAY, "cs.DC")


def test_a_day_whose_page_holds_less_than_it_counts_is_shown_and_asked_for_again(
    arxiv: FakeArxiv, read: Asks
) -> None:
    def short(body: bytes) -> bytes:
        return body.replace(b"Total of 3 entries", b"Total of 5 entries")

    arxiv.publish(TUESDAY, *papers("2605.51", 3, "cs.DC"))
    arxiv.fault("/catchup/cs.DC", "change", change=short)
    for _ in range(2):
        gathered = read("cs.DC", day=TUESDAY)
        assert verdict(gathered) == SHORT
        assert ids(gathered) == arxiv.ids(TUESDAY, "cs.DC")
        assert "past the end of its listing" in said(gathered)
        assert len(read.asked) == 2
    arxiv.mend()
    arxiv.publish(TUESDAY, *papers("2605.51", 5, "cs.DC"))
    assert verdict(read("cs.DC", day=TUESDAY)) == WHOLE
    assert read("cs.DC", day=TUESDAY).error is None
    assert read.asked == []


def test_what_is_short_is_known_to_be_so(arxiv: FakeArxiv, read: Asks, tmp_path: Path) -> None:
    arxiv.fault("/catchup/cs.DC", "change", change=lambda body: body.replace(b"of 5 e", b"of 7 e"))
    read("cs.DC", day=TUESDAY)
    with opened(tmp_path) as store:
        found = store.covering(["cs.DC"], TUESDAY)
        assert found is not None
        assert not found.is_whole
        assert store.of_day(["cs.DC"], TUESDAY) is None


@pytest.mark.parametrize("source", ["feed", "page"])
def test_a_listing_that_is_longer_later_is_longer_from_then_on(
    arxiv: FakeArxiv, read: Asks, source: str
) -> None:
    arxiv.publish(WEDNESDAY, *papers("2605.61", 3, "cs.DC"))
    assert verdict(read("cs.DC", source=source)) == WHOLE
    arxiv.publish(WEDNESDAY, *papers("2605.61", 5, "cs.DC"))
    assert len(ids(read("cs.DC", source=source, refresh=True))) == 5
    arxiv.publish(WEDNESDAY, *papers("2605.61", 3, "cs.DC"))
    gathered = read("cs.DC", source=source, refresh=True)
    assert (code_of(gathered), len(ids(gathered))) == (75, 5)
    arxiv.requests.clear()
    assert len(ids(read("cs.DC", source=source, offline=True))) == 5


def test_so_is_a_day_that_is_asked_for_by_its_date(arxiv: FakeArxiv, read: Asks) -> None:
    assert verdict(read("cs.DC", day=TUESDAY)) == WHOLE
    arxiv.publish(TUESDAY, *papers("2605.51", 3, "cs.DC"))
    gathered = read("cs.DC", "cs.LG", day=TUESDAY, refresh=True)
    assert (code_of(gathered), len(ids(gathered))) == (75, 5)
    assert "the pages of cs.DC lack 2 of the entries read before" in said(gathered)
    assert verdict(read("cs.DC", day=TUESDAY)) == WHOLE
    assert read.asked == []


def _short_pages(arxiv: FakeArxiv) -> None:
    """Pages of which only the first three entries of each subject can be read."""
    arxiv.page_size = 3
    for address in ("/list/cs.DC/new?skip=3", "/catchup/cs.DC/2026-05-06?abs=True&page=2"):
        arxiv.fault(address, "status", status=404)


def _short_feed(arxiv: FakeArxiv) -> None:
    """A feed that lacks the last two entries of cs.DC, and says nothing of it."""

    def without(body: bytes) -> bytes:
        first, *items = body.split(b"<item>")
        kept = [one for one in items if b"2605.61004" not in one and b"2605.61005" not in one]
        end = b"" if items[-1] in kept else b"</channel></rss>"
        return b"<item>".join([first, *kept]) + end

    arxiv.fault("/rss/", "change", change=without)


@pytest.mark.parametrize("day", [None, WEDNESDAY])
def test_a_feed_is_short_where_pages_read_earlier_counted_more(
    arxiv: FakeArxiv, read: Asks, day: date | None
) -> None:
    _short_pages(arxiv)
    arxiv.fault("/rss/", "status", status=404)
    assert verdict(read("cs.DC", source="page", day=day)) == SHORT
    _short_feed(arxiv)
    assert verdict(read("cs.DC")) == SHORT
    arxiv.mend()
    assert verdict(read("cs.DC")) == WHOLE


@pytest.mark.parametrize("subjects", [["cs.DC"], ["cs.DC", "cs.LG"]])
@pytest.mark.parametrize("day", [None, WEDNESDAY])
def test_so_is_one_that_was_whole_until_pages_count_more(
    arxiv: FakeArxiv, read: Asks, subjects: list[str], day: date | None
) -> None:
    _short_feed(arxiv)
    assert verdict(read(*subjects)) == WHOLE
    _short_pages(arxiv)
    assert verdict(read("cs.DC", source="page", day=day, refresh=True)) == SHORT
    gathered = read(*subjects)
    assert verdict(gathered) == SHORT
    assert read.asked[0].startswith("/rss/cs.DC")
    arxiv.mend()
    gathered = read(*subjects)
    assert verdict(gathered) == WHOLE
    assert ids(gathered) == arxiv.ids(WEDNESDAY, *subjects)


def test_a_day_read_anew_is_read_from_its_first_page(
    arxiv: FakeArxiv, read: Asks, tmp_path: Path
) -> None:
    arxiv.page_size = 3

    def stop(line: str) -> None:
        if "page 2" in line:
            raise KeyboardInterrupt

    request = Request(None, ("cs.DC",), arxiv.settings(), TUESDAY)
    with pytest.raises(KeyboardInterrupt):
        reading.read(request, arxiv.world(tmp_path)._replace(say=stop))
    assert verdict(read("cs.DC", day=TUESDAY, refresh=True)) == WHOLE
    assert len(read.asked) == 2


# Dates ahead.


@pytest.mark.parametrize("with_entries", [True, False])
@pytest.mark.parametrize("days", [1, 6, 7, 3650])
def test_a_feed_of_a_day_to_come_is_not_believed_and_not_kept(
    arxiv: FakeArxiv, read: Asks, tmp_path: Path, days: int, *, with_entries: bool
) -> None:
    ahead = f"{WEDNESDAY + timedelta(days):%d %b %Y}".encode()

    def redated(body: bytes) -> bytes:
        if not with_entries:
            body = body[: body.index(b"<item>")] + b"</channel></rss>"
        return body.replace(b"06 May 2026", ahead)

    arxiv.fault("/rss/", "change", change=redated)
    gathered = read("cs.DC")
    assert verdict(gathered) == WHOLE
    assert (gathered.listing.announced, gathered.listing.source) == (WEDNESDAY, "page")
    assert "the feed is of a day to come" in said(gathered)
    with opened(tmp_path) as store:
        assert store.days() == [WEDNESDAY]


def test_so_are_pages(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.fault(
        "/list/",
        "change",
        change=lambda body: body.replace(b"Wednesday, 6 May", b"Thursday, 7 May"),
    )
    gathered = read("cs.DC", source="page")
    assert (gathered.listing.announced, gathered.listing.source) == (WEDNESDAY, "feed")
    assert "the page is of a day to come, Thu 7 May 2026" in said(gathered)
    arxiv.fault("/rss/", "status", status=404)
    with pytest.raises(ListingError):
        read("cs.LG", source="page")


# Repeated.


def test_what_was_new_before_is_left_out_and_counted(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.now = datetime(2026, 5, 4, 9, tzinfo=EASTERN)
    read("cs.DC", "cs.LG")
    arxiv.now = NINE
    again = papers("2605.41", 2, "cs.DC")
    arxiv.publish(WEDNESDAY, *again, *papers("2605.61", 5, "cs.DC"))
    for source in ("feed", "page"):
        gathered = read("cs.DC", source=source, refresh=True)
        assert verdict(gathered) == WHOLE
        assert ids(gathered) == [f"2605.6100{number}" for number in range(1, 6)]
        assert "without 2 entries announced as new before" in said(gathered)
    assert len(ids(read("cs.DC", offline=True))) == 5


@pytest.mark.parametrize("source", ["feed", "page"])
def test_a_day_that_is_a_papers_next_version_is_a_day(
    arxiv: FakeArxiv, read: Asks, source: str
) -> None:
    arxiv.publish(TUESDAY, Paper("2601.00001", "cs.DC", version=2))
    arxiv.publish(WEDNESDAY, Paper("2601.00001", "cs.DC", version=3))
    arxiv.now = NINE - timedelta(days=1)
    read("cs.DC", source=source)
    arxiv.now = NINE
    gathered = read("cs.DC", source=source)
    assert verdict(gathered) == WHOLE
    assert [entry.version for entry in gathered.listing.entries] == [3]


@pytest.mark.parametrize("source", ["feed", "page"])
@pytest.mark.parametrize("hour", [9, 15])
def test_a_day_that_comes_again_from_everywhere_is_not_a_late_one(
    arxiv: FakeArxiv, read: Asks, source: str, hour: int
) -> None:
    arxiv.now = NINE - timedelta(days=1)
    read("cs.DC", source=source)
    arxiv.publish(WEDNESDAY, *papers("2605.51", 5, "cs.DC"))
    arxiv.now = NINE.replace(hour=hour)
    gathered = read("cs.DC", source=source)
    assert verdict(gathered) == (75, Status.STALE)
    assert "an earlier day under a new date" in said(gathered)


def test_however_long_ago_what_was_new_is_known(arxiv: FakeArxiv, read: Asks) -> None:
    for weeks in range(12, 0, -1):
        arxiv.now = NINE - timedelta(weeks=weeks)
        arxiv.publish(arxiv.now.date(), *papers(f"2604.{weeks:02}", 5, "cs.DC"))
        read("cs.DC")
    arxiv.now = NINE
    arxiv.publish(WEDNESDAY, *papers("2604.12", 2, "cs.DC"), *papers("2605.61", 3, "cs.DC"))
    gathered = read("cs.DC")
    assert verdict(gathered) == WHOLE
    assert ids(gathered) == [f"2605.6100{number}" for number in range(1, 4)]


def test_what_was_new_of_another_subject_is_not_repeated(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.now = datetime(2026, 5, 4, 9, tzinfo=EASTERN)
    read("cs.LG")
    arxiv.now = NINE
    arxiv.publish(WEDNESDAY, *papers("2605.41", 2, "cs.DC"))
    assert len(ids(read("cs.DC"))) == 2


def _repeat(arxiv: FakeArxiv, read: Asks) -> None:
    """Read Monday; on Wednesday, over half of what is new in cs.DC was so on Monday."""
    arxiv.now = datetime(2026, 5, 4, 9, tzinfo=EASTERN)
    read("cs.DC", "cs.LG")
    arxiv.now = NINE
    arxiv.publish(
        WEDNESDAY,
        *papers("2605.41", 4, "cs.DC"),
        *papers("2605.61", 3, "cs.DC"),
        *papers("2605.62", 4, "cs.LG"),
    )


def test_a_subject_of_which_over_half_comes_again_is_stale_within_a_joined_feed(
    arxiv: FakeArxiv, read: Asks
) -> None:
    _repeat(arxiv, read)
    gathered = read("cs.DC", "cs.LG", source="feed")
    assert verdict(gathered) == SHORT
    assert "incomplete (cs.DC repeats an earlier day)" in said(gathered)
    assert set(arxiv.ids(WEDNESDAY, "cs.LG")) <= set(ids(gathered))
    assert not {f"2605.4100{number}" for number in range(1, 5)} & set(ids(gathered))


def test_the_pages_are_asked_then(arxiv: FakeArxiv, read: Asks) -> None:
    _repeat(arxiv, read)
    gathered = read("cs.DC", "cs.LG")
    assert verdict(gathered) == SHORT
    assert read.asked == ["/rss/cs.DC+cs.LG", "/list/cs.DC/new", "/list/cs.LG/new"]
    assert verdict(read("cs.LG")) == WHOLE  # which is kept, as it is
    assert read.asked == []


# Only what is lacking is asked for.


def test_a_subject_that_is_added_is_asked_for_alone(arxiv: FakeArxiv, read: Asks) -> None:
    read("cs.DC")
    gathered = read("cs.DC", "cs.LG")
    assert read.asked == ["/rss/cs.LG"]
    assert verdict(gathered) == WHOLE
    assert ids(gathered) == arxiv.ids(WEDNESDAY, "cs.DC", "cs.LG")


def test_where_that_cannot_be_read_the_others_are_shown(arxiv: FakeArxiv, read: Asks) -> None:
    read("cs.DC")
    arxiv.fault("/", "hang-up")
    gathered = read("cs.DC", "cs.LG")
    assert verdict(gathered) == SHORT
    assert ids(gathered) == arxiv.ids(WEDNESDAY, "cs.DC")
    assert "cs.LG could not be read: " in said(gathered)


def test_offline_names_the_hole(arxiv: FakeArxiv, read: Asks) -> None:
    read("cs.DC")
    gathered = read("cs.DC", "cs.LG", offline=True)
    assert verdict(gathered) == SHORT
    assert "nothing is stored for cs.LG" in said(gathered)
    assert ids(gathered) == arxiv.ids(WEDNESDAY, "cs.DC")


def test_fewer_subjects_ask_nothing_anew(arxiv: FakeArxiv, read: Asks) -> None:
    read("cs.DC", "cs.LG")
    for subject in ("cs.DC", "cs.LG"):
        for day in (None, WEDNESDAY):
            assert ids(read(subject, day=day)) == arxiv.ids(WEDNESDAY, subject)
            assert read.asked == []


def test_of_a_day_only_the_subjects_are_asked_for_that_lack(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.fault("/catchup/cs.LG", "status", status=500)
    assert verdict(read("cs.DC", "cs.LG", day=TUESDAY)) == SHORT
    arxiv.mend()
    gathered = read("cs.DC", "cs.LG", day=TUESDAY)
    assert verdict(gathered) == WHOLE
    assert ids(gathered) == arxiv.ids(TUESDAY, "cs.DC", "cs.LG")
    assert read.asked == ["/catchup/cs.LG/2026-05-05?abs=True"]


def test_an_interrupted_run_keeps_every_page_and_the_next_goes_on_from_there(
    arxiv: FakeArxiv, read: Asks, tmp_path: Path
) -> None:
    arxiv.page_size = 3
    begun: list[str] = []

    def say(line: str) -> None:
        begun.extend([line] if "page 3" in line else [])
        if begun:
            raise KeyboardInterrupt

    request = Request(None, ("cs.DC", "cs.LG"), arxiv.settings(), TUESDAY)
    with pytest.raises(KeyboardInterrupt):
        reading.read(request, arxiv.world(tmp_path)._replace(say=say))
    assert arxiv.asked == [
        *("/catchup/cs.DC/2026-05-05?abs=True", "/catchup/cs.DC/2026-05-05?abs=True&page=2"),
        *("/catchup/cs.LG/2026-05-05?abs=True", "/catchup/cs.LG/2026-05-05?abs=True&page=2"),
    ]
    gathered = read("cs.DC", "cs.LG", day=TUESDAY)
    assert verdict(gathered) == WHOLE
    assert ids(gathered) == arxiv.ids(TUESDAY, "cs.DC", "cs.LG")
    assert read.asked == ["/catchup/cs.LG/2026-05-05?abs=True&page=3"]


def test_nothing_announced_is_known_by_subject(arxiv: FakeArxiv, read: Asks) -> None:
    arxiv.publish(MONDAY, Paper("2605.00001", "cs.DC"))
    for asked in (["cs.DC", "cs.LG"], []):
        gathered = read("cs.DC", "cs.LG", day=MONDAY)
        assert verdict(gathered) == WHOLE
        assert read.asked == [f"/catchup/{one}/2026-05-04?abs=True" for one in asked]


def test_offline_with_nothing_at_all_is_an_error(read: Asks) -> None:
    with pytest.raises(TryAgainError, match="nothing is stored for"):
        read("cs.DC", offline=True)
