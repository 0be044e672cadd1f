import pytest
from entries import entry
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.errors import KeywordError
from arxivdigest.rules.keywords import keyword
from arxivdigest.rules.near_misses import near_misses

SIGNS = st.sampled_from([*"sax1é数*/\\${}()+_~-' ", "--", "^*", "\\alpha"])


@pytest.mark.parametrize("text", ["(+)s", "{--'s", "(-)s"])
def test_what_is_signs_alone_without_its_last_letter_is_near_nothing(text: str) -> None:
    assert near_misses([keyword(text)], ["title"], entry("2605.00001", title="(+)")) == []


@given(st.lists(SIGNS, max_size=7).map("".join), st.booleans())
def test_of_any_keyword_it_is_known_what_is_near(text: str, case: bool) -> None:  # noqa: FBT001 - drawn
    try:
        missing = keyword(text, case=case)
    except KeywordError:
        return
    found = near_misses([missing], ["title"], entry("2605.00001", title="A letter x, and 1 s"))
    assert all(said.startswith(f'"{text}" is not found; ') for said in found)
