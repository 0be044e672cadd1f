"""An address as people may read it."""

import re

from arxivdigest.text import safe

_SCHEME = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:[/\\]+|[/\\]{2,})")
_AUTHORITY = re.compile(r"[^/?#\\]*")
_HOST = re.compile(r"(?:\[[^]]*\]|[^:/?#]*)(?::[0-9]+(?=[/?#]))?")
_SECRET = re.compile(
    r"([?&;#][^=&;#]*(?:token|key|secret|pass(?:word|wd)?|pwd|auth|sig(?:nature)?)=)[^&;#]*",
    re.IGNORECASE,
)


def shown(address: str) -> str:
    """The address without the name, the password or the key that it may hold, safe to show.

    It need not be an address at all: a password that holds a slash, say, makes it none.
    """
    scheme = _SCHEME.match(address)
    begin = scheme.end() if scheme else 0
    rest = address[begin:]
    authority = _AUTHORITY.match(rest)
    named = authority[0] if authority else ""
    if "@" in named and (begin or ":" in named):
        rest = rest[named.rindex("@") + 1 :]
    elif begin and ":" in _HOST.sub("", rest, count=1).rpartition("@")[0]:
        rest = rest[rest.rindex("@") + 1 :]
    return safe(address[:begin] + _SECRET.sub(r"\1...", rest))
