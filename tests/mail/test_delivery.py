import fcntl
import re
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword, Session
from aiosmtpd.smtp import Envelope as Received
from fake_smtp import Answer, Do, FakeSmtp
from inbox import Inbox

from arxivdigest.errors import (
    DeliveryError,
    DigestError,
    TryAgainError,
    UncertainError,
    UnreachableError,
    UsageError,
)
from arxivdigest.mail.delivery import deliver
from arxivdigest.mail.envelope import Delivery, Envelope, Refusal, envelope, named
from arxivdigest.mail.server import Smtp

MESSAGE = b"""\
From: Digest <digest@example.org>
To: Ann <ann@example.org>
Subject: =?utf-8?q?=E6=95=B0?=

.
..two
.begins with a dot
From here
"""
IN_LINES = MESSAGE.replace(b"\n", b"\r\n")
ANN, BOB, CAT = "ann@example.org", "bob@example.org", "cat@example.org"
TO_ANN = Envelope("digest@example.org", (ANN,))
TO_THREE = Envelope("digest@example.org", (ANN, BOB, CAT))
SHORT = 0.4  # seconds, for what never comes

Ca = trustme.CA


@pytest.fixture(scope="module")
def authority() -> Ca:
    return trustme.CA()


@pytest.fixture(autouse=True)
def trusted(authority: Ca, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


def context(authority: Ca, *names: str) -> ssl.SSLContext:
    made = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*names or ("localhost",)).configure_cert(made)
    return made


@pytest.fixture(scope="module")
def certified(authority: Ca) -> ssl.SSLContext:
    return context(authority)


@pytest.fixture
def secret(tmp_path: Path) -> str:
    path = tmp_path / "secret"
    path.write_text("pässwörd\nnot this\n", encoding="utf-8")
    path.chmod(0o600)
    return str(path)


def plain(server: FakeSmtp) -> Smtp:
    return Smtp("127.0.0.1", server.port, "none")


def refused(
    script: Mapping[str, Answer], to: Envelope = TO_ANN, seconds: float = 20.0
) -> DigestError:
    """What a server without TLS that does so makes of the message."""
    with FakeSmtp(script) as server, pytest.raises(DigestError) as raised:
        deliver(MESSAGE, to, plain(server), seconds)
    said = str(raised.value)
    assert said.isprintable()
    assert said.startswith(f"127.0.0.1:{server.port} ")
    return raised.value


def test_a_message_is_sent_as_the_envelope_says_in_lines_that_end_in_crlf() -> None:
    with FakeSmtp() as server:
        assert deliver(MESSAGE, TO_THREE, plain(server)) == Delivery((ANN, BOB, CAT))
    assert server.messages == [IN_LINES]
    assert server.commands == [
        "ehlo [127.0.0.1]",
        f"MAIL FROM:<digest@example.org> SIZE={len(IN_LINES)}",
        f"RCPT TO:<{ANN}>",
        f"RCPT TO:<{BOB}>",
        f"RCPT TO:<{CAT}>",
        "DATA",
        "QUIT",
    ]


@pytest.mark.parametrize(
    "message", [IN_LINES, MESSAGE.replace(b"\n", b"\r"), MESSAGE.removesuffix(b"\n")]
)
def test_every_line_end_becomes_crlf(message: bytes) -> None:
    with FakeSmtp() as server:
        deliver(message, TO_ANN, plain(server))
    assert server.messages == [IN_LINES]


def test_a_message_of_a_megabyte_arrives_whole() -> None:
    message = b"Subject: long\n\n" + b".0123456789\n" * 90_000
    with FakeSmtp() as server:
        deliver(message, TO_ANN, plain(server))
    assert server.messages == [message.replace(b"\n", b"\r\n")]


def test_who_is_refused_is_named_beside_who_is_accepted() -> None:
    script = {
        f"RCPT {BOB}": b"450-mailbox\r\n450 is busy\x1b[2J\r\n",
        f"RCPT {CAT}": b"550 who\xff?\r\n",
    }
    with FakeSmtp(script) as server:
        assert deliver(MESSAGE, TO_THREE, plain(server)) == Delivery(
            (ANN,),
            (Refusal(BOB, 450, "mailbox is busy[2J"),),
            (Refusal(CAT, 550, "who\ufffd?"),),
        )
    assert server.messages == [IN_LINES]


@pytest.mark.parametrize(
    "answer", [b"500 no\r\n", b"421 no\r\n", b"nonsense\r\n", Do.DISCONNECT, Do.RESET]
)
def test_what_becomes_of_quit_changes_nothing(answer: Answer) -> None:
    with FakeSmtp({"QUIT": answer}) as server:
        assert deliver(MESSAGE, TO_ANN, plain(server)) == Delivery((ANN,))
    assert server.commands[-1] == "QUIT"


@pytest.mark.parametrize("answer", [Do.STALL, Do.DRIP, Do.FLOOD])
def test_a_stall_at_quit_changes_nothing_and_ends(answer: Answer) -> None:
    with FakeSmtp({"QUIT": answer}) as server:
        began = time.monotonic()
        assert deliver(MESSAGE, TO_ANN, plain(server), SHORT) == Delivery((ANN,))
        assert time.monotonic() - began < 5


def test_a_long_answer_that_ends_is_read() -> None:
    script = {"EHLO": b"250-extension\r\n" * 1000 + b"250 SIZE\r\n"}
    with FakeSmtp(script) as server:
        assert deliver(MESSAGE, TO_ANN, plain(server)) == Delivery((ANN,))


STAGES = [
    ("greeting", "the connection"),
    ("EHLO", "EHLO"),
    ("MAIL", "the sender digest@example.org"),
    ("DATA", "the message"),
    ("end", "the message"),
]


@pytest.mark.parametrize(("stage", "named"), STAGES)
@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"451-not\r\n451 now\r\n", (TryAgainError, 75, "451 (not now); try again later")),
        (b"421\r\n", (TryAgainError, 75, "421; try again later")),
        (b"554 5.7.1 never\r\n", (DeliveryError, 1, "554 (5.7.1 never)")),
    ],
)
def test_a_refusal_is_for_now_or_for_good(
    stage: str, named: str, answer: bytes, expected: tuple[type[DigestError], int, str]
) -> None:
    error = refused({stage: answer})
    said = str(error).partition(f" refuses {named}: ")[2]
    assert (type(error), error.exit_code, said) == expected


@pytest.mark.parametrize(
    ("answers", "kind", "code"),
    [
        ((b"450 a\r\n", b"450 b\r\n"), TryAgainError, 75),
        ((b"550 a\r\n", b"450 b\r\n"), TryAgainError, 75),
        ((b"550 a\r\n", b"553 b\r\n"), DeliveryError, 1),
    ],
)
def test_where_nobody_is_accepted_everybody_is_named(
    answers: tuple[bytes, bytes], kind: type[DigestError], code: int
) -> None:
    script = {f"RCPT {ANN}": answers[0], f"RCPT {BOB}": answers[1]}
    error = refused(script, Envelope("digest@example.org", (ANN, BOB)))
    assert (type(error), error.exit_code) == (kind, code)
    for recipient, answer in zip((ANN, BOB), answers, strict=True):
        words = answer.decode().strip()
        assert f"{recipient}: {words[:3]} ({words[4:]})" in str(error)


def test_who_was_refused_is_named_where_the_message_is_refused_too() -> None:
    error = refused({f"RCPT {BOB}": b"550 who?\r\n", "end": b"452 full\r\n"}, TO_THREE)
    assert error.exit_code == 75
    assert f"the message: 452 (full); it also refuses {BOB}: 550 (who?)" in str(error)


def test_a_server_that_wants_a_login_first_is_a_matter_of_configuration() -> None:
    error = refused({"MAIL": b"530 Authentication required\r\n"})
    assert (type(error), error.exit_code) == (UsageError, 2)
    assert "wants a login first: 530 (Authentication required)" in str(error)


BEFORE = ["EHLO", "MAIL", "RCPT", "DATA"]


@pytest.mark.parametrize("stage", ["greeting", *BEFORE])
@pytest.mark.parametrize("answer", [Do.DISCONNECT, Do.RESET])
def test_a_connection_that_breaks_off_before_the_end_passes(stage: str, answer: Answer) -> None:
    error = refused({stage: answer})
    assert isinstance(error, TryAgainError)
    assert not isinstance(error, UncertainError)
    assert error.exit_code == 75
    assert re.search(r"broke off; try again later$|cannot be reached \(Connection", str(error))


@pytest.mark.parametrize("stage", ["greeting", *BEFORE])
@pytest.mark.parametrize("answer", [Do.STALL, Do.DRIP])
def test_a_server_has_so_many_seconds_in_all(stage: str, answer: Answer) -> None:
    began = time.monotonic()
    error = refused({stage: answer}, seconds=SHORT)
    assert SHORT <= time.monotonic() - began < 5
    assert (type(error), error.exit_code) == (TryAgainError, 75)
    assert str(error).endswith(" takes longer than 0.4 s in all; try again later")


def test_a_server_that_says_nothing_may_wait_for_tls(certified: ssl.SSLContext) -> None:
    with FakeSmtp(context=certified, tls=True) as server, pytest.raises(TryAgainError) as raised:
        deliver(MESSAGE, TO_ANN, Smtp("localhost", server.port, "starttls"), SHORT)
    assert str(raised.value).endswith('try again later, or is it [email.smtp] security = "tls"?')


@pytest.mark.parametrize("stage", BEFORE)
@pytest.mark.parametrize(
    "answer",
    [Do.FLOOD, b"2" * 70_000, b"hello\r\n", b"99\r\n", b"\r\n", b"250_ok\r\n", b"650 x\r\n"],
)
def test_what_is_no_answer_passes(stage: str, answer: Answer) -> None:
    error = refused({stage: answer})
    assert (type(error), error.exit_code) == (TryAgainError, 75)
    assert "answers oddly; try again later" in str(error)


@pytest.mark.parametrize("answer", [b"HTTP/1.1 400 Bad Request\r\n", b"SSH-2.0-x\r\n", Do.FLOOD])
def test_what_is_no_mail_server_is_a_matter_of_configuration(answer: Answer) -> None:
    error = refused({"greeting": answer})
    assert (type(error), error.exit_code) == (UsageError, 2)
    assert "is no mail server; look at host and port in [email.smtp]" in str(error)


@pytest.mark.parametrize(
    "answer",
    [
        Do.DISCONNECT,
        Do.RESET,
        Do.STALL,
        Do.DRIP,
        Do.FLOOD,
        b"what?\r\n",
        b"354 more?\r\n",
        b"999 x\r\n",
    ],
)
def test_without_an_answer_to_the_whole_message_nobody_knows(answer: Answer) -> None:
    error = refused({"end": answer}, seconds=SHORT if answer in (Do.STALL, Do.DRIP) else 20)
    assert (type(error), error.exit_code) == (UncertainError, 75)
    assert f"got the message for {ANN}, but did not say whether it took it" in str(error)


@pytest.mark.parametrize(
    ("stays", "said"),
    [
        (False, "broke off; try again later"),
        (True, "takes longer than 1 s in all; try again later"),
    ],
)
def test_a_server_that_does_not_read_the_message_to_its_end_has_not_taken_it(
    *, stays: bool, said: str
) -> None:
    ended = Event()

    def serve(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection, connection.makefile("rb") as lines:
            connection.sendall(b"220 ready\r\n")
            for line in lines:
                connection.sendall(b"354 go\r\n" if line == b"DATA\r\n" else b"250 ok\r\n")
                if line == b"DATA\r\n":
                    break
            ended.wait(10 if stays else 0)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)
        thread = Thread(target=serve, args=(listening,))
        thread.start()
        smtp = Smtp("127.0.0.1", listening.getsockname()[1], "none")
        with pytest.raises(TryAgainError) as raised:
            deliver(b"x" * 20_000_000, TO_ANN, smtp, 1 if stays else 20)
        ended.set()
        thread.join()
    assert type(raised.value) is TryAgainError
    assert str(raised.value).endswith(said)


def test_a_server_that_is_not_there_passes() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(UnreachableError, match="cannot be reached") as raised:
        deliver(MESSAGE, TO_ANN, Smtp("localhost", port, "none"))
    assert raised.value.exit_code == 75


def test_a_host_without_an_address_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    def getaddrinfo(*_: object, **__: object) -> list[object]:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with pytest.raises(UnreachableError, match=r"^there is no address for nowhere.invalid "):
        deliver(MESSAGE, TO_ANN, Smtp("nowhere.invalid"))


def test_every_address_of_a_host_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeSmtp() as server, socket.create_server(("127.0.0.1", 0)) as closed:
        unused = closed.getsockname()
        closed.close()
        here = ("127.0.0.1", server.port)
        unknown = socket.AF_UNSPEC  # as a family that this machine does not speak
        found = [
            (family, socket.SOCK_STREAM, 0, "", address)
            for family, address in (
                (unknown, here),
                (socket.AF_INET, unused),
                (socket.AF_INET, here),
            )
        ]
        with monkeypatch.context() as patched:
            patched.setattr(socket, "getaddrinfo", lambda *_, **__: found)
            assert deliver(MESSAGE, TO_ANN, Smtp("localhost", 1, "none")) == Delivery((ANN,))


def test_looking_up_a_host_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    ended = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: ended.wait(10))
    with pytest.raises(TryAgainError, match=r"takes longer than 0.4 s in all"):
        deliver(MESSAGE, TO_ANN, Smtp("slow.invalid"), SHORT)
    ended.set()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_message_is_sent_in_tls(certified: ssl.SSLContext, security: str) -> None:
    with FakeSmtp(context=certified, tls=security == "tls") as server:
        smtp = Smtp("localhost", server.port, security)
        assert deliver(MESSAGE, TO_ANN, smtp) == Delivery((ANN,))
    assert server.messages == [IN_LINES]
    assert ("STARTTLS" in server.commands) == (security == "starttls")


@pytest.mark.parametrize("security", ["starttls", "tls"])
@pytest.mark.parametrize(
    ("whose", "reason"),
    [
        ("stranger", "unable to get local issuer certificate"),
        ("other name", "Hostname mismatch, certificate is not valid for 'localhost'."),
        ("self-signed", "self-signed certificate"),
        ("expired", "certificate has expired"),
    ],
)
def test_a_server_that_cannot_prove_who_it_is_gets_nothing(
    authority: Ca, secret: str, security: str, whose: str, reason: str
) -> None:
    if whose == "stranger":
        served = context(trustme.CA(), "localhost")
    elif whose == "other name":
        served = context(authority, "mail.example.org")
    elif whose == "expired":
        served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        past = datetime(2020, 1, 1, tzinfo=UTC)
        authority.issue_cert(
            "localhost", not_before=past, not_after=past.replace(month=2)
        ).configure_cert(served)
    else:
        other = trustme.CA()
        served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with other.cert_pem.tempfile() as cert, other.private_key_pem.tempfile() as key:
            served.load_cert_chain(cert, key)
    with (
        FakeSmtp(context=served, tls=security == "tls") as server,
        pytest.raises(UsageError) as raised,
    ):
        deliver(MESSAGE, TO_ANN, with_login(server, secret, security))
    assert raised.value.exit_code == 2
    assert str(raised.value) == (
        f"localhost:{server.port} cannot prove who it is ({reason}), so nothing was sent"
    )
    assert (server.logins, server.messages) == ([], [])


def with_login(server: FakeSmtp, secret: str, security: str = "starttls") -> Smtp:
    return Smtp("localhost", server.port, security, "me", password_file=secret)


STRIPPED = b"250-fake\r\n250 AUTH PLAIN LOGIN\r\n"


@pytest.mark.parametrize(
    ("script", "kind", "said"),
    [
        ({"EHLO": STRIPPED}, UsageError, "offers no STARTTLS, so nothing was sent"),
        ({"STARTTLS": b"502 no\r\n"}, UsageError, "refuses STARTTLS: 502 (no)"),
        ({"STARTTLS": b"454 not now\r\n"}, TryAgainError, "refuses STARTTLS: 454 (not now)"),
        ({"STARTTLS": Do.DISCONNECT}, TryAgainError, "broke off"),
        ({"STARTTLS": b"220 go\r\n250 AUTH PLAIN\r\n"}, DeliveryError, "someone may be in between"),
        ({"STARTTLS": b"what?\r\n"}, TryAgainError, "answers oddly"),
        ({"EHLO in TLS": b"550 no\r\n"}, DeliveryError, "refuses EHLO: 550 (no)"),
        ({"EHLO in TLS": Do.DISCONNECT}, TryAgainError, "broke off"),
    ],
)
def test_where_tls_does_not_come_about_nothing_is_sent(
    certified: ssl.SSLContext,
    secret: str,
    script: Mapping[str, Answer],
    kind: type[DigestError],
    said: str,
) -> None:
    with FakeSmtp(script, certified) as server, pytest.raises(DigestError) as raised:
        deliver(MESSAGE, TO_ANN, with_login(server, secret))
    assert type(raised.value) is kind
    assert said in str(raised.value)
    assert (server.logins, server.messages) == ([], [])


def test_an_answer_in_the_clear_where_tls_should_begin_is_a_matter_of_configuration() -> None:
    with (
        FakeSmtp({"EHLO": b"250-fake\r\n250 STARTTLS\r\n"}) as server,
        pytest.raises(UsageError) as raised,
    ):
        deliver(MESSAGE, TO_ANN, Smtp("localhost", server.port, "tls"))
    assert "does not answer in TLS (" in str(raised.value)
    assert "look at port and security in [email.smtp]" in str(raised.value)


def test_a_stall_where_tls_should_begin_ends() -> None:
    with FakeSmtp({"greeting": Do.STALL}) as server, pytest.raises(TryAgainError) as raised:
        deliver(MESSAGE, TO_ANN, Smtp("localhost", server.port, "tls"), SHORT)
    assert "takes longer than 0.4 s in all" in str(raised.value)


def test_without_tls_a_message_goes_to_this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("arxivdigest.mail.connection._is_this_machine", lambda _: False)
    with FakeSmtp() as server, pytest.raises(UsageError, match="is not this machine"):
        deliver(MESSAGE, TO_ANN, plain(server))
    assert server.commands == []


@pytest.mark.parametrize("offered", ["PLAIN LOGIN", "CRAM-MD5 PLAIN", "LOGIN", "LOGIN XOAUTH2"])
def test_a_login_is_plain_or_else_login(
    certified: ssl.SSLContext, secret: str, offered: str
) -> None:
    script = {"EHLO in TLS": f"250-fake\r\n250 AUTH {offered}\r\n".encode()}
    with FakeSmtp(script, certified) as server:
        assert deliver(MESSAGE, TO_ANN, with_login(server, secret)) == Delivery((ANN,))
    expected = ["\0me\0pässwörd"] if "PLAIN" in offered else ["me", "pässwörd"]
    assert server.logins == expected
    assert server.messages == [IN_LINES]


@pytest.mark.parametrize(
    ("script", "kind", "said"),
    [
        ({"AUTH": b"535 5.7.8 bad\r\n"}, UsageError, "refuses the login of me: 535 (5.7.8 bad)"),
        ({"AUTH": b"534 weak\r\n"}, UsageError, "refuses the login of me: 534 (weak)"),
        ({"AUTH": b"454 later\r\n"}, TryAgainError, "refuses the login: 454 (later)"),
        ({"AUTH": b"334 more\r\n"}, TryAgainError, "answers oddly"),
        ({"AUTH": Do.DISCONNECT}, TryAgainError, "broke off"),
        ({"AUTH": Do.RESET}, TryAgainError, "broke off"),
        (
            {"EHLO in TLS": b"250-fake\r\n250 SIZE\r\n"},
            UsageError,
            "offers no login that is known here",
        ),
        (
            {"EHLO in TLS": b"250-fake\r\n250 AUTH NTLM\r\n"},
            UsageError,
            "offers no login that is known here",
        ),
    ],
)
def test_a_login_that_fails_is_said(
    certified: ssl.SSLContext,
    secret: str,
    script: Mapping[str, Answer],
    kind: type[DigestError],
    said: str,
) -> None:
    with FakeSmtp(script, certified) as server, pytest.raises(DigestError) as raised:
        deliver(MESSAGE, TO_ANN, with_login(server, secret))
    assert type(raised.value) is kind
    assert said in str(raised.value)
    assert server.messages == []


def test_a_stall_at_the_login_ends(certified: ssl.SSLContext, secret: str) -> None:
    with FakeSmtp({"AUTH": Do.STALL}, certified) as server, pytest.raises(TryAgainError) as raised:
        deliver(MESSAGE, TO_ANN, with_login(server, secret), 1)
    assert "takes longer than 1 s in all" in str(raised.value)


def test_nobody_logs_in_without_tls(secret: str) -> None:
    with FakeSmtp({"EHLO": STRIPPED}) as server, pytest.raises(UsageError) as raised:
        deliver(MESSAGE, TO_ANN, Smtp("localhost", server.port, "none", "me", None, secret))
    assert "nobody logs in to a mail server without TLS" in str(raised.value)
    assert (server.logins, server.messages) == ([], [])
    assert all(command.split()[0] in ("ehlo", "QUIT") for command in server.commands)


def authenticate(
    server: SMTP, session: Session, envelope: Received, mechanism: str, given: object
) -> AuthResult:
    del server, session, envelope, mechanism
    assert isinstance(given, LoginPassword)
    right = given.login == b"me" and given.password == "pässwörd".encode()
    return AuthResult(success=right, handled=right)


Serve = Callable[[str], Inbox]


@pytest.fixture
def serve(certified: ssl.SSLContext) -> Iterator[Serve]:
    with ExitStack() as servers:

        def start(security: str) -> Inbox:
            login = {"authenticator": authenticate, "auth_required": True}
            options: dict[str, dict[str, Any]] = {
                # It does not know that it speaks in TLS.
                "tls": {
                    **login,
                    "ssl_context": certified,
                    "auth_require_tls": False,
                    "auth_required": False,
                },
                "starttls": {**login, "tls_context": certified, "require_starttls": True},
                "none": {},
            }
            inbox = servers.enter_context(Inbox(**options[security]))
            inbox.answers[BOB] = "550 no Bob here"
            return inbox

        yield start


@pytest.mark.parametrize("security", ["starttls", "tls", "none"])
def test_aiosmtpd_receives_the_message(serve: Serve, secret: str, security: str) -> None:
    inbox = serve(security)
    login = (None, None, None) if security == "none" else ("me", None, secret)
    assert deliver(
        MESSAGE,
        TO_THREE,
        Smtp("127.0.0.1" if security == "none" else "localhost", inbox.port, security, *login),
    ) == Delivery((ANN, CAT), (), (Refusal(BOB, 550, "no Bob here"),))
    [received] = inbox.received
    assert (received.sender, received.recipients) == ("digest@example.org", [ANN, CAT])
    assert received.content == IN_LINES
    read = message_from_bytes(received.content, policy=policy.default)
    assert (read["To"], read["Subject"]) == (f"Ann <{ANN}>", "数")


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_aiosmtpd_refuses_a_wrong_password(serve: Serve, secret: str, security: str) -> None:
    inbox = serve(security)
    Path(secret).write_text("wrong\n", encoding="utf-8")
    smtp = Smtp("localhost", inbox.port, security, "me", None, secret)
    with pytest.raises(UsageError, match="refuses the login of me: 535 ") as raised:
        deliver(MESSAGE, TO_ANN, smtp)
    assert raised.value.exit_code == 2
    assert inbox.received == []


def test_aiosmtpd_wants_a_login(serve: Serve) -> None:
    inbox = serve("starttls")
    with pytest.raises(UsageError, match="wants a login first: 530 ") as raised:
        deliver(MESSAGE, TO_ANN, Smtp("localhost", inbox.port))
    assert raised.value.exit_code == 2
    assert inbox.received == []


SENDMAIL = f"""\
#!{sys.executable}
import os, pathlib, sys, time
here = pathlib.Path(__file__).parent
(here / "arguments").write_text("\\n".join(sys.argv[1:]))
(here / "given").write_bytes(sys.stdin.buffer.read())
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    folder = tmp_path / "sbin"
    folder.mkdir()
    return folder


def install(machine: Path, does: str = "") -> None:
    program = machine / "sendmail"
    program.write_text(f"{SENDMAIL}{does}\n", encoding="utf-8")
    program.chmod(0o755)


def by_sendmail(machine: Path, to: Envelope = TO_ANN, seconds: float = 20.0) -> Delivery:
    return deliver(MESSAGE.replace(b"\n", b"\r\n"), to, None, seconds, str(machine))


def test_sendmail_gets_the_envelope_as_arguments_and_lines_as_files_have_them(
    machine: Path,
) -> None:
    install(machine)
    odd = Envelope("digest@example.org", ("-x@example.org", BOB))
    assert by_sendmail(machine, odd) == Delivery(("-x@example.org", BOB))
    assert (machine / "arguments").read_text().splitlines() == [
        *("-i", "-f", "digest@example.org", "--", "-x@example.org", BOB)
    ]
    assert (machine / "given").read_bytes() == MESSAGE


@pytest.mark.parametrize(
    ("code", "kind", "exit_code"),
    [
        (64, UsageError, 2),
        (67, DeliveryError, 1),
        (68, DeliveryError, 1),
        (69, DeliveryError, 1),
        (71, TryAgainError, 75),
        (75, TryAgainError, 75),
        (78, UsageError, 2),
        (1, DeliveryError, 1),
    ],
)
def test_sendmail_says_by_its_exit_code_what_is_wrong(
    machine: Path, code: int, kind: type[DigestError], exit_code: int
) -> None:
    install(machine, f"print('no\\x1b[2J', file=sys.stderr)\nprint('way')\nsys.exit({code})")
    with pytest.raises(DigestError) as raised:
        by_sendmail(machine)
    assert (type(raised.value), raised.value.exit_code) == (kind, exit_code)
    assert f"sendmail failed with {code} (" in str(raised.value)
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    ("does", "said"),
    [
        ("time.sleep(60)", "takes longer than 1 s; it may have taken the message"),
        ("os.kill(os.getpid(), 9)", "was ended by a signal (9); it may have taken the message"),
    ],
)
def test_a_sendmail_that_does_not_end_by_itself_may_have_taken_it(
    machine: Path, does: str, said: str
) -> None:
    install(machine, does)
    began = time.monotonic()
    with pytest.raises(UncertainError) as raised:
        by_sendmail(machine, seconds=1)
    assert time.monotonic() - began < 10
    assert said in str(raised.value)
    assert raised.value.exit_code == 75


def test_a_sendmail_goes_with_who_waits_for_it_and_all_that_it_runs(machine: Path) -> None:
    install(
        machine,
        "import fcntl\n"
        "if not os.fork():\n"
        "    lock = (here / 'lock').open('w')\n"
        "    fcntl.flock(lock, fcntl.LOCK_EX)\n"
        "    (here / 'runs').touch()\n"
        "time.sleep(15)",
    )

    def stop(number: int, frame: object) -> None:
        del number, frame
        if (machine / "runs").exists():
            raise SystemExit(143)
        signal.setitimer(signal.ITIMER_REAL, 0.02)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    try:
        with pytest.raises(SystemExit):
            by_sendmail(machine)
    finally:
        signal.signal(signal.SIGALRM, before)
    began = time.monotonic()
    with (machine / "lock").open() as lock:  # which is free when the last of them has ended
        fcntl.flock(lock, fcntl.LOCK_EX)
    assert time.monotonic() - began < 5


def test_a_sendmail_that_leaves_something_running_has_ended(machine: Path) -> None:
    install(machine, "if not os.fork():\n    time.sleep(3)")
    began = time.monotonic()
    assert by_sendmail(machine) == Delivery((ANN,))
    assert time.monotonic() - began < 3


def test_without_a_sendmail_a_server_must_be_named(machine: Path) -> None:
    with pytest.raises(UsageError, match=r"^this machine has no sendmail; name a mail server"):
        by_sendmail(machine)


def test_a_sendmail_that_cannot_be_run_is_said(machine: Path) -> None:
    (machine / "sendmail").write_text("#!/nowhere/at/all\n")
    (machine / "sendmail").chmod(0o755)
    with pytest.raises(UsageError, match=r"/sendmail cannot be run: No such file or directory$"):
        by_sendmail(machine)


def test_sendmail_is_found_by_path(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(machine)
    monkeypatch.setenv("PATH", str(machine))
    assert deliver(MESSAGE, TO_ANN, None) == Delivery((ANN,))


def test_who_was_refused_is_said_with_the_reasons() -> None:
    assert named((Refusal(ANN, 450, "busy"), Refusal(BOB, 550, ""))) == (
        "ann@example.org: 450 (busy), bob@example.org: 550"
    )


def test_an_envelope_has_bare_addresses_each_once() -> None:
    to = [f"Ann <{ANN}>", BOB, f'"Lee, Ann" <{ANN}>']
    assert envelope("Digest <digest@example.org>", to) == Envelope("digest@example.org", (ANN, BOB))


@pytest.mark.parametrize(
    ("sender", "to"),
    [
        ("digest@example.org", ()),
        ("digest@example.org", (f"Ann <{ANN}>",)),
        ("digest@example.org", (f"{ANN}>\r\nRCPT TO:<{BOB}",)),
        ("digest@example.org", ("ann@bücher.example",)),
        ("digest", (ANN,)),
    ],
)
def test_a_wrong_envelope_goes_nowhere(sender: str, to: tuple[str, ...]) -> None:
    with FakeSmtp() as server, pytest.raises(UsageError) as raised:
        deliver(MESSAGE, Envelope(sender, to), plain(server))
    assert str(raised.value).isprintable()
    assert server.commands == []
