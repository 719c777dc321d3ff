"""Projections in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count

from timeline.index.effects_index import ACTS
from timeline.index.postgres.index_tables import PostgresDerived
from timeline.index.postgres.rows import PostgresRows
from timeline.index.projection import Projection
from timeline.log.postgres.connections import READING, connect
from timeline.log.postgres.pool import Pool


class SavedAnswer:
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
def kept_in(url: str) -> Iterator[SavedAnswer]:
    """What is derived, in a database."""
    with (
        closing(Pool(url, lambda: connect(url, *READING))) as readers,
        closing(PostgresDerived(url, "settings", readers)) as store,
    ):
        yield SavedAnswer(store)
