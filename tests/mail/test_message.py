import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.utils import getaddresses

import pytest

from arxivdigest.errors import UsageError
from arxivdigest.mail.message import account, compose
from arxivdigest.model import AnnounceType, Day, Digest, Status, Verdict
from arxivdigest.store.outbox import MAYBE_DUPLICATE
from arxivdigest.text import one_line, safe

MORNING = datetime(2025, 7, 11, 6, 30, tzinfo=timezone(timedelta(hours=2)))
HEADERS = [
    *("Date", "From", "To", "Subject", "Message-ID", "List-Id", "Auto-Submitted"),
    *("X-Arxiv-Digest", "MIME-Version"),
]
ACCOUNT = "complete; read=22; selected=5; new=11; cross=3; replace=7; replace-cross=1"


def composed(  # noqa: PLR0913 - the parts of a message
    *,
    text: str = "One entry\n",
    html: str = "<p>One entry</p>\n",
    sender: str | None = "digest@example.org",
    to: Sequence[str] = ("me@example.org",),
    subject: str = "arXiv: 1 for you",
    date: datetime = MORNING,
    identity: Sequence[str] = ("2025-07-11", "cs.DC"),
    profile: str = "",
) -> bytes:
    message = compose(
        text=text,
        html=html,
        sender=sender,
        to=to,
        subject=subject,
        date=date,
        identity=identity,
        profile=profile,
        account=ACCOUNT,
    )
    return message.as_bytes()


def read(written: bytes) -> EmailMessage:
    message = message_from_bytes(written, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def read_by_old_mailers(written: bytes) -> Message:
    return message_from_bytes(written, policy=policy.compat32)


def decoded(value: object) -> str:
    return str(make_header(decode_header(unfolded(value))))


def unfolded(value: object) -> str:
    return re.sub(r"\r?\n", "", str(value))


def without_blanks(text: str) -> str:
    return "".join(text.split())


def header_lines(written: bytes) -> list[bytes]:
    return written.partition(b"\n\n")[0].split(b"\n")


def test_a_message_has_these_headers_and_no_others() -> None:
    message = read(composed())
    assert message.keys() == [*HEADERS, "Content-Type"]
    assert message["Date"] == "Fri, 11 Jul 2025 06:30:00 +0200"
    assert message["From"] == "digest@example.org"
    assert message["To"] == "me@example.org"
    assert message["Subject"] == "arXiv: 1 for you"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["MIME-Version"] == "1.0"


def test_what_was_read_stands_in_a_header_of_its_own() -> None:
    assert read(composed())["X-Arxiv-Digest"] == ACCOUNT


@pytest.mark.parametrize(
    ("profile", "list_id"),
    [
        ("", "<arxivdigest.example.org>"),
        ("group", "<group.arxivdigest.example.org>"),
        ("my_group-2", "<my_group-2.arxivdigest.example.org>"),
        ("Group", "<a46a5fd8afdb00c9.arxivdigest.example.org>"),  # ids are compared without case
        ("a.b", "<83845fa9ebef5aa9.arxivdigest.example.org>"),
        ("Gruppe für\r\nBcc: x", "<e1307bc4cb09156e.arxivdigest.example.org>"),
        ("g" * 41, "<53de35cb2445c868.arxivdigest.example.org>"),
    ],
)
def test_each_profile_is_a_list_with_an_id_of_its_own(profile: str, list_id: str) -> None:
    written = composed(sender="Ann Lee <digest@example.org>", profile=profile)
    assert read(written)["List-Id"] == list_id


def test_a_message_that_may_be_there_already_says_so_in_a_header_of_its_own() -> None:
    marked = read(MAYBE_DUPLICATE + composed())
    assert marked["X-Arxiv-Digest-Duplicate"] == "possible"
    assert marked["Message-ID"] == read(composed())["Message-ID"]
    assert read(composed())["X-Arxiv-Digest-Duplicate"] is None


def test_the_account_of_a_digest_has_the_verdict_and_the_counts() -> None:
    counts = {kind: number for number, kind in enumerate(AnnounceType)}
    verdict = Verdict(Status.NO_ANNOUNCEMENT, "page", 22, None, "nothing")
    assert account(Digest((), (Day(None, counts, 5, (), verdict),), verdict)) == (
        "no-announcement; read=22; selected=5; new=0; cross=1; replace=2; replace-cross=3"
    )


def test_the_text_comes_first_then_the_html_and_nothing_is_attached() -> None:
    message = read(composed(text="Zażółć\n", html="<p>Zażółć &amp; 数学</p>\n"))
    text, html = message.iter_parts()
    assert message.get_content_type() == "multipart/alternative"
    assert (text.get_content_type(), text.get_content()) == ("text/plain", "Zażółć\n")
    assert (html.get_content_type(), html.get_content()) == (
        "text/html",
        "<p>Zażółć &amp; 数学</p>\n",
    )
    assert not list(message.iter_attachments())
    assert not message.defects


@pytest.mark.parametrize(
    "text",
    [
        f"{'word ' * 2000}\n",
        f"{'x' * 5000}\n",
        f"{'数' * 5000}\n",
        "From here\n.\n..dots\n trailing \t\n=3D\n",
    ],
)
def test_no_line_of_a_part_is_long_and_no_text_is_changed(text: str) -> None:
    written = composed(text=text)
    assert max(map(len, written.split(b"\n"))) <= 78
    assert written.isascii()
    assert next(read(written).iter_parts()).get_content() == text


@pytest.mark.parametrize(
    ("written", "name", "address"),
    [
        ("me@example.org", "", "me@example.org"),
        ("  me@example.org ", "", "me@example.org"),
        ("me@localhost", "", "me@localhost"),
        ("me+arxiv@example.org", "", "me+arxiv@example.org"),
        ("Ann Lee <ann@example.org>", "Ann Lee", "ann@example.org"),
        ('"Lee, Ann" <ann@example.org>', "Lee, Ann", "ann@example.org"),
        ('"Ann \\"A\\" Lee" <ann@example.org>', 'Ann "A" Lee', "ann@example.org"),
        ('"Dr. Lee; <x>" <ann@example.org>', "Dr. Lee; <x>", "ann@example.org"),
        ("Łukasz Żółw <l@example.org>", "Łukasz Żółw", "l@example.org"),
        ('"Żółw, Łukasz" <l@example.org>', "Żółw, Łukasz", "l@example.org"),
        ("数学研究 <math@example.org>", "数学研究", "math@example.org"),
        ("=?utf-8?q?Bob?= <bob@example.org>", "=?utf-8?q?Bob?=", "bob@example.org"),
        (f"Żółw <g@{'e' * 60}.org>", "Żółw", f"g@{'e' * 60}.org"),
    ],
)
def test_a_right_address_is_read_back_with_its_name(written: str, name: str, address: str) -> None:
    message = composed(sender=written, to=[written, "other@example.org"])
    sender = read(message)["From"].addresses[0]
    assert (sender.display_name, sender.addr_spec) == (name, address)
    assert [one.addr_spec for one in read(message)["To"].addresses] == [
        address,
        "other@example.org",
    ]
    old_name, old_address = getaddresses([read_by_old_mailers(message)["From"]])[0]
    assert (decoded(old_name), old_address) == (name, address)
    assert max(map(len, header_lines(message))) <= 78 + len(address) - len("g@example.org")


@pytest.mark.parametrize("name", [f"{'a, ' * 60}b", "x" * 2000, "ż" * 200])
def test_a_long_name_is_folded_and_read_back(name: str) -> None:
    message = composed(sender=f'"{name}" <ann@example.org>')
    [(read_name, address)] = getaddresses([read_by_old_mailers(message)["From"]])
    assert (decoded(read_name), address) == (name, "ann@example.org")
    assert max(map(len, header_lines(message))) <= 78


@pytest.mark.parametrize(
    "wrong",
    [
        "me",
        "me@",
        "@example.org",
        "me@example@org",
        "me@example..org",
        "me@exa mple.org",
        "me@[192.0.2.1]",  # right by the standard, but newer Pythons do not read it
        "m e@example.org",
        "me@example.org>",
        "me@exämple.org",
        "<>",
        " ",
        "a@example.org, b@example.org",
        "Lee, Ann <ann@example.org>",
        "me@example.org\r\nBcc: you@example.org",
        "me@example.org\x1b]0;title\x07",
        f"{'m' * 243}@example.org",
    ],
)
@pytest.mark.parametrize("place", ["sender", "to"])
def test_a_wrong_address_is_named_in_one_safe_line(wrong: str, place: str) -> None:
    sender, to = (wrong, "me@example.org") if place == "sender" else ("me@example.org", wrong)
    with pytest.raises(UsageError, match="is not an e-mail address") as raised:
        composed(sender=sender, to=[to])
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    ("sender", "to", "message"),
    [
        ("me@example.org", [], 'nobody to send it to: give --to ADDRESS, or [email] to = ["..."]'),
        (None, ["me@example.org"], 'no sender: give --sender ADDRESS, or [email] sender = "..."'),
        ("", ["me@example.org"], 'no sender: give --sender ADDRESS, or [email] sender = "..."'),
    ],
)
def test_a_message_needs_a_sender_and_a_recipient(
    sender: str | None, to: list[str], message: str
) -> None:
    with pytest.raises(UsageError) as raised:
        composed(sender=sender, to=to)
    assert str(raised.value) == message
    assert raised.value.exit_code == 2


INJECTIONS = ["\r\n", "\n", "\r", "\v", "\f", "\x1c", "\x85", "\u2028", "\u2029", "\0"]


@pytest.mark.parametrize("line_break", INJECTIONS)
def test_a_subject_cannot_begin_a_header(line_break: str) -> None:
    message = read(composed(subject=f"Hello{line_break}Bcc: you@example.org"))
    assert message.keys() == [*HEADERS, "Content-Type"]
    assert message["Subject"] in ("Hello Bcc: you@example.org", "HelloBcc: you@example.org")


@pytest.mark.parametrize("line_break", INJECTIONS)
def test_a_name_cannot_begin_a_header(line_break: str) -> None:
    name = f"Ann{line_break}Bcc: you@example.org{line_break}Lee"
    message = read(composed(sender=f'"{name}" <ann@example.org>'))
    assert message.keys() == [*HEADERS, "Content-Type"]
    assert message["From"].addresses[0].addr_spec == "ann@example.org"


def test_what_is_encoded_in_a_subject_is_text() -> None:
    subject = "=?utf-8?q?Hello=0D=0ABcc:_you=40example.org?="
    message = read(composed(subject=subject))
    assert message.keys() == [*HEADERS, "Content-Type"]
    assert message["Subject"] == subject


PIECES = (
    *("=?utf-8?q?x?=", "=?utf-8?b?eA==?=", "=?", "?=", "_", "=", "1,", "$O(n^2)$", "\u00a0", "🙂"),
    *("\r\nBcc: you@example.org", "\nX: y", "\x85", "\u2028", "\0", "\x1b[2J", "\u202e", "\ud800"),
    *(
        '"',
        "\\",
        '\\"',
        "<",
        ">",
        "<you@example.org>",
        "(",
        ")",
        ";",
        ":",
        "@",
        "[",
        "]",
        "%s",
        ".",
    ),
    *(
        "Łukasz",
        "Żółw",
        "数学",
        "İ",
        "e\u0301",
        "\u200f",
        "ﬁ",
        "Lee",
        "on",
        "{{ x }}",
        "'",
        "#",
        "`",
    ),
)
ALPHABETS = ("abcdefgh", "äöü数学", "aä ", "=?_q", '"\\,', "a b", "🙂é")


def hostile(dice: random.Random) -> str:
    """A text of up to ten pieces: odd ones, long ones, letters from anywhere."""
    pieces = []
    for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 4, 10))):
        kind = dice.random()
        if kind < 0.5:
            pieces.append(dice.choice(PIECES))
        elif kind < 0.8:
            pieces.append(
                "".join(dice.choices(dice.choice(ALPHABETS), k=dice.choice((1, 3, 9, 80))))
            )
        else:
            pieces += (chr(dice.randrange(0x11_0000)) for _ in range(4))
    return dice.choice(("", " ", "  ")).join(pieces)


def quoted(name: str) -> str:
    return re.sub(r'(["\\])', r"\\\1", name)


ONE_WORD = 15  # bytes that are one encoded word, whatever they are
ENCODED = re.compile(rb"=\?utf-8\?[bq]\?[^?\s]*\?=")


@pytest.mark.parametrize("seed", range(10))
def test_every_subject_and_name_is_read_back_by_two_decoders(seed: int) -> None:
    """Of the ten, 12,000 texts are read back: a subject and three names a message."""
    dice = random.Random(seed)  # noqa: S311 - it keeps no secret
    for _ in range(300):
        subject, *names = (hostile(dice) for _ in range(4))
        expected_subject = one_line(safe(subject))
        expected_names = [one_line(safe(name)) for name in names]
        writers = [f'"{quoted(one)}" <me@example.org>' for one in expected_names]
        written = composed(subject=subject, sender=writers[0], to=[*writers[1:], "you@example.org"])
        head = written.partition(b"\n\n")[0]
        assert max(map(len, head.split(b"\n"))) <= 78
        assert all(len(word) <= 75 for word in ENCODED.findall(head))
        assert head.isascii()

        old = read_by_old_mailers(written)
        assert old.keys() == [*HEADERS, "Content-Type"]
        assert decoded(old["Subject"]) == expected_subject
        [sender] = getaddresses([unfolded(old["From"])])
        *received, other = getaddresses([unfolded(old["To"])])
        assert [decoded(name) for name, _ in (sender, *received)] == expected_names
        assert {address for _, address in (sender, *received)} == {"me@example.org"}
        assert other == ("", "you@example.org")

        modern = read(written)
        assert modern.keys() == [*HEADERS, "Content-Type"]
        assert modern["Subject"] == expected_subject
        boxes = [*modern["From"].addresses, *modern["To"].addresses]
        assert [box.addr_spec for box in boxes] == ["me@example.org"] * 3 + ["you@example.org"]
        for box, expected in zip(boxes, expected_names, strict=False):
            if len(expected.encode()) <= ONE_WORD:
                assert box.display_name == expected
            # Of a name in several encoded words, the modern reader of Python 3.11 loses and gains
            # blanks between them; RFC 2047 and the old reader do not.
            assert without_blanks(box.display_name) == without_blanks(expected)


def message_id(
    *,
    identity: Sequence[str] = ("2025-07-11", "cs.DC"),
    to: Sequence[str] = ("a@example.org", "b@example.org"),
    date: datetime = MORNING,
    text: str = "",
) -> str:
    return str(read(composed(identity=identity, to=to, date=date, text=text))["Message-ID"])


def test_a_message_id_is_one_line_even_with_a_long_domain() -> None:
    written = composed(sender=f"me@{'e' * 60}.example.org")
    found = re.search(rb"^Message-ID: (<\S+@\S+>)$", written, re.MULTILINE)
    assert found is not None
    assert found[1].endswith(b"@" + b"e" * 60 + b".example.org>")


def test_the_same_digest_to_the_same_people_is_the_same_message() -> None:
    again = message_id(
        to=["Bea <b@example.org>", "a@example.org", "b@example.org"],
        date=datetime(2025, 7, 12, tzinfo=UTC),
        text="composed again",
    )
    assert again == message_id()


@pytest.mark.parametrize(
    "other",
    [
        message_id(identity=("2025-07-14", "cs.DC")),
        message_id(identity=("2025-07-11", "cs.LG")),
        message_id(identity=("2025-07-11", "cs.DC", "group")),
        message_id(identity=("2025-07-11cs.DC",)),
        message_id(identity=("2025-07-11", "cs.DC", "a@example.org"), to=["b@example.org"]),
        message_id(to=["a@example.org"]),
        message_id(to=["a@example.org", "c@example.org"]),
    ],
)
def test_another_digest_or_other_people_are_another_message(other: str) -> None:
    assert other != message_id()
