"""The ready-made examples: each held to the program that reads it, as far as the machine has it."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from shutil import which
from typing import Any, NamedTuple

import pytest
from ruamel.yaml import YAML

from arxivdigest.arxiv import schedule
from arxivdigest.cli import places

PROJECT = Path(__file__).parent.parent
EXAMPLES = PROJECT / "examples"
LISTING = EXAMPLES / "cs.DC-2025-07-11.html"
CONFIG = EXAMPLES / "config.toml"
SYSTEM = "/usr/local/bin:/usr/bin:/bin"

# Stands in for `digest`: says what it was called with, and ends as it is told.
RECORDER = """#!/bin/sh
echo "$@" >> "$HOME/calls"
cat "$HOME/says"
exit "$(cat "$HOME/code")"
"""


def program(name: str) -> str:
    found = which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def read(name: str) -> str:
    return (EXAMPLES / name).read_text(encoding="utf-8")


class Home(NamedTuple):
    """A person's home, with `digest` in ~/.local/bin."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        tools = self.folder / ".local" / "bin"
        return {
            "HOME": str(self.folder),
            "PATH": f"{tools}:{SYSTEM}",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
            "XDG_RUNTIME_DIR": str(self.folder),
        }

    @property
    def calls(self) -> list[str]:
        calls = self.folder / "calls"
        return calls.read_text().splitlines() if calls.exists() else []

    def install(self, script: str) -> None:
        tool = self.folder / ".local" / "bin" / "digest"
        tool.parent.mkdir(parents=True, exist_ok=True)
        tool.write_text(script)
        tool.chmod(0o700)

    def record(self, says: str = "", code: int = 0) -> None:
        """Have `digest` say this and end with this exit code."""
        (self.folder / "says").write_text(says)
        (self.folder / "code").write_text(str(code))
        self.install(RECORDER)

    def run(self, *command: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*map(str, command)],
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            env=self.environment,
            cwd=self.folder,
            check=False,
            timeout=60,
        )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path)
    made.install(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m arxivdigest "$@"\n')
    return made


def test_the_readme_beside_them_names_every_file() -> None:
    lines = re.findall(r"^- (`.*?`):", read("README.md"), re.MULTILINE)
    named = [set(EXAMPLES.glob(name)) for line in lines for name in re.findall(r"`(.*?)`", line)]
    assert all(named)
    assert set().union(*named) == set(EXAMPLES.iterdir()) - {EXAMPLES / "README.md"}


# What a shell is given, wherever it stands


def cron_lines() -> list[str]:
    """The lines of the crontab that run something, those to choose from too."""
    return re.findall(r"^#?(\d.*)$", read("crontab"), re.MULTILINE)


def cron_command(line: str) -> str:
    """What cron gives to the shell: what is after the five fields, up to an unescaped `%`."""
    command = line.split(maxsplit=5)[5]
    assert not re.search(r"(?<!\\)%", command)
    return command.replace("\\%", "%")


def scripts() -> dict[str, tuple[str, str]]:
    """Each piece of shell in the examples: where it is, for which shell, and what it says."""
    found = {"aliases.sh": ("sh", read("aliases.sh"))}
    for number, line in enumerate(cron_lines(), 1):
        found[f"crontab {number}"] = ("sh", cron_command(line))
    (job,) = YAML(typ="safe", pure=True).load(read("github-workflow.yml"))["jobs"].values()
    for step in job["steps"]:
        if "run" in step:
            found[step["name"]] = ("bash", step["run"])
    for number, block in enumerate(re.findall(r"```sh\n(.*?)```", read("msmtp.md"), re.DOTALL), 1):
        found[f"msmtp.md {number}"] = ("bash" if "pipefail" in block else "sh", block)
    return found


@pytest.mark.parametrize("place", scripts())
def test_shellcheck_finds_nothing(place: str, home: Home) -> None:
    shell, script = scripts()[place]
    ran = home.run(program("shellcheck"), f"--shell={shell}", "-", stdin=f"{script}\n")
    assert (ran.returncode, ran.stdout) == (0, "")


SHOWING = ["config check", "today", "today --format", "today --offline", "today --output"]
SHOWING += ["today --skip-empty", "catchup"]
SHOWING += ["catchup --format", "catchup --quiet", "catchup --skip-empty"]
DELIVERING = ["ack", "send", "send --if-any", "send --all-profiles", "today --unseen"]


def commands() -> set[str]:
    """Each command in the examples, and each of its options after it."""
    pieces = [script.replace('digest" ', "digest ") for _, script in scripts().values()]
    pieces += [read("digest.service"), *re.findall(r"`(digest .*?)`", read("msmtp.md"))]
    code = re.sub(r"^#.*", "", "\n".join([*pieces, read("aliases.fish")]), flags=re.MULTILINE)
    found = set()
    for name, rest in re.findall(r"\bdigest (config check|\w+)((?: [\w-]+)*)", code):
        found |= {name, *(f"{name} {option}" for option in re.findall(r"--[\w-]+", rest))}
    return found


def test_the_commands_in_the_examples_are_these() -> None:
    assert sorted(commands()) == sorted(SHOWING + DELIVERING)


@pytest.mark.parametrize("command", SHOWING + DELIVERING)
def test_the_program_knows_the_command(command: str, home: Home) -> None:
    name, _, option = command.partition(" --")
    helped = home.run("digest", *name.split(), "--help")
    assert helped.returncode == 0, helped.stderr
    assert not option or re.search(rf"--{option}\b", helped.stdout)


# Shells

SHELLS = {
    "bash": ["bash", "--norc", "-O", "expand_aliases"],
    "dash": ["dash"],
    "zsh": ["zsh", "-f"],
    "fish": ["fish", "--no-config"],
}


def in_shell(shell: str, line: str, home: Home) -> subprocess.CompletedProcess[str]:
    """The line, run where the aliases were read."""
    command, *options = SHELLS[shell]
    aliases = EXAMPLES / ("aliases.fish" if shell == "fish" else "aliases.sh")
    script = home.folder / "script"
    script.write_text(f". {aliases}\n{line}\n")
    return home.run(program(command), *options, script)


@pytest.mark.parametrize("shell", SHELLS)
def test_papers_is_what_digest_today_shows(shell: str, home: Home) -> None:
    options = ["--from", str(LISTING), "--config", str(CONFIG), "--quiet"]
    ran = in_shell(shell, shlex.join(["papers", *options]), home)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == home.run("digest", "today", *options).stdout
    assert len(ran.stdout.splitlines()) == 8


@pytest.mark.parametrize("shell", SHELLS)
def test_papers_page_writes_a_page(shell: str, home: Home) -> None:
    line = shlex.join(["papers-page", "--from", str(LISTING), "--config", str(CONFIG), "--quiet"])
    ran = in_shell(shell, line, home)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    page = (home.folder / "papers.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("code", "calls"), [(0, ["today --unseen", "ack"]), (75, ["today --unseen"])]
)
def test_unread_acknowledges_what_was_shown(
    shell: str, code: int, calls: list[str], home: Home
) -> None:
    home.record(code=code)
    assert in_shell(shell, "unread", home).returncode == code
    assert home.calls == calls


# cron


def dry_run(text: str, home: Home) -> subprocess.CompletedProcess[str]:
    """What cron says to a crontab, without installing it."""
    crontab = program("crontab")
    asked = home.run(crontab, "-?")
    usage = asked.stdout + asked.stderr
    options = {"-n": "dry run", "-T": "test"}  # Debian's, and cronie's
    option = next(
        (one for one, what in options.items() if re.search(rf"{one}\b.*{what}", usage)), None
    )
    if option is None:
        pytest.skip("this crontab cannot check without installing")
    file = home.folder / "crontab"
    file.write_text(text, encoding="utf-8")
    return home.run(crontab, option, file)


def test_cron_takes_the_crontab(home: Home) -> None:
    checked = dry_run(read("crontab"), home)
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("line", cron_lines())
def test_cron_takes_each_line(line: str, home: Home) -> None:
    assert dry_run(f"{line}\n", home).returncode == 0
    assert dry_run(f"61{line}\n", home).returncode != 0


def cron_settings() -> dict[str, str]:
    return dict(re.findall(r"^(\w+)=(.*)$", read("crontab"), re.MULTILINE))


def test_cron_expands_nothing_in_the_settings() -> None:
    assert cron_settings()["PATH"] == SYSTEM
    assert not any("$" in value or "~" in value for value in cron_settings().values())


@pytest.mark.parametrize("line", [line for line in cron_lines() if "send" in line])
@pytest.mark.parametrize(
    ("code", "mailed"), [(0, ""), (75, "digest: 100 % of \\n is lost\nfor Zoë\n")]
)
def test_cron_mails_what_goes_wrong_alone(line: str, code: int, mailed: str, home: Home) -> None:
    home.record("digest: 100 % of \\n is lost\nfor Zoë\n", code)
    settings = cron_settings()
    ran = subprocess.run(
        [settings["SHELL"], "-c", cron_command(line)],
        env={"HOME": str(home.folder), **settings},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (ran.stdout.decode(), ran.stderr) == (mailed, b"")
    assert home.calls == [re.findall(r'/digest" ([^>)]*?)(?: 2>&1)?\)', line)[0]]


# systemd


def units(home: Home) -> list[Path]:
    """The two units where a user has them."""
    folder = home.folder / ".config" / "systemd" / "user"
    folder.mkdir(parents=True)
    files = [folder / "digest.service", folder / "digest.timer"]
    for file in files:
        file.write_text(read(file.name), encoding="utf-8")
    return files


def test_systemd_takes_the_units(home: Home) -> None:
    ran = home.run(program("systemd-analyze"), "verify", "--user", "--man=no", *units(home))
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize(
    ("right", "wrong", "named"),
    [("15min\n", "soon\n", "soon"), ("Persistent", "Persistnt", "Persistnt")],
)
def test_systemd_would_say_what_is_wrong(right: str, wrong: str, named: str, home: Home) -> None:
    files = units(home)
    for file in files:
        file.write_text(file.read_text(encoding="utf-8").replace(right, wrong), encoding="utf-8")
    ran = home.run(program("systemd-analyze"), "verify", "--user", "--man=no", *files)
    assert named in ran.stderr


def test_systemd_finds_no_command_elsewhere(home: Home) -> None:
    (home.folder / ".local" / "bin" / "digest").unlink()
    ran = home.run(program("systemd-analyze"), "verify", "--user", "--man=no", *units(home))
    assert ran.returncode != 0
    assert f"{home.folder}/.local/bin/digest is not executable" in ran.stderr


def test_the_service_tries_again_only_what_may_get_better() -> None:
    from arxivdigest import errors

    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = {kind.exit_code for kind in kinds if issubclass(kind, errors.DigestError)}
    given_up = re.findall(r"^RestartPreventExitStatus=(.*)$", read("digest.service"), re.MULTILINE)
    assert {str(code) for code in codes} == {*given_up[0].split(), "75"}
    assert "SuccessExitStatus" not in read("digest.service")


# When arXiv has announced, in summer and in winter

MONDAYS = [date(2026, 7, 13), date(2026, 11, 16)]


@pytest.mark.parametrize("monday", MONDAYS)
@pytest.mark.parametrize("calendar", re.findall(r"OnCalendar=(.*)", read("digest.timer")))
def test_the_timer_waits_over_the_weekend(calendar: str, monday: date, home: Home) -> None:
    base = f"--base-time={monday - timedelta(days=2)} 12:00:00"
    ran = home.run(program("systemd-analyze"), "calendar", base, calendar)
    found = re.search(r"Next elapse: \w+ (\S+ \S+) UTC", ran.stdout)
    assert found, ran.stderr
    at = datetime.fromisoformat(found[1]).replace(tzinfo=UTC)
    assert at.date() == monday
    assert schedule.newest(at, ()).day == monday


@pytest.mark.parametrize("monday", MONDAYS)
@pytest.mark.parametrize("weekday", range(5))
def test_when_the_workflow_runs_arxiv_has_announced(monday: date, weekday: int) -> None:
    day = monday + timedelta(days=weekday)
    assert schedule.newest(datetime.combine(day, time(4, 37), UTC), ()).day == day


# GitHub Actions


@pytest.fixture
def workflow() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe", pure=True).load(read("github-workflow.yml"))
    return loaded


@pytest.fixture
def steps(workflow: dict[str, Any]) -> list[dict[str, Any]]:
    (job,) = workflow["jobs"].values()
    found: list[dict[str, Any]] = job["steps"]
    return found


def test_the_workflow_may_do_little_and_not_for_long(workflow: dict[str, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"] == {"group": "arxiv-digest", "cancel-in-progress": False}
    assert [job["timeout-minutes"] for job in workflow["jobs"].values()] == [45]


def test_the_workflow_runs_after_the_announcement_and_when_asked(workflow: dict[str, Any]) -> None:
    assert workflow["on"] == {"schedule": [{"cron": "37 4,7 * * 1-5"}], "workflow_dispatch": None}


def test_only_the_step_that_sends_knows_the_password(
    workflow: dict[str, Any], steps: list[dict[str, Any]]
) -> None:
    knowing = [step for step in steps if "secrets" in repr(step)]
    assert [step["run"] for step in knowing] == ["digest send --if-any"]
    assert knowing[0]["env"] == {"SMTP_PASSWORD": "${{ secrets.SMTP_PASSWORD }}"}
    assert repr(workflow).count("secrets") == 1
    assert next(step for step in steps if "checkout" in step.get("uses", ""))["with"] == {
        "persist-credentials": False
    }


def test_the_state_is_restored_first_and_always_kept(
    steps: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [str(step.get("uses") or step["run"]).partition("@")[0] for step in steps]
    restore = steps[names.index("actions/cache/restore")]["with"]
    save = steps[names.index("actions/cache/save")]
    assert names.index("actions/cache/restore") < names.index("digest send --if-any")
    assert names.index("actions/cache/save") == len(names) - 1
    assert save["if"] == "${{ always() }}"
    assert save["with"] == {key: restore[key] for key in ("path", "key")}
    assert restore["key"].startswith(restore["restore-keys"])
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    if sys.platform == "linux":
        assert places.state_folder() == Path(restore["path"]).expanduser()


def test_the_configuration_in_the_workflow_reads_the_password_it_is_given() -> None:
    lines = re.findall(r"^#   (.*)$", read("github-workflow.yml"), re.MULTILINE)
    smtp = tomllib.loads("\n".join(lines))["email"]["smtp"]
    assert smtp["security"] == "starttls"
    ran = subprocess.run(
        shlex.split(smtp["password_command"]),
        env={"PATH": os.environ["PATH"], "SMTP_PASSWORD": "canary"},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert ran.stdout == b"canary\n"
