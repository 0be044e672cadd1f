"""The digest in the format that was asked for."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from arxivdigest.config import Email
from arxivdigest.errors import UsageError
from arxivdigest.model import Digest
from arxivdigest.text import closest, safe

if TYPE_CHECKING:
    from rich.console import Console


class Surroundings(NamedTuple):
    """What a format may need of the world; each is asked for only where it is needed.

    `compiled_templates` is a folder to keep templates in as they were compiled.
    """

    console: Callable[[], "Console"]
    now: Callable[[], datetime]
    user_templates: Path | Sequence[Path]
    email: Email
    profile: str
    compiled_templates: Path | None = None


def render(
    name: str, digest: Digest, around: Surroundings, *, abstracts: bool | None
) -> bytes | str:
    """The digest in a format: text for whoever shows it, or bytes where the format says which.

    `abstracts` is None for what the format does by itself. A UsageError where there is no such
    format, or where a template has a mistake.
    """
    if name in _FORMATS:
        return _FORMATS[name](digest, around, abstracts)
    return _template(name, digest, around, abstracts=abstracts)


def _table(digest: Digest, around: Surroundings, abstracts: bool | None) -> str:  # noqa: FBT001 - one of the formats
    from arxivdigest.output import table, terminal, wording

    console = around.console()
    words = wording.words(
        digest, abstracts=bool(abstracts), most_authors=table.MOST_AUTHORS, profile=around.profile
    )
    return terminal.draw(table.table(words, console.width), console)


def _plain(digest: Digest, around: Surroundings, abstracts: bool | None) -> str:  # noqa: ARG001, FBT001 - one of the formats
    from arxivdigest.output import plain

    return plain.render(digest, abstracts=bool(abstracts))


def _json(digest: Digest, around: Surroundings, abstracts: bool | None) -> bytes:  # noqa: ARG001, FBT001 - one of the formats
    from arxivdigest.output import json_document

    return json_document.render(digest).encode()


def _ndjson(digest: Digest, around: Surroundings, abstracts: bool | None) -> bytes:  # noqa: ARG001, FBT001 - one of the formats
    from arxivdigest.output import json_document

    return json_document.lines(digest).encode()


def _email(digest: Digest, around: Surroundings, abstracts: bool | None) -> bytes:  # noqa: FBT001 - one of the formats
    return message(digest, around, abstracts=abstracts)


def message(
    digest: Digest, around: Surroundings, *, abstracts: bool | None, more: Sequence[str] = ()
) -> bytes:
    """The digest as an e-mail; `more` tells it from another of the same day."""
    from arxivdigest.mail import message as messages
    from arxivdigest.output import templating, wording

    words = wording.words(digest, abstracts=abstracts is not False, profile=around.profile)
    text, html = templating.render_message(words, around.user_templates, around.compiled_templates)
    dates = "+".join(day.date for day in words.days)
    composed = messages.compose(
        text=text,
        html=html,
        sender=around.email.sender,
        to=around.email.to,
        subject=templating.render_line(around.email.subject, words, "[email] subject"),
        date=around.now(),
        identity=(dates, around.profile, *sorted(set(words.subjects)), *more),
        profile=around.profile,
        account=messages.account(digest),
    )
    return composed.as_bytes()


def _template(
    name: str, digest: Digest, around: Surroundings, *, abstracts: bool | None
) -> bytes | str:
    from arxivdigest.output import templating, wording

    check_format(name, around.user_templates)
    words = wording.words(digest, abstracts=abstracts is not False, profile=around.profile)
    rendered = templating.render(words, name, around.user_templates, around.compiled_templates)
    return rendered.encode() if name in _UTF_8 else rendered


def check_format(name: str, user_templates: Path | Sequence[Path]) -> None:
    """Raise a UsageError where there is no format of this name."""
    from arxivdigest.output import templating

    known = formats(user_templates)
    if name not in known and name not in templating.NAMES.values():
        meant = closest(name, known)
        suggestion = f'did you mean "{meant}"?' if meant else f"known: {', '.join(known)}"
        raise UsageError(f'there is no format "{safe(name)}"; {suggestion}')


def formats(user_templates: Path | Sequence[Path]) -> list[str]:
    """The formats that there are, those of the user's templates among them."""
    from arxivdigest.output import templating

    return [*_FORMATS, *templating.formats(user_templates)]


_UTF_8 = ("html", "atom", "bibtex")  # what says itself that it is so, or is read so
_Format = Callable[[Digest, Surroundings, bool | None], bytes | str]
_FORMATS: Mapping[str, _Format] = {
    "table": _table,
    "plain": _plain,
    "json": _json,
    "ndjson": _ndjson,
    "email": _email,
}
