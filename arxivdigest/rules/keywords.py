"""Keywords: phrases and regular expressions, matched against folded text all at once."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from arxivdigest.text import safe
from arxivdigest.text.folding import fold
from arxivdigest.text.letters import decode

if TYPE_CHECKING:
    from types import ModuleType

# Words are bounded by RE2's \b and \B, which cost nothing but know ASCII only; that is enough for
# folded text, save for the letters of scripts that have no ASCII form.
_FOREIGN = r"\pL\pN\pM"
_EDGE = rf"[^{_FOREIGN}]"
_REST_OF_WORD = rf"[{_FOREIGN}]*"
# Scripts whose words are not parted by blanks: a keyword may begin and end anywhere in them.
# Thai and Lao, Burmese, Khmer, kana, Chinese characters, Hangul.
_UNPARTED = (
    ("\u0e00", "\u0eff"),
    ("\u1000", "\u109f"),
    ("\u1780", "\u17ff"),
    ("\u3040", "\u30ff"),
    ("\u3400", "\u9fff"),
    ("\uac00", "\ud7a3"),
    ("\uf900", "\ufaff"),
)
_PARTED = r"[ \-]+"


class KeywordError(ValueError):
    """A keyword that cannot match, or an expression that RE2 does not take."""


class Keyword(NamedTuple):
    """A phrase or a regular expression, as written, and as a pattern for folded text.

    The pattern is in RE2's syntax; its first group is what the keyword hits.
    """

    text: str
    pattern: str


def keyword(text: str, *, case: bool = False) -> Keyword:
    """The keyword of this text: an expression between slashes, or else a phrase.

    A KeywordError says what is wrong with it.
    """
    try:
        pattern = _pattern(text)
    except KeywordError as error:
        raise KeywordError(f'the keyword "{safe(text)}" {error}') from error
    return Keyword(text, pattern if case else f"(?i){pattern}")


def _pattern(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == "/":
        return f"({_expression(text[1:-1])})"
    return _phrase(text)


def _expression(written: str) -> str:
    # Outside ASCII as in the text; a `_` is a dash there.
    folded = re.sub(r"[^\x00-\x7f]", lambda found: fold(found[0]).text, written)
    folded = folded.replace("_", r"\-")
    try:
        compiled = _re2().compile(folded, _quiet())
    except _re2().error as error:
        reason = error.args[0].decode("utf-8", "replace") if error.args else "it cannot be read"
        raise KeywordError(f"is no regular expression in RE2's syntax: {reason}") from error
    if compiled.search("") is not None:
        raise KeywordError("matches everything: it also matches where there is no text")
    return folded


def _phrase(written: str) -> str:
    open_begin, open_end = written.startswith("*"), written.endswith("*")
    core = fold(decode(written.strip("*"), symbols=True)).text.strip(" -")
    if not any(character.isalnum() for character in core):
        raise KeywordError("can never match: it has no letter and no digit")
    if "*" in core:
        raise KeywordError("may have a * at its begin and its end only (in the middle, use /.../)")
    body = _PARTED.join(map(re.escape, re.split(_PARTED, core)))
    begin = _REST_OF_WORD if open_begin else ""
    end = _REST_OF_WORD if open_end else ""
    before = "" if open_begin else _boundary(core[0], "^")
    after = "" if open_end else _boundary(core[-1], "$")
    return f"{before}({begin}{body}{end}){after}"


def _boundary(character: str, text_edge: str) -> str:
    """What stands beside a phrase that begins or ends in the character."""
    if not character.isalnum():
        return r"\B"
    if character.isascii():
        return r"\b"
    is_unparted = any(first <= character <= last for first, last in _UNPARTED)
    return "" if is_unparted else f"(?:{text_edge}|{_EDGE})"


def _re2() -> "ModuleType":
    import re2

    module: ModuleType = re2
    return module


def _quiet() -> Any:  # noqa: ANN401 - re2 is published without types
    options = _re2().Options()
    options.log_errors = False
    return options


_ANCHOR = re.compile(r"[\^$]|\\[Az]")


class KeywordSet:
    """Many keywords as one `re2.Set`.

    The cost is the same for ten and for a thousand, and linear in the text whatever expression a
    user writes.
    """

    def __init__(self, keywords: Iterable[Keyword]) -> None:
        self._keywords = tuple(dict.fromkeys(keywords))
        self._expressions: dict[Keyword, Any] = {}

    @cached_property
    def _set(self) -> Any:  # noqa: ANN401 - re2 is published without types
        whole = _re2().Set.SearchSet(_quiet())
        for one in self._keywords:
            whole.Add(one.pattern)
        whole.Compile()
        return whole

    def hits(self, folded: str | bytes) -> frozenset[Keyword]:
        """The keywords that hit the folded text."""
        if not self._keywords or not folded:
            return frozenset()
        indices = self._set.Match(folded)
        return frozenset(map(self._keywords.__getitem__, indices)) if indices else frozenset()

    def found_in(self, texts: Sequence[bytes]) -> list[int]:
        """Where among these folded texts, in UTF-8, any keyword may hit a part of the text.

        The parts are lines. An expression that asks for the begin or the end of a text could miss
        them in the whole, and so with one every text counts.
        """
        if not self._keywords:
            return []
        if any(_ANCHOR.search(one.text) for one in self._keywords if one.text.startswith("/")):
            return list(range(len(texts)))
        match = self._set.Match
        return [at for at, text in enumerate(texts) if match(text)]

    def spans(self, hit: Keyword, folded: str) -> Iterator[tuple[int, int]]:
        """Where in the folded text the keyword hits, in order, none within another."""
        expression = self._expressions.get(hit)
        if expression is None:
            expression = self._expressions[hit] = _re2().compile(hit.pattern, _quiet())
        at = 0
        while found := expression.search(folded, at):
            begin, end = found.span(1)
            yield begin, end
            at = max(end, begin + 1)
