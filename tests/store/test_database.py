import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest
from anybody import as_anybody
from entries import entry
from fake_arxiv import EASTERN, FakeArxiv, Paper
from hypothesis import given
from hypothesis import strategies as st
from ran import code_of

from arxivdigest import reading
from arxivdigest.model import AnnounceType, Entry, Listing, Section
from arxivdigest.reading import Request
from arxivdigest.store import database, file, listing_tables, reader_tables
from arxivdigest.store.file import FILE, LOCK, UnusableError, opened
from arxivdigest.store.listings import Store
from arxivdigest.store.rows import Stored
from arxivdigest.verdict import Gathered

THURSDAY = date(2025, 7, 10)
FRIDAY = date(2025, 7, 11)
MORNING = datetime(2025, 7, 11, 8, tzinfo=EASTERN)

ENTRY = entry()
EVERYTHING = Entry(
    arxiv_id="math/0601001",
    version=12,
    announce_type=AnnounceType.REPLACE_CROSS,
    title="$a<b$ 'quoted' \"twice\"; DROP TABLE entry -- \x00\x1b[31m\u202e\u0085\U0001f9a4",
    authors=("Jérôme Aa, Jr.", "O'Neil", "李白", "x\ty"),
    primary_category="math.LO",
    categories=("math.LO", "cs.DC"),
    abstract="One paragraph.\nAnother, with \r and \t.",
    comments="8 pages",
    journal_ref="J. Birds 1 (2025) 2",
    doi="10.1000/xyz",
    license="http://creativecommons.org/licenses/by/4.0/",
    formats=("pdf", "html", "other"),
)
LISTING = Listing(
    source="page",
    subjects=("cs.DC", "math"),
    announced=FRIDAY,
    entries=(EVERYTHING, ENTRY),
    sections=(Section("New submissions", 1, 1), Section("Replacements\tof old", 1, 5)),
    total=6,
    notes=("read leniently (it is not well-formed)", "no abstracts to search"),
)
STORED = Stored(
    LISTING,
    read_at=datetime(2025, 7, 11, 8, 30, 0, 123456, tzinfo=timezone(timedelta(hours=5.5))),
    fresh_until=datetime(2025, 7, 12, tzinfo=EASTERN),
    etag='W/"ab\'c"',
)


def of(day: date, *, source: str = "feed", hour: int = 9, title: str = "On pelicans") -> Stored:
    """A reading of the announcement of a day, at an hour of that day."""
    listing = Listing(source, ("cs.DC",), day, (ENTRY._replace(title=title),))
    return Stored(listing, datetime(day.year, day.month, day.day, hour, tzinfo=UTC))


def kept_in(folder: Path, *readings: Stored) -> Path:
    """The file of a store that has kept these readings for cs.DC."""
    with opened(folder) as kept:
        for stored in readings:
            kept.keep(("cs.DC",), stored)
    return folder / FILE


def changed(**changes: object) -> Stored:
    return STORED._replace(listing=LISTING._replace(**changes))  # type: ignore[arg-type]


def round_trip(stored: Stored) -> Stored | None:
    failures: list[sqlite3.Error] = []
    kept = Store(database.in_memory(listing_tables.SCHEMA), failures.append, is_lasting=False)
    with closing(kept):
        kept.keep(("cs.DC",), stored)
        back = kept.newest(("cs.DC",))
    assert failures == []
    return back


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@contextmanager
def umask(value: int) -> Iterator[None]:
    before = os.umask(value)
    try:
        yield
    finally:
        os.umask(before)


# What is kept


def test_a_listing_comes_back_with_everything_in_it(tmp_path: Path) -> None:
    kept_in(tmp_path, STORED)
    with opened(tmp_path) as kept:
        assert kept.newest(("cs.DC",)) == STORED


@pytest.mark.parametrize(
    "stored",
    [
        changed(entries=()),
        changed(entries=(), sections=(), notes=(), total=None, subjects=()),
        changed(total=0),
        changed(entries=(ENTRY._replace(authors=(), formats=()),)),
        changed(entries=(ENTRY._replace(primary_category="", categories=("",)),)),
        changed(entries=(ENTRY._replace(primary_category="", categories=("", "cs.DC")),)),
        changed(entries=(ENTRY._replace(authors=("", "Ann Lee", "")),)),
        changed(entries=(ENTRY._replace(title="", abstract="", comments="", doi=""),)),
        changed(entries=(ENTRY._replace(version=None),)),
        changed(sections=(Section("", 0, 0),)),
        STORED._replace(fresh_until=None, etag=None),
        STORED._replace(etag=""),
    ],
)
def test_what_is_missing_or_empty_comes_back_so(stored: Stored) -> None:
    assert round_trip(stored) == stored


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text: str) -> None:
    entry = ENTRY._replace(title=text, abstract=text, comments=text, authors=(text.strip("\n"),))
    back = round_trip(changed(entries=(entry,)))
    assert back
    (read,) = back.listing.entries
    assert (read.title, read.abstract, read.comments) == (text, text, text)
    assert read.authors == (text.strip("\n").replace("\n", " "),)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("half \ud83e of it", "half \ufffd of it"),
        ("\udd84", "\ufffd"),
        ("\ud83e\udda4", "\U0001f9a4"),
    ],
)
def test_half_a_character_is_kept_as_the_sign_for_it(text: str, kept: str) -> None:
    entry = ENTRY._replace(title=text, authors=(text,), comments=text)
    back = round_trip(changed(entries=(entry,), notes=(text,))._replace(etag=text))
    assert back
    assert back.listing.entries == (ENTRY._replace(title=kept, authors=(kept,), comments=kept),)
    assert (back.listing.notes, back.etag) == ((kept,), kept)


def test_a_count_that_is_too_large_for_the_file_is_not_kept() -> None:
    back = round_trip(changed(total=10**30))
    assert back
    assert back.listing == LISTING._replace(total=None)


def test_a_listing_without_a_date_is_not_kept() -> None:
    assert round_trip(changed(announced=None)) is None


def test_a_listing_with_problems_does_not_take_the_place_of_a_whole_one(tmp_path: Path) -> None:
    path = kept_in(tmp_path, STORED)
    before = dump(path)
    kept_in(tmp_path, changed(problems=("the page is cut off",), entries=()))
    assert dump(path) == before


def test_nothing_is_kept_for_subjects_that_were_never_asked_for(tmp_path: Path) -> None:
    kept_in(tmp_path, STORED)
    with opened(tmp_path) as kept:
        assert kept.newest(("cs.DC+math",)) is None
        assert kept.newest(("cs.dc",)) is None
        assert kept.newest(("cs.DC",), "feed") is None
        assert kept.of_day(("cs.DC",), THURSDAY) is None


@pytest.mark.parametrize(
    "readings",
    [[of(THURSDAY), of(FRIDAY)], [of(FRIDAY), of(THURSDAY)], [of(FRIDAY), of(THURSDAY, hour=23)]],
)
def test_the_newest_is_that_of_the_latest_day(tmp_path: Path, readings: list[Stored]) -> None:
    kept_in(tmp_path, *readings)
    with opened(tmp_path) as kept:
        assert kept.newest(("cs.DC",)) == of(FRIDAY)


def test_of_two_sources_for_a_day_the_one_read_last_counts(tmp_path: Path) -> None:
    feed, page = of(FRIDAY, source="feed", hour=10), of(FRIDAY, source="page", hour=9)
    kept_in(tmp_path, feed, page)
    with opened(tmp_path) as kept:
        assert kept.newest(("cs.DC",)) == kept.of_day(("cs.DC",), FRIDAY) == feed
        assert kept.newest(("cs.DC",), "page") == page


def test_a_day_read_again_takes_the_place_of_its_first_reading(tmp_path: Path) -> None:
    again = STORED._replace(listing=LISTING._replace(entries=(ENTRY,)), etag="new")
    path = kept_in(tmp_path, STORED, of(THURSDAY), again)
    with opened(tmp_path) as kept:
        assert kept.of_day(("cs.DC",), FRIDAY) == again
        assert kept.of_day(("cs.DC",), THURSDAY) == of(THURSDAY)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM listing").fetchone() == (2,)


def test_what_was_announced_over_a_hundred_days_ago_goes(tmp_path: Path) -> None:
    days = [FRIDAY - timedelta(days=age) for age in (101, 100, 99, 0)]
    path = kept_in(tmp_path, *map(of, days))
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT announced FROM listing ORDER BY 1").fetchall()
        assert [row[0] for row in rows] == [str(day) for day in days[1:]]


def test_a_misprinted_date_pushes_nothing_out(tmp_path: Path) -> None:
    misprint = of(FRIDAY)._replace(listing=of(FRIDAY).listing._replace(announced=date(2205, 7, 11)))
    kept_in(tmp_path, of(FRIDAY), misprint)
    with opened(tmp_path) as kept:
        assert kept.of_day(("cs.DC",), FRIDAY) == of(FRIDAY)


def test_the_last_request_is_that_noted_last(tmp_path: Path) -> None:
    with opened(tmp_path) as kept:
        assert kept.last_request() is None
        kept.note_request(1752235200.25)
        kept.note_request(1752235100.5)
    with opened(tmp_path) as kept:
        assert kept.last_request() == 1752235100.5


def test_a_listing_is_fresh_until_the_instant_that_arxiv_said() -> None:
    until = datetime(2025, 7, 12, tzinfo=EASTERN)
    assert STORED.is_fresh(until - timedelta(seconds=1))
    assert not STORED.is_fresh(until)
    assert not STORED._replace(fresh_until=None).is_fresh(until)


def test_what_was_read_at_a_time_to_come_is_not_fresh() -> None:
    assert STORED.is_fresh(STORED.read_at)
    assert not STORED.is_fresh(STORED.read_at - timedelta(seconds=1))


# Who may read it


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077, 0o777])
def test_only_the_owner_may_read_what_is_made(tmp_path: Path, mask: int) -> None:
    folder = tmp_path / "local" / "state" / "arxivdigest"
    with umask(mask):
        with opened(folder) as kept, file.locked(folder, 0, print):
            kept.keep(("cs.DC",), STORED)
        assert os.umask(mask) == mask
    assert {path.name: mode(path) for path in folder.iterdir()} == {FILE: 0o600, LOCK: 0o600}
    assert [mode(path) for path in (folder, folder.parent, folder.parent.parent)] == [0o700] * 3


def test_a_folder_and_a_file_that_others_could_read_are_closed_to_them(tmp_path: Path) -> None:
    path = kept_in(tmp_path, STORED)
    path.chmod(0o644)
    tmp_path.chmod(0o755)
    kept_in(tmp_path)
    assert (mode(path), mode(tmp_path)) == (0o600, 0o700)


def test_only_the_owner_may_read_what_sqlite_puts_beside_the_file(tmp_path: Path) -> None:
    path = kept_in(tmp_path, STORED)
    seen: list[int] = []

    def look(statement: str) -> None:
        if statement == "COMMIT":
            seen.extend(mode(side) for side in tmp_path.glob("*-journal"))

    with umask(0), opened(tmp_path) as kept:
        connection = kept._connection  # noqa: SLF001 - the file lives for the transaction only
        connection.set_trace_callback(look)
        kept.keep(("cs.DC",), of(FRIDAY))
    assert seen == [0o600]
    assert path.is_file()


# Migrations


@pytest.mark.parametrize("version", range(listing_tables.SCHEMA.version))
def test_a_store_of_any_earlier_version_is_brought_up(tmp_path: Path, version: int) -> None:
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as connection:
        for migration in listing_tables.SCHEMA.migrations[:version]:
            for statement in database.statements(migration):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {version}")
    path = kept_in(tmp_path, STORED)
    new = kept_in(tmp_path / "new", STORED)
    assert dump(path) == dump(new)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (
            listing_tables.SCHEMA.version,
        )


def test_every_version_has_its_migration() -> None:
    assert len(listing_tables.SCHEMA.migrations) == listing_tables.SCHEMA.version


@pytest.mark.parametrize("schema", [listing_tables.SCHEMA, reader_tables.SCHEMA])
def test_what_anybody_may_read_elsewhere_is_deleted_without_being_wiped(
    schema: database.Schema,
) -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        connection.execute("PRAGMA secure_delete = ON")  # as some systems' SQLite has it
        database.prepared(connection, schema)
        (is_wiped,) = connection.execute("PRAGMA secure_delete").fetchone()
    assert bool(is_wiped) is (schema is reader_tables.SCHEMA)


def test_an_empty_file_becomes_a_store(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    kept_in(tmp_path, STORED)
    with opened(tmp_path) as kept:
        assert kept.newest(("cs.DC",)) == STORED


# What goes wrong with the file: the digest is made, and one line says what is wrong


def asked_with(folder: Path) -> tuple[list[str], Gathered, list[str]]:
    """What is complained of when a digest is made with that folder, the digest, what was asked."""
    complaints: list[str] = []
    with FakeArxiv(MORNING) as arxiv:
        arxiv.publish(FRIDAY, Paper("2507.00002", "cs.DC"))
        world = arxiv.world(folder, complaints=complaints)
        gathered = reading.read(Request(None, ("cs.DC",), arxiv.settings()), world)
        return complaints, gathered, arxiv.asked


def complaint(folder: Path) -> str:
    """The one line of complaint when a whole digest is made with that folder, in one request."""
    complaints, gathered, asked = asked_with(folder)
    assert [entry.arxiv_id for entry in gathered.listing.entries] == ["2507.00002"]
    assert (gathered.listing.problems, code_of(gathered)) == ((), 0)
    assert asked == ["/rss/cs.DC"]
    (line,) = complaints
    assert line.isprintable()
    return line


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def overwritten(path: Path, at: int, data: bytes) -> None:
    with path.open("r+b") as file:
        file.seek(at, os.SEEK_END if at < 0 else os.SEEK_SET)
        file.write(data)


def version_of(path: Path, number: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {number}")


def spoilt(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute(statement)
        connection.commit()


def replaced(path: Path, old: bytes, new: bytes) -> None:
    path.write_bytes(path.read_bytes().replace(old, new))


PAGE = 32768
DAMAGE: dict[str, Callable[[Path], object]] = {
    "garbage": lambda path: path.write_bytes(b"garbage " * 1000),
    "a text": lambda path: path.write_text("hello"),
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 2),
    "truncated in a page": lambda path: os.truncate(path, path.stat().st_size - PAGE - 5000),
    "only the header": lambda path: os.truncate(path, 100),
    "zeros in the first page": lambda path: overwritten(path, 100, bytes(PAGE - 100)),
    "zeros after the first page": lambda path: overwritten(
        path, PAGE, bytes(path.stat().st_size - PAGE)
    ),
    "not UTF-8": lambda path: spoilt(path, "UPDATE listing SET notes = CAST(x'ff' AS TEXT)"),
    "other entries": lambda path: spoilt(path, "UPDATE listing SET entries = entries || 'x'"),
    "entries lost": lambda path: spoilt(path, "UPDATE listing SET entries = x'', texts = x''"),
    "a text lost": lambda path: spoilt(path, "UPDATE listing SET texts = x''"),
    "texts of another kind": lambda path: spoilt(path, "UPDATE listing SET texts = 3"),
    "another day": lambda path: spoilt(path, "UPDATE listing SET announced = '2025-07-11'"),
    "no date": lambda path: spoilt(path, "UPDATE listing SET announced = 'soon'"),
    "of another kind": lambda path: spoilt(path, "UPDATE listing SET total = x'00'"),
    "no such table": lambda path: spoilt(path, "DROP TABLE listing"),
    "a broken schema": lambda path: spoilt(path, "UPDATE sqlite_schema SET sql = 'nonsense'"),
    "a broken schema that is no text": lambda path: replaced(path, b"TABLE", b"TABL\xa0"),
    "names that are no text": lambda path: replaced(path, b"tablelisting", b"table\xa0\xa1sting"),
    "a version below zero": lambda path: version_of(path, -1),
    "a version that nothing has": lambda path: version_of(path, 7 | 1 << 16),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_file_is_set_aside(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    path = kept_in(tmp_path, of(THURSDAY))
    damage(path)
    damaged = path.read_bytes()
    said = complaint(tmp_path)
    assert said.startswith(f"{path} is damaged, and was set aside as {FILE}.aside-1;")
    assert content(tmp_path)[f"{FILE}.aside-1"] == damaged
    assert asked_with(tmp_path)[0] == []
    with opened(tmp_path) as kept:
        assert kept.of_day(("cs.DC",), FRIDAY)


def test_no_changed_page_is_ever_taken_for_a_listing(tmp_path: Path) -> None:
    long = ENTRY._replace(abstract="Of pelicans, and of what they eat. " * 30)
    listing = of(FRIDAY).listing._replace(entries=(long,) * 30)
    path = kept_in(tmp_path, of(THURSDAY), of(FRIDAY)._replace(listing=listing))
    whole = path.read_bytes()
    right = (of(THURSDAY), of(FRIDAY)._replace(listing=listing), None)
    found = 0
    for at in range(100, len(whole), 331):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x11]) + whole[at + 1 :])
        said: list[str] = []
        with opened(tmp_path, said.append) as kept:
            read = [kept.newest(("cs.DC",)), kept.of_day(("cs.DC",), THURSDAY)]
            kept.keep(("cs.DC",), STORED)
            assert kept.of_day(("cs.DC",), FRIDAY) in (STORED, right[1])
        assert all(one in right for one in read)
        assert len(said) <= 1
        found += len(said)
        for aside in tmp_path.glob("*.aside-*"):
            aside.unlink()
    assert found > 20


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"2025-07-11", b"2025-07-1u"),
        (b"2025-07-10", b"2025-97-10"),
        (b"2507.00001", b"2507.\xff0001"),
        (b"cs.DC", b"cs\xaeDC"),
        (b"TABLE", b"TABL\xa0"),
    ],
)
@pytest.mark.parametrize(
    "look",
    [
        lambda kept: kept.days(),
        lambda kept: kept.holding("2507.00001"),
        lambda kept: kept.days_holding(frozenset(["2507.00001"]), date(2026, 1, 1)),
        lambda kept: [kept.listing(number) for number in range(4)],
        lambda kept: [kept.listings_of(day) for day in (THURSDAY, FRIDAY)],
        lambda kept: kept.feeds("cs.DC", FRIDAY),
        lambda kept: kept.pages("cs.DC", FRIDAY),
    ],
)
def test_however_a_damaged_file_is_looked_into_it_is_set_aside_at_most(
    tmp_path: Path, look: Callable[[Store], object], old: bytes, new: bytes
) -> None:
    path = kept_in(tmp_path, of(THURSDAY), of(FRIDAY))
    with opened(tmp_path) as kept:
        kept.keep_page("cs.DC", 1, of(FRIDAY))
    replaced(path, old, new)
    said: list[str] = []
    with opened(tmp_path, said.append) as kept:
        look(kept)
    assert len(said) <= 1


def test_a_listing_that_another_run_has_put_in_place_is_no_damage(tmp_path: Path) -> None:
    kept_in(tmp_path, of(FRIDAY))
    said: list[str] = []
    with opened(tmp_path, said.append) as kept:
        (found,) = kept.holding("2507.00001")
        kept_in(tmp_path, of(FRIDAY, hour=10), of(FRIDAY + timedelta(3)))
        assert kept.listing(found.listing) is None
        assert len(kept.listings_of(FRIDAY)) == 1
    assert said == []


def test_a_file_set_aside_takes_nobody_elses_name(tmp_path: Path) -> None:
    (tmp_path / f"{FILE}.aside-1").write_text("from before")
    (tmp_path / f"{FILE}.aside-2").symlink_to(tmp_path / "nowhere")
    (tmp_path / FILE).write_text("garbage")
    assert f"set aside as {FILE}.aside-3;" in complaint(tmp_path)
    assert content(tmp_path)[f"{FILE}.aside-1"] == b"from before"
    assert (tmp_path / f"{FILE}.aside-2").is_symlink()


def test_a_file_put_in_place_meanwhile_is_not_set_aside(tmp_path: Path) -> None:
    path = kept_in(tmp_path, of(THURSDAY))
    said: list[str] = []
    with opened(tmp_path, said.append) as kept:
        overwritten(path, 0, bytes(path.stat().st_size))
        path.rename(tmp_path / "away")
        path.write_text("a new one")
        assert kept.newest(("cs.DC",)) is None
    assert said == [f"{path} is damaged, and was set aside by another run"]
    assert path.read_text() == "a new one"


def test_a_file_of_a_newer_version_is_left_as_it_is(tmp_path: Path) -> None:
    path = kept_in(tmp_path, of(THURSDAY))
    version_of(path, listing_tables.SCHEMA.version + 1)
    before = content(tmp_path)
    assert complaint(tmp_path).startswith(
        f"{path} cannot be used (it is from a newer version of this program);"
    )
    assert {**content(tmp_path), **before} == content(tmp_path)
    assert set(content(tmp_path)) == {FILE, LOCK}


HOLDER = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute(f"BEGIN {sys.argv[2]}")
print("held", flush=True)
sys.stdin.read()
"""


@contextmanager
def held(path: Path, how: str) -> Iterator[None]:
    """The file, locked by another process."""
    command = [sys.executable, "-c", HOLDER, str(path), how]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        yield
        holder.communicate()


@pytest.mark.parametrize("how", ["EXCLUSIVE", "IMMEDIATE"])
def test_a_file_that_another_process_holds_is_waited_for_and_then_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(file, "BUSY_SECONDS", 0.1)  # nobody hands it in
    path = kept_in(tmp_path, of(THURSDAY))
    before = dump(path)
    with held(path, how):
        assert complaint(tmp_path).startswith(f"{path} cannot be used (database is locked);")
    assert dump(path) == before
    assert set(content(tmp_path)) == {FILE, LOCK}


def test_a_file_that_may_not_be_written_is_left(tmp_path: Path) -> None:
    asked_with(tmp_path)  # so that all that is needed is loaded
    with as_anybody() as folder:
        path = kept_in(folder, of(THURSDAY))
        path.chmod(0o400)
        before = path.read_bytes()
        assert complaint(folder).startswith(
            f"{path} cannot be used (attempt to write a readonly database);"
        )
        assert (path.read_bytes(), mode(path)) == (before, 0o400)


def test_a_file_that_may_not_be_read_is_left(tmp_path: Path) -> None:
    asked_with(tmp_path)
    with as_anybody() as folder:
        path = kept_in(folder, of(THURSDAY))
        path.chmod(0)
        assert complaint(folder).startswith(f"{path} cannot be used (")
        assert mode(path) == 0


def test_a_folder_that_may_not_be_written_is_left(tmp_path: Path) -> None:
    asked_with(tmp_path)
    with as_anybody() as folder:
        path = kept_in(folder, of(THURSDAY))
        folder.chmod(0o500)
        assert complaint(folder).startswith(f"{path} cannot be used (")


def test_a_damaged_file_that_cannot_be_set_aside_stays(tmp_path: Path) -> None:
    asked_with(tmp_path)
    with as_anybody() as folder:
        path = folder / FILE
        path.write_text("garbage")
        folder.chmod(0o500)
        assert complaint(folder).startswith(
            f"{path} is damaged, and cannot be set aside (Permission denied);"
        )
        assert path.read_text() == "garbage"


def test_a_listing_kept_in_a_file_that_may_not_be_written_is_shown(tmp_path: Path) -> None:
    asked_with(tmp_path)
    with as_anybody() as folder, FakeArxiv(MORNING) as arxiv:
        kept_in(folder, of(FRIDAY)).chmod(0o400)
        complaints: list[str] = []
        world = arxiv.world(folder, complaints=complaints)
        request = Request(None, ("cs.DC",), arxiv.settings(), offline=True)
        assert reading.read(request, world).listing.entries == (ENTRY,)
        assert complaints == []


def test_a_folder_that_is_a_file_is_left(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    said = complaint(tmp_path / "state")
    assert said.startswith(f"{tmp_path / 'state' / FILE} cannot be used (")
    assert (tmp_path / "state").read_text() == "a file"


def test_a_folder_that_cannot_be_made_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "local").write_text("a file")
    path = tmp_path / "local" / "state" / FILE
    assert complaint(path.parent) == f"{path} cannot be used (Not a directory); going on without it"


def test_a_folder_in_place_of_the_file_is_left(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert complaint(tmp_path).startswith(
        f"{tmp_path / FILE} cannot be used (unable to open database file);"
    )
    assert (tmp_path / FILE).is_dir()


def test_a_folder_in_place_of_the_lock_is_done_without(tmp_path: Path) -> None:
    (tmp_path / LOCK).mkdir()
    assert asked_with(tmp_path)[0] == []


@pytest.mark.parametrize("name", [FILE, f"{FILE}-journal", f"{FILE}-wal", f"{FILE}-shm", LOCK])
@pytest.mark.parametrize("exists", [True, False])
def test_a_planted_link_is_set_aside_and_not_followed(
    tmp_path: Path, name: str, *, exists: bool
) -> None:
    target = tmp_path / "elsewhere"
    if exists:
        target.write_text("of somebody else")
    link = tmp_path / "state" / name
    link.parent.mkdir()
    link.symlink_to(target)
    said = complaint(link.parent)
    assert said.startswith(f"{link} is a link, and was set aside as {name}.aside-1;")
    assert link.with_name(f"{name}.aside-1").readlink() == target
    assert target.exists() == exists
    assert not exists or target.read_text() == "of somebody else"
    assert asked_with(link.parent)[0] == []
    assert target.exists() == exists


def test_two_planted_links_are_one_complaint(tmp_path: Path) -> None:
    for name in (FILE, LOCK):
        (tmp_path / name).symlink_to(tmp_path / "elsewhere")
    said = complaint(tmp_path)
    assert said.count("is a link, and was set aside") == 2


# What goes wrong on the way


FULL = {
    "when the request is noted": "request",
    "when the listing is kept": "listing",
}


@pytest.mark.parametrize("table", FULL.values(), ids=FULL)
def test_a_file_that_fails_on_the_way_does_not_ask_arxiv_twice(tmp_path: Path, table: str) -> None:
    path = kept_in(tmp_path, of(THURSDAY))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            f"CREATE TRIGGER failing BEFORE INSERT ON {table}"
            " BEGIN SELECT raise(ABORT, 'out of luck'); END"
        )
    said = complaint(tmp_path)
    assert said.startswith(f"{path} is damaged, and was set aside as {FILE}.aside-1;")


def test_a_file_that_goes_away_on_the_way_does_not_ask_arxiv_twice(tmp_path: Path) -> None:
    complaints: list[str] = []
    path = kept_in(tmp_path, of(THURSDAY))
    with FakeArxiv(MORNING) as arxiv:
        arxiv.publish(FRIDAY, Paper("2507.00002", "cs.DC"))

        def spoil(body: bytes) -> bytes:
            overwritten(path, 0, bytes(path.stat().st_size))
            return body

        arxiv.fault("/rss", "change", change=spoil)
        world = arxiv.world(tmp_path, complaints=complaints)
        gathered = reading.read(Request(None, ("cs.DC",), arxiv.settings()), world)
        assert arxiv.asked == ["/rss/cs.DC"]
    assert len(gathered.listing.entries) == 1
    assert len(complaints) == 1


def test_a_full_disk_is_said_and_leaves_what_was_stored(tmp_path: Path) -> None:
    path = kept_in(tmp_path, of(THURSDAY))
    before = dump(path)
    large = ENTRY._replace(abstract="Of pelicans. " * 10_000)
    stored = of(FRIDAY)._replace(listing=of(FRIDAY).listing._replace(entries=(large,)))
    said: list[str] = []
    with opened(tmp_path, said.append) as kept:
        kept._connection.execute("PRAGMA max_page_count = 1")  # noqa: SLF001 - as a full disk does
        kept.keep(("cs.DC",), stored)
        assert kept.newest(("cs.DC",)) == stored
    assert said == [f"{path} cannot be used (database or disk is full)"]
    assert dump(path) == before


def test_when_the_file_fails_the_last_request_is_still_known(tmp_path: Path) -> None:
    path = kept_in(tmp_path)
    said: list[str] = []
    with opened(tmp_path, said.append) as kept:
        kept.note_request(1752235200.0)
        overwritten(path, 0, bytes(path.stat().st_size))
        kept.keep(("cs.DC",), STORED)
        assert kept.last_request() == 1752235200.0
        assert kept.newest(("cs.DC",)) == STORED
    assert len(said) == 1


def test_without_anybody_to_tell_the_error_says_it(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("garbage")
    with pytest.raises(UnusableError, match=r"is damaged, and was set aside as"), opened(tmp_path):
        pass


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyError("a bug"), OSError("no space")])
def test_an_error_of_whoever_uses_the_store_is_not_the_stores(
    tmp_path: Path, error: Exception
) -> None:
    path = kept_in(tmp_path, STORED)
    with (
        pytest.raises(type(error)) as raised,
        opened(tmp_path),
        file.locked(tmp_path, 0, print),
    ):
        raise error
    assert raised.value is error
    with opened(tmp_path) as kept:
        assert kept.newest(("cs.DC",)) == STORED
    assert set(content(tmp_path)) == {FILE, LOCK}
    assert path.is_file()
