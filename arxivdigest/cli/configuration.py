"""The commands about the configuration, and finding it for the others."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument

from arxivdigest.cli import options
from arxivdigest.cli.shell import is_terminal, write
from arxivdigest.errors import ConfigError, NoConfigError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from arxivdigest.arxiv.taxonomy import Subject
    from arxivdigest.config import Config

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


def folder() -> Path:
    """The user's folder for the configuration and the templates."""
    from platformdirs import user_config_path

    return _place(user_config_path)


def state_folder() -> Path:
    """The user's folder for what is kept between runs."""
    from platformdirs import user_state_path

    return _place(user_state_path)


def cache_folder() -> Path:
    """The user's folder for what can be made again at any time."""
    from platformdirs import user_cache_path

    return _place(user_cache_path)


_NOWHERE = Path(os.devnull)


def _place(find: "Callable[[str], Path]") -> Path:
    """A folder of the user's; who has no home, as some containers' users, has none that can be."""
    try:
        return find("arxivdigest")
    except RuntimeError:
        return _NOWHERE / "arxivdigest"


def config_path(config_file: Path | None = None) -> Path:
    """Where the configuration is, or would be."""
    return config_file or _named_path() or folder() / "config.toml"


def template_folders(config_file: Path | None = None) -> list[Path]:
    """The user's folders for templates: beside the configuration in use, then the usual one."""
    beside = config_path(config_file).parent / "templates"
    usual = folder() / "templates"
    return [beside] if beside == usual else [beside, usual]


def _named_path() -> Path | None:
    named = os.environ.get("ARXIVDIGEST_CONFIG")
    return Path(named) if named else None


def load(config_file: Path | None, profile: str | None) -> "Config":
    """The configuration: the file named, or the user's own, or the defaults where there is none."""
    from arxivdigest import config as configs

    found = _load_existing(config_file, profile)
    return found or configs.read("", str(config_path()), profile)


def _load_existing(config_file: Path | None, profile: str | None) -> "Config | None":
    """The configuration, or None where the user has none; one that is named must be there."""
    from arxivdigest import config as configs

    path = config_path(config_file)
    is_named = bool(config_file or _named_path())
    if not is_named and not path.parent.is_dir():  # it may be below what is no folder at all
        return None
    try:
        return configs.load(path, profile)
    except NoConfigError:
        if is_named:
            raise
        return None


def subject(label: str) -> str:
    """The subject as arXiv writes it; a UsageError says what may have been meant."""
    from arxivdigest.arxiv import taxonomy

    try:
        return taxonomy.subject(label)
    except ValueError as error:
        raise UsageError(str(error)) from error


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
    config = _load_existing(config_file, profile)
    if config is None:
        write(f"There is no {path}, and none is needed; digest init writes one.\n")
        return
    from arxivdigest import config as configs
    from arxivdigest.config.advice import advice

    said_of_it = advice(configs.text_of(config_path(config_file)), path, config, profile)
    if said_of_it.to_mend:
        raise ConfigError(said_of_it.to_mend)
    write("".join(f"{line}\n" for line in said_of_it.odd))
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
