"""Completion: the words that are told, and real shells that complete with them."""

import os
import pty
import re
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from time import monotonic

import pytest
from ran import Digest

PAGE = Path(__file__).parents[2] / "examples" / "cs.DC-2025-07-11.html"
CONFIG = """
subjects = ["cs.DC"]
[[rules]]
name = "LLM serving; $(touch pwned)"
any = ["KV cache"]
[profiles.group]
subjects = ["cs.NI"]
[profiles."my work"]
subjects = ["cs.LG"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    folder = tmp_path / ".config" / "arxivdigest"
    (folder / "templates").mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG)
    (folder / "templates" / "digest.org.j2").write_text("{{ title }}")
    return tmp_path


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (["cat"], ["catchup", "categories"]),
        (["config", "s"], ["show"]),
        (["today", "cs.DC", "math.O"], ["math.OA", "math.OC"]),
        (["today", "CS.DC"], ["cs.DC"]),
        (["today", "-f", "b"], ["bibtex"]),
        (["today", "--format=o"], ["--format=org"]),
        (["today", "--profile", ""], ["group", "my work"]),
        (["today", "--profile=m"], ["--profile=my work"]),
        (["today", "-k", "cs"], []),
        (["today", "--offl"], ["--offline"]),
        (["today", "--config", ""], [":files"]),
        (["today", "-o", "x"], [":files"]),
        (["template", "show", "digest.o"], ["digest.org.j2"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
        (["search", "not:sub"], ["not:subject:"]),
        (["search", "rule:"], ["rule:LLM serving; $(touch pwned)"]),
        (["search", "not:rule:llm"], ["not:rule:LLM serving; $(touch pwned)"]),
        (["search", "type:re"], ["type:replace", "type:replace-cross"]),
        (["search", "subject:math.OC"], ["subject:math.OC"]),
        (["show", ""], []),
        (["pdf", "--to", ""], [":files"]),
        (["starred", "--rul"], ["--rules"]),
        (["config", "--he"], ["--help"]),
        (["nonsense", ""], []),
        (["today", "--", "--offl"], []),
    ],
)
def test_what_may_stand_there_is_told(
    digest: Digest, home: Path, line: list[str], words: list[str]
) -> None:
    assert home
    ran = digest("--complete", *line)
    assert ran.code == 0
    assert [told.partition("\t")[0] for told in ran.out.splitlines()] == words


def test_what_is_wrong_with_a_configuration_is_not_said_there(digest: Digest, home: Path) -> None:
    (home / ".config" / "arxivdigest" / "config.toml").write_text("nonsense")
    for line in (("today", "--profile", ""), ("search", "rule:")):
        ran = digest("--complete", *line)
        assert (ran.code, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shells_part_is_printed(digest: Digest, shell: str) -> None:
    assert "--complete" in digest("completion", shell).out


def test_another_shell_is_refused(digest: Digest) -> None:
    ran = digest("completion", "csh")
    assert (ran.code, ran.err) == (2, "digest: SHELL is one of bash, zsh, fish\n")


BEGIN = {
    "bash": ["bash", "--noprofile", "--norc", "-i"],
    "zsh": ["zsh", "-f", "-i"],
    "fish": ["fish", "--no-config", "--interactive"],
}
LOAD = {
    "bash": "PS1='rea''dy> '; eval \"$(digest completion bash)\"",
    "zsh": "autoload -U compinit && compinit -u; PS1='rea''dy> ';"
    ' eval "$(digest completion zsh)"',
    "fish": "function fish_prompt; echo 'rea''dy> '; end; digest completion fish | source",
}


_CODES = r"\x1b(?:\[[0-9;?<=>]*[a-zA-Z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)"


class Shell:
    """A shell on a terminal of its own."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.said = ""

    def type(self, keys: str) -> None:
        self.said = ""
        os.write(self._descriptor, keys.encode())

    def expect(self, pattern: str, seconds: float = 40) -> str:
        """What the shell said until the pattern came; its colours and cursors left out."""
        end = monotonic() + seconds
        while not re.search(pattern, self.plain):
            ready, _, _ = select.select([self._descriptor], [], [], max(0, end - monotonic()))
            assert ready, f"no {pattern} in {self.plain!r}"
            part = os.read(self._descriptor, 65536).decode("utf-8", "replace")
            if "\x1b[c" in part or "\x1b[0c" in part:  # fish asks what terminal this is
                os.write(self._descriptor, b"\x1b[?62;c")
            self.said += part
        return self.plain

    @property
    def plain(self) -> str:
        return re.sub(_CODES, "", self.said).replace("\x07", "")


@contextmanager
def begun(name: str, home: Path) -> Iterator[Shell]:
    program = Path(sys.executable).parent
    environment = {
        "PATH": f"{program}:{os.environ['PATH']}",
        "HOME": str(home),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "PAGER": "cat",
    }
    process, descriptor = pty.fork()
    if not process:
        os.chdir(home)
        os.execvpe(BEGIN[name][0], BEGIN[name], environment)  # noqa: S606 - a shell is what is tried
    try:
        shell = Shell(descriptor)
        shell.type(f"{LOAD[name]}\n")
        shell.expect("ready> ")
        yield shell
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(descriptor)


@pytest.mark.parametrize("name", BEGIN)
def test_a_real_shell_completes(name: str, home: Path) -> None:
    if which(name) is None:
        pytest.skip(f"there is no {name} here")
    with begun(name, home) as shell:
        for begin, end in (
            ("categ", "categories "),
            ("today math.O\t", "math.OA.*math.OC|math.OC"),
            ("today -f ndj", "ndjson "),
            ("today --profile my", r"my\\ work|'my work'"),
            ("today --profile 'my", r"'my work'"),
            ('search "KV cache" author:\t', r"author:(?!'')"),
            ("search author", "author:"),
            ("search rule:LLM", r"rule.*LLM.*serving.*pwned"),
            ("search not:su", "not:subject:"),
            ("search subject:math.O\t", r"math\.OA.*math\.OC|math\.OC"),
        ):
            shell.type(f"\x15digest {begin}\t")
            shell.expect(f"(?s){end}")
        shell.type(f"\x15digest today --from {PAGE} -k 'KV cache' --format text\n")
        shell.expect(r"(?s)match.*ready> ")
        shell.type("\x15digest show 2507.074\t")
        shell.expect(r"2507\.07400")
    assert not (home / "pwned").exists()
