"""The writing half of the SQLite log: the eventsourcing library's application and recorder."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from eventsourcing.application import Application
from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    PersistenceError,
    StoredEvent,
    Subscription,
)

from timeline import temporal
from timeline.errors import StoreError
from timeline.log.mapper import Recorded, RecordMapper, StoredRecord
from timeline.log.notifications import notifications
from timeline.log.protocol import Batch, Head, stamp
from timeline.log.sqlite import reader
from timeline.log.sqlite.write_lock import turn
from timeline.records.entry import Entry
from timeline.records.record import Draft
from timeline.records.vocabulary import Vocabulary

# Rows are written when so many wait, or when something is asked that they may answer.
MOST_WAITING = 500


class SQLiteRecorder(ApplicationRecorder):
    """Gives out positions itself, in the transaction that writes them.

    `path` is None for a log in memory, which has only the connection that reads it.
    """

    def __init__(self, path: Path | None, reading: sqlite3.Connection):
        self.path = path
        self._queries = reader.Queries(reading)
        self._reading = reading
        self._lock = Lock()

    @cached_property
    def _connection(self) -> sqlite3.Connection:
        """The connection that writes, which is opened by the first transaction."""
        if self.path is None:
            return self._reading
        connection = sqlite3.connect(
            self.path, isolation_level=None, timeout=60, check_same_thread=False
        )
        for pragma in reader.PRAGMAS:
            connection.execute(pragma)
        return connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The one transaction that may write now; committed durably, or undone."""
        turn_of_process = nullcontext() if self.path is None else turn(self.path)
        with turn_of_process, self._lock:
            connection = self._connection
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
        positions: list[int] = []
        try:
            with self.writing() as connection:
                head, rows = reader.Queries(connection).head(), RowBuffer()
                for event in stored_events:
                    assert isinstance(event, StoredRecord)
                    head = Head(head.position + 1, stamp(head, temporal.now()))
                    rows.add(event, head)
                    positions.append(head.position)
                rows.write(connection)
        except sqlite3.IntegrityError as error:
            raise IntegrityError(error) from error
        return positions

    def select_events(
        self,
        originator_id: str | Any,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        found = [
            StoredEvent(entry.story, entry.version, entry.topic, entry.state)
            for entry in self._queries.of_story(str(originator_id), gt or 0, lte)
        ]
        return (found[::-1] if desc else found)[:limit]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        return notifications(self._queries, start, limit, stop, topics, inclusive_of_start)

    def max_notification_id(self) -> int | None:
        return self._queries.head().position or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """None, as in the library's recorder for SQLite: readers poll by position."""
        raise NotImplementedError("read the log by position")

    def close(self) -> None:
        """Close the connection that writes."""
        if "_connection" in self.__dict__:
            self._connection.close()


class RowBuffer:
    """Rows that wait to be written."""

    def __init__(self) -> None:
        self._events: list[tuple[object, ...]] = []
        self._amended: list[tuple[str, int]] = []

    def __len__(self) -> int:
        return len(self._events)

    def add(self, event: StoredRecord, head: Head) -> None:
        """Let an event wait, which is the head of the log from here on."""
        position, recorded_at = head
        row = (event.originator_id, event.originator_version, event.topic, event.state)
        self._events.append((*row, position, event.id, recorded_at))
        if event.amends:
            self._amended += [(event, position) for event in event.amends]

    def write(self, connection: sqlite3.Connection) -> None:
        """Write them in the transaction that is open; none wait any longer."""
        events, amended = self._events, self._amended
        self._events, self._amended = [], []
        connection.executemany(reader.INSERT, events)
        if amended:
            connection.executemany(reader.INSERT_AMENDED, amended)


class TimelineApplication(Application[str]):
    """The eventsourcing application over one log file: a stream for each story."""

    def __init__(self, path: Path | None, reading: sqlite3.Connection, vocabulary: Vocabulary):
        self._vocabulary = vocabulary
        self._recorder = SQLiteRecorder(path, reading)
        super().__init__(env={"ORIGINATOR_ID_TYPE": "text", "IS_SNAPSHOTTING_ENABLED": "n"})

    def construct_recorder(self) -> SQLiteRecorder:
        return self._recorder

    def close(self) -> None:
        super().close()
        self._recorder.close()

    def construct_mapper(self) -> RecordMapper:
        return RecordMapper(self._vocabulary)

    @contextmanager
    def writing(self, clock: Callable[[], int]) -> Iterator[Batch]:
        """An open batch; see `timeline.log.protocol.Log.writing`."""
        recorder, mapper = self.recorder, self.mapper
        assert isinstance(recorder, SQLiteRecorder) and isinstance(mapper, RecordMapper)
        try:
            with recorder.writing() as connection:
                batch = SQLiteBatch(connection, mapper, clock)
                yield batch
                batch.flush()
        except (sqlite3.Error, PersistenceError, OSError) as error:
            raise StoreError(
                f"cannot write the log {recorder.path or 'in memory'}: {error}"
            ) from error


class SQLiteBatch(reader.Queries):
    """An open transaction on the file; rows are written many at a time."""

    def __init__(
        self, connection: sqlite3.Connection, mapper: RecordMapper, clock: Callable[[], int]
    ):
        super().__init__(connection)
        self._mapper = mapper
        self._clock = clock
        self._versions: dict[str, int] = {}
        self._foreseen: dict[str, Entry | None] = {}
        self._waiting = RowBuffer()
        self._head = super().head()

    def flush(self) -> None:
        """Write the rows that wait."""
        if self._waiting:
            self._waiting.write(self._connection)

    def _rows(self, query: str, *values: str | int) -> list[tuple[Any, ...]]:
        self.flush()
        return super()._rows(query, *values)

    def head(self) -> Head:
        return self._head

    def prefetch(
        self, new: Iterable[str], named: Iterable[str] = (), stories: Iterable[str] = ()
    ) -> None:
        wanted = dict.fromkeys((*new, *named))
        self._foreseen = {**wanted, **self.find_all(list(wanted))}

    def find(self, id: str) -> Entry | None:
        return self._foreseen[id] if id in self._foreseen else super().find(id)

    def add(self, draft: Draft) -> Entry | None:
        content = draft.content
        id, story = content["id"], content["story"]
        if self.find(id) is not None:
            return None
        version = self._versions.get(story)
        if version is None:
            version = self.story_version(story)
        self._versions[story] = version = version + 1
        event = self._mapper.to_stored_event(Recorded(story, version, draft.type, content))
        now = self._clock() if draft.recorded_at is None else draft.recorded_at
        self._head = head = Head(self._head.position + 1, stamp(self._head, now))
        assert head.recorded_at is not None
        entry = Entry(head.position, head.recorded_at, story, version, event.topic, event.state)
        self._waiting.add(event, head)
        if id in self._foreseen:
            self._foreseen[id] = entry
        if len(self._waiting) == MOST_WAITING:
            self.flush()
        return entry

    def settled(self, entry: Entry) -> Entry:
        return entry
