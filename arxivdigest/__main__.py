"""`python -m arxivdigest`, and the command `digest`."""

from arxivdigest.cli import main

if __name__ == "__main__":
    main()
