r"""TeX's accents and letters, found and read: what `text.letters` decodes a text with."""

import re

from arxivdigest.text import places_of
from arxivdigest.text.scanner import (
    AFTER_LETTER,
    BASE,
    EMPTY,
    WORD,
    Scanner,
    accented,
    is_unit,
    run_end,
)
from arxivdigest.text.symbols import GREEK, IN_PROSE, LETTERS, SYMBOLS

_LETTER_COMMAND = rf"\\(?:{'|'.join(LETTERS)})(?![A-Za-z])(?:\{{\}}|\s*)"
_ACCENTED = (
    rf"\\[`'^\"~=.](?:\{{\s*{BASE}\s*\}}|{BASE})|\\[uvHcdkrb](?:\s+{BASE}|\{{\s*{BASE}\s*\}})"
)
_LETTERS_IN_BRACES = re.compile(rf"\{{\s*((?:[^\W\d_]|{_ACCENTED}|{_LETTER_COMMAND})++)\}}")
_COMMAND_AND_BRACE = re.compile(r"\\[A-Za-z]+\*?(?:\s*\{)?")
# As arXiv's pages have them, in titles, authors and comments.
_DECODED = GREEK | {
    name: SYMBOLS[name]
    for name in "copyright dag ddag degree hbar ldots dots pounds S textregistered "
    "texttrademark".split()
}
_DECODED |= IN_PROSE
_LETTERS_AND_SIGNS = LETTERS | _DECODED


def known(*, symbols: bool) -> dict[str, str]:
    """What each command reads as; on request Greek letters and signs too."""
    return _LETTERS_AND_SIGNS if symbols else LETTERS


def decoded(text: str, known: dict[str, str]) -> str:
    """The text with the accents and the known commands read once; braces around letters go."""
    scanner = Scanner(text)
    parts: list[str] = []
    done = 0
    end = 0
    for at in places_of("\\${", text):
        if at < end:
            continue
        end, letters = _letters_at(scanner, at, known, is_after_letters=at == done > 0)
        if letters is not None:
            parts += (text[done:at], letters)
            done = end
    parts.append(text[done:])
    return "".join(parts)


def _letters_at(
    scanner: Scanner, at: int, known: dict[str, str], *, is_after_letters: bool
) -> tuple[int, str | None]:
    """Where what begins here ends, and the letters that it is, if it is letters.

    A brace after another may hold a command's next argument, but not after accented letters.
    """
    text, character = scanner.text, scanner.text[at]
    if character == "{":
        group = _LETTERS_IN_BRACES.match(text, at)
        if not group or (not is_after_letters and text[at - 1 : at] in tuple("_^}]")):
            return at + 1, None
        return group.end(), decoded(group[1], known) if "\\" in group[1] else group[1]
    if character == "$" or text[at + 1 : at + 2] in ("(", "["):
        return scanner.formula_end(at) or at + 1, None
    accent = scanner.accent(at)
    if accent:
        return accent.end(), accented(accent)
    word = WORD.match(text, at)
    if word and word[1] in known:
        is_letter = word[1] in LETTERS and not is_unit(word[1], text, at)
        after = AFTER_LETTER if is_letter else EMPTY
        return run_end(after, text, word.end()), known[word[1]]
    command = _COMMAND_AND_BRACE.match(text, at)
    return command.end() if command else at + 2, None
