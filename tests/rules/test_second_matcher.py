"""Generated rules over all real listings: two matchers that share no code must agree.

`ARXIVDIGEST_RULES=50000 pytest tests/rules/test_second_matcher.py` tries as many, and others with
another `ARXIVDIGEST_RULES_SEED`.
"""

import os
import random
from pathlib import Path
from typing import Any

import pytest
import second_matcher

from arxivdigest import config
from arxivdigest.arxiv import listings as reading
from arxivdigest.config import toml
from arxivdigest.errors import ConfigError, DigestError
from arxivdigest.model import AnnounceType, Entry
from arxivdigest.store.packing import author_names, searched_texts

OWN = Path(__file__).parents[1] / "listings"
RULES = int(os.environ.get("ARXIVDIGEST_RULES", "3000"))
SEED = int(os.environ.get("ARXIVDIGEST_RULES_SEED", "12"))
IN_A_SET, ENTRIES = 10, 15
FIELDS = ["title", "abstract", "comments", "authors", "journal_ref"]


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    """Real entries without TeX, of feeds and pages of many subjects."""
    shared = Path(__file__).parents[2].parent / "shared" / "listings"
    folder = Path(os.environ.get("ARXIVDIGEST_LISTINGS", shared))
    found: dict[str, Entry] = {}
    paths = [*folder.rglob("*.rss"), *folder.rglob("*.html"), *OWN.rglob("*.rss")]
    for path in sorted(path for path in paths if path.is_file()):
        try:
            listing = reading.parse(path.read_bytes())
        except DigestError:  # some are there because they are damaged
            continue
        found |= {one.arxiv_id: one for one in listing.entries if not has_tex(one)}
    return list(found.values())


def has_tex(entry: Entry) -> bool:
    texts = (entry.title, entry.abstract, entry.comments, entry.journal_ref, *entry.authors)
    return any(second_matcher.TEX.search(text or "") for text in texts)


class Rules:
    """Makes up rules of what stands in real entries."""

    def __init__(self, chance: random.Random, entries: list[Entry]) -> None:
        self._chance = chance
        self._entries = entries

    def keyword(self) -> str:
        """Some words of an entry, as a person may write them."""
        words: list[str] = []
        while not words:
            entry = self._chance.choice(self._entries)
            words = self._chance.choice((entry.title, entry.abstract)).split()
        begin = self._chance.randrange(len(words))
        text = " ".join(words[begin : begin + self._chance.randint(1, 3)])
        text = "".join(one for one in text if one.isalnum() or one in " -+#").strip(" -")
        kind = self._chance.random()
        if kind < 0.1:
            text = text.upper()
        elif kind < 0.2:
            text = text.replace(" ", "-")
        elif kind < 0.4:
            text = f"{text[: max(len(text) - 2, 3)].strip(' -')}*"
        elif kind < 0.5:
            text = f"*{text[1:].strip(' -')}"
        elif kind < 0.6 and text.isascii() and text.replace(" ", "").isalnum():
            text = self._chance.choice((rf"/\b{text}/", f"/{text}s?/", f"/{text}|zzz/"))
        return text

    def author(self) -> str:
        """An author of an entry, as one may write the name."""
        while True:
            authors = self._chance.choice(self._entries).authors
            words = self._chance.choice(authors).split() if authors else []
            if len(words) == 2 and all(word.isalpha() and len(word) > 3 for word in words):
                given, family = words
                return self._chance.choice((family, f"{given[0]}. {family}", f"{given} {family}"))

    def rule(self, number: int) -> dict[str, Any]:
        """A rule with some of all conditions."""
        chance, made = self._chance, {"name": f"r{number}"}
        rule: dict[str, Any] = made
        for key, share, count in (("any", 0.8, 6), ("all", 0.15, 2), ("none", 0.2, 3)):
            if chance.random() < share:
                rule[key] = [self.keyword() for _ in range(chance.randint(1, count))]
        if rule.keys() & {"any", "all", "none"}:
            if chance.random() < 0.2:
                rule["in"] = chance.sample(FIELDS, chance.randint(1, 3))
            rule["case"] = chance.random() < 0.1
        if chance.random() < 0.15 or len(rule) == 1:
            rule["authors"] = [self.author() for _ in range(chance.randint(1, 4))]
        if chance.random() < 0.15:
            rule["subjects"] = [chance.choice(("cs", "cs.LG", "cs.*", "math", "hep-*", "quant-ph"))]
            rule["primary"] = chance.random() < 0.3
        if chance.random() < 0.1:
            rule["announce"] = chance.sample([one.value for one in AnnounceType], 2)
        rule["weight"] = chance.choice((1, 2, 0.1, 0.7, -1, 3))
        rule["exclude"] = chance.random() < 0.1
        return rule


def test_two_matchers_agree_on_every_rule_and_entry(entries: list[Entry]) -> None:
    chance = random.Random(SEED)  # noqa: S311 - it keeps no secret
    rules = Rules(chance, entries)
    different = []
    tried = asked_for = 0
    while tried < RULES:
        made = [rules.rule(number) for number in range(IN_A_SET)]
        min_score = chance.choice((0, 0.8, 2))
        written = toml.dump(
            {
                "announce": [one.value for one in AnnounceType],
                "output": {"min_score": min_score},
                "rules": made,
            }
        )
        try:
            rule_set = config.read(written, "made.toml").rule_set()
        except ConfigError:  # some words are no keywords, or rule out what is asked for
            continue
        tried += IN_A_SET
        some = chance.sample(entries, ENTRIES)
        every, asked = (
            rule_set.rulings(some, searched_texts(some), author_names(some), show_all=show_all)
            for show_all in (True, False)
        )
        # Those that no rule can ask for need not be looked at, and nothing else is missed.
        selected, looked_at = (
            [(one.entry, one.rules, one.score) for one in rulings if one.selected]
            for rulings in (every, asked)
        )
        assert looked_at == selected
        for ruling in every:
            expected = second_matcher.judged(made, min_score, ruling.entry)
            asked_for += bool(expected[0])
            if (ruling.rules, ruling.score, ruling.selected) != expected:
                different.append((written, ruling.entry, ruling.rules, expected))
    assert asked_for > tried / IN_A_SET  # or else they agree on nothing
    assert different == []
