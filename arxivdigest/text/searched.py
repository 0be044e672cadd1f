"""What rules look at of most entries: title and abstract, folded, as one text in UTF-8.

It is kept with the entries, so that it is made once: `store` writes it, `rules` read it.
"""

from typing import NewType

VERSION = 6
"""Of what folding makes of a text: what is kept of an earlier one is folded anew."""

FIELDS = ("title", "abstract")
Searched = NewType("Searched", bytes)
NOTHING = Searched(b"\n")


def searched(title: str, abstract: str) -> Searched:
    """Both as one text; in a folded text there is no newline, and so one parts them."""
    from arxivdigest.text.folding import folded

    return Searched(f"{folded(title)}\n{folded(abstract)}".encode())


def parted(text: Searched) -> dict[str, bytes]:
    """The folded text of each field."""
    return dict(zip(FIELDS, text.split(b"\n"), strict=True))
