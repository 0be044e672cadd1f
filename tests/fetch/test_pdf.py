"""PDFs: asked for as arXiv wants to be asked, and in the folder whole or not at all."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_arxiv import FakeArxiv
from hypothesis import given
from hypothesis import strategies as st

from arxivdigest.errors import DigestError, PaperError, TryAgainError
from arxivdigest.fetch import pdf
from arxivdigest.fetch.http import USER_AGENT
from arxivdigest.fetch.manners import Manners
from arxivdigest.store.file import opened

ID = "2605.10001"


@pytest.fixture
def manners(arxiv: FakeArxiv, tmp_path: Path) -> Iterator[Manners]:
    limits = pdf.LIMITS._replace(size=1 << 20, silence=2.0)
    with opened(tmp_path / "state") as store:
        yield Manners(store, arxiv.settings(), arxiv.clock(), lambda _: None, limits)


def test_a_pdf_is_asked_for_by_name(arxiv: FakeArxiv, manners: Manners) -> None:
    body = pdf.pdf(pdf.address(arxiv.url, ID), manners.ask)
    assert body.startswith(b"%PDF-")
    assert ID.encode() in body
    assert arxiv.asked == [f"/pdf/{ID}"]
    assert arxiv.requests[0].headers["user-agent"] == USER_AGENT


def test_two_are_asked_for_with_a_pause_between(arxiv: FakeArxiv, tmp_path: Path) -> None:
    settings = arxiv.settings()._replace(delay=3.0)
    with opened(tmp_path / "state") as store:
        asking = Manners(store, settings, arxiv.clock(), lambda _: None, pdf.LIMITS)
        for arxiv_id in (ID, "2605.10002"):
            pdf.pdf(pdf.address(arxiv.url, arxiv_id), asking.ask)
    first, second = arxiv.requests
    assert (second.at - first.at).total_seconds() >= 3


@pytest.mark.parametrize(
    ("fault", "said", "error"),
    [
        (("body", {"body": b"<html>Preparing the PDF</html>"}), "is no PDF", PaperError),
        (("cut", {}), "cut off", PaperError),
        (("truncate", {}), "broke off", TryAgainError),
        (("bomb", {"size": 1 << 22}), "more than 1 MiB, and so with no PDF", PaperError),
        (("status", {"status": 403}), "asks you to stop", PaperError),
        (("status", {"status": 404}), "no such paper", PaperError),
        (("unavailable", {}), "503", TryAgainError),
        (("hang-up", {}), "broke off", TryAgainError),
        (("redirect", {"to": "file:///etc/passwd"}), "no address", PaperError),
    ],
)
def test_what_is_no_whole_pdf_is_refused(
    arxiv: FakeArxiv,
    manners: Manners,
    fault: tuple[str, dict[str, Any]],
    said: str,
    error: type[DigestError],
) -> None:
    kind, options = fault
    arxiv.fault("/pdf/", kind, **options)
    with pytest.raises(error, match=said):
        pdf.pdf(pdf.address(arxiv.url, ID), manners.ask)


def test_a_paper_that_is_not_there(arxiv: FakeArxiv, manners: Manners) -> None:
    with pytest.raises(PaperError, match="no such paper"):
        pdf.pdf(pdf.address(arxiv.url, "2605.99999"), manners.ask)


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("2507.00001 On pelicans.pdf", "2507.00001 On pelicans.pdf"),
        ("2507.00001 On pelicans", "2507.00001 On pelicans.pdf"),
        ("2507.00001 .pdf", "2507.00001.pdf"),
        ("../../etc/2507.00001", "etc-2507.00001.pdf"),
        ('2507.00001: a/b\\c*d?e"f<g>h|i', "2507.00001- a-b-c-d-e-f-g-h-i.pdf"),
        ("On\npelicans\x1b[31m\u202e 2507.00001", "On pelicans[31m 2507.00001.pdf"),
        ("On pelicans.PDF", "On pelicans 2507.00001.pdf"),
        ("", "2507.00001.pdf"),
        (".hidden 2507.00001", "hidden 2507.00001.pdf"),
        ("-rf 2507.00001", "rf 2507.00001.pdf"),
        ("con.2507.00001", "_con.2507.00001.pdf"),
        ("Ka\u0308hler 2507.00001", "Kähler 2507.00001.pdf"),
    ],
)  # fmt: skip
def test_a_name_is_made_safe(wanted: str, name: str) -> None:
    assert pdf.file_name(wanted, "2507.00001") == name


def test_an_old_id_is_a_name_too() -> None:
    assert pdf.file_name("math/0309136 On it", "math/0309136") == "math-0309136 On it.pdf"


@given(title=st.text(max_size=300), is_first=st.booleans())
def test_every_name_is_one_that_a_file_system_takes(*, title: str, is_first: bool) -> None:
    name = pdf.file_name(f"{title} 2507.00001" if is_first else f"2507.00001 {title}", "2507.00001")
    assert len(name.encode()) <= pdf.LONGEST_NAME
    assert name.endswith(".pdf")
    assert "2507.00001" in name
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert name[0] not in ".- "


def test_a_name_is_not_cut_within_a_letter() -> None:
    name = pdf.file_name(f"2507.00001 {'数' * 100}", "2507.00001")
    assert name == f"2507.00001 {'数' * 61}.pdf"
