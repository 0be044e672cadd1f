import json
import unicodedata
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arxivdigest.text import can_be_seen, closest, escaped_json, one_line, safe, width, wrap

ANY = st.text(st.characters())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "[31mred"),
        ("a\x1b]8;;https://example.org\x1b\\b", "a]8;;https://example.org\\b"),
        ("\u009b31mred", "31mred"),
        ("one\r\ntwo", "one  two"),
        ("abc\u202edef", "abcdef"),
        ("a\u2066b\u2069", "ab"),
        ("a\x00\x7fb", "ab"),
        ("a\u2028b", "a b"),
        ("lone \ud800", "lone \ufffd"),
        ("naïve 数学 👍", "naïve 数学 👍"),
    ],
)
def test_text_is_made_safe(text: str, shown: str) -> None:
    assert safe(text) == shown


@given(ANY)
def test_no_control_character_and_no_bidirectional_control_is_left(text: str) -> None:
    shown = safe(text)
    assert not {unicodedata.category(one) for one in shown} & {"Cc", "Cs", "Zl", "Zp"}
    assert not {unicodedata.bidirectional(one) for one in shown} & set(
        "LRE RLE LRO RLO PDF LRI RLI FSI PDI".split()
    )
    assert safe(shown) == shown


@given(ANY)
@example("a\u0300\u0300\u0300\u0300\u0300\u0300 b")
def test_json_keeps_what_is_escaped(text: str) -> None:
    document = escaped_json(json.dumps([text], ensure_ascii=False))
    assert json.loads(document) == [text]
    assert safe(document) == document


@pytest.mark.parametrize(
    ("text", "cells"), [("abc", 3), ("é", 1), ("e\u0301", 1), ("数学", 4), ("", 0)]
)
def test_text_is_measured_in_cells(text: str, cells: int) -> None:
    assert width(text) == cells


def test_blanks_are_folded() -> None:
    assert one_line(" a\n\tb \u00a0c ") == "a b c"


@pytest.mark.parametrize(
    ("columns", "indent", "lines"),
    [
        (7, "", ["one two", "three"]),
        (8, "  ", ["  one", "  two", "  three"]),
        (2, "", ["one", "two", "three"]),
    ],
)
def test_text_is_wrapped(columns: int, indent: str, lines: list[str]) -> None:
    assert wrap("one two three", columns, indent).split("\n") == lines


@given(st.text("ab数é \n"), st.integers(1, 30), st.sampled_from(["", "  "]))
def test_no_line_is_too_wide_and_no_word_is_lost(text: str, columns: int, indent: str) -> None:
    wrapped = wrap(text, columns, indent)
    assert wrapped.split() == text.split()
    for line in wrapped.split("\n"):
        assert width(line) <= max(columns, len(indent)) or len(line.split()) == 1


@pytest.mark.parametrize(("word", "meant"), [("kewords", "keywords"), ("zzz", None), ("", None)])
def test_the_closest_word_is_what_was_meant(word: str, meant: str | None) -> None:
    assert closest(word, ["keywords", "authors"]) == meant


def test_what_is_unsafe_is_not_printable() -> None:
    unsafe = [
        character for character in map(chr, range(0x110000)) if safe(f"\0{character}") != character
    ]
    assert "\u202e" in unsafe
    assert not any(character.isprintable() for character in unsafe)


def test_marks_are_not_piled_up() -> None:
    assert safe("a" + "\u0301" * 30 + "b") == "a" + "\u0301" * 4 + "b"


@pytest.mark.parametrize("text", ["Việt Nam", "हिन्दी", "שָׁלוֹם", "བོད་སྐད", "ภาษาไทย", "é"])
def test_the_marks_of_languages_stay(text: str) -> None:
    assert safe(unicodedata.normalize("NFD", text)) == unicodedata.normalize("NFD", text)


@given(text=ANY)
def test_no_more_than_a_few_marks_stand_in_a_row(text: str) -> None:
    kinds = "".join("m" if unicodedata.category(one) in ("Mn", "Me") else "-" for one in safe(text))
    assert "m" * 5 not in kinds


@pytest.mark.parametrize("text", ["a", "数", "$", "\u3164 a", "a\u0301", "😀", "–"])
def test_what_can_be_seen(text: str) -> None:
    assert can_be_seen(text)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\u3164", "\u115f", "\u034f", "\u2800", "\u180e", "\U0001d173", "\u0301\u200d"],
)
def test_what_cannot_be_seen(text: str) -> None:
    assert not can_be_seen(text)


def test_a_letter_of_two_cells_is_wrapped_as_one() -> None:
    ranges = ((0x3041, 0x3097), (0x30A1, 0x30FB), (0x4E00, 0xA000), (0xAC00, 0xD7A4))
    letters = [chr(code) for span in ranges for code in range(*span)]
    assert all(width(letter) == 2 for letter in letters)
    assert not [one for one in letters if "\n" in wrap(f"{one} a{one}", columns=6)]
    assert not [one for one in letters if "\n" not in wrap(f"{one} a{one}", columns=5)]


@given(st.text("aé数가が\u0301👍 ", max_size=60))
def test_a_line_holds_as_many_words_as_there_is_room_for(text: str) -> None:
    lines = wrap(text, columns=9).split("\n")
    assert " ".join(lines).split() == text.split()
    assert all(width(line) <= 9 for line in lines if " " in line)
    for line, after in pairwise(lines):
        assert width(line) + 1 + width(after.split(" ")[0]) > 9
