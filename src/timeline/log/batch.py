"""Records on their way into a log, seen together with what is there already."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from eventsourcing.persistence import PersistenceError

from timeline.errors import StoreError
from timeline.log.mapper import NEXT, StoredRecord, to_stored_record
from timeline.log.protocol import AppendCondition, AppendConditionFailedError, Clock, Head
from timeline.log.recorder import LogRecorder, Transaction
from timeline.records.entry import Entry
from timeline.records.record import Draft


@contextmanager
def writing(recorder: LogRecorder, clock: Clock, hold: bool) -> Iterator[Batch]:
    """A batch that is written when the block ends; see `timeline.log.protocol.Log.writing`."""
    try:
        if hold:
            with recorder.exclusive() as transaction:
                batch = Batch(transaction, clock)
                yield batch
                batch.write()
        else:
            batch = Batch(recorder, clock)
            yield batch
            batch.write()
    except PersistenceError as error:
        raise StoreError(f"cannot write the log: {error}") from error


class Batch:
    """Collects records for a recorder, or for a transaction, and reads as if they were in the log.

    What it reads is the condition on which they may be appended. In a transaction, which holds
    the write lock, the condition always holds. Without one, the positions, times and versions of
    its records are provisional until the batch is written; `settled` then gives the final ones.
    """

    def __init__(self, writer: LogRecorder | Transaction, clock: Clock):
        self._writer = writer
        self.holds = isinstance(writer, Transaction)
        self._reader = writer.reader
        self._clock = clock
        self._provisional: dict[int, StoredRecord] = {}
        self._versions: dict[str, int] = {}
        self._start()

    def _start(self) -> None:
        self.condition = AppendCondition()
        self._head = Head(0, None)
        self._found: dict[str, Entry | None] = {}
        self._pending: dict[str, StoredRecord] = {}
        self._amending: dict[str, list[StoredRecord]] = defaultdict(list)

    def __len__(self) -> int:
        return len(self._pending)

    def prefetch(self, new: Iterable[str], named: Iterable[str] = ()) -> None:
        """Look up at once the ids of the records that come next, and the ids that they name.

        Without a transaction, the ids of records that name no others are not looked up: that they
        are free is then a condition of the append.
        """
        new, named = list(new), list(named)
        self.condition.ids.update(new, named)
        if named or self.condition.after is not None or self.holds:
            self._begin()
            wanted = dict.fromkeys((*new, *named))
            self._found = {**wanted, **self._reader.find_all(wanted)}

    def _begin(self) -> None:
        """Before the log is read: note where it ends.

        Raises:
            AppendConditionFailedError: records were added without reading the log.
        """
        if self.condition.after is None:
            if self._pending:
                raise AppendConditionFailedError
            self._head = self._reader.head()
            self.condition.after = self._head.position

    def add(self, draft: Draft) -> Entry | None:
        """Add a draft, whose content has an id; None, and nothing added, if that id is taken."""
        id = draft.content["id"]
        is_expected_free = self.condition.after is None and id in self.condition.ids
        if id in self._pending or (not is_expected_free and self.find(id) is not None):
            return None
        record = to_stored_record(draft, self._next_version(draft.content["story"]))
        position, last = self._head.position + 1, self._head.recorded_at
        now = self._clock() if record.recorded_at is None else record.recorded_at
        recorded_at = now if last is None else max(last, now)
        record.place(position, recorded_at, record.originator_version)
        self._head = Head(position, recorded_at)
        self._pending[id] = record
        for event in record.amends:
            self._amending[event].append(record)
        if not self.holds:
            self._provisional[position] = record
        return record.entry

    def _next_version(self, story: str) -> int:
        """The version of the next record of a story; the recorder decides it without a lock."""
        if not self.holds:
            return NEXT
        if story not in self._versions:
            self._versions[story] = self._reader.story_version(story)
        self._versions[story] += 1
        return self._versions[story]

    def flush(self) -> None:
        """In a transaction, write what was added so far; it can still be rolled back."""
        if self.holds:
            self.write()

    def write(self) -> None:
        """Append what was added.

        Raises:
            AppendConditionFailedError: others have appended what was read; nothing was written.
            StoreError: the log cannot be written, or whether it was written is not known.
        """
        self._writer.insert_events(list(self._pending.values()), condition=self.condition)
        self._start()

    def rehearse(self) -> None:
        """Say where the records would be if the batch were written now; write nothing."""
        rehearsal = Transaction(self._reader, lambda records: None)
        rehearsal.insert_events(list(self._pending.values()), condition=self.condition)

    def settled(self, entry: Entry) -> Entry:
        """An entry that `add` or a read has returned, as it is now that the batch is written."""
        record = self._provisional.get(entry.position)
        return entry if record is None or record.state != entry.state else record.entry

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
        return next(self._seen(self._found[id]), None)

    def amendments_of(self, id: str) -> list[Entry]:
        self.condition.ids.add(id)
        self._begin()
        pending = self._amending.get(id, ())
        return [*self._seen(*self._reader.amendments_of(id)), *(each.entry for each in pending)]

    def of_type(self, topic: str) -> list[Entry]:
        self.condition.topics.add(topic)
        self._begin()
        pending = (each.entry for each in self._pending.values() if each.topic == topic)
        return [*self._seen(*self._reader.of_type(topic)), *pending]

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        self.condition.everything = True
        self._begin()
        yield from self._seen(*self._reader.entries(after, until))
        for each in self._pending.values():
            if after < each.position and (until is None or each.position <= until):
                yield each.entry

    def _seen(self, *entries: Entry | None) -> Iterator[Entry]:
        """Those that were in the log when the batch began to read."""
        last = self.condition.after
        assert last is not None
        return (each for each in entries if each is not None and each.position <= last)

    def story_version(self, story: str) -> int:
        self._begin()
        version = self._reader.story_version(story)
        self.condition.stories[story] = version
        return version + sum(each.originator_id == story for each in self._pending.values())
