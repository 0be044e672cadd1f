"""Every command in the README and the manual does what it says there."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text(encoding="utf-8")
MANUAL = (PROJECT / ".github" / "MANUAL.md").read_text(encoding="utf-8")
COMMANDS = [
    command
    for block in re.findall(r"```console\n(.*?)```", README + MANUAL, re.DOTALL)
    for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE)
]
INSTALLING = [command for command in COMMANDS if command.startswith(("python3 -m venv", "uv run"))]
USING = list(dict.fromkeys(command for command in COMMANDS if command not in INSTALLING))

FEED = b"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom"
     xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel>
    <title>cs.DC updates on arXiv.org</title>
    <pubDate>Fri, 11 Jul 2025 00:00:00 -0400</pubDate>
    <item>
      <title>A KV cache for LLM inference</title>
      <description>arXiv:2507.00001v1 Announce Type: new
Abstract: We prefill it.</description>
      <guid isPermaLink="false">oai:arXiv.org:2507.00001v1</guid>
      <category>cs.DC</category>
      <arxiv:announce_type>new</arxiv:announce_type>
      <dc:creator>Ada Lovelace</dc:creator>
    </item>
  </channel>
</rss>
"""

# Stands in for `digest`: the same program, with arXiv on this machine, on the day of the feed.
STAND_IN = """#!{python}
from arxivdigest.config import Config
local = Config().fetch._replace(site="{address}", feeds="{address}", delay=0)
Config.__new__.__defaults__ = tuple(Config()._replace(fetch=local))
from datetime import UTC, datetime
from arxivdigest.cli import announcement, main, request
announcement.now = request.now = lambda: datetime(2025, 7, 11, 12, tzinfo=UTC)
main()
"""


@pytest.fixture(scope="module")
def arxiv() -> Iterator[str]:
    """The address of a server that answers every request with the feed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(FEED)))
            self.end_headers()
            self.wfile.write(FEED)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, arxiv: str) -> Path:
    """A person's home: a checkout's examples, and the commands on the path."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "examples").symlink_to(PROJECT / "examples")
    tools = folder / "tools"
    tools.mkdir()
    (tools / "digest").write_text(STAND_IN.format(python=sys.executable, address=arxiv))
    (tools / "sendmail").write_text('#!/bin/sh\n[ "$1" = -t ] && cat > sent || cat > posted\n')
    for tool in tools.iterdir():
        tool.chmod(0o700)
    # The commands may be shared out among processes, and most come after the one that writes it.
    config = folder / ".config" / "arxivdigest" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('subjects = ["cs.DC"]\n[[rules]]\nany = ["LLM inference"]\n')
    return folder


@pytest.mark.parametrize("command", USING)
def test_every_command_works(command: str, home: Path) -> None:
    if command.startswith("digest init"):
        (home / ".config" / "arxivdigest" / "config.toml").unlink(missing_ok=True)
    finished = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=home,
        env={"HOME": str(home), "PATH": f"{home / 'tools'}:{os.environ['PATH']}"},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert finished.returncode == 0, finished.stderr.decode()
    assert b"Traceback" not in finished.stderr


def test_the_mail_line_sends_a_message(home: Path) -> None:
    test_every_command_works(next(one for one in USING if "sendmail" in one), home)
    sent = message_from_bytes((home / "sent").read_bytes(), policy=policy.default)
    assert sent["To"] == "me@example.org"
    text = sent.get_body(("plain",))
    assert text is not None
    assert "A KV cache for LLM inference" in text.get_content()


def test_there_are_two_ways_to_install_and_two_lines_each() -> None:
    assert [command.split()[0] for command in INSTALLING] == ["python3", "python3", "uv", "uv"]


def test_the_configuration_shown_is_a_right_one() -> None:
    from arxivdigest import config

    shown = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert shown
    assert tomllib.loads(shown[1])
    assert len(config.read(shown[1], "README.md").rules) == 3


def test_every_link_leads_to_a_file() -> None:
    for folder, text in ((PROJECT, README), (PROJECT / ".github", MANUAL)):
        for target in re.findall(r"\]\(([^)]+)\)", text):
            assert (folder / target).exists(), target


def test_the_picture_is_what_the_program_shows() -> None:
    import importlib.util

    location = PROJECT / "tests" / "screenshots.py"
    specification = importlib.util.spec_from_file_location("screenshots", location)
    assert specification
    assert specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    drawn = (PROJECT / "examples" / "digest-today.svg").read_text(encoding="utf-8")
    assert module.screenshot() == drawn
