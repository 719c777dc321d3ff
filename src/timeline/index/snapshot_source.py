"""The events that a snapshot needs, found by the index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from timeline.certainty.effects import Effects, IndexKey, Value, ended_by_type
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.order import Order
from timeline.history.entity_resolution import Resolver
from timeline.history.event import Event
from timeline.history.history import History
from timeline.index.effects_index import (
    ALL,
    ENTITY,
    FOUNDS,
    LINKED,
    VALUED,
    answers_key,
    ends,
    keys_of,
    linked_key,
    moment,
    wide,
)
from timeline.index.relevant_evidence import RelevantEvidence
from timeline.index.row_codec import IndexedEvent, decode, id_of
from timeline.index.rows import Rows
from timeline.log.lookup import events_at
from timeline.log.protocol import Reader
from timeline.records.vocabulary import Vocabulary

# Of so many sets of a property, one is nearly always certain to have happened before.
_FEW = 4


class IndexedSource:
    """What stands at position `at`, as far as questions have needed it so far.

    Events are decoded from rows. Only those that are linked by order or have rival accounts are
    read from the log.
    """

    def __init__(self, rows: Rows, log: Reader, vocabulary: Vocabulary, names: Resolver, at: int):
        self.rows = rows
        self.at = at
        self.names = names
        self._found = _Found(rows, log, vocabulary, names, at)
        self.history = self._found.history
        self.order = self._found.order
        self._reach = RelevantEvidence(self.order, self._found)

    def is_worth_keeping(self) -> bool:
        """Whether the events read so far are worth keeping for the next question.

        Twenty thousand events take some 30 MB.
        """
        return 1_000 < self._found.has_read() < 20_000

    def about(self, names: Collection[Value], at: int) -> list[HeldStatement]:
        """The statements about any of these names that hold at `at`."""
        return self._reach.about(names, at)

    def openings(self, subject: str, label: str) -> Iterator[Effects]:
        """What began any value of a property, of a subject that `about` was asked about."""
        return self._reach.openings(subject, label)

    def listed_with(self, entity: str) -> Iterator[Event]:
        """The comments and questions about an entity, and the answers to these."""
        return self._found.listed_with(entity)

    def linked_with(self, entity: str) -> Iterator[str]:
        """The ids of the events that name an entity and have a known order to others."""
        return self._found.linked_with(entity)

    def entities_among(self, names: Collection[Value]) -> set[Value]:
        """Those of the names that are entities."""
        return self._found.entities_among(names)


class _Found:
    """The events that were found.

    It has no reference to its owner, so that both are freed without the cycle collector.
    """

    def __init__(self, rows: Rows, log: Reader, vocabulary: Vocabulary, names: Resolver, at: int):
        self.names = names
        self.history = History(names=names)
        self.order = Order(self.history)
        self._rows = rows
        self._log = log
        self._vocabulary = vocabulary
        self._at = at
        self._prefixes: dict[str, bool] = {}
        self._ended_by_type = ended_by_type(vocabulary)
        self._read: dict[int, IndexedEvent] = {}
        self._listed: set[int] = set()
        self._asked: set[IndexKey] = set()
        self._dependent: set[str] = set()

    def has_read(self) -> int:
        """How many events have been read."""
        return len(self._read)

    def find(self, handles: Collection[IndexKey]) -> Iterator[Effects]:
        """The effects of the events that count and are found by any of these."""
        self._asked.update(handles)
        handles = [each for each in handles if self.has_like(each)]
        positions = self._find([key for handle in handles for key in keys_of(handle)])
        found = map(self._read.__getitem__, positions)
        return (each.effects for each in found if each.effects is not None)

    def has_like(self, handle: IndexKey) -> bool:
        """Whether any event may be found by a handle of this kind, for any name."""
        match handle.kind:
            case "named":
                return True
            case "wide":
                return self._has(wide(handle.property))
            case "valued":
                return self._has(VALUED)
            case "all":
                return self._has(ALL)
            case "founds":
                return self._has(FOUNDS)
            case "ends":
                return self._has(ends(handle.property))

    def is_ended_by_type(self, label: str) -> bool:
        """Whether some type of event ends just this property."""
        return label in self._ended_by_type

    def latest(self, subject: Value, label: str, at: int) -> list[Effects]:
        """The last few effects before `at` that close a subject's statements of any value."""
        if not self._has(wide(label)):
            return []
        (key,) = keys_of(IndexKey("wide", subject, label))
        rows = self._rows.last(key, key + moment(at), self._at, _FEW)
        found = decode([(event, state) for _, event, state in rows], self._vocabulary)
        return [each.effects for each in found if each.effects is not None]

    def _has(self, prefix: str) -> bool:
        """Whether any key of a row begins with a prefix."""
        if prefix not in self._prefixes:
            self._prefixes[prefix] = self._rows.has_prefix(prefix)
        return self._prefixes[prefix]

    def listed_with(self, entity: str) -> Iterator[Event]:
        """The comments and questions about an entity, and the answers to these."""
        if IndexKey("named", entity) not in self._asked:
            self._find([ENTITY + entity])
        listed = [self._read[position].excerpt() for position in sorted(self._listed)]
        for event in listed:
            if entity in event.content.get("about", ()):
                yield event
                if event.type.name == "asked":
                    answers = self._find([answers_key(event.id)])
                    yield from (self._read[position].excerpt() for position in answers)

    def linked_with(self, entity: str) -> Iterator[str]:
        """The ids of the events that name an entity and have a known order to others."""
        if self._dependent:
            for position in self._find([ENTITY + entity]):
                if self.order.component(id := self._read[position].id) is not None:
                    yield id

    def entities_among(self, names: Collection[Value]) -> set[Value]:
        """Those of the names that are entities."""
        return {
            name
            for name in names
            if isinstance(name, str) and self._rows.stands(ENTITY + name, self._at)
        }

    def _find(self, keys: Collection[str]) -> Collection[int]:
        """The positions of the events found by any of these keys, after decoding them."""
        found = dict(self._rows.found(keys, self._at)) if keys else {}
        fresh = [row for row in found.items() if row[0] not in self._read]
        if fresh:
            new = dict(zip((row[0] for row in fresh), decode(fresh, self._vocabulary), strict=True))
            self._read.update(new)
            self._listed.update(position for position, each in new.items() if each.listed)
            self._complete(new)
        return found

    def _complete(self, new: dict[int, IndexedEvent]) -> None:
        """Read from the log what rows do not have of some events."""
        tied = {each.id for each in new.values() if each.linked or each.rivalled}
        tied |= self._linking(each.id for each in new.values())
        if tied:
            self._take_dependent(tied)
            for position, each in new.items():
                self._read[position] = self._completed(each)

    def _completed(self, event: IndexedEvent) -> IndexedEvent:
        full = self.history.get(event.id)
        return event if full is None else event.completed(full)

    def dependent(self) -> Collection[str]:
        """The ids of the events that were read because of links or rivalry."""
        return self._dependent

    def complete(self, ids: Collection[str]) -> None:
        """Read some events in full: what they say decides whether they agree."""
        if not ids:
            return
        self._take_dependent(ids)
        for position, each in self._read.items():
            if each.id in ids:
                self._read[position] = self._completed(each)

    def _take_dependent(self, ids: Iterable[str]) -> None:
        """Add some events in full, with their accounts and all that are linked with these."""
        waiting = set(ids) - self._dependent
        while waiting:
            part = self._whole(waiting)
            here = waiting.union(each.id for each in part.all())
            self._dependent |= here
            self.history.include(part)
            beside = self._linking(here)
            for each in part.counting():
                self.order.take(each)
                beside.update(link["id"] for _, link in each.links)
            waiting = beside - self._dependent

    def _linking(self, ids: Iterable[str]) -> set[str]:
        """The events that have a link to any of these."""
        if not self._has(LINKED):
            return set()
        rows = self._rows.found([linked_key(id) for id in ids], self._at)
        return {id_of(state) for _, state in rows}

    def _whole(self, ids: Iterable[str]) -> History:
        return events_at(ids, self._log, self._vocabulary, self._at, self.names)
