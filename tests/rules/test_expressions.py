"""Expressions mean in folded text what their writer reads in the text as it is."""

import pytest

from arxivdigest.rules.keyword_set import KeywordSet
from arxivdigest.rules.keywords import keyword
from arxivdigest.rules.re2_syntax import Finder
from arxivdigest.text.folding import fold_searched


def hits(expression: str, text: str) -> bool:
    return Finder(keyword(expression)).hits(fold_searched(text).text.encode())


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        # letters outside ASCII, in classes too
        ("/[αβ]-decay/", "of β-decay"),
        ("/[αβ]-decay/", r"of $\beta$-decay"),
        ("/[α-ω]-decay/", "of gamma-decay"),
        ("/M[üi]ller/", "Mueller"),
        (r"/\d+ ?µm/", r"5 $\mu$m"),
        ("/a[–-]b/", "a—b"),
        # what joins or parts words
        ("/_/", "snake_case"),
        ("/f_NL/", r"$f_{\rm NL}$"),
        ("/f_(NL|EQ)/", "f_NL"),
        (r"/f_\w+/", "f_NL"),
        ("/(f|g)_NL/", "f_NL"),
        ("/[fg]_NL/", "f_NL"),
        ("/snake_(case|mode)/", "snake_case"),
        # what matching does not see
        (r"/x\^2/", "$x^2$"),
        (r"/x\^\{2\}/", "x^{2}"),
        ('/"lazy" mode/', "a “lazy” mode"),
        ("/“lazy” mode/", "a ``lazy'' mode"),
        ("/'lazy' mode/", "a ‘lazy’ mode"),
        ("""/["']lazy["'] mode/""", "a 'lazy' mode"),
        ("/students’ work/", "the students' work"),
        ("/Noether’s/", "Noether's"),
        ("/Noether's/", "Noether’s"),
        # names, and an i after the last slash
        ("/(?P<a_b>KV) cache/", "a KV cache"),
        ("/kv CACHE/i", "a KV cache"),
    ],
)
def test_an_expression_finds(expression: str, text: str) -> None:
    assert hits(expression, text)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("/[αβ]-decay/", "of a-decay"),
        ("/[αβ]-decay/", "of γ-decay"),
        ("/M[^ü]ller/", "Müller"),
        ("/_/", "snake case"),
        ("/snake_/", "a snake"),
        (r"/x\^2/", "x and 2"),
        ("/Noether's/", "Noethers"),
        ("/(?-i)kv/", "KV"),
    ],
)
def test_an_expression_does_not_find(expression: str, text: str) -> None:
    assert not hits(expression, text)


@pytest.mark.parametrize(
    ("expression", "hit"),
    [
        ("/tern.*gull/", "tern and a gull"),
        (r"/gull \(seen\)$/", "gull\\footnote{seen}"),
        (r"/gull \(seen$/", "gull\\footnote{seen"),
        ("/^a tern/", "A tern"),
        ("/gull.*tern/", None),  # with and without its footnote, the text is there twice
        (r"/seen\W+a/", None),
    ],
)
def test_nothing_is_found_across_the_faces_of_a_text(expression: str, hit: str | None) -> None:
    text = r"A tern and a gull\footnote{seen}"
    one, folded = keyword(expression), fold_searched(text)
    keywords = KeywordSet([one])
    assert keywords.hits(folded.text) == ({one} if hit else frozenset())
    spans = [folded.written(*span) for span in keywords.spans(one, folded.text)]
    assert {text[slice(*span)] for span in spans} == ({hit} if hit else set())
