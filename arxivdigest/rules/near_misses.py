"""Why a keyword that one expects to match does not: what nearly does, and how to ask for it."""

from collections.abc import Iterator, Sequence

from arxivdigest.errors import KeywordError
from arxivdigest.model import Entry
from arxivdigest.rules.conditions import FIELDS, field_name, field_text
from arxivdigest.rules.keywords import Keyword, keyword, phrase
from arxivdigest.rules.re2_syntax import Finder
from arxivdigest.text.folding import fold

_MOST_KEYWORDS = 200  # of a condition that are looked at
_MOST_SAID = 3
_SHORTEST_PLURAL = 4


def near_misses(missing: Sequence[Keyword], fields: Sequence[str], entry: Entry) -> list[str]:
    """Sentences on keywords that are not found in these fields, though something is near."""
    said: list[str] = []
    for one in missing[:_MOST_KEYWORDS]:
        near = next(_near(one, fields, entry), None)
        if near:
            said.append(f'"{one.text}" is not found; {near}')
        if len(said) == _MOST_SAID:
            break
    return said


def _near(one: Keyword, fields: Sequence[str], entry: Entry) -> Iterator[str]:
    text = one.text
    if one.case:
        yield from _there(Keyword(text), fields, entry, "case = true tells them apart")
    if not one.is_expression:
        bare = text.strip("*")
        yield from _there(
            Keyword(f"{bare}*", one.case), fields, entry, f"a * opens the end: {bare}*"
        )
        if len(bare) >= _SHORTEST_PLURAL and bare.endswith("s"):
            single = bare[:-1]
            yield from _there(
                Keyword(single, one.case), fields, entry, f"{single}* finds both of them"
            )
        opened = f"*{text.lstrip('*')}"
        yield from _there(
            Keyword(opened, one.case), fields, entry, f"a * opens the begin: {opened}"
        )
    others = [name for name in FIELDS if name not in fields]
    for name in others:
        yield from _there(one, [name], entry, f'this rule does not look there: in = ["{name}"]')
    if not one.is_expression:
        yield from _apart(one, fields, entry)


def _there(one: Keyword, fields: Sequence[str], entry: Entry, remedy: str) -> Iterator[str]:
    """That the keyword is found in one of the fields, as what, and what to do."""
    try:
        finder = Finder(one)
    except KeywordError:  # without its last letter it may be signs alone
        return
    for name in fields:
        text = field_text(entry, name)
        folded = fold(text)
        span = next(finder.spans(folded.text), None)
        if span:
            begin, end = folded.written(*span)
            yield f'"{text[begin:end]}" is in the {field_name(name)} ({remedy})'


def _apart(one: Keyword, fields: Sequence[str], entry: Entry) -> Iterator[str]:
    """That the words of the keyword are all in a field, though not side by side."""
    words = phrase(one.text).words.split()
    for name in fields if len(words) > 1 else ():
        text = fold(field_text(entry, name)).text
        try:
            finders = [Finder(keyword(word, case=one.case)) for word in words]
        except KeywordError:  # a sign that stands alone
            return
        if all(finder.hits(text.encode()) for finder in finders):
            listed = ", ".join(f'"{word}"' for word in words)
            yield f"its words stand apart in the {field_name(name)} (all = [{listed}] finds them)"
