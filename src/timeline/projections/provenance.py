"""Where an event comes from: its sources, who recorded it, and how it was amended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from timeline import temporal
from timeline.certainty.order import Order
from timeline.history.history import Event, History, Standing, corrected
from timeline.projections.accounts import (
    CitationJson,
    DecisionJson,
    DissentJson,
    LinkJson,
    citations_of,
    dissent_json,
    other_accounts,
)
from timeline.projections.answer import (
    Position,
    RecordIds,
    TimeRange,
    Timestamp,
    timestamps,
)
from timeline.records.record import Content, Record


class ActJson(TypedDict):
    """Who recorded something, and when."""

    recorded_by: str | None
    recorded_at: Timestamp


class ShortAccountJson(ActJson):
    """An event as it reads now."""

    id: str
    position: Position
    type: str
    headline: str
    when: str | None
    zone: str
    bounds: TimeRange
    standing: Standing
    sources: list[CitationJson]


class OverruledJson(ShortAccountJson, DecisionJson):
    """An account over which this one was chosen."""

    after: NotRequired[list[LinkJson]]
    before: NotRequired[list[LinkJson]]
    publishers: list[str]


class SaidByJson(TypedDict, total=False):
    """The event that says so, where it is the other one."""

    by: str


class OrderJson(LinkJson, SaidByJson):
    """The order of an event relative to another."""

    relation: Literal["after", "before"]


class FieldChangeJson(TypedDict):
    """What a field was, and what it became; null where the field is missing."""

    old: Any
    new: Any


class EffectJson(TypedDict, total=False):
    """What an amendment changed; the keys depend on its type."""

    changes: dict[str, FieldChangeJson]
    between: RecordIds
    chosen: str
    over: RecordIds
    sources: list[CitationJson]


class AmendmentJson(ActJson, EffectJson):
    """An amendment that names an event, and what it changed."""

    id: str
    type: str
    position: Position
    reason: str | None


class DecidedAgainstJson(TypedDict, total=False):
    """Present if the event does not count because another account was chosen."""

    decided_against: DissentJson


class FullAccountJson(ShortAccountJson, DecidedAgainstJson):
    """An event behind a statement, and everything that made it read so."""

    order: list[OrderJson]
    amendments: list[AmendmentJson]
    rivals: list[ShortAccountJson]
    dissent: list[OverruledJson]


# `as` is a keyword of Python, so a class body cannot declare it.
_As = TypedDict("_As", {"as": str})


class MergeJson(_As, ActJson):
    """The amendment by which several slugs mean one entity."""

    id: str
    position: Position
    entities: list[str]
    reason: str


def account(event: Event, history: History, order: Order) -> FullAccountJson:
    """An event as it reads now, and everything that made it read so.

    `bounds` are narrowed by `order`, which lists the events it came after or before; `by` is
    the event that declares the link, if it is the other one. `sources` include those of
    confirmations. `rivals` are other accounts that may be true instead, `dissent` those over
    which this one was chosen; `decided_against` says which one was chosen over this.
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
        **_decided_against(event),
    }


def _decided_against(event: Event) -> DecidedAgainstJson:
    return {} if event.dissent is None else {"decided_against": dissent_json(event)}


def short_account(event: Event, order: Order) -> ShortAccountJson:
    """An event as it reads now: what, when, who recorded it, and its sources."""
    when = order.span(event)
    return {
        "id": event.id,
        "position": event.position,
        "type": event.type.name,
        "headline": event.headline,
        "when": event.content.get("when"),
        "zone": event.zone,
        "bounds": timestamps(when.earliest, when.latest),
        "standing": event.standing,
        **_act(event.record),
        "sources": list(citations_of(event)),
    }


def merge_json(record: Record) -> MergeJson:
    """The amendment by which several slugs mean one entity."""
    return {
        "id": record.id,
        "position": record.position,
        "entities": record.content["entities"],
        "as": record.content.get("as") or record.content["entities"][0],
        "reason": record.content["reason"],
        **_act(record),
    }


def _act(record: Record) -> ActJson:
    """Who recorded it, and when."""
    return {
        "recorded_by": record.recorded_by,
        "recorded_at": temporal.format_instant(record.recorded_at),
    }


def _order(event: Event, history: History, order: Order) -> Iterator[OrderJson]:
    """What came before and after an event, according to its own links or to those of others."""
    said = set()
    own: SaidByJson = {}
    sides: tuple[Literal["after", "before"], ...] = ("after", "before")
    for side in sides:
        links: list[LinkJson] = event.content.get(side, [])
        for link in links:
            said.add((side, link["id"]))
            yield {"relation": side, **link, **own}
    component = order.component(event.id)
    for earlier, later, _ in component.links if component else ():
        if later == event.id and ("after", earlier) not in said:
            yield {"relation": "after", **_link(history[earlier], "before", later), "by": earlier}
        elif earlier == event.id and ("before", later) not in said:
            yield {"relation": "before", **_link(history[later], "after", earlier), "by": later}


def _link(event: Event, side: str, other: str) -> LinkJson:
    """The link from an event to another, seen from the other."""
    said: LinkJson = next(link for link in event.content[side] if link["id"] == other)
    return {**said, "id": event.id}


def _amendments(event: Event) -> Iterator[AmendmentJson]:
    """The amendments that name it, each with what it changed."""
    content = event.record.content
    for amendment in event.amendments:
        yield {
            "id": amendment.id,
            "type": amendment.type.name,
            "position": amendment.position,
            **_act(amendment),
            "reason": amendment.content.get("reason"),
            **_effect(amendment, content),
        }
        if amendment.type.name == "correction":
            content = corrected(content, amendment.content["changes"])


def _effect(amendment: Record, content: Content) -> EffectJson:
    """What an amendment changed of an event that had this content."""
    given, effect = amendment.content, EffectJson()
    match amendment.type.name:
        case "correction":
            effect["changes"] = {
                field: {"old": content.get(field), "new": new}
                for field, new in given["changes"].items()
            }
        case "conflict":
            effect["between"] = given["between"]
        case "resolution":
            effect["chosen"], effect["over"] = given["chosen"], given["over"]
    if "sources" in given:
        effect["sources"] = given["sources"]
    return effect
