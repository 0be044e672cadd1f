"""What is starred, and what replacements changed, in every digest."""

import json
from datetime import date
from pathlib import Path

import pytest
from entries import entry

from arxivdigest import digest
from arxivdigest.changes import changes
from arxivdigest.config import Config, read
from arxivdigest.model import Changes, Digest, Entry, Listing
from arxivdigest.output import json_document, plain, templating, wording

RULES = read('[[rules]]\nname = "Geese"\nany = ["geese"]', "a.toml")
OLD = entry("2507.00001", title="On pelican", version=1, formats=("pdf",))
NEW = entry("2507.00001", "replace", title="On pelicans", version=2, formats=("pdf",))
OTHER = entry("2507.00002", "replace", title="On geese", version=2)
FRESH = entry("2507.00003", title="On fresh geese")


def find(one: Entry, _: date | None) -> Changes | None:
    return changes(OLD, one) if one.arxiv_id == OLD.arxiv_id else None


def build(*entries: Entry, config: Config = RULES, starred: str = "") -> Digest:
    listing = Listing("page", ("cs.DC",), date(2025, 7, 14), entries)
    shelf = digest.Shelf(starred.split(), find)
    return digest.build([listing], config, shelf=shelf)


def shown(made: Digest) -> list[str]:
    return [ruling.entry.arxiv_id for ruling in made.rulings]


def test_a_replacement_of_a_starred_paper_is_always_shown() -> None:
    made = build(FRESH, NEW, OTHER, starred="2507.00001")
    assert shown(made) == ["2507.00003", "2507.00001"]
    assert made.rulings[1].rules == ("starred",)
    assert made.selected == 2


@pytest.mark.parametrize(
    "more",
    [
        '\n[[rules]]\nany = ["pelicans"]\nexclude = true',
        "\n[output]\nmin_score = 5",
        '\n[output]\nsort = "arxiv"',
    ],
)
def test_whatever_the_rules_say(more: str) -> None:
    text = '[[rules]]\nname = "Geese"\nany = ["geese"]' + more
    assert "2507.00001" in shown(build(NEW, config=read(text, "a.toml"), starred="2507.00001"))


def test_unless_the_configuration_says_otherwise() -> None:
    config = read("[output]\nstarred_replacements = false", "a.toml")
    assert shown(build(NEW, config=config, starred="2507.00001")) == []


def test_a_star_alone_selects_nothing_new() -> None:
    made = build(entry("2507.00004"), FRESH, starred="2507.00003 2507.00004")
    assert shown(made) == ["2507.00003"]
    assert made.rulings[0].starred
    assert made.rulings[0].rules == ("Geese",)


def test_the_listings_order_is_kept() -> None:
    config = read('announce = ["replace"]\n[output]\nsort = "arxiv"', "a.toml")
    made = build(NEW, OTHER, config=config, starred="2507.00002 2507.00001")
    assert shown(made) == ["2507.00001", "2507.00002"]


@pytest.mark.parametrize("name", ["markdown", "text", "html", "atom"])
def test_every_output_marks_it_and_says_what_changed(name: str) -> None:
    words = wording.words(build(NEW, starred="2507.00001"))
    document = templating.render(words, name, Path("nowhere"))
    assert "★ On " in document
    assert "since v1:" in document
    parts = {
        "markdown": "title: On ~~pelican~~ **pelicans**",
        "text": "title: On [-pelican-] {+pelicans+}",
        "html": "title: On <del>pelican</del> <ins>pelicans</ins>",
        "atom": "title: On &lt;del&gt;pelican&lt;/del&gt; &lt;ins&gt;pelicans&lt;/ins&gt;",
    }
    assert parts[name] in document


def test_the_message_says_it_too() -> None:
    words = wording.words(build(NEW, starred="2507.00001"))
    text, html = templating.render_message(words, Path("nowhere"))
    assert "★ On pelicans" in text
    assert "<del>pelican</del> <ins>pelicans</ins>" in html


def test_json_says_it_in_its_own_words() -> None:
    [found] = json.loads(json_document.render(build(NEW, starred="2507.00001")))["entries"]
    assert found["starred"] is True
    assert found["changes"]["since"] == 1
    assert found["changes"]["title"][1] == {"text": "pelican", "kind": "removed"}
    [line] = json_document.lines(build(NEW, starred="2507.00001")).splitlines()
    assert json.loads(line) == {**found, "announced": "2025-07-14"}


def test_the_columns_in_a_pipe_are_as_they_were() -> None:
    line = plain.render(build(NEW, starred="2507.00001"))
    assert line.split("\t")[4] == "On pelicans"
    assert line.split("\t")[6] == "starred"


def test_of_an_unknown_version_nothing_is_guessed() -> None:
    config = read('announce = ["replace"]', "a.toml")
    [found] = wording.words(build(OTHER, config=config)).sections[0].entries
    assert found.changes[0][0].text == "no earlier version stored"


def test_what_is_no_replacement_has_no_such_line() -> None:
    [found] = wording.words(build(FRESH)).sections[0].entries
    assert found.changes == ()
