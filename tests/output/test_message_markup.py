"""The HTML part of a message, as the mail readers that are hard to please need it."""

import re
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import cycle, islice
from pathlib import Path

import pytest
from entries import entry

from arxivdigest import config, digest
from arxivdigest.mail.message import compose
from arxivdigest.model import AnnounceType, Listing
from arxivdigest.output import fitting, templating, wording
from arxivdigest.output.wording import DigestWords

RULES = """
announce = ["new", "cross", "replace", "replace-cross"]
[[rules]]
name = "Caches"
any = ["cache*"]
weight = 3
[[rules]]
name = "Many"
any = ["words"]
[[rules]]
name = "People"
authors = ["Ada Lovelace"]
"""
WHOLE = 102_000
"""Bytes: Gmail cuts what is longer, and hides the rest behind a link."""


def words(count: int, *, abstracts: bool = True, show_all: bool = False) -> DigestWords:
    """A digest of as many entries, as long as real ones are on average."""
    kinds = list(islice(cycle(AnnounceType), count))
    entries = [
        entry(
            f"2507.{number:05}",
            kind,
            title=f"Number {number}: a title of about eighty letters on caches, as real ones have",
            authors=tuple(f"Author Number{one}" for one in range(8)),
            abstract="Of caches and words there is so much to say. " + "It goes on and on. " * 70,
            comments="12 pages, 3 figures; the code is at https://example.org/code",
            formats=("pdf", "html"),
        )
        for number, kind in enumerate(sorted(kinds, key=list(AnnounceType).index), 1)
    ]
    last = {"title": "On words alone", "abstract": "Many words. " * 50}
    entries[-1] = entry("2507.99999", kinds[-1], **last)
    listing = Listing("page", ("cs.DC",), None, entries)
    made = digest.build([listing], config.read(RULES, "config.toml"), show_all=show_all)
    return wording.words(made, abstracts=abstracts)


def part(made: DigestWords) -> str:
    return templating.render_message(made, Path("nowhere"))[1]


@pytest.mark.parametrize(("count", "abstracts"), [(30, True), (63, False)])
def test_a_long_message_stays_whole_in_gmail(count: int, *, abstracts: bool) -> None:
    made = part(words(count, abstracts=abstracts))
    assert len(made.encode()) < WHOLE
    assert "left out" not in made


def test_in_a_longer_one_the_abstracts_of_the_lowest_scores_give_way() -> None:
    made = part(words(63))
    assert WHOLE * 0.9 < len(made.encode()) < WHOLE
    assert re.search(r"\d+ abstracts of the lowest scores left out", made)
    assert "so much to say" in made
    assert "Many words." not in made


def test_where_nothing_helps_the_message_is_as_short_as_can_be() -> None:
    made = part(words(200))
    assert "so much to say" not in made
    assert made.count("<h3>") == 200
    assert made.index("for you, longer than Gmail shows at once") < made.index("Contents")
    assert "shows at once" not in part(words(63))


@pytest.mark.parametrize("document", ["message", "page"])
def test_nothing_in_contents_is_wider_than_a_phone(document: str) -> None:
    """Labels are as long as the names of rules: they hold together, and are wrapped."""
    made = part(words(12)) if document == "message" else page(words(12))
    [label] = re.findall(r"\.(?:l|label) ?\{([^}]*)\}", made.partition("@media")[0] + made)[:1]
    assert "nowrap" not in label
    assert re.search(r"display: ?inline-block", label)


@pytest.mark.parametrize("count", [12, 63, 200])
def test_both_parts_of_a_message_say_the_same(count: int) -> None:
    text, html = templating.render_message(words(count), Path("nowhere"))
    assert text.count("so much to say") == html.count("so much to say")
    assert ("left out" in text) == ("left out" in html)


@pytest.mark.skipif(not shutil.which("spamassassin"), reason="SpamAssassin is not here")
@pytest.mark.parametrize("count", [0, 12, 150])
def test_no_message_looks_like_spam(count: int) -> None:
    made = words(count) if count else words(1)._replace(sections=(), days=())
    text, html = templating.render_message(made, Path("nowhere"))
    message = compose(
        text=text,
        html=html,
        sender="digest@example.org",
        to=["me@example.org"],
        subject=made.summary,
        date=datetime(2025, 7, 11, 6, 30, tzinfo=UTC),
        identity=("2025-07-11", "cs.DC"),
        profile="",
        account="complete; read=22; selected=5; new=11; cross=3; replace=7; replace-cross=1",
    )
    ran = subprocess.run(
        ["spamassassin", "-t", "-L"],
        input=message.as_bytes(),
        capture_output=True,
        check=True,
        timeout=120,
    )
    [score] = re.findall(rb"X-Spam-Status: \w+, score=(-?[0-9.]+)", ran.stdout)
    assert float(score) <= 0, ran.stdout[-2000:].decode("utf-8", "replace")


def test_a_message_is_rendered_twice_at_most() -> None:
    rendered: list[str] = []

    def render(shorter: DigestWords) -> str:
        rendered.append(templating.render_template(shorter, templating.MESSAGE, Path("nowhere")))
        return rendered[-1]

    for count in (63, 100):
        rendered.clear()
        fitting.fitted(words(count), render)
        assert len(rendered) <= 2


def test_the_message_loads_nothing_and_has_one_style_that_gmail_keeps() -> None:
    made = part(words(63, show_all=True))
    assert not re.search(r"<(link|script|img)|\ssrc=|url\(|@import|@font", made)
    [style] = re.findall(r"<style>(.*?)</style>", made, re.DOTALL)
    assert len(style) < 8192
    assert "prefers-color-scheme:dark" in style
    assert not re.search(r"display\s*:\s*(flex|grid)|position\s*:|float\s*:|opacity", made)


def test_the_styles_that_matter_stand_inline() -> None:
    bare = re.sub(r"<style>.*?</style>", "", part(words(30)), flags=re.DOTALL)
    assert len(re.findall(r'<td [^>]*style="font-family:', bare)) == 1
    assert re.search(r'<h1 style="[^"]*font-size:28px', bare)
    assert all("background:#fde68a" in mark for mark in re.findall(r"<mark[^>]*>", bare))


def test_word_which_draws_for_outlook_can_lay_it_out() -> None:
    """Padding of table cells alone, and line heights with its own rule."""
    made = part(words(30, show_all=True))
    for tag, style in re.findall(r'<(\w+)[^>]* style="([^"]*)"', made):
        if tag not in ("td", "body"):
            assert "padding" not in style, (tag, style)
        assert "line-height" not in style or "mso-line-height-rule:exactly" in style, (tag, style)
    [style] = re.findall(r"<style>(.*?)@media", made, re.DOTALL)
    for selector, body in re.findall(r"([^{}]+)\{([^}]*)\}", style):
        cells = [re.search(r"(^|\s)td(\.\w+)?$", one.strip()) for one in selector.split(",")]
        assert "padding" not in body or all(cells), selector
        assert "line-height" not in body or "mso-line-height-rule:exactly" in body
    assert not re.search(r"rgba\(|hsl|var\(|text-indent|margin-left:-|max-width:(?!640px)", made)


def test_a_number_leads_to_the_entry_and_its_title_to_arxiv() -> None:
    """Anchors do not work in Gmail's app."""
    made = part(words(12))
    rows = re.findall(r'<tr><td class="n"><a href="(.*?)">(\d+)</a></td><td><a href="(.*?)">', made)
    assert len(rows) == 12
    for target, number, address in rows:
        assert target == f"#e{number}"
        assert address.startswith("https://arxiv.org/abs/2507.")
        assert made.count(f'id="e{number}"') == 1


def test_a_number_stands_before_the_title_as_in_contents() -> None:
    made = part(words(12))
    found = re.findall(r"<h3><span>(\d+)\.</span> <a id=\"e(\d+)\"", made)
    assert found == [(str(number), str(number)) for number in range(1, 13)]


def test_the_dark_reaches_what_is_styled_inline() -> None:
    [dark] = re.findall(r"@media \(prefers-color-scheme:dark\)\{(.*)\}", part(words(12)))
    assert re.search(r"mark\{background:#\w+!important;color:#\w+!important\}", dark)
    inline = re.sub(r"<style>.*?</style>|<mark[^>]*>", "", part(words(12)), flags=re.DOTALL)
    assert not re.search(r'style="[^"]*(?<!-)(color|background):', inline)


def test_a_phone_shows_the_best_titles_before_all_else() -> None:
    made = words(12)
    assert len(made.best) == 3
    [hidden] = re.findall(r'<div style="display:none;[^"]*">(.*?)</div>', part(made))
    assert hidden == " · ".join(made.best)
    assert "display:none" not in part(words(1)._replace(best=()))


def page(made: DigestWords) -> str:
    return templating.render(made, "html", Path("nowhere"))


@pytest.mark.parametrize("document", [part, page])
def test_contents_say_why(document: Callable[[DigestWords], str]) -> None:
    made = re.sub(r"</?span[^>]*>|&nbsp;", " ", document(words(12)))
    assert re.search(r"Contents</h2>.*?<p[^>]*>New submissions · 3</p>", made, re.DOTALL)
    assert re.search(r"</a>\s*(·\s*)?Caches · Many", made)


@pytest.mark.parametrize("document", [part, page])
def test_an_option_is_never_broken_in_two(document: Callable[[DigestWords], str]) -> None:
    listing = Listing("page", ("cs.DC",), None, [entry("2507.00001")])
    nothing = config.read("[[rules]]\nany = ['zebra']", "config.toml")
    made = document(wording.words(digest.build([listing], nothing)))
    assert '<span style="white-space:nowrap">--all</span> shows it.' in made


@pytest.mark.parametrize("document", [part, page])
@pytest.mark.parametrize("entry", ["h3", "Nearest"])
def test_no_line_of_an_entry_begins_with_a_dot(
    document: Callable[[DigestWords], str], entry: str
) -> None:
    made = words(12)
    if entry == "Nearest":
        made = made._replace(days=(), sections=(), nearest=made.sections[0].entries)
    after = document(made).partition(f"<{entry}>" if entry == "h3" else f">{entry}")[2]
    facts = re.findall(r'<p class="q(?:uiet)?">(?=.*2507\.\d{5}).*</p>', after)
    assert facts
    assert all("\u00a0· " in line for line in facts)
    assert not any(" ·" in line or "score " in line for line in facts)
