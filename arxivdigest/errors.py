"""What can go wrong, as kinds with an exit code: raised deep, worded once, shown once."""

from typing import ClassVar


class DigestError(Exception):
    """A failure worth one line to the user, and the exit code that goes with it."""

    exit_code: ClassVar[int] = 1


class ListingError(DigestError):
    """A file or an answer that cannot be read as a listing of arXiv."""


class StrangerError(ListingError):
    """A page of somebody else's, who may have answered in arXiv's place."""


class RefusedError(ListingError):
    """What arXiv itself says is wrong with what it was asked for."""


class ForbiddenError(ListingError):
    """arXiv forbids the program to ask; nothing more is asked then."""


class PaperError(DigestError):
    """A paper that cannot be found, or whose PDF cannot be had."""


class OutputError(DigestError):
    """The digest was made, but cannot be written where it was asked for."""


class DeliveryError(DigestError):
    """A message that was refused for good: sent again as it is, it would be refused again."""


class UsageError(DigestError):
    """A command, an option or a configuration that cannot be carried out as given."""

    exit_code = 2


class NoConfigError(UsageError):
    """There is no configuration file where one was looked for."""


class ConfigError(UsageError):
    """Everything that is wrong with a configuration file, a line for each complaint."""

    def __init__(self, complaints: list[str]) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


class KeywordError(ValueError):
    """A keyword that cannot match, or an expression that RE2 does not take."""


class TryAgainError(DigestError):
    """A failure that goes by itself: the network, or arXiv not ready yet (EX_TEMPFAIL)."""

    exit_code = 75


class UnreachableError(TryAgainError):
    """There is no connection at all, and so nobody was asked anything."""


class PortalError(UnreachableError):
    """Somebody else answers in arXiv's place, as a network does that wants a login first."""

    def __init__(self, said: str) -> None:
        super().__init__(f"{said}; if your network wants a login, give it that, and try again")


class UncertainError(TryAgainError):
    """Nobody knows whether the message was taken: the answer to it never came."""
