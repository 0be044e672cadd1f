"""A table of the configuration as it is read: key by key, with a complaint for what is wrong."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from arxivdigest.config import values
from arxivdigest.text import safe

if TYPE_CHECKING:
    from arxivdigest.config.toml import Path as Place

Value = TypeVar("Value")
Default = TypeVar("Default")


class Complaints:
    """What is wrong with a configuration, each with its place.

    `homes` gives the keys of every table, by how one says where they stand.
    """

    def __init__(self, homes: Callable[[], Mapping[str, Sequence[str]]]) -> None:
        self.homes = homes
        self.wrong: list[tuple[Place, str]] = []

    def add(self, place: "Place", message: str) -> None:
        """Note what is wrong at a place."""
        self.wrong.append((place, safe(message)))


class Table:
    """One table of a configuration: its keys are those that are asked for, until its end."""

    def __init__(self, value: object, place: "Place", complaints: Complaints) -> None:
        self.place = place
        self._complaints = complaints
        self._known: dict[str, None] = {}
        self._before = len(complaints.wrong)
        self._settings: Mapping[str, Any] = {}
        if isinstance(value, dict):
            self._settings = value
        else:
            complaints.add(place, f"{_key(place)} must be a table, as in [{_key(place)}]")

    def __contains__(self, key: str) -> bool:
        return key in self._settings

    @property
    def is_right(self) -> bool:
        """Whether nothing wrong was found since this table was begun."""
        return len(self._complaints.wrong) == self._before

    def get(self, key: str, read: Callable[[object], Value], default: Default) -> "Value | Default":
        """What is read under the key, or the default where that is missing or wrong."""
        self._known[key] = None
        if key not in self._settings:
            return default
        try:
            return read(self._settings[key])
        except values.ElementsError as error:
            for index, message in error.wrong.items():
                self._complaints.add((*self.place, key, index), f"{key}: {message}")
        except ValueError as error:
            self.complain(key, str(error))
        return default

    def table(self, key: str) -> "Table | None":
        """The table under the key, or None where there is none."""
        self._known[key] = None
        if key not in self._settings:
            return None
        return self._inner(self._settings[key], key)

    def tables(self, key: str) -> "list[Table]":
        """The tables of the array under the key."""
        self._known[key] = None
        found = self._settings.get(key, [])
        if isinstance(found, list) and all(isinstance(one, dict) for one in found):
            return [self._inner(one, key, index) for index, one in enumerate(found)]
        self.complain(key, f"must be tables, each under a [[{key}]] of its own")
        return []

    def named_tables(self, key: str, example: str) -> "dict[str, Table]":
        """The tables within the table under the key, by their names."""
        self._known[key] = None
        found = self._settings.get(key, {})
        if isinstance(found, dict) and all(isinstance(one, dict) for one in found.values()):
            return {name: self._inner(one, key, name) for name, one in found.items()}
        self.complain(key, f"must be tables, as in [{key}.{example}]")
        return {}

    def _inner(self, value: object, *where: str | int) -> "Table":
        return Table(value, (*self.place, *where), self._complaints)

    def complain(self, key: str | None, message: str) -> None:
        """Note what is wrong with the key, or with the whole table."""
        if key is None:
            self._complaints.add(self.place, f"[{_key(self.place)}] {message}")
        else:
            self._complaints.add((*self.place, key), f"{key} {message}")

    def refuse(self, message: str, *where: str | int) -> None:
        """Note what is wrong at a place within the table, in a sentence of its own."""
        self._complaints.add((*self.place, *where), message)

    def end(self) -> None:
        """Complain of every key that nothing asked for."""
        for key in self._settings:
            if key not in self._known:
                self._complain_unknown(key)

    def _complain_unknown(self, key: str) -> None:
        from arxivdigest.config.meant import unknown

        header = f"[{_key(self.place)}]"
        if self.place and isinstance(self.place[-1], int):
            header = f"[{header}]"
        where = f" in {header}" if self.place else ""
        said = unknown(key, where, tuple(self._known), self._complaints.homes())
        self._complaints.add((*self.place, key), said)


def _key(place: "Place") -> str:
    return ".".join(str(part) for part in place if isinstance(part, str))
