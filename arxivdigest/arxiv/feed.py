"""arXiv's feeds, RSS 2.0 and Atom: a strict reader for what arXiv serves, a lenient one.

The lenient one is feedparser, whose repairs damage TeX; it reads only what the strict one refuses.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from arxivdigest.arxiv.source import ARXIV_ID, Source, author_names, stated_date, text_or_none
from arxivdigest.errors import ListingError, RefusedError
from arxivdigest.model import AnnounceType, Entry, Listing
from arxivdigest.text import one_line, safe
from arxivdigest.text.tex import decode

MOST_ENTRIES = 2000
"""A feed never holds more: with exactly so many, arXiv may have left out new ones."""

_ARXIV = "http://arxiv.org/schemas/atom "
_ATOM_SPACE = "http://www.w3.org/2005/Atom "
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/ "
# What arXiv's feeds begin with: nothing may stand before the root, and so no DOCTYPE.
_STRICT = re.compile(
    rb"<\?xml version=['\"]1\.0['\"] encoding=['\"](?:UTF|utf)-8['\"]\s*\?>\s*<(?:rss|feed)[\s>]"
)
_FEED = re.compile(r"(?:\ufeff)?\s*<(?:\?xml|rss|feed|rdf:RDF)\b")
_IDENTIFIER = re.compile(rf"oai:arXiv\.org:({ARXIV_ID})v(\d+)")
_DESCRIPTION = re.compile(r"\s*arXiv:\S+ Announce Type: [a-z-]+\s*\n?Abstract:(.*)", re.DOTALL)
_TITLE = re.compile(r"(.+) updates on arXiv\.org")
_REFUSED = re.compile(r"Feed error for query: (.*)")


class _Item(NamedTuple):
    """An item of a feed as it is written there, whichever reader read it."""

    identifier: str
    announce_type: str
    title: str
    creator: str
    description: str
    categories: tuple[str, ...]
    published: str
    doi: str | None
    journal_ref: str | None
    license: str | None


class _NotStrictError(Exception):
    """Why the strict reader will not read a feed."""


def _recognises(data: bytes) -> bool:
    return bool(_FEED.match(_first_characters(data)))


def _first_characters(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    return data[:512].decode(encoding, "replace")


def address(subjects: Sequence[str], site: str) -> str:
    """Where the feed of several subjects is: an entry is new, or a cross-list, to all of them."""
    return f"{site}/rss/{'+'.join(subjects)}"


def parse(data: bytes) -> Listing:
    """The listing that a feed holds; a ListingError where it is no listing of arXiv's.

    A feed of exactly 2,000 entries is cut by arXiv, and said to be incomplete.
    """
    try:
        return _strict(data)
    except _NotStrictError as reason:
        return _lenient(data, str(reason))


def _listing(  # noqa: PLR0913 - the parts of a feed
    *,
    title: str,
    description: str,
    stated: date | None,
    items: Iterable[_Item],
    notes: tuple[str, ...] = (),
    refuse: Callable[[str], Exception] | None = None,
) -> Listing:
    """The listing; an item that is not as arXiv writes it raises what `refuse` makes of it.

    Without `refuse` such items are counted among the problems.
    """
    subjects = _subjects(title, description)
    entries: list[Entry] = []
    published: Counter[str] = Counter()
    unreadable = 0
    for item in items:
        entry = _entry(item)
        if entry:
            entries.append(entry)
            published[item.published] += 1
        elif refuse:
            raise refuse("an entry is not as arXiv writes it")
        else:
            unreadable += 1
    problems = []
    if unreadable:
        problems.append(f"{unreadable} of {unreadable + len(entries)} entries could not be read")
    if len(entries) >= MOST_ENTRIES:
        problems.append(f"arXiv cuts feeds at {MOST_ENTRIES:,} entries, the new ones first")
    if not stated and published:
        stated = _date(published.most_common(1)[0][0])
    return Listing(
        source=SOURCE.name,
        subjects=subjects,
        announced=stated,
        entries=tuple(entries),
        problems=tuple(problems),
        notes=notes,
    )


def _subjects(title: str, description: str) -> tuple[str, ...]:
    refused = _REFUSED.match(title)
    if refused:
        raise RefusedError(f'arXiv refused: "{safe(one_line(description))[:300]}"')
    found = _TITLE.fullmatch(title)
    if not found:
        raise ListingError(f'this is a feed, but not one of arXiv\'s: "{safe(title)[:120]}"')
    return tuple(found[1].split(", "))


def _date(text: str) -> date | None:
    """The date in RSS's or Atom's writing, as stated there and in the time zone stated there."""
    iso = re.match(r"\d{4}-\d\d-\d\d", text)
    try:
        return date.fromisoformat(iso[0]) if iso else stated_date(text)
    except ValueError:
        return None


def _entry(item: _Item) -> Entry | None:
    identifier = _IDENTIFIER.fullmatch(item.identifier.strip())
    description = _DESCRIPTION.fullmatch(item.description)
    try:
        announce_type = AnnounceType(item.announce_type)
    except ValueError:
        return None
    if not identifier or not description or not item.categories:
        return None
    return Entry(
        arxiv_id=identifier[1],
        version=int(identifier[2]),
        announce_type=announce_type,
        title=one_line(decode(item.title, symbols=True)),
        authors=author_names(decode(item.creator, symbols=True)),
        primary_category=item.categories[0],
        categories=item.categories,
        abstract=_paragraphs(decode(description[1], symbols=False)),
        journal_ref=text_or_none(decode(item.journal_ref or "", symbols=True)),
        doi=text_or_none(item.doi),
        license=text_or_none(item.license),
    )


def _paragraphs(abstract: str) -> str:
    """The abstract, its paragraphs parted by a newline; in a feed one begins with two blanks."""
    paragraphs = map(one_line, re.split(r"\n  +", abstract))
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _strict(data: bytes) -> Listing:
    if not _STRICT.match(data):
        raise _NotStrictError("it does not begin as arXiv's feeds do")
    feed = _Elements(data)
    names = feed.names
    # An Atom feed says when it was built, which dates it only where it is empty.
    is_dated = feed.root == "rss" or not feed.items
    return _listing(
        title=feed.head.get(names.title, ""),
        description=feed.head.get(names.about, ""),
        stated=_date(feed.head.get(names.date, "")) if is_dated else None,
        items=feed.items,
        refuse=_NotStrictError,
    )


class _Names(NamedTuple):
    """How a format calls what arXiv's feeds say, the namespace before the name."""

    title: str
    about: str
    date: str
    entry_title: str
    identifier: str
    description: str
    published: str


_RSS = _Names(
    *("title", "description", "pubDate"),
    *("title", "guid", "description", "pubDate"),
)
_ATOM = _Names(
    *(f"{_ATOM_SPACE}title", f"{_ATOM_SPACE}subtitle", f"{_ATOM_SPACE}updated"),
    *(
        f"{_ATOM_SPACE}title",
        f"{_ATOM_SPACE}id",
        f"{_ATOM_SPACE}summary",
        f"{_ATOM_SPACE}published",
    ),
)


class _Elements:
    """The texts of a feed's own elements, and its items, read without making a tree."""

    def __init__(self, data: bytes) -> None:
        from xml.parsers import expat

        self.root = ""
        self.head: dict[str, str] = {}
        self.items: list[_Item] = []
        self._texts = self.head
        self._categories: list[str] = []
        self._text: list[str] = []
        self._depth = 0
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        try:
            parser.Parse(data, True)  # noqa: FBT003 - it is all there is
        except expat.ExpatError as error:
            raise _NotStrictError(f"it is not well-formed: {error}") from error

    @property
    def names(self) -> _Names:
        """How this feed's format calls things."""
        return _RSS if self.root == "rss" else _ATOM

    def _refuse(self, *_: object) -> None:
        raise _NotStrictError("it has a DOCTYPE")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._text.clear()
        self.root = self.root or name
        self._depth += 1
        if self._depth > _DEEPEST_STRICT:
            raise _NotStrictError("it has elements within elements")
        if name in _ITEMS:
            self._texts, self._categories = {}, []
        elif attributes and "term" in attributes:
            self._categories.append(attributes["term"])

    def _end(self, name: str) -> None:
        text = "".join(self._text)
        self._text.clear()
        self._depth -= 1
        if name in _ITEMS:
            self.items.append(_item(self.names, self._texts, self._categories))
            self._texts = self.head
        elif name == "category":
            self._categories.append(text)
        else:
            self._texts.setdefault(name, text)


def _item(names: _Names, texts: Mapping[str, str], categories: Iterable[str]) -> _Item:
    return _Item(
        identifier=texts.get(names.identifier, ""),
        announce_type=texts.get(f"{_ARXIV}announce_type", ""),
        title=texts.get(names.entry_title, ""),
        creator=texts.get(f"{_DUBLIN_CORE}creator", ""),
        description=texts.get(names.description, ""),
        categories=tuple(categories),
        published=texts.get(names.published, ""),
        doi=texts.get(f"{_ARXIV}DOI"),
        journal_ref=texts.get(f"{_ARXIV}journal_reference"),
        license=texts.get(f"{_DUBLIN_CORE}rights"),
    )


_ITEMS = ("item", f"{_ATOM_SPACE}entry")
_DEEPEST_STRICT = 4  # rss, channel, item, and what it is made of


_DEEPEST = 50
_TAG = re.compile(r"<(/?)[A-Za-z][^<>]*?(/?)>")
_HARMLESS = ("NonXMLContentType",)


def _lenient(data: bytes, reason: str) -> Listing:
    """The listing of a feed that is readable, though not written as arXiv writes it."""
    _refuse_traps(data)
    from io import BytesIO

    import feedparser

    try:
        parsed = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    except UnicodeError as error:  # half a character, as a reference such as &#xD800;
        raise ListingError(f"the feed is damaged: {_complaint(error)}") from error
    version = parsed.get("version", "")
    if version in ("rss10", "rss090"):
        raise ListingError("this is a feed in RSS 1.0, which arXiv no longer serves; fetch it anew")
    if not version:
        raise ListingError("this is XML, but not a feed")
    if parsed.bozo and type(parsed.bozo_exception).__name__ not in _HARMLESS:
        raise ListingError(f"the feed is damaged or cut off: {_complaint(parsed.bozo_exception)}")
    feed = parsed.feed
    stated = _date(feed.get("published", "")) if version.startswith("rss") else None
    if not stated and not parsed.entries:
        stated = _date(feed.get("updated", ""))
    return _listing(
        title=feed.get("title", ""),
        description=feed.get("subtitle", ""),
        stated=stated,
        items=_lenient_items(parsed.entries),
        notes=(f"read leniently ({reason})",),
    )


def _complaint(error: Exception) -> str:
    return safe(one_line(str(error)))[:120]


def _refuse_traps(data: bytes) -> None:
    """Raise where the text asks more of feedparser than it can bear: a DOCTYPE, or deep nesting."""
    text = data.replace(b"\x00", b"").decode("utf-8", "replace")
    if re.search(r"<!\s*(?:DOCTYPE|ENTITY)", text, re.IGNORECASE):
        raise ListingError("this is XML with a DOCTYPE, which no feed of arXiv's has")
    depth = 0
    for closing, empty in _TAG.findall(text):
        depth += -1 if closing else 0 if empty else 1
        if depth > _DEEPEST:
            raise ListingError("this is XML nested deeper than any feed of arXiv's")


def _lenient_items(entries: list[dict[str, Any]]) -> Iterator[_Item]:
    for entry in entries:
        yield _Item(
            identifier=entry.get("id", ""),
            announce_type=entry.get("arxiv_announce_type", ""),
            title=entry.get("title", ""),
            creator=entry.get("author", ""),
            description=entry.get("summary", ""),
            categories=tuple(tag["term"] or "" for tag in entry.get("tags", ())),
            published=entry.get("published", ""),
            doi=entry.get("arxiv_doi"),
            journal_ref=entry.get("arxiv_journal_reference"),
            license=entry.get("rights"),
        )


SOURCE = Source("feed", _recognises, parse)
