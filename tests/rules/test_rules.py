from itertools import product

import pytest
from entries import entry

from arxivdigest import config
from arxivdigest.model import Entry, Match, Ruling
from arxivdigest.rules import RuleSet, rule_on_the_spot
from arxivdigest.store.packing import searched_texts

ENTRY = entry(
    title=r"The M$^2$-MFP \emph{KV cache}",
    authors=("Ramachandran Ramjee", "Jörg Müller"),
    categories=("cs.DC", "math-ph", "eess.SY"),
    abstract="Scheduling in batch.\nA survey of prefilling and SAM.",
    comments="Accepted at SOSP",
    journal_ref="J. Caches 1",
)


def rules(text: str) -> RuleSet:
    return config.read(text, "config.toml").rule_set()


def ruling(rule: str, entry: Entry = ENTRY) -> Ruling:
    return rules(f"[[rules]]\n{rule}").rule(entry)


@pytest.mark.parametrize(
    ("rule", "held"),
    [
        ('any = ["cake", "KV cache"]', True),
        ('any = ["cake"]', False),
        ('all = ["scheduling", "batch"]', True),
        ('all = ["scheduling", "cake"]', False),
        ('all = ["scheduling", "KV cache"]', True),
        ('any = ["batch"]\nnone = ["cake"]', True),
        ('any = ["batch"]\nnone = ["survey"]', False),
        ('any = ["batch"]\nin = ["title"]', False),
        ('any = ["SOSP"]', False),
        ('any = ["SOSP"]\nin = ["comments"]', True),
        ('any = ["Muller"]\nin = ["authors"]', True),
        ('any = ["caches"]\nin = ["journal_ref"]', True),
        ('any = ["sam"]', True),
        ('any = ["sam"]\ncase = true', False),
        ('any = ["SAM"]\ncase = true', True),
        ('authors = ["R. Ramjee"]', True),
        ('authors = ["Ramachandran"]', False),
        ('subjects = ["cs.DC"]', True),
        ('subjects = ["cs.D*"]', True),
        ('subjects = ["math.MP"]', True),
        ('subjects = ["cs.SY"]', True),
        ('subjects = ["eess"]', True),
        ('subjects = ["cs.LG"]', False),
        ('subjects = ["math-ph"]\nprimary = true', False),
        ('subjects = ["cs"]\nprimary = true', True),
        ('announce = ["new"]', True),
        ('announce = ["cross"]', False),
        ('any = ["prefill*"]\nauthors = ["Muller"]\nsubjects = ["cs.*"]', True),
        ('any = ["prefill*"]\nauthors = ["Muller"]\nsubjects = ["hep-th"]', False),
    ],
)
def test_a_rule_holds_where_all_its_conditions_do(rule: str, held: bool) -> None:  # noqa: FBT001 - expected
    assert ruling(rule).selected is held


ASKING = (
    'any = ["batch"]',
    'none = ["batch"]',
    'any = ["cake"]\nin = ["comments"]',
    'authors = ["Muller"]',
    'authors = ["Lee"]\nnone = ["batch"]',
    'subjects = ["cs.DC"]',
    'any = ["cake"]\nauthors = ["Lee"]',
    'any = ["cake"]\nexclude = true',
    'authors = ["Lee"]\nexclude = true',
)


@pytest.mark.parametrize("asked", [*product(ASKING, repeat=2)])
def test_whatever_a_rule_selects_is_among_those_looked_at(asked: tuple[str, str]) -> None:
    texts = ("On cake", "A batch", "Of terns")
    entries = [
        entry(title=title, authors=authors, comments=comments, categories=(category,))
        for title, authors, comments, category in product(
            texts, (("Bo Lee",), ("Jo Muller", "Al Day")), (None, "cake"), ("cs.DC", "math.CO")
        )
    ]
    rule_set = rules("".join(f'[[rules]]\nname = "{at}"\n{one}\n' for at, one in enumerate(asked)))
    names = [one.authors for one in entries]
    found = rule_set.rulings(entries, searched_texts(entries), names, show_all=False)
    selected, expected = (
        [(one.entry, one.rules, one.score, one.matches) for one in several if one.selected]
        for several in (found, map(rule_set.rule, entries))
    )
    assert selected == expected


@pytest.mark.parametrize(
    ("text", "score", "hidden_because"),
    [
        ("", 0, None),
        ('[[rules]]\nany = ["batch"]', 1, None),
        ('[[rules]]\nany = ["batch"]\nweight = 3\n[[rules]]\nany = ["survey"]', 4, None),
        ('[[rules]]\nany = ["cake"]', 0, "no rule matches"),
        ('[[rules]]\nname = "x"\nany = ["batch"]\nexclude = true', 0, 'the rule "x" excludes it'),
        ('[[rules]]\nany = ["cake"]\nexclude = true', 0, None),
        (
            '[output]\nmin_score = 2\n[[rules]]\nany = ["batch"]',
            1,
            "its score 1 is below min_score 2",
        ),
        ("[output]\nmin_score = 2", 0, None),
        (
            (
                "output.min_score = 0.8\n[[rules]]\nany = ['batch']\nweight = 0.1\n"
                "[[rules]]\nany = ['SAM']\nweight = 0.7"
            ),
            0.8,
            None,
        ),
        (
            'announce = ["cross", "replace"]',
            0,
            "it is announced as new, and only cross and replace are asked for",
        ),
    ],
)
def test_an_entry_is_selected_or_hidden_for_a_reason(
    text: str, score: float, hidden_because: str | None
) -> None:
    found = rules(text).rule(ENTRY)
    assert (found.score, found.hidden_because) == (score, hidden_because)


@pytest.mark.parametrize(
    ("keyword", "field", "hit"),
    [
        ("M2-MFP", "title", "M$^2$-MFP"),
        ("KV cache", "title", "KV cache"),
        ("prefill*", "abstract", "prefilling"),
    ],
)
def test_a_match_is_the_text_as_written_and_its_place(keyword: str, field: str, hit: str) -> None:
    found = RuleSet((rule_on_the_spot(keyword),)).rule(ENTRY)
    begin = getattr(ENTRY, field).index(hit)
    spans = ((begin, begin + len(hit)),)
    assert found.matches == (Match(keyword, field, keyword, hit, spans),)


def test_all_hits_in_a_field_are_spans_of_one_match() -> None:
    entry = ENTRY._replace(title="Cache of Müller, cache")
    (match,) = RuleSet((rule_on_the_spot("cache"),)).rule(entry).matches
    assert (match.text, match.spans) == ("Cache", ((0, 5), (17, 22)))


def test_authors_and_subjects_say_what_they_hit() -> None:
    found = ruling('name = "x"\nauthors = ["Muller"]\nsubjects = ["math.MP"]')
    assert found.matches == (
        Match("x", "authors", "Muller", "Jörg Müller"),
        Match("x", "categories", "math.MP", "math-ph"),
    )


def test_every_condition_is_explained() -> None:
    explained = rules(
        '[[rules]]\nname = "x"\nany = ["batch"]\nnone = ["survey"]\nauthors = ["Li"]'
    ).explain(ENTRY)
    ((rule, findings),) = explained
    assert rule.name == "x"
    assert [(one.held, one.detail) for one in findings] == [
        (True, 'found "batch" in the abstract'),
        (False, 'found "survey"'),
        (False, "found none of them"),
    ]


def test_matches_are_looked_for_once() -> None:
    found = RuleSet((rule_on_the_spot("KV cache"),)).rule(ENTRY)
    assert found.matches is found.matches
