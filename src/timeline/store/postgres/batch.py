"""One batch within a group: what it reads, and what it adds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from eventsourcing.persistence import IntegrityError

from timeline.events.record import Draft
from timeline.log import Entry, Head, stamp
from timeline.store.mapper import Recorded, RecordMapper, StoredRecord
from timeline.store.postgres.group import MOST_RECORDS, Group
from timeline.store.postgres.pending import Placed
from timeline.store.postgres.queries import PLACED, Queries


class PostgresBatch(Queries):
    """Reads the database and what waits in the group, which comes after it; adds to the group."""

    def __init__(self, group: Group, mapper: RecordMapper, clock: Callable[[], int]):
        super().__init__(group.rows, PLACED)
        self._group = group
        self._mapper = mapper
        self._clock = clock
        self._others = len(group.pending)
        self._last: Head | None = None
        self._foreseen: dict[str, Entry | None] = {}
        self._begun: dict[str, int] = {}
        self._versions: dict[str, int] = {}

    def head(self) -> Head:
        return self._last or self._group.head

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        last = self.head().position if until is None else until
        yield from super().entries(after, last)
        yield from self._group.pending.entries(after, last)

    def foresee(self, ids: Iterable[str], stories: Iterable[str] = ()) -> None:
        self._foreseen = dict.fromkeys(ids)
        wanted = [id.encode() for id in self._foreseen]
        for id, *row in self._group.foreseen(wanted, list(set(stories))):
            entry = Entry(*row)
            if id is None:
                self._begun[entry.story] = entry.version
            else:
                self._foreseen[id.decode()] = entry

    def find(self, id: str) -> Entry | None:
        waiting = self._group.pending.find(id)
        if waiting is not None:
            return waiting
        return self._foreseen[id] if id in self._foreseen else super().find(id)

    def amendments_of(self, id: str) -> list[Entry]:
        return [*super().amendments_of(id), *self._group.pending.amendments_of(id)]

    def of_type(self, topic: str) -> list[Entry]:
        return [*super().of_type(topic), *self._group.pending.of_type(topic)]

    def position_at(self, instant: int) -> int:
        waiting = self._group.pending.recorded_by(instant)
        if waiting:
            return self.head().position - len(self._group.pending) + waiting
        return super().position_at(instant)

    def stories(self) -> dict[str, int]:
        found = {**super().stories(), **self._group.versions, **self._versions}
        return {story: found[story] for story in sorted(found) if found[story]}

    def story_version(self, story: str) -> int:
        for known in (self._versions, self._group.versions, self._begun):
            if story in known:
                return known[story]
        return super().story_version(story)

    def add(self, draft: Draft) -> Entry | None:
        content = draft.content
        if self.find(content["id"]) is not None:
            return None
        story = content["story"]
        version = self.story_version(story) + 1
        event = self._mapper.to_stored_event(Recorded(story, version, draft.type, content))
        return self._place(event, self._clock() if draft.recorded_at is None else draft.recorded_at)

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
        story, version = str(event.originator_id), event.originator_version
        head = self.head()
        position, recorded_at = head.position + 1, stamp(head, now)
        entry = Entry(position, recorded_at, story, version, event.topic, event.state)
        self._group.pending.add(Placed(entry, event.id, event.amends))
        self._last = Head(position, recorded_at)
        self._versions[story] = version
        if event.id in self._foreseen:
            self._foreseen[event.id] = entry
        if len(self._group.pending) - self._others >= MOST_RECORDS:
            self._group.write_out(self._others)
            self._others = 0
        return entry

    def keep(self) -> None:
        """What was added is part of the group now."""
        if self._last is not None:
            self._group.keep(self._last, self._versions)

    def take_back(self) -> None:
        """Nothing was added."""
        self._group.take_back(self._others)
