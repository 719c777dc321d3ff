"""Projections in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count

from timeline.derived.acts import ACTS
from timeline.derived.projection import Projection
from timeline.store.postgres.connections import READING, connect
from timeline.store.postgres.derived import PostgresDerived
from timeline.store.postgres.pool import Pool
from timeline.store.postgres.rows import PostgresRows


class Kept:
    """Where many logs can have their rows: each is given a projection of another name."""

    def __init__(self, store: PostgresDerived):
        self.store = store
        self._numbers = count(1)

    def projection(self) -> Projection:
        """The projection of acts, which nobody has built yet."""
        return ACTS._replace(name=f"acts{next(self._numbers)}")

    def rows(self, shards: int) -> PostgresRows:
        """Rows that nobody has written yet, in so many shards."""
        return self.store.sharded(self.projection(), shards, anew=True)


@contextmanager
def kept_in(url: str) -> Iterator[Kept]:
    """What is derived, in a database."""
    with (
        closing(Pool(url, lambda: connect(url, *READING))) as readers,
        closing(PostgresDerived(url, "settings", readers)) as store,
    ):
        yield Kept(store)
