"""Draws the README's pictures anew from a real run: `python tests/screenshots.py`.

The pictures of the message are taken by Chromium, where the machine has it.
"""

import io
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME, TerminalTheme
from rich.text import Text

from arxivdigest import config, digest
from arxivdigest.arxiv import listings
from arxivdigest.model import Digest
from arxivdigest.output import table, templating, terminal, wording
from arxivdigest.text import wrap

PROJECT = Path(__file__).parent.parent
EXAMPLES = PROJECT / "examples"
COLUMNS = 96
MESSAGES = {
    "message-700-light.png": (700, 620, 1),
    "message-700-dark.png": (700, 620, 0),
    "message-390-light.png": (390, 700, 1),
    "message-390-dark.png": (390, 700, 0),
}
"""The pictures of the message: so wide, so high, and Chromium's word for light or dark."""


def made(limit: int | None) -> Digest:
    """The digest of the README's first command."""
    listing = listings.parse((EXAMPLES / "cs.DC-2025-07-11.html").read_bytes())
    return digest.build([listing], config.load(EXAMPLES / "config.toml"), limit=limit)


LIGHT = TerminalTheme(
    (255, 255, 255),
    (31, 35, 40),
    [(0, 0, 0), *[(87, 96, 108)] * 6, (110, 119, 129)],
)
TERMINALS = {"digest-today.svg": SVG_EXPORT_THEME, "digest-today-light.svg": LIGHT}


def screenshot(theme: TerminalTheme = SVG_EXPORT_THEME) -> str:
    """The table of the README's first command, as an SVG that loads nothing from elsewhere."""
    shown = made(limit=5)
    words = wording.words(shown, abstracts=False, most_authors=table.MOST_AUTHORS)
    console = Console(
        record=True,
        width=COLUMNS,
        file=io.StringIO(),
        force_terminal=True,
        color_system="256",
        _environ={},
    )
    drawn = terminal.draw(table.table(words, COLUMNS), console)
    console.print(Text("$ digest today --limit 5", style="dim"))
    console.print(Text.from_ansi(drawn.removesuffix("\n")))
    console.print(Text(wrap(shown.verdict.message, COLUMNS, "  ", "")))
    svg = console.export_svg(title="digest today", unique_id="digest", theme=theme)
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)


def take_pictures_of_the_message(chromium: str) -> None:
    """The first screen of the message, as a narrow and a wide reader show it, by day and night."""
    _, html = templating.render_message(wording.words(made(limit=None)), PROJECT / "nowhere")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder, "message.html")
        page.write_text(html, encoding="utf-8")
        for name, (width, height, scheme) in MESSAGES.items():
            options = {
                "user-data-dir": f"{folder}/{name}",
                "window-size": f"{width},{height}",
                "blink-settings": f"preferredColorScheme={scheme}",
                "screenshot": EXAMPLES / name,
            }
            subprocess.run(
                [
                    *(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
                    *("--no-first-run", "--disable-background-networking", "--disable-sync"),
                    *("--disable-component-update", "--hide-scrollbars"),
                    *(f"--{option}={value}" for option, value in options.items()),
                    page.as_uri(),
                ],
                check=True,
                capture_output=True,
                timeout=120,
            )


if __name__ == "__main__":
    for name, theme in TERMINALS.items():
        (EXAMPLES / name).write_text(screenshot(theme), encoding="utf-8")
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        take_pictures_of_the_message(found)
        if shutil.which("pngquant"):
            pictures = [EXAMPLES / name for name in MESSAGES]
            subprocess.run(["pngquant", "--force", "--ext", ".png", "64", *pictures], check=True)
    else:
        print("no Chromium: the pictures of the message stay as they are")  # noqa: T201 - a script
