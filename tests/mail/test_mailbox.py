import re
from contextlib import suppress
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arxivdigest.mail import mailbox
from arxivdigest.mail.mailbox import Mailbox

LIKELY = re.compile(r"\w{1,4}( \w{1,4}){0,2} <[a-z.+-]{1,4}@[a-z.-]{1,4}>")
PIECES = st.sampled_from(
    ["a", "Ann", "Lee", "é", "数", "1", ".", "-", "+", "_", " ", "<", ">", "@", '"']
)


@pytest.mark.parametrize(
    ("written", "name", "address", "domain"),
    [
        ("me@example.org", "", "me@example.org", "example.org"),
        (" me+arxiv@localhost ", "", "me+arxiv@localhost", "localhost"),
        ("Ann Lee <ann@example.org>", "Ann Lee", "ann@example.org", "example.org"),
        ("Zoë  Żółw <zoe@example.org>", "Zoë Żółw", "zoe@example.org", "example.org"),
        ('"Lee, Ann" <ann@example.org>', "Lee, Ann", "ann@example.org", "example.org"),
        ("<me@xn--bcher-kva.example>", "", "me@xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_mailbox_is_a_name_and_an_address(
    written: str, name: str, address: str, domain: str
) -> None:
    found = mailbox.read(written)
    assert found == Mailbox(name, address)
    assert found.domain == domain


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("me", '"me" is not an e-mail address, such as me@example.org'),
        ("a@example.org, b@example.org", '"a@example.org, b@example.org" is not an e-mail address'),
        ("mé@example.org", '"mé@example.org" is not an e-mail address in ASCII; write a domain'),
        (f"{'a' * 250}@b.cd", "is not an e-mail address: it is longer than 254 letters"),
    ],
)
def test_what_is_no_mailbox_is_said_with_the_reason(written: str, message: str) -> None:
    with pytest.raises(ValueError, match="is not an e-mail address") as raised:
        mailbox.read(written)
    assert message in str(raised.value)


@given(written=st.lists(PIECES, max_size=12).map("".join) | st.from_regex(LIKELY, fullmatch=True))
@example(written="a b <a@b>")
def test_a_mailbox_is_read_as_the_standard_library_does(written: str) -> None:
    with suppress(ValueError):
        assert mailbox.read(written) == parseaddr(" ".join(written.split()))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "Müller, Jürgen (arXiv) <me@example.org>",
            '"Müller, Jürgen (arXiv)" <me@example.org>',
        ),
        ("Lee, Ann <ann@example.org>", '"Lee, Ann" <ann@example.org>'),
        ("Lee, Ann<ann@example.org>", '"Lee, Ann" <ann@example.org>'),
        ('"Lee", Ann <ann@example.org>', '"Lee, Ann" <ann@example.org>'),
        ("Lee; Ann <ann@example.org>", '"Lee; Ann" <ann@example.org>'),
        ("arXiv: Ann <ann@example.org>", '"arXiv: Ann" <ann@example.org>'),
        ("[arXiv] <ann@example.org>", '"[arXiv]" <ann@example.org>'),
        ("Ann @ home <ann@example.org>", '"Ann @ home" <ann@example.org>'),
    ],
)
def test_a_name_with_a_comma_or_the_like_is_to_be_written_in_quotes(
    written: str, meant: str
) -> None:
    with pytest.raises(ValueError, match=r"a name with a .+ is written in quotes") as raised:
        mailbox.read(written)
    assert str(raised.value).endswith(f"as in {meant}")
    assert mailbox.read(meant).address.endswith("@example.org")
