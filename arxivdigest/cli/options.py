"""The options that commands take, each worded once."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

Subjects = Annotated[
    list[str] | None,
    Argument(
        metavar="[SUBJECT]...",
        help="Categories or archives, such as cs.DC or math, in place of your own.",
        show_default=False,
    ),
]
ArxivId = Annotated[
    str,
    Argument(metavar="ID", help="Of an entry, such as 2507.07120.", show_default=False),
]
Words = Annotated[
    list[str] | None,
    Argument(
        metavar="[WORD]...", help="In the label, the name or the archive.", show_default=False
    ),
]
From = Annotated[
    str | None,
    Option("--from", metavar="FILE|-|URL", help="A saved page or feed instead of arXiv."),
]
SourceName = Annotated[
    str | None,
    Option("--source", metavar="auto|feed|page", help="What to ask arXiv for."),
]
Format = Annotated[
    str | None,
    Option(
        "--format",
        "-f",
        metavar="NAME",
        help="table, plain, markdown, html, text, email, json, or a template of your own"
        " (without it: table on a terminal, plain in a pipe).",
    ),
]
Keywords = Annotated[
    list[str] | None,
    Option(
        "--keyword",
        "-k",
        metavar="TEXT",
        help="A rule on the spot; repeatable.",
        show_default=False,
    ),
]
All = Annotated[bool, Option("--all", "-a", help="Also what no rule asked for.")]
Abstracts = Annotated[
    bool | None,
    Option(
        "--abstracts/--no-abstracts",
        help="With or without abstracts (table and plain: without).",
        show_default=False,
    ),
]
Limit = Annotated[int | None, Option(min=1, metavar="N", help="Only the best N entries.")]
Output = Annotated[
    str | None,
    Option("--output", "-o", metavar="FILE", help="Write there, not to standard output."),
]
ConfigFile = Annotated[
    Path | None,
    Option("--config", "-c", metavar="FILE", help="This configuration, not your own."),
]
Profile = Annotated[
    str | None,
    Option(metavar="NAME", help="With the settings under [profiles.NAME]."),
]
To = Annotated[
    list[str] | None,
    Option(metavar="ADDRESS", help="Of the e-mail; repeatable.", show_default=False),
]
Sender = Annotated[str | None, Option(metavar="ADDRESS", help="Of the e-mail.")]
SkipEmpty = Annotated[
    bool, Option("--skip-empty", help="Print nothing at all when nothing matched.")
]
Quiet = Annotated[
    bool,
    Option("--quiet", "-q", help="No progress, and no verdict where the listing is whole."),
]
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
Version = Annotated[bool, Option("--version", help="Show the version and exit.")]
