"""What the configuration says of papers and of how long they are kept."""

from datetime import timedelta

import pytest

from arxivdigest.config import read
from arxivdigest.config.schema import age
from arxivdigest.errors import ConfigError


@pytest.mark.parametrize(
    ("written", "days"),
    [("60d", 60), ("8w", 56), ("2m", 60), ("1y", 365), ("100 D", 100), (" 9999\td ", 9999)],
)
def test_a_length_of_time(written: str, days: int) -> None:
    assert age(written) == timedelta(days=days)


@pytest.mark.parametrize(
    "written", ["", "60", "d", "-1d", "1.5y", "99999d", "6 0d", "²d", "1h", "2025-01-01"]
)
def test_what_is_no_length_of_time(written: str) -> None:
    assert age(written) is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('[store]\nkeep = "year"', '2: keep must be a length of time, as in "1y" or "200d"'),
        ('[store]\nkeep = "30d"', "2: keep must not be below 100d"),
        ('[papers]\nname = "{{ title }}.pdf"', "2: name must hold {{ arxiv_id }}"),
        ('[papers]\nfoldr = "x"', '2: unknown key "foldr" in [papers]; did you mean "folder"?'),
    ],
)
def test_what_is_wrong_is_said(text: str, complaint: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text, "a.toml")
    assert str(caught.value).startswith(f"a.toml:{complaint}")


def test_what_is_right_is_read() -> None:
    config = read('[store]\nkeep = "1y"\n[papers]\nfolder = "~/papers"', "a.toml")
    assert config.store.keep == "1y"
    assert config.papers.folder == "~/papers"
    assert config.papers.name == "{{ arxiv_id }} {{ title }}.pdf"
