import traceback
from datetime import date
from pathlib import Path

import pytest

from arxivdigest.config import Config, Email, Fetch, Output, in_force, load, read
from arxivdigest.config.starter import starter
from arxivdigest.config.toml import dump
from arxivdigest.errors import ConfigError, NoConfigError, UsageError
from arxivdigest.mail.server import Smtp
from arxivdigest.model import AnnounceType
from arxivdigest.rules import Rule
from arxivdigest.rules.conditions import (
    AllKeywords,
    Announce,
    AnyKeyword,
    Authors,
    NoKeyword,
    Subjects,
)
from arxivdigest.rules.keywords import keyword

EXAMPLES = Path(__file__).parents[2] / "examples"
EVERYTHING = r"""
subjects = ["cs.DC", "cs.LG"]            # categories or archives
announce = ["new", "cross"]              # also "replace", "replace-cross"

[[rules]]
name = "LLM serving"
any = ["KV cache", "prefill*", "/speculative (decoding|sampling)/"]
none = ["survey"]
in = ["title", "abstract", "comments", "authors", "journal_ref"]
weight = 3

[[rules]]
name = "People I follow"
authors = ["Dheevatsa Mudigere", "R. Ramjee", "Bertalanic"]

[[rules]]
name = "Scheduling, from optimization"
all = ["scheduling", "batch"]
subjects = ["math.OC", "cs.D*"]
primary = true

[[rules]]
name = "SAM"
any = ["SAM"]
case = true
announce = ["replace"]

[[rules]]
name = "Not for me"
any = ["blockchain", "distributed ledger*"]
exclude = true

[output]
format = "table"
min_score = 1
sort = "score"

[email]
to = ["me@example.org"]
sender = "digest@example.org"
subject = "arXiv {{ announced }}: {{ selected }} for you"

[email.smtp]
host = "smtp.example.org"
port = 2525
security = "tls"
username = "me"
password_command = "pass show smtp"

[fetch]
source = "auto"
site = "https://arxiv.org/"
feeds = "https://rss.arxiv.org"
delay = 3
holidays = [2026-12-24, 2026-11-27]

[profiles.group]
subjects = ["cs.NI"]
"""
FIELDS = ("title", "abstract")
CANARY = "hunter2-canary"


def complaints(text: str) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        read(text, "config.toml")
    return raised.value.complaints


def rule(text: str) -> Rule:
    (only,) = read(f"[[rules]]\n{text}", "config.toml").rules
    return only


def test_every_key_is_read() -> None:
    assert read(EVERYTHING, "config.toml")._replace(written={}) == Config(
        profiles=("group",),
        written={},
        subjects=("cs.DC", "cs.LG"),
        announce=(AnnounceType.NEW, AnnounceType.CROSS),
        rules=(
            Rule(
                "LLM serving",
                (
                    AnyKeyword(
                        (
                            keyword("KV cache"),
                            keyword("prefill*"),
                            keyword("/speculative (decoding|sampling)/"),
                        ),
                        ("title", "abstract", "comments", "authors", "journal_ref"),
                    ),
                    NoKeyword(
                        (keyword("survey"),),
                        ("title", "abstract", "comments", "authors", "journal_ref"),
                    ),
                ),
                weight=3.0,
            ),
            Rule("People I follow", (Authors(("Dheevatsa Mudigere", "R. Ramjee", "Bertalanic")),)),
            Rule(
                "Scheduling, from optimization",
                (
                    AllKeywords((keyword("scheduling"), keyword("batch")), FIELDS),
                    Subjects(("math.OC", "cs.D*"), primary=True),
                ),
            ),
            Rule(
                "SAM",
                (
                    AnyKeyword((keyword("SAM", case=True),), FIELDS),
                    Announce((AnnounceType.REPLACE,)),
                ),
            ),
            Rule(
                "Not for me",
                (AnyKeyword((keyword("blockchain"), keyword("distributed ledger*")), FIELDS),),
                exclude=True,
            ),
        ),
        output=Output(format="table", min_score=1.0, sort="score"),
        email=Email(
            to=("me@example.org",),
            sender="digest@example.org",
            subject="arXiv {{ announced }}: {{ selected }} for you",
            smtp=Smtp("smtp.example.org", 2525, "tls", "me", "pass show smtp"),
        ),
        fetch=Fetch(
            source="auto",
            site="https://arxiv.org",
            feeds="https://rss.arxiv.org",
            delay=3.0,
            holidays=(date(2026, 12, 24), date(2026, 11, 27)),
        ),
    )


def test_nothing_at_all_is_a_configuration() -> None:
    assert read("", "config.toml") == Config()


def test_the_example_is_a_configuration() -> None:
    config = load(EXAMPLES / "config.toml")
    assert config.subjects == ("cs.DC",)
    assert config.announce == tuple(AnnounceType)
    assert [(rule.name, rule.weight, rule.exclude) for rule in config.rules] == [
        ("LLM serving", 3, False),
        ("People I follow", 2, False),
        ("Scheduling", 1, False),
        ("Memory failures", 1, False),
        ("Not for me", 1, True),
    ]
    assert config.output == Output(min_score=1)


@pytest.mark.parametrize(("subjects", "keywords"), [((), ()), (["cs.DC"], ['say "KV cache"'])])
def test_what_init_writes_is_a_configuration(subjects: list[str], keywords: list[str]) -> None:
    config = read(starter(subjects, keywords), "config.toml")
    assert config.subjects == tuple(subjects)
    assert [rule.name for rule in config.rules] == ["My keywords"] * bool(keywords)


def test_what_init_writes_stays_a_configuration_with_its_comments_taken_off() -> None:
    settings = [
        line.removeprefix("# ")
        for line in starter([], []).splitlines()
        if " = " in line or line.startswith("# [")
    ]
    assert [rule.name for rule in read("\n".join(settings), "starter").rules] == [
        "LLM serving",
        "People I follow",
        "Not for me",
    ]


@pytest.mark.parametrize("text", ["", EVERYTHING])
def test_the_settings_in_force_read_back_the_same(text: str) -> None:
    config = read(text, "config.toml", "group" if text else None)
    assert read(dump(in_force(config)), "shown")._replace(
        written={}, profiles=()
    ) == config._replace(written={}, profiles=())


@pytest.mark.parametrize(
    ("written", "meant"),
    [("CS.dc", "cs.DC"), ("math", "math"), (" quant-ph ", "quant-ph")],
)
def test_a_subject_is_written_as_arxiv_does_and_asked_for_once(written: str, meant: str) -> None:
    text = f'subjects = ["{written}", "{meant}"]'
    assert read(text, "config.toml").subjects == (meant,)


def test_a_rule_without_a_name_goes_by_its_number() -> None:
    rules = read('[[rules]]\nany = ["a"]\n[[rules]]\nany = ["b"]\n', "config.toml").rules
    assert [rule.name for rule in rules] == ["rule 1", "rule 2"]


def test_a_rule_may_be_written_inline() -> None:
    (only,) = read('rules = [{ any = ["a"] }]', "config.toml").rules
    assert only == rule('any = ["a"]')


def test_the_name_of_a_rule_is_safe_to_show() -> None:
    assert rule(r'name = "red \u001b[31m"' + '\nany = ["a"]').name == "red [31m"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "subjects = 'cs.DC'",
            ('1: subjects must be a list of strings, as in ["cs.DC"], not the string "cs.DC"'),
        ),
        ("subjects = []", "1: subjects is an empty list"),
        ("subjects = [\n3,\n'cs.DC']", "2: subjects: must be a string, not the number 3"),
        ("subjects = [' ']", "1: subjects: is empty"),
        (
            "subjects = ['cs.DCX']",
            '1: subjects: arXiv has no subject "cs.DCX"; did you mean cs.DC?',
        ),
        (
            "subjects = ['alg-geom']",
            ('1: subjects: the archive "alg-geom" is closed; its papers are in math.AG'),
        ),
        (
            "announce = ['new',\n'replaced']",
            (
                '2: announce: "replaced" is none of new, cross,'
                ' replace, replace-cross; did you mean "replace"?'
            ),
        ),
        ("subjets = ['cs.DC']", '1: unknown key "subjets"; did you mean "subjects"?'),
        ("categories = ['cs.DC']", '1: unknown key "categories"; did you mean "subjects"?'),
        ("keywords = ['x']", '1: unknown key "keywords"; did you mean "any" in [[rules]]?'),
        (
            "xyz = 1",
            (
                '1: unknown key "xyz"'
                " (known: reader, subjects, announce, rules, output, email, fetch, store, papers,"
                " profiles)"
            ),
        ),
        (
            r'"\u001b[2J\n" = 1',
            (
                '1: unknown key "[2J "'
                " (known: reader, subjects, announce, rules, output, email, fetch, store, papers,"
                " profiles)"
            ),
        ),
        ("rules = ['x']", "1: rules must be tables, each under a [[rules]] of its own"),
        ("\n[rules]\nany = ['x']", "2: rules must be tables, each under a [[rules]] of its own"),
        ("output = 3", "1: output must be a table, as in [output]"),
        ("profiles = 3", "1: profiles must be tables, as in [profiles.group]"),
        ("[profiles]\ngroup = 3", "1: profiles must be tables, as in [profiles.group]"),
        (
            "[profiles.group]\n[profiles.group.output]\nsort = 1",
            "3: sort must be a string, not the number 1",
        ),
        (
            "[profiles.group]\nxyz = 1",
            (
                '2: unknown key "xyz" in [profiles.group]'
                " (known: subjects, announce, rules, output, email, fetch, store, papers)"
            ),
        ),
        (
            "[[profiles.group.rules]]\nkeyword = ['x']",
            '2: unknown key "keyword" in [[profiles.group.rules]]; did you mean "any"?',
        ),
        ("[output]\nformat = 3", "2: format must be a string, not the number 3"),
        (
            "[output]\nsort = 'scores'",
            ('2: sort "scores" is none of score, arxiv; did you mean "score"?'),
        ),
        ("[output]\nmin_score = '1'", '2: min_score must be a number, not the string "1"'),
        ("[output]\nmin_score = nan", "2: min_score must be a number from -1,000,000 to 1,000,000"),
        (
            "[output]\nmin_scor = 1",
            ('2: unknown key "min_scor" in [output]; did you mean "min_score"?'),
        ),
        (
            "[email]\nto = 'me@example.org'",
            (
                "2: to must be a list of strings,"
                ' as in ["me@example.org"], not the string "me@example.org"'
            ),
        ),
        (
            "[email]\nfrom = 'me@example.org'",
            ('2: unknown key "from" in [email]; did you mean "sender"?'),
        ),
        (
            "[email]\nto = ['Ann <ann@example.org>',\n'ann']",
            '3: to: "ann" is not an e-mail address, such as me@example.org',
        ),
        (
            "[email]\nsender = 'me@bücher.example'",
            (
                '2: sender "me@bücher.example" is not an e-mail address in ASCII;'
                " write a domain as it is registered, as in me@xn--bcher-kva.example"
            ),
        ),
        ("[fetch]\nsource = 'rss'", '2: source "rss" is none of auto, feed, page'),
        (
            "[fetch]\nsite = 'arxiv.org'",
            ('2: site must be an address that begins with https://, not "arxiv.org"'),
        ),
        ("[fetch]\ndelay = -1", "2: delay must not be below zero"),
        ("[fetch]\ndelay = true", "2: delay must be a number, not the truth value true"),
        ("[fetch]\ndelay = 2025-07-11", "2: delay must be a number, not a date"),
        ("[fetch]\ndelay = 20:00:00", "2: delay must be a number, not a time"),
        (
            "[fetch]\nholidays = 2026-12-24",
            "2: holidays must be a list of dates, as in [2026-12-24], not a date",
        ),
        (
            "[fetch]\nholidays = [2026-12-24, '2026-12-25']",
            '2: holidays: must be a date, as in 2026-12-24, not the string "2026-12-25"',
        ),
        (
            "[fetch]\nholidays = [2026-12-24T08:00:00]",
            "2: holidays: must be a date, as in 2026-12-24, not a time",
        ),
    ],
)
def test_a_complaint_says_file_line_and_what_was_meant(text: str, expected: str) -> None:
    assert complaints(text) == [f"config.toml:{expected}"]


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("host = 'localhost'", Smtp("localhost", 587, "starttls")),
        ("host = '192.0.2.1'\nsecurity = 'tls'", Smtp("192.0.2.1", 465, "tls")),
        ("host = '::1'\nsecurity = 'none'", Smtp("::1", 25, "none")),
        ("host = 'localhost'\nsecurity = 'none'\nport = 2525", Smtp("localhost", 2525, "none")),
        (
            "host = 'a.example.org'\nusername = 'me'\npassword_file = '~/.secret'",
            Smtp("a.example.org", username="me", password_file="~/.secret"),  # noqa: S106 - a path
        ),
        (
            "host = 'a.example.org'\nusername = 'me'\nkeyring = true",
            Smtp("a.example.org", username="me", keyring=True),
        ),
        ("host = 'a.example.org'\nkeyring = false", Smtp("a.example.org")),
    ],
)
def test_a_mail_server_has_a_port_by_its_security(text: str, server: Smtp) -> None:
    config = read(f"[email.smtp]\n{text}", "config.toml")
    assert config.email.smtp == server
    assert read(dump(in_force(config)), "shown").email == config.email


def test_the_mail_server_of_a_profile_replaces_the_other_whole() -> None:
    text = """
[email]
to = ["me@example.org"]
smtp = { host = "a.example.org", username = "me", keyring = true }
[profiles.group.email.smtp]
host = "b.example.org"
"""
    assert read(text, "c.toml", "group").email == Email(
        to=("me@example.org",), smtp=Smtp("b.example.org")
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", '1: [email.smtp] needs a host, as in host = "smtp.example.org"'),
        ("host = 'a b'", "2: host must be a host, as in smtp.example.org"),
        (
            "host = 'a.example.org:25'",
            "2: host must be a host, as in smtp.example.org; the port has a key of its own: port",
        ),
        ("host = 'bücher.example'", "2: host must be a host, as in smtp.example.org"),
        ("host = 'a.example.org'\nport = 0", "3: port must be a number from 1 to 65535"),
        ("host = 'a.example.org'\nport = 65536", "3: port must be a number from 1 to 65535"),
        ("host = 'a.example.org'\nport = true", "3: port must be a number from 1 to 65535"),
        ("host = 'a.example.org'\nport = '25'", "3: port must be a number from 1 to 65535"),
        (
            "host = 'a.example.org'\nsecurity = 'ssl'",
            '3: security "ssl" is none of starttls, tls, none',
        ),
        (
            "host = 'a.example.org'\nsecurity = 'none'",
            '3: security "none" is for this machine alone (localhost), not for other hosts',
        ),
        (
            "host = 'localhost'\nsecurity = 'none'\nusername = 'me'\nkeyring = true",
            '4: username does not go with security = "none": nobody logs in without TLS',
        ),
        (
            "host = 'a.example.org'\nusername = 'me'",
            "3: username needs a password from password_command or password_file or keyring = true",
        ),
        (
            "host = 'a.example.org'\nusername = \"\\n\"",
            '3: username must be a string of signs that can be seen, as in "me"',
        ),
        (
            "host = 'a.example.org'\npassword_command = 'x'",
            "3: password_command says nothing without username beside it",
        ),
        (
            "host = 'a.example.org'\nusername = 'me'\npassword_command = 'x'\nkeyring = true",
            "5: keyring stands beside password_command; keep one of them",
        ),
        (
            "host = 'a.example.org'\nusername = 'me'\nkeyring = 'yes'",
            '4: keyring must be true or false, not the string "yes"',
        ),
        (
            "server = 'a.example.org'",
            '2: unknown key "server" in [email.smtp]; did you mean "host"?',
        ),
    ],
)
def test_a_complaint_about_a_mail_server_says_its_line(text: str, expected: str) -> None:
    assert complaints(f"[email.smtp]\n{text}") == [f"config.toml:{expected}"]


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        *(
            (
                f"{key} = '{CANARY}'",
                (
                    f'"{key}" in [email.smtp]: no password is kept here; give password_command,'
                    " password_file or keyring = true in [email.smtp]"
                ),
            )
            for key in ("password", "Password", "pass", "secret")
        ),
        (
            f"password_file = '{CANARY}'",
            'password_file must be the path of a file, as in "~/.config/smtp-password"',
        ),
        (f'password_command = "\'{CANARY}"', "password_command has a quote that is not closed"),
        (
            f"password_command = ['{CANARY}']",
            'password_command must be a command, as in "pass show smtp"',
        ),
    ],
)
def test_what_may_be_a_password_is_not_repeated(key: str, expected: str) -> None:
    text = f"[email.smtp]\nhost = 'a.example.org'\nusername = 'me'\n{key}"
    with pytest.raises(ConfigError) as raised:
        read(text, "config.toml")
    assert raised.value.complaints == [f"config.toml:4: {expected}"]
    shown = "".join(traceback.format_exception(raised.value))
    assert CANARY not in shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("keyword = ['x']", '2: unknown key "keyword" in [[rules]]; did you mean "any"?'),
        ("author = ['x']", '2: unknown key "author" in [[rules]]; did you mean "authors"?'),
        (
            "min_score = 1",
            ('2: unknown key "min_score" in [[rules]]; did you mean "min_score" in [output]?'),
        ),
        ("any = [['x']]", "2: any: must be a string, not a list"),
        ("any = {}", '2: any must be a list of strings, as in ["..."], not a table'),
        ("any = ['*']", '2: any: the keyword "*" can never match: it has no letter and no digit'),
        (
            "none = ['a*b']",
            (
                '2: none: the keyword "a*b" may have a * at its begin and its end only'
                " (in the middle, use /.../)"
            ),
        ),
        (
            "all = ['/x*/']",
            (
                '2: all: the keyword "/x*/" matches everything: it also matches where'
                " there is no text"
            ),
        ),
        (
            "any = ['x']\nin = ['titel']",
            (
                '3: in: "titel" is none of title, abstract, comments,'
                ' authors, journal_ref; did you mean "title"?'
            ),
        ),
        ("authors = ['...']", '2: authors: "..." can never match: it is no name'),
        ("subjects = ['cz.*']", '2: subjects: "cz.*" means no category of arXiv'),
        ("any = ['x']\nweight = 'high'", '3: weight must be a number, not the string "high"'),
        ("any = ['x']\nweight = inf", "3: weight must be a number from -1,000,000 to 1,000,000"),
        (
            f"any = ['x']\nweight = 1{400 * '0'}",
            "3: weight must be a number from -1,000,000 to 1,000,000",
        ),
        ("any = ['x']\nexclude = 'yes'", '3: exclude must be true or false, not the string "yes"'),
        ("any = ['x']\nname = 3", "3: name must be a string, not the number 3"),
        ("any = ['x']\nprimary = true", "3: primary says nothing without subjects beside it"),
        (
            "authors = ['Lee']\nin = ['title']",
            "3: in says nothing without any or all or none beside it",
        ),
        (
            "authors = ['Lee']\ncase = true",
            "3: case says nothing without any or all or none beside it",
        ),
        (
            "name = 'x'",
            (
                "1: this rule asks for nothing: give it any, all, none, authors, subjects"
                " or announce"
            ),
        ),
        (
            "any = ['x']\nname = 'a'\n[[rules]]\nany = ['y']\nname = 'a'",
            '6: there are two rules named "a"',
        ),
        (
            "any = ['x']\nname = 'rule 2'\n[[rules]]\nany = ['y']",
            '4: there are two rules named "rule 2"',
        ),
    ],
)
def test_a_complaint_about_a_rule_says_its_line(text: str, expected: str) -> None:
    assert complaints(f"[[rules]]\n{text}") == [f"config.toml:{expected}"]


def test_everything_that_is_wrong_is_said_in_one_go_in_the_order_of_the_lines() -> None:
    text = """\
[output]
sort = "best"
[[rules]]
any = [
  "KV cache",
  "/(/",
  "?",
]
weight = "3"
[profiles.group]
subjects = ["cs.XYZ", "cs.XYZ"]
"""
    assert [complaint.split(": ")[0] for complaint in complaints(text)] == [
        "config.toml:2",
        "config.toml:6",
        "config.toml:7",
        "config.toml:9",
        "config.toml:11",
    ]


def test_two_rules_on_one_line_that_are_wrong_alike_are_one_complaint() -> None:
    assert complaints("rules = [{ any = ['*'] }, { any = ['*'] }]") == [
        'config.toml:1: any: the keyword "*" can never match: it has no letter and no digit'
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [("a = 1\nb =\n", 2), ("a = 1\na = 2\n", 2), ("\n\na = [1,\n", 3)],
)
def test_a_syntax_error_has_a_line(text: str, line: int) -> None:
    (complaint,) = complaints(text)
    assert complaint.startswith(f"config.toml:{line}: this is not TOML: ")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"\na = 1{5000 * '0'}", "config.toml:2: this number has more digits than "),
        (f"a = {5000 * '['}", "config.toml: this is nested too deep for a configuration"),
    ],
)
def test_what_tomllib_itself_fails_at_is_a_complaint(text: str, expected: str) -> None:
    (complaint,) = complaints(text)
    assert complaint.startswith(expected)


def test_a_profile_replaces_keys_and_merges_tables() -> None:
    text = """
subjects = ["cs.DC"]
announce = ["new"]
[[rules]]
any = ["a"]
[output]
format = "json"
min_score = 2
[profiles.group]
subjects = ["cs.NI"]
[[profiles.group.rules]]
any = ["b"]
[profiles.group.output]
min_score = 1
"""
    config = read(text, "config.toml", "group")
    assert config.subjects == ("cs.NI",)
    assert config.announce == (AnnounceType.NEW,)
    assert config.rules == (rule('any = ["b"]'),)
    assert config.output == Output(format="json", min_score=1)
    assert read(text, "config.toml").output == Output(format="json", min_score=2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 'there is no profile "grup": c.toml has no [profiles.grup]'),
        ("[profiles.group]", 'there is no profile "grup" in c.toml; did you mean "group"?'),
        ("[profiles.a]\n[profiles.b]", 'there is no profile "grup" in c.toml; known: a, b'),
    ],
)
def test_an_unknown_profile_is_said_with_those_there_are(text: str, expected: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(text, "c.toml", "grup")
    assert str(raised.value) == expected


def test_a_byte_order_mark_is_no_part_of_the_configuration(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbfsubjects = ['cs.DC']\n")
    assert load(path).subjects == ("cs.DC",)


@pytest.mark.parametrize(("text", "line"), [("subjects = 3", 1), ("a = 1\nb\n", 2)])
def test_a_byte_order_mark_does_not_hide_the_line_of_what_follows_it(
    text: str, line: int, tmp_path: Path
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8-sig")
    with pytest.raises(ConfigError) as raised:
        load(path)
    assert raised.value.complaints[0].startswith(f"{path}:{line}: ")


def test_a_file_that_is_not_utf_8_is_said_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"subjects = ['cs.DC']\n# M\xfcller\n")
    with pytest.raises(ConfigError) as raised:
        load(path)
    assert raised.value.complaints == [f"{path}:2: this is not UTF-8 text"]


def test_a_directory_is_no_configuration(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r" is a directory, not a configuration file$"):
        load(tmp_path)


def test_a_missing_file_is_said_with_how_to_write_one(tmp_path: Path) -> None:
    with pytest.raises(NoConfigError) as raised:
        load(tmp_path / "new\x1b.toml")
    path = tmp_path / "new.toml"
    assert str(raised.value) == f"there is no configuration file {path}; digest init writes one"
    assert raised.value.exit_code == 2


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match=r"config\.toml cannot be read: Not a directory$"):
        load(tmp_path / "file" / "config.toml")


def test_a_configuration_may_name_its_reader_above_all_tables() -> None:
    text = 'reader = "birds"\n[profiles.group]\nsubjects = ["cs.NI"]'
    assert read(text, "config.toml").reader == "birds"
    assert read(text, "config.toml", "group").reader == "birds"
    assert complaints('[profiles.group]\nreader = "bees"') != []
