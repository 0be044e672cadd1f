"""Encrypted connections of the program: what they are begun with, whatever the environment says."""

import ssl
import stat
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from arxivdigest.errors import UnreachableError
from arxivdigest.text import safe

KEY_LOG = "SSLKEYLOGFILE"
CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")


def context(environment: Mapping[str, str], complain: Callable[[str], None]) -> ssl.SSLContext:
    """What a client begins with, who trusts nobody yet.

    As `ssl.create_default_context`, which raises where it cannot write the log of the keys.
    """
    # Names are checked, and certificates wanted, by this protocol itself (docs of ssl).
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    path = environment.get(KEY_LOG)
    if path:
        try:
            _log_keys(made, path)
        except (OSError, ValueError) as error:
            where = f"{safe(path)} ({KEY_LOG})"
            complain(f"the keys of connections cannot be logged in {where}: {_reason(error)}")
    return made


def _log_keys(made: ssl.SSLContext, path: str) -> None:
    with suppress(FileNotFoundError):  # then it is made
        _check(path, lambda mode: not stat.S_ISFIFO(mode), "a pipe, which may wait for a reader")
    made.keylog_filename = path


def _check(path: str, is_fit: Callable[[int], bool], otherwise: str) -> None:
    if not is_fit(Path(path).stat().st_mode):
        raise ValueError(f"it is {otherwise}")


def named_certificates(trusting: ssl.SSLContext, environment: Mapping[str, str]) -> str | None:
    """The variable that names the certificates to trust, once they are trusted; None without one.

    An UnreachableError says what is wrong with it.
    """
    for variable in CERTIFICATES:
        path = environment.get(variable)
        if not path:
            continue
        is_file = variable == CERTIFICATES[0]
        where = f"{safe(path)} ({variable})"
        try:
            if is_file:
                _check(path, stat.S_ISREG, "no file")
                trusting.load_verify_locations(cafile=path)
            else:
                _check(path, stat.S_ISDIR, "no folder")
                trusting.load_verify_locations(capath=path)
        except (OSError, ValueError) as error:  # an SSLError is an OSError
            reason = "it holds none" if isinstance(error, ssl.SSLError) else _reason(error)
            raise UnreachableError(
                f"the certificates in {where} cannot be read: {reason}; mend the variable or"
                " leave it out"
            ) from error
        return variable
    return None


def _reason(error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return f"{reason[0].lower()}{reason[1:]}"
