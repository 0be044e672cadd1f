"""Damaged listings: never a traceback, and never another listing without a word.

Some thousands in CI; for an hour by hand, as in
`ARXIVDIGEST_FUZZ_SECONDS=3600 ARXIVDIGEST_FUZZ_SEED=7 pytest -s tests/arxiv/test_mutations.py`.
"""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest
from mutations import mutated, seeds
from rich.console import Console

from arxivdigest import digest, output
from arxivdigest.arxiv.listings import ONE_PLACE, saved
from arxivdigest.arxiv.source import times_stated
from arxivdigest.config import Config, Email
from arxivdigest.errors import DigestError
from arxivdigest.model import Entry, Listing

SECONDS = float(os.environ.get("ARXIVDIGEST_FUZZ_SECONDS", "0"))
SEED = int(os.environ.get("ARXIVDIGEST_FUZZ_SEED", "1"))
COUNT = 4000
SLOWEST = 5.0
FORMATS = ("plain", "json", "text", "markdown", "html", "table")


def places(request: pytest.FixtureRequest) -> dict[str, bytes]:
    folder = Path(
        os.environ.get(
            "ARXIVDIGEST_LISTINGS", Path(request.config.rootpath).parent / "shared" / "listings"
        )
    )
    return seeds(folder if folder.is_dir() else None)


def facts(listing: Listing) -> dict[str, object]:
    """What no reader may get wrong without saying so; of a page's entries not all have versions."""
    return {
        "day": listing.announced,
        "subjects": listing.subjects,
        "entries": {one.arxiv_id: announced_as(one, listing) for one in listing.entries},
        "versions": [one.version for one in listing.entries if listing.source == "feed"],
    }


def announced_as(entry: Entry, listing: Listing) -> str:
    """The announce type, as far as a source says it in more than one place.

    What a page leaves open is known from the primary category, which stands there once.
    """
    if listing.source == "feed":
        return entry.announce_type
    is_recent = len(listing.notes) > 1 and listing.notes[1].startswith("the entries of")
    return "" if is_recent else entry.announce_type.removesuffix("-cross")


def says_something(listing: Listing, right: Listing) -> bool:
    """Whether there is a word about this listing that there is not about the right one."""
    is_undated = listing.announced is None or not listing.subjects
    words = {*listing.problems, *listing.notes} - {*right.problems, *right.notes, ONE_PLACE}
    return bool(words) or is_undated


def without_a_trace(listing: Listing, right: Listing, data: bytes) -> Listing:
    """The right listing but for the entries of a feed that the bytes name no more."""
    if listing.source == "page":
        return right
    kept = tuple(one for one in right.entries if one.arxiv_id.encode() in data)
    return right._replace(entries=kept)


def is_another_day_of_its_month(read: Listing, right: Listing, data: bytes) -> bool:
    """Whether a page's only date became one that the ids of its entries bear out as well.

    The ids tell the month. They number a month's entries, but how many a month has is known only
    afterwards: a page of /new may say a week more or less than it did.
    """
    if read.announced is None or right.announced is None or read.source != "page":
        return False
    days = (read.announced, right.announced)
    is_alike = len({(day.year, day.month, day.weekday()) for day in days}) == 1
    return is_alike and times_stated(read.announced, data.decode("utf-8", "replace")) == 1


def judge(data: bytes, right: Listing) -> str:
    """What came of reading the bytes; it fails where that is against the law."""
    begun = time.process_time()
    try:
        read = saved(data)
    except DigestError as error:
        said = str(error)
    else:
        said = ""
    assert time.process_time() - begun < SLOWEST
    if said:
        assert said.isprintable()
        assert len(said) < 500
        return "an error"
    if says_something(read, right):
        return "a word"
    wanted = facts(without_a_trace(read, right, data))
    outcome = "the same"
    if read.announced != right.announced:
        if ONE_PLACE in read.notes:
            outcome = "a word"
        elif is_another_day_of_its_month(read, right, data):
            outcome = "another day of its month"
        wanted["day"] = right.announced if outcome == "the same" else read.announced
    assert facts(read) == wanted
    return outcome


def show(data: bytes) -> None:
    around = output.Surroundings(
        console=lambda: Console(width=80),
        now=datetime.now,
        user_templates=Path("nowhere"),
        email=Email(),
        profile="",
    )
    try:
        listing = saved(data)
    except DigestError:
        return
    made = digest.build([listing], Config(), show_all=True)
    for name in FORMATS:
        assert output.render(name, made, around, abstracts=True) is not None


def right_ones(listings: dict[str, bytes]) -> dict[str, Listing]:
    """Those that are whole to begin with; arXiv's own are not all."""
    found: dict[str, Listing] = {}
    for name, data in listings.items():
        with suppress(DigestError):
            found[name] = saved(data)
    return {name: listing for name, listing in found.items() if not listing.problems}


def attempts(listings: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    end = time.monotonic() + SECONDS
    names = sorted(listings)
    for number in count():
        if time.monotonic() > end if SECONDS else number >= COUNT:
            return
        chance = random.Random(f"{SEED} {number}")  # noqa: S311 - it keeps no secret
        name = names[number % len(names)]
        yield f"seed {SEED}, attempt {number}, {name}", mutated(chance, listings[name])


def test_what_is_damaged_is_never_another_listing_without_a_word(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    right = right_ones(places(request))
    listings = {name: data for name, data in places(request).items() if name in right}
    assert len(listings) >= 6
    outcomes: Counter[str] = Counter()
    for which, data in attempts(listings):
        (tmp_path / "damaged").write_bytes(data)  # to be looked at where this fails
        try:
            outcomes[judge(data, right[which.rpartition(", ")[2]])] += 1
            if sum(outcomes.values()) % 20 == 0:
                show(data)
        except BaseException as error:
            error.add_note(f"{which}: {tmp_path / 'damaged'}")
            raise
    print(dict(outcomes))  # noqa: T201 - for who runs it by hand
    assert min(outcomes["an error"], outcomes["a word"], outcomes["the same"]) > 0
