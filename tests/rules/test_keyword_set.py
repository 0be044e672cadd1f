"""Any number and any mix of keywords, looked for together."""

import pytest

from arxivdigest.errors import KeywordError
from arxivdigest.rules.keyword_set import KeywordSet
from arxivdigest.rules.keywords import Keyword, keyword
from arxivdigest.text.folding import fold

TEXT = fold(
    "Two 'lazy' KV-cache designs, C++ and the N=4 SYM: prefilling (\"eager\") at Ж数学."
).text


def many(pattern: str, count: int) -> list[Keyword]:
    return [keyword(pattern.format(number)) for number in range(count)]


@pytest.mark.parametrize(
    ("pattern", "count"),
    [
        ("prefix{}*", 5000),
        ("*suffix{}", 5000),
        ("*infix{}*", 5000),
        ("plain word {}", 20_000),
        (r"/near{}(\W+\w+){{0,5}}\W+far{}/".replace("{}", "{0}"), 150),
        ("/wide{}[α-ω]{{1,50}}/", 60),
        (r"/\pL{{20{}}}/", 3),
        ("数{}", 2000),
        ("Schrödinger {}", 2000),
        ("c{}++", 2000),
    ],
)
def test_no_number_of_keywords_is_too_much(pattern: str, count: int) -> None:
    words = [*many(pattern, count), keyword("KV cache")]
    assert KeywordSet(words).hits(TEXT) == {words[-1]}


def test_a_mix_of_all_kinds_is_matched_together() -> None:
    kinds = ["w{}*", "*w{}", "w{} x", r"/w{}\d+/", "wö{}", "数{}", "w{}#"]
    words = [one for kind in kinds for one in many(kind, 3000)]
    hits = KeywordSet(words).hits("a W17 x, and w2999#")
    assert {one.text for one in hits} == {
        *("w1*", "w17*", "*w17", "w17 x", r"/w1\d+/"),
        *("w2*", "w29*", "w299*", "w2999*", "*w2999", "w2999#"),
        *(r"/w2\d+/", r"/w29\d+/", r"/w299\d+/"),
    }


def test_an_expression_that_no_set_can_hold_is_matched_alone() -> None:
    words = [keyword(r"/\pL{200,}/"), keyword("KV cache")]
    assert KeywordSet(words).hits(f"a {'x' * 200}") == {words[0]}
    assert KeywordSet(words).hits("a KV cache") == {words[1]}


@pytest.mark.parametrize("text", ["/(.{1,1000}){20}/", "x" * 100_000, "/(x{1,1000}){1,1000}/"])
def test_what_re2_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(KeywordError) as raised:
        keyword(text)
    assert len(str(raised.value)) < 200


def test_no_keywords_hit_nothing() -> None:
    assert KeywordSet([]).hits("text") == frozenset()


def test_a_thousand_keywords_are_matched_together() -> None:
    words = [keyword(f"word{number}") for number in range(1000)]
    assert KeywordSet(words).hits("word7 and word999 and word1000") == {words[7], words[999]}


@pytest.mark.parametrize("count", [2, 290, 310, 1000, 2000])
def test_of_any_number_of_keywords_each_hits_as_it_would_alone(count: int) -> None:
    kinds = ["Swan{}", "OWL {}*", "*Tern{}", "Knot-{} Gull"]
    heeded = [keyword(one, case=True) for one in ("OWL 1", "Owl 1", "swan2")]
    others = [keyword(one) for one in ("Ä1", "/Swan[0-2]/", "owl\u212a", "C++")]
    words = [one for kind in kinds for one in many(kind, count // len(kinds) + 1)] + heeded + others
    texts = [
        "a SWAN1 and swan2",
        "an OWL 1 and Owl 15",
        "mYtErN0 ä1 c++",
        "KNOT 1 gull",
        "ÄOWLK",
        "",
    ]
    folded = [fold(text).text for text in texts]
    alone = [{one for one in words if KeywordSet([one]).hits(text)} for text in folded]
    assert [KeywordSet(words).hits(text) for text in folded] == alone
    assert KeywordSet(words).found_in([one.encode() for one in folded]) == [
        at for at, found in enumerate(alone) if found
    ]
    assert [len(found) for found in alone][:4] != [0] * 4


def test_a_text_of_zero_bytes_is_as_any_other() -> None:
    assert KeywordSet([keyword("pelican")]).hits("\0\0 pelican") == {keyword("pelican")}
    assert not KeywordSet([keyword("pelican")]).hits("\0\0")
