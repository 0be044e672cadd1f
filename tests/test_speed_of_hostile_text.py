"""Hostile text costs no more than plain text of its length, from an entry to what is shown of it.

`ARXIVDIGEST_ATTACKS=1000 pytest tests/test_speed_of_hostile_text.py` mixes more kinds of it.
"""

import os
import random
from functools import cache
from pathlib import Path
from time import process_time

import pytest
from entries import entry

from arxivdigest import digest
from arxivdigest.config import Config
from arxivdigest.model import Listing
from arxivdigest.output import plain as plain_lines
from arxivdigest.output import templating, wording
from arxivdigest.rules import rule_on_the_spot
from arxivdigest.text import one_line, wrap
from arxivdigest.text.letters import decode

LENGTH = 100_000
DEEP = 20_000
MOST = 3
TRIES = 3
COUNT = int(os.environ.get("ARXIVDIGEST_ATTACKS", "40"))
FRAGMENTS = (
    *("``", "''", "`", "'", '"', "{", "}", "{}", "\\", "\\\\", "$", "$$", "$x_1$", "$a ", "(", "["),
    *("]", ")"),
    *("\\(", "\\[", "\\)", "https://", "https://a.b/c_d~e ", "://", "\\'e", "\\' ", "\\c "),
    *("e\u0301", "\u0301", " ", "\u00a0", "\t", "\n", "_", "^", "x_1", "x^{", "_{", "\\sqrt{"),
    *("\\frac{", "\\frac", "}{b}", "\\href{http://a}{", "\\url{", "\\footnote{", "\\foo", "\\foo{"),
    *("--", "---", "-", "~", "*"),
    *("<", ">", "|", "&", "%", "#", "=", "a", "1.", "αβ", "数", "👍", "²"),
    *("\u200b", "\x1b[", "\\textit{", "\\alpha ", "{\\'e", "{B}", "``a'' "),
)

MANY_LETTERS = tuple(
    between.join(chr(first + number % many) for number in range(LENGTH))[:LENGTH]
    for first, many in ((0x4E00, 20_992), (0xAC00, 11_172))
    for between in ("", " ", "a", "a ")
)
SHORT_WORDS = ("\u00a0\u0301a", "a \u0301", " \u0301", "数学 ", "\u2003\u0300\u0301")


def nested(opening: str, closing: str) -> str:
    """As deep as it may be nested, within the length."""
    deep = min(DEEP, LENGTH // len(opening + closing))
    return f"{opening * deep}x{closing * deep}"


NESTED = [
    nested(*pair)
    for pair in (
        *(("{", "}"), ("\\sqrt{", "}"), ("\\frac{", "}{b}"), ("x^{", "}"), ("$\\frac{", "}{b}$")),
        *(("\\href{http://a}{", "}"), ("\\footnote{", "}"), ("\\textbf{", "}"), ("\\foo{", "}")),
        *(("(", ")"), ("``", "''"), ("\\(", "\\)"), ("\\'{", "}"), ("[", "]"), ("\\foo[", "]")),
    )
]


def chained(text: str) -> float:
    """The seconds that a text takes in an entry, from its letters to three formats of a digest."""
    begin = process_time()
    abstract = decode(text, symbols=True)
    one = entry(title="On pelicans", abstract=abstract, comments=one_line(text))
    listing = Listing("feed", ("cs.DC",), None, (one,))
    made = digest.build([listing], Config(rules=(rule_on_the_spot("pelicans"),)))
    words = wording.words(made)
    for name in ("markdown", "html", "text"):
        templating.render(words, name, Path("/nowhere"))
    plain_lines.render(made, abstracts=True)
    wrap(one_line(abstract), 78, "  ")
    return process_time() - begin


@cache
def plain() -> float:
    """What plain text of that length takes."""
    text = ("a plain word or two of it " * LENGTH)[:LENGTH]
    chained(text)
    return min(chained(text) for _ in range(TRIES))


def attacks() -> list[str]:
    """Each fragment again and again, some mixed as chance has it, and what is nested."""
    chance = random.Random(13)  # noqa: S311 - it keeps no secret
    few = [chance.choices(FRAGMENTS, k=chance.randint(2, 6)) for _ in range(COUNT)]
    return [
        *((one * (LENGTH // len(one) + 1))[:LENGTH] for one in ("".join(some) for some in few)),
        *((one * (LENGTH // len(one) + 1))[:LENGTH] for one in (*FRAGMENTS, *SHORT_WORDS)),
        *NESTED,
        *MANY_LETTERS,
    ]


@pytest.mark.parametrize("text", attacks(), ids=lambda text: ascii(text[:12]))
def test_hostile_text_takes_at_most_three_times_as_long_as_plain_text(text: str) -> None:
    for _ in range(TRIES):
        if chained(text) <= MOST * plain():
            return
        plain.cache_clear()  # the machine may be busier than it was when that was measured
    pytest.fail(f"{chained(text):.2f} s, and plain text {plain():.2f} s")
