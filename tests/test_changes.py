import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.changes import changes, difference, is_accepted, is_withdrawn
from arxivdigest.model import AnnounceType, Entry, Stretch

PAGE = Entry(
    arxiv_id="2507.00001",
    version=1,
    announce_type=AnnounceType.NEW,
    title="On pelicans",
    authors=("Ann Lee", "Bo Chen"),
    primary_category="cs.DC",
    categories=("cs.DC",),
    abstract="Pelicans fly. They dive.",
    formats=("pdf",),
)
FEED = PAGE._replace(formats=(), license="http://creativecommons.org/licenses/by/4.0/")


def removed(text: str) -> Stretch:
    return Stretch(text, "removed")


def added(text: str) -> Stretch:
    return Stretch(text, "added")


@pytest.mark.parametrize(
    ("before", "after", "stretches"),
    [
        ("On pelicans", "On pelicans", ()),
        ("On pelicans", "On brown pelicans", (Stretch("On"), added("brown"), Stretch("pelicans"))),
        ("On two pelicans", "On pelicans", (Stretch("On"), removed("two"), Stretch("pelicans"))),
        ("On gulls", "On pelicans", (Stretch("On"), removed("gulls"), added("pelicans"))),
        ("", "On pelicans", (added("On pelicans"),)),
        ("On pelicans", "", (removed("On pelicans"),)),
        ("One.\nTwo.", "One.\nThree.", (Stretch("One.\n"), removed("Two."), added("Three."))),
        (
            "The $K$ here",
            "The $L$ here",
            (Stretch("The"), removed("K"), added("L"), Stretch("here")),
        ),
    ],
)
def test_a_text_is_compared_word_by_word(
    before: str, after: str, stretches: tuple[Stretch, ...]
) -> None:
    assert difference(before, after) == stretches


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"The K\"ahler case", "The Kähler case"),
        (r"\alpha decay", "α decay"),
        ("A  b\nc", "A b c".replace(" c", "\nc")),
    ],
)
def test_what_another_source_writes_otherwise_is_no_change(before: str, after: str) -> None:
    assert difference(before, after) == ()


@given(st.text(alphabet="ab \n", max_size=40), st.text(alphabet="ab \n", max_size=40))
def test_both_texts_are_in_the_difference(before: str, after: str) -> None:
    found = difference(before, after) or (Stretch(after),)
    for text, kind in ((before, "added"), (after, "removed")):
        assert " ".join(one.text for one in found if one.kind != kind).split() == text.split()


@pytest.mark.parametrize("words", [("a", "b"), ("a a b", "b a a"), ("$x$", "$y$")])
def test_texts_of_strangers_are_compared_at_once(words: tuple[str, str]) -> None:
    begun = time.process_time()
    assert difference(f"{words[0]} " * 8_000, f"{words[1]} " * 8_000)
    assert time.process_time() - begun < 5


def test_what_each_field_says_anew() -> None:
    after = PAGE._replace(
        version=2,
        authors=("Bo Chen", "Ann Lee", "Cy Young"),
        comments="Accepted at VLDB",
        journal_ref="VLDB 2026",
    )
    found = changes(PAGE, after)
    assert found.since == 1
    assert found.authors_added == ("Cy Young",)
    assert found.authors_left == ()
    assert found.comments == "Accepted at VLDB"
    assert found.journal_ref == "VLDB 2026"
    assert found.accepted
    assert not found.withdrawn
    assert not found.is_nothing


def test_nothing_changed() -> None:
    assert changes(PAGE, PAGE._replace(version=2)).is_nothing


def test_names_that_a_source_writes_otherwise_are_the_same_people() -> None:
    before = PAGE._replace(authors=("José Núñez", "A. B. Lee"))
    assert changes(before, PAGE._replace(authors=("Jose Nunez", "A.B. Lee"))).authors_added == ()


def test_a_feed_has_no_comments_and_so_nobody_knows() -> None:
    after = FEED._replace(version=2)
    found = changes(PAGE._replace(comments="12 pages"), after)
    assert found.comments is None
    assert not found.knows_comments


def test_a_page_has_no_doi_and_so_none_is_new() -> None:
    after = FEED._replace(doi="10.1000/x")
    assert changes(PAGE, after).doi is None
    assert changes(FEED, after).doi == "10.1000/x"


def test_authors_after_the_hundredth_of_a_page_are_no_change() -> None:
    many = tuple(f"Ann {number}" for number in range(130))
    assert (
        changes(PAGE._replace(authors=many[:100]), FEED._replace(authors=many)).authors_added == ()
    )


@pytest.mark.parametrize(
    "comments",
    [
        "Accepted at ICML 2026",
        "12 pages, to appear in JHEP",
        "Published in Nature",
        "camera-ready version",
        "In press",
        "Presented at the 3rd workshop on birds",
    ],
)
def test_accepted(comments: str) -> None:
    assert is_accepted(PAGE._replace(comments=comments))


@pytest.mark.parametrize(
    "comments",
    [None, "12 pages", "Submitted to ICML", "Not yet accepted", "before being presented to us"],
)
def test_not_accepted(comments: str | None) -> None:
    assert not is_accepted(PAGE._replace(comments=comments))


@pytest.mark.parametrize(
    ("comments", "abstract"),
    [
        ("This paper has been withdrawn by the author due to an error", ""),
        ("Withdrawn", ""),
        ("arXiv admin note: this version has been withdrawn by arXiv administrators", ""),
        ("The authors have withdrawn this manuscript", ""),
        ("I withdraw this paper because of a gap in Lemma 3", ""),
        (None, "This paper has been withdrawn by the author."),
        (None, "The paper was withdrawn because of a crucial error."),
    ],
)
def test_withdrawn(comments: str | None, abstract: str) -> None:
    assert is_withdrawn(PAGE._replace(comments=comments, abstract=abstract))


@pytest.mark.parametrize(
    ("comments", "abstract"),
    [
        (None, "We study drugs that have been withdrawn from the market."),
        ("12 pages", "Drugs withdrawn by the regulator are listed."),
        ("The data are withdrawn on request", ""),
    ],
)
def test_not_withdrawn(comments: str | None, abstract: str) -> None:
    assert not is_withdrawn(PAGE._replace(comments=comments, abstract=abstract))
