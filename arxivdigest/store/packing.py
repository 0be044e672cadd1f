"""Entries as they are kept: in few bytes, with the folded texts that rules look at.

Most entries of a listing are hidden. So one is made of its record only when it is asked for, and
the rules decide from the folded texts whether to ask. A record has of its abstract only what the
folded text has not.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise, repeat
from typing import Self, cast, overload

from arxivdigest.model import AnnounceType, Entry
from arxivdigest.text.searched import VERSION, Searched, searched

_TYPES = dict(zip("ncrx", AnnounceType, strict=True))
_LETTERS = {announce_type: letter for letter, announce_type in _TYPES.items()}

_RANKS = {letter: rank for rank, letter in enumerate(_TYPES)}

# ASCII's own separators of records and of units, which no text of arXiv's has.
_BETWEEN_ENTRIES = b"\x1e"
_BETWEEN_FIELDS = "\x1f"
_PARTING = _BETWEEN_FIELDS.encode()
# Before the texts; those that were kept before there were versions begin with a title.
_FOLDED = f"\x1d{VERSION}\x1d".encode()
_OF_VERSION = rb"\x1d[0-9]+\x1d"
_AUTHORS, _CATEGORIES = 4, 5
"""Where they stand among the fields of a record."""

# Before how much of an abstract stands in the folded text too, which begins and ends as it does.
_SHARED = "\x1c"
_LEAST_SHARED = 64
_FEW = 16
_WITHIN_LETTER = range(0x80, 0xC0)  # RFC 3629, 3
_ESCAPE = "\x1b"
_WRITTEN = {"\x1e": "\x1b.", "\x1f": "\x1b_", "\x1b": "\x1b["}
_ESCAPED = str.maketrans(_WRITTEN)


class Entries(Sequence[Entry]):
    """Entries, each made when it is asked for; `texts` are what the rules look at."""

    def __init__(
        self, records: Sequence[bytes] | Callable[[], Sequence[bytes]], texts: Sequence[Searched]
    ) -> None:
        self._given = records
        self.texts = texts

    @cached_property
    def _records(self) -> Sequence[bytes]:
        """The records, made when any is asked for: of a day with no hit in its texts none is."""
        return self._given() if callable(self._given) else self._given

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Entries":
        """These entries, folded."""
        if isinstance(entries, Entries):
            return entries
        texts = [searched(one.title, one.abstract) for one in entries]
        return cls(list(map(pack, entries, texts)), texts)

    @classmethod
    def from_bytes(cls, records: Callable[[], bytes], texts: bytes) -> Self:
        """The entries that `to_bytes` wrote; what another version folded is folded anew."""
        if texts.startswith(_FOLDED):
            of_this = cast("Sequence[Searched]", _Parts(texts, len(_FOLDED)))
            return cls(lambda: _split(records()), of_this)
        packed = _split(records())
        before = re.match(_OF_VERSION, texts)
        # What was kept before there were versions has nothing apart.
        parts: Iterable[bytes] = _Parts(texts, before.end()) if before else repeat(b"")
        entries = [unpack(record, text) for record, text in zip(packed, parts, strict=False)]
        anew = [searched(one.title, one.abstract) for one in entries]
        return cls(list(map(pack, entries, anew)), anew)

    def to_bytes(self) -> tuple[bytes, bytes]:
        """The records of all entries, and all texts."""
        texts = [bytes(one) for one in self.texts]
        if texts:
            texts[0] = _FOLDED + texts[0]
        return _BETWEEN_ENTRIES.join(self._records), _BETWEEN_ENTRIES.join(texts)

    @overload
    def __getitem__(self, index: int) -> Entry: ...

    @overload
    def __getitem__(self, index: slice) -> "Entries": ...

    def __getitem__(self, index: int | slice) -> "Entry | Entries":
        if isinstance(index, slice):
            return Entries(self._records[index], self.texts[index])
        return unpack(self._records[index], self.texts[index])

    def __len__(self) -> int:
        return len(self.texts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    @property
    def announce_types(self) -> Iterable[AnnounceType]:
        """The announce type of each entry."""
        return [_TYPES[chr(record[0])] for record in self._records]

    @cached_property
    def keys(self) -> list[tuple[str, AnnounceType]]:
        """The id and the announce type of each entry."""
        return _keys(self._records)

    def author_names(self) -> Iterator[tuple[str, ...]]:
        """The authors of each entry."""
        for record in self._records:
            written = record.split(_PARTING, _AUTHORS + 1)[_AUTHORS].decode()
            yield parted(_unescaped(written) if _ESCAPE in written else written)

    def typed(
        self, judge: Callable[[AnnounceType, tuple[str, ...]], AnnounceType | None]
    ) -> "Entries":
        """The entries with the announce type that comes of it and of their categories, if any."""
        records: list[bytes] = []
        texts: list[Searched] = []
        for record, text in zip(self._records, self.texts, strict=True):
            before = _TYPES[chr(record[0])]
            categories = parted(record.split(_PARTING, _CATEGORIES + 1)[_CATEGORIES].decode())
            now = judge(before, categories)
            if now is not None:
                records.append(_LETTERS[now].encode() + record[1:])
                texts.append(text)
        return Entries(records, texts)

    @classmethod
    def merged(cls, many: "Iterable[Entries]") -> "Entries":
        """All entries, each once, with what any of them says of it.

        It is new where it is new in any, and so on.
        """
        strongest: dict[str, tuple[int, bytes, Searched]] = {}
        for entries in many:
            rows = zip(ids(entries), entries._records, entries.texts, strict=True)  # noqa: SLF001 - its own
            for arxiv_id, record, text in rows:
                rank = _RANKS[chr(record[0])]
                known = strongest.get(arxiv_id)
                if known is None:
                    strongest[arxiv_id] = (rank, record, text)
                    continue
                best, other = (rank, record, text), known
                if known[0] <= rank:
                    best, other = other, best
                if best[1][1:] != other[1][1:]:  # another source than before
                    whole = unpack(*best[1:]).completed(unpack(*other[1:]))
                    best = (best[0], pack(whole, best[2]), best[2])
                strongest[arxiv_id] = best
        ordered = sorted(strongest.values(), key=lambda one: one[0])
        return cls([one[1] for one in ordered], [one[2] for one in ordered])


def packed_ids(records: bytes) -> list[str]:
    """The ids of the entries that these records are of, whose texts nobody asks for."""
    return [arxiv_id for arxiv_id, _ in _keys(_split(records))]


def _keys(records: Iterable[bytes]) -> list[tuple[str, AnnounceType]]:
    """What each record begins with: the letter of its announce type, and its id."""
    heads = [record[: record.index(_PARTING, 2)].decode() for record in records]
    return [
        (_unescaped(head[2:]) if _ESCAPE in head else head[2:], _TYPES[head[0]]) for head in heads
    ]


def ids(entries: Sequence[Entry]) -> Sequence[str]:
    """The id of each entry, which are not made for it where they are kept."""
    if isinstance(entries, Entries):
        return [arxiv_id for arxiv_id, _ in entries.keys]
    return [entry.arxiv_id for entry in entries]


def searched_texts(entries: Sequence[Entry]) -> Sequence[Searched]:
    """The text of each entry that rules look at."""
    return (
        entries.texts
        if isinstance(entries, Entries)
        else [searched(one.title, one.abstract) for one in entries]
    )


def author_names(entries: Sequence[Entry]) -> Iterator[tuple[str, ...]]:
    """The authors of each entry, which are not made for it where they are kept."""
    if not isinstance(entries, Entries):
        return (entry.authors for entry in entries)
    return entries.author_names()


def announce_types(entries: Sequence[Entry]) -> Iterable[AnnounceType]:
    """The announce type of each entry, which are not made for it where they are kept."""
    if isinstance(entries, Entries):
        return entries.announce_types
    return [entry.announce_type for entry in entries]


def keys(entries: Sequence[Entry]) -> list[tuple[str, AnnounceType]]:
    """The id and the announce type of each entry, which are not made for it where they are kept."""
    if isinstance(entries, Entries):
        return entries.keys
    return [(entry.arxiv_id, entry.announce_type) for entry in entries]


def _split(records: bytes) -> list[bytes]:
    return records.split(_BETWEEN_ENTRIES) if records else []


class _Parts(Sequence[bytes]):
    """Texts, each copied out only when it is asked for: to copy megabytes at once takes longer."""

    def __init__(self, joined: bytes, begin: int = 0) -> None:
        self._joined = joined
        self._begins = [begin] if joined else []
        at = joined.find(_BETWEEN_ENTRIES, begin)
        while at >= 0:
            self._begins.append(at + 1)
            at = joined.find(_BETWEEN_ENTRIES, at + 1)
        self._begins.append(len(joined) + 1)

    @overload
    def __getitem__(self, index: int) -> bytes: ...

    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...

    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = range(len(self))[index]
        return self._joined[self._begins[at] : self._begins[at + 1] - 1]

    def __iter__(self) -> Iterator[bytes]:
        joined = self._joined
        for begin, following in pairwise(self._begins):
            yield joined[begin : following - 1]

    def __len__(self) -> int:
        return len(self._begins) - 1


def pack(entry: Entry, text: bytes = b"") -> bytes:
    """An entry in few bytes: of its abstract, what stands in its folded text only once."""
    fields = (
        _LETTERS[entry.announce_type],
        entry.arxiv_id,
        "" if entry.version is None else str(entry.version),
        entry.title,
        joined(entry.authors),
        joined(entry.categories),
        _apart(entry.abstract, text),
        _optional(entry.comments),
        _optional(entry.journal_ref),
        _optional(entry.doi),
        _optional(entry.license),
        joined(entry.formats),
    )
    written = _BETWEEN_FIELDS.join(fields)
    if written.count(_BETWEEN_FIELDS) >= len(fields) or _ESCAPE in written or "\x1e" in written:
        written = _BETWEEN_FIELDS.join(field.translate(_ESCAPED) for field in fields)
    return _encoded(written)


def unpack(record: bytes, text: bytes = b"") -> Entry:
    """The entry that was made a record, given the folded text that it was made with."""
    fields = record.decode().split(_BETWEEN_FIELDS)
    if b"\x1b" in record:
        fields = list(map(_unescaped, fields))
    categories = parted(fields[5])
    return Entry(
        fields[1],
        int(fields[2]) if fields[2] else None,
        _TYPES[fields[0]],
        fields[3],
        parted(fields[4]),
        categories[0] if categories else "",
        categories,
        _together(fields[6], text) if fields[6].startswith(_SHARED) else fields[6],
        _from_optional(fields[7]),
        _from_optional(fields[8]),
        _from_optional(fields[9]),
        _from_optional(fields[10]),
        parted(fields[11]),
    )


def _apart(abstract: str, text: bytes) -> str:
    """What of an abstract its folded text has not, after how much of that it begins and ends with.

    All of it, where they have little in common.
    """
    written, folded = _encoded(abstract), _folded_abstract(text)
    first = _common(written, folded)
    rest, other = written[first:], folded[first:]
    last = _common(rest[::-1], other[::-1]) if len(rest) > _LEAST_SHARED else 0
    while 0 < first < len(written) and written[first] in _WITHIN_LETTER:
        first -= 1
    while last and written[-last] in _WITHIN_LETTER:
        last -= 1
    if first + last < _LEAST_SHARED and not abstract.startswith(_SHARED):
        return abstract
    middle = written[first : len(written) - last].decode()
    return f"{_SHARED}{first}{_SHARED}{last}{_SHARED}{middle}"


def _together(apart: str, text: bytes) -> str:
    """The abstract of which that was kept apart."""
    _, first, last, middle = apart.split(_SHARED, 3)
    folded = _folded_abstract(text)
    end = folded[len(folded) - int(last) :]
    return (folded[: int(first)] + middle.encode() + end).decode()


def _folded_abstract(text: bytes) -> bytes:
    return text[text.find(b"\n") + 1 :]


def _common(one: bytes, other: bytes) -> int:
    """With how many bytes both begin, or a few less."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while high - low > _FEW:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low


def _unescaped(field: str) -> str:
    for character, written in _WRITTEN.items():
        field = field.replace(written, character)
    return field


def _optional(text: str | None) -> str:
    return "" if text is None else f"={text}"


def _from_optional(field: str) -> str | None:
    return field[1:] if field else None


def joined(parts: Iterable[str]) -> str:
    """The parts, each with a newline at its end; within them there is none, or becomes a blank."""
    several = list(parts)
    if not several:
        return ""
    written = "\n".join(several)
    if written.count("\n") >= len(several):
        written = "\n".join(part.replace("\n", " ") for part in several)
    return written + "\n"


def parted(text: str) -> tuple[str, ...]:
    """The parts that were joined."""
    return tuple(text.split("\n")[:-1])


def _encoded(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError:
        return whole_letters(text).encode()


def whole_letters(text: str) -> str:
    """The text with the sign for it in place of half a letter, which UTF-8 cannot hold."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
