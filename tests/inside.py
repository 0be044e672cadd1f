"""The command line run in this process: a hundredth of the time that one of its own takes.

Its clock is that of the fake arXiv, where sleeping only moves it on.
"""

import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock
from zoneinfo import ZoneInfo

from fake_arxiv import FakeArxiv
from ran import Ran

from arxivdigest import cli
from arxivdigest.cli import announcement, request


class Inside:
    """Runs `digest` with a home of its own."""

    sleeps_left: int | None = None
    """After so many it is interrupted, as by Ctrl-C."""

    def __init__(self, home: Path, arxiv: FakeArxiv, zone: str = "UTC") -> None:
        self._home = home
        self._arxiv = arxiv
        self.zone = zone

    def __call__(
        self,
        *arguments: str | Path,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        at: datetime | None = None,
    ) -> Ran:
        if at is not None:
            self._arxiv.now = at
        out, err = io.BytesIO(), io.BytesIO()
        with self._world(environment or {}), _streams(stdin, out, err):
            sys.argv = ["digest", *map(str, arguments)]
            try:
                cli.main()
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else 0
        return Ran(code, out.getvalue().decode(), err.getvalue().decode())

    @contextmanager
    def _world(self, environment: Mapping[str, str]) -> Iterator[None]:
        variables = {"PATH": os.environ["PATH"], "HOME": str(self._home), "COLUMNS": "100"}
        with (
            mock.patch.dict(os.environ, {**variables, "NO_PROXY": "*", **environment}, clear=True),
            mock.patch.object(request, "now", self._now),
            mock.patch.object(announcement, "now", self._now),
            mock.patch.object(request, "sleep", self._sleep),
            mock.patch.object(request, "chance", return_value=0.5),
            mock.patch.object(cli, "end_in_order"),
        ):
            yield

    def _now(self) -> datetime:
        return self._arxiv.now.astimezone(ZoneInfo(self.zone))

    def _sleep(self, seconds: float) -> None:
        if self.sleeps_left is not None:
            if not self.sleeps_left:
                raise KeyboardInterrupt
            self.sleeps_left -= 1
        self._arxiv.now += timedelta(seconds=seconds)


@contextmanager
def _streams(stdin: bytes, out: io.BytesIO, err: io.BytesIO) -> Iterator[None]:
    streams = [io.TextIOWrapper(one, "utf-8", write_through=True) for one in (out, err)]
    streams.append(io.TextIOWrapper(io.BytesIO(stdin), "utf-8"))
    with (
        mock.patch.object(sys, "stdout", streams[0]),
        mock.patch.object(sys, "stderr", streams[1]),
        mock.patch.object(sys, "stdin", streams[2]),
        mock.patch.object(sys, "argv", []),
    ):
        try:
            yield
        finally:
            for stream in streams:
                stream.detach()
