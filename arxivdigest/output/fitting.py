"""A message kept whole where mail readers cut long ones: Gmail does at 102 KB."""

from collections.abc import Callable
from html import escape

from arxivdigest.output.marked import Piece
from arxivdigest.output.wording import DigestWords, EntryWords
from arxivdigest.text.counts import counted

MOST_BYTES = 100_000
_ROOM_FOR_THE_REMARK = 300
_BYTES_OF_A_MARK, _BYTES_OF_A_PARAGRAPH = 54, 33


def fitted(words: DigestWords, render: Callable[[DigestWords], str]) -> str:
    """What is rendered, without the abstracts of the lowest-scored where it would be too long."""
    rendered = render(words)
    left_out: set[int] = set()
    while (over := len(rendered.encode()) - MOST_BYTES) > 0:
        more = _to_leave_out(words, left_out, over + _ROOM_FOR_THE_REMARK)
        if not more:
            break
        left_out |= more
        rendered = render(_without(words, left_out))
    return rendered


def _to_leave_out(words: DigestWords, already: set[int], size: int) -> set[int]:
    """The numbers of the entries whose abstracts take so many bytes, lowest scores first."""
    entries = [
        entry
        for section in words.sections
        for entry in section.entries
        if entry.abstract and not entry.first and entry.number not in already
    ]
    entries.sort(key=lambda entry: (entry.selected, float(entry.score), -entry.number))
    chosen: set[int] = set()
    for entry in entries:
        if size <= 0:
            break
        chosen.add(entry.number)
        size -= _size(entry)
    return chosen


def _size(entry: EntryWords) -> int:
    """The bytes of an entry's abstract, about."""
    return sum(
        len(escape(piece.text).encode()) + piece.hit * _BYTES_OF_A_MARK
        for paragraph in entry.abstract
        for piece in (Piece("x" * _BYTES_OF_A_PARAGRAPH), *paragraph)
    )


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
