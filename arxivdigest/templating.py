"""Templates: found in the user's folder first, then in the project's, and rendered in a sandbox."""

import re
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arxivdigest.errors import UsageError
from arxivdigest.taxonomy import ARCHIVES, CATEGORIES
from arxivdigest.text import one_line, safe, wrap
from arxivdigest.wording import DigestWords, Piece

if TYPE_CHECKING:
    from jinja2 import Environment

NAMES = {"markdown": "md", "text": "txt"}
"""Formats that go by another name than the ending of their template."""

_ESCAPED = (".html", ".htm", ".xhtml", ".xml", ".svg", ".rss", ".atom")


def template_folder() -> Path:
    """The project's own templates: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def formats(user_folder: Path) -> list[str]:
    """The formats that there are templates for, the user's own among them."""
    known = {ending: name for name, ending in NAMES.items()}
    endings = {
        path.name.removeprefix("digest.").removesuffix(".j2")
        for folder in (template_folder(), user_folder)
        for path in folder.glob("digest.*.j2")
    }
    return sorted(known.get(ending, ending) for ending in endings)


def render(words: DigestWords, name: str, user_folder: Path) -> str:
    """The digest in a format that has a template; a UsageError says what is wrong with one."""
    return _render(f"digest.{NAMES.get(name, name)}.j2", words, user_folder)


def render_message(words: DigestWords, user_folder: Path) -> tuple[str, str]:
    """The text part and the HTML part of a message."""
    text = _render("digest.txt.j2", words, user_folder)
    return text, _render("message.html.j2", words, user_folder)


def render_line(template: str, words: DigestWords, where: str) -> str:
    """A template of one line, such as the subject of a message, rendered."""
    from jinja2 import TemplateError

    try:
        rendered = _environment(Path()).from_string(template).render(words._asdict())
    except TemplateError as error:
        raise UsageError(f"{where}: {error}") from error
    return one_line(safe(rendered))


def _render(name: str, words: DigestWords, user_folder: Path) -> str:
    from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError

    environment = _environment(user_folder)
    try:
        return environment.get_template(name).render(words._asdict())
    except TemplateNotFound as error:
        raise UsageError(f"there is no template {error.name}") from error
    except TemplateSyntaxError as error:
        raise UsageError(f"{error.filename or name}:{error.lineno}: {error.message}") from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError) as error:
        raise UsageError(f"{_place(error, name)}: {error}") from error


def _place(error: BaseException, name: str) -> str:
    """File and line of the innermost frame of the error that is in a template."""
    place, frame = name, error.__traceback__
    while frame:
        filename = frame.tb_frame.f_code.co_filename
        if filename.endswith(".j2"):
            place = f"{filename}:{frame.tb_lineno}"
        frame = frame.tb_next
    return place


def _environment(user_folder: Path) -> "Environment":
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([user_folder, template_folder()]),
        autoescape=_is_escaped,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= _FILTERS
    return environment


def _is_escaped(name: str | None) -> bool:
    return name is not None and name.removesuffix(".j2").endswith(_ESCAPED)


def _plain(pieces: Iterable[Piece]) -> str:
    return "".join(piece.text for piece in pieces)


def _names(entry: Any, write: Callable[[Piece], str] = lambda author: author.text) -> str:  # noqa: ANN401 - a template hands it in
    line = ", ".join(map(write, entry.authors)) or "(no authors)"
    return f"{line} and {entry.other_authors}" if entry.other_authors else line


_MARKDOWN = {sign: f"\\{sign}" for sign in "\\`*_[]<>|~$#!"} | {"&": "&amp;", "@": "&#64;"}
# What begins a list, a heading or a quotation, if it stands at the begin of a line.
_BEGINS_BLOCK = re.compile(r"[-+=]|\d+(?=[.)])")


def _markdown(text: str) -> str:
    """The text in Markdown: nothing in it is taken for Markdown's own, wherever it stands."""
    return _as_paragraph(_escaped(text))


def _markdown_pieces(pieces: Iterable[Piece]) -> str:
    """The pieces in Markdown, the hits in bold."""
    return _as_paragraph("".join(map(_markdown_piece, pieces)))


def _markdown_piece(piece: Piece) -> str:
    written = _escaped(piece.text)
    # Between other signs, asterisks are no emphasis to Markdown, and would be shown.
    can_be_bold = piece.hit and piece.text[0].isalnum() and piece.text[-1].isalnum()
    return f"**{written}**" if can_be_bold else written


def _escaped(text: str) -> str:
    return "".join(_MARKDOWN.get(character, character) for character in text)


def _as_paragraph(line: str) -> str:
    line = line.strip()
    begin = _BEGINS_BLOCK.match(line)
    if not begin:
        return line
    number = begin[0] if begin[0].isdigit() else ""
    return f"{number}\\{line[len(number) :]}"


_HARMLESS_ADDRESS = re.compile(r"""(?:https?://|mailto:)[^\s"'`<>\\]+""", re.IGNORECASE)


def _address(text: str) -> str:
    """The text where it is an address that a link may lead to (http, https, mailto), or nothing."""
    return text if _HARMLESS_ADDRESS.fullmatch(text) else ""


def _subject_name(category: str) -> str:
    """The name of a category or an archive; what is not known is its own name."""
    known = CATEGORIES.get(category) or ARCHIVES.get(category)
    return known.name if known else category


_FILTERS: dict[str, Callable[..., Any]] = {
    "plain": _plain,
    "names": _names,
    "markdown": _markdown,
    "markdown_pieces": _markdown_pieces,
    "wrap": partial(wrap),
    "address": _address,
    "subject_name": _subject_name,
}
