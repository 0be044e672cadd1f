"""How a paper is named: its id, as people write it and as arXiv lists it."""

import re
from typing import NamedTuple

EXAMPLE = "2507.07120 or math/0601001"

# info.arxiv.org/help/arxiv_identifier.html; 10.48550 is the prefix of arXiv's own DOIs.
_WRITTEN = re.compile(
    r"(?:(?:https?://)?(?:www\.|export\.|browse\.)?arxiv\.org/(?:abs|pdf|html|format|src|e-print)/"
    r"|(?:https?://)?(?:dx\.)?doi\.org/10\.48550/(?:arxiv\.)?|10\.48550/(?:arxiv\.)?"
    r"|(?:oai:)?arxiv(?:\.org)?:\s*)?"
    r"(?P<id>\d{4}\.\d{4,5}|(?P<archive>[a-z]+(?:-[a-z]+)?)(?:\.[a-z-]{2,17})?/(?P<number>\d{7}))"
    r"(?:v(?P<version>\d{1,3}))?(?:\.pdf)?/?(?:[?#].*)?(?:\s*\[[\w.-]+\])?",
    re.IGNORECASE | re.ASCII,
)


class Identifier(NamedTuple):
    """An id as listings have it, and the version, where one is meant."""

    arxiv_id: str
    version: int | None = None

    def __str__(self) -> str:
        return self.arxiv_id if self.version is None else f"{self.arxiv_id}v{self.version}"


def identifier(written: str) -> Identifier | None:
    """The id that is meant: bare, with `arXiv:`, an address, of the old kind; None where none is.

    Before 2007 an id could have its subject (`math.GT/0309136`), which arXiv itself leaves out.
    """
    found = _WRITTEN.fullmatch(written.strip())
    if not found:
        return None
    arxiv_id = f"{found['archive'].lower()}/{found['number']}" if found["number"] else found["id"]
    return Identifier(arxiv_id, int(found["version"]) if found["version"] else None)
