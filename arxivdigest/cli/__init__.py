"""The command line: its commands put together; errors become one line and an exit code."""

import sys
from collections import UserDict
from importlib import import_module
from typing import Any, NamedTuple, NoReturn

import typer
import typer.main
from typer.core import TyperGroup

from arxivdigest import __version__
from arxivdigest.cli import options
from arxivdigest.cli.shell import complain, end_in_order, forget, write
from arxivdigest.errors import ConfigError, DigestError

INTERRUPTED = 130
COMPLETE = "--complete"
"""What the scripts of `cli.completion` ask with for the words that may come next."""


class _Command(NamedTuple):
    """Where a command is, and the first line of its help, which needs none of them loaded."""

    module: str
    name: str
    summary: str

    def load(self) -> Any:  # noqa: ANN401 - a function, or a group of typer's
        """The function that the command is, or the group of its commands."""
        return getattr(import_module(f"arxivdigest.cli.{self.module}"), self.name)


COMMANDS = {
    "today": _Command("announcement", "today", "Show the newest announcement, through your rules."),
    "catchup": _Command("catchup", "catchup", "Show every announcement that was not seen."),
    "on": _Command("announcement", "on", "Show the announcements of days up to 90 days back."),
    "days": _Command(
        *("days", "days"),
        "Say what is known of the last announcements, and when each was shown or sent.",
    ),
    "when": _Command(
        "announcement", "when", "Say when arXiv announced last, and when it does next."
    ),
    "why": _Command(
        *("announcement", "why"),
        "Say what each rule made of an entry, on the last day that has it.",
    ),
    "show": _Command("papers", "show", "Show papers whole, by id or by number in the last list."),
    "open": _Command(
        "papers", "open_papers", "Open papers in the browser, or print their addresses."
    ),
    "pdf": _Command("papers", "pdf", "Fetch the PDFs of papers, politely; print where they are."),
    "bib": _Command("papers", "bib", "Print papers as BibTeX, as arXiv itself exports it."),
    "star": _Command("papers", "star", "Keep papers whole and for ever, marked in every output."),
    "unstar": _Command("papers", "unstar", "Keep papers no longer than others."),
    "starred": _Command("finding", "starred", "List what is starred, the newest star first."),
    "search": _Command(
        *("finding", "search"), "Search all that is stored, as a rule would, the newest first."
    ),
    "changes": _Command(
        *("finding", "changes"), "Say what replacements changed, those of the newest day."
    ),
    "send": _Command(
        *("sending", "send"),
        "Send what is not sent yet by e-mail: the newest announcement, and what came before it.",
    ),
    "ack": _Command("sending", "ack", "Note what was shown last as delivered, for --unseen."),
    "init": _Command("init", "init", "Write a commented configuration to start from."),
    "config": _Command(
        *("configuration", "config_app"),
        "Where the configuration is, what it says, whether it is right.",
    ),
    "categories": _Command("configuration", "categories", "List arXiv's subjects, or search them."),
    "template": _Command(
        *("templates", "template_app"), "Templates: the project's, and your own in their place."
    ),
    "completion": _Command(
        *("completion", "completion"), "Print what makes bash, zsh or fish complete words."
    ),
}


class _Commands(UserDict[str, Any]):
    """The commands by name, each loaded and put together when it is asked for."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer's own
        command = self.data[name].load()
        if isinstance(command, typer.Typer):
            for one in command.registered_commands:
                one.cls = options.Command
            group = typer.main.get_command(command)
            group.name = name
            return group
        alone = typer.Typer(rich_markup_mode=None, add_completion=False)
        alone.command(name, cls=_command_class(name))(options.spread(command))
        return typer.main.get_command(alone)


def _command_class(name: str) -> type[options.Command]:
    """The class of a command, of which that of `on` takes days such as -3."""
    if name != "on":
        return options.Command
    from arxivdigest.cli.dates import DaysCommand

    return DaysCommand


class _Group(TyperGroup):
    """The program itself, whose help needs none of its commands put together."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - typer's own
        super().__init__(**settings)
        self.commands = _Commands(COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - typer's own
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.summary) for name, one in COMMANDS.items()])


app = typer.Typer(
    name="digest",
    cls=_Group,
    add_completion=False,
    epilog="Begin with: digest today cs.DC -k 'KV cache'",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)


@app.callback(invoke_without_command=True)
def digest(context: typer.Context, *, version: options.Version = False) -> None:
    """The day's arXiv announcement, through your own rules."""
    if version:
        write(f"arxivdigest {__version__}\n")
    elif context.invoked_subcommand is None:
        write(f"{context.get_help()}\n")


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    end_in_order()
    try:
        code = _run()
    except BrokenPipeError:  # where typer itself prints help, and nobody reads on
        forget(sys.stdout)
        code = 0
    except MemoryError:
        complain("digest: there is not enough memory for this")
        code = 1
    except OverflowError as error:  # of a date: nothing else here can grow as large
        complain(f"digest: a date is out of all bounds ({error}); look at this machine's clock")
        code = 1
    except ImportError as error:
        complain(f"digest: a part of the program cannot be loaded ({error}); install it anew")
        code = 1
    except OSError as error:
        forget(sys.stdout)
        complain(f"digest: {error.strerror or error}")
        code = 1
    sys.exit(code or 0)


def _run() -> int | None:
    """The exit code of the command; errors that are expected are said."""
    stdout = sys.stdout
    try:
        if sys.argv[1:2] == [COMPLETE]:
            from arxivdigest.cli import completion

            completion.answer(typer.main.get_command(app), sys.argv[2:])
            return 0
        code: int | None = app(prog_name="digest", standalone_mode=False)
    except ConfigError as error:
        for complaint in error.complaints:
            complain(complaint)
        code = error.exit_code
    except DigestError as error:
        complain(f"digest: {error}")
        code = error.exit_code
    except SystemExit:
        if sys.stdout is stdout:
            raise
        # Typer wraps a pipe that nobody reads, and ends with 1.
        sys.stdout = stdout
        raise BrokenPipeError from None
    except typer.Abort:
        code = INTERRUPTED
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "digest"
        complain(f"digest: {error.format_message()} (see: {command} --help)")
        code = error.exit_code
    return code
