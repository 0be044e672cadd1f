import re
from datetime import date
from pathlib import Path

import pytest

from arxivdigest.arxiv import feed
from arxivdigest.arxiv.listings import parse
from arxivdigest.errors import ListingError
from arxivdigest.model import AnnounceType, Entry

LISTINGS = Path(__file__).parents[1] / "listings"
RSS = (LISTINGS / "feed.rss").read_bytes()
ATOM = (LISTINGS / "feed.atom").read_bytes()
ITEM = RSS[RSS.index(b"<item>") : RSS.index(b"</item>") + len(b"</item>")]
ENTRIES = (
    Entry(
        arxiv_id="2501.00001",
        version=1,
        announce_type=AnnounceType.NEW,
        title="The Gödel Cache: $a<b$ and $x<y>z$",
        authors=("Jérôme Aa", "Bo Li Jr.", "Cache Collaboration"),
        primary_category="cs.DC",
        categories=("cs.DC", "cs.LG"),
        abstract="A cache that remembers Kähler.\nIt costs $\\mathcal{O}(n^2)$.",
        journal_ref="Z. Käches 1 (2025) 2",
        doi="10.1000/xyz",
        license="http://creativecommons.org/licenses/by/4.0/",
    ),
    Entry(
        arxiv_id="math/0601001",
        version=3,
        announce_type=AnnounceType.REPLACE_CROSS,
        title="Old paper, revised",
        authors=("Cy Dee",),
        primary_category="math.LO",
        categories=("math.LO", "cs.DC"),
        abstract="Sets.",
    ),
)
NOT_LIKE_ARXIV = "read leniently (it does not begin as arXiv's feeds do)"
DECLARATION = b"<?xml version='1.0' encoding='UTF-8'?>"
BOMB = "<?xml version='1.0'?><!DOCTYPE r [<!ENTITY a 'aa'>]><rss><channel/></rss>"


def feed_of(items: bytes) -> bytes:
    start, end = RSS.index(b"<item>"), RSS.rindex(b"</item>") + len(b"</item>")
    return RSS[:start] + items + RSS[end:]


@pytest.mark.parametrize("data", [RSS, ATOM], ids=["rss", "atom"])
def test_a_feed_gives_its_entries_subject_and_date(data: bytes) -> None:
    read = parse(data)
    assert (read.source, read.subjects, read.announced) == ("feed", ("cs.DC",), date(2025, 1, 15))
    assert read.entries == ENTRIES
    assert (read.problems, read.notes) == ((), ())


@pytest.mark.parametrize("data", [RSS, ATOM], ids=["rss", "atom"])
@pytest.mark.parametrize(
    "declaration",
    [
        DECLARATION + b"<!-- saved -->",
        b"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>",
        b"\xef\xbb\xbf" + DECLARATION,
        b"",
    ],
)
def test_a_feed_not_written_as_arxivs_is_read_leniently_and_the_note_says_so(
    data: bytes, declaration: bytes
) -> None:
    read = parse(data.replace(DECLARATION, declaration).lstrip())
    assert read.notes == (NOT_LIKE_ARXIV,)
    assert read._replace(notes=()) == parse(data)


@pytest.mark.parametrize("quote", [b"'", b'"'])
def test_either_quote_is_as_arxiv_writes(quote: bytes) -> None:
    assert parse(RSS.replace(DECLARATION, DECLARATION.replace(b"'", quote))).notes == ()


def test_several_subjects_are_those_of_the_title() -> None:
    read = parse(RSS.replace(b"cs.DC updates", b"cs.DC, cs.LG updates"))
    assert read.subjects == ("cs.DC", "cs.LG")


@pytest.mark.parametrize(
    ("part", "instead"),
    [
        (b"oai:arXiv.org:2501.00001v1", b"urn:uuid:1"),
        (b"<arxiv:announce_type>new</arxiv:announce_type>", b""),
        (b"Announce Type: new", b"Type: new"),
        (b"<category>cs.DC</category>\n      <category>cs.LG</category>", b""),
    ],
    ids=["guid", "announce type", "description", "categories"],
)
def test_an_entry_that_lacks_a_part_is_a_problem(part: bytes, instead: bytes) -> None:
    assert part in RSS
    read = parse(RSS.replace(part, instead))
    assert read.problems == ("1 of 2 entries could not be read",)
    assert read.notes == ("read leniently (an entry is not as arXiv writes it)",)
    assert read.entries == ENTRIES[1:]


DAMAGE = [
    b"&#x110000;",
    b"&#55555555;",
    b"&#xD800;",
    b"</category>",
    b"\xff",
    b"\x00",
    b"<a:b>",
    b"&bogus;",
    b"<![CDATA[",
]


@pytest.mark.parametrize("data", [RSS, ATOM], ids=["rss", "atom"])
@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("at", [b"<title>", b"</title>", b"<?xml", b"cs.LG"])
def test_whatever_a_library_raises_is_one_line_about_damage(
    data: bytes, damage: bytes, at: bytes
) -> None:
    try:
        read = parse(data.replace(at, damage + at, 1))
    except ListingError as error:
        assert str(error).isprintable()  # noqa: PT017 - it may be read as well
    else:
        assert read.problems or read.notes


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (b"arXiv:2501.00001v1 ", b"arXiv:2501.00007v1 "),
        (b"abs/2501.00001", b"abs/2501.00007"),
        (b"oai:arXiv.org:2501.00001", b"oai:arXiv.org:2501.00007"),
        (b"Announce Type: new", b"Announce Type: cross"),
        (b"announce_type>new<", b"announce_type>cross<"),
        (b"2501.00001v1 ", b"2501.00001v2 "),
    ],
)
@pytest.mark.parametrize("data", [RSS, ATOM], ids=["rss", "atom"])
def test_an_entry_that_contradicts_itself_is_a_problem(
    data: bytes, right: bytes, wrong: bytes
) -> None:
    assert right in data
    read = parse(data.replace(right, wrong, 1))
    assert read.problems == ("1 of 2 entries contradict themselves",)
    assert len(read.entries) == 2


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (b"2025-01-15T05:00:00+00:00", date(2025, 1, 15)),
        (b"2025-01-15T04:59:59.999999+00:00", date(2025, 1, 14)),  # as late as it is in New York
        (b"2025-07-15T04:00:00Z", date(2025, 7, 15)),
        (b"2025-01-15T05:00:00", date(2025, 1, 15)),
        (b"2025-01-15", date(2025, 1, 15)),
        (b"2025-01-15T25:00:00+00:00", None),
        (b"0001-01-01T00:00:00+00:00", None),
        (b"2025-01-155T05:00:00+00:00", None),
        (b"2025-01-15 05:00", None),
        (b"2025-00-15T05:00:00+00:00", None),
        ("٢٠٢٥-01-15T05:00:00+00:00".encode(), None),
    ],
)
def test_an_empty_atom_feed_is_of_the_day_that_it_was_built_on(
    written: bytes, day: date | None
) -> None:
    head = ATOM[: ATOM.index(b"<entry>")]
    assert head.count(b"<updated>") == 1
    empty = re.sub(b"<updated>.*?</updated>", b"<updated>%s</updated>" % written, head)
    read = parse(empty + b"</feed>")
    assert (read.announced, read.entries) == (day, ())


@pytest.mark.parametrize("data", [RSS, ATOM], ids=["rss", "atom"])
def test_two_entries_run_together_are_a_problem(data: bytes) -> None:
    begin, end = data.index(b"remembers"), data.index(b"0601001v3 Announce Type")
    read = parse(data[:begin] + data[end:])
    assert read.problems == ("1 of 1 entries contradict themselves",)


@pytest.mark.parametrize("digits", ["٢٥٠١.٠٠٠٠١", "²501.00001", "２５０１.００００１"])
def test_identifiers_are_of_ascii_digits(digits: str) -> None:
    read = parse(RSS.replace(b"2501.00001", digits.encode()))
    assert read.problems == ("1 of 2 entries could not be read",)


def test_a_version_of_thousands_of_digits_costs_that_entry_alone() -> None:
    read = parse(RSS.replace(b"2501.00001v1", b"2501.00001v" + b"1" * 4400))
    assert read.problems == ("1 of 2 entries could not be read",)
    assert read.entries == ENTRIES[1:]


def test_a_date_with_another_day_of_the_week_is_noted() -> None:
    read = parse(RSS.replace(b"Wed, 15 Jan", b"Wed, 16 Jan"))
    assert read.notes == ("it calls 2025-01-16 a Wed",)


@pytest.mark.parametrize(
    "title",
    [
        *("\u3164", "\u115f\u1160", "\u034f", "\u2800\u2800", "\u180e", "\U0001d173", "\u00ad"),
        *("\u200b\u200d", "\ufe0f", "\u3000", "\u0301", " ", "", "\u2066\u2069", "\uffa0"),
    ],
)
def test_a_title_that_nobody_can_see_has_a_word_instead(title: str) -> None:
    title_element = '<title>The G\\"odel Cache: $a&lt;b$ and $x&lt;y&gt;z$</title>'
    assert title_element.encode() in RSS
    read = parse(RSS.replace(title_element.encode(), f"<title>{title}</title>".encode()))
    assert read.entries[0].title == "(no title)"


def test_without_a_date_of_the_feed_the_entries_have_it() -> None:
    channel_date = b"<pubDate>Wed, 15 Jan 2025 00:00:00 -0500</pubDate>"
    assert parse(RSS.replace(channel_date, b"", 1)).announced == date(2025, 1, 15)


@pytest.mark.parametrize("stated", [b"2025-13-45", b"Fri, 31 Feb 2025 00:00:00 -0500", b"soon"])
def test_a_date_that_is_none_is_unknown(stated: bytes) -> None:
    read = parse(feed_of(b"").replace(b"Wed, 15 Jan 2025 00:00:00 -0500", stated))
    assert read.announced is None


@pytest.mark.parametrize(
    ("count", "problems"),
    [
        (1999, ()),
        (2000, ("arXiv cuts feeds at 2,000 entries, the new ones first",)),
    ],
)
def test_a_feed_of_2000_entries_is_incomplete(count: int, problems: tuple[str, ...]) -> None:
    items = b"".join(ITEM.replace(b"2501.00001", b"2501.%05d" % number) for number in range(count))
    read = parse(feed_of(items))
    assert (len(read.entries), read.problems) == (count, problems)


@pytest.mark.parametrize("data", [RSS, ATOM], ids=["rss", "atom"])
@pytest.mark.parametrize("part", [0.4, 0.7, 0.95])
def test_a_truncated_feed_is_an_error(data: bytes, part: float) -> None:
    with pytest.raises(ListingError, match="the feed is damaged or cut off"):
        parse(data[: int(len(data) * part)])


@pytest.mark.parametrize(
    "data",
    [
        BOMB.encode(),
        BOMB.replace("?>", " encoding='utf-16'?>").encode("utf-16"),
        BOMB.replace("DOCTYPE", "doctype").encode(),
        DECLARATION + b"<!DOCTYPE rss SYSTEM 'file:///etc/hostname'><rss/>",
    ],
)
def test_a_doctype_is_refused(data: bytes) -> None:
    with pytest.raises(ListingError, match="XML with a DOCTYPE"):
        parse(data)


@pytest.mark.parametrize("closed", [b"", b"</a>" * 100_000 + b"</rss>"])
def test_deeply_nested_tags_are_refused(closed: bytes) -> None:
    with pytest.raises(ListingError, match="nested deeper"):
        parse(DECLARATION + b"<rss>" + b"<a>" * 100_000 + closed)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (RSS.replace(b"cs.DC updates on arXiv.org", b"Cakes"), 'not one of arXiv\'s: "Cakes"'),
        (RSS.replace(b"cs.DC updates on arXiv.org", b"Feed error for query: x"), "arXiv refused"),
        (DECLARATION + b"<svg/>", "neither a page nor a feed|XML, but not a feed"),
    ],
)
def test_what_is_no_listing_of_arxiv_is_an_error(data: bytes, said: str) -> None:
    with pytest.raises(ListingError, match=said):
        parse(data)


def test_what_a_feed_of_another_site_is_called_cannot_steer_a_terminal() -> None:
    with pytest.raises(ListingError) as error:
        parse(RSS.replace(b"cs.DC updates on arXiv.org", "\u202e\u009bCakes".encode()))
    assert str(error.value).endswith('"Cakes"')


def test_one_request_asks_for_all_subjects() -> None:
    address = feed.address(("cs.DC", "math"), "https://feeds.example.org")
    assert address == "https://feeds.example.org/rss/cs.DC+math"


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        *((one, "cs.DC") for one in ("cs.DC\ufeff", "\x7fcs.DC", "cs.dc", "CS.DC")),
        ("cs.DC\u3164", "cs.DC\u3164"),
    ],
)
def test_a_subject_is_written_as_arxiv_does_or_is_said_to_be_unknown(
    title: str, subject: str
) -> None:
    read = parse(RSS.replace(b"<title>cs.DC ", f"<title>{title} ".encode(), 1))
    assert read.subjects == (subject,)
    assert bool(read.notes) is (subject != "cs.DC")
