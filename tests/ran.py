"""What a command printed when it ran."""

from collections.abc import Callable
from dataclasses import dataclass

from arxivdigest.verdict import Gathered


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        return self.err.splitlines()


Digest = Callable[..., Ran]


def code_of(gathered: Gathered) -> int:
    """The exit code that goes with what was gathered."""
    return gathered.error.exit_code if gathered.error else 0
