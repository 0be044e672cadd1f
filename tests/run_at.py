"""Runs the command line at another time than now: `python run_at.py INSTANT today cs.DC`."""

import sys
from datetime import datetime

from arxivdigest.__main__ import main
from arxivdigest.cli import announcement, finding, papers, request

instant = datetime.fromisoformat(sys.argv.pop(1)).astimezone()
for module in (announcement, finding, papers, request):
    vars(module)["now"] = lambda: instant
main()
