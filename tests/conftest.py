"""What tests share: the real listings, where there are any, and the command as a person runs it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv, papers
from hypothesis import settings
from inbox import Inbox
from mornings import NOON, TUESDAY, Mine
from ran import Digest, Ran

TESTS = Path(__file__).parent
PROJECT = TESTS.parent

# No example has a time of its own to keep, on a machine that does other things as well; and what
# decides whether a change may land tries the same examples each time. By hand they are others.
settings.register_profile("arxivdigest", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("arxivdigest")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files anew from what is made"
    )


@pytest.fixture(scope="session")
def listings() -> Path:
    folder = Path(os.environ.get("ARXIVDIGEST_LISTINGS", PROJECT.parent / "shared" / "listings"))
    if not folder.is_dir():
        pytest.skip("the real listings are not here (ARXIVDIGEST_LISTINGS names their folder)")
    return folder


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers of the tests are on this machine."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture
def digest(tmp_path: Path) -> Digest:
    """The command `digest`, run in a folder and with a home of its own."""

    def run(
        *arguments: str | Path,
        stdin: bytes = b"",
        environment: Mapping[str, str] | None = None,
        at: datetime | None = None,
    ) -> Ran:
        program = ["-m", "arxivdigest"] if at is None else [TESTS / "run_at.py", at.isoformat()]
        finished = subprocess.run(
            [sys.executable, *map(str, [*program, *arguments])],
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(tmp_path),
                "COLUMNS": "100",
                "PYTHONWARNINGS": "error",
                **(environment or {}),
            },
            check=False,
            timeout=60,
        )
        return Ran(finished.returncode, finished.stdout.decode(), finished.stderr.decode())

    return run


@pytest.fixture
def arxiv() -> Iterator[FakeArxiv]:
    """An arXiv where it is noon in New York on a Tuesday."""
    with FakeArxiv(NOON) as fake:
        fake.publish(TUESDAY, *papers("2605.1", 2, "cs.DC"), *papers("2605.2", 1, "cs.LG"))
        yield fake


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox() as server:
        yield server


@pytest.fixture
def mine(tmp_path: Path, digest: Digest, arxiv: FakeArxiv, inbox: Inbox) -> Mine:
    return Mine(tmp_path, digest, arxiv, inbox.port)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compares a text with a golden file, or writes it with --update-golden."""

    def compare(name: str, made: str) -> None:
        path = TESTS / "golden" / name
        if request.config.getoption("--update-golden"):
            path.write_text(made, encoding="utf-8")
        assert made == path.read_text(encoding="utf-8")

    return compare
