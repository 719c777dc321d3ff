"""The records of a newsroom as they come, wherever it is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import sleep

from timeline.errors import StoreError, UnreachableError
from timeline.log.protocol import RemoteReader
from timeline.newsroom.newsroom import Newsroom
from timeline.records.record import Record

# Seconds between two looks at a log.
TICK = 0.1

# Seconds before a log that did not answer is looked at again, and at most.
_FIRST_WAIT, _LONGEST_WAIT = 0.25, 30.0

Broken = Callable[[StoreError, float], None]
"""Is told why nothing comes, and after how many seconds it is tried again."""


def followed(
    newsroom: Newsroom, after: int | None, story: str | None, broken: Broken
) -> Iterator[Record]:
    """The records after a position as they come, of one story or all, each once and in order.

    Without a position, from now on. It never ends; what does not answer is tried again.

    Raises:
        InputError: the service refuses to be followed.
        StoreError: the log cannot be read, and that will not pass.
    """
    if isinstance(newsroom.store, RemoteReader):
        from timeline.newsroom.remote import followed_from_afar

        yield from followed_from_afar(newsroom, after, story, broken)
        return
    if after is None:
        after = newsroom.store.head().position
    wait = _FIRST_WAIT
    while True:
        try:
            for entry in newsroom.store.entries(after):
                after, wait = entry.position, _FIRST_WAIT
                if story in (None, entry.story):
                    yield newsroom.decode(entry)
        except UnreachableError as error:
            broken(error, wait)
            sleep(wait)
            wait = min(2 * wait, _LONGEST_WAIT)
        sleep(TICK)
