"""Kinds of TeX as people write it: what is read in its place, and what is found there."""

import pytest

from arxivdigest.errors import KeywordError
from arxivdigest.rules.keywords import Finder, keyword
from arxivdigest.text.folding import fold_searched
from arxivdigest.text.letters import decode
from arxivdigest.text.readable import readable


@pytest.mark.parametrize(
    ("written", "read"),
    [
        # per cent signs
        (r"at $5\%$, $10%$ and 3\% off", "at 5%, 10% and 3% off"),
        (r"$p<5% and q>2$ here", "p<5% and q>2 here"),
        # commands of mathematics in prose
        (r"3\times 10^{-5} and 2\pm1", "3×10⁻⁵ and 2±1"),
        (r"x \in X, \leq 5, \sim 10", "x ∈ X, ≤ 5, ∼ 10"),
        (r"\frac12 filling, \sqrt[3]{x}, \binom{n}{k}", "1/2 filling, ∛x, (n choose k)"),
        (r"a \nosuch{x y}{z} and \cite{a,b}", r"a \nosuch{x y}{z} and \cite{a,b}"),
        (r"\mathbb{R}^n, \chi^2, \alpha_s^2, \Omega_m h", "ℝⁿ, χ², αₛ², Ωₘ h"),
        (r"\bar{\nu}_e, \(T_w = i", r"ν̅ₑ, \(T_w = i"),
        (r"\foo_i, \%_x, Poincar\'e_x, \emph{x}_i", r"\foo_i, %_x, Poincaré_x, x_i"),
        (r"O(n\log n) and \log n", "O(n log n) and log n"),
        # known to TeX, and to people
        (r"${\cal N}=2$, $\cal N=4$, $\Bbb R$, $\frak g$, $\bold{x}$", "𝒩=2, 𝒩=4, ℝ, 𝔤, 𝐱"),
        (r"$\N$, $\C^2$, $\Q$, 5\degr, $3\arcmin$", "ℕ, ℂ², ℚ, 5°, 3′"),
        (r"$N_{\rm{HI}}$, ${\rm d}x$, $x_{\text{eff}}$", "N_HI, dx, x_eff"),
        (r"$t\bar{t}$ and B$\bar{\rm B}$", "tt̅ and BB̅"),
        (r"$t \bar t$, $K \mu \mu$, $for all \alpha$, $2 \pi$", "tt̅, Kμμ, for all α, 2 π"),
        # grouping
        (r"$e^{\frac{i}{\epsilon}S(x)}$ and $\frac{a}{b}c$", "e^((i/ϵ)S(x)) and (a/b)c"),
        (r"$\frac{a}{b}^2$, $\sqrt{x}^2$, $2\frac{a}{b}$", "(a/b)², (√x)², 2(a/b)"),
        (r"$e^{-\frac{x^2}{2}}$, $\frac{1}{kT}$, $\frac{GM}{c^2}$", "e^(-x²/2), 1/(kT), GM/c²"),
        (r"$\sqrt{\frac{a}{b}}$, $\sqrt{2}n$, $x_{i_j}$", "√(a/b), √2 n, x_(iⱼ)"),
        (r"$\Gamma ^j(v)$ and $L ^2$", "Γʲ(v) and L²"),
        # quotes, dashes, ties, addresses
        (r"``a ``b'' c'' and `d'", "“a “b” c” and `d'"),
        ("2010--2020 --- so; --all; a --> b; -----", "2010–2020 — so; --all; a --> b; -----"),
        (r"Fig.~1, $n$~is, ~10, x/~y", "Fig. 1, n is, ~10, x/~y"),
        (r"\url{a\_b/~c--d} and http://x.y/~z--w_{a}", "a_b/~c--d and http://x.y/~z--w_a"),
        (r"\href{http://a.b/c\_d}{the \emph{code}} x", "the code (http://a.b/c_d) x"),
        (r"a\footnote{see \textit{b}} c", "a (see b) c"),
        # groups, fonts, accents
        (r"{\bf x}y, \textit{a \textbf{b} c}, C\,{\sc iv}", "xy, a b c, C iv"),
        (r"a set {1, 2} and {B}races", "a set {1, 2} and Braces"),
        (r"Petojevi\' c, Schr\" odinger, {\v{C}}ech, \'{\^e}", "Petojević, Schrödinger, Čech, ế"),
        (r"na\"{\i}ve \'\i, Erd{\H o}s, \L{}\'od\'z", "naïve í, Erdős, Łódź"),
        (r"said \"yes\" and no", 'said "yes" and no'),
        (r"Systems\" dedicated to", r"Systems\" dedicated to"),
        # no good form: as it is written
        (r"$\underset{x}{\min}$, $\stackrel{d}{=}$", r"$\underset{x}{\min}$, $\stackrel{d}{=}$"),
        (r"$\overline{AB}$, $a & b$, $\sqrt[k]{n}$", r"$\overline{AB}$, $a & b$, $\sqrt[k]{n}$"),
        ("from $5 to $10 and $3M", "from $5 to $10 and $3M"),
        ("$3M+ in five years (x_1 = 2) or so, ~$2", "$3M+ in five years (x_1 = 2) or so, ~$2"),
    ],
)  # fmt: skip
def test_each_kind_is_read(written: str, read: str) -> None:
    assert readable(written) == read


@pytest.mark.parametrize(
    ("text", "word"),
    [
        # scripts join
        (r"the $\chi_{\rm eff}$ of it", "χ_eff"),
        ("a mAP$_{50}$ of 0.7", "mAP_50"),
        ("in CO_2 and N2O", "CO2"),
        ("in ${\\rm CO_2}$", "CO₂"),
        (r"at 10$^{-3}$ s", "10⁻³"),
        ("La$_{2-x}$Sr$_x$CuO$_4$", "La₂₋ₓSrₓCuO₄"),
        (r"\texttt{tar\_ball} and __init__", "tar-ball"),
        # operators part, functions stay
        (r"on $T^2\times S^3$", "T2"),
        (r"on $T^2\times S^3$", "T² × S³"),
        (r"a $B\to D^{*}\ell\nu$ decay", "B → D"),
        (r"in $O(\log\log n)$ time", "log log n"),
        (r"$\min$-max games", "min-max games"),
        # signs are kept
        (r"$\infty$-groupoids", "∞-groupoids"),
        (r"a $\nabla$-module", r"$\nabla$-module"),
        (r"a gain of $3\%$", "3%"),
        (r"\methodname wins", r"\methodname"),
        # formulas of operators, blanks, quotes
        ("PKS~2155$-$304", "PKS 2155-304"),
        ("1$\\,$TeV and 5$~$K", "1 TeV"),
        ("``so-called'' models", "so-called models"),
        ("the `lazy' way", "lazy way"),
        ("Noether’s theorem", "Noether's theorem"),
        ("caf\u0065\u0301 and Tempest®", "café"),
        # words around the ends of what is read elsewhere
        (r"see \href{http://a.b}{the code} there", "code there"),
        (r"see \href{http://a.b}{the code} there", "the code (http://a.b) there"),
        (r"see \href{http://a.b}{the code} there", r"\href{http://a.b}{the code} there"),
        (r"open.\footnote{See below.} Then", "below.} Then"),
    ],
)
def test_each_kind_is_found(text: str, word: str) -> None:
    assert Finder(keyword(word)).hits(fold_searched(decode(text, symbols=True)).text.encode())


@pytest.mark.parametrize(
    ("text", "word"),
    [
        (r"the $\chi_{\rm eff}$ of it", "rm"),
        (r"on $T^2\times S^3$", "times"),
        (r"on $T^2\times S^3$", "T2S3"),
        (r"\methodname wins", "methodname"),
        (r"{\sc word} and \emph{x}", "sc"),
        ("groupoids of any kind", r"$\infty$-groupoids"),
        (r"$\overset{d}{=}$ and more", "overset"),
    ],
)
def test_no_kind_is_found_by_what_nobody_reads(text: str, word: str) -> None:
    try:
        one = keyword(word)
    except KeywordError:
        return
    assert not Finder(one).hits(fold_searched(decode(text, symbols=True)).text.encode())
