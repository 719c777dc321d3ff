"""Where an event comes from: who said so, who recorded it, what was made of it since."""

from __future__ import annotations

from collections.abc import Iterator

from timeline import temporal
from timeline.certainty.order import Order
from timeline.history.history import Event, History, corrected
from timeline.projections.accounts import dissent_json, other_accounts
from timeline.projections.answer import Answer, time_range
from timeline.projections.sources import citations_of
from timeline.records.record import Record


def account(event: Event, history: History, order: Order) -> Answer:
    """An event as it reads now, and all that made it read so.

    `bounds` are narrowed by `order`, which lists what it came after and before; where it is
    another event that says so, `by` names that one. `sources` are those of confirmations
    too. `rivals` are other accounts of it that may be so instead, `dissent` those over which
    it was chosen.
    """
    beside = other_accounts([event], history)
    return {
        **short_account(event, order),
        "order": list(_order(event, history, order)),
        "amendments": list(_amendments(event)),
        "rivals": [short_account(history[each["id"]], order) for each in beside.get("rivals", ())],
        "dissent": [
            {**short_account(history[each["id"]], order), **each}
            for each in beside.get("dissent", ())
        ],
    }


def short_account(event: Event, order: Order) -> Answer:
    """An event as it reads now: what, when, who recorded it, and its sources."""
    when = order.span(event)
    return {
        "id": event.id,
        "position": event.position,
        "type": event.type.name,
        "headline": event.headline,
        "when": event.content.get("when"),
        "zone": event.zone,
        "bounds": time_range((when.earliest, when.latest)) or [None, None],
        "standing": event.standing,
        **_act(event.record),
        "sources": list(citations_of(event)),
    }


def uncounted_account(event: Event, history: History, order: Order) -> Answer:
    """An event from which nothing follows; `decided_against` where another was chosen."""
    found = account(event, history, order)
    if event.dissent is not None:
        found["decided_against"] = dissent_json(event)
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


def _order(event: Event, history: History, order: Order) -> Iterator[Answer]:
    """What is said to have come before and after an event, by its own word or another's."""
    said = set()
    for side in ("after", "before"):
        for link in event.content.get(side, ()):
            said.add((side, link["id"]))
            yield {"relation": side, **link}
    component = order.component(event.id)
    for earlier, later, _ in component.links if component else ():
        if later == event.id and ("after", earlier) not in said:
            yield {"relation": "after", **_link(history[earlier], "before", later), "by": earlier}
        elif earlier == event.id and ("before", later) not in said:
            yield {"relation": "before", **_link(history[later], "after", earlier), "by": later}


def _link(event: Event, side: str, other: str) -> Answer:
    """What an event says of another, from the other's side."""
    said = next(link for link in event.content[side] if link["id"] == other)
    return {**said, "id": event.id}


def _amendments(event: Event) -> Iterator[Answer]:
    """The amendments that name it, each with what it changed."""
    content = event.record.content
    for amendment in event.amendments:
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
