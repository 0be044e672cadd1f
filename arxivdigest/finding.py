"""Papers found again: one by its id, or all that a search asks for, in what is stored."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from functools import partial, reduce
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest import changes as differences
from arxivdigest.arxiv.identifier import EXAMPLE, Identifier, identifier
from arxivdigest.errors import UsageError
from arxivdigest.model import (
    REPLACEMENTS,
    AnnounceType,
    Changes,
    Day,
    Digest,
    Entry,
    Ruling,
    Status,
    Verdict,
)
from arxivdigest.rules import RuleSet
from arxivdigest.store.packing import Entries, author_names, ids, searched_texts
from arxivdigest.text import safe
from arxivdigest.text.counts import counted

if TYPE_CHECKING:
    from arxivdigest.rules.query import Query
    from arxivdigest.store.listings import Store
    from arxivdigest.store.starred import Starred

_REMEMBERED = 8
"""Listings that stay in memory: several papers of one morning are in the same few."""


class Appearance(NamedTuple):
    """A paper as it was announced on a day."""

    announced: date
    entry: Entry


class Paper(NamedTuple):
    """What is stored of a paper: as it was announced, the newest day first, and its star.

    `version` is the one that is asked for, if one is.
    """

    appearances: tuple[Appearance, ...]
    starred: "Starred | None" = None
    version: int | None = None

    @property
    def entry(self) -> Entry:
        """The paper as the version asked for was announced, or as it was last, or starred."""
        if self.appearances:
            return self._asked.entry
        assert self.starred  # noqa: S101 - a paper is one or the other
        return self.starred.entry

    @property
    def announced(self) -> date | None:
        """The day that the entry was announced on."""
        if self.appearances:
            return self._asked.announced
        return self.starred.announced if self.starred else None

    @property
    def _asked(self) -> Appearance:
        of_version = (one for one in self.appearances if one.entry.version == self.version)
        return next(of_version, self.appearances[0]) if self.version else self.appearances[0]


class Found(NamedTuple):
    """What a search found on a day."""

    announced: date | None
    ruling: Ruling


class Library:
    """The papers that are stored: those of the listings that are kept, and those with a star."""

    def __init__(self, store: "Store", starred: Sequence["Starred"] = ()) -> None:
        self._store = store
        self._starred = {one.entry.arxiv_id: one for one in starred}
        self._remembered: dict[int, dict[str, int]] = {}
        self._entries: dict[int, Entries] = {}

    def paper(self, arxiv_id: str) -> Paper | None:
        """What is stored of a paper, or None."""
        found = Paper(self._appearances(arxiv_id), self._starred.get(arxiv_id))
        return found if found.appearances or found.starred else None

    def changes(self, entry: Entry, announced: date | None) -> Changes | None:
        """What a replacement changed since the version before, or None where none is stored."""
        found = self._appearances(entry.arxiv_id)
        before = [one for one in found if announced is None or one.announced < announced]
        same = [one.entry for one in found if one.announced == announced]
        earlier = before[0].entry if before else self._as_starred(entry, announced)
        if earlier is None:
            return None
        return differences.changes(earlier, _completed(entry, same))

    def _as_starred(self, entry: Entry, announced: date | None) -> Entry | None:
        """The entry as it was starred, if that was an earlier version."""
        starred = self._starred.get(entry.arxiv_id)
        if starred is None:
            return None
        is_earlier = bool(announced and starred.announced and starred.announced < announced)
        return starred.entry if is_earlier else None

    def _appearances(self, arxiv_id: str) -> tuple[Appearance, ...]:
        days: dict[date, list[Entry]] = {}
        for holding in self._store.holding(arxiv_id):
            entry = self._entry(holding.listing, arxiv_id)
            if entry:
                days.setdefault(holding.announced, []).append(entry)
        return tuple(Appearance(day, _completed(held[0], held)) for day, held in days.items())

    def _entry(self, number: int, arxiv_id: str) -> Entry | None:
        if number not in self._entries:
            if len(self._entries) >= _REMEMBERED:
                forgotten = next(iter(self._entries))
                del self._entries[forgotten], self._remembered[forgotten]
            listing = self._store.listing(number)
            entries = Entries.of(listing.entries if listing else ())
            self._entries[number] = entries
            self._remembered[number] = {one: at for at, one in enumerate(ids(entries))}
        at = self._remembered[number].get(arxiv_id)
        return None if at is None else self._entries[number][at]

    def search(self, query: "Query", *, since: date | None = None) -> Iterator[Found]:
        """What the search finds, the newest first, each paper once, as it was then."""
        rule_set = query.rule_set()
        known: set[str] = set()
        for day in self._store.days():
            if since and day < since:
                break
            for ruling in _rulings(rule_set, self._of_day(day)):
                arxiv_id = ruling.entry.arxiv_id
                is_starred = arxiv_id in self._starred
                if arxiv_id not in known and query.starred in (None, is_starred):
                    known.add(arxiv_id)
                    yield Found(day, ruling._replace(starred=is_starred))
        if query.starred is False:
            return
        # What is starred is kept when its listing is not.
        for one in self.starred(since):
            if one.entry.arxiv_id not in known:
                for ruling in _rulings(rule_set, [one.entry]):
                    yield Found(one.announced, ruling._replace(starred=True))

    def days(self) -> Sequence[date]:
        """The days of which anything is stored, the newest first."""
        return self._store.days()

    def replaced(self, since: date | None, *, only_starred: bool = False) -> Iterator[Found]:
        """The replacements from a day on, the newest first, each with what it changed."""
        rule_set = RuleSet((), REPLACEMENTS)
        for day in self._store.days():
            if since and day < since:
                return
            for ruling in _rulings(rule_set, self._of_day(day)):
                is_starred = ruling.entry.arxiv_id in self._starred
                if is_starred or not only_starred:
                    find = partial(self.changes, ruling.entry, day)
                    yield Found(day, ruling._replace(starred=is_starred, find_changes=find))

    def _of_day(self, day: date) -> Entries:
        found = [Entries.of(one.entries) for one in self._store.listings_of(day)]
        return found[0] if len(found) == 1 else Entries.merged(found)

    def starred(self, since: date | None = None) -> Iterator["Starred"]:
        """What is starred, the one starred last first; from a day on."""
        for one in self._starred.values():
            if since is None or one.at.date() >= since:
                yield one


def _rulings(rule_set: RuleSet, entries: Sequence[Entry]) -> Iterator[Ruling]:
    texts, authors = searched_texts(entries), author_names(entries)
    rulings = rule_set.rulings(entries, texts, authors, show_all=False)
    return (one for one in rulings if one.selected)


def _completed(entry: Entry, others: Sequence[Entry]) -> Entry:
    """The entry with what other sources say of the same day, pages first, which have comments."""
    return reduce(Entry.completed, sorted(others, key=lambda one: not one.formats), entry)


class Asked(NamedTuple):
    """A paper that is asked for, and its number in the list shown last, if that was given."""

    identifier: Identifier
    number: int | None = None


def asked(words: Sequence[str], listed: Collection[str] | None) -> list[Asked]:
    """The papers that the words ask for: ids, numbers in the list shown last, ranges of these.

    `listed` are the ids of that list, or None where there is no terminal. A UsageError says what
    is wrong with a word.
    """
    found: dict[Asked, None] = {}
    for word in words:
        named = identifier(word)
        if named:
            found[Asked(named)] = None
        else:
            found.update(dict.fromkeys(_numbered(word, listed)))
    return list(found)


def _numbered(word: str, listed: Collection[str] | None) -> Iterator[Asked]:
    first, dash, last = word.strip().lstrip("#[").rstrip("]").partition("-")
    if not _is_number(first) or (dash and not _is_number(last)):
        raise UsageError(f'"{safe(word)}" is no arXiv id, such as {EXAMPLE}')
    if listed is None:
        raise UsageError(
            f"{safe(word)} is a number in the list shown last on a terminal, and there is no"
            " terminal here; give an id"
        )
    if not listed:
        raise UsageError(f"no list was shown on this terminal that {safe(word)} may be a number in")
    known = tuple(listed)
    begin, end = int(first), int(last) if dash else int(first)
    if end < begin:
        raise UsageError(f"{safe(word)} runs backwards; write {end}-{begin}")
    if not 1 <= begin <= end <= len(known):
        count = counted(len(known), "paper")
        raise UsageError(f"{safe(word)}: the list shown last on this terminal has {count}")
    for number in range(begin, end + 1):
        named = identifier(known[number - 1])
        if named:
            yield Asked(named, number)


def _is_number(word: str) -> bool:
    return word.isdecimal() and word.isascii() and len(word) < _LONGEST_NUMBER


_LONGEST_NUMBER = 6


def papers(found: Sequence[Found], about: str, message: str) -> Digest:
    """What was found as a digest, in the order of what was found, by day."""
    verdict = Verdict(Status.COMPLETE, "store", len(found), None, safe(message))
    days = tuple(
        Day(
            announced=day,
            counts=_counts(group),
            selected=len(group),
            rulings=group,
            verdict=verdict._replace(read=len(group)),
        )
        for day, group in (
            (day, tuple(one.ruling for one in same))
            for day, same in groupby(found, key=lambda one: one.announced)
        )
    )
    return Digest((), days, verdict, is_series=True, about=about)


def _counts(rulings: Sequence[Ruling]) -> dict[AnnounceType, int]:
    types = [one.entry.announce_type for one in rulings]
    return {one: types.count(one) for one in AnnounceType}
