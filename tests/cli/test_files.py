import os
import resource
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from anybody import as_anybody
from ran import Digest

from arxivdigest.cli import files

PAGE = Path(__file__).parents[2] / "examples" / "cs.DC-2025-07-11.html"
OLD, NEW = b"yesterday\n" * 1000, b"today\n"


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.html"
    path.write_bytes(OLD)
    return path


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_replaced_whole_and_keeps_its_permissions(page: Path) -> None:
    page.chmod(0o640)
    files.replace(page, NEW)
    assert page.read_bytes() == NEW
    assert stat.S_IMODE(page.stat().st_mode) == 0o640
    assert left(page.parent) == ["page.html"]


def test_a_new_file_has_the_permissions_that_any_has(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        files.replace(tmp_path / "new", NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_of_a_link_the_target_is_replaced(page: Path, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "link"
    link.symlink_to("../page.html")
    files.replace(link, NEW)
    assert link.is_symlink()
    assert page.read_bytes() == NEW
    assert left(link.parent) == ["link"]


def test_a_link_to_nothing_gets_a_target(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("new")
    files.replace(tmp_path / "link", NEW)
    assert (tmp_path / "new").read_bytes() == NEW


@pytest.mark.parametrize("step", ["write", "permissions", "rename"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_what_fails_leaves_what_was_there(
    page: Path, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    def fail(*_: object) -> None:
        raise error

    where = {
        "write": "arxivdigest.cli.files._write",
        "permissions": "os.chmod",
        "rename": "pathlib.Path.replace",
    }
    monkeypatch.setattr(where[step], fail)
    with pytest.raises(type(error)):
        files.replace(page, NEW)
    monkeypatch.undo()
    assert page.read_bytes() == OLD
    assert left(page.parent) == ["page.html"]


def test_a_full_disk_leaves_yesterdays_page(page: Path, tmp_path: Path) -> None:
    """The system itself cuts the file off, in the middle of it."""
    ran = subprocess.run(
        [sys.executable, "-m", "arxivdigest", "today", "--from", PAGE, "-f", "html", "-o", page],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            "XDG_CACHE_HOME": os.devnull,
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert ran.stderr.decode() == f"digest: {page} cannot be written: File too large\n"
    assert page.read_bytes() == OLD
    assert left(tmp_path) == ["page.html"]


def test_a_file_in_a_folder_that_may_not_be_written_to_is_written_where_it_is() -> None:
    with as_anybody() as folder:
        page = folder / "page.html"
        page.write_bytes(OLD)
        folder.chmod(0o500)
        files.replace(page, NEW)
        assert page.read_bytes() == NEW
        assert left(folder) == ["page.html"]


def test_a_fifo_is_written_as_it_is(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE) as reader:
        files.replace(fifo, NEW)
        assert reader.communicate(timeout=20)[0] == NEW
    assert stat.S_ISFIFO(fifo.stat().st_mode)


def test_the_null_device_stays_one() -> None:
    files.replace(Path(os.devnull), NEW)
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.parametrize("name", ["/dev/fd/99", f"/dev/fd/{9**30}", "/dev/fd/٣"])
def test_a_stream_that_is_not_there_is_said(digest: Digest, name: str) -> None:
    ran = digest("today", "--from", PAGE, "-q", "-o", name)
    assert ran.code == 1
    assert f"{name} cannot be written: " in ran.err


@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_a_stream_by_its_name_is_gone_on_with(digest: Digest, tmp_path: Path, name: str) -> None:
    log = tmp_path / "log"
    log.write_bytes(OLD)
    with log.open("ab") as appended:
        subprocess.run(
            [sys.executable, "-m", "arxivdigest", "today", "--from", PAGE, "-q", "-o", name],
            stdout=appended,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
            timeout=60,
            check=True,
        )
    assert log.read_bytes().startswith(OLD)
    assert len(log.read_bytes().splitlines()) == 1014
    ran = digest("today", "--from", PAGE, "-q", "-o", name)
    assert len(ran.out.splitlines()) == 14


def test_a_file_that_is_there_is_not_made(page: Path) -> None:
    with pytest.raises(FileExistsError):
        files.create(page, NEW)
    assert page.read_bytes() == OLD


def test_a_file_that_cannot_be_made_whole_is_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_write", fail)
    with pytest.raises(OSError, match="No space"):
        files.create(tmp_path / "new", NEW)
    assert left(tmp_path) == []


@pytest.mark.parametrize("keyword", [b"caf\xe9", b"\xff*", b"/\xff/"])
def test_a_keyword_that_is_no_text_leaves_nothing_behind(
    digest: Digest, tmp_path: Path, keyword: bytes
) -> None:
    written = os.fsdecode(keyword)
    ran = digest("init", "-c", "mine.toml", "--subject", "cs.DC", "--keyword", written)
    assert (ran.code, ran.errors) == (2, ["digest: --keyword: this is not UTF-8 text"])
    assert not (tmp_path / "mine.toml").exists()
    assert digest("init", "-c", "mine.toml", "--subject", "cs.DC").code == 0
