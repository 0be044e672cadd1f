"""Subjects that are meant by what people write."""

import pytest

from arxivdigest.arxiv import taxonomy
from arxivdigest.arxiv.meant import meant


@pytest.mark.parametrize(
    ("written", "likely"),
    [
        ("machine learning", ["cs.LG", "stat.ML"]),
        ("Computer Science", ["cs"]),
        ("quantum physics", ["quant-ph"]),
        ("Systems and Control", ["eess.SY"]),
        ("AI", ["cs.AI"]),
        ("ml", ["stat.ML"]),
        ("NA", ["math.NA"]),
        ("math.*", ["math"]),
        ("csDC", ["cs.DC"]),
        ("cs_lg", ["cs.LG"]),
        ("cond mat", ["cond-mat"]),
        ("cs.DCX", ["cs.DC"]),
        ("quan-ph", ["quant-ph"]),
        ("q-alg", ["math.QA"]),
        ("robotics (cs.RO)", ["cs.RO"]),
        ("cs.LG/stat.ML", ["cs.LG", "stat.ML"]),
        ("machine learning and AI", ["cs.LG", "stat.ML", "cs.AI"]),
        ("security & privacy", ["cs.CR"]),
        ("robots", ["cs.RO"]),
        ("machin learning", ["cs.LG", "stat.ML"]),
        ("number theory", ["math.NT"]),
        ("biology", ["q-bio"]),
        ("deep learning", ["cs.LG", "stat.ML"]),
        ("LLM", []),
        ("数学", []),
        ("", []),
    ],
)
def test_what_is_no_label_is_understood(written: str, likely: list[str]) -> None:
    assert meant(written) == likely


def test_what_begins_with_the_word_is_likeliest() -> None:
    assert meant("quantum")[0] == "quant-ph"
    assert meant("finance") == ["q-fin", "cs.CE"]


@pytest.mark.parametrize(
    "written", ["and", "a", "theory", "analysis", "x and y" * 5000, "é" * 9999]
)
def test_never_more_than_a_few_and_all_of_them_subjects(written: str) -> None:
    likely = meant(written)
    assert len(likely) <= 5
    assert [taxonomy.subject(one) for one in likely] == likely
