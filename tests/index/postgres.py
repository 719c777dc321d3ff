"""The index in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count

from timeline.index.postgres_store import PostgresStore
from timeline.index.sql_rows import SqlRows
from timeline.log.postgres.connections import READING, Pool, connect


class IndexDatabase:
    """Where many logs can have their rows: each is given an index of another name."""

    def __init__(self, url: str, readers: Pool):
        self._url = url
        self._readers = readers
        self._numbers = count(1)

    @contextmanager
    def rows(self) -> Iterator[SqlRows]:
        """Rows that nothing has been written to."""
        store = PostgresStore(self._url, f"test{next(self._numbers)}", self._readers)
        with closing(store):
            rows = store.begin()
            yield rows
            store.discard(rows)


@contextmanager
def index_database(url: str) -> Iterator[IndexDatabase]:
    """A database with the indexes of many logs."""
    with closing(Pool(url, lambda: connect(url, *READING))) as readers:
        yield IndexDatabase(url, readers)
