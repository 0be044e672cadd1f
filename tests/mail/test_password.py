import logging
import os
import shlex
import ssl
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import keyring
import pytest
import trustme
from fake_smtp import Answer, Do, FakeSmtp
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from arxivdigest.errors import DigestError, TryAgainError, UsageError
from arxivdigest.mail.delivery import deliver
from arxivdigest.mail.envelope import Delivery, Envelope
from arxivdigest.mail.password import password
from arxivdigest.mail.server import Smtp
from arxivdigest.text import safe

HOST = "smtp.example.org"


def printing(code: str) -> str:
    """A command that runs Python code."""
    return shlex.join([sys.executable, "-c", code])


def by_command(command: str, seconds: float = 20.0) -> str:
    return password(Smtp(HOST, username="me", password_command=command), seconds)


def in_file(path: Path | str) -> str:
    return password(Smtp(HOST, username="me", password_file=str(path)))


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("secret\n", "secret"),
        ("secret", "secret"),
        ("  two words \r\nlogin: me\n", "  two words "),
        ("pässwörd\n", "pässwörd"),
    ],
)
def test_the_password_is_the_first_line_that_a_command_prints(printed: str, expected: str) -> None:
    assert by_command(printing(f"open(1, 'wb').write({printed.encode()!r})")) == expected


def test_a_command_runs_without_a_shell_and_reads_nothing() -> None:
    assert by_command("echo $HOME '; echo' \"a b\"") == "$HOME ; echo a b"
    assert by_command(printing("import sys; print('nothing' + sys.stdin.read())")) == "nothing"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "print('canary'); import sys; sys.exit('gpg: \\x1b[31mno key\\nat all')",
            "failed with 1: gpg: [31mno key at all",
        ),
        ("print('canary'); raise SystemExit(3)", "failed with 3"),
        ("print()", "printed no password in its first line"),
        ("pass", "printed no password in its first line"),
        ("open(1, 'wb').write(b'canary\\xff')", "printed a password that is not UTF-8 text"),
        ("print('canary\\0')", "printed a password that is not UTF-8 text"),
    ],
)
def test_a_command_that_fails_is_a_matter_of_configuration(code: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        by_command(printing(code))
    assert str(raised.value) == f"the password_command ({sys.executable}) {said}"
    assert raised.value.exit_code == 2
    assert_silent(raised.value, "canary")


def test_a_command_that_is_not_there_is_said() -> None:
    with pytest.raises(UsageError) as raised:
        by_command("/nowhere/pass show smtp")
    assert str(raised.value) == (
        "the password_command (/nowhere/pass) cannot be run: No such file or directory"
    )


def test_a_command_has_so_many_seconds() -> None:
    began = time.monotonic()
    with pytest.raises(TryAgainError, match=r"took longer than 0.5 s; try again later$") as raised:
        by_command(printing("import time; print('canary', flush=True); time.sleep(20)"), 0.5)
    assert time.monotonic() - began < 10
    assert raised.value.exit_code == 75
    assert_silent(raised.value, "canary")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "my secret"
    path.write_text("secret\nrest\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_the_password_is_the_first_line_of_a_file(secret: Path, mode: int) -> None:
    secret.chmod(mode)
    assert in_file(secret) == "secret"


def test_a_file_may_be_named_from_home(secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(secret.parent))
    assert in_file("~/my secret") == "secret"


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o601])
def test_a_file_that_is_open_to_others_is_refused(secret: Path, mode: int) -> None:
    secret.chmod(mode)
    with pytest.raises(UsageError) as raised:
        in_file(secret)
    assert str(raised.value) == (
        f"the password_file {secret} is open to others; run: chmod 600 '{secret}'"
    )


def test_what_is_no_file_of_text_is_said(secret: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe", 0o600)
    missing = tmp_path / "missing"
    for path, said in (
        (missing, "cannot be read: No such file or directory"),
        (tmp_path, "is not a file"),
        (tmp_path / "pipe", "is not a file"),
    ):
        with pytest.raises(UsageError) as raised:
            in_file(path)
        assert str(raised.value) == f"the password_file {path} {said}"
    secret.write_bytes(b"\nsecret\n")
    with pytest.raises(UsageError, match=r"my secret has no password in its first line$"):
        in_file(secret)


class Ring(KeyringBackend):
    """A keyring of one entry, which may be locked."""

    priority = 1
    is_locked = False

    def get_password(self, service: str, username: str) -> str | None:
        if self.is_locked:
            raise KeyringLocked("it is\x1b[2J locked")
        return "secret" if (service, username) == (HOST, "me") else None

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, mine = keyring.get_keyring(), Ring()  # type: ignore[no-untyped-call]  # theirs has none
    keyring.set_keyring(mine)
    yield mine
    keyring.set_keyring(before)


def test_the_password_is_in_the_keyring(ring: Ring) -> None:
    assert isinstance(ring, Ring)
    assert password(Smtp(HOST, username="me", keyring=True)) == "secret"


def test_a_keyring_without_the_password_is_said_with_how_to_put_it_there(ring: Ring) -> None:
    assert isinstance(ring, Ring)
    with pytest.raises(UsageError) as raised:
        password(Smtp(HOST, username="you there", keyring=True))
    assert str(raised.value) == (
        "the keyring has no password for you there at smtp.example.org;"
        " run: keyring set smtp.example.org 'you there'"
    )


def test_a_keyring_that_is_locked_is_said(ring: Ring) -> None:
    ring.is_locked = True
    with pytest.raises(UsageError, match=r"^the keyring cannot be read \(it is\[2J locked\)"):
        password(Smtp(HOST, username="me", keyring=True))


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(UsageError) as raised:
        password(Smtp(HOST, username="me", keyring=True))
    assert str(raised.value) == (
        "keyring = true needs the package keyring; install it where digest is installed"
    )


def test_a_user_without_any_password_is_a_matter_of_configuration() -> None:
    with pytest.raises(UsageError, match="nothing that says its password"):
        password(Smtp(HOST, username="me"))


CANARY = "canary-Zx9"
CANARY_FORMS = (CANARY, "Y2FuYXJ5LVp4O", "AG1lAGNhbmFyeS1aeDk", "nbWUAY2FuYXJ5LVp4O")
AUTHORITY = trustme.CA()
TO_ANN = Envelope("digest@example.org", ("ann@example.org",))
ECHO = f"535-{CANARY}\r\n535 AUTH PLAIN AG1lAGNhbmFyeS1aeDk= {CANARY}\r\n".encode()


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that everything which is written, wherever, is written in."""
    AUTHORITY.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contexts(error: BaseException | None) -> Iterator[BaseException]:
    """The exception, and all that it carries with it."""
    while error is not None:
        yield error
        if error.__cause__ is not None and error.__cause__ is not error.__context__:
            yield from contexts(error.__cause__)
        error = error.__context__


def assert_silent(error: BaseException, *secrets: str) -> None:
    """Neither what is printed of an exception nor what is in it has the secret."""
    carried = [f"{one!r} {one.args!r} {vars(one)!r}" for one in contexts(error)]
    shown = "\n".join([*carried, *traceback.format_exception(error)])
    printed = [line for line in shown.splitlines() if not line.startswith("    ")]  # our own lines
    assert not [line for line in printed for secret in secrets if secret in line]


@pytest.mark.parametrize("source", ["command", "file"])
@pytest.mark.parametrize(
    "script",
    [
        {},
        {"AUTH": ECHO},
        {"AUTH": b"454 " + CANARY.encode() + b"\r\n"},
        {"AUTH": b"nonsense " + CANARY.encode() + b"\r\n"},
        {"AUTH": Do.DISCONNECT},
        {"AUTH": Do.RESET},
        {"AUTH": Do.STALL},
        {"MAIL": b"550 " + CANARY.encode() + b"\r\n"},
        {"RCPT": b"550 " + CANARY.encode() + b"\r\n"},
        {"end": Do.DISCONNECT},
        {"EHLO in TLS": b"250-fake\r\n250 AUTH LOGIN\r\n", "AUTH": ECHO},
    ],
)
def test_a_canary_password_is_nowhere_to_be_seen(
    source: str,
    script: dict[str, Answer],
    elsewhere: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    AUTHORITY.issue_cert("localhost").configure_cert(served)
    secret = elsewhere / "secret"
    secret.write_text(CANARY, encoding="utf-8")
    secret.chmod(0o600)
    caplog.set_level(logging.DEBUG)
    processes: list[str] = []

    with FakeSmtp(script, served, on_auth=lambda: processes.extend(running())) as server:
        command = f"cat {shlex.quote(str(secret))}"
        smtp = Smtp("localhost", server.port, "starttls", "me")
        if source == "command":
            smtp = smtp._replace(password_command=command)
        else:
            smtp = smtp._replace(password_file=str(secret))
        outcome: Delivery | DigestError
        try:
            outcome = deliver(b"Subject: x\n\nx\n", TO_ANN, smtp, 2.0)
        except DigestError as error:
            outcome = error
            assert_silent(error, *CANARY_FORMS)

    assert any(CANARY in login for login in server.logins)
    assert processes
    out, err = capfd.readouterr()
    files = [path for path in elsewhere.rglob("*") if path.is_file() and path != secret]
    stored = [path.read_text(encoding="latin-1") for path in files]
    seen = [repr(outcome), str(outcome), repr(smtp), out, err, caplog.text, *processes, *stored]
    for form in CANARY_FORMS:
        assert not [text for text in seen if form in text]
    assert safe(str(outcome)) == str(outcome)


def running() -> list[str]:
    """The command lines of all processes, as anybody may see them."""
    if Path("/proc/self/cmdline").exists():
        lines = []
        for process in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # it has ended
                lines.append(process.read_bytes().decode("latin-1"))
        return lines
    return subprocess.check_output(["ps", "-A", "-o", "args="], text=True).splitlines()


@pytest.mark.parametrize("stream", [1, 2])
def test_a_command_that_prints_without_end_is_cut(stream: int) -> None:
    code = f"import os\nwhile True: os.write({stream}, b'canary' * 1000)"
    begun = time.monotonic()
    with pytest.raises(UsageError, match=r"printed more than 64 KiB") as raised:
        by_command(printing(code))
    assert time.monotonic() - begun < 15
    assert_silent(raised.value, "canary")


def test_what_a_command_leaves_running_does_not_hold_it() -> None:
    begun = time.monotonic()
    assert by_command("sh -c 'echo secret; sleep 20 &'") == "secret"
    assert time.monotonic() - begun < 10


def test_a_command_that_fails_and_leaves_something_running_has_failed() -> None:
    with pytest.raises(UsageError, match="failed with 3: sorry"):
        by_command("sh -c 'echo secret; echo sorry >&2; sleep 20 & exit 3'")
