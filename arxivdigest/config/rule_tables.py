"""[[rules]]: what may stand in one, and the rule that it means."""

from functools import partial
from typing import TYPE_CHECKING

from arxivdigest.arxiv import taxonomy
from arxivdigest.config import values
from arxivdigest.model import AnnounceType
from arxivdigest.rules import Rule
from arxivdigest.rules.conditions import (
    DEFAULT_FIELDS,
    FIELDS,
    REPLACED,
    AllKeywords,
    Announce,
    AnyKeyword,
    Authors,
    NoKeyword,
    Subjects,
)
from arxivdigest.rules.keywords import keyword
from arxivdigest.text import quoted, safe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from arxivdigest.config.tables import Table
    from arxivdigest.rules.conditions import Condition


def announce_type(word: str) -> AnnounceType:
    """The announce type of this name."""
    return AnnounceType(values.one_of(*AnnounceType)(word))


def subject(word: str) -> str:
    """The subject as arXiv writes it, or what may have been meant, by its name too."""
    try:
        return taxonomy.subject(word)
    except taxonomy.UnknownSubjectError as error:
        from arxivdigest.arxiv.meant import meant

        found = () if error.is_guessed else meant(word)
        if not found:
            raise
        raise values.WrongError(
            f"arXiv has no subject {quoted(word)}; did you mean {' or '.join(found)}?"
        ) from error


def _pattern(word: str) -> str:
    if "*" in word:
        if not taxonomy.covers_any(word):
            raise values.WrongError(f'"{safe(word)}" means no category of arXiv')
        return word
    return subject(word)


def _of_keywords(
    kind: type[AnyKeyword | AllKeywords | NoKeyword], key: str, table: "Table"
) -> "Condition | None":
    case = table.get("case", values.truth, default=False)
    fields = table.get("in", values.each(values.one_of(*FIELDS)), DEFAULT_FIELDS)
    keywords = table.get(key, values.each(partial(keyword, case=case)), ())
    return kind(keywords, fields) if keywords else None


def _people(value: object) -> tuple[str, ...]:
    from arxivdigest.rules import mistakes, names

    def person(name: str) -> str:
        try:
            mistakes.check_name(name)
        except ValueError as error:
            raise values.WrongError(f"{quoted(name)} {error}") from error
        if not names.is_name(name):
            raise values.WrongError(f"{quoted(name)} can never match: it is no name")
        return name

    return values.each(person)(value)


def _of_authors(table: "Table") -> "Condition | None":
    people = table.get("authors", _people, ())
    return Authors(people) if people else None


def _of_subjects(table: "Table") -> "Condition | None":
    primary = table.get("primary", values.truth, default=False)
    patterns = table.get("subjects", values.each(_pattern), ())
    return Subjects(patterns, primary=primary) if patterns else None


def _of_announce(table: "Table") -> "Condition | None":
    words = table.get("announce", values.each(values.one_of(*AnnounceType, *REPLACED)), ())
    types = tuple(AnnounceType(word) for word in words if word not in REPLACED)
    kinds = tuple(word for word in words if word in REPLACED)
    return Announce(types, kinds) if words else None


# A condition is a class in `rules.conditions` and its row here.
_CONDITIONS: "Mapping[str, Callable[[Table], Condition | None]]" = {
    "any": partial(_of_keywords, AnyKeyword, "any"),
    "all": partial(_of_keywords, AllKeywords, "all"),
    "none": partial(_of_keywords, NoKeyword, "none"),
    "authors": _of_authors,
    "subjects": _of_subjects,
    "announce": _of_announce,
}
# Keys that say how others are meant.
_SAY_HOW = {
    "in": ("any", "all", "none"),
    "case": ("any", "all", "none"),
    "primary": ("subjects",),
}
KEYS = ("name", *_CONDITIONS, *_SAY_HOW, "weight", "exclude")


def rule(table: "Table", default_name: str) -> Rule | None:
    """The rule that a table means, or None where something is wrong with it."""
    name = safe(table.get("name", values.string, default_name))
    read = [condition(table) for condition in _CONDITIONS.values()]
    conditions = tuple(condition for condition in read if condition)
    weight = table.get("weight", values.number, 1.0)
    exclude = table.get("exclude", values.truth, default=False)
    table.end()
    for key, beside in _SAY_HOW.items():
        if key in table and not any(one in table for one in beside):
            table.complain(key, f"says nothing without {' or '.join(beside)} beside it")
    if "none" in table and table.is_right:
        _complain_of_clash(conditions, table)
    if table.is_right and not conditions:
        table.refuse(f"this rule asks for nothing: give it {_listed(tuple(_CONDITIONS))}")
    return Rule(name, conditions, weight, exclude) if table.is_right else None


def _complain_of_clash(conditions: "Sequence[Condition]", table: "Table") -> None:
    from arxivdigest.rules import impossible

    clash = impossible.never_holds(conditions)
    if clash:
        table.complain(
            "none",
            f'rules out "{clash.asked.text}" with "{clash.ruled_out_by.text}", and so this rule'
            " never holds: the same is asked for and ruled out",
        )


def _listed(keys: tuple[str, ...]) -> str:
    return f"{', '.join(keys[:-1])} or {keys[-1]}"
