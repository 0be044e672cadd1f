"""The digest for a pipe: an entry a line, for grep, cut and awk."""

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

    The abstract, where asked for, is one more column at the end.
    """
    return "".join(f"{_line(ruling, abstracts=abstracts)}\n" for ruling in digest.rulings)


def _line(ruling: Ruling, *, abstracts: bool) -> str:
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
    ]
    if abstracts:
        columns.append(entry.abstract)
    return "\t".join(one_line(safe(column)) for column in columns)
