"""The password of the mail server: from a command, a file or the keyring, and kept nowhere.

No exception that leaves this module has one that may hold the password as its context.
"""

import os
import shlex
import stat
import subprocess
from pathlib import Path

from arxivdigest.deadline import Deadline
from arxivdigest.errors import TryAgainError, UsageError
from arxivdigest.mail.server import Smtp
from arxivdigest.text import one_line, safe

_MOST_SECONDS = 30.0
_MOST_BYTES = 4096
_MOST_OUTPUT = 64 * 1024
_MOST_WORDS = 200
_POLL = 0.05  # seconds between looks whether the command has ended


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
    name = f"the password_command ({safe(words[0]) if words else ''})"
    line, ended, said, complaint = b"", None, b"", ""
    try:
        line, ended, said = _first_words(words, Deadline(seconds))
    except TimeoutError:
        complaint = "late"
    except _EndlessError:
        complaint = "endless"
    except (OSError, ValueError, IndexError) as error:
        complaint = f"cannot be run: {getattr(error, 'strerror', None) or 'it is no command'}"
    if complaint == "late":
        raise TryAgainError(f"{name} took longer than {seconds:g} s; try again later")
    if complaint == "endless":
        raise UsageError(f"{name} printed more than {_MOST_OUTPUT >> 10} KiB, and so no password")
    if complaint:
        raise UsageError(f"{name} {complaint}")
    if ended:
        words_said = one_line(safe(said.decode("utf-8", "replace")))[:_MOST_WORDS]
        raise UsageError(f"{name} failed with {ended}{f': {words_said}' if words_said else ''}")
    return _first_line(line, f"{name} printed")


class _EndlessError(Exception):
    """The command goes on printing."""


def _first_words(words: list[str], deadline: Deadline) -> tuple[bytes, int, bytes]:
    """What a command prints, its exit code, and its complaints.

    All that ends with the command: what it leaves running may hold the pipes open for as long as
    it likes, as an agent does that is begun by it.
    """
    with subprocess.Popen(  # noqa: S603 - the user's own command, without a shell
        words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            read = _read(process, deadline)
            return read[0], process.wait(deadline.remaining()), read[1]
        except subprocess.TimeoutExpired:
            raise TimeoutError from None
        finally:
            process.kill()


def _read(process: "subprocess.Popen[bytes]", deadline: Deadline) -> list[bytes]:
    """What a command prints and what it complains, until it ends."""
    import selectors

    read = [b"", b""]
    with selectors.DefaultSelector() as selector:
        for number, pipe in enumerate((process.stdout, process.stderr)):
            if pipe is not None:
                selector.register(pipe, selectors.EVENT_READ, number)
        while selector.get_map():
            has_ended = process.poll() is not None
            ready = selector.select(0 if has_ended else min(_POLL, deadline.remaining()))
            if has_ended and not ready:
                break
            for key, _ in ready:
                part = os.read(key.fd, _MOST_BYTES)
                read[key.data] += part
                if len(read[key.data]) > _MOST_OUTPUT:
                    raise _EndlessError
                if not part:
                    selector.unregister(key.fileobj)
    return read


def _in_file(written: str) -> str:
    try:
        path = Path(written).expanduser()
    except RuntimeError as error:
        raise UsageError(f"there is no home for the password_file {safe(written)}") from error
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
