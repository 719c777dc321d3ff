"""The log in the memory of the process: for trying things out, and for tests."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from platform import python_version

from eventsourcing.popo import POPOApplicationRecorder

from timeline.log.mapper import Recorded, RecordMapper, StoredRecord
from timeline.log.protocol import Batch, Head, StorageInfo, stamp
from timeline.records.entry import Entry
from timeline.records.record import Draft
from timeline.records.vocabulary import Vocabulary


class MemoryReader:
    """The reading half, over lists."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._by_id: dict[str, int] = {}
        self._amended: dict[str, list[int]] = {}
        self._by_topic: dict[str, list[int]] = {}
        self._versions: dict[str, int] = {}

    def head(self) -> Head:
        if not self._entries:
            return Head(0, None)
        return Head(self._entries[-1].position, self._entries[-1].recorded_at)

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        return iter(self._entries[after:until])

    def find(self, id: str) -> Entry | None:
        position = self._by_id.get(id)
        return None if position is None else self._entries[position - 1]

    def amendments_of(self, id: str) -> list[Entry]:
        return [self._entries[position - 1] for position in self._amended.get(id, [])]

    def of_type(self, topic: str) -> list[Entry]:
        return [self._entries[position - 1] for position in self._by_topic.get(topic, [])]

    def position_at(self, instant: int) -> int:
        return bisect_right(self._entries, instant, key=lambda entry: entry.recorded_at)

    def stories(self) -> dict[str, int]:
        return dict(sorted(self._versions.items()))

    def story_version(self, story: str) -> int:
        return self._versions.get(story, 0)


class MemoryLog(MemoryReader):
    """Lists, kept in step with the library's own in-memory recorder."""

    def __init__(self, vocabulary: Vocabulary):
        super().__init__()
        self.recorder = POPOApplicationRecorder()
        self._mapper = RecordMapper(vocabulary)

    @contextmanager
    def writing(self, clock: Callable[[], int], hold: bool = True) -> Iterator[Batch]:
        batch = MemoryBatch(self, self._mapper, clock)
        yield batch
        self.recorder.insert_events(batch.events)
        self.__dict__.update(batch.committed())

    def of_story(self, story: str, after: int = 0, until: int | None = None) -> list[Entry]:
        entries = [entry for entry in self._entries if entry.story == story]
        return entries[after:until]

    def facts(self) -> StorageInfo:
        size = sum(len(entry.state) for entry in self._entries)
        return StorageInfo("memory", size, "Python", python_version())

    def close(self) -> None:
        """Nothing is held open."""


class MemoryBatch(MemoryReader):
    """A copy of the lists, which replaces them when the batch is done."""

    def __init__(self, log: MemoryLog, mapper: RecordMapper, clock: Callable[[], int]):
        self._entries = list(log._entries)
        self._by_id = dict(log._by_id)
        self._amended = {id: list(places) for id, places in log._amended.items()}
        self._by_topic = {topic: list(places) for topic, places in log._by_topic.items()}
        self._versions = dict(log._versions)
        self.events: list[StoredRecord] = []
        self._mapper = mapper
        self._clock = clock

    def prefetch(
        self, new: Iterable[str], named: Iterable[str] = (), stories: Iterable[str] = ()
    ) -> None:
        """Everything is at hand already."""

    def add(self, draft: Draft) -> Entry | None:
        content = draft.content
        if content["id"] in self._by_id:
            return None
        version = self._versions.get(content["story"], 0) + 1
        event = self._mapper.to_stored_event(
            Recorded(content["story"], version, draft.type, content)
        )
        head = self.head()
        now = self._clock() if draft.recorded_at is None else draft.recorded_at
        entry = Entry(
            head.position + 1, stamp(head, now), content["story"], version, event.topic, event.state
        )
        self._entries.append(entry)
        self._by_id[event.id] = entry.position
        for named in event.amends:
            self._amended.setdefault(named, []).append(entry.position)
        self._by_topic.setdefault(event.topic, []).append(entry.position)
        self._versions[content["story"]] = version
        self.events.append(event)
        return entry

    def settled(self, entry: Entry) -> Entry:
        return entry

    def committed(self) -> dict[str, object]:
        """The lists as they are once the batch is done."""
        return {name: vars(self)[name] for name in vars(MemoryReader())}
