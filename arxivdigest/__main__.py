"""`python -m arxivdigest`, and the command `digest`."""

import os

INTERRUPTED = 130


def _stop(*_: object) -> "NoReturn":
    os._exit(INTERRUPTED)


def _is_interrupt(error: BaseException | None) -> bool:
    """Whether it comes of an interrupt: within `__set_name__` Python makes another error of one."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


# While its modules load, an interrupt ends the program at once: nothing is to be put in order.
try:
    import signal
    from typing import NoReturn

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
except BaseException as error:
    if _is_interrupt(error):
        _stop()
    raise

import gc  # noqa: E402

# A run makes many objects and is over before looking for garbage among them would pay.
gc.set_threshold(100_000, 50, 50)

from arxivdigest import cli  # noqa: E402 - loading it makes most of the objects
from arxivdigest.cli.shell import flushed  # noqa: E402


def main() -> NoReturn:
    """Run the command line and exit with its code.

    The end is at once: to take apart all that was made, which the system takes back anyway, costs
    as much as reading 2,000 entries does. Files, locks and connections are closed by then.
    """
    try:
        if signal.getsignal(signal.SIGINT) is _stop:
            signal.signal(signal.SIGINT, signal.default_int_handler)
        cli.main()
    except SystemExit as end:
        if isinstance(end.code, int):
            os._exit(flushed(end.code))
        raise
    except BaseException as error:
        if _is_interrupt(error):
            _stop()
        raise


if __name__ == "__main__":
    main()
