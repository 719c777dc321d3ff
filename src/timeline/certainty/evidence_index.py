"""The evidence of all statements, arranged so that any can be evaluated at any time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from timeline.certainty.effects import (
    Closing,
    DatedClosing,
    Effects,
    Evidence,
    Statement,
    Value,
    effects_of,
)
from timeline.certainty.evaluate import HeldStatement, evaluate
from timeline.certainty.order import MinimumGap, Order
from timeline.certainty.prune import LatestSets, last_of_equals, latest_sets
from timeline.history.history import Event

_NOTHING: Mapping[str, Effects] = {}

_new = tuple.__new__

# Statements by subject and by value.
_ByEntity = Mapping[Value, Collection[Statement]]

# The key of a closing: the subject, property and value of what it closes. The value is None
# where any value matches; the subject and the property are None where any subject matches.
_ClosingKey = tuple[str | None, str | None, Value | None]


class EvidenceIndex:
    """The effects of events that count, by the statements they bear on."""

    def __init__(self, order: Order, events: Iterable[Event] = ()):
        self.order = order
        self._effects: dict[str, tuple[Event, Effects | None]] = {}
        self._opening: dict[Statement, dict[str, Effects]] = {}
        self._closing: dict[_ClosingKey, dict[str, list[DatedClosing]]] = defaultdict(dict)
        # Whether any closing is of whatever property.
        self._any_unlabelled = False
        # How often each statement is opened, or ended by name.
        self._named: dict[Statement, int] = {}
        self._about: dict[Value, dict[Statement, None]] = defaultdict(dict)
        # Statements that differ in their qualifiers only.
        self._alike: dict[_ClosingKey, dict[Statement, None]] = defaultdict(dict)
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        """Add an event that counts."""
        effects = self._effects_of(event)
        if effects is not None:
            self.take(effects)

    def take(self, effects: Effects) -> None:
        """Add the effects of an event that counts, dated by the event alone."""
        effects = self._placed(effects)
        id = effects.id
        for statement in effects.opens:
            opening = self._opening.get(statement)
            if opening is None:
                opening = self._opening[statement] = {}
            opening[id] = effects
            self._count(statement)
        for closing in effects.closes:
            dated = _new(DatedClosing, (effects, closing))
            key = _closing_key(closing)
            if key[1] is None:
                self._any_unlabelled = True
            closings = self._closing[key]
            if id in closings:
                closings[id].append(dated)
            else:
                closings[id] = [dated]
            if closing.explicit is not None:
                self._count(closing.explicit)

    def _count(self, statement: Statement) -> None:
        times = self._named.get(statement, 0)
        self._named[statement] = times + 1
        if not times:
            subject, label, value, _ = statement
            self._about[subject][statement] = None
            self._about[value][statement] = None
            self._alike[subject, label, value][statement] = None

    def _uncount(self, statement: Statement) -> None:
        self._named[statement] -= 1
        if not self._named[statement]:
            del self._named[statement]
            subject, label, value, _ = statement
            self._about[subject].pop(statement)
            self._about[value].pop(statement, None)
            self._alike[subject, label, value].pop(statement)

    def remove(self, event: Event) -> None:
        """Remove an event, which must read as it did when it was added."""
        effects = self._effects_of(event)
        if effects is None:
            return
        for statement in effects.opens:
            self._opening[statement].pop(event.id, None)
        for closing in effects.closes:
            self._closing[_closing_key(closing)].pop(event.id, None)
        for statement in _named(effects):
            self._uncount(statement)

    def touched_by(self, event: Event, among: _ByEntity | None = None) -> set[Statement]:
        """The statements that an event opens or implies, and those `among` that it closes.

        `among` lists statements by subject and value; the default is all statements.
        """
        effects = self._effects_of(event)
        if effects is None:
            return set()
        touched = set(_named(effects))
        for closing in effects.closes:
            candidates = _candidates(closing, self._about if among is None else among)
            touched.update(filter(closing.fits, candidates))
        # A beginning that becomes known revokes what an end had implied.
        for statement in effects.opens:
            implied = (each.closing.explicit for each in self._closings_of(statement))
            touched.update(other for other in implied if other is not None)
        return touched

    def named_about(self, entity: Value) -> list[Statement]:
        """The statements with `entity` as subject or value that were ever opened or ended."""
        return list(self._about.get(entity, ()))

    def replaced(self, statement: Statement, sets: Iterable[Effects], at: int) -> bool:
        """Whether one of some sets certainly replaced the statement, whatever opened it.

        The sets need not have been added.
        """
        subject, label, value, _ = statement
        if (subject, label, value) in self._closing:
            return False
        closings = [
            DatedClosing(effects, closing)
            for effects in sets
            for closing in effects.closes
            if closing.subject == subject and closing.property == label
        ]
        return latest_sets(closings, at).replaced(statement, self.openings(statement), at)

    def about(self, entity: Value, at: int) -> list[HeldStatement]:
        """The statements with `entity` as subject or value that hold at `at`."""
        return self.holding(self._about.get(entity, ()), at)

    def holding(
        self, statements: Iterable[Statement], at: int, doubts: bool = True
    ) -> list[HeldStatement]:
        """Of these statements, those that hold at `at`; their `doubts` only if wanted.

        Values that were certainly replaced are skipped, and so are sets that cannot matter
        (`prune.py`): a measure taken ten thousand times costs one evaluation, not the product.
        """
        latest: dict[_ClosingKey, LatestSets] = {}
        found: list[HeldStatement] = []
        for statement in statements:
            subject, label, value, _ = statement
            key = subject, label, None
            closings: Collection[DatedClosing] = ()
            if key in self._closing:
                if not self.has_begun(statement, at):
                    continue
                if key not in latest:
                    closings = self._closings_at(key)
                    latest[key] = latest_sets(closings if doubts else last_of_equals(closings), at)
                # A statement whose end was reported by name may be implied by that end.
                if (subject, label, value) not in self._closing and latest[key].replaced(
                    statement, self.openings(statement), at
                ):
                    continue
                closings = latest[key].closings
            elif (subject, label, value) in self._closing and not self.has_begun(statement, at):
                continue
            held = evaluate(statement, self.evidence(statement, closings, at), at, self.order)
            if held is not None:
                found.append(held)
        return found

    def has_begun(self, statement: Statement, at: int) -> bool:
        """Whether a statement may have begun by `at`, or an end by name may imply that it did."""
        opening = self._opening.get(statement, _NOTHING)
        # A statement that is named no more often than it is opened was not ended by name.
        if self._named.get(statement, 0) > len(opening):
            return True
        for effects in opening.values():
            if effects.at.earliest < at:
                break
        else:
            return False
        return True

    def evaluate(self, statement: Statement, at: int) -> HeldStatement | None:
        """Whether a statement holds at `at`; None if in no world."""
        return evaluate(statement, self.evidence(statement), at, self.order)

    def evidence(
        self,
        statement: Statement,
        closings: Iterable[DatedClosing] | None = None,
        at: int | None = None,
    ) -> Evidence:
        """Everything that bears on a statement.

        `closings`, if given, replace the closings of any value of the property. If `at` is
        given, ends that certainly come before it are not checked for what they imply.
        """
        opening = self._opening.get(statement, _NOTHING)
        begins: list[Effects] = []
        spells: list[Effects] = []
        for effects in opening.values():
            (begins if effects.until is None else spells).append(effects)
        ends: dict[str, Effects] = {}
        implies: list[Effects] = []
        for dated in self._closings_of(statement, closings):
            effects, closing = dated
            id = effects.id
            if id in opening:
                continue
            ends[id] = effects
            if (
                (at is None or effects.at.latest > at)
                and closing.explicit == statement
                and not self._has_known_beginning(dated)
            ):
                implies.append(effects)
        return _new(Evidence, (begins, spells, list(ends.values()), implies))

    def without_beginning(self, event: Event) -> list[Statement]:
        """The statements that an event ends by name, and that no known event can have begun."""
        effects = self.effects(event)
        if effects is None:
            return []
        return [
            closing.explicit
            for closing in effects.closes
            if closing.explicit is not None
            and closing.explicit not in effects.opens
            and not self._has_known_beginning(DatedClosing(effects, closing))
        ]

    def effects(self, event: Event) -> Effects | None:
        """What an event does, dated with the help of its links; None if nothing."""
        effects = self._effects_of(event)
        return self._placed(effects) if effects else None

    def statements(self) -> Iterator[Statement]:
        """All statements that were ever opened, or ended by name."""
        return iter({each: None for about in self._about.values() for each in about})

    def openings(self, statement: Statement) -> Collection[Effects]:
        """The effects that open a statement."""
        return self._opening.get(statement, _NOTHING).values()

    def acts_on(self, statement: Statement) -> Iterator[Effects]:
        """The effects that open or close a statement."""
        yield from self.openings(statement)
        yield from (dated.effects for dated in self._closings_of(statement))

    def _effects_of(self, event: Event) -> Effects | None:
        """What an event does, dated by itself alone; cached while it reads the same."""
        known = self._effects.get(event.id)
        if known is None or known[0] is not event:
            known = self._effects[event.id] = (event, effects_of(event))
        return known[1]

    def _placed(self, effects: Effects) -> Effects:
        component = self.order.component(effects.id)
        if component is None:
            return effects
        return effects._replace(at=component.spans[effects.id], tied=component.key)

    def _has_known_beginning(self, dated: DatedClosing) -> bool:
        """Whether what this closes by name may have been opened before it.

        Spells do not count: nothing closes a spell but its own end.
        """
        end, closing = dated
        return any(
            begin.until is None and begin.id != end.id and self._may_precede(begin, end)
            for statement in self._alike.get(closing[:3], ())
            if closing.fits(statement)
            for begin in self._opening.get(statement, _NOTHING).values()
        )

    def _may_precede(self, begin: Effects, end: Effects) -> bool:
        """Whether one comes before the other in some world; at one instant, by position."""
        if begin.at.first() >= end.at.last():
            return False
        if begin.tied is None or begin.tied != end.tied:
            return True
        gap = int(begin.at.position > end.at.position)
        return self.order.allows([MinimumGap(begin.id, end.id, gap)])

    def _closings_of(
        self, statement: Statement, of_any_value: Iterable[DatedClosing] | None = None
    ) -> list[DatedClosing]:
        if of_any_value is None:
            of_any_value = self._closings_at((*statement[:2], None))
        found = [each for each in of_any_value if each.closing.fits(statement)]
        if not self._any_unlabelled and statement[:3] not in self._closing:
            return found
        for key in self._closing_keys_of(statement):
            closings = self._closing.get(key)
            if closings:
                for several in closings.values():
                    for each in several:
                        if each.closing.fits(statement):
                            found.append(each)
        return found

    def _closing_keys_of(self, statement: Statement) -> Iterable[_ClosingKey]:
        """The keys of the closings that may fit a statement, except those of any value."""
        subject, label, value, _ = statement
        exactly = subject, label, value
        if not self._any_unlabelled:
            return (exactly,)
        return (
            exactly,
            (subject, None, value),
            (subject, None, None),
            (None, None, value),
            (None, None, None),
        )

    def _closings_at(self, key: _ClosingKey) -> list[DatedClosing]:
        closings = self._closing.get(key)
        return [each for several in closings.values() for each in several] if closings else []


def _candidates(closing: Closing, statements: _ByEntity) -> Iterable[Statement]:
    """Statements among which are all that a closing can fit."""
    if closing.subject is not None:
        return statements.get(closing.subject, ())
    if closing.value is not None and not closing.other_value:
        return statements.get(closing.value, ())
    return {statement for about in statements.values() for statement in about}


def _closing_key(closing: Closing) -> _ClosingKey:
    value = None if closing.other_value else closing.value
    if closing.subject is None:
        return None, None, value
    return closing.subject, closing.property, value


def _named(effects: Effects) -> list[Statement]:
    """The statements that an event names: those it opens, and those it ends by name."""
    implied = (closing.explicit for closing in effects.closes)
    return [*effects.opens, *(statement for statement in implied if statement is not None)]
