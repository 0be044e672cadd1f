import string
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.config.toml import Path, dump, line_of, lines

KEYS = st.text(string.ascii_lowercase + "-_1", min_size=1, max_size=4) | st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), max_size=4
)
SCALARS = (
    st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8"), max_size=8)
    | st.dates(min_value=date(1000, 1, 1))
    | st.times()
    | st.datetimes(min_value=datetime(1000, 1, 1))  # noqa: DTZ001 - TOML's local date-time
    | st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3)
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=5)


def paths(value: object, here: Path = ()) -> Iterator[tuple[Path, object]]:
    inner: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        inner = list(value.items())
    elif isinstance(value, list):
        inner = list(enumerate(value))
    for key, one in inner:
        yield (*here, key), one
        yield from paths(one, (*here, key))


@given(TABLES)
def test_what_is_dumped_reads_back_the_same(written: dict[str, Any]) -> None:
    assert tomllib.loads(dump(written)) == written


def laid_out(value: object, draw: st.DrawFn, mark: Iterator[int]) -> str:
    """The value in TOML, with line breaks and comments drawn in, and marked for finding it."""
    if isinstance(value, list):
        gap = draw(st.sampled_from(["", " ", "\n", " # ] , [\n", "\r\n\n\t"]))
        parts = [f"{laid_out(one, draw, mark)}{gap}" for one in value]
        return f"[{gap}{f',{gap}'.join(parts)}]"
    if isinstance(value, str):
        quoted = draw(st.sampled_from(['"{}"', "'{}'", '"""{}\n#"[ """', "'''{}'\n]='''"]))
        return str(quoted.format(f"~{next(mark)}~"))
    raise TypeError(value)


@st.composite
def marked_files(draw: st.DrawFn) -> tuple[str, int]:
    """A TOML file whose strings are `~0~`, `~1~` and so on, and how many there are."""
    mark = iter(range(1000))
    value = st.recursive(st.just("mark"), lambda inner: st.lists(inner, max_size=3), max_leaves=6)
    blocks = []
    for index in range(draw(st.integers(1, 5))):
        headers = [
            *("", "\n", "# [comment] = 'x\n", f"[t{index}]\n", f"[ t{index} . 'a.b' ] # ]\n"),
            *("[[rows]]\n", "[[rows.inner]]\n" if "[[rows]]\n" in blocks else "\n"),
        ]
        blocks.append(draw(st.sampled_from(headers)))
        key = draw(st.sampled_from([f"k{index}", f'"k = {index}"', f"d{index} . e", f"1.{index}"]))
        blocks.append(f"{key} = {laid_out(draw(value), draw, mark)}\n")
        if draw(st.booleans()):
            inner = laid_out(draw(st.just("mark")), draw, mark)
            blocks.append(f"i{index} = {{ a = 1979-05-27 07:32:00Z, b.c = {inner} }} # }}\n")
    return "".join(blocks), next(mark)


@given(marked_files())
def test_every_string_is_on_the_line_that_is_given_for_it(file: tuple[str, int]) -> None:
    text, count = file
    known = lines(text)
    found = [(path, value) for path, value in paths(tomllib.loads(text)) if isinstance(value, str)]
    assert len(found) == count
    rows = text.split("\n")
    for path, value in found:
        mark = value.split("\n")[0].strip("'")
        assert mark in rows[known[path] - 1]


@given(marked_files())
def test_every_key_is_on_the_line_that_is_given_for_it(file: tuple[str, int]) -> None:
    text, _ = file
    known = lines(text)
    rows = text.split("\n")
    for path, _ in paths(tomllib.loads(text)):
        if isinstance(path[-1], str):
            assert path[-1] in rows[known[path] - 1]


@given(TABLES)
def test_everything_that_is_dumped_has_a_line(written: dict[str, Any]) -> None:
    text = dump(written)
    known = lines(text)
    last = text.count("\n") + 1
    assert all(1 <= known[path] <= last for path, _ in paths(written))


@pytest.mark.parametrize(
    ("text", "path", "line"),
    [
        ("a = 1\nb = 2\n", ("b",), 2),
        ("\n\n[output]\nsort = 'arxiv'\n", ("output", "sort"), 4),
        ("[[rules]]\nany = [\n  'x', # y\n  'z',\n]\n", ("rules", 0, "any", 1), 4),
        ("[[rules]]\n[[rules]]\nname = 'b'\n", ("rules", 1), 2),
        ("[[rules]]\n[[rules]]\nname = 'b'\n", ("rules",), 1),
        ("[[a]]\n[[a.b]]\n[[a]]\n[[a.b]]\nc = 1\n", ("a", 1, "b", 0, "c"), 5),
        ("[profiles.group]\nsubjects = ['cs']\n", ("profiles",), 1),
        ("fetch.delay = 3\n\nfetch.site = 'x'\n", ("fetch", "site"), 3),
        ("fetch.delay = 3\n\nfetch.site = 'x'\n", ("fetch",), 1),
        ("when = 2025-07-11 20:00:00-04:00\nb = 1\n", ("b",), 2),
        ("days = [2025-07-11 20:00:00,\n2025-07-12]\nb = 1\n", ("days", 1), 2),
        ('a = """\nb = 1\n"""\nb = 2\n', ("b",), 4),
        ('a = """"quoted"""""\nb = 2\n', ("b",), 2),
        ("a = '''\n'''\r\nb = 2\r\n", ("b",), 3),
        ('"a=b" = 1\n"\\u00e9" = 2\n', ("é",), 2),
        ("a = { b = [\n1,\n2], c = 'x' }\n", ("a", "b", 1), 3),
    ],
)
def test_a_line_is_counted_from_one(text: str, path: Path, line: int) -> None:
    tomllib.loads(text)
    assert lines(text)[path] == line


@pytest.mark.parametrize(
    ("path", "line"), [(("a", 0, "b"), 7), (("a", 1), 3), (("b", "c"), None), ((), None)]
)
def test_what_has_no_line_has_that_of_what_is_around_it(path: Path, line: int | None) -> None:
    assert line_of(path, {("a",): 3, ("a", 0): 7}) == line


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ({}, "\n"),
        ({"a": [1, 2.5, True, "x"]}, 'a = [1, 2.5, true, "x"]\n'),
        ({"t": {"b": 1}, "a": 2}, "a = 2\n\n[t]\nb = 1\n"),
        ({"r": [{"a": 1}, {"a": 2}]}, "[[r]]\na = 1\n\n[[r]]\na = 2\n"),
        ({"a b": {"": 'say "so"'}}, '["a b"]\n"" = "say \\"so\\""\n'),
        ({"a": [[{"b": 1}], time(20)]}, "a = [[{b = 1}], 20:00:00]\n"),
        ({"esc": "\x1b[31m\x9b\x7f"}, 'esc = "\\u001b[31m\\u009b\\u007f"\n'),
    ],
)
def test_settings_are_dumped_with_keys_before_tables(written: dict[str, Any], text: str) -> None:
    assert dump(written) == text
