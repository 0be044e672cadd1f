import pytest
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.text.addresses import shown

NAME, PASSWORD = "ann", "s3cret-canary"
ANY = st.text(st.characters(), max_size=20)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://arxiv.org/list/cs.DC/new", "https://arxiv.org/list/cs.DC/new"),
        ("https://arxiv.org/catchup/cs.DC/2026-05-05?abs=True", None),
        ("http://ann:s3cret-canary@mirror/rss", "http://mirror/rss"),
        ("http://ann@mirror", "http://mirror"),
        ("HTTP://a:b@c@mirror:8000/x@y", "HTTP://mirror:8000/x@y"),
        ("http://ann:s3cret/canary@mirror/rss", "http://mirror/rss"),
        ("http://ann:#s3cret-canary@mirror", "http://mirror"),
        ("//ann:s3cret-canary@mirror", "//mirror"),
        ("ann:s3cret-canary@mirror/rss", "mirror/rss"),
        ("http://mirror:8000/me@home", None),
        ("http://[::1]:8000/me@home", None),
        ("http://mirror/rss?token=s3cret&page=2", "http://mirror/rss?token=...&page=2"),
        ("http://mirror/?api_key=s3cret", "http://mirror/?api_key=..."),
        ("saved@home.html", None),
        ("/home/me@x/saved.html", None),
        ("", None),
        ("http://\x1b[31m", "http://[31m"),
    ],
)
def test_an_address_is_shown_without_what_is_secret(address: str, expected: str | None) -> None:
    assert shown(address) == (address if expected is None else expected)


@given(before=ANY, after=ANY, scheme=st.sampled_from(["http://", "https://", "HTTP://", "//"]))
def test_no_password_is_shown_whatever_stands_around_it(
    before: str, after: str, scheme: str
) -> None:
    before = before.replace("@", "").replace("/", "").replace("\\", "")
    assert PASSWORD not in shown(f"{scheme}{before}:{PASSWORD}@{after}")


@given(text=ANY)
def test_what_is_shown_is_one_safe_line(text: str) -> None:
    assert "\n" not in shown(text)
    assert shown(shown(text)).isprintable() or not shown(text).isprintable()
