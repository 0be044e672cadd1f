from pathlib import Path

import pytest
from ran import Digest

from arxivdigest.cli import places

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGE = EXAMPLES / "cs.DC-2025-07-11.html"
CONFIG = EXAMPLES / "config.toml"


def test_the_configuration_is_found_in_the_users_folder(digest: Digest, tmp_path: Path) -> None:
    path = Path(digest("config", "path").out.removesuffix("\n"))
    assert path.is_relative_to(tmp_path)
    assert path.name == "config.toml"
    assert digest("config", "check").out == (
        f"There is no {path}, and none is needed; digest init writes one.\n"
    )
    path.parent.mkdir(parents=True)
    path.write_text("subjects = ['cs.NI']", encoding="utf-8")
    assert digest("config", "check").out == f"{path} is right: 1 subject, 0 rules.\n"


def test_xdg_config_home_is_obeyed(digest: Digest, tmp_path: Path) -> None:
    ran = digest("config", "path", environment={"XDG_CONFIG_HOME": str(tmp_path / "xdg")})
    assert ran.out == f"{tmp_path}/xdg/arxivdigest/config.toml\n"


def test_the_environment_names_another_configuration(digest: Digest, tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text("subjects = ['cs.NI', 'math']", encoding="utf-8")
    named = {"ARXIVDIGEST_CONFIG": str(mine)}
    assert digest("config", "path", environment=named).out == f"{mine}\n"
    assert digest("config", "check", environment=named).out == (
        f"{mine} is right: 2 subjects, 0 rules.\n"
    )


@pytest.mark.parametrize(
    "command", [["config", "check"], ["config", "show"], ["today", "--from", PAGE]]
)
def test_a_configuration_that_is_named_must_be_there(
    digest: Digest, command: list[str | Path]
) -> None:
    ran = digest(*command, environment={"ARXIVDIGEST_CONFIG": "none.toml"})
    assert ran.out == ""
    assert ran.errors == [
        "digest: there is no configuration file none.toml; digest init writes one"
    ]
    assert ran.code == 2


def test_an_empty_name_names_no_configuration(digest: Digest) -> None:
    ran = digest("today", "--from", PAGE, environment={"ARXIVDIGEST_CONFIG": ""})
    assert ran.code == 0


def test_an_option_goes_before_the_environment(digest: Digest) -> None:
    ran = digest("config", "check", "-c", CONFIG, environment={"ARXIVDIGEST_CONFIG": "none.toml"})
    assert ran.out == f"{CONFIG} is right: 1 subject, 5 rules.\n"


def test_templates_beside_the_configuration_go_first(tmp_path: Path) -> None:
    usual = places.folder() / "templates"
    beside = places.template_folders(tmp_path / "mine.toml")
    assert beside == [tmp_path / "templates", usual]
    assert places.template_folders(places.folder() / "group.toml") == [usual]
