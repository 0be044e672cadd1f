import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from arxivdigest.rules.keyword_set import KeywordSet
from arxivdigest.rules.keywords import keyword
from arxivdigest.rules.re2_syntax import Finder
from arxivdigest.text.folding import fold
from arxivdigest.text.letters import decode


def hits(word: str, text: str, *, case: bool = False) -> bool:
    one = keyword(word, case=case)
    return one in KeywordSet([one]).hits(fold(decode(text, symbols=False)).text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("KV cache", "a KV cache"),
        ("KV cache", "a KV-cache"),
        ("KV-cache", "a kv\ncache"),
        ("KV cache", r"an \emph{KV cache}"),
        ("Muller", "by Müller"),
        ("Muller", r"by M\"uller"),
        ("Müller", "by Muller"),
        (r"M\"uller", "by Müller"),
        ("M2-MFP", "the M$^2$-MFP"),
        ("alpha", "the α-stable"),
        ("prefill*", "prefilling"),
        ("*former", "a transformer"),
        ("*form*", "transformers"),
        ("C++", "in C++, and"),
        ("C++", "C++"),
        (".NET", "on .NET."),
        (".NET", "ASP.NET"),
        ("C++", "in C++17"),
        ("C#", "in C# and"),
        (r"operator \(T_w =", r"an operator \(T_w = i\hbar x\) on"),
        ("B≠0", r"at $B\ne 0$"),
        (r"$B\not=0$", "at B ≠ 0"),
        ("1.5 GHz", "at 1.5 GHz"),
        ("GPT-3", "of GPT-3."),
        ("GPT-3", "GPT-3/4"),
        ("GPT-3*", "of GPT-3.5"),
        ("k=1", "for k=1,2,3"),
        ("2020", "in 2019,2020,2021"),
        ("500 runs", "in 2019, 500 runs"),
        ("5 units", "5 units"),
        ("$C^*$-algebra", "a $C^{*}$-algebra"),
        ("$C^*$-algebra", "a C*-algebra"),
        ("C*-algebra", "a $C^*$-algebra"),
        ("C^*-algebra", "a C*-algebra"),
        ("K^{*0}", "a $K^{*0}$ meson"),
        ("D*⁺", "a $D^{*+}$ meson"),
        ("R(D^(*))", "of $R(D^{(*)})$"),
        (r"$K^\ast$", "a $K^*$ meson"),
        ("Omega_m", r"a $\Omega_{\rm m}$ of 0.3"),
        ("Ω_m", "an Omega_m of 0.3"),
        ("数学", "高等数学入門"),
        ("нейрон", "один нейрон."),
        ("/speculative (decoding|sampling)/", "Speculative sampling"),
        ("/KV.cache/", "KV-cache"),
        (r"/\bcach(e|ing)\b/", "KV caching"),
    ],
)
def test_a_keyword_hits(word: str, text: str) -> None:
    assert hits(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("KV cache", "KV caches"),
        ("KV cache", "KV and cache"),
        ("cache", "cached"),
        ("prefill*", "unprefilled"),
        ("*former", "transformers"),
        ("C++", "in C"),
        ("C*-algebra", "a C-algebra"),
        ("B=0", r"at $B\ne 0$"),
        ("x<1", "for x≮1"),
        ("5 GHz", "at 1.5 GHz"),
        ("5-10 keV", "0.5$-$10 keV"),
        ("500", "in 1,500 runs"),
        ("1", "in 1,500 runs"),
        ("z=1", "at z=1.5"),
        ("GPT-3", "of GPT-3.5"),
        (r"$K^\ast$", "a K meson"),
        ("$K^*$", "a K meson"),
        ("K∗", "a meson"),
        ("нейрон", "нейроны"),
        ("КВ", "ЖКВ"),
        ("cafe", "cafeé"),
    ],
)
def test_a_keyword_does_not_hit(word: str, text: str) -> None:
    assert not hits(word, text)


@pytest.mark.parametrize(("text", "hit"), [("SAM", True), ("Sam", False)])
def test_case_counts_where_asked_for(text: str, hit: bool) -> None:  # noqa: FBT001 - expected
    assert hits("SAM", text, case=True) is hit
    assert hits("SAM", text)


def test_every_hit_is_found_in_order() -> None:
    one = keyword("cache")
    assert list(KeywordSet([one]).spans(one, "cache, cache cache")) == [(0, 5), (7, 12), (13, 18)]


def test_a_hostile_expression_is_matched_in_linear_time() -> None:
    assert not hits("/(a+)+$/", "a" * 100_000 + "!")


WORD = st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=1, max_size=8)


@given(st.lists(WORD, min_size=1, max_size=6), st.data())
def test_a_keyword_that_is_a_word_of_the_text_hits_it(
    words: list[str], data: st.DataObject
) -> None:
    text = " ".join(words)
    word = data.draw(st.sampled_from(words))
    assume(any(character.isalnum() for character in fold(word).text))
    one = keyword(word)
    keywords = KeywordSet([one])
    folded = fold(text)
    assert one in keywords.hits(folded.text)
    places = [folded.written(*span) for span in keywords.spans(one, folded.text)]
    assert places
    assert all(0 <= begin < end <= len(text) for begin, end in places)


@pytest.mark.parametrize(
    ("word", "text", "whole"),
    [
        ("prefill*", "on prefilling it", "prefilling"),
        ("*former", "a transformer.", "transformer"),
        ("GPT-3*", "of GPT-3.5, too", "GPT-3.5"),
        ("/pre.?/", "on prefilling", "pref"),
    ],
)
def test_the_whole_of_a_hit_goes_on_to_the_end_of_an_open_word(
    word: str, text: str, whole: str
) -> None:
    assert [text[slice(*span)] for span in Finder(keyword(word)).spans(text)] == [whole]
