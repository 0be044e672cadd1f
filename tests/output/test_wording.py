import pytest
from entries import entry

from arxivdigest.config import Config
from arxivdigest.digest import build
from arxivdigest.model import AnnounceType, Entry, Listing
from arxivdigest.output.hits import Piece
from arxivdigest.output.wording import EntryWords, words
from arxivdigest.rules import Rule
from arxivdigest.rules.conditions import FIELDS, AnyKeyword
from arxivdigest.rules.keywords import keyword

ENTRY = entry(title="A title", abstract="An abstract.")


def shown(entry: Entry, *rules: Rule) -> EntryWords:
    made = words(build([Listing("page", ("cs.DC",), None, (entry,))], Config(rules=rules)))
    return made.sections[0].entries[0]


CODE = "https://example.org/code"


@pytest.mark.parametrize(
    ("written", "pieces"),
    [
        ("12 pages", [Piece("12 pages")]),
        (CODE, [Piece(CODE, address=CODE)]),
        (f"code: {CODE}.", [Piece("code: "), Piece(CODE, address=CODE), Piece(".")]),
        (f"({CODE}), yes", [Piece("("), Piece(CODE, address=CODE), Piece("), yes")]),
        (f"{CODE}_(a)", [Piece(f"{CODE}_(a)", address=f"{CODE}_(a)")]),
        (f"<{CODE}>", [Piece("<"), Piece(CODE, address=CODE), Piece(">")]),
        ("ftp://example.org and javascript://x", [Piece("ftp://example.org and javascript://x")]),
        ("https://", [Piece("https://")]),
        ("https://... (https://)", [Piece("https://... (https://)")]),
        (r"http://a.org/~b\_c", [Piece("http://a.org/~b_c", address="http://a.org/~b_c")]),
    ],
)
def test_addresses_in_comments_are_linked(written: str, pieces: list[Piece]) -> None:
    assert list(shown(ENTRY._replace(comments=written)).comments) == pieces
    assert list(shown(ENTRY._replace(abstract=written)).abstract) == [tuple(pieces)]


def test_an_address_with_a_hit_in_it_is_marked_whole() -> None:
    rule = Rule("Mine", (AnyKeyword((keyword("code"),), FIELDS),))
    assert shown(ENTRY._replace(comments=f"The code: {CODE}!"), rule).comments == (
        Piece("The "),
        Piece("code", hit=True),
        Piece(": "),
        Piece(CODE, hit=True, address=CODE),
        Piece("!"),
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Mine", (Piece("Mine"), Piece(": "), Piece("title", hit=True))),
        ("Title", (Piece("Title", hit=True),)),
    ],
)
def test_the_reason_marks_what_was_hit(name: str, line: tuple[Piece, ...]) -> None:
    assert shown(ENTRY, Rule(name, (AnyKeyword((keyword("title"),), FIELDS),))).why == (line,)


@pytest.mark.parametrize(
    ("announce_type", "kind"),
    [
        (AnnounceType.NEW, "new"),
        (AnnounceType.CROSS, "cross-list"),
        (AnnounceType.REPLACE, "replacement"),
        (AnnounceType.REPLACE_CROSS, "replaced cross-list"),
    ],
)
def test_an_entry_says_of_what_kind_it_is(announce_type: AnnounceType, kind: str) -> None:
    everything = Config(announce=tuple(AnnounceType))
    listing = Listing("page", (), None, (ENTRY._replace(announce_type=announce_type),))
    assert words(build([listing], everything)).sections[0].entries[0].kind == kind
