"""The first configuration: written from options, or from a conversation at a terminal."""

import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from typer import Option

from arxivdigest.cli import files, options
from arxivdigest.cli.announcement import show_newest
from arxivdigest.cli.places import config_path
from arxivdigest.cli.request import subject
from arxivdigest.cli.shell import columns, complain, is_terminal, write
from arxivdigest.errors import OutputError, UsageError

FollowedSubjects = Annotated[
    list[str] | None,
    Option("--subject", "-s", metavar="SUBJECT", help="To follow; repeatable.", show_default=False),
]
FirstKeywords = Annotated[
    list[str] | None,
    Option(
        "--keyword",
        "-k",
        metavar="TEXT",
        help="For a first rule; repeatable.",
        show_default=False,
    ),
]


_PART = re.compile(r"""\s*(/(?:[^/\\]|\\.)+/|"[^"]*"|'[^']*'|[^,;]+)\s*(?:[,;]|$)""")
"""What stands between commas; those within a regular expression or quotes part nothing."""
_QUOTES = "\"'“”‘’„"


def init(
    *,
    subjects: FollowedSubjects = None,
    keywords: FirstKeywords = None,
    config_file: options.ConfigFile = None,
) -> None:
    """Write a commented configuration to start from."""
    path = config_path(config_file)
    if os.path.lexists(path):
        raise UsageError(f"{path} is there already; edit it, or name another with --config")
    is_shown = False
    if subjects is None and keywords is None and _can_ask():
        chosen, wanted, is_shown = _conversation()
    else:
        chosen = [subject(one) for one in subjects or ()]
        wanted = [_checked_keyword(one) for one in keywords or ()]
    _write(path, chosen, wanted)
    option = f" --config {path}" if config_file else ""
    if is_shown:
        complain(f"Later: digest today{option}")
        show_newest(options.Ask(config_file=path), options.Look())
    elif chosen:
        complain(f"Now run: digest today{option}")
    else:
        complain("Name your subjects in it: digest categories")


def _conversation() -> tuple[list[str], list[str], bool]:
    """Subjects, keywords, and whether to look at the newest announcement with them."""
    _edit_answers()
    try:
        subjects, keywords = _subjects_asked_for(), _keywords_asked_for()
        return subjects, keywords, bool(subjects) and _is_wanted()
    except (KeyboardInterrupt, EOFError):
        write("\n")  # ^C and Ctrl-D leave the line without an end
        complain("Nothing was written.")
        raise typer.Abort from None


def _edit_answers() -> None:
    """Let arrow keys move within an answer, where the terminal's characters are UTF-8.

    In the locale C, readline takes the bytes of an umlaut for commands.
    """
    import locale

    with suppress(ImportError, AttributeError):  # neither is everywhere
        if locale.nl_langinfo(locale.CODESET).upper() == "UTF-8":
            import readline  # noqa: F401 - input() uses it once it is there


def _answer(question: str) -> str:
    """What is answered; not by typer.prompt, whose question readline would draw over."""
    while True:
        try:
            return input(f"{question}: ")
        except UnicodeDecodeError as error:
            complain(f"this is not {error.encoding.upper()} text, as your locale has it")


def _is_wanted() -> bool:
    while True:
        answer = _answer("Look at the newest announcement with them now? [Y/n]").strip().lower()
        if answer in ("", "y", "yes"):
            return True
        if answer in ("n", "no"):
            return False
        _say("y or n?")


def _write(path: Path, subjects: list[str], keywords: list[str]) -> None:
    from arxivdigest.config.starter import starter

    text = starter(subjects, keywords)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.create(path, text.encode())
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}") from error
    complain(f"Wrote {path}")


def _can_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and is_terminal(None)


def _subjects_asked_for() -> list[str]:
    _say("Subjects to follow, such as cs.DC, quant-ph (digest categories lists them all)")
    return _asked("Subjects", _subjects, _meant)


def _keywords_asked_for() -> list[str]:
    _say("Keywords, such as KV cache, prefill* (none: everything is shown)")
    keywords = _asked("Keywords", lambda text: [_keyword(text)], lambda _: [])
    for one in keywords:
        _say(f"{one}: {_as_it_will_match(one)}", "  ")
    return keywords


def _say(sentence: str, indent: str = "") -> None:
    """Write a sentence beside the questions, wrapped at words."""
    from arxivdigest.text import safe, wrap

    write(wrap(safe(sentence), columns(sys.stdout), f"{indent}  ", indent) + "\n")


def _asked(
    question: str, read: Callable[[str], list[str]], meant: Callable[[str], list[str]]
) -> list[str]:
    """What is answered, once all of it is right: what is wrong is said, and asked again.

    What was right, and what the rest was likely meant to be, is offered as the next answer.
    """
    offered = ""
    while True:
        answer = _answer(f"{question} [{offered}]" if offered else question) or offered
        found: dict[str, None] = {}
        is_right = True
        for part in (one.strip().strip(_QUOTES) for one in _PART.findall(answer)):
            try:
                found |= dict.fromkeys(read(part)) if part else {}
            except (UsageError, ValueError) as error:
                is_right = False
                likely = meant(part)
                complain(f"{error}" if not likely else _did_you_mean(part, likely))
                found |= dict.fromkeys(likely)
        if is_right:
            return list(found)
        offered = ", ".join(found)


def _did_you_mean(written: str, likely: list[str]) -> str:
    from arxivdigest.arxiv.taxonomy import ARCHIVES, CATEGORIES

    known = ARCHIVES | CATEGORIES
    named = [f"{one} ({known[one].name})" for one in likely]
    one_of = " or ".join([*([", ".join(named[:-1])] if named[1:] else []), named[-1]])
    return f'arXiv has no subject "{written}"; did you mean {one_of}?'


def _meant(written: str) -> list[str]:
    from arxivdigest.arxiv.meant import meant

    return meant(written)


def _subjects(text: str) -> list[str]:
    """The subject, or several where blanks alone part them."""
    try:
        return [subject(text)]
    except UsageError:
        parts = text.split()
        if len(parts) > 1:
            with suppress(UsageError):
                return [subject(part) for part in parts]
        raise


def _keyword(text: str) -> str:
    from arxivdigest.rules.keywords import keyword

    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("this is not UTF-8 text") from error
    one = keyword(text)
    return f"/{one.expression}/" if one.is_expression else one.text


def _checked_keyword(text: str) -> str:
    try:
        return _keyword(text)
    except ValueError as error:
        raise UsageError(f"--keyword: {error}") from error


def _as_it_will_match(written: str) -> str:
    """What a keyword will find, for whoever wrote it."""
    from arxivdigest.rules.keywords import keyword

    one = keyword(written)
    if one.is_expression:
        return "a regular expression, whatever the case"
    if one.is_open:
        core = written.strip("*").strip()
        begins, ends = written.startswith("*"), written.endswith("*")
        where = "with it within" if begins and ends else f"that {'end' if begins else 'begin'} so"
        return f"{core}, and words {where}, whatever the case"
    words = written.split()
    if len(words) > 1:
        return f"these words together, also {'-'.join(words)} and {written.lower()}"
    return "the whole word, whatever the case and the accents"
