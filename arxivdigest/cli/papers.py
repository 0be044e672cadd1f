"""The commands about papers by their ids or numbers: show, open, pdf, bib, star, unstar."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Argument, Exit, Option

from arxivdigest.cli import options
from arxivdigest.cli.last_list import asked_for
from arxivdigest.cli.places import load
from arxivdigest.cli.request import surroundings, world
from arxivdigest.cli.shell import complain, console, is_terminal, now, worst, write
from arxivdigest.cli.showing import View, put
from arxivdigest.errors import DigestError, OutputError, PaperError, TryAgainError, UsageError

if TYPE_CHECKING:
    from arxivdigest.config import Config
    from arxivdigest.finding import Asked, Found, Library, Paper
    from arxivdigest.model import Ruling
    from arxivdigest.output.paper import History
    from arxivdigest.store.reader import Records

ArxivIds = Annotated[
    list[str],
    Argument(
        metavar="ID...",
        help="Such as 2507.07120, or numbers in the list shown last: 3, 2-5.",
        show_default=False,
    ),
]
AsPdf = Annotated[bool, Option("--pdf", help="The PDF, not the abstract page.")]
AsHtml = Annotated[bool, Option("--html", help="The HTML version, not the abstract page.")]
Printed = Annotated[bool, Option("--print", help="Print the address, open nothing.")]
Folder = Annotated[
    str | None,
    Option("--to", metavar="DIR", help="Put them there, not where [papers] folder says."),
]
Note = Annotated[str | None, Option(metavar="TEXT", help="Why it is kept.")]


class Shelves(NamedTuple):
    """What is stored: papers, and the record that stars are in."""

    library: "Library"
    records: "Records"


@contextmanager
def opened() -> Iterator[Shelves]:
    """What is stored, for one command; what is wrong with it is said once."""
    from arxivdigest.finding import Library
    from arxivdigest.store import starred
    from arxivdigest.store.file import WITHOUT_IT, opened_reader
    from arxivdigest.store.file import opened as opened_listings

    around = world(quiet=True)
    with (
        opened_listings(around.state, complain, WITHOUT_IT) as store,
        opened_reader(around.state, complain, WITHOUT_IT) as records,
    ):
        yield Shelves(Library(store, starred.starred(records)), records)


def _echo(one: "Asked", paper: "Paper | None") -> None:
    """Say which paper a number is, so that an old number is seen."""
    if one.number is not None:
        title = f": {_title(paper)}" if paper else ""
        complain(f"{one.number} is {one.identifier}{title}")


def _title(paper: "Paper") -> str:
    from arxivdigest.text.readable import readable

    return readable(paper.entry.title)


def _paper(one: "Asked", shelves: Shelves) -> "Paper | None":
    """What is stored of the paper, of the version that is asked for where that is stored."""
    paper = shelves.library.paper(one.identifier.arxiv_id)
    wanted = one.identifier.version
    if paper is None or wanted is None:
        return paper
    paper = paper._replace(version=wanted)
    if paper.entry.version not in (None, wanted):
        complain(f"v{wanted} of {paper.entry.arxiv_id} is not stored; v{paper.entry.version} is")
    return paper


def _not_stored(one: "Asked") -> PaperError:
    return PaperError(f"{one.identifier} is not stored; see https://arxiv.org/abs/{one.identifier}")


def ruled(paper: "Paper", shelves: Shelves, config: "Config") -> "Found":
    """The paper as the rules see it, with its star, and with what it changed."""
    from arxivdigest.digest import Shelf
    from arxivdigest.finding import Found

    entry, day = paper.entry, paper.announced
    stars = {entry.arxiv_id} if paper.starred else frozenset[str]()
    shelf = Shelf(stars, shelves.library.changes)
    ruling = shelf.ruled(config.rule_set().rule(entry), day, config.output)
    return Found(day, ruling._replace(note=paper.starred.note if paper.starred else None))


_NO_DIGEST = ("show_all", "limit", "skip_empty", "unseen", "to", "sender", "quiet")


@options.grouped(without=_NO_DIGEST)
def show(
    arxiv_ids: ArxivIds,
    *,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
    look: options.Look,
) -> None:
    """Show papers whole, by id or by number in the last list."""
    config = load(config_file, profile)
    view = View(config, options.Ask(config_file=config_file, profile=profile), look)
    lacking: list[Asked] = []
    parts: list[str] = []
    found: list[Found] = []
    with opened() as shelves:
        for one in asked_for(arxiv_ids):
            paper = _paper(one, shelves)
            if paper is None:
                lacking.append(one)
                continue
            found.append(ruled(paper, shelves, config))
            if look.format_name is None:
                parts.append(_whole(found[-1].ruling, paper, look))
        if look.format_name is not None and found:
            numbered = [one.ruling.entry.arxiv_id for one in found]
            put(view, _in_format(look.format_name, found, view), numbered)
        elif parts:
            put(view, "\n".join(parts))
    for one in lacking:
        write(f"https://arxiv.org/abs/{one.identifier}\n")
    _end(lacking)


def _in_format(name: str, found: "Sequence[Found]", view: View) -> bytes | str:
    from arxivdigest import output as outputs
    from arxivdigest.finding import papers
    from arxivdigest.text.counts import counted

    digest = papers(found, "Papers", f"{counted(len(found), 'paper')}.")
    around = surroundings(view.config, view.ask, None, None, view.look.output)
    return outputs.render(name, digest, around, abstracts=view.look.abstracts)


def _whole(ruling: "Ruling", paper: "Paper", look: options.Look) -> str:
    from arxivdigest.output import paper as papers
    from arxivdigest.output import terminal, wording

    # The note on its star stands beside the star.
    words = wording.entry(ruling._replace(note=None), abstracts=look.abstracts is not False)
    # In a pipe the lines are as long as what they say, and rich is not even loaded.
    if not (is_terminal(look.output) or os.environ.get("FORCE_COLOR")):
        lines = papers.lines(words, _history(paper), None)
        return "".join("".join(run.text for run in line).rstrip() + "\n" for line in lines)
    screen = console(look.output)
    return terminal.draw(papers.lines(words, _history(paper), screen.width), screen)


def _history(paper: "Paper") -> "History":
    from arxivdigest.output.paper import History

    starred = paper.starred
    return History(
        tuple(
            (one.announced, one.entry.announce_type, one.entry.version) for one in paper.appearances
        ),
        starred.at.date() if starred else None,
        starred.note if starred else None,
    )


def open_papers(
    arxiv_ids: ArxivIds,
    *,
    pdf: AsPdf = False,
    html: AsHtml = False,
    printed: Printed = False,
) -> None:
    """Open papers in the browser, or print their addresses.

    Over ssh and without a display, the addresses are printed; BROWSER names another browser.
    """
    if pdf and html:
        raise UsageError("--pdf and --html are two pages; give one of them")
    kind = "pdf" if pdf else "html" if html else "abs"
    with opened() as shelves:
        for one in asked_for(arxiv_ids):
            _echo(one, shelves.library.paper(one.identifier.arxiv_id) if one.number else None)
            address = f"https://arxiv.org/{kind}/{one.identifier}"
            if printed or not _has_browser() or not _browse(address):
                write(f"{address}\n")


def _has_browser() -> bool:
    """Whether a browser can be seen by whoever asks for one."""
    if os.environ.get("BROWSER"):
        return True
    if os.environ.get("SSH_CONNECTION") or os.environ.get("SSH_TTY"):
        return False
    has_display = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    return bool(has_display) or sys.platform in ("darwin", "win32")


def _browse(address: str) -> bool:
    import webbrowser

    try:
        return webbrowser.open(address)
    except (webbrowser.Error, OSError):
        return False


def pdf(
    arxiv_ids: ArxivIds,
    *,
    folder: Folder = None,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
    quiet: options.Quiet = False,
) -> None:
    """Fetch the PDFs of papers, politely; print where they are."""
    from arxivdigest import reading

    config = load(config_file, profile)
    place = Path(folder or config.papers.folder or ".").expanduser()
    around = world(quiet=quiet)
    with opened() as shelves:
        wanted = [
            (one, shelves.library.paper(one.identifier.arxiv_id)) for one in asked_for(arxiv_ids)
        ]
    codes: list[int] = []
    for one, paper in wanted:
        _echo(one, paper)
        try:
            path = place / _file_name(one, paper, config)
            if not path.is_file():  # one that is there is not fetched again
                _put(reading.pdf(str(one.identifier), config.fetch, around), path)
        except DigestError as error:
            complain(f"digest: {error}")
            codes.append(error.exit_code)
            continue
        write(os.fsencode(path) + b"\n")
    if codes:
        raise Exit(worst(codes))


def _put(data: bytes, path: Path) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{path.parent} cannot be made: {error.strerror}") from error
    write(data, str(path))


def _file_name(one: "Asked", paper: "Paper | None", config: "Config") -> str:
    from arxivdigest.fetch.pdf import file_name
    from arxivdigest.output.pdf_name import pdf_name

    arxiv_id = str(one.identifier)
    wanted = pdf_name(config.papers.name, arxiv_id, paper.entry if paper else None)
    return file_name(wanted, arxiv_id)


@options.grouped(without=_NO_DIGEST)
def bib(
    arxiv_ids: ArxivIds,
    *,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
    look: options.Look,
) -> None:
    """Print papers as BibTeX, as arXiv itself exports it."""
    config = load(config_file, profile)
    view = View(config, options.Ask(config_file=config_file, profile=profile), look)
    lacking: list[Asked] = []
    found: list[Found] = []
    with opened() as shelves:
        for one in asked_for(arxiv_ids):
            paper = _paper(one, shelves)
            _echo(one, paper)
            if paper is None:
                lacking.append(one)
            else:
                found.append(ruled(paper, shelves, config))
        if found:
            put(view, _in_format(look.format_name or "bibtex", found, view))
    _end(lacking)


def star(arxiv_ids: ArxivIds, *, note: Note = None) -> None:
    """Keep papers whole and for ever, marked in every output."""
    from arxivdigest.store import starred

    lacking: list[Asked] = []
    with opened() as shelves:
        for one in asked_for(arxiv_ids):
            paper = _paper(one, shelves)
            if paper is None:
                lacking.append(one)
                continue
            starred.star(shelves.records, paper.entry, paper.announced, note, now())
            if not shelves.records.is_lasting:
                raise TryAgainError("nothing was starred, as nothing can be kept")
            complain(f"Starred {one.identifier.arxiv_id}: {_title(paper)}")
    _end(lacking)


def unstar(arxiv_ids: ArxivIds) -> None:
    """Keep papers no longer than others."""
    from arxivdigest.store import starred

    unknown: list[Asked] = []
    with opened() as shelves:
        for one in asked_for(arxiv_ids):
            paper = shelves.library.paper(one.identifier.arxiv_id)
            if starred.unstar(shelves.records, one.identifier.arxiv_id):
                title = f": {_title(paper)}" if paper else ""
                complain(f"No longer starred: {one.identifier.arxiv_id}{title}")
            else:
                unknown.append(one)
    for one in unknown:
        complain(f"digest: {one.identifier.arxiv_id} is not starred")
    if unknown:
        raise Exit(PaperError.exit_code)


def _end(lacking: "Sequence[Asked]") -> None:
    """Say what is not stored, and end so."""
    for one in lacking:
        complain(f"digest: {_not_stored(one)}")
    if lacking:
        raise Exit(PaperError.exit_code)
