import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from entries import entry

import arxivdigest
from arxivdigest.arxiv import schedule
from arxivdigest.model import Listing
from arxivdigest.store import file, rows, starred

PACKAGE = Path(arxivdigest.__file__).parent
EXAMPLES = Path(__file__).parent.parent / "examples"
PAGE, CONFIG = EXAMPLES / "cs.DC-2025-07-11.html", EXAMPLES / "config.toml"

# From the top down: a room imports only from lines below its own.
ROOMS = """
__main__
cli
sending unseen
composing
undelivered stars
reading finding output
digest fetch
config
store rules
arxiv mail
verdict changes tls
text
errors model clock deadline
"""
# From the ground up: within a room, a module imports only from those before it.
WITHIN = {
    "text": "text addresses counts dates symbols formula_line structures formula scanner accents"
    " letters pieces tildes tex readable folding searched",
    "arxiv": "taxonomy meant identifier calendar schedule source strangers feed_elements"
    " feed_pattern feed labels page listings",
    "rules": "mistakes engine expressions keywords re2_syntax keyword_index keyword_set names"
    " people conditions impossible near_misses rules query explanation",
    "config": "toml syntax values meant tables rule_tables schema config advice starter",
    "store": "aside packing rows coverage database listing_tables paper_index requests_made keeping"
    " listings checksums reader_tables reader acknowledged lost last_list starred days"
    " message_tables messages outbox deliveries salvage migration file",
    "fetch": "comparison stale_words decisions route read_before http pdf pages manners newest"
    " gathering",
    "output": "compiled hits bibtex changed headlines wording markdown fitting plain"
    " json_document templating pdf_name terminal table report paper sample output unusable",
    "mail": "mailbox envelope server password sendmail connection smtp delivery message",
    "cli": "files shell pager progress options places configuration last_list request showing dates"
    " announcement init days catchup sending templates papers finding completion cli",
}
HEIGHT = {
    room: -line for line, rooms in enumerate(ROOMS.strip().split("\n")) for room in rooms.split()
}


def named(path: Path) -> str:
    """The module's name, without `arxivdigest.` before it."""
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


MODULES = {named(path): path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE} | {
    path.stem: path for path in PACKAGE.glob("[!_]*.py")
}


def imported(module: str) -> Iterator[str]:
    """What a module imports of the package, wherever in it: in functions, for types alone."""
    for node in ast.walk(ast.parse(MODULES[module].read_bytes())):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively in line {node.lineno}"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}".removeprefix("arxivdigest.")
                outer = str(node.module).removeprefix("arxivdigest.")
                yield from {inner if inner in MODULES else outer} & set(MODULES)


def place(module: str) -> tuple[int, int]:
    """How high a module stands: its room, and its place in the room."""
    room, _, name = module.partition(".")
    order = WITHIN.get(room, room).split()
    is_bare = not name and module not in order  # a room that has a docstring alone
    return HEIGHT[room], -1 if is_bare else order.index(name or room)


def test_the_order_of_each_room_names_its_modules() -> None:
    for room, order in WITHIN.items():
        inside = {path.stem for path in (PACKAGE / room).glob("*.py")} - {"__init__"}
        assert inside == set(order.split()) - {room}


@pytest.mark.parametrize("module", sorted(MODULES))
def test_a_module_imports_only_from_what_lies_below_it(module: str) -> None:
    assert {one for one in imported(module) if place(one) >= place(module)} == set()


HEAVY = {"httpx", "rich", "jinja2", "feedparser", "pydantic", "email"}
LATER = {"re2", "selectolax", "tomllib", "sqlite3", "json"}
ONLY_FOR_ARXIV = {"sqlite3", "zoneinfo", "arxivdigest.fetch"}
ONLY_TO_ASK = {
    "arxivdigest.fetch.http",
    "arxivdigest.arxiv.listings",
    "httpx",
    "selectolax",
    "feedparser",
    "xml.etree",
    "rich",
    "email",
}
ONLY_FOR_SOME = {
    "arxivdigest.changes",  # where a replacement is shown, or a rule asks for what it says
    "arxivdigest.mail.mailbox",  # where the configuration has an address
    "arxivdigest.mail.server",  # where it has a server
    "arxivdigest.rules.names",  # where a rule names anybody
    "arxivdigest.rules.people",
    "arxivdigest.rules.mistakes",  # where a keyword is more than words
    "arxivdigest.rules.keyword_index",  # where there are thousands
    "arxivdigest.text.folding",  # where a keyword is more than words, or texts are not kept yet
    "arxivdigest.text.tex",  # where one of these has TeX
    "arxivdigest.cli.last_list",  # on a terminal
    "arxivdigest.cli.pager",
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
        (["when"], HEAVY | ONLY_TO_ASK | {"sqlite3", "arxivdigest.fetch", "arxivdigest.store"}),
    ],
)
def test_a_command_imports_nothing_it_does_not_need(
    tmp_path: Path, arguments: list[str], unwanted: set[str]
) -> None:
    assert loaded(tmp_path, *arguments) & unwanted == set()


@pytest.mark.parametrize(
    "arguments",
    [["show", "2607.00001"], ["open", "--print", "2607.00001"],
     ["search", "pelicans"], ["starred"]],
)  # fmt: skip
def test_a_paper_is_found_without_what_asks_for_it(tmp_path: Path, arguments: list[str]) -> None:
    paper, now = entry("2607.00001"), datetime.now(UTC)
    with file.opened(tmp_path / "arxivdigest") as opened:
        listing = Listing("page", ("cs.DC",), now.date(), (paper,))
        opened.keep(("cs.DC",), rows.Stored(listing, now, now + timedelta(days=1)))
    with file.opened_reader(tmp_path / "arxivdigest") as records:
        starred.star(records, paper, now.date(), None, now)
    assert loaded(tmp_path, *arguments) & (HEAVY | ONLY_TO_ASK) == set()


@pytest.mark.parametrize("options", [[], ["--offline"], ["-k", "pelicans"]])
def test_what_is_stored_is_shown_without_what_asks_for_it(
    tmp_path: Path, options: list[str]
) -> None:
    now = datetime.now(UTC)
    day = schedule.newest(now, ()).day
    with file.opened(tmp_path / "arxivdigest") as opened:
        listing = Listing("page", ("cs.DC",), day, (entry(),))
        opened.keep(("cs.DC",), rows.Stored(listing, now, now + timedelta(days=1)))
    unwanted = HEAVY | ONLY_TO_ASK | ONLY_FOR_SOME
    assert loaded(tmp_path, "today", "cs.DC", *options) & unwanted == set()
