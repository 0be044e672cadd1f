"""What a value in the configuration must be, and what is wrong with one that is not."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeVar

from arxivdigest.text import closest, safe

Value = TypeVar("Value")
_LARGEST = 1_000_000


class WrongError(ValueError):
    """What is wrong with a value, to follow its key."""


def string(value: object) -> str:
    """A string that is not blank."""
    if not isinstance(value, str):
        raise WrongError(f"must be a string, not {described(value)}")
    if not value.strip():
        raise WrongError("is empty")
    return value


class ElementsError(WrongError):
    """What is wrong with elements of a list, by their indices."""

    def __init__(self, wrong: Mapping[int, str]) -> None:
        super().__init__()
        self.wrong = wrong


def each(read: Callable[[str], Value]) -> Callable[[object], tuple[Value, ...]]:
    """What reads a list of strings, each by the reader given and kept once."""

    def read_all(value: object) -> tuple[Value, ...]:
        if not isinstance(value, list):
            example = value if isinstance(value, str) else "..."
            raise WrongError(
                f'must be a list of strings, as in ["{safe(example)}"], not {described(value)}'
            )
        if not value:
            raise WrongError("is an empty list")
        found, wrong = [], {}
        for index, one in enumerate(value):
            try:
                found.append(read(string(one)))
            except ValueError as error:
                wrong[index] = str(error)
        if wrong:
            raise ElementsError(wrong)
        return tuple(dict.fromkeys(found))

    return read_all


def number(value: object) -> float:
    """A number that is not absurdly large."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongError(f"must be a number, not {described(value)}")
    if not -_LARGEST <= value <= _LARGEST:
        raise WrongError(f"must be a number from {-_LARGEST:,} to {_LARGEST:,}")
    return float(value)


def truth(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise WrongError(f"must be true or false, not {described(value)}")
    return value


def seconds(value: object) -> float:
    """A number of seconds, not below zero."""
    seconds = number(value)
    if seconds < 0:
        raise WrongError("must not be below zero")
    return seconds


def days(value: object) -> tuple[date, ...]:
    """Dates, from a list of them."""
    if not isinstance(value, list):
        raise WrongError(f"must be a list of dates, as in [2026-12-24], not {described(value)}")
    wrong = {
        index: f"must be a date, as in 2026-12-24, not {described(one)}"
        for index, one in enumerate(value)
        if type(one) is not date
    }
    if wrong:
        raise ElementsError(wrong)
    return tuple(value)


def described(value: object) -> str:
    """What a value is, to end a complaint with."""
    kinds = {
        str: "string",
        bool: "truth value",
        int: "number",
        float: "number",
        list: "list",
        dict: "table",
        date: "date",
    }
    kind = kinds.get(type(value), "time")
    if isinstance(value, int) and not -_LARGEST <= value <= _LARGEST:  # it may have 10,000 digits
        return "a number"
    shown = f'"{value}"' if isinstance(value, str) else str(value).lower()
    return (
        f"the {kind} {safe(shown)[:40]}"
        if kind in ("string", "truth value", "number")
        else f"a {kind}"
    )


def one_of(*known: str) -> Callable[[object], str]:
    """What reads one of these words."""

    def read(value: object) -> str:
        word = string(value)
        if word not in known:
            meant = closest(word, known)
            suggestion = f'; did you mean "{meant}"?' if meant else ""
            raise WrongError(f'"{word}" is none of {", ".join(known)}{suggestion}')
        return word

    return read
