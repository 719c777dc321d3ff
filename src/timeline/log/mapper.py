"""Records as the eventsourcing library stores them.

The library's own mapper imports the module that a stored row names, and rebuilds objects without
validating them. This one looks the topic up in the vocabulary, and validates the content.
"""

from __future__ import annotations

from typing import NamedTuple

import orjson
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    JSONTranscoder,
    Mapper,
    MapperDeserialisationError,
    StoredEvent,
)

from timeline.records import jsonl
from timeline.records.declaration import RecordType
from timeline.records.record import Content, Draft, Entry, amended_by
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary

# The version of an event to append at the end of its story, regardless of the story's version.
NEXT = -1


class Recorded(NamedTuple):
    """The domain event: a record was appended to the stream of its story."""

    originator_id: str
    originator_version: int
    type: RecordType
    content: Content


class StoredRecord(StoredEvent):
    """A stored event, with its id, position and time of recording.

    `recorded_at` (microseconds, UTC) is None unless an import brought it. The recorder sets it when
    it inserts the event, with the `position` and, if that is `NEXT`, the version.
    """

    originator_id: str
    id: str
    amends: tuple[str, ...]
    recorded_at: int | None
    position: int

    def __init__(
        self,
        story: str,
        version: int,
        topic: str,
        state: bytes,
        id: str,
        amends: tuple[str, ...] = (),
        recorded_at: int | None = None,
        position: int = 0,
    ):
        # The library's dataclass is frozen and sets each field by a call: too slow for an import.
        vars(self).update(
            originator_id=story,
            originator_version=version,
            topic=topic,
            state=state,
            id=id,
            amends=amends,
            recorded_at=recorded_at,
            position=position,
        )

    def place(self, position: int, recorded_at: int, version: int) -> None:
        """Set where the event is in the log."""
        vars(self).update(position=position, recorded_at=recorded_at, originator_version=version)

    @property
    def entry(self) -> Entry:
        """The event as the log keeps it."""
        recorded_at = self.recorded_at or 0
        story, version = self.originator_id, self.originator_version
        return Entry(self.position, recorded_at, story, version, self.topic, self.state)


def to_stored_record(draft: Draft, position: int = 0, version: int = NEXT) -> StoredRecord:
    """A draft, whose content has an id, as an event of its story."""
    kind, content, recorded_at = draft
    return StoredRecord(
        content["story"],
        version,
        kind.topic,
        jsonl.encode(content),
        content["id"],
        amended_by(kind, content),
        recorded_at,
        position,
    )


class RecordMapper(Mapper[str]):
    """Maps `Recorded` to rows and back. Only types in the vocabulary are instantiated."""

    def __init__(self, vocabulary: Vocabulary):
        super().__init__(JSONTranscoder())
        self._vocabulary = vocabulary

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredRecord:
        assert isinstance(domain_event, Recorded)
        _, version, kind, content = domain_event
        return to_stored_record(Draft(kind, content), version=version)

    def to_domain_event(self, stored_event: StoredEvent) -> Recorded:
        """The record behind a row.

        Raises:
            StoreError: its type is not in the vocabulary.
            MapperDeserialisationError: its content is not valid.
        """
        kind = self._vocabulary.of_topic(stored_event.topic)
        story, version = str(stored_event.originator_id), stored_event.originator_version
        try:
            content = orjson.loads(stored_event.state)
        except ValueError as error:
            raise MapperDeserialisationError(f"{story} {version}: {error}") from error
        found = validate(content, self._vocabulary, limited=())
        if isinstance(found, list):
            problems = "; ".join(str(problem) for problem in found)
            raise MapperDeserialisationError(f"{story} {version}: {problems}")
        return Recorded(story, version, kind, found.content)
