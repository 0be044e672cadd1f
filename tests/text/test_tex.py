import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from arxivdigest.text import SEAM, tex
from arxivdigest.text.folding import fold, fold_searched, folded
from arxivdigest.text.readable import shown

SIGNS = (
    *(*"\\${}^_~-`'\"<>=+,;()[] \nabé数2", "$$", "--", "``", "''", "2.5", "http://x.y/~z"),
    *("\\over ", "\\frac", "\\sqrt", "\\left(", "\\sin", "\\sum", "\\S", "\\,", "\\!", "\\quad"),
    *("\\textsc{", "\\ion{Ca}{ii}", "\\href{http://a.b/c}{", "\\footnote{", "\\unknown", "\\bar"),
    *("\\mathcal", "\\not", "\\mathrm{", "\\(", "\\)", "\\'e"),
)
TEX = st.lists(st.sampled_from(SIGNS), max_size=12).map("".join)


@given(TEX)
@example("$$^\\")
@example("\\bar\\")
def test_pieces_follow_one_another_within_the_text(text: str) -> None:
    done = 0
    for piece in tex.read(text):
        assert done <= piece.begin <= piece.end <= len(text)
        done = piece.end


@given(TEX)
@example("x \\mathcal\\")
def test_whatever_is_shown_or_sought_came_from_the_text(text: str) -> None:
    made = shown(text)
    for at in range(len(text)):
        begin, end = made.found(at, at + 1)
        assert 0 <= begin <= end <= len(made.text)
    for one in (fold(text), fold_searched(text)):
        for at in (at for at, character in enumerate(one.text) if character != SEAM):
            begin, end = one.written(at, at + 1)
            assert 0 <= begin <= end <= len(text)
    assert folded(text) == fold_searched(text).text


@pytest.mark.parametrize("cut", ["^", r"\bar", r"\frac1"])
def test_a_command_that_a_backslash_ends_has_no_argument(cut: str) -> None:
    assert all(piece.end <= len(cut) + 1 for piece in tex.read(cut + "\\"))
