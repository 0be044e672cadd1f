"""What is secret in an address is kept: no error, no format, no message and no file has it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from fake_arxiv import FakeArxiv
from fake_smtp import FakeSmtp
from mornings import Mine
from ran import Digest

from arxivdigest import config, reading
from arxivdigest.errors import DigestError
from arxivdigest.fetch import http
from arxivdigest.reading import Request

CANARY = "s3cret-canary"
NAME = "ann-canary"
SECRET = f"{NAME}:{CANARY}@"

FAULTS: dict[str, Callable[[FakeArxiv], None]] = {
    "nothing": lambda _: None,
    "503": lambda arxiv: arxiv.fault("/", "status", status=503),
    "503 for long": lambda arxiv: arxiv.fault(
        "/", "status", status=503, headers={"Retry-After": "600"}
    ),
    "403": lambda arxiv: arxiv.fault("/", "status", status=403),
    "404": lambda arxiv: arxiv.fault("/", "status", status=404),
    "hang-up": lambda arxiv: arxiv.fault("/", "hang-up"),
    "cut": lambda arxiv: arxiv.fault("/", "cut"),
    "cut-gzip": lambda arxiv: arxiv.fault("/", "cut-gzip"),
    "portal": lambda arxiv: arxiv.fault("/", "body", body=b"<html><title>Hello</title></html>"),
    "redirect inside": lambda arxiv: arxiv.fault("/", "redirect", to=f"http://{SECRET}10.0.0.1/x"),
    "redirect to nothing": lambda arxiv: arxiv.fault("/", "redirect", to=f"ftp://{SECRET}x/"),
    "redirects": lambda arxiv: arxiv.fault("/", "redirect", to="/rss/cs.DC"),
    "feed": lambda arxiv: arxiv.fault("/rss", "status", status=404),
    "refusal": lambda arxiv: arxiv.fault("/", "status", status=400),
}


def assert_kept(folder: Path, *told: str) -> None:
    written = [path.read_bytes() for path in folder.rglob("*.sqlite*")]
    for text in (*told, *(data.decode("latin-1") for data in written)):
        assert CANARY not in text
        assert NAME not in text


def secret(address: str) -> str:
    return address.replace("://", f"://{SECRET}")


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("source", ["auto", "feed", "page", "place"])
def test_no_password_of_a_mirror_is_told_or_stored(
    fault: Callable[[FakeArxiv], None], source: str, arxiv: FakeArxiv, tmp_path: Path
) -> None:
    fault(arxiv)
    settings = arxiv.settings("auto" if source == "place" else source)
    settings = settings._replace(site=secret(arxiv.url), feeds=secret(arxiv.url))
    place = secret(f"{arxiv.url}/rss/cs.DC?token={CANARY}") if source == "place" else None
    said: list[str] = []
    world = arxiv.world(tmp_path / "state", said=said, complaints=said)
    for _ in range(2):  # the second time with what the first one stored
        try:
            gathered = reading.read(Request(place, ("cs.DC",), settings, refresh=True), world)
        except DigestError as error:
            said.append(str(error))
        else:
            said.append(repr(gathered))
    assert_kept(tmp_path, *said)
    assert arxiv.requests[0].headers["authorization"].startswith("Basic ")


def test_no_password_of_a_mirror_is_shown_or_sent(
    mine: Mine, arxiv: FakeArxiv, tmp_path: Path
) -> None:
    with FakeSmtp() as server:
        mine.configure(port=server.port)
        path = mine.folder / "mine.toml"
        path.write_text(path.read_text("utf-8").replace(arxiv.url, secret(arxiv.url)), "utf-8")
        arxiv.fault("/rss", "status", status=404)
        for arguments in (
            ["today", "--format", "markdown"],
            ["today", "--refresh", "--format", "json"],
            ["send"],
            ["config", "show"],
        ):
            ran = mine(*arguments)
            assert ran.code == 0
            assert_kept(tmp_path / ".local", ran.out, ran.err)
        assert_kept(tmp_path / ".local", repr(vars(server)))


@pytest.mark.parametrize(
    "address",
    [
        f"http://{SECRET}127.0.0.1:1/",
        f"https://{SECRET}127.0.0.1:1/",
        f"http://{SECRET}[",
        f"http://{SECRET}a b/",
        f"http://{SECRET}",
        f"http://{NAME}:#{CANARY}@mirror/",
        f"http://{NAME}:/{CANARY}@mirror/",
        f"ftp://{SECRET}mirror/rss",
        f"http://127.0.0.1:1/?key={CANARY}",
    ],
)
@pytest.mark.parametrize("proxy", [None, f"http://{SECRET}127.0.0.1:1", f"pelican://{SECRET}x"])
def test_no_password_of_what_cannot_be_asked_is_told(
    tmp_path: Path, address: str, proxy: str | None
) -> None:
    environment = {"ALL_PROXY": proxy} if proxy else {}
    with pytest.raises(DigestError) as raised:
        http.get(address, environment=environment)
    assert_kept(tmp_path, str(raised.value))
    with pytest.raises(DigestError) as raised:
        config.read(f'fetch = {{ site = "x{address}" }}', "c.toml")
    assert_kept(tmp_path, str(raised.value))


def test_a_file_that_looks_like_an_address_is_not_quoted_with_its_password(
    digest: Digest, tmp_path: Path
) -> None:
    ran = digest("today", "--from", f"{SECRET}mirror/rss")
    assert ran.errors == ["digest: mirror/rss: no such file or directory"]
    assert_kept(tmp_path)
