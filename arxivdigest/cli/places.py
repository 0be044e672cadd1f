"""Where a person's configuration, state and cache are, and the configuration that is there."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from arxivdigest.errors import NoConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from arxivdigest.config import Config


def folder() -> Path:
    """The user's folder for the configuration and the templates."""
    from platformdirs import user_config_path

    return _place(user_config_path)


def state_folder() -> Path:
    """The user's folder for what is kept between runs."""
    from platformdirs import user_state_path

    return _place(user_state_path)


def cache_folder() -> Path:
    """The user's folder for what can be made again at any time."""
    from platformdirs import user_cache_path

    return _place(user_cache_path)


_NOWHERE = Path(os.devnull)


def _place(find: "Callable[[str], Path]") -> Path:
    """A folder of the user's; who has no home, as some containers' users, has none that can be."""
    try:
        return find("arxivdigest")
    except RuntimeError:
        return _NOWHERE / "arxivdigest"


def config_path(config_file: Path | None = None) -> Path:
    """Where the configuration is, or would be."""
    return config_file or _named_path() or folder() / "config.toml"


def template_folders(config_file: Path | None = None) -> list[Path]:
    """The user's folders for templates: beside the configuration in use, then the usual one."""
    beside = config_path(config_file).parent / "templates"
    usual = folder() / "templates"
    return [beside] if beside == usual else [beside, usual]


def _named_path() -> Path | None:
    named = os.environ.get("ARXIVDIGEST_CONFIG")
    return Path(named) if named else None


def load(config_file: Path | None, profile: str | None) -> "Config":
    """The configuration: the file named, or the user's own, or the defaults where there is none."""
    from arxivdigest import config as configs

    found = load_existing(config_file, profile)
    return found or configs.read("", str(config_path()), profile)


def load_existing(config_file: Path | None, profile: str | None) -> "Config | None":
    """The configuration, or None where the user has none; one that is named must be there."""
    from arxivdigest import config as configs

    path = config_path(config_file)
    is_named = bool(config_file or _named_path())
    if not is_named and not path.parent.is_dir():  # it may be below what is no folder at all
        return None
    try:
        return configs.load(path, profile)
    except NoConfigError:
        if is_named:
            raise
        return None
