"""What happened, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.certainty.order import Order
from timeline.history.history import Event, History
from timeline.projections.answer import (
    Answer,
    Basis,
    accounts_json,
    dissent_json,
    in_order,
    independent_sources,
    interval,
    sealed,
)
from timeline.projections.findings import contradictions
from timeline.records.record import entities_of
from timeline.temporal.instant_bounds import InstantBounds

VERSION = 1


def chronology(
    history: History, basis: Basis, story: str | None = None, entity: str | None = None
) -> Answer:
    """The standing events of a story, or about an entity, in valid order.

    `order` says how firmly each stands behind the one listed before it: `certain` if it
    happened after that one in every world, else `possible`. `group` counts the groups of
    what is simultaneous as far as anybody knows: neighbours with the same bounds, and no
    order between them, share one.
    """
    order = history.derived(Order)
    slug = None if entity is None else history.names.canonical(entity)
    chosen = [
        each
        for each in history.standing()
        if (story is None or each.record.story == story)
        and (slug is None or slug in entities_of(each.type, each.content))
    ]
    return sealed(
        {
            "projection": "chronology",
            "version": VERSION,
            "story": story,
            "entity": entity,
            **basis.as_json(),
            "events": _listed(chosen, history, order, basis.at),
            "findings": contradictions(order, (each.id for each in chosen)),
        }
    )


def _listed(events: Iterable[Event], history: History, order: Order, at: int) -> list[Answer]:
    listed: list[Answer] = []
    earlier: tuple[InstantBounds, Event] | None = None
    group = 0
    for when, each in in_order(events, order, at):
        after = earlier is None or _surely_after(earlier, (when, each), order)
        same = earlier is not None and earlier[0][:2] == when[:2] and not after
        group += not same
        earlier = when, each
        certain = when.surely_before(at) and not each.doubtful and each.counts
        listed.append(
            {
                "id": each.id,
                "position": each.position,
                "story": each.record.story,
                "type": each.type.name,
                "when": each.content.get("when"),
                "zone": each.zone,
                **{
                    side: each.content[side] for side in ("after", "before") if side in each.content
                },
                "bounds": interval((when.earliest, when.latest)) or [None, None],
                **_ends(each),
                "certainty": "certain" if certain else "possible",
                "order": "certain" if after else "possible",
                "group": group,
                "headline": each.headline,
                "entities": list(dict.fromkeys(entities_of(each.type, each.content))),
                **{name: each.content[name] for name in ("tags",) if name in each.content},
                "standing": each.standing,
                "amendments": [amendment.id for amendment in each.amendments],
                **_corrections(each),
                "sources": independent_sources([each]),
                **_account(each, history),
            }
        )
    return listed


def _surely_after(
    earlier: tuple[InstantBounds, Event], later: tuple[InstantBounds, Event], order: Order
) -> bool:
    """Whether one came after another in every world."""
    if earlier[0].latest <= later[0].earliest:
        return True
    return order.relation(earlier[1].id, later[1].id) == "certain"


def _ends(event: Event) -> Answer:
    """The bounds within which a spell ends; a spell's own bounds are those of its beginning."""
    if "/" not in event.content.get("when", "") or not event.type.begins:
        return {}
    reading = event.when
    if reading is None or reading.end is None:
        return {}
    ended = InstantBounds.of(reading.end, event.position)
    return {"ends": interval(ended[:2])}


def _corrections(event: Event) -> Answer:
    """Those of its amendments that changed how it reads, where there are any."""
    found = [each.id for each in event.amendments if each.type.name == "correction"]
    return {"corrections": found} if found else {}


def _account(event: Event, history: History) -> Answer:
    """The accounts beside it, and who decided against it, where there are any."""
    if event.dissent is not None:
        return {"decided_against": dissent_json(event)}
    return accounts_json([event], history)
