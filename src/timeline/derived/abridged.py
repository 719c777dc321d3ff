"""How a happening reads, in as few bytes as a snapshot needs to know of it.

The state of a row is a JSON array: what the happening does to statements, worked out, and
an abridged reading. What is left out is in the log.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import orjson

from timeline.acts import Acts, Pattern, Statement, acts_of
from timeline.events.record import LINKS, Content, Record
from timeline.events.vocabulary import Vocabulary
from timeline.history import OF_RIVALS, Happening
from timeline.span import DAWN, DUSK, Span

# What of a citation tells its origin.
_ORIGIN = ("via", "publisher", "url", "title")

# What a snapshot shows of the happenings that it lists beside the statements.
_LISTED = {
    "commented": ("about", "speaker", "when", "zone", "quote"),
    "asked": ("about", "question", "when", "zone"),
    "answered": ("answers", "when", "zone"),
}


class Abridged(NamedTuple):
    """A happening as a row has it.

    `acts` are None where it does nothing to statements. `linked` says that it came after or
    before others, `rivalled` that there are or were other accounts of it; what is to be
    told of either has to be looked up in the log.
    """

    happening: Happening
    acts: Acts | None
    linked: bool
    rivalled: bool

    def told_by(self, happening: Happening) -> Abridged:
        """The same with the happening in full."""
        acts = self.acts and self.acts._replace(happening=happening)
        return self._replace(happening=happening, acts=acts)


def abridge(happening: Happening) -> bytes:
    """The state of a row."""
    acts = acts_of(happening)
    listed = _LISTED.get(happening.type.name, ())
    content = {name: happening.content[name] for name in listed if name in happening.content}
    return orjson.dumps(
        [
            happening.id,
            happening.type.topic,
            happening.standing,
            content,
            [_origins(each) for each in happening.content.get("sources", ())],
            [_amendment(each) for each in happening.amendments],
            list(happening.rivals),
            any(name in happening.content for name in LINKS),
            _acts(acts) if acts else None,
        ]
    )


def read(position: int, state: bytes, vocabulary: Vocabulary) -> Abridged:
    """A happening back from the state of its row."""
    id, topic, standing, content, sources, amendments, rivals, linked, acted = orjson.loads(state)
    content["id"] = id
    if sources:
        content["sources"] = sources
    rivalled = bool(rivals) or any(topic.startswith(OF_RIVALS) for topic, *_ in amendments)
    happening = Happening(
        Record(position, 0, 0, vocabulary.of_topic(topic), content, vocabulary.zone),
        content,
        tuple(_read_amendment(each, vocabulary) for each in amendments) if amendments else (),
        True,
        standing,
        None,
        tuple(rivals),
    )
    return Abridged(happening, _read_acts(happening, acted) if acted else None, linked, rivalled)


def id_of(state: bytes) -> str:
    """The id of the happening that the state of a row tells of."""
    return str(orjson.loads(state)[0])


def _origins(citation: dict[str, str]) -> dict[str, str]:
    return {name: citation[name] for name in _ORIGIN if name in citation}


def _amendment(record: Record) -> list[Any]:
    sources = [_origins(each) for each in record.content.get("sources", ())]
    return [record.type.topic, record.id, record.position, sources]


def _read_amendment(parts: list[Any], vocabulary: Vocabulary) -> Record:
    topic, id, position, sources = parts
    content: Content = {"id": id, "sources": sources} if sources else {"id": id}
    return Record(position, 0, 0, vocabulary.of_topic(topic), content)


def _acts(acts: Acts) -> list[Any]:
    return [
        _bounds(acts.at),
        None if acts.until is None else _bounds(acts.until),
        acts.end_unknown,
        [list(each) for each in acts.opens],
        [[*each[:6], each.explicit and list(each.explicit)] for each in acts.closes],
    ]


def _read_acts(happening: Happening, parts: list[Any]) -> Acts:
    at, until, end_unknown, opens, closes = parts
    position = happening.position
    return Acts(
        happening,
        _span(at, position),
        None if until is None else _span(until, position),
        end_unknown,
        tuple([_statement(each) for each in opens]),
        tuple([_pattern(each) for each in closes]),
    )


def _bounds(span: Span) -> list[int | None]:
    return [
        None if span.earliest == DAWN else span.earliest,
        None if span.latest == DUSK else span.latest,
    ]


def _span(bounds: list[int | None], position: int) -> Span:
    earliest, latest = bounds
    return Span(
        DAWN if earliest is None else earliest, DUSK if latest is None else latest, position
    )


def _statement(parts: list[Any]) -> Statement:
    subject, label, value, qualifiers = parts
    return Statement(subject, label, value, tuple(map(tuple, qualifiers)) if qualifiers else ())


def _pattern(parts: list[Any]) -> Pattern:
    subject, label, value, qualifiers, other_qualifiers, other_value, explicit = parts
    return Pattern(
        subject,
        label,
        value,
        tuple(map(tuple, qualifiers)) if qualifiers else (),
        tuple(map(tuple, other_qualifiers)) if other_qualifiers else (),
        other_value,
        None if explicit is None else _statement(explicit),
    )
