r"""Letters that TeX has to spell out, decoded: `K\"ahler` is Kähler."""

import re

from arxivdigest.text.scanner import BASE, WORD, Scanner, accented, run_end
from arxivdigest.text.symbols import GREEK, LETTERS, SYMBOLS

_AFTER_LETTER = re.compile(r"\{\}|[^\S\n]*")
_EMPTY = re.compile(r"(?:\{\})?")
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
_DECODED |= {"epsilon": "ε", "phi": "φ"}


def decode(text: str, *, symbols: bool) -> str:
    r"""The text with TeX's accents and letters, and on request Greek and signs, as Unicode.

    Braces around letters go. Mathematics and all other commands stay as written. arXiv's own pages
    decode symbols in titles, authors and comments, but not in abstracts.
    """
    if ("\\" not in text and "{" not in text) or len(text) > _LONGEST:
        return text
    known = LETTERS | _DECODED if symbols else LETTERS
    while True:
        decoded = _decoded(text, known)
        if "{{" not in text or decoded == text or len(text) > _LONGEST_REPEATED:
            return decoded
        text = decoded


_LONGEST = 10_000  # as of what is made readable
_LONGEST_REPEATED = 1000
_OPENING = re.compile(r"[\\${]")


def _decoded(text: str, known: dict[str, str]) -> str:
    scanner = Scanner(text)
    parts: list[str] = []
    done = 0
    found = _OPENING.search(text)
    while found:
        at = found.start()
        end, letters = _letters_at(scanner, at, known)
        if letters is not None:
            parts += (text[done:at], letters)
            done = end
        found = _OPENING.search(text, end)
    parts.append(text[done:])
    return "".join(parts)


def _letters_at(scanner: Scanner, at: int, known: dict[str, str]) -> tuple[int, str | None]:
    """Where what begins here ends, and the letters that it is, if it is letters."""
    text, character = scanner.text, scanner.text[at]
    if character == "{":
        group = _LETTERS_IN_BRACES.match(text, at)
        if not group or text[at - 1 : at] in tuple("_^}]"):
            return at + 1, None
        return group.end(), _decoded(group[1], known) if "\\" in group[1] else group[1]
    if character == "$" or text[at + 1 : at + 2] in ("(", "["):
        return scanner.formula_end(at) or at + 1, None
    accent = scanner.accent(at)
    if accent:
        return accent.end(), accented(accent)
    word = WORD.match(text, at)
    if word and word[1] in known:
        after = _AFTER_LETTER if word[1] in LETTERS else _EMPTY
        return run_end(after, text, word.end()), known[word[1]]
    command = _COMMAND_AND_BRACE.match(text, at)
    return command.end() if command else at + 2, None
