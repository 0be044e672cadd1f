from datetime import date

import pytest
from entries import entry

from arxivdigest import config
from arxivdigest.digest import build
from arxivdigest.model import Listing, Status

TEXT = """
[[rules]]
any = ["cache"]
[[rules]]
any = ["fast"]
weight = 2
"""
RULES = config.read(TEXT, "config.toml")
EVERYTHING = config.read('announce = ["new", "cross", "replace", "replace-cross"]', "config.toml")
NOTHING = config.read('[[rules]]\nany = ["cake"]', "config.toml")
IN_ORDER = config.read(f'[output]\nsort = "arxiv"\n{TEXT}', "config.toml")


LISTING = Listing(
    source="page",
    subjects=("cs.DC",),
    announced=date(2025, 1, 15),
    entries=(
        entry("1", "new", title="A cache"),
        entry("2", "new", title="A stone"),
        entry("3", "new", title="A fast cache"),
        entry("4", "cross", title="A fast car"),
        entry("5", "replace", title="A fast cache"),
    ),
    total=5,
)


@pytest.mark.parametrize(
    ("settings", "show_all", "limit", "shown"),
    [
        (RULES, False, None, "3 1 4"),
        (IN_ORDER, False, None, "1 3 4"),
        (RULES, False, 2, "3 4"),
        (RULES, False, 0, ""),
        (RULES, True, None, "3 1 2 4 5"),
        (IN_ORDER, True, None, "1 2 3 4 5"),
        (RULES, True, 4, "3 1 4 5"),
        (EVERYTHING, False, None, "1 2 3 4 5"),
        (NOTHING, False, None, ""),
    ],
)
def test_entries_are_grouped_sorted_and_limited(
    settings: config.Config,
    show_all: bool,  # noqa: FBT001 - as the argument is
    limit: int | None,
    shown: str,
) -> None:
    digest = build([LISTING], settings, show_all=show_all, limit=limit)
    assert " ".join(ruling.entry.arxiv_id for ruling in digest.rulings) == shown


def test_all_that_is_read_and_selected_is_counted_whatever_the_limit() -> None:
    digest = build([LISTING], RULES, limit=1)
    assert digest.selected == 3
    assert digest.counts == {"new": 3, "cross": 1, "replace": 1, "replace-cross": 0}
    assert (digest.verdict.read, digest.verdict.declared) == (5, 5)


WHOLE = "5 of 5 entries (3 new, 1 cross-list, 1 replacement) from the page"


@pytest.mark.parametrize(
    ("listing", "settings", "status", "message"),
    [
        (LISTING, RULES, Status.COMPLETE, f"Wed 15 Jan 2025, cs.DC: {WHOLE}; 3 match."),
        (LISTING, NOTHING, Status.COMPLETE, f"Wed 15 Jan 2025, cs.DC: {WHOLE}; none matches."),
        (
            LISTING,
            EVERYTHING,
            Status.COMPLETE,
            f"Wed 15 Jan 2025, cs.DC: {WHOLE}; 5 selected without rules.",
        ),
        (
            LISTING._replace(problems=("the page is cut off",), notes=("no abstracts to search",)),
            RULES,
            Status.INCOMPLETE,
            (
                f"Wed 15 Jan 2025, cs.DC: {WHOLE}; incomplete (the page is cut off); "
                "no abstracts to search; 3 match."
            ),
        ),
        (
            LISTING._replace(entries=LISTING.entries[:1], total=None, source="feed"),
            RULES,
            Status.COMPLETE,
            "Wed 15 Jan 2025, cs.DC: 1 entry (1 new) from the feed; 1 matches.",
        ),
        (
            LISTING._replace(entries=(), total=0),
            RULES,
            Status.NO_ANNOUNCEMENT,
            "Wed 15 Jan 2025, cs.DC: no announcement; the page has no entries.",
        ),
        (
            LISTING._replace(entries=(), announced=date(2025, 1, 18)),
            RULES,
            Status.NO_ANNOUNCEMENT,
            (
                "Sat 18 Jan 2025, cs.DC: no announcement; the page has no entries, as on every "
                "Saturday."
            ),
        ),
        (
            LISTING._replace(entries=(), problems=("the page is cut off",), announced=None),
            RULES,
            Status.INCOMPLETE,
            (
                "unknown date, cs.DC: 0 of 5 entries from the page; "
                "incomplete (the page is cut off); none matches."
            ),
        ),
    ],
)
def test_the_verdict_says_what_was_read(
    listing: Listing, settings: config.Config, status: Status, message: str
) -> None:
    verdict = build([listing], settings).verdict
    assert (verdict.status, verdict.message) == (status, message)


def test_the_verdict_says_how_many_a_limit_shows() -> None:
    assert build([LISTING], RULES, limit=1).verdict.message.endswith("; 3 match, 1 shown.")
