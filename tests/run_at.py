"""Runs the command line at another time than now: `python run_at.py INSTANT today cs.DC`."""

import sys
from datetime import datetime

from arxivdigest.cli import announcement, main

instant = datetime.fromisoformat(sys.argv.pop(1)).astimezone()
vars(announcement)["now"] = lambda: instant
main()
