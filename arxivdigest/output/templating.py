"""Templates: found in the user's folder first, then in the project's, and rendered in a sandbox."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arxivdigest.arxiv.taxonomy import ARCHIVES, CATEGORIES
from arxivdigest.errors import UsageError
from arxivdigest.output import bibtex, changed, markdown
from arxivdigest.output.fitting import fitted
from arxivdigest.output.hits import Piece
from arxivdigest.output.wording import DayWords, DigestWords, EntryWords, SectionWords
from arxivdigest.text import one_line, safe, wrap

if TYPE_CHECKING:
    from jinja2 import Environment

NAMES = {"markdown": "md", "text": "txt"}
"""Formats that go by another name than the ending of their template."""

Folders = Path | Sequence[Path]
"""The user's folders of templates: one, or several of which the first goes first."""

MESSAGE = "message.html.j2"
"""The template of the HTML part of a message; its text part is the format `text`."""

_ESCAPED = (".html", ".htm", ".xhtml", ".xml", ".svg", ".rss", ".atom")
# What a template may end in when it is run: it is a program of the user's.
_FAILURES = (
    *(TypeError, ValueError, ArithmeticError, LookupError, AttributeError),
    *(RuntimeError, AssertionError, MemoryError, SyntaxError, OSError),
)


def template_folder() -> Path:
    """The project's own templates: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parents[1]
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def folders(user_folders: Folders) -> list[Path]:
    """Where templates are looked for, one after the other; the project's own are the last."""
    named = [user_folders] if isinstance(user_folders, Path) else user_folders
    return [*named, template_folder()]


def templates(folder: Path) -> list[Path]:
    """The templates in a folder, by name; none where there is no such folder."""
    return sorted(path for path in folder.glob("*.j2") if path.is_file())


def format_of(name: str) -> str:
    """The format that a template is for, as `--format` takes it; nothing where it is for none."""
    if name == MESSAGE:
        return "email"
    if not (name.startswith("digest.") and name.endswith(".j2")):
        return ""
    ending = name.removeprefix("digest.").removesuffix(".j2")
    return {ending: known for known, ending in NAMES.items()}.get(ending, ending)


def formats(user_folders: Folders) -> list[str]:
    """The formats that there are templates for, the user's own among them."""
    names = {path.name for one in folders(user_folders) for path in templates(one)}
    return sorted({format_of(name) for name in names - {MESSAGE}} - {""})


def render(
    words: DigestWords, name: str, user_folders: Folders, compiled: Path | None = None
) -> str:
    """The digest in a format that has a template; a UsageError says what is wrong with one.

    `compiled` is a folder that keeps templates as they were compiled.
    """
    return render_template(words, f"digest.{NAMES.get(name, name)}.j2", user_folders, compiled)


def render_message(
    words: DigestWords, user_folders: Folders, compiled: Path | None = None
) -> tuple[str, str]:
    """The text part and the HTML part of a message, of the same words.

    SpamAssassin counts a message whose parts differ as spam (MPART_ALT_DIFF_COUNT, 2.8).
    """

    def html(shorter: DigestWords) -> str:
        return render_template(shorter, MESSAGE, user_folders, compiled)

    rendered, shown = fitted(words, html)
    return render_template(shown, "digest.txt.j2", user_folders, compiled), rendered


def render_line(template: str, words: DigestWords, where: str) -> str:
    """A template of one line, such as the subject of a message, rendered."""
    return render_values(template, words._asdict(), where)


def render_values(template: str, values: Mapping[str, Any], where: str) -> str:
    """A template of one line with these names in it, rendered."""
    from jinja2 import TemplateError

    try:
        rendered = _environment(Path()).from_string(template).render(values)
    except (TemplateError, *_FAILURES) as error:
        raise UsageError(f"{where}: {_complaint(error)}") from error
    return one_line(safe(rendered))


def render_template(
    words: DigestWords, name: str, user_folders: Folders, compiled: Path | None = None
) -> str:
    """What a template makes of the digest; a UsageError has file and line of what is wrong."""
    from jinja2 import TemplateError, TemplateSyntaxError

    environment = _environment(user_folders, compiled)
    try:
        rendered = environment.get_template(name).render(words._asdict())
    except TemplateSyntaxError as error:
        raise UsageError(f"{error.filename or name}:{error.lineno}: {_complaint(error)}") from error
    except (TemplateError, *_FAILURES) as error:
        place = _place(error, user_folders) or template_path(name, user_folders)
        raise UsageError(f"{place}: {_complaint(error)}" if place else _complaint(error)) from error
    return rendered.encode("utf-8", "replace").decode()


def template_path(name: str, user_folders: Folders) -> Path | None:
    """Where the template is that goes by this name: the user's, or the project's, or none."""
    paths = (folder / name for folder in folders(user_folders))
    return next((path for path in paths if path.is_file()), None)


def _place(error: BaseException, user_folders: Folders) -> str:
    """File and line of the innermost frame of the error that is in a template, if any is."""
    within = tuple(f"{folder}/" for folder in folders(user_folders))
    place, frame = "", error.__traceback__
    while frame:
        filename = frame.tb_frame.f_code.co_filename
        if filename.startswith(within):
            place = f"{filename}:{frame.tb_lineno}"
        frame = frame.tb_next
    return place


def _complaint(error: BaseException) -> str:
    """What is wrong, in one line."""
    from jinja2 import TemplateNotFound, TemplatesNotFound, TemplateSyntaxError

    said = str(error)
    if isinstance(error, TemplateSyntaxError):
        said = error.message or ""
    elif isinstance(error, TemplateNotFound):
        names = error.templates if isinstance(error, TemplatesNotFound) else [error.name]
        said = f"there is no template {' or '.join(map(str, names))}"
    elif isinstance(error, RecursionError | SyntaxError):
        said = "it is nested too deeply, or includes itself without end"
    elif isinstance(error, MemoryError):
        said = "it needs more memory than there is"
    elif isinstance(error, OSError) and error.strerror:
        said = error.strerror
    return one_line(safe(said.replace(f"{DigestWords.__module__}.", ""))) or type(error).__name__


_OURS: Mapping[type, frozenset[str]] = {
    kind: frozenset(kind._fields) for kind in (EntryWords, SectionWords, DayWords, Piece)
}
"""Types whose fields are safe to read: looking at each anew takes half of all rendering."""


def _environment(user_folders: Folders, compiled: Path | None = None) -> "Environment":
    named = [user_folders] if isinstance(user_folders, Path) else user_folders
    return _made_environment(tuple(named), compiled)


@lru_cache(maxsize=4)
def _made_environment(user_folders: tuple[Path, ...], compiled: Path | None) -> "Environment":
    """The templates of these folders, each of which is read and compiled once."""
    from jinja2 import FileSystemLoader, StrictUndefined, TemplateSyntaxError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    from arxivdigest.output.compiled import CompiledTemplates

    class Loader(FileSystemLoader):
        """Says of a file that is not UTF-8 which one, and where."""

        def get_source(
            self, environment: "Environment", template: str
        ) -> tuple[str, str, Callable[[], bool]]:
            try:
                return super().get_source(environment, template)
            except UnicodeDecodeError as error:
                line = error.object[: error.start].count(b"\n") + 1
                path = str(template_path(template, user_folders))
                raise TemplateSyntaxError("it is not UTF-8", line, template, path) from error

    class Sandbox(ImmutableSandboxedEnvironment):
        """Reads the fields of what a digest is made of without asking whether it may."""

        def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - as it is published
            if attribute in _OURS.get(type(obj), ()):
                return getattr(obj, attribute)
            return super().getattr(obj, attribute)

    environment = Sandbox(
        loader=Loader(folders(user_folders)),
        autoescape=_is_escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=CompiledTemplates(compiled) if compiled else None,
    )
    environment.filters |= FILTERS
    return environment


def _is_escaped(name: str | None) -> bool:
    # Jinja's own select_autoescape looks at the last ending, which is .j2 for all.
    return name is not None and name.removesuffix(".j2").endswith(_ESCAPED)


def _plain(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _names(entry: Any, write: Callable[[Piece], str] = lambda author: author.text) -> str:  # noqa: ANN401 - a template hands it in
    line = ", ".join(map(write, entry.authors)) or "(no authors)"
    return f"{line} and {entry.other_authors}" if entry.other_authors else line


# Escaping does not stop `javascript:` in a link.
_HARMLESS_ADDRESS = re.compile(r"""(?:https?://|mailto:)[^\s"'`<>\\]+""", re.IGNORECASE)


def _address(text: str | None) -> str:
    """The text where it is an address that a link may lead to (http, https, mailto), or nothing."""
    return text if text and _HARMLESS_ADDRESS.fullmatch(text) else ""


def _subject_name(category: str) -> str:
    """The name of a category or an archive; what is not known is its own name."""
    known = CATEGORIES.get(category) or ARCHIVES.get(category)
    return known.name if known else category


def _instant(date: str) -> datetime:
    """When the announcement of a date begins, which is midnight in New York."""
    from arxivdigest.arxiv.schedule import EASTERN

    if not date:  # where a listing does not say; what reads a feed wants one
        return datetime(1970, 1, 1, tzinfo=UTC)
    return datetime.fromisoformat(date).replace(tzinfo=EASTERN)


def _rfc3339(date: str) -> str:
    return _instant(date).isoformat()


def _rfc822(date: str) -> str:
    from email.utils import format_datetime

    return format_datetime(_instant(date))


def _bibtex_key(entry: EntryWords) -> str:
    return bibtex.key(entry.written.authors, entry.arxiv_id)


def _bibtex_names(entry: EntryWords) -> str:
    return bibtex.names(entry.written.authors, is_cut=entry.written.is_cut)


FILTERS: dict[str, Callable[..., Any]] = {
    "plain": _plain,
    "names": _names,
    "markdown": markdown.text,
    "markdown_pieces": markdown.pieces,
    "markdown_names": markdown.names,
    "markdown_labels": markdown.labels,
    "wrap": partial(wrap),
    "address": _address,
    "subject_name": _subject_name,
    "changed": changed.plain,
    "markdown_changed": markdown.changed,
    "bibtex": bibtex.value,
    "bibtex_key": _bibtex_key,
    "bibtex_names": _bibtex_names,
    "bibtex_doi": bibtex.doi,
    "arxiv_year": bibtex.year,
    "rfc822": _rfc822,
    "rfc3339": _rfc3339,
}
"""What templates may use beside Jinja's own filters."""
