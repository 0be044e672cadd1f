import pytest
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.text.letters import decode

TEX = st.text("abcij\\'\"`^~=.uvH{}$ 0\n_&%#é") | st.text()
UNTOUCHED = st.text(st.characters(exclude_characters="\\${}~_", exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("written", "decoded"),
    [
        (r"K\"ahler", "Kähler"),
        (r"K{\"a}hler", "Kähler"),
        (r"K\"{a}hler", "Kähler"),
        (r"J\'er\^ome", "Jérôme"),
        (r"Mart\'{\i}n", "Martín"),
        (r"Mart\'\in", "Mart\\'\\in"),
        (r"\v{C}ech and \c{c}a", "Čech and ça"),
        (r"\v{S}{\'a}ra, \x{\'a}{b}", r"Šára, \x{á}{b}"),
        (r"\O rsted, \AA ngstr\"om", "Ørsted, Ångström"),
        (r"Stra{\ss}e", "Straße"),
        (r"$\hat{x}$ and \'e", r"$\hat{x}$ and é"),
        (r"\emph{so}", r"\emph{so}"),
        ("no TeX", "no TeX"),
    ],
)
def test_accents_and_letters_are_decoded(written: str, decoded: str) -> None:
    assert decode(written, symbols=False) == decoded


@pytest.mark.parametrize(
    ("symbols", "decoded"), [(True, "α decay in $\\beta$"), (False, "\\alpha decay in $\\beta$")]
)
def test_symbols_are_decoded_on_request(symbols: bool, decoded: str) -> None:  # noqa: FBT001 - as the argument is
    assert decode(r"\alpha decay in $\beta$", symbols=symbols) == decoded


@given(TEX, st.booleans())
def test_any_text_is_decoded(text: str, symbols: bool) -> None:  # noqa: FBT001 - drawn
    assert isinstance(decode(text, symbols=symbols), str)


@given(UNTOUCHED)
def test_text_without_tex_is_unchanged(text: str) -> None:
    assert decode(text, symbols=True) == text
