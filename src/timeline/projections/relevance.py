"""What a snapshot is made from: what holds, comments and questions, and what is linked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from timeline.certainty.effects import Effects, Value
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.history.entity_resolution import Resolver
from timeline.history.event import Event
from timeline.history.history import History

# The events that are listed beside the statements, and those that take them off the list.
LISTED = ("commented", "asked", "answered")


class SnapshotSource(Protocol):
    """What stands at one position of the log.

    `history` has at least the events that are linked by order with one asked about, and
    those that others are rival accounts of.
    """

    names: Resolver
    order: Order
    history: History

    def about(self, names: Collection[Value], at: int) -> list[HeldStatement]:
        """The statements about any of these names that hold at `at`."""
        ...

    def openings(self, subject: str, label: str) -> Iterable[Effects]:
        """What began any value of a property, of a subject that `about` was asked about."""
        ...

    def listed_with(self, entity: str) -> Iterable[Event]:
        """The comments and questions about an entity, and what answers these."""
        ...

    def linked_with(self, entity: str) -> Iterable[str]:
        """The ids of the events that name an entity and have a known order to others."""
        ...

    def entities_among(self, names: Collection[Value]) -> set[Value]:
        """Those of the names that are known as entities."""
        ...


class HistorySource:
    """What a whole history knows."""

    def __init__(self, history: History):
        self.history = history
        self.names = history.names
        self.order = history.derived(Order)

    def about(self, names: Collection[Value], at: int) -> list[HeldStatement]:
        """The statements about any of these names that hold at `at`."""
        evidence = self.history.derived(evidence_of)
        return [held for name in names for held in evidence.about(name, at)]

    def openings(self, subject: str, label: str) -> Iterator[Effects]:
        """What began any value of a property, of a subject that `about` was asked about."""
        return self.history.derived(evidence_of).opening(subject, label)

    def listed_with(self, entity: str) -> Iterator[Event]:
        """The comments and questions about an entity, and all answers to any."""
        for each in self.history.counting():
            answers = each.type.name == "answered"
            if answers or (each.type.name in LISTED and entity in each.content["about"]):
                yield each

    def linked_with(self, entity: str) -> Iterator[str]:
        """The ids of the events that name an entity and have a known order to others."""
        for component in self.order.components():
            for each in self.order.events(component.points.ids):
                if entity in each.entities:
                    yield each.id

    def entities_among(self, names: Collection[Value]) -> set[Value]:
        """Those of the names that are known as entities."""
        entities = set(self.history.derived(_entities))
        return {name for name in names if name in entities}


def evidence_of(history: History) -> EvidenceIndex:
    """The evidence in a whole history, for `History.derived`."""
    return EvidenceIndex(history.derived(Order))


def _entities(history: History) -> set[str]:
    return {entity for each in history.counting() for entity in each.entities}
