import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.errors import KeywordError
from arxivdigest.rules import keywords
from arxivdigest.rules.keywords import Keyword, Phrase, keyword, phrase


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("", "can never match"),
        ("*", "can never match"),
        ("--", "can never match"),
        ("a*b", "in the middle, use /.../"),
        ("pre*-caching", "in the middle, use /.../"),
        ("C.*-algebra", "an expression stands between slashes"),
        ("A* search", "in the middle, use /.../"),
        ("/a(/", "no regular expression in RE2's syntax"),
        ("/(?=a)/", "no regular expression in RE2's syntax"),
        (r"/(a)\1/", "no regular expression in RE2's syntax"),
        ("/a*/", "matches everything"),
        ("//", "matches everything"),
    ],
)
def test_a_keyword_that_cannot_be_meant_is_an_error(word: str, said: str) -> None:
    with pytest.raises(KeywordError, match=re.escape(said)):
        keyword(word)


@pytest.mark.parametrize(
    ("text", "is_expression", "is_open"),
    [
        ("KV cache", False, False),
        ("cache*", False, True),
        ("*cache", False, True),
        ("/cache*/", True, False),
        ("/cache/i", True, False),
        ("/i", False, False),
        ("and/or", False, False),
    ],
)
def test_a_keyword_is_an_expression_between_slashes_alone(
    text: str,
    is_expression: bool,  # noqa: FBT001 - expected
    is_open: bool,  # noqa: FBT001 - expected
) -> None:
    assert (Keyword(text).is_expression, Keyword(text).is_open) == (is_expression, is_open)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("KV-cache*", Phrase("KV-cache", open_end=True, is_plain=True)),
        ("* KV cache ", Phrase("KV cache", open_begin=True, is_plain=True)),
        (r"$\alpha$*", Phrase("alpha", open_end=True, is_plain=True)),
        ("ö", Phrase("o", followed=((0, "e"),))),
        ("C++", Phrase("C++")),
    ],
)
def test_a_phrase_is_folded_and_its_ends_are_open_or_not(written: str, meant: Phrase) -> None:
    assert phrase(written) == meant


@given(st.from_regex(r"\*?[A-Za-z0-9]+((?: |--?)[A-Za-z0-9]+)*\*?", fullmatch=True))
def test_words_of_ascii_are_the_phrase_that_they_are_when_folded(written: str) -> None:
    at_once = phrase.__wrapped__(written)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keywords, "_plain", lambda _: None)
        folded = phrase.__wrapped__(written)
    assert at_once.is_plain
    # Two dashes are one when they are read, and part words alike.
    assert folded == at_once._replace(words=at_once.words.replace("--", "-"))
