"""Phrases found by their words, and the same hits as where each is looked for alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arxivdigest.errors import KeywordError
from arxivdigest.rules import keyword_set
from arxivdigest.rules.keyword_index import Index
from arxivdigest.rules.keyword_set import KeywordSet
from arxivdigest.rules.keywords import keyword
from arxivdigest.rules.re2_syntax import Finder

WORDS = st.sampled_from(
    ["kv", "cache", "caches", "lazy", "n", "4", "sym", "c", "in", "prefill", "ing", "eager", "数学"]
)
PARTING = st.sampled_from([" ", "-", "' ", " '", "''", '"', ", ", "=", "++", "'", " - ", "Ж", ""])
TEXTS = st.lists(st.tuples(WORDS, PARTING), min_size=1, max_size=6).map(
    lambda parts: "".join(word + parting for word, parting in parts)
)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=6),
    TEXTS.flatmap(lambda text: st.sampled_from([text, text.upper(), text.title()])),
    st.sampled_from(["{}", "{}*", "*{}", "*{}*"]),
)
def test_an_index_and_a_set_and_each_alone_find_the_same(
    written: list[tuple[str, bool]], text: str, shape: str
) -> None:
    words = []
    for one, case in written:
        try:
            words.append(keyword(shape.format(one.strip("*")), case=case))
        except KeywordError:
            continue
    alone = {one for one in words if Finder(one).hits(text.encode())}
    assert KeywordSet(words).hits(text) == alone
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keyword_set, "_MOST_IN_A_SET", 0)
        indexed = KeywordSet(words)
        assert indexed.hits(text) == alone
        assert bool(indexed.found_in([text.encode()])) == bool(alone)


def test_an_index_leaves_what_has_no_word_of_ascii_or_two_spellings_to_others() -> None:
    words = [keyword(one) for one in ("KV cache", "*former", "/x+/", "数学", "Schrödinger")]
    index = Index(words, Finder)
    assert [one.text for one in index.unfit] == ["/x+/", "数学", "Schrödinger"]
    assert set(index.hits(b"a Transformer, a kv-Cache")) == {words[0], words[1]}
    assert not index.any_hit(b"a KV, cache")
