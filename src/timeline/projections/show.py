"""One record with its amendments, and how it reads now."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated

from timeline import temporal
from timeline.errors import InputError
from timeline.history.history import Event
from timeline.projections.accounts import dissent_json
from timeline.projections.answer import Answer, Basis, sealed_untyped, time_range
from timeline.projections.question import AsKnown, AsOf, Param, Question
from timeline.projections.sources import independent_sources
from timeline.records.record import Record, headline

if TYPE_CHECKING:
    from timeline.projections.room import Room

VERSION = 1


@dataclass(frozen=True)
class Show(Question[Answer]):
    """A record with its lineage: as it was recorded, how it was amended, and how it reads now."""

    id: Annotated[
        str,
        Param("The id of a record.", kind="path", examples=("qwen-image-report-published",)),
    ]
    _: KW_ONLY
    as_of: AsOf = None
    as_known: AsKnown = None

    def answer(self, room: Room) -> Answer:
        basis = room.basis(self.as_of, self.as_known)
        record = room.record(self.id)
        if record.position > basis.as_known:
            raise InputError(
                f"{self.id!r} is at position {record.position}, not yet known at {basis.as_known}"
            )
        event = None if record.is_amendment else room.reads(record, basis)
        return lineage(record, event, basis)


def record_json(record: Record) -> Answer:
    """A record with its position and its time, as `timeline import` accepts it."""
    recorded_at = temporal.format_instant(record.recorded_at)
    return {"position": record.position, **record.content, "recorded_at": recorded_at}


def lineage(record: Record, event: Event | None, basis: Basis) -> Answer:
    """A record; that of an `event` also with its amendments and how it reads now."""
    amendments = event.amendments if event else ()
    return sealed_untyped(
        {
            "projection": "lineage",
            "version": VERSION,
            "id": record.id,
            **basis.as_json(),
            "headline": headline(record.type, record.content),
            "record": record_json(record),
            "amends": list(record.amends),
            "stands": event.stands if event else None,
            "standing": event.standing if event else None,
            "decided_against": dissent_json(event) if event and event.dissent else None,
            "reads": _reading(event, basis) if event else None,
            "amendments": [record_json(each) for each in amendments],
            "findings": [],
        }
    )


def _reading(event: Event, basis: Basis) -> Answer:
    """How an event reads with its corrections, and whether it has happened."""
    when = event.occurred
    happened = (
        "certain"
        if when.surely_before(basis.at)
        else "possible"
        if when.maybe_before(basis.at)
        else "not yet"
    )
    return {
        "content": event.content,
        "zone": event.zone,
        "headline": event.headline,
        "bounds": time_range((when.earliest, when.latest)) or [None, None],
        "happened": happened,
        "sources": independent_sources([event]),
    }
