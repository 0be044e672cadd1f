"""The options that several commands take, each worded once; others stand beside their command."""

from collections.abc import Callable, Collection
from functools import wraps
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from typer import Argument, Option
from typer.core import TyperCommand

from arxivdigest.errors import UsageError

_MAY_BE_EMPTY = ("note",)  # which takes the note of a star away


class Command(TyperCommand):
    """A command each of whose options has a value, or is left out."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own
        """What is left of the arguments; a UsageError names an option that is given empty.

        So it is where a variable is not set: `--since "$DAY"`.
        """
        left = super().parse_args(ctx, args)
        for option in self.params:
            given = ctx.params.get(option.name)
            is_empty = "" in given if isinstance(given, tuple) else given == ""
            if is_empty and option.param_type_name == "option" and option.name not in _MAY_BE_EMPTY:
                named = max(option.opts, key=len)
                raise UsageError(f"{named} is empty; give it a value, or leave it out")
        return left


Subjects = Annotated[
    list[str] | None,
    Argument(
        metavar="[SUBJECT]...",
        help="Categories or archives, such as cs.DC or math, in place of your own.",
        show_default=False,
    ),
]
From = Annotated[
    str | None,
    Option("--from", metavar="FILE|-|URL", help="A saved page or feed instead of arXiv."),
]
SourceName = Annotated[
    str | None,
    Option("--source", metavar="auto|feed|page", help="What to ask arXiv for."),
]
Format = Annotated[
    str | None,
    Option(
        "--format",
        "-f",
        metavar="NAME",
        help="table, plain, markdown, html, text, email, json, ndjson, bibtex, atom, or a template"
        " of your own"
        " (without it: table on a terminal, plain in a pipe).",
    ),
]
Keywords = Annotated[
    list[str] | None,
    Option(
        "--keyword",
        "-k",
        metavar="TEXT",
        help="A rule on the spot; repeatable.",
        show_default=False,
    ),
]
All = Annotated[bool, Option("--all", "-a", help="Also what no rule asked for.")]
Abstracts = Annotated[
    bool | None,
    Option(
        "--abstracts/--no-abstracts",
        help="With or without abstracts (table and plain: without).",
        show_default=False,
    ),
]
Limit = Annotated[int | None, Option(min=1, metavar="N", help="Only the best N entries.")]
Output = Annotated[
    str | None,
    Option("--output", "-o", metavar="FILE", help="Write there, not to standard output."),
]
ConfigFile = Annotated[
    Path | None,
    Option("--config", "-c", metavar="FILE", help="This configuration, not your own."),
]
Profile = Annotated[
    str | None,
    Option(metavar="NAME", help="With the settings under [profiles.NAME]."),
]
To = Annotated[
    list[str] | None,
    Option(metavar="ADDRESS", help="Of the e-mail; repeatable.", show_default=False),
]
Sender = Annotated[str | None, Option(metavar="ADDRESS", help="Of the e-mail.")]
SkipEmpty = Annotated[
    bool, Option("--skip-empty", help="Print nothing at all when nothing matched.")
]
NoPager = Annotated[bool, Option("--no-pager", help="Never hand it to a pager.")]
Quiet = Annotated[
    bool,
    Option("--quiet", "-q", help="No progress, and no verdict where the listing is whole."),
]
Unseen = Annotated[
    bool, Option("--unseen", help="Without the entries that digest ack was told of.")
]
Refresh = Annotated[bool, Option("--refresh", help="Ask arXiv even where nothing can be new.")]
Offline = Annotated[bool, Option("--offline", help="Only what is stored; ask nobody.")]
Version = Annotated[bool, Option("--version", help="Show the version and exit.")]


class Ask(NamedTuple):
    """What is read: options that every command has that reads an announcement."""

    subjects: Subjects = None
    place: From = None
    source: SourceName = None
    keywords: Keywords = None
    config_file: ConfigFile = None
    profile: Profile = None
    offline: Offline = False
    refresh: Refresh = False

    @property
    def is_occasion(self) -> bool:
        """Whether it is about something that the configuration does not say."""
        return bool(self.subjects or self.keywords)

    def check(self, *, wait: bool | None = None) -> None:
        """Raise a UsageError where the options forbid each other; `wait` is None without --wait."""
        if self.offline and (self.refresh or wait):
            others = "does not go with --refresh"
            if wait is not None:
                others = "goes with neither --refresh nor --wait"
            raise UsageError(f"--offline asks nobody; it {others}")
        if self.place is not None and (self.offline or self.refresh or wait):
            named = "--offline and --refresh"
            if wait is not None:
                named = "--offline, --refresh and --wait"
            raise UsageError(f"--from says what to read; {named} are for arXiv")


class Look(NamedTuple):
    """How a digest is shown: options that every command has that shows one."""

    format_name: Format = None
    show_all: All = False
    abstracts: Abstracts = None
    limit: Limit = None
    output: Output = None
    to: To = None
    sender: Sender = None
    skip_empty: SkipEmpty = False
    unseen: Unseen = False
    quiet: Quiet = False
    no_pager: NoPager = False


_GROUPS = (Ask, Look)
_WITHOUT = "without"


def grouped(
    *, without: Collection[str] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Says that a command takes an `Ask` or a `Look`, and which of their options it has not.

    Those that are left out keep their defaults.
    """

    def noted(command: Callable[..., None]) -> Callable[..., None]:
        command.__dict__[_WITHOUT] = without
        return command

    return noted


def spread(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each field of the groups that it takes."""
    without = command.__dict__.get(_WITHOUT)
    if without is None:
        return command
    parameters: list[Parameter] = []
    groups: dict[str, tuple[Callable[..., Any], list[str]]] = {}
    for parameter in signature(command).parameters.values():
        if parameter.annotation not in _GROUPS:
            parameters.append(parameter)
            continue
        own = signature(parameter.annotation).parameters
        fields = [one for name, one in own.items() if name not in without]
        groups[parameter.name] = parameter.annotation, [one.name for one in fields]
        parameters += [one.replace(kind=Parameter.KEYWORD_ONLY) for one in fields]

    @wraps(command)
    def run(**values: Any) -> None:  # noqa: ANN401 - the options are of many types
        for name, (group, fields) in groups.items():
            values[name] = group(**{field: values.pop(field) for field in fields})
        command(**values)

    parameters.sort(key=lambda one: one.kind)
    run.__dict__["__signature__"] = signature(command).replace(parameters=parameters)
    return run
