"""The writing half of the SQLite log: the eventsourcing library's application and recorder."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from eventsourcing.application import Application
from eventsourcing.persistence import (
    IntegrityError,
    Notification,
    PersistenceError,
    StoredEvent,
)
from eventsourcing.sqlite import SQLiteApplicationRecorder, SQLiteDatastore

from timeline import temporal
from timeline.errors import StoreError
from timeline.events.record import Draft
from timeline.events.vocabulary import Vocabulary
from timeline.log import Batch, Entry, Head, stamp
from timeline.store import queries
from timeline.store.mapper import Recorded, RecordMapper, StoredRecord
from timeline.store.turn import turn


class SQLiteRecorder(SQLiteApplicationRecorder):
    """Gives out positions itself, in the transaction that writes them."""

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "stored_events"):
        super().__init__(datastore, events_table_name)
        self.path = Path(datastore.pool.db_name)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The one transaction that may write now; committed durably, or undone."""
        with turn(self.path), self.datastore.get_connection(commit=True) as pooled:
            connection: sqlite3.Connection = pooled.cursor().sqlite_cursor.connection
            for pragma in queries.PRAGMAS:
                connection.execute(pragma)
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Write stored events as one transaction; the positions that they were given.

        Raises:
            IntegrityError: a version of that stream, or an id, is there already.
        """
        positions = []
        try:
            with self.writing() as connection:
                head = queries.Queries(connection).head()
                for event in stored_events:
                    assert isinstance(event, StoredRecord)
                    entry = insert(connection, head, event, temporal.now())
                    if entry is None:
                        raise IntegrityError(f"the id {event.id!r} is taken")
                    head = Head(entry.position, entry.recorded_at)
                    positions.append(entry.position)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(error) from error
        return positions

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        after = 0 if start is None else start - 1 if inclusive_of_start else start
        found: list[Notification] = []
        with self.datastore.get_connection(commit=False) as pooled:
            reader = queries.Queries(pooled.cursor().sqlite_cursor.connection)
            for entry in reader.entries(after, stop):
                if len(found) == limit:
                    break
                if not topics or entry.topic in topics:
                    found.append(
                        Notification(
                            id=entry.position,
                            originator_id=entry.story,
                            originator_version=entry.version,
                            topic=entry.topic,
                            state=entry.state,
                        )
                    )
        return found


def insert(
    connection: sqlite3.Connection, head: Head, event: StoredRecord, now: int
) -> Entry | None:
    """Write one row after `head`, stamped `now`; None if its id is taken."""
    position = head.position + 1
    recorded_at = stamp(head, now)
    story = str(event.originator_id)
    row = (story, event.originator_version, event.topic, event.state, position, event.id)
    if not connection.execute(queries.INSERT, (*row, recorded_at)).rowcount:
        return None
    for happening in event.amends:
        connection.execute(queries.INSERT_AMENDED, (happening, position))
    return Entry(position, recorded_at, story, event.originator_version, event.topic, event.state)


class TimelineApplication(Application[str]):
    """The eventsourcing application over one log file: a stream for each story."""

    def __init__(self, path: Path, vocabulary: Vocabulary):
        self._vocabulary = vocabulary
        super().__init__(
            env={
                "PERSISTENCE_MODULE": "eventsourcing.sqlite",
                "APPLICATION_RECORDER_TOPIC": "timeline.store.recorder:SQLiteRecorder",
                "ORIGINATOR_ID_TYPE": "text",
                "CREATE_TABLE": "n",
                "IS_SNAPSHOTTING_ENABLED": "n",
                "SQLITE_DBNAME": str(path.resolve()),
                "SQLITE_LOCK_TIMEOUT": "60",
            }
        )

    def construct_mapper(self) -> RecordMapper:
        return RecordMapper(self._vocabulary)

    @contextmanager
    def writing(self, clock: Callable[[], int]) -> Iterator[Batch]:
        """An open batch; see `timeline.log.Log.writing`."""
        recorder, mapper = self.recorder, self.mapper
        assert isinstance(recorder, SQLiteRecorder) and isinstance(mapper, RecordMapper)
        try:
            with recorder.writing() as connection:
                yield SQLiteBatch(connection, mapper, clock)
        except (sqlite3.Error, PersistenceError, OSError) as error:
            raise StoreError(f"cannot write the log {recorder.path}: {error}") from error


class SQLiteBatch(queries.Queries):
    """An open transaction on the file."""

    def __init__(
        self, connection: sqlite3.Connection, mapper: RecordMapper, clock: Callable[[], int]
    ):
        super().__init__(connection)
        self._mapper = mapper
        self._clock = clock
        self._head = super().head()
        self._versions: dict[str, int] = {}

    def head(self) -> Head:
        return self._head

    def add(self, draft: Draft) -> Entry | None:
        story = draft.content["story"]
        version = self._versions.get(story)
        if version is None:
            version = self.story_version(story)
        event = self._mapper.to_stored_event(
            Recorded(story, version + 1, draft.type, draft.content)
        )
        now = self._clock() if draft.recorded_at is None else draft.recorded_at
        entry = insert(self._connection, self._head, event, now)
        if entry is None:
            return None
        self._head = Head(entry.position, entry.recorded_at)
        self._versions[story] = version + 1
        return entry
