"""A log that a service keeps, as the rest of the product sees a log."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from timeline import temporal
from timeline.client.client import Client
from timeline.errors import StoreError
from timeline.log.protocol import Batch, Head, StorageInfo
from timeline.newsroom.remote_batch import RemoteBatch
from timeline.records import jsonl
from timeline.records.entry import Entry

# Characters of ids in one request: what stands before a service takes addresses of 8 KiB.
_LONGEST_IDS = 4000


class RemoteLog:
    """Asks a service for what is asked of a log, and sends it what is to be appended.

    All methods raise StoreError if the service fails, and InputError if it refuses.
    """

    def __init__(self, client: Client):
        self.client = client

    def close(self) -> None:
        self.client.close()

    def head(self) -> Head:
        return _head(self.client.ask("/api/head"))

    def entries(self, after: int = 0, until: int | None = None) -> Iterator[Entry]:
        last = self.head().position if until is None else until
        if after < last:
            yield from self._chosen(after=after, until=last)

    def find(self, id: str) -> Entry | None:
        return next(self._chosen(id=id), None)

    def find_all(self, ids: Iterable[str]) -> dict[str, Entry]:
        """Those of the records with these ids that there are."""
        found: dict[str, Entry] = {}
        for some in _some_at_a_time(ids):
            found.update((id_of(entry), entry) for entry in self._chosen(id=some))
        return found

    def entries_about(self, ids: Iterable[str], until: int) -> list[Entry]:
        """Some events, the other accounts of the same, and what amends them by a position."""
        found = {
            entry.position: entry
            for some in _some_at_a_time(ids)
            for entry in self._chosen(about=some, until=until)
        }
        return [found[position] for position in sorted(found)]

    def amendments_of(self, id: str) -> list[Entry]:
        return list(self._chosen(amends=id))

    def of_type(self, topic: str) -> list[Entry]:
        return list(self._chosen(topic=topic))

    def of_story(self, story: str, after: int = 0, until: int | None = None) -> list[Entry]:
        return list(self._chosen(story=story, after=after, until=until))

    def position_at(self, instant: int) -> int:
        asked = temporal.format_instant(instant)
        return _head(self.client.ask("/api/head", instant=asked)).position

    def stories(self) -> dict[str, int]:
        found: dict[str, int] = self.client.ask("/api/stories")["stories"]
        return found

    def story_version(self, story: str) -> int:
        return self.stories().get(story, 0)

    def facts(self) -> StorageInfo:
        return StorageInfo(**self.client.ask("/api/facts"))

    @contextmanager
    def writing(self, clock: Callable[[], int], hold: bool = True) -> Iterator[Batch]:
        """See `Log.writing`. The service admits what is sent once more, beside its own log."""
        batch = RemoteBatch(self, clock)
        yield batch
        batch.send()

    def _chosen(self, after: int = 0, **asked: object) -> Iterator[Entry]:
        while True:
            part = self.client.ask("/api/entries", after=after, **asked)
            found = [_entry(each) for each in part["entries"]]
            yield from found
            if not part["more"]:
                return
            after = found[-1].version if "story" in asked else found[-1].position


def id_of(entry: Entry) -> str:
    """The id of the record of an entry."""
    return str(jsonl.content_of(entry)["id"])


def _some_at_a_time(ids: Iterable[str]) -> Iterator[list[str]]:
    some: list[str] = []
    size = 0
    for id in dict.fromkeys(ids):
        if some and (size + len(id) > _LONGEST_IDS or len(some) == 100):
            yield some
            some, size = [], 0
        some.append(id)
        size += len(id)
    if some:
        yield some


def _head(said: dict[str, Any]) -> Head:
    recorded_at = said["recorded_at"]
    return Head(
        said["position"], None if recorded_at is None else temporal.parse_instant(recorded_at)
    )


def _entry(said: dict[str, Any]) -> Entry:
    try:
        recorded_at = temporal.parse_instant(said["recorded_at"])
        return Entry(**{**said, "recorded_at": recorded_at, "state": said["state"].encode()})
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(f"the service sends what is no entry: {error}") from error
