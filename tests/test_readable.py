import pytest
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.readable import readable
from arxivdigest.tex import decode

TEX = st.text("abcij\\'\"`^~=.uvH{}$ 0\n_&%#é") | st.text()
UNTOUCHED = st.text(st.characters(exclude_characters="\\${}~_`", exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (r"$\mathcal{O}(n^2)$", "𝒪(n²)"),
        (r"\emph{so}", "so"),
        ("M$^2$-MFP", "M²-MFP"),
        ("$x_i$", "xᵢ"),
        (r"$\frac{1}{2}$", "1/2"),
        (r"$\frac{a+b}{2}$", "(a+b)/2"),
        (r"$10^\circ$", "10°"),
        (r"$\sum_{i=1}^n x_i$", "∑ᵢ₌₁ⁿ xᵢ"),
        (r"$x \in \mathbb{R}^{n \times d}$", "x ∈ ℝ^(n × d)"),
        (r"$x_{\text{max}}$", "xₘₐₓ"),
        (r"$\{1,2\}$", "{1,2}"),
        (r"\(3\times\)", "3×"),
        (r"\LaTeX{} is", "LaTeX is"),
        (r"50\% of A\&B", "50% of A&B"),
        ("Fig.~1", "Fig. 1"),
        ("in ~5 ms", "in ~5 ms"),
        ("``so''", "“so”"),
        ("from $5 to $10", "from $5 to $10"),
        (r"\href{https://example.org}{here}", "here (https://example.org)"),
        (r"$\begin{matrix}a&b\end{matrix}$", r"$\begin{matrix}a&b\end{matrix}$"),
        (r"$\nosuchcommand x$", r"$\nosuchcommand x$"),
    ],
)
def test_tex_becomes_readable(written: str, read: str) -> None:
    assert readable(written) == read


@given(TEX, st.booleans())
def test_any_text_is_made_readable(text: str, symbols: bool) -> None:  # noqa: FBT001 - drawn
    assert isinstance(readable(decode(text, symbols=symbols)), str)


@given(UNTOUCHED)
def test_text_without_tex_is_unchanged(text: str) -> None:
    assert readable(text) == text
