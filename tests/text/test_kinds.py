"""Kinds of TeX as people write it: what is read in its place, and what is found there."""

import pytest

from arxivdigest.errors import KeywordError
from arxivdigest.rules.keywords import keyword
from arxivdigest.rules.re2_syntax import Finder
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
        (r"\mu^+\mu^- and \pi^*, \alpha^-1, \Lambda_c^+", "μ⁺μ⁻ and π*, α^-1, Λ_c⁺"),
        (r"\forall x \in X, \nabla f, \langle x\rangle, \nabla is", "∀x ∈ X, ∇f, ⟨x⟩, ∇ is"),
        (r"\phi^4, \epsilon \to 0, $\phi\epsilon$", "φ⁴, ε → 0, ϕϵ"),
        ("a χ^2 fit, σ_8, μ^+μ^-, α_EM, x^2", "a χ² fit, σ₈, μ⁺μ⁻, α_EM, x^2"),
        (r"\mathrm{CO}_2, \text{N}_2, \texttt{a}_1", "CO₂, N₂, a_1"),
        (r"\ensuremath{\Lambda}CDM, \ensuremath{x^2}, \ensuremath{x + y}", "ΛCDM, x², x + y"),
        (r"a \texorpdfstring{$\beta$-}{beta }decay, \texorpdfstring{x}", "a β-decay, x"),
        # known to TeX, and to people
        (r"${\cal N}=2$, $\cal N=4$, $\Bbb R$, $\frak g$, $\bold{x}$", "𝒩=2, 𝒩=4, ℝ, 𝔤, 𝐱"),
        (r"${\cal PT}$, ${\frak sl}_2$, ${\Bbb RP}^2$, ${\cal L}_i$", "𝒫𝒯, 𝔰𝔩₂, ℝℙ², ℒᵢ"),
        (r"$f\colon A\to B$, $f \colon A\to B$", "f: A → B, f: A → B"),
        (r"$m\lsim 1$, $10\,\upmu$m, $\abs{x}\norm{y}_2$", "m ≲ 1, 10 μm, |x|‖y‖₂"),
        (r"$a\mod n$, $p\nobreakdash-$adic", "a mod n, p-adic"),
        (r"$\N$, $\C^2$, $\Q$, 5\degr, $3\arcmin$", "ℕ, ℂ², ℚ, 5°, 3′"),
        (r"$N_{\rm{HI}}$, ${\rm d}x$, $x_{\text{eff}}$", "N_HI, dx, x_eff"),
        (r"$t\bar{t}$ and B$\bar{\rm B}$", "tt̅ and BB̅"),
        (r"$t \bar t$, $K \mu \mu$, $for all \alpha$, $2 \pi$", "tt̅, Kμμ, for all α, 2 π"),
        # powers and bounds of functions and sums, apart from what these are of
        (r"$\sin^2\theta_{13}$, $\sin^22\theta$, $\log_2n$", "sin² θ₁₃, sin² 2θ, log₂ n"),
        (r"\sin^2\theta, \cos^2 2\theta, \log_2 n", "sin² θ, cos² 2θ, log₂ n"),
        (r"$\cos^2(x)$, $\sum_i^nx_i$, $\sum_i^N(x)$", "cos²(x), ∑ᵢⁿ xᵢ, ∑ᵢ^N (x)"),
        # fractions that are written between their parts
        (r"${1\over 2}$, $a\over b+c$, ${n \choose k}$", "1/2, a/(b+c), (n choose k)"),
        (r"$\left(a\over b\right)$", r"$\left(a\over b\right)$"),
        # signs of what is below zero, primes, arrows
        (r"$[- \delta, - 1]$, $x = - y$, $a - b$, $=\pm M$", "[-δ, -1], x = -y, a - b, =±M"),
        (r"$x^{- \rho}$, $y^{\prime \prime}$, $x_{i + 1}$", "x^(-ρ), y″, xᵢ₊₁"),
        (r"$W^\pm Z$, $\rho^{\otimes n}$, $p\nmid n$", "W^± Z, ρ^(⊗n), p ∤ n"),
        (r"$x^{+16 +5}_{-1 -2}$, $\R^{n \times d}$", "x^(+16 +5)_(-1 -2), ℝ^(n × d)"),
        (r"$pp -> X$, $a <- b$, $x <-1$, $x ->y$", "pp -> X, a <- b, x < -1, x ->y"),
        (r"$X \perp \!\!\! \perp Y$, $x\!\in\!A$", "X ⊥⊥ Y, x∈A"),
        # what is defined anew by many
        (r"$\S^n$, $\P(A)$, $\P$-a.s., \P^1", "𝕊ⁿ, ℙ(A), ℙ-a.s., ℙ¹"),
        (r"$\S 3$, \S3, $\S$", "§ 3, §3, §"),
        # blanks at the edges of a formula
        (r"36$\,$dB, $36\,$dB, $5~$K, is $\,x\,$ or", "36 dB, 36 dB, 5 K, is x or"),
        (r"few$\times 10^4$, ($\times 4$), 1 $\pm 2$", "few×10⁴, (× 4), 1 ± 2"),
        (r"2\times faster, 2\times 10", "2× faster, 2×10"),
        (r"a \\ b, a\\b, a \quad b, 5 \, GeV", "a b, a b, a b, 5 GeV"),
        (r"5007 \AA line, 5~\AA or, $5\,$\AA or", "5007 Å line, 5 Å or, 5 Å or"),
        (r"two \AA ngstrom, 2 \AA ngstrom", "two Ångstrom, 2 Ångstrom"),
        ("if $ n$ or $x, y $ is 3", "if n or x, y is 3"),
        ("1$T$-TaS$_2$, 2$H$-NbS$_2$", "1T-TaS₂, 2H-NbS₂"),
        ("not $ 5 and $ 6 or A$ b$", "not $ 5 and $ 6 or A$ b$"),
        # grouping
        (r"$e^{\frac{i}{\epsilon}S(x)}$ and $\frac{a}{b}c$", "e^((i/ϵ)S(x)) and (a/b)c"),
        (r"$\frac{a}{b}^2$, $\sqrt{x}^2$, $2\frac{a}{b}$", "(a/b)², (√x)², 2(a/b)"),
        (r"$e^{-\frac{x^2}{2}}$, $\frac{1}{kT}$, $\frac{GM}{c^2}$", "e^(-x²/2), 1/(kT), GM/c²"),
        (r"$\sqrt{\frac{a}{b}}$, $\sqrt{2}n$, $x_{i_j}$", "√(a/b), √2 n, x_(iⱼ)"),
        (r"$\Gamma ^j(v)$ and $L ^2$", "Γʲ(v) and L²"),
        # quotes, dashes, ties, addresses
        (r"``a ``b'' c'' and `d'", "“a “b” c” and `d'"),
        ("2010--2020 --- so; --all; a --> b; -----", "2010–2020 — so; --all; a --> b; -----"),
        ("z~2.5, kT~0.2, >~93, L~10(9)", "z~2.5, kT~0.2, >~93, L~10(9)"),
        ("5~10 ms and f_NL~3", "5~10 ms and f_NL~3"),
        ("T~100, M~87, M~10 Msun, M~10^6", "T~100, M 87, M~10 Msun, M~10^6"),
        (r"$2\text{--}4$, $1^{--}$", "2–4, 1⁻⁻"),
        (r"$x$ of M~31, Fig.~1, Band~14, (4,~4), at~5", "x of M 31, Fig. 1, Band 14, (4, 4), at 5"),
        ("HE~0435 and SN~1987A", "HE 0435 and SN 1987A"),
        (r"Fig.~1, $n$~is, ~10, x/~y", "Fig. 1, n is, ~10, x/~y"),
        (r"\url{a\_b/~c--d} and http://x.y/~z--w_{a}", "a_b/~c--d and http://x.y/~z--w_a"),
        (r"\href{http://a.b/c\_d}{the \emph{code}} x", "the code (http://a.b/c_d) x"),
        (r"\href{http://a.b/c_d}{http://a.b/c\_d}", "http://a.b/c_d"),
        (r"a\footnote{see \textit{b}} c", "a (see b) c"),
        # groups, fonts, accents
        (r"{\bf x}y, \textit{a \textbf{b} c}, C", "xy, a b c, C"),
        # spectra, in small capitals; angles
        (r"C\,{\sc iv}, H\textsc{i}, \ion{Ca}{ii}, \textsc{Six}", "C IV, HI, Ca II, Six"),
        (r"$0\farcs5$, 1\farcm2, $3\fdg4$", "0″.5, 1′.2, 3°.4"),
        (r"a set {1, 2} and {B}races", "a set {1, 2} and Braces"),
        ("a NOT}gate, 5(-3.4} and {x", "a NOT}gate, 5(-3.4} and {x"),
        (r"Petojevi\' c, Schr\" odinger, {\v{C}}ech, \'{\^e}", "Petojević, Schrödinger, Čech, ế"),
        (r"na\"\i ve, \^\i le, Garc\'\i a and As\'\i A", "naïve, île, García and Así A"),
        (r"\texttt{--help}, {--x} and 1--2", "--help, --x and 1–2"),
        (r"na\"{\i}ve \'\i, Erd{\H o}s, \L{}\'od\'z", "naïve í, Erdős, Łódź"),
        (r"said \"yes\" and no", 'said "yes" and no'),
        (r"Systems\" dedicated to", r"Systems\" dedicated to"),
        # no good form: as it is written
        (r"$\underset{x}{\min}$, $\stackrel{d}{=}$", r"$\underset{x}{\min}$, $\stackrel{d}{=}$"),
        (r"$\overline{AB}$, $a & b$, $\sqrt[k]{n}$", r"$\overline{AB}$, $a & b$, $\sqrt[k]{n}$"),
        ("from $5 to $10 and $3M", "from $5 to $10 and $3M"),
        ("$100 (vs. $200) and US$ 5", "$100 (vs. $200) and US$ 5"),
        ("$5 or C$ 9, $[0,1)$, $3 X$", "$5 or C$ 9, [0,1), 3 X"),
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
        (r"YBa$_2$Cu$_3$O$_{7-\delta}$", "YBa2Cu3O7-δ"),
        (r"YBa$_2$Cu$_3$O$_{7-\delta}$", "YBa₂Cu₃O_(7-δ)"),
        ("YBa2Cu3O7-δ", r"YBa$_2$Cu$_3$O$_{7-\delta}$"),
        ("at $H_{c_2}$", "Hc2"),
        (r"of $\overline{M}_{g,n}$", "M_{g,n}"),
        (r"of $\overline{M}_{g, n}$", "M_{g,n}"),
        (r"of $\bar{T}_{7-\delta}$", r"T_{7-\delta}"),
        ("at (~5)", "~5"),
        (r"of $\mathrm{GL}_n(F)$", "GL_n(F)"),
        ("of GL_n(F)", "GLₙ"),
        ("w_0w_aCDM", "$w_0w_a$CDM"),
        (r"a \chi^2 fit", "χ²"),
        ("a χ^2 fit", r"$\chi^2$"),
        (r"\texttt{tar\_ball} and __init__", "tar-ball"),
        # operators part, functions stay
        (r"on $T^2\times S^3$", "T2"),
        (r"on $T^2\times S^3$", "T² × S³"),
        (r"a $B\to D^{*}\ell\nu$ decay", "B → D"),
        (r"in $O(\log\log n)$ time", "log log n"),
        (r"$\min$-max games", "min-max games"),
        (r"of $\sin^2\theta_{13}$ alone", "θ₁₃"),
        (r"of $\sin^2\theta_{13}$ alone", "sin²θ₁₃"),
        (r"of $\sin^2\theta_{13}$ alone", "sin^2 theta_13"),
        (r"of \sin^2 2\theta_{13} alone", "2θ₁₃"),
        ("of sin²θ₁₃ alone", "sin² θ₁₃"),
        ("at large tanβ", "tan β"),
        (r"at large $\tan\beta$", "tanβ"),
        (r"of $k_BT$ and $E_F\tau$", "k_BT"),
        (r"of $k_BT$ and $E_F\tau$", "E_F τ"),
        ("of k_BT", r"$k_{\rm B}T$"),
        (r"in $n\log_2n$ steps", "n log₂ n"),
        # blanks beside brackets
        ("the SU ( 2 ) theory", "SU(2)"),
        ("the SU(2) theory", "SU ( 2 )"),
        ("the $SU (2)$ theory", "SU(2) theory"),
        ("on [ 0, 1 ]", "[0,1]"),
        # tildes that mean about
        (r"at $z\sim6$", "z~6"),
        ("at z~6", r"$z \sim 6$"),
        ("at z ~ 6", "z~6"),
        (r"in $\sim$5 ms", "~5 ms"),
        ("in ~5 ms", "5 ms"),
        ("NGC~4151", "NGC 4151"),
        ("NGC 4151", "NGC~4151"),
        ("O(|V| + |E|)", "O(|V|+|E|)"),
        (r"\texorpdfstring{$B\to K$}{B to K} rate", "B → K rate"),
        (r"\texorpdfstring{$B\to K$}{B to K} rate", "K} rate"),
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
        (r"of $\sin^2\theta_{13}$ alone", "13"),
        ("the SU ( 20 ) theory", "SU(2)"),
        ("at large tan gamma", "tan β"),
        ("a Titanbeta", "tanβ"),
        ("the SU-(2) theory", "SU (2)"),
        ("in 5 ms", "~5 ms"),
        (r"at $z\sim6$", "z 6"),
        (r"at $z\sim6.5$", "z~6"),
        ("a train_2d_conv", "train2dconv"),
        (r"\texorpdfstring{a}{b}", "texorpdfstring"),
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
