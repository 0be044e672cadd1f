"""The digest for a pipe: an entry a line, for grep, cut and awk."""

from collections.abc import Sequence

from arxivdigest.model import Digest, Ruling
from arxivdigest.text import one_line, safe

COLUMNS = (
    "arxiv_id",
    "announce_type",
    "score",
    "primary_category",
    "title",
    "authors",
    "rules",
    "abs_url",
)
"""The columns of plain lines: a public interface, so they keep their order."""


def render(digest: Digest, *, abstracts: bool = False) -> str:
    """The digest for a pipe: an entry a line, its columns parted by tabs, text as in the listing.

    The abstract, where asked for, is one more column, and the day, where there may be several, the
    last one.
    """
    lines: list[str] = []
    for day in digest.days:
        last = (str(day.announced or ""),) if digest.is_series else ()
        lines += [_line(ruling, last, abstracts=abstracts) for ruling in day.rulings]
    return "".join(lines)


def _line(ruling: Ruling, last: Sequence[str], *, abstracts: bool) -> str:
    entry = ruling.entry
    columns = [
        entry.arxiv_id,
        entry.announce_type,
        str(ruling.score),
        entry.primary_category,
        entry.title,
        "; ".join(entry.authors),
        "; ".join(ruling.rules),
        entry.abs_url,
        *((entry.abstract,) if abstracts else ()),
        *last,
    ]
    return "\t".join(one_line(safe(column)) for column in columns) + "\n"
