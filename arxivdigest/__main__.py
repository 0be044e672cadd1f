"""`python -m arxivdigest`, and the command `digest`."""

import gc
import os
import sys
from typing import NoReturn

# A run makes many objects and is over before looking for garbage among them would pay.
gc.set_threshold(100_000, 50, 50)

from arxivdigest import cli  # noqa: E402 - loading it makes most of the objects


def main() -> NoReturn:
    """Run the command line and exit with its code.

    The end is at once: to take apart all that was made, which the system takes back anyway, costs
    as much as reading 2,000 entries does. Files, locks and connections are closed by then.
    """
    try:
        cli.main()
    except SystemExit as end:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        if isinstance(end.code, int):
            os._exit(end.code)
        raise


if __name__ == "__main__":
    main()
