"""The command line: its commands put together; errors become one line and an exit code."""

import sys
from collections import UserDict
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

import typer
import typer.main
from typer.core import TyperGroup

from arxivdigest import __version__
from arxivdigest.cli import (
    announcement,
    beginning,
    catchup,
    completion,
    configuration,
    days,
    finding,
    options,
    papers,
    sending,
    templates,
)
from arxivdigest.cli.dates import DaysCommand
from arxivdigest.cli.shell import complain, end_in_order, forget, write
from arxivdigest.errors import ConfigError, DigestError

INTERRUPTED = 130

_COMMANDS: Mapping[str, Callable[..., None] | typer.Typer] = {
    "today": announcement.today,
    "catchup": catchup.catchup,
    "on": announcement.on,
    "days": days.days,
    "when": announcement.when,
    "why": announcement.why,
    "show": papers.show,
    "open": papers.open_papers,
    "pdf": papers.pdf,
    "bib": papers.bib,
    "star": papers.star,
    "unstar": papers.unstar,
    "starred": finding.starred,
    "search": finding.search,
    "changes": finding.changes,
    "send": sending.send,
    "ack": sending.ack,
    "init": beginning.init,
    "config": configuration.config_app,
    "categories": configuration.categories,
    "template": templates.template_app,
    "completion": completion.completion,
}


class _Commands(UserDict[str, Any]):
    """The commands by name, each put together when it is asked for: that takes 0.5 ms."""

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - typer's own
        command = self.data[name]
        if isinstance(command, typer.Typer):
            group = typer.main.get_command(command)
            group.name = name
            return group
        alone = typer.Typer(rich_markup_mode=None, add_completion=False)
        alone.command(name, cls=DaysCommand if name == "on" else None)(command)
        return typer.main.get_command(alone)


class _Group(TyperGroup):
    """The program itself, whose help needs none of its commands put together."""

    def __init__(self, **settings: Any) -> None:  # noqa: ANN401 - typer's own
        super().__init__(**settings)
        self.commands = _Commands(_COMMANDS)

    def format_commands(self, ctx: Any, formatter: Any) -> None:  # noqa: ANN401, ARG002 - typer's own
        with formatter.section("Commands"):
            formatter.write_dl([(name, _summary(command)) for name, command in _COMMANDS.items()])


def _summary(command: Callable[..., None] | typer.Typer) -> str:
    """The first line of a command's help."""
    callback = command.registered_callback if isinstance(command, typer.Typer) else None
    described = callback.callback if callback else command
    return (described.__doc__ or "").partition("\n")[0]


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
        if sys.argv[1:2] == [completion.WORDS]:
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
