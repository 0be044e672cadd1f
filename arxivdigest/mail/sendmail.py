"""The machine's own sendmail."""

import os
import shutil
import signal
import subprocess
from tempfile import TemporaryFile

from arxivdigest.deadline import Deadline
from arxivdigest.errors import DeliveryError, TryAgainError, UncertainError, UsageError
from arxivdigest.mail.envelope import Delivery, Envelope
from arxivdigest.text import one_line, safe

_FOLDERS = ("/usr/sbin", "/usr/lib")
_MOST_WORDS = 200
# The exit codes of sysexits.h that do not mean refused for good.
_TRY_AGAIN = {71: "EX_OSERR", 73: "EX_CANTCREAT", 74: "EX_IOERR", 75: "EX_TEMPFAIL"}
_CONFIGURATION = {64: "EX_USAGE", 72: "EX_OSFILE", 77: "EX_NOPERM", 78: "EX_CONFIG"}


def hand_over(message: bytes, envelope: Envelope, deadline: Deadline, path: str | None) -> Delivery:
    """Give the message to sendmail, in lines that end in LF; it takes it for all, or for none.

    `path` says where to look for it, as $PATH does.
    """
    program = _found(path)
    # -i: a line with nothing but a dot does not end it.
    command = [program, "-i", "-f", envelope.sender, "--", *envelope.recipients]
    # From a file and not from a pipe: whenever this program ends, sendmail reads all or nothing.
    with TemporaryFile() as given, TemporaryFile() as said:
        given.write(message)
        given.seek(0)
        code = _run(command, given.fileno(), said.fileno(), deadline)
        said.seek(0)
        words = one_line(safe(said.read(4096).decode("utf-8", "replace")))[:_MOST_WORDS]
    if not code:
        return Delivery(envelope.recipients)
    reason = f"{safe(program)} failed with {code}{f' ({words})' if words else ''}"
    if code in _TRY_AGAIN:
        raise TryAgainError(f"{reason}; try again later")
    if code in _CONFIGURATION:
        raise UsageError(f"{reason}; look at its own configuration")
    if code < 0:
        raise UncertainError(f"{safe(program)} was ended by a signal ({-code}); {_PERHAPS}")
    raise DeliveryError(f"{reason} for {', '.join(envelope.recipients)}")


_PERHAPS = "it may have taken the message, which may come twice when it is sent again"


def _found(path: str | None) -> str:
    if path is None:
        path = os.pathsep.join([os.environ.get("PATH", os.defpath), *_FOLDERS])
    program = shutil.which("sendmail", path=path)
    if program is None:
        raise UsageError("this machine has no sendmail; name a mail server under [email.smtp]")
    return program


def _run(command: list[str], given: int, said: int, deadline: Deadline) -> int:
    try:
        # A session of its own, so that what it begins is ended with it.
        process = subprocess.Popen(  # noqa: S603 - without a shell, and addresses after --
            command, stdin=given, stdout=said, stderr=said, start_new_session=True
        )
    except OSError as error:
        raise UsageError(f"{safe(command[0])} cannot be run: {error.strerror}") from error
    try:
        return process.wait(deadline.remaining())
    except BaseException as error:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if isinstance(error, subprocess.TimeoutExpired | TimeoutError):
            raise UncertainError(
                f"{safe(command[0])} takes longer than {deadline.seconds:g} s; {_PERHAPS}"
            ) from error
        raise
