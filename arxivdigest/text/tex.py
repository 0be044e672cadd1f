r"""TeX in titles, names and abstracts, read once.

The reader goes through a text from one sign of TeX to the next and gives pieces: where each came
from, what a person reads in its place, and what it is for matching. What lies between them is as
it was written. Every face of a text is made of them: shown (`text.readable`), folded for matching
(`text.folding`), and here with its accents and letters decoded.

It looks at each character a bounded number of times and keeps its own stack, so that no text takes
it longer than another of that length, however it is nested.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from arxivdigest.text import formula
from arxivdigest.text.pieces import Piece, Pieces
from arxivdigest.text.scanner import (
    AFTER_LETTER,
    BLANK_RUN,
    EMPTY,
    OPENED,
    WORD,
    accented,
    is_certainly_formula,
    is_unit,
    places,
    run_end,
)
from arxivdigest.text.symbols import (
    ALPHABETS,
    BLANKS,
    FONTS,
    FUNCTIONS,
    GREEK,
    IN_PROSE,
    LETTERLIKE,
    LETTERS,
    MATH_ACCENTS,
    NOTHING,
    RELATIONS,
    SPACES,
    SYMBOLS,
    WORDS,
)
from arxivdigest.text.tildes import may_be_about


def read(text: str) -> list[Piece]:
    """The pieces of the text that read otherwise than they are written, in order."""
    return (_read_before if len(text) <= _LONGEST_KEPT else _read)(text)[0]


def _read(text: str) -> tuple[list[Piece], bool]:
    reader = _Reader(text)
    return reader.pieces(), reader.can_be_cut


_LONGEST_KEPT = 5000
_read_before = lru_cache(maxsize=16)(_read)  # what is shown was matched first, field by field


def searched(text: str) -> tuple[list[Piece], list[Piece] | None]:
    """The pieces of the text, and those it has if it is cut, where they are others.

    Whoever copies a few words of it may cut a link or a footnote in two, which is then none.
    """
    pieces, can_be_cut = (_read_before if len(text) <= _LONGEST_KEPT else _read)(text)
    return pieces, _Reader(text, is_cut=True).pieces() if can_be_cut else None


_IN_ADDRESS = re.compile(r"\\([_%&#~$])|[\s{}\\]")
_ESCAPES = {sign: sign for sign in "%&_$#{}"} | dict.fromkeys(",;: \\", " ")
_ESCAPES |= {**dict.fromkeys("!/-@", ""), "|": "‖"}
_LINK = re.compile(r"[^\S\n]*\{([^{}\s]*)\}\s*\{")
_ADDRESS_REST = re.compile(r"[^\s<>\"`{}|^\[\]\\$]*")
_ADDRESS_ESCAPE = re.compile(r"\\([_%&#~$])(?:\{\})?")
_MOST_KEPT = 300
_DASHES = re.compile("-+")
_DASH = {"--": "–", "---": "—"}
_SET = re.compile(r"\{[^{}\\$,]{1,40},[^{}\\$]{1,40}\}")
_INDEX = re.compile(r"[^\S\n]*\[[^\[\]{}\\]{0,9}\]")
_SMALL_CAPITALS = ("textsc", "sc", "scshape")
_NUMERAL = re.compile(r"[ivx]+(?=\})")
_ION = re.compile(r"\s*\{([A-Z][a-z]?)\}\s*\{([ivxIVX]+)\}")
_PREFIXES = frozenset("forall exists nexists neg nabla langle lfloor lceil".split())
_BEFORE_LETTER = re.compile(r"(?:[^\S\n]+(?=\\|[A-Za-z](?![A-Za-z])))?")
_LOWER_WORD = re.compile("[a-z]{2}")
_GREEK = frozenset(GREEK.values())
_IN_FONT = re.compile(r"\\(?:math(?:rm|it|sf|tt|normal)|operatorname|text|rm)\{[A-Za-z]+\}$")
_LONGEST_FONT = 24
_BASES = frozenset({"text", *LETTERLIKE, *_GREEK, *ALPHABETS, *MATH_ACCENTS, *SPACES, "^", "_"})
_ALONE = re.compile(r"[A-Za-z0-9](?![A-Za-z0-9])|[-+*](?![A-Za-z0-9])")


@lru_cache(maxsize=4096)
def _formula_between_dollars(content: str) -> tuple[str, str | None] | None:
    """What is read and what is sought in place of a formula; None where it may be none."""
    return formula.both(content) if is_certainly_formula(content) else None


class _Reader(Pieces):
    """The reader of a text: a handler for every sign that may be TeX's."""

    def pieces(self) -> list[Piece]:
        """All pieces."""
        text, handlers, done = self.text, _HANDLERS, 0
        for at in places(text):
            if at >= done:
                done = handlers[text[at]](self, at)
        return self._pieces

    def brace(self, at: int) -> int:
        """A group: its braces go, but for those of a set."""
        is_set = _SET.match(self.text, at)
        if is_set:
            return is_set.end()
        if self._find("}", at) < 0:
            return self._give(at, at + 1, "{", "")
        return self._opening(at, at + 1, "", "")

    def closing_brace(self, at: int) -> int:
        """The end of a group, or of a command's argument."""
        if not self._open:
            return self._give(at, at + 1, "}", "")
        closed = self._open.pop()
        if closed is not None:
            if at in self._others:
                return self._give(at, self._others[at] + 1, closed)
            return self._give(at, at + 1, closed)
        self._give(at, at + 1, "}", "")
        if self.text.startswith("{", at + 1):  # one more argument of the same command
            self._open.append(None)
            return self._give(at + 1, at + 2, "{", " ")
        self._written -= 1
        return at + 1

    def tie(self, at: int) -> int:
        """A blank where it ties two words, as in `Fig.~1`; a sign of its own as in `~5 ms`."""
        before, after = self.text[at - 1 : at], self.text[at + 1 : at + 2]
        is_tie = before.strip() and after.strip() and before not in "/(<>" and after != "/"
        if not is_tie or (after.isdigit() and may_be_about(self.text, at)):
            return at + 1
        return self._give(at, at + 1, " ")

    def dollar(self, at: int) -> int:
        """A formula, or a dollar."""
        text = self.text
        end = text.find("$", at + 1, at + _MOST_KEPT)
        if end > at + 1:  # most are short, and seen again
            content = text[at + 1 : end]
            if content[-1] != "\\" and "\n" not in content:
                known = _formula_between_dollars(content)
                if known:
                    return self._formula(at, end + 1, *known)
        return self._other_formula(at, 2 if text.startswith("$$", at) else 1)

    def _other_formula(self, at: int, edge: int) -> int:
        end = self.formula_end(at)
        if not end:  # cut off: whoever copied words of a formula seeks them
            cut = self.text[at : at + edge]
            return self._give(at, at + edge, cut, "") if cut[0] == "\\" else at + 1
        return self._formula(at, end, *formula.both(self.text[at + edge : end - edge]))

    def dash(self, at: int) -> int:
        """Two dashes are one from here to there, three one in a sentence; `--all` is an option."""
        end = run_end(_DASHES, self.text, at)
        before, after = self.text[at - 1 : at], self.text[end : end + 1]
        is_option = not (before.strip() and before not in "([{`'\"“‘") and after.isalnum()
        dash = _DASH.get(self.text[at:end])
        is_arrow = after == ">" or before == "<"
        if dash is None or is_arrow or (dash == "–" and is_option):
            return end
        return self._give(at, end, dash)

    def quote(self, at: int) -> int:
        """A quotation begins."""
        closes = self._find("''", at + 2) >= 0 or self._find('"', at + 2) >= 0
        if not self.text.startswith("``", at) or not closes:
            return at + 1
        self._quotes += 1
        return self._give(at, at + 2, "“")

    def unquote(self, at: int) -> int:
        """A quotation ends."""
        length = 1 if self.text[at] == '"' else 2
        if not self._quotes or not (length == 1 or self.text.startswith("''", at)):
            return at + 1
        self._quotes -= 1
        return self._give(at, at + length, "”")

    def address(self, at: int) -> int:
        """An address: as it is written, but for what TeX must escape in it."""
        end = run_end(_ADDRESS_REST, self.text, at)
        while escape := _ADDRESS_ESCAPE.match(self.text, end):
            self._give(end, escape.end(), escape[1])
            end = run_end(_ADDRESS_REST, self.text, escape.end())
        return end

    def script(self, at: int) -> int:
        """A sub- or superscript outside of a formula, where it is TeX's."""
        after = self.text[at + 1 : at + 2]
        base = self._base(at)
        is_power = base in FUNCTIONS
        is_meant = is_power or base in _BASES
        if after in ("{", "\\") or (is_meant and _ALONE.match(self.text, at + 1)):
            return self._structure(at, at + 1, 1, is_power=is_power)
        return at + 1

    def _base(self, at: int) -> str:
        r"""The command or the script that ends here, as of `\chi^2`."""
        begin = self._pieces[-1].begin if self._pieces and self._pieces[-1].end == at else at
        if self.text[begin:at] == "}":
            return "text" if _IN_FONT.search(self.text, max(0, at - _LONGEST_FONT), at) else ""
        if begin == at:
            last = self.text[at - 1 : at]
            return last if last in _GREEK else ""
        name = WORD.match(self.text, begin)
        return name[1] if name else self.text[begin]

    def command(self, at: int) -> int:
        """Whatever begins with a backslash."""
        text = self.text
        accent = self.accent(at)
        if accent:
            return self._give(at, accent.end(), accented(accent))
        found = WORD.match(text, at)
        if found:
            handler = _COMMANDS.get(found[1])
            return (
                handler(self, at, found.end(), found[1])
                if handler
                else self._unknown(at, found.end())
            )
        sign = text[at + 1 : at + 2]
        if sign in ("(", "[", ")", "]"):
            return self._other_formula(at, 2)
        if sign in ("^", "~") and text.startswith("{}", at + 2):
            return self._give(at, at + 4, sign)
        if sign in _ESCAPES or (sign == '"' and self.is_quoted()):
            shown = _ESCAPES.get(sign, sign)
            return self._blank(at, at + 2) if shown == " " else self._give(at, at + 2, shown)
        return at + 2 if sign.strip() else self._give(at, at + 1, "\\", "")

    def letter(self, at: int, end: int, name: str) -> int:
        """A letter that TeX has to spell out, and the blank or the braces that end its name."""
        after = EMPTY if is_unit(name, self.text, at) else AFTER_LETTER
        return self._give(at, run_end(after, self.text, end), LETTERS[name])

    def structure(self, at: int, end: int, name: str) -> int:
        """A fraction, a root, an accent of mathematics and the like."""
        begin = run_end(_INDEX, self.text, end) if name == "sqrt" else end
        return self._structure(at, begin, formula.ARGUMENTS[name])

    def font(self, at: int, end: int, name: str) -> int:
        """A font, of which only what is set in it is seen."""
        opened = OPENED.match(self.text, end)
        if not opened:
            return self._unknown(at, end)
        self._opening(at, opened.end(), "", "")
        return self._small_capitals(opened.end(), name)

    def _small_capitals(self, at: int, font: str) -> int:
        r"""What stands here in a font: a numeral in small capitals is one: `H\textsc{i}` is HI."""
        numeral = _NUMERAL.match(self.text, at) if font in _SMALL_CAPITALS else None
        return self._give(at, numeral.end(), numeral[0].upper()) if numeral else at

    def ion(self, at: int, end: int, name: str) -> int:  # noqa: ARG002 - all alike
        r"""An ion of a spectrum, `\ion{Ca}{ii}`: Ca II."""
        found = _ION.match(self.text, end)
        if not found:
            return self._unknown(at, end)
        return self._give(at, found.end(), f"{found[1]} {found[2].upper()}", whole=True)

    def switch(self, at: int, end: int, name: str) -> int:
        """A switch, a size, a blank, and the blanks that end its name."""
        if name in BLANKS:
            return self._blank(at, end)
        end = self._give(at, run_end(BLANK_RUN, self.text, end), "")
        return self._small_capitals(end, name)

    def _blank(self, at: int, end: int) -> int:
        """A blank, which is one with those that stand beside it."""
        is_there = not self.text[at - 1 : at].strip()
        return self._give(at, run_end(BLANK_RUN, self.text, end), "" if is_there else " ")

    def sign(self, at: int, end: int, name: str) -> int:
        """A sign; blanks after it are TeX's own where there is none before it."""
        text = self.text
        end = run_end(EMPTY, text, end)
        if name in SPACES and text[end : end + 1] in ("^", "_"):
            return self._give(at, end, SPACES[name])
        if name in RELATIONS and text[at - 1 : at].strip():
            blanks = run_end(BLANK_RUN, text, end)
            end = end if _LOWER_WORD.match(text, blanks) else blanks
        elif name in _PREFIXES:
            end = run_end(_BEFORE_LETTER, text, end)
        return self._give(at, end, IN_PROSE.get(name) or SYMBOLS.get(name) or WORDS[name])

    def function(self, at: int, end: int, name: str) -> int:
        """The name of a function, apart from what stands before and after it."""
        before, after = self.text[at - 1 : at], self.text[end : end + 1]
        begin = " " if before.isalnum() or before in tuple(")]}|$") else ""
        stop = " " if after.isalnum() or after in tuple("\\$") else ""
        return self._give(at, end, f"{begin}{name}{stop}")

    def link(self, at: int, end: int, name: str) -> int:
        """The text of a link, and its address after it."""
        found = _LINK.match(self.text, end)
        if not found:
            return self.url(at, end, name)
        address = _ADDRESS_ESCAPE.sub(r"\1", found[1])
        self.can_be_cut = True
        close = found.end() + 2 * len(found[1]) + 1  # if every sign is escaped
        shown = _ADDRESS_ESCAPE.sub(r"\1", self.text[found.end() : close])
        is_same = self._is_cut or shown.startswith(f"{address}}}")
        return self._opening(at, found.end(), "", "" if is_same else f" ({address})")

    def url(self, at: int, end: int, name: str) -> int:  # noqa: ARG002 - all alike
        """An address in braces: to its end, but for what TeX must escape in it."""
        opened = OPENED.match(self.text, end)
        if not opened:
            return self._unknown(at, end)
        self._opening(at, opened.end(), "", "")
        for found in _IN_ADDRESS.finditer(self.text, opened.end()):
            if not found[1]:
                return found.start()
            self._give(found.start(), found.end(), found[1])
        return len(self.text)

    def footnote(self, at: int, end: int, name: str) -> int:  # noqa: ARG002 - all alike
        """A footnote, in brackets where it is set."""
        opened = OPENED.match(self.text, end)
        if not opened:
            return self._unknown(at, end)
        self.can_be_cut = True
        return self._opening(at, opened.end(), " (", "" if self._is_cut else ")")

    def mathematics(self, at: int, end: int, name: str) -> int:
        """A formula that has no dollars."""
        opened = OPENED.match(self.text, end)
        close = self.closing(opened.end() - 1) if opened else -1
        if not opened or close < 0 or " " in self.text[opened.end() : close]:
            return self.font(at, end, name)
        return self._formula(at, close + 1, *formula.both(self.text[opened.end() : close]))

    def choice(self, at: int, end: int, name: str) -> int:
        r"""What is set, and what stands in its place where there is no TeX: the first is shown."""
        opened = OPENED.match(self.text, end)
        close = self.closing(opened.end() - 1) if opened else -1
        other = self.closing(close + 1) if close > 0 else -1
        if not opened or other < 0:
            return self.font(at, end, name)
        self.can_be_cut = True
        if not self._is_cut:
            self._others[close] = other
        return self._opening(at, opened.end(), "", "")

    def raised(self, at: int, end: int, name: str) -> int:
        """Text above or below the line."""
        begin = run_end(BLANK_RUN, self.text, end)
        close = self.closing(begin)
        mark = "^" if name == "textsuperscript" else "_"
        line = formula.read(f"{mark}{self.text[begin : close + 1]}") if close > begin else None
        return self._unknown(at, end) if line is None else self._give(at, close + 1, line)


_HANDLERS: dict[str, Callable[[_Reader, int], int]] = {
    "\\": _Reader.command,
    "$": _Reader.dollar,
    "{": _Reader.brace,
    "}": _Reader.closing_brace,
    "~": _Reader.tie,
    "^": _Reader.script,
    "_": _Reader.script,
    "-": _Reader.dash,
    "`": _Reader.quote,
    "'": _Reader.unquote,
    '"': _Reader.unquote,
    "h": _Reader.address,
}
_COMMANDS: dict[str, Callable[[_Reader, int, int, str], int]] = {
    **dict.fromkeys((*SYMBOLS, *WORDS), _Reader.sign),
    **dict.fromkeys(FUNCTIONS, _Reader.function),
    **dict.fromkeys((*NOTHING, *BLANKS), _Reader.switch),
    **dict.fromkeys(FONTS, _Reader.font),
    **dict.fromkeys(formula.ARGUMENTS, _Reader.structure),
    **dict.fromkeys(LETTERS, _Reader.letter),
    **dict.fromkeys(("textsuperscript", "textsubscript"), _Reader.raised),
    "href": _Reader.link,
    "url": _Reader.url,
    "ion": _Reader.ion,
    "ensuremath": _Reader.mathematics,
    "texorpdfstring": _Reader.choice,
    "footnote": _Reader.footnote,
}
