"""Flipped bits: never a wrong listing, never a lost message."""

import random
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from entries import entry

from arxivdigest.mail.envelope import Delivery, Envelope
from arxivdigest.model import AnnounceType, Listing
from arxivdigest.store.file import FILE, READER_FILE, opened, opened_reader
from arxivdigest.store.lost import lost, note_lost
from arxivdigest.store.messages import Delivered, Message
from arxivdigest.store.outbox import Outbox
from arxivdigest.store.reader import Key, Reader, Seen
from arxivdigest.store.rows import Stored
from arxivdigest.store.starred import star, starred

MINE = Reader("/home/ann/config.toml")
NOON = datetime(2026, 5, 5, 16, tzinfo=UTC)
DAYS = [date(2026, 5, 5) + timedelta(days=number) for number in range(30)]
BITS = 50


def keys_of(day: date) -> frozenset[Key]:
    chance = random.Random(day.toordinal())  # noqa: S311 - it keeps no secret
    return frozenset((f"2605.{chance.randrange(99999):05}", AnnounceType.NEW) for _ in range(90))


def content_of(day: date) -> bytes:
    return f"Subject: of {day}\r\n\r\n".encode() + b"Of pelicans.\r\n" * 300


@cache
def a_record() -> bytes:
    """A file of thirty days: each shown, and in a message; every other one is sent."""
    with TemporaryDirectory() as folder:
        with opened_reader(Path(folder)) as records:
            outbox = Outbox(records, lambda: NOON, is_alone=True)
            for number, day in enumerate(DAYS):
                keys = keys_of(day)
                days = (Delivered(day, ("cs.DC",), keys),)
                envelope = Envelope("digest@example.org", ("ann@example.org",))
                put = outbox.put(Message(MINE, days, envelope, content_of(day)))
                if put and number % 2:
                    outbox.send(put, lambda _, to, note: _sent(to, note))
                records.of(MINE).note_seen(
                    [Seen(day, ("cs.DC",), is_whole=True, held=keys, shown=keys, at=NOON)]
                )
                star(records, entry(f"2605.{number:05}"), day, "a note", NOON)
        return (Path(folder) / READER_FILE).read_bytes()


def _sent(to: Envelope, note: object) -> Delivery:
    assert callable(note)
    note(Delivery(to.recipients))
    return Delivery(to.recipients)


def flipped(data: bytes, bits: int, seed: int) -> bytes:
    chance = random.Random(seed)  # noqa: S311 - it keeps no secret
    changed = bytearray(data)
    for at in chance.sample(range(len(data) * 8), bits):
        changed[at // 8] ^= 1 << (at % 8)
    return bytes(changed)


@pytest.mark.parametrize(("bits", "seeds"), [(1, range(30)), (BITS, range(12))])
def test_a_message_is_sent_as_it_was_or_its_entries_come_again(
    tmp_path: Path, bits: int, seeds: range
) -> None:
    taken: list[bytes] = []

    def deliver(content: bytes, to: Envelope, note: object) -> Delivery:
        taken.append(content)
        return _sent(to, note)

    for seed in seeds:
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / READER_FILE).write_bytes(flipped(a_record(), bits, seed))
        taken.clear()
        said: list[str] = []
        with opened_reader(folder, said.append, is_sending=True) as records:
            outbox = Outbox(records, lambda: NOON, is_alone=True)
            for one in outbox.waiting(MINE):
                outbox.send(one.number, deliver)
            assert records.is_lasting
            held = {
                one.announced
                for one in outbox.delivered(MINE, ["ann@example.org"])
                if not one.is_refused
            }
            for seen in records.of(MINE).seen().values():
                assert seen.held == keys_of(seen.announced)
            assert all(one.note == "a note" for one in starred(records))
        plain = [one.removeprefix(b"X-Arxiv-Digest-Duplicate: possible\n") for one in taken]
        assert set(plain) <= {content_of(day) for day in DAYS}
        # What is not held by a message that is sent is not delivered, and comes with the next.
        for number, day in enumerate(DAYS):
            assert day not in held or number % 2 or content_of(day) in plain
        assert len(said) <= 1
        assert all("set aside" in one for one in said)


def test_a_sound_file_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / READER_FILE).write_bytes(a_record())
    with opened_reader(tmp_path, is_sending=True) as records:
        assert len(records.of(MINE).seen()) == len(DAYS)
    assert [path.name for path in tmp_path.iterdir()] == [READER_FILE]


@pytest.mark.parametrize("length", [0, 50, 100, 4000, 8192, 20000])
def test_what_is_cut_off_is_carried_over_as_far_as_it_goes(tmp_path: Path, length: int) -> None:
    (tmp_path / READER_FILE).write_bytes(a_record()[:length])
    said: list[str] = []
    with opened_reader(tmp_path, said.append, is_sending=True) as records:
        assert records.is_lasting
        note_lost(records.of(MINE), DAYS[:1])
    with opened_reader(tmp_path, is_sending=True) as records:
        assert lost(records.of(MINE)) == {DAYS[0]}
    assert len(said) == (length > 0)


def test_a_damaged_first_page_costs_nothing(tmp_path: Path) -> None:
    data = bytearray(a_record())
    data[:8192] = bytes(8192)
    (tmp_path / READER_FILE).write_bytes(data)
    said: list[str] = []
    with opened_reader(tmp_path, said.append) as records:
        assert list(records.of(MINE).seen()) == DAYS
        assert len(starred(records)) == len(DAYS)
    assert said == [
        (
            f"{tmp_path / READER_FILE} is damaged, and was set aside as {READER_FILE}.aside-1;"
            " all of it was carried over"
        )
    ]


@pytest.mark.parametrize("old", [b"CREATE TABLE", b"tablereader", b"readerreader"])
@pytest.mark.parametrize("is_sending", [True, False])
def test_what_sqlite_says_of_it_need_not_be_text(
    tmp_path: Path, old: bytes, *, is_sending: bool
) -> None:
    damaged = a_record().replace(old, old[:-2] + b"\xa0\xa1")
    (tmp_path / READER_FILE).write_bytes(damaged)
    said: list[str] = []
    with opened_reader(tmp_path, said.append, is_sending=is_sending) as records:
        assert list(records.of(MINE).seen()) == DAYS
        assert len(starred(records)) == len(DAYS)
    (line,) = said
    assert line.endswith("all of it was carried over")


def test_who_cannot_say_it_leaves_a_damaged_file_to_who_can(tmp_path: Path) -> None:
    damaged = a_record().replace(b"tablereader", b"tablerea\xa0er")
    for name in (READER_FILE, FILE):
        (tmp_path / name).write_bytes(damaged)
    with opened_reader(tmp_path, None) as records, opened(tmp_path, None) as store:
        assert starred(records) == []
        assert store.days() == []
        assert not records.is_lasting
        assert not store.is_lasting
    assert {path.name for path in tmp_path.iterdir()} == {READER_FILE, FILE}
    said: list[str] = []
    with opened_reader(tmp_path, said.append, "; going on without it") as records:
        assert len(starred(records)) == len(DAYS)
    assert said[0].endswith("all of it was carried over")


def test_no_flipped_bits_are_ever_taken_for_a_listing(tmp_path: Path) -> None:
    listing = Listing("feed", ("cs.DC",), DAYS[0], [entry(f"2605.{n:05}") for n in range(60)])
    good = [
        Stored(listing._replace(announced=day, subjects=(subject,)), NOON)
        for day in DAYS[:6]
        for subject in ("cs.DC", "cs.LG")
    ]
    with opened(tmp_path / "good") as store:
        for one in good:
            store.keep(one.listing.subjects, one)
    data = (tmp_path / "good" / FILE).read_bytes()
    for seed in range(30):
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / FILE).write_bytes(flipped(data, BITS if seed % 2 else 1, seed))
        with opened(folder, lambda _: None) as store:
            for one in good:
                day = one.listing.announced
                assert day
                assert store.of_day(one.listing.subjects, day) in (one, None)
