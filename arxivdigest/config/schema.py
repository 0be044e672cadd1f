"""What may stand under each key of the configuration, and what is read of it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from arxivdigest.config import rule_tables, values
from arxivdigest.config.tables import Complaints, Table
from arxivdigest.model import AnnounceType
from arxivdigest.rules import Rule, RuleSet
from arxivdigest.text.addresses import shown

if TYPE_CHECKING:
    from arxivdigest.mail.server import Smtp

SORTS = ("score", "arxiv")
SOURCE_NAMES = ("auto", "feed", "page")


class Output(NamedTuple):
    """How the digest is shown; without a format, a table on a terminal and plain in a pipe."""

    format: str | None = None
    min_score: float = 0.0
    sort: str = "score"
    pager: bool = True
    starred_replacements: bool = True


class Email(NamedTuple):
    """The headers of the message, whose subject is a template of one line, and its way out.

    Without a server, it goes out by the machine's own sendmail. A profile's server replaces the
    one above it, whole.
    """

    to: tuple[str, ...] = ()
    sender: str | None = None
    subject: str = "{{ summary }}"
    smtp: "Smtp | None" = None


class Fetch(NamedTuple):
    """Where listings come from; the delay is in seconds, between two requests.

    `holidays` are days without an announcement, besides those that the program knows.
    """

    source: str = "auto"
    site: str = "https://arxiv.org"
    feeds: str = "https://rss.arxiv.org"
    delay: float = 3.0
    holidays: tuple[date, ...] = ()


class Kept(NamedTuple):
    """How long listings are kept: so many days, weeks, months or years."""

    keep: str = "100d"

    @property
    def length(self) -> timedelta:
        """How long that is."""
        return age(self.keep) or LEAST_KEPT


class Papers(NamedTuple):
    """Where PDFs go, and their names, a template of one line; without a folder, the current one."""

    folder: str | None = None
    name: str = "{{ arxiv_id }} {{ title }}.pdf"


class Config(NamedTuple):
    """Everything a person can set, and the settings as they were written."""

    subjects: tuple[str, ...] = ()
    announce: tuple[AnnounceType, ...] = (AnnounceType.NEW, AnnounceType.CROSS)
    rules: tuple[Rule, ...] = ()
    output: Output = Output()
    email: Email = Email()
    fetch: Fetch = Fetch()
    store: Kept = Kept()
    papers: Papers = Papers()
    reader: str | None = None
    profiles: tuple[str, ...] = ()
    written: Mapping[str, Any] = MappingProxyType({})

    def rule_set(self) -> RuleSet:
        """The rules, ready to be asked."""
        return RuleSet(self.rules, self.announce, self.output.min_score)


def homes() -> Mapping[str, Sequence[str]]:
    """The keys of every table, by how one says where they stand."""
    from arxivdigest.mail.server import Smtp

    return {
        "above all tables": ("reader", "subjects", "announce"),
        "in [[rules]]": rule_tables.KEYS,
        "in [output]": Output._fields,
        "in [email]": Email._fields,
        "in [fetch]": Fetch._fields,
        "in [store]": Kept._fields,
        "in [papers]": Papers._fields,
        "in [email.smtp]": Smtp._fields,
    }


def reference_file() -> Path:
    """The reference of all keys: in a checkout beside the package, inside it in a wheel."""
    package = Path(__file__).parents[1]
    inside = package / "CONFIGURATION.md"
    return inside if inside.is_file() else package.parent / ".github" / "CONFIGURATION.md"


def read(written: Mapping[str, Any], complaints: Complaints) -> tuple[Config, dict[str, Config]]:
    """What a file says, and with each of its profiles above it, by their names."""
    top = Table(written, (), complaints)
    reader = top.get("reader", values.string, None)
    plain = _settings(top, Config(reader=reader))
    profiles = top.named_tables("profiles", "group")
    top.end()
    return plain, {name: _profile(profile, plain) for name, profile in profiles.items()}


def _profile(table: Table, below: Config) -> Config:
    found = _settings(table, below)
    table.end()
    return found


def _settings(table: Table, below: Config) -> Config:
    return below._replace(
        subjects=table.get("subjects", values.each(rule_tables.subject), below.subjects),
        announce=table.get("announce", values.each(rule_tables.announce_type), below.announce),
        rules=_rules(table, below.rules),
        output=_output(table.table("output"), below.output),
        email=_email(table.table("email"), below.email),
        fetch=_fetch(table.table("fetch"), below.fetch),
        store=_store(table.table("store"), below.store),
        papers=_papers(table.table("papers"), below.papers),
    )


def _output(table: Table | None, below: Output) -> Output:
    if table is None:
        return below
    found = Output(
        format=table.get("format", values.string, below.format),
        min_score=table.get("min_score", values.number, below.min_score),
        sort=table.get("sort", values.one_of(*SORTS), below.sort),
        pager=table.get("pager", values.truth, below.pager),
        starred_replacements=table.get(
            "starred_replacements", values.truth, below.starred_replacements
        ),
    )
    table.end()
    return found


def _email(table: Table | None, below: Email) -> Email:
    if table is None:
        return below
    found = Email(
        to=table.get("to", values.each(_mailbox), below.to),
        sender=table.get("sender", _sender, below.sender),
        subject=table.get("subject", values.string, below.subject),
        smtp=_smtp(table.table("smtp"), below.smtp),
    )
    table.end()
    return found


def _smtp(table: Table | None, below: "Smtp | None") -> "Smtp | None":
    if table is None:
        return below
    from arxivdigest.mail import server

    security = table.get("security", values.one_of(*server.PORTS), "starttls")
    found = server.Smtp(
        host=table.get("host", server.host, ""),
        port=table.get("port", server.port, server.PORTS[security]),
        security=security,
        username=table.get("username", server.username, None),
        password_command=table.get("password_command", server.password_command, None),
        password_file=table.get("password_file", server.password_file, None),
        keyring=table.get("keyring", values.truth, default=False),
    )
    table.end()
    if table.is_right:
        for key, message in server.contradictions(found):
            table.complain(key, message)
    return found


def _fetch(table: Table | None, below: Fetch) -> Fetch:
    if table is None:
        return below
    found = Fetch(
        source=table.get("source", values.one_of(*SOURCE_NAMES), below.source),
        site=table.get("site", _address, below.site),
        feeds=table.get("feeds", _address, below.feeds),
        delay=table.get("delay", values.seconds, below.delay),
        holidays=table.get("holidays", values.days, below.holidays),
    )
    table.end()
    return found


def _store(table: Table | None, below: Kept) -> Kept:
    if table is None:
        return below
    found = Kept(keep=table.get("keep", _keep, below.keep))
    table.end()
    return found


def _keep(value: object) -> str:
    written = values.string(value)
    length = age(written)
    if length is None:
        raise values.WrongError(f'must be a length of time, as in "1y" or "200d", not "{written}"')
    if length < LEAST_KEPT:
        raise values.WrongError("must not be below 100d, which days that are caught up with need")
    return written


LEAST_KEPT = timedelta(days=100)
_MOST_DIGITS = 4
_DAYS = {"d": 1, "w": 7, "m": 30.44, "y": 365.25}


def age(written: str) -> timedelta | None:
    """How long ago `60d`, `8w`, `2m` or `1y` is; None where it is none of these."""
    written = written.strip().lower()
    number, unit = written[:-1].rstrip(), written[-1:]
    if not (number.isdecimal() and len(number) <= _MOST_DIGITS and unit in _DAYS):
        return None
    return timedelta(days=int(int(number) * _DAYS[unit]))


def _papers(table: Table | None, below: Papers) -> Papers:
    if table is None:
        return below
    found = Papers(
        folder=table.get("folder", values.string, below.folder),
        name=table.get("name", _file_name, below.name),
    )
    table.end()
    return found


def _file_name(value: object) -> str:
    written = values.string(value)
    if "arxiv_id" not in written:
        raise values.WrongError("must hold {{ arxiv_id }}, so that no two papers have one name")
    return written


def _rules(table: Table, below: tuple[Rule, ...]) -> tuple[Rule, ...]:
    found: dict[str, Rule] = {}
    for number, one in enumerate(table.tables("rules"), 1):
        rule = rule_tables.rule(one, f"rule {number}")
        if rule and rule.name in found:
            one.refuse(f'there are two rules named "{rule.name}"', "name")
        elif rule:
            found[rule.name] = rule
    return tuple(found.values()) if "rules" in table else below


def _address(value: object) -> str:
    address = values.string(value).rstrip("/")
    if not re.match(r"https?://[^\s/]", address):
        raise values.WrongError(
            f'must be an address that begins with https://, not "{shown(address)}"'
        )
    return address


def _mailbox(written: str) -> str:
    from arxivdigest.mail import mailbox

    mailbox.read(written)
    return written


def _sender(value: object) -> str:
    return _mailbox(values.string(value))
