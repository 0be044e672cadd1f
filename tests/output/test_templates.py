"""Templates of the user's own: what they may use, and what is said of mistakes in them."""

import inspect
import re
import stat
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from typing import NamedTuple

import pytest
from ran import Digest

from arxivdigest.errors import UsageError
from arxivdigest.model import Stretch, Verdict
from arxivdigest.output import templating
from arxivdigest.output.hits import Piece
from arxivdigest.output.sample import samples
from arxivdigest.output.wording import (
    DayWords,
    DigestWords,
    EntryWords,
    First,
    SectionWords,
    Written,
)

TESTS = Path(__file__).parents[1]
README = (templating.template_folder() / "README.md").read_text(encoding="utf-8")
TYPES: dict[str, type] = {
    "Digest": DigestWords,
    "Day": DayWords,
    "Section": SectionWords,
    "Entry": EntryWords,
    "First": First,
    "Stretch": Stretch,
    "Written": Written,
    "Piece": Piece,
    "Verdict": Verdict,
}
SAMPLES = dict(samples())
FULL = SAMPLES["where everything is shown"]


class Row(NamedTuple):
    name: str
    of: str
    said: str


def table(heading: str) -> list[Row]:
    """The rows of the README's table under a heading."""
    part = README.split(f"# {heading}\n")[1].split("\n#")[0]
    cells = [
        re.split(r" (?<!\\)\| ", line.strip("| ")) for line in part.splitlines() if "|" in line
    ]
    return [
        Row(name.strip("`"), of.strip("`").replace(r"\|", "|"), said.replace(r"\|", "|"))
        for name, of, said in (row for row in cells if row[0].startswith("`") and len(row) == 3)
    ]


def annotation(written: object) -> str:
    """A type as the README writes it: `tuple[Piece, ...]`."""
    return re.sub(
        r"\barxivdigest(?:\.\w+)*\.(\w+?)(Words)?\b", r"\1", inspect.formatannotation(written)
    )


@pytest.mark.parametrize("heading", TYPES)
def test_the_names_documented_are_those_that_there_are(heading: str) -> None:
    kind = TYPES[heading]
    fields = {name: annotation(kind_of) for name, kind_of in inspect.get_annotations(kind).items()}
    properties = {
        name: annotation(inspect.signature(one.fget).return_annotation)
        for name, one in vars(kind).items()
        if isinstance(one, property) and one.fget
    }
    assert {row.name: row.of for row in table(heading)} == fields | properties


def test_the_filters_documented_are_those_that_there_are() -> None:
    assert [row.name for row in table("Filters")] == list(templating.FILTERS)


LOOPS = {
    "Digest": "{{ %s }}",
    "Day": "{%% for day in days %%}{{ day.%s }}{%% endfor %%}",
    "Section": "{%% for section in sections %%}{{ section.%s }}{%% endfor %%}",
    "Entry": "{%% for section in sections %%}{%% for entry in section.entries %%}{{ entry.%s }}"
    "{%% endfor %%}{%% endfor %%}",
    "First": "{%% for section in sections %%}{%% for entry in section.entries if entry.first %%}"
    "{{ entry.first.%s }}{%% endfor %%}{%% endfor %%}",
    "Stretch": "{%% for section in sections %%}{%% for entry in section.entries %%}"
    "{%% for line in entry.changes %%}{{ line[0].%s }}{%% endfor %%}{%% endfor %%}{%% endfor %%}",
    "Written": "{%% for section in sections %%}{%% for entry in section.entries %%}"
    "{{ entry.written.%s }}{%% endfor %%}{%% endfor %%}",
    "Piece": "{%% for section in sections %%}{%% for entry in section.entries %%}"
    "{%% for piece in entry.title %%}{{ piece.%s }}{%% endfor %%}{%% endfor %%}{%% endfor %%}",
    "Verdict": "{{ verdict.%s }}",
}


@pytest.mark.parametrize("situation", SAMPLES)
@pytest.mark.parametrize("ending", ["txt", "html"])
def test_every_documented_name_can_be_rendered(situation: str, ending: str, tmp_path: Path) -> None:
    lines = [LOOPS[heading] % row.name for heading in TYPES for row in table(heading)]
    shown = render(tmp_path, "\n".join(lines), SAMPLES[situation], ending)
    assert SAMPLES[situation].headline in shown
    assert len(lines) == 75


@pytest.mark.parametrize("name", [row.name for row in table("Filters")])
def test_every_documented_filter_works_as_in_its_example(name: str, tmp_path: Path) -> None:
    said = next(row.said for row in table("Filters") if row.name == name)
    [example] = re.findall(r"`(\{\{ .* \}\})`", said)
    template = (
        "{% for section in sections %}{% for entry in section.entries %}"
        f"{example}\n{{% endfor %}}{{% endfor %}}"
    )
    shown = render(tmp_path, template, FULL, "txt").splitlines()
    assert (
        shown[0]
        == {
            "plain": "A sample of a title",
            "names": "Ada Lovelace, Charles Babbage",
            "markdown": "arXiv, Friday 11 July 2025, cs.DC, math.OC",
            "markdown_pieces": "A *sample* of a *title*",
            "markdown_names": "Ada Lovelace, Charles Babbage",
            "markdown_labels": "Samples",
            "wrap": "* 11 of 13 for you",
            "address": "https://arxiv.org/pdf/2507.00001",
            "subject_name": "Distributed, Parallel, and Cluster Computing",
            "changed": "",
            "markdown_changed": "",
            "bibtex": "A sample of a title",
            "bibtex_key": "lovelace:2507.00001",
            "bibtex_names": "Ada Lovelace and Charles Babbage",
            "bibtex_doi": "",
            "arxiv_year": "2025",
            "rfc822": "Fri, 11 Jul 2025 00:00:00 -0400",
            "rfc3339": "2025-07-11T00:00:00-04:00",
        }[name]
    )
    assert render(tmp_path, template, FULL, "html")


def test_the_macros_documented_work(tmp_path: Path) -> None:
    [importing] = re.findall(r"\{% from .* %\}", README)
    uses = "\n".join(re.findall(r"\{\{ \w+\(.*?\) \}\}", README))
    assert uses.count("\n") == 3
    template = f"{importing}{{% set entry = sections[0].entries[1] %}}{uses}"
    assert render(tmp_path, template, FULL, "html").splitlines() == [
        (
            "A <mark>sample</mark> of <mark>mathematics</mark>: 𝒪(n²) and "
            "$\\begin{matrix}a&amp;b\\end{matrix}$"
        ),
        (
            'The code is at <a href="https://example.org/code" style="color:inherit">'
            "https://example.org/code</a>."
        ),
        "Ada Lovelace, Charles Babbage",
        (
            '<span title="Distributed, Parallel, and Cluster Computing">cs.DC</span>, '
            '<span title="Optimization and Control">math.OC</span>'
        ),
    ]


@pytest.mark.parametrize("situation", SAMPLES)
def test_the_example_works(situation: str, tmp_path: Path) -> None:
    [example] = re.findall(r"```jinja\n(.*?)```", README, re.DOTALL)
    (tmp_path / "digest.org.j2").write_text(example)
    shown = templating.render(SAMPLES[situation], "org", tmp_path)
    assert shown.count("** [[https://arxiv.org/abs/") == SAMPLES[situation].shown


@pytest.mark.parametrize("situation", SAMPLES)
@pytest.mark.parametrize(
    "name", ["digest.md.j2", "digest.txt.j2", "digest.html.j2", "message.html.j2"]
)
def test_the_projects_templates_show_every_sample(
    name: str, situation: str, tmp_path: Path
) -> None:
    words = SAMPLES[situation]
    shown = templating.render_template(words, name, tmp_path)
    entries = [entry for section in words.sections for entry in section.entries]
    assert shown.count("https://arxiv.org/pdf/") == sum(not entry.first for entry in entries)


def test_the_samples_have_every_feature() -> None:
    entries = [entry for section in FULL.sections for entry in section.entries]
    later = [
        entry
        for section in SAMPLES["where there are several days"].sections
        for entry in section.entries
    ]
    assert {section.title for section in FULL.sections} == {
        "New submissions",
        "Cross-lists",
        "Replacements",
        "Replaced cross-lists",
    }
    assert FULL.has_contents
    assert any(not entry.selected for entry in entries)
    assert any(not entry.authors for entry in entries)
    assert any(entry.other_authors for entry in entries)
    assert any(author.hit for entry in entries for author in entry.authors)
    assert any(not entry.abstract for entry in entries)
    assert any(len(entry.abstract) > 1 for entry in entries)
    assert any(piece.address for entry in entries for piece in entry.comments)
    assert {entry.html_url is None for entry in entries} == {True, False}
    for name in EntryWords._fields:
        assert any(getattr(entry, name) for entry in entries + later), name
    assert {words.verdict.is_whole for words in SAMPLES.values()} == {True, False}
    assert {bool(words.sections) for words in SAMPLES.values()} == {True, False}


def render(
    folder: Path, template: str | bytes, words: DigestWords = FULL, ending: str = "md"
) -> str:
    file = folder / f"digest.{ending}.j2"
    file.write_bytes(template if isinstance(template, bytes) else template.encode())
    return templating.render_template(words, file.name, folder)


TOO_DEEP = "it is nested too deeply, or includes itself without end"
MISTAKES: list[tuple[str | bytes, str]] = [
    ("one\n{{ nonsense }}", ":2: 'nonsense' is undefined"),
    ("one\n{{ sections[0].nonsense }}", ":2: 'SectionWords object' has no attribute 'nonsense'"),
    ("{{ nonsense.title }}", ":1: 'nonsense' is undefined"),
    ("{% for %}", ":1: Expected an expression, got 'end of statement block'"),
    ("{% nonsense %}", ":1: Encountered unknown tag 'nonsense'."),
    ("{{ 'open", ':1: unexpected char "\'" at 3'),
    ("one\n\n{{ 1 / 0 }}", ":3: division by zero"),
    ("{{ '%d' % 'a' }}", ":1: %d format: a real number is required, not str"),
    ("{{ title | shout }}", ":1: No filter named 'shout'."),
    ("{{ title | wrap(wide=1) }}", ":1: wrap() got an unexpected keyword argument 'wide'"),
    ("{{ title | names }}", ":1: 'str' object has no attribute 'authors'"),
    ("{{ selected | plain }}", ":1: 'int' object is not iterable"),
    ("{{ selected() }}", ":1: 'int' object is not callable"),
    ("{{ title.encode('x') }}", ":1: unknown encoding: x"),
    ("{% for i in range(10**9) %}{% endfor %}", ":1: Range too big."),
    ("{{ 'x' * 10**18 }}", ":1: it needs more memory than there is"),
    ("{% include 'digest.md.j2' %}", f":1: {TOO_DEEP}"),
    ("{% macro a() %}{{ a() }}{% endmacro %}\n{{ a() }}", f":1: {TOO_DEEP}"),
    ("{% extends 'digest.md.j2' %}", f":1: {TOO_DEEP}"),
    (f"{'{% if 1 %}' * 200}{'{% endif %}' * 200}", f": {TOO_DEEP}"),
    (f"{{{{ {'(' * 500}1{')' * 500} }}}}", f": {TOO_DEEP}"),
    ("one\n{% include 'none.j2' %}", ":2: there is no template none.j2"),
    ("{% include ['none.j2', 'nor.j2'] %}", ":1: there is no template none.j2 or nor.j2"),
    ("{% include '../../etc/passwd' %}", ":1: there is no template ../../etc/passwd"),
    ("{% include 'folder.j2' %}", ":1: there is no template folder.j2"),
    (
        "{% from 'parts.html.j2' import nought %}{{ nought() }}",
        ":1: the template 'parts.html.j2' (",
    ),
    (b"one\ntwo \xff", ":2: it is not UTF-8"),
    (
        "{{ ''.__class__.__mro__ }}",
        ":1: access to attribute '__class__' of 'str' object is unsafe.",
    ),
    ("{{ '{0.__class__}'.format(title) }}", ":1: access to attribute '__class__' of 'str' object"),
    ("{{ subjects.append('x') }}", ":1: 'tuple object' has no attribute 'append'"),
]


@pytest.mark.parametrize(("template", "complaint"), MISTAKES)
def test_a_mistake_is_one_line_with_file_and_line(
    template: str | bytes, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "folder.j2").mkdir()
    with pytest.raises(UsageError) as caught:
        render(tmp_path, template)
    assert str(caught.value).startswith(f"{tmp_path / 'digest.md.j2'}{complaint}")
    assert str(caught.value).isprintable()
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "using", ["{% include 'part.j2' %}", "{% import 'part.j2' as part %}{{ part.a() }}"]
)
@pytest.mark.parametrize(
    ("part", "complaint"),
    [
        (b"{% macro a() %}\n\n{{ nought }}{% endmacro %}{{ a() }}", ":3: 'nought' is undefined"),
        (b"one\n{% if %}", ":2: Expected an expression, got 'end of statement block'"),
        (b"one\n\n\xff", ":3: it is not UTF-8"),
    ],
)
def test_a_mistake_in_a_part_is_named_with_the_parts_file_and_line(
    using: str, part: bytes, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / "part.j2").write_bytes(part)
    with pytest.raises(UsageError) as caught:
        render(tmp_path, using)
    assert str(caught.value) == f"{tmp_path / 'part.j2'}{complaint}"


def test_half_a_character_does_no_harm(tmp_path: Path) -> None:
    assert render(tmp_path, r"a{{ '\ud800' }}b", ending="html") == "a?b"


def test_a_mistake_in_the_subject_of_a_message_is_one_line() -> None:
    for template in ("{{ 1 / 0 }}", "{% include 'x' %}", "{{ 'x' * 10**18 }}", "{% if %}"):
        with pytest.raises(UsageError, match=r"^\[email\] subject: ") as caught:
            templating.render_line(template, FULL, "[email] subject")
        assert str(caught.value).isprintable()


OWN = Path(".config/arxivdigest/templates")


def own(home: Path, **files: str) -> Path:
    folder = home / OWN
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / f"{name.replace('_', '.')}.j2").write_text(content)
    return folder


def columns(lines: str) -> Iterable[list[str]]:
    return [line.split("\t") for line in lines.splitlines()]


def test_the_list_says_whose_each_is_and_where(digest: Digest, tmp_path: Path) -> None:
    folder = own(tmp_path, digest_md="mine", digest_org="mine")
    projects = templating.template_folder()
    ran = digest("template", "list")
    assert ran.code == 0
    assert columns(ran.out) == [
        ["digest.atom.j2", "atom", "project", str(projects / "digest.atom.j2")],
        ["digest.bibtex.j2", "bibtex", "project", str(projects / "digest.bibtex.j2")],
        ["digest.html.j2", "html", "project", str(projects / "digest.html.j2")],
        ["digest.md.j2", "markdown", "yours", str(folder / "digest.md.j2")],
        ["digest.org.j2", "org", "yours", str(folder / "digest.org.j2")],
        ["digest.txt.j2", "text", "project", str(projects / "digest.txt.j2")],
        ["message.html.j2", "email", "project", str(projects / "message.html.j2")],
        ["parts.html.j2", "-", "project", str(projects / "parts.html.j2")],
    ]


@pytest.mark.parametrize("by_environment", [True, False])
def test_templates_stand_beside_the_configuration_in_use(
    digest: Digest, tmp_path: Path, *, by_environment: bool
) -> None:
    usual = own(tmp_path, digest_md="usual", digest_org="usual")
    beside = tmp_path / "group" / "templates"
    beside.mkdir(parents=True)
    (beside / "digest.md.j2").write_text("beside")
    config = beside.parent / "config.toml"
    config.write_text("")
    environment = {"ARXIVDIGEST_CONFIG": str(config)} if by_environment else {}
    option = () if by_environment else ("--config", config)
    listed = columns(digest("template", "list", *option, environment=environment).out)
    assert ["digest.md.j2", "markdown", "yours", str(beside / "digest.md.j2")] in listed
    assert ["digest.org.j2", "org", "yours", str(usual / "digest.org.j2")] in listed
    today = ("today", "--from", TESTS / "listings" / "new.html", *option)
    for name, shown in (("markdown", "beside"), ("org", "usual")):
        assert digest(*today, "-f", name, environment=environment).out == shown
    digest("template", "copy", "text", *option, environment=environment)
    assert (beside / "digest.txt.j2").exists()
    assert digest("template", "show", "markdown").out == "usual"


def test_templates_from_before_still_work(tmp_path: Path) -> None:
    """Those of 0.1.0, as they were, in place of today's."""
    for file in (TESTS / "templates-of-0.1").iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    for words in SAMPLES.values():
        for name in ("digest.md.j2", "digest.txt.j2", "digest.html.j2", "message.html.j2"):
            shown = templating.render_template(words, name, tmp_path)
            assert shown.count("https://arxiv.org/pdf/") >= min(words.shown, 1)
            assert words.headline in unescape(shown)
    old = (tmp_path / "digest.md.j2").read_text(encoding="utf-8")
    assert "has_scores" not in old


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("digest.txt.j2", "digest.txt.j2"),
        ("digest.txt", "digest.txt.j2"),
        ("text", "digest.txt.j2"),
        ("email", "message.html.j2"),
        ("message", "message.html.j2"),
        ("parts", "parts.html.j2"),
    ],
)
def test_a_template_goes_by_its_name_and_its_formats(digest: Digest, name: str, file: str) -> None:
    ran = digest("template", "show", name)
    assert ran.out == (templating.template_folder() / file).read_text(encoding="utf-8")


def test_a_template_of_the_users_is_shown_first(digest: Digest, tmp_path: Path) -> None:
    own(tmp_path, digest_md="mine")
    assert digest("template", "show", "markdown").out == "mine"


@pytest.mark.parametrize("command", ["show", "copy", "check"])
def test_an_unknown_template_is_named(command: str, digest: Digest) -> None:
    ran = digest("template", command, "digst.md")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == 'digest: there is no template "digst.md"; did you mean digest.md.j2?\n'
    for name in ("???", ""):
        ran = digest("template", command, name)
        assert (ran.code, ran.out) == (2, "")
        assert f'no template "{name}"; known: digest.atom.j2, digest.bibtex.j2, ' in ran.err


def test_a_copy_is_the_users_and_is_never_overwritten(digest: Digest, tmp_path: Path) -> None:
    ran = digest("template", "copy", "markdown")
    copied = tmp_path / OWN / "digest.md.j2"
    assert ran.code == 0
    assert ran.err.splitlines() == [
        f"Wrote {copied}",
        "Now change it, and run: digest template check digest.md.j2",
    ]
    assert copied.read_bytes() == (templating.template_folder() / "digest.md.j2").read_bytes()
    for folder in (copied.parent, copied.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert digest("template", "check").out == f"{copied} is right.\n"
    copied.write_text("changed")
    again = digest("template", "copy", "markdown")
    assert again.code == 2
    assert "is there already" in again.err
    assert copied.read_text() == "changed"


def test_a_copy_that_cannot_be_written_is_one_line(digest: Digest, tmp_path: Path) -> None:
    (tmp_path / ".config").write_text("a file")
    ran = digest("template", "copy", "markdown")
    assert ran.code == 1
    assert ran.err == (
        f"digest: {tmp_path / OWN / 'digest.md.j2'} cannot be written: Not a directory\n"
    )


def test_where_there_are_none_the_check_says_how_to_get_one(digest: Digest, tmp_path: Path) -> None:
    ran = digest("template", "check")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == (
        f"There are no templates in {tmp_path / OWN}; digest template copy NAME puts one there.\n"
    )


def test_the_check_names_all_that_is_wrong(digest: Digest, tmp_path: Path) -> None:
    folder = own(
        tmp_path,
        digest_md="{{ title }}",
        digest_org="{{ titel }}",
        digest_empty="\n{{ sections[0].title }}",
        part="{% if %}",
    )
    (folder / "digest.txt.j2").mkdir()
    ran = digest("template", "check")
    assert (ran.code, ran.out) == (2, "")
    everything, empty = "(where everything is shown)", "(where nothing matches)"
    assert ran.err.splitlines() == [
        f"{folder}/digest.empty.j2:2: tuple object has no element 0 {empty}",
        f"{folder}/digest.org.j2:1: 'titel' is undefined {everything}",
        f"{folder}/digest.txt.j2 is not a file",
        f"{folder}/part.j2:1: Expected an expression, got 'end of statement block' {everything}",
    ]
    assert digest("template", "check", "markdown").out == f"{folder}/digest.md.j2 is right.\n"
    assert digest("template", "check", "org").err == f"{ran.err.splitlines()[1]}\n"


def test_a_part_is_tried_in_what_uses_it(digest: Digest, tmp_path: Path) -> None:
    written = (templating.template_folder() / "parts.html.j2").read_text(encoding="utf-8")
    folder = own(tmp_path, parts_html=written.replace("other_authors", "others"))
    ran = digest("template", "check")
    line = next(
        number for number, one in enumerate(written.splitlines(), 1) if "other_authors" in one
    )
    assert ran.code == 2
    assert ran.err == (
        f"{folder}/parts.html.j2:{line}: 'EntryWords object' has no attribute 'others'"
        " (where everything is shown)\n"
    )


def test_what_templates_may_use_can_be_printed(digest: Digest) -> None:
    assert digest("template", "context").out == README
    assert "digest template context" in digest("template").out
