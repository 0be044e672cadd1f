"""What tomllib leaves open: where in a file its keys and values stand, and writing TOML."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]

_PIECE = (
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|\d{4}-\d\d-\d\d \d\d:[0-9.:+Zz\-]*"
    r"|[A-Za-z0-9_+:.\-]+"
    r"|[ \t\r]+|."
)


def lines(text: str) -> Mapping[Path, int]:
    """The line, counted from one, of every table, key and element of an array in valid TOML.

    A path is as one would index what tomllib returns: `("rules", 0, "any", 2)`. What is written in
    several places, as a table may be, has the line of the first.
    """
    found: dict[Path, int] = {}
    for path, line in _Scanner(text).run():
        for end in range(1, len(path) + 1):
            found.setdefault(path[:end], line)
    return found


def line_of(path: Path, known: Mapping[Path, int]) -> int | None:
    """The line of the path, or of the nearest thing around it that has one."""
    while path:
        if path in known:
            return known[path]
        path = path[:-1]
    return None


class _Scanner:
    """Walks over the tokens of a file that tomllib has already found valid."""

    def __init__(self, text: str) -> None:
        self._tokens = re.findall(_PIECE, text, re.DOTALL)
        self._at = 0
        self._line = 1
        self._tables: dict[Path, int] = {}

    def run(self) -> Iterator[tuple[Path, int]]:
        table: Path = ()
        while (token := self._peek()) is not None:
            if token == "[":  # noqa: S105 - a bracket
                table, line = self._header()
                yield table, line
            elif token.isspace() or token.startswith("#"):
                self._next()
            else:
                yield from self._pair(table)

    def _peek(self) -> str | None:
        return self._tokens[self._at] if self._at < len(self._tokens) else None

    def _next(self) -> str:
        token: str = self._tokens[self._at]
        self._at += 1
        self._line += token.count("\n")
        return token

    def _skip(self, *, newlines: bool = False) -> None:
        while (token := self._peek()) is not None:
            blank = token.isspace() and (newlines or "\n" not in token)
            if not blank and not (newlines and token.startswith("#")):
                return
            self._next()

    def _header(self) -> tuple[Path, int]:
        line = self._line
        self._next()
        is_array = self._peek() == "["
        if is_array:
            self._next()
        path = self._resolve(self._key("]"))
        while (token := self._peek()) is not None and "\n" not in token:
            self._next()
        if is_array:
            count = self._tables.get(path, 0)
            self._tables[path] = count + 1
            path = (*path, count)
        return path, line

    def _resolve(self, key: Path) -> Path:
        """The path of a table's header: inside an array of tables, the last one is meant."""
        resolved: Path = ()
        for part in key[:-1]:
            resolved = (*resolved, part)
            if resolved in self._tables:
                resolved = (*resolved, self._tables[resolved] - 1)
        return (*resolved, key[-1])

    def _key(self, end: str) -> Path:
        parts: list[str] = []
        while (token := self._peek()) is not None and token != end:
            self._next()
            if token[0] in "\"'":
                parts.append(_unquoted(token))
            elif not token.isspace():
                parts += filter(None, token.split("."))
        self._next()
        return tuple(parts)

    def _pair(self, table: Path) -> Iterator[tuple[Path, int]]:
        line = self._line
        path = (*table, *self._key("="))
        yield path, line
        self._skip()
        yield from self._value(path)

    def _value(self, path: Path) -> Iterator[tuple[Path, int]]:
        token = self._peek()
        if token == "[":  # noqa: S105 - a bracket
            yield from self._array(path)
        elif token == "{":  # noqa: S105 - a brace
            yield from self._inline_table(path)
        elif token is not None:
            self._next()

    def _array(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._next()
        index = 0
        self._skip(newlines=True)
        while (token := self._peek()) not in (None, "]"):
            if token == ",":  # noqa: S105 - a comma
                self._next()
            else:
                yield (*path, index), self._line
                yield from self._value((*path, index))
                index += 1
            self._skip(newlines=True)
        self._next()

    def _inline_table(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._next()
        self._skip(newlines=True)
        while (token := self._peek()) not in (None, "}"):
            if token == ",":  # noqa: S105 - a comma
                self._next()
            else:
                yield from self._pair(path)
            self._skip(newlines=True)
        self._next()


def _unquoted(token: str) -> str:
    value: str = tomllib.loads(f"key = {token}")["key"]
    return value


def dump(settings: Mapping[str, Any]) -> str:
    """The settings as TOML: keys first, then tables."""
    return "\n".join(_dumped_lines(settings, ())).strip() + "\n"


def _dumped_lines(settings: Mapping[str, Any], path: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    tables: list[str] = []
    for key, value in settings.items():
        here = (*path, _dumped_key(key))
        if isinstance(value, Mapping):
            tables += ["", f"[{'.'.join(here)}]", *_dumped_lines(value, here)]
        elif isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
            for one in value:
                tables += ["", f"[[{'.'.join(here)}]]", *_dumped_lines(one, here)]
        else:
            found.append(f"{here[-1]} = {_dumped(value)}")
    return found + tables


def _dumped_key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _dumped(key)


def _dumped(value: object) -> str:
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_dumped, value))}]"
    if isinstance(value, Mapping):
        pairs = (f"{_dumped_key(key)} = {_dumped(one)}" for key, one in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, str):
        return _dumped_string(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dumped_string(value: str) -> str:
    import json

    quoted = json.dumps(value, ensure_ascii=False)
    return re.sub("[\x7f-\x9f]", lambda found: f"\\u{ord(found[0]):04x}", quoted)
