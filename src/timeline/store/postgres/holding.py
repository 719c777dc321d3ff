"""A batch that holds the turn: an open transaction in which nobody else writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from timeline.log import Entry
from timeline.store.mapper import RecordMapper, StoredRecord
from timeline.store.postgres.batch import PostgresBatch
from timeline.store.postgres.connections import Connection
from timeline.store.postgres.insert import insert
from timeline.store.postgres.pending import Pending
from timeline.store.postgres.queries import Row, fetch

# So many records wait in memory.
MOST_WAITING = 1000


class HoldingBatch(PostgresBatch):
    """A batch for many records, and for those that were interfered with."""

    def __init__(self, connection: Connection, mapper: RecordMapper, clock: Callable[[], int]):
        super().__init__(self._fetched, mapper, clock)
        self._connection = connection
        connection.execute("BEGIN; SELECT timeline.take_turn()")

    def _fetched(self, query: str, *values: Any) -> list[Row]:
        return fetch(self._connection, query, *values)

    def _place(self, event: StoredRecord, now: int) -> Entry:
        entry = super()._place(event, now)
        if len(self.pending) >= MOST_WAITING:
            self.write_out()
        return entry

    def write_out(self) -> None:
        """Write what waits."""
        insert(self._connection, self.pending.placed)
        self.pending = Pending()
