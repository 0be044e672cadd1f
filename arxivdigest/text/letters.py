r"""Letters that TeX has to spell out, decoded: `K\"ahler` is Kähler."""

from arxivdigest.text import LONGEST

_LONGEST_REPEATED = 1000


def decode(text: str, *, symbols: bool) -> str:
    r"""The text with TeX's accents and letters, and on request Greek and signs, as Unicode.

    Braces around letters go. Mathematics and all other commands stay as written. arXiv's own pages
    decode symbols in titles, authors and comments, but not in abstracts.
    """
    if ("\\" not in text and "{" not in text) or len(text) > LONGEST:
        return text
    from arxivdigest.text import accents

    known = accents.known(symbols=symbols)
    while True:
        decoded = accents.decoded(text, known)
        if len(text) > _LONGEST_REPEATED or decoded == text or "{{" not in text:
            return decoded
        text = decoded
