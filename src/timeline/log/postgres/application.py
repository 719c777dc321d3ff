"""The log as an application of the eventsourcing library, with a recorder of our own.

The library's recorder locks the whole table, hangs on large batches, and tells every commit to
every listener under one lock; nothing of it is used here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from eventsourcing.application import Application
from eventsourcing.persistence import ApplicationRecorder, Notification, StoredEvent, Subscription

from timeline import temporal
from timeline.log.mapper import RecordMapper, StoredRecord
from timeline.log.notifications import notifications
from timeline.log.postgres.batch import PostgresBatch
from timeline.log.postgres.queries import Queries
from timeline.log.postgres.writer import Writer
from timeline.log.protocol import Batch
from timeline.records.vocabulary import Vocabulary


class PostgresRecorder(ApplicationRecorder):
    """Streams and notifications, over the two halves of a log."""

    def __init__(self, writer: Writer, reader: Queries):
        self.writer = writer
        self._reader = reader

    def insert_events(
        self, stored_events: Sequence[StoredEvent], **kwargs: Any
    ) -> Sequence[int] | None:
        """Write stored events as one batch; the positions that they were given.

        Raises:
            IntegrityError: a version of that stream, or an id, is there already.
        """
        positions = []
        with self.writer.writing(temporal.now, hold=True) as batch:
            assert isinstance(batch, PostgresBatch)
            for event in stored_events:
                assert isinstance(event, StoredRecord)
                positions.append(batch.add_stored(event).position)
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
            for entry in self._reader.of_story(str(originator_id), gt or 0, lte)
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
        return notifications(self._reader, start, limit, stop, topics, inclusive_of_start)

    def max_notification_id(self) -> int | None:
        return self._reader.head().position or None

    def subscribe(
        self, gt: int | None = None, topics: Sequence[str] = ()
    ) -> Subscription[ApplicationRecorder]:
        """None, as in the library's recorder for SQLite: readers poll by position."""
        raise NotImplementedError("read the log by position")


class TimelineApplication(Application[str]):
    """The eventsourcing application over one log: a stream for each story."""

    def __init__(self, url: str, vocabulary: Vocabulary, reader: Queries):
        self._mapper = RecordMapper(vocabulary)
        self._writer = Writer(url, self._mapper)
        self._reader = reader
        super().__init__(env={"ORIGINATOR_ID_TYPE": "text", "IS_SNAPSHOTTING_ENABLED": "n"})

    def construct_mapper(self) -> RecordMapper:
        return self._mapper

    def construct_recorder(self) -> PostgresRecorder:
        return PostgresRecorder(self._writer, self._reader)

    def writing(self, clock: Callable[[], int], hold: bool) -> AbstractContextManager[Batch]:
        """An open batch; see `timeline.log.protocol.Log.writing`."""
        return self._writer.writing(clock, hold)

    def close(self) -> None:
        super().close()
        self._writer.close()
