"""A batch of records to append, readable as if it were already in the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from eventsourcing.persistence import PersistenceError

from timeline.errors import StoreError
from timeline.log.mapper import StoredRecord, to_stored_record
from timeline.log.protocol import AppendCondition, AppendConditionFailedError, Clock, Head
from timeline.log.recorder import LogRecorder, Transaction
from timeline.records.record import Draft, Entry


class Batch:
    """Collects records for a recorder or a transaction, and reads as if they were in the log.

    What the batch reads is the condition on which its records may be appended. In a transaction,
    which holds the write lock, the condition always holds. Until the batch is written, a record
    has the position that it gets if no other writer appends first, and no version.
    """

    def __init__(self, writer: LogRecorder | Transaction, clock: Clock):
        self._writer = writer
        self._reader = writer.reader
        self._clock = clock
        self._start()

    def _start(self) -> None:
        self.condition = AppendCondition()
        self._head = Head(0, None)
        self._found: dict[str, Entry | None] = {}
        self._pending: dict[str, StoredRecord] = {}
        self._amending: dict[str, list[StoredRecord]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._pending)

    @property
    def is_exclusive(self) -> bool:
        """Whether the batch holds the write lock, so that no other writer can append."""
        return isinstance(self._writer, Transaction)

    def prefetch(self, new: Iterable[str], named: Iterable[str] = ()) -> None:
        """Look up at once the ids of the records that come next, and the ids that they name.

        Without the write lock, the ids of records that name no others are not looked up: that they
        are free is then a condition of the append.
        """
        new, named = list(new), list(named)
        self.condition.ids.update(new, named)
        if named or self.condition.after is not None or self.is_exclusive:
            self._begin()
            wanted = dict.fromkeys((*new, *named))
            self._found = {**wanted, **self._reader.find_all(wanted)}

    def _begin(self) -> None:
        """Note the head of the log before the first read.

        Raises:
            AppendConditionFailedError: records were added without reading the log.
        """
        if self.condition.after is None:
            if self._pending:
                raise AppendConditionFailedError
            self._head = self._reader.head()
            self.condition.after = self._head.position

    def add(self, draft: Draft) -> StoredRecord | None:
        """Add a draft, whose content has an id; None, and nothing added, if that id is taken."""
        id = draft.content["id"]
        is_expected_free = self.condition.after is None and id in self.condition.ids
        if id in self._pending or (not is_expected_free and self.find(id) is not None):
            return None
        position, last = self._head.position + 1, self._head.recorded_at
        now = self._clock() if draft.recorded_at is None else draft.recorded_at
        self._head = Head(position, now if last is None else max(last, now))
        self._pending[id] = record = to_stored_record(draft, position)
        for event in record.amends:
            self._amending[event].append(record)
        return record

    def write(self) -> None:
        """Append the records that were added. Their positions, times and versions are then final.

        In a transaction, the batch can then be added to again.

        Raises:
            AppendConditionFailedError: other writers have added to what was read; nothing was
                written.
            StoreError: the log cannot be written, or whether it was written is not known.
        """
        records = list(self._pending.values())
        try:
            self._writer.insert_events(records, condition=self.condition, clock=self._clock)
        except PersistenceError as error:
            raise StoreError(f"cannot write the log: {error}") from error
        self._start()

    # Reading

    def head(self) -> Head:
        self._begin()
        return self._head

    def find(self, id: str) -> Entry | None:
        if id in self._pending:
            return self._pending[id].entry
        self.condition.ids.add(id)
        self._begin()
        if id not in self._found:
            self._found[id] = self._reader.find(id)
        found = self._found[id]
        return found if found is not None and self._was_there(found) else None

    def amendments_of(self, id: str) -> list[Entry]:
        self.condition.ids.add(id)
        self._begin()
        found = filter(self._was_there, self._reader.amendments_of(id))
        return [*found, *(each.entry for each in self._amending.get(id, ()))]

    def of_type(self, topic: str) -> list[Entry]:
        self.condition.topics.add(topic)
        self._begin()
        found = filter(self._was_there, self._reader.of_type(topic))
        return [*found, *(each.entry for each in self._pending.values() if each.topic == topic)]

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        self.condition.everything = True
        self._begin()
        yield from filter(self._was_there, self._reader.entries(after, until))
        for each in self._pending.values():
            if after < each.position and (until is None or each.position <= until):
                yield each.entry

    def _was_there(self, entry: Entry) -> bool:
        """Whether an entry was in the log when the batch began to read."""
        return self.condition.after is not None and entry.position <= self.condition.after

    def story_version(self, story: str) -> int:
        self._begin()
        self.condition.stories[story] = version = self._reader.story_version(story)
        return version + sum(each.originator_id == story for each in self._pending.values())
