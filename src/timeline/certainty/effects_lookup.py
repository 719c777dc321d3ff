"""The effects of events, found by the statements that they bear on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from timeline.certainty.effects import Closing, DatedClosing, Effects, Statement, Value

_NOTHING: Mapping[str, Effects] = {}

_new = tuple.__new__

# Statements by subject and by value.
ByEntity = Mapping[Value, Collection[Statement]]

# The key of a closing: the subject, property and value of what it closes. The value is None
# where any value matches; the subject and the property are None where any subject matches.
_ClosingKey = tuple[str | None, str | None, Value | None]


class EffectsLookup:
    """The effects of events that count, each dated by its event alone."""

    def __init__(self) -> None:
        self._effects: dict[str, Effects] = {}
        self._opening: dict[Statement, dict[str, Effects]] = {}
        self._closing: dict[_ClosingKey, dict[str, list[DatedClosing]]] = defaultdict(dict)
        # Whether any closing is of whatever property.
        self._any_unlabelled = False
        # How often each statement is opened, or ended by name.
        self._named: dict[Statement, int] = {}
        self._about: dict[Value, dict[Statement, None]] = defaultdict(dict)
        # Statements that differ in their qualifiers only.
        self._alike: dict[_ClosingKey, dict[Statement, None]] = defaultdict(dict)
        self._founding: dict[str, dict[str, Effects]] = defaultdict(dict)

    def get(self, id: str) -> Effects | None:
        """The effects of an event; None if it has none, or was not added."""
        return self._effects.get(id)

    def add(self, effects: Effects) -> None:
        """Add the effects of an event."""
        id = effects.id
        self._effects[id] = effects
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
        for organisation in effects.founds:
            self._founding[organisation][id] = effects

    def remove(self, id: str) -> None:
        """Remove the effects of an event, if it has any."""
        effects = self._effects.pop(id, None)
        if effects is None:
            return
        for statement in effects.opens:
            self._opening[statement].pop(id, None)
        for closing in effects.closes:
            self._closing[_closing_key(closing)].pop(id, None)
        for statement in _named(effects):
            self._uncount(statement)
        for organisation in effects.founds:
            del self._founding[organisation][id]

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

    def statements(self) -> Iterator[Statement]:
        """All statements that were ever opened, or ended by name."""
        return iter({each: None for about in self._about.values() for each in about})

    def named_about(self, entity: Value) -> Collection[Statement]:
        """The statements with `entity` as subject or value that were ever opened or ended."""
        return self._about.get(entity, ())

    def alike(self, closing: Closing) -> Iterator[Statement]:
        """The statements that a closing of one value fits."""
        for statement in self._alike.get(closing[:3], ()):
            if closing.fits(statement):
                yield statement

    def fitting(self, closing: Closing, among: ByEntity | None = None) -> Iterator[Statement]:
        """The statements that a closing fits, of all or of those `among`."""
        for statement in _candidates(closing, self._about if among is None else among):
            if closing.fits(statement):
                yield statement

    def openings(self, statement: Statement) -> Collection[Effects]:
        """The effects that open a statement."""
        return self._opening.get(statement, _NOTHING).values()

    def foundings(self, organisation: Value) -> Collection[Effects]:
        """The effects of the events that found an organisation."""
        if not self._founding or not isinstance(organisation, str):
            return ()
        return self._founding.get(organisation, _NOTHING).values()

    def times_named(self, statement: Statement) -> int:
        """How often a statement is opened, or ended by name."""
        return self._named.get(statement, 0)

    def has_closings_of_any_value(self, statement: Statement) -> bool:
        """Whether anything was added that closes any value of the property."""
        return (*statement[:2], None) in self._closing

    def has_closings_of_its_value(self, statement: Statement) -> bool:
        """Whether anything was added that closes just this value of the property."""
        return statement[:3] in self._closing

    def closings_of_any_value(self, subject: str | None, label: str | None) -> list[DatedClosing]:
        """What closes any value of a property."""
        return self._closings_at((subject, label, None))

    def closings_of_all(self, subject: str) -> list[DatedClosing]:
        """What closes every statement about a subject."""
        return self._closings_at((subject, None, None))

    def closings_of(
        self, statement: Statement, of_any_value: Iterable[DatedClosing] | None = None
    ) -> list[DatedClosing]:
        """What closes a statement.

        `of_any_value`, if given, replaces the closings of any value of the property.
        """
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

    def ends_of(self, subject: str, label: str) -> Iterator[DatedClosing]:
        """What ends a property by name, of any value or of one: not sets."""
        for each in self._closings_at((subject, label, None)):
            if not each.closing.is_set:
                yield each
        for value in {each.value for each in self._labelled(subject, label)}:
            yield from self._closings_at((subject, label, value))

    def _labelled(self, subject: str, label: str) -> Iterator[Statement]:
        return (each for each in self._about.get(subject, ()) if each[:2] == (subject, label))

    def of_property(self, subject: str, label: str) -> list[Statement]:
        """The statements of one property of a subject."""
        return list(self._labelled(subject, label))

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


def _candidates(closing: Closing, statements: ByEntity) -> Iterable[Statement]:
    """Statements among which are all that a closing can fit."""
    if closing.subject is not None:
        return statements.get(closing.subject, ())
    if closing.value is not None and not closing.is_set:
        return statements.get(closing.value, ())
    return {statement for about in statements.values() for statement in about}


def _closing_key(closing: Closing) -> _ClosingKey:
    value = None if closing.is_set else closing.value
    if closing.subject is None:
        return None, None, value
    return closing.subject, closing.property, value


def _named(effects: Effects) -> list[Statement]:
    """The statements that an event names: those it opens, and those it ends by name."""
    implied = (closing.explicit for closing in effects.closes)
    return [*effects.opens, *(statement for statement in implied if statement is not None)]
