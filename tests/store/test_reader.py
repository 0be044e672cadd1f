from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from arxivdigest.model import AnnounceType, Entry
from arxivdigest.store.acknowledged import acknowledge, acknowledged
from arxivdigest.store.file import FILE, READER_FILE, opened, opened_reader
from arxivdigest.store.last_list import listed, note_list
from arxivdigest.store.lost import lost, note_lost
from arxivdigest.store.reader import Key, Reader, Seen
from arxivdigest.store.starred import star, starred, unstar

MONDAY, TUESDAY = date(2026, 5, 4), date(2026, 5, 5)
NOON = datetime(2026, 5, 5, 16, tzinfo=UTC)
NEW, CROSS = AnnounceType.NEW, AnnounceType.CROSS
MINE = Reader("/home/ann/config.toml")
ONE, TWO = ("2605.00001", NEW), ("2605.00002", CROSS)
ENTRY = Entry(
    arxiv_id="2605.00001",
    version=2,
    announce_type=NEW,
    title="On pelicans $x$",
    authors=("Ann Lee", "Björn \udcff"),
    primary_category="cs.DC",
    categories=("cs.DC", "cs.LG"),
    abstract="Of pelicans.\nAnd more.",
    comments="3 pages",
    doi="10.1/2",
)


def shown(*keys: Key, day: date = TUESDAY, held: tuple[Key, ...] = (), whole: bool = True) -> Seen:
    return Seen(day, ("cs.DC",), whole, frozenset(held or keys), frozenset(keys), NOON)


def days_seen(folder: Path, reader: Reader) -> list[date]:
    with opened_reader(folder) as records:
        return list(records.of(reader).seen())


# What was shown


def test_a_day_that_was_shown_comes_back_with_what_it_held(tmp_path: Path) -> None:
    day = shown(ONE, held=(ONE, TWO), whole=False)
    with opened_reader(tmp_path) as records:
        records.of(MINE).note_seen([day])
    with opened_reader(tmp_path) as records:
        assert records.of(MINE).seen() == {TUESDAY: day}
        assert records.of(MINE).is_lasting


def test_what_a_day_held_before_is_still_seen(tmp_path: Path) -> None:
    with opened_reader(tmp_path) as records:
        record = records.of(MINE)
        record.note_seen([shown(ONE, whole=False)])
        record.note_seen([shown(TWO)._replace(subjects=("cs.LG",))])
        (seen,) = record.seen().values()
    assert seen.held == {ONE, TWO}
    assert seen.is_whole
    assert seen.subjects == ("cs.DC", "cs.LG")


def test_the_last_look_is_what_it_wrote_out_of_each_of_its_days(tmp_path: Path) -> None:
    with opened_reader(tmp_path) as records:
        record = records.of(MINE)
        assert record.last_look() == {}
        record.note_seen([shown(ONE, day=MONDAY)])
        record.note_seen([shown(TWO), shown(ONE, day=MONDAY)])
        assert record.last_look() == {MONDAY: {ONE}, TUESDAY: {TWO}}
        record.note_seen([shown(day=TUESDAY, held=(ONE, TWO))])
        assert record.last_look() == {TUESDAY: frozenset()}


def test_a_day_that_is_shown_by_itself_is_no_look(tmp_path: Path) -> None:
    with opened_reader(tmp_path) as records:
        record = records.of(MINE)
        record.note_seen([shown(ONE)])
        record.note_seen([shown(TWO), shown(ONE, day=MONDAY)], is_look=False)
        assert record.last_look() == {TUESDAY: {ONE}}
        assert list(record.seen()) == [MONDAY, TUESDAY]


def test_the_earliest_days_are_forgotten_by_their_number_and_not_by_a_clock(tmp_path: Path) -> None:
    days = [MONDAY + timedelta(days=number) for number in range(140)]
    with opened_reader(tmp_path) as records:
        record = records.of(MINE)
        record.note_seen(shown(ONE, day=day) for day in days)
        acknowledge(record, {day: ["2605.00001"] for day in days})
        note_lost(record, days)
        assert list(record.seen()) == days[10:]
        assert sorted(lost(record)) == days[10:]
        assert [len(acknowledged(record, day)) for day in days[9:11]] == [0, 1]


# What was acknowledged


def test_entries_are_acknowledged_for_a_reader_and_a_day(tmp_path: Path) -> None:
    with opened_reader(tmp_path) as records:
        acknowledge(records.of(MINE), {TUESDAY: ["2605.00001"]})
        acknowledge(records.of(MINE), {TUESDAY: ["2605.00001", "2605.00002"]})
    with opened_reader(tmp_path) as records:
        assert acknowledged(records.of(MINE), TUESDAY) == {"2605.00001", "2605.00002"}
        assert acknowledged(records.of(MINE), MONDAY) == frozenset()


# Who a reader is


@pytest.mark.parametrize(
    "other",
    [
        Reader("/home/bob/config.toml"),
        MINE._replace(profile="group"),
        MINE._replace(occasion="\npelicans"),
        Reader("/home/bob/config.toml", name="birds"),
    ],
)
def test_another_file_profile_or_occasion_is_another_reader(tmp_path: Path, other: Reader) -> None:
    with opened_reader(tmp_path) as records:
        records.of(MINE).note_seen([shown(ONE)])
    assert days_seen(tmp_path, other) == []
    with opened_reader(tmp_path) as records:
        records.of(other).note_seen([shown(ONE, day=MONDAY)])
    assert days_seen(tmp_path, MINE) == [TUESDAY]
    assert days_seen(tmp_path, other) == [MONDAY]


def test_a_name_given_to_a_file_keeps_its_record_and_goes_with_it(tmp_path: Path) -> None:
    with opened_reader(tmp_path) as records:
        records.of(MINE).note_seen([shown(ONE)])
        records.of(MINE._replace(name="birds")).note_seen([shown(ONE, day=MONDAY)])
    moved = Reader("/home/ann/dotfiles/digest.toml", name="birds")
    assert days_seen(tmp_path, moved) == [MONDAY, TUESDAY]
    assert days_seen(tmp_path, MINE) == [MONDAY, TUESDAY]
    assert days_seen(tmp_path, MINE._replace(name="bees")) == []


# Stars, and the lists shown last


def test_a_starred_entry_is_kept_whole(tmp_path: Path) -> None:
    with opened_reader(tmp_path) as records:
        star(records, ENTRY, TUESDAY, "for the survey", NOON)
        star(records, ENTRY._replace(arxiv_id="2605.00002"), None, None, NOON + timedelta(hours=1))
    with opened_reader(tmp_path) as records:
        later, first = starred(records)
        assert first.entry == ENTRY._replace(authors=("Ann Lee", "Björn \ufffd"))
        assert (first.announced, first.note, first.at) == (TUESDAY, "for the survey", NOON)
        assert (later.entry.arxiv_id, later.announced, later.note) == ("2605.00002", None, None)
        assert records.starred_ids() == {"2605.00001", "2605.00002"}


def test_starred_again_it_keeps_its_note_until_there_is_another(tmp_path: Path) -> None:
    with opened_reader(tmp_path) as records:
        star(records, ENTRY, TUESDAY, "one", NOON)
        star(records, ENTRY._replace(version=3), TUESDAY, None, NOON + timedelta(hours=1))
        (kept,) = starred(records)
        assert (kept.entry.version, kept.note, kept.at) == (3, "one", NOON)
        star(records, ENTRY, TUESDAY, "two", NOON)
        assert [one.note for one in starred(records)] == ["two"]


def test_what_is_unstarred_is_gone(tmp_path: Path) -> None:
    with opened_reader(tmp_path) as records:
        star(records, ENTRY, TUESDAY, None, NOON)
        assert unstar(records, "2605.00001")
        assert not unstar(records, "2605.00001")
        assert starred(records) == []


def test_each_terminal_has_the_list_shown_last_on_it(tmp_path: Path) -> None:
    with opened_reader(tmp_path) as records:
        note_list(records, "/dev/pts/1", ["2605.00001", "2605.00002"])
        note_list(records, "/dev/pts/2", ["2605.00003"])
        note_list(records, "/dev/pts/1", ["2605.00004"])
        assert listed(records, "/dev/pts/1") == ("2605.00004",)
        assert listed(records, "/dev/pts/2") == ("2605.00003",)
        assert listed(records, "") == ()
        note_list(records, "/dev/pts/2", [])
        assert listed(records, "/dev/pts/2") == ()


# The files


def test_listings_and_records_are_files_of_their_own(tmp_path: Path) -> None:
    with opened(tmp_path), opened_reader(tmp_path):
        pass
    assert {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {
        FILE: 0o600,
        READER_FILE: 0o600,
    }


def test_where_nothing_can_be_kept_it_goes_on_for_one_run(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said: list[str] = []
    with opened_reader(tmp_path / "file", said.append) as records:
        record = records.of(MINE)
        record.note_seen([shown(ONE)])
        assert list(record.seen()) == [TUESDAY]
        assert not record.is_lasting
    assert len(said) == 1
