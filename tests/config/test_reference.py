"""The reference has every key that there is, with its type and its default, and no other."""

import re
from pathlib import Path
from typing import NamedTuple, get_args, get_type_hints

import pytest
from ran import Digest

from arxivdigest.config import Config, rule_tables, schema, toml
from arxivdigest.mail.server import PORTS, Smtp
from arxivdigest.rules import Rule
from arxivdigest.rules.conditions import DEFAULT_FIELDS

REFERENCE = schema.reference_file().read_text(encoding="utf-8")
PROJECT = Path(__file__).parents[2]
KINDS: dict[object, str] = {
    str: "string",
    float: "number",
    int: "number",
    bool: "true or false",
    Smtp: "table",
}


class Row(NamedTuple):
    key: str
    kind: str
    default: str
    does: str
    since: str


def rows(before: str) -> list[Row]:
    """The rows of the table that these words introduce."""
    table = REFERENCE.split(f"{before}:\n\n")[1].split("\n\n")[0]
    return [Row(*line.strip("| ").split(" | ")) for line in table.splitlines()[2:]]


TABLES = {
    "At the top of the file, above all tables": "above all tables",
    "A rule, as many as you like, each under `[[rules]]`": "in [[rules]]",
    "How the digest is shown, under `[output]`": "in [output]",
    "The message, under `[email]`": "in [email]",
    "The server, under `[email.smtp]`": "in [email.smtp]",
    "Where listings come from, under `[fetch]`": "in [fetch]",
    "How long listings are kept, under `[store]`": "in [store]",
    "Where `digest pdf` puts papers, under `[papers]`": "in [papers]",
}


def test_every_table_of_the_schema_is_there() -> None:
    assert set(TABLES.values()) == set(schema.homes())
    assert REFERENCE.count("| key | type |") == len(TABLES)


@pytest.mark.parametrize("before", TABLES)
def test_the_keys_documented_are_those_that_there_are(before: str) -> None:
    documented = [row.key.strip("`") for row in rows(before)]
    assert sorted(documented) == sorted(schema.homes()[TABLES[before]])


@pytest.mark.parametrize("before", TABLES)
def test_every_key_has_a_sentence_and_a_version(before: str) -> None:
    for row in rows(before):
        assert re.fullmatch(r"[A-Z].*\.", row.does)
        assert re.fullmatch(r"\d+\.\d+", row.since)


def kind(annotation: object) -> str:
    """The type of a key in the reference's words."""
    inner = [one for one in get_args(annotation) if one not in (type(None), Ellipsis)]
    if str(annotation).startswith("tuple"):
        return f"list of {'dates' if 'date' in str(annotation) else 'strings'}"
    return KINDS[inner[0] if inner else annotation]


def default(value: object) -> str:
    """A default as it would be written in the file."""
    return "none" if value is None else f"`{toml.dump({'key': value})[6:-1]}`"


@pytest.mark.parametrize(
    ("before", "settings"),
    [
        ("At the top of the file, above all tables", Config()),
        ("How the digest is shown, under `[output]`", schema.Output()),
        ("The message, under `[email]`", schema.Email()),
        ("The server, under `[email.smtp]`", Smtp("")),
        ("Where listings come from, under `[fetch]`", schema.Fetch()),
        ("How long listings are kept, under `[store]`", schema.Kept()),
        ("Where `digest pdf` puts papers, under `[papers]`", schema.Papers()),
    ],
)
def test_types_and_defaults_are_those_that_there_are(before: str, settings: NamedTuple) -> None:
    hints = get_type_hints(type(settings), localns={"Smtp": Smtp})
    for row in rows(before):
        key = row.key.strip("`")
        assert row.kind == kind(hints[key])
        value = getattr(settings, key)
        said = {"host": "must be given", "port": "by `security`"}.get(key, default(value))
        assert row.default == said


def test_the_defaults_of_a_rule_are_those_that_there_are() -> None:
    documented = {row.key.strip("`"): row.default for row in rows(list(TABLES)[1])}
    plain = Rule("", ())
    assert documented["in"] == default(DEFAULT_FIELDS)
    assert documented["weight"] == default(plain.weight)
    assert documented["exclude"] == default(plain.exclude)
    assert set(documented) == set(rule_tables.KEYS)


def test_the_words_that_a_key_may_hold_are_all_there() -> None:
    for words in (schema.SORTS, schema.SOURCE_NAMES, PORTS):
        assert all(f"`{word}`" in REFERENCE for word in words)


def test_a_command_prints_it(digest: Digest) -> None:
    assert digest("config", "reference").out == REFERENCE
