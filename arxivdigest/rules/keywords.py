"""Keywords: phrases and regular expressions, as a person writes them, and what they mean."""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.errors import KeywordError
from arxivdigest.text import quoted

if TYPE_CHECKING:
    from arxivdigest.text.folding import Folded

BLANK = " "
_MOST_LETTERS = 2000  # more than a title has, and about as many as an abstract


class Keyword(NamedTuple):
    """A phrase or a regular expression, as written; `case` is whether it heeds case."""

    text: str
    case: bool = False

    @property
    def is_expression(self) -> bool:
        """Whether it stands between slashes; an `i` may follow, and says nothing new."""
        text = self.text
        return len(text) > 1 and text[0] == "/" and (text[-1] == "/" or text[2:].endswith("/i"))

    @property
    def expression(self) -> str:
        """What stands between the slashes."""
        return self.text[1 : self.text.rindex("/")]

    @property
    def is_open(self) -> bool:
        """Whether a `*` opens one of its ends."""
        return not self.is_expression and (self.text[0] == "*" or self.text[-1] == "*")


class Phrase(NamedTuple):
    """What a keyword asks of a text: its words, folded, and which of its ends are open.

    `followed` are the places in the words that another letter may follow, as ö is o or oe, or a
    blank; a blank that stands there already may be none. It `is_plain` where it is nothing but
    words of ASCII, and what parts them.
    """

    words: str
    open_begin: bool = False
    open_end: bool = False
    followed: tuple[tuple[int, str], ...] = ()
    is_plain: bool = False


def keyword(text: str, *, case: bool = False) -> Keyword:
    """The keyword of this text: an expression between slashes, or else a phrase.

    A KeywordError says what is wrong with it.
    """
    one = Keyword(text, case)
    if _plain(text):  # nearly all, and nothing is wrong with them
        return one
    from arxivdigest.rules import mistakes

    try:
        mistakes.check(text)
        if one.is_expression:
            from arxivdigest.rules.expressions import expression

            if case and text.endswith("i"):
                raise KeywordError(  # noqa: TRY301 - one place says which keyword it is
                    "ignores case, as the i after its last slash says, and case = true heeds it:"
                    " leave out one of them"
                )
            expression(one.expression)
        else:
            phrase(text)
    except KeywordError as error:
        raise KeywordError(f"the keyword {quoted(text)} {error}") from error
    return one


@lru_cache(maxsize=8192)  # a keyword is checked, and then looked for
def phrase(written: str) -> Phrase:
    """The phrase that a keyword means; a KeywordError says why it can never match."""
    one = _plain(written)
    if one:
        return one
    if len(written) > _MOST_LETTERS:
        raise KeywordError(f"is longer than {_MOST_LETTERS:,} letters, and can never match")
    from arxivdigest.text.folding import fold
    from arxivdigest.text.letters import decode

    core = decode(written.strip("*").strip(), symbols=False)
    folded = fold(core)
    words = _without_edges(folded.text)
    begin = folded.text.index(words)
    _check(core, words)
    followed = _followed(core, folded, range(begin, begin + len(words)))
    return Phrase(
        words,
        written.startswith("*"),
        written.endswith("*"),
        followed,
        is_plain=not followed and _are_words(words),
    )


def _followed(core: str, folded: "Folded", places: range) -> tuple[tuple[int, str], ...]:
    """Where in the words another letter, or a blank, may follow, and which."""
    if core.isascii() and not any(sign in core for sign in "_^\\"):
        return ()
    from arxivdigest.text.folding import SECOND_LETTERS, fold
    from arxivdigest.text.readable import has_tex, readable

    if has_tex(core):
        read = readable(core)
        again = fold(read)
        if again.text == folded.text:
            core, folded = read, again
    apart = {found.end() - 1 for found in _apart().finditer(core)}
    if core.isascii() and not apart:
        return ()
    written = [(at, folded.written(at, at + 1)) for at in places]
    return tuple(
        (at - places.start, second)
        for at, (first, end) in written
        if (second := BLANK if first in apart else SECOND_LETTERS.get(core[first:end], ""))
    )


@cache
def _apart() -> re.Pattern[str]:
    """Where some write a blank, and others none: sin² θ, tan β, k_B T.

    It is after the power of a function, before a Greek letter that one is of, and after the index
    of a factor.
    """
    from arxivdigest.text.symbols import FUNCTIONS

    return re.compile(
        rf"(?<![A-Za-z\\])(?:{'|'.join(sorted(FUNCTIONS))})"
        r"(?:(?:[⁰¹²³⁴-⁹]+|[₀-₉]+|[\^_]\{?[0-9]) ?(?=\}? ?[^\W_])| ?(?=[Α-Ωα-ωϑϕϵ]))"
        r"|(?<![^\W_])[^\W_]_(?:[^\W_]|\{[^\W_]{1,4}) ?(?=\}? ?[^\W\d_](?![^\W_]))"
    )


def is_plain(one: Keyword) -> bool:
    """Whether a keyword is nothing but words of ASCII whose case does not matter."""
    return not one.case and _plain(one.text) is not None


@lru_cache(maxsize=8192)
def _plain(written: str) -> Phrase | None:
    """The phrase of a keyword that is nothing but words of ASCII; None for any other."""
    open_begin, open_end = written.startswith("*"), written.endswith("*")
    words = written[open_begin : len(written) - open_end]
    if len(written) > _MOST_LETTERS or not _are_words(words):
        return None
    return Phrase(words, open_begin, open_end, is_plain=True)


def _without_edges(folded: str) -> str:
    """The folded text from its first word or sign to its last; a dash that ends a word stays."""
    stripped = folded.strip().lstrip(" -")
    return stripped.rstrip(" -") if stripped.endswith((" -", "--")) else stripped


# Where a star is a sign like others, as it is in a formula: K^{*0}, R(D^(*)), C*-algebra, D*⁺.
_STAR = (
    r"\^(?:\*|\{[^{}]*\}|\([^()]*\))"
    r"|(?<![^\W_])[A-Z]\*(?=[⁰¹²³⁴-⁹⁺⁻]|[^\w\s*.?\\\[\](){}|])"
)


def _check(core: str, words: str) -> None:
    from arxivdigest.rules.mistakes import FORMULA
    from arxivdigest.text.folding import fold
    from arxivdigest.text.readable import readable

    if not any(character.isalnum() for character in words):
        raise KeywordError("can never match: it has no letter and no digit")
    if "*" in core and "*" in re.sub(rf"{FORMULA}|{_STAR}", "", core):
        raise KeywordError("may have a * at its begin and its end only (in the middle, use /.../)")
    if "\\" in core or "$" in core:
        lost = _signs(fold(readable(core)).text) - _signs(words)
        if lost:
            raise KeywordError(
                f"can never match as it is written: {' '.join(sorted(lost))} is lost in it; write"
                " it as it is read, or use an expression: /.../"
            )


def _signs(folded: str) -> set[str]:
    return {one for one in folded if not one.isspace() and one not in "-\"'{}()[]^_$\\.,"}


def _are_words(text: str) -> bool:
    """Whether this is letters and digits of ASCII, from the first to the last, and what parts them.

    It is asked of every keyword at every start, where to compile a pattern for it takes longer.
    """
    return (
        text.isascii()
        and text[:1].isalnum()
        and text[-1:].isalnum()
        and text.replace("-", "").replace(" ", "").isalnum()
    )
