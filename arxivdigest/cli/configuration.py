"""The commands about the configuration: config, categories."""

import os
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument

from arxivdigest.cli import options
from arxivdigest.cli.places import config_path, load, load_existing, template_folders
from arxivdigest.cli.shell import is_terminal, write
from arxivdigest.errors import ConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from arxivdigest.arxiv.taxonomy import Subject

Words = Annotated[
    list[str] | None,
    Argument(
        metavar="[WORD]...", help="In the label, the name or the archive.", show_default=False
    ),
]


config_app = typer.Typer(rich_markup_mode=None)


@config_app.callback(invoke_without_command=True)
def config(context: typer.Context) -> None:
    """Where the configuration is, what it says, whether it is right."""
    if context.invoked_subcommand is None:
        write(f"{context.get_help()}\n")


@config_app.command("path")
def show_path() -> None:
    """Print where the configuration is, or would be."""
    write(os.fsencode(config_path()) + b"\n")


@config_app.command("show")
def show(config_file: options.ConfigFile = None, profile: options.Profile = None) -> None:
    """Print the settings in force, defaults among them, as TOML."""
    from arxivdigest import config as configs
    from arxivdigest.config import toml

    write(toml.dump(configs.in_force(load(config_file, profile))).encode())


@config_app.command("reference")
def reference() -> None:
    """Print what every key of the configuration does, and what a rule means."""
    from arxivdigest.config import schema

    write(schema.reference_file().read_bytes())


@config_app.command("check")
def check(config_file: options.ConfigFile = None, profile: options.Profile = None) -> None:
    """Say whether the configuration is right, or all that is wrong with it."""
    from arxivdigest.text import safe
    from arxivdigest.text.counts import counted

    path = safe(str(config_path(config_file)))
    config = load_existing(config_file, profile)
    if config is None:
        write(f"There is no {path}, and none is needed; digest init writes one.\n")
        return
    from arxivdigest import config as configs
    from arxivdigest.config.advice import advice
    from arxivdigest.output.unusable import unusable

    text = configs.text_of(config_path(config_file))
    odd, to_mend = advice(config)
    wrong = [*to_mend, *unusable(config, template_folders(config_file))]
    if wrong:
        raise ConfigError(configs.worded(wrong, path, text, profile))
    write("".join(f"{line}\n" for line in configs.worded(odd, path, text, profile)))
    said = f"{counted(len(config.subjects), 'subject')}, {counted(len(config.rules), 'rule')}"
    write(f"{path} is right: {said}.\n")


def categories(words: Words = None) -> None:
    """List arXiv's subjects, or search them."""
    from arxivdigest.arxiv import taxonomy
    from arxivdigest.cli.pager import tell

    wanted = " ".join(words or ())
    found = taxonomy.search(wanted)
    if not found:
        raise UsageError(f'arXiv has no subject with "{wanted}" in its name')
    lines = _for_person(found) if is_terminal(None) else map(_for_pipe, found)
    tell("".join(f"{line}\n" for line in lines))


def _for_pipe(found: "Subject") -> str:
    from arxivdigest.arxiv.taxonomy import ARCHIVES

    columns = [found.id, found.name, ARCHIVES[found.archive].name]
    return "\t".join(columns + ([found.alias_of] if found.alias_of else []))


def _for_person(found: "Sequence[Subject]") -> list[str]:
    from arxivdigest.arxiv.taxonomy import ARCHIVES

    widest = max(len(one.id) for one in found)
    lines: list[str] = []
    archive = None
    for one in found:
        if one.archive != archive:
            archive = one.archive
            lines += [*([""] if lines else []), ARCHIVES[archive].name]
        alias = f" (listed as {one.alias_of})" if one.alias_of else ""
        lines.append(f"  {one.id:<{widest}}  {one.name}{alias}")
    return lines
