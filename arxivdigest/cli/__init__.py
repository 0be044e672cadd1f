"""The command line: its commands put together; errors become one line and an exit code."""

import sys
from typing import NoReturn

import typer

from arxivdigest import __version__
from arxivdigest.cli import announcement, configuration, options, sending, templates
from arxivdigest.cli.shell import complain, end_in_order, forget, write
from arxivdigest.errors import ConfigError, DigestError

INTERRUPTED = 130

app = typer.Typer(
    name="digest",
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


app.command()(announcement.today)
app.command()(announcement.on)
app.command()(announcement.when)
app.command()(announcement.why)
app.command()(sending.send)
app.command()(sending.ack)
app.command()(configuration.init)
app.add_typer(configuration.config_app, name="config")
app.command()(configuration.categories)
app.add_typer(templates.template_app, name="template")


def main() -> NoReturn:
    """Run the command line and exit with its code."""
    end_in_order()
    try:
        code = app(prog_name="digest", standalone_mode=False)
    except ConfigError as error:
        for complaint in error.complaints:
            complain(complaint)
        code = error.exit_code
    except DigestError as error:
        complain(f"digest: {error}")
        code = error.exit_code
    except typer.Abort:
        code = INTERRUPTED
    except typer.TyperException as error:
        context = getattr(error, "ctx", None)
        command = context.command_path if context else "digest"
        complain(f"digest: {error.format_message()} (see: {command} --help)")
        code = error.exit_code
    except OSError as error:  # where typer itself prints help, and the disk is full
        forget(sys.stdout)
        complain(f"digest: {error.strerror}")
        code = 1
    sys.exit(code or 0)
