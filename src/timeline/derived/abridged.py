"""How a happening reads, in as few bytes as a snapshot needs to know of it.

The state of a row is two JSON arrays with a line feed between: what the happening does to
statements, worked out; and an abridged reading, which is opened only where the happening
shows in an answer. What both leave out is in the log.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple

import orjson

from timeline.acts import Acts, Pattern, Statement, acts_of
from timeline.events.record import LINKS, Content, Record
from timeline.events.vocabulary import Vocabulary
from timeline.history import OF_RIVALS, Happening
from timeline.span import Span

# What is true of a happening, as the bits of one number.
_LINKED, _RIVALLED, _LISTED, _DOUBTFUL, _END_UNKNOWN = 1, 2, 4, 8, 16

# What of a citation tells its origin.
_ORIGIN = ("via", "publisher", "url", "title")

# What a snapshot shows of the happenings that it lists beside the statements.
_LISTING = {
    "commented": ("about", "speaker", "when", "zone", "quote"),
    "asked": ("about", "question", "when", "zone"),
    "answered": ("answers", "when", "zone"),
}

_new = tuple.__new__


class Abridged(NamedTuple):
    """A happening as a row has it.

    `acts` are None where it does nothing to statements. `linked` says that it came after or
    before others, `rivalled` that there are or were other accounts of it; what is to be
    told of either has to be looked up in the log. It is `listed` beside the statements if it
    is a comment, a question or an answer. `told` reads what the row tells of it.
    """

    id: str
    acts: Acts | None
    linked: bool
    rivalled: bool
    listed: bool
    told: Callable[[], Happening]

    def told_by(self, happening: Happening) -> Abridged:
        """The same with the happening in full."""
        acts = self.acts and self.acts._replace(told=happening)
        return self._replace(acts=acts, told=lambda: happening)


def abridge(happening: Happening) -> bytes:
    """The state of a row."""
    acts, content = acts_of(happening), happening.content
    amendments, doubtful = happening.amendments, happening.doubtful
    flags = _LISTED if happening.record.type.name in _LISTING else 0
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
    return told + b"\n" + orjson.dumps(_reading(happening))


def read(position: int, state: bytes, vocabulary: Vocabulary) -> Abridged:
    """A happening back from the state of its row."""
    first, _, second = state.partition(b"\n")
    told = partial(_told, position, second, vocabulary)
    id, flags, *done = orjson.loads(first)
    acts = None
    if done:
        earliest, latest, opens, closes, *rare = done
        until, rivals = rare or (None, ())
        acts = _new(
            Acts,
            (
                id,
                _new(Span, (earliest, latest, position)),
                until and Span(until[0], until[1], position),
                bool(flags & _END_UNKNOWN),
                [_statement(each) for each in opens],
                [_pattern(each) for each in closes],
                bool(flags & _DOUBTFUL),
                rivals,
                told,
                None,
            ),
        )
    linked, rivalled, listed = flags & _LINKED, flags & _RIVALLED, flags & _LISTED
    return _new(Abridged, (id, acts, bool(linked), bool(rivalled), bool(listed), told))


def id_of(state: bytes) -> str:
    """The id of the happening that the state of a row tells of."""
    return str(orjson.loads(state.partition(b"\n")[0])[0])


def _done(acts: Acts) -> list[Any]:
    """What a happening does, its rare parts only where there are any."""
    at, until = acts.at, acts.until
    # A statement without qualifiers does without their place.
    opens = [each[: 4 if each[3] else 3] for each in acts.opens]
    closes = [_pattern_parts(each) for each in acts.closes]
    if until or acts.rivals:
        return [at[0], at[1], opens, closes, until and until[:2], acts.rivals]
    return [at[0], at[1], opens, closes]


def _statement(parts: list[Any]) -> Statement:
    subject, label, value, *rest = parts
    return _new(Statement, (subject, label, value, tuple(map(tuple, rest[0])) if rest else ()))


def _pattern_parts(pattern: Pattern) -> Sequence[Any]:
    """A pattern; the plain end of a statement without its defaults."""
    *_, qualifiers, other_qualifiers, other_value, explicit = pattern
    named = None if explicit is None else explicit.qualifiers
    if named == () and not (qualifiers or other_qualifiers or other_value):
        return pattern[:3]
    return [*pattern[:6], named]


def _pattern(parts: list[Any]) -> Pattern:
    subject, label, value, *rest = parts
    if not rest:
        named = _new(Statement, (subject, label, value, ()))
        return _new(Pattern, (subject, label, value, (), (), False, named))
    qualifiers, other_qualifiers, other_value, named = rest
    return _new(
        Pattern,
        (
            subject,
            label,
            value,
            tuple(map(tuple, qualifiers)),
            tuple(map(tuple, other_qualifiers)),
            other_value,
            None if named is None else Statement(subject, label, value, tuple(map(tuple, named))),
        ),
    )


def _reading(happening: Happening) -> list[Any]:
    """What an answer says of a happening that shows in it."""
    kind, whole = happening.record.type, happening.content
    listed = _LISTING.get(kind.name, ())
    content: Content = {name: whole[name] for name in listed if name in whole}
    content["id"] = whole["id"]
    content["sources"] = [_origins(each) for each in whole.get("sources", ())]
    amendments = [_amendment(each) for each in happening.amendments]
    return [kind.topic, happening.standing, happening.rivals, content, amendments]


def _told(position: int, reading: bytes, vocabulary: Vocabulary) -> Happening:
    topic, standing, rivals, content, amendments = orjson.loads(reading)
    return Happening(
        Record(position, 0, 0, vocabulary.of_topic(topic), content, vocabulary.zone),
        content,
        tuple(_read_amendment(each, vocabulary) for each in amendments),
        True,
        standing,
        None,
        tuple(rivals),
    )


def _origins(citation: dict[str, str]) -> dict[str, str]:
    return {name: citation[name] for name in _ORIGIN if name in citation}


def _amendment(record: Record) -> list[Any]:
    sources = [_origins(each) for each in record.content.get("sources", ())]
    return [record.type.topic, record.id, record.position, sources]


def _read_amendment(parts: list[Any], vocabulary: Vocabulary) -> Record:
    topic, id, position, sources = parts
    content: Content = {"id": id, "sources": sources}
    return Record(position, 0, 0, vocabulary.of_topic(topic), content)
