"""What happened, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.acts import Span
from timeline.events.record import entities_of
from timeline.history import Happening, History
from timeline.projections.answer import (
    Answer,
    Basis,
    in_order,
    independent_sources,
    interval,
    sealed,
)

VERSION = 1


def chronology(
    history: History, basis: Basis, story: str | None = None, entity: str | None = None
) -> Answer:
    """The standing happenings of a story, or about an entity, in valid order.

    `order` says how firmly each stands behind the one listed before it: `certain` if it
    happened after that one in every world, else `possible`.
    """
    chosen = [
        each
        for each in history.standing()
        if (story is None or each.record.story == story)
        and (entity is None or entity in entities_of(each.type, each.content))
    ]
    return sealed(
        {
            "projection": "chronology",
            "version": VERSION,
            "story": story,
            "entity": entity,
            **basis.as_json(),
            "happenings": _listed(chosen, basis.at),
            "findings": [],
        }
    )


def _listed(happenings: Iterable[Happening], at: int) -> list[Answer]:
    listed: list[Answer] = []
    earlier: Span | None = None
    for when, each in in_order(happenings, at):
        after = earlier is None or earlier.latest <= when.earliest
        earlier = when
        listed.append(
            {
                "id": each.id,
                "position": each.position,
                "story": each.record.story,
                "type": each.type.name,
                "when": each.content["when"],
                "zone": each.zone,
                "bounds": interval((when.earliest, when.latest)) or [None, None],
                "certainty": "certain" if when.surely_before(at) else "possible",
                "order": "certain" if after else "possible",
                "headline": each.headline,
                "standing": "reported",
                "amendments": [amendment.id for amendment in each.amendments],
                "sources": independent_sources([each]),
            }
        )
    return listed
