import pytest
from selectolax.lexbor import LexborHTMLParser

from arxivdigest.arxiv import labels, taxonomy

# A page of an alias answers with the address of the other.
SUBJECTS = [
    one for one in (taxonomy.ARCHIVES | taxonomy.CATEGORIES).values() if one.alias_of is None
]
PAGE = (
    '<div id="dlpage"><p><a href="/list/{}/new">new</a><a href="/list/{}/recent">all</a></p></div>'
)


@pytest.mark.parametrize("heading", ["{}", "Catchup results for {} on Fri, 11 Jul 2025"])
def test_no_page_of_arxivs_has_a_title_that_its_links_contradict(heading: str) -> None:
    for subject in SUBJECTS:
        page = LexborHTMLParser(PAGE.format(subject.id, subject.id))
        assert labels.linked(page) == [subject.id]
        assert subject.id in labels.titled(heading.format(subject.name))
        assert not list(labels.contradictions(page, heading.format(subject.name)))


def test_links_of_two_subjects_and_a_title_of_a_third_are_said() -> None:
    page = LexborHTMLParser(PAGE.format("cs.DC", "cs.dl"))
    assert list(labels.contradictions(page, "Robotics")) == [
        "its links are of cs.DC and of cs.DL",
        "its title is that of cs.RO, and its links are of cs.DC",
    ]
