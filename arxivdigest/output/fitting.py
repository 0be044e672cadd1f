"""A message kept whole where mail readers cut long ones: Gmail does at 102 KB."""

from collections.abc import Callable
from html import escape

from arxivdigest.output.hits import Piece
from arxivdigest.output.wording import DigestWords, EntryWords
from arxivdigest.text.counts import counted

MOST_BYTES = 100_000
_ROOM_FOR_THE_REMARK = 300
_BYTES_OF_A_MARK, _BYTES_OF_A_PARAGRAPH = 54, 33


def fitted(words: DigestWords, render: Callable[[DigestWords], str]) -> tuple[str, DigestWords]:
    """What is rendered, without the abstracts of the lowest-scored where it would be too long.

    And the words it is of, as the other part of a message has to say the same.
    """
    sizes = _sizes(words)
    left_out: set[int] = set()
    if sum(sizes.values()) > MOST_BYTES:  # too long for sure: what all else takes tells how far
        left_out = set(sizes)
        shorter = _without(words, left_out)
        rendered = render(shorter)
        if len(rendered.encode()) > MOST_BYTES:
            return _too_long_at_all(words, left_out, render)
        kept = _fitting(sizes, MOST_BYTES - len(rendered.encode()))
        if not kept:
            return rendered, shorter
        left_out -= kept
    while True:
        shorter = _without(words, left_out) if left_out else words
        rendered = render(shorter)
        over = len(rendered.encode()) - MOST_BYTES
        if over > 0 and left_out == set(sizes):
            return _too_long_at_all(words, left_out, render)
        others = {number: size for number, size in sizes.items() if number not in left_out}
        if over <= 0:
            return rendered, shorter
        room = sum(others.values()) - over - _ROOM_FOR_THE_REMARK
        left_out |= set(others) - _fitting(others, room)


def _sizes(words: DigestWords) -> dict[int, int]:
    """The bytes of each entry's abstract, about, by the entry's number, the best entries first."""
    entries = [
        entry
        for section in words.sections
        for entry in section.entries
        if entry.abstract and not entry.first
    ]
    entries.sort(key=lambda entry: (not entry.selected, -float(entry.score), entry.number))
    return {entry.number: _size(entry) for entry in entries}


def _fitting(sizes: dict[int, int], room: int) -> set[int]:
    """The best entries whose abstracts have room together."""
    chosen: set[int] = set()
    for number, size in sizes.items():
        room -= size
        if room < 0:
            break
        chosen.add(number)
    return chosen


def _size(entry: EntryWords) -> int:
    """The bytes of an entry's abstract, about."""
    return sum(
        len(escape(piece.text).encode()) + piece.hit * _BYTES_OF_A_MARK
        for paragraph in entry.abstract
        for piece in (Piece("x" * _BYTES_OF_A_PARAGRAPH), *paragraph)
    )


def _too_long_at_all(
    words: DigestWords, left_out: set[int], render: Callable[[DigestWords], str]
) -> tuple[str, DigestWords]:
    """The shortest there is, with a word at its head: its end is what is cut off."""
    headline = f"{words.headline}, longer than Gmail shows at once"
    shorter = (_without(words, left_out) if left_out else words)._replace(headline=headline)
    return render(shorter), shorter


def _without(words: DigestWords, numbers: set[int]) -> DigestWords:
    def shorter(entry: EntryWords) -> EntryWords:
        return entry._replace(abstract=()) if entry.number in numbers else entry

    days = tuple(
        day._replace(
            sections=tuple(
                section._replace(entries=tuple(map(shorter, section.entries)))
                for section in day.sections
            )
        )
        for day in words.days
    )
    count = counted(len(numbers), "abstract")
    remark = f"{count} of the lowest scores left out, as mail readers cut a longer message."
    return words._replace(
        days=days,
        sections=tuple(section for day in days for section in day.sections),
        remarks=(*words.remarks, remark),
    )
