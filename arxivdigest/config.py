"""The configuration: TOML to `Config`, with file and line in every complaint, all in one go."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from arxivdigest.errors import ConfigError, UsageError
from arxivdigest.model import AnnounceType
from arxivdigest.rules import Rule, RuleSet
from arxivdigest.settings import Checker
from arxivdigest.text import closest, safe
from arxivdigest.toml import lines


@dataclass(frozen=True, slots=True)
class Output:
    """How the digest is shown; without a format, a table on a terminal and plain in a pipe."""

    format: str | None = None
    min_score: float = 0.0
    sort: str = "score"


@dataclass(frozen=True, slots=True)
class Email:
    """The headers of the message; the subject is a template of one line."""

    to: tuple[str, ...] = ()
    sender: str | None = None
    subject: str = "arXiv {{ announced }}: {{ selected }} for you"


@dataclass(frozen=True, slots=True)
class Fetch:
    """Where listings come from; the delay is in seconds, between two requests."""

    source: str = "auto"
    site: str = "https://arxiv.org"
    feeds: str = "https://rss.arxiv.org"
    delay: float = 3.0


@dataclass(frozen=True, slots=True)
class Config:
    """Everything a person can set, and the settings as they were written."""

    subjects: tuple[str, ...] = ()
    announce: tuple[AnnounceType, ...] = (AnnounceType.NEW, AnnounceType.CROSS)
    rules: tuple[Rule, ...] = ()
    output: Output = Output()
    email: Email = Email()
    fetch: Fetch = Fetch()
    written: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def rule_set(self) -> RuleSet:
        """The rules, ready to be asked."""
        return RuleSet(self.rules, self.announce, self.output.min_score)


def load(path: Path, profile: str | None = None) -> Config:
    """The configuration in a file; a ConfigError has a line for everything that is wrong in it."""
    try:
        text = path.read_bytes().decode("utf-8")
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a directory, not a configuration file") from error
    except FileNotFoundError as error:
        raise UsageError(
            f"there is no configuration file {path}; digest init writes one"
        ) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError([f"{path}:{line}: this is not UTF-8 text"]) from error
    return read(text, str(path), profile)


def read(text: str, name: str, profile: str | None = None) -> Config:
    """The configuration in a text; `name` is what complaints call it."""
    try:
        written = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([_syntax(name, str(error), text)]) from error
    checker = Checker(name, lines(text))
    found = checker.settings(written, ())
    profiles = written.get("profiles", {})
    if not isinstance(profiles, dict) or not all(
        isinstance(one, dict) for one in profiles.values()
    ):
        checker.complain(("profiles",), "profiles must be tables, as in [profiles.group]")
        profiles = {}
    alternatives = {
        label: checker.settings(settings, ("profiles", label))
        for label, settings in profiles.items()
    }
    complaints = checker.complaints()
    if complaints:
        raise ConfigError(complaints)
    if profile is not None and profile not in alternatives:
        raise UsageError(_unknown_profile(profile, name, tuple(alternatives)))
    chosen = _merge(found, alternatives[profile]) if profile is not None else found
    settings = {key: one for key, one in written.items() if key != "profiles"}
    return Config(
        subjects=chosen.get("subjects", ()),
        announce=chosen.get("announce", Config().announce),
        rules=chosen.get("rules", ()),
        output=Output(**chosen.get("output", {})),
        email=Email(**chosen.get("email", {})),
        fetch=Fetch(**chosen.get("fetch", {})),
        written=_merge(settings, profiles[profile]) if profile is not None else settings,
    )


def _unknown_profile(profile: str, name: str, known: tuple[str, ...]) -> str:
    if not known:
        return f'there is no profile "{safe(profile)}": {name} has no [profiles.{safe(profile)}]'
    meant = closest(profile, known)
    suggestion = f'did you mean "{meant}"?' if meant else f"known: {', '.join(known)}"
    return f'there is no profile "{safe(profile)}" in {name}; {suggestion}'


def _merge(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """The settings below, with those above in their place; tables are merged key by key."""
    merged = dict(below)
    for key, value in above.items():
        is_table = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = {**merged[key], **value} if is_table else value
    return merged


def _syntax(name: str, message: str, text: str) -> str:
    place = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if not place:
        return f"{name}: {message}"
    line = int(place[1]) if place[1] else text.rstrip().count("\n") + 1
    said = message[: place.start()]
    return f"{name}:{line}: this is not TOML: {said[0].lower()}{said[1:]}"


def in_force(config: Config) -> dict[str, Any]:
    """The settings in force, defaults among them, as they would be written."""
    tables = {name: asdict(getattr(config, name)) for name in ("output", "email", "fetch")}
    return {
        "subjects": list(config.subjects),
        "announce": [announce_type.value for announce_type in config.announce],
        "rules": config.written.get("rules", []),
        **{
            name: {key: value for key, value in table.items() if value is not None}
            for name, table in tables.items()
        },
    }
