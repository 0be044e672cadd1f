"""What strangers write stays text, whatever it is shown in."""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import getaddresses
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from ran import Digest as Command
from rich.console import Console
from selectolax.lexbor import LexborHTMLParser

from arxivdigest import digest as digests
from arxivdigest import output
from arxivdigest.arxiv.listings import parse
from arxivdigest.config import Config, Email
from arxivdigest.errors import DigestError
from arxivdigest.model import AnnounceType, Digest, Entry, Listing
from arxivdigest.output import templating, wording
from arxivdigest.output.hits import Piece
from arxivdigest.output.wording import DigestWords
from arxivdigest.rules import Rule
from arxivdigest.rules.conditions import FIELDS, AnyKeyword, Authors, Subjects
from arxivdigest.rules.keywords import keyword
from arxivdigest.text import one_line, safe
from arxivdigest.text import width as text_width

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")

PAYLOADS = [
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;https://evil.example/\x1b\\link\x1b]8;;\x1b\\",
    "\x1b]0;title\x07",
    "\x9b31m",
    "\x9d0;title\x9c",
    "\x90q\x9c",
    "\x00",
    "\x08\x08",
    "\x7f",
    "\r",
    "\r\n",
    "\n\n",
    "\t",
    "\v",
    "\f",
    "\x1c\x1d\x1e\x1f",
    "\x85",
    "\u2028",
    "\u2029",
    "\u202egnp.exe",
    "\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "\ufeff\u200b\u2060\u00ad",
    "e\u0301\u0302\u0303",
    "数学" * 30,
    "👩‍👩‍👧",
    "[red]",
    "[/x]",
    "[link=https://evil.example/]x[/link]",
    ":smile:",
    "{{ 7*7 }}",
    "{% for x in range(9) %}x{% endfor %}",
    "{# comment #}",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</title></style></main><iframe src=//evil.example>",
    "<!--",
    "]]>",
    "&lt;b&gt; &#106;avascript: &amp;amp; &nbsp",
    "[x](https://evil.example/)",
    "![x](https://evil.example/x.png)",
    "[x]: https://evil.example/",
    "<https://evil.example/>",
    "<me@evil.example>",
    "https://evil.example/",
    "**bold** __bold__ *em* _em_ ~~gone~~",
    "# heading",
    "- item",
    "+ item",
    "1. item",
    "1) item",
    "> quote",
    "| a | b |\n|---|---|\n| c | d |",
    "```",
    "~~~",
    "`code`",
    "---",
    "===",
    "***",
    "    code",
    "\\",
    "a\\\nb",
    "\r\nBcc: you@evil.example\r\n\r\nbody",
    "=?utf-8?q?=0D=0ABcc:_you=40evil.example?=",
    "From here",
    ".\n",
    "x" * 300,
    "$",
    "$$",
    "{",
    "}",
    "\\(",
    "\\[",
    "$\\frac{1}{",
    "$x<y$ and $a>b$",
    "\\emph{so} \\textbf{",
    "\\href{javascript:alert(1)}{x}",
    "$\\href{https://evil.example/}{x}$",
    "$\\text{\x1b[31m}$",
    "\\'",
    "~",
    "%s %(x)s {0}",
]
WORDS = ["pelican", "KV cache", "C++", "Ann Lee", " ", ", ", "of "]
hostile = st.lists(
    st.one_of(
        st.sampled_from(PAYLOADS),
        st.sampled_from(WORDS),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
        st.text(st.characters(categories=["P", "S", "Cc", "Cf", "Z", "M"]), max_size=8),
    ),
    max_size=5,
).map("".join)
ids = st.sampled_from(["2507.00001", "0704.0001", "math/0601001", "math.GT/0309136"])
entries = st.builds(
    Entry,
    arxiv_id=ids,
    version=st.none(),
    announce_type=st.sampled_from(AnnounceType),
    title=hostile,
    authors=st.lists(st.one_of(hostile, st.just("Ann Lee")), max_size=4).map(tuple),
    primary_category=hostile,
    categories=st.lists(st.one_of(hostile, st.just("cs.DC")), max_size=3).map(tuple),
    abstract=hostile,
    comments=st.none() | hostile,
    journal_ref=st.none() | hostile,
    doi=st.none() | hostile,
    license=st.none() | hostile,
    formats=st.sampled_from([(), ("pdf", "html")]),
)
rules = st.builds(
    lambda names: (
        Rule(names[0], (AnyKeyword((keyword("pelican"), keyword("KV cache")), FIELDS),), 2.5),
        Rule(names[1], (AnyKeyword((keyword("C++"), keyword("/[*_<&]+/")), FIELDS),)),
        Rule(names[2], (Authors(("Ann Lee",)),)),
        Rule("Mine", (Subjects(("cs.DC",)),)),
    ),
    st.tuples(hostile, hostile, hostile),
)
listings = st.builds(
    Listing,
    source=st.just("page"),
    subjects=st.lists(hostile, max_size=2).map(tuple),
    announced=st.sampled_from([date(2025, 7, 11), None]),
    entries=st.lists(entries, min_size=1, max_size=3).map(tuple),
    problems=st.lists(hostile, max_size=1).map(tuple),
    notes=st.lists(hostile, max_size=1).map(tuple),
)
hostile_digests = st.builds(
    lambda listing, asked: digests.build([listing], Config(rules=asked), show_all=True),
    listings,
    rules,
)
thorough = settings(max_examples=40)

NOWHERE = Path(__file__).parent / "nowhere"
MORNING = datetime(2025, 7, 11, 6, tzinfo=UTC)
STEERING = "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def steering(text: str, allowed: str = "\n") -> set[str]:
    """The characters of the text that steer a terminal, or reorder what is shown."""
    return {
        character
        for character in set(text) - set(allowed)
        if unicodedata.category(character) in ("Cc", "Cs") or character in STEERING
    }


def rendered(
    digest: Digest,
    name: str,
    *,
    abstracts: bool = True,
    console: Console | None = None,
    email: Email | None = None,
) -> str:
    around = output.Surroundings(
        console=lambda: console or Console(),
        now=lambda: MORNING,
        user_templates=NOWHERE,
        email=email or Email(),
        profile="",
    )
    made = output.render(name, digest, around, abstracts=abstracts)
    return made if isinstance(made, str) else made.decode()


def shown(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def titles(words: DigestWords) -> list[str]:
    return [shown(entry.title) for section in words.sections for entry in section.entries]


def headed(words: DigestWords, *, repeated: bool = False) -> list[str]:
    """The titles that are headings; an entry that is there already has its id in place of one."""
    entries = [entry for section in words.sections for entry in section.entries]
    return [
        entry.arxiv_id if entry.first else shown(entry.title)
        for entry in entries
        if repeated or not entry.first
    ]


def without_blanks(text: str) -> str:
    return "".join(text.split())


KEPT = set("number arxiv_id announce_type kind score selected date verdict address".split())


def harmless(words: Any) -> Any:  # noqa: ANN401 - whatever words are made of
    """The same words with an `x` for whatever strangers wrote in them."""
    changes: dict[str, Any] = {}
    for name, value in words._asdict().items():
        if name not in KEPT and not name.endswith("_url"):
            changes[name] = _harmless(value)
    return words._replace(**changes)


def _harmless(value: Any) -> Any:  # noqa: ANN401 - whatever words are made of
    if hasattr(value, "_asdict"):
        return harmless(value)
    if isinstance(value, tuple):
        return tuple(map(_harmless, value))
    return "x" if isinstance(value, str) and value else value


def test_titles_without_tex_are_shown_letter_for_letter() -> None:
    title = "a [red] {0} <b> & *x* _y_ :smile: \x1b[31m\u202e\r\nBcc: b@example.org"
    entry = Entry("2507.00001", 1, AnnounceType.NEW, title, (), "cs.DC", ("cs.DC",), "")
    listing = Listing("feed", ("cs.DC",), None, (entry._replace(title=title.replace("{0}", "")),))
    [read] = titles(wording.words(digests.build([listing], Config())))
    assert read == "a [red]  <b> & *x* _y_ :smile: [31m  Bcc: b@example.org"


SGR = re.compile(r"\x1b\[[0-9;]*m")
LINK = re.compile(r"\x1b\]8;(?:id=[\w.-]*)?;(?:https?://[!-~]+?)?\x1b\\")


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("colour", [True, False])
@thorough
@given(digest=hostile_digests)
def test_the_table(width: int, digest: Digest, *, colour: bool) -> None:
    console = Console(
        file=StringIO(),
        width=width,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
        highlight=False,
        emoji=False,
        markup=False,
    )
    table = rendered(digest, "table", console=console)
    if not colour:
        assert "\x1b" not in table
    bare = SGR.sub("", LINK.sub("", table))
    assert not steering(bare)
    assert max(map(text_width, bare.split("\n"))) <= width
    words = wording.words(digest, most_authors=3)
    for title in map(without_blanks, titles(words)):
        if width < 88:
            assert title in without_blanks(bare)
        else:
            following = iter(bare)
            assert all(letter in following for letter in title)


@thorough
@given(digest=hostile_digests)
def test_plain_lines(digest: Digest) -> None:
    plain = rendered(digest, "plain", abstracts=False)
    assert not steering(plain, "\t\n")
    lines = plain.splitlines()
    assert len(lines) == len(digest.rulings)
    for line, ruling in zip(lines, digest.rulings, strict=True):
        columns = line.split("\t")
        assert len(columns) == 8
        assert columns[4] == one_line(safe(ruling.entry.title))


class Page(HTMLParser):
    """A page's tags and attributes (of titles only that they are there), as Python reads them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.comments: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = [(name, None if name == "title" else value) for name, value in attrs]
        self.tags.append((tag, tuple(told)))

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


ALLOWED_TAGS = set(
    "html head meta title style body main header footer section article div table tbody tr td"
    " nav h1 h2 h3 p span a b br mark ol li details summary".split()
)


def assert_harmless_page(html: str, same_with_harmless_text: str, words: DigestWords) -> None:
    page, expected = Page(html), Page(same_with_harmless_text)
    tree = LexborHTMLParser(html)
    assert not steering(html)
    assert page.tags == expected.tags
    assert not page.comments
    assert [node.tag for node in tree.css("*")] == [
        node.tag for node in LexborHTMLParser(same_with_harmless_text).css("*")
    ]
    assert {node.tag for node in tree.css("*")} <= ALLOWED_TAGS
    for _, attributes in page.tags:
        names = {name for name, _ in attributes}
        assert not {name for name in names if name.startswith("on")}
        assert not names & {"src", "srcset", "background", "action", "poster", "data", "ping"}
    for link in tree.css("[href]"):
        assert_harmless_link(link.attributes["href"], link.text())
    assert not re.search(r"url\(|@import", "".join(node.text() for node in tree.css("style")))
    read = [node.text() for node in tree.css("article[id] h3 a, h3 a[name]")]
    assert read == headed(words)


def assert_harmless_link(address: str | None, text: str) -> None:
    """A link leads to arXiv, within the page, or to an address whose own text, or part, it is."""
    assert address
    if not address.startswith(("https://arxiv.org/", "#")):
        assert address.startswith(("https://", "http://"))
        assert text in address


@thorough
@given(digest=hostile_digests)
def test_the_page(digest: Digest) -> None:
    words = wording.words(digest)
    assert_harmless_page(
        rendered(digest, "html"), templating.render(harmless(words), "html", NOWHERE), words
    )


def tokens(markdown: str) -> Iterator[Token]:
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown):
        yield token
        yield from token.children or ()


def structure(markdown: str) -> list[tuple[str, str, Any]]:
    """The tags that the Markdown gives, with their attributes; bold is for hits that allow it."""
    marks = ("strong_open", "strong_close", "em_open", "em_close")
    texts = ("text", "inline", "text_special", *marks)
    return [
        (token.type, token.tag, token.attrs)
        for token in tokens(markdown)
        if token.type not in texts
    ]


def linked_texts(markdown: str) -> list[str]:
    """The text of each link, but for addresses that are links to themselves."""
    found: list[str] = []
    is_linked = False
    for token in tokens(markdown):
        is_begin = token.type == "link_open" and token.markup != "autolink"
        if is_begin:
            found.append("")
        is_linked = is_begin or (is_linked and token.type != "link_close")
        if is_linked and token.type not in ("link_open", "inline"):
            found[-1] += token.content
    return found


@thorough
@given(digest=hostile_digests)
def test_markdown(digest: Digest) -> None:
    words = wording.words(digest)
    markdown = rendered(digest, "markdown")
    assert not steering(markdown)
    assert structure(markdown) == structure(templating.render(harmless(words), "markdown", NOWHERE))
    kinds = {token.type for token in tokens(markdown)}
    assert not kinds & {"html_block", "html_inline", "image", "fence", "code_block"}
    links = [token for token in tokens(markdown) if token.type == "link_open"]
    for link in links:  # what is between < and > leads to what it says
        address = str(link.attrs["href"])
        assert address.startswith("https://arxiv.org/") or link.markup == "autolink"
        assert address.startswith(("https://", "http://"))
    read = [one_line(text) for text in linked_texts(markdown)]
    near = [one_line("".join(piece.text for piece in one.title)) for one in words.nearest]
    assert [text for text in read if text not in ("PDF", "HTML")] == [
        *near,
        *(one_line(title) for title in headed(words, repeated=True)),
    ]


@thorough
@given(digest=hostile_digests)
def test_text(digest: Digest) -> None:
    text = rendered(digest, "text")
    assert not steering(text)
    for line in text.split("\n"):
        longest = max(map(text_width, line.split()), default=0)
        assert text_width(line) <= 78 or text_width(line) <= longest + len("    math.GT/0309136  ")
    for title in titles(wording.words(digest)):
        assert without_blanks(title) in without_blanks(text)


HEADERS = [
    *("Date", "From", "To", "Subject", "Message-ID", "List-Id", "Auto-Submitted"),
    *("X-Arxiv-Digest", "MIME-Version"),
]


@thorough
@given(digest=hostile_digests, name=hostile)
def test_an_email(digest: Digest, name: str) -> None:
    name = re.sub(r'["\\]', "", name)
    email = Email(
        to=(f'"{name}" <me@example.org>', "you@example.org"),
        sender=f'"{name}" <digest@example.org>',
        subject="{{ title }}: {{ sections[0].entries[0].title | plain }}",
    )
    words = wording.words(digest)
    text, html = templating.render_message(words, NOWHERE)
    subject = one_line(f"{words.title}: {titles(words)[0]}")
    written = rendered(digest, "email", email=email).encode()
    assert written.isascii()
    assert not steering(written.decode())
    head = written.partition(b"\n\n")[0].split(b"\n")
    assert max(map(len, head)) <= 78
    assert max(map(len, written.split(b"\n"))) <= 998
    encoded = re.findall(rb"=\?utf-8\?[bq]\?[^?\s]*\?=", b"\n".join(head))
    assert all(len(word) <= 75 for word in encoded)
    message = message_from_bytes(written, policy=policy.default)
    old = message_from_bytes(written, policy=policy.compat32)
    assert isinstance(message, EmailMessage)
    assert message.keys() == [*HEADERS, "Content-Type"] == old.keys()
    assert message["Subject"] == subject == decoded(old["Subject"])
    assert [one.addr_spec for one in message["To"].addresses] == [
        "me@example.org",
        "you@example.org",
    ]
    assert message["From"].addresses[0].addr_spec == "digest@example.org"
    [(read_name, address)] = getaddresses([old["From"]])
    assert (one_line(decoded(read_name)), address) == (one_line(safe(name)), "digest@example.org")
    parts = list(message.iter_parts())
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content() for part in parts] == [text, html]
    assert_harmless_page(html, templating.render_message(harmless(words), NOWHERE)[1], words)


def decoded(value: object) -> str:
    return str(make_header(decode_header(re.sub(r"\r?\n", "", str(value)))))


@thorough
@given(digest=hostile_digests)
def test_json(digest: Digest) -> None:
    document = rendered(digest, "json")
    assert not steering(document)
    found = json.loads(document)
    assert [entry["title"] for entry in found["entries"]] == [
        as_json_can(ruling.entry.title) for ruling in digest.rulings
    ]
    for entry, ruling in zip(found["entries"], digest.rulings, strict=True):
        assert entry["abstract"] == as_json_can(ruling.entry.abstract)
        assert entry["authors"] == list(map(as_json_can, ruling.entry.authors))
        assert entry["categories"] == list(map(as_json_can, ruling.entry.categories))
        assert [match["rule"] for match in entry["matches"]] == [
            as_json_can(match.rule) for match in ruling.matches
        ]
    assert found["subjects"] == list(map(as_json_can, digest.subjects))


def as_json_can(text: str) -> str:
    """The text with the two halves of a character, where they stand side by side, as the one."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


NAME = "a\x1b]0;title\x07\x9b31m\u202eb\nc"


@pytest.mark.parametrize(
    "arguments",
    [
        ["today", "--from", NAME],
        ["today", "--from", f"http://127.0.0.1:1/{NAME}"],
        ["today", "--from", "saved.xml", "--output", f"missing/{NAME}"],
        ["today", "--from", "saved.xml", "--config", NAME],
        ["today", "--from", "saved.xml", "--format", NAME],
        ["today", "--from", "saved.xml", "--source", NAME],
        ["today", "--from", "saved.xml", "--profile", NAME],
        ["today", "--from", "saved.xml", "--limit", NAME],
        ["today", "--from", "saved.xml", "--keyword", f"/({NAME}/"],
        ["today", "--from", "saved.xml", "--format", "email", "--to", NAME],
        ["today", "--from", "saved.xml", f"--{NAME}"],
        ["today", "--from", "saved.xml", NAME],
        ["why", NAME, "--from", "saved.xml"],
        ["categories", NAME],
        [NAME],
    ],
)
def test_no_argument_is_repeated_raw(arguments: list[str], digest: Command, tmp_path: Path) -> None:
    (tmp_path / "saved.xml").write_text(feed("cs.DC updates on arXiv.org"), encoding="utf-8")
    ran = digest(*arguments)
    assert ran.code in (1, 2)
    assert not steering(ran.err)
    assert ran.err.count("\n") == 1
    assert not steering(ran.out)


def test_a_configuration_is_not_repeated_raw(digest: Command, tmp_path: Path) -> None:
    written = r"""
subjects = ["cs.\u001b[31m\u009b\u202e"]
"\u001b]0;key\u0007" = 1
[[rules]]
name = "\u001b[31m"
any = ["/(\u001b[31m/"]
subjects = ["*\u009b31m"]
in = ["\u202e"]
[output]
sort = "\u001b[31m"
[fetch]
site = "\u001b[31m"
["\u001b[1m"]
x = 1
"""
    (tmp_path / "config.toml").write_text(written, encoding="utf-8")
    ran = digest("config", "check", "--config", "config.toml")
    assert ran.code == 2
    assert not steering(ran.err + ran.out)
    assert len((ran.err + ran.out).splitlines()) >= 7


def feed(title: str, description: str = "") -> str:
    return (
        "<?xml version='1.0' encoding='UTF-8'?>\n"
        f'<rss version="2.0"><channel><title>{title}</title>'
        f"<description>{description}</description></channel></rss>"
    )


@pytest.mark.parametrize(
    "data",
    [
        feed("News\u009b31m\u202e\u2028"),
        feed("Feed error for query: cs.XX", "Bad\u009b31m subject\u202e\u2028 cs.XX"),
        "<?xml version='1.0' encoding='UTF-8'?>\n<rss><\x1b[31m\u202e>",
        feed("cs.DC updates on arXiv.org", "half a character: &#xD800;"),
        "<html><h1>\x1b[31m\u202earXiv</h1></html>",
        "<html><h1>Not found: \x1b[31m\u202e</h1>arXiv</html>",
        "<html><h1>Server error: \x1b[31m\u202e</h1>arXiv</html>",
        "Temporarily \x1b[31m\u202e\u2028 out of order",
        "temporarily unavailable \x1b[31m\u202e\u2028",
    ],
)
def test_what_cannot_be_read_is_not_repeated_raw(data: str) -> None:
    with pytest.raises(DigestError) as raised:
        parse(data.encode())
    assert not steering(str(raised.value), "")


@given(data=hostile.map(lambda text: text.encode("utf-8", "replace")))
def test_whatever_cannot_be_read_is_one_safe_line(data: bytes) -> None:
    with pytest.raises(DigestError) as raised:
        parse(data)
    assert not steering(str(raised.value), "")
