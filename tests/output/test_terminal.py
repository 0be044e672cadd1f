import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from arxivdigest.changes import difference
from arxivdigest.model import Changes
from arxivdigest.output import changed
from arxivdigest.output.report import report
from arxivdigest.output.terminal import HIT, Run, diff, draw, whole, wrap
from arxivdigest.text import width


def console(**options: object) -> Console:
    settings: dict[str, object] = {
        "file": io.StringIO(),
        "width": 80,
        "force_terminal": True,
        "color_system": "standard",
        "no_color": False,
        "_environ": {},
    }
    return Console(**settings | options)  # type: ignore[arg-type]


def plain(lines: list[tuple[Run, ...]]) -> list[str]:
    return ["".join(run.text for run in line).rstrip() for line in lines]


@pytest.mark.parametrize(
    ("text", "columns", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one two three", 6, ["one", "two", "three"]),
        ("unbreakable", 4, ["unbr", "eaka", "ble"]),
        ("a unbreakable", 4, ["a", "unbr", "eaka", "ble"]),
        ("数学数学 数学", 5, ["数学", "数学", "数学"]),
        ("e\u0301e\u0301e\u0301", 2, ["e\u0301e\u0301", "e\u0301"]),
    ],
)
def test_text_is_wrapped_at_words(text: str, columns: int, lines: list[str]) -> None:
    assert plain(wrap([Run(text)], columns)) == lines


def test_lines_after_the_first_are_indented() -> None:
    made = wrap([Run("one two three four")], 10, 4, (Run("1.  "),))
    assert plain(made) == ["1.  one", "    two", "    three", "    four"]


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (20, ["by Ann Lee, Bo Xu"]),
        (14, ["by Ann Lee,", "Bo Xu"]),
        (9, ["by", "Ann Lee,", "Bo Xu"]),
        (5, ["by", "Ann", "Lee,", "Bo Xu"]),
        (2, ["by", "An", "n", "Le", "e,", "Bo", "Xu"]),
    ],
)
def test_what_is_whole_is_broken_only_where_it_is_wider_than_a_line(
    columns: int, lines: list[str]
) -> None:
    runs = [Run("by "), Run(whole("Ann Lee"), "bold"), Run(", "), Run(whole("Bo Xu"))]
    made = wrap(runs, columns)
    assert plain(made) == lines
    assert not any("\u00a0" in run.text for line in made for run in line)


DEVANAGARI = "बड़े भाषा मॉडल के लिए तेज़ और विश्वसनीय वितरित प्रशिक्षण की एक नई विधि का अध्ययन"
THAI = "การศึกษาเปรียบเทียบประสิทธิภาพของแบบจำลองภาษาขนาดใหญ่สำหรับการประมวลผลแบบกระจาย"


@pytest.mark.parametrize("text", [DEVANAGARI, THAI, f"{THAI} {DEVANAGARI}"])
@pytest.mark.parametrize("columns", [1, 7, 20, 56])
def test_no_mark_is_parted_from_its_letter(text: str, columns: int) -> None:
    import unicodedata

    made = plain(wrap([Run(text)], columns))
    assert "".join(made).replace(" ", "") == text.replace(" ", "")
    if columns > 4:
        assert all(width(line) <= columns for line in made)
        assert not any(unicodedata.category(line[0]).startswith("M") for line in made)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C"])), st.integers(4, 90))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, columns: int) -> None:
    text = " ".join(text.split())
    made = plain(wrap([Run(text)], columns))
    assert "".join("".join(made).split()) == "".join(text.split())
    if "M" not in {__import__("unicodedata").category(one)[0] for one in text}:
        assert all(width(line) <= columns for line in made)


def test_a_link_stands_once_around_all_that_it_is_on() -> None:
    runs = [Run("A ", "bold", "https://a.org"), Run("hit", HIT, "https://a.org")]
    drawn = draw([(*runs, Run(" after"))], console())
    assert drawn == (
        "\x1b]8;id=a.org;https://a.org\x1b\\\x1b[1mA \x1b[0m\x1b[30;43mhit\x1b[0m\x1b]8;;\x1b\\"
        " after\n"
    )


def test_the_lines_of_a_wrapped_link_are_one_to_a_terminal() -> None:
    drawn = draw(wrap([Run("one two", "", "https://arxiv.org/abs/2507.00001")], 3), console())
    assert re.findall(r"\x1b\]8;(\S*?)\x1b", drawn) == [
        *["id=2507.00001;https://arxiv.org/abs/2507.00001", ";"] * 2
    ]


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        ({"color_system": "standard"}, {"30;43"}),
        ({"color_system": "256"}, {"38;5;16;48;5;227"}),
        ({"color_system": "truecolor"}, {"38;2;29;33;38;48;2;251;226;138"}),
        ({"no_color": True}, {"1;4"}),
        ({"color_system": None}, set()),
        ({"force_terminal": False}, set()),
        ({"_environ": {"TERM": "dumb"}, "color_system": "auto"}, set()),
    ],
)
def test_a_hit_is_a_marker_and_without_colours_bold_and_underlined(
    options: dict[str, object], codes: set[str]
) -> None:
    drawn = draw([(Run("hit", HIT),)], console(**options))
    assert set(re.findall(r"\x1b\[([\d;]+)m", drawn)) - {"0"} == codes
    assert re.sub(r"\x1b\[[\d;]*m", "", drawn) == "hit\n"


def test_what_a_terminal_cannot_write_is_ascii() -> None:
    ascii_only = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    drawn = draw([(Run("✓ a · b ── ✗"),)], console(file=ascii_only, color_system=None))
    assert drawn == "+ a - b -- -\n"


def test_what_was_removed_and_added_stands_out_of_the_rest() -> None:
    changes = Changes(since=1, withdrawn=True, title=difference("On gulls", "On pelicans"))
    fact, title = map(diff, changed.lines(changes))
    assert fact == [Run("since v1: withdrawn")]
    assert {run.text: run.look for run in title if run.text != " "} == {
        "title:": "dim",
        "On": "dim",
        "[-gulls-]": "red",
        "{+pelicans+}": "bold",
    }
    assert "".join(run.text for run in title) == changed.plain(changed.lines(changes)[1])


def test_no_line_of_a_report_stands_back_behind_what_it_is_over() -> None:
    said = """Caches: holds
  yes  any of "KV cache": found "KV cache" in the title
Gulls: does not hold
  no   any of "gull*": found none of them
"""
    made = list(report(said, 60))
    assert [{run.look for run in line if run.text} for line in made] == [
        {"bold"},
        {"", HIT},
        {""},
        {""},
    ]
    assert plain(list(report(said, 36)))[1:3] == [
        '  ✓ any of "KV cache": found',
        '    "KV cache" in the title',
    ]
