"""Categories as a page names them: `Robotics (cs.RO)`, the primary one marked and first."""

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.arxiv import taxonomy
from arxivdigest.text import one_line, safe

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_LABEL = re.compile(r"([^;]*?) ?\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")
_LINE_NAME = re.compile(r"^Subjects: ")
_PRIMARY = ".primary-subject"


def categories(details: "LexborNode") -> tuple[str, ...]:
    """An entry's categories, the primary one first; none where its line of them is damaged."""
    subjects = details.css_first(".list-subjects")
    primary = subjects.css_first(_PRIMARY) if subjects else None
    if subjects is None or primary is None:
        return ()
    first = _read(primary.text())
    line = _LINE_NAME.sub("", one_line(subjects.text()))
    found = tuple(map(_read, line.split(";")))
    if first is None or first != found[0] or None in found:
        return ()
    return tuple(dict.fromkeys(one.category for one in found if one))


def unknown(tree: "LexborHTMLParser") -> tuple[str, ...]:
    """A note where an entry's primary category has a name that is none here.

    arXiv names some anew now and then; or a byte of it was damaged, and with it whose it is.
    """
    for node in tree.css(_PRIMARY):
        label = _read(node.text())
        if label and not label.is_known:
            return (f'"{safe(one_line(node.text()))[:80]}" is no category that is known here',)
    return ()


class _Label(NamedTuple):
    category: str
    is_known: bool


@lru_cache(1024)  # the same few names stand in every entry
def _read(written: str) -> _Label | None:
    """The category that is written; None where the name is another's."""
    found = _LABEL.fullmatch(one_line(written))
    if found is None:
        return None
    so_named = taxonomy.named(found[1])
    is_of_another = so_named and taxonomy.canonical(found[2]) not in map(
        taxonomy.canonical, so_named
    )
    return None if is_of_another else _Label(found[2], bool(so_named))
