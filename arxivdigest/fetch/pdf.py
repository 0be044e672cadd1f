"""A paper's PDF: asked for politely, whole, and given a name that every file system takes."""

import re
import unicodedata
from http import HTTPStatus
from typing import TYPE_CHECKING

from arxivdigest.errors import ListingError, PaperError
from arxivdigest.fetch.http import Limits
from arxivdigest.text import one_line, safe
from arxivdigest.text.addresses import shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from arxivdigest.fetch.http import Answer

LIMITS = Limits(seconds=900.0, silence=60.0, size=64 << 20, kind="PDF")
"""A PDF is larger than a listing, and arXiv makes some only when they are asked for."""

LONGEST_NAME = 200
"""Bytes: file systems take 255, and whoever copies the file may put something to its name."""

_ENDING = ".pdf"
_BEGIN = b"%PDF-"
_END = b"%%EOF"
_WITHIN = 1024
_END_WITHIN = 8192  # some programs write after the end


def address(site: str, arxiv_id: str) -> str:
    """Where the PDF is, of the newest version or of the one in the id."""
    return f"{site}/pdf/{arxiv_id}"


def pdf(url: str, ask: "Callable[[str], Answer]") -> bytes:
    """The PDF at the address; a PaperError says why what came is none."""
    try:
        answer = ask(url)
    except ListingError as error:  # it speaks of listings
        raise PaperError(str(error)) from error
    if answer.status == HTTPStatus.NOT_FOUND:
        raise PaperError(f"{shown(url)}: arXiv has no such paper")
    if answer.is_error:
        raise PaperError(str(answer.error()))
    if _BEGIN not in answer.body[:_WITHIN]:
        raise PaperError(f"{shown(url)} is no PDF; look at it in a browser")
    if _END not in answer.body[-_END_WITHIN:]:
        raise PaperError(f"{shown(url)}: the PDF is cut off; try again")
    return answer.body


# What a file system somewhere refuses, or takes for something else.
_REFUSED = re.compile(r'[/\\:*?"<>|]+')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)


def file_name(wanted: str, arxiv_id: str) -> str:
    """The wanted name, made one that every file system takes; the id is in it, come what may."""
    stem = _REFUSED.sub("-", one_line(safe(unicodedata.normalize("NFC", wanted))))
    stem = re.sub(rf"(?i)\s*{re.escape(_ENDING)}$", "", stem).strip(" .-")
    arxiv_id = _REFUSED.sub("-", arxiv_id)
    cut = _cut(stem, LONGEST_NAME - len(_ENDING))
    if arxiv_id not in cut:
        cut = f"{_cut(stem, LONGEST_NAME - len(_ENDING) - len(arxiv_id) - 1)} {arxiv_id}".lstrip()
    return f"{'_' if _DEVICE.match(cut) else ''}{cut}{_ENDING}"


def _cut(text: str, size: int) -> str:
    """As much of the begin as takes so many bytes, accents not parted from their letters."""
    kept = text.encode("utf-8", "replace")[:size].decode("utf-8", "ignore")
    while len(kept) < len(text) and kept and unicodedata.combining(text[len(kept)]):
        kept = kept[:-1]
    return kept.rstrip(" .-")
