"""Projections in PostgreSQL, by themselves and with the newsrooms that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import count

from timeline.derived.acts import ACTS
from timeline.store.postgres.connections import READING, connect
from timeline.store.postgres.derived import PostgresDerived
from timeline.store.postgres.queries import Readers
from timeline.store.postgres.rows import PostgresRows


@contextmanager
def new_rows(url: str) -> Iterator[Callable[..., PostgresRows]]:
    """Makes rows that nobody has written yet, with so many shards."""
    numbers = count(1)
    with closing(Readers(url, lambda: connect(url, *READING))) as readers:

        def make(shards: int = 1) -> PostgresRows:
            projection = ACTS._replace(name=f"acts{next(numbers)}")
            return store.sharded(projection, shards, anew=True)

        with closing(PostgresDerived(url, "settings", readers)) as store:
            yield make
