"""Digests made up to try a template on: every feature, and text that wants to break out."""

from collections.abc import Iterator
from datetime import date

from arxivdigest import digest
from arxivdigest.changes import changes
from arxivdigest.config import Config, Output
from arxivdigest.model import AnnounceType, Digest, Entry, Listing
from arxivdigest.output import wording
from arxivdigest.output.wording import DigestWords
from arxivdigest.rules import Rule
from arxivdigest.rules.conditions import FIELDS, AnyKeyword, Authors
from arxivdigest.rules.keywords import keyword

_DAY = date(2025, 7, 11)
_HOSTILE = "<script>alert(1)</script> \"'><b> {{ 7 * 7 }} {% raw %} &amp; [x](javascript:y) `*_#|\\"
_PLAIN = Entry(
    arxiv_id="2507.00001",
    version=1,
    announce_type=AnnounceType.NEW,
    title="A sample of a title",
    authors=("Ada Lovelace", "Charles Babbage"),
    primary_category="cs.DC",
    categories=("cs.DC", "math.OC"),
    abstract="A sample of an abstract.",
    formats=("pdf", "html"),
)
_ENTRIES = (
    _PLAIN,
    _PLAIN._replace(
        arxiv_id="2507.00002",
        title=r"A sample of mathematics: $\mathcal{O}(n^2)$ and $\begin{matrix}a&b\end{matrix}$",
        abstract="The code is at https://example.org/code.\nThe second sample.",
        comments="12 pages; a sample is at https://example.org/sample",
        journal_ref="Proc. Samples 3 (2025) 1-9",
        doi="10.1000/sample",
    ),
    _PLAIN._replace(
        arxiv_id="2507.00003", title="No authors, no abstract", authors=(), abstract=""
    ),
    _PLAIN._replace(
        arxiv_id="2507.00004",
        title="Many authors",
        authors=(*(f"Author Number{number}" for number in range(1, 40)), "Émilie du Châtelet"),
        formats=(),
    ),
    _PLAIN._replace(
        arxiv_id="2507.00005",
        title=_HOSTILE,
        authors=(_HOSTILE, "Ann Lee"),
        primary_category=_HOSTILE,
        categories=(_HOSTILE, "cs.DC"),
        abstract=f"A sample: {_HOSTILE}",
        comments=_HOSTILE,
        journal_ref=_HOSTILE,
    ),
    _PLAIN._replace(arxiv_id="2507.00006", title="", abstract="\n", categories=()),
    *(
        _PLAIN._replace(arxiv_id=f"2507.{number:05}", title=f"数学 and sample {number}")
        for number in range(10, 14)
    ),
    _PLAIN._replace(arxiv_id="2507.00020", announce_type=AnnounceType.CROSS),
    _PLAIN._replace(
        arxiv_id="math/0601001", version=5, announce_type=AnnounceType.REPLACE, title="An old id"
    ),
    _PLAIN._replace(arxiv_id="2507.00021", version=None, announce_type=AnnounceType.REPLACE_CROSS),
)
_FULL = Listing("page", ("cs.DC", "math.OC"), _DAY, _ENTRIES, total=len(_ENTRIES))
_RULES = (
    Rule("Samples", (AnyKeyword((keyword("sample"), keyword("title")), FIELDS),), 2.5),
    Rule(_HOSTILE, (AnyKeyword((keyword("mathematics"), keyword("script")), FIELDS),)),
    Rule("People", (Authors(("Émilie du Châtelet", "Ann Lee")),)),
)


_BEFORE = _PLAIN._replace(
    title="An id", version=4, authors=("Ada Lovelace",), abstract=f"{_HOSTILE} samples"
)
_SHELF = digest.Shelf(
    starred=("2507.00003", "math/0601001"),
    earlier=lambda entry, _: (
        changes(_BEFORE, entry._replace(comments=_HOSTILE)) if entry.version else None
    ),
)


def samples() -> Iterator[tuple[str, DigestWords]]:
    """Digests in words, each with what is the matter in it, as in "where nothing matches"."""
    config = Config(rules=_RULES, announce=tuple(AnnounceType), output=Output(sort="arxiv"))
    full = digest.build([_FULL], config, show_all=True, shelf=_SHELF)
    yield "where everything is shown", wording.words(full)
    yield "where no abstracts are shown", wording.words(full, abstracts=False)
    some = digest.build([_FULL], config, limit=2)
    yield "where few entries are shown", wording.words(some)
    broken = _FULL._replace(problems=("a page is missing",), announced=None, subjects=())
    yield "where something is missing", wording.words(digest.build([broken], config))
    others = _FULL._replace(entries=_ENTRIES[2:3])
    yield "where nothing matches", wording.words(digest.build([others], config))
    yield "where there are several days", wording.words(_several(config))
    nothing = Listing("feed", ("cs.DC",), _DAY, ())
    yield "where nothing is announced", wording.words(digest.build([nothing], config))


def _several(config: Config) -> Digest:
    """Three days, an entry of the first of which comes again, and of the last only a part."""
    again = _PLAIN._replace(version=2, announce_type=AnnounceType.REPLACE, title="A new title")
    later = _FULL._replace(announced=date(2025, 7, 14), entries=(again, *_ENTRIES[10:]), total=4)
    last = Listing("page", _FULL.subjects, date(2025, 7, 15), (), problems=("a page is missing",))
    made = digest.build([_FULL, later, last], config)
    return made._replace(remarks=("Not seen: 1 announcement (Wed 9 Jul): digest catchup",))
