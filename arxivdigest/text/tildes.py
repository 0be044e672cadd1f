"""A tilde that says that a number is about as much: z~2.5, ~5 ms."""

import re
from functools import cache

_LONGEST = 12


@cache
def _quantity() -> re.Pattern[str]:
    """A variable or a number: z, kT, f_NL, 10."""
    return re.compile(r"(?<![^\W_])(?:[b-zTα-ω]|[a-z]{1,2}[A-Z][A-Za-z]?|[^\W_]+[_^]\w+|\d[\d.]*)$")


def is_after_quantity(text: str, at: int) -> bool:
    """Whether what may be about a number ends here."""
    return _quantity().search(text, max(0, at - _LONGEST), at) is not None


def is_about(text: str, at: int) -> bool:
    """Whether the tilde here is sure to say so."""
    if not text[at + 1 : at + 3].lstrip(" ")[:1].isdecimal():
        return False
    return text[at - 1 : at].strip() in ("", "(", "[") or is_after_quantity(text, at)


def may_be_about(text: str, at: int) -> bool:
    """Whether the tilde here, before a number, says so.

    In a text without TeX it may after a capital too, which may be a catalogue's (`B~31`).
    """
    if is_after_quantity(text, at):
        return True
    if "$" in text or "\\" in text:
        return False
    return any(_capital().match(text, begin) for begin in range(max(0, at - 2), at))


# Of Messier's catalogue; but for masses.
_MESSIER = r"M~(?:\d\d?|10\d|110)(?![\w.^]| ?(?:M|\$|\\))"


@cache
def _capital() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?!{_MESSIER})(?:[A-Z]~|[A-Z]{{2}}~\d(?!\d))")
