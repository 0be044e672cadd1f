import pytest

from arxivdigest.config import meant, schema

HOMES = schema.homes()
TABLES = ("rules", "output", "email", "fetch", "store", "papers", "profiles")
TOP = (*HOMES["above all tables"], *TABLES)


@pytest.mark.parametrize(
    ("key", "table", "expected"),
    [
        ("subjets", "above all tables", '; did you mean "subjects"?'),
        ("Keywords", "in [[rules]]", '; did you mean "any"?'),
        ("keywords", "above all tables", '; did you mean "any" in [[rules]]?'),
        ("to", "in [email.smtp]", '; did you mean "to" in [email]?'),
        ("ssl", "in [email.smtp]", '; did you mean "security"?'),
        ("xyz", "in [store]", " (known: keep)"),
    ],
)
def test_what_was_meant_is_said_or_all_that_is_known(key: str, table: str, expected: str) -> None:
    known = TOP if table == "above all tables" else HOMES[table]
    where = "" if table == "above all tables" else f" {table}"
    said = meant.unknown(key, where, known, HOMES)
    assert said == f'unknown key "{key}"{where}{expected}'


@pytest.mark.parametrize("key", ["password", "Passwd", "SECRET"])
@pytest.mark.parametrize("table", ["in [email]", "in [[rules]]"])
def test_a_password_is_kept_nowhere(key: str, table: str) -> None:
    said = meant.unknown(key, f" {table}", HOMES[table], HOMES)
    assert said.startswith(f'"{key}" {table}: no password is kept here; give password_command, ')


@pytest.mark.parametrize("key", sorted({*meant._MEANT.values()}))  # noqa: SLF001 - all there are
def test_what_is_meant_is_a_key_that_there_is(key: str) -> None:
    assert key in TOP or any(key in keys for keys in HOMES.values())
