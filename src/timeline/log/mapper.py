"""Between domain events and stored events, for the eventsourcing library.

Its own mapper imports whatever module a stored row names, and rebuilds objects past
their checks. Ours looks the topic up in the vocabulary, and validates what it decodes.
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
from timeline.records.record import Content, amended_by
from timeline.records.validation import validate
from timeline.records.vocabulary import Vocabulary


class Recorded(NamedTuple):
    """The domain event: a record was appended to the stream of its story."""

    originator_id: str
    originator_version: int
    type: RecordType
    content: Content


class StoredRecord(StoredEvent):
    """A stored event, with what the log keeps beside it."""

    id: str
    amends: tuple[str, ...]

    def __init__(
        self,
        story: str,
        version: int,
        topic: str,
        state: bytes,
        id: str,
        amends: tuple[str, ...],
    ):
        # The frozen dataclass sets each field through a call; an import feels it.
        vars(self).update(
            originator_id=story,
            originator_version=version,
            topic=topic,
            state=state,
            id=id,
            amends=amends,
        )


class RecordMapper(Mapper[str]):
    """Maps `Recorded` to rows and back, through the vocabulary and nothing else."""

    def __init__(self, vocabulary: Vocabulary):
        super().__init__(JSONTranscoder())
        self._vocabulary = vocabulary

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredRecord:
        assert isinstance(domain_event, Recorded)
        story, version, kind, content = domain_event
        amends = amended_by(kind, content)
        state = jsonl.encode(content)
        return StoredRecord(story, version, kind.topic, state, content["id"], amends)

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
        found = validate(content, self._vocabulary)
        if isinstance(found, list):
            problems = "; ".join(str(problem) for problem in found)
            raise MapperDeserialisationError(f"{story} {version}: {problems}")
        return Recorded(story, version, kind, found.content)
