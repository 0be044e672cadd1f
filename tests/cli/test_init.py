"""`digest init` at a terminal: a conversation that loses nothing."""

import tomllib
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv
from terminal import Shown, at_terminal

SUBJECTS, KEYWORDS, LOOK = "Subjects: ", "Keywords: ", "now? [Y/n]"


def converse(home: Path, *typed: tuple[str, str]) -> Shown:
    return at_terminal("init", "-c", "mine.toml", home=home, columns=80, typed=typed)


def written(home: Path) -> dict[str, list[object]]:
    return tomllib.loads((home / "mine.toml").read_text(encoding="utf-8"))


def test_a_subject_that_is_none_is_asked_for_again_with_what_was_meant(tmp_path: Path) -> None:
    ran = converse(
        tmp_path,
        (SUBJECTS, "cs.DC, machine learning\n"),
        ("[cs.DC, cs.LG, stat.ML]: ", "\n"),
        (KEYWORDS, "\n"),
        (LOOK, "n\n"),
    )
    assert ran.code == 0
    said = " ".join(ran.screen.split())
    assert 'arXiv has no subject "machine learning"' in said
    assert "did you mean cs.LG (Machine Learning) or stat.ML (Machine Learning)?" in said
    assert written(tmp_path)["subjects"] == ["cs.DC", "cs.LG", "stat.ML"]


@pytest.mark.parametrize(
    ("wrong", "offered"),
    [("cs.DCX", "cs.DC"), ("parallel and optics", "cs.DC, physics.optics"), ("hep", "hep-ex")],
)
def test_what_was_likely_meant_is_taken_by_return(wrong: str, offered: str, tmp_path: Path) -> None:
    last = [(KEYWORDS, "\n"), (LOOK, "n\n")]
    converse(tmp_path, (SUBJECTS, f"{wrong}\n"), (f"[{offered}", "\n"), *last)
    assert written(tmp_path)["subjects"][: offered.count(",") + 1] == offered.split(", ")


@pytest.mark.parametrize("parted_by", [" ", "; ", ",", " , "])
def test_subjects_and_keywords_are_parted_as_people_part_them(
    parted_by: str, tmp_path: Path
) -> None:
    keywords = (", " if parted_by == " " else parted_by).join(('"KV cache"', "/a{1,2};b/"))
    typed = [(SUBJECTS, f"cs.dc{parted_by}stat.ML\n"), (KEYWORDS, f"{keywords}\n"), (LOOK, "n\n")]
    assert converse(tmp_path, *typed).code == 0
    assert written(tmp_path)["subjects"] == ["cs.DC", "stat.ML"]
    rules = [{"name": "My keywords", "any": ["KV cache", "/a{1,2};b/"]}]
    assert written(tmp_path)["rules"] == rules


def test_what_is_typed_has_room_beside_the_question(tmp_path: Path) -> None:
    typed = [(SUBJECTS, "quantum\n"), ("gr-qc]: ", "\n"), (KEYWORDS, "\n"), (LOOK, "n\n")]
    for line in converse(tmp_path, *typed).lines:
        assert len(line) <= 80
        assert len(line.partition(": ")[0]) < 60 or not line.endswith(": ")


def test_keywords_are_shown_as_they_will_match_and_a_wrong_one_is_asked_for_again(
    tmp_path: Path,
) -> None:
    ran = converse(
        tmp_path,
        (SUBJECTS, "cs.DC\n"),
        (KEYWORDS, "KV cache, *, /a{1,2}b/\n"),
        ("[KV cache, /a{1,2}b/]: ", "KV cache, prefill*, /a{1,2}b/\n"),
        (LOOK, "n\n"),
    )
    assert "can never match" in ran.screen
    assert "KV cache: these words together, also KV-cache and kv cache" in ran.screen
    assert "prefill*: prefill, and words that begin so" in ran.screen
    rules = [{"name": "My keywords", "any": ["KV cache", "prefill*", "/a{1,2}b/"]}]
    assert written(tmp_path)["rules"] == rules


@pytest.mark.parametrize("answers", [0, 1, 2])
@pytest.mark.parametrize("key", ["\x03", "\x04"], ids=["ctrl-c", "ctrl-d"])
def test_whoever_leaves_leaves_no_file(answers: int, key: str, tmp_path: Path) -> None:
    typed = [(SUBJECTS, "cs.DC\n"), (KEYWORDS, "KV cache\n"), (LOOK, "n\n")]
    question, _ = typed[answers]
    ran = converse(tmp_path, *typed[:answers], (question, key))
    assert ran.code == 130
    assert not (tmp_path / "mine.toml").exists()
    assert "Traceback" not in ran.screen
    assert ran.lines[-1] == "Nothing was written."


def test_an_answer_can_be_edited(tmp_path: Path) -> None:
    left = "\x1b[D"
    typed = [(SUBJECTS, f"c.DC{left * 3}s\n"), (KEYWORDS, "\n"), (LOOK, "n\n")]
    converse(tmp_path, *typed)
    assert written(tmp_path)["subjects"] == ["cs.DC"]


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C.UTF-8"},
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    ],
)
def test_an_answer_in_any_script_and_locale_is_no_harm(
    environment: dict[str, str], tmp_path: Path
) -> None:
    is_understood = "PYTHONUTF8" not in environment
    again = [] if is_understood else [("as your locale has it", "Mueller\n")]
    typed = [(SUBJECTS, "cs.DC\n"), (KEYWORDS, "Müller, 数学\n"), *again, (LOOK, "n\n")]
    ran = at_terminal(
        *("init", "-c", "mine.toml"), home=tmp_path, environment=environment, typed=typed
    )
    assert ran.code == 0
    [rule] = written(tmp_path)["rules"]
    keywords = ["Müller", "数学"] if is_understood else ["Mueller"]
    assert rule == {"name": "My keywords", "any": keywords}


def test_at_the_end_the_announcement_can_be_looked_at(tmp_path: Path, arxiv: FakeArxiv) -> None:
    """No arXiv is asked here: that it would be is what the proxy in its way shows."""
    environment = {"HTTPS_PROXY": arxiv.url, "NO_PROXY": ""}
    typed = [(SUBJECTS, "cs.DC\n"), (KEYWORDS, "\n"), (LOOK, "\n")]
    ran = at_terminal(
        *("init", "-c", "mine.toml"), home=tmp_path, environment=environment, typed=typed
    )
    assert (tmp_path / "mine.toml").exists()
    assert "Later: digest today --config mine.toml" in ran.screen
    assert f"the proxy {arxiv.url}" in " ".join(ran.screen.split())
