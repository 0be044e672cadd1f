import pytest

from arxivdigest.arxiv.identifier import Identifier, identifier


@pytest.mark.parametrize(
    "written",
    [
        "2507.07120",
        " 2507.07120 ",
        "arXiv:2507.07120",
        "arxiv: 2507.07120",
        "arXiv:2507.07120 [cs.DC]",
        "https://arxiv.org/abs/2507.07120",
        "http://www.arxiv.org/pdf/2507.07120.pdf",
        "arxiv.org/html/2507.07120",
        "https://export.arxiv.org/abs/2507.07120?context=cs#top",
        "https://doi.org/10.48550/arXiv.2507.07120",
        "oai:arXiv.org:2507.07120",
    ],
)
def test_an_id_is_written_in_many_ways(written: str) -> None:
    assert identifier(written) == Identifier("2507.07120")


@pytest.mark.parametrize("written", ["2507.07120v2", "arXiv:2507.07120v2 [cs.DC]",
                                     "https://arxiv.org/pdf/2507.07120v2.pdf"])  # fmt: skip
def test_a_version_may_be_meant(written: str) -> None:
    assert identifier(written) == Identifier("2507.07120", 2)
    assert str(identifier(written)) == "2507.07120v2"


@pytest.mark.parametrize(
    ("written", "arxiv_id"),
    [
        ("math/0309136", "math/0309136"),
        ("math.GT/0309136", "math/0309136"),
        ("MATH.gt/0309136v3", "math/0309136"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("cond-mat.stat-mech/0001001", "cond-mat/0001001"),
        ("https://arxiv.org/abs/math/0309136", "math/0309136"),
        ("0704.0001", "0704.0001"),
    ],
)
def test_old_ids_are_listed_without_their_subject(written: str, arxiv_id: str) -> None:
    found = identifier(written)
    assert found
    assert found.arxiv_id == arxiv_id


@pytest.mark.parametrize(
    "written", ["", "3", "2-5", "pelicans", "2507.071", "https://example.org/abs/2507.07120", "1/2"]
)
def test_what_is_no_id(written: str) -> None:
    assert identifier(written) is None
