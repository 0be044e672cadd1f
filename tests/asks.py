"""Asking the fake arXiv for announcements, again and again, with one store."""

from datetime import date
from pathlib import Path

from fake_arxiv import FakeArxiv

from arxivdigest import reading
from arxivdigest.reading import Request
from arxivdigest.verdict import Gathered


class Asks:
    """Reads announcements, of these subjects unless others are named; knows what was asked last."""

    def __init__(self, arxiv: FakeArxiv, state: Path, subjects: tuple[str, ...] = ()) -> None:
        self.arxiv = arxiv
        self.state = state
        self.asked: list[str] = []
        self._subjects = subjects

    def __call__(
        self,
        *subjects: str,
        source: str = "auto",
        day: date | None = None,
        offline: bool = False,
        refresh: bool = False,
        holidays: tuple[date, ...] = (),
    ) -> Gathered:
        settings = self.arxiv.settings(source, holidays)
        request = Request(None, subjects or self._subjects, settings, day, offline, refresh)
        self.arxiv.requests.clear()
        try:
            return reading.read(request, self.arxiv.world(self.state))
        finally:
            self.asked = self.arxiv.asked

    @property
    def conditions(self) -> list[str | None]:
        """The ETag that each request named, if any."""
        return [request.headers.get("if-none-match") for request in self.arxiv.requests]
