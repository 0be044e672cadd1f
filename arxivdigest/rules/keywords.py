"""Keywords: phrases and regular expressions, as a person writes them."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from arxivdigest.errors import KeywordError
from arxivdigest.rules import phrases
from arxivdigest.rules.engine import quiet, re2
from arxivdigest.text import safe


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


def keyword(text: str, *, case: bool = False) -> Keyword:
    """The keyword of this text: an expression between slashes, or else a phrase.

    A KeywordError says what is wrong with it.
    """
    one = Keyword(text, case)
    if phrases.plain(text):  # nearly all, and nothing is wrong with them
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
            phrases.phrase(text)
    except KeywordError as error:
        shown = text if len(text) < 80 else f"{text[:60]}..."  # noqa: PLR2004 - of a line
        raise KeywordError(f'the keyword "{safe(shown)}" {error}') from error
    return one


def pattern(one: Keyword, *, whole: bool = False) -> str:
    """The keyword in RE2's syntax, for folded text; its first group is what it hits.

    The whole of a hit goes on to the end of a word whose end is open.
    """
    if one.is_expression:
        from arxivdigest.rules.expressions import expression

        return f"{'' if one.case else '(?i)'}({expression(one.expression)})"
    return phrases.pattern(phrases.phrase(one.text), case=one.case, whole=whole)


class Finder:
    """Finds the places of one keyword."""

    def __init__(self, one: Keyword) -> None:
        self._expression: Any = re2().compile(pattern(one, whole=True), quiet())

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Where in the folded text the keyword hits, in order, none within another."""
        # In bytes: of a str, re2 makes them anew for every search.
        text = folded.encode("utf-8", "replace")
        at = done = letters = 0
        while at <= len(text) and (found := self._expression.search(text, at)):
            begin, end = found.span(1)
            first = letters + (begin - done if folded.isascii() else _letters(text[done:begin]))
            last = first + (end - begin if folded.isascii() else _letters(text[begin:end]))
            yield first, last
            done, letters = end, last
            at = max(end, begin + 1)

    def hits(self, folded: bytes) -> bool:
        """Whether the keyword hits the folded text, in UTF-8."""
        return self._expression.search(folded) is not None


def _letters(text: bytes) -> int:
    return len(text.decode())
