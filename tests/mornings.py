"""A person's `digest send`: the configuration, the fakes that it meets, and what arrived."""

from datetime import UTC, date, datetime
from email.header import decode_header, make_header
from pathlib import Path

from fake_arxiv import FakeArxiv, papers
from inbox import Inbox
from ran import Digest, Ran

from arxivdigest.store.file import FILE, READER_FILE

TUESDAY, WEDNESDAY = date(2026, 5, 5), date(2026, 5, 6)
NOON = datetime(2026, 5, 5, 16, tzinfo=UTC)
"""In New York, on a Tuesday."""

ANN, BOB = "ann@example.org", "bob@example.org"
READ = "Tue 5 May 2026, cs.DC: 2 entries (2 new) from the feed; 2 selected without rules."
READ_TOO = "Wed 6 May 2026, cs.DC: 1 entry (1 new) from the feed; 1 selected without rules."
ALREADY = "It was already sent on Tue 5 May 2026 at 16:00; --again sends it anew."
TUESDAYS = "cs.DC: 2 for you – On pelicans (Tue 5 May)"
WEDNESDAYS = "cs.DC: 1 for you – On pelicans (Wed 6 May)"


def subjects(inbox: Inbox) -> list[str]:
    """What the messages that arrived are called."""
    return [str(make_header(decode_header(one.message["Subject"]))) for one in inbox.received]


class Mine:
    """A person's configuration, and the command `digest` with it, at the time of the fake arXiv."""

    def __init__(self, folder: Path, digest: Digest, arxiv: FakeArxiv, port: int) -> None:
        self.folder = folder
        self._path = folder / "mine.toml"
        self._digest, self._arxiv = digest, arxiv
        self.configure(port=port)

    def configure(  # noqa: PLR0913 - what differs from test to test
        self,
        *,
        port: int,
        to: str = '"ann@example.org"',
        subjects: str = '"cs.DC"',
        smtp: str | None = 'security = "none"',
        more: str = "",
        delay: int = 0,
    ) -> None:
        server = f'smtp = {{ host = "localhost", port = {port}, {smtp} }}' if smtp else ""
        self._path.write_text(
            f"""
            subjects = [{subjects}]
            fetch = {{ site = "{self._arxiv.url}", feeds = "{self._arxiv.url}", delay = {delay} }}
            [email]
            to = [{to}]
            sender = "digest@example.org"
            {server}
            {more}
            """,
            encoding="utf-8",
        )

    def __call__(self, *arguments: str | Path, **environment: str) -> Ran:
        named = {"ARXIVDIGEST_CONFIG": str(self._path), "NO_PROXY": "*", "TZ": "UTC"}
        return self._digest(*arguments, environment={**named, **environment}, at=self._arxiv.now)

    def publish(self, day: date, *, count: int = 1) -> None:
        """Announce papers of a day, and go on to noon of it."""
        self._arxiv.publish(day, *papers(f"2605.3{day.day:02}", count, "cs.DC"))
        self._arxiv.now = NOON + (day - TUESDAY)

    @property
    def state(self) -> Path:
        return self.folder / ".local" / "state" / "arxivdigest" / FILE

    @property
    def record(self) -> Path:
        return self.state.with_name(READER_FILE)
