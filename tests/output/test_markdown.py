"""Markdown as two renderers read it: every address leads where it says, and nothing else does."""

import re
import shutil
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path
from urllib.parse import quote, unquote

import pytest
from entries import entry
from markdown_it import MarkdownIt

from arxivdigest import config, digest
from arxivdigest.arxiv import listings as readers
from arxivdigest.errors import DigestError
from arxivdigest.model import Listing
from arxivdigest.output import markdown, templating, wording
from arxivdigest.output.wording import DigestWords

EVERYTHING = config.read(
    """
    announce = ["new", "cross", "replace", "replace-cross"]
    [[rules]]
    name = "Everything"
    announce = ["new", "cross", "replace", "replace-cross"]
    [[rules]]
    name = "Words"
    any = ["code", "github", "project", "data*", "model*"]
    in = ["title", "abstract", "comments"]
    """,
    "config.toml",
)
Render = Callable[[str], str]


def by_cmark(text: str) -> str:
    """As GitHub renders it, addresses made links wherever they stand."""
    if not shutil.which("cmark-gfm"):
        pytest.skip("cmark-gfm is not here")
    command = "cmark-gfm --extension autolink --extension table --extension strikethrough".split()
    ran = subprocess.run(command, input=text.encode(), capture_output=True, check=True, timeout=60)
    return ran.stdout.decode()


def by_markdown_it(text: str) -> str:
    return str(MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text))


RENDERERS = [by_cmark, by_markdown_it]


def links(html: str) -> set[str]:
    return {unquote(unescape(one)) for one in re.findall(r'href="([^"]*)"', html)}


def addresses(words: DigestWords) -> set[str]:
    """All that the entries lead to: their own pages, and what their authors name."""
    entries = [one for section in words.sections for one in section.entries]
    lines = (line for one in entries for line in (one.comments, one.journal_ref, *one.abstract))
    named = {piece.address for line in lines for piece in line if piece.address}
    own = {url for one in entries for url in (one.abs_url, one.pdf_url, one.html_url) if url}
    return {unquote(one) for one in named | own}


def document(*found: Listing) -> tuple[str, DigestWords]:
    words = wording.words(digest.build(found, EVERYTHING))
    return templating.render(words, "markdown", Path("nowhere")), words


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize(
    "folder", ["cs.CV-2026-05-04", "cs.DC-2025-07-11", "edge", "paged", "quant-ph-2025-04-28"]
)
def test_the_links_of_real_listings_can_be_read_back(
    folder: str, render: Render, listings: Path
) -> None:
    for file in sorted((listings / folder).iterdir()):
        try:
            listing = readers.parse(file.read_bytes())
        except (DigestError, ValueError):
            continue  # what is no listing is another test's
        text, words = document(listing)
        assert links(render(text)) == addresses(words), file.name


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize(
    "address",
    [
        "https://github.com/a/b_c",
        "https://github.com/a_b/c_d_e",
        "https://example.org/code*s*x",
        "https://example.org/~me/?a=1&b=2",
        "https://example.org/?a=1&copy=2",
        "https://example.org/?a=1&copy;=2",
        "https://example.org/a(b)",
        "http://example.org/ünïcode",
    ],
)
def test_an_address_stays_whole(address: str, render: Render) -> None:
    listing = Listing(
        *("page", ("cs.DC",), None),
        (entry(title="The code", abstract=f"See {address}.", comments=f"Code: {address}"),),
    )
    text, _ = document(listing)
    html = render(text)
    assert unquote(quote(address, safe=":/?=&();*~")) in links(html) | {
        one.replace("%3B", ";") for one in links(html)
    }
    assert "**" not in html


@pytest.mark.parametrize("render", RENDERERS)
@pytest.mark.parametrize(
    "title", ["www.example.org/a_b", "http://example.org/a_b", "ftp://x.org/a_b", "me@example.org"]
)
def test_what_only_looks_like_an_address_in_a_title_is_text(title: str, render: Render) -> None:
    text, words = document(Listing("page", ("cs.DC",), None, (entry(title=title),)))
    html = render(text)
    assert links(html) == addresses(words)
    assert title in unescape(re.sub(r"<[^>]*>", "", html))


def test_hits_are_seen_within_the_link_of_a_heading() -> None:
    text, _ = document(Listing("page", ("cs.DC",), None, (entry(title="The code of it"),)))
    [heading] = re.findall(r"<h3>.*?</h3>", by_markdown_it(text))
    assert "of it</a></h3>" in heading
    assert "<em>code</em>" in heading


def test_followed_authors_are_bold() -> None:
    words = wording.words(
        digest.build(
            [Listing("page", (), None, (entry(authors=("Ann Lee", "Bo *Li*")),))],
            config.read("[[rules]]\nauthors = ['Ann Lee']", ""),
        )
    )
    [one] = words.sections[0].entries
    assert markdown.names(one) == r"**Ann Lee**, Bo \*Li\*"
    assert markdown.labels(one) == "**Ann Lee**"


@pytest.mark.parametrize(("count", "has_contents"), [(10, False), (11, True)])
def test_more_than_ten_entries_have_contents_that_say_why(
    count: int, *, has_contents: bool
) -> None:
    entries = [entry(f"2507.{number:05}") for number in range(count)]
    text, _ = document(Listing("page", ("cs.DC",), None, entries))
    assert ("## Contents" in text) == has_contents
    assert ("\n10. On pelicans · Everything\n" in text) == has_contents
