import gzip
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from ran import Digest

EXAMPLES = Path(__file__).parents[2] / "examples"
PAGE = EXAMPLES / "cs.DC-2025-07-11.html"
CONFIG = EXAMPLES / "config.toml"
FORMATS = ["table", "plain", "markdown", "html", "text", "json", "email"]

FEED = """\
<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"\
 version="2.0">
  <channel>
    <title>cs.DC updates on arXiv.org</title>
    <description>cs.DC updates on the arXiv.org e-print archive.</description>
    <pubDate>Fri, 11 Jul 2025 00:00:00 -0400</pubDate>
    <item>
      <title>On {title}</title>
      <link>https://arxiv.org/abs/2507.00001</link>
      <description>arXiv:2507.00001v1 Announce Type: new
Abstract: A $\\lambda$-cache, by M\\"uller; naïve 数学.</description>
      <guid isPermaLink="false">oai:arXiv.org:2507.00001v1</guid>
      <category>cs.DC</category>
      <arxiv:announce_type>new</arxiv:announce_type>
      <dc:creator>Zoë Müller, 王伟</dc:creator>
    </item>
  </channel>
</rss>
"""


def feed(title: str = "caches") -> bytes:
    return FEED.replace("{title}", title).encode()


def run(
    arguments: Sequence[str | Path],
    *,
    stdin: int = subprocess.DEVNULL,
    stdout: int = subprocess.PIPE,
    redirection: str = "",
) -> subprocess.CompletedProcess[bytes]:
    """The command with file descriptors of its own; `redirection` is a shell's."""
    command = [sys.executable, "-m", "arxivdigest", *map(str, arguments)]
    return subprocess.run(
        ["sh", "-c", f'exec "$@" {redirection}', "sh", *command],
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(EXAMPLES),
            "XDG_CACHE_HOME": os.devnull,  # nothing is to be left among the examples
            "XDG_STATE_HOME": os.devnull,
            "PYTHONWARNINGS": "error",
        },
        check=False,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "this is empty"),
        (b" \n\n", "this is empty"),
        (bytes(range(256)) * 100, "this is binary data, not a page or a feed of arXiv's"),
        (b"\x00" * 17_000_000, "this is larger than 16 MiB, and so no listing of arXiv's"),
        (gzip.compress(feed()), "this is compressed; unpack it first, as in: gzip -dc FILE | "),
        (b"hello\x1b[2J\nworld", "this is neither a page nor a feed of arXiv's; it begins: "),
        (feed()[:-200], "the feed is damaged or cut off: "),
        (feed()[:100], "the feed is damaged or cut off: "),
        (b"<!DOCTYPE html><html><h1>Oops</h1></html>", "this is a page, but not one of arXiv's"),
        (
            b"<!DOCTYPE html><html><a href='https://arxiv.org'>arXiv</a><h1>Invalid date</h1>",
            'arXiv refused: "Invalid date"',
        ),
        (
            feed().replace(b" updates on arXiv.org", b" News\x1b[0m"),
            "the feed is damaged or cut off: ",
        ),
        (
            feed().replace(b" updates on arXiv.org", b" News"),
            'this is a feed, but not one of arXiv\'s: "cs.DC News"',
        ),
        (
            feed().replace(b"<rss", b'<!DOCTYPE r [<!ENTITY x SYSTEM "/etc/passwd">]><rss'),
            "this is XML with a DOCTYPE, which no feed of arXiv's has",
        ),
        (b"<?xml version='1.0'?><svg/>", "this is XML, but not a feed"),
        (PAGE.read_bytes()[:300], "this page is cut off before its first entry"),
        (
            PAGE.read_bytes()[:300] + b"</div></body></html>",
            "this page of arXiv has no entries, and does not say why",
        ),
    ],
    ids=lambda given: given[:40] if isinstance(given, str) else "",
)
@pytest.mark.parametrize("from_stdin", [True, False], ids=["stdin", "file"])
def test_what_is_no_listing_is_one_line_and_exit_code_1(
    digest: Digest, tmp_path: Path, content: bytes, error: str, *, from_stdin: bool
) -> None:
    (tmp_path / "saved").write_bytes(content)
    if from_stdin:
        ran = digest("today", "--from", "-", stdin=content)
    else:
        ran = digest("today", "--from", "saved")
    (line,) = ran.errors
    assert line.startswith(f"digest: {'standard input' if from_stdin else 'saved'}: {error}")
    assert "\x1b" not in line
    assert (ran.out, ran.code) == ("", 1)


def test_a_page_that_says_to_come_back_is_exit_code_75(digest: Digest, tmp_path: Path) -> None:
    (tmp_path / "saved").write_text(
        "<html><title>arXiv</title><h1>503: Service unavailable</h1></html>", encoding="utf-8"
    )
    ran = digest("today", "--from", "saved")
    assert ran.errors == [
        (
            'digest: saved: arXiv answered with an error: "503: Service unavailable";'
            " try again in a few minutes"
        )
    ]
    assert (ran.out, ran.code) == ("", 75)


def test_a_huge_file_is_not_read_to_its_end(digest: Digest, tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(100_000_000)
    ran = digest("today", "--from", "huge")
    assert ran.errors == ["digest: huge: this is larger than 16 MiB, and so no listing of arXiv's"]
    assert (ran.out, ran.code) == ("", 1)


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("none", "none: no such file or directory"),
        (".", ".: this is a directory, not a saved page or feed"),
        ("n" * 300, f"{'n' * 300}: file name too long"),
        (
            "\x1b]0;pwned\x07\x1b[2Jnone\ndigest: all is well",
            ("]0;pwned[2Jnone digest: all is well: no such file or directory"),
        ),
        ("none\u202e\u2028\x9b", "none : no such file or directory"),
        ("ftp://arxiv.org/list", "ftp://arxiv.org/list: no such file or directory"),
        ("http://", "http:// is no address to fetch from; it must begin with https://"),
        ("https://[", "https://[ is no address to fetch from; it must begin with https://"),
        ("HTTPS://[", "HTTPS://[ is no address to fetch from; it must begin with https://"),
    ],
)
@pytest.mark.parametrize("command", [["today"], ["why", "2507.00001"]])
def test_a_place_that_cannot_be_read_is_one_line(
    digest: Digest, command: list[str], name: str, error: str
) -> None:
    ran = digest(*command, "--from", name)
    assert ran.errors == [f"digest: {error}"]
    assert ran.out == ""
    assert ran.code == (2 if name.lower().startswith(("http://", "https://")) else 1)


@pytest.mark.parametrize("option", ["--config", "--output"])
def test_the_name_of_any_file_is_made_safe(digest: Digest, option: str) -> None:
    name = "\x1b[2Jno\nwhere/x"
    ran = digest("today", "--from", PAGE, option, name)
    (line,) = ran.errors
    assert "[2Jno where/x" in line
    assert "\x1b" not in line
    assert ran.out == ""


def test_a_name_that_is_not_utf_8_is_no_crash(digest: Digest) -> None:
    name = os.fsdecode(b"caf\xe9.toml")
    for arguments in (["config", "check"], ["today", "--from", str(PAGE)], ["init"]):
        ran = digest(
            *arguments, "-c", f"none/{name}" if arguments != ["init"] else f"{PAGE}/{name}"
        )
        assert len(ran.errors) == 1
        assert ran.code in (1, 2)
    ran = digest("config", "check", environment={"ARXIVDIGEST_CONFIG": name})
    assert len(ran.errors) == 1
    assert ran.code == 2


def test_the_path_of_a_configuration_is_printed_as_it_is() -> None:
    name = b"/caf\xe9/x.toml"
    command = [sys.executable, "-m", "arxivdigest", "config", "path"]
    environment = {b"PATH": os.environb[b"PATH"], b"ARXIVDIGEST_CONFIG": name}
    assert subprocess.check_output(command, env=environment, timeout=60) == name + b"\n"


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_title_cannot_steer_the_terminal(digest: Digest, format_name: str) -> None:
    hostile = "red \u202eherring\u009b2J [/x] [link=x]y :smile: &#x85; &lt;b&gt;"
    ran = digest(
        "today", "--from", "-", "-c", CONFIG, "--all", "-f", format_name, stdin=feed(hostile)
    )
    assert ran.code == 0
    assert not set(ran.out) & set("\x1b\x9b\u202e\x85")


@pytest.mark.parametrize("format_name", FORMATS)
def test_a_terminal_that_knows_ascii_only_is_no_failure(digest: Digest, format_name: str) -> None:
    ran = digest(
        *("today", "--from", "-", "-c", CONFIG, "-k", "cache", "-f", format_name, "--abstracts"),
        stdin=feed("naïve 数学"),
        environment={"PYTHONIOENCODING": "ascii"},
    )
    assert ran.code == 0
    assert "2507.00001" in ran.out
    assert ran.errors == ["Fri 11 Jul 2025, cs.DC: 1 entry (1 new) from the feed; 1 matches."]


whatever_prints = pytest.mark.parametrize(
    "arguments",
    [
        ["categories"],
        ["config", "show", "-c", CONFIG],
        ["config", "path"],
        ["config", "check"],
        ["why", "2507.07400", "--from", PAGE],
        ["--version"],
        [],
        *(["today", "--from", PAGE, "-f", name] for name in ("table", "plain", "html", "json")),
    ],
    ids=lambda arguments: " ".join(map(str, arguments[-2:])),
)


@whatever_prints
def test_a_closed_pipe_ends_quietly(arguments: list[str | Path]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ran = run(arguments, stdout=writer)
    os.close(writer)
    assert (ran.stderr, ran.returncode) == (b"", 0)


@whatever_prints
def test_a_full_disk_is_one_line_and_exit_code_1(arguments: list[str | Path]) -> None:
    ran = run(arguments, redirection=">/dev/full")
    assert ran.stderr == b"digest: standard output cannot be written: No space left on device\n"
    assert ran.returncode == 1


@whatever_prints
def test_a_closed_standard_output_is_one_line_and_exit_code_1(
    arguments: list[str | Path],
) -> None:
    ran = run(arguments, redirection=">&-")
    assert ran.stderr == b"digest: standard output is closed; give --output FILE, or a pipe\n"
    assert ran.returncode == 1


def test_help_on_a_full_disk_is_one_line() -> None:
    ran = run(["--help"], redirection=">/dev/full")
    assert (ran.stderr, ran.returncode) == (b"digest: No space left on device\n", 1)


def test_a_file_is_written_also_where_standard_output_is_closed(tmp_path: Path) -> None:
    ran = run(["today", "--from", PAGE, "-q", "-o", tmp_path / "lines"], redirection=">&-")
    assert (ran.stderr, ran.returncode) == (b"", 0)
    assert len((tmp_path / "lines").read_bytes().splitlines()) == 14


@pytest.mark.parametrize("redirection", ["2>&-", "2>/dev/full"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["today", "--from", PAGE], 0),
        (["today", "--from", "none"], 1),
        (["today", "cs.DCX"], 2),
        (["tody"], 2),
    ],
)
def test_where_nobody_hears_complaints_the_exit_code_says_it(
    arguments: list[str | Path], redirection: str, code: int
) -> None:
    ran = run(arguments, redirection=redirection)
    assert ran.returncode == code
    assert len(ran.stdout.splitlines()) == (14 if code == 0 else 0)


def test_standard_input_that_is_closed_or_a_keyboard_is_said() -> None:
    master, slave = pty.openpty()
    said = (
        b"digest: --from - reads standard input, and there is only a keyboard;"
        b" pipe a page into it\n"
    )
    for ran in (
        run(["today", "--from", "-"], stdin=slave),
        run(["today", "--from", "-"], redirection="<&-"),
    ):
        assert (ran.stdout, ran.stderr, ran.returncode) == (b"", said, 2)
    os.close(slave)
    os.close(master)


def interrupted(process: "subprocess.Popen[bytes]") -> tuple[bytes, bytes]:
    """What a process prints that is interrupted, as a person does it: until it heeds it.

    Python misses an interrupt that comes just before it begins to read.
    """
    for _ in range(10):
        process.send_signal(signal.SIGINT)
        with suppress(subprocess.TimeoutExpired):
            return process.communicate(timeout=6)
    raise AssertionError("it does not heed interrupts")


def test_an_interrupt_while_it_waits_is_exit_code_130_and_no_traceback() -> None:
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "arxivdigest", "init", "-c", "none/mine.toml"],
        stdin=slave,
        stdout=slave,
        stderr=subprocess.PIPE,
    )
    assert b"Subjects" in os.read(master, 1000)
    _, err = interrupted(process)
    os.close(slave)
    os.close(master)
    assert err.strip() == b"Nothing was written."
    assert process.returncode == 130


def test_an_interrupt_while_it_reads_is_exit_code_130_and_no_traceback(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    process = subprocess.Popen(
        [sys.executable, "-m", "arxivdigest", "today", "--from", fifo],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with fifo.open("wb"):  # waits until the command has opened the other end
        out, err = interrupted(process)
    assert (out, err, process.returncode) == (b"", b"", 130)


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["today", "--from", ""], "--from"),
        (["today", "--from", str(PAGE), "--output", ""], "--output"),
        (["today", "--from", str(PAGE), "-o", ""], "--output"),
        (["pdf", "2507.07120", "--to", ""], "--to"),
        (["on", "-3", "--config", ""], "--config"),
        (["config", "check", "-c", ""], "--config"),
        (["template", "list", "--config="], "--config"),
        (["today", "--profile", ""], "--profile"),
        (["today", "--from", str(PAGE), "--format", ""], "--format"),
        (["today", "--from", str(PAGE), "-k", "pelican", "-k", ""], "--keyword"),
        (["today", "--source", ""], "--source"),
        (["send", "--to", "me@example.org", "--to", ""], "--to"),
        (["send", "--sender", ""], "--sender"),
        (["send", "cs.DC", "--since", ""], "--since"),
        (["catchup", "cs.DC", "--since", ""], "--since"),
        (["search", "pelican", "--since", ""], "--since"),
        (["init", "--subject", ""], "--subject"),
    ],
)
def test_an_option_of_a_variable_that_is_not_set_is_said(
    digest: Digest, arguments: list[str], option: str
) -> None:
    ran = digest(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"digest: {option} is empty; give it a value, or leave it out\n"
