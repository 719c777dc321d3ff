"""The writing half of a log in this process, for any number of threads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import psycopg

from timeline.log.mapper import RecordMapper
from timeline.log.postgres.connections import WRITING, Connection, open_log
from timeline.log.postgres.exclusive_batch import ExclusiveBatch
from timeline.log.postgres.group_commit import PUBLISH, UNKNOWN, GroupCommit
from timeline.log.postgres.optimistic_batch import OptimisticBatch
from timeline.log.postgres.pool import Pool
from timeline.log.protocol import Batch


class Writer:
    """Batches that hold the write lock, and batches that do not: `protocol.Log.writing`."""

    def __init__(self, url: str, mapper: RecordMapper):
        self._mapper = mapper
        self._pool = Pool(url, lambda: open_log(url, *WRITING, writable=True))
        self._placing = GroupCommit(self._pool)

    def writing(self, clock: Callable[[], int], hold: bool) -> AbstractContextManager[Batch]:
        """An open batch."""
        return self._holding(clock) if hold else self._loose(clock)

    @contextmanager
    def _loose(self, clock: Callable[[], int]) -> Iterator[Batch]:
        batch = OptimisticBatch(self._pool.rows, self._mapper, clock)
        yield batch
        self._placing.place(batch)

    @contextmanager
    def _holding(self, clock: Callable[[], int]) -> Iterator[Batch]:
        with self._pool.use("cannot write") as connection:
            batch = ExclusiveBatch(connection, self._mapper, clock)
            yield batch
            self._commit(connection, batch)

    def _commit(self, connection: Connection, batch: ExclusiveBatch) -> None:
        """Place the records, which lets go of the turn, and publish them."""
        batch.write_out()
        try:
            connection.execute("COMMIT")
            connection.execute(PUBLISH, (batch.head().position,), prepare=True)
        except psycopg.OperationalError as error:
            raise psycopg.OperationalError(f"{error}; {UNKNOWN}") from error

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.close()
