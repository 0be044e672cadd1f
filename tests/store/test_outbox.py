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
from arxivdigest.store import database, file, listings
from arxivdigest.store.file import FILE, opened
from arxivdigest.store.listings import Store
from arxivdigest.store.outbox import MAYBE_DUPLICATE, Deliver, Message, Outbox, Waiting, identity

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
def kept(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path) as found:
        yield found


@pytest.fixture
def outbox(kept: Store, clock: Clock) -> Outbox:
    return Outbox(kept, clock, is_alone=True)


def a_message(
    *recipients: str, day: date = FRIDAY, profile: str = "", content: bytes = CONTENT
) -> Message:
    to = recipients or (ANN,)
    own = identity(day, ["cs.DC"], profile, to)
    return Message(own, profile, Envelope(SENDER, to), content)


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
    ("subjects", "profile", "recipients", "more"),
    [
        (["cs.DC"], "", [ANN, BOB], ()),
        (["cs.DC", "cs.LG"], "group", [ANN, BOB], ()),
        (["cs.DC", "cs.LG"], "", [ANN], ()),
        (["cs.DC", "cs.LG"], "", [ANN, BOB], ("incomplete",)),
        (["cs.DC", "cs.LG"], "", [ANN, BOB], ("again 2025-07-11T12:00:00+00:00",)),
    ],
)
def test_another_identity(
    subjects: list[str], profile: str, recipients: list[str], more: tuple[str, ...]
) -> None:
    first = identity(FRIDAY, ["cs.DC", "cs.LG"], "", [ANN, BOB])
    assert identity(FRIDAY, subjects, profile, recipients, *more) != first
    assert identity(MONDAY, ["cs.DC", "cs.LG"], "", [ANN, BOB]) != first


def test_the_order_of_subjects_and_recipients_changes_nothing() -> None:
    assert identity(FRIDAY, ["cs.LG", "cs.DC"], "", [BOB, ANN]) == identity(
        FRIDAY, ["cs.DC", "cs.LG", "cs.DC"], "", [ANN, BOB]
    )


# One message


def test_a_message_waits_until_it_is_sent(outbox: Outbox, clock: Clock) -> None:
    message = a_message()
    assert outbox.put(message) is None
    assert outbox.waiting("") == [Waiting(message.identity, SENDER)]
    assert outbox.waiting("")[0].announced == message.announced == FRIDAY
    server = Server()
    assert outbox.send(message.identity, server) == (message, Delivery((ANN,)))
    assert server.taken == [(CONTENT, Envelope(SENDER, (ANN,)))]
    assert outbox.waiting("") == []
    assert outbox.sent_at(message.identity) == clock.instant


def test_it_is_sent_once(outbox: Outbox, clock: Clock) -> None:
    message = a_message()
    outbox.put(message)
    outbox.send(message.identity, Server())
    clock.instant += timedelta(hours=3)
    assert outbox.put(message) == MORNING
    assert outbox.waiting("") == []
    assert outbox.send(message.identity, unwanted) is None


def test_each_profile_has_its_own(outbox: Outbox) -> None:
    outbox.put(a_message(profile="group"))
    assert outbox.waiting("") == []
    assert [one.identity for one in outbox.waiting("group")] == [
        a_message(profile="group").identity
    ]
    assert (outbox.knows(""), outbox.knows("group")) == (False, True)


def test_what_waits_is_sent_in_the_order_it_came_in(outbox: Outbox) -> None:
    days = [FRIDAY + timedelta(days=number) for number in range(3)]
    for day in [*days, days[0]]:  # put in again, the first stays the first
        outbox.put(a_message(day=day))
    assert [one.announced for one in outbox.waiting("")] == days


def test_one_that_waits_is_replaced(outbox: Outbox) -> None:
    outbox.put(a_message(content=b"old"))
    newer = a_message(content=b"new")._replace(envelope=Envelope("other@example.org", (ANN,)))
    assert outbox.put(newer) is None
    server = Server()
    outbox.send(newer.identity, server)
    assert server.taken == [(b"new", newer.envelope)]


def test_it_is_noted_when_it_is_taken_and_not_when_all_is_over(outbox: Outbox) -> None:
    message = a_message()
    outbox.put(message)

    def killed_at_quit(_: bytes, envelope: Envelope, note: Note) -> Never:
        note(Delivery(envelope.recipients))
        raise KilledError

    with pytest.raises(KilledError):
        outbox.send(message.identity, killed_at_quit)
    assert outbox.put(message) == MORNING


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
    message = a_message()
    outbox.put(message)
    with pytest.raises(type(failure)) as raised:
        outbox.send(message.identity, Server(failure))
    assert raised.value is failure
    assert [one.identity for one in outbox.waiting("")] == [message.identity]
    server = Server()
    sent = outbox.send(message.identity, server)
    assert sent
    assert sent[0].is_doubtful == is_doubtful
    assert server.taken[0][0] == (MAYBE_DUPLICATE if is_doubtful else b"") + CONTENT


def test_the_mark_is_a_header_before_the_others() -> None:
    assert MAYBE_DUPLICATE == b"X-Arxiv-Digest-Duplicate: possible\n"


def test_what_is_refused_for_good_is_tried_again_only_when_it_is_put_in_again(
    outbox: Outbox,
) -> None:
    message = a_message(ANN, BOB)
    outbox.put(message)
    with pytest.raises(DeliveryError):
        outbox.send(message.identity, Server(FOR_GOOD))
    assert outbox.waiting("") == []
    assert outbox.send(message.identity, unwanted) is None
    assert outbox.sent_at(message.identity) is None
    assert outbox.put(message) is None
    server = Server()
    outbox.send(message.identity, server)
    assert server.taken == [(CONTENT, message.envelope)]


@pytest.mark.parametrize("between", [FOR_NOW, MISCONFIGURED, FOR_GOOD, NOBODY_KNOWS])
def test_a_doubt_stays_until_it_is_sent(outbox: Outbox, between: DigestError) -> None:
    message = a_message()
    for failure in (NOBODY_KNOWS, between):
        outbox.put(message)
        with pytest.raises(type(failure)):
            outbox.send(message.identity, Server(failure))
    outbox.put(message)
    server = Server()
    outbox.send(message.identity, server)
    assert server.taken == [(MAYBE_DUPLICATE + CONTENT, message.envelope)]


def test_who_is_refused_for_now_gets_it_alone_the_next_time(outbox: Outbox) -> None:
    message = a_message(ANN, BOB, CAT)
    outbox.put(message)
    now, good = Refusal(BOB, 450, "later"), Refusal(CAT, 550, "no Cat here")
    first = Delivery((ANN,), (now,), (good,))
    assert outbox.send(message.identity, Server(first)) == (message, first)
    assert outbox.put(message) is None
    server = Server()
    outbox.send(message.identity, server)
    assert server.taken == [(CONTENT, Envelope(SENDER, (BOB,)))]
    assert outbox.put(message) is not None


def test_who_got_it_does_not_get_it_again_when_others_are_refused_for_good(
    outbox: Outbox,
) -> None:
    message = a_message(ANN, BOB)
    outbox.put(message)
    outbox.send(message.identity, Server(Delivery((ANN,), (Refusal(BOB, 450, ""),))))
    with pytest.raises(DeliveryError):
        outbox.send(message.identity, Server(FOR_GOOD))
    outbox.put(message)
    server = Server()
    outbox.send(message.identity, server)
    assert server.taken == [(CONTENT, Envelope(SENDER, (BOB,)))]


def test_who_is_refused_for_now_after_a_doubt_is_told_of_it(outbox: Outbox) -> None:
    message = a_message(ANN, BOB)
    outbox.put(message)
    with pytest.raises(UncertainError):
        outbox.send(message.identity, Server(NOBODY_KNOWS))
    outbox.send(message.identity, Server(Delivery((ANN,), (Refusal(BOB, 450, ""),))))
    server = Server()
    outbox.send(message.identity, server)
    assert server.taken == [(MAYBE_DUPLICATE + CONTENT, Envelope(SENDER, (BOB,)))]


# A run that was ended


def test_what_a_run_left_is_sent_with_the_mark_and_as_it_was(outbox: Outbox) -> None:
    message = a_message()
    outbox.put(message)
    with pytest.raises(KilledError):
        outbox.send(message.identity, killed)
    assert outbox.put(a_message(content=b"made anew")) is None
    server = Server()
    outbox.send(message.identity, server)
    assert server.taken == [(MAYBE_DUPLICATE + CONTENT, message.envelope)]
    assert outbox.put(message) is not None


@pytest.mark.parametrize(
    ("seconds", "is_sent"), [(0, False), (119, False), (120, True), (3600, True), (-1, True)]
)
def test_without_locks_only_time_tells_that_a_run_has_ended(
    kept: Store, clock: Clock, seconds: int, *, is_sent: bool
) -> None:
    outbox = Outbox(kept, clock, is_alone=False)
    message = a_message()
    outbox.put(message)
    with pytest.raises(KilledError):
        outbox.send(message.identity, killed)
    clock.instant += timedelta(seconds=seconds)
    server = Server()
    sent = outbox.send(message.identity, server)
    assert (sent is not None, len(server.taken)) == (is_sent, int(is_sent))


def test_without_locks_a_message_is_claimed_once(kept: Store, clock: Clock, tmp_path: Path) -> None:
    message = a_message()
    Outbox(kept, clock, is_alone=False).put(message)

    def meanwhile(content: bytes, envelope: Envelope, note: Note) -> Delivery:
        with opened(tmp_path) as others:
            assert Outbox(others, clock, is_alone=False).send(message.identity, unwanted) is None
        return Server()(content, envelope, note)

    assert Outbox(kept, clock, is_alone=False).send(message.identity, meanwhile)


# The file


def test_what_is_sent_or_refused_is_kept_a_hundred_days(outbox: Outbox, clock: Clock) -> None:
    sent, refused, waiting = (a_message(profile=name) for name in ("sent", "refused", "waiting"))
    for message in (sent, refused, waiting):
        outbox.put(message)
    outbox.send(sent.identity, Server())
    with pytest.raises(DeliveryError):
        outbox.send(refused.identity, Server(FOR_GOOD))
    clock.instant += timedelta(days=100)
    outbox.put(a_message())
    assert all(outbox.knows(name) for name in ("sent", "refused", "waiting"))
    clock.instant += timedelta(seconds=1)
    outbox.put(a_message())
    assert [outbox.knows(name) for name in ("sent", "refused", "waiting")] == [False, False, True]


@pytest.mark.parametrize("outcome", [Delivery((ANN,)), FOR_GOOD])
@pytest.mark.parametrize("size", [100, 300_000])
def test_no_content_is_left_in_the_file(
    tmp_path: Path, outbox: Outbox, outcome: DigestError | Delivery, size: int
) -> None:
    content = b"On pelicans. " * size
    message = a_message(content=content)
    outbox.put(message)
    assert content[:500] in (tmp_path / FILE).read_bytes()
    try:
        outbox.send(message.identity, Server(outcome))
    except DeliveryError as error:
        assert error is outcome  # noqa: PT017 - raised in one of the two cases
    assert b"pelicans" not in (tmp_path / FILE).read_bytes()
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_nothing_is_sent_where_nothing_can_be_noted(clock: Clock) -> None:
    with closing(database.in_memory(listings.SCHEMA)) as connection:
        told: list[sqlite3.Error] = []
        broken = Store(connection, told.append, is_lasting=True)
        outbox = Outbox(broken, clock, is_alone=True)
        message = a_message()
        outbox.put(message)
        connection.execute("DROP TABLE message")
        with pytest.raises(TryAgainError) as raised:
            outbox.send(message.identity, unwanted)
        broken.close()
    assert str(raised.value) == "nothing was sent, as nothing can be noted that it was"
    assert len(told) == 1


def test_what_was_sent_and_cannot_be_noted_is_said(clock: Clock) -> None:
    with closing(database.in_memory(listings.SCHEMA)) as connection:
        broken = Store(connection, lambda _: None, is_lasting=True)
        outbox = Outbox(broken, clock, is_alone=True)
        message = a_message()
        outbox.put(message)

        def break_it(content: bytes, envelope: Envelope, note: Note) -> Delivery:
            connection.execute("DROP TABLE message")
            return Server()(content, envelope, note)

        with pytest.raises(TryAgainError) as raised:
            outbox.send(message.identity, break_it)
        broken.close()
    assert str(raised.value) == "what was sent could not be noted; it may be sent a second time"


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_of_an_earlier_version_gets_an_outbox(
    tmp_path: Path, clock: Clock, version: int
) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        for migration in listings.SCHEMA.migrations[:version]:
            for statement in database.statements(migration):
                connection.execute(statement)
        connection.execute("INSERT INTO request VALUES (1, 7.0)")
        connection.execute(f"PRAGMA user_version = {version}")
        connection.commit()
    with opened(tmp_path) as found:
        assert found.last_request() == 7
        outbox = Outbox(found, clock, is_alone=True)
        message = a_message()
        outbox.put(message)
        assert outbox.send(message.identity, Server())
    with opened(tmp_path) as found:
        assert Outbox(found, clock, is_alone=True).put(message) == MORNING
    assert not file.was_set_aside(tmp_path)


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


def a_run(folder: Path, clock: Clock, day: date, deliver: Deliver) -> set[str]:
    """Put in the message of a day and send all that waits; the identities refused for good."""
    refused = set()
    with opened(folder) as kept:
        outbox = Outbox(kept, clock, is_alone=True)
        outbox.put(a_message(ANN, BOB, day=day, content=f"of {day}\n".encode()))
        for waiting in outbox.waiting(""):
            try:
                outbox.send(waiting.identity, deliver)
            except DeliveryError:
                refused.add(waiting.identity)
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
    refused: set[str] = set()
    for day in DAYS:
        for _ in range(fate.chance.randint(1, 4)):
            refused |= a_run(tmp_path, clock, day, fate.deliver)
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
            assert got or a_message(ANN, BOB, day=day).identity in refused
            assert all(got[1:]), "a second one without the mark"
