"""A rule on comments is never void: pages are read for it, as no feed has any."""

from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv, Paper
from mornings import NOON, TUESDAY
from ran import Digest, Ran

FEED = Path(__file__).parents[1] / "listings" / "feed.rss"
ACCEPTED = """
[[rules]]
name = "Accepted"
any = ["accepted"]
in = ["comments"]
"""


class Today:
    """`digest today` with rules, from an arXiv of three papers, of which one was accepted."""

    def __init__(self, folder: Path, digest: Digest, arxiv: FakeArxiv) -> None:
        arxiv.publish(
            TUESDAY,
            Paper("2605.10001", "cs.DC", comments="Accepted at ICML"),
            Paper("2605.10002", "cs.DC", comments="12 pages"),
            Paper("2605.10003", "cs.DC"),
        )
        self._file = folder / "c.toml"
        self._digest, self._arxiv = digest, arxiv

    def __call__(self, rules: str, *options: str | Path, source: str = "auto") -> Ran:
        self._file.write_text(
            f"subjects = ['cs.DC']\n{rules}\n[fetch]\nsource = '{source}'\n"
            f"site = '{self._arxiv.url}'\nfeeds = '{self._arxiv.url}'\ndelay = 0\n"
        )
        return self._digest("today", "-c", self._file, *options, at=NOON)

    @property
    def asked(self) -> set[str]:
        """Which kinds of address arXiv was asked for: rss, list."""
        return {one.split("/")[1] for one in self._arxiv.asked}


@pytest.fixture
def today(tmp_path: Path, digest: Digest, arxiv: FakeArxiv) -> Today:
    return Today(tmp_path, digest, arxiv)


@pytest.mark.parametrize("source", ["auto", "feed", "page"])
def test_pages_are_read_for_a_rule_on_comments(today: Today, source: str) -> None:
    ran = today(ACCEPTED, source=source)
    assert (ran.code, [line[:10] for line in ran.out.splitlines()]) == (0, ["2605.10001"])
    assert today.asked == {"list"}


def test_what_comments_rule_out_is_ruled_out(today: Today) -> None:
    ran = today('[[rules]]\nany = ["pelicans"]\nnone = ["accepted"]\nin = ["title", "comments"]')
    assert [line[:10] for line in ran.out.splitlines()] == ["2605.10002", "2605.10003"]


def test_a_feed_read_before_is_not_enough(today: Today) -> None:
    today('[[rules]]\nany = ["pelicans"]')
    assert today.asked == {"rss"}
    ran = today(ACCEPTED)
    assert [line[:10] for line in ran.out.splitlines()] == ["2605.10001"]


def test_the_option_source_feed_refuses_in_one_line(today: Today) -> None:
    ran = today(ACCEPTED, "--source", "feed")
    assert (ran.code, ran.out) == (2, "")
    said = 'digest: --source feed does not go with the rule "Accepted": it looks at comments, and'
    assert ran.errors == [f"{said} a feed has none"]


def test_of_a_saved_feed_it_is_said_that_it_has_none(today: Today) -> None:
    ran = today(ACCEPTED, "--from", FEED)
    assert "the feed has no comments, which a rule looks at" in ran.err


def test_rules_on_other_fields_read_the_feed_as_ever(today: Today) -> None:
    ran = today('[[rules]]\nauthors = ["Ann Lee"]')
    assert "comments" not in ran.err
    assert today.asked == {"rss"}
