"""What a snapshot has to know of what stands at a position, wherever it is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from timeline.acts import Value
from timeline.events.record import entities_of
from timeline.history import Happening, History
from timeline.judgement import Held
from timeline.names import Names
from timeline.order import Order
from timeline.projections.reach import reach_of

# The happenings that are listed beside the statements, and those that take them off the list.
LISTED = ("commented", "asked", "answered")


class Known(Protocol):
    """What stands at one position of the log.

    `history` has at least the happenings that are linked by order with one asked about, and
    those that others are rival accounts of.
    """

    names: Names
    order: Order
    history: History

    def about(self, names: Collection[Value], at: int) -> list[Held]:
        """The statements about any of these names that hold at `at`."""
        ...

    def listed_with(self, entity: str) -> Iterable[Happening]:
        """The comments and questions about an entity, and what answers these."""
        ...

    def linked_with(self, entity: str) -> Iterable[str]:
        """The ids of the happenings that name an entity and have a known order to others."""
        ...

    def entities_among(self, names: Collection[Value]) -> set[Value]:
        """Those of the names that are known as entities."""
        ...


class Whole:
    """What a whole history knows."""

    def __init__(self, history: History):
        self.history = history
        self.names = history.names
        self.order = history.derived(Order)

    def about(self, names: Collection[Value], at: int) -> list[Held]:
        """The statements about any of these names that hold at `at`."""
        return self.history.derived(reach_of).about(names, at)

    def listed_with(self, entity: str) -> Iterator[Happening]:
        """The comments and questions about an entity, and all answers to any."""
        for each in self.history.counting():
            answers = each.type.name == "answered"
            if answers or (each.type.name in LISTED and entity in each.content["about"]):
                yield each

    def linked_with(self, entity: str) -> Iterator[str]:
        """The ids of the happenings that name an entity and have a known order to others."""
        for component in self.order.components():
            for id, each in component.happenings.items():
                if entity in entities_of(each.type, each.content):
                    yield id

    def entities_among(self, names: Collection[Value]) -> set[Value]:
        """Those of the names that are known as entities."""
        entities = set(self.history.derived(_entities))
        return {name for name in names if name in entities}


def _entities(history: History) -> set[str]:
    return {
        entity for each in history.counting() for entity in entities_of(each.type, each.content)
    }
