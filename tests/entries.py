"""Entries made by hand."""

from typing import Any

from arxivdigest.model import AnnounceType, Entry


def entry(arxiv_id: str = "2507.00001", announce_type: str = "new", **fields: Any) -> Entry:  # noqa: ANN401 - of many types
    """An entry on pelicans, save for what is said of it; its category goes by the primary one."""
    primary = fields.get("primary_category", "cs.DC")
    plain: dict[str, Any] = {
        "version": 1,
        "title": "On pelicans",
        "authors": ("Ann Lee",),
        "primary_category": primary,
        "categories": (primary,),
        "abstract": "Of pelicans.",
    }
    return Entry(
        arxiv_id=arxiv_id, announce_type=AnnounceType(announce_type), **{**plain, **fields}
    )
