import pytest

from arxivdigest.text.counts import counted, plural


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (2048, "2,048 entries")],
)
def test_a_count_goes_with_its_word(count: int, words: str) -> None:
    assert counted(count, "entry", "entries") == words


def test_most_words_only_gain_an_s() -> None:
    assert (plural(1, "rule"), plural(2, "rule")) == ("rule", "rules")
