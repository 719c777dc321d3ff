"""What happenings do to statements: they open some, and close all that fit a pattern.

A *set* opens one statement and closes the others of its property, so opening and closing
is all there is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

from timeline import temporal
from timeline.events.declaration import Begin, End
from timeline.events.record import Content
from timeline.history import Happening

Value = str | int | float

# Instants before and after all others: what an open or unknown side of a date means.
DAWN = -(2**63)
DUSK = 2**63


_ANY_TIME = temporal.Bounds(None, None)


class Statement(NamedTuple):
    """(subject, property, value, qualifiers): what can hold, or not, at a time."""

    subject: str
    property: str
    value: Value
    qualifiers: tuple[tuple[str, str], ...] = ()

    def entities(self) -> tuple[str, Value]:
        """What the statement is about: its subject and its value."""
        return self.subject, self.value


class Pattern(NamedTuple):
    """Which statements a closing closes; None fits anything.

    `other_value` asks for a value other than `value`; `other_qualifiers` for at least
    one of these qualifiers to differ. `explicit` says that somebody reported this very
    end, so that there must have been something to end.
    """

    subject: str | None
    property: str | None
    value: Value | None
    qualifiers: tuple[tuple[str, str], ...] = ()
    other_qualifiers: tuple[tuple[str, str | None], ...] = ()
    other_value: bool = False
    explicit: Statement | None = None

    def fits(self, statement: Statement) -> bool:
        """Whether a statement is one of those closed."""
        if self.subject is not None and self.subject != statement.subject:
            return False
        if self.property is not None and self.property != statement.property:
            return False
        if self.value is not None and (self.value == statement.value) is self.other_value:
            return False
        if self.qualifiers and not set(self.qualifiers) <= set(statement.qualifiers):
            return False
        if self.other_qualifiers:
            carried = dict(statement.qualifiers)
            return any(carried.get(name) != text for name, text in self.other_qualifiers)
        return True


class Span(NamedTuple):
    """When something happened: some instant t with `earliest <= t < latest`.

    Instants are whole microseconds, so the last one possible is `latest - 1`. Two at the
    same instant happen in the order of their positions.
    """

    earliest: int
    latest: int
    position: int

    def surely_before(self, instant: int) -> bool:
        """Whether it has happened by `instant` in every world."""
        return self.latest <= instant

    def maybe_before(self, instant: int) -> bool:
        """Whether it has happened by `instant` in some world."""
        return self.earliest < instant

    def first(self) -> tuple[int, int]:
        """Its earliest place in the order of things."""
        return self.earliest, self.position

    def last(self) -> tuple[int, int]:
        """Its latest place in the order of things."""
        return self.latest - 1, self.position

    def last_before(self, instant: int) -> tuple[int, int]:
        """Its latest place in the order of things that happen before `instant`."""
        return min(self.latest, instant) - 1, self.position


class Acts(NamedTuple):
    """All that one happening does.

    An ordinary happening opens and closes at `at`. A spell (a period with a known end)
    opens at `at` and ends by itself at `until`; it closes nothing. `end_unknown` marks a
    beginning that may have ended at any time since. `at` is narrowed by the order that is
    known; `tied` names the component of order that it belongs to, if any.
    """

    happening: Happening
    at: Span
    until: Span | None
    end_unknown: bool
    opens: tuple[Statement, ...]
    closes: tuple[Pattern, ...]
    tied: str | None = None

    @property
    def id(self) -> str:
        return self.happening.id

    def accounts(self) -> frozenset[str]:
        """The rival accounts of what happened, this one among them."""
        return frozenset((self.happening.id, *self.happening.rivals))


Handle = tuple[Literal["any", "subject", "value", "all"], Value]


def handles(happening: Happening) -> Iterator[Handle]:
    """By what a happening is found without working out what it does.

    `("any", x)` if it names x as a subject or value; `("subject", x)` if it acts on
    statements about the subject x; `("value", x)` if on those of the value x, whatever
    their subject; `("all", "")` if on statements of any subject and value.
    """
    content = happening.content
    for effect in happening.type.effects:
        subjects = _each(content.get(effect.subject or ""))
        values = _each(content.get(effect.value or ""))
        for subject in subjects:
            if subject is not None:
                yield "any", subject
                yield "subject", subject
        for value in values:
            if value is not None:
                yield "any", value
            if None in subjects:
                yield ("all", "") if value is None else ("value", value)


def acts_of(happening: Happening) -> Acts | None:
    """What a happening does to statements; None if nothing."""
    opens: list[Statement] = []
    closes: list[Pattern] = []
    for effect in happening.type.effects:
        match effect:
            case Begin():
                for statement in _opened(effect, happening.content):
                    opens.append(statement)
                    if effect.exclusive:
                        closes.append(Pattern(*statement[:3], other_value=True))
            case End():
                closes.extend(_closed(effect, happening.content))
    if not opens and not closes:
        return None
    reading = happening.when
    if reading is not None and reading.end is not None:
        at = _span(reading.begin or _ANY_TIME, happening.position)
        until = _span(reading.end, happening.position)
        return Acts(happening, at, until, False, tuple(opens), ())
    unknown = reading is not None and reading.end_is == "unknown"
    return Acts(happening, occurred(happening), None, unknown, tuple(opens), tuple(closes))


def occurred(happening: Happening) -> Span:
    """When a happening happened, as its own date has it.

    One that begins something for a period happened when it began, and so did one with an
    open or unknown end (design §4); any other period is some time from its beginning to
    its end. Without a date, it is any time at all.
    """
    reading = happening.when
    if reading is None:
        return _span(_ANY_TIME, happening.position)
    if reading.kind != "period" or (reading.end is not None and not happening.type.begins):
        return _span(reading.bounds, happening.position)
    began = _span(reading.begin or _ANY_TIME, happening.position)
    if reading.end is None:
        return began
    # It began before it ended.
    ended = _span(reading.end, happening.position)
    return began._replace(latest=min(began.latest, ended.latest))


def _span(bounds: temporal.Bounds, position: int) -> Span:
    """Bounds with their open sides at the ends of time."""
    earliest = DAWN if bounds.earliest is None else bounds.earliest
    latest = DUSK if bounds.latest is None else bounds.latest
    return Span(earliest, latest, position)


def _opened(effect: Begin, content: Content) -> Iterator[Statement]:
    label = effect.property or content.get(effect.property_field or "")
    qualifiers = _qualifiers(effect.qualifiers, content)
    for subject in _each(content.get(effect.subject)):
        for value in _each(content.get(effect.value)):
            if subject is not None and value is not None and label is not None:
                yield Statement(subject, label, value, qualifiers)


def _closed(effect: End, content: Content) -> Iterator[Pattern]:
    label = effect.property or content.get(effect.property_field or "")
    fields = {name: content[name] for name in effect.qualifiers if name in content}
    other = tuple((name, content.get(name)) for name in effect.other_than)
    for subject in _each(content.get(effect.subject or "")):
        for value in _each(content.get(effect.value or "")):
            explicit = None
            if subject is not None and label is not None and value is not None and not other:
                carried = _qualifiers(effect.qualifiers, content)
                explicit = Statement(subject, label, value, carried)
            yield Pattern(
                subject,
                label,
                value,
                qualifiers=tuple(sorted(fields.items())),
                other_qualifiers=other,
                explicit=explicit,
            )


def _qualifiers(fields: tuple[str, ...], content: Content) -> tuple[tuple[str, str], ...]:
    """What a statement carries: the record's qualifiers, and fields such as the role."""
    own = {name: content[name] for name in fields if name in content}
    return tuple(sorted({**content.get("qualifiers", {}), **own}.items()))


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
