"""What is read from the real listings, held to what independent programs read from them."""

import json
from pathlib import Path
from typing import Any

import pytest

from arxivdigest.arxiv.listings import parse
from arxivdigest.errors import DigestError, ListingError, RefusedError, TryAgainError
from arxivdigest.model import AnnounceType, Entry, Listing

PAGES = [
    "cs.CV-2026-04-21/catchup.html",
    "cs.CV-2026-05-04/catchup.html",
    "cs.CV-2026-05-04/new.html",
    "cs.DC-2025-07-11/catchup-without-abstracts.html",
    "cs.DC-2025-07-11/catchup.html",
    "cs.DC-2025-07-11/new.html",
    "edge/new.html",
    "over-2000/catchup-page1.html",
    "over-2000/catchup-page2.html",
    "paged/ids-before-2007.html",
    "paged/new-skip100-show50.html",
]
RECENT_PAGES = [
    "cs.CV-2026-05-04/recent.html",
    "cs.DC-2025-07-11/recent.html",
    "paged/recent-skip250-show250.html",
]
FEEDS = [
    "cs.CV-2026-04-21/feed-joined-cs.LG+cs.CV.rss",
    "cs.CV-2026-04-21/feed.atom",
    "cs.CV-2026-04-21/feed.rss",
    "cs.DC-2025-07-11/feed.atom",
    "cs.DC-2025-07-11/feed.rss",
    "edge/feed.rss",
    "over-2000/feed.rss",
    "quant-ph-2025-04-28/feed.rss",
]
EMPTY = {
    "empty/catchup-saturday.html": "cs.DC, 2025-07-12",
    "empty/new-no-updates.html": "cs.GL, 2011-02-03",
    "empty/sunday.atom": "cs, 2025-11-23",
    "empty/sunday.rss": "cs, 2025-04-27",
    "empty/weekday-no-items.rss": "econ, 2011-02-03",
}
ERRORS: dict[str, tuple[type[DigestError], str]] = {
    "edge/atom-500.html": (TryAgainError, "Internal Server Error"),
    "errors/503-plain-text.txt": (TryAgainError, "temporarily unavailable"),
    "errors/catchup-too-old.html": (RefusedError, "only allowed for past 90 days"),
    "errors/counts-without-entries.html": (TryAgainError, "arXiv counts 124 entries"),
    "errors/feed-of-2018.rdf": (ListingError, "RSS 1.0, which arXiv no longer serves"),
    "errors/past-the-end.html": (ListingError, "past the end of its listing"),
    "errors/unknown-archive.atom": (RefusedError, "arXiv refused: \"Bad archive 'nonsense'"),
    "errors/unknown-subject.html": (RefusedError, "Invalid archive or category: cs.ZZ"),
    "errors/unknown-subject.rss": (RefusedError, "arXiv refused: \"Bad subject class 'ZZ'"),
    "over-2000/catchup-page3-past-the-end.html": (ListingError, "(2355 entries)"),
}
KINDS = {"New submissions": "new", "Cross submissions": "cross"}


def listing(path: Path) -> Listing:
    return parse(path.read_bytes())


def index(listings: Path, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((listings / "INDEX.json").read_text("utf-8"))[name]
    return found


def as_json(entry: Entry) -> dict[str, object]:
    written = entry._asdict()
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in written.items()
    }


def on_a_page(announce_type: AnnounceType) -> str:
    return "replaced" if announce_type.startswith("replace") else announce_type


def test_every_listing_is_tested(listings: Path) -> None:
    there = {
        str(path.relative_to(listings)) for path in listings.glob("*/*") if path.suffix != ".json"
    }
    assert there == {*PAGES, *RECENT_PAGES, *FEEDS, *EMPTY, *ERRORS}


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("new.html", set()),
        ("catchup.html", set()),
        ("catchup-without-abstracts.html", {"abstract"}),
        ("feed.rss", {"comments", "formats"}),
        ("feed.atom", {"comments", "formats"}),
    ],
)
def test_every_entry_of_a_day_is_read_whole(listings: Path, name: str, left_out: set[str]) -> None:
    day = listings / "cs.DC-2025-07-11"
    expected = json.loads((day / "expected.json").read_text("utf-8"))
    read = listing(day / name)
    assert read.subjects == (expected["subject"],)
    assert str(read.announced) == expected["announced"]
    assert len(read.entries) == 22
    for entry, wanted in zip(read.entries, expected["entries"], strict=True):
        compared = wanted.keys() - left_out
        assert {key: as_json(entry)[key] for key in compared} == {
            key: wanted[key] for key in compared
        }
        assert all(not as_json(entry)[key] for key in left_out)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_gives_its_entries_in_order_and_its_sections(listings: Path, name: str) -> None:
    read, wanted = listing(listings / name), index(listings, name)
    assert [entry.arxiv_id for entry in read.entries] == wanted["ids"]
    assert [on_a_page(entry.announce_type) for entry in read.entries] == wanted["announce"]
    assert [
        [KINDS.get(section.name, "replaced"), section.shown, section.total]
        for section in read.sections
    ] == wanted["sections"]


@pytest.mark.parametrize("name", RECENT_PAGES)
def test_a_page_of_recent_days_gives_its_entries_in_order_and_its_days(
    listings: Path, name: str
) -> None:
    read, wanted = listing(listings / name), index(listings, name)
    assert [entry.arxiv_id for entry in read.entries] == wanted["ids"]
    assert [[section.name, section.shown, section.total] for section in read.sections] == wanted[
        "sections"
    ]
    assert "no abstracts to search" in read.notes


MADE_UP = {
    "over-2000/feed.rss": ("it is dated 2026-04-21, and its newest entry 2026-05",),
}


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_gives_its_entries_in_order(listings: Path, name: str) -> None:
    read, wanted = listing(listings / name), index(listings, name)
    assert [entry.arxiv_id for entry in read.entries] == wanted["ids"]
    assert [str(entry.announce_type) for entry in read.entries] == wanted["announce"]
    assert read.notes == MADE_UP.get(name, ())


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_listing_has_no_entries_and_no_problems(listings: Path, name: str) -> None:
    read = listing(listings / name)
    assert f"{', '.join(read.subjects)}, {read.announced}" == EMPTY[name]
    assert (read.entries, read.problems, read.notes) == ((), (), ())


@pytest.mark.parametrize("name", ERRORS)
def test_what_is_no_listing_is_an_error_that_says_why(listings: Path, name: str) -> None:
    kind, said = ERRORS[name]
    with pytest.raises(DigestError) as error:
        listing(listings / name)
    assert type(error.value) is kind
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("name", "problems"),
    [
        ("cs.DC-2025-07-11/new.html", []),
        ("cs.CV-2026-04-21/catchup.html", []),
        ("cs.CV-2026-04-21/feed.rss", []),
        ("over-2000/feed.rss", ["arXiv cuts feeds at 2,000 entries, the new ones first"]),
        (
            "over-2000/catchup-page1.html",
            ["Replacement submissions: 443 of 798 entries are on this page"],
        ),
        (
            "over-2000/catchup-page2.html",
            [
                "Replacement submissions: 355 of 798 entries are on this page",
                "arXiv counts 2355 entries, the sections on this page 798",
            ],
        ),
        (
            "cs.CV-2026-05-04/recent.html",
            [
                "Mon, 4 May 2026: 50 of 89 entries are on this page",
                "arXiv counts 613 entries, the sections on this page 89",
            ],
        ),
    ],
)
def test_what_is_missing_is_said(listings: Path, name: str, problems: list[str]) -> None:
    assert list(listing(listings / name).problems) == problems


@pytest.mark.parametrize("name", [*FEEDS, *(name for name in EMPTY if not name.endswith(".html"))])
def test_both_readers_of_feeds_give_the_same(listings: Path, name: str) -> None:
    data = (listings / name).read_bytes()
    strict = parse(data)
    lenient = parse(data.replace(b"?>", b"?><!-- saved -->", 1))
    leniently = "read leniently (it does not begin as arXiv's feeds do)"
    assert lenient.notes == (leniently, *strict.notes)
    assert lenient._replace(notes=strict.notes) == strict


def as_a_feed_has_it(entry: Entry) -> Entry:
    return entry._replace(
        comments=None,
        formats=(),
        version=None,
        abstract=entry.abstract.replace("https://doi.org/", "").replace("http://", ""),
        authors=entry.authors[:100],
    )


def as_a_page_has_it(entry: Entry) -> Entry:
    """The entry without what a page lacks.

    A page cuts authors at 100, and spells out an address that an author wrote without `http://`
    or a DOI that stands alone.
    """
    return as_a_feed_has_it(entry)._replace(doi=None, license=None)


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("cs.DC-2025-07-11/new.html", "cs.DC-2025-07-11/feed.rss"),
        ("cs.CV-2026-04-21/catchup.html", "cs.CV-2026-04-21/feed.rss"),
        ("cs.CV-2026-04-21/catchup.html", "cs.CV-2026-04-21/feed.atom"),
        ("edge/new.html", "edge/feed.rss"),
    ],
)
def test_page_and_feed_of_a_day_agree(listings: Path, page: str, feed: str) -> None:
    by_page, by_feed = listing(listings / page), listing(listings / feed)
    assert (by_page.announced, by_page.subjects) == (by_feed.announced, by_feed.subjects)
    assert list(map(as_a_feed_has_it, by_page.entries)) == list(
        map(as_a_page_has_it, by_feed.entries)
    )


def test_the_version_on_a_page_is_the_one_in_the_feed(listings: Path) -> None:
    day = listings / "cs.CV-2026-04-21"
    versions = {entry.arxiv_id: entry.version for entry in listing(day / "feed.rss").entries}
    stated = [entry for entry in listing(day / "catchup.html").entries if entry.version]
    assert len(stated) == 316
    assert {entry.arxiv_id: entry.version for entry in stated} == {
        entry.arxiv_id: versions[entry.arxiv_id] for entry in stated
    }
