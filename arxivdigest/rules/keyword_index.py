"""Thousands of keywords looked for by their words: for so many it is quicker than a `re2.Set`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from arxivdigest.rules.keywords import Keyword, phrase
from arxivdigest.rules.re2_syntax import Finder, is_beside_number

# So many letters of the next word tell apart the phrases that share a word.
_BEGIN = 2
_PAIR = 2
# What RE2's \b bounds, in lower case, and a blank for all else; and the same with a sign for what
# parts no words of a phrase.
_OF_WORDS = b"abcdefghijklmnopqrstuvwxyz0123456789_"
_WORDS_ONLY = bytes(code if code in _OF_WORDS else ord(" ") for code in bytes(range(256)).lower())
_WORDS_AND_SIGNS = bytes(
    code if code in _OF_WORDS else ord(" ") if code in b" -" else 0
    for code in bytes(range(256)).lower()
)


class _Sought(NamedTuple):
    """A phrase in the index: its words in ASCII, and what of it stands in a joined text.

    Where it is one word, nothing else needs to be asked; where it is plain, only what is joined.
    """

    keyword: Keyword
    words: list[bytes]
    joined: bytes
    is_word: bool
    is_plain: bool
    open_begin: bool
    open_end: bool

    @classmethod
    def of(cls, keyword: Keyword) -> "_Sought | None":
        """What is sought of a keyword; None where it is unfit for the index.

        So it is without a word, and where a letter may be written in two ways.
        """
        if keyword.is_expression:
            return None
        one = phrase(keyword.text)
        words = one.words.encode().translate(_WORDS_ONLY).split()
        if one.followed or not words:
            return None
        open_begin = one.open_begin and _is_of_word(one.words[0])
        open_end = one.open_end and _is_of_word(one.words[-1])
        joined = b""
        is_joined = one.is_plain and not is_beside_number(one)
        if is_joined:
            before, after = b"" if open_begin else b" ", b"" if open_end else b" "
            joined = b"%b%b%b" % (before, b" ".join(words), after)
        is_plain = is_joined and not keyword.case
        is_word = is_plain and len(words) == 1
        return cls(keyword, words, joined, is_word, is_plain, open_begin, open_end)

    @property
    def whole(self) -> list[bytes]:
        """Those of the words that are whole."""
        return self.words[self.open_begin : len(self.words) - self.open_end]


def _is_of_word(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _joined(text: bytes) -> bytes:
    """The text in lower case, every word and every sign between single blanks.

    What parts the words of a phrase is one blank, as in `re2_syntax.PARTED`.
    """
    words = b" ".join(text.translate(_WORDS_AND_SIGNS).split())
    return b" %b " % words.replace(b"\0", b" \0 ")


class Index:
    """Phrases by one of their words: only where that stands in a text is a phrase looked for.

    Words are runs of ASCII letters and digits, as RE2 bounds them. Expressions, and phrases
    that have no such word, are unfit for it.
    """

    def __init__(self, keywords: Iterable[Keyword], finder: "Callable[[Keyword], Finder]") -> None:
        self._finder = finder
        self._by_word = _ByWord()
        self._look_up: Callable[[bytes], Sequence[_Sought] | None] | None = None
        self._by_pair: dict[tuple[bytes, bytes], list[_Sought]] = defaultdict(list)
        self._by_begin: dict[tuple[bytes, bytes], list[_Sought]] = defaultdict(list)
        self.unfit: list[Keyword] = []
        several: list[tuple[_Sought, list[bytes]]] = []
        for one in keywords:
            sought = _Sought.of(one)
            if sought is None:
                self.unfit.append(one)
            elif whole := sought.whole:
                several.append((sought, whole))
            else:
                self._by_word.add_part(sought)
        self._place_all(several)
        self._pairs = frozenset(self._by_pair)
        if self._by_word.has_parts:
            self._look_up = self._by_word.__getitem__
        elif self._by_word.whole:
            self._look_up = self._by_word.whole.get

    def _place_all(self, several: Sequence[tuple[_Sought, Sequence[bytes]]]) -> None:
        """Put phrases where they are looked for: at a word and the one that follows, if any.

        Of several such pairs, it is the one whose words are the rarest among all phrases.
        """
        counts: Counter[bytes] = Counter()
        if any(len(whole) > _PAIR for _, whole in several):
            counts.update(word for _, whole in several for word in whole)

        def rarity(pair: tuple[bytes, bytes]) -> int:
            return counts[pair[0]] + counts[pair[1]]

        for sought, whole in several:
            if len(whole) >= _PAIR:
                pairs = list(pairwise(whole))
                rarest = min(pairs, key=rarity) if counts else pairs[0]
                self._by_pair[rarest].append(sought)
            elif sought.open_end and len(sought.words[-1]) >= _BEGIN:
                self._by_begin[whole[0], sought.words[-1][:_BEGIN]].append(sought)
            else:
                self._by_word.whole[whole[0]].append(sought)

    def hits(self, text: bytes) -> Iterator[Keyword]:
        """The keywords that hit the text, some more than once."""
        words = text.translate(_WORDS_ONLY).split()
        found = [*filter(None, map(self._look_up, words))] if self._look_up else []
        if self._pairs:
            found += map(self._by_pair.__getitem__, self._pairs.intersection(pairwise(words)))
        if self._by_begin:
            begins = [word[:_BEGIN] for word in words[1:]]
            found += filter(None, map(self._by_begin.get, zip(words, begins, strict=False)))
        if not found:
            return
        words_alone = b" %b " % b" ".join(words)
        joined = b""
        for candidates in found:
            for sought in candidates:
                if sought.is_word:
                    yield sought.keyword
                elif sought.joined in words_alone:
                    joined = joined or _joined(text)  # takes longer, and tells of signs between
                    if sought.joined in joined and (
                        sought.is_plain or self._finder(sought.keyword).hits(text)
                    ):
                        yield sought.keyword

    def any_hit(self, text: bytes) -> bool:
        """Whether any keyword hits the text."""
        return next(self.hits(text), None) is not None


_NOTHING: Sequence[_Sought] = ()


class _ByWord(dict[bytes, Sequence[_Sought]]):
    """What is sought where a word stands: by the whole word, its begin, its end or a part of it.

    It is worked out once for every word that is met, and kept.
    """

    def __init__(self) -> None:
        super().__init__()
        self.whole: dict[bytes, list[_Sought]] = defaultdict(list)
        self._begins: dict[bytes, list[_Sought]] = defaultdict(list)
        self._ends: dict[bytes, list[_Sought]] = defaultdict(list)
        self._parts: dict[bytes, list[_Sought]] = defaultdict(list)

    def add_part(self, sought: _Sought) -> None:
        """Note a phrase that has no whole word, by a part of one."""
        if not sought.open_end:
            self._ends[sought.words[0]].append(sought)
        elif len(sought.words) > 1 or not sought.open_begin:
            self._begins[sought.words[-1]].append(sought)
        else:
            self._parts[sought.words[0]].append(sought)

    @property
    def has_parts(self) -> bool:
        """Whether anything is sought by a part of a word."""
        return any(self._lengths)

    def __missing__(self, word: bytes) -> Sequence[_Sought]:
        found = [*self.whole.get(word, ())]
        begins, ends, within = self._lengths
        for length in begins:
            found += self._begins.get(word[:length], ())
        for length in ends:
            found += self._ends.get(word[-length:], ())
        for length in within:
            for part in {word[at : at + length] for at in range(len(word) - length + 1)}:
                found += self._parts.get(part, ())
        self[word] = found or _NOTHING
        return self[word]

    @cached_property
    def _lengths(self) -> tuple[list[int], ...]:
        """How long the begins, the ends and the parts are."""
        kinds = (self._begins, self._ends, self._parts)
        return tuple(sorted({len(one) for one in kind}) for kind in kinds)
