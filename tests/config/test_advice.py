"""What is odd in a right configuration: said by `config check` alone, with file and line."""

from pathlib import Path

import pytest
from ran import Digest

from arxivdigest import config
from arxivdigest.config.advice import advice
from arxivdigest.errors import ConfigError


def said(text: str, profile: str | None = None) -> list[str]:
    odd = advice(config.read(text, "c.toml", profile)).odd
    return config.worded(odd, "c.toml", text, profile)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('any = ["KV cache",\n"A OR B"]', '3: any: the keyword "A OR B": OR is a word like any'),
        ('all = ["LLM"]\nnone = ["-x"]', '3: none: the keyword "-x": a - before a word'),
        (
            'any = ["LLM"]\nannounce = ["new", "replace"]',
            '3: announce: the top-level announce lets new, cross through, not "replace"',
        ),
        (
            'any = ["KV cache", "LLM"]\nnone = ["cache"]',
            '2: any: none rules "KV cache" out, with "cache"',
        ),
        ('authors = ["Ann Pan", "Ann Pan"]', '2: authors: "Ann Pan" is there already'),
        ('any = ["LLM",\n"LLM"]', '3: any: the keyword "LLM" is there already'),
        ('any = ["LLM"]\nexclude = true\nweight = 2', "4: weight says nothing of a rule with"),
        ('authors = ["Ann Pan, Bo Ding"]', '2: authors: "Ann Pan, Bo Ding": that is one person'),
        (
            'any = ["LLM"]\nweight = 2\n[output]\nmin_score = 3',
            "5: min_score 3 is never reached: all weights together are 2",
        ),
    ],
)
def test_what_is_odd_is_said_with_its_line(rule: str, expected: str) -> None:
    (only,) = said(f"[[rules]]\n{rule}")
    assert only.startswith(f"c.toml:{expected}")


@pytest.mark.parametrize(
    ("first", "other", "expected"),
    [
        ('any = ["LLM"]', 'any = ["LLM"]', '4: the rule "b" asks for the same as "a"'),
        (
            'any = ["KV-cache", "x"]',
            'any = ["X", "kv cache"]',
            '4: the rule "b" asks for the same as "a"',
        ),
        ('authors = ["Pan"]', 'authors = ["Pan"]', '4: the rule "b" asks for the same as "a"'),
        (
            'any = ["KV cache"]',
            'any = ["kv-cache", "x"]\nexclude = true',
            '1: the rule "b" leaves out all that "a" asks for',
        ),
        (
            'all = ["LLM", "x"]\nnone = ["y"]',
            'any = ["LLM"]\nexclude = true',
            '1: the rule "b" leaves out all that "a" asks for',
        ),
        (
            'authors = ["Pan"]\nany = ["x"]',
            'authors = ["Pan"]\nexclude = true',
            '1: the rule "b" leaves out all that "a" asks for',
        ),
        ('any = ["LLM", "y"]', 'any = ["LLM"]\nexclude = true', None),
        ('any = ["LLM"]', 'any = ["LLM"]\nin = ["title"]\nexclude = true', None),
        ('any = ["LLM"]', 'any = ["LLM"]\nsubjects = ["cs.LG"]\nexclude = true', None),
        ('any = ["LLM"]', 'any = ["LLM"]\nin = ["title"]', None),
    ],
)
def test_a_rule_that_another_repeats_or_leaves_out_is_warned_of(
    first: str, other: str, expected: str | None
) -> None:
    text = f'[[rules]]\nname = "a"\n{first}\n[[rules]]\nname = "b"\n{other}'
    found = said(text)
    at = text[: text.rindex("[[rules]]")].count("\n") + 1
    wanted = expected and f"c.toml:{expected}".replace("c.toml:4", f"c.toml:{at}")
    assert found == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    ("written", "said_of_it"),
    [
        ("any = [KV cache]", "a string stands in quotes"),
        ('any = ["KV cache" "x"]', "a comma stands between two strings"),
        ("any = [“KV cache”]", "a string stands in straight quotes"),
        ('any = ["x"] // all of them', "a comment begins with #"),
        ('any = ["x"]\nany = ["y"]', "a key stands twice in one table"),
        ('any = ["x"]\nexclude = True', "write true or false"),
        ('any = ["x"]\nweight = 3,5', "a number has a point"),
        ('any: ["x"]', "an = stands between a key and what it is"),
        ('any = ["x', "the quote at the end is missing"),
        (r'any = ["\alpha"]', "a backslash stands for itself in single quotes"),
    ],
)
def test_what_is_no_toml_is_met_with_what_was_meant(written: str, said_of_it: str) -> None:
    with pytest.raises(ConfigError) as raised:
        config.read(f"[[rules]]\n{written}", "c.toml")
    (complaint,) = raised.value.complaints
    assert f"; {said_of_it}" in complaint


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('subjects = ["LG"]', "did you mean cs.LG"),
        ('subjects = ["machine learning"]', "stat.ML"),
        ('and = ["x"]', 'did you mean "all"'),
        ('without = ["x"]', 'did you mean "none"'),
        ('names = ["Pan"]', 'did you mean "authors"'),
        ('phrase = ["x"]', 'did you mean "any"'),
        ("priority = 3", 'did you mean "weight"'),
    ],
)
def test_what_is_meant_is_guessed(written: str, meant: str) -> None:
    with pytest.raises(ConfigError) as raised:
        config.read(f'[[rules]]\nany = ["KV cache"]\n{written}', "c.toml")
    assert any(meant in one for one in raised.value.complaints)


def test_config_check_refuses_a_format_that_no_run_knows(digest: Digest, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('[output]\nformat = "html5"\n')
    ran = digest("config", "check", "-c", file)
    assert (ran.code, ran.out) == (2, "")
    assert f'{file}:2: there is no format "html5"' in ran.errors[0]
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "digest.html5.j2").write_text("")
    assert digest("config", "check", "-c", file).code == 0


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ('[email]\nsubject = "{{ summary"', ":2: [email] subject: "),
        ('[email]\nsubject = "{{ titel }}"', ":2: [email] subject: "),
        ('[papers]\nname = "{{ arxiv_id }} {{ titel }}.pdf"', ":2: [papers] name: "),
        ('[profiles.group.email]\nsubject = "{% if %}"', ":2: [email] subject: "),
    ],
)
def test_config_check_refuses_templates_that_no_run_can_use(
    digest: Digest, tmp_path: Path, key: str, said: str
) -> None:
    file = tmp_path / "c.toml"
    file.write_text(f"{key}\n")
    profile = ("--profile", "group") if "profiles" in key else ()
    ran = digest("config", "check", "-c", file, *profile)
    assert (ran.code, ran.out) == (2, "")
    assert ran.errors[0].startswith(f"{file}{said}")


@pytest.mark.parametrize(
    "text", ['[email]\nsubject = "{{"', '[[rules]]\nany = ["/a/i"]', "\nx = 1"]
)
def test_config_check_says_the_same_under_a_byte_order_mark(
    digest: Digest, tmp_path: Path, text: str
) -> None:
    file = tmp_path / "c.toml"
    file.write_text(text, encoding="utf-8")
    without = digest("config", "check", "-c", file)
    file.write_text(text, encoding="utf-8-sig")
    assert digest("config", "check", "-c", file) == without
    assert without.errors[0].startswith(f"{file}:2: ")


def test_what_a_profile_says_is_looked_at_where_it_stands() -> None:
    text = '[[rules]]\nany = ["x"]\n[profiles.group]\n[[profiles.group.rules]]\nany = ["a AND b"]'
    assert said(text) == []
    (only,) = said(text, "group")
    assert only.startswith("c.toml:5: any: ")


def test_a_good_configuration_is_met_with_silence() -> None:
    example = Path(__file__).parents[2] / "examples" / "config.toml"
    assert said(example.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("rule", "asked", "by"),
    [
        ('all = ["KV cache"]\nnone = ["KV cache"]', "KV cache", "KV cache"),
        ('all = ["GPU", "KV cache"]\nnone = ["kv-cache"]', "KV cache", "kv-cache"),
        ('all = ["KV cache"]\nnone = ["cache"]', "KV cache", "cache"),
        ('any = ["KV cache", "prefix cache"]\nnone = ["cache"]', "KV cache", "cache"),
        ('any = ["prefill*"]\nnone = ["pre*"]', "prefill*", "pre*"),
        ("any = ['/a|b/']\nnone = ['/a|b/']", "/a|b/", "/a|b/"),
        ("any = ['/A|B/']\nnone = ['/a|b/']", "/A|B/", "/a|b/"),
        ("any = ['/a|b/i']\nnone = ['/a|b/']", "/a|b/i", "/a|b/"),
        (r"all = ['M\"uller']" + '\nnone = ["Müller"]', r"M\"uller", "Müller"),
    ],
)
def test_a_rule_that_rules_out_what_it_asks_for_is_refused(rule: str, asked: str, by: str) -> None:
    with pytest.raises(ConfigError) as raised:
        config.read(f"[[rules]]\n{rule}", "c.toml")
    (complaint,) = raised.value.complaints
    assert complaint.startswith(f'c.toml:3: none rules out "{asked}" with "{by}", and so')


@pytest.mark.parametrize(
    "rule",
    [
        'any = ["KV cache", "LLM"]\nnone = ["cache"]',
        'any = ["prefill*"]\nnone = ["prefill"]',
        'any = ["cache"]\nnone = ["KV cache"]',
        'any = ["SAM"]\nnone = ["Sam"]\ncase = true',
    ],
)
def test_a_rule_that_may_hold_is_none_of_these(rule: str) -> None:
    assert len(config.read(f"[[rules]]\n{rule}", "c.toml").rules) == 1


def test_config_check_warns_and_says_that_it_is_right(digest: Digest, tmp_path: Path) -> None:
    file = tmp_path / "c.toml"
    file.write_text('subjects = ["cs.DC"]\n[[rules]]\nany = ["x AND y"]\n')
    ran = digest("config", "check", "-c", file)
    assert ran.code == 0
    first, last = ran.out.splitlines()
    assert first.startswith(f'{file}:3: any: the keyword "x AND y": AND is a word')
    assert last == f"{file} is right: 1 subject, 1 rule."


def test_what_says_nothing_is_refused_by_config_check_and_no_run_fails_by_it(
    digest: Digest, tmp_path: Path
) -> None:
    file = tmp_path / "c.toml"
    file.write_text('subjects = ["cs.DC"]\n[[rules]]\nany = ["pelican",\n"/GÖDEL CACHE/i"]\n')
    ran = digest("config", "check", "-c", file)
    assert (ran.code, ran.out) == (2, "")
    (only,) = ran.errors
    assert only.startswith(
        f'{file}:4: any: the keyword "/GÖDEL CACHE/i" has i after its last slash'
    )
    feed = Path(__file__).parents[1] / "listings" / "feed.rss"
    for asking in (("-c", file), ("-k", "/GÖDEL CACHE/i")):
        ran = digest("today", "cs.DC", "--from", feed, *asking)
        assert (ran.code, ran.out[:10]) == (0, "2501.00001")


def test_a_backslash_in_double_quotes_is_met_with_the_quotes_that_keep_it() -> None:
    with pytest.raises(ConfigError) as raised:
        config.read('[[rules]]\nany = ["/KV\\d+/"]', "c.toml")
    assert "a backslash stands for itself in single quotes" in raised.value.complaints[0]


def test_a_number_of_ten_thousand_digits_is_no_name() -> None:
    with pytest.raises(ConfigError) as raised:
        config.read(f"[[rules]]\nname = 0x{'f' * 10_000}", "c.toml")
    assert raised.value.complaints == ["c.toml:2: name must be a string, not a number"]
