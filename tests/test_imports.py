import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import arxivdigest
from arxivdigest import rows, schedule, state_file
from arxivdigest.model import AnnounceType, Entry, Listing

PACKAGE = Path(arxivdigest.__file__).parent
EXAMPLES = Path(__file__).parent.parent / "examples"
PAGE, CONFIG = EXAMPLES / "cs.DC-2025-07-11.html", EXAMPLES / "config.toml"

# From the ground up: a module imports only from floors below its own.
FLOORS = [
    {"arxivdigest"},
    {"errors", "model", "clock", "text", "toml", "schedule"},
    {"tex", "taxonomy", "deadline", "mailbox", "smtp", "values"},
    {"folding", "readable", "envelope", "password"},
    {"names", "keywords", "entries", "conversation", "sendmail"},
    {"rules", "delivery"},
    {"sources.source", "settings"},
    {"sources.feed", "sources.page", "config"},
    {"sources", "verdict", "rows", "comparison"},
    {"fetch", "digest", "wording", "calendar_lines", "store"},
    {"state_file", "manners", "templating", "terminal", "json_document", "message", "plain"},
    {"gathering", "outbox", "acknowledgement"},
    {"reading", "output", "explanation", "starter", "sample"},
    {"sending"},
    {"cli.options", "cli.shell"},
    {"cli.configuration"},
    {"cli.request"},
    {"cli.announcement", "cli.sending", "cli.templates"},
    {"cli"},
    {"__main__"},
]
FLOOR = {module: floor for floor, modules in enumerate(FLOORS) for module in modules}


def named(path: Path) -> str:
    """The module's name, without `arxivdigest.` before it."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__") or "arxivdigest"


MODULES = {named(path): path for path in PACKAGE.rglob("*.py")}


def imported(module: str) -> Iterator[str]:
    """What a module imports of the package, wherever in it: in functions, for types alone."""
    for node in ast.walk(ast.parse(MODULES[module].read_bytes())):
        if isinstance(node, ast.Import):
            yield from (_in_package(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively in line {node.lineno}"
            for alias in node.names:
                inner = _in_package(f"{node.module}.{alias.name}")
                yield inner if inner in MODULES else _in_package(str(node.module))


def _in_package(name: str) -> str:
    return name.removeprefix("arxivdigest.")


def test_every_module_is_on_one_floor() -> None:
    assert sorted(MODULES) == sorted(name for floor in FLOORS for name in floor)


@pytest.mark.parametrize("module", sorted(FLOOR))
def test_a_module_imports_only_from_floors_below_it(module: str) -> None:
    needed = set(imported(module)) & set(MODULES)
    assert {one for one in needed if FLOOR[one] >= FLOOR[module]} == set()


HEAVY = {"httpx", "rich", "jinja2", "feedparser", "pydantic", "pylatexenc", "email"}
LATER = {"re2", "selectolax", "tomllib", "sqlite3", "json"}
ONLY_FOR_ARXIV = {"sqlite3", "zoneinfo", "arxivdigest.gathering", "arxivdigest.fetch"}
ONLY_TO_ASK = {
    "arxivdigest.fetch",
    "arxivdigest.sources",
    "httpx",
    "selectolax",
    "feedparser",
    "xml.etree",
    "rich",
    "email",
}
RUN = """
import sys
from arxivdigest.cli import main
sys.argv = ["digest", *sys.argv[1:]]
try:
    main()
finally:
    sys.stdout.flush()
    sys.stderr.write("\\n" + " ".join(sys.modules))
"""


def loaded(home: Path, *arguments: str) -> set[str]:
    """The modules that a command has loaded at its end, and the packages they are in."""
    ran = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(home), "XDG_STATE_HOME": str(home)},
        check=True,
        timeout=60,
    )
    assert ran.stdout
    modules = ran.stderr.decode().splitlines()[-1].split()
    assert "typer" in modules
    return {
        ".".join(module.split(".")[:depth])
        for module in modules
        for depth in range(1, len(module.split(".")) + 1)
    }


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], HEAVY | LATER | ONLY_FOR_ARXIV),
        (["--version"], HEAVY | LATER | ONLY_FOR_ARXIV),
        (["config", "path"], HEAVY | LATER | ONLY_FOR_ARXIV),
        (["today", "--help"], HEAVY | LATER | ONLY_FOR_ARXIV),
        (["template", "--help"], HEAVY | LATER | ONLY_FOR_ARXIV),
        (["categories"], HEAVY | LATER | ONLY_FOR_ARXIV),
        (["today", "--from", str(PAGE), "-k", "KV cache"], HEAVY | ONLY_FOR_ARXIV),
        (["today", "--from", str(PAGE), "-c", str(CONFIG)], HEAVY | ONLY_FOR_ARXIV),
        (["when"], HEAVY | ONLY_TO_ASK),
    ],
)
def test_a_command_imports_nothing_it_does_not_need(
    tmp_path: Path, arguments: list[str], unwanted: set[str]
) -> None:
    assert loaded(tmp_path, *arguments) & unwanted == set()


@pytest.mark.parametrize("options", [[], ["--offline"], ["-k", "pelicans"]])
def test_what_is_stored_is_shown_without_what_asks_for_it(
    tmp_path: Path, options: list[str]
) -> None:
    now = datetime.now(UTC)
    day = schedule.newest(now, ()).day
    entry = Entry(
        *("2607.00001", 1, AnnounceType.NEW, "On pelicans", ("Ann Lee",)),
        *("cs.DC", ("cs.DC",), "Of pelicans."),
    )
    with state_file.opened(tmp_path / "arxivdigest") as opened:
        listing = Listing("page", ("cs.DC",), day, (entry,))
        opened.keep(("cs.DC",), rows.Stored(listing, now, now + timedelta(days=1)))
    assert loaded(tmp_path, "today", "cs.DC", *options) & (HEAVY | ONLY_TO_ASK) == set()
