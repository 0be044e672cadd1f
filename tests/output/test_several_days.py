"""Several days in one digest: sections of them, oldest first, in every format."""

import io
import json
import re
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from rich.console import Console

from arxivdigest import config, digest, output
from arxivdigest.model import AnnounceType, Digest, Entry, Listing
from arxivdigest.output import wording

CONFIG = config.read(
    """
    announce = ["new", "replace"]
    [[rules]]
    any = ["cache"]
    [email]
    to = ["zoe@example.org"]
    sender = "digest@example.org"
    """,
    "config.toml",
)
EVERYTHING = CONFIG._replace(rules=())
FORMATS = ["table", "plain", "markdown", "html", "text", "email", "json"]


def entry(arxiv_id: str, title: str, announce_type: str = "new") -> Entry:
    return Entry(
        *(arxiv_id, None, AnnounceType(announce_type), title),
        *((), "cs.DC", ("cs.DC",), f"The abstract of {title}."),
    )


def listing(day: int, *entries: Entry, month: int = 7) -> Listing:
    return Listing("page", ("cs.DC",), date(2025, month, day), entries, total=len(entries))


THURSDAY = listing(10, entry("2507.00001", "First cache"), entry("2507.00002", "Second cache"))
FRIDAY = listing(11)
MONDAY = listing(
    14, entry("2507.00001", "First cache, mended", "replace"), entry("2507.00003", "Third cache")
)
DAYS = (THURSDAY, FRIDAY, MONDAY)


def made(limit: int | None = None, settings: config.Config = CONFIG) -> Digest:
    return digest.build(DAYS, settings, limit=limit)


def rendered(name: str, shown: Digest) -> str:
    around = output.Surroundings(
        console=lambda: Console(width=96, file=io.StringIO(), color_system=None),
        now=lambda: datetime(2025, 7, 15, 6, 30, tzinfo=UTC),
        user_templates=Path("nowhere"),
        email=CONFIG.email,
        profile="",
    )
    written = output.render(name, shown, around, abstracts=None)
    if name == "email":
        assert isinstance(written, bytes)
        message = message_from_bytes(written, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return "\n".join(str(part.get_content()) for part in message.iter_parts())
    return written if isinstance(written, str) else written.decode()


@pytest.mark.parametrize("name", [name for name in FORMATS if name not in ("plain", "json")])
def test_days_are_sections_oldest_first_each_with_its_verdict(name: str) -> None:
    text = " ".join(re.sub(r"</?\w[^<>]*>", "", rendered(name, made())).split())
    places = [
        text.find(said)
        for said in (
            "Thursday 10 July 2025",
            "Thu 10 Jul 2025, cs.DC: 2 of 2 entries (2 new) from the page; 2 match.",
            "Friday 11 July 2025",
            "Fri 11 Jul 2025, cs.DC: no announcement; the page has no entries.",
            "Monday 14 July 2025",
            "Mon 14 Jul 2025, cs.DC: 2 of 2 entries (1 new, 1 replacement) from the page; 2 match.",
        )
    ]
    assert -1 not in places
    assert places == sorted(places)


@pytest.mark.parametrize("order", [DAYS, DAYS[::-1], (MONDAY, THURSDAY, FRIDAY)])
def test_the_order_they_are_handed_in_changes_nothing(order: tuple[Listing, ...]) -> None:
    assert rendered("json", digest.build(order, CONFIG)) == rendered("json", made())


@pytest.mark.parametrize("name", ["table", "markdown", "html", "text", "email"])
def test_an_entry_that_comes_again_is_one_line_that_points_to_the_first(name: str) -> None:
    text = re.sub(r"</?\w[^<>]*>", "", rendered(name, made()))
    [line] = [line for line in text.splitlines() if re.search("2507.00001.*mended", line)][:1]
    assert re.search(r"see \[?1\b", line)
    assert "Thu 10 Jul" in line
    assert "The abstract of First cache, mended" not in text


def test_where_the_first_is_not_shown_the_second_is_whole() -> None:
    only_replaced = CONFIG._replace(announce=(AnnounceType.REPLACE,))
    [section] = wording.words(digest.build(DAYS, only_replaced)).sections
    assert section.entries[0].first is None


def test_the_second_of_the_page_is_not_where_links_to_the_first_lead() -> None:
    page = rendered("html", made())
    ids = re.findall(r'id="([^"]*)"', page)
    assert len(ids) == len(set(ids)) == 4
    assert '<a href="#2507.00001">see 1, Thu 10 Jul</a>' in page


def test_sections_are_by_day_and_say_of_which() -> None:
    words = wording.words(made())
    assert [(one.title, one.announced, len(one.entries)) for one in words.sections] == [
        ("New submissions", "Thursday 10 July 2025", 2),
        ("New submissions", "Monday 14 July 2025", 1),
        ("Replacements", "Monday 14 July 2025", 1),
    ]
    numbers = [entry.number for section in words.sections for entry in section.entries]
    assert numbers == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("first", "last", "said", "title"),
    [
        ((10, 7), (15, 7), "Thu 10 to Tue 15 Jul", "Thu 10 to Tue 15 Jul 2025"),
        ((30, 6), (2, 7), "Mon 30 Jun to Wed 2 Jul", "Mon 30 Jun to Wed 2 Jul 2025"),
    ],
)
def test_the_subject_line_says_from_when_to_when(
    first: tuple[int, int], last: tuple[int, int], said: str, title: str
) -> None:
    days = [listing(day, month=month) for day, month in (first, last)]
    words = wording.words(digest.build(days, CONFIG))
    assert words.announced == said
    assert words.title == f"arXiv, {title}, cs.DC"


def test_over_new_year_both_years_are_said() -> None:
    days = [listing(2), listing(31)._replace(announced=date(2024, 12, 31))]
    words = wording.words(digest.build(days, CONFIG))
    assert words.announced == "Tue 31 Dec 2024 to Wed 2 Jul 2025"
    assert words.title == "arXiv, Tue 31 Dec 2024 to Wed 2 Jul 2025, cs.DC"


def test_in_json_each_day_is_an_announcement_and_each_entry_has_its_own() -> None:
    document = json.loads(rendered("json", made()))
    assert [(one["announced"], one["counts"]["new"]) for one in document["announcements"]] == [
        ("2025-07-10", 2),
        ("2025-07-11", 0),
        ("2025-07-14", 1),
    ]
    assert [one["verdict"]["status"] for one in document["announcements"]] == [
        "complete",
        "no-announcement",
        "complete",
    ]
    assert [(one["arxiv_id"], one["announced"]) for one in document["entries"]] == [
        ("2507.00001", "2025-07-10"),
        ("2507.00002", "2025-07-10"),
        ("2507.00003", "2025-07-14"),
        ("2507.00001", "2025-07-14"),
    ]
    assert document["announced"] == "2025-07-14"
    assert document["verdict"]["message"].startswith("Mon 14 Jul 2025, cs.DC: 2 of 2 entries")
    assert document["counts"] == {"new": 3, "cross": 0, "replace": 1, "replace-cross": 0}
    assert document["selected"] == 4


def test_in_a_pipe_the_day_is_the_last_column() -> None:
    lines = [line.split("\t") for line in rendered("plain", made()).splitlines()]
    assert [(line[0], line[-1]) for line in lines][2:] == [
        ("2507.00003", "2025-07-14"),
        ("2507.00001", "2025-07-14"),
    ]
    assert {len(line) for line in lines} == {9}


@pytest.mark.parametrize("sort", ["score", "arxiv"])
def test_a_limit_keeps_the_best_of_all_days(sort: str) -> None:
    settings = config.read(
        f"""
        announce = ["new", "replace"]
        [[rules]]
        any = ["cache"]
        [[rules]]
        any = ["third", "mended"]
        [output]
        sort = "{sort}"
        """,
        "config.toml",
    )
    shown = made(limit=3, settings=settings)
    assert [[ruling.entry.title for ruling in day.rulings] for day in shown.days] == [
        ["First cache"],
        [],
        ["Third cache", "First cache, mended"],
    ]
    assert shown.days[0].verdict.message.endswith("; 2 match, 1 shown.")
    assert shown.selected == 4


def test_the_verdict_of_all_is_as_good_as_the_worst_and_names_it() -> None:
    problem = "cs.DC could not be read: no answer"
    lost = listing(11)._replace(problems=(problem,), total=None)
    shown = digest.build((THURSDAY, lost, MONDAY), CONFIG)
    assert shown.verdict.status == "incomplete"
    assert shown.verdict.message == (
        "Thu 10 to Mon 14 Jul, cs.DC: 4 entries of 3 days; Fri 11 Jul is incomplete; 4 match."
    )
    assert wording.words(shown).days[1].headline == "not read"


def test_what_was_seen_is_left_out_on_its_own_day_only() -> None:
    seen = {date(2025, 7, 10): {"2507.00001"}}
    shown = digest.build(DAYS, CONFIG, seen=seen)
    assert [[ruling.entry.arxiv_id for ruling in day.rulings] for day in shown.days] == [
        ["2507.00002"],
        [],
        ["2507.00003", "2507.00001"],
    ]
    assert shown.days[0].verdict.message.endswith("; 1 matches, and 1 acknowledged before.")


@pytest.mark.parametrize("name", FORMATS)
def test_no_day_at_all_is_a_document_without_entries(name: str) -> None:
    shown = rendered(name, digest.build((), CONFIG))
    if name == "json":
        found = json.loads(shown)
        assert (found["announced"], found["announcements"], found["entries"]) == (None, [], [])
    elif name == "plain":
        assert not shown
    else:
        assert "nothing missed" in shown.lower()
        assert "0 for you" in shown


@pytest.mark.parametrize("name", ["markdown", "html", "text", "email"])
def test_remarks_stand_at_the_end_of_documents(name: str) -> None:
    remark = "Not seen: 1 announcement (Wed 9 Jul): digest catchup"
    assert remark in rendered(name, made()._replace(remarks=(remark,)))[-200:]
