import os
import ssl
from collections.abc import Callable
from pathlib import Path
from socket import AF_INET, AF_INET6, SOCK_STREAM, create_server

import pytest
import trustme
from fake_arxiv import FakeArxiv
from inbox import Inbox
from mornings import Mine
from ran import Digest
from raw_server import Talk, server

from arxivdigest.errors import PortalError, TryAgainError, UnreachableError
from arxivdigest.fetch import http, route
from arxivdigest.fetch.http import Limits

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx"


def saying(answer: bytes) -> Talk:
    return lambda _, send, __: send(answer)


@pytest.mark.parametrize(
    ("url", "environment", "expected"),
    [
        ("http://arxiv.org/", {}, None),
        ("http://arxiv.org/", {"http_proxy": "http://p:1"}, ("http://p:1", "http_proxy")),
        ("http://arxiv.org/", {"HTTP_PROXY": "p:1"}, ("http://p:1", "HTTP_PROXY")),
        ("https://arxiv.org/", {"HTTP_PROXY": "p:1"}, None),
        ("https://arxiv.org/", {"HTTPS_PROXY": "p:1"}, ("http://p:1", "HTTPS_PROXY")),
        ("https://arxiv.org/", {"ALL_PROXY": "socks5://p:1"}, ("socks5://p:1", "ALL_PROXY")),
        ("http://arxiv.org/", {"http_proxy": "", "HTTP_PROXY": "p:1"}, None),
        ("http://arxiv.org/", {"HTTP_PROXY": "p:1", "REQUEST_METHOD": "GET"}, None),
        ("http://arxiv.org/", {"HTTP_PROXY": "p:1", "NO_PROXY": "arxiv.org"}, None),
        ("http://rss.arxiv.org/", {"HTTP_PROXY": "p:1", "no_proxy": ".arxiv.org"}, None),
    ],
)
def test_the_proxy_is_the_one_that_the_environment_names(
    url: str, environment: dict[str, str], expected: tuple[str, str] | None
) -> None:
    assert route.proxy(url, environment) == expected


@pytest.mark.parametrize(
    ("exempt", "hosts"),
    [
        ("", ""),
        (",, ,", ""),
        ("*", "arxiv.org rss.arxiv.org localhost 10.1.2.3 ::1 fd00::1"),
        ("localhost,fd00::/8", "localhost fd00::1"),
        ("::1/128", "::1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("10.0.0.0/8", "10.1.2.3"),
        ("10.0.0.1/8", "10.1.2.3"),
        ("300.0.0.0/8,]:[,%,/,::/999,http://", ""),
        ("ARXIV.org", "arxiv.org rss.arxiv.org"),
        ("*.arxiv.org", "arxiv.org rss.arxiv.org"),
        ("arxiv.org:80", "arxiv.org rss.arxiv.org"),
        ("arxiv.org:443", ""),
        ("10.1.2.3", "10.1.2.3"),
        ("xiv.org", ""),
        (" rss.arxiv.org ", "rss.arxiv.org"),
    ],
)
def test_whatever_no_proxy_holds_it_means_what_it_can_mean(exempt: str, hosts: str) -> None:
    asked = ["arxiv.org", "rss.arxiv.org", "localhost", "10.1.2.3", "::1", "fd00::1"]
    found = [host for host in asked if route.is_exempt(host, 80, exempt)]
    assert found == [host for host in asked if host in hosts.split()]


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "2130706433", "127.1", "0x7f000001", "0177.0.0.1", "0", "10.0.0.1", "10.1"),
        *(
            "169.254.169.254",
            "100.64.0.1",
            "192.168.1.1",
            "[::1]",
            "[::]",
            "[fe80::1]",
            "[fd00::1]",
        ),
        *("[::127.0.0.1]", "[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
        *("[::ffff:0:127.0.0.1]", "[64:ff9b:1::a00:1]", "[fec0::1]"),
        *("224.0.0.1", "localhost", "LOCALHOST.", "x.localhost", "printer.local", "db.internal"),
    ],
)
def test_an_address_of_a_private_network_is_known_however_it_is_spelt(host: str) -> None:
    assert route.leads_inside(f"http://{host}/")
    assert route.leads_inside(f"http://{host}:8000/", looks_up=False)


@pytest.mark.parametrize(
    "host", ["1.1.1.1", "[2606:4700::1111]", "[64:ff9b::101:101]", "[::ffff:0:1.1.1.1]", "16843009"]
)
def test_a_public_address_is_none(host: str) -> None:
    assert not route.leads_inside(f"http://{host}/")


@pytest.mark.parametrize("place", [(AF_INET, ("127.0.0.1", 80)), (AF_INET6, ("fd00::1", 80, 0, 0))])
def test_a_name_that_resolves_inward_leads_inside(
    monkeypatch: pytest.MonkeyPatch, place: tuple[object, tuple[object, ...]]
) -> None:
    family, number = place
    found = [
        (AF_INET, SOCK_STREAM, 6, "", ("1.1.1.1", 80)),
        (family, SOCK_STREAM, 6, "", number),
    ]
    monkeypatch.setattr("socket.getaddrinfo", lambda *_, **__: found)
    assert route.leads_inside("http://innocent.example/")


def test_what_a_redirect_leads_to_is_judged_and_what_the_user_names_is_not() -> None:
    with server(saying(OK)) as inner:
        assert http.get(f"http://{inner}/").body == b"x"
        port = inner.rpartition(":")[2]
        for spelt in (
            f"http://localhost:{port}/",
            f"http://2130706433:{port}/",
            f"http://127.1:{port}",
        ):
            leading = f"HTTP/1.1 302 Found\r\nLocation: {spelt}\r\nContent-Length: 0\r\n\r\n"
            with (
                server(saying(leading.encode())) as outer,
                pytest.raises(PortalError, match=r"into a private network: .*wants a login"),
            ):
                http.get(f"http://{outer}/")


def test_a_connection_that_goes_inside_after_all_gives_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(route, "leads_inside", lambda *_, **__: False)
    with server(saying(OK)) as inner:
        leading = f"HTTP/1.1 302 Found\r\nLocation: http://{inner}/\r\nContent-Length: 0\r\n\r\n"
        with (
            server(saying(leading.encode())) as outer,
            pytest.raises(PortalError, match="into a private network"),
        ):
            http.get(f"http://{outer}/")


def dead() -> str:
    with create_server(("127.0.0.1", 0)) as taken:
        return f"127.0.0.1:{taken.getsockname()[1]}"


def test_a_proxy_that_is_dead_is_named_and_the_site_is_not() -> None:
    place = dead()
    with pytest.raises(UnreachableError) as raised:
        http.get("http://arxiv.org/", environment={"http_proxy": f"http://ann:s3cret@{place}"})
    assert str(raised.value) == (
        f"the proxy http://{place} (http_proxy) cannot be reached, or refuses (Connection refused)"
    )


def test_a_proxy_that_refuses_is_named() -> None:
    with (
        server(saying(b"HTTP/1.1 407 No\r\n\r\n")) as place,
        pytest.raises(UnreachableError, match=r"the proxy http://[\d.:]+ \(HTTPS_PROXY\) "),
    ):
        http.get("https://arxiv.org/", environment={"HTTPS_PROXY": place})


def test_a_proxy_is_used_and_is_not_judged() -> None:
    asked: list[bytes] = []

    def talk(request: bytes, send: Callable[[bytes], None], _: object) -> None:
        asked.append(request)
        send(OK)

    with server(talk) as place:
        got = http.get("http://arxiv.org/list", environment={"http_proxy": f"http://a:b@{place}"})
    assert got.body == b"x"
    assert asked[0].startswith(b"GET http://arxiv.org/list HTTP/1.1\r\n")
    assert b"Proxy-Authorization: Basic YTpi" in asked[0]


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "pelican://p", "http://[::1", "http://"])
def test_a_proxy_of_another_kind_is_named(proxy: str) -> None:
    with pytest.raises(UnreachableError, match=r"\(ALL_PROXY\) cannot be used: "):
        http.get("http://arxiv.org/", environment={"ALL_PROXY": proxy})


@pytest.fixture
def https() -> tuple[ssl.SSLContext, bytes]:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    return context, authority.cert_pem.bytes()


def asked_over_tls(context: ssl.SSLContext, environment: dict[str, str], said: list[str]) -> bytes:
    with server(lambda _, send, __: send(OK), context=context) as place:
        limits = Limits(seconds=20)
        got = http.get(f"https://{place}/", limits, environment=environment, complain=said.append)
        return got.body


def test_the_certificates_that_are_named_are_trusted(
    https: tuple[ssl.SSLContext, bytes], tmp_path: Path
) -> None:
    (tmp_path / "own.pem").write_bytes(https[1])
    said: list[str] = []
    named = {"SSL_CERT_FILE": str(tmp_path / "own.pem")}
    assert asked_over_tls(https[0], named, said) == b"x"
    assert said == []


def test_who_is_not_trusted_is_no_lack_of_a_network(https: tuple[ssl.SSLContext, bytes]) -> None:
    with pytest.raises(UnreachableError) as raised:
        asked_over_tls(https[0], {}, [])
    assert "cannot prove who it is (unable to get local issuer certificate)" in str(raised.value)
    assert "network?" not in str(raised.value)


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("kind", ["gone", "rubbish", "empty", "folder", "fifo", "zero\0"])
def test_certificates_that_are_none_are_named_by_their_variable(
    https: tuple[ssl.SSLContext, bytes], tmp_path: Path, variable: str, kind: str
) -> None:
    path = tmp_path / kind.rstrip("\0")
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind != "gone":
        path.write_text("rubbish" if kind == "rubbish" else "", encoding="utf-8")
    value = str(path) + ("\0" if "\0" in kind else "")
    with pytest.raises(UnreachableError, match=variable):
        asked_over_tls(https[0], {variable: value}, [])


@pytest.mark.parametrize("kind", ["nowhere/log", ".", "fifo"])
def test_a_log_of_keys_that_cannot_be_written_is_said_and_reading_goes_on(
    https: tuple[ssl.SSLContext, bytes], tmp_path: Path, kind: str
) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "own.pem").write_bytes(https[1])
    named = {
        "SSL_CERT_FILE": str(tmp_path / "own.pem"),
        "SSLKEYLOGFILE": str(tmp_path / kind),
    }
    said: list[str] = []
    assert asked_over_tls(https[0], named, said) == b"x"
    [line] = said
    assert line.startswith(f"the keys of connections cannot be logged in {tmp_path / kind} (SSLKEY")


ODD = {
    "NO_PROXY": "localhost,fd00::/8,::1/128,[::1],,*.,%",
    "SSL_CERT_FILE": "/nowhere.pem",
    "SSL_CERT_DIR": "/nowhere",
    "SSLKEYLOGFILE": "/nowhere/log",
}


def test_odd_variables_cost_no_digest_over_http(digest: Digest) -> None:
    with FakeArxiv() as arxiv:
        arxiv.fault("/", "body", body=b"Rate exceeded.")
        ran = digest("today", "--from", f"{arxiv.url}/rss/cs.DC", environment=ODD)
    assert ran.code == 75
    assert "Rate exceeded." in ran.err


BAD_CERTIFICATES = {"SSL_CERT_FILE": "/nowhere.pem", "SSLKEYLOGFILE": "/nowhere/log"}


@pytest.mark.parametrize(
    "odd",
    [
        {"HTTP_PROXY": "http://127.0.0.1:1"},
        {"http_proxy": "socks5://127.0.0.1:1"},
        {"ALL_PROXY": "pelican://x"},
    ],
)
def test_what_is_stored_is_shown_whatever_the_environment_says(
    mine: Mine, odd: dict[str, str]
) -> None:
    assert mine("today", "-q").code == 0
    ran = mine("today", "--refresh", NO_PROXY="", no_proxy="", **odd)
    assert ran.code == 75
    assert len(ran.out.splitlines()) == 2
    assert "the proxy " in ran.err
    assert next(iter(odd)) in ran.err


@pytest.mark.parametrize("etag", [b'"caf\xe9"', b'"caf\xc3\xa9"', b'"a b"', b"x" * 600, b'"\x7f"'])
def test_a_tag_that_cannot_be_sent_back_is_not_kept(etag: bytes) -> None:
    answer = b"HTTP/1.1 200 OK\r\nETag: " + etag + b"\r\nContent-Length: 1\r\n\r\nx"
    with server(saying(answer)) as place:
        got = http.get(f"http://{place}/")
    assert got.etag is None


@pytest.mark.parametrize("etag", ['"café"', "a\r\nX: y", " ", ""])
def test_a_tag_that_was_kept_before_does_no_harm(etag: str) -> None:
    with server(saying(OK)) as place:
        assert http.get(f"http://{place}/", etag=etag).body == b"x"


def test_a_part_is_not_the_whole() -> None:
    answer = b"HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\n\r\nx"
    with server(saying(answer)) as place:
        got = http.get(f"http://{place}/")
    assert got.is_error
    assert isinstance(got.error(), TryAgainError)


def test_waiting_mail_goes_out_whatever_the_environment_says(mine: Mine, inbox: Inbox) -> None:
    mine.configure(port=1)  # where no mail server is
    assert mine("send").code == 75
    mine.configure(port=inbox.port)
    ran = mine(
        "send", "--refresh", NO_PROXY="", HTTP_PROXY="http://127.0.0.1:1", **BAD_CERTIFICATES
    )
    assert ran.code == 75
    assert "the proxy http://127.0.0.1:1 (HTTP_PROXY) cannot be reached" in ran.err
    assert len(inbox.received) == 1


def test_a_password_that_cannot_be_had_leaves_no_doubt(mine: Mine, inbox: Inbox) -> None:
    failing = 'username = "me", password_command = "sh -c \'kill -TERM $PPID; sleep 20\'"'
    mine.configure(port=inbox.port, smtp=failing)
    assert mine("send").code == 143  # ended while it asks for the password
    mine.configure(port=inbox.port)
    assert mine("send").code == 0
    [received] = inbox.received
    assert not received.is_marked
