"""Page and message in a browser, light and dark: contrast, structure, markup (axe-core)."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from arxivdigest import config, digest
from arxivdigest.arxiv import listings as readers
from arxivdigest.model import Listing
from arxivdigest.output import templating, wording

TESTS = Path(__file__).parents[1]
EXAMPLES = TESTS.parent / "examples"
OTHERS = """
announce = ["new", "cross", "replace", "replace-cross"]
[[rules]]
name = "Diffusion"
any = ["diffusion", "flow matching", "vision-language", "depth estimation", "Gaussian Splatting"]
weight = 3
[[rules]]
name = "VLM"
any = ["VLM*", "MLLM*", "point cloud*"]
"""
LONG = """
[[rules]]
name = "Everything that has to do with the serving of large language models on many machines"
any = ["LLM*", "model*"]
[[rules]]
name = "%s"
any = ["a*"]
""" % ("without-any-blank-" * 8)
NOTHING = "output.min_score = 9\n[[rules]]\nany = ['LLM*']"


@pytest.fixture(scope="session")
def modules() -> Path:
    """The folder of axe-core, html-validate and playwright-core."""
    folder = Path(os.environ.get("ARXIVDIGEST_NODE", "node_modules"))
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if not (folder / "axe-core").is_dir() or not shutil.which("node") or not shutil.which(chromium):
        pytest.skip("needs node, Chromium, and axe-core in the folder that ARXIVDIGEST_NODE names")
    return folder.resolve()


def documents(listing: Listing, rules: str, *, show_all: bool = False) -> Iterator[tuple[str, str]]:
    made = digest.build([listing], config.read(rules, "config.toml"), show_all=show_all)
    words = wording.words(made, profile="group")
    yield "page", templating.render(words, "html", Path("nowhere"))
    yield "message", templating.render_message(words, Path("nowhere"))[1]


def complaints(modules: Path, *files: Path) -> dict[str, dict[str, list[str]]]:
    looked = subprocess.run(
        ["node", TESTS / "looked_at.js", modules, *files],
        capture_output=True,
        check=False,
        timeout=500,
        text=True,
    )
    assert not looked.returncode, looked.stderr
    wrong: dict[str, dict[str, list[str]]] = json.loads(looked.stdout)
    return {Path(file).name: {k: v for k, v in one.items() if v} for file, one in wrong.items()}


def test_nothing_serious_is_wrong_with_page_and_message(modules: Path, tmp_path: Path) -> None:
    example = readers.parse((EXAMPLES / "cs.DC-2025-07-11.html").read_bytes())
    tour = (EXAMPLES / "config.toml").read_text(encoding="utf-8")
    broken = example._replace(problems=("2 entries are missing",))
    wide = example._replace(
        entries=[one._replace(title=one.title.replace(" ", "")) for one in example.entries]
    )
    files = []
    for name, listing, rules, show_all in (
        ("8", example, tour, False),
        ("all", broken, tour, True),
        ("none", example, NOTHING, False),
        ("wide", wide, LONG, False),
    ):
        for kind, document in documents(listing, rules, show_all=show_all):
            files.append(tmp_path / f"{kind}-{name}.html")
            files[-1].write_text(document, encoding="utf-8")
    assert complaints(modules, *files) == {file.name: {} for file in files}


@pytest.mark.parametrize("rules", [OTHERS, ""], ids=["some", "everything"])
def test_nothing_serious_is_wrong_with_long_ones(
    rules: str, modules: Path, listings: Path, tmp_path: Path
) -> None:
    listing = readers.parse((listings / "cs.CV-2026-05-04" / "new.html").read_bytes())
    files = []
    for kind, document in documents(listing, rules or "announce = ['new', 'cross', 'replace']"):
        files.append(tmp_path / f"{kind}.html")
        files[-1].write_text(document, encoding="utf-8")
    assert complaints(modules, *files) == {file.name: {} for file in files}
