"""What tables and pages need to know about the records and entities that an answer names.

An answer has a digest and contains only what was asked for. To show it, one also needs the
dates of its records as they were written, who recorded them, and the names of its entities.
This legend travels beside the answer, so that showing it takes no second request.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from typing_extensions import TypedDict

from timeline import temporal
from timeline.errors import NotFoundError
from timeline.history.event import Event
from timeline.projections.accounts import dated_json
from timeline.projections.answer import Basis
from timeline.projections.question import Question
from timeline.records.record import Content, headline

if TYPE_CHECKING:
    from timeline.projections.room import Room


class RecordLegend(TypedDict):
    """A record that an answer names.

    `dates` are the fields that say when an event happened (`when`, `after` …), as it reads at the
    answer's position and, where that differs, as it was recorded, each with its `zone`.
    """

    position: int
    type: str
    headline: str
    recorded_at: str
    recorded_by: str | None
    dates: list[Content]


class EntityLegend(TypedDict):
    """An entity that an answer names: what it is called, and all slugs that mean it."""

    names: list[str]
    slugs: list[str]


class Legend(TypedDict):
    """The records by id, and the entities that have a name or several slugs by slug."""

    records: dict[str, RecordLegend]
    entities: dict[str, EntityLegend]


def legend_of(question: Question[Any], answer: Any, room: Room) -> Legend:
    """The legend of the answer to a question."""
    end = answer.get("to", answer)
    if "as_known" not in end:
        return {"records": {}, "entities": {}}
    basis = Basis("", 0, end["as_known"], None)
    records = {}
    for id in dict.fromkeys(question.mentions(answer)):
        try:
            records[id] = _record(id, basis, room)
        except NotFoundError:
            continue
    names = room.names(basis)
    entities: dict[str, EntityLegend] = {}
    for text in _texts(answer):
        if text not in entities and text in names:
            entity = names.get(text)
            entities[text] = {"names": list(entity.names), "slugs": list(entity.slugs)}
    return {"records": records, "entities": entities}


def _record(id: str, basis: Basis, room: Room) -> RecordLegend:
    record = room.record(id)
    dates: list[Content] = []
    if not record.is_amendment:
        for event in (room.reads(record, basis), Event(record, record.content)):
            date: Content = {**dated_json(event), "zone": event.zone}
            if date not in dates:
                dates.append(date)
    return {
        "position": record.position,
        "type": record.type.name,
        "headline": headline(record.type, record.content),
        "recorded_at": temporal.format_instant(record.recorded_at),
        "recorded_by": record.recorded_by,
        "dates": dates,
    }


def _texts(value: object) -> Iterator[str]:
    """All strings in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
