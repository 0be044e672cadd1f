import json
from datetime import date
from typing import Any

import pytest
from entries import entry

from arxivdigest import digest
from arxivdigest.config import Config, read
from arxivdigest.model import Entry, Listing
from arxivdigest.output import json_document

ENTRY = entry(
    version=2,
    title="A KV cache for $O(n^2)$ \\emph{pelicans}",
    authors=("Ann Lee", "Béla Żółw"),
    categories=("cs.DC", "cs.LG"),
    abstract="First paragraph.\nSecond paragraph.",
    comments="12 pages",
    journal_ref="J. Birds 3 (2025)",
    doi="10.1000/birds",
    license="http://creativecommons.org/licenses/by/4.0/",
    formats=("pdf", "html"),
)
BARE = entry(
    *("math/0601001", "cross"),
    version=None,
    title="Geese",
    authors=(),
    primary_category="math.OC",
    abstract="",
)
LISTING = Listing("page", ("cs.DC",), date(2025, 7, 11), (ENTRY, BARE), total=2)
RULES = read('[[rules]]\nname = "Birds"\nany = ["KV cache", "pelican*"]\nweight = 2.5', "a.toml")


def document(
    listing: Listing = LISTING,
    config: Config = RULES,
    *,
    show_all: bool = False,
    limit: int | None = None,
) -> dict[str, Any]:
    rendered = json_document.render(digest.build([listing], config, show_all=show_all, limit=limit))
    found: dict[str, Any] = json.loads(rendered)
    return found


def test_the_document_is_this() -> None:
    assert document() == {
        "schema": 1,
        "announced": "2025-07-11",
        "subjects": ["cs.DC"],
        "verdict": {
            "status": "complete",
            "source": "page",
            "read": 2,
            "declared": 2,
            "message": "Fri 11 Jul 2025, cs.DC: 2 of 2 entries (1 new, 1 cross-list)"
            " from the page; 1 matches.",
        },
        "counts": {"new": 1, "cross": 1, "replace": 0, "replace-cross": 0},
        "selected": 1,
        "entries": [
            {
                "arxiv_id": "2507.00001",
                "version": 2,
                "announce_type": "new",
                "title": "A KV cache for $O(n^2)$ \\emph{pelicans}",
                "authors": ["Ann Lee", "Béla Żółw"],
                "primary_category": "cs.DC",
                "categories": ["cs.DC", "cs.LG"],
                "abstract": "First paragraph.\nSecond paragraph.",
                "comments": "12 pages",
                "journal_ref": "J. Birds 3 (2025)",
                "doi": "10.1000/birds",
                "license": "http://creativecommons.org/licenses/by/4.0/",
                "formats": ["pdf", "html"],
                "abs_url": "https://arxiv.org/abs/2507.00001",
                "pdf_url": "https://arxiv.org/pdf/2507.00001",
                "selected": True,
                "starred": False,
                "note": None,
                "changes": None,
                "score": 2.5,
                "matches": [
                    {"rule": "Birds", "field": "title", "keyword": "KV cache", "text": "KV cache"},
                    {"rule": "Birds", "field": "title", "keyword": "pelican*", "text": "pelicans"},
                ],
            }
        ],
    }


def test_what_a_listing_does_not_say_is_null() -> None:
    bare = document(show_all=True)["entries"][1]
    absent = ("version", "comments", "journal_ref", "doi", "license")
    assert [bare[key] for key in absent] == [None] * 5
    assert (bare["authors"], bare["formats"], bare["abstract"]) == ([], [], "")
    assert (bare["selected"], bare["score"], bare["matches"]) == (False, 0.0, [])


def test_every_field_of_an_entry_is_in_the_document() -> None:
    assert set(Entry._fields) < document()["entries"][0].keys()


def test_a_date_that_is_not_known_is_null() -> None:
    assert document(LISTING._replace(announced=None))["announced"] is None


def test_counts_that_arxiv_does_not_give_are_null() -> None:
    assert document(LISTING._replace(total=None))["verdict"]["declared"] is None


@pytest.mark.parametrize(
    ("listing", "status"),
    [
        (LISTING, "complete"),
        (LISTING._replace(problems=("the page is cut off",)), "incomplete"),
        (LISTING._replace(entries=(), total=None), "no-announcement"),
    ],
)
def test_the_verdict_has_one_of_these(listing: Listing, status: str) -> None:
    assert document(listing)["verdict"]["status"] == status


def test_counts_are_of_the_listing_and_selected_is_before_the_limit() -> None:
    limited = document(config=Config(), limit=1)
    assert limited["counts"] == {"new": 1, "cross": 1, "replace": 0, "replace-cross": 0}
    assert limited["selected"] == 2
    assert [entry["arxiv_id"] for entry in limited["entries"]] == ["2507.00001"]


def test_letters_stand_as_they_are_and_what_steers_a_terminal_as_an_escape() -> None:
    listing = LISTING._replace(entries=(ENTRY._replace(title="Żółw\x1b\x9b\u202e\x7f\ud800"),))
    rendered = json_document.render(digest.build([listing], Config()))
    assert r'"title": "Żółw\u001b\u009b\u202e\u007f\ud800",' in rendered
    assert rendered.endswith("\n}\n")
