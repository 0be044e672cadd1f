"""What is wrong with a text that is no TOML, and what its writer most likely meant."""

import re

# What tomllib says, what stands in the line, and what to do.
_HINTS = (
    (r"\\|hex value", "", r"a backslash stands for itself in single quotes, as in '/\bKV\b/'"),
    ("", "[“”„‘’«»]", 'a string stands in straight quotes: "..."'),
    (r"after a statement", r"[\]\"'\d] *(?://|;|--)", "a comment begins with #"),
    (r"[Ii]nvalid value", r"=\s*(?:True|False|TRUE|FALSE|yes|no|on|off)\b", "write true or false"),
    (r"after a statement", r"=\s*\d+,\d", "a number has a point, as in 0.5"),
    (r"[Ii]nvalid value", "", 'a string stands in quotes, as in any = ["KV cache"]'),
    (r"[Uu]nclosed array", "", 'a comma stands between two strings, and ] at the end: ["x", "y"]'),
    (r"[Cc]annot overwrite", "", "a key stands twice in one table; give one list"),
    (r"[Cc]annot declare", "", "a table stands twice; [[rules]] in double brackets may"),
    (r"[Ii]llegal character '\\n'|[Uu]nterminated", "", "the quote at the end is missing"),
    (r"Expected '=' after a key", ":", "an = stands between a key and what it is"),
)


def worded(name: str, message: str, text: str) -> str:
    """What tomllib says of a text, with file, line and advice."""
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    digits = re.search(r"[0-9_]{4000}", text)  # Python makes no number of 4,301
    if not place and digits:
        line = text.count("\n", 0, digits.start()) + 1
        return f"{name}:{line}: this number has more digits than any may have here"
    if not place:
        return f"{name}: this is not TOML: {message}"
    line = int(place[1]) if place[1] else text.rstrip().count("\n") + 1
    said = message[: place.start()]
    written = "".join(text.split("\n")[line - 1 : line])
    hint = next((do for of, at, do in _HINTS if re.search(of, said) and re.search(at, written)), "")
    return f"{name}:{line}: this is not TOML: {said[0].lower()}{said[1:]}{hint and f'; {hint}'}"
