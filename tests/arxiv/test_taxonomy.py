import re

import pytest

from arxivdigest.arxiv import taxonomy


@pytest.mark.parametrize(
    ("pattern", "category"),
    [
        ("cs.DC", "cs.DC"),
        ("cs.dc", "cs.DC"),
        ("cs", "cs.DC"),
        ("cs.*", "cs.DC"),
        ("cs.D*", "cs.DC"),
        ("math.O*", "math.OC"),
        ("*", "hep-th"),
        ("math.MP", "math-ph"),
        ("math-ph", "math.MP"),
        ("math", "math-ph"),
        ("cs.SY", "eess.SY"),
        ("eess.SY", "cs.SY"),
        ("stat.TH", "math.ST"),
        ("astro-ph", "astro-ph.GA"),
    ],
)
def test_a_subject_covers_a_category(pattern: str, category: str) -> None:
    assert taxonomy.covers(pattern, category)


@pytest.mark.parametrize(
    ("pattern", "category"),
    [("cs.DC", "cs.DB"), ("cs.D", "cs.DC"), ("c", "cs.DC"), ("cs", "math.OC"), ("csxDC", "cs.DC")],
)
def test_a_subject_does_not_cover_a_category(pattern: str, category: str) -> None:
    assert not taxonomy.covers(pattern, category)


@pytest.mark.parametrize(("label", "found"), [("CS.dc", "cs.DC"), (" math ", "math")])
def test_a_subject_is_known_whatever_its_case(label: str, found: str) -> None:
    assert taxonomy.subject(label) == found


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("cs.LGG", "did you mean cs.LG?"),
        ("cmp-lg", "is closed; its papers are in cs.CL"),
        ("!!", "see: digest categories"),
    ],
)
def test_an_unknown_subject_is_an_error_that_helps(label: str, said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)):
        taxonomy.subject(label)


@pytest.mark.parametrize(
    ("name", "subjects"),
    [
        ("Machine Learning", ("cs.LG", "stat.ML")),
        ("Quantum Physics", ("quant-ph",)),
        ("Mathematics", ("math",)),
        ("Systems and Control", ("eess.SY",)),
        ("Cakes", ()),
    ],
)
def test_a_full_name_gives_its_subjects(name: str, subjects: tuple[str, ...]) -> None:
    assert taxonomy.named(name) == subjects


def test_categories_are_found_by_all_words() -> None:
    found = {known.id for known in taxonomy.search("machine learning")}
    assert found == {"cs.LG", "stat.ML"}


def test_every_alias_is_listed_under_a_category() -> None:
    aliases = [known for known in taxonomy.CATEGORIES.values() if known.alias_of]
    assert len(aliases) == 6
    assert all(known.alias_of in taxonomy.CATEGORIES for known in aliases)
    assert all(known.archive in taxonomy.ARCHIVES for known in taxonomy.CATEGORIES.values())
