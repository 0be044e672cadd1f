"""A digest shown: written where it belongs, with what is to be said of it on standard error."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from typer import Exit

from arxivdigest.cli.options import Look
from arxivdigest.cli.request import surroundings
from arxivdigest.cli.shell import complain, in_terminal_lines, is_terminal, write
from arxivdigest.errors import TryAgainError

if TYPE_CHECKING:
    from arxivdigest.config import Config
    from arxivdigest.model import Digest
    from arxivdigest.verdict import Gathered


class View(NamedTuple):
    """How a digest is shown, and to whom."""

    config: "Config"
    look: Look
    profile: str | None


def show(
    view: View,
    read: Sequence["Gathered"],
    seen: Mapping[date, Collection[str]],
    remarks: Sequence[str] = (),
) -> "Digest":
    """The digest of what was read, written out; also the remarks on standard error."""
    from arxivdigest import digest as digests

    listings = [one.listing for one in read]
    digest = digests.build(
        listings, view.config, show_all=view.look.show_all, limit=view.look.limit, seen=seen
    )
    digest = digest._replace(remarks=tuple(remarks))
    is_fine = digest.verdict.is_whole and not any(one.error for one in read)
    write_out(view, digest, is_fine=is_fine)
    return digest


def write_out(view: View, digest: "Digest", *, is_fine: bool) -> None:
    """Write a digest out, and what is to be said of it to standard error."""
    from arxivdigest import output as outputs

    config, look = view.config, view.look
    is_silent = look.skip_empty and not digest.selected and is_fine
    name = look.format_name or _default_format(config.output.format, look.output)
    if not is_silent:
        around = surroundings(config, view.profile, look.to, look.sender, look.output)
        write(outputs.render(name, digest, around, abstracts=look.abstracts), look.output)
    said = [] if is_silent or (look.quiet and is_fine) else _verdicts(digest, name, look.output)
    for sentence in (*said, *digest.remarks):
        for line in in_terminal_lines(sentence):
            complain(line)


def _verdicts(digest: "Digest", name: str, output: str | None) -> list[str]:
    """The verdict on each day; on all together where the table on the terminal has said the rest."""
    is_said = name == "table" and is_terminal(output)
    if is_said or not digest.days:
        return [digest.verdict.message]
    return [day.verdict.message for day in digest.days]


def end(read: Sequence["Gathered"]) -> None:
    """End with the exit code of what could not be read, if anything."""
    codes = [one.error.exit_code for one in read if one.error]
    if codes:
        raise Exit(codes[0] if len(set(codes)) == 1 else TryAgainError.exit_code)


def _default_format(configured: str | None, output: str | None) -> str:
    """The configured format, though a table goes to a terminal only."""
    if configured is None or configured == "table":
        return "table" if is_terminal(output) else "plain"
    return configured
