"""Counts in words: `1 entry`, `2,048 entries`."""


def plural(count: int, one: str, many: str | None = None) -> str:
    """The word for so many: the first for one, the other (or the first with an s) for all else."""
    return one if count == 1 else many or f"{one}s"


def counted(count: int, one: str, many: str | None = None) -> str:
    """The count, with the word for so many."""
    return f"{count:,} {plural(count, one, many)}"
