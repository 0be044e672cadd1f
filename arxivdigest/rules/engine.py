"""RE2, as the program uses it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType


def re2() -> "ModuleType":
    """RE2, which only a run with rules needs."""
    import re2 as module

    imported: ModuleType = module
    return imported


def quiet() -> Any:  # noqa: ANN401 - re2 is published without types
    """RE2's options, with nothing written to standard error."""
    options = re2().Options()
    # RE2 writes them to the process's standard error, past Python's.
    options.log_errors = False
    return options
