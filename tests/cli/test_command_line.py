import json
import os
import pty
import re
import subprocess
import sys
import tomllib
from email import message_from_string
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv
from mornings import NOON
from ran import Digest, Ran

from arxivdigest import __version__
from arxivdigest.cli import COMMANDS

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGE = EXAMPLES / "cs.DC-2025-07-11.html"
CONFIG = EXAMPLES / "config.toml"
VERDICT = (
    "Fri 11 Jul 2025, cs.DC: 22 of 22 entries (11 new, 3 cross-lists, 8 replacements)"
    " from the page; "
)
SELECTED = """\
2507.07400 2507.07120 2507.07671 2507.07144
2505.11329 2506.03296 2507.06608 2504.08793""".split()


@pytest.fixture
def today(digest: Digest) -> Digest:
    """The command `digest today` on the example's page."""

    def run(*options: str | Path) -> Ran:
        return digest("today", "--from", PAGE, *options)

    return run


def ids(ran: Ran) -> list[str]:
    return [line.split("\t")[0] for line in ran.out.splitlines()]


def config_file(folder: Path, text: str, name: str = "mine.toml") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_saved_page_goes_through_the_rules(today: Digest) -> None:
    ran = today("-c", CONFIG)
    assert ids(ran) == SELECTED
    assert ran.errors == [f"{VERDICT}8 match."]
    assert ran.code == 0


def test_a_dash_reads_standard_input(digest: Digest) -> None:
    ran = digest("today", "--from", "-", "-c", CONFIG, stdin=PAGE.read_bytes())
    assert ids(ran) == SELECTED
    assert ran.code == 0


def test_it_works_without_any_configuration(today: Digest) -> None:
    ran = today()
    assert len(ids(ran)) == 14
    assert ran.errors == [f"{VERDICT}14 selected without rules."]


@pytest.mark.parametrize(
    ("options", "found"),
    [
        (["-k", "kv-cache"], ["2507.07400"]),
        (
            ["-k", "KV cache", "--keyword", "packet loss"],
            "2507.07114 2507.07117 2507.07400".split(),
        ),
        (["-k", "nothing of the kind"], []),
        (["-c", CONFIG, "-k", "packet loss"], ["2507.07114", "2507.07117", *SELECTED]),
    ],
)
def test_a_keyword_is_a_rule_on_the_spot(
    today: Digest, options: list[str | Path], found: list[str]
) -> None:
    ran = today(*options)
    assert sorted(ids(ran)) == sorted(found)
    assert ran.code == 0


@pytest.mark.parametrize(
    ("options", "count", "errors"),
    [
        ([], 8, [f"{VERDICT}8 match."]),
        (["-q"], 8, []),
        (["--quiet", "--all"], 22, []),
        (["--all"], 22, [f"{VERDICT}8 match, 22 shown."]),
        (["-a", "--limit", "9"], 9, [f"{VERDICT}8 match, 9 shown."]),
        (["--limit", "3"], 3, [f"{VERDICT}8 match, 3 shown."]),
        (["--limit", "100"], 8, [f"{VERDICT}8 match."]),
        (["--source", "page"], 8, [f"{VERDICT}8 match."]),
        (["cs.dc"], 8, [f"{VERDICT}8 match."]),
        (["cs"], 8, [f"{VERDICT}8 match."]),
    ],
)
def test_the_verdict_goes_to_standard_error(
    today: Digest, options: list[str], count: int, errors: list[str]
) -> None:
    ran = today("-c", CONFIG, *options)
    assert len(ids(ran)) == count
    assert ran.errors == errors
    assert ran.code == 0


def test_a_limit_keeps_the_best_of_all_sections(today: Digest) -> None:
    assert ids(today("-c", CONFIG, "--limit", "2")) == ["2507.07400", "2505.11329"]


def test_quiet_does_not_hide_that_a_listing_is_incomplete(digest: Digest, tmp_path: Path) -> None:
    page = tmp_path / "cut.html"
    page.write_bytes(PAGE.read_bytes().replace(b"of 11 entries", b"of 12 entries", 1))
    ran = digest("today", "--from", page, "-q", "--skip-empty", "-k", "no such words")
    assert ran.out == ""
    (said,) = ran.errors
    assert "incomplete (New submissions: 11 of 12 entries are on this page" in said
    assert ran.code == 0


@pytest.mark.parametrize("format_name", ["plain", "markdown", "html", "text", "json", "email"])
def test_skip_empty_prints_nothing_at_all_where_nothing_matched(
    today: Digest, format_name: str
) -> None:
    ran = today("--skip-empty", "-f", format_name, "-k", "no such words")
    assert (ran.out, ran.err, ran.code) == ("", "", 0)


def test_skip_empty_prints_what_matched(today: Digest) -> None:
    assert ids(today("--skip-empty", "-k", "KV cache")) == ["2507.07400"]


@pytest.mark.parametrize(
    ("options", "has_abstract"),
    [
        (["-f", "plain"], False),
        (["-f", "plain", "--abstracts"], True),
        (["-f", "table"], False),
        (["-f", "table", "--abstracts"], True),
        (["-f", "markdown"], True),
        (["-f", "markdown", "--no-abstracts"], False),
        (["-f", "html"], True),
        (["-f", "html", "--no-abstracts"], False),
        (["-f", "text", "--no-abstracts"], False),
        (["-f", "json"], True),
    ],
)
def test_abstracts_are_shown_or_not(
    today: Digest, options: list[str], *, has_abstract: bool
) -> None:
    ran = today("-k", "KV cache", *options)
    assert "2507.07400" in ran.out
    assert ("least recently used" in " ".join(ran.out.split()).lower()) == has_abstract


def test_plain_lines_are_columns_parted_by_tabs(today: Digest) -> None:
    (line,) = today("-k", "KV cache").out.splitlines()
    columns = line.split("\t")
    assert columns[:4] == ["2507.07400", "new", "1.0", "cs.DC"]
    assert columns[6:] == ["KV cache", "https://arxiv.org/abs/2507.07400"]


def test_json_is_one_object(today: Digest) -> None:
    document = json.loads(today("-c", CONFIG, "-f", "json").out)
    assert document["schema"] == 1
    assert document["verdict"]["status"] == "complete"
    assert [entry["arxiv_id"] for entry in document["entries"]] == SELECTED


def test_an_email_goes_to_whom_the_command_line_says(today: Digest) -> None:
    ran = today("-c", CONFIG, "-f", "email", "--to", "a@example.org", "--to", "b@example.org")
    message = message_from_string(ran.out)
    assert message["To"].split() == ["a@example.org,", "b@example.org"]
    assert message["From"] == "arXiv digest <digest@example.org>"


@pytest.mark.parametrize("option", ["-o", "--output"])
def test_output_goes_to_a_file(today: Digest, tmp_path: Path, option: str) -> None:
    ran = today("-c", CONFIG, option, tmp_path / "lines")
    assert ran.out == ""
    assert ran.errors == [f"{VERDICT}8 match."]
    assert len((tmp_path / "lines").read_text(encoding="utf-8").splitlines()) == 8


def test_output_to_a_dash_is_standard_output(today: Digest, tmp_path: Path) -> None:
    assert ids(today("-c", CONFIG, "-o", "-")) == SELECTED
    assert not (tmp_path / "-").exists()


def test_a_file_that_cannot_be_written_is_an_error(today: Digest, tmp_path: Path) -> None:
    ran = today("-o", tmp_path)
    assert ran.errors == [f"digest: {tmp_path} cannot be written: Is a directory"]


def test_a_folder_that_there_is_not_is_no_file(today: Digest, tmp_path: Path) -> None:
    ran = today("-o", f"{tmp_path}/new/")
    assert ran.code == 1
    assert ran.errors == [
        f"digest: {tmp_path}/new cannot be written: {tmp_path}/new/ is a folder; name a file in it"
    ]
    assert not (tmp_path / "new").exists()
    assert ran.code == 1


@pytest.mark.parametrize(("configured", "given"), [("json", []), ("table", ["-f", "json"])])
def test_the_format_is_configured_or_given(
    today: Digest, tmp_path: Path, configured: str, given: list[str]
) -> None:
    mine = config_file(tmp_path, f"output.format = '{configured}'")
    assert json.loads(today("-c", mine, *given).out)["schema"] == 1


def test_a_configured_table_is_plain_in_a_pipe(today: Digest, tmp_path: Path) -> None:
    assert len(ids(today("-c", config_file(tmp_path, "output.format = 'table'")))) == 14


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["--format", "jsn"], 'there is no format "jsn"; did you mean "json"?'),
        (["--format", "../x"], 'there is no format "../x"; known: '),
        (
            ["--keyword", "*"],
            ('--keyword: the keyword "*" can never match: it has no letter and no digit'),
        ),
        (
            ["--keyword", "/(/"],
            ('--keyword: the keyword "/(/" is no regular expression in RE2\'s syntax: '),
        ),
        (["--source", "rss"], '--source is one of auto, feed, page, not "rss"'),
        (["--source", "feed"], f"{PAGE} is a page, and --source asks for a feed"),
        (["cs.LG"], f"{PAGE} is the listing of cs.DC, not of cs.LG"),
        (["cs.DCX"], 'arXiv has no subject "cs.DCX"; did you mean cs.DC?'),
        (
            ["machine learning"],
            'arXiv has no subject "machine learning"; did you mean cs.LG or stat.ML?',
        ),
        (["x\x1b[2J\ny"], 'arXiv has no subject "x[2J y" (see: digest categories)'),
        (
            ["--limit", "0"],
            ("Invalid value for '--limit': 0 is not in the range x>=1. (see: digest today --help)"),
        ),
        (["--limit", "many"], "Invalid value for '--limit': 'many' is not a valid int"),
        (["--formt", "json"], "No such option: --formt"),
        (["--config"], "Option '--config' requires an argument. (see: digest --help)"),
        (["--config", "none.toml"], "there is no configuration file none.toml; digest init"),
        (["--profile", "group"], 'there is no profile "group": '),
        (["--format", "email"], 'nobody to send it to: give --to ADDRESS, or [email] to = ["..."]'),
        (["--format", "email", "--to", "me"], '"me" is not an e-mail address'),
        (["--offline"], "--from says what to read; --offline, --refresh and --wait are for arXiv"),
        (["--refresh"], "--from says what to read; --offline, --refresh and --wait are for arXiv"),
        (["--wait"], "--from says what to read; --offline, --refresh and --wait are for arXiv"),
        (["--offline", "--wait"], "--offline asks nobody; it goes with neither --refresh nor"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    today: Digest, arguments: list[str], error: str
) -> None:
    ran = today(*arguments)
    assert ran.out == ""
    (line,) = ran.errors
    assert line.startswith(f"digest: {error}")
    assert ran.code == 2


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["tody"], "digest: No such command 'tody'. Did you mean 'today'? (see: digest --help)"),
        (["--today"], "digest: No such option: --today (see: digest --help)"),
        (
            ["config", "chek"],
            ("digest: No such command 'chek'. Did you mean 'check'? (see: digest config --help)"),
        ),
        (["why"], "digest: Missing argument 'ID'. (see: digest why --help)"),
        (
            ["today"],
            (
                "digest: no subjects: name some, as in digest today cs.DC, or follow some:"
                " digest init"
            ),
        ),
        (
            ["today", "cs.DC", "--offline", "--refresh"],
            "digest: --offline asks nobody; it goes with neither --refresh nor --wait",
        ),
        (
            ["on", "2026-05-05", "cs.DC", "--offline", "--refresh"],
            "digest: --offline asks nobody; it does not go with --refresh",
        ),
        (
            ["on", "2026-05-05"],
            (
                "digest: no subjects: name some, as in digest today cs.DC, or follow some:"
                " digest init"
            ),
        ),
        (["on"], "digest: Missing argument 'DATE... [SUBJECT]...'. (see: digest on --help)"),
        (
            ["on", "9999-12-31", "cs.DC"],
            "digest: the announcement of Fri 31 Dec 9999 is not out yet",
        ),
        (
            ["on", "1999-01-04", "cs.DC"],
            "digest: arXiv shows no announcement as old as Mon 4 Jan 1999: 90 days at most",
        ),
        (["categories", "no", "such"], 'digest: arXiv has no subject with "no such" in its name'),
    ],
)
def test_a_wrong_command_is_one_line_and_exit_code_2(
    digest: Digest, arguments: list[str], error: str
) -> None:
    ran = digest(*arguments)
    assert (ran.out, ran.errors, ran.code) == ("", [error], 2)


@pytest.mark.parametrize("source", ["feed", "page"])
def test_a_network_that_does_not_answer_is_exit_code_75(
    digest: Digest, tmp_path: Path, source: str
) -> None:
    nobody = "http://127.0.0.1:9"
    mine = config_file(tmp_path, f"fetch = {{ site = '{nobody}', feeds = '{nobody}' }}")
    ran = digest("today", "cs.DC", "-c", mine, "--source", source)
    assert ran.out == ""
    (line,) = ran.errors
    assert line.startswith("digest: 127.0.0.1:9 cannot be reached")
    assert ran.code == 75


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Usage: digest [OPTIONS] COMMAND"),
        (["--help"], "Usage: digest [OPTIONS] COMMAND"),
        (["-h"], "Usage: digest [OPTIONS] COMMAND"),
        (["today", "-h"], "Usage: digest today [OPTIONS] [SUBJECT]..."),
        (["on", "-h"], "Usage: digest on [OPTIONS] {DATE... [SUBJECT]...}"),
        (["when", "-h"], "Usage: digest when [OPTIONS]"),
        (["config"], "Usage: digest config [OPTIONS] COMMAND"),
        (["--version"], f"arxivdigest {__version__}\n"),
    ],
)
def test_help_goes_to_standard_output(digest: Digest, arguments: list[str], said: str) -> None:
    ran = digest(*arguments)
    assert ran.out.startswith(said)
    assert (ran.err, ran.code) == ("", 0)


@pytest.mark.parametrize("day", ["soon", "2026-02-30", "5 May 2026", ""])
def test_a_day_that_is_no_date_is_wrong_usage(digest: Digest, day: str) -> None:
    ran = digest("on", day, "cs.DC")
    assert (ran.out, ran.code) == ("", 2)
    (line,) = ran.errors
    assert line.startswith(f'digest: "{day}" is no date, such as 20')


def test_when_tells_the_last_announcement_and_the_next(digest: Digest) -> None:
    ran = digest("when", environment={"TZ": "Asia/Kolkata"})
    assert (ran.err, ran.code) == ("", 0)
    last, coming = ran.out.splitlines()
    assert re.fullmatch(r"Last:  .+, out since .+ 0[56]:30 IST \(20:00 in New York\)", last)
    assert re.fullmatch(r"Next:  .+, in .+: .+ 0[56]:30 IST \(20:00 in New York\)", coming)


def test_when_knows_the_users_holidays(digest: Digest, tmp_path: Path) -> None:
    mine = config_file(tmp_path, "fetch.holidays = [2026-05-06]")
    assert "Next:  Wed 6 May 2026, " in digest("when", at=NOON).out
    assert "Next:  Thu 7 May 2026, " in digest("when", "-c", mine, at=NOON).out


@pytest.fixture
def asking(arxiv: FakeArxiv, digest: Digest, tmp_path: Path) -> Digest:
    """The command `digest`, configured to ask the fake arXiv, at its time."""
    place = f"site = '{arxiv.url}', feeds = '{arxiv.url}'"
    mine = config_file(tmp_path, f"fetch = {{ {place}, delay = 0 }}")

    def run(*arguments: str) -> Ran:
        named = {"ARXIVDIGEST_CONFIG": str(mine), "NO_PROXY": "*"}
        return digest(*arguments, environment=named, at=arxiv.now)

    return run


SOURCES = pytest.mark.parametrize("source", ["feed", "page"])


@SOURCES
def test_a_second_run_asks_nobody(asking: Digest, arxiv: FakeArxiv, source: str) -> None:
    first = asking("today", "cs.DC", "--source", source)
    assert (ids(first), first.code) == (["2605.10001", "2605.10002"], 0)
    asked = len(arxiv.requests)
    second = asking("today", "cs.DC")
    assert (second.out, second.code, len(arxiv.requests)) == (first.out, 0, asked)


@SOURCES
def test_refresh_asks_again(asking: Digest, arxiv: FakeArxiv, source: str) -> None:
    asking("today", "cs.DC", "--source", source)
    asked = len(arxiv.requests)
    ran = asking("today", "cs.DC", "--source", source, "--refresh")
    assert (len(ids(ran)), ran.code) == (2, 0)
    assert len(arxiv.requests) == asked + 1


def test_offline_shows_what_is_stored_and_says_how_old_it_is(
    asking: Digest, arxiv: FakeArxiv
) -> None:
    asking("today", "cs.DC")
    asked = len(arxiv.requests)
    ran = asking("today", "cs.DC", "--offline")
    assert (len(ids(ran)), ran.code, len(arxiv.requests)) == (2, 0, asked)
    assert "; read 0 min ago; " in ran.err


@pytest.mark.parametrize("command", [["today"], ["on", "2026-05-05"]])
def test_offline_with_nothing_stored_is_exit_code_75(
    asking: Digest, arxiv: FakeArxiv, command: list[str]
) -> None:
    ran = asking(*command, "cs.DC", "--offline")
    assert (ran.out, ran.code, arxiv.asked) == ("", 75, [])
    (line,) = ran.errors
    assert line.startswith("digest: nothing is stored for cs.DC ")


@pytest.mark.parametrize("options", [[], ["-q"], ["-q", "--skip-empty"]])
def test_without_an_answer_the_stored_digest_is_shown_with_exit_code_75(
    asking: Digest, arxiv: FakeArxiv, options: list[str]
) -> None:
    asking("today", "cs.DC")
    arxiv.fault("/", "status", status=503)
    ran = asking("today", "cs.DC", "--refresh", *options)
    assert (len(ids(ran)), ran.code) == (2, 75)
    (line,) = ran.errors
    assert "arXiv cannot be asked: " in line


def test_skip_empty_does_not_hide_that_arxiv_could_not_be_asked(
    asking: Digest, arxiv: FakeArxiv
) -> None:
    asking("today", "cs.DC")
    arxiv.fault("/", "status", status=503)
    ran = asking("today", "cs.DC", "--refresh", "--skip-empty", "-q", "-k", "no such words")
    assert (ran.out, len(ran.errors), ran.code) == ("", 1, 75)


def test_a_subject_that_fails_is_named_and_the_others_are_shown(
    asking: Digest, arxiv: FakeArxiv
) -> None:
    arxiv.fault("/rss", "status", status=503)
    arxiv.fault("/list/cs.LG", "status", status=503)
    ran = asking("today", "cs.DC", "cs.LG", "--source", "page")
    assert (ids(ran), ran.code) == (["2605.10001", "2605.10002"], 75)
    (line,) = ran.errors
    assert "incomplete (cs.LG could not be read: " in line


def test_the_announcement_of_a_day_is_read_once(asking: Digest, arxiv: FakeArxiv) -> None:
    day = "2026-05-05"
    first = asking("on", day, "cs.DC", "cs.LG")
    assert (len(ids(first)), first.code) == (3, 0)
    assert arxiv.asked == [f"/catchup/{one}/{day}?abs=True" for one in ("cs.DC", "cs.LG")]
    second = asking("on", day, "cs.LG", "cs.DC")
    assert (sorted(ids(second)), second.code, len(arxiv.requests)) == (sorted(ids(first)), 0, 2)


@pytest.mark.parametrize("command", [["today"], ["on", "today"]])
def test_a_403_is_one_line_and_ends_it(
    asking: Digest, arxiv: FakeArxiv, command: list[str]
) -> None:
    arxiv.fault("/", "status", status=403)
    ran = asking(*command, "cs.DC", "cs.LG")
    assert (ran.out, ran.code, len(arxiv.requests)) == ("", 1, 1)
    (line,) = ran.errors
    assert line.endswith("; it asks you to stop, so wait a day before you go on")


def test_a_wrong_configuration_is_said_line_by_line(digest: Digest, tmp_path: Path) -> None:
    config_file(tmp_path, "subjects = ['cs.DC']\n[[rules]]\nkeyword = ['x']\nweight = 'high'\n")
    for command in (["config", "check"], ["today", "--from", PAGE], ["config", "show"]):
        ran = digest(*command, "-c", "mine.toml")
        assert ran.out == ""
        assert ran.errors == [
            'mine.toml:3: unknown key "keyword" in [[rules]]; did you mean "any"?',
            'mine.toml:4: weight must be a number, not the string "high"',
        ]
        assert ran.code == 2


def test_the_settings_in_force_are_shown_as_toml(digest: Digest, tmp_path: Path) -> None:
    ran = digest("config", "show", "-c", CONFIG)
    assert ran.code == 0
    shown = tomllib.loads(ran.out)
    assert shown["fetch"]["delay"] == 3
    assert shown["rules"] == tomllib.loads(CONFIG.read_text(encoding="utf-8"))["rules"]
    again = config_file(tmp_path, ran.out)
    assert digest("config", "show", "-c", again).out == ran.out


def test_a_profile_replaces_settings(digest: Digest, tmp_path: Path) -> None:
    mine = config_file(
        tmp_path,
        "[[rules]]\nany = ['KV cache']\n[[profiles.group.rules]]\nany = ['packet loss']\n",
    )
    assert ids(digest("today", "--from", PAGE, "-c", mine)) == ["2507.07400"]
    ran = digest("today", "--from", PAGE, "-c", mine, "--profile", "group")
    assert ids(ran) == ["2507.07114", "2507.07117"]
    ran = digest("today", "--from", PAGE, "-c", mine, "--profile", "grop")
    assert ran.errors == [f'digest: there is no profile "grop" in {mine}; did you mean "group"?']
    assert ran.code == 2


def test_init_writes_a_configuration_that_is_right(digest: Digest) -> None:
    ran = digest("init", "-s", "cs.dc", "--subject", "math", "-k", "KV cache", "-k", 'say "x"')
    path = digest("config", "path").out.removesuffix("\n")
    assert (ran.out, ran.code) == ("", 0)
    assert ran.errors == [f"Wrote {path}", "Now run: digest today"]
    assert digest("config", "check").out == f"{path} is right: 2 subjects, 1 rule.\n"
    shown = tomllib.loads(digest("config", "show").out)
    assert shown["subjects"] == ["cs.DC", "math"]
    assert shown["rules"] == [{"name": "My keywords", "any": ["KV cache", 'say "x"']}]


def test_init_without_a_terminal_asks_nothing(digest: Digest, tmp_path: Path) -> None:
    ran = digest("init", "-c", tmp_path / "new" / "mine.toml")
    assert ran.errors == [
        f"Wrote {tmp_path}/new/mine.toml",
        "Name your subjects in it: digest categories",
    ]
    ran = digest("config", "check", "-c", tmp_path / "new" / "mine.toml")
    assert ran.out == f"{tmp_path}/new/mine.toml is right: 0 subjects, 0 rules.\n"


def test_init_says_how_to_use_another_file(digest: Digest) -> None:
    ran = digest("init", "-s", "cs.DC", "-c", "mine.toml")
    assert ran.errors == ["Wrote mine.toml", "Now run: digest today --config mine.toml"]


def test_init_never_overwrites(digest: Digest, tmp_path: Path) -> None:
    mine = config_file(tmp_path, "# mine")
    ran = digest("init", "-s", "cs.DC", "-c", mine)
    assert ran.errors == [
        f"digest: {mine} is there already; edit it, or name another with --config"
    ]
    assert ran.code == 2
    assert mine.read_text(encoding="utf-8") == "# mine"


@pytest.mark.parametrize(
    ("options", "error"),
    [
        (["-s", "cs.DCX"], 'digest: arXiv has no subject "cs.DCX"; did you mean cs.DC?'),
        (
            ["-k", "*"],
            ('digest: --keyword: the keyword "*" can never match: it has no letter and no digit'),
        ),
    ],
)
def test_init_writes_nothing_that_is_wrong(
    digest: Digest, tmp_path: Path, options: list[str], error: str
) -> None:
    ran = digest("init", "-c", "mine.toml", *options)
    assert (ran.out, ran.errors, ran.code) == ("", [error], 2)
    assert not (tmp_path / "mine.toml").exists()


def test_init_that_cannot_write_is_an_error(digest: Digest, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ran = digest("init", "-c", "file/mine.toml")
    assert len(ran.errors) == 1
    assert ran.errors[0].startswith("digest: file/mine.toml cannot be written: ")
    assert ran.code == 1


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (
            b"cs.dc, quant-ph\nKV cache, prefill*\nn\n",
            {"subjects": ["cs.DC", "quant-ph"], "any": ["KV cache", "prefill*"]},
        ),
        (b"\n\n", {"subjects": None, "any": None}),
    ],
)
def test_init_asks_on_a_terminal(
    tmp_path: Path, typed: bytes, expected: dict[str, list[str] | None]
) -> None:
    master, slave = pty.openpty()
    os.write(master, typed)
    subprocess.run(
        [sys.executable, "-m", "arxivdigest", "init", "-c", "mine.toml"],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        cwd=tmp_path,
        check=True,
        timeout=60,
    )
    shown = os.read(master, 10_000).decode()
    os.close(slave)
    os.close(master)
    assert "Subjects to follow" in shown
    assert "Keywords" in shown
    assert "Wrote mine.toml" in shown
    settings = tomllib.loads((tmp_path / "mine.toml").read_text(encoding="utf-8"))
    assert settings.get("subjects") == expected["subjects"]
    assert settings.get("rules", [{}])[0].get("any") == expected["any"]


def test_categories_are_lines_of_columns(digest: Digest) -> None:
    lines = digest("categories").out.splitlines()
    assert len(lines) > 150
    assert "cs.DC\tDistributed, Parallel, and Cluster Computing\tComputer Science" in lines
    assert "math.MP\tMathematical Physics\tMathematics\tmath-ph" in lines


@pytest.mark.parametrize(
    ("words", "found"),
    [(["networking"], ["cs.NI"]), (["machine", "LEARNING"], ["cs.LG", "stat.ML"])],
)
def test_categories_are_searched_for_all_words(
    digest: Digest, words: list[str], found: list[str]
) -> None:
    assert ids(digest("categories", *words)) == found


def test_why_says_what_each_rule_made_of_an_entry(digest: Digest) -> None:
    ran = digest("why", "arXiv:2507.07120v1", "--from", PAGE, "-c", CONFIG, "-k", "sharding")
    assert ran.code == 0
    assert ran.err == ""
    lines = ran.out.splitlines()
    assert lines[1:3] == ["Fri 11 Jul 2025, cs.DC: new; cs.DC, cs.AI", "selected, with score 3"]
    assert "People I follow (weight 2): holds" in lines
    assert "LLM serving (weight 3): does not hold" in lines
    assert "sharding (weight 1): holds" in lines


@pytest.mark.parametrize(
    ("arxiv_id", "error", "code"),
    [
        ("2507.00000", "2507.00000 is not among the 22 entries of Fri 11 Jul 2025, cs.DC", 1),
        ("KVFlow", '"KVFlow" is no arXiv id, such as 2507.07120 or math/0601001', 2),
    ],
)
def test_why_knows_only_the_listing(digest: Digest, arxiv_id: str, error: str, code: int) -> None:
    ran = digest("why", arxiv_id, "--from", PAGE)
    assert (ran.out, ran.errors, ran.code) == ("", [f"digest: {error}"], code)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_all_commands_says_what_that_of_each_begins_with(
    name: str, digest: Digest
) -> None:
    lines = digest(name, "--help", environment={"COLUMNS": "200"}).out.splitlines()
    assert lines[2].strip() == COMMANDS[name].summary
