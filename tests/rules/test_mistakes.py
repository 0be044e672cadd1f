"""What is no keyword and no name here is refused or warned of, with how the same is said."""

import re

import pytest

from arxivdigest.errors import KeywordError
from arxivdigest.rules import mistakes
from arxivdigest.rules.keywords import keyword


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("$\tau$ lepton", r"has a tab in it, as \t is one in double quotes; write it in single"),
        ("/\bKV\b/", r"has a backspace in it, as \b is one in double quotes"),
        ("\nabla", r"has a line break in it, as \n is one"),
        ("$\rho$ meson", r"has a carriage return in it, as \r is one"),
        ("$\frac{1}{2}$", r"has a form feed in it, as \f is one"),
        ("a\x00b", "has a control character in it; write it in single quotes"),
        ("KV && cache", "words that must all be there stand in all"),
        ("KV&&cache", "there are no operators in a keyword"),
        ("ti:KV cache", "keywords have no fields"),
        ("KV cache ti:GPU", "keywords have no fields"),
        ("abs:cache", "keywords have no fields"),
        ("title:cache", "keywords have no fields"),
        ("!agents", "stands in none"),
        ("KV !agents", "stands in none"),
        ('"KV cache"~3', "there are no distances in a keyword"),
        ("/KV cache", "one stands between two slashes"),
        ("/kv cache/g", "has g after its last slash"),
        ("/kv cache/im", "has im after its last slash"),
        ("KV cache/", "ends like an expression; one stands between two slashes"),
        ("au:Pan", "people stand in authors"),
        ("cat:cs.LG", "categories stand in subjects"),
        ("KV.+cache", "an expression stands between slashes"),
        (r"\bKV\b", "an expression stands between slashes"),
        (r"KV\d+", "an expression stands between slashes"),
        (r"KV\s*cache", "an expression stands between slashes"),
        (r"KV\d", "an expression stands between slashes"),
        ("(?=KV)", "an expression stands between slashes"),
        ("KV.{0,5}cache", "an expression stands between slashes"),
        (" /KV/", "nothing stands outside of its slashes"),
        ("s/KV/cache/", "an expression stands between slashes"),
        ("intitle:KV", "keywords have no fields"),
        ("site:example.org KV", "keywords have no fields"),
        ("submittedDate:2026", "keywords have no fields"),
    ],
)
def test_what_can_never_match_is_refused(written: str, said: str) -> None:
    with pytest.raises(KeywordError, match=re.escape(said)):
        keyword(written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("LLM AND agents", "stands in all"),
        ("quantum OR qubit", "give two keywords"),
        ("LLM NOT survey", "stands in none"),
        ("KV NEAR/3 cache", "no distances"),
        ("LLM|VLM", "/a|b/"),
        ("LLM || VLM", "/a|b/"),
        ("(KV|prefix) cache", "/a|b/"),
        ("Ti:sapphire", "the words before the colon are looked for as they stand"),
        ("title: a history", "the words before the colon are looked for as they stand"),
        ('"KV cache"', "leave out the quotes"),
        ("'KV cache'", "leave out the quotes"),
        ("-agents", "rules nothing out"),
        ("KV -agents", "rules nothing out"),
        ("V - I", "rules nothing out"),
        ("+agents", "stand in all"),
        ("cache~2", "a ~ is a blank here"),
        ("caches?", "/caches?/"),
        ("KV cache, prefix caching", "a comma does not part keywords"),
        ("KV cache; prefix caching", "does not part keywords"),
        ("GPU,TPU", "does not part keywords"),
        ("GPU;TPU", "does not part keywords"),
        ("“KV cache”", "leave out the quotes"),
        ("«KV cache»", "leave out the quotes"),
        ("[Cc]ache", "stands for itself"),
        ("[Cc][Vv] cache", "stands for itself"),
        ("[a-z]+ cache", "stands for itself"),
        ("cache [tiab]", "keywords have no fields"),
        ("Pan[Author]", "people stand in authors"),
        ("[2020 TO 2021]", "no ranges"),
        ('-"large model"', "rules nothing out"),
        ('"KV cache" inference', "leave out the quotes"),
        ("`KV cache`", "leave out the quotes"),
        ("r'KV'", "leave out the quotes"),
        ("KV W/3 cache", "no distances"),
        ("KV w/3 cache", "no distances"),
        ("KV~2 cache", "a ~ is a blank here"),
        ("–agents", "rules nothing out"),
        ("KV AND(cache)", "stands in all"),
        ("NOT(cache)", "stands in none"),
        ("‘KV cache’", "leave out the quotes"),
        ('"KV cache', "leave out the others"),
        ("``KV cache''", "leave out the others"),
        ("_KV cache_", "Markdown"),
        ("TITLE-ABS-KEY(cache)", "keywords have no fields"),
        ("/e/", "in nearly every abstract"),
        ("KV AROUND(3) cache", "no distances"),
        ("roam~0.8", "a ~ is a blank here"),
        ("cache^2 GPU", "a ^ weighs no word"),
        ("%cache%", "a % stands for itself"),
        ("cache%", "a % stands for itself"),
        ("* cache", "one * opens an end"),
        ("cache**", "one * opens an end"),
        ("#machinelearning", "the sign before the word"),
        ("<b>cache</b>", "HTML"),
        ("KV cache,", "a comma does not part keywords"),
        ("the", "in nearly every abstract"),
        ("a", "in nearly every abstract"),
        ("/./", "in nearly every abstract"),
        ("/ /", "in nearly every abstract"),
        ("KV[ -]cache", "stands for itself"),
        ("(KV )?cache", "? stands for itself"),
        ("KV$", "a lone $"),
        ("R&amp;D", "HTML"),
        ("A*", 'every word that begins with "A"'),
        ("*s", 'every word that ends in "s"'),
        ("*s*", 'every word with "s" in it'),
    ],
)
def test_what_is_rarely_meant_so_is_warned_of(written: str, said: str) -> None:
    assert keyword(written).text == written
    (only,) = mistakes.odd(written)
    assert said in only


def test_every_operator_is_met_with_what_says_the_same() -> None:
    said = list(mistakes.odd("(GPU OR TPU) AND NOT CUDA"))
    assert [one.split()[0] for one in said] == ["AND", "OR", "NOT"]


def test_an_i_after_the_last_slash_says_nothing_new_and_is_to_be_left_out() -> None:
    one = keyword("/kv cache/i")
    assert (one.is_expression, one.expression) == (True, "kv cache")
    said = mistakes.to_mend("/kv cache/i")
    assert said is not None
    assert said.startswith("has i after its last slash, where nothing stands; case is ignored")
    assert [*map(mistakes.to_mend, ("/kv cache/", "/i", "//i", "kv/i", "/k/"))] == [None] * 5
    with pytest.raises(KeywordError, match="leave out one of them"):
        keyword("/kv cache/i", case=True)


@pytest.mark.parametrize(
    "written",
    [
        "LLM",
        "LLM*",
        "KV cache",
        "AND gate",
        "NOT gate",
        "a quantum AND gate",
        r"$\beta$-decay",
        "$p$-adic",
        "w/ noise",
        "w/",
        "OR-Tools",
        "and/or",
        "R&D",
        "I/O",
        "C++",
        "C#",
        ".NET",
        "SU(2)",
        "N=4",
        "T_c",
        "a posteriori",
        "Alzheimer's disease",
        "students' answers",
        r"$\beta$ decay",
        r"Schr\"odinger",
        "(∞,1)-topos",
        "1,000 genomes",
        "-1.5",
        "Li+",
        "e+e-",
        "p-type",
        "w/o labels",
        "time: 3 pm",
        r"/\bKV\b/",
        "/a|b/",
        "HE~0435",
        r"$||f|| \ge ||g||$",
        r"\S 3",
        r"\d{o}",
        "x86_64",
        "数学",
        "Is attention all you need?",
        "What is it like?",
        "x^2",
        "p(x|y)",
        "bicyclo[2.2.1]heptane",
        "YBa_2Cu_3O_{7}",
        'a 5"',
        "sin^2",
        "50%",
        "#P",
        "#SAT",
        "doi:10.1000/1",
        "[Fe/H]",
        "[O III]",
        "C-H activation",
        "XOR",
        "+35%",
    ],
)
def test_a_good_keyword_passes_without_a_word(written: str) -> None:
    keyword(written)
    assert list(mistakes.odd(written)) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Pan*", "there is no * in a name"),
        ("/Pan/", "no expressions in a name"),
        ("Ann Pan and Bo Ding", "one name a string"),
        ("Ann Pan & Bo Ding", "one name a string"),
        ("Ann Pan AND Bo Ding", "one name a string"),
        ("Ann Pan; Bo Ding", "one name a string"),
        ("Ann Pan or Bo Ding", "one name a string"),
        ("example.org/~pan", "an address is no name"),
        ("Ann Pan, Bo Ding, Cy Lee", "one name a string"),
        ("Pan et al.", "leave out et al."),
        ("Pan Et Al", "leave out et al."),
        ("Ann Pan OR Bo Ding", "one name a string"),
        ("Ann Pan und Bo Ding", "one name a string"),
        ("Ann Pan And Others", "leave out the others"),
        ("Pan and others", "leave out the others"),
        ("pan@example.org", "an address is no name"),
        ("0000-0002-1825-0097", "an ORCID is no name"),
        ("https://orcid.org/0000-0002-1825-009X", "an ORCID is no name"),
        ("pan_a_1", "an identifier is no name"),
        ("A. Pan, B. Ding", "one name a string"),
        ("Ann Pan / Bo Ding", "one name a string"),
        ("Ann Pan/Bo Ding", "one name a string"),
        ("au:Pan", 'leave out "au:"'),
        ("author:Pan", 'leave out "au:"'),
        ("!Pan", "exclude = true"),
        ("-Pan", "exclude = true"),
        ("Ann Pan (MIT)", "in parentheses"),
        ("Pan?", "there is no ? in a name"),
        ("\tau Pan", "has a tab in it"),
        ("Pan_A", "an identifier is no name"),
        ("Ann Pan + Bo Ding", "one name a string"),
        ("Ann Pan with Bo Ding", "one name a string"),
        ("Ann Pan etc.", "leave out the others"),
        ("Ann Pan u.a.", "leave out the others"),
        ("www.example.org", "an address is no name"),
        ("example.org", "an address is no name"),
        ("0000000218250097", "an ORCID is no name"),
        ("0000 0002 1825 0097", "an ORCID is no name"),
        ("A Pan, B Ding", "one name a string"),
        ("Pan A, Ding B", "one name a string"),
        ("/Pan", "no expressions in a name"),
        (r"\bPan\b", "no expressions in a name"),
        ("Ann Pan (she/her)", "in parentheses"),
        ("Ann Pan [MIT]", "leave out what stands in brackets"),
        ("[Pp]an", "write no expression"),
        ("Ann Pan - MIT", "leave out what stands after the dash"),
        ("Ann Pan^1", "leave out the mark"),
        ("Ann Pan†", "leave out the mark"),
        ("^Pan", "no expressions in a name"),
        ("Pan$", "no expressions in a name"),
        ("NOT Ann Pan", "exclude = true"),
        ("ti:Pan", "a name has no fields"),
    ],
)
def test_what_is_nobodys_name_is_refused(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        mistakes.check_name(written)


@pytest.mark.parametrize(
    "written",
    [
        "Hadlow, P.",
        "Hadlow, Paul, Jr.",
        "Hadlow, Jr., Paul",
        "J.-P. Duval",
        "Müller",
        "Andersson",
        "Ferdinand Orban",
        "ATLAS Collaboration",
        "H1 and ZEUS Collaborations",
        r"A. Schr\"odinger",
        "O'Dea",
        "王小明",
        "Karl von und zu Stein",
        "O Brien, Sean",
        "E Silva, J. Ana",
        "NA61/SHINE",
        "W. E",
        "Ada Name17",
        "D$\\emptyset$",
        "Withold Norman",
    ],
)
def test_a_good_name_passes(written: str) -> None:
    mistakes.check_name(written)


@pytest.mark.parametrize(
    ("written", "is_odd"),
    [
        ("Ann Pan, Bo Ding", True),
        ("Ann Maria Pan, Bo Ding", True),
        ("García Márquez, Gabriel", False),
        ("García Márquez, Gabriel J.", False),
        ("van der Maaten, Laurens Peter", False),
        ("Ann Pan, Jr.", False),
        ("Pan, Ann Maria", False),
        ("Ann Pan", False),
        ("Ann Pan, MIT", True),
        ('"Ann Pan"', True),
        ("Ann Pan1", True),
        ("T2K", False),
        ("Pan A", True),
        ("Weinan E", False),
        ("Pan, 2020", True),
    ],
)
def test_what_is_an_odd_name_is_warned_of(written: str, is_odd: bool) -> None:  # noqa: FBT001 - a column
    mistakes.check_name(written)
    assert bool(mistakes.odd_name(written)) is is_odd
