"""The commands that deliver: send, ack."""

import os
from typing import TYPE_CHECKING, Annotated

from typer import Exit, Option

from arxivdigest.cli import options
from arxivdigest.cli.announcement import day_of
from arxivdigest.cli.places import load
from arxivdigest.cli.request import configure, reader_of, request_for, surroundings, world
from arxivdigest.cli.shell import complain, worst, write
from arxivdigest.errors import DigestError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from arxivdigest.composing import Order
    from arxivdigest.config import Config
    from arxivdigest.mail.delivery import Way
    from arxivdigest.reading import World

IfAny = Annotated[bool, Option("--if-any", help="Send nothing when nothing matched.")]
Again = Annotated[bool, Option("--again", help="Send it anew, even if it was sent.")]
SendSince = Annotated[
    str | None,
    Option("--since", metavar="DATE", help="Send what is not sent yet of the days from then on."),
]
Newest = Annotated[
    bool, Option("--newest", help="Send the newest alone, and pass over what came before it.")
]
DryRun = Annotated[bool, Option("--dry-run", "-n", help="Show the message; send nothing.")]
AllProfiles = Annotated[
    bool, Option("--all-profiles", help="To each profile of the configuration its own.")
]


@options.grouped()
def send(  # noqa: PLR0913 - the options of the command
    *,
    ask: options.Ask,
    all_profiles: AllProfiles = False,
    show_all: options.All = False,
    abstracts: options.Abstracts = None,
    limit: options.Limit = None,
    to: options.To = None,
    sender: options.Sender = None,
    if_any: IfAny = False,
    again: Again = False,
    since: SendSince = None,
    newest: Newest = False,
    dry_run: DryRun = False,
    quiet: options.Quiet = False,
) -> None:
    """Send what is not sent yet by e-mail: the newest announcement, and what came before it."""
    if all_profiles and (ask.profile or ask.subjects or to):
        raise UsageError(
            "--all-profiles says itself who gets what; name no profile, subject or --to"
        )
    ask.check()
    if ask.place is not None and (since or newest):
        raise UsageError("--from says what to send; --since and --newest are for arXiv")
    if ((again or since) and newest) or (again and since):
        raise UsageError("--again, --since and --newest say different things; give one of them")
    begin = day_of(since) if since else None
    around = world(quiet=quiet, keeps_answers=all_profiles)

    def order(name: str) -> "Order":
        from arxivdigest.composing import Order

        asked = ask._replace(profile=name or None)
        config = configure(asked)
        return Order(
            config=config,
            request=request_for(config, ask),
            reader=reader_of(config, asked),
            surroundings=surroundings(config, asked, to, sender),
            show_all=show_all,
            abstracts=abstracts,
            limit=limit,
            if_any=if_any,
            again=again,
            since=begin,
            only_newest=newest,
        )

    names = _profiles(ask.config_file) if all_profiles else [ask.profile or ""]
    if dry_run:
        _show(names, order, around, quiet=quiet)
    elif all_profiles:
        _send(names, order, around, quiet=quiet)
    else:
        only = order(ask.profile or "")
        _send(names, lambda _: only, around, quiet=quiet)


def _profiles(config_file: "Path | None") -> list[str]:
    names = load(config_file, None).profiles
    if not names:
        raise UsageError("--all-profiles: the configuration has no [profiles.NAME]")
    return list(names)


def _show(
    names: list[str], order: "Callable[[str], Order]", around: "World", *, quiet: bool
) -> None:
    from arxivdigest.sending import collect, preview

    codes: list[int] = []
    for name in names:
        try:
            one = order(name)
            prepared = preview(one, collect(one, around), around)
        except DigestError as error:
            if len(names) == 1:
                raise
            codes.append(error.exit_code)
            complain(f"{name}: {error}")
            continue
        codes.append(_code(prepared.error))
        if prepared.message:
            write(prepared.message.content)
        if prepared.error or not quiet:
            complain(prepared.said)
    if any(codes):
        raise Exit(worst(codes))


def _send(
    names: list[str], order: "Callable[[str], Order]", around: "World", *, quiet: bool
) -> None:
    from arxivdigest.sending import send_each

    failed: dict[str, int] = {}
    untried = set(names)
    for name, report in send_each(names, order, around, _way):
        untried.discard(name)
        if report.error:
            failed[name] = worst((failed.get(name, 0), _code(report.error)))
        if report.error or not quiet:
            before = f"{name}: " if len(names) > 1 else "digest: " if report.is_error else ""
            complain(f"{before}{report.said}")
    if failed and len(names) > 1:
        others = [name for name in names if name in failed or name in untried]
        count = len(names) - len(others)
        complain(f"{count} of {len(names)} profiles are done, not {', '.join(others)}")
    if failed:
        raise Exit(worst(failed.values()))


def _code(error: DigestError | None) -> int:
    return error.exit_code if error else 0


def _way(config: "Config") -> "Way":
    from arxivdigest.mail.delivery import Way

    return Way(config.email.smtp, os.environ.get("PATH"))


@options.grouped(without=("place", "offline", "refresh"))
def ack(*, ask: options.Ask, quiet: options.Quiet = False) -> None:
    """Note what was shown last as delivered, for --unseen."""
    from arxivdigest import unseen
    from arxivdigest.reading import check_subjects
    from arxivdigest.text.counts import counted
    from arxivdigest.text.dates import period, short_date

    config = configure(ask)
    request = request_for(config, ask)
    check_subjects(request)
    with unseen.opened(reader_of(config, ask), request, world(quiet=quiet)) as looks:
        noted = looks.acknowledge()
    if not quiet:
        days = short_date(max(noted)) if len(noted) == 1 else period(noted)
        count = counted(sum(noted.values()), "entry is", "entries are")
        complain(f"{days}, {', '.join(config.subjects)}: {count} acknowledged.")
