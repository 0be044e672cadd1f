"""The list shown last on this terminal: its numbers are what the next command may be given."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.cli.places import state_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from arxivdigest.finding import Asked

_PSEUDO_TERMINALS = range(136, 144)  # the major numbers of /dev/pts on Linux


class Listed(NamedTuple):
    """A paper of the list shown last: its id, and its title where that is still stored."""

    arxiv_id: str
    title: str


def terminal() -> str | None:
    """What tells this terminal from others; None where there is none, as in cron."""
    for descriptor in (1, 0, 2):
        with suppress(OSError):
            return os.ttyname(descriptor)
    # Completion in zsh has no terminal at any of these, and says which one it is.
    return os.environ.get("DIGEST_TTY") or _controlling()


def _controlling() -> str | None:
    """The terminal of the session, on Linux (proc(5): field 7 of stat)."""
    with suppress(OSError, ValueError, IndexError):
        status = Path("/proc/self/stat").read_bytes()
        device = int(status.rpartition(b")")[2].split()[4])
        major, minor = os.major(device), os.minor(device)
        if major in _PSEUDO_TERMINALS:
            return f"/dev/pts/{minor + 256 * (major - _PSEUDO_TERMINALS[0])}"
    return None


def ids_shown() -> "Sequence[str] | None":
    """The ids of the list shown last on this terminal; None where there is no terminal."""
    from arxivdigest.store.file import opened_reader
    from arxivdigest.store.last_list import listed

    named = terminal()
    if named is None:
        return None
    with opened_reader(state_folder(), None) as records:
        return listed(records, named)


def asked_for(words: "Sequence[str]") -> "list[Asked]":
    """The papers that are named by ids, or by numbers in the list shown last on this terminal."""
    from arxivdigest.arxiv.identifier import identifier
    from arxivdigest.finding import asked

    return asked(words, None if all(map(identifier, words)) else ids_shown())


def note(arxiv_ids: "Sequence[str]") -> None:
    """Note what was just shown on this terminal, number by number."""
    from arxivdigest.store.file import opened_reader
    from arxivdigest.store.last_list import note_list

    named = terminal()
    if named is not None:
        with opened_reader(state_folder(), None) as records:
            note_list(records, named, arxiv_ids)


def last_list() -> "Iterator[Listed]":
    """The list shown last on this terminal, with the titles that are still stored."""
    from arxivdigest.finding import Library
    from arxivdigest.store.file import opened
    from arxivdigest.text.readable import readable

    ids = ids_shown()
    if not ids:
        return
    with opened(state_folder(), None) as store:
        library = Library(store)
        for one in ids:
            paper = library.paper(one)
            yield Listed(one, readable(paper.entry.title) if paper else "")
