"""What counts, arranged so that any statement can be judged at any time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from timeline.certainty.effects import Closing, Effects, Statement, Value, acts_of
from timeline.certainty.evaluate import Evidence, HeldStatement, judge
from timeline.certainty.latest_sets import LastClosing, LatestSets, front_of
from timeline.certainty.order import MinimumGap, Order
from timeline.history.history import Event

_NOTHING: Mapping[str, Effects] = {}

_new = tuple.__new__

# Statements by subject and by value.
_Index = Mapping[Value, Collection[Statement]]

# Where a closing is kept: the subject, property and value of what it closes. The value is
# None where it may be any; so are all but the value where the subject may be any.
ClosingsByTime = tuple[str | None, str | None, Value | None]


class EvidenceIndex:
    """What stands, arranged so that any statement can be judged at any time."""

    def __init__(self, order: Order, events: Iterable[Event] = ()):
        self.order = order
        self._acts: dict[str, tuple[Event, Effects | None]] = {}
        self._opening: dict[Statement, dict[str, Effects]] = {}
        self._closing: dict[ClosingsByTime, dict[str, list[LastClosing]]] = defaultdict(dict)
        # Whether any closing is of whatever property.
        self._any_unlabelled = False
        # How often each statement is opened or ended by name.
        self._named: dict[Statement, int] = {}
        self._about: dict[Value, dict[Statement, None]] = defaultdict(dict)
        # Statements that differ in their qualifiers only.
        self._alike: dict[ClosingsByTime, dict[Statement, None]] = defaultdict(dict)
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        """Take in an event that counts."""
        acts = self._acts_of(event)
        if acts is not None:
            self.take(acts)

    def take(self, acts: Effects) -> None:
        """Take in what an event does that counts, by its own date."""
        acts = self._placed(acts)
        id = acts.id
        for statement in acts.opens:
            opening = self._opening.get(statement)
            if opening is None:
                opening = self._opening[statement] = {}
            opening[id] = acts
            self._count(statement)
        for pattern in acts.closes:
            closing = _new(LastClosing, (acts, pattern))
            shelf = _shelf(pattern)
            if shelf[1] is None:
                self._any_unlabelled = True
            closings = self._closing[shelf]
            if id in closings:
                closings[id].append(closing)
            else:
                closings[id] = [closing]
            if pattern.explicit is not None:
                self._count(pattern.explicit)

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
        """Forget an event that was taken in, as it was then."""
        acts = self._acts_of(event)
        if acts is None:
            return
        for statement in acts.opens:
            self._opening[statement].pop(event.id, None)
        for pattern in acts.closes:
            self._closing[_shelf(pattern)].pop(event.id, None)
        for statement in _named(acts):
            self._uncount(statement)

    def touched_by(self, event: Event, among: _Index | None = None) -> set[Statement]:
        """The statements that an event opens or implies, and those `among` that it closes.

        `among` lists statements by subject and value; by default they are all there are.
        """
        acts = self._acts_of(event)
        if acts is None:
            return set()
        touched = set(_named(acts))
        for pattern in acts.closes:
            candidates = _candidates(pattern, self._about if among is None else among)
            touched.update(filter(pattern.fits, candidates))
        # A beginning, once known, unsays what an end had implied.
        for statement in acts.opens:
            implied = (closing.pattern.explicit for closing in self._closings_of(statement))
            touched.update(other for other in implied if other is not None)
        return touched

    def named_about(self, entity: Value) -> list[Statement]:
        """The statements with `entity` as subject or value that were ever opened or ended."""
        return list(self._about.get(entity, ()))

    def is_overtaken(self, statement: Statement, sets: Iterable[Effects], at: int) -> bool:
        """Whether one of some sets surely replaced what all that opens the statement set.

        The sets need not have been taken in.
        """
        subject, label, value, _ = statement
        if (subject, label, value) in self._closing:
            return False
        closings = [
            LastClosing(acts, pattern)
            for acts in sets
            for pattern in acts.closes
            if pattern.subject == subject and pattern.property == label
        ]
        opening = self._opening.get(statement, _NOTHING)
        return front_of(closings, at).is_overtaken(statement, opening, at)

    def about(self, entity: Value, at: int) -> list[HeldStatement]:
        """The statements with `entity` as subject or value that hold at `at`."""
        return self.holding(self._about.get(entity, ()), at)

    def holding(self, statements: Iterable[Statement], at: int) -> list[HeldStatement]:
        """Of these statements, those that hold at `at`.

        A value long since replaced is told at a glance, and sets long since overtaken are
        left aside, so that a measure taken ten thousand times costs no more than one that
        has been taken once for each.
        """
        fronts: dict[ClosingsByTime, LatestSets] = {}
        found: list[HeldStatement] = []
        for statement in statements:
            subject, label, value, _ = statement
            shelf = subject, label, None
            closings: Iterable[LastClosing] = ()
            if shelf in self._closing:
                if not self.has_begun(statement, at):
                    continue
                if shelf not in fronts:
                    fronts[shelf] = front_of(self._on_shelf(shelf), at)
                opening = self._opening.get(statement, _NOTHING)
                # What somebody reported to have ended takes a closer look.
                if (subject, label, value) not in self._closing and fronts[shelf].is_overtaken(
                    statement, opening, at
                ):
                    continue
                closings = fronts[shelf].closings
            elif (subject, label, value) in self._closing and not self.has_begun(statement, at):
                continue
            held = judge(statement, self.evidence(statement, closings, at), at, self.order)
            if held is not None:
                found.append(held)
        return found

    def has_begun(self, statement: Statement, at: int) -> bool:
        """Whether a statement may have begun by `at`, or is said to have ended some time."""
        opening = self._opening.get(statement, _NOTHING)
        # What is named no more often than it is opened was not ended by name.
        if self._named.get(statement, 0) > len(opening):
            return True
        for acts in opening.values():
            if acts.at.earliest < at:
                break
        else:
            return False
        return True

    def judge(self, statement: Statement, at: int) -> HeldStatement | None:
        """Whether a statement holds at `at`; None if in no world."""
        return judge(statement, self.evidence(statement), at, self.order)

    def evidence(
        self,
        statement: Statement,
        closings: Iterable[LastClosing] | None = None,
        at: int | None = None,
    ) -> Evidence:
        """All that bears on a statement.

        `closings` are those of any value of the property that matter, if somebody knows. For
        a question about `at`, ends that have surely come by then need not imply anything.
        """
        opening = self._opening.get(statement, _NOTHING)
        begins: list[Effects] = []
        spells: list[Effects] = []
        for acts in opening.values():
            (begins if acts.until is None else spells).append(acts)
        ends: dict[str, Effects] = {}
        implies: list[Effects] = []
        for closing in self._closings_of(statement, closings):
            acts, pattern = closing
            id = acts.id
            if id in opening:
                continue
            ends[id] = acts
            if (
                (at is None or acts.at.latest > at)
                and pattern.explicit == statement
                and not self._has_known_beginning(closing)
            ):
                implies.append(acts)
        return _new(Evidence, (begins, spells, list(ends.values()), implies))

    def without_beginning(self, event: Event) -> list[Statement]:
        """The statements that an event ends, and that nothing known can have begun."""
        acts = self.acts(event)
        if acts is None:
            return []
        return [
            pattern.explicit
            for pattern in acts.closes
            if pattern.explicit is not None
            and pattern.explicit not in acts.opens
            and not self._has_known_beginning(LastClosing(acts, pattern))
        ]

    def acts(self, event: Event) -> Effects | None:
        """What an event does, and when, as its order has it; None if nothing."""
        acts = self._acts_of(event)
        return self._placed(acts) if acts else None

    def statements(self) -> Iterator[Statement]:
        """All statements that were ever opened or ended by name."""
        return iter({each: None for about in self._about.values() for each in about})

    def openings(self, statement: Statement) -> Collection[Effects]:
        """All that opens a statement."""
        return self._opening.get(statement, _NOTHING).values()

    def acts_on(self, statement: Statement) -> Iterator[Effects]:
        """All that opens or closes a statement."""
        yield from self.openings(statement)
        yield from (closing.acts for closing in self._closings_of(statement))

    def _acts_of(self, event: Event) -> Effects | None:
        """What an event does by its own date, worked out once as long as it reads the same."""
        known = self._acts.get(event.id)
        if known is None or known[0] is not event:
            known = self._acts[event.id] = (event, acts_of(event))
        return known[1]

    def _placed(self, acts: Effects) -> Effects:
        component = self.order.component(acts.id)
        if component is None:
            return acts
        return acts._replace(at=component.spans[acts.id], tied=component.key)

    def _has_known_beginning(self, closing: LastClosing) -> bool:
        """Whether what this closes by name may have been opened before it.

        A spell is closed by nothing but its own end, so it is not what has ended here.
        """
        end, pattern = closing
        return any(
            acts.until is None and acts.id != end.id and self._may_precede(acts, end)
            for statement in self._alike.get(pattern[:3], ())
            if pattern.fits(statement)
            for acts in self._opening.get(statement, _NOTHING).values()
        )

    def _may_precede(self, begin: Effects, end: Effects) -> bool:
        if begin.at.first() >= end.at.last():
            return False
        if begin.tied is None or begin.tied != end.tied:
            return True
        gap = int(begin.at.position > end.at.position)
        return self.order.allows([MinimumGap(begin.id, end.id, gap)])

    def _closings_of(
        self, statement: Statement, of_any_value: Iterable[LastClosing] | None = None
    ) -> list[LastClosing]:
        if of_any_value is None:
            of_any_value = self._on_shelf((*statement[:2], None))
        found = [each for each in of_any_value if each.pattern.fits(statement)]
        if not self._any_unlabelled and statement[:3] not in self._closing:
            return found
        for shelf in self._shelves_of(statement):
            closings = self._closing.get(shelf)
            if closings:
                for some in closings.values():
                    for each in some:
                        if each.pattern.fits(statement):
                            found.append(each)
        return found

    def _shelves_of(self, statement: Statement) -> Iterable[ClosingsByTime]:
        """Where the closings are that fit a statement, but for those of any value."""
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

    def _on_shelf(self, shelf: ClosingsByTime) -> list[LastClosing]:
        closings = self._closing.get(shelf)
        return [each for some in closings.values() for each in some] if closings else []


def _candidates(pattern: Closing, index: _Index) -> Iterable[Statement]:
    """Statements of an index among which are all that a pattern can fit."""
    if pattern.subject is not None:
        return index.get(pattern.subject, ())
    if pattern.value is not None and not pattern.other_value:
        return index.get(pattern.value, ())
    return {statement for about in index.values() for statement in about}


def _shelf(pattern: Closing) -> ClosingsByTime:
    """Where a pattern is kept, so that a statement finds it without looking at all."""
    value = None if pattern.other_value else pattern.value
    if pattern.subject is None:
        return None, None, value
    return pattern.subject, pattern.property, value


def _named(acts: Effects) -> list[Statement]:
    """The statements that an event names: what it opens, and what it says has ended."""
    implied = (pattern.explicit for pattern in acts.closes)
    return [*acts.opens, *(statement for statement in implied if statement is not None)]
