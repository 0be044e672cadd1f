"""Rules that ask for replacements by what the paper says of itself."""

import pytest
from entries import entry

from arxivdigest.config import read
from arxivdigest.errors import ConfigError
from arxivdigest.model import Entry

ACCEPTED = entry(announce_type="replace", version=2, comments="Accepted at VLDB")
WITHDRAWN = entry(announce_type="replace", version=2, comments="Withdrawn")
NEW = entry(comments="Accepted at VLDB")
PLAIN = entry(announce_type="replace", version=2, comments="12 pages")


def selects(kinds: str, one: Entry) -> bool:
    text = f'announce = ["new", "replace"]\n[[rules]]\nname = "Out"\nannounce = [{kinds}]'
    return read(text, "a.toml").rule_set().rule(one).selected


@pytest.mark.parametrize(
    ("kinds", "one", "is_selected"),
    [
        ('"accepted"', ACCEPTED, True),
        ('"accepted"', WITHDRAWN, False),
        ('"accepted"', NEW, False),
        ('"accepted"', PLAIN, False),
        ('"accepted"', PLAIN._replace(journal_ref="VLDB 2026"), True),
        ('"withdrawn"', WITHDRAWN, True),
        ('"withdrawn"', ACCEPTED, False),
        ('"accepted", "withdrawn"', WITHDRAWN, True),
        ('"new", "accepted"', NEW, True),
        ('"new", "accepted"', ACCEPTED, True),
    ],
)
def test_a_rule_may_ask_for_what_was_accepted_or_withdrawn(
    kinds: str, one: Entry, *, is_selected: bool
) -> None:
    assert selects(kinds, one) is is_selected


def test_why_says_so() -> None:
    text = 'announce = ["replace"]\n[[rules]]\nannounce = ["accepted", "withdrawn"]'
    [(_, [finding])] = read(text, "a.toml").rule_set().explain(ACCEPTED)
    assert finding == ("announce: accepted, withdrawn", True, "it is replace and accepted")


def test_another_word_is_refused() -> None:
    with pytest.raises(ConfigError, match="accepted"):
        read('[[rules]]\nannounce = ["accpted"]', "a.toml")
