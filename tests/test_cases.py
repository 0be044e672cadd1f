"""The cases beside the real listings: what is found, read, one person, or a mistake, row by row."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.sax.saxutils import escape

import pytest

from arxivdigest import config
from arxivdigest.arxiv import listings as reading
from arxivdigest.config.advice import advice
from arxivdigest.errors import ConfigError
from arxivdigest.model import Entry
from arxivdigest.rules import Rule, RuleSet
from arxivdigest.rules.conditions import AnyKeyword, Authors
from arxivdigest.rules.keywords import keyword
from arxivdigest.text.readable import readable

LINE_BREAK = " ¶ "


class Row(NamedTuple):
    line: int
    cells: Mapping[str, str]


@pytest.fixture(scope="module")
def cases(listings: Path) -> Path:
    folder = listings.parent / "cases"
    if not folder.is_dir():
        pytest.skip("the cases are not beside the real listings")
    return folder


def rows(path: Path) -> Iterator[Row]:
    header: list[str] | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line and not line.startswith("# "):
            if header is None:
                header = line.split("\t")
            else:
                yield Row(number, dict(zip(header, line.split("\t"), strict=True)))


def entries(table: list[Row], cell: str, element: str) -> list[Entry]:
    """What the feed's reader makes of these titles or authors, each of an entry of its own."""
    items = "".join(
        f"""<item><title>{escape(row.cells[cell] if element == "title" else "On pelicans")}</title>
        <description>arXiv:2605.{number:05}v1 Announce Type: new \nAbstract: Of birds.</description>
        <guid isPermaLink="false">oai:arXiv.org:2605.{number:05}v1</guid><category>cs.LG</category>
        <arxiv:announce_type>new</arxiv:announce_type>
        <dc:creator>{escape(row.cells[cell] if element == "authors" else "A. Lee")}</dc:creator>
        </item>"""
        for number, row in enumerate(table, 1)
    )
    feed = f"""<?xml version='1.0' encoding='UTF-8'?>
        <rss xmlns:arxiv="http://arxiv.org/schemas/atom" version="2.0"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>
        <title>cs.LG updates on arXiv.org</title>
        <pubDate>Tue, 05 May 2026 00:00:00 -0400</pubDate>{items}</channel></rss>"""
    return list(reading.parse(feed.strip().encode()).entries)


def test_every_keyword_finds_what_it_should_and_nothing_else(cases: Path) -> None:
    table = list(rows(cases / "keywords.tsv"))
    wrong = []
    for row, one in zip(table, entries(table, "text", "title"), strict=True):
        rule = Rule("x", (AnyKeyword((keyword(row.cells["keyword"]),), ("title",)),))
        found = "yes" if RuleSet((rule,)).rule(one).selected else "no"
        if found != row.cells["found"]:
            wrong.append(row)
    assert table
    assert wrong == []


def test_every_name_is_the_person_that_is_meant_and_nobody_else(cases: Path) -> None:
    table = list(rows(cases / "names.tsv"))
    wrong = []
    for row, one in zip(table, entries(table, "author", "authors"), strict=True):
        rule = Rule("x", (Authors((row.cells["wanted"],)),))
        same = "yes" if RuleSet((rule,)).rule(one).selected else "no"
        if same != row.cells["same"]:
            wrong.append(row)
    assert table
    assert wrong == []


def outcome(content: str) -> tuple[str, str]:
    """Whether `config check` refuses a rule, warns of it or finds it fine; and what it says."""
    lines = content.replace(LINE_BREAK, "\n")
    text = f'subjects = ["cs.LG"]\n[[rules]]\nname = "row"\n{lines}\n'
    try:
        read = config.read(text, "c.toml")
    except ConfigError as error:
        return "refused", " ".join(error.complaints)
    odd, to_mend = advice(read)
    if to_mend:
        return "refused", " ".join(said for _, said in to_mend)
    return ("warned" if odd else "fine"), " ".join(said for _, said in odd)


def test_every_mistake_is_met_with_what_to_write_instead(cases: Path) -> None:
    table = list(rows(cases / "mistakes.tsv"))
    wrong = []
    for row in table:
        came, said = outcome(row.cells["toml"])
        hints = re.findall(r'"([^"]+)"', row.cells["hint"]) if came != "fine" else []
        is_said = not hints or any(hint.lower() in said.lower() for hint in hints)
        if came != row.cells["outcome"] or not is_said:
            wrong.append((row, came, said))
    assert table
    assert wrong == []


_NARROW = re.compile(r" ?([=<>≤≥≠≈∼≃≅≡≪≫≲≳→←↔↦⇒⟹∈∉⊂⊆∪∩±×·⊗⊕∝]) ?")


def alike(text: str) -> str:
    """The text with kinds of blanks, minus signs and suns as one, no blanks around operators."""
    text = unicodedata.normalize("NFC", text)
    text = re.sub(r"[\t\u00a0\u2000-\u200a\u202f]", " ", text).replace("−", "-").replace("☉", "⊙")
    return _NARROW.sub(r"\1", text).strip()


def test_every_text_reads_as_a_person_would_read_it(cases: Path) -> None:
    table = list(rows(cases / "readable.tsv"))
    wrong = []
    for row, one in zip(table, entries(table, "raw", "title"), strict=True):
        if alike(readable(one.title)) != alike(row.cells["readable"]):
            wrong.append((row, readable(one.title)))
    assert table
    assert wrong == []
