"""What was compiled before is used where it is what was written, and nothing else ever is."""

from pathlib import Path

import pytest
from jinja2 import Environment

from arxivdigest.errors import UsageError
from arxivdigest.output import compiled, templating
from arxivdigest.output.sample import samples

_, WORDS = next(samples())


def rendered(folder: Path, own: Path = Path("nowhere")) -> str:
    """A Markdown digest, rendered as by a new run."""
    templating._made_environment.cache_clear()  # noqa: SLF001 - each run begins without it
    return templating.render(WORDS, "markdown", own, folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that has the templates compiled."""
    rendered(tmp_path / "cache" / "templates")
    return tmp_path / "cache" / "templates"


def test_what_was_compiled_is_not_compiled_again(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = rendered(folder)
    monkeypatch.delattr(Environment, "_generate")
    assert rendered(folder) == expected


def test_nobody_else_can_look_into_the_folder(folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_template_that_was_changed_is_compiled_anew(folder: Path, tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for text in ("geese", "gulls"):
        (own / "digest.md.j2").write_text(text)
        assert rendered(folder, own) == text


def test_a_wrong_byte_changes_nothing(folder: Path) -> None:
    expected = rendered(folder)
    (file,) = folder.iterdir()
    written = file.read_bytes()
    for at in range(0, len(written), len(written) // 50):
        file.write_bytes(written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :])
        assert rendered(folder) == expected
        assert file.read_bytes() == written


@pytest.mark.parametrize("left", [0, 3, 4, 20])
def test_what_is_cut_off_is_not_used(folder: Path, left: int) -> None:
    expected = rendered(folder)
    (file,) = folder.iterdir()
    file.write_bytes(file.read_bytes()[:left])
    assert rendered(folder) == expected


def test_what_another_version_compiled_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = rendered(folder)
    monkeypatch.setattr(compiled, "_MADE_BY", b"0.0 3.1\n")
    monkeypatch.setattr(Environment, "_generate", lambda *_, **__: "raise KeyError('compiled')")
    with pytest.raises(UsageError, match="compiled"):
        rendered(folder)
    monkeypatch.undo()
    assert rendered(folder) == expected


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_folder_that_others_may_write_to_is_not_believed(
    folder: Path, mode: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.chmod(mode)
    monkeypatch.setattr(Environment, "_generate", lambda *_, **__: "raise KeyError('compiled')")
    with pytest.raises(UsageError, match="compiled"):
        rendered(folder)


def test_without_such_a_folder_all_goes_on(tmp_path: Path) -> None:
    expected = rendered(tmp_path / "cache")
    (tmp_path / "file").write_text("no folder")
    assert rendered(tmp_path / "file" / "cache") == expected
    assert rendered(Path("/dev/null/cache")) == expected
    assert rendered(Path("/dev/full")) == expected


def test_nothing_is_written_where_somebody_else_may_have_put_a_link(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    folder.chmod(0o777)
    assert rendered(folder)
    assert list(folder.iterdir()) == []


def test_an_interrupt_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def replace(*_: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(KeyboardInterrupt):
        rendered(tmp_path / "templates")
    assert list((tmp_path / "templates").iterdir()) == []


def test_an_interrupt_before_anything_is_kept_stays_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        rendered(tmp_path / "templates")
    assert list((tmp_path / "templates").iterdir()) == []
