"""Writes the manual pages anew, from the commands' own help and the reference: `python manual.py`.

They are committed, so that a wheel holds them without anything being run when it is built.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer.main

from arxivdigest.cli import app
from arxivdigest.config.schema import reference_file

FOLDER = Path(__file__).parent.parent / "arxivdigest" / "man"
FILES = """\
.TP
.I ~/.config/arxivdigest/config.toml
The configuration; see \\fBdigest\\-config\\fR(5).
.TP
.I ~/.config/arxivdigest/templates/
Templates of your own.
.TP
.I ~/.local/state/arxivdigest/listings.sqlite
What arXiv said.
.TP
.I ~/.local/state/arxivdigest/reader.sqlite
What you did: seen, sent, starred.
"""
ENVIRONMENT = """\
.TP
.B ARXIVDIGEST_CONFIG
Another configuration.
.TP
.BR DIGEST_PAGER ", " PAGER
What shows what is taller than the terminal.
.TP
.B BROWSER
What
.B digest open
opens papers in.
.TP
.BR NO_COLOR ", " FORCE_COLOR ", " TERM ", " COLUMNS
What the terminal can show.
"""
EXITS = """\
.TP
.B 0
Done, also when nothing matched or nothing was announced.
.TP
.B 1
A listing, a paper or a file could not be read or written, or a message was refused for good.
.TP
.B 2
Wrong usage, or a wrong configuration.
.TP
.B 75
Try again later: the network, arXiv or the mail server.
.TP
.B 130
Interrupted.
"""


def roff(text: str) -> str:
    """Text for roff, nothing in which is taken for a request, or for a sign that it is not."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace("`", "")
    # Outside ASCII, roff takes bytes for Latin-1 (groff_char(7)).
    text = "".join(one if one.isascii() else f"\\[u{ord(one):04X}]" for one in text)
    return "\n".join(f"\\&{line}" if line.startswith(".") else line for line in text.split("\n"))


def commands(group: Any, before: str = "digest") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer's own
    """Every command, with its whole name."""
    for name in group.commands:
        command = group.commands[name]
        if hasattr(command, "commands"):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


def page() -> str:
    """digest(1)."""
    program = typer.main.get_command(app)
    lines = [
        '.TH DIGEST 1 "" "arxivdigest" "User Commands"',
        ".SH NAME",
        "digest \\- the day's arXiv announcement, through your own rules",
        ".SH SYNOPSIS",
        ".B digest",
        ".I COMMAND",
        "[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]",
        ".SH COMMANDS",
    ]
    for name, command in commands(program):
        lines += _command(name, command)
    lines += [".SH EXIT STATUS", EXITS.rstrip(), ".SH ENVIRONMENT", ENVIRONMENT.rstrip()]
    lines += [".SH FILES", FILES.rstrip(), ".SH SEE ALSO", ".BR digest\\-config (5)"]
    return "\n".join(lines) + "\n"


def _command(name: str, command: Any) -> Iterator[str]:  # noqa: ANN401 - typer's own
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    named = [f" \\fI{roff(one.metavar or one.name)}\\fR" for one in arguments]
    yield f".SS {roff(name)}{''.join(named)}"
    said = re.sub(r"\n +", "\n", (command.help or "").strip())
    yield "\n.PP\n".join(roff(one) for one in re.split(r"\n\n+", said))
    for one in arguments:
        if one.help:
            yield from (".TP", f".I {roff(one.metavar or one.name)}", roff(one.help))
    for one in command.params:
        if one.param_type_name == "option" and one.help:
            names = ", ".join(f"\\fB{roff(opt)}\\fR" for opt in (*one.opts, *one.secondary_opts))
            value = f" \\fI{roff(one.metavar)}\\fR" if one.metavar and not one.is_flag else ""
            yield from (".TP", f"{names}{value}", roff(one.help))


def config_page() -> str:
    """digest-config(5), from the reference."""
    lines = [
        '.TH DIGEST\\-CONFIG 5 "" "arxivdigest" "File Formats"',
        ".SH NAME",
        "digest\\-config \\- the configuration of digest(1)",
    ]
    text = reference_file().read_text(encoding="utf-8")
    for block in text.split("\n\n")[1:]:
        lines += _block(block.strip("\n"))
    lines += [".SH SEE ALSO", ".BR digest (1)"]
    return "\n".join(lines) + "\n"


def _block(block: str) -> Iterator[str]:
    if block.startswith("#"):
        yield f".{'SH' if block.startswith('## ') else 'SS'} {roff(block.lstrip('# ')).upper()}"
    elif block.startswith("|"):
        for row in block.splitlines()[2:]:
            first, *others = (cell.strip() for cell in re.split(r"(?<!\\)\|", row.strip("| ")))
            yield from (".TP", f".B {roff(first)}", roff(". ".join(_said(others))))
    elif block.startswith("```"):
        yield from (".PP", ".nf", ".RS 4", roff("\n".join(block.splitlines()[1:-1])), ".RE", ".fi")
    elif re.match(r"[-*] ", block):
        for item in re.split(r"\n(?=[-*] )", block):
            yield from (".IP \\(bu 2", roff(_plain(item[2:])))
    else:
        yield from (".PP", roff(_plain(block)))


def _said(cells: list[str]) -> Iterator[str]:
    """A key's type and default, and what it does."""
    if len(cells) == 4:
        kind, default, does, since = cells
        yield f"{_plain(does).rstrip('.')}"
        yield f"{kind.capitalize()}; default {_plain(default)}; since {since}."
    else:
        yield "; ".join(map(_plain, cells))


def _plain(text: str) -> str:
    """Markdown as it reads: links by their words, no marks for code or emphasis."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text).replace("**", "").replace("\\|", "|")
    return re.sub(r"\s*\n\s*", "\n", text)


PAGES = {"digest.1": page, "digest-config.5": config_page}

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, made in PAGES.items():
        (FOLDER / file).write_text(made(), encoding="utf-8")
