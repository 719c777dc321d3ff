"""What is to be appended to a log that a service keeps: collected here, and sent at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from timeline import temporal
from timeline.log.protocol import Head, stamp
from timeline.records import jsonl
from timeline.records.entry import Entry
from timeline.records.record import Draft, amended_by

if TYPE_CHECKING:
    from timeline.newsroom.remote_log import RemoteLog


class RemoteBatch:
    """Looks at the log of a service, and adds to it all at once when it is sent.

    Others may write in the meantime: the service decides, and gives the places.
    """

    def __init__(self, log: RemoteLog, clock: Callable[[], int]):
        self._log = log
        self._clock = clock
        self._begun: Head | None = None
        self._found: dict[str, Entry | None] = {}
        self._versions: dict[str, int] | None = None
        self._pending: list[Entry] = []
        self._drafts: list[Draft] = []
        self._by_id: dict[str, Entry] = {}
        self._amended: dict[str, list[Entry]] = {}
        self._expected: dict[str, int] = {}
        self._placed: dict[str, Entry] = {}

    @property
    def begun(self) -> Head:
        """Where the log ended when it was first looked at."""
        if self._begun is None:
            self._begun = self._log.head()
        return self._begun

    def prefetch(
        self, new: Iterable[str], named: Iterable[str] = (), stories: Iterable[str] = ()
    ) -> None:
        ids = [id for id in (*new, *named) if id not in self._found]
        self._found.update(dict.fromkeys(ids))
        self._found.update(self._log.find_all(ids))

    def head(self) -> Head:
        if not self._pending:
            return self.begun
        return Head(self._pending[-1].position, self._pending[-1].recorded_at)

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        begun = self.begun.position
        last = self.head().position if until is None else until
        yield from self._log.entries(after, min(last, begun))
        yield from (each for each in self._pending if after < each.position <= last)

    def find(self, id: str) -> Entry | None:
        if (entry := self._by_id.get(id)) is not None:
            return entry
        if id not in self._found:
            self._found[id] = self._log.find(id)
        return self._found[id]

    def amendments_of(self, id: str) -> list[Entry]:
        return [*self._log.amendments_of(id), *self._amended.get(id, ())]

    def of_type(self, topic: str) -> list[Entry]:
        return [*self._log.of_type(topic), *(each for each in self._pending if each.topic == topic)]

    def position_at(self, instant: int) -> int:
        later = (each.position for each in self._pending if each.recorded_at <= instant)
        return max(later, default=0) or self._log.position_at(instant)

    def stories(self) -> dict[str, int]:
        if self._versions is None:
            self._versions = dict(self._log.stories())
        return dict(sorted(self._versions.items()))

    def story_version(self, story: str) -> int:
        """How many records a story holds, which it then must still do when they are added to."""
        version = self.stories().get(story, 0)
        if not any(each.story == story for each in self._pending):
            self._expected[story] = version
        return version

    def add(self, draft: Draft) -> Entry | None:
        content = draft.content
        if self.find(content["id"]) is not None:
            return None
        story, head = content["story"], self.head()
        version = self.stories().get(story, 0) + 1
        now = self._clock() if draft.recorded_at is None else draft.recorded_at
        entry = Entry(
            head.position + 1,
            stamp(head, now),
            story,
            version,
            draft.type.topic,
            jsonl.encode(content),
        )
        self._pending.append(entry)
        self._drafts.append(draft)
        self._by_id[content["id"]] = entry
        for event in amended_by(draft.type, content):
            self._amended.setdefault(event, []).append(entry)
        assert self._versions is not None
        self._versions[story] = version
        return entry

    def settled(self, entry: Entry) -> Entry:
        return self._placed.get(str(jsonl.content_of(entry)["id"]), entry)

    def send(self) -> None:
        """Append all of it.

        Raises:
            InputError: the service refuses it, and has written nothing.
            ConflictError: a story is no longer at the version that it was looked at.
            StoreError: the service failed; nothing was written, or it says that that is not known.
        """
        if not self._pending:
            return
        lines = map(_line, self._drafts)
        if any(draft.recorded_at is not None for draft in self._drafts):
            self._log.client.import_lines(lines)
            return
        rows = self._log.client.append_lines(lines, self._expected)
        for row in rows:
            entry = self._by_id[row["id"]]
            self._placed[row["id"]] = entry._replace(
                position=row["position"],
                recorded_at=temporal.parse_instant(row["recorded_at"]),
                version=row["version"],
            )


def _line(draft: Draft) -> bytes:
    """A record as it is sent: with the time that it brought, if it did."""
    state = jsonl.encode(draft.content)
    if draft.recorded_at is None:
        return state
    recorded_at = temporal.format_instant(draft.recorded_at).encode()
    return state[:-1] + b',"recorded_at":"' + recorded_at + b'"}'
