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
    if not text[at + 1 : at + 3].lstrip(" ")[:1].isdigit():
        return False
    return not text[at - 1 : at].strip() or is_after_quantity(text, at)
