"""`python -m arxivdigest`, and the command `digest`."""

import gc

# A run makes many objects and is over before looking for garbage among them would pay.
gc.set_threshold(100_000, 50, 50)

from arxivdigest.cli import main  # noqa: E402 - loading it makes most of the objects

if __name__ == "__main__":
    main()
