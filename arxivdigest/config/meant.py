"""Which key of the configuration was meant by one that there is not."""

from collections.abc import Mapping, Sequence

from arxivdigest.text import closest

# Words that people write for keys that exist.
_MEANT = {
    "keyword": "any",
    "keywords": "any",
    "words": "any",
    "terms": "any",
    "phrase": "any",
    "phrases": "any",
    "pattern": "any",
    "regex": "any",
    "query": "any",
    "search": "any",
    "match": "any",
    "include": "any",
    "includes": "any",
    "or": "any",
    "and": "all",
    "must": "all",
    "required": "all",
    "without": "none",
    "excludes": "none",
    "title": "in",
    "fields": "in",
    "where": "in",
    "author": "authors",
    "names": "authors",
    "people": "authors",
    "categories": "subjects",
    "category": "subjects",
    "subject": "subjects",
    "not": "none",
    "score": "weight",
    "points": "weight",
    "priority": "weight",
    "case_sensitive": "case",
    "rule": "rules",
    "from": "sender",
    "mail": "email",
    "server": "host",
    "user": "username",
    "login": "username",
    "tls": "security",
    "ssl": "security",
    "starttls": "security",
}
_PASSWORDS = ("password", "passwd", "passphrase", "pass", "secret")


def unknown(key: str, where: str, known: Sequence[str], homes: Mapping[str, Sequence[str]]) -> str:
    """What to say of a key that is not known there: what was most likely meant, if anything.

    `homes` are the keys of every table, by how one says where they stand.
    """
    said = f'unknown key "{key}"{where}'
    if key.lower() in _PASSWORDS:
        return (
            f'"{key}"{where}: no password is kept here; give password_command, password_file or'
            " keyring = true in [email.smtp]"
        )
    meant = _meant(key.lower(), known, homes)
    return f"{said}; did you mean {meant}?" if meant else f"{said} (known: {', '.join(known)})"


def _meant(key: str, known: Sequence[str], homes: Mapping[str, Sequence[str]]) -> str | None:
    """The key that was most likely meant, and its table where that is another one."""
    word = _MEANT.get(key, key)
    if word in known:
        return f'"{word}"'
    for home, keys in homes.items():
        if word in keys:
            return f'"{word}" {home}'
    near = closest(key, known)
    return f'"{near}"' if near else None
