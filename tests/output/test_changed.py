import pytest

from arxivdigest.changes import difference
from arxivdigest.model import Changes, Stretch
from arxivdigest.output.changed import lines, plain

WORDS = " ".join(f"w{number}" for number in range(40))


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (None, ["no earlier version stored"]),
        (Changes(since=1), ["since v1: no change in what is listed"]),
        (Changes(), ["since the version before: no change in what is listed"]),
        (
            Changes(since=1, knows_comments=False),
            [
                "since v1: no change in what is listed; comments not known, as a feed has none",
            ],
        ),
        (
            Changes(since=2, withdrawn=True, comments="Withdrawn"),
            ['since v2: withdrawn; comments now "Withdrawn"'],
        ),
        (
            Changes(since=1, accepted=True, journal_ref="VLDB 2026", doi="10.1/x"),
            ["since v1: accepted or published; journal reference VLDB 2026; DOI 10.1/x"],
        ),
        (
            Changes(since=1, authors_added=("Ann", "Bo"), authors_left=("Cy",)),
            ["since v1: authors added: Ann, Bo; authors gone: Cy"],
        ),
        (
            Changes(since=1, authors_added=tuple("abcdefg")),
            ["since v1: authors added: a, b, c, d, e and 2 more"],
        ),
        (
            Changes(since=1, title=difference("On gulls", "On brown pelicans")),
            ["since v1:", "title: On [-gulls-] {+brown pelicans+}"],
        ),
        (
            Changes(since=1, abstract=difference(WORDS, WORDS.replace("w20", "x"))),
            ["since v1:", "abstract: … w16 w17 w18 w19 [-w20-] {+x+} w21 w22 w23 w24 …"],
        ),
    ],
)
def test_what_changed_is_said_in_lines(changes: Changes | None, said: list[str]) -> None:
    assert [plain(line) for line in lines(changes)] == said


def test_many_places_are_counted() -> None:
    after = " ".join("x" if number % 5 == 0 else f"w{number}" for number in range(40))
    changes = Changes(since=1, abstract=difference(WORDS, after))
    [_, line] = lines(changes)
    assert plain(line).endswith("(and 3 more places)")
    [_, whole] = lines(changes, whole=True)
    assert sum(one.kind == "added" for one in whole) == 8


def test_nothing_in_it_steers_a_terminal() -> None:
    changes = Changes(title=(Stretch("\x1b[2J", "added"),), comments="\x1b]0;x\x07")
    assert "\x1b" not in "".join(map(plain, lines(changes)))
