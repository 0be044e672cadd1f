import pytest
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.text.folding import fold, fold_searched, folded

LINKS = st.lists(st.sampled_from((r"\href{http://a.b}{", r"\footnote{", "}", "a b", "$", "é"))).map(
    "".join
)
TEX = st.text("ab\\${}~_^ éßα\n'\"`-1") | st.text() | LINKS
PLAIN = st.text(
    st.characters(min_codepoint=32, max_codepoint=126, exclude_characters="\\${}~_-'\"^`")
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Müller", "Muller"),
        ("Łódź", "Lodz"),
        ("Weiß", "Weiss"),
        ("Æsir", "AEsir"),
        ("KV\ncache", "KV cache"),
        ("KV\u00a0cache", "KV cache"),
        ("KV–cache", "KV-cache"),
        ("KV_cache", "KV-cache"),
        ("KV~cache", "KV cache"),
        ("Omega_m and alpha_EM", "Omegam and alphaEM"),
        ("Omega_Lambda, eta_eff", "OmegaLambda, etaeff"),
        ("beta_test, mega_m, gamma_ray", "beta-test, mega-m, gamma-ray"),
        ("co\u00adoperate", "cooperate"),
        ("M$^2$-MFP", "M2-MFP"),
        (r"$\alpha$-stable", "alpha-stable"),
        ("α-stable", "alpha-stable"),
        (r"\emph{KV cache}", "KV cache"),
        (r"50\% of A\&B", "50% of A&B"),
        ("ﬁne", "fine"),
        (r"\é", "\\e"),
        ("数学", "数学"),
        ("が", "が"),
        ("Кириллица", "Кириллица"),
    ],
)
def test_text_is_folded(text: str, folded: str) -> None:
    assert fold(text).text == folded


@pytest.mark.parametrize(
    ("text", "hit", "written"),
    [
        ("the M$^2$-MFP", "M2", "M$^2$"),
        ("Herr Müller", "Muller", "Müller"),
        ("Herr Weiß", "Weiss", "Weiß"),
        (r"an \emph{KV cache} here", "KV cache", "KV cache"),
        (r"is $\alpha+\beta$ big", "alpha", r"$\alpha+\beta$"),
    ],
)
def test_a_hit_is_found_in_the_text_as_written(text: str, hit: str, written: str) -> None:
    folded = fold(text)
    begin = folded.text.index(hit)
    at, end = folded.written(begin, begin + len(hit))
    assert text[at:end] == written


@given(PLAIN)
def test_plain_ascii_is_unchanged(text: str) -> None:
    assert fold(text).text == text


@given(st.text(), st.data())
def test_spans_lie_inside_the_text(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    begin = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(begin, len(folded.text)))
    at, until = folded.written(begin, end)
    assert 0 <= at <= len(text)
    assert begin == end or at <= until <= len(text)


@given(st.text("ab\\${}~_^ éßα\n"))
def test_tex_of_any_kind_is_folded_without_complaint(text: str) -> None:
    assert not set(fold(text).text) & set("éßα\n")


@given(TEX)
def test_the_text_alone_is_folded_alike(text: str) -> None:
    assert folded(text) == fold_searched(text).text


@pytest.mark.parametrize("character", sorted(map(chr, {*range(128)} - {*map(ord, "\\$")})))
def test_a_character_of_ascii_is_folded_alike_whatever_stands_beside_it(character: str) -> None:
    text = f"a{character}b"
    assert folded(text) == folded(f"{text} é").removesuffix(" e")
    assert folded(text) == fold(text).text == fold(f'{text} "').text.removesuffix(" ")
    assert " " in folded(text) or not character.isspace()


@pytest.mark.parametrize(
    ("text", "words", "written"),
    [
        (r"see \href{http://a.b}{the code} there", "the code (http", r"the code}"),
        (r"see \href{http://a.b}{the code} there", "code there", r"code} there"),
        (r"code\footnote{made public.} for all", "public.) for", r"public.} for"),
        (r"code\footnote{made public.} for all", "public. for", r"public.} for"),
    ],
)
def test_words_around_the_end_of_a_link_or_footnote_are_found_as_read_and_as_written(
    text: str, words: str, written: str
) -> None:
    found = fold_searched(text)
    begin = found.text.index(words)
    assert text[slice(*found.written(begin, begin + len(words)))] == written


def test_every_letter_is_folded_alike_in_a_long_text() -> None:
    letters = "".join(map(chr, range(0xA0, 0x10000)))
    apart = (folded(f"{letter} ") for letter in letters)
    assert folded(" ".join(letters) + " ") == "".join(apart)


@given(st.lists(st.sampled_from("数학かйжéα'_a \u0301"), max_size=9).map("".join))
def test_a_long_text_is_folded_as_a_short_one(text: str) -> None:
    assert folded(f"{text}.{' ' * 10_000}").rstrip() == folded(f"{text}. ").rstrip()
