"""The manual pages say what the commands and the reference say, and read well."""

import re
import subprocess
from shutil import which

import manual
import pytest
import typer.main

from arxivdigest.cli import app
from arxivdigest.config import schema


@pytest.mark.parametrize("file", manual.PAGES)
def test_a_page_is_what_would_be_written_now(file: str) -> None:
    written = (manual.FOLDER / file).read_text(encoding="utf-8")
    assert written == manual.PAGES[file](), "write them anew: python tests/manual.py"


def test_every_command_and_option_is_there() -> None:
    page = (manual.FOLDER / "digest.1").read_text(encoding="utf-8").replace("\\-", "-")
    for name, command in manual.commands(typer.main.get_command(app)):
        assert f".SS {name}" in page
        for one in command.params:
            assert one.param_type_name == "argument" or all(opt in page for opt in one.opts)


def test_every_key_is_there() -> None:
    page = (manual.FOLDER / "digest-config.5").read_text(encoding="utf-8")
    for keys in schema.homes().values():
        for key in keys:
            assert f".B {key}\n" in page


@pytest.mark.parametrize("file", manual.PAGES)
def test_groff_has_nothing_to_say_of_it(file: str) -> None:
    if which("groff") is None:
        pytest.skip("there is no groff here")
    ran = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-P-c", manual.FOLDER / file],
        capture_output=True,
        check=True,
    )
    assert ran.stderr == b""
    shown = re.sub(r"\x1b\[[0-9;]*m|.\x08", "", ran.stdout.decode())
    assert "SEE ALSO" in shown
