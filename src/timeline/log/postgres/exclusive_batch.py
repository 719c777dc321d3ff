"""A batch that holds the turn: an open transaction in which nobody else writes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from timeline.log.mapper import RecordMapper, StoredRecord
from timeline.log.postgres.append_buffer import AppendBuffer, PositionedRecord
from timeline.log.postgres.batch import PostgresBatch
from timeline.log.postgres.bulk import insert
from timeline.log.postgres.connections import Connection
from timeline.log.postgres.queries import Row, fetch
from timeline.records.entry import Entry

# So many records wait in memory.
MOST_WAITING = 1000

_EVENTS = {
    "originator_id": "text",
    "originator_version": "int8",
    "topic": "text",
    "state": "bytea",
    "position": "int8",
    "id": "bytea",
    "recorded_at": "int8",
}
_AMENDED = {"event": "bytea", "position": "int8"}


class ExclusiveBatch(PostgresBatch):
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
        placed = self.pending.placed
        insert(self._connection, "timeline.stored_events", _EVENTS, [_row(each) for each in placed])
        amended = [(id.encode(), each.entry.position) for each in placed for id in each.amends]
        insert(self._connection, "timeline.amended", _AMENDED, amended)
        self.pending = AppendBuffer()


def _row(placed: PositionedRecord) -> tuple[str, int, str, bytes, int, bytes, int]:
    position, recorded_at, story, version, topic, state = placed.entry
    return story, version, topic, state, position, placed.id.encode(), recorded_at
