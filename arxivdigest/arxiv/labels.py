"""Subjects as a page names them: its own, and those of an entry, as in `Robotics (cs.RO)`."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.arxiv import taxonomy
from arxivdigest.text import one_line, safe

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_LABEL = re.compile(r"([^;]*?) ?\(([a-z-]+(?:\.[A-Za-z-]+)?)\)")
_LINE_NAME = re.compile(r"^Subjects: ")
_PRIMARY = ".primary-subject"
_LINKS = "#dlpage > p a, #dlpage > ul a, #dlpage > div a"
_LINKED = re.compile(r"/(?:list|catchup)/([a-z-]+(?:\.[A-Za-z-]+)?)[/?]")
_CAUGHT_UP = re.compile(r"Catchup results for (.*) on \w+, \d+ \w+ \d+")


def linked(tree: "LexborHTMLParser") -> list[str]:
    """The subjects that the page's own links are of: one, unless it is damaged; the first most."""
    links = (_LINKED.match(link.attributes.get("href") or "") for link in tree.css(_LINKS))
    named = Counter(taxonomy.written(link[1]) for link in links if link)
    return [subject for subject, _ in named.most_common()]


def titled(heading: str) -> tuple[str, ...]:
    """The subjects that have the name in the page's title."""
    caught_up = _CAUGHT_UP.fullmatch(heading)
    return taxonomy.named(caught_up[1] if caught_up else heading)


def contradictions(tree: "LexborHTMLParser", heading: str) -> Iterator[str]:
    """Notes where the page's links and its title are not of one subject."""
    links, titles = linked(tree), [taxonomy.canonical(one) for one in titled(heading)]
    if len(links) > 1:
        yield f"its links are of {links[0]} and of {links[1]}"
    if links and titles and taxonomy.canonical(links[0]) not in titles:
        yield f"its title is that of {titles[0]}, and its links are of {links[0]}"


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
