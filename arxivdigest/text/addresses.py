"""An address as people may read it."""

import re

from arxivdigest.text import safe

_SCHEME = r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:[/\\]+|[/\\]{2,})"
_AUTHORITY = r"[^/?#\\]*"
_HOST = r"(?:\[[^]]*\]|[^:/?#]*)(?::[0-9]+(?=[/?#]))?"
_KEYED = (
    r"(?i)([?&;#][^=&;#]*(?:token|key|secret|pass(?:word|wd)?|pwd|auth|sig(?:nature)?)=)[^&;#]*"
)


def shown(address: str) -> str:
    """The address without the name, the password or the key that it may hold, safe to show.

    It need not be an address at all: a password that holds a slash, say, makes it none.
    """
    scheme = re.match(_SCHEME, address)
    begin = scheme.end() if scheme else 0
    rest = address[begin:]
    authority = re.match(_AUTHORITY, rest)
    named = authority[0] if authority else ""
    if "@" in named and (begin or ":" in named):
        rest = rest[named.rindex("@") + 1 :]
    elif begin and ":" in re.sub(_HOST, "", rest, count=1).rpartition("@")[0]:
        rest = rest[rest.rindex("@") + 1 :]
    return safe(address[:begin] + re.sub(_KEYED, r"\1...", rest))
