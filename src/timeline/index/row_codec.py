"""How an event reads, in as few bytes as a snapshot needs to know of it.

The state of a row is two JSON arrays with a line feed between: what the event does to
statements, worked out; and an abridged reading, which is opened only where the event
shows in an answer. What both leave out is in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import orjson

from timeline.certainty.effects import Closing, Effects, Statement, Value, effects_of
from timeline.history.history import OF_RIVALS, Event
from timeline.records.record import LINKS, Content, Record
from timeline.records.vocabulary import Vocabulary
from timeline.temporal.instant_bounds import InstantBounds

# What is true of an event, as the bits of one number.
_LINKED, _RIVALLED, _LISTED, _DOUBTFUL, _END_UNKNOWN = 1, 2, 4, 8, 16

# What of a citation tells its origin.
_ORIGIN = ("via", "publisher", "url", "title")

# What a snapshot shows of the events that it lists beside the statements.
_LISTING = {
    "commented": ("about", "speaker", "when", "zone", "quote"),
    "asked": ("about", "question", "when", "zone"),
    "answered": ("answers", "when", "zone"),
}

_new = tuple.__new__


class IndexedEvent(NamedTuple):
    """An event as a row has it.

    `acts` are None where it does nothing to statements; `flags` say what is true of it.
    `told` reads what the row tells of it.
    """

    id: str
    acts: Effects | None
    flags: int
    told: Callable[[], Event]

    @property
    def linked(self) -> bool:
        """Whether it came after or before others. Which, has to be looked up in the log."""
        return bool(self.flags & _LINKED)

    @property
    def rivalled(self) -> bool:
        """Whether there are or were other accounts of it, which the log has."""
        return bool(self.flags & _RIVALLED)

    @property
    def listed(self) -> bool:
        """Whether it is a comment, a question or an answer: listed beside the statements."""
        return bool(self.flags & _LISTED)

    def told_by(self, event: Event) -> IndexedEvent:
        """The same with the event in full."""
        acts = self.acts and self.acts._replace(source=event)
        return self._replace(acts=acts, told=lambda: event)


def abridge(event: Event) -> bytes:
    """The state of a row."""
    acts, content = effects_of(event), event.content
    amendments, doubtful = event.amendments, event.doubtful
    flags = _LISTED if event.record.type.name in _LISTING else 0
    if not content.keys().isdisjoint(LINKS):
        flags |= _LINKED
    if amendments and any(each.type.name in OF_RIVALS for each in amendments):
        flags |= _RIVALLED
    if doubtful:
        flags |= _DOUBTFUL
    if acts is not None and acts.end_unknown:
        flags |= _END_UNKNOWN
    done = () if acts is None else _done(acts)
    told = orjson.dumps([content["id"], flags, *done])
    return told + b"\n" + orjson.dumps(_reading(event))


def read(rows: Iterable[tuple[int, bytes]], vocabulary: Vocabulary) -> list[IndexedEvent]:
    """Events back from the states of their rows, each with its position."""
    parts = [(position, *state.partition(b"\n")) for position, state in rows]
    # One array of them all is parsed in half the time that they take one by one.
    done = orjson.loads(b"[" + b",".join([first for _, first, _, _ in parts]) + b"]")
    return [
        _read(position, reading, vocabulary, *each)
        for (position, _, _, reading), each in zip(parts, done, strict=True)
    ]


def _read(
    position: int,
    reading: bytes,
    vocabulary: Vocabulary,
    id: str,
    flags: int,
    earliest: int | None = None,
    latest: int = 0,
    opens: Sequence[Any] = (),
    closes: Sequence[Any] = (),
    until: Sequence[int] | None = None,
    rivals: Sequence[str] = (),
) -> IndexedEvent:
    told = partial(_told, position, reading, vocabulary)
    if earliest is None:
        return _new(IndexedEvent, (id, None, flags, told))
    acts = _new(
        Effects,
        (
            id,
            _new(InstantBounds, (earliest, latest, position)),
            until and InstantBounds(until[0], until[1], position),
            bool(flags & _END_UNKNOWN),
            # Made here: to call for each would take longer than what it does.
            [
                _new(Statement, (*each, ()) if len(each) == 3 else (*each[:3], _pairs(each[3])))
                for each in opens
            ]
            if opens
            else (),
            [_pattern(*each) for each in closes] if closes else (),
            bool(flags & _DOUBTFUL),
            rivals,
            told,
            None,
        ),
    )
    return _new(IndexedEvent, (id, acts, flags, told))


def id_of(state: bytes) -> str:
    """The id of the event that the state of a row tells of."""
    return str(orjson.loads(state.partition(b"\n")[0])[0])


def _done(acts: Effects) -> list[Any]:
    """What an event does, its rare parts only where there are any."""
    at, until = acts.at, acts.until
    # A statement without qualifiers does without their place.
    opens = [each[: 4 if each[3] else 3] for each in acts.opens]
    closes = [_pattern_parts(each) for each in acts.closes]
    if until or acts.rivals:
        return [at[0], at[1], opens, closes, until and until[:2], acts.rivals]
    return [at[0], at[1], opens, closes]


def _pairs(qualifiers: Sequence[Any]) -> tuple[Any, ...]:
    return tuple([tuple(each) for each in qualifiers])


def _pattern_parts(pattern: Closing) -> Sequence[Any]:
    """A pattern; the plain end of a statement without its defaults."""
    *_, qualifiers, other_qualifiers, other_value, explicit = pattern
    named = None if explicit is None else explicit.qualifiers
    if named == () and not (qualifiers or other_qualifiers or other_value):
        return pattern[:3]
    return [*pattern[:6], named]


def _pattern(
    subject: str,
    label: str,
    value: Value,
    qualifiers: Sequence[Any] = (),
    other_qualifiers: Sequence[Any] = (),
    other_value: bool = False,
    named: Sequence[Any] | None = (),
) -> Closing:
    return _new(
        Closing,
        (
            subject,
            label,
            value,
            _pairs(qualifiers) if qualifiers else (),
            _pairs(other_qualifiers) if other_qualifiers else (),
            other_value,
            None if named is None else _new(Statement, (subject, label, value, _pairs(named))),
        ),
    )


def _reading(event: Event) -> list[Any]:
    """What an answer says of an event that shows in it."""
    kind, whole = event.record.type, event.content
    listed = _LISTING.get(kind.name, ())
    content: Content = {name: whole[name] for name in listed if name in whole}
    content["id"] = whole["id"]
    content["sources"] = [_origins(each) for each in whole.get("sources", ())]
    amendments = [_amendment(each) for each in event.amendments]
    return [kind.topic, event.standing, event.rivals, content, amendments]


def _told(position: int, reading: bytes, vocabulary: Vocabulary) -> Event:
    topic, standing, rivals, content, amendments = orjson.loads(reading)
    kind = vocabulary.of_topic(topic)
    record = _new(Record, (position, 0, 0, kind, content, vocabulary.zone))
    made = tuple([_read_amendment(each, vocabulary) for each in amendments]) if amendments else ()
    return _new(Event, (record, content, made, True, standing, None, tuple(rivals)))


def _origins(citation: dict[str, str]) -> dict[str, str]:
    return {name: citation[name] for name in _ORIGIN if name in citation}


def _amendment(record: Record) -> list[Any]:
    sources = [_origins(each) for each in record.content.get("sources", ())]
    return [record.type.topic, record.id, record.position, sources]


def _read_amendment(parts: list[Any], vocabulary: Vocabulary) -> Record:
    topic, id, position, sources = parts
    content: Content = {"id": id, "sources": sources}
    return Record(position, 0, 0, vocabulary.of_topic(topic), content)
