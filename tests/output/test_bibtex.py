"""BibTeX that BibTeX reads back: keys, values, names."""

import pytest

from arxivdigest.output import bibtex


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("On pelicans", "On pelicans"),
        (r"$\alpha$-decay of \emph{birds}", r"$\alpha$-decay of \emph{birds}"),
        ("Birds & bees: 50% of C#_x", r"Birds \& bees: 50\% of C\#\_x"),
        (r"Birds \& bees, 50\%", r"Birds \& bees, 50\%"),
        ("$a_b^2$ and a_b", r"$a_b^2$ and a\_b"),
        ("$50%$", r"$50\%$"),
        (r"$50\%$", r"$50\%$"),
        ("only $5", r"only \$5"),
        ("x^2", r"x\^{}2"),
        ("Fig.~1 and ~5 ms", r"Fig.~1 and \textasciitilde{}5 ms"),
        ("{KV} cache", "{KV} cache"),
        ("a } b { c", r"a \rbrace{} b \lbrace{} c"),
        (r"a \} b", r"a \rbrace{} b"),
        (r"\{a\}", r"\{a\}"),
        ("ends in \\", r"ends in \textbackslash{}"),
        (r"\(x", r"\textbackslash{}(x"),
        ("two\nlines", "two lines"),
        ("Kähler", "Kähler"),
        (r"K\"ahler", r"K\"ahler"),
    ],
)
def test_a_value_is_tex_where_it_is_tex_and_escaped_where_it_is_not(
    text: str, written: str
) -> None:
    assert bibtex.value(text) == written


@pytest.mark.parametrize(
    ("authors", "written"),
    [
        ((), ""),
        (("Ann Lee",), "Ann Lee"),
        (("Ann Lee", "Bo Chen"), "Ann Lee and Bo Chen"),
        (("Laurens van der Maaten",), "Laurens van der Maaten"),
        (("John Smith Jr.",), "Smith, Jr., John"),
        (("John Smith III", "Ann Lee"), "Smith, III, John and Ann Lee"),
        (("ATLAS Collaboration",), "{ATLAS Collaboration}"),
        (("Lee, Ann",), "{Lee, Ann}"),
        (("ATLAS and CMS",), "{ATLAS and CMS}"),
        (("others",), "{others}"),
        (("  ", "Ann Lee"), "Ann Lee"),
        (("Ren{é} Lee",), "Ren{é} Lee"),
    ],
)
def test_names_are_parted_by_and(authors: tuple[str, ...], written: str) -> None:
    assert bibtex.names(authors) == written


def test_names_that_a_page_cuts_end_in_others() -> None:
    assert bibtex.names(("Ann Lee",), is_cut=True) == "Ann Lee and others"


@pytest.mark.parametrize(
    ("arxiv_id", "year"),
    [("2507.07120", "2025"), ("0704.0001", "2007"), ("math/0309136", "2003"),
     ("hep-th/9108001", "1991"), ("odd", "")],
)  # fmt: skip
def test_the_year_is_in_the_id(arxiv_id: str, year: str) -> None:
    assert bibtex.year(arxiv_id) == year


@pytest.mark.parametrize(
    ("authors", "arxiv_id", "key"),
    [
        (("Nidhi Bhatia", "Ankit More"), "2507.07120", "bhatia:2507.07120"),
        (("Émilie du Châtelet",), "math/0309136", "duchatelet:math-0309136"),
        (("数学",), "2507.07120", "arxiv:2507.07120"),
        ((), "2507.07120", "arxiv:2507.07120"),
    ],
)
def test_a_key_is_of_the_first_author_and_the_id(
    authors: tuple[str, ...], arxiv_id: str, key: str
) -> None:
    assert bibtex.key(authors, arxiv_id) == key


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        (None, ""),
        ("10.1000/x_y", "10.1000/x_y"),
        ("10.1/a 10.2/b", "10.1/a"),
        ("10.1/a}{b%\\", "10.1/a%7D%7Bb%25%5C"),
        ("10.1002/(SICI)1097<1661::AID>3.0.CO;2-2", "10.1002/(SICI)1097<1661::AID>3.0.CO;2-2"),
    ],
)
def test_the_first_doi_is_given(text: str | None, doi: str) -> None:
    assert bibtex.doi(text) == doi
