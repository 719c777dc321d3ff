"""Where a happening comes from: who said so, who recorded it, what was made of it since."""

from __future__ import annotations

from collections.abc import Iterator

from timeline import temporal
from timeline.events.record import Record
from timeline.history import Happening, History, corrected
from timeline.order import Order
from timeline.projections.answer import (
    Answer,
    accounts_json,
    citations_of,
    dissent_json,
    interval,
)


def account(happening: Happening, history: History, order: Order) -> Answer:
    """A happening as it reads now, and all that made it read so.

    `bounds` are narrowed by `order`, which lists what it came after and before; where it is
    another happening that says so, `by` names that one. `sources` are those of confirmations
    too. `rivals` are other accounts of it that may be so instead, `dissent` those over which
    it was chosen.
    """
    beside = accounts_json([happening], history)
    return {
        **short_account(happening, order),
        "order": list(_order(happening, history, order)),
        "amendments": list(_amendments(happening)),
        "rivals": [short_account(history[each["id"]], order) for each in beside.get("rivals", ())],
        "dissent": [
            {**short_account(history[each["id"]], order), **each}
            for each in beside.get("dissent", ())
        ],
    }


def short_account(happening: Happening, order: Order) -> Answer:
    """A happening as it reads now: what, when, who recorded it, and its sources."""
    when = order.span(happening)
    return {
        "id": happening.id,
        "position": happening.position,
        "type": happening.type.name,
        "headline": happening.headline,
        "when": happening.content.get("when"),
        "zone": happening.zone,
        "bounds": interval((when.earliest, when.latest)) or [None, None],
        "standing": happening.standing,
        **_act(happening.record),
        "sources": list(citations_of(happening)),
    }


def uncounted_account(happening: Happening, history: History, order: Order) -> Answer:
    """A happening from which nothing follows; `decided_against` where another was chosen."""
    found = account(happening, history, order)
    if happening.dissent is not None:
        found["decided_against"] = dissent_json(happening)
    return found


def merge_json(record: Record) -> Answer:
    """The amendment by which several slugs mean one entity."""
    return {
        "id": record.id,
        "position": record.position,
        "entities": record.content["entities"],
        "as": record.content.get("as") or record.content["entities"][0],
        "reason": record.content["reason"],
        **_act(record),
    }


def _act(record: Record) -> Answer:
    """Who recorded it, and when."""
    return {
        "recorded_by": record.recorded_by,
        "recorded_at": temporal.format_instant(record.recorded_at),
    }


def _order(happening: Happening, history: History, order: Order) -> Iterator[Answer]:
    """What is said to have come before and after a happening, by its own word or another's."""
    said = set()
    for side in ("after", "before"):
        for link in happening.content.get(side, ()):
            said.add((side, link["id"]))
            yield {"relation": side, **link}
    component = order.component(happening.id)
    for earlier, later, _ in component.links if component else ():
        if later == happening.id and ("after", earlier) not in said:
            yield {"relation": "after", **_link(history[earlier], "before", later), "by": earlier}
        elif earlier == happening.id and ("before", later) not in said:
            yield {"relation": "before", **_link(history[later], "after", earlier), "by": later}


def _link(happening: Happening, side: str, other: str) -> Answer:
    """What a happening says of another, from the other's side."""
    said = next(link for link in happening.content[side] if link["id"] == other)
    return {**said, "id": happening.id}


def _amendments(happening: Happening) -> Iterator[Answer]:
    """The amendments that name it, each with what it changed."""
    content = happening.record.content
    for amendment in happening.amendments:
        found: Answer = {
            "id": amendment.id,
            "type": amendment.type.name,
            "position": amendment.position,
            **_act(amendment),
            "reason": amendment.content.get("reason"),
        }
        match amendment.type.name:
            case "correction":
                changes = amendment.content["changes"]
                found["changes"] = {
                    field: {"old": content.get(field), "new": new} for field, new in changes.items()
                }
                content = corrected(content, changes)
            case "conflict":
                found["between"] = amendment.content["between"]
            case "resolution":
                found["chosen"] = amendment.content["chosen"]
                found["over"] = amendment.content["over"]
        if "sources" in amendment.content:
            found["sources"] = amendment.content["sources"]
        yield found
