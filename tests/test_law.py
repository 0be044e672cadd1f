"""The law: whatever a person can read of an entry, typed as a keyword, finds that entry.

Runs of one to four whole words from raw and readable titles and abstracts of real entries, a
formula taken whole. `ARXIVDIGEST_LAW=20000 pytest tests/test_law.py` tries as many, and other ones
with another `ARXIVDIGEST_LAW_SEED`.
"""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from arxivdigest.arxiv import listings
from arxivdigest.errors import KeywordError
from arxivdigest.rules.keywords import keyword
from arxivdigest.rules.re2_syntax import Finder
from arxivdigest.text.folding import fold, fold_searched
from arxivdigest.text.readable import readable
from arxivdigest.text.scanner import Scanner

PROJECT = Path(__file__).parent.parent
OWN = PROJECT / "tests" / "listings"
RUNS = int(os.environ.get("ARXIVDIGEST_LAW", "3000"))
_MOSTLY = 0.8  # of the runs are from texts with TeX in them
SEED = int(os.environ.get("ARXIVDIGEST_LAW_SEED", "12"))


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Titles and abstracts of real entries, with much TeX where such are at hand."""
    folder = Path(os.environ.get("ARXIVDIGEST_LISTINGS", PROJECT.parent / "shared" / "listings"))
    paths = [folder.parent / "cases" / "tex-rich.rss", *sorted(folder.rglob("feed.rss"))]
    paths = [path for path in paths if path.exists()] or sorted(OWN.rglob("feed.rss"))
    return [
        text
        for path in paths
        for entry in listings.parse(path.read_bytes()).entries
        for text in (entry.title, *entry.abstract.split("\n"))
    ]


def words(text: str) -> list[str]:
    """The words of a text, parted by blanks, but for those in a formula."""
    scanner = Scanner(text)
    found, begin, at = [], 0, 0
    while at < len(text):
        if text[at].isspace():
            found.append(text[begin:at])
            at = begin = at + 1
        elif text[at] == "$" or text.startswith(("\\(", "\\["), at):
            at = scanner.formula_end(at) or at + 1
        else:
            at += 2 if text[at] == "\\" and text[at + 1 : at + 2].strip() else 1
    return [word for word in [*found, text[begin:]] if word]


def runs(chance: random.Random, texts: list[str]) -> Iterator[tuple[str, str]]:
    """Texts, and in each some words in a row as they are read or written there."""
    with_tex = [text for text in texts if readable(text) != text]
    while True:
        text = chance.choice(with_tex if chance.random() < _MOSTLY else texts)
        read = words(chance.choice((text, readable(text))))
        if not read:
            continue
        begin = chance.randrange(len(read))
        run = " ".join(read[begin : begin + chance.randint(1, 4)])
        is_keyword = "*" not in run and (run[0] != "/" or run[1:2] == " ")
        if is_keyword and any(map(str.isalnum, fold(run).text)):
            yield text, run


def test_what_can_be_read_can_be_found(texts: list[str]) -> None:
    folded: dict[str, str] = {}
    lost = []
    tried = runs(random.Random(SEED), texts)  # noqa: S311 - it keeps no secret
    for _, (text, run) in zip(range(RUNS), tried, strict=False):
        if text not in folded:
            folded[text] = fold_searched(text).text
        try:
            one = keyword(run)
        except KeywordError as error:
            lost.append((run, str(error)))
            continue
        if not Finder(one).hits(folded[text].encode()):
            lost.append((run, folded[text]))
    assert not lost, "\n".join(map(repr, lost))
