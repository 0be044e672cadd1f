from datetime import date

import pytest
from entries import entry
from hypothesis import example, given
from hypothesis import strategies as st

from arxivdigest import digest
from arxivdigest.config import Config
from arxivdigest.model import AnnounceType, Entry, Listing
from arxivdigest.rules import Rule
from arxivdigest.rules.conditions import DEFAULT_FIELDS, AnyKeyword, Authors, NoKeyword
from arxivdigest.rules.keywords import keyword
from arxivdigest.store.packing import (
    Entries,
    announce_types,
    author_names,
    keys,
    pack,
    packed_ids,
    searched_texts,
    whole_letters,
)
from arxivdigest.text.searched import VERSION

ENTRIES = tuple(
    Entry(f"2507.0000{number}", None, announce_type, title, ("Ann Lee",), "cs.DC", ("cs.DC",), text)
    for number, (announce_type, title, text) in enumerate(
        [
            (AnnounceType.NEW, "On Müller's pelicans", "Of gulls.\nOf terns."),
            (AnnounceType.CROSS, "", ""),
            (AnnounceType.REPLACE, "$\\alpha$", "Of pelicans"),
            (AnnounceType.REPLACE_CROSS, "gulls", "pelicans"),
        ]
    )
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
OPTIONAL = st.none() | TEXT
NAMES = st.lists(TEXT.map(lambda name: name.replace("\n", " "))).map(tuple)


def kept(entries: tuple[Entry, ...]) -> Entries:
    records, texts = Entries.of(entries).to_bytes()
    return Entries.from_bytes(lambda: records, texts)


def test_entries_come_back_as_they_were() -> None:
    assert kept(ENTRIES) == ENTRIES
    assert len(kept(ENTRIES)) == len(ENTRIES)
    assert kept(ENTRIES)[-1] == ENTRIES[-1]
    assert list(kept(ENTRIES)[1:3]) == list(ENTRIES[1:3])
    assert list(announce_types(kept(ENTRIES))) == list(announce_types(ENTRIES)) == [*AnnounceType]


def test_texts_that_another_version_folded_are_folded_anew() -> None:
    of_before = b"On mullers pelicans\nOf gulls. Of terns.\x1e\n\x1e\n\x1e\n"
    records = b"\x1e".join(map(pack, ENTRIES))
    other_records, texts = Entries.of(ENTRIES).to_bytes()
    of_other = texts.replace(f"\x1d{VERSION}".encode(), b"\x1d0", 1)
    for kept, other in ((records, of_before), (records, b""), (other_records, of_other)):
        anew = Entries.from_bytes(lambda kept=kept: kept, other)  # type: ignore[misc]
        assert list(anew.texts) == list(searched_texts(ENTRIES))
        assert anew == ENTRIES


def test_no_entries_come_back_as_none() -> None:
    assert list(kept(())) == []
    assert kept(()).to_bytes() == (b"", b"")


@given(
    st.builds(
        Entry,
        TEXT,
        st.none() | st.integers(0),
        st.sampled_from(AnnounceType),
        TEXT,
        NAMES,
        st.just("cs.DC"),
        st.just(("cs.DC", "cs.LG")),
        TEXT,
        OPTIONAL,
        OPTIONAL,
        OPTIONAL,
        OPTIONAL,
        NAMES,
    )
)
@example(ENTRIES[0]._replace(title="a\x1eb\x1fc\x1dd"))
@example(ENTRIES[0]._replace(arxiv_id="\x1e\x1f", authors=("\x1b[", "\x1f")))
def test_any_entry_comes_back(entry: Entry) -> None:
    found = kept((entry, entry))
    assert found == (entry, entry)
    assert len(found) == len(found.texts) == 2
    assert list(found.texts) == list(searched_texts((entry, entry)))
    assert keys(found) == keys((entry, entry))
    assert packed_ids(found.to_bytes()[0]) == [entry.arxiv_id] * 2
    assert list(announce_types(found)) == [entry.announce_type] * 2
    assert list(author_names(found)) == [entry.authors] * 2


@given(
    st.lists(
        st.sampled_from(
            ["pelicans of", " the gull", "é", "e", "\\'e", "數", "数", "$\\alpha$", "α", "😀"]
        )
        | st.sampled_from(["\x1c", "\x1c0\x1c9\x1c", "\x1b", "\x1f", "\ud800", "\n", " - ", "''"])
    ).map("".join),
    st.sampled_from(["", "terns " * 30, "Of terns and é of " * 9]),
    st.sampled_from(["", " pelicans" * 30, "é" * 70]),
)
def test_an_abstract_comes_back_of_what_its_folded_text_has_and_has_not(
    middle: str, begin: str, end: str
) -> None:
    one = ENTRIES[0]._replace(abstract=f"{begin}{middle}{end}")
    expected = one._replace(abstract=whole_letters(one.abstract))
    assert kept((ENTRIES[1], one)) == (ENTRIES[1], expected)


@pytest.mark.parametrize("letters", ["\uf924", "\u2fd2", "\u4e00\u2f00", "\u04d0"])
def test_an_abstract_is_parted_between_letters_not_within_them(letters: str) -> None:
    # Each is folded to another whose last byte, or first, is the same.
    around = "terns and gulls " * 6
    one = ENTRIES[0]._replace(abstract=f"{around}{letters}{around}")
    assert kept((one,)) == (one,)


def test_an_abstract_that_is_found_as_it_is_written_is_kept_once() -> None:
    abstract = "Of pelicans, gulls and terns; " * 40
    (record,) = Entries.of([ENTRIES[0]._replace(abstract=abstract)]).to_bytes()[0].split(b"\x1e")
    assert len(record) < 150
    (record,) = (
        Entries.of([ENTRIES[0]._replace(abstract=f"{abstract}$x${abstract}")])
        .to_bytes()[0]
        .split(b"\x1e")
    )
    assert len(record) < 150


def test_records_are_unpacked_once_and_only_where_an_entry_is_asked_for() -> None:
    records, texts = Entries.of(ENTRIES).to_bytes()
    unpacked: list[bytes] = []

    def unpack() -> bytes:
        unpacked.append(records)
        return records

    found = Entries.from_bytes(unpack, texts)
    assert len(found) == len(ENTRIES)
    assert list(found.texts) == list(searched_texts(ENTRIES))
    assert not unpacked
    assert (found[0], found.keys[1]) == (ENTRIES[0], ("2507.00001", AnnounceType.CROSS))
    assert unpacked == [records]


def test_a_text_is_title_and_abstract_folded() -> None:
    texts = [b"On Muller's pelicans\nOf gulls. Of terns.", b"\n", b"alpha\nOf pelicans"]
    assert [*searched_texts(ENTRIES)][:3] == [*searched_texts(kept(ENTRIES))][:3] == texts


WORDS = st.sampled_from(
    ["pelican", "gull", "tern", "gulls", "Müller", "a-b", "$x$", ".NET", "数学"]
)
KEYWORDS = st.sampled_from(
    [
        *("pelican", "gull*", "*ern", "muller", "a b", ".NET", "x", "数学", "gull pelican"),
        *(
            r"/^gull/",
            r"/tern$/",
            r"/\Apelican/",
            r"/gull\s+tern/",
            r"/p.*n/",
            r"/[^a-z]x/",
            r"/\bx\b/",
        ),
    ]
)
FIELDS = st.sampled_from([DEFAULT_FIELDS, ("title",), ("abstract",), ("comments", "title")])
CONDITIONS = st.one_of(
    st.builds(lambda text, fields: AnyKeyword((keyword(text),), fields), KEYWORDS, FIELDS),
    st.builds(lambda text, fields: NoKeyword((keyword(text),), fields), KEYWORDS, FIELDS),
    st.just(Authors(("Ann Lee",))),
)
RULES = st.builds(
    Rule, st.just("rule"), st.lists(CONDITIONS, min_size=1).map(tuple), st.just(1.0), st.booleans()
)
PHRASE = st.lists(WORDS).map(" ".join)


@pytest.mark.parametrize("show_all", [False, True])
@given(
    st.lists(st.tuples(PHRASE, PHRASE, PHRASE, st.booleans()), min_size=1),
    st.lists(RULES, max_size=3).map(tuple),
)
def test_kept_entries_are_ruled_on_as_each_entry_is(
    show_all: bool,  # noqa: FBT001 - a parameter
    written: list[tuple[str, str, str, bool]],
    rules: tuple[Rule, ...],
) -> None:
    entries = tuple(
        Entry(
            f"2507.{number:05}",
            None,
            AnnounceType.NEW,
            title,
            ("Ann Lee",) if known else (),
            "",
            (),
            abstract,
            comments,
        )
        for number, (title, abstract, comments, known) in enumerate(written)
    )
    config = Config(rules=rules)
    one_by_one = [config.rule_set().rule(entry) for entry in entries]
    wanted = [ruling for ruling in one_by_one if show_all or ruling.selected]
    for listing in (
        Listing("feed", (), date(2025, 7, 11), entries),
        Listing("feed", (), date(2025, 7, 11), kept(entries)),
    ):
        rulings = digest.build([listing], config, show_all=show_all).rulings
        assert sorted(ruling[:4] for ruling in rulings) == sorted(one[:4] for one in wanted)
        assert {one.entry: one.matches for one in rulings} == {
            one.entry: one.matches for one in wanted
        }


def test_what_a_feed_and_a_page_say_of_an_entry_is_merged() -> None:
    names = tuple(f"Author {number}" for number in range(120))
    feed = entry("2507.00001", "cross", doi="10.1000/birds", authors=names)
    page = entry(comments="Accepted", journal_ref="J. Birds", authors=names[:100])
    page = page._replace(formats=("pdf",), doi=None)
    for both in ((feed, page), (page, feed), (feed, page, page)):
        [whole] = Entries.merged(Entries.of([one]) for one in both)
        assert whole.announce_type == "new"
        assert (whole.comments, whole.journal_ref) == ("Accepted", "J. Birds")
        assert (whole.doi, whole.formats) == ("10.1000/birds", ("pdf",))
        assert whole.authors == names
        assert not whole.may_lack_authors
