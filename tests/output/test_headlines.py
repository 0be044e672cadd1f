"""What is said of a digest in a sentence, and of one in which nothing is."""

from collections.abc import Iterable
from datetime import date

import pytest
from entries import entry

from arxivdigest import config, digest
from arxivdigest.model import Entry, Listing
from arxivdigest.output.wording import DigestWords, words

DAY = date(2025, 7, 11)
LONG = "A title that is longer than any phone would show of it, and by far"
PELICANS = "[[rules]]\nname = 'Birds'\nany = ['pelicans']\n"


def said(
    rules: str, *entries: Entry, subjects: Iterable[str] = ("cs.DC",), profile: str = ""
) -> DigestWords:
    listing = Listing("page", tuple(subjects), DAY, entries)
    return words(digest.build([listing], config.read(rules, "config.toml")), profile=profile)


@pytest.mark.parametrize(
    ("made", "summary"),
    [
        (said("", entry()), "cs.DC: 1 for you – On pelicans (Fri 11 Jul)"),
        (said("", entry(), profile="group"), "group: 1 for you – On pelicans (Fri 11 Jul)"),
        (
            said("", entry(title=LONG)),
            f"cs.DC: 1 for you – {LONG[:37]}… (Fri 11 Jul)",
        ),
        (said(PELICANS, entry(title="x", abstract="y")), "cs.DC: nothing for you (Fri 11 Jul)"),
        (
            said("", subjects=("cs.DC", "cs.LG", "math", "stat.ML", "eess.IV")),
            "cs.DC, cs.LG, math +2: nothing for you (Fri 11 Jul)",
        ),
    ],
    ids=["one", "profile", "long", "nothing", "many subjects"],
)
def test_a_digest_in_one_line(made: DigestWords, summary: str) -> None:
    assert made.summary == summary


def test_the_best_titles_are_those_of_the_highest_scores() -> None:
    rules = f"{PELICANS}weight = 2\n[[rules]]\nname = 'All'\nany = ['number*']\n"
    entries = [entry(f"2507.{at:05}", title=f"Number {at}", abstract="") for at in range(5)]
    made = said(rules, *entries, entry("2507.00009", title="Number of pelicans"))
    assert made.best == ("Number of pelicans", "Number 0", "Number 1")
    assert made.has_scores


def test_an_empty_day_says_how_to_see_what_was_read() -> None:
    made = said(
        PELICANS, entry(title="x", abstract="y"), entry("2507.00002", title="x", abstract="")
    )
    assert made.nothing == "Nothing for you today. 2 entries read; digest today --all shows them."
    assert (made.hints, made.nearest) == ((), ())
    assert said(PELICANS).nothing == "arXiv announced nothing."
    assert not said(PELICANS, entry()).nothing


@pytest.mark.parametrize(
    ("kinds", "hint"),
    [
        (["replace"], '1 replacement would match: announce = ["new", "cross", "replace"]'),
        (
            ["replace", "replace-cross"],
            '2 replacements would match: announce = ["new", "cross", "replace", "replace-cross"]',
        ),
    ],
)
def test_announce_types_that_would_match_are_named(kinds: list[str], hint: str) -> None:
    entries = [entry(f"2507.{at:05}", kind) for at, kind in enumerate(kinds)]
    made = said(PELICANS, *entries, entry("2507.00009", title="x", abstract="y"))
    assert made.hints == (f"{hint}.",)
    assert hint in made.verdict.message
    assert "none matches" in made.verdict.message


def test_the_three_best_below_the_least_score_are_shown_with_their_reasons() -> None:
    rules = (
        f"output.min_score = 9\n{PELICANS}weight = 2\n[[rules]]\nname = 'All'\nany = ['number*']\n"
    )
    entries = [entry(f"2507.{at:05}", title=f"Number {at}", abstract="") for at in range(4)]
    made = said(rules, *entries, entry("2507.00009", title="Number of pelicans"))
    assert made.hints == ("5 are below min_score = 9, the best with 3.",)
    assert [(one.arxiv_id, one.score) for one in made.nearest] == [
        *(("2507.00009", "3"), ("2507.00000", "1"), ("2507.00001", "1"))
    ]
    assert [line[0].text for line in made.nearest[0].why] == ["Birds", "All"]


def test_what_is_excluded_came_not_near() -> None:
    rules = f"{PELICANS}[[rules]]\nany = ['on']\nexclude = true\n"
    assert said(rules, entry(announce_type="replace")).hints == ()


def test_where_anything_matches_nothing_is_said_of_the_rest() -> None:
    assert said(PELICANS, entry(), entry("2507.00002", "replace")).hints == ()
