"""Writing a log in PostgreSQL, from any number of threads.

The library's own recorder locks the whole table, hangs on large batches, and notifies every
listener of every commit under one lock of the whole server; none of that is used here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any

import psycopg
from eventsourcing.persistence import IntegrityError, StoredEvent

from timeline import temporal
from timeline.log.mapper import NEXT, StoredRecord
from timeline.log.postgres.connections import WRITING, Connection, Pool, fetch, open_log
from timeline.log.postgres.group_commit import PUBLISH, UNKNOWN, GroupCommit
from timeline.log.postgres.log import PlacedReader, PublishedReader
from timeline.log.protocol import AppendCondition, Clock
from timeline.log.recorder import LogRecorder, Transaction

_INSERT = (
    "SELECT timeline.insert_events(%b::text[], %b::int8[], %b::text[], %b::bytea[], %b::int8[],"
    " %b::bytea[], %b::int8[], %b::bytea[], %b::int8[])"
)
# How many records are sent at once.
_MOST = 2000


class PostgresRecorder(LogRecorder):
    """Small batches are placed without holding the write lock, and share the wait for the disk."""

    def __init__(self, url: str, published: PublishedReader):
        self._pool = Pool(url, lambda: open_log(url, *WRITING, writable=True))
        super().__init__(PlacedReader(self._pool.rows), published)
        self._group_commit = GroupCommit(self._pool)

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        condition: AppendCondition | None = None,
        clock: Clock = temporal.now,
        **kwargs: Any,
    ) -> list[int]:
        records = [each for each in stored_events if isinstance(each, StoredRecord)]
        if (
            condition is None
            or len(records) < len(stored_events)
            or any(each.originator_version != NEXT for each in records)
        ):
            return super().insert_events(stored_events, condition=condition, clock=clock)
        # Without records, this makes durable what the batch has read.
        self._group_commit.place(records, condition, clock)
        return [each.position for each in records]

    @contextmanager
    def exclusive(self, commit: bool = True) -> Iterator[Transaction]:
        with self._pool.use("cannot write") as connection:
            connection.execute("BEGIN; SELECT timeline.take_turn()")
            reader = PlacedReader(partial(fetch, connection))
            yield Transaction(reader, partial(_insert, connection))
            if commit:
                _commit(connection, reader.head().position)
            else:
                connection.execute("ROLLBACK")

    def close(self) -> None:
        self._pool.close()


def _insert(connection: Connection, records: Sequence[StoredRecord]) -> None:
    try:
        for start in range(0, len(records), _MOST):
            some = records[start : start + _MOST]
            rows = [list(column) for column in zip(*map(_row, some), strict=True)]
            amended = [(id.encode(), each.position) for each in some for id in each.amends]
            events, positions = [event for event, _ in amended], [at for _, at in amended]
            connection.execute(_INSERT.encode(), [*rows, events, positions], prepare=True)
    except psycopg.IntegrityError as error:
        raise IntegrityError(error) from error


def _row(record: StoredRecord) -> tuple[object, ...]:
    return (
        record.originator_id,
        record.originator_version,
        record.topic,
        record.state,
        record.position,
        record.id.encode(),
        record.recorded_at,
    )


def _commit(connection: Connection, last: int) -> None:
    """Commit, which releases the write lock, and publish, which waits for the disk."""
    try:
        connection.execute("COMMIT")
        connection.execute(PUBLISH, (last,), prepare=True)
    except psycopg.OperationalError as error:
        raise psycopg.OperationalError(f"{error}; {UNKNOWN}") from error
