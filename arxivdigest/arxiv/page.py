"""arXiv's pages: /list/SUBJECT/new and /recent, and /catchup/SUBJECT/DATE."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.arxiv import labels, taxonomy
from arxivdigest.arxiv.source import (
    ARXIV_ID,
    Source,
    author_names,
    count,
    lacking,
    odd_date,
    stated_date,
    text_or_none,
    visible_title,
)
from arxivdigest.arxiv.strangers import explain_emptiness, refusal
from arxivdigest.errors import ListingError
from arxivdigest.model import AnnounceType, Entry, Listing, Section
from arxivdigest.text import one_line, safe
from arxivdigest.text.letters import decode

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_SECTION_TYPES = {
    "New submissions": AnnounceType.NEW,
    "Cross submissions": AnnounceType.CROSS,
    "Replacement submissions": AnnounceType.REPLACE,
}
_HEADING = re.compile(
    r"(.+?) \((?:continued, )?showing (?:(?:first|last) )?([0-9]+) of ([0-9]+) entries ?\)"
)
_TOTAL = re.compile(r"Total of ([0-9]+) entries(?: for ([^\n(]{1,40}))?")
_HTML_VERSION = re.compile(r"/html/[^\"']*?v([0-9]{1,4})\b")
_NAMED = re.compile(rf"/(?:abs|pdf|html)/({ARXIV_ID})(?:v[0-9]+)?(?=[\"'])")
_KIND = re.compile(r"\((?:replaced|cross-list from ([a-z-]+(?:\.[A-Za-z-]+)?))\)")
_MARKS_OF_AN_ENTRY = (
    re.compile(r"<dt[\s>]", re.IGNORECASE),
    re.compile(r"<dd[\s>]", re.IGNORECASE),
    re.compile(r'"/abs/[^"<>]*" title="Abstract"'),
)
# Comments are what a browser adds to a page that it saves; a portal's page may be XHTML.
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml\b[^<>]*>\s*)?(?><!--.*?-->\s*)*+"
    rb"<(?:!doctype html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE_END = re.compile(r"http://([^/]*\.[A-Z][a-z]*)$")


def _recognises(data: bytes) -> bool:
    return bool(_PAGE.match(data[:2048]))


def new_address(subject: str, site: str, read: int) -> str:
    """Where the newest listing of a subject goes on, after so many entries."""
    # Of the numbers that arXiv takes here the largest, as for what it shows without one.
    further = f"?skip={read}&show=2000" if read else ""
    return f"{site}/list/{taxonomy.canonical(subject)}/new{further}"


def catchup_address(subject: str, site: str, day: date, number: int) -> str:
    """A page, counted from one, of the listing of a day."""
    further = f"&page={number}" if number > 1 else ""
    return f"{site}/catchup/{taxonomy.canonical(subject)}/{day.isoformat()}?abs=True{further}"


def whole(pages: Sequence[Listing]) -> Listing:
    """One listing of its pages in order; what is missing of arXiv's count is a problem."""
    if len(pages) == 1:
        return pages[0]
    read = [entry for page in pages for entry in page.entries]
    entries = tuple({entry.arxiv_id: entry for entry in reversed(read)}.values())[::-1]
    total = pages[0].total
    problems = []
    if len(entries) != total:
        problems.append(f"{len(entries)} of {total} entries were read")
    if len(entries) != len(read):
        problems.append(f"{len(read) - len(entries)} of {len(read)} entries are listed twice")
    shown = Counter[str]()
    for page in pages:
        shown.update({section.name: section.shown for section in page.sections})
    sections = {
        section.name: section._replace(shown=shown[section.name])
        for page in pages
        for section in page.sections
    }
    return pages[0]._replace(
        entries=entries,
        problems=tuple(problems),
        sections=tuple(sections.values()),
    )


def parse(data: bytes) -> Listing:
    """The listing that a page shows.

    Where the page's own counts and its entries disagree, the listing's problems say which section
    lacks how many. A page that is no listing raises a ListingError, or a TryAgainError where arXiv
    says that it is not ready.
    """
    from selectolax.lexbor import LexborHTMLParser

    _refuse_depth(data)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ListingError("this page is damaged: it is not all UTF-8") from error
    listing = _parsed(LexborHTMLParser(text), is_cut=b"</html>" not in data[-4096:].lower())
    # A quote that is not closed hides entries, and the counts that they are held against with them.
    marks = max(len(mark.findall(text)) for mark in _MARKS_OF_AN_ENTRY)
    hidden = marks - len(listing.entries)
    if hidden > 0 and not listing.problems:
        problem = f"{hidden} of {hidden + len(listing.entries)} entries could not be read"
        return listing._replace(problems=(problem,))
    return listing


def _parsed(tree: "LexborHTMLParser", *, is_cut: bool) -> Listing:
    heading, dated, is_recent = _heading(tree)
    sections: list[Section] = []
    entries: list[Entry] = []
    problems: list[str] = []
    for articles in tree.css("dl#articles"):
        section, read, wrong = _section(articles)
        entries += read
        problems += wrong
        if section:
            sections.append(section)
            problems += _missing(section, len(read))
    content = tree.css_first("#dlpage")
    counted = _TOTAL.search(content.text()) if content else None
    total = count(counted[1]) if counted else None
    if not entries:
        day = stated_date(dated)
        explain_emptiness(tree, total, day, is_cut=is_cut, has_sections=bool(problems))
    problems += _outside_sections(sections, total)
    is_recent = is_recent or any(stated_date(section.name) for section in sections)
    problems += lacking(entries)
    if is_cut:
        problems.append("the page is cut off")
    subject = _subject(tree, heading, entries)
    dated = dated or (sections[0].name if sections else "")
    return Listing(
        source=SOURCE.name,
        subjects=(subject,) if subject else (),
        announced=stated_date(dated),
        entries=tuple(_relative_to(subject, entry, is_recent=is_recent) for entry in entries),
        sections=tuple(sections),
        total=total,
        problems=tuple(problems),
        notes=(
            *_notes(tree, entries, sections, is_recent=is_recent),
            *taxonomy.unknown(subject),
            *labels.unknown(tree),
            *labels.contradictions(tree, heading),
            *odd_date(dated, (counted and counted[2]) or ""),
        ),
    )


def _notes(
    tree: "LexborHTMLParser", entries: list[Entry], sections: list[Section], *, is_recent: bool
) -> Iterator[str]:
    if entries and not any(entry.abstract for entry in entries):
        yield "no abstracts to search"
    if is_recent and len(sections) > 1:
        yield f"the entries of {len(sections)} days"
        days = [stated_date(section.name) or date.max for section in sections]
        if any(not 0 < (one - next_).days <= _MOST_BETWEEN for one, next_ in pairwise(days)):
            yield "its days do not follow one another"
    listed = {stated_date(one_line(link.text())) for link in tree.css(_LISTED_DAY)}
    for day in (stated_date(section.name) for section in sections):
        if day and listed and day not in listed:
            yield f"it shows {day}, which is not among the days that it lists"


_LISTED_DAY = '#dlpage > ul a[href*="/recent?skip="]'  # above the sections of a list of recent days
_MOST_BETWEEN = 7  # days without an announcement, as around Christmas
_DEEPEST = 1000
_AT_ONCE = 1 << 14


def _refuse_depth(data: bytes) -> None:
    """Raise where tags are nested so deep that reading them would take minutes."""
    depth = 0
    for at in range(0, len(data), _AT_ONCE):
        part = data[at : at + _AT_ONCE]
        depth += part.count(b"<") - 2 * part.count(b"</") - part.count(b"<br")
        if depth > _DEEPEST:
            raise ListingError("this page is nested deeper than any of arXiv's")


def _heading(tree: "LexborHTMLParser") -> tuple[str, str, bool]:
    """The page's title, the words that state its date, and whether it is a list of recent days."""
    title = tree.css_first("h1")
    heading = one_line(title.text()) if title else ""
    if not tree.css_first("#dlpage"):
        raise refusal(heading, tree)
    for element in tree.css("#dlpage h3, #dlpage h2"):
        text = one_line(element.text())
        if text.startswith("Showing new listings for"):
            return heading, text, False
        if "recent submissions" in text:
            return heading, "", True
    return heading, heading, False


def _missing(section: Section, read: int) -> list[str]:
    lacking = []
    if read != section.shown:
        lacking.append(f"{section.name}: {read} of {section.shown} entries could be read")
    if section.shown != section.total:
        lacking.append(
            f"{section.name}: {section.shown} of {section.total} entries are on this page"
        )
    return lacking


def _outside_sections(sections: list[Section], total: int | None) -> list[str]:
    counted = sum(section.total for section in sections)
    if total is None and counted:
        return ["the page does not say how many entries there are"]
    if total in (None, counted):
        return []
    return [f"arXiv counts {total} entries, the sections on this page {counted}"]


def _section(articles: "LexborNode") -> tuple[Section | None, list[Entry], list[str]]:
    """The section by its heading, its entries, and what is wrong with it beside its counts."""
    section = None
    announce_type: AnnounceType | None = None
    entries: list[Entry] = []
    unreadable = contradictory = 0
    term: _Term | None = None
    for node in articles.iter():
        if node.tag == "h3":
            counts = _HEADING.match(one_line(node.text()))
            if counts:
                section = Section(counts[1], count(counts[2]), count(counts[3]))
                announce_type = _SECTION_TYPES.get(section.name)
        elif node.tag == "dt":
            term = _term(node)
        elif node.tag == "dd" and term is not None:
            entry = _entry(term, node, announce_type or term.kind)
            if entry:
                entries.append(entry)
                contradictory += _contradicts_itself(term, entry, announce_type)
            else:
                unreadable += 1
            term = None
    wrong = [f"{contradictory} entries contradict themselves"] if contradictory else []
    if not section:
        wrong += [f"{unreadable} entries could not be read"] if unreadable else []
        wrong += ["a section does not say how many entries it has"] if entries else []
    elif not announce_type and not stated_date(section.name):
        wrong.append(f'"{safe(section.name)[:40]}" is no section that is known')
    return section, entries, wrong


class _Term(NamedTuple):
    """The head of an entry: what it says of its type, and of where it is cross-listed from."""

    node: "LexborNode"
    html: str
    kind: AnnounceType
    crossed_from: str | None


def _term(node: "LexborNode") -> _Term:
    said = _KIND.search(one_line(node.text()))
    kind = AnnounceType.NEW
    if said:
        kind = AnnounceType.CROSS if said[1] else AnnounceType.REPLACE
    return _Term(node, node.html or "", kind, said[1] if said else None)


def _contradicts_itself(term: _Term, entry: Entry, announce_type: AnnounceType | None) -> bool:
    """Whether what an entry says twice differs, as where a byte of it was damaged."""
    if set(_NAMED.findall(term.html)) != {entry.arxiv_id}:
        return True
    if term.kind is not (announce_type or term.kind):
        return True
    if announce_type is None and term.kind is AnnounceType.REPLACE:
        return True  # a list of recent days has none
    if term.crossed_from not in (None, entry.primary_category):
        return True
    return "html" in entry.formats and entry.version is None


def _entry(term: _Term, details: "LexborNode", announce_type: AnnounceType) -> Entry | None:
    link = term.node.css_first("a[title=Abstract]")
    arxiv_id = (link.attributes.get("id") if link else None) or ""
    categories = labels.categories(details)
    if not re.fullmatch(ARXIV_ID, arxiv_id) or not categories:
        return None
    formats = term.node.css("a[href]:not([title=Abstract])")
    version = _HTML_VERSION.search(term.html)
    abstract = details.css_first("p.mathjax")
    authors = details.css_first(".list-authors")
    return Entry(
        arxiv_id=arxiv_id,
        version=int(version[1]) if version else None,
        announce_type=announce_type,
        title=visible_title(decode(_field(details, ".list-title") or "", symbols=True)),
        authors=author_names(decode(authors.text(), symbols=True)) if authors else (),
        primary_category=categories[0],
        categories=categories,
        abstract=decode(_paragraphs(abstract), symbols=False) if abstract else "",
        comments=_field(details, ".list-comments"),
        journal_ref=_field(details, ".list-journal-ref"),
        formats=tuple(one_line(node.text()) for node in formats),
    )


def _field(details: "LexborNode", selector: str) -> str | None:
    node = details.css_first(selector)
    if node is None:
        return None
    descriptor = node.css_first("span.descriptor")
    if descriptor:
        descriptor.decompose()
    return text_or_none(_spelt_out(node))


def _spelt_out(node: "LexborNode") -> str:
    """The node's text, with addresses in place of `this https URL`."""
    for link in node.css("a"):
        address = link.attributes.get("href")
        if address and re.match(r"this (?:https?|ftp) URL$", link.text()):
            link.replace_with(_address(address))
    return node.text()


def _address(href: str) -> str:
    """The address, or the two words that arXiv took for one: `http://spaces.To` is `spaces.To`."""
    joined = _SENTENCE_END.match(href)
    return joined[1] if joined else href


def _paragraphs(node: "LexborNode") -> str:
    for line_break in node.css("br"):
        line_break.replace_with("\x00")
    paragraphs = map(one_line, _spelt_out(node).split("\x00"))
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)


def _subject(tree: "LexborHTMLParser", heading: str, entries: list[Entry]) -> str | None:
    """The subject the page is for: what most of its own links say, or else its title."""
    linked = labels.linked(tree)
    if linked:
        return linked[0]
    candidates = labels.titled(heading)
    primary = [e.primary_category for e in entries if e.announce_type is AnnounceType.NEW][:1]
    for candidate in candidates:
        if primary and taxonomy.covers(candidate, primary[0]):
            return candidate
    return candidates[0] if candidates else None


def _relative_to(subject: str | None, entry: Entry, *, is_recent: bool) -> Entry:
    """The entry with its announce type relative to the subject, where the page leaves that open.

    A page does not tell replaced cross-lists from replacements, and a list of recent days does not
    tell cross-lists from new entries: the primary category does.
    """
    if not subject or taxonomy.covers(subject, entry.primary_category):
        return entry
    if entry.announce_type is AnnounceType.REPLACE:
        return entry._replace(announce_type=AnnounceType.REPLACE_CROSS)
    if is_recent and entry.announce_type is AnnounceType.NEW:
        return entry._replace(announce_type=AnnounceType.CROSS)
    return entry


SOURCE = Source("page", _recognises, parse)
