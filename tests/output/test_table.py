import re
from itertools import pairwise
from typing import Any

import pytest
from entries import entry

from arxivdigest import config, digest
from arxivdigest.model import Entry, Listing
from arxivdigest.output import table, wording
from arxivdigest.output.terminal import HIT, Line
from arxivdigest.text import width

RULES = """
[[rules]]
name = "Caches"
any = ["KV cache", "prefill*"]
weight = 3
[[rules]]
name = "People"
authors = ["Ada Lovelace"]
"""


def lines(
    *entries: Entry, columns: int = 100, abstracts: bool = False, show_all: bool = False
) -> list[Line]:
    listing = Listing("page", ("cs.DC",), None, entries)
    made = digest.build([listing], config.read(RULES, "config.toml"), show_all=show_all)
    words = wording.words(made, abstracts=abstracts, most_authors=table.MOST_AUTHORS)
    return list(table.table(words, columns))


def text(line: Line) -> str:
    return "".join(run.text for run in line).rstrip()


def shown(*entries: Entry, **options: Any) -> list[str]:  # noqa: ANN401 - those of lines
    return [text(line) for line in lines(*entries, **options)]


PEOPLE = tuple(f"Author Number{number}" for number in range(1, 9))
ONE = entry("2507.00001", title="A KV cache for all", authors=(*PEOPLE, "Ada Lovelace"))
TWO = entry("2507.00002", title="A prefill", authors=("Béla Żółw",))


def test_the_score_stands_before_the_reasons_where_it_differs() -> None:
    made = shown(ONE, TWO)
    assert [line[71:] for line in made[3:5]] == ["4 Caches: KV cache", "  People: Ada Lovelace"]
    assert any(line.endswith("3 Caches: prefill") for line in made)
    assert not any(re.search(r"\d Caches", line) for line in shown(TWO))


def test_those_who_are_left_out_are_counted_in_short() -> None:
    assert any(line.endswith("Author Number3, Ada Lovelace +5") for line in shown(ONE, columns=80))


@pytest.mark.parametrize("columns", range(36, 150, 3))
def test_no_name_and_no_hit_is_parted(columns: int) -> None:
    made = shown(ONE, TWO, columns=columns)
    for kept in (*(f"Author Number{number}" for number in (1, 2, 3)), "Ada Lovelace +5"):
        assert any(kept in line for line in made), kept
    for kept in ("KV cache", "Ada Lovelace"):  # the reasons
        assert sum(kept in line for line in made) >= 2 or any(line.count(kept) > 1 for line in made)


@pytest.mark.parametrize(("columns", "is_beside"), [(80, 0), (88, 1), (139, 1), (140, 0)])
def test_the_reason_stands_beside_the_title_where_there_is_room_but_not_too_much(
    columns: int, is_beside: int
) -> None:
    title = next(line for line in shown(ONE, columns=columns) if "for all" in line)
    assert title.endswith("Caches: KV cache") == bool(is_beside)


@pytest.mark.parametrize("columns", [140, 200, 500])
def test_text_is_never_too_wide_to_read(columns: int) -> None:
    long = ONE._replace(title="KV cache " * 60, abstract="so long " * 100)
    assert max(map(width, shown(long, columns=columns, abstracts=True))) == 96


@pytest.mark.parametrize(
    "script", ["बड़े भाषा मॉडल के लिए तेज़ और विश्वसनीय ", "ภาษาขนาดใหญ่สำหรับ", "数学"]
)
@pytest.mark.parametrize("columns", [20, 40, 60, 100])
def test_titles_in_all_scripts_keep_within_the_terminal(script: str, columns: int) -> None:
    made = shown(ONE._replace(title=f"KV cache {script * 12}"), columns=columns)
    assert max(map(width, made)) <= columns


def test_an_entry_leads_to_its_page_and_its_id_to_its_pdf() -> None:
    links = {run.link: run.text for line in lines(ONE) for run in line if run.link}
    assert set(links) == {"https://arxiv.org/abs/2507.00001", "https://arxiv.org/pdf/2507.00001"}
    assert links["https://arxiv.org/pdf/2507.00001"] == "2507.00001"


def test_an_abstract_has_a_line_of_air_before_it() -> None:
    made = shown(ONE._replace(abstract="An abstract."), abstracts=True)
    at = made.index("    An abstract.")
    assert made[at - 1] == ""
    assert made[at - 2]
    two = shown(ONE._replace(abstract="One.\nTwo."), abstracts=True)
    assert two[-4:-1] == ["    One.", "", "    Two."]


def test_only_hits_are_coloured() -> None:
    looks = {
        run.look for line in lines(ONE, TWO, entry("2507.00003"), show_all=True) for run in line
    }
    assert looks <= {"", "bold", "dim", HIT}
    hidden = [run for line in lines(entry("2507.00003"), show_all=True) for run in line]
    assert {run.look for run in hidden if run.text == "no rule matches"} == {"dim"}


@pytest.mark.parametrize("entries", [(), (ONE,), (entry("2507.00003"),)])
def test_there_is_air_before_what_the_verdict_says(entries: tuple[Entry, ...]) -> None:
    made = shown(*entries)
    assert made[-1] == ""
    assert made[-2]


def test_reasons_that_are_wrapped_hang() -> None:
    made = shown(ONE._replace(title="The prefill of a KV cache"), columns=24)
    at = made.index("    Caches: KV cache,")
    assert made[at + 1 : at + 3] == ["      prefill", "    People: Ada Lovelace"]


def test_a_profile_stands_in_the_masthead() -> None:
    made = digest.build([Listing("page", ("cs.DC",), None, [ONE])], config.read(RULES, ""))
    words = wording.words(made, profile="group")
    assert text(next(table.table(words, 100))).startswith("arXiv cs.DC  ·  group  ·  An unknown")


def test_a_section_says_how_many_are_in_it() -> None:
    made = shown(ONE, TWO, columns=60)
    assert made[2] == f"New submissions  2  {'─' * 40}"[:60].rstrip()
    assert all(one or other for one, other in pairwise(made))
