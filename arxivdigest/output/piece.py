"""A stretch of text as it is shown, and the addresses in it."""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Piece(NamedTuple):
    """A stretch of text, whether a rule hit it, and the address where it is (part of) one."""

    text: str
    hit: bool = False
    address: str = ""


_ADDRESS = re.compile(r"""https?://\w[^\s<>"'`{}|\\^\[\]]*""")


def linked(line: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The pieces, cut further where an address begins and ends, each with the address it is in."""
    text = "".join(piece.text for piece in line)
    if "://" not in text:
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
