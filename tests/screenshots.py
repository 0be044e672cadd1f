"""Draws the README's picture anew from a real run: `python tests/screenshots.py`."""

import io
import re
from pathlib import Path

from rich.console import Console
from rich.text import Text

from arxivdigest import config, digest, sources, terminal, wording

PROJECT = Path(__file__).parent.parent
COLUMNS = 96


def screenshot() -> str:
    """The table of the README's first command, as an SVG that loads nothing from elsewhere."""
    listing = sources.parse((PROJECT / "examples" / "cs.DC-2025-07-11.html").read_bytes())
    chosen = config.load(PROJECT / "examples" / "config.toml")
    made = digest.build(listing, chosen, limit=5)
    words = wording.words(made, abstracts=False, most_authors=terminal.MOST_AUTHORS)
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text("$ digest today --limit 5", style="bold green"))
    console.print(terminal.table(words, COLUMNS))
    console.print(Text(made.verdict.message))
    svg = console.export_svg(title="digest today", unique_id="digest")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


if __name__ == "__main__":
    (PROJECT / "examples" / "digest-today.svg").write_text(screenshot(), encoding="utf-8")
