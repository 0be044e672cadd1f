"""What a replacement changed, in lines for a person."""

from collections.abc import Iterable, Iterator, Sequence

from arxivdigest.model import Changes, Stretch
from arxivdigest.text import safe

_AROUND = 4
_MOST_PLACES = 5
_NOT_STORED = "no earlier version stored"

Line = tuple[Stretch, ...]


def lines(changes: Changes | None, *, whole: bool = False) -> tuple[Line, ...]:
    """What changed, in lines; without changes, that nothing is known of an earlier version.

    Of long texts only the words around each change are given, unless all of it is asked for.
    """
    if changes is None:
        return ((Stretch(_NOT_STORED),),)
    since = f"since v{changes.since}" if changes.since else "since the version before"
    facts = list(_facts(changes))
    texts = [
        _text(name, stretches, whole=whole)
        for name, stretches in (("title", changes.title), ("abstract", changes.abstract))
        if stretches
    ]
    if not facts and not texts:
        facts = ["no change in what is listed"]
    if not changes.knows_comments:
        facts.append("comments not known, as a feed has none")
    said = f"{since}: {'; '.join(facts)}" if facts else f"{since}:"
    return ((Stretch(said),), *texts)


def _facts(changes: Changes) -> Iterator[str]:
    if changes.withdrawn:
        yield "withdrawn"
    if changes.accepted:
        yield "accepted or published"
    if changes.comments:
        yield f'comments now "{safe(changes.comments)}"'
    if changes.journal_ref:
        yield f"journal reference {safe(changes.journal_ref)}"
    if changes.doi:
        yield f"DOI {safe(changes.doi)}"
    if changes.authors_added:
        yield f"authors added: {_named(changes.authors_added)}"
    if changes.authors_left:
        yield f"authors gone: {_named(changes.authors_left)}"


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(map(safe, names[:_MOST_PLACES]))
    others = len(names) - _MOST_PLACES
    return f"{shown} and {others} more" if others > 0 else shown


def _text(name: str, stretches: Sequence[Stretch], *, whole: bool) -> Line:
    shown = [one._replace(text=safe(one.text)) for one in stretches]
    return (Stretch(f"{name}:"), *(shown if whole else _places(shown)))


def _places(stretches: Sequence[Stretch]) -> Iterator[Stretch]:
    """The first changes, each with a few words around it."""
    places = 0
    last = len(stretches) - 1
    for at, one in enumerate(stretches):
        if one.kind:
            is_new = at == 0 or not stretches[at - 1].kind
            places += is_new
            if places > _MOST_PLACES:
                others = _count(stretches[at:])
                yield Stretch(f"(and {others} more place{'s' if others > 1 else ''})")
                return
            yield one._replace(text=_cut(one.text))
        else:
            yield Stretch(_around(one.text, is_first=at == 0, is_last=at == last))


def _count(stretches: Iterable[Stretch]) -> int:
    """How many places are changed, where what is removed and added there is one."""
    count, was_changed = 0, False
    for one in stretches:
        count += bool(one.kind) and not was_changed
        was_changed = bool(one.kind)
    return count


def _around(text: str, *, is_first: bool, is_last: bool) -> str:
    words = text.split(" ")
    begin = [] if is_first else words[:_AROUND]
    end = [] if is_last else words[-_AROUND:]
    if len(words) <= len(begin) + len(end):
        return text
    return " ".join([*begin, "…", *end])


_LONGEST = 40


def _cut(text: str) -> str:
    words = text.split(" ")
    return text if len(words) <= _LONGEST else " ".join([*words[:_LONGEST], "…"])


def plain(line: Iterable[Stretch]) -> str:
    """The line as git's word diff writes it without colours: `[-removed-]` and `{+added+}`."""
    return " ".join(map(marked, line))


def marked(one: Stretch) -> str:
    """A stretch of such a line."""
    return _MARKS.get(one.kind, "{}").format(one.text)


_MARKS = {"removed": "[-{}-]", "added": "{{+{}+}}"}
