"""The state of a row: how an event reads, in as few bytes as a snapshot needs.

It is two JSON arrays with a line feed between: the event's effects on statements; and an excerpt
of its fields, which is decoded only if the event is shown in an answer. The rest is in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import orjson

from timeline.certainty.effects import Closing, Effects, Statement, Value, effects_of
from timeline.history.accounts import OF_RIVALS
from timeline.history.event import Event
from timeline.records.record import Content, Record
from timeline.records.vocabulary import Vocabulary
from timeline.temporal.instant_bounds import InstantBounds

# Flags, as the bits of one number.
_LINKED, _RIVALLED, _LISTED, _DOUBTFUL, _END_UNKNOWN = 1, 2, 4, 8, 16

# The fields of a citation that identify its origin, and say how far it reaches.
_CITED = ("via", "publisher", "url", "title", "published")

# What a snapshot shows of the events that it lists apart from statements.
_LISTING = {
    "commented": ("about", "speaker", "when", "zone", "quote"),
    "asked": ("about", "question", "when", "zone"),
    "answered": ("answers", "when", "zone"),
}

# What a snapshot shows of events with effects, or needs to compare their dates and sources.
_DATED = ("when", "zone")
_SHOWN = {**_LISTING, "measured": ("value", "of", "unit", "attributed_to", *_DATED)}

_new = tuple.__new__


class IndexedEvent(NamedTuple):
    """An event as it is decoded from a row.

    `effects` are None if it has none on statements. `excerpt` decodes the event with the fields
    that the row has.
    """

    id: str
    effects: Effects | None
    flags: int
    excerpt: Callable[[], Event]

    @property
    def linked(self) -> bool:
        """Whether it is linked to others by order. The links are in the log."""
        return bool(self.flags & _LINKED)

    @property
    def rivalled(self) -> bool:
        """Whether it is or was one of several accounts. The others are in the log."""
        return bool(self.flags & _RIVALLED)

    @property
    def listed(self) -> bool:
        """Whether it is a comment, question or answer, which is listed apart from statements."""
        return bool(self.flags & _LISTED)

    def completed(self, event: Event) -> IndexedEvent:
        """The same with all fields of the event."""
        effects = self.effects and self.effects._replace(source=event)
        return self._replace(effects=effects, excerpt=lambda: event)


def encode(event: Event) -> bytes:
    """The state of a row."""
    effects, content = effects_of(event), event.content
    amendments, doubtful = event.amendments, event.doubtful
    flags = _LISTED if event.record.type.name in _LISTING else 0
    if any(event.links):
        flags |= _LINKED
    if amendments and any(each.type.name in OF_RIVALS for each in amendments):
        flags |= _RIVALLED
    if doubtful:
        flags |= _DOUBTFUL
    if effects is not None and effects.end_unknown:
        flags |= _END_UNKNOWN
    encoded = () if effects is None else _encode_effects(effects)
    first = orjson.dumps([content["id"], flags, *encoded])
    return first + b"\n" + orjson.dumps(_encode_excerpt(event))


def decode(rows: Iterable[tuple[int, bytes]], vocabulary: Vocabulary) -> list[IndexedEvent]:
    """The events of some rows, each given as its position and the state of the row."""
    parts = [(position, *state.partition(b"\n")) for position, state in rows]
    # Parsing one array of all takes half the time of parsing each.
    first = orjson.loads(b"[" + b",".join([first for _, first, _, _ in parts]) + b"]")
    return [
        _decode(position, excerpt, vocabulary, *each)
        for (position, _, _, excerpt), each in zip(parts, first, strict=True)
    ]


def _decode(
    position: int,
    excerpt: bytes,
    vocabulary: Vocabulary,
    id: str,
    flags: int,
    earliest: int | None = None,
    latest: int = 0,
    opens: Sequence[Any] = (),
    closes: Sequence[Any] = (),
    until: Sequence[int] | None = None,
    rivals: Sequence[str] = (),
    founds: Sequence[str] = (),
) -> IndexedEvent:
    event = partial(_decode_excerpt, position, excerpt, vocabulary)
    if earliest is None:
        return _new(IndexedEvent, (id, None, flags, event))
    effects = _new(
        Effects,
        (
            id,
            _new(InstantBounds, (earliest, latest, position)),
            until and InstantBounds(until[0], until[1], position),
            bool(flags & _END_UNKNOWN),
            # Inline, because a call for each would take longer than what it does.
            [
                _new(Statement, (*each, ()) if len(each) == 3 else (*each[:3], _pairs(each[3])))
                for each in opens
            ]
            if opens
            else (),
            [_decode_closing(*each) for each in closes] if closes else (),
            bool(flags & _DOUBTFUL),
            rivals,
            event,
            None,
            founds,
        ),
    )
    return _new(IndexedEvent, (id, effects, flags, event))


def id_of(state: bytes) -> str:
    """The id of the event in the state of a row."""
    return str(orjson.loads(state.partition(b"\n")[0])[0])


def _encode_effects(effects: Effects) -> list[Any]:
    """Effects, their rare parts only if there are any."""
    at, until = effects.at, effects.until
    # Statements without qualifiers have three elements.
    opens = [each[: 4 if each[3] else 3] for each in effects.opens]
    closes = [_encode_closing(each) for each in effects.closes]
    if until or effects.rivals or effects.founds:
        return [at[0], at[1], opens, closes, until and until[:2], effects.rivals, effects.founds]
    return [at[0], at[1], opens, closes]


def _pairs(qualifiers: Sequence[Any]) -> tuple[Any, ...]:
    return tuple([tuple(each) for each in qualifiers])


def _encode_closing(closing: Closing) -> Sequence[Any]:
    """A closing; the simple end of a statement without its defaults."""
    *_, qualifiers, other_qualifiers, is_set, explicit = closing
    named = None if explicit is None else explicit.qualifiers
    if named == () and not (qualifiers or other_qualifiers or is_set):
        return closing[:3]
    return [*closing[:6], named]


def _decode_closing(
    subject: str,
    label: str,
    value: Value,
    qualifiers: Sequence[Any] = (),
    other_qualifiers: Sequence[Any] = (),
    is_set: bool = False,
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
            is_set,
            None if named is None else _new(Statement, (subject, label, value, _pairs(named))),
        ),
    )


def _encode_excerpt(event: Event) -> list[Any]:
    """What an answer shows of an event."""
    kind, whole = event.record.type, event.content
    shown = _SHOWN.get(kind.name, _DATED)
    content: Content = {name: whole[name] for name in shown if name in whole}
    content["id"] = whole["id"]
    content["sources"] = [_cited(each) for each in whole.get("sources", ())]
    amendments = [_encode_amendment(each) for each in event.amendments]
    recorded_at = event.record.recorded_at
    return [kind.topic, recorded_at, event.standing, event.rivals, content, amendments]


def _decode_excerpt(position: int, excerpt: bytes, vocabulary: Vocabulary) -> Event:
    topic, recorded_at, standing, rivals, content, amendments = orjson.loads(excerpt)
    kind = vocabulary.of_topic(topic)
    record = _new(Record, (position, recorded_at, 0, kind, content, vocabulary.zone))
    made = tuple([_decode_amendment(each, vocabulary) for each in amendments]) if amendments else ()
    return _new(Event, (record, content, made, True, standing, None, tuple(rivals), (), None))


def _cited(citation: dict[str, str]) -> dict[str, str]:
    return {name: citation[name] for name in _CITED if name in citation}


def _encode_amendment(record: Record) -> list[Any]:
    content = record.content
    sources = [_cited(each) for each in content.get("sources", ())]
    # Of a correction, the names of the fields that it changes.
    changes = [*content["changes"]] if record.type.name == "correction" else []
    return [record.type.topic, record.id, record.position, record.recorded_at, sources, changes]


def _decode_amendment(parts: list[Any], vocabulary: Vocabulary) -> Record:
    topic, id, position, recorded_at, sources, changes = parts
    content: Content = {"id": id, "sources": sources, "changes": dict.fromkeys(changes)}
    return Record(position, recorded_at, 0, vocabulary.of_topic(topic), content)
