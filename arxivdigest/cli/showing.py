"""A digest shown: written where it belongs, with what is to be said of it on standard error."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from typer import Exit

from arxivdigest.cli.options import Ask, Look
from arxivdigest.cli.request import surroundings
from arxivdigest.cli.shell import complain, is_terminal, write
from arxivdigest.errors import TryAgainError

if TYPE_CHECKING:
    from arxivdigest.config import Config
    from arxivdigest.digest import Shelf
    from arxivdigest.model import Digest
    from arxivdigest.verdict import Gathered


class View(NamedTuple):
    """How a digest is shown, and to whom; `is_series` where it may be of any number of days.

    `seen_as` is what is said of the entries that are left out.
    """

    config: "Config"
    ask: Ask
    look: Look
    is_series: bool = False
    seen_as: str = "acknowledged before"


def present(
    view: View,
    read: Sequence["Gathered"],
    seen: Mapping[date, Collection[str]],
    remarks: Sequence[str] = (),
    shelf: "Shelf | None" = None,
) -> "Digest":
    """The digest of what was read, once it is written out."""
    from arxivdigest import digest as digests

    digest = digests.build(
        [one.listing for one in read],
        view.config,
        show_all=view.look.show_all,
        limit=view.look.limit,
        seen=seen,
        seen_as=view.seen_as,
        is_series=view.is_series,
        shelf=shelf or digests.NO_SHELF,
    )
    digest = digest._replace(remarks=tuple(remarks))
    is_fine = digest.verdict.is_whole and not any(one.error for one in read)
    write_out(view, digest, is_fine=is_fine)
    return digest


def write_out(view: View, digest: "Digest", *, is_fine: bool) -> None:
    """Write a digest out, and to standard error what is to be said of it."""
    from arxivdigest import output as outputs

    config, look = view.config, view.look
    is_silent = look.skip_empty and not digest.selected and is_fine
    name = look.format_name or _default_format(config.output.format, look.output)
    if not is_silent:
        around = surroundings(config, view.ask, look.to, look.sender, look.output)
        rendered = outputs.render(name, digest, around, abstracts=look.abstracts)
        put(view, rendered, [ruling.entry.arxiv_id for ruling in digest.rulings])
    if not (is_silent or (look.quiet and is_fine)):
        for sentence in _verdicts(digest, name, look.output):
            complain(sentence)
    for remark in digest.remarks:
        complain(remark)


def put(view: View, rendered: bytes | str, numbered: Sequence[str] = ()) -> None:
    """Write what was rendered where it belongs, on a terminal by the pager if one is wanted.

    `numbered` are the ids that it gives numbers to, for later commands on this terminal.
    """
    config, look = view.config, view.look
    if not is_terminal(look.output):
        write(rendered, look.output)
        return
    from arxivdigest.cli.pager import show

    show(rendered, look.output, paged=config.output.pager and not look.no_pager)
    if numbered:
        from arxivdigest.cli.last_list import note

        note(numbered)


def _verdicts(digest: "Digest", name: str, output: str | None) -> list[str]:
    """The verdict on each day; on all together where the table on a terminal has the others.

    Of papers of many days there is one.
    """
    if not digest.days or digest.about or (name == "table" and is_terminal(output)):
        return [digest.verdict.message]
    return [day.verdict.message for day in digest.days]


def _default_format(configured: str | None, output: str | None) -> str:
    """The configured format, though a table goes to a terminal only."""
    if configured is None or configured == "table":
        return "table" if is_terminal(output) else "plain"
    return configured


def end(read: Sequence["Gathered"]) -> None:
    """End with the exit code of what could not be read, if anything."""
    codes = {one.error.exit_code for one in read if one.error}
    if codes:
        raise Exit(codes.pop() if len(codes) == 1 else TryAgainError.exit_code)


def catchup_command(ask: Ask) -> str:
    """The command that shows what was not seen, for whoever asks so."""
    options = ["--config", str(ask.config_file)] if ask.config_file else []
    options += ["--profile", ask.profile] if ask.profile else []
    if not options:
        return "digest catchup"
    from shlex import join

    return join(["digest", "catchup", *options])
