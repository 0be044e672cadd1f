import re
from contextlib import suppress
from datetime import date
from encodings.aliases import aliases
from pathlib import Path

import pytest
from entries import entry

from arxivdigest.arxiv import feed, listings, page
from arxivdigest.arxiv.source import MOST_BYTES, author_names, stated_date
from arxivdigest.errors import DigestError, ListingError, TryAgainError
from arxivdigest.model import Entry, Listing

LISTINGS = Path(__file__).parents[1] / "listings"


def listing(
    subject: str, *entries: Entry, day: int = 15, total: int | None = None, problem: str = ""
) -> Listing:
    return Listing(
        source="page",
        subjects=(subject,),
        announced=date(2025, 1, day),
        entries=entries,
        total=total,
        problems=(problem,) if problem else (),
        notes=("no abstracts to search",),
    )


@pytest.mark.parametrize(
    ("name", "source"),
    [("feed.rss", "feed"), ("feed.atom", "feed"), ("new.html", "page"), ("recent.html", "page")],
)
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf"])
def test_the_source_is_seen_from_the_bytes(name: str, source: str, before: bytes) -> None:
    assert listings.parse(before + (LISTINGS / name).read_bytes()).source == source


def test_comments_before_a_saved_page_do_not_hide_it() -> None:
    page = (LISTINGS / "new.html").read_bytes()
    assert listings.parse(b"<!-- saved -->\n" * 100 + page).source == "page"


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (b"", ListingError, "this is empty"),
        (b" \n\t", ListingError, "this is empty"),
        (bytes(range(256)), ListingError, "binary data"),
        (b"\xff\xd8\xff\xe0" * 9, ListingError, "binary data"),
        (b"\x1f\x8b\x08\x00", ListingError, "gzip -dc FILE"),
        (b"x" * (MOST_BYTES + 1), ListingError, "larger than 16 MiB"),
        (b"<html><title>Cakes</title></html>", ListingError, "a page, but not one of arXiv's"),
        (b"<?xml version='1.0'?><svg/>", ListingError, "XML, but not a feed"),
        (b'{"a": 1}', ListingError, 'begins: "{"a": 1}"'),
        (b"It is temporarily unavailable.", TryAgainError, "temporarily unavailable"),
        (b"<!-- -->" * 200, ListingError, "neither a page nor a feed"),
        (b"<!--" * 5000, ListingError, "neither a page nor a feed"),
    ],
)
def test_a_stranger_is_an_error_that_says_what_it_is(
    data: bytes, kind: type[DigestError], said: str
) -> None:
    with pytest.raises(kind) as error:
        listings.parse(data)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (b"15 January 2015", "it is dated 2015-01-15, and its newest entry 2025-01"),
        (b"15 January 2425", "it is dated 2425-01-15, and its newest entry 2025-01"),
        (b"15 May 2025", "it is dated 2025-05-15, and its newest entry 2025-01"),
        (b"15 Febuary 2025", None),
        (b"15 Juny 2025", None),
        (b"15 Jan 2025", ""),
        (b"22 January 2025", ""),  # the same month: only what was expected tells
        (b"3 February 2025", ""),  # held back for some days
    ],
)
def test_a_date_that_the_ids_do_not_bear_out_is_said(wrong: bytes, said: str | None) -> None:
    data = (LISTINGS / "new.html").read_bytes()
    three = data.replace(b"Cross submissions", b"New submissions", 1)
    three = three.replace(b"Replacement submissions", b"New submissions").replace(b"math/06", b"")
    read = listings.parse(three.replace(b"Wednesday, 15 January 2025", wrong))
    assert (read.announced is None) == (said is None)
    assert " ".join(one for one in read.notes if "newest entry" in one) == (said or "")


@pytest.mark.parametrize(
    ("ids", "newest"),
    [
        (("2507.00001",), "2025-07"),
        (("2502.00001",), "2025-02"),
        (("2501.00001",), None),
        (("2411.00001",), "2024-11"),
        (("1412.0001", "1412.0002"), None),  # both may have been held back
        (("1412.0001", "1412.0002", "math/0601001"), "2014-12"),
        (("2411.00001", "2411.00002", "2501.00001"), None),
        (("hep-th/9901001", "hep-th/9901002", "hep-th/9901003"), "1999-01"),
    ],
)
def test_ids_are_of_the_days_of_their_listing(ids: tuple[str, ...], newest: str | None) -> None:
    data = (LISTINGS / "feed.rss").read_bytes()
    head, item = data[: data.index(b"<item>")], data[data.index(b"<item>") : data.index(b"</item>")]
    items = (item.replace(b"2501.00001", one.encode()) + b"</item>" for one in ids)
    read = listings.parse(head + b"".join(items) + b"</channel></rss>")
    said = f"it is dated 2025-01-15, and its newest entry {newest}"
    assert read.notes == ((said,) if newest else ())


BUILT = "<lastBuildDate>Wed, 15 Jan 2025 05:00:00 +0000</lastBuildDate>"
DATED = "<pubDate>Wed, 15 Jan 2025 00:00:00 -0500</pubDate>"
SAID = (listings.ONE_PLACE,)


@pytest.mark.parametrize(
    ("stated", "day", "said"),
    [
        (DATED, 15, SAID),
        (BUILT + DATED, 15, ()),
        (BUILT + DATED.replace("15", "22"), 22, SAID),
        (BUILT, None, ()),
    ],
)
def test_a_saved_feed_without_entries_says_where_nothing_bears_out_its_date(
    stated: str, day: int | None, said: tuple[str, ...]
) -> None:
    data = (LISTINGS / "feed.rss").read_text(encoding="utf-8")
    head = re.sub(r"<(pubDate|lastBuildDate)>.*?</\1>\s*", "", data[: data.index("<item>")])
    empty = f"{head}{stated}</channel></rss>".encode()
    read = listings.saved(empty)
    assert read.announced == (date(2025, 1, day) if day else None)
    assert read.notes == said
    assert listings.parse(empty).notes == ()  # of what arXiv answers, the day that is due tells


@pytest.mark.parametrize(
    ("name", "stated", "said"),
    [
        ("new.html", "<p>No updates today.</p>", SAID),
        ("catchup.html", "<p>No updates for Wed, 15 Jan 2025.</p>", ()),
        ("catchup.html", "<p>No updates for Wed, 22 Jan 2025.</p>", SAID),
    ],
)
def test_a_saved_page_without_entries_says_where_nothing_bears_out_its_date(
    name: str, stated: str, said: tuple[str, ...]
) -> None:
    data = (LISTINGS / name).read_text(encoding="utf-8")
    page = re.sub(r"Total of .*?<|<dl.*</dl>", "<", data, flags=re.DOTALL)
    empty = page.replace("</h1>", f"</h1>{stated}", 1)
    assert listings.saved(empty.encode()).notes == said


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom", "new.html", "recent.html"])
def test_a_saved_listing_with_entries_is_what_it_is_when_arxiv_sends_it(name: str) -> None:
    data = (LISTINGS / name).read_bytes()
    assert listings.saved(data) == listings.parse(data)


@pytest.mark.parametrize("name", ["feed.rss", "feed.atom"])
@pytest.mark.parametrize("encoding", sorted({*aliases.values(), "idna", "undefined", "x" * 9000}))
def test_a_feed_in_another_encoding_than_it_says_is_read_or_said_to_be_damaged(
    name: str, encoding: str
) -> None:
    data = (LISTINGS / name).read_bytes().replace(b"UTF-8", encoding.encode(), 1)
    with suppress(ListingError):
        assert len(listings.parse(data).entries) == 2


@pytest.mark.parametrize(("name", "library"), [("feed.rss", "feed"), ("new.html", "page")])
@pytest.mark.parametrize("error", [RecursionError("too deep"), LookupError(), SystemError("odd")])
def test_whatever_a_library_raises_is_that_the_listing_is_damaged(
    name: str, library: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(_: bytes) -> Listing:
        raise error

    sources = {one.name: one for one in (feed.SOURCE, page.SOURCE)}
    broken = sources[library]._replace(parse=parse)
    monkeypatch.setattr(listings, "_sources", lambda _: (broken,))
    with pytest.raises(ListingError, match=f"the {library} is damaged or cut off: "):
        listings.parse((LISTINGS / name).read_bytes())


def test_what_a_stranger_says_cannot_steer_a_terminal() -> None:
    with pytest.raises(ListingError, match=r'"\[31mred"$'):
        listings.parse(b"\x1b[31mred")


def test_one_listing_is_joined_as_it_is() -> None:
    one = listing("cs.DC", entry("2501.00001", "new"))
    assert listings.join([one]) is one


def test_an_entry_of_two_listings_is_there_once_and_as_new_where_it_is_new_in_one() -> None:
    joined = listings.join(
        [
            listing("cs.LG", entry("2501.00001", "cross"), entry("2501.00002", "replace"), total=2),
            listing("cs.DC", entry("2501.00003", "new"), entry("2501.00001", "new"), total=2),
        ]
    )
    assert joined.subjects == ("cs.LG", "cs.DC")
    assert [(one.arxiv_id, one.announce_type) for one in joined.entries] == [
        ("2501.00001", "new"),
        ("2501.00003", "new"),
        ("2501.00002", "replace"),
    ]
    assert joined.total == 3
    assert joined.problems == ()
    assert joined.notes == ("no abstracts to search",)


def test_a_total_is_known_only_where_all_are() -> None:
    assert listings.join([listing("cs.LG", total=0), listing("cs.DC")]).total is None


def test_a_problem_says_which_listing_has_it() -> None:
    joined = listings.join([listing("cs.LG"), listing("cs.DC", problem="the page is cut off")])
    assert joined.problems == ("cs.DC: the page is cut off",)


def test_listings_of_different_days_are_a_problem() -> None:
    joined = listings.join([listing("cs.LG", day=15), listing("cs.DC", day=14)])
    assert joined.announced == date(2025, 1, 15)
    assert joined.problems == (
        "the pages are of different days (cs.LG of 2025-01-15, cs.DC of 2025-01-14)",
    )


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Showing new listings for Friday, 11 July 2025", date(2025, 7, 11)),
        ("Fri, 11 Jul 2025 00:00:00 -0400", date(2025, 7, 11)),
        ("31 February 2025", None),
        ("11.7.2025", None),
    ],
)
def test_a_stated_date_is_read_in_every_writing_of_arxivs(text: str, day: date | None) -> None:
    assert stated_date(text) == day


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ann Lee, Bo Li", ("Ann Lee", "Bo Li")),
        ("Ann Lee (A, B (C)), Bo Li", ("Ann Lee", "Bo Li")),
        ("Ann Lee, Jr., Bo Li, III", ("Ann Lee Jr.", "Bo Li III")),
        ("Ann Lee, et al.", ("Ann Lee",)),
        ("Ann Lee, and Bo Li", ("Ann Lee", "Bo Li")),
        ("The Cache Collaboration: Ann Lee", ("Cache Collaboration", "Ann Lee")),
        ("(author list is unavailable)", ()),
        ("", ()),
    ],
)
def test_a_line_of_authors_comes_apart_into_names(text: str, names: tuple[str, ...]) -> None:
    assert author_names(text) == names
