from datetime import date

import pytest
from entries import entry

from arxivdigest.config import read
from arxivdigest.errors import ListingError, UsageError
from arxivdigest.model import Listing
from arxivdigest.rules.explanation import explain

ENTRY = entry(
    title=r"A $\lambda$-cache for prefilling",
    authors=("Ada Byron", "Bo Li"),
    categories=("cs.DC", "cs.LG"),
    abstract="We survey nothing.",
)
OLD = entry(
    *("math/0601001", "replace"),
    version=None,
    title="Old \x1b[31mred\u202e",
    authors=(),
    primary_category="math.GT",
    abstract="",
)
LISTING = Listing("page", ("cs.DC",), date(2025, 7, 11), (ENTRY, OLD))


def explained(rules: str = "", arxiv_id: str = ENTRY.arxiv_id) -> list[str]:
    return explain(arxiv_id, LISTING, read(rules, "config.toml").rule_set()).splitlines()


def test_an_entry_is_explained_rule_by_rule_and_condition_by_condition() -> None:
    rules = """
[[rules]]
name = "Serving"
any = ["prefill*", "decoding"]
none = ["survey"]
weight = 3
[[rules]]
name = "Everything asked"
all = ["cache", "decoding"]
authors = ["A. Byron"]
subjects = ["cs.L*"]
announce = ["new"]
[[rules]]
name = "Li"
authors = ["Li"]
[[rules]]
name = "Not for me"
any = ["/block(chain)?/"]
subjects = ["math"]
primary = true
exclude = true
"""
    assert explained(rules) == [
        "2507.00001  A λ-cache for prefilling",
        "Fri 11 Jul 2025, cs.DC: new; cs.DC, cs.LG",
        "selected, with score 1",
        "",
        "Serving (weight 3): does not hold",
        '  yes  any of "prefill*", "decoding": found "prefilling" in the title',
        '  no   none of "survey": found "survey"',
        "",
        "Everything asked (weight 1): does not hold",
        '  no   all of "cache", "decoding": did not find "decoding"',
        "  yes  authors: A. Byron: found Ada Byron",
        "  yes  subjects: cs.L*: it has cs.DC, cs.LG",
        "  yes  announce: new: it is new",
        "",
        "Li (weight 1): holds",
        "  yes  authors: Li: found Bo Li",
        "",
        "Not for me (excludes): does not hold",
        "  no   any of /block(chain)?/: found none of them",
        "  no   primary category: math: it has cs.DC",
    ]


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        ("", "selected: no rule asks for entries, and so all are"),
        (
            "[[rules]]\nany = ['blockchain']\nexclude = true",
            "selected: no rule asks for entries, and so all are",
        ),
        ("[[rules]]\nany = ['cache']\nweight = 1.5", "selected, with score 1.5"),
        ("[[rules]]\nany = ['decoding']", "hidden: no rule matches"),
        (
            "output.min_score = 2\n[[rules]]\nany = ['cache']",
            "hidden: its score 1 is below min_score 2",
        ),
        (
            "[[rules]]\nname = 'Not for me'\nany = ['cache']\nexclude = true",
            'hidden: the rule "Not for me" excludes it',
        ),
        (
            "announce = ['cross', 'replace']",
            "hidden: it is announced as new, and only cross and replace are asked for",
        ),
    ],
)
def test_the_outcome_is_said_first(rules: str, outcome: str) -> None:
    assert explained(rules)[2] == outcome


@pytest.mark.parametrize(
    "arxiv_id",
    [
        "2507.00001",
        " 2507.00001v3 ",
        "arXiv:2507.00001",
        "https://arxiv.org/abs/2507.00001v1",
        "http://www.arxiv.org/pdf/2507.00001v1.pdf",
        "arxiv.org/html/2507.00001",
    ],
)
def test_an_id_may_be_an_address_or_have_a_version(arxiv_id: str) -> None:
    assert explained(arxiv_id=arxiv_id)[0] == "2507.00001  A λ-cache for prefilling"


@pytest.mark.parametrize("arxiv_id", ["math/0601001", "MATH/0601001v2"])
def test_an_id_may_be_of_the_time_before_2007(arxiv_id: str) -> None:
    assert explained(arxiv_id=arxiv_id)[1] == "Fri 11 Jul 2025, cs.DC: replace; math.GT"


def test_nothing_of_the_text_steers_the_terminal() -> None:
    assert explained(arxiv_id="math/0601001")[0] == "math/0601001  Old [31mred"


@pytest.mark.parametrize("arxiv_id", ["", "2507", "2507.123456", "KVFlow", "cs.DC", "../etc"])
def test_what_is_no_id_is_wrong_usage(arxiv_id: str) -> None:
    with pytest.raises(UsageError) as raised:
        explained(arxiv_id=arxiv_id)
    assert str(raised.value) == (f'"{arxiv_id}" is no arXiv id, such as 2507.07120 or math/0601001')


def test_an_id_that_the_listing_lacks_is_said() -> None:
    with pytest.raises(ListingError) as raised:
        explained(arxiv_id="2507.99999")
    assert str(raised.value) == "2507.99999 is not among the 2 entries of Fri 11 Jul 2025, cs.DC"


def test_an_id_that_an_incomplete_listing_lacks_may_be_in_what_is_missing() -> None:
    listing = LISTING._replace(problems=("the page is cut off",))
    with pytest.raises(ListingError, match=r"cs\.DC, which is incomplete \(the page is cut off\)$"):
        explain("2507.99999", listing, read("", "config.toml").rule_set())


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('any = ["prefill"]', '"prefill" is not found; "prefilling" is in the title (a * opens'),
        (
            'all = ["cache", "fill*"]',
            '"fill*" is not found; "prefilling" is in the title (a * opens',
        ),
        ('any = ["caches"]', '"caches" is not found; "cache" is in the title (cache* finds both'),
        ('any = ["CACHE"]\ncase = true', '"cache" is in the title (case = true tells them apart)'),
        (
            'any = ["survey"]\nin = ["title"]',
            '"survey" is in the abstract (this rule does not look',
        ),
        ('any = ["cache prefilling"]', "its words stand apart in the title"),
    ],
)
def test_a_near_miss_is_named_with_what_would_find_it(rule: str, said: str) -> None:
    assert said in explained(f"[[rules]]\n{rule}")[-1]


@pytest.mark.parametrize("rule", ['any = ["block"]', 'none = ["cach"]', 'any = ["/x+/"]'])
def test_where_nothing_is_near_nothing_more_is_said(rule: str) -> None:
    assert len(explained(f"[[rules]]\n{rule}")) == 6


def test_where_and_how_a_rule_looks_is_said() -> None:
    (*_, line) = explained('[[rules]]\nnone = ["SAM"]\nin = ["title", "comments"]\ncase = true')
    assert (
        line == '  yes  none of "SAM" in the title or the comments, with case: found none of them'
    )


def test_a_feed_that_has_no_comments_is_said() -> None:
    rules = read('[[rules]]\nnone = ["x"]\nin = ["comments"]', "config.toml").rule_set()
    listing = LISTING._replace(source="feed")
    assert "the feed has no comments" in explain(ENTRY.arxiv_id, listing, rules)
    assert "the feed has no comments" not in explain(ENTRY.arxiv_id, LISTING, rules)


@pytest.mark.parametrize(
    ("count", "formats", "is_said"),
    [(99, ("pdf",), False), (100, ("pdf",), True), (100, (), False)],  # a feed gives no formats
)
def test_a_list_of_authors_that_may_be_cut_is_said(
    count: int,
    formats: tuple[str, ...],
    is_said: bool,  # noqa: FBT001 - expected
) -> None:
    rules = read('[[rules]]\nauthors = ["Lee"]', "config.toml").rule_set()
    authors = tuple(f"Ann Name{number}" for number in range(count))
    entry = ENTRY._replace(authors=authors, formats=formats)
    lines = explain(ENTRY.arxiv_id, LISTING._replace(entries=(entry,)), rules)
    assert ("the page lists the first 100 authors only" in lines) is is_said


@pytest.mark.parametrize("written", ["math.GT/0601001v2", "https://arxiv.org/abs/math/0601001"])
def test_an_entry_may_be_named_in_every_way_that_ids_are_written(written: str) -> None:
    assert explained(arxiv_id=written)[0].startswith("math/0601001  ")


def test_a_replacement_of_what_is_starred_is_explained_so() -> None:
    rules = read("announce = ['new']", "a.toml").rule_set()
    said = explain(OLD.arxiv_id, LISTING, rules, always={OLD.arxiv_id}).splitlines()
    assert said[2].startswith("selected, as it is starred; it would be hidden: it is announced as")
    said = explain(ENTRY.arxiv_id, LISTING, rules, always={ENTRY.arxiv_id}).splitlines()
    assert said[2] == "selected: no rule asks for entries, and so all are"
