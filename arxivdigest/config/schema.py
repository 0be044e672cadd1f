"""What may stand under each key of the configuration, and a complaint for everything else."""

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from arxivdigest.arxiv import taxonomy
from arxivdigest.config import values
from arxivdigest.mail import mailbox, server
from arxivdigest.model import AnnounceType
from arxivdigest.rules import (
    DEFAULT_FIELDS,
    FIELDS,
    AllKeywords,
    Announce,
    AnyKeyword,
    Authors,
    NoKeyword,
    Rule,
    Subjects,
    names,
)
from arxivdigest.rules.keywords import keyword
from arxivdigest.text import closest, safe

if TYPE_CHECKING:
    from arxivdigest.config.toml import Path as Place
    from arxivdigest.rules import Condition

SORTS = ("score", "arxiv")
SOURCES = ("auto", "feed", "page")


def _announce_type(word: str) -> AnnounceType:
    return AnnounceType(values.one_of(*AnnounceType)(word))


def _field(word: str) -> str:
    return values.one_of(*FIELDS)(word)


def _pattern(word: str) -> str:
    if "*" in word:
        if not taxonomy.covers_any(word):
            raise values.WrongError(f'"{safe(word)}" means no category of arXiv')
        return word
    return taxonomy.subject(word)


def _person(name: str) -> str:
    if not names.parse(name).family:
        raise values.WrongError(f'"{safe(name)}" can never match: it is no name')
    return name


def _address(value: object) -> str:
    address = values.string(value).rstrip("/")
    if not re.match(r"https?://[^\s/]", address):
        raise values.WrongError(
            f'must be an address that begins with https://, not "{safe(address)}"'
        )
    return address


def _mailbox(written: str) -> str:
    mailbox.read(written)
    return written


def _sender(value: object) -> str:
    return _mailbox(values.string(value))


_Reader = Callable[[object], Any]
_keywords = values.each(keyword)
_RULE: Mapping[str, _Reader] = {
    "name": values.string,
    "any": _keywords,
    "all": _keywords,
    "none": _keywords,
    "in": values.each(_field),
    "authors": values.each(_person),
    "subjects": values.each(_pattern),
    "primary": values.truth,
    "announce": values.each(_announce_type),
    "case": values.truth,
    "weight": values.number,
    "exclude": values.truth,
}
_KEYWORD_CONDITIONS: Mapping[str, type[AnyKeyword | AllKeywords | NoKeyword]] = {
    "any": AnyKeyword,
    "all": AllKeywords,
    "none": NoKeyword,
}
# Keys that say how others are meant.
_SAY_HOW = {
    "in": tuple(_KEYWORD_CONDITIONS),
    "case": tuple(_KEYWORD_CONDITIONS),
    "primary": ("subjects",),
}
_TABLES: Mapping[str, Mapping[str, _Reader]] = {
    "output": {"format": values.string, "min_score": values.number, "sort": values.one_of(*SORTS)},
    "email": {
        "to": values.each(_mailbox),
        "sender": _sender,
        "subject": values.string,
        "smtp": values.table,
    },
    "fetch": {
        "source": values.one_of(*SOURCES),
        "site": _address,
        "feeds": _address,
        "delay": values.seconds,
        "holidays": values.days,
    },
}
_SMTP: Mapping[str, _Reader] = {
    **server.READERS,
    "security": values.one_of(*server.PORTS),
    "keyring": values.truth,
}
_TOP: Mapping[str, _Reader] = {
    "subjects": values.each(taxonomy.subject),
    "announce": values.each(_announce_type),
}
_HOMES: Mapping[str, Mapping[str, _Reader]] = {
    "above all tables": _TOP,
    "in [[rules]]": _RULE,
    **{f"in [{name}]": readers for name, readers in _TABLES.items()},
    "in [email.smtp]": _SMTP,
}
# Words that people write for keys that exist.
_MEANT = {
    "keyword": "any",
    "keywords": "any",
    "words": "any",
    "terms": "any",
    "title": "in",
    "fields": "in",
    "author": "authors",
    "people": "authors",
    "categories": "subjects",
    "category": "subjects",
    "subject": "subjects",
    "not": "none",
    "score": "weight",
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


class Checker:
    """Reads one file's settings, and collects everything that is wrong with them, and where."""

    def __init__(self) -> None:
        self.complaints: list[tuple[Place, str]] = []

    def complain(self, place: "Place", message: str) -> None:
        """Note what is wrong at a place."""
        self.complaints.append((place, safe(message)))

    def table(
        self, value: object, place: "Place", readers: Mapping[str, _Reader]
    ) -> dict[str, Any]:
        """What could be read of a table."""
        if not isinstance(value, dict):
            self.complain(place, f"{_key(place)} must be a table, as in [{_key(place)}]")
            return {}
        found = {}
        for key, setting in value.items():
            if key not in readers:
                self._complain_unknown((*place, key), tuple(readers))
                continue
            try:
                found[key] = readers[key](setting)
            except values.ElementsError as error:
                for index, message in error.wrong.items():
                    self.complain((*place, key, index), f"{key}: {message}")
            except ValueError as error:
                self.complain((*place, key), f"{key} {error}")
        return found

    def _complain_unknown(self, place: "Place", known: tuple[str, ...]) -> None:
        key, table = str(place[-1]), place[:-1]
        header = f"[{_key(table)}]"
        if table and isinstance(table[-1], int):
            header = f"[{header}]"
        where = f" in {header}" if table else ""
        if key.lower() in _PASSWORDS:
            self.complain(
                place,
                f'"{key}"{where}: no password is kept here; give password_command,'
                " password_file or keyring = true in [email.smtp]",
            )
            return
        meant = _meant(key.lower(), known)
        suggestion = f"; did you mean {meant}?" if meant else f" (known: {', '.join(known)})"
        self.complain(place, f'unknown key "{key}"{where}{suggestion}')

    def settings(self, value: Mapping[str, Any], place: "Place") -> dict[str, Any]:
        """What could be read of the file's top level, or of a profile."""
        tables = ("rules", *_TABLES, *(() if place else ("profiles",)))
        plain = {key: one for key, one in value.items() if key not in tables}
        known = {**_TOP, **dict.fromkeys(tables, values.string)}
        found = self.table(plain, place, known)
        for name, readers in _TABLES.items():
            if name in value:
                found[name] = self.table(value[name], (*place, name), readers)
        if "smtp" in found.get("email", {}):
            email = found["email"]
            email["smtp"] = self._smtp(email["smtp"], (*place, "email", "smtp"))
        if "rules" in value:
            found["rules"] = self._rules(value["rules"], (*place, "rules"))
        return found

    def _smtp(self, settings: dict[str, Any], place: "Place") -> server.Smtp | None:
        before = len(self.complaints)
        found = self.table(settings, place, _SMTP)
        if len(self.complaints) == before:
            for key, message in server.contradictions(found):
                if key is None:
                    self.complain(place, f"[{_key(place)}] {message}")
                else:
                    self.complain((*place, key), f"{key} {message}")
        return server.from_settings(found) if len(self.complaints) == before else None

    def _rules(self, value: object, place: "Place") -> tuple[Rule, ...]:
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.complain(place, "rules must be tables, each under a [[rules]] of its own")
            return ()
        found: dict[str, Rule] = {}
        for index, settings in enumerate(value):
            here = (*place, index)
            rule = self._rule(settings, here, f"rule {index + 1}")
            if rule and rule.name in found:
                self.complain((*here, "name"), f'there are two rules named "{safe(rule.name)}"')
            elif rule:
                found[rule.name] = rule
        return tuple(found.values())

    def _rule(self, settings: dict[str, Any], place: "Place", default: str) -> Rule | None:
        before = len(self.complaints)
        found = self.table(settings, place, _RULE)
        for key, beside in _SAY_HOW.items():
            if key in settings and not any(one in settings for one in beside):
                said = f"{key} says nothing without {' or '.join(beside)} beside it"
                self.complain((*place, key), said)
        if len(self.complaints) > before:
            return None
        conditions = _conditions(found)
        if not conditions:
            self.complain(
                place,
                "this rule asks for nothing: give it any, all, none, authors, subjects or announce",
            )
            return None
        return Rule(
            name=safe(found.get("name", default)),
            conditions=conditions,
            weight=found.get("weight", 1.0),
            exclude=found.get("exclude", False),
        )


def _conditions(found: Mapping[str, Any]) -> "tuple[Condition, ...]":
    """What a rule asks for, given its settings."""
    conditions: list[Condition] = []
    for key, condition in _KEYWORD_CONDITIONS.items():
        if key in found:
            keywords = found[key]
            if found.get("case"):
                keywords = tuple(keyword(one.text, case=True) for one in keywords)
            conditions.append(condition(keywords, found.get("in", DEFAULT_FIELDS)))
    if "authors" in found:
        conditions.append(Authors(found["authors"]))
    if "subjects" in found:
        conditions.append(Subjects(found["subjects"], found.get("primary", False)))
    if "announce" in found:
        conditions.append(Announce(found["announce"]))
    return tuple(conditions)


def _meant(key: str, known: tuple[str, ...]) -> str | None:
    """The key that was most likely meant, and its table where that is another one."""
    word = _MEANT.get(key, key)
    if word in known:
        return f'"{word}"'
    for header, readers in _HOMES.items():
        if word in readers:
            return f'"{word}" {header}'
    near = closest(key, known)
    return f'"{near}"' if near else None


def _key(place: "Place") -> str:
    return ".".join(str(part) for part in place if isinstance(part, str))
