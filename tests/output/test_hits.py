"""A text is made readable once, and then cut where the hits begin and end."""

import re

import pytest
from entries import entry
from hypothesis import example, given, settings
from hypothesis import strategies as st

from arxivdigest import digest
from arxivdigest.config import Config
from arxivdigest.model import Listing, Match
from arxivdigest.output import wording
from arxivdigest.output.hits import Piece, author_pieces, pieces
from arxivdigest.output.templating import FILTERS
from arxivdigest.output.wording import EntryWords
from arxivdigest.rules import Rule, rule_on_the_spot
from arxivdigest.rules.conditions import AnyKeyword, Authors
from arxivdigest.rules.keywords import keyword
from arxivdigest.text import safe
from arxivdigest.text.readable import readable

TEX = st.lists(
    st.sampled_from(
        (
            *(
                "KV",
                "cache",
                " ",
                "a",
                "é",
                "e\u0301",
                "\u0300",
                "~",
                "--",
                "``",
                "''",
                "\n",
                "_",
                "^",
            ),
            *(
                r"\href{https://example.org/M2-MFP}{",
                r"\textit{",
                r"\nosuch{",
                r"\url{http://a.b/c}",
            ),
            *("{", "}", "$", "$x_1$", r"$\mathcal{O}(n)$", r"\alpha", r"\pm ", r"\sqrt{s}", r"\'e"),
            *("https://example.org/a_b--c", r"\footnote{", r"\frac{a}{b}", "$\\overset{a}{b}$"),
        )
    ),
    max_size=12,
).map("".join) | st.text(max_size=40)


def text_of(line: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in line)


@settings(max_examples=400)
@given(TEX, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
@example("a\u0300\u0300\u0300\u0300\u0300", [(0, 3)])
@example(r"\href{https://x.example}{the KV cache code}", [(26, 34)])
def test_the_joined_pieces_are_the_readable_text_whatever_is_hit(
    text: str, hits: list[tuple[int, int]]
) -> None:
    spans = tuple((begin, begin + length) for begin, length in hits)
    match = Match("rule", "title", "keyword", "", spans)
    whole = pieces(text, (), "title")
    assert text_of(pieces(text, (match,), "title")) == text_of(whole)
    assert not whole or text_of(whole) == safe(readable(text.replace("\n", " ")))


def shown(word: str, title: str, abstract: str = "Of gulls.") -> EntryWords:
    one = entry(title=title, abstract=abstract)
    listing = Listing("feed", ("cs.DC",), None, (one,))
    made = digest.build([listing], Config(rules=(rule_on_the_spot(word),)))
    [section] = wording.words(made).sections
    return section.entries[0]


@pytest.mark.parametrize(
    ("title", "word", "read", "hits"),
    [
        (
            r"See \href{https://x.example}{the KV cache code}",
            "KV cache",
            "See the KV cache code (https://x.example)",
            ["KV cache"],
        ),
        (r"A \textit{KV} cache", "KV cache", "A KV cache", ["KV cache"]),
        (r"{Gen}erative models", "generative", "Generative models", ["Generative"]),
        ("On~the KV cache", "the KV cache", "On the KV cache", ["the KV cache"]),
        (r"At \emph{the \textbf{KV}} cache", "KV", "At the KV cache", ["KV"]),
        (r"Of $T_c$ and more", "Tc", "Of T_c and more", ["T_c"]),
        (r"Of T\textsubscript{c} and more", "Tc", "Of T_c and more", ["T_c"]),
        ("Code: https://x.example/a/M2-MFP.", "MFP", None, ["https://x.example/a/M2-MFP"]),
        (r"\href{https://x.example/kv}{Code}", "kv", "Code (https://x.example/kv)", None),
    ],
)
def test_a_hit_leaves_the_text_as_it_reads(
    title: str, word: str, read: str | None, hits: list[str] | None
) -> None:
    one = shown(word, title=title).title
    assert text_of(one) == (read or title)
    if hits is not None:
        assert [piece.text for piece in one if piece.hit] == hits


@pytest.mark.parametrize("between", ["\x1b", "\u200b", "\u202e\u2066"])
def test_hits_are_one_where_what_parts_them_cannot_be_seen(between: str) -> None:
    text = f"a pelican{between}pelican here"
    end = len(text) - len(" here")
    matches = [Match("birds", "title", "pelican", "pelican", ((2, 9), (end - 7, end)))]
    assert pieces(text, matches, "title") == (
        Piece("a "),
        Piece("pelicanpelican", hit=True),
        Piece(" here"),
    )


def test_an_address_stays_whole_in_markdown() -> None:
    written = shown("M2-MFP", title="M2-MFP", abstract="At https://example.org/a/M2-MFP and M2-MFP")
    [line] = written.abstract
    markdown = FILTERS["markdown_pieces"](line)
    assert "https://example.org/a/M2-MFP" in markdown.replace("\\", "")
    assert re.search(r"and \*\*M2-MFP\*\*", markdown)


NAMES = ("Bo Li", "Lianhui Qin", "Olivia Lima", "Li Wei")


def test_people_are_marked_where_the_hit_is() -> None:
    rule = Rule("Li", (AnyKeyword((keyword("Li"),), ("authors",)),))
    one = entry(title="On pelicans", authors=NAMES)
    made = digest.build([Listing("feed", ("cs.DC",), None, (one,))], Config(rules=(rule,)))
    [section] = wording.words(made).sections
    assert [name.text for name in section.entries[0].authors if name.hit] == ["Bo Li", "Li Wei"]


def test_a_matched_person_is_marked_as_a_whole_name() -> None:
    rule = Rule("Li", (Authors(("Bo Li",)),))
    one = entry(title="On pelicans", authors=(*NAMES, "Bo Liang"))
    made = digest.build([Listing("feed", ("cs.DC",), None, (one,))], Config(rules=(rule,)))
    [section] = wording.words(made).sections
    assert [name for name in section.entries[0].authors if name.hit] == [Piece("Bo Li", hit=True)]


def test_a_name_that_a_rule_hit_is_shown_however_many_come_before() -> None:
    many = tuple(f"Ann Lee{letter}" for letter in "abcdefghij")
    begin = len("; ".join(many[:9])) + 2
    match = Match("rule", "authors", "x", "", ((begin, begin + 3),))
    names, left_out = author_pieces(many, (match,), 2)
    assert [name.text for name in names] == ["Ann Leea", "Ann Leeb", "Ann Leej"]
    assert left_out == 7
