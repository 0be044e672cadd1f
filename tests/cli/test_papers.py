"""Papers at hand: shown, opened, fetched, cited, kept, found again; by id from anywhere."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv, Paper
from mornings import NOON, TUESDAY, Mine

ID, OTHER = "2605.10001", "2605.10002"
WEDNESDAY, THURSDAY = TUESDAY + timedelta(days=1), TUESDAY + timedelta(days=2)
PELICANS = Paper(ID, "cs.DC", "On pelicans & gulls", abstract="Pelicans fly over the sea.")
GEESE = Paper(OTHER, "cs.DC cs.LG", "KV-cache geese", abstract="Geese use a KV cache.")
LATER = Paper(ID, "cs.DC", "On brown pelicans & gulls", 2, "Pelicans fly over the blue sea.")


@pytest.fixture
def kept(mine: Mine, arxiv: FakeArxiv) -> Mine:
    """Somebody who read Tuesday's announcement, and Wednesday's."""
    arxiv.publish(TUESDAY, PELICANS, GEESE)
    assert mine("today").code == 0
    arxiv.publish(WEDNESDAY, LATER)
    arxiv.now = NOON + timedelta(days=1)
    assert mine("today", "-q").code == 0
    return mine


def ids(out: str) -> list[str]:
    return [line.partition("\t")[0] for line in out.splitlines()]


def test_a_paper_is_shown_whole(kept: Mine) -> None:
    ran = kept("show", OTHER)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        "KV-cache geese\n"
        "Ann Lee\n"
        "\n"
        f"Id:        {OTHER}v1\n"
        "Subjects:  cs.DC, cs.LG\n"
        "License:   http://creativecommons.org/licenses/by/4.0/\n"
        "Announced: Tue 5 May 2026, new, v1\n"
        "\n"
        "Geese use a KV cache.\n"
        "\n"
        f"https://arxiv.org/abs/{OTHER}\n"
        f"https://arxiv.org/pdf/{OTHER}\n"
    )


def test_all_days_and_what_changed_are_shown(kept: Mine) -> None:
    out = kept("show", f"arXiv:{ID}").out
    assert "Announced: Wed 6 May 2026, replace, v2\n           Tue 5 May 2026, new, v1\n" in out
    assert "title: On {+brown+} pelicans & gulls" in out
    assert "abstract: Pelicans fly over the {+blue+} sea." in out


def test_the_version_that_is_asked_for_is_shown_where_it_is_stored(kept: Mine) -> None:
    ran = kept("show", f"{ID}v1")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("On pelicans & gulls\n")
    assert f"Id:        {ID}v1\n" in ran.out
    assert "Announced: Wed 6 May 2026, replace, v2\n           Tue 5 May 2026, new, v1\n" in ran.out
    assert "Changed:" not in ran.out
    assert "title={On pelicans \\& gulls}" in kept("bib", f"{ID}v1").out
    ran = kept("show", f"{ID}v3")
    assert ran.err == f"v3 of {ID} is not stored; v2 is\n"
    assert f"Id:        {ID}v2\n" in ran.out


def test_a_paper_that_is_not_stored_has_an_address(kept: Mine) -> None:
    ran = kept("show", "2401.00001", OTHER)
    assert ran.code == 1
    assert ran.out.startswith("KV-cache geese\n")
    assert ran.out.endswith("https://arxiv.org/abs/2401.00001\n")
    assert ran.errors == ["digest: 2401.00001 is not stored; see https://arxiv.org/abs/2401.00001"]


@pytest.mark.parametrize("name", ["json", "ndjson", "markdown", "text", "html", "atom", "plain"])
def test_a_paper_is_shown_in_every_format(kept: Mine, name: str) -> None:
    ran = kept("show", OTHER, "-f", name)
    assert ran.code == 0
    assert OTHER in ran.out
    assert "geese" in ran.out


@pytest.mark.parametrize("word", ["3", "2-5", "#1"])
def test_numbers_are_of_a_terminal(kept: Mine, word: str) -> None:
    ran = kept("show", word)
    assert ran.code == 2
    assert "there is no terminal here; give an id" in ran.err or "no arXiv id" in ran.err


@pytest.mark.parametrize(
    ("options", "address"),
    [
        ([], f"https://arxiv.org/abs/{ID}"),
        (["--pdf"], f"https://arxiv.org/pdf/{ID}"),
        (["--html"], f"https://arxiv.org/html/{ID}"),
    ],
)
def test_without_a_display_the_address_is_printed(
    kept: Mine, options: list[str], address: str
) -> None:
    assert kept("open", ID, *options).out == f"{address}\n"
    assert kept("open", ID, "--print", *options, DISPLAY=":0").out == f"{address}\n"
    assert kept("open", ID, *options, DISPLAY=":0", SSH_CONNECTION="x").out == f"{address}\n"


def test_the_browser_is_the_one_that_is_named(kept: Mine, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >> {tmp_path}/opened\n')
    browser.chmod(0o755)
    ran = kept("open", ID, f"{OTHER}v1", BROWSER=f"{browser} %s")
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "opened").read_text().split() == [
        f"https://arxiv.org/abs/{ID}",
        f"https://arxiv.org/abs/{OTHER}v1",
    ]


def test_a_pdf_is_fetched_once(kept: Mine, arxiv: FakeArxiv, tmp_path: Path) -> None:
    folder = tmp_path / "papers"
    before = len(arxiv.asked)
    path = folder / f"{ID} On brown pelicans & gulls.pdf"
    for _ in range(2):
        ran = kept("pdf", ID, "--to", folder)
        assert (ran.code, ran.out, ran.err) == (0, f"{path}\n", "")
    assert path.read_bytes().startswith(b"%PDF-")
    assert arxiv.asked[before:] == [f"/pdf/{ID}"]
    assert [one.name for one in folder.iterdir()] == [path.name]


def test_where_it_goes_and_its_name_are_configured(kept: Mine, tmp_path: Path) -> None:
    more = '[papers]\nfolder = "~/shelf"\nname = "{{ year }}/{{ first_author }}_{{ arxiv_id }}"'
    kept.configure(port=1, more=more)
    assert kept("pdf", f"{OTHER}v1").out == f"{tmp_path}/shelf/2026-Ann Lee_{OTHER}v1.pdf\n"


def test_what_cannot_be_fetched_does_not_keep_the_others_back(
    kept: Mine, arxiv: FakeArxiv, tmp_path: Path
) -> None:
    arxiv.fault(f"/pdf/{ID}", "body", body=b"<html>no</html>")
    ran = kept("pdf", ID, OTHER, "--to", tmp_path / "x")
    assert ran.code == 1
    assert ran.out == f"{tmp_path}/x/{OTHER} KV-cache geese.pdf\n"
    assert f"/pdf/{ID} is no PDF; look at it in a browser" in ran.err


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("page.html/papers", "page.html/papers cannot be made: Not a directory"),
        ("taken", f"taken/{OTHER} KV-cache geese.pdf cannot be written: Is a directory"),
    ],
)
def test_a_pdf_that_cannot_be_put_there_leaves_nothing(
    kept: Mine, tmp_path: Path, folder: str, said: str
) -> None:
    (tmp_path / "page.html").write_text("a file")
    (tmp_path / "taken" / f"{OTHER} KV-cache geese.pdf").mkdir(parents=True)
    ran = kept("pdf", OTHER, "--to", tmp_path / folder)
    assert (ran.code, ran.out, ran.err) == (1, "", f"digest: {tmp_path}/{said}\n")
    assert len(list((tmp_path / "taken").iterdir())) == 1


def test_bibtex(kept: Mine) -> None:
    ran = kept("bib", OTHER, ID)
    assert ran.out.startswith(f"@misc{{lee:{OTHER},\n      title={{KV-cache geese}},\n")
    assert r"title={On brown pelicans \& gulls}" in ran.out
    assert ran.out.count("@misc{") == 2


def test_what_is_starred_is_listed_and_marked_until_it_is_not(kept: Mine) -> None:
    ran = kept("star", OTHER, "--note", "for the survey")
    assert (ran.code, ran.out) == (0, "")
    assert ran.err == f"Starred {OTHER}: KV-cache geese\n"
    kept("star", ID)
    assert ids(kept("starred").out) == [ID, OTHER]
    assert "Starred:   Wed 6 May 2026: for the survey\n" in kept("show", OTHER).out
    [entry] = json.loads(kept("show", OTHER, "-f", "json").out)["entries"]
    assert (entry["starred"], entry["note"]) == (True, "for the survey")
    assert "★ KV-cache geese" in kept("on", str(TUESDAY), "-f", "text").out
    assert kept("starred", "-f", "bibtex").out.count("@misc{") == 2
    assert kept("unstar", OTHER).err == f"No longer starred: {OTHER}: KV-cache geese\n"
    assert ids(kept("starred").out) == [ID]
    ran = kept("unstar", OTHER)
    assert (ran.code, ran.err) == (1, f"digest: {OTHER} is not starred\n")


@pytest.mark.parametrize("name", ["json", "ndjson", "markdown", "text", "html", "atom"])
def test_the_notes_are_in_the_list_of_what_is_starred(kept: Mine, name: str) -> None:
    kept("star", OTHER, "--note", "for the survey")
    assert "for the survey" in kept("starred", "-f", name).out


def test_the_list_of_what_is_starred_can_be_narrowed(kept: Mine) -> None:
    kept("star", ID, OTHER)
    assert ids(kept("starred", "-k", "KV cache").out) == [OTHER]
    assert ids(kept("starred", "--since", "2026-05-07").out) == []
    assert ids(kept("starred", "--limit", "1").out) == [OTHER]
    kept.configure(port=1, more='[[rules]]\nany = ["pelicans"]')
    assert ids(kept("starred", "--rules").out) == [ID]
    assert ids(kept("starred").out) == [OTHER, ID]


def test_what_is_not_stored_cannot_be_kept_whole(kept: Mine) -> None:
    ran = kept("star", "2401.00001")
    assert (ran.code, ran.out) == (1, "")
    assert "2401.00001 is not stored" in ran.err


def test_stars_outlive_the_listings(kept: Mine) -> None:
    kept("star", OTHER)
    kept.state.unlink()
    assert "KV-cache geese" in kept("show", OTHER).out
    assert ids(kept("search", "geese").out) == [OTHER]


def test_a_replacement_of_a_starred_paper_comes_whatever_the_rules_say(
    kept: Mine, arxiv: FakeArxiv
) -> None:
    kept("star", ID)
    arxiv.publish(THURSDAY, Paper(ID, "cs.DC", "On pelicans", 3), Paper("2605.10003", "cs.DC"))
    arxiv.now = NOON + timedelta(days=2)
    kept.configure(port=1, more='[[rules]]\nany = ["swans"]')
    ran = kept("today", "-f", "text")
    assert "★ On pelicans" in ran.out
    assert "* starred" in ran.out
    assert "since v2:" in ran.out
    assert "title: On [-brown-] pelicans [-& gulls-]" in ran.out
    assert "Why:       starred\n" in kept("show", ID).out
    assert "\nselected, as it is starred; it would be hidden: " in kept("why", ID).out
    more = '[[rules]]\nany = ["swans"]\n[output]\nstarred_replacements = false'
    kept.configure(port=1, more=more)
    assert ID not in kept("today", "-f", "text").out
    assert "Hidden:    it is announced as replace" in kept("show", ID).out
    assert "\nhidden: it is announced as replace" in kept("why", ID).out


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["KV cache"], [OTHER]),
        (["pelicans"], [ID]),
        (["author:Lee"], [ID, OTHER]),
        (["author:Lee", "not:pelicans"], [OTHER]),
        (["subject:cs.LG"], [OTHER]),
        (["type:new"], [ID, OTHER]),
        (["type:replace"], [ID]),
        (["swans"], []),
        ([ID], [ID]),
        (["/ge+se/"], [OTHER]),
        (["is:starred"], [OTHER]),
        (["not:is:starred", "author:Lee"], [ID]),
    ],
)
def test_search_finds_what_a_rule_finds(kept: Mine, words: list[str], found: list[str]) -> None:
    kept("star", OTHER)
    ran = kept("search", *words)
    assert (ran.code, ids(ran.out)) == (0, found)


def test_search_finds_what_only_the_page_says_of_a_day_whose_feed_is_stored_too(
    mine: Mine, arxiv: FakeArxiv
) -> None:
    arxiv.publish(TUESDAY, Paper(ID, "cs.DC", "On pelicans", comments="Accepted at Birds"))
    assert mine("today", "--source", "feed").code == 0
    assert ids(mine("search", "comments:accepted").out) == []
    assert mine("today", "--source", "page", "--refresh").code == 0
    assert ids(mine("search", "comments:accepted").out) == [ID]


def test_search_may_ask_for_what_a_rule_does(kept: Mine) -> None:
    kept.configure(port=1, more='[[rules]]\nname = "Big birds"\nany = ["pelicans"]')
    assert ids(kept("search", "rule:big birds").out) == [ID]
    assert ids(kept("search", "not:rule:Big birds", "author:Lee").out) == [OTHER]


def test_search_says_what_was_looked_through(kept: Mine, arxiv: FakeArxiv) -> None:
    arxiv.now = NOON + timedelta(days=7)
    assert kept("search", "geese").err == (
        "1 paper found; stored since Tue 5 May 2026; 4 days in between were not read.\n"
    )
    assert kept("search", "author:Lee").err.startswith("2 papers found; ")
    assert kept("search", "author:Lee").err.count("found") == 1
    assert ids(kept("search", "geese", "--since", "3d").out) == []
    assert ids(kept("search", "author:Lee", "--limit", "1").out) == [ID]


@pytest.mark.parametrize("words", [["author:"], ["/(/"], ["is:odd"]])
def test_what_cannot_be_searched_is_refused(kept: Mine, words: list[str]) -> None:
    assert kept("search", *words).code == 2


def test_changes(kept: Mine) -> None:
    ran = kept("changes", "-f", "text")
    assert "title: On {+brown+} pelicans & gulls" in ran.out
    assert ran.err == "1 replacement since Wed 6 May 2026.\n"
    assert ids(kept("changes", "--starred").out) == []
    [entry] = json.loads(kept("changes", "-f", "json").out)["entries"]
    assert entry["changes"]["since"] == 1


def test_a_line_under_each_replacement(kept: Mine) -> None:
    ran = kept("today", "--all", "-f", "text")
    assert "since v1:" in ran.out
    assert "comments not known, as a feed has none" in ran.out


@pytest.mark.parametrize(("keep", "found"), [("", []), ('[store]\nkeep = "1y"', [OTHER])])
def test_listings_may_be_kept_for_longer(
    kept: Mine, arxiv: FakeArxiv, keep: str, found: list[str]
) -> None:
    kept.configure(port=1, more=keep)
    later = TUESDAY + timedelta(days=147)
    arxiv.publish(later, Paper("2609.10001", "cs.DC"))
    arxiv.now = NOON + timedelta(days=147)
    kept("today", "-q")
    assert ids(kept("search", "geese").out) == found


def test_a_message_has_the_replacements_of_what_is_starred(kept: Mine, arxiv: FakeArxiv) -> None:
    kept("star", ID)
    arxiv.publish(THURSDAY, Paper(ID, "cs.DC", "On pelicans", 3), Paper("2605.10003", "cs.DC"))
    arxiv.now = NOON + timedelta(days=2)
    kept.configure(port=1, more='[[rules]]\nany = ["swans"]')
    message = kept("send", "--dry-run").out
    assert "[1]" in message
    assert "* starred" in message
    assert "since v2:" in message
