"""The Atom feed: what any reader takes, whatever stands in titles and names."""

from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from entries import entry
from hypothesis import given, settings
from hypothesis import strategies as st

from arxivdigest import digest
from arxivdigest.config import Config, read
from arxivdigest.finding import Found, papers
from arxivdigest.model import AnnounceType, Entry, Listing
from arxivdigest.output import templating, wording
from arxivdigest.output.sample import samples
from arxivdigest.output.wording import DigestWords

SAMPLES = dict(samples())
RULES = read('[[rules]]\nname = "Birds"\nany = ["pelicans"]', "a.toml")
ATOM = "{http://www.w3.org/2005/Atom}"


def atom(words: DigestWords) -> bytes:
    return templating.render(words, "atom", Path("nowhere")).encode()


def feed(*entries: Entry, config: Config = RULES, day: date | None = date(2025, 7, 11)) -> bytes:
    listing = Listing("page", ("cs.DC",), day, entries)
    return atom(wording.words(digest.build([listing], config)))


def parsed(document: bytes) -> Any:  # noqa: ANN401 - feedparser is published without types
    read = feedparser.parse(BytesIO(document), sanitize_html=False, resolve_relative_uris=False)
    assert read.bozo == 0, read.bozo_exception
    assert read.version == "atom10"
    return read


# RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have, and may have once.
ONCE = {"feed": ("id", "title", "updated"), "entry": ("id", "title", "updated", "published")}


@pytest.mark.parametrize("situation", SAMPLES)
def test_every_sample_is_a_valid_feed(situation: str) -> None:
    document = atom(SAMPLES[situation])
    root = ET.fromstring(document)  # noqa: S314 - it is our own
    assert root.tag == f"{ATOM}feed"
    for one in (root, *root.findall(f"{ATOM}entry")):
        for name in ONCE[one.tag.removeprefix(ATOM)]:
            [found] = one.findall(f"{ATOM}{name}")
            assert found.text
    assert root.find(f"{ATOM}author/{ATOM}name") is not None
    ids = [found.text for found in root.findall(f"{ATOM}entry/{ATOM}id")]
    assert len(set(ids)) == len(ids) == SAMPLES[situation].shown
    assert len(parsed(document).entries) == SAMPLES[situation].shown


def test_an_entry_says_what_it_is_and_why() -> None:
    [found] = parsed(feed(entry(title="On pelicans < gulls", authors=("Ann Lee", "Bo")))).entries
    assert found.id == "https://arxiv.org/abs/2507.00001#2025-07-11"
    assert found.title == "On pelicans < gulls"
    assert found.link == "https://arxiv.org/abs/2507.00001"
    assert found.updated == "2025-07-11T00:00:00-04:00"
    assert [author.name for author in found.authors] == ["Ann Lee", "Bo"]
    assert [tag.term for tag in found.tags] == ["cs.DC"]
    assert "<p>Birds: <mark>pelicans</mark></p>" in found.content[0].value


def test_ids_are_the_same_whatever_else_is_shown_and_told_apart_by_day() -> None:
    one, other = entry(), entry("2507.00002")
    alone, together = parsed(feed(one)), parsed(feed(other, one))
    assert alone.entries[0].id in {found.id for found in together.entries}
    later = parsed(feed(one, day=date(2025, 7, 14)))
    assert later.entries[0].id != alone.entries[0].id
    assert alone.feed.id == later.feed.id == together.feed.id


@settings(max_examples=200)
@given(title=st.text(max_size=60), name=st.text(max_size=30), abstract=st.text(max_size=60))
def test_whatever_strangers_write_stays_text(title: str, name: str, abstract: str) -> None:
    hostile = entry(title=f"{title} pelicans", authors=(name,), abstract=abstract, comments=title)
    config = Config(announce=tuple(AnnounceType))
    [found] = parsed(feed(hostile, config=config)).entries
    assert "pelicans" in found.title


def test_feeds_of_papers_of_many_days_are_told_apart() -> None:
    ruling = read("", "a.toml").rule_set().rule(entry())
    found = [Found(date(2025, 7, 11), ruling), Found(date(2025, 7, 10), ruling)]
    feeds = {
        about: parsed(atom(wording.words(papers(found, about, "2 papers.")))).feed
        for about in ("Starred", "Search: a<b & c")
    }
    assert len({one.id for one in feeds.values()}) == len(feeds)
    for about, one in feeds.items():
        assert one.title_detail.value == f"arXiv, {about}"
        assert one.updated == "2025-07-11T00:00:00-04:00"
