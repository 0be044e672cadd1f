"""The commands about templates: which there are, reading, copying and trying them."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import typer
from typer import Argument

from arxivdigest.cli import files, options
from arxivdigest.cli.pager import tell
from arxivdigest.cli.places import template_folders
from arxivdigest.cli.shell import complain, is_terminal, write
from arxivdigest.errors import ConfigError, OutputError, UsageError

TemplateName = Annotated[
    str,
    Argument(
        metavar="NAME",
        help="Of a template or its format, such as digest.md.j2 or markdown.",
        show_default=False,
    ),
]
TemplateToCheck = Annotated[
    str | None,
    Argument(
        metavar="[NAME]", help="Of a template or its format; without it: all.", show_default=False
    ),
]


template_app = typer.Typer(rich_markup_mode=None)


@template_app.callback(invoke_without_command=True)
def template(context: typer.Context) -> None:
    """Templates: the project's, and your own in their place.

    What they may use is in: digest template context
    """
    if context.invoked_subcommand is None:
        write(f"{context.get_help()}\n")


@template_app.command("list")
def list_templates(config_file: options.ConfigFile = None) -> None:
    """List the templates: name, format, whose it is, where it is."""
    from arxivdigest.output import templating
    from arxivdigest.text import safe

    paths: dict[str, Path] = {}
    for place in reversed(templating.folders(template_folders(config_file))):
        paths |= {path.name: path for path in templating.templates(place)}
    rows = [
        (
            safe(name),
            safe(templating.format_of(name)) or "-",
            "project" if path.parent == templating.template_folder() else "yours",
            safe(str(path)),
        )
        for name, path in sorted(paths.items())
    ]
    lines = _aligned(rows) if is_terminal(None) else map("\t".join, rows)
    tell("".join(f"{line}\n" for line in lines))


def _aligned(rows: list[tuple[str, str, str, str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


@template_app.command()
def show(name: TemplateName, config_file: options.ConfigFile = None) -> None:
    """Print a template; your own goes first."""
    _, path = _found(name, template_folders(config_file))
    try:
        write(path.read_bytes())
    except OSError as error:
        raise OutputError(f"{path} cannot be read: {error.strerror}") from error


@template_app.command()
def copy(name: TemplateName, config_file: options.ConfigFile = None) -> None:
    """Copy a template of the project's, to change it; never overwrites one."""
    from arxivdigest.output import templating

    folders = template_folders(config_file)
    file, _ = _found(name, folders)
    source, own = templating.template_folder() / file, folders[0] / file
    if os.path.lexists(own):
        raise UsageError(f"{own} is there already; edit it, or move it out of the way")
    try:
        for place in (own.parent.parent, own.parent):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.create(own, source.read_bytes())
    except OSError as error:
        raise OutputError(f"{own} cannot be written: {error.strerror}") from error
    complain(f"Wrote {own}")
    option = f" --config {config_file}" if config_file else ""
    complain(f"Now change it, and run: digest template check {file}{option}")


@template_app.command()
def check(name: TemplateToCheck = None, config_file: options.ConfigFile = None) -> None:
    """Try your templates on made-up digests; say what is wrong."""
    from arxivdigest.output import templating
    from arxivdigest.text import safe

    folders = template_folders(config_file)
    if name is not None:
        names = [_found(name, folders)[0]]
    else:
        names = sorted({path.name for one in folders for path in one.glob("*.j2")})
    if not names:
        named = " or ".join(safe(str(one)) for one in folders)
        write(f"There are no templates in {named}; digest template copy NAME puts one there.\n")
        return
    complaints = list(dict.fromkeys(filter(None, (_complaint(one, folders) for one in names))))
    if complaints:
        raise ConfigError(complaints)
    for one in names:
        write(f"{safe(str(templating.template_path(one, folders)))} is right.\n")


def _complaint(name: str, folders: Sequence[Path]) -> str | None:
    """What is wrong with a template, or with those that use it, if anything is."""
    from arxivdigest.output import templating
    from arxivdigest.output.sample import samples

    own = next((one / name for one in folders if os.path.lexists(one / name)), None)
    if own and not own.is_file():
        return f"{own} is not a file"
    for situation, words in samples():
        for one in (name, *_that_use(name, folders)):
            try:
                templating.render_template(words, one, folders)
            except UsageError as error:
                return f"{error} ({situation})"
    return None


def _that_use(part: str, folders: Sequence[Path]) -> Iterable[str]:
    """The templates that have a part in them; a part by itself shows only what it defines."""
    from arxivdigest.output import templating

    if templating.format_of(part):
        return ()
    places = reversed(templating.folders(folders))
    names = dict.fromkeys(path.name for one in places for path in templating.templates(one))
    return (name for name in names if templating.format_of(name) and _names(name, part, folders))


def _names(name: str, part: str, folders: Sequence[Path]) -> bool:
    from arxivdigest.output import templating

    path = templating.template_path(name, folders)
    try:
        return path is not None and part.encode() in path.read_bytes()
    except OSError:
        return True  # trying it says what is wrong


@template_app.command()
def context() -> None:
    """Print what templates may use: names, types, filters."""
    from arxivdigest.output import templating

    write((templating.template_folder() / "README.md").read_bytes())


def _found(name: str, folders: Sequence[Path]) -> tuple[str, Path]:
    """The file name of a template, and where it is, from that name or the name of its format."""
    from arxivdigest.output import templating
    from arxivdigest.text import closest, safe

    places = templating.folders(folders)
    names = sorted({path.name for one in places for path in templating.templates(one)})
    for file in names:
        stem = "" if file.startswith("digest.") else file.split(".")[0]
        called = {file, file.removesuffix(".j2"), templating.format_of(file), stem} - {""}
        if name in called:
            path = templating.template_path(file, folders)
            if path:
                return file, path
    meant = closest(name, names, cutoff=0.5)
    suggestion = (
        f"did you mean {safe(meant)}?" if meant else f"known: {', '.join(map(safe, names))}"
    )
    raise UsageError(f'there is no template "{safe(name)}"; {suggestion}')
