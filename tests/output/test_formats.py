"""The same digest in every format, held to files that a reviewer can read."""

import io
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from email import message_from_bytes, message_from_string, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from rich.console import Console

from arxivdigest import config, digest, output
from arxivdigest.errors import UsageError
from arxivdigest.model import AnnounceType, Digest, Entry, Listing
from arxivdigest.output import templating, wording
from arxivdigest.text import width as text_width

CONFIG = r"""
announce = ["new", "cross", "replace", "replace-cross"]

[[rules]]
name = "Caches"
any = ["KV cache", "prefill*"]
weight = 3

[[rules]]
name = "People"
authors = ["A. Lovelace"]

[[rules]]
name = "Learning"
subjects = ["cs.LG"]
weight = 0.5

[[rules]]
name = "Not for me"
any = ["blockchain"]
exclude = true

[email]
to = ["Zoë <zoe@example.org>"]
sender = "arXiv digest <digest@example.org>"
"""

LISTING = Listing(
    source="page",
    subjects=("cs.DC",),
    announced=date(2025, 7, 11),
    total=6,
    entries=(
        Entry(
            arxiv_id="2507.00001",
            version=1,
            announce_type=AnnounceType.NEW,
            title=r"A $\mathcal{O}(n^2)$ KV-cache for \emph{everyone} [and *you*]",
            authors=(*(f"Author Number{number}" for number in range(1, 11)), "Ada Lovelace"),
            primary_category="cs.DC",
            categories=("cs.DC", "cs.LG"),
            abstract="We prefill it, 50\\% faster.\nThe second paragraph: $p < 0.05$ & more.",
            comments="12 pages; code: https://example.org/code",
            formats=("pdf", "html", "other"),
        ),
        Entry(
            arxiv_id="2507.00002",
            version=1,
            announce_type=AnnounceType.NEW,
            title="数学 on the edge <b>of</b> a table",
            authors=("Ada Lovelace",),
            primary_category="cs.DC",
            categories=("cs.DC",),
            abstract="- not a list\n1. nor this",
            formats=("pdf", "other"),
        ),
        Entry(
            arxiv_id="2507.00003",
            version=2,
            announce_type=AnnounceType.CROSS,
            title="Learning to wait",
            authors=("Blaise Pascal", "Émilie du Châtelet"),
            primary_category="cs.LG",
            categories=("cs.LG", "cs.DC"),
            abstract="It waits.",
            journal_ref="Proc. Patience 3 (2025) 1-9",
        ),
        Entry(
            arxiv_id="2507.00004",
            version=1,
            announce_type=AnnounceType.NEW,
            title="A blockchain for the KV cache",
            authors=("Nobody Special",),
            primary_category="cs.DC",
            categories=("cs.DC",),
            abstract="A ledger.",
        ),
        Entry(
            arxiv_id="math/0601001",
            version=5,
            announce_type=AnnounceType.REPLACE,
            title="Old ids have a slash",
            authors=(),
            primary_category="cs.DC",
            categories=("cs.DC",),
            abstract="",
            comments="prefill and KV cache stand in the comments only",
        ),
        Entry(
            arxiv_id="2506.00005",
            version=3,
            announce_type=AnnounceType.REPLACE_CROSS,
            title="Prefilling, replaced",
            authors=("A. B. Lovelace", "Charles Babbage"),
            primary_category="cs.AR",
            categories=("cs.AR", "cs.DC"),
            abstract="About prefilling.",
        ),
    ),
)


def build(text: str = CONFIG, *, show_all: bool = False) -> Digest:
    return digest.build([LISTING], config.read(text, "config.toml"), show_all=show_all)


def surroundings(user_templates: Path = Path("nowhere"), width: int = 96) -> output.Surroundings:
    return output.Surroundings(
        console=lambda: Console(width=width, file=io.StringIO(), color_system=None),
        now=lambda: datetime(2025, 7, 11, 6, 30, tzinfo=UTC),
        user_templates=user_templates,
        email=config.read(CONFIG, "config.toml").email,
        profile="",
    )


def rendered(name: str, made: Digest | None = None, **options: bool | None) -> str:
    shown = output.render(name, made or build(), surroundings(), abstracts=options.get("abstracts"))
    return shown if isinstance(shown, str) else shown.decode()


@pytest.mark.parametrize(
    ("format_name", "file"),
    [
        ("table", "digest.table"),
        ("plain", "digest.tsv"),
        ("markdown", "digest.md"),
        ("text", "digest.txt"),
        ("html", "digest.html"),
        ("json", "digest.json"),
        ("ndjson", "digest.ndjson"),
        ("bibtex", "digest.bib"),
        ("atom", "digest.atom"),
    ],
)
def test_each_format_is_as_its_golden_file(
    format_name: str, file: str, golden: Callable[[str, str], None]
) -> None:
    golden(file, rendered(format_name))


def test_the_message_is_as_its_golden_files(golden: Callable[[str, str], None]) -> None:
    written = rendered("email")
    boundary = re.search(r'boundary="(.*)"', written)
    assert boundary
    golden("message.eml", written.replace(boundary[1], "a-boundary"))
    message = message_from_bytes(written.encode(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    text, html = [str(part.get_content()) for part in message.iter_parts()]
    golden("digest.txt", text)
    golden("message.html", html)


def test_the_table_with_abstracts_and_with_what_is_hidden(
    golden: Callable[[str, str], None],
) -> None:
    golden("digest-all-abstracts.table", rendered("table", build(show_all=True), abstracts=True))


@pytest.mark.parametrize("width", [60, 72, 88, 100, 139, 140, 200])
@pytest.mark.parametrize("abstracts", [True, False])
def test_no_line_of_the_table_is_wider_than_the_terminal(*, width: int, abstracts: bool) -> None:
    shown = output.render(
        "table", build(show_all=True), surroundings(width=width), abstracts=abstracts
    )
    assert isinstance(shown, str)
    assert max(map(text_width, shown.splitlines())) <= width


@pytest.mark.parametrize("format_name", ["table", "markdown", "text", "html"])
def test_every_format_for_people_says_the_same_of_an_entry(format_name: str) -> None:
    without_tags = re.sub(r"</?\w[^<>]*>", "", rendered(format_name, build(show_all=True)))
    shown = " ".join(without_tags.split())
    for said in (
        "Émilie du Châtelet",
        "2506.00005",
        "cs.AR",
        "Old ids have a slash",
        "𝒪(n²)",
    ):
        assert said in shown


@pytest.mark.parametrize("format_name", ["markdown", "text", "html"])
def test_every_document_ends_with_the_verdict(format_name: str) -> None:
    end = " ".join(rendered(format_name)[-400:].split())
    assert "6 of 6 entries (3 new, 1 cross-list, 2 replacements) from the page; 4 match." in end


def test_an_empty_digest_is_still_a_document() -> None:
    nothing = digest.build(
        [Listing("page", ("cs.DC",), date(2025, 7, 12), ())], config.read("", "config.toml")
    )
    for format_name in ("table", "markdown", "text", "html"):
        assert "no announcement" in rendered(format_name, nothing)


def test_a_template_of_the_same_name_goes_first(tmp_path: Path) -> None:
    (tmp_path / "digest.md.j2").write_text("{{ headline }} of {{ subjects[0] }}")
    shown = output.render("markdown", build(), surroundings(tmp_path), abstracts=None)
    assert shown == "4 of 6 for you of cs.DC"


def test_a_new_template_is_a_new_format(tmp_path: Path) -> None:
    (tmp_path / "digest.org.j2").write_text(
        "{% for section in sections %}{% for entry in section.entries %}"
        "* {{ entry.title | plain }}\n{% endfor %}{% endfor %}"
    )
    shown = output.render("org", build(), surroundings(tmp_path), abstracts=None)
    assert str(shown).splitlines()[1] == "* 数学 on the edge <b>of</b> a table"


def test_an_html_template_of_the_users_is_escaped_too(tmp_path: Path) -> None:
    (tmp_path / "digest.card.html.j2").write_text(
        "{% for section in sections %}{% for entry in section.entries %}"
        "<p>{{ entry.title | plain }}</p>\n{% endfor %}{% endfor %}"
    )
    shown = output.render("card.html", build(), surroundings(tmp_path), abstracts=None)
    assert "<p>数学 on the edge &lt;b&gt;of&lt;/b&gt; a table</p>" in str(shown)


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("one\n{{ nonsense }}", "digest.md.j2:2: 'nonsense' is undefined"),
        ("{% for %}", "digest.md.j2:1: Expected an expression"),
        ("one\ntwo {{ sections[9].title }}", "digest.md.j2:2: "),
        ("{{ 1 / 0 }}", "digest.md.j2:1: division by zero"),
        ("{{ title | shout }}", "digest.md.j2:1: No filter named 'shout'"),
        ("{{ ''.__class__.__mro__ }}", "digest.md.j2:1: access to attribute '__class__'"),
        ("{{ title.format.__globals__ }}", "digest.md.j2:1: access to attribute '__globals__'"),
    ],
)
def test_a_mistake_in_a_template_is_one_line_with_file_and_line(
    tmp_path: Path, template: str, complaint: str
) -> None:
    (tmp_path / "digest.md.j2").write_text(template)
    with pytest.raises(UsageError) as caught:
        output.render("markdown", build(), surroundings(tmp_path), abstracts=None)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("markdwn", 'there is no format "markdwn"; did you mean "markdown"?'),
        ("pdf", "known: table, plain, json, ndjson, email, atom, bibtex, html, markdown, text"),
        ("../../etc/passwd", "there is no format"),
    ],
)
def test_an_unknown_format_names_the_known_ones(name: str, complaint: str) -> None:
    with pytest.raises(UsageError, match="no format") as caught:
        rendered(name)
    assert complaint in str(caught.value)


def test_a_wrong_subject_template_is_named() -> None:
    wrong = output.Surroundings(
        console=surroundings().console,
        now=surroundings().now,
        user_templates=Path("nowhere"),
        email=config.Email(to=("a@example.org",), sender="b@example.org", subject="{{ nope }}"),
        profile="",
    )
    with pytest.raises(UsageError, match=r"\[email\] subject: 'nope' is undefined"):
        output.render("email", build(), wrong, abstracts=None)


def test_the_order_of_the_subjects_does_not_make_another_message() -> None:
    ids = {
        message_from_string(rendered("email", build()._replace(subjects=subjects)))["Message-ID"]
        for subjects in (("cs.DC", "cs.LG"), ("cs.LG", "cs.DC"))
    }
    assert len(ids) == 1


def test_the_message_says_what_was_read_and_for_which_list() -> None:
    message = message_from_string(rendered("email"), policy=policy.default)
    assert message["List-Id"] == "<arxivdigest.example.org>"
    assert message["X-Arxiv-Digest"] == (
        "complete; read=6; selected=4; new=3; cross=1; replace=1; replace-cross=1"
    )


def many(count: int) -> Digest:
    entries = tuple(
        LISTING.entries[0]._replace(arxiv_id=f"2507.{number:05}", title=f"Entry {number:02}")
        for number in range(1, count)
    )
    last = LISTING.entries[2]._replace(arxiv_id="math/0601001")
    return digest.build(
        [LISTING._replace(entries=(*entries, last))], config.read("announce = ['new', 'cross']", "")
    )


@pytest.mark.parametrize(
    ("count", "links"), [(2, 0), (10, 0), (11, 11), (40, 40)], ids=["2", "10", "11", "40"]
)
def test_more_than_ten_entries_have_a_table_of_contents(count: int, links: int) -> None:
    text, html = templating.render_message(wording.words(many(count)), Path("nowhere"))
    page = rendered("html", many(count))
    assert text.count("Entry 01\n") == (2 if links else 1)
    assert ("\nCONTENTS\n" in text) == bool(links)
    for document, target in ((html, r"#(e\d+)"), (page, r"#(\d[\w./-]+|math/\d+)")):
        led_to = re.findall(f'href="{target}"', document)
        assert len(led_to) == links
        assert all(document.count(f'id="{one}"') == 1 for one in led_to)


def test_a_listing_that_is_not_whole_says_so_before_its_entries() -> None:
    listing = LISTING._replace(problems=("2 entries are missing",))
    made = digest.build([listing], config.read(CONFIG, "config.toml"))
    text, html = templating.render_message(wording.words(made), Path("nowhere"))
    for document in (text, html, rendered("html", made), rendered("markdown", made)):
        begin, _, end = document.partition("KV-cache")
        assert "2 entries are missing" in " ".join(begin.split())
        assert "2 entries are missing" in " ".join(end.split())
