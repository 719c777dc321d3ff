"""One record with all that was made of it since."""

from __future__ import annotations

from timeline import temporal
from timeline.events.record import Record, headline
from timeline.history import Happening
from timeline.projections.answer import (
    Answer,
    Basis,
    dissent_json,
    independent_sources,
    interval,
    sealed,
)

VERSION = 1


def record_json(record: Record) -> Answer:
    """A record with its place and its time, as `timeline import` takes it back."""
    recorded_at = temporal.format_instant(record.recorded_at)
    return {"position": record.position, **record.content, "recorded_at": recorded_at}


def lineage(record: Record, happening: Happening | None, basis: Basis) -> Answer:
    """A record; where it is a `happening`, also its amendments and how it reads now."""
    amendments = happening.amendments if happening else ()
    return sealed(
        {
            "projection": "lineage",
            "version": VERSION,
            "id": record.id,
            **basis.as_json(),
            "headline": headline(record.type, record.content),
            "record": record_json(record),
            "amends": list(record.amends),
            "stands": happening.stands if happening else None,
            "standing": happening.standing if happening else None,
            "decided_against": dissent_json(happening) if happening and happening.dissent else None,
            "reads": _reading(happening, basis) if happening else None,
            "amendments": [record_json(each) for each in amendments],
            "findings": [],
        }
    )


def _reading(happening: Happening, basis: Basis) -> Answer:
    """How a happening reads with its corrections, and whether it has happened."""
    when = happening.occurred
    happened = (
        "certain"
        if when.surely_before(basis.at)
        else "possible"
        if when.maybe_before(basis.at)
        else "not yet"
    )
    return {
        "content": happening.content,
        "zone": happening.zone,
        "headline": happening.headline,
        "bounds": interval((when.earliest, when.latest)) or [None, None],
        "happened": happened,
        "sources": independent_sources([happening]),
    }
