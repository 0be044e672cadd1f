"""Machines and environments as they are found: no traceback, and what can be shown is."""

import os
import pty
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv
from mornings import Mine
from ran import Digest

from arxivdigest.cli import shell

PAGE = Path(__file__).parents[2] / "examples" / "cs.DC-2025-07-11.html"
NO_HOME = """
import os, pwd, sys
def nobody(_):
    raise KeyError("uid not found")
pwd.getpwuid = pwd.getpwnam = nobody
os.environ.pop("HOME")
from arxivdigest.__main__ import main
main()
"""


def environment(folder: Path, **more: str) -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(folder), **more}


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["today", "--from", str(PAGE), "-q"], 0),
        (["when"], 0),
        (["config", "path"], 0),
        (["config", "check"], 0),
        (["template", "list"], 0),
        (["today", "cs.DC", "--offline"], 75),
        (["init", "--subject", "cs.DC"], 1),
        (["today"], 2),
    ],
)
def test_without_a_home_what_needs_none_works(
    tmp_path: Path, arguments: list[str], code: int
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", NO_HOME, *arguments],
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == code
    assert b"Traceback" not in ran.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("zone", ["UTC+24", "UTC-24", "UTC+99", "UTC+25:99", "No/Where", "\x01"])
@pytest.mark.parametrize("arguments", [["when"], ["today", "--from", str(PAGE), "-f", "email"]])
def test_a_zone_that_is_none_costs_nothing(digest: Digest, zone: str, arguments: list[str]) -> None:
    addresses = ["--to", "a@example.org", "--sender", "b@example.org"] if len(arguments) > 1 else []
    ran = digest(*arguments, *addresses, environment={"TZ": zone})
    assert ran.code == 0
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("instant", ["9999-12-31T23:00:00+00:00", "0001-01-01T00:00:00+00:00"])
@pytest.mark.parametrize(
    "arguments", [["when"], ["today", "cs.DC", "--offline"], ["days", "cs.DC"]]
)
def test_a_clock_at_the_end_of_time_is_one_line(
    digest: Digest, arguments: list[str], instant: str
) -> None:
    ran = digest(*arguments, at=datetime.fromisoformat(instant))
    assert "Traceback" not in ran.err
    assert len(ran.errors) <= 2


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        *((one, 80) for one in ("", "0", "1", "19", "²", "٩٩", "-5", "1e3", "9" * 23, " 90")),
        *((one, int(one)) for one in ("20", "96", "0096", "1000")),
    ],
)
def test_a_width_that_no_terminal_has_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, written: str, expected: int
) -> None:
    monkeypatch.setenv("COLUMNS", written)
    monkeypatch.setenv("LINES", written)
    assert shell.columns(None) == expected
    assert shell.console("file").width == expected


@pytest.mark.parametrize("columns", ["0", "1", "²", "9" * 23])
def test_the_table_is_drawn_whatever_columns_says(tmp_path: Path, columns: str) -> None:
    ours, theirs = pty.openpty()
    named = environment(tmp_path, TERM="xterm", COLUMNS=columns, LINES=columns, PAGER="cat")
    command = [sys.executable, "-m", "arxivdigest", "today", "--from", str(PAGE), "-q", "--limit=1"]
    out = b""
    with subprocess.Popen(command, stdout=theirs, env=named) as process:
        os.close(theirs)
        with suppress(OSError):  # at its end
            while part := os.read(ours, 65536):
                out += part
    os.close(ours)
    assert process.returncode == 0
    assert b"Distributed Training under Packet Loss" in out


@pytest.mark.parametrize("arguments", [["--help"], ["today", "--help"], ["--version"], []])
def test_help_that_nobody_reads_to_its_end_is_no_failure(
    tmp_path: Path, arguments: list[str]
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ran = subprocess.run(
        [sys.executable, "-m", "arxivdigest", *arguments],
        stdout=writer,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
        timeout=60,
        check=False,
    )
    os.close(writer)
    assert (ran.returncode, ran.stderr) == (0, b"")


@pytest.mark.parametrize("delay", [0.05 + 0.02 * number for number in range(12)])
def test_an_interrupt_at_any_moment_is_exit_code_130(tmp_path: Path, delay: float) -> None:
    """From the program's own first line on, which it says itself."""
    watched = "import sys; sys.stderr.write('.'); sys.stderr.flush(); "
    command = f"{watched}from arxivdigest.__main__ import main; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", command, "today", "--from", tmp_path / "fifo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(tmp_path),
    )
    os.mkfifo(tmp_path / "fifo")
    assert process.stderr
    assert process.stderr.read(1) == b"."
    time.sleep(delay)  # the moment is what is tried here
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    if b"KeyboardInterrupt" in err:  # before the program's own first line
        assert b"arxivdigest/" not in err.replace(b"from arxivdigest", b"")
        return
    assert (process.returncode, out, err.strip()) == (130, b"", b"")


FEED = b"""<?xml version='1.0' encoding='UTF-8'?>
<rss version="2.0"><channel><title>cs.DC updates on arXiv.org</title>"""


@pytest.mark.parametrize("megabytes", [90, 120, 150, 200, 300])
def test_little_memory_is_one_line(tmp_path: Path, megabytes: int) -> None:
    (tmp_path / "large.rss").write_bytes(FEED + b"<x>y</x>" * 1_700_000)
    limit = megabytes << 20
    ran = subprocess.run(
        [sys.executable, "-m", "arxivdigest", "today", "--from", "large.rss"],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
        env=environment(tmp_path),
        cwd=tmp_path,
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode in (1, 75)
    assert b"Traceback" not in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize("handles", range(3, 16))
def test_few_file_handles_are_one_line(tmp_path: Path, handles: int) -> None:
    with FakeArxiv() as arxiv:
        command = f"ulimit -n {handles}; exec {sys.executable} -m arxivdigest today --from "
        ran = subprocess.run(
            ["sh", "-c", f"{command}{arxiv.url}/rss/cs.DC"],
            env=environment(tmp_path, NO_PROXY="*"),
            cwd=tmp_path,
            capture_output=True,
            timeout=60,
            check=False,
        )
    if b"Fatal Python error" in ran.stderr or b"error while loading" in ran.stderr:
        return  # Python itself does not start with as few
    assert ran.returncode in (0, 1, 75)
    assert b"Traceback" not in ran.stderr


def test_the_mode_of_what_a_state_folder_leads_to_is_not_changed(mine: Mine) -> None:
    shared = mine.folder / "shared"
    shared.mkdir(mode=0o755)
    mine.state.parent.parent.mkdir(parents=True)
    mine.state.parent.symlink_to(shared)
    assert mine("today").code == 0
    assert shared.stat().st_mode & 0o777 == 0o755
    assert mine.state.is_file()
    assert mine.state.stat().st_mode & 0o077 == 0


def test_a_configuration_that_is_a_pipe_is_read_once_for_all_profiles(mine: Mine) -> None:
    profiles = '[profiles.one]\nsubjects = ["cs.DC"]\n[profiles.two]\nsubjects = ["cs.LG"]\n'
    path = mine.folder / "mine.toml"
    path.write_text(path.read_text("utf-8") + profiles, "utf-8")
    command = (
        f"exec {sys.executable} -m arxivdigest send --all-profiles --dry-run -q"
        f" --from {PAGE} --subject cs.DC --config <(cat {path})"
    ).replace(" --subject cs.DC", "")
    ran = subprocess.run(
        ["bash", "-c", command],
        env=environment(mine.folder),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert b"Traceback" not in ran.stderr
    assert b"no [profiles" not in ran.stderr
    assert ran.stdout.count(b"Message-ID: ") >= 1


def test_a_configuration_without_an_end_is_one_line(digest: Digest) -> None:
    ran = digest("config", "check", "-c", "/dev/zero")
    assert ran.code == 2
    assert len(ran.errors) == 1


def ended(program: str, home: Path) -> tuple[int, bytes, bytes]:
    """The exit code of a program in Python, and what it printed."""
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=environment(home),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.parametrize("module", ["signal", "typing", "gc", "arxivdigest.cli", "typer"])
def test_an_interrupt_while_the_first_modules_load_is_exit_code_130(
    tmp_path: Path, module: str
) -> None:
    command = f"""
import os, signal, sys
class Interrupted:
    def find_spec(self, name, *_):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Interrupted())
sys.modules.pop({module!r}, None)
from arxivdigest.__main__ import main
main()
"""
    assert ended(command, tmp_path) == (130, b"", b"")


def test_an_interrupt_that_python_makes_another_error_of_is_one(tmp_path: Path) -> None:
    command = """
from arxivdigest import cli
from arxivdigest.__main__ import main
class Late:
    def __set_name__(self, owner, name):
        raise KeyboardInterrupt
def load():
    class Loaded:
        late = Late()
cli.main = load
main()
"""
    assert ended(command, tmp_path) == (130, b"", b"")
