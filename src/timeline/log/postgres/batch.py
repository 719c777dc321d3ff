"""What an open batch reads and adds; `holding.py` and `loose.py` have its two kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from eventsourcing.persistence import IntegrityError

from timeline.log.mapper import Recorded, RecordMapper, StoredRecord
from timeline.log.postgres.append_buffer import AppendBuffer, PositionedRecord
from timeline.log.postgres.queries import FORESEEN, PLACED, Queries, Row
from timeline.log.protocol import Head, stamp
from timeline.records.entry import Entry
from timeline.records.record import Draft


class PostgresBatch(Queries):
    """Reads the log and what waits to be added to it, and adds to what waits.

    `rows` asks the database.
    """

    def __init__(
        self, rows: Callable[..., list[Row]], mapper: RecordMapper, clock: Callable[[], int]
    ):
        super().__init__(self._asked, PLACED)
        self.pending = AppendBuffer()
        self._ask = rows
        self._mapper = mapper
        self._clock = clock
        self._begun: Head | None = None
        self._last: Head | None = None
        self._foreseen: dict[str, Entry | None] = {}
        self._versions: dict[str, int] = {}

    @property
    def begun(self) -> Head:
        """The end of the log when the batch began."""
        if self._begun is None:
            self.prefetch(())
            assert self._begun is not None
        return self._begun

    def _asked(self, query: str, *values: Any) -> list[Row]:
        """What is read after it was read where the log ends."""
        assert self.begun is not None
        return self._ask(query, *values)

    def head(self) -> Head:
        return self._last or self.begun

    def prefetch(
        self, new: Iterable[str], named: Iterable[str] = (), stories: Iterable[str] = ()
    ) -> None:
        self._foreseen = {id: self.pending.find(id) for id in (*new, *named)}
        unknown = [story for story in set(stories) if story not in self._versions]
        found = self._ask(FORESEEN, [id.encode() for id in self._foreseen], unknown)
        entries = [(what, id, Entry(*row)) for what, id, *row in found]
        if self._begun is None:
            heads = [Head(*entry[:2]) for what, _, entry in entries if what == "head"]
            self._begun = heads[0] if heads else Head(0, None)
        for what, id, entry in entries:
            if what == "story":
                self._versions[entry.story] = entry.version
            elif what == "record" and self._logged([entry]):
                self._foreseen[id.decode()] = entry

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        begun = self.begun.position
        last = self.head().position if until is None else until
        yield from super().entries(after, min(last, begun))
        yield from self.pending.entries(after, last)

    def find(self, id: str) -> Entry | None:
        if id in self._foreseen:
            return self._foreseen[id]
        if (waiting := self.pending.find(id)) is not None:
            return waiting
        logged = self._logged([super().find(id)])
        return logged[0] if logged else None

    def amendments_of(self, id: str) -> list[Entry]:
        return [*self._logged(super().amendments_of(id)), *self.pending.amendments_of(id)]

    def of_type(self, topic: str) -> list[Entry]:
        return [*self._logged(super().of_type(topic)), *self.pending.of_type(topic)]

    def _logged(self, found: Iterable[Entry | None]) -> list[Entry]:
        """What was found in the database, as far as the batch sees it."""
        return [entry for entry in found if entry is not None]

    def position_at(self, instant: int) -> int:
        waiting = self.pending.recorded_by(instant)
        if waiting:
            return self.head().position - len(self.pending) + waiting
        return super().position_at(instant)

    def stories(self) -> dict[str, int]:
        found = {**super().stories(), **self._versions}
        return {story: found[story] for story in sorted(found) if found[story]}

    def story_version(self, story: str) -> int:
        if story not in self._versions:
            self._versions[story] = super().story_version(story)
        return self._versions[story]

    def add(self, draft: Draft) -> Entry | None:
        content = draft.content
        if self._is_taken(content["id"]):
            return None
        story = content["story"]
        version = self._version(story) + 1
        event = self._mapper.to_stored_event(Recorded(story, version, draft.type, content))
        return self._place(event, self._clock() if draft.recorded_at is None else draft.recorded_at)

    def _is_taken(self, id: str) -> bool:
        return PostgresBatch.find(self, id) is not None

    def _version(self, story: str) -> int:
        return PostgresBatch.story_version(self, story)

    def add_stored(self, event: StoredRecord) -> Entry:
        """Add what the eventsourcing library has made of a record.

        Raises:
            IntegrityError: its id is taken, or it is not the next of its stream.
        """
        story, version = str(event.originator_id), event.originator_version
        if self.find(event.id) is not None:
            raise IntegrityError(f"the id {event.id!r} is taken")
        if version != self.story_version(story) + 1:
            raise IntegrityError(f"{version} is not the next version of {story}")
        return self._place(event, self._clock())

    def _place(self, event: StoredRecord, now: int) -> Entry:
        head = self._last or self.begun
        story, version = str(event.originator_id), event.originator_version
        position, recorded_at = head.position + 1, stamp(head, now)
        entry = Entry(position, recorded_at, story, version, event.topic, event.state)
        self.pending.add(PositionedRecord(entry, event.id, event.amends))
        self._last = Head(position, recorded_at)
        self._versions[story] = version
        if event.id in self._foreseen:
            self._foreseen[event.id] = entry
        return entry

    def settled(self, entry: Entry) -> Entry:
        return entry
