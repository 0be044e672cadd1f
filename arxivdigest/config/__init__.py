"""The configuration: TOML to `Config`, with file and line in every complaint, all in one go."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arxivdigest.config import schema
from arxivdigest.config.schema import Config, Email, Fetch, Output
from arxivdigest.config.tables import Complaints
from arxivdigest.errors import ConfigError, NoConfigError, UsageError
from arxivdigest.text import closest, safe
from arxivdigest.text.addresses import shown

if TYPE_CHECKING:
    from arxivdigest.config.toml import Path as Place

__all__ = ["Config", "Email", "Fetch", "Output", "in_force", "load", "read"]


def holidays(fetch: Fetch) -> frozenset[date]:
    """The days without an announcement, the user's among them."""
    from arxivdigest.arxiv import calendar

    return calendar.HOLIDAYS.union(fetch.holidays)


def load(path: Path, profile: str | None = None) -> Config:
    """The configuration in a file; a ConfigError has a line for everything that is wrong in it."""
    return read(text_of(path), safe(str(path)), profile)


def text_of(path: Path) -> str:
    """The text of a configuration file, without the byte order mark that it may begin with."""
    name = safe(str(path))
    try:
        return _bytes(path).decode("utf-8-sig")
    except IsADirectoryError as error:
        raise UsageError(f"{name} is a directory, not a configuration file") from error
    except FileNotFoundError as error:
        raise NoConfigError(
            f"there is no configuration file {name}; digest init writes one"
        ) from error
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError([f"{name}:{line}: this is not UTF-8 text"]) from error


def _bytes(path: Path) -> bytes:
    """What is in a file; of one that is a pipe, as in --config <(...), each time the same."""
    if path.is_fifo():
        return _bytes_of_pipe(path)
    with path.open("rb") as file:
        found = file.read(_MOST_BYTES + 1)
    if len(found) > _MOST_BYTES:
        raise OSError(0, f"it is larger than {_MOST_BYTES >> 20} MiB")
    return found


@cache
def _bytes_of_pipe(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MOST_BYTES)


_MOST_BYTES = 16 << 20


def read(text: str, name: str, profile: str | None = None) -> Config:
    """The configuration in a text; `name` is what complaints call it."""
    import tomllib

    try:
        written = tomllib.loads(text)
    except RecursionError as error:
        raise ConfigError([f"{name}: this is nested too deep for a configuration"]) from error
    except ValueError as error:
        from arxivdigest.config import syntax

        raise ConfigError([syntax.worded(name, str(error), text)]) from error
    complaints = Complaints(schema.homes)
    plain, profiles = schema.read(written, complaints)
    if complaints.wrong:
        raise ConfigError(worded(complaints.wrong, name, text))
    if profile is not None and profile not in profiles:
        raise UsageError(_unknown_profile(profile, name, tuple(profiles)))
    settings = {key: one for key, one in written.items() if key != "profiles"}
    return (plain if profile is None else profiles[profile])._replace(
        profiles=tuple(profiles),
        written=_merge(settings, written["profiles"][profile]) if profile is not None else settings,
    )


def worded(
    complaints: "Iterable[tuple[Place, str]]", name: str, text: str, profile: str | None = None
) -> list[str]:
    """The complaints with file and line, each once, in the order of their lines.

    With a profile, a key is looked for in it first.
    """
    from arxivdigest.config.toml import line_of, lines

    known = lines(text)
    placed: set[tuple[int, str]] = set()
    for place, message in complaints:
        of_profile = () if profile is None else ("profiles", profile, *place)
        where = of_profile if of_profile in known else place
        placed.add((line_of(where, known) or 0, message))
    return [
        f"{name}:{line}: {message}" if line else f"{name}: {message}"
        for line, message in sorted(placed)
    ]


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


_TABLES = ("output", "email", "fetch", "store", "papers")


def in_force(config: Config) -> dict[str, Any]:
    """The settings in force, defaults among them, as they would be written, without secrets."""
    tables = {name: getattr(config, name)._asdict() for name in _TABLES}
    for key in ("site", "feeds"):
        tables["fetch"][key] = shown(tables["fetch"][key])
    if config.email.smtp:
        server = config.email.smtp._asdict()
        tables["email"]["smtp"] = {key: value for key, value in server.items() if value}
    return {
        **({"reader": config.reader} if config.reader else {}),
        **({"subjects": list(config.subjects)} if config.subjects else {}),
        "announce": [announce_type.value for announce_type in config.announce],
        "rules": config.written.get("rules", []),
        **{
            name: {key: value for key, value in table.items() if value not in (None, ())}
            for name, table in tables.items()
        },
    }
