"""What a replacement changed: two versions of an entry in, the differences out."""

import re
from functools import cache
from typing import TYPE_CHECKING

from arxivdigest.model import Changes, Entry, Stretch
from arxivdigest.text.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# "This paper has been withdrawn by the author due to an error", "Withdrawn", "v2 withdrawn".
_PAPER = r"(?:paper|article|submission|manuscript|work|preprint|version|note|letter|draft|comment)"


@cache
def _withdrawn() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:this|the)\s+(?:\w+\s+)?{_PAPER}\s+(?:has\s+been|have\s+been|is|was|is\s+being|had\s+been)"
        r"\s+(?:temporarily\s+|now\s+)?with-?drawn\b"
        rf"|^\W*(?:(?:this|the)\s+)?(?:{_PAPER}\s+)?(?:temporarily\s+)?with-?drawn\b"
        rf"|\b(?:we|i|the\s+authors?(?:\s+\w+)?)\s+(?:have\s+|has\s+)?(?:withdraw|withdrawn|withdrew)\s+(?:this|the)"
        rf"\s+(?:\w+\s+)?{_PAPER}\b"
        r"|\bwithdrawn\s+by\s+(?:the\s+)?(?:\w+\s+)?(?:authors?|arxiv)\b",
        re.IGNORECASE,
    )


@cache
def _accepted() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:accepted|to\s+appear|in\s+press|forthcoming|camera[\s-]ready"
        r"|(?:will\s+be\s+)?(?:presented|published)\s+(?:at|in|by|as)|will\s+appear|appears?\s+in"
        r"|appeared\s+(?:in|at))\b",
        re.IGNORECASE,
    )


@cache
def _not_yet() -> re.Pattern[str]:
    return re.compile(
        r"\b(?:not(?:\s+yet)?|never|if|until|before|to\s+be)\s+(?:be\s+|been\s+)?$", re.IGNORECASE
    )


def changes(before: Entry, after: Entry) -> Changes:
    """What the later entry says otherwise than the earlier one.

    What the source of either does not give (a feed has no comments, a page no DOI and no more than
    a hundred authors) counts as not known, and never as changed.
    """
    knows_comments = _gives_comments(before) and _gives_comments(after)
    knows_authors = not (before.may_lack_authors or after.may_lack_authors)
    now_said = (
        after.comments if knows_comments and _differs(before.comments, after.comments) else None
    )
    return Changes(
        since=before.version,
        title=difference(before.title, after.title),
        abstract=difference(before.abstract, after.abstract),
        authors_added=_lacking(after.authors, before.authors) if knows_authors else (),
        authors_left=_lacking(before.authors, after.authors) if knows_authors else (),
        comments=now_said,
        journal_ref=after.journal_ref if _differs(before.journal_ref, after.journal_ref) else None,
        doi=after.doi if _gives_doi(before) and _differs(before.doi, after.doi) else None,
        withdrawn=is_withdrawn(after) and not is_withdrawn(before),
        accepted=is_accepted(after) and not is_accepted(before),
        knows_comments=knows_comments,
    )


def is_withdrawn(entry: Entry) -> bool:
    """Whether the entry's comments say that it is withdrawn, or the begin of its abstract."""
    # An abstract of drugs that were withdrawn says so further on.
    return bool(
        _withdrawn().search(entry.comments or "") or _withdrawn().search(entry.abstract[:_BEGIN])
    )


_BEGIN = 200


def is_accepted(entry: Entry) -> bool:
    """Whether the entry says that it was accepted or published: a reference, a DOI, a comment."""
    comments = entry.comments or ""
    return bool(entry.journal_ref or entry.doi) or any(
        not _not_yet().search(comments[max(0, found.start() - 30) : found.start()])
        for found in _accepted().finditer(comments)
    )


def difference(before: str, after: str) -> tuple[Stretch, ...]:
    """The stretches of both texts made readable, in order; nothing where they read the same."""
    if before == after:
        return ()
    old, new = _words(before), _words(after)
    old_keys, new_keys = _keys(old), _keys(new)
    if old_keys == new_keys:
        return ()
    stretches: list[Stretch] = []
    for kind, old_begin, old_end, new_begin, new_end in _steps(old_keys, new_keys):
        if kind == "equal":
            stretches.append(Stretch(_text(new[new_begin:new_end])))
            continue
        if old_end > old_begin:
            stretches.append(Stretch(_text(old[old_begin:old_end]), "removed"))
        if new_end > new_begin:
            stretches.append(Stretch(_text(new[new_begin:new_end]), "added"))
    return tuple(stretches)


def _steps(old: list[str], new: list[str]) -> "Iterator[tuple[str, int, int, int, int]]":
    """How the old words become the new ones, as difflib says it."""
    begin = 0
    shorter = min(len(old), len(new))
    while begin < shorter and old[begin] == new[begin]:
        begin += 1
    end = 0
    while end < shorter - begin and old[-1 - end] == new[-1 - end]:
        end += 1
    if begin:
        yield "equal", 0, begin, 0, begin
    old_end, new_end = len(old) - end, len(new) - end
    # difflib takes the square of this and more, and a stranger writes the texts.
    if (old_end - begin) * (new_end - begin) > _MOST_PAIRS:
        yield "replace", begin, old_end, begin, new_end
    else:
        from difflib import SequenceMatcher

        matcher = SequenceMatcher(None, old[begin:old_end], new[begin:new_end], autojunk=False)
        for kind, *places in matcher.get_opcodes():
            first, last, new_first, new_last = (place + begin for place in places)
            yield kind, first, last, new_first, new_last
    if end:
        yield "equal", old_end, len(old), new_end, len(new)


_MOST_PAIRS = 1_000_000


def _words(text: str) -> list[str]:
    from arxivdigest.text.readable import readable

    return re.findall(r"\n|[^\s]+", readable(text))


def _keys(words: list[str]) -> list[str]:
    """What words are held to each other by: a source that decodes accents changes nothing."""
    return [fold(word).text if word != "\n" else word for word in words]


def _text(words: list[str]) -> str:
    return re.sub(" ?\n ?", "\n", " ".join(words))


def _differs(before: str | None, after: str | None) -> bool:
    """Whether the later text is there and says something else."""
    return bool(after) and fold(before or "").text.split() != fold(after or "").text.split()


def _lacking(names: "Sequence[str]", among: "Sequence[str]") -> tuple[str, ...]:
    known = {_person(name) for name in among}
    return tuple(name for name in names if _person(name) not in known)


def _person(name: str) -> str:
    return "".join(character for character in fold(name).text.casefold() if character.isalnum())


def _gives_comments(entry: Entry) -> bool:
    """Whether the entry is from a page, or has comments for another reason."""
    return entry.is_from_page or entry.comments is not None


def _gives_doi(entry: Entry) -> bool:
    return not entry.is_from_page
