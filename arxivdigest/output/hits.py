"""Text with its hits marked: made readable once, and then cut where they begin and end."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from arxivdigest.model import Match
from arxivdigest.text import can_be_seen, is_mark, safe
from arxivdigest.text.readable import readable, shown


class Piece(NamedTuple):
    """A stretch of text, whether a rule hit it, and the address where it is (part of) one."""

    text: str
    hit: bool = False
    address: str = ""


def pieces(text: str, matches: Iterable[Match], field: str) -> tuple[Piece, ...]:
    """The text made readable, cut where the hits in this field begin and end."""
    return next(iter(_lines(text.replace("\n", " "), matches, field)), ())


def _lines(text: str, matches: Iterable[Match], field: str) -> list[tuple[Piece, ...]]:
    """The paragraphs of the text, which is made readable once; those with nothing to see are not.

    The hits in this field part each of them.
    """
    made = shown(text)
    hits = _union(match.spans for match in matches if match.field == field)
    spans = _union([(made.found(*hit) for hit in hits), ()])
    lines = []
    begin = first = 0
    for line in made.text.split("\n"):
        end = begin + len(line)
        if not line:
            begin = end + 1
            continue
        while first < len(spans) and spans[first][1] <= begin:
            first += 1
        after = first
        while after < len(spans) and spans[after][0] < end:
            after += 1
        inside = [(max(b, begin) - begin, min(e, end) - begin) for b, e in spans[first:after]]
        lines.append(_cut(line, _around_addresses(line, inside)))
        begin = end + 1
    return [line for line in lines if line]


def _around_addresses(line: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans, widened where one begins or ends within an address: it stays whole."""
    if not spans or "://" not in line:
        return spans
    widened = list(spans)
    begin = next_span = 0
    for end, address in _stretches(line):
        while next_span < len(spans) and spans[next_span][1] <= begin:
            next_span += 1
        if address and next_span < len(spans) and spans[next_span][0] < end:
            widened.append((begin, end))
        begin = end
    return _union([widened])


def _union(all_spans: Iterable[Iterable[tuple[int, int]]]) -> list[tuple[int, int]]:
    union: list[tuple[int, int]] = []
    for begin, end in sorted(span for spans in all_spans for span in spans):
        if union and begin <= union[-1][1]:
            union[-1] = (union[-1][0], max(end, union[-1][1]))
        else:
            union.append((begin, end))
    return union


def _cut(line: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """The pieces between the ends of the spans; none at all where there is nothing to see."""
    found: list[Piece] = []
    at = 0
    for begin, end in _with_marks(line, spans):
        found += (Piece(safe(line[at:begin])), Piece(safe(line[begin:end]), hit=True))
        at = end
    found.append(Piece(safe(line[at:])))
    is_blank = not can_be_seen("".join(piece.text for piece in found))
    return () if is_blank else tuple(_joined(found))


def _joined(found: Iterable[Piece]) -> list[Piece]:
    """The pieces that have any text; hits are one where all that parted them cannot be seen."""
    joined: list[Piece] = []
    for piece in found:
        if piece.hit and joined and joined[-1].hit:
            joined[-1] = piece._replace(text=joined[-1].text + piece.text)
        elif piece.text:
            joined.append(piece)
    return joined


def _with_marks(line: str, spans: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int]]:
    """The spans, each with the accents that belong to its letters."""
    if line.isascii():
        return spans
    widened: list[tuple[int, int]] = []
    done = 0
    for begin, end in spans:
        first, last = max(begin, done), max(end, done)
        while first > done and is_mark(line[first]):
            first -= 1
        while last < len(line) and is_mark(line[last]):
            last += 1
        widened.append((first, last))
        done = last
    return _union([widened])


def seen(text: str) -> str:
    """The text made readable and safe."""
    return safe(readable(text))


def paragraphs(abstract: str, matches: Sequence[Match]) -> tuple[tuple[Piece, ...], ...]:
    """The paragraphs of an abstract, cut likewise, and where an address begins and ends."""
    if abstract.count("\n") > _MOST_PARAGRAPHS:
        abstract = abstract.replace("\n", " ")
    return tuple(map(linked, _lines(abstract, matches, "abstract")))


_ADDRESS = re.compile(r"""https?://\w[^\s<>"'`{}|\\^\[\]]*""")


# No abstract has as many.
_MOST_ADDRESSES = 200
_MOST_PARAGRAPHS = 200


def linked(line: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces, cut further where an address begins and ends, each with the address it is in."""
    text = "".join(piece.text for piece in line)
    if "://" not in text or text.count("://") > _MOST_ADDRESSES:
        return line
    linked: list[Piece] = []
    stretches = _stretches(text)
    stop, address = 0, ""
    begin = 0
    for piece in line:
        end = begin + len(piece.text)
        while begin < end:
            if begin == stop:
                stop, address = next(stretches)
                continue
            until = min(stop, end)
            linked.append(piece._replace(text=text[begin:until], address=address))
            begin = until
    return tuple(linked)


def _stretches(text: str) -> Iterator[tuple[int, str]]:
    """Where each stretch of the text ends, and the address that it is, if it is one."""
    for found in _ADDRESS.finditer(text):
        address = found[0].rstrip(".,;:!?*")
        if "(" not in address:
            address = address.split(")")[0]
        yield found.start(), ""
        yield found.start() + len(address), address
    yield len(text), ""


def author_pieces(
    authors: Sequence[str], matches: Iterable[Match], most: int
) -> tuple[tuple[Piece, ...], int]:
    """The names to show, and how many are left out: the first ones, and all that a rule hit."""
    of_authors = [match for match in matches if match.field == "authors"]
    people = {match.text for match in of_authors if not match.spans}
    spans = _union(match.spans for match in of_authors)
    names: list[Piece] = []
    begin = 0
    for author in authors:
        end = begin + len(author)
        is_hit = author in people or any(b < end and e > begin for b, e in spans)
        begin = end + len("; ")
        if can_be_seen(name := seen(author)):
            names.append(Piece(name, hit=is_hit))
    if len(names) == most + 1:
        most += 1  # "and 1 other" would take as much room as the name
    shown = tuple(name for index, name in enumerate(names) if index < most or name.hit)
    return shown, len(names) - len(shown)
