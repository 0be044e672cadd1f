"""The pipes of examples/msmtp.md, with the msmtprc there, to a real mail server on this machine."""

import re
import shlex
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from shutil import which
from typing import NamedTuple

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

PROJECT = Path(__file__).parents[2]
NOTES = (PROJECT / "examples" / "msmtp.md").read_text(encoding="utf-8")
LISTING = PROJECT / "examples" / "cs.DC-2025-07-11.html"
CONFIG = (PROJECT / "examples" / "config.toml").read_text(encoding="utf-8")

(MSMTPRC,) = re.findall(r"## ~/\.msmtprc\n\n```\n(.*?)```", NOTES, re.DOTALL)
IN_BASH, IN_SH = re.findall(r"```sh\n(.*?)```", NOTES, re.DOTALL)
PIPES = {"bash": IN_BASH, "dash": IN_SH}

# Stands in for `digest`: `today` is the day of the listing, and is kept as printed; `ack` is noted.
DIGEST = """#!/bin/sh
case $1 in
today) {python} -m arxivdigest "$@" {options} >"$HOME/printed"; code=$?; cat "$HOME/printed";;
ack) echo "$@" >>"$HOME/acknowledged"; code=$?;;
esac
exit $code
"""
PASSWORD = "canary; $(false) 'Zoë'"  # noqa: S105 - of this test's own server


def program(name: str) -> str:
    found = which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


class Kept:
    """Takes every message, but none for nobody@example.org."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if address == "nobody@example.org":
            return "550 there is nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _: SMTP, __: Session, envelope: Envelope
    ) -> str:
        self.envelopes.append(envelope)
        return "250 OK"


class Server(NamedTuple):
    """A mail server that speaks TLS only, and its certificate."""

    kept: Kept
    port: int
    certificate: Path


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine and its key, in one file."""
    folder = tmp_path_factory.mktemp("certificate")
    made, key = folder / "certificate.pem", folder / "key.pem"
    asked = (
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost"
    )
    names = ["-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    subprocess.run(
        [program("openssl"), *asked.split(), *names, "-keyout", key, "-out", made],
        capture_output=True,
        check=True,
        timeout=60,
    )
    made.write_bytes(made.read_bytes() + key.read_bytes())
    return made


@pytest.fixture
def server(certificate: Path) -> Iterator[Server]:
    def authenticate(
        _: SMTP, __: Session, ___: Envelope, ____: str, given: LoginPassword
    ) -> AuthResult:
        is_right = given == LoginPassword(b"me", PASSWORD.encode())
        return AuthResult(success=is_right, handled=False)

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    kept = Kept()
    controller = Controller(
        kept,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    controller.start()
    yield Server(kept, controller.port, certificate)
    controller.stop()


class Home(NamedTuple):
    """A person's home: a configuration, an msmtprc, and the commands on the path."""

    folder: Path

    def write(self, name: str, text: str, mode: int = 0o600) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)

    def follow(self, config: str, listing: Path = LISTING) -> None:
        """Have `digest today` show this listing through this configuration."""
        self.write("config.toml", config)
        options = shlex.join(["--from", str(listing), "--config", str(self.folder / "config.toml")])
        script = DIGEST.format(python=shlex.quote(sys.executable), options=options)
        self.write("tools/digest", script, 0o700)

    def pipe(self, shell: str) -> subprocess.CompletedProcess[str]:
        """Run what the notes say for this shell."""
        for needed in ["msmtp", *(["ifne"] if "ifne" in PIPES[shell] else [])]:
            program(needed)
        return self.run(program(shell), "-c", PIPES[shell])

    def run(self, *command: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={
                "HOME": str(self.folder),
                "PATH": f"{self.folder / 'tools'}:/usr/local/bin:/usr/bin:/bin",
                "LC_ALL": "C.UTF-8",
            },
            cwd=self.folder,
            check=False,
            timeout=60,
        )

    @property
    def is_acknowledged(self) -> bool:
        return (self.folder / "acknowledged").exists()


def msmtprc(server: Server) -> str:
    """The msmtprc of the notes, for this server."""
    changed: str = MSMTPRC
    for name, value in {
        "host": "127.0.0.1",
        "port": str(server.port),
        "tls_trust_file": str(server.certificate),
    }.items():
        changed, count = re.subn(rf"(?m)^{name} .*$", f"{name} {value}", changed)
        assert count == 1
    return changed


EMAIL = CONFIG.partition("[email]")[0] + (
    '[email]\nto = ["Zoë Müller-Ångström <me@example.org>", "you@example.org"]\n'
    'sender = "Überblick — 数学 <digest@example.org>"\n'
    'subject = "arXiv {{ announced }}: {{ selected }} für Zoë — 数学"\n'
)


@pytest.fixture
def home(tmp_path: Path, server: Server) -> Home:
    made = Home(tmp_path)
    made.write(".msmtprc", msmtprc(server))
    made.write("password", f"{PASSWORD}\n")
    made.write("tools/pass", '#!/bin/sh\n[ "$*" = "show smtp" ] && cat "$HOME/password"\n', 0o700)
    made.follow(EMAIL)
    return made


def test_msmtp_understands_the_msmtprc(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.write(".msmtprc", MSMTPRC)
    home.write("tools/pass", "#!/bin/sh\necho canary\n", 0o700)
    shown = home.run(program("msmtp"), "--pretend", "me@example.org")
    assert (shown.returncode, shown.stderr) == (0, "")
    settings = dict(re.findall(r"^(\w+) = (.*)$", shown.stdout, re.MULTILINE))
    assert {name: settings[name] for name in ("host", "port", "from", "user", "passwordeval")} == {
        "host": "smtp.example.org",
        "port": "587",
        "from": "digest@example.org",
        "user": "me",
        "passwordeval": "pass show smtp",
    }
    assert "canary" not in shown.stdout
    names = ("auth", "tls", "tls_starttls", "tls_certcheck")
    assert [settings[name] for name in names] == ["choose", "on", "on", "on"]


@pytest.mark.parametrize("shell", PIPES)
def test_the_message_arrives_as_it_was_printed(shell: str, home: Home, server: Server) -> None:
    ran = home.pipe(shell)
    assert ran.returncode == 0, ran.stderr
    (envelope,) = server.kept.envelopes
    assert envelope.mail_from == "digest@example.org"
    assert envelope.rcpt_tos == ["me@example.org", "you@example.org"]
    printed = (home.folder / "printed").read_bytes()
    assert envelope.original_content == printed.replace(b"\n", b"\r\n")
    assert home.is_acknowledged


@pytest.mark.parametrize("shell", PIPES)
def test_both_parts_can_be_read(shell: str, home: Home, server: Server) -> None:
    home.pipe(shell)
    content = server.kept.envelopes[0].original_content
    assert content is not None
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 78
    message = message_from_bytes(content, policy=policy.default)
    assert message.defects == []
    assert message["From"] == "Überblick — 数学 <digest@example.org>"
    assert message["To"] == "Zoë Müller-Ångström <me@example.org>, you@example.org"
    assert message["Subject"] == "arXiv Friday 11 July 2025: 8 für Zoë — 数学"
    assert message.get_content_type() == "multipart/alternative"
    text, html = (part for part in message.iter_parts() if isinstance(part, EmailMessage))
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    shown = [part.get_content() for part in (text, html)]
    for title in ("KVFlow", "M²-MFP", "MARLISE"):
        assert all(title in content for content in shown)
    assert "1.83×" in shown[0]
    assert shown[1].lower().startswith("<!doctype html>")


@pytest.mark.parametrize("shell", PIPES)
def test_nothing_is_sent_where_nothing_matched(shell: str, home: Home, server: Server) -> None:
    home.follow('[[rules]]\nname = "Birds"\nany = ["pelican*"]\n')
    ran = home.pipe(shell)
    assert (ran.returncode, ran.stdout) == (0, "")
    assert "msmtp" not in ran.stderr
    assert server.kept.envelopes == []
    assert home.is_acknowledged


FAILING = {
    "no listing": (EMAIL, Path("missing.html"), 1),
    "a wrong configuration": ("subjects = 3\n", LISTING, 2),
    "no recipient": ("", LISTING, 2),
}


@pytest.mark.parametrize("shell", PIPES)
@pytest.mark.parametrize("what", FAILING)
def test_a_digest_that_fails_is_not_acknowledged(
    shell: str, what: str, home: Home, server: Server
) -> None:
    config, listing, code = FAILING[what]
    home.follow(config, listing)
    ran = home.pipe(shell)
    assert ran.returncode == code
    assert len(ran.stderr.splitlines()) == 1
    assert server.kept.envelopes == []
    assert not home.is_acknowledged


BAD = {
    "a wrong password": ("password", "guess\n", 77),
    "no password": ("tools/pass", "#!/bin/sh\nexit 1\n", 78),
    "a refused recipient": ("to", "nobody@example.org", 65),
    "the certificate of another": ("tls_trust_file", "{trusted}\ntls_host_override other.test", 69),
    "nobody at the port": ("port", "1", 75),
    "a misspelt msmtprc": ("tls_starttls", "perhaps", 78),
}


@pytest.mark.parametrize("shell", PIPES)
@pytest.mark.parametrize("what", BAD)
def test_a_message_that_does_not_go_is_not_acknowledged(
    shell: str, what: str, home: Home, server: Server
) -> None:
    name, value, code = BAD[what]
    if name == "to":
        home.follow(EMAIL.replace("you@example.org", value))
    elif name in {"password", "tools/pass"}:
        home.write(name, value, 0o700)
    else:
        line = f"{name} {value.format(trusted=server.certificate)}"
        changed = re.sub(rf"(?m)^{name} .*$", line, msmtprc(server))
        home.write(".msmtprc", changed)
    ran = home.pipe(shell)
    assert ran.returncode == code, ran.stderr
    assert "msmtp: " in ran.stderr
    assert server.kept.envelopes == []
    assert not home.is_acknowledged


def test_msmtp_refuses_an_empty_message(home: Home, server: Server) -> None:
    ran = home.run(program("msmtp"), "-t")
    assert (ran.returncode, ran.stderr) == (64, "msmtp: no recipients found\n")
    assert server.kept.envelopes == []
