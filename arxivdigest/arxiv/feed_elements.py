"""A feed's own elements: the items as they are written there, read without making a tree."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

ARXIV = "http://arxiv.org/schemas/atom"
DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
"""The namespaces of what RSS has no element for."""

_ATOM_SPACE = "http://www.w3.org/2005/Atom "


class Item(NamedTuple):
    """An item of a feed as it is written there, whichever reader read it."""

    identifier: str
    link: str
    announce_type: str
    title: str
    creator: str
    description: str
    categories: tuple[str, ...]
    published: str
    doi: str | None
    journal_ref: str | None
    license: str | None
    is_doubled: bool = False


class NotStrictError(Exception):
    """Why the strict reader will not read a feed."""


class _Names(NamedTuple):
    """How a format calls what arXiv's feeds say, the namespace before the name."""

    title: str
    about: str
    date: str
    entry_title: str
    link: str
    identifier: str
    description: str
    published: str


_RSS = _Names(
    *("title", "description", "pubDate"),
    *("title", "link", "guid", "description", "pubDate"),
)
_ATOM = _Names(
    *(f"{_ATOM_SPACE}title", f"{_ATOM_SPACE}subtitle", f"{_ATOM_SPACE}updated"),
    *(
        f"{_ATOM_SPACE}title",
        f"{_ATOM_SPACE}link",
        f"{_ATOM_SPACE}id",
        f"{_ATOM_SPACE}summary",
        f"{_ATOM_SPACE}published",
    ),
)


class Elements:
    """The texts of a feed's own elements, and its items, read without making a tree."""

    def __init__(self, data: bytes) -> None:
        from xml.parsers import expat

        self.root = ""
        self.head: dict[str, str] = {}
        self.items: list[Item] = []
        self._texts = self.head
        self._categories: list[str] = []
        self._text: list[str] = []
        self._link = ""
        self._is_doubled = False
        self._depth = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        try:
            parser.Parse(data, True)  # noqa: FBT003 - it is all there is
        except (NotStrictError, MemoryError):
            raise
        except Exception as error:  # whatever it is, the lenient reader is next
            raise NotStrictError(f"it is not well-formed: {error}") from error

    @property
    def names(self) -> _Names:
        """How this feed's format calls things."""
        return _RSS if self.root == "rss" else _ATOM

    def _refuse(self, *_: object) -> None:
        raise NotStrictError("it has a DOCTYPE")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._text.clear()
        self.root = self.root or name
        self._depth += 1
        if self._depth > _DEEPEST_STRICT:
            raise NotStrictError("it has elements within elements")
        if name in _ITEMS:
            self._texts, self._categories, self._is_doubled = {}, [], False
        elif attributes and "term" in attributes:
            self._categories.append(attributes["term"])
        elif name == _ATOM.link:
            self._link = attributes.get("href", "")

    def _end(self, name: str) -> None:
        text = "".join(self._text)
        self._text.clear()
        self._depth -= 1
        if name in _ITEMS:
            item = _item(self.names, self._texts, self._categories, is_doubled=self._is_doubled)
            self.items.append(item)
            self._texts = self.head
        elif name == "category":
            self._categories.append(text)
        elif name in self._texts:
            self._is_doubled |= name in self.names
        else:
            self._texts[name] = self._link if name == _ATOM.link else text


def _item(
    names: _Names, texts: Mapping[str, str], categories: Iterable[str], *, is_doubled: bool
) -> Item:
    return Item(
        identifier=texts.get(names.identifier, ""),
        link=texts.get(names.link, ""),
        announce_type=texts.get(f"{ARXIV} announce_type", ""),
        title=texts.get(names.entry_title, ""),
        creator=texts.get(f"{DUBLIN_CORE} creator", ""),
        description=texts.get(names.description, ""),
        categories=tuple(categories),
        published=texts.get(names.published, ""),
        doi=texts.get(f"{ARXIV} DOI"),
        journal_ref=texts.get(f"{ARXIV} journal_reference"),
        license=texts.get(f"{DUBLIN_CORE} rights"),
        is_doubled=is_doubled,
    )


_ITEMS = ("item", f"{_ATOM_SPACE}entry")
_DEEPEST_STRICT = 4  # rss, channel, item, and what it is made of
