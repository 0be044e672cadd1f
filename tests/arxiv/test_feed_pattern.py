"""RSS read by a pattern: what it reads, it reads as the reader of elements does, or not at all."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mutations import mutated

from arxivdigest.arxiv import feed_pattern
from arxivdigest.arxiv.feed import is_strict, parse
from arxivdigest.arxiv.feed_elements import Elements, Item, NotStrictError

RSS = (Path(__file__).parents[1] / "listings" / "feed.rss").read_bytes()
HEAD, _, REST = RSS.partition(b"<item>")
ITEM = b"<item>" + REST.partition(b"</item>")[0] + b"</item>"
TAIL = b"\n  </channel>\n</rss>\n"

Read = tuple[list[str | None], list[Item]]


def read(data: bytes) -> Read | None:
    """What the pattern reads: the head's facts and the items; None where it refuses."""
    try:
        written = feed_pattern.read(data)
        return facts(written.elements), list(written.items)
    except (feed_pattern.OtherwiseWrittenError, NotStrictError):
        return None


def read_strictly(data: bytes) -> Read | None:
    try:
        elements = Elements(data)
    except NotStrictError:
        return None
    return facts(elements), elements.items


def facts(elements: Elements) -> list[str | None]:
    return [elements.root, *map(elements.head.get, elements.names[:3])]


def test_feed_of_arxiv_is_read_by_the_pattern() -> None:
    assert read(RSS) == read_strictly(RSS) is not None


def test_feeds_of_arxiv_are_read_by_the_pattern(listings: Path) -> None:
    feeds = [
        path
        for path in sorted(listings.rglob("feed*.rss"))
        if b"<item>" in path.read_bytes() and path.parent.name != "edge"
    ]
    assert feeds
    for path in feeds:
        assert read(path.read_bytes()) == read_strictly(path.read_bytes()) is not None, path


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"<title>", b"<title><![CDATA["),
        (b"</title>", b"]]></title>"),
        (b"</title>", b"</title><title>another</title>"),
        (b"<title>", b"<title>\x01"),
        (b"<title>", b"<title>\r"),
        (b"<title>", b"<title>\xff"),
        (b"<title>", "<title>\uffff".encode()),
        (b"<title>", b"<title>&nbsp;"),
        (b"<title>", b"<title>&#955;"),
        (b"<title>", b"<title>& "),
        (b"<title>", b"<title><b>so</b>"),
        (b"<title>", b"<!-- a word --><title>"),
        (b"<title>", b'<title xmlns:dc="elsewhere">'),
        (b"<guid ", b"<guid id='1' "),
        (b"<item>", b"<item><item>"),
        (b"</item>", b"</item> words"),
        (b"</item>", b"</item><item/>"),
        (b"</item>", b"</item>&"),
        (b"</item>", b"</item><textInput>"),
        (b"</item>", b""),
    ],
)
def test_what_is_written_otherwise_is_refused(before: bytes, after: bytes) -> None:
    assert read(HEAD + ITEM.replace(before, after, 1) + TAIL) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"http://arxiv.org/schemas/atom", b"http://elsewhere.example"),
        (b"http://purl.org/dc/elements/1.1/", b"http://elsewhere.example"),
        (b"<rss ", b'<rss xmlns="http://elsewhere.example" '),
        (b"<channel>", b'<channel xmlns:dc="http://elsewhere.example">'),
        (b"<channel>", b"<channel><textInput>"),
        (b"<channel>", b"<channel><!-- "),
    ],
)
def test_items_of_another_kind_of_feed_are_refused(before: bytes, after: bytes) -> None:
    assert before in HEAD
    assert read(HEAD.replace(before, after, 1) + ITEM + TAIL) is None


@given(
    parts=st.lists(
        st.sampled_from(
            ["&lt;", "&amp;", "&gt;", "&quot;", "&apos;", "&amp;lt;", "]]>", "</", "&#9;"]
        )
        | st.sampled_from("&;<>]'\"\t\n\r aé\u2028\ufffd\ufffe😀")
        | st.characters(codec="utf-8"),
        max_size=8,
    ),
    tag=st.sampled_from([b"<title>", b"<category>", b"<dc:creator>", b'Link="false">']),
)
def test_any_text_is_read_as_it_is_element_by_element(parts: list[str], tag: bytes) -> None:
    text = "".join(parts)
    found = read(HEAD + ITEM.replace(tag, tag + text.encode(), 1) + TAIL)
    strictly = read_strictly(HEAD + ITEM.replace(tag, tag + text.encode(), 1) + TAIL)
    assert found in (None, strictly)
    assert found or not text.isprintable() or set(text) & set("&<>")


def test_what_is_damaged_is_refused_or_read_as_it_is_element_by_element() -> None:
    chance = random.Random(5)  # noqa: S311 - it keeps no secret
    agreed = 0
    for _ in range(3000):
        data = mutated(chance, RSS)
        found = read(data) if is_strict(data) else None
        assert found is None or found == read_strictly(data), data
        agreed += found is not None
    assert agreed > 100


@pytest.mark.parametrize("name", ["title", "description", "pubDate"])
def test_what_a_feed_says_of_itself_may_stand_after_an_item(name: str) -> None:
    before, element, after = HEAD.partition(f"<{name}>".encode())
    text, closing, rest = after.partition(f"</{name}>".encode())
    data = before + rest + ITEM + element + text + closing + ITEM + TAIL
    assert parse(data)._replace(entries=()) == parse(HEAD + ITEM + TAIL)._replace(entries=())


def test_large_feed_is_read_part_by_part() -> None:
    data = HEAD + ITEM * 300 + TAIL
    assert len(data) > 5 * 32 * 1024
    assert read(data) == read_strictly(data) is not None
