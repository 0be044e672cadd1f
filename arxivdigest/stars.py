"""What is starred, and the versions before, for whatever makes a digest."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from typing import TYPE_CHECKING

from arxivdigest import reading
from arxivdigest.digest import Shelf
from arxivdigest.reading import World
from arxivdigest.store.file import opened_reader
from arxivdigest.store.reader import Records

if TYPE_CHECKING:
    from arxivdigest.finding import Library


def shelf(records: Records, world: World, stack: ExitStack) -> Shelf:
    """What is starred, and what finds earlier versions: the store is opened once one is looked for.

    It is open until the stack ends.
    """

    @cache
    def library() -> "Library":
        from arxivdigest.finding import Library
        from arxivdigest.store import starred

        return Library(stack.enter_context(reading.kept(world)), starred.starred(records))

    return Shelf(records.starred_ids(), lambda entry, day: library().changes(entry, day))


@contextmanager
def opened(world: World) -> Iterator[Shelf]:
    """The same, for whoever has no record open; what is wrong with it was said by who has."""
    with opened_reader(world.state, None) as records, ExitStack() as stack:
        yield shelf(records, world, stack)
