import pytest
from entries import entry

from arxivdigest.config import read
from arxivdigest.errors import UsageError
from arxivdigest.rules.query import query
from arxivdigest.store.packing import searched_texts

PAPER = entry(
    title="A KV-cache for pelicans",
    authors=("Ramachandran Ramjee", "Ann Lee"),
    abstract="Geese are compared.",
    comments="Accepted at VLDB",
    categories=("cs.DC", "cs.LG"),
)


RULES = read(
    """
    [[rules]]
    name = "Pelicans of R. Ramjee"
    any = ["pelican*"]
    authors = ["R. Ramjee"]
    [[rules]]
    name = "Not surveys"
    none = ["survey"]
    [[rules]]
    name = "Swans"
    any = ["swans"]
    """,
    "config.toml",
).rules


def finds(*words: str) -> bool:
    rule_set = query(words, RULES).rule_set()
    found = rule_set.rulings([PAPER], searched_texts([PAPER]), [PAPER.authors], show_all=False)
    return any(one.selected for one in found)


@pytest.mark.parametrize(
    "words",
    [
        ("KV cache",),
        ("pelicans", "geese"),
        ("pelican*",),
        ("/peli.ans/",),
        ("author:Ramjee",),
        ("author:R. Ramjee", "subject:cs.LG"),
        ("subject:cs.*",),
        ("subject:cs",),
        ("type:new",),
        ("title:KV cache",),
        ("comments:accepted",),
        ("not:survey",),
        ("not:author:Bo Chen",),
        ("not:title:geese",),
        ("not:subject:math.OC",),
        ("not:not:pelicans",),
        ("2507.00001",),
        ("arXiv:2507.00001",),
        ("AUTHOR: Ann Lee",),
        ("rule:Pelicans of R. Ramjee",),
        ("rule:pelicans of r. ramjee", "rule:Not surveys", "geese"),
        ("rule:Not surveys",),
        ("not:rule:Swans",),
    ],
)
def test_every_word_must_hold(words: tuple[str, ...]) -> None:
    assert finds(*words)


@pytest.mark.parametrize(
    "words",
    [
        ("pelicans", "swans"),
        ("not:pelicans",),
        ("pelicans", "not:geese"),
        ("author:Bo Chen",),
        ("not:author:Lee",),
        ("subject:math.OC",),
        ("type:replace",),
        ("title:geese",),
        ("2507.00002",),
        ("not:2507.00001",),
        ("rule:Swans",),
        ("not:rule:Not surveys",),
        ("rule:Pelicans of R. Ramjee", "swans"),
    ],
)
def test_or_nothing_is_found(words: tuple[str, ...]) -> None:
    assert not finds(*words)


@pytest.mark.parametrize(
    ("words", "starred"),
    [(("geese",), None), (("is:starred",), True), (("not:is:starred", "x"), False)],
)
def test_it_may_be_about_stars(words: tuple[str, ...], starred: object) -> None:
    assert query(words).starred is starred


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("auhtor:Lee", 'there is no "auhtor:" in a search; did you mean "author:"?'),
        ("author:", '"author:" stands alone'),
        ("subject:cs.XX", "cs.XX"),
        ("type:news", '"type:news" is not known; there is type:new|cross|replace|replace-cross'),
        ("is:read", '"is:read" is not known; there is is:starred'),
        ("/(/", "is no regular expression"),
        ("?!", "can never match"),
        ("author:...", '"..." is no name'),
        ("rule:Swan", 'there is no rule "Swan" in the configuration; did you mean "rule:Swans"?'),
    ],
)
def test_what_is_wrong_is_said(word: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        query((word,), RULES)
    assert said in str(caught.value)


def test_a_colon_in_words_is_a_colon() -> None:
    assert query(("Ti:sapphire laser",)).rule.conditions[0].keywords[0].text == "Ti:sapphire laser"
