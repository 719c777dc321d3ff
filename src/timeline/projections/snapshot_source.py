"""What a snapshot has to know of what stands at a position, wherever it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from timeline.certainty.effects import Value
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.order import Order
from timeline.history.entity_resolution import Resolver
from timeline.history.history import Event, History
from timeline.projections.relevance import reach_of

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
        return self.history.derived(reach_of).about(names, at)

    def listed_with(self, entity: str) -> Iterator[Event]:
        """The comments and questions about an entity, and all answers to any."""
        for each in self.history.counting():
            answers = each.type.name == "answered"
            if answers or (each.type.name in LISTED and entity in each.content["about"]):
                yield each

    def linked_with(self, entity: str) -> Iterator[str]:
        """The ids of the events that name an entity and have a known order to others."""
        for component in self.order.components():
            for id, each in component.events.items():
                if entity in each.entities:
                    yield id

    def entities_among(self, names: Collection[Value]) -> set[Value]:
        """Those of the names that are known as entities."""
        entities = set(self.history.derived(_entities))
        return {name for name in names if name in entities}


def _entities(history: History) -> set[str]:
    return {entity for each in history.counting() for entity in each.entities}
