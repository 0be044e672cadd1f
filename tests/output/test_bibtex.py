"""BibTeX that BibTeX reads back: keys, values, names."""

import os
import random
from datetime import date
from pathlib import Path

import pytest
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares.names import split_multiple_persons_names
from entries import entry

from arxivdigest import digest
from arxivdigest.config import Config
from arxivdigest.model import Entry, Listing
from arxivdigest.output import bibtex, templating, wording
from arxivdigest.text import safe


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


PIECES = [
    *("{", "}", "\\", "\\{", "\\}", '"', "@", "@article{x,", ",", "=", "%", "#", "&", "$", "$$"),
    *("_", "^", "~", "\\(", "\\)", "$x_{1}$", r"\emph{so}", r"\'e", 'K\\"ahler', "and", " and "),
    *("\n", "  ", "é", "数学", "\u202e", "\x1b[31m", "}}", "{{", "others", "Jr.", "III", "The "),
    *("Lee", "Ann", "ATLAS Collaboration", "van", "der", "-", "'", "`", "|", "<b>", "@comment{"),
    *("\ud800", "\ufffe", "\\end{document}", "@string{a=", "title={", "}\n@misc{", "\\%", "\\&"),
]
COUNT = int(os.environ.get("ARXIVDIGEST_BIBTEX", "1000"))


def hostile(seed: int, count: int) -> list[Entry]:
    """Entries whose titles and names are put together of what means something to BibTeX."""
    chance = random.Random(seed)  # noqa: S311 - it keeps no secret

    def text() -> str:
        return "".join(
            chance.choice(PIECES) + chance.choice(("", " ")) for _ in range(chance.randrange(9))
        )

    return [
        entry(
            f"2507.{number:05}",
            title=text(),
            authors=tuple(text() for _ in range(chance.randrange(5))),
            journal_ref=text(),
            doi=text(),
        )
        for number in range(1, count + 1)
    ]


def test_bibtex_reads_back_whatever_strangers_write() -> None:
    entries = hostile(7, COUNT)
    listing = Listing("page", ("cs.DC",), date(2025, 7, 11), entries)
    words = wording.words(digest.build([listing], Config()))
    document = templating.render(words, "bibtex", Path("nowhere"))
    library = parse_string(document)
    assert library.failed_blocks == []
    assert len(library.blocks) == COUNT
    assert {one.entry_type for one in library.entries} == {"misc"}
    assert len({one.key for one in library.entries}) == COUNT
    for written, found in zip(entries, library.entries, strict=True):
        fields = {name: one.value for name, one in found.fields_dict.items()}
        assert fields["eprint"] == written.arxiv_id
        assert fields["title"] == bibtex.value(safe(written.title))
        assert is_balanced(fields["title"])
        names = [one for one in map(safe, written.authors) if one.strip()]
        read = split_multiple_persons_names(fields.get("author", ""))
        assert len(read) == len(names)


def is_balanced(text: str) -> bool:
    """Whether BibTeX finds as many closing braces as opening ones, and in their order."""
    depth = 0
    for character in text:
        depth += {"{": 1, "}": -1}.get(character, 0)
        if depth < 0:
            return False
    return depth == 0


def test_a_paper_of_several_days_is_cited_once() -> None:
    days = [Listing("page", ("cs.DC",), date(2025, 7, day), (entry(),)) for day in (10, 11)]
    words = wording.words(digest.build(days, Config()))
    assert templating.render(words, "bibtex", Path("nowhere")).count("@misc{") == 1
