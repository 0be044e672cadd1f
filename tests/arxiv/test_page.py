import re
from datetime import date
from pathlib import Path

import pytest

from arxivdigest.arxiv.listings import parse
from arxivdigest.arxiv.page import new_address
from arxivdigest.errors import ListingError, TryAgainError
from arxivdigest.model import AnnounceType, Entry, Section

LISTINGS = Path(__file__).parents[1] / "listings"
NEW = (LISTINGS / "new.html").read_bytes()
FIRST = Entry(
    arxiv_id="2501.00001",
    version=1,
    announce_type=AnnounceType.NEW,
    title="The Gödel Cache",
    authors=("Jérôme Aa", "Bo Li"),
    primary_category="cs.DC",
    categories=("cs.DC", "cs.LG"),
    abstract="A cache that remembers.\nIt costs $O(n^2)$. See https://example.org/c.",
    comments="8 pages. Code at https://example.org/x",
    journal_ref="J. Caches 1 (2025) 2",
    formats=("pdf", "html", "other"),
)


def page(name: str) -> bytes:
    return (LISTINGS / name).read_bytes()


def arxiv_page(body: str, heading: str = "Logic") -> bytes:
    return (
        f"<!DOCTYPE html><html><title>arXiv</title><body><div id='dlpage'><h1>{heading}</h1>"
        f"{body}</div></body></html>"
    ).encode()


@pytest.mark.parametrize("name", ["new.html", "catchup.html"])
def test_a_page_gives_its_sections_and_their_entries(name: str) -> None:
    read = parse(page(name))
    assert (read.source, read.subjects, read.announced) == ("page", ("cs.DC",), date(2025, 1, 15))
    assert read.sections == (
        Section("New submissions", 1, 1),
        Section("Cross submissions", 1, 1),
        Section("Replacement submissions", 2, 2),
    )
    assert (read.total, read.problems, read.notes) == (4, (), ())
    assert read.entries[0] == FIRST
    assert [(entry.arxiv_id, entry.announce_type, entry.version) for entry in read.entries] == [
        ("2501.00001", "new", 1),
        ("2501.00002", "cross", 1),
        ("2412.00003", "replace", 2),
        ("2412.00004", "replace-cross", 2),
    ]


def test_a_page_of_recent_days_has_no_abstracts_and_its_cross_lists_are_told_by_category() -> None:
    read = parse(page("recent.html"))
    assert read.announced == date(2025, 1, 15)
    assert read.entries[0] == FIRST._replace(abstract="")
    assert [entry.announce_type for entry in read.entries] == ["new", "cross"]
    assert read.notes == ("no abstracts to search", "the entries of 2 days")
    assert read.problems == ()


OTHER_ORDER = "its days do not follow one another"
UNLISTED = "which is not among the days that it lists"


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        (b"Wed, 15 Jan", b"Wed, 1 Jan", f"{OTHER_ORDER}; it shows 2025-01-01, {UNLISTED}"),
        (b"Wed, 15 Jan", b"Tue, 14 Jan", OTHER_ORDER),
        (b"Wed, 15 Jan", b"Wed, 22 Jan", f"{OTHER_ORDER}; it shows 2025-01-22, {UNLISTED}"),
        (b"Tue, 14 Jan", b"Fri, 10 Jan", f"it shows 2025-01-10, {UNLISTED}"),
        (
            b"/list/cs.DC/recent?skip=1",
            b"/list/cs/recent?skip=1",
            "its links are of cs.DC and of cs",
        ),
        (b"skip=", b"show=", ""),  # without the list there is nothing that tells
        (b"<a href =", b"(replaced) <a href =", "1 entries contradict themselves"),
    ],
)
def test_a_list_of_recent_days_that_is_damaged_says_so(
    right: bytes, wrong: bytes, said: str
) -> None:
    data = page("recent.html")
    assert right in data
    head, articles, sections = data.partition(b"<dl")
    if right in sections:
        sections = sections.replace(right, wrong, 1)
    else:
        head = head.replace(right, wrong)
    read = parse(head + articles + sections)
    damage = (note for note in read.notes if re.search("follow|lists|links", note))
    words = (*read.problems, *damage)
    assert "; ".join(words) == said


def test_counts_that_do_not_agree_say_which_section_lacks_how_many() -> None:
    assert parse(page("counts.html")).problems == (
        "New submissions: 1 of 2 entries could be read",
        "Cross submissions: 1 of 50 entries are on this page",
        "arXiv counts 60 entries, the sections on this page 52",
    )


def test_a_page_that_is_cut_off_says_so() -> None:
    read = parse(NEW[: NEW.index(b"2412.00004")])
    assert read.problems == (
        "Replacement submissions: 1 of 2 entries could be read",
        "the page is cut off",
    )


def test_an_entry_that_cannot_be_read_is_missing_from_its_section() -> None:
    read = parse(NEW.replace(b'id="2501.00002"', b'id="?"'))
    assert read.problems == ("Cross submissions: 0 of 1 entries could be read",)


def test_the_subject_is_written_as_arxiv_does() -> None:
    read = parse(NEW.replace(b"/list/cs.DC/", b"/list/cs.dc/"))
    assert read == parse(NEW)


@pytest.mark.parametrize(
    ("right", "wrong", "problem"),
    [
        (b'id="2501.00002"', b'id="2501.00009"', "1 entries contradict themselves"),
        (b"/pdf/2501.00002", b"/pdf/2501.00009", "1 entries contradict themselves"),
        (b"(cross-list from cs.RO)", b"(cross-list from cs.AI)", "1 entries contradict themselves"),
        (b"(cross-list from cs.RO)", b"", "1 entries contradict themselves"),
        (b"2501.00002v1", b"2501.00002v" + b"1" * 4400, "1 entries contradict themselves"),
        (b"Cross submissions", b"Gross submissions", '"Gross submissions" is no section that'),
        (b"Robotics (cs.RO)", b"Robots in Rows (cs.RO)", '"Robots in Rows (cs.RO)" is no category'),
        (
            b"/list/cs.DC/",
            b"/list/cs.DL/",
            "its title is that of cs.DC, and its links are of cs.DL",
        ),
        (b"Wednesday, 15", b"Wednesday, 1)5", "it is dated 2025-01-05 without a day of the week"),
        (b"/list/cs.DC/", b"/list/cs.ZZ/", "cs.ZZ is no subject that is known here"),
        (b"Total of 4", b"Total of " + b"4" * 4400, "arXiv counts 1000000000 entries, "),
        (b"showing 2 of 2", b"showing 2 of " + b"2" * 4400, "Replacement submissions: 2 of 10000"),
        (b"(cs.RO)</span>", b"(cs.RO</span>", "Cross submissions: 0 of 1 entries could be read"),
        (b"cs.RO)</span>", "cs.RO²)</span>".encode(), "Cross submissions: 0 of 1"),
    ],
)
def test_what_a_damaged_page_gives_is_never_without_a_word(
    right: bytes, wrong: bytes, problem: str
) -> None:
    assert right in NEW
    read = parse(NEW.replace(right, wrong, 1))
    assert problem in "; ".join((*read.problems, *read.notes))


@pytest.mark.parametrize("part", ["title", "author"])
def test_a_page_that_names_a_part_of_all_entries_otherwise_says_what_they_lack(part: str) -> None:
    read = parse(NEW.replace(f"list-{part}".encode(), b"unheard-of"))
    assert any(part in problem for problem in read.problems)


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        ("<p>Total of 9 entries</p>", TryAgainError, "counts 9 entries, but shows none"),
        ("<p>No further updates</p><p>Total of 9 entries</p>", ListingError, "past the end"),
        ("<p>Come in</p>", ListingError, "does not say why"),
    ],
)
def test_a_page_without_entries_must_say_why(body: str, kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        parse(arxiv_page(body))


def test_a_day_without_updates_is_an_empty_listing() -> None:
    read = parse(
        arxiv_page("<p>No updates for Sat</p>", "Catchup results for Logic on Sat, 18 Jan 2025")
    )
    assert (read.subjects, read.announced) == (("math.LO",), date(2025, 1, 18))
    assert (read.entries, read.problems) == ((), ())


@pytest.mark.parametrize(
    ("heading", "kind", "said"),
    [
        ("Internal Server Error", TryAgainError, "try again in a few minutes"),
        ("Invalid archive", ListingError, 'arXiv refused: "Invalid archive"'),
        ("About us", ListingError, 'is no listing: "About us"'),
    ],
)
def test_a_page_of_arxiv_that_is_no_listing_is_an_error(
    heading: str, kind: type[Exception], said: str
) -> None:
    with pytest.raises(kind, match=said):
        parse(f"<html><title>arXiv</title><h1>{heading}</h1></html>".encode())


@pytest.mark.parametrize("before", [b"", b"<div id='dlpage'><dl id='articles'><dt></dt><dd>"])
def test_deeply_nested_tags_are_refused(before: bytes) -> None:
    with pytest.raises(ListingError, match="nested deeper"):
        parse(b"<html><body>arXiv" + before + b"<div>" * 100_000)


@pytest.mark.parametrize(
    ("subject", "read", "path"),
    [
        ("cs.DC", 0, "/list/cs.DC/new"),
        ("cs.SY", 0, "/list/eess.SY/new"),
        ("math", 2000, "/list/math/new?skip=2000&show=2000"),
    ],
)
def test_each_subject_has_a_page_of_its_own(subject: str, read: int, path: str) -> None:
    site = "https://pages.example.org"
    assert new_address(subject, site, read) == f"{site}{path}"
