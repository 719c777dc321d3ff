"""A batch that keeps nobody from writing: it keeps in mind what it has looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from timeline.log.mapper import RecordMapper
from timeline.log.postgres.batch import PostgresBatch
from timeline.log.postgres.queries import Row
from timeline.log.protocol import AppendConditionFailedError, Head
from timeline.records.entry import Entry


class OptimisticBatch(PostgresBatch):
    """A batch that keeps nobody from writing, and so keeps what it has looked at in mind.

    Where others have written in the meantime, its records get their place after theirs, unless
    what they wrote is what it has looked at: then it is interfered with. A batch whose records
    name no others is `blind`: it looks at nothing, and relies on its ids being free.
    """

    def __init__(
        self, rows: Callable[..., list[Row]], mapper: RecordMapper, clock: Callable[[], int]
    ):
        super().__init__(rows, mapper, clock)
        self.blind = False
        self.ids: set[str] = set()
        self.topics: set[str] = set()
        self.seen_stories: set[str] = set()
        self.seen_all = False
        self.placed: list[Row] = []

    def prefetch(
        self, new: Iterable[str], named: Iterable[str] = (), stories: Iterable[str] = ()
    ) -> None:
        new, named = list(new), list(named)
        self.ids.update(new, named)
        self._see()
        if new and not named and self._begun is None:
            self.blind = True
            self._begun = Head(0, None)
            self._foreseen = dict.fromkeys(new)
            return
        super().prefetch(new, named, stories)

    def _see(self) -> None:
        """If blind so far, see where the log ends, and what is foreseen.

        Raises:
            InterferedError: it is too late, since records have their places.
        """
        if not self.blind:
            return
        if self.pending:
            raise AppendConditionFailedError
        self.blind = False
        self._begun = None
        super().prefetch(list(self._foreseen))

    def _is_taken(self, id: str) -> bool:
        if self.blind and id in self._foreseen:
            return self._foreseen[id] is not None
        self.ids.add(id)
        return super()._is_taken(id)

    def _version(self, story: str) -> int:
        return self._versions.get(story, 0) if self.blind else super()._version(story)

    def head(self) -> Head:
        self._see()
        return super().head()

    def find(self, id: str) -> Entry | None:
        self.ids.add(id)
        if not (self.blind and self.pending.find(id)):
            self._see()
        return super().find(id)

    def amendments_of(self, id: str) -> list[Entry]:
        self.ids.add(id)
        self._see()
        return super().amendments_of(id)

    def of_type(self, topic: str) -> list[Entry]:
        self.topics.add(topic)
        self._see()
        return super().of_type(topic)

    def _logged(self, found: Iterable[Entry | None]) -> list[Entry]:
        begun = self.begun.position
        return [entry for entry in super()._logged(found) if entry.position <= begun]

    def story_version(self, story: str) -> int:
        self.seen_stories.add(story)
        self._see()
        return super().story_version(story)

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        self.seen_all = True
        self._see()
        yield from super().entries(after, until)

    def position_at(self, instant: int) -> int:
        self.seen_all = True
        self._see()
        return super().position_at(instant)

    def stories(self) -> dict[str, int]:
        self.seen_all = True
        self._see()
        return super().stories()

    def settled(self, entry: Entry) -> Entry:
        if entry.position <= self.begun.position:
            return entry
        position, recorded_at, version = self.placed[entry.position - self.begun.position - 1]
        return entry._replace(position=position, recorded_at=recorded_at, version=version)
