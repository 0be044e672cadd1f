import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import arxivdigest

PACKAGE = Path(arxivdigest.__file__).parent
PAGE = Path(__file__).parent.parent / "examples" / "cs.DC-2025-07-11.html"

# From the ground up: a module imports only from floors below its own.
FLOORS = [
    {"arxivdigest"},
    {"errors", "model", "text", "toml"},
    {"tex", "taxonomy"},
    {"folding"},
    {"names", "keywords"},
    {"rules"},
    {"sources.source", "settings"},
    {"sources.feed", "sources.page", "config"},
    {"sources", "verdict"},
    {"fetch", "digest", "wording"},
    {"templating", "terminal", "json_document", "message", "plain"},
    {"reading", "output", "explanation", "starter"},
    {"cli.options", "cli.shell"},
    {"cli.configuration"},
    {"cli.announcement"},
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
RUN = """
import sys
from arxivdigest.cli import main
sys.argv = ["digest", *sys.argv[1:]]
try:
    main()
finally:
    sys.stdout.flush()
    sys.stderr.write("\\n" + " ".join({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize(
    ("arguments", "unwanted"),
    [
        (["--help"], HEAVY | LATER),
        (["--version"], HEAVY | LATER),
        (["config", "path"], HEAVY | LATER),
        (["today", "--help"], HEAVY | LATER),
        (["categories"], HEAVY | LATER),
        (["today", "--from", str(PAGE), "-k", "KV cache"], HEAVY | {"sqlite3"}),
    ],
)
def test_a_command_imports_nothing_it_does_not_need(
    tmp_path: Path, arguments: list[str], unwanted: set[str]
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        capture_output=True,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        check=True,
        timeout=60,
    )
    assert ran.stdout
    found = set(ran.stderr.decode().splitlines()[-1].split())
    assert "typer" in found
    assert found & unwanted == set()
