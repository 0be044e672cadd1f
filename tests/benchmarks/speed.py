"""Prints what the commands cost, as multiples of the CPU time of `python -I -c "import typer"`.

Run by hand, on an otherwise idle machine: `python tests/benchmarks/speed.py`. Every figure is the
median of several runs, each taken in turn with the unit, so that a slow moment touches both.
"""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from arxivdigest.store.rows import Stored

RUNS = 21
UNIT = [sys.executable, "-I", "-c", "import typer"]
DIGEST = [sys.executable, "-m", "arxivdigest"]
SYLLABLES = "ba ce di fo gu ka le mi no pu ra se ti vo xu za tion ing ment ous".split()


class Cost(NamedTuple):
    """CPU time in seconds, and the most memory in MiB, of one process."""

    cpu: float
    memory: float


def cost(command: list[str], environment: dict[str, str]) -> Cost:
    """What a command takes, by the operating system's own accounting."""
    with Path(os.devnull).open("wb") as nothing:
        process = subprocess.Popen(command, stdout=nothing, stderr=nothing, env=environment)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(command)} failed")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def ratio(command: list[str], environment: dict[str, str]) -> tuple[float, float]:
    """The CPU time of a command as a multiple of the unit's, and its memory in MiB."""
    runs = [(cost(UNIT, environment), cost(command, environment)) for _ in range(RUNS)]
    times = [measured.cpu / unit.cpu for unit, measured in runs[1:]]
    return median(times), max(measured.memory for _, measured in runs)


def words(chance: random.Random, count: int) -> str:
    """So many made-up words."""
    return " ".join(
        "".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(count)
    )


def feed(entries: int, day: date, *, seed: int = 7, first: int = 0) -> bytes:
    """A feed in arXiv's format with so many made-up entries, abstracts of about 1,300 letters."""
    chance = random.Random(seed)
    items = "".join(
        f"""    <item>
      <title>{words(chance, 11).capitalize()}</title>
      <link>https://arxiv.org/abs/{day:%y%m}.{number:05}</link>
      <description>arXiv:{day:%y%m}.{number:05}v1 Announce Type: new
Abstract: {words(chance, 190).capitalize()} with $O(n^{{2}})$ and \\'etale $\\alpha$.</description>
      <guid isPermaLink="false">oai:arXiv.org:{day:%y%m}.{number:05}v1</guid>
      <category>cs.DC</category>
      <category>cs.LG</category>
      <pubDate>{day:%a, %d %b %Y} 00:00:00 -0500</pubDate>
      <arxiv:announce_type>new</arxiv:announce_type>
      <dc:creator>{", ".join(words(chance, 2).title() for _ in range(5))}</dc:creator>
    </item>
"""
        for number in range(first, first + entries)
    )
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom"
     xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel>
    <title>cs.DC updates on arXiv.org</title>
    <pubDate>{day:%a, %d %b %Y} 00:00:00 -0500</pubDate>
{items}  </channel>
</rss>
""".encode()


def configuration(keywords: int, rules: int = 10, star: str = "") -> str:
    """So many keywords, spread over the rules, that select a few in a hundred entries."""
    chance = random.Random(11)
    texts = [words(chance, 2 if keywords < 100 else 3) + star for _ in range(keywords)]
    tables = (
        f'[[rules]]\nname = "rule {rule}"\nany = {texts[rule::rules]}\n' for rule in range(rules)
    )
    return "".join(tables).replace("'", '"')


def people(count: int) -> str:
    """A rule of so many authors, their family names of three syllables: some in a hundred match."""
    chance = random.Random(12)
    families = ("".join(chance.choices(SYLLABLES, k=3)) for _ in range(count))
    names = [f"{words(chance, 1)} {family}".title() for family in families]
    return f'[[rules]]\nname = "people"\nauthors = {names}\n'.replace("'", '"')


def main() -> None:
    """Measure and print.

    Everything large is made in a process of its own: the memory of a command counts from that of
    the process that starts it.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ours, theirs = Pipe()
        preparing = Process(target=prepare, args=(folder, theirs), daemon=True)
        preparing.start()
        ours.recv()
        out = sys.stdout
        out.write("| command | budget | CPU | memory |\n|---|---|---|---|\n")
        for row in rows(folder):
            environment = {"PATH": os.environ["PATH"], "HOME": str(folder / row.home)}
            libraries = [sys.executable, "-I", "-c", row.imports]
            command = libraries if row.imports else [*DIGEST, *row.arguments]
            multiple, memory = ratio(command, environment)
            out.write(f"| {row.name} | {row.budget} | {multiple:.2f} Y | {memory:.0f} MiB |\n")
            out.flush()
        preparing.kill()


class Row(NamedTuple):
    """A command to measure, or only imports, the home it runs in, and what it may cost."""

    name: str
    budget: str
    home: str
    arguments: tuple[str, ...]
    imports: str = ""


def prepare(folder: Path, ready: Connection) -> None:
    """Homes whose stores hold so many entries, configurations, and a server of a fresh feed."""
    from arxivdigest.arxiv import schedule
    from arxivdigest.store import file

    now = datetime.now(UTC)
    day = schedule.newest(now).day
    for entries in (50, 150, 500, 2000):
        with file.opened(folder / str(entries) / ".local" / "state" / "arxivdigest") as kept:
            kept.keep(("cs.DC",), stored_at(now, feed(entries, day)))
    with file.opened(folder / "60 days" / ".local" / "state" / "arxivdigest") as kept:
        for back in range(60):
            data = feed(600, day - timedelta(days=back), seed=back, first=1000 * back)
            kept.keep(("cs.DC",), stored_at(now - timedelta(days=back), data))
    (folder / "2000.rss").write_bytes(feed(2000, day))
    (folder / "id").write_text(f"{day:%y%m}.00001")
    body = feed(1999, day)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    address = f"http://127.0.0.1:{server.server_port}"
    for name, rules in (
        ("5000-starred", configuration(5000, star="*")),
        ("1000-authors", people(1000)),
        ("none", ""),
    ):
        (folder / f"{name}.toml").write_text(f'subjects = ["cs.DC"]\n{rules}')
    for keywords in (30, 1000):
        text = f'subjects = ["cs.DC"]\n{configuration(keywords)}'
        (folder / f"{keywords}.toml").write_text(text)
        (folder / f"{keywords}-fresh.toml").write_text(
            f'{text}[fetch]\nfeeds = "{address}"\nsource = "feed"\ndelay = 0\n'
        )
    ready.send("ready")
    server.serve_forever()


def stored_at(now: datetime, data: bytes) -> "Stored":
    """A feed as it is kept, read at this instant."""
    from arxivdigest.arxiv import listings
    from arxivdigest.store.rows import Stored

    return Stored(listings.parse(data)._replace(problems=()), now, now + timedelta(days=1))


def rows(folder: Path) -> Iterator[Row]:
    """What is measured, with the budgets of the design."""

    def today(rules: str, *more: str) -> tuple[str, ...]:
        return ("today", "--config", str(folder / rules), *more)

    needed = "import typer, platformdirs.unix, re2, sqlite3, tomllib"
    yield Row("(the libraries of a run from the store)", "", "50", (), needed)
    yield Row("(the same, and httpx)", "", "50", (), f"{needed}, httpx, zoneinfo")
    yield Row("digest --help", "1.15 Y", "50", ("--help",))
    yield Row("digest --version", "1.15 Y", "50", ("--version",))
    yield Row("today from the store, 50 entries", "1.35 Y", "50", today("30.toml"))
    yield Row("the same, 500 entries", "1.45 Y", "500", today("30.toml"))
    yield Row("the same, 2,000 entries", "1.7 Y", "2000", today("30.toml"))
    yield Row("the same, 1,000 keywords", "2.2 Y", "2000", today("1000.toml"))
    starred = today("5000-starred.toml")
    yield Row("the same, 5,000 keywords that end in *", "4 Y, 120 MiB", "2000", starred)
    yield Row("the same, 1,000 authors", "2.5 Y", "2000", today("1000-authors.toml"))
    yield Row(
        "today fresh, 1,999 entries", "4.5 Y, 64 MiB", "50", today("30-fresh.toml", "--refresh")
    )
    saved = today("30.toml", "--from", str(folder / "2000.rss"))
    yield Row("today from a saved feed, 2,000 entries", "", "50", saved)
    for name in ("table", "html", "email", "markdown"):
        to = ("--to", "ann@example.org", "--sender", "bob@example.org") if name == "email" else ()
        shown = today("none.toml", "--format", name, *to)
        yield Row(f"150 entries shown as {name}", "3.5 Y", "150", shown)
    search = ("search", words(random.Random(5), 2), "--limit", "20")
    yield Row("search, 60 days of 600 entries", "12 Y, 120 MiB", "60 days", search)
    for command in ("show", "star", "open --print"):
        arguments = (*command.split(), (folder / "id").read_text())
        yield Row(command, "1.5 Y", "60 days", arguments)


if __name__ == "__main__":
    main()
