"""The password of the mail server: from a command, a file or the keyring, and kept nowhere.

No exception that leaves this module has one that may hold the password as its context.
"""

import os
import shlex
import stat
import subprocess
from pathlib import Path

from arxivdigest.errors import TryAgainError, UsageError
from arxivdigest.mail.server import Smtp
from arxivdigest.text import one_line, safe

_MOST_SECONDS = 30.0
_MOST_BYTES = 4096
_MOST_WORDS = 200


def password(smtp: Smtp, seconds: float = _MOST_SECONDS) -> str:
    """The password for the server's user, from wherever the settings say.

    A UsageError says what is wrong with that place, a TryAgainError that a command took longer
    than so many seconds.
    """
    if smtp.password_command:
        return _by_command(smtp.password_command, min(seconds, _MOST_SECONDS))
    if smtp.password_file:
        return _in_file(smtp.password_file)
    if smtp.keyring:
        return _in_keyring(smtp.host, smtp.username or "")
    raise UsageError("[email.smtp] has a username, and nothing that says its password")


def _by_command(command: str, seconds: float) -> str:
    words = shlex.split(command)
    name = safe(words[0]) if words else ""
    finished, complaint = None, "cannot be run"
    try:
        finished = subprocess.run(  # noqa: S603 - the user's own command, without a shell
            words, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        complaint = ""
    except (OSError, ValueError, IndexError) as error:
        complaint = f"cannot be run: {getattr(error, 'strerror', None) or 'it is no command'}"
    if finished is None and not complaint:
        raise TryAgainError(
            f"the password_command ({name}) took longer than {seconds:g} s; try again later"
        )
    if finished is None:
        raise UsageError(f"the password_command ({name}) {complaint}")
    if finished.returncode:
        said = one_line(safe(finished.stderr.decode("utf-8", "replace")))[:_MOST_WORDS]
        ended = f"failed with {finished.returncode}{f': {said}' if said else ''}"
        raise UsageError(f"the password_command ({name}) {ended}")
    return _first_line(finished.stdout, f"the password_command ({name}) printed")


def _in_file(written: str) -> str:
    path = Path(written).expanduser()
    name = safe(str(path))
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        raise UsageError(f"the password_file {name} cannot be read: {error.strerror}") from error
    try:
        mode = os.fstat(handle).st_mode
        if not stat.S_ISREG(mode):
            raise UsageError(f"the password_file {name} is not a file")
        if os.name == "posix" and mode & 0o077:
            raise UsageError(
                f"the password_file {name} is open to others; run: chmod 600 {shlex.quote(name)}"
            )
        return _first_line(os.read(handle, _MOST_BYTES), f"the password_file {name} has")
    finally:
        os.close(handle)


def _in_keyring(host: str, username: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError as error:
        raise UsageError(
            "keyring = true needs the package keyring; install it where digest is installed"
        ) from error
    found, reason = None, "has no password"
    try:
        found = keyring.get_password(host, username)
    except KeyringError as error:
        reason = f"cannot be read ({one_line(safe(str(error)))[:_MOST_WORDS]}), so no password"
    if not found:
        kept = f"keyring set {shlex.quote(host)} {shlex.quote(safe(username))}"
        raise UsageError(f"the keyring {reason} for {safe(username)} at {host}; run: {kept}")
    return found


def _first_line(written: bytes, said: str) -> str:
    line = written.split(b"\n", 1)[0].removesuffix(b"\r")
    found = line.decode("utf-8", "surrogateescape")
    if not found:
        raise UsageError(f"{said} no password in its first line")
    if any("\udc80" <= letter <= "\udcff" or letter == "\0" for letter in found):
        raise UsageError(f"{said} a password that is not UTF-8 text")
    return found
