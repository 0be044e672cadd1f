"""Prints what the commands cost, as multiples of the CPU time of `python -I -c "import typer"`.

Run by hand, on an otherwise idle machine: `python tests/benchmarks/speed.py`. Every figure is the
median of several runs, each taken in turn with the unit, so that a slow moment touches both.
"""

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from statistics import median
from threading import Thread
from typing import NamedTuple

RUNS = 11
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


def feed(entries: int) -> bytes:
    """A feed in arXiv's format with so many made-up entries, abstracts of about 1,300 letters."""
    chance = random.Random(7)
    items = "".join(
        f"""    <item>
      <title>{words(chance, 11).capitalize()}</title>
      <link>https://arxiv.org/abs/2507.{number:05}</link>
      <description>arXiv:2507.{number:05}v1 Announce Type: new
Abstract: {words(chance, 190).capitalize()} with $O(n^{{2}})$ and \\'etale $\\alpha$.</description>
      <guid isPermaLink="false">oai:arXiv.org:2507.{number:05}v1</guid>
      <category>cs.DC</category>
      <category>cs.LG</category>
      <pubDate>Fri, 11 Jul 2025 00:00:00 -0400</pubDate>
      <arxiv:announce_type>new</arxiv:announce_type>
      <dc:creator>{", ".join(words(chance, 2).title() for _ in range(5))}</dc:creator>
    </item>
"""
        for number in range(entries)
    )
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom"
     xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">
  <channel>
    <title>cs.DC updates on arXiv.org</title>
    <pubDate>Fri, 11 Jul 2025 00:00:00 -0400</pubDate>
{items}  </channel>
</rss>
""".encode()


def configuration(keywords: int, rules: int = 10) -> str:
    """So many keywords, spread over the rules."""
    chance = random.Random(11)
    texts = [words(chance, 2) for _ in range(keywords)]
    tables = (
        f'[[rules]]\nname = "rule {rule}"\nany = {texts[rule::rules]}\n' for rule in range(rules)
    )
    return "".join(tables).replace("'", '"')


@contextmanager
def server(body: bytes) -> Iterator[str]:
    """The address of a server on this machine that answers everything with this feed."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    answering = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=answering.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{answering.server_port}"
    answering.shutdown()


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as name, server(feed(2000)) as address:
        folder = Path(name)
        write(folder, address)
        environment = {"PATH": os.environ["PATH"], "HOME": name}
        measure = partial(ratio, environment=environment)
        report(folder, measure)


def write(folder: Path, address: str) -> None:
    """The feeds and configurations that the commands read."""
    for entries in (50, 500, 2000):
        (folder / f"{entries}.rss").write_bytes(feed(entries))
    (folder / "10.toml").write_text(configuration(30))
    (folder / "1000.toml").write_text(configuration(1000))
    fresh = f'subjects = ["cs.DC"]\n{configuration(30)}[fetch]\nfeeds = "{address}"\ndelay = 0\n'
    (folder / "fresh.toml").write_text(fresh)


def report(folder: Path, measure: Callable[[list[str]], tuple[float, float]]) -> None:
    """A row for each command."""

    def row(name: str, budget: str, *arguments: str) -> None:
        multiple, memory = measure([*DIGEST, *arguments])
        print(f"| {name} | {budget} | {multiple:.2f} Y | {memory:.0f} MiB |", flush=True)  # noqa: T201 - a report

    def today(listing: str, rules: str) -> tuple[str, ...]:
        return ("today", "--from", str(folder / listing), "--config", str(folder / rules))

    print("| command | budget | CPU | memory |\n|---|---|---|---|")  # noqa: T201 - a report
    row("digest --help", "1.15 Y", "--help")
    row("digest --version", "1.15 Y", "--version")
    for entries in (50, 500, 2000):
        row(f"today from a file, {entries:,} entries", "", *today(f"{entries}.rss", "10.toml"))
    row("the same, 1,000 keywords", "", *today("2000.rss", "1000.toml"))
    row("today fresh, 2,000 entries", "2.7 Y, 60 MiB", "today", "-c", str(folder / "fresh.toml"))


if __name__ == "__main__":
    main()
