"""The evidence that a question about an entity needs, found by name in the index."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Protocol

from timeline.certainty.effects import (
    EVERYWHERE,
    Effects,
    IndexKey,
    Statement,
    Value,
    closing_keys,
)
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.certainty.presuppositions import Property


class Finder(Protocol):
    """Finds the events that can matter, without computing the effects of all others."""

    def find(self, keys: Collection[IndexKey]) -> Iterable[Effects]:
        """The effects of the events that count and have any of these keys."""
        ...

    def has_like(self, key: IndexKey) -> bool:
        """Whether any event may have a key like this, with any name."""
        ...

    def is_ended_by_type(self, label: str) -> bool:
        """Whether some type of event ends just this property."""
        ...

    def latest(self, subject: Value, label: str, at: int) -> Iterable[Effects]:
        """The last few events before `at` that close all statements of a subject and property.

        An optimisation: it may return nothing even if there are some.
        """
        ...

    def dependent(self) -> Collection[str]:
        """The ids of the events found so far whose order depends on others by links or rivalry."""
        ...

    def complete(self, ids: Collection[str]) -> None:
        """Read some events in full."""
        ...


class RelevantEvidence:
    """The evidence about the names asked for so far.

    To evaluate the statements about a name, it takes the events that name it, and those that
    close one of its statements without naming it; what founded the organisations of those
    statements; and all that the dates of these events depend on.
    """

    def __init__(self, order: Order, finder: Finder):
        self._evidence = EvidenceIndex(order)
        self._order = order
        self._finder = finder
        self._asked: set[IndexKey] = set()
        self._completed: set[Property] = set()
        # The properties of events that set several at once: their dates depend on all of them.
        self._joint: set[Property] = set()
        self._take([EVERYWHERE])

    def about(self, names: Iterable[Value], at: int) -> list[HeldStatement]:
        """The statements about any of these names that hold at `at`."""
        names = list(names)
        self._take(IndexKey("named", name) for name in names)
        left = [self._left(name, at) for name in names]
        self._take_foundings(statement for statements in left for statement in statements)
        self._take_dependencies({each[:2] for statements in left for each in statements})
        return [held for statements in left for held in self._evidence.holding(statements, at)]

    def openings(self, subject: str, label: str) -> Iterator[Effects]:
        """What began any value of a property, as far as it was loaded."""
        return self._evidence.opening(subject, label)

    def _left(self, name: Value, at: int) -> list[Statement]:
        """The statements about a name that may hold at `at`, with the evidence for them.

        A name may be the value of many statements that were replaced long ago, such as the
        former parts of an organisation. Those are skipped without loading their evidence.
        """
        left: list[Statement] = []
        concerned: list[Statement] = []
        latest: dict[tuple[str, str], list[Effects]] = {}
        bears: dict[str, bool] = {}
        for statement in self._evidence.named_about(name):
            label = statement.property
            if label not in bears:
                bears[label] = self._may_bear(label)
            if bears[label]:
                if statement.subject != name and self._is_overtaken(statement, at, latest):
                    continue
                concerned.append(statement)
            left.append(statement)
        self._take(closing_keys(name, concerned))
        self._take(
            IndexKey("named", subject)
            for subject, label, *_ in concerned
            if subject != name
            and self._finder.is_ended_by_type(label)
            and self._finder.has_like(IndexKey("wide", "", label))
        )
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
        if not self._evidence.has_begun(statement, at):
            return True
        if (subject, label) not in latest:
            latest[subject, label] = list(self._finder.latest(subject, label, at))
        sets = latest[subject, label]
        return bool(sets) and self._evidence.replaced(statement, sets, at)

    def _take_foundings(self, statements: Iterable[Statement]) -> None:
        """Take what founded the organisations that some statements are about."""
        if self._finder.has_like(IndexKey("founds")):
            self._take(
                IndexKey("founds", entity) for each in statements for entity in each.entities()
            )

    def _take_dependencies(self, properties: set[Property]) -> None:
        """Take what ends of these properties presuppose, and what else their dates depend on."""
        entangled = {each for each in properties if self._order.entangled_in(each)}
        while True:
            entangled |= self._joint
            for id in self._finder.dependent():
                entangled |= self._order.properties_of(id)
            new = entangled - self._completed
            if not new:
                break
            self._completed |= new
            self._take(IndexKey("named", subject) for subject, _ in new)
            for subject, label in new:
                alike = [each for each in self._evidence.named_about(subject) if each[1] == label]
                self._take(closing_keys(subject, alike))
        self._finder.complete({id for each in entangled for id in self._order.entangled_in(each)})

    def _take(self, keys: Iterable[IndexKey]) -> None:
        wanted = set(keys) - self._asked
        if wanted:
            self._asked |= wanted
            for effects in self._finder.find(wanted):
                self._order.take_effects(effects)
                if len(effects.opens) > 1:
                    self._joint.update(each[:2] for each in effects.opens)
