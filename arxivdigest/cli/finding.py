"""The commands that find papers again: starred, search, changes."""

from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Annotated

from typer import Argument, Option

from arxivdigest.cli import options
from arxivdigest.cli.papers import Shelves, opened
from arxivdigest.cli.request import configure
from arxivdigest.cli.shell import now
from arxivdigest.cli.showing import View, write_out
from arxivdigest.errors import UsageError
from arxivdigest.model import AnnounceType
from arxivdigest.text.counts import counted
from arxivdigest.text.dates import short_date

if TYPE_CHECKING:
    from arxivdigest.config import Config
    from arxivdigest.finding import Found

SearchWords = Annotated[
    list[str],
    Argument(
        metavar="WORD...",
        help="Words, /expressions/, author:, subject:, title:, comments:, type:, rule:, is:starred,"
        " not:WORD; all must hold.",
        show_default=False,
    ),
]
SinceAgo = Annotated[
    str | None, Option("--since", metavar="DATE|60d", help="From that day on, or so long ago.")
]
OnlyStarred = Annotated[bool, Option("--starred", help="Only what is starred.")]
ByRules = Annotated[bool, Option("--rules", help="Only what your rules ask for.")]


_NOT_A_DAY = ("show_all", "skip_empty", "unseen")


def _since(written: str | None) -> date | None:
    """The day that is named, or that is so long ago."""
    from arxivdigest.config.schema import age

    if written is None:
        return None
    length = age(written)
    if length is not None:
        return (now() - length).date()
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise UsageError(
            f'--since: "{written}" is neither a date, as in 2026-11-20, nor a length, as in 60d'
        ) from error


def _show(
    config: "Config", found: "list[Found]", about: str, said: str, look: options.Look
) -> None:
    from arxivdigest.finding import papers

    write_out(View(config, options.Ask(), look), papers(found, about, said), is_fine=True)


@options.grouped(without=_NOT_A_DAY)
def starred(  # noqa: PLR0913 - the options of the command
    *,
    since: SinceAgo = None,
    by_rules: ByRules = False,
    keywords: options.Keywords = None,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
    look: options.Look,
) -> None:
    """List what is starred, the newest star first."""
    from arxivdigest.finding import Found

    config = configure(options.Ask(keywords=keywords, config_file=config_file, profile=profile))
    rules = config.rules if by_rules else config.rules[len(config.rules) - len(keywords or ()) :]
    rule_set = config._replace(rules=rules, announce=tuple(AnnounceType)).rule_set()
    with opened() as shelves:
        rulings = (
            Found(one.announced, rule_set.rule(one.entry)._replace(starred=True, note=one.note))
            for one in shelves.library.starred(_since(since))
        )
        found = list(islice((one for one in rulings if one.ruling.selected), look.limit))
        _show(config, found, "Starred", f"{counted(len(found), 'starred paper')}.", look)


@options.grouped(without=_NOT_A_DAY)
def search(
    words: SearchWords,
    *,
    since: SinceAgo = None,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
    look: options.Look,
) -> None:
    """Search all that is stored, as a rule would, the newest first."""
    from arxivdigest.rules.query import query

    config = configure(options.Ask(config_file=config_file, profile=profile))
    sought, begin = query(words, config.rules), _since(since)
    with opened() as shelves:
        found = list(islice(shelves.library.search(sought, since=begin), look.limit))
        said = f"{counted(len(found), 'paper')} found{_stored(shelves, config, begin)}."
        _show(config, found, f"Search: {' '.join(words)}", said, look)


def _stored(shelves: Shelves, config: "Config", since: date | None) -> str:
    """What is stored of the days that were searched, and what is not."""
    from arxivdigest.arxiv import calendar, schedule
    from arxivdigest.config import holidays

    days = shelves.library.days()
    if not days:
        return "; nothing is stored yet"
    free = holidays(config.fetch)
    first = min(days)
    newest = max(schedule.newest(now(), free).day, *days)
    begin = max(since, first) if since else first
    lacking = [day for day in calendar.between(begin, newest, free) if day not in days]
    said = f"; stored since {short_date(first)}"
    if lacking:
        verb = "was" if len(lacking) == 1 else "were"
        said += f"; {counted(len(lacking), 'day')} in between {verb} not read"
    return said


@options.grouped(without=_NOT_A_DAY)
def changes(
    *,
    only_starred: OnlyStarred = False,
    since: SinceAgo = None,
    config_file: options.ConfigFile = None,
    profile: options.Profile = None,
    look: options.Look,
) -> None:
    """Say what replacements changed, those of the newest day.

    Or of every day from --since on. It is said word by word, where an earlier version is stored.
    """
    config = configure(options.Ask(config_file=config_file, profile=profile))
    with opened() as shelves:
        begin = _since(since) or max(shelves.library.days(), default=None)
        found = list(islice(shelves.library.replaced(begin, only_starred=only_starred), look.limit))
        count = counted(len(found), "replacement")
        said = f"{count} since {short_date(begin)}." if begin else "Nothing is stored yet."
        _show(config, found, "Replacements", said, look)
