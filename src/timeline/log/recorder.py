"""Writing to a log: an application recorder of the eventsourcing library."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from threading import Event
from typing import Any
from uuid import UUID

from eventsourcing.persistence import (
    ApplicationRecorder,
    IntegrityError,
    Notification,
    StoredEvent,
    Subscription,
)

from timeline import temporal
from timeline.log.mapper import NEXT, StoredRecord
from timeline.log.protocol import AppendCondition, AppendConditionFailedError, Clock
from timeline.log.reader import SQLReader
from timeline.temporal.instant_bounds import MIN_INSTANT

# The polling interval of a subscription in seconds, and the rows per query.
_POLL, _PAGE = 0.05, 500


class LogRecorder(ApplicationRecorder):
    """Inserts and selects events; any number of threads may use it.

    Batches are checked against `reader`. Followers read `published`: durable records only.
    """

    def __init__(self, reader: SQLReader, published: SQLReader):
        self.reader = reader
        self.published = published

    @abstractmethod
    def exclusive(self, commit: bool = True) -> AbstractContextManager[Transaction]:
        """A transaction that holds the write lock.

        It is committed, and durable, when the block ends. It is rolled back if the block raises,
        or if `commit` is false.

        Raises:
            StoreError: the log cannot be written, or whether it was written is not known.
        """

    def rehearsal(self) -> Transaction:
        """A dry run: a transaction that sets the positions of events without inserting them.

        It takes no lock, so call `insert_events` only once.
        """
        return Transaction(self.reader, lambda records: None)

    @abstractmethod
    def close(self) -> None:
        """Close the connections that write."""

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        condition: AppendCondition | None = None,
        clock: Clock = temporal.now,
        **kwargs: Any,
    ) -> list[int]:
        """Append events durably, all or none, and return their positions.

        The position, time and version of each `StoredRecord` are set; the time, unless it has one,
        is read from the clock while holding the write lock. For events of other classes, the story
        and version serve as the id.

        Raises:
            AppendConditionFailedError: others have appended what `condition` says was read.
            IntegrityError: a version of a story, or an id, is taken.
            StoreError: the log cannot be written, or whether it was written is not known.
        """
        if not stored_events:
            return []
        with self.exclusive() as transaction:
            return transaction.insert_events(stored_events, condition=condition, clock=clock)

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> list[StoredEvent]:
        """The events of a story, in order."""
        found = self.published.select_events(
            str(originator_id), gt=gt, lte=lte, desc=desc, limit=limit
        )
        return [StoredEvent(each.story, each.version, each.topic, each.state) for each in found]

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> list[Notification]:
        """The events from one position to another; the position is a notification's id."""
        found = self.published.select_notifications(
            start, limit, stop, topics, inclusive_of_start=inclusive_of_start
        )
        return [
            Notification(each.story, each.version, each.topic, each.state, id=each.position)
            for each in found
        ]

    def max_notification_id(self) -> int | None:
        return self.published.head().position or None

    def subscribe(self, gt: int | None = None, topics: Sequence[str] = ()) -> PollingSubscription:
        """The events after a position, then new ones as they are appended."""
        return PollingSubscription(self, gt, topics)


class Transaction:
    """An open transaction that holds the write lock. It reads what it has inserted itself.

    `write` inserts records that have their positions, times and versions.
    """

    def __init__(self, reader: SQLReader, write: Callable[[Sequence[StoredRecord]], None]):
        self.reader = reader
        self._write = write
        self._versions: dict[str, int] = {}

    def insert_events(
        self,
        stored_events: Sequence[StoredEvent],
        *,
        condition: AppendCondition | None = None,
        clock: Clock = temporal.now,
    ) -> list[int]:
        """See `LogRecorder.insert_events`; they are durable when the transaction is committed."""
        if not stored_events:
            return []
        head, last = self.reader.head()
        if condition is not None and not self._holds(condition, head):
            raise AppendConditionFailedError
        records = [_as_record(each) for each in stored_events]
        recorded_at = MIN_INSTANT if last is None else last
        for position, record in enumerate(records, head + 1):
            wanted = clock() if record.recorded_at is None else record.recorded_at
            recorded_at = max(recorded_at, wanted)
            record.place(position, recorded_at, self._version_of(record))
        self._write(records)
        return [record.position for record in records]

    def _version_of(self, record: StoredRecord) -> int:
        """The next version of its story, which must be the record's own if it has one.

        Streams of the library may begin with version 0.
        """
        story, version = record.originator_id, record.originator_version
        if story not in self._versions:
            self._versions[story] = self.reader.story_version(story)
        expected = self._versions[story] + 1
        if version not in (NEXT, expected) and (version, expected) != (0, 1):
            raise IntegrityError(f"{story} is at version {expected - 1}: {version} cannot follow")
        self._versions[story] = expected if version == NEXT else version
        return self._versions[story]

    def _holds(self, condition: AppendCondition, head: int) -> bool:
        """Whether an append condition still holds."""
        after, reader = condition.after, self.reader
        if after is None:
            return not reader.find_all(condition.ids)
        if after == head:
            return True
        appended = [
            *reader.find_all(condition.ids).values(),
            *(each for id in condition.ids for each in reader.amendments_of(id)[-1:]),
            *(each for topic in condition.topics for each in reader.of_type(topic)[-1:]),
        ]
        return not (
            condition.everything
            or any(each.position > after for each in appended)
            or any(
                reader.story_version(story) != version
                for story, version in condition.stories.items()
            )
        )


def _as_record(event: StoredEvent) -> StoredRecord:
    if isinstance(event, StoredRecord):
        return event
    story, version = str(event.originator_id), event.originator_version
    return StoredRecord(story, version, event.topic, event.state, id=f"{story}/{version}")


class PollingSubscription(Subscription[LogRecorder]):
    """Polls the log by position, so it misses nothing, and writers need not notify.

    PostgreSQL's NOTIFY takes a global lock of the server when a transaction commits.
    """

    def __init__(self, recorder: LogRecorder, gt: int | None, topics: Sequence[str]):
        super().__init__(recorder, gt, topics)
        self._page: list[Notification] = []
        self._stopped = Event()

    def stop(self) -> None:
        super().stop()
        self._stopped.set()

    def __next__(self) -> Notification:
        while not self._stopped.is_set():
            if self._page:
                notification = self._page.pop(0)
                self._last_notification_id = notification.id
                return notification
            self._page = self._recorder.select_notifications(
                self._last_notification_id, _PAGE, topics=self._topics, inclusive_of_start=False
            )
            if not self._page:
                self._stopped.wait(_POLL)
        raise StopIteration
