import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Never

import pytest

from arxivdigest.errors import (
    DeliveryError,
    DigestError,
    TryAgainError,
    UncertainError,
    UnreachableError,
    UsageError,
)
from arxivdigest.mail.envelope import Delivery, Envelope, Refusal
from arxivdigest.model import AnnounceType
from arxivdigest.store import database
from arxivdigest.store.file import READER_FILE, opened_reader
from arxivdigest.store.messages import Delivered, Message
from arxivdigest.store.outbox import MAYBE_DUPLICATE, Deliver, Outbox
from arxivdigest.store.reader import SCHEMA, Key, Reader, Records

FRIDAY, MONDAY = date(2025, 7, 11), date(2025, 7, 14)
MORNING = datetime(2025, 7, 11, 12, tzinfo=UTC)
ANN, BOB, CAT = "ann@example.org", "bob@example.org", "cat@example.org"
SENDER = "digest@example.org"
CONTENT = b"Subject: On pelicans\n\nOf pelicans.\n"

Note = Callable[[Delivery], None]


class Clock:
    """A clock that is set."""

    def __init__(self) -> None:
        self.instant = MORNING

    def __call__(self) -> datetime:
        return self.instant


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Records]:
    with opened_reader(tmp_path) as found:
        yield found


@pytest.fixture
def outbox(kept: Records, clock: Clock) -> Outbox:
    return Outbox(kept, clock, is_alone=True)


MINE, GROUP = Reader("/home/ann/config.toml"), Reader("/home/ann/config.toml", profile="group")
KEYS: frozenset[Key] = frozenset({("2507.00001", AnnounceType.NEW)})


def a_message(
    *recipients: str,
    day: date = FRIDAY,
    reader: Reader = MINE,
    content: bytes = CONTENT,
    instead: int | None = None,
) -> Message:
    days = (Delivered(day, ("cs.DC",), KEYS, KEYS),)
    return Message(reader, days, Envelope(SENDER, recipients or (ANN,)), content, "", instead)


def put(outbox: Outbox, message: Message) -> int:
    number = outbox.put(message)
    assert number is not None
    return number


def states(outbox: Outbox, *recipients: str, reader: Reader = MINE) -> list[tuple[date, str]]:
    found = outbox.delivered(reader, recipients or (ANN,))
    return [(one.announced, one.state) for one in found]


class Server:
    """Takes messages, unless it is told what to do with the next ones."""

    def __init__(self, *behaviours: DigestError | Delivery) -> None:
        self.taken: list[tuple[bytes, Envelope]] = []
        self._behaviours = list(behaviours)

    def __call__(self, content: bytes, envelope: Envelope, note: Note) -> Delivery:
        does = self._behaviours.pop(0) if self._behaviours else Delivery(envelope.recipients)
        if isinstance(does, DigestError):
            raise does
        self.taken.append((content, envelope))
        note(does)
        return does


class KilledError(BaseException):
    """The program ends here."""


def killed(_: bytes, __: Envelope, ___: Note) -> Never:
    raise KilledError


def unwanted(content: bytes, envelope: Envelope, _: Note) -> Never:
    raise AssertionError(content, envelope)


# What a message is the only one for


@pytest.mark.parametrize(
    ("reader", "recipients"),
    [
        (GROUP, [ANN, BOB]),
        (MINE._replace(file="/home/bob/config.toml"), [ANN, BOB]),
        (MINE._replace(occasion="cs.LG"), [ANN, BOB]),
        (MINE, [ANN]),
    ],
)
def test_another_reader_or_other_recipients_have_a_message_of_their_own(
    outbox: Outbox, reader: Reader, recipients: list[str]
) -> None:
    put(outbox, a_message(ANN, BOB))
    put(outbox, a_message(*recipients, reader=reader))
    assert states(outbox, ANN, BOB) == states(outbox, *recipients, reader=reader)


def test_the_order_of_recipients_changes_nothing(outbox: Outbox) -> None:
    put(outbox, a_message(ANN, BOB))
    assert outbox.put(a_message(BOB, ANN)) is None


def test_what_a_message_holds_of_a_day_is_held_once(outbox: Outbox) -> None:
    put(outbox, a_message())
    other: frozenset[Key] = frozenset({("2507.00001", AnnounceType.CROSS)})
    assert outbox.put(a_message()) is None
    put(outbox, a_message()._replace(days=(Delivered(FRIDAY, ("cs.DC",), other),)))
    put(outbox, a_message(day=MONDAY))
    put(outbox, a_message()._replace(kind="again"))
    assert states(outbox) == [(day, "pending") for day in (FRIDAY, FRIDAY, MONDAY, FRIDAY)]


# One message


def test_a_message_waits_until_it_is_sent(outbox: Outbox) -> None:
    number = put(outbox, a_message())
    (waiting,) = outbox.waiting(MINE)
    assert (waiting.number, waiting.sender, waiting.days) == (number, SENDER, (FRIDAY,))
    server = Server()
    assert outbox.send(number, server) == (CONTENT, Delivery((ANN,)))
    assert server.taken == [(CONTENT, Envelope(SENDER, (ANN,)))]
    assert outbox.waiting(MINE) == []
    (sent,) = outbox.delivered(MINE, [ANN])
    assert (sent.entries, sent.shown, sent.state, sent.at) == (KEYS, KEYS, "sent", MORNING)


def test_it_is_sent_once(outbox: Outbox, clock: Clock) -> None:
    number = put(outbox, a_message())
    outbox.send(number, Server())
    clock.instant += timedelta(hours=3)
    assert outbox.put(a_message()) is None
    assert outbox.waiting(MINE) == []
    assert outbox.send(number, unwanted) is None


def test_a_clock_that_jumps_ahead_and_back_sends_nothing_twice(
    outbox: Outbox, clock: Clock
) -> None:
    outbox.send(put(outbox, a_message()), Server())
    clock.instant += timedelta(days=101)
    outbox.send(put(outbox, a_message(day=MONDAY)), Server())
    clock.instant -= timedelta(days=101)
    assert [outbox.put(a_message(day=day)) for day in (FRIDAY, MONDAY)] == [None, None]


def test_what_waits_is_sent_in_the_order_it_came_in(outbox: Outbox) -> None:
    days = [FRIDAY + timedelta(days=number) for number in range(3)]
    first, *_ = [put(outbox, a_message(day=day)) for day in days]
    put(outbox, a_message(day=days[0], instead=first))  # put in again, the first stays the first
    assert [one.days for one in outbox.waiting(MINE)] == [(day,) for day in days]


def test_each_profile_has_its_own(outbox: Outbox) -> None:
    number = put(outbox, a_message(reader=GROUP))
    assert outbox.waiting(MINE) == []
    assert [one.number for one in outbox.waiting(GROUP)] == [number]


def test_what_waits_for_a_profile_that_is_gone_is_named(outbox: Outbox) -> None:
    number = put(outbox, a_message(reader=GROUP))
    put(outbox, a_message(reader=GROUP._replace(file="/home/bob/config.toml")))
    put(outbox, a_message())
    assert outbox.forsaken(MINE, ["", "group"]) == []
    assert [one.number for one in outbox.forsaken(MINE, ["", "groups"])] == [number]


def test_so_it_is_where_the_file_with_its_name_has_moved(outbox: Outbox) -> None:
    number = put(outbox, a_message(reader=GROUP._replace(name="birds")))
    moved = MINE._replace(name="birds", file="/home/ann/moved.toml")
    assert [one.number for one in outbox.forsaken(moved, ["", "groups"])] == [number]
    assert outbox.forsaken(moved._replace(name="bees"), ["", "groups"]) == []


def test_one_that_waits_is_replaced(outbox: Outbox) -> None:
    number = put(outbox, a_message(content=b"old"))
    newer = a_message(content=b"new", instead=number)
    newer = newer._replace(envelope=Envelope("other@example.org", (ANN,)))
    assert outbox.put(newer) == number
    server = Server()
    outbox.send(number, server)
    assert server.taken == [(b"new", newer.envelope)]


def test_it_is_noted_when_it_is_taken_and_not_when_all_is_refused(outbox: Outbox) -> None:
    number = put(outbox, a_message())

    def killed_at_quit(_: bytes, envelope: Envelope, note: Note) -> Never:
        note(Delivery(envelope.recipients))
        raise KilledError

    with pytest.raises(KilledError):
        outbox.send(number, killed_at_quit)
    assert states(outbox) == [(FRIDAY, "sent")]


# What fails

FOR_NOW = TryAgainError("421 later")
NOBODY_KNOWS = UncertainError("no answer")
FOR_GOOD = DeliveryError("550 no")
MISCONFIGURED = UsageError("535 wrong password")


@pytest.mark.parametrize(
    ("failure", "is_doubtful"),
    [
        (FOR_NOW, False),
        (UnreachableError("no network"), False),
        (MISCONFIGURED, False),
        (NOBODY_KNOWS, True),
    ],
)
def test_what_fails_for_now_waits(
    outbox: Outbox, failure: DigestError, *, is_doubtful: bool
) -> None:
    number = put(outbox, a_message())
    with pytest.raises(type(failure)) as raised:
        outbox.send(number, Server(failure))
    assert raised.value is failure
    assert [one.number for one in outbox.waiting(MINE)] == [number]
    server = Server()
    assert outbox.send(number, server)
    assert server.taken[0][0] == (MAYBE_DUPLICATE if is_doubtful else b"") + CONTENT


def test_the_mark_is_a_header_before_the_others() -> None:
    assert MAYBE_DUPLICATE == b"X-Arxiv-Digest-Duplicate: possible\n"


def test_what_is_refused_for_good_is_not_delivered_and_may_be_put_in_again(outbox: Outbox) -> None:
    number = put(outbox, a_message(ANN, BOB))
    with pytest.raises(DeliveryError):
        outbox.send(number, Server(FOR_GOOD))
    assert outbox.waiting(MINE) == []
    assert outbox.send(number, unwanted) is None
    assert outbox.is_refused(number)
    assert states(outbox, ANN, BOB) == [(FRIDAY, "refused")]
    server = Server()
    outbox.send(put(outbox, a_message(ANN, BOB)), server)
    assert server.taken == [(CONTENT, Envelope(SENDER, (ANN, BOB)))]


@pytest.mark.parametrize(
    ("failure", "hours", "is_refused"),
    [
        (FOR_NOW, 119, False),
        (FOR_NOW, 120, True),
        (NOBODY_KNOWS, 120, True),
        (UnreachableError("no network"), 1000, False),
        (MISCONFIGURED, 1000, False),
    ],
)
def test_what_the_server_puts_off_for_five_days_is_given_up(
    outbox: Outbox, clock: Clock, failure: DigestError, hours: int, *, is_refused: bool
) -> None:
    number = put(outbox, a_message())
    clock.instant += timedelta(hours=hours)
    with pytest.raises(type(failure)):
        outbox.send(number, Server(failure))
    assert outbox.is_refused(number) == is_refused
    assert states(outbox) == [(FRIDAY, "refused" if is_refused else "pending")]


@pytest.mark.parametrize("between", [FOR_NOW, MISCONFIGURED, FOR_GOOD, NOBODY_KNOWS])
def test_a_doubt_stays_until_it_is_sent(outbox: Outbox, between: DigestError) -> None:
    number = put(outbox, a_message())
    for failure in (NOBODY_KNOWS, between):
        with pytest.raises(type(failure)):
            outbox.send(number, Server(failure))
    waiting = outbox.waiting(MINE)
    server = Server()
    outbox.send(waiting[0].number if waiting else put(outbox, a_message()), server)
    assert server.taken == [(MAYBE_DUPLICATE + CONTENT, Envelope(SENDER, (ANN,)))]


def test_who_is_refused_for_now_gets_it_alone_the_next_time(outbox: Outbox) -> None:
    number = put(outbox, a_message(ANN, BOB, CAT))
    now, good = Refusal(BOB, 450, "later"), Refusal(CAT, 550, "no Cat here")
    first = Delivery((ANN,), (now,), (good,))
    assert outbox.send(number, Server(first)) == (CONTENT, first)
    assert outbox.put(a_message(ANN, BOB, CAT)) is None
    server = Server()
    outbox.send(number, server)
    assert server.taken == [(CONTENT, Envelope(SENDER, (BOB,)))]
    assert states(outbox, ANN, BOB, CAT) == [(FRIDAY, "sent")]


@pytest.mark.parametrize(("failure", "hours"), [(FOR_GOOD, 0), (FOR_NOW, 120)])
def test_who_got_it_does_not_get_it_again_when_others_are_refused_for_good(
    outbox: Outbox, clock: Clock, failure: DigestError, hours: int
) -> None:
    number = put(outbox, a_message(ANN, BOB))
    outbox.send(number, Server(Delivery((ANN,), (Refusal(BOB, 450, ""),))))
    clock.instant += timedelta(hours=hours)
    with pytest.raises(type(failure)):
        outbox.send(number, Server(failure))
    assert states(outbox, ANN, BOB) == [(FRIDAY, "sent")]
    assert outbox.put(a_message(ANN, BOB)) is None


def test_who_is_refused_for_now_after_a_doubt_is_told_of_it(outbox: Outbox) -> None:
    number = put(outbox, a_message(ANN, BOB))
    with pytest.raises(UncertainError):
        outbox.send(number, Server(NOBODY_KNOWS))
    outbox.send(number, Server(Delivery((ANN,), (Refusal(BOB, 450, ""),))))
    server = Server()
    outbox.send(number, server)
    assert server.taken == [(MAYBE_DUPLICATE + CONTENT, Envelope(SENDER, (BOB,)))]


# A run that was ended


def test_what_a_run_left_is_sent_with_the_mark_and_as_it_was(outbox: Outbox) -> None:
    number = put(outbox, a_message())
    with pytest.raises(KilledError):
        outbox.send(number, killed)
    assert outbox.put(a_message(content=b"made anew")) is None
    server = Server()
    outbox.send(number, server)
    assert server.taken == [(MAYBE_DUPLICATE + CONTENT, Envelope(SENDER, (ANN,)))]


@pytest.mark.parametrize(
    ("seconds", "is_sent"), [(0, False), (119, False), (120, True), (3600, True), (-1, True)]
)
def test_without_locks_only_time_tells_that_a_run_has_ended(
    kept: Records, clock: Clock, seconds: int, *, is_sent: bool
) -> None:
    outbox = Outbox(kept, clock, is_alone=False)
    number = put(outbox, a_message())
    with pytest.raises(KilledError):
        outbox.send(number, killed)
    clock.instant += timedelta(seconds=seconds)
    server = Server()
    sent = outbox.send(number, server)
    assert (sent is not None, len(server.taken)) == (is_sent, int(is_sent))


def test_without_locks_a_message_is_claimed_once(
    kept: Records, clock: Clock, tmp_path: Path
) -> None:
    number = put(Outbox(kept, clock, is_alone=False), a_message())

    def meanwhile(content: bytes, envelope: Envelope, note: Note) -> Delivery:
        with opened_reader(tmp_path) as others:
            assert Outbox(others, clock, is_alone=False).send(number, unwanted) is None
        return Server()(content, envelope, note)

    assert Outbox(kept, clock, is_alone=False).send(number, meanwhile)


# The file


def test_four_hundred_messages_of_a_reader_are_kept_and_all_that_wait(outbox: Outbox) -> None:
    days = [FRIDAY + timedelta(days=number) for number in range(405)]
    waits = put(outbox, a_message(day=days[0]))
    for day in days[1:-1]:
        outbox.pass_over(a_message(day=day))
    put(outbox, a_message(reader=GROUP))
    put(outbox, a_message(day=days[-1]))
    assert [day for day, _ in states(outbox)] == [days[0], *days[4:]]
    assert next(iter(outbox.waiting(MINE))).number == waits
    assert len(outbox.waiting(GROUP)) == 1


@pytest.mark.parametrize("outcome", [Delivery((ANN,)), FOR_GOOD])
@pytest.mark.parametrize("size", [100, 300_000])
def test_no_content_is_left_in_the_file(
    tmp_path: Path, outbox: Outbox, outcome: DigestError | Delivery, size: int
) -> None:
    content = b"On pelicans. " * size
    number = put(outbox, a_message(content=content))
    assert content[:500] in (tmp_path / READER_FILE).read_bytes()
    try:
        outbox.send(number, Server(outcome))
    except DeliveryError as error:
        assert error is outcome  # noqa: PT017 - raised in one of the two cases
    assert b"pelicans" not in (tmp_path / READER_FILE).read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [READER_FILE]


def test_nothing_is_sent_where_nothing_can_be_noted(clock: Clock) -> None:
    with closing(database.in_memory(SCHEMA)) as connection:
        told: list[sqlite3.Error] = []

        def tell(error: sqlite3.Error) -> None:
            told.append(error)

        broken = Records(connection, tell, is_lasting=True)
        outbox = Outbox(broken, clock, is_alone=True)
        number = put(outbox, a_message())
        connection.execute("DROP TABLE message")
        with pytest.raises(TryAgainError) as raised:
            outbox.send(number, unwanted)
        broken.close()
    assert str(raised.value) == "nothing was sent, as nothing can be noted that it was"
    assert len(told) == 1


def test_what_was_sent_and_cannot_be_noted_is_said(clock: Clock) -> None:
    with closing(database.in_memory(SCHEMA)) as connection:
        broken = Records(connection, lambda _: None, is_lasting=True)
        outbox = Outbox(broken, clock, is_alone=True)
        number = put(outbox, a_message())

        def break_it(content: bytes, envelope: Envelope, note: Note) -> Delivery:
            connection.execute("DROP TABLE message")
            return Server()(content, envelope, note)

        with pytest.raises(TryAgainError) as raised:
            outbox.send(number, break_it)
        broken.close()
    assert str(raised.value) == "what was sent could not be noted; it may be sent a second time"


# Whatever happens in whatever order

DAYS = [FRIDAY + timedelta(days=number) for number in range(6)]


class Fate:
    """A server, with a model of what each of its recipients got."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.got: dict[tuple[bytes, str], list[bool]] = {}
        self.refused: set[tuple[bytes, str]] = set()

    def take(self, content: bytes, recipients: tuple[str, ...]) -> None:
        is_marked = content.startswith(MAYBE_DUPLICATE)
        for recipient in recipients:
            own = content.removeprefix(MAYBE_DUPLICATE), recipient
            self.got.setdefault(own, []).append(is_marked)

    def deliver(self, content: bytes, envelope: Envelope, note: Note) -> Delivery:
        happens = self.chance.choice(
            [*"taken noted some uncertain lost died killed usage".split(), "for now", "for good"]
        )
        everyone = envelope.recipients
        if happens in ("taken", "noted", "uncertain", "died"):
            self.take(content, everyone)
        if happens in ("taken", "noted"):
            note(Delivery(everyone))
        if happens == "taken":
            return Delivery(everyone)
        if happens == "some" and len(everyone) > 1:
            self.take(content, everyone[:1])
            some = Delivery(everyone[:1], tuple(Refusal(one, 450, "") for one in everyone[1:]))
            note(some)
            return some
        if happens in ("killed", "died", "noted"):
            raise KilledError
        raise {
            "for good": FOR_GOOD,
            "usage": MISCONFIGURED,
            "uncertain": NOBODY_KNOWS,
            "lost": NOBODY_KNOWS,
        }.get(happens, FOR_NOW)


def a_run(folder: Path, clock: Clock, day: date, deliver: Deliver) -> set[date]:
    """Put in the message of a day, if it is not there, and send all that waits; what is refused."""
    refused: set[date] = set()
    with opened_reader(folder) as kept:
        outbox = Outbox(kept, clock, is_alone=True)
        outbox.put(a_message(ANN, BOB, day=day, content=f"of {day}\n".encode()))
        for waiting in outbox.waiting(MINE):
            try:
                outbox.send(waiting.number, deliver)
            except DeliveryError:
                refused.update(waiting.days)
            except DigestError:
                continue
            except KilledError:
                break
    return refused


@pytest.mark.parametrize("seed", range(60))
def test_every_day_arrives_and_twice_only_with_the_mark(
    tmp_path: Path, clock: Clock, seed: int
) -> None:
    fate = Fate(random.Random(seed))  # noqa: S311 - it keeps no secret
    lost: set[date] = set()
    for day in DAYS:
        for _ in range(fate.chance.randint(1, 4)):
            lost |= a_run(tmp_path, clock, day, fate.deliver)
            clock.instant += timedelta(minutes=5)
        clock.instant += timedelta(days=1)

    def take(content: bytes, envelope: Envelope, note: Note) -> Delivery:
        fate.take(content, envelope.recipients)
        note(Delivery(envelope.recipients))
        return Delivery(envelope.recipients)

    a_run(tmp_path, clock, DAYS[-1], take)
    for day in DAYS:
        for recipient in (ANN, BOB):
            got = fate.got.get((f"of {day}\n".encode(), recipient), [])
            assert got or day in lost
            assert all(got[1:]), "a second one without the mark"
