"""The events that a snapshot needs, found by the index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from timeline.certainty.effects import Effects, IndexKey, Value
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.order import Order
from timeline.certainty.order_component import links_of
from timeline.history.entity_resolution import Resolver
from timeline.history.history import Event, History
from timeline.index.effects_index import (
    ALL,
    ENTITY,
    LINKED,
    VALUED,
    answers_key,
    keys_of,
    linked_key,
    moment,
    wide,
)
from timeline.index.row_codec import IndexedEvent, decode, id_of
from timeline.index.rows import Rows
from timeline.log.lookup import events_at
from timeline.log.protocol import Reader
from timeline.projections.relevance import RelevantEvidence
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
        self._read: dict[int, IndexedEvent] = {}
        self._listed: set[int] = set()
        self._asked: set[IndexKey] = set()
        self._placed: set[str] = set()

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
        if self._placed:
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
        linked = {each.id for each in new.values() if each.linked}
        linked |= self._linking(each.id for each in new.values())
        rivalled = [each.id for each in new.values() if each.rivalled]
        if linked:
            self._take_components(linked)
        if rivalled:
            self.history.include(self._whole(rivalled))
        if linked or rivalled:
            for position, each in new.items():
                if (full := self.history.get(each.id)) is not None:
                    self._read[position] = each.completed(full)

    def _take_components(self, ids: Iterable[str]) -> None:
        """Add all events that are linked with these, directly or through others."""
        waiting = set(ids) - self._placed
        while waiting:
            self._placed |= waiting
            beside = self._linking(waiting)
            part = self._whole(waiting)
            self.history.include(part)
            for id in waiting:
                if (event := part.get(id)) is not None:
                    self.order.take(event)
                    beside.update(
                        end for link in links_of(event) for end in (link.earlier, link.later)
                    )
            waiting = beside - self._placed

    def _linking(self, ids: Iterable[str]) -> set[str]:
        """The events that have a link to any of these."""
        if not self._has(LINKED):
            return set()
        rows = self._rows.found([linked_key(id) for id in ids], self._at)
        return {id_of(state) for _, state in rows}

    def _whole(self, ids: Iterable[str]) -> History:
        return events_at(ids, self._log, self._vocabulary, self._at, self.names)
