"""What can matter to a question about an entity: evidence, comments, links, found by name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from timeline.certainty.effects import (
    EVERYWHERE,
    Effects,
    IndexKey,
    Statement,
    Value,
    closing_keys,
    effects_of,
    index_keys,
)
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.history.entity_resolution import Resolver
from timeline.history.history import Event, History


class Finder(Protocol):
    """Finds the events that can matter, without computing the effects of all others."""

    def find(self, keys: Collection[IndexKey]) -> Iterable[Effects]:
        """The effects of the events that count and have any of these keys."""
        ...

    def has_like(self, key: IndexKey) -> bool:
        """Whether any event may have a key like this, with any name."""
        ...

    def latest(self, subject: Value, label: str, at: int) -> Iterable[Effects]:
        """The last few events before `at` that close all statements of a subject and property.

        An optimisation: it may return nothing even if there are some.
        """
        ...


class RelevantEvidence:
    """The evidence about the names asked for so far.

    To evaluate the statements about a name, it takes the events that name it, and those that
    close one of its statements without naming it.
    """

    def __init__(self, order: Order, finder: Finder):
        self.worlds = EvidenceIndex(order)
        self._finder = finder
        self._asked: set[IndexKey] = set()
        self._taken: set[str] = set()
        self._take([EVERYWHERE])

    def about(self, names: Iterable[Value], at: int) -> list[HeldStatement]:
        """The statements about any of these names that hold at `at`."""
        names = list(names)
        self._take(IndexKey("named", name) for name in names)
        left = [self._left(name, at) for name in names]
        return [held for statements in left for held in self.worlds.holding(statements, at)]

    def openings(self, subject: str, label: str) -> Iterator[Effects]:
        """What began any value of a property, as far as it was loaded."""
        for statement in self.worlds.named_about(subject):
            if statement.subject == subject and statement.property == label:
                yield from self.worlds.openings(statement)

    def _left(self, name: Value, at: int) -> list[Statement]:
        """The statements about a name that may hold at `at`, with the evidence for them.

        A name may be the value of many statements that were replaced long ago, such as the
        former parts of an organisation. Those are skipped without loading their evidence.
        """
        left: list[Statement] = []
        concerned: list[Statement] = []
        latest: dict[tuple[str, str], list[Effects]] = {}
        bears: dict[str, bool] = {}
        for statement in self.worlds.named_about(name):
            label = statement.property
            if label not in bears:
                bears[label] = self._may_bear(label)
            if bears[label]:
                if statement.subject != name and self._is_overtaken(statement, at, latest):
                    continue
                concerned.append(statement)
            left.append(statement)
        self._take(closing_keys(name, concerned))
        return left

    def _may_bear(self, label: str) -> bool:
        """Whether anything can close statements of a property without naming its entities."""
        keys = IndexKey("wide", "", label), IndexKey("wide"), IndexKey("valued")
        return any(map(self._finder.has_like, keys))

    def _is_overtaken(
        self, statement: Statement, at: int, latest: dict[tuple[str, str], list[Effects]]
    ) -> bool:
        subject, label, *_ = statement
        if IndexKey("wide", subject, label) in self._asked:
            return False
        if not self.worlds.has_begun(statement, at):
            return True
        if (subject, label) not in latest:
            latest[subject, label] = list(self._finder.latest(subject, label, at))
        sets = latest[subject, label]
        return bool(sets) and self.worlds.replaced(statement, sets, at)

    def load(self, names: Iterable[Value]) -> None:
        """Load everything that can matter to the statements about these names."""
        names = list(names)
        self._take(IndexKey("named", name) for name in names)
        self._take(
            key for name in names for key in closing_keys(name, self.worlds.named_about(name))
        )

    def _take(self, keys: Iterable[IndexKey]) -> None:
        wanted = set(keys) - self._asked
        if wanted:
            self._asked |= wanted
            for effects in self._finder.find(wanted):
                if effects.id not in self._taken:
                    self._taken.add(effects.id)
                    self.worlds.take(effects)


class Index:
    """Finds events of a history."""

    def __init__(self, history: History):
        self._found_by: dict[IndexKey, list[Event]] = defaultdict(list)
        self._like: set[IndexKey] = set()
        for event in history.counting():
            for key in set(index_keys(event.type, event.content)):
                self._found_by[key].append(event)
                if key.kind != "named":
                    self._like.add(key._replace(name=""))

    def find(self, keys: Collection[IndexKey]) -> Iterator[Effects]:
        """The effects of the events that count and have any of these keys."""
        for key in keys:
            for event in self._found_by.get(key, ()):
                effects = effects_of(event)
                if effects is not None:
                    yield effects

    def has_like(self, key: IndexKey) -> bool:
        """Whether any event has a key like this, with any name."""
        return key.kind == "named" or key._replace(name="") in self._like

    def latest(self, subject: Value, label: str, at: int) -> Iterable[Effects]:
        """Nothing: in memory, choosing costs as much as loading everything."""
        return ()

    def touched_by(self, event: Event) -> set[Value]:
        """The names whose statements an event may affect."""
        found = set(index_keys(event.type, event.content))
        among = self._found_by if EVERYWHERE in found else found
        return {key.name for key in among if key.kind == "named"}


def reach_of(history: History) -> RelevantEvidence:
    """The evidence of a history that has been loaded so far, for `History.derived`."""
    return RelevantEvidence(history.derived(Order), history.derived(Index))


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
        return self.history.derived(reach_of).about(names, at)

    def openings(self, subject: str, label: str) -> Iterator[Effects]:
        """What began any value of a property, of a subject that `about` was asked about."""
        return self.history.derived(reach_of).openings(subject, label)

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
