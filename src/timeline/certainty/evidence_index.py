"""The evidence of all statements, arranged so that any can be evaluated at any time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from timeline.certainty.effects import (
    Closing,
    DatedClosing,
    Effects,
    Evidence,
    Statement,
    Value,
    effects_of,
)
from timeline.certainty.effects_lookup import ByEntity
from timeline.certainty.evaluate import HeldStatement, evaluate
from timeline.certainty.order import Order
from timeline.certainty.prune import LatestSets, last_of_equals, latest_sets
from timeline.history.event import Event

_new = tuple.__new__

_NO_CUTS: Mapping[str, Sequence[Effects]] = MappingProxyType({})


class EvidenceIndex:
    """The effects that an order knows, by the statements that they bear on."""

    def __init__(self, order: Order):
        self.order = order
        self._lookup = order.effects

    def touched_by(self, event: Event, among: ByEntity | None = None) -> set[Statement]:
        """The statements that an event opens or implies, and those `among` that it closes.

        `among` lists statements by subject and value; the default is all statements.
        """
        effects = effects_of(event)
        if effects is None:
            return set()
        touched = {*effects.opens, *_spoken(effects.closes)}
        for closing in effects.closes:
            touched.update(self._lookup.fitting(closing, among))
        # A beginning that becomes known revokes what an end had implied.
        for statement in effects.opens:
            touched.update(_spoken(each.closing for each in self._lookup.closings_of(statement)))
        # Nothing holds of an organisation before it was founded.
        for organisation in effects.founds:
            touched.update(self._lookup.named_about(organisation))
        return touched

    def named_about(self, entity: Value) -> list[Statement]:
        """The statements with `entity` as subject or value that were ever opened or ended."""
        return list(self._lookup.named_about(entity))

    def replaced(self, statement: Statement, sets: Iterable[Effects], at: int) -> bool:
        """Whether one of some sets certainly replaced the statement, whatever opened it.

        Decided by the dates of the events alone. The sets need not have been added.
        """
        subject, label, *_ = statement
        if self._lookup.has_closings_of_its_value(statement):
            return False
        closings = [
            DatedClosing(effects, closing)
            for effects in sets
            for closing in effects.closes
            if closing.subject == subject and closing.property == label
        ]
        openings = self._lookup.openings(statement)
        return latest_sets(closings, at).replaced(statement, openings, at)

    def about(self, entity: Value, at: int) -> list[HeldStatement]:
        """The statements with `entity` as subject or value that hold at `at`."""
        return self.holding(self._lookup.named_about(entity), at)

    def holding(
        self, statements: Iterable[Statement], at: int, doubts: bool = True
    ) -> list[HeldStatement]:
        """Of these statements, those that hold at `at`; their `doubts` only if wanted.

        Values that were certainly replaced are skipped, and so are sets that cannot matter
        (`prune.py`): a measure taken ten thousand times costs one evaluation, not the product.
        """
        latest: dict[tuple[str, str], LatestSets] = {}
        found: list[HeldStatement] = []
        for statement in statements:
            key = statement[:2]
            closings: Collection[DatedClosing] = ()
            of_its_value = self._lookup.has_closings_of_its_value(statement)
            if self._lookup.has_closings_of_any_value(statement):
                if not self.has_begun(statement, at):
                    continue
                if key not in latest:
                    closings = self._placed_closings(self._lookup.closings_of_any_value(*key))
                    latest[key] = latest_sets(closings if doubts else last_of_equals(closings), at)
                # A statement whose end was reported by name may be implied by that end.
                if not of_its_value and latest[key].replaced(
                    statement, self.openings(statement), at
                ):
                    continue
                closings = latest[key].closings
            elif of_its_value and not self.has_begun(statement, at):
                continue
            held = evaluate(statement, self.evidence(statement, closings, at), at, self.order)
            if held is not None:
                found.append(held)
        return found

    def has_begun(self, statement: Statement, at: int) -> bool:
        """Whether a statement may have begun by `at`, or an end by name may imply that it did."""
        opening = self._lookup.openings(statement)
        # A statement that is named no more often than it is opened was not ended by name.
        if self._lookup.times_named(statement) > len(opening):
            return True
        return any(effects.at.earliest < at for effects in opening)

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

        `closings`, if given, replace the closings of any value of the property, and are dated as
        the order has them. If `at` is given, ends that certainly come before it are not checked
        for what they imply.
        """
        begins: list[Effects] = []
        spells: list[Effects] = []
        opening: set[str] = set()
        is_plain = self.order.is_plain(statement[:2])
        for unplaced in self._lookup.openings(statement):
            opening.add(unplaced.id)
            effects = unplaced if is_plain else self.placed(unplaced)
            if effects is not None:
                (begins if effects.until is None else spells).append(effects)
        ends: dict[str, Effects] = {}
        cutters: dict[str, Effects] = {}
        implies: list[Effects] = []
        of_its_value = self._lookup.closings_of(statement, ())
        if not is_plain:
            of_its_value = self._placed_closings(of_its_value)
        if closings is None:
            of_any = self._lookup.closings_of_any_value(*statement[:2])
            closings = self._placed_closings(of_any)
        for effects, closing in (*closings, *of_its_value):
            id = effects.id
            if id in opening or not closing.fits(statement):
                continue
            ends[id] = effects
            if not closing.is_set:
                cutters[id] = effects
            if (
                (at is None or effects.at.latest > at)
                and closing.explicit == statement
                and not self._has_known_beginning(effects, closing)
            ):
                implies.append(effects)
        cuts = self._cuts(spells, cutters.values()) if spells and cutters else _NO_CUTS
        foundings = self._foundings(statement, None if implies else (*begins, *spells))
        return _new(Evidence, (begins, spells, list(ends.values()), implies, cuts, foundings))

    def _cuts(
        self, spells: Iterable[Effects], ends: Collection[Effects]
    ) -> Mapping[str, Sequence[Effects]]:
        """The ends that cut each spell short."""
        cuts = self.order.cuts
        found = ((spell.id, [end for end in ends if cuts(end, spell)]) for spell in spells)
        return {id: cutting for id, cutting in found if cutting}

    def _foundings(
        self, statement: Statement, openings: Sequence[Effects] | None
    ) -> Sequence[Sequence[Effects]]:
        """What founded the organisations of a statement, unless certainly before it began.

        Without `openings`, nothing is known of its beginning.
        """
        found: list[Sequence[Effects]] = []
        for organisation in dict.fromkeys(statement.entities()):
            foundings = self._lookup.foundings(organisation)
            if not foundings:
                continue
            placed = [each for each in map(self.placed, foundings) if each is not None]
            if openings is not None and any(_is_first(each, openings) for each in placed):
                continue
            if placed:
                found.append(placed)
        return found

    def ends_of_any_value(self, statement: Statement) -> list[DatedClosing]:
        """What ends any value of a statement's property, where it could cut a spell short."""
        if all(each.until is None for each in self._lookup.openings(statement)):
            return []
        closings = self._lookup.closings_of_any_value(*statement[:2])
        return self._placed_closings(each for each in closings if not each.closing.is_set)

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
            and not self._has_known_beginning(effects, closing)
        ]

    def effects(self, event: Event) -> Effects | None:
        """What an event does, dated as the order has it; None if nothing."""
        effects = effects_of(event)
        return self.placed(effects) if effects else None

    def statements(self) -> Iterator[Statement]:
        """All statements that were ever opened, or ended by name."""
        return self._lookup.statements()

    def openings(self, statement: Statement) -> list[Effects]:
        """The effects that open a statement, dated as the order has them."""
        placed = map(self.placed, self._lookup.openings(statement))
        return [each for each in placed if each is not None]

    def opening(self, subject: str, label: str) -> Iterator[Effects]:
        """The effects that open any value of a property."""
        for statement in self._lookup.of_property(subject, label):
            yield from self.openings(statement)

    def acts_on(self, statement: Statement) -> Iterator[Effects]:
        """The effects that open or close a statement."""
        yield from self.openings(statement)
        for each in self._lookup.closings_of(statement):
            if (placed := self.placed(each.effects)) is not None:
                yield placed

    def placed(self, effects: Effects) -> Effects | None:
        """The same effects, dated as the order has them; None if they happened in no world."""
        component = self.order.component(effects.id)
        if component is None:
            return effects
        id = effects.id
        if id in component.ruled_out:
            return None
        return effects._replace(
            at=component.spans[id],
            until=component.end(id) if effects.until is not None else None,
            doubtful=id not in component.sure,
            rivals=[each for each in effects.rivals if each not in component.ruled_out],
            tied=component.key,
        )

    def _placed_closings(self, closings: Iterable[DatedClosing]) -> list[DatedClosing]:
        component = self.order.component
        return [
            dated if placed is dated.effects else _new(DatedClosing, (placed, dated.closing))
            for dated in closings
            if (
                placed := dated.effects
                if component(dated.effects.id) is None
                else self.placed(dated.effects)
            )
            is not None
        ]

    def _has_known_beginning(self, end: Effects, closing: Closing) -> bool:
        """Whether what this closes by name may have been opened before it.

        Of a spell, its own end must not have come first.
        """
        for statement in self._lookup.alike(closing):
            for begin in self._lookup.openings(statement):
                if begin.id == end.id or (placed := self.placed(begin)) is None:
                    continue
                if placed.until is None:
                    if self.order.may_precede(placed, end):
                        return True
                elif self.order.may_be_running(placed, end):
                    return True
        return False


def _is_first(founding: Effects, openings: Iterable[Effects]) -> bool:
    """Whether an organisation was founded before all that opens a statement, or by it."""
    return all(
        begin.id == founding.id
        or (not founding.doubtful and founding.at.latest <= begin.at.earliest)
        for begin in openings
    )


def _spoken(closings: Iterable[Closing]) -> Iterator[Statement]:
    """The statements whose ends were reported by name."""
    return (each.explicit for each in closings if each.explicit is not None)
