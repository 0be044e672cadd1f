"""What goes to a pager, and how lines are wrapped, at a real terminal."""

import os
import re
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from entries import entry
from terminal import Shown, at_terminal

from arxivdigest.cli import pager
from arxivdigest.model import Listing
from arxivdigest.store import file, rows

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGE, CONFIG = EXAMPLES / "cs.DC-2025-07-11.html", EXAMPLES / "config.toml"
TODAY = ("today", "--from", PAGE, "-c", CONFIG)
VERDICT = "Fri 11 Jul 2025, cs.DC: 22 of 22 entries"
LAST = "Constraint Programming Models"


TRAPPED = "trap 'echo interrupted; exit' INT; echo ready; cat >/dev/null; read _ </dev/tty"


def run(
    home: Path, *arguments: str | Path, rows: int = 24, columns: int = 100, **environment: str
) -> Shown:
    paged = {"PAGER": f"cat > {home}/paged"}
    return at_terminal(
        *(arguments or TODAY),
        home=home,
        rows=rows,
        columns=columns,
        environment=paged | environment,
    )


def test_what_is_taller_than_the_terminal_goes_to_the_pager(tmp_path: Path) -> None:
    ran = run(tmp_path)
    paged = (tmp_path / "paged").read_text(encoding="utf-8")
    assert ran.code == 0
    assert LAST in paged
    assert LAST not in ran.screen
    assert VERDICT not in paged
    assert ran.lines[0].startswith(VERDICT)


@pytest.mark.parametrize(
    ("arguments", "rows", "columns", "environment"),
    [
        (TODAY, 60, 100, {}),
        ((*TODAY, "--no-pager"), 24, 100, {}),
        ((*TODAY, "--limit", "2"), 24, 100, {}),
        (TODAY, 24, 100, {"TERM": "dumb"}),
        (TODAY, 0, 0, {}),
        (TODAY, 24, 19, {}),
        (TODAY, 24, 100, {"DIGEST_PAGER": ""}),
        (TODAY, 24, 100, {"DIGEST_PAGER": "cat"}),
        (TODAY, 24, 100, {"DIGEST_PAGER": "/nowhere/pager 2>/dev/null"}),
    ],
    ids="fits asked short dumb unknown narrow none cat missing".split(),
)
def test_all_else_is_written_to_the_terminal(
    arguments: tuple[str | Path, ...],
    rows: int,
    columns: int,
    environment: dict[str, str],
    tmp_path: Path,
) -> None:
    ran = run(tmp_path, *arguments, rows=rows, columns=columns, **environment)
    assert ran.code == 0
    assert not (tmp_path / "paged").exists()
    assert "KVFlow" in ran.screen


def test_the_configuration_may_say_that_there_is_no_pager(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("output.pager = false")
    run(tmp_path, "today", "--from", PAGE, "-c", config)
    assert not (tmp_path / "paged").exists()


def test_a_paper_is_paged_as_a_list_is(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text("output.pager = false")
    now = datetime.now(UTC)
    long = entry("2607.00001", abstract="Pelicans.\n" * 40)
    with file.opened(tmp_path / ".local" / "state" / "arxivdigest") as opened:
        listing = Listing("page", ("cs.DC",), now.date(), (long,))
        opened.keep(("cs.DC",), rows.Stored(listing, now, now + timedelta(days=1)))
    run(tmp_path, "show", "2607.00001", "-c", config)
    run(tmp_path, "show", "2607.00001", "-f", "text", "-c", config)
    assert not (tmp_path / "paged").exists()
    run(tmp_path, "show", "2607.00001")
    assert (tmp_path / "paged").exists()


def test_the_pager_that_is_named_for_digest_goes_first(tmp_path: Path) -> None:
    run(tmp_path, DIGEST_PAGER=f"cat > {tmp_path}/own")
    assert (tmp_path / "own").exists()
    assert not (tmp_path / "paged").exists()


@pytest.mark.parametrize(("set_to", "seen"), [(None, "FRX"), ("-i", "-i")])
def test_less_is_told_what_git_tells_it_unless_the_user_told_it(
    set_to: str | None, seen: str, tmp_path: Path
) -> None:
    pager = f'printf %s "$LESS" > {tmp_path}/said'
    environment = {"PAGER": pager} | ({"LESS": set_to} if set_to else {})
    at_terminal(*TODAY, home=tmp_path, environment=environment)
    assert (tmp_path / "said").read_text() == seen


def test_a_pager_that_is_left_early_does_no_harm(tmp_path: Path) -> None:
    ran = run(tmp_path, *TODAY, "--all", "--abstracts", PAGER="head -n 1")
    assert ran.code == 0
    assert ran.lines[0].startswith("arXiv cs.DC")
    assert "Traceback" not in ran.screen


def test_ctrl_c_is_for_the_pager(tmp_path: Path) -> None:
    ran = at_terminal(
        *TODAY,
        home=tmp_path,
        rows=10,
        environment={"PAGER": TRAPPED},
        typed=[("ready", "\x03")],
    )
    assert "interrupted" in ran.screen
    assert VERDICT in ran.screen
    assert ran.code == 0


def test_ctrl_c_is_for_the_pager_as_it_begins_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(subprocess.Popen[bytes]):
        def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 - Popen's own
            super().__init__(*arguments, **options)
            os.kill(os.getpid(), signal.SIGINT)

    monkeypatch.setattr(subprocess, "Popen", Interrupted)
    before = signal.getsignal(signal.SIGINT)
    for does in ("cat >/dev/null", "trap 'exit 0' INT; kill -INT $$; exit 127"):
        assert pager._page("a line", does)  # noqa: SLF001 - its one way in is at a terminal
    assert signal.getsignal(signal.SIGINT) is before


def test_why_is_wrapped_and_marks_what_was_found(tmp_path: Path) -> None:
    ran = run(tmp_path, "why", "2507.07400", "--from", PAGE, "-c", CONFIG, rows=60, columns=60)
    bare = [re.sub(r"\x1b\[[\d;]*m", "", line) for line in ran.lines]
    assert "\x1b[30;43mprefix caching\x1b[0m" in ran.screen
    assert '  ✓ any of "KV cache", "prefix caching", "LLM inference",' in bare
    assert '    "LLM serving", "prefill*", /speculative' in bare
    assert '  ✗ all of "scheduling", "batch*": did not find' in bare
    assert max(map(len, bare)) <= 60


def test_signs_are_ascii_where_the_terminal_has_no_others(tmp_path: Path) -> None:
    why = ("why", "2507.07400", "--from", PAGE, "-c", CONFIG)
    ran = run(tmp_path, *why, rows=60, PYTHONIOENCODING="ascii")
    assert "  + none of" in ran.screen
    assert ran.screen.isascii()


def test_complaints_are_wrapped_under_their_beginning(tmp_path: Path) -> None:
    ran = run(tmp_path, "today", "cs.DX", "--from", "/nowhere", columns=40)
    assert ran.code == 2
    assert len(ran.lines) > 1
    assert all(line.startswith("  ") and len(line) <= 40 for line in ran.lines[1:])


def test_categories_are_wrapped_under_their_names(tmp_path: Path) -> None:
    ran = run(tmp_path, "categories", "parallel", columns=30)
    assert "  cs.DC  Distributed," in ran.lines
    assert "         Parallel, and Cluster" in ran.lines
