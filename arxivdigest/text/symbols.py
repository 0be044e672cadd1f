"""TeX's names: the signs, letters, accents and alphabets that they stand for."""

from functools import cache


def _table(rows: str) -> dict[str, str]:
    words = rows.split()
    return dict(zip(words[::2], words[1::2], strict=True))


GREEK = _table(
    "alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι "
    "kappa κ varkappa ϰ lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ "
    "varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ omega ω digamma ϝ "
    "Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω "
    "varGamma Γ varDelta Δ varTheta Θ varLambda Λ varXi Ξ varPi Π varSigma Σ varPhi Φ varPsi Ψ "
    "varOmega Ω upalpha α upbeta β upgamma γ updelta δ upepsilon ϵ uptheta θ uplambda λ upmu μ "
    "upnu ν uppi π uprho ρ upsigma σ uptau τ upphi ϕ upchi χ uppsi ψ upomega ω"
)
IN_PROSE = {"epsilon": "ε", "phi": "φ"}
"""Letters that arXiv's pages set in prose in a form that formulas have another command for."""
LETTERS = _table(
    "AA Å AE Æ DH Ð DJ Đ L Ł NG Ŋ O Ø OE Œ TH Þ aa å ae æ dh ð dj đ i ı j ȷ l ł ng ŋ o ø oe œ "
    "ss ß th þ"
)
"""Letters that text has a command for; a formula knows the first of each kind only."""

LETTERLIKE = GREEK | _table(
    "hbar ℏ hslash ℏ ell ℓ partial ∂ nabla ∇ imath ı jmath ȷ aleph ℵ beth ℶ wp ℘ Re ℜ Im ℑ "
    "eth ð AA Å aa å R ℝ Z ℤ N ℕ C ℂ Q ℚ RR ℝ ZZ ℤ NN ℕ CC ℂ QQ ℚ reals ℝ"
)
"""Commands for what stands in a product as a letter does; the last are defined by many."""

RELATIONS = _table(
    "le ≤ ge ≥ leq ≤ geq ≥ leqslant ⩽ geqslant ⩾ leqq ≦ geqq ≧ lt < gt > ll ≪ gg ≫ ne ≠ neq ≠ "
    "equiv ≡ sim ∼ nsim ≁ simeq ≃ approx ≈ approxeq ≊ cong ≅ asymp ≍ propto ∝ varpropto ∝ "
    "doteq ≐ triangleq ≜ coloneqq ≔ coloneq ≔ eqqcolon ≕ lesssim ≲ gtrsim ≳ la ≲ ga ≳ "
    "lessapprox ⪅ gtrapprox ⪆ lessgtr ≶ gtrless ≷ nless ≮ ngtr ≯ nleq ≰ ngeq ≱ prec ≺ succ ≻ "
    "preceq ≼ succeq ≽ preccurlyeq ≼ succcurlyeq ≽ precsim ≾ succsim ≿ in ∈ notin ∉ ni ∋ "
    "subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ nsubseteq ⊈ subsetneq ⊊ supsetneq ⊋ "
    "sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒ parallel ∥ nparallel ∦ perp ⊥ nmid ∤ "
    "vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ Vdash ⊩ Vvdash ⊪ nvdash ⊬ bowtie ⋈ trianglelefteq ⊴ "
    "triangleleft ◁ triangleright ▷ unlhd ⊴ lhd ◁ rhd ▷ between ≬ pitchfork ⋔ multimap ⊸ "
    "to → rightarrow → longrightarrow ⟶ gets ← leftarrow ← longleftarrow ⟵ uparrow ↑ downarrow ↓ "
    "updownarrow ↕ leftrightarrow ↔ longleftrightarrow ⟷ Rightarrow ⇒ Longrightarrow ⟹ "
    "Leftarrow ⇐ Longleftarrow ⟸ Leftrightarrow ⇔ Longleftrightarrow ⟺ iff ⟺ implies ⟹ "
    "impliedby ⟸ mapsto ↦ longmapsto ⟼ hookrightarrow ↪ hookleftarrow ↩ twoheadrightarrow ↠ "
    "rightarrowtail ↣ rightsquigarrow ⇝ leadsto ⇝ rightleftharpoons ⇌ leftrightharpoons ⇋ "
    "rightharpoonup ⇀ rightrightarrows ⇉ rightleftarrows ⇄ nearrow ↗ searrow ↘ swarrow ↙ "
    "nwarrow ↖ nrightarrow ↛ nleftarrow ↚ nRightarrow ⇏ Uparrow ⇑ Downarrow ⇓ dashrightarrow ⇢ "
    "circlearrowleft ↺ circlearrowright ↻ curvearrowright ↷ curvearrowleft ↶ leftrightarrows ⇆ "
    "rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ nleftrightarrow ↮ Rrightarrow ⇛ "
    "Lleftarrow ⇚ lsim ≲ gsim ≳ ltsimeq ≲ gtsimeq ≳ thicksim ∼ thickapprox ≈ backsim ∽ eqsim ≂ "
    "bumpeq ≏ circeq ≗ eqcirc ≖ lesseqgtr ⋚ gtreqless ⋛ lneq ⪇ gneq ⪈ lneqq ≨ gneqq ≩ "
    "nsupseteq ⊉ subseteqq ⫅ supseteqq ⫆ Subset ⋐ Supset ⋑ vartriangleleft ⊲ vartriangleright ⊳ "
    "trianglerighteq ⊵ unrhd ⊵ upharpoonright ↾ restriction ↾ circleddash ⊝ "
    "pm ± mp ∓ times × div ÷ cdot · ast ∗ star ⋆ circ ∘ bullet ∙ otimes ⊗ oplus ⊕ ominus ⊖ "
    "oslash ⊘ boxtimes ⊠ boxplus ⊞ boxminus ⊟ boxdot ⊡ cap ∩ cup ∪ sqcap ⊓ sqcup ⊔ uplus ⊎ "
    "wedge ∧ vee ∨ land ∧ lor ∨ setminus ∖ smallsetminus ∖ wr ≀ amalg ⨿ ltimes ⋉ rtimes ⋊ "
    "diamond ⋄ veebar ⊻ barwedge ⌅ circledast ⊛ dotplus ∔ Cap ⋒ Cup ⋓ "
    "textpm ± texttimes × textdiv ÷ textless < textgreater > textrightarrow → textleftarrow ←"
)
"""Relations, arrows and operators: they part what stands before and after them."""

SIGNS = _table(
    "infty ∞ infinity ∞ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ neg ¬ lnot ¬ "
    "complement ∁ therefore ∴ because ∵ angle ∠ measuredangle ∡ top ⊤ bot ⊥ surd √ flat ♭ "
    "natural ♮ sharp ♯ square □ Box □ blacksquare ■ Diamond ◇ lozenge ◊ triangle △ "
    "triangledown ▽ bigtriangleup △ bigtriangledown ▽ vartriangle △ bigcirc ◯ bigstar ★ "
    "clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ checkmark ✓ dag † dagger † ddag ‡ "
    "ddagger ‡ prime ′ backslash \\ colon : ldots … dots … dotsc … dotsb … cdots ⋯ vdots ⋮ "
    "ddots ⋱ langle ⟨ rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ lbrace { rbrace } lbrack [ "
    "rbrack ] llbracket ⟦ rrbracket ⟧ lvert | rvert | vert | mid | lVert ‖ rVert ‖ Vert ‖ "
    "odot ⊙ sun ⊙ earth ⊕ micron μm degree ° degr ° arcsec ″ arcmin ′ farcs ″. farcm ′. "
    "fdg °. mho ℧ copyright © pounds £ S § P ¶ euro € "
    "circledR ® textregistered ® texttrademark ™ textcopyright © textdegree ° textmu µ textbar | "
    "textbackslash \\ textasciitilde ~ textasciicircum ^ textunderscore _ textendash – "
    "textemdash — textellipsis … textquoteright ’ textquoteleft ‘ textquotedblleft “ "
    "textquotedblright ” textquotesingle ' textbullet • texteuro € textsection § slash / "
    "blacktriangle ▲ blacklozenge ⧫ sphericalangle ∢ arcdeg ° textperthousand ‰ dotsm ⋯ dotsi ⋯ "
    'dotso … textdollar $ vcentcolon : lq ‘ rq ’ guillemotleft « guillemotright » textquotedbl " '
    "Msun M_⊙ msun M_⊙ Lsun L_⊙ Rsun R_⊙ lbrac { rbrac }"
)
CLOSE_TO_NEXT = frozenset(
    "neg lnot forall exists nexists dag dagger ddag ddagger prime vert lvert Vert lVert".split()
)
"""Signs that stand close to the letter after them."""

SPACES = {"S": "𝕊", "P": "ℙ"}
"""What people define the commands for § and ¶ as, where these make no sense: in formulas."""

BIG = _table(
    "sum ∑ prod ∏ coprod ∐ int ∫ iint ∬ iiint ∭ oint ∮ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ "
    "bigwedge ⋀ bigvee ⋁ bigsqcup ⨆ biguplus ⨄ bigodot ⨀ "
    "bigsqcap ⨅ iiiint ⨌ oiint ∯"
)
SYMBOLS = LETTERLIKE | RELATIONS | SIGNS | BIG
"""All commands that stand for a sign of their own."""

FUNCTIONS = frozenset(
    "arccos arcsin arctan arccot argmax argmin arg cosh cos coth cot csc deg det dim exp gcd lcm "
    "hom Hom Aut inf injlim ker lg liminf limsup lim ln log max min Pr projlim sec sinh sin sup "
    "tanh tan Tr tr diag rank sgn".split()
)
WORDS = {
    "LaTeX": "LaTeX",
    "TeX": "TeX",
    "BibTeX": "BibTeX",
    "LaTeXe": "LaTeX2e",
    "bmod": "mod",
    "mod": "mod",
}

BLANKS = frozenset(
    "quad qquad enspace enskip space thinspace medspace thickspace nobreakspace newline linebreak "
    "par smallskip medskip bigskip".split()
)
NOTHING = frozenset(
    "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag xspace "
    "negthinspace nobreakdash relax protect boldmath unboldmath noindent centering "
    "rm bf it sf tt sc sl em mit bfseries itshape rmfamily sffamily ttfamily scshape slshape "
    "upshape mdseries normalfont tiny scriptsize footnotesize small normalsize large Large LARGE "
    "huge Huge left right middle".split()
) | {f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", *"lrm")}
"""Switches and sizes: nothing of them is seen in a line of text."""

FONTS = frozenset(
    "text textrm textsf textit textbf texttt textsc textsl textnormal textup textmd emph mbox hbox "
    "mathrm mathit mathsf mathtt mathnormal mathup operatorname boldsymbol bm pmb ensuremath "
    "mathop mathrel mathbin mathord mathopen mathclose mathpunct underline uline".split()
)
"""Commands whose argument is read as it stands."""

ACCENTS = dict(
    zip(
        "`'^~=u.\"rHvdckb",
        "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328\u0331",
        strict=True,
    )
)
MATH_ACCENTS = {
    **dict.fromkeys(("hat", "widehat"), "\u0302"),
    **dict.fromkeys(("tilde", "widetilde"), "\u0303"),
    **dict.fromkeys(("bar", "overline"), "\u0305"),
    "vec": "\u20d7",
    "overrightarrow": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "dddot": "\u20db",
    "check": "\u030c",
    "widecheck": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "grave": "\u0300",
    "mathring": "\u030a",
}

SUPERSCRIPTS = (
    dict(
        zip(
            "0123456789+-=()abcdefghijklmnoprstuvwxyzT",
            "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ",
            strict=True,
        )
    )
    | {"*": "*", "∗": "*", "⋆": "*", "'": "′", "′": "′", "″": "″", "†": "†", "‡": "‡"}
    | {
        "∘": "°",
        "°": "°",
        "−": "⁻",
    }
)
SUBSCRIPTS = dict(
    zip("0123456789+-=()aehijklmnoprstuvx−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ₋", strict=True)
)
SCRIPTS = frozenset({*SUPERSCRIPTS.values(), *SUBSCRIPTS.values()})

ALPHABETS = {
    **dict.fromkeys(("mathcal", "cal", "mathscr", "scr", "EuScript"), "script"),
    **dict.fromkeys(("mathbb", "Bbb", "mathds", "mathbbm", "bbold"), "double"),
    **dict.fromkeys(("mathfrak", "frak", "goth"), "fraktur"),
    **dict.fromkeys(("mathbf", "bold"), "bold"),
}
# The first capital, small letter and digit of each, and the letters that Unicode had before.
_FIRSTS = {
    "script": (0x1D49C, 0x1D4B6, 0, "BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ"),
    "double": (0x1D538, 0x1D552, 0x1D7D8, "CℂHℍNℕPℙQℚRℝZℤ"),
    "fraktur": (0x1D504, 0x1D51E, 0, "CℭHℌIℑRℜZℨ"),
    "bold": (0x1D400, 0x1D41A, 0x1D7CE, ""),
}


@cache
def alphabet(command: str) -> dict[int, str]:
    """What each letter is in the alphabet of a command such as `mathcal`, for `str.translate`."""
    capital, small, digit, others = _FIRSTS[ALPHABETS[command]]
    letters = {ord("A") + number: chr(capital + number) for number in range(26)}
    letters |= {ord("a") + number: chr(small + number) for number in range(26)}
    letters |= {ord("0") + number: chr(digit + number) for number in range(10 if digit else 0)}
    return letters | {
        ord(letter): sign for letter, sign in zip(others[::2], others[1::2], strict=True)
    }
