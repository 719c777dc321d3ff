"""What events do to statements: an event opens some and closes all that match a pattern.

A *set* opens one statement and closes the others of its property, so opening and closing
are the only two effects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from timeline.history.event import Event
from timeline.records.declaration import Begin, Effect, End, RecordType
from timeline.records.numbers import canonical
from timeline.records.record import Content, entities_of
from timeline.temporal.instant_bounds import InstantBounds

Value = str | int | float

# Makes a tuple of a class without calling its constructor: a log has millions of them.
_new = tuple.__new__


class Statement(NamedTuple):
    """(subject, property, value, qualifiers): what can hold, or not, at a time."""

    subject: str
    property: str
    value: Value
    qualifiers: tuple[tuple[str, str], ...] = ()

    def entities(self) -> tuple[str, Value]:
        """What the statement is about: its subject and its value."""
        return self.subject, self.value


class Closing(NamedTuple):
    """A pattern for the statements that an event closes; None matches anything.

    `other_qualifiers` requires at least one of these qualifiers to differ. `explicit` is the
    statement whose end was reported in full, so that it must have held before.

    A *set* closes all of its property but the statement that it begins: `is_set` matches every
    value but `value`, and that one with any qualifiers but `qualifiers`.
    """

    subject: str | None
    property: str | None
    value: Value | None
    qualifiers: tuple[tuple[str, str], ...] = ()
    other_qualifiers: tuple[tuple[str, str | None], ...] = ()
    is_set: bool = False
    explicit: Statement | None = None

    @property
    def presupposes(self) -> bool:
        """Whether it is an end of something that must have begun before.

        That is an end that says whose and of which property: not a set, nor the end of all
        that an organisation had.
        """
        return not self.is_set and self.subject is not None and self.property is not None

    def fits(self, statement: Statement) -> bool:
        """Whether a statement is one of those closed."""
        subject, label, value, qualifiers, other_qualifiers, is_set, _ = self
        carried = statement.qualifiers
        if subject is not None and subject != statement.subject:
            return False
        if label is not None and label != statement.property:
            return False
        if is_set:
            return value != statement.value or qualifiers != carried
        if value is not None and value != statement.value:
            return False
        for each in qualifiers:
            if each not in carried:
                return False
        for name, text in other_qualifiers:
            if text is None:
                if any(name == other for other, _ in carried):
                    return True
            elif (name, text) not in carried:
                return True
        return not other_qualifiers


class Effects(NamedTuple):
    """Everything that one event does to statements.

    An ordinary event opens and closes at `at`. A spell (a period with a known end) opens at
    `at` and ends by itself at `until`; it closes nothing. `end_unknown` marks a beginning
    that may have ended at any time since. An event is `doubtful` if it may not have happened
    at all; `rivals` are the ids of the other accounts of it. `at` is narrowed by what is known
    of its order; `tied` is the key of the order component that it belongs to, if any. `founds`
    are the organisations that it brings into being.

    `source` is the event, or a function that loads it.
    """

    id: str
    at: InstantBounds
    until: InstantBounds | None
    end_unknown: bool
    opens: Sequence[Statement]
    closes: Sequence[Closing]
    doubtful: bool
    rivals: Sequence[str]
    source: Event | Callable[[], Event]
    tied: str | None = None
    founds: Sequence[str] = ()

    @property
    def event(self) -> Event:
        """The event, loaded if need be."""
        return self.source() if callable(self.source) else self.source

    def accounts(self) -> frozenset[str]:
        """The ids of all rival accounts of the event, this one included."""
        return frozenset((self.id, *self.rivals))


class DatedClosing(NamedTuple):
    """One of the patterns by which an event closes statements, with the event's effects."""

    effects: Effects
    closing: Closing


class Evidence(NamedTuple):
    """Everything that bears on one statement.

    `begins` and `spells` open it, `ends` close it. `implies` are those ends that imply an
    unrecorded earlier beginning, because no known beginning could have come before them.
    `cuts` has, by the id of a spell, the ends that cut it short. `foundings` has, for each
    organisation that the statement is about, the events that founded it, one of which must have
    happened before; none if the organisation certainly was founded first.
    """

    begins: Sequence[Effects]
    spells: Sequence[Effects]
    ends: Sequence[Effects]
    implies: Sequence[Effects]
    cuts: Mapping[str, Sequence[Effects]] = MappingProxyType({})
    foundings: Sequence[Sequence[Effects]] = ()


class IndexKey(NamedTuple):
    """A key that finds an event without working out its effects.

    `named`: it names `name` as an entity, or as the subject or value of a statement.
    `wide`: it may close statements about the subject `name` whatever their value, those of
    `property` or all. `valued`: it closes those with the value `name`, whatever their
    subject. `all`: it may close any statement. `founds`: it founds the organisation `name`.
    `ends`: it ends a statement about the subject `name`, of the `property` that it names in a
    field; where the type has but one property, it is found by its entities.
    """

    kind: Literal["named", "wide", "valued", "all", "founds", "ends"]
    name: Value = ""
    property: str | None = None


EVERYWHERE = IndexKey("all")


def index_keys(kind: RecordType, content: Content) -> Iterator[IndexKey]:
    """The index keys of an event with this type and content; some may come twice."""
    named = dict.fromkeys(entities_of(kind, content))
    wider: list[IndexKey] = []
    for effect in kind.effects:
        subjects = _each(content.get(effect.subject or ""))
        values = _values(effect, content)
        named.update(dict.fromkeys(name for name in (*subjects, *values) if name is not None))
        label = effect.property or content.get(effect.property_field or "")
        wide = effect.exclusive if isinstance(effect, Begin) else None in values
        for subject in subjects if wide else ():
            wider.append(EVERYWHERE if subject is None else IndexKey("wide", subject, label))
        if isinstance(effect, End) and effect.property_field and not wide and label:
            wider += (IndexKey("ends", subject, label) for subject in subjects if subject)
        if None in subjects and not wide:
            wider += (IndexKey("valued", value) for value in values)
    yield from (IndexKey("named", name) for name in named)
    yield from wider
    yield from (IndexKey("founds", name) for name in founded_by(kind, content))


@cache
def ended_by_type(types: Iterable[RecordType]) -> frozenset[str]:
    """The properties that some type of event ends, and no other property with it."""
    return frozenset(
        effect.property
        for kind in types
        for effect in kind.effects
        if isinstance(effect, End) and effect.property
    )


def subjects_of(kind: RecordType, content: Content) -> Iterator[str]:
    """The subjects of the statements that an event begins or ends by property."""
    for effect in kind.effects:
        if effect.subject is not None and (effect.property or effect.property_field):
            yield from _each(content.get(effect.subject, ()))


def founded_by(kind: RecordType, content: Content) -> list[str]:
    """The organisations that an event of this type and content brings into being."""
    return [content[kind.founds]] if kind.founds is not None else []


def closing_keys(entity: Value, statements: Iterable[Statement]) -> Iterator[IndexKey]:
    """The index keys of events that may close these statements without naming `entity`.

    An end of another value may bear on the date of a set that closes them.
    """
    for subject, label, value, _ in statements:
        if subject != entity:
            yield IndexKey("wide", subject, label)
            yield IndexKey("wide", subject)
            yield IndexKey("ends", subject, label)
        if value != entity:
            yield IndexKey("valued", value)


def effects_of(event: Event) -> Effects | None:
    """What an event does to statements; None if nothing."""
    record, content = event.record, event.content
    opens: list[Statement] = []
    closes: list[Closing] = []
    for effect in record.type.effects:
        if isinstance(effect, Begin):
            begun = _opened(effect, content)
            opens += begun
            if effect.exclusive:
                closes += [Closing(*each, is_set=True) for each in begun]
        else:
            closes += _closed(effect, content)
    founds = founded_by(record.type, content)
    if not opens and not closes and not founds:
        return None
    reading = event.when
    at, until = event.span_of(reading)
    unknown = reading is not None and reading.end_is == "unknown"
    if until is not None:
        closes = []
    doubtful, rivals = event.doubtful, event.rivals
    parts = (content["id"], at, until, unknown, opens, closes, doubtful, rivals, event, None)
    return _new(Effects, (*parts, founds))


def _opened(effect: Begin, content: Content) -> list[Statement]:
    label = effect.property or content.get(effect.property_field or "")
    if label is None:
        return []
    qualifiers = _qualifiers(effect.qualifiers, content)
    return [
        _new(Statement, (subject, label, value, qualifiers))
        for subject in _each(content.get(effect.subject))
        for value in _values(effect, content)
        if subject is not None and value is not None
    ]


def _closed(effect: End, content: Content) -> list[Closing]:
    label = effect.property or content.get(effect.property_field or "")
    fields = [(name, content[name]) for name in sorted(effect.qualifiers) if name in content]
    other = tuple([(name, content.get(name)) for name in effect.other_than])
    return [
        _new(
            Closing,
            (
                subject,
                label,
                value,
                tuple(fields),
                other,
                False,
                None
                if other or subject is None or label is None or value is None
                else _new(
                    Statement, (subject, label, value, _qualifiers(effect.qualifiers, content))
                ),
            ),
        )
        for subject in _each(content.get(effect.subject or ""))
        for value in _values(effect, content)
    ]


def _qualifiers(fields: tuple[str, ...], content: Content) -> tuple[tuple[str, str], ...]:
    """What a statement carries: the record's qualifiers, and fields such as the role."""
    carried = {name: content[name] for name in fields if name in content}
    if "qualifiers" in content:
        carried = {**content["qualifiers"], **carried}
    return tuple(sorted(carried.items())) if carried else ()


def _values(effect: Effect, content: Content) -> Sequence[Any]:
    """The values of the statements; None matches anything."""
    values = _each(content.get(effect.value or ""))
    return (
        values
        if not effect.quantity
        else [None if each is None else canonical(each) for each in values]
    )


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else (value,)
