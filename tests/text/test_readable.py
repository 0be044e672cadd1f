import pytest
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.text.letters import decode
from arxivdigest.text.readable import readable

TEX = st.text("abcij\\'\"`^~=.uvH{}$ 0\n_&%#é") | st.text()
UNTOUCHED = st.text(st.characters(exclude_characters="\\${}~_`-", exclude_categories=["Cs"]))


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
        (r"$\frac{1}{2n}$ and $\frac{2n}{3}$", "1/(2n) and 2n/3"),
        (r"$\frac{\partial f}{\partial x}$", "∂f/∂x"),
        (r"$\frac{1}{\sqrt{n}}$", "1/√n"),
        (r"$\sqrt{2n}$, $\sqrt[3]{n}$, $\sqrt[k]{n}$", r"√(2n), ∛n, $\sqrt[k]{n}$"),
        (r"$\tilde{O}(n)$ and $\widetilde{O}(n)$", "Õ(n) and Õ(n)"),
        (r"$\overline{x}$ but $\overline{AB}$", r"x̅ but $\overline{AB}$"),
        (r"$\mathbf{x} \in \mathbb{R}^d$", "𝐱 ∈ ℝᵈ"),
        (r"the $i^{th}$ and $n^{\text{th}}$", "the iᵗʰ and nᵗʰ"),
        (r"$x_{i_j}$", "x_(iⱼ)"),
        (r"$a^\dagger a$ and $U^{\dagger}U$", "a†a and U†U"),
        (r"$x^{\prime\prime}$, $x^\ast$", "x″, x*"),
        (r"$2\log n$, $x\log^2 n$, $\log_2 n$", "2 log n, x log² n, log₂ n"),
        (r"$\sin\theta$ and $\sin^2\theta$", "sin θ and sin² θ"),
        (r"$\arg\min_\theta L(\theta)$", "arg min_θ L(θ)"),
        (r"$\operatorname*{arg\,max}_x f$", "arg maxₓ f"),
        (r"$1.5\,\mu\mathrm{m}$", "1.5 μm"),
        (r"$k\in\mathrm{t}$", "k∈t"),
        (r"$\Delta E$ and $e^{-\beta H}$", "ΔE and e^(-βH)"),
        (r"$n\geq 4$ and $n\geq4$", "n ≥ 4 and n≥4"),
        (r"$[n] := \{1, 2\}$", "[n] := {1, 2}"),
        (r"$\{O_m \}_{m\ge 0}$", "{Oₘ}_(m ≥ 0)"),
        (r"$\lvert E\rvert$, $\lVert x \rVert$, $\Vert x\Vert$", "|E|, ‖x‖, ‖x‖"),
        (r"$\lfloor n/2 \rfloor$", "⌊n/2⌋"),
        (r"$\llbracket n,k,d \rrbracket$", "⟦n,k,d⟧"),
        (r"$p(x\mid y)$", "p(x | y)"),
        (r"$\langle\psi|H|\psi\rangle$, $\ket{0}$", "⟨ψ|H|ψ⟩, |0⟩"),
        (r"$x \not= y$, $x \not\in A$", "x ≠ y, x ∉ A"),
        (r"$AP_{[50:95]}$", "AP_[50:95]"),
        (r"$\boldsymbol{c}$, $\bm\theta$, $\texttt{<SEG>}$", "c, θ, <SEG>"),
        (r"$\rm CO_2$ and ${\bf x}$", "CO₂ and x"),
        (r"$A \& B$ for \$5, $\$5 + x$", "A & B for $5, $5 + x"),
        (r"$\underline{x}$, $\binom{n}{k}$", r"$\underline{x}$, (n choose k)"),
        (r"$\mathds{1}$, $A \iff \neg B$", "𝟙, A ⟺ ¬B"),
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
