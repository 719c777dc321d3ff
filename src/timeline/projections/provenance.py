"""Where an event comes from: its sources, who recorded it, and how it was amended."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from timeline import temporal
from timeline.certainty.order import Order
from timeline.history.event import Event, Standing, corrected
from timeline.history.history import History
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
    during: NotRequired[list[LinkJson]]
    publishers: list[str]


Relation = Literal["after", "before", "during", "spanning"]
"""How an event lies to another in time."""

_CONVERSE: Mapping[str, Relation] = {"after": "before", "before": "after", "during": "spanning"}


class SaidByJson(TypedDict, total=False):
    """Why an order is known, where the event does not say so itself."""

    by: str
    """The other event, if that says so."""
    presupposed: Literal[True]
    """Neither says so, but whatever ends had begun before."""


class OrderJson(LinkJson, SaidByJson):
    """The order of an event relative to another."""

    relation: Relation


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
    agrees: RecordIds
    by_its_author: Literal[True]
    """Whoever recorded the event confirmed it."""
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
    agreeing: list[ShortAccountJson]
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
    confirmations, and of the accounts `agreeing`. `rivals` are other accounts that may be true
    instead, `dissent` those over which this one was chosen; `decided_against` says which one
    was chosen over this.
    """
    beside = other_accounts([event], history)
    return {
        **short_account(event, order),
        "order": list(_order(event, history, order)),
        "amendments": list(_amendments(event)),
        "agreeing": [short_account(each, order) for each in event.agreeing],
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
    sides: tuple[Relation, ...] = ("after", "before", "during")
    for side in sides:
        links: list[LinkJson] = event.content.get(side, [])
        for link in links:
            said.add((side, link["id"]))
            yield {"relation": side, **link, **own}
    component = order.component(event.id)
    accounts = order.accounts([event.id])
    for id, named, others in component.links if component else ():
        seen = _CONVERSE[named.side]
        if event.id in others and (seen, id) not in said:
            said.add((seen, id))
            yield {"relation": seen, **_link(history[id], named.side, accounts), **_said(id)}
    known: SaidByJson = {"presupposed": True}
    for begin, end in component.presupposed if component else ():
        other: LinkJson = {"id": begin if event.id == end else end}
        if ("after", begin) in said or ("before", end) in said:
            continue
        if event.id == end:
            yield {"relation": "after", **other, **known}
        elif event.id == begin:
            yield {"relation": "before", **other, **known}


def _said(by: str) -> SaidByJson:
    return {"by": by}


def _link(event: Event, side: str, others: Collection[str]) -> LinkJson:
    """The link from an event to one of the accounts of another, seen from the other."""
    of_side = (link for name, link in event.links if name == side and link["id"] in others)
    said = next(of_side)
    return {"id": event.id, "within": said["within"]} if "within" in said else {"id": event.id}


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
            **_effect(amendment, content, event.record.recorded_by),
        }
        if amendment.type.name == "correction":
            content = corrected(content, amendment.content["changes"])


def _effect(amendment: Record, content: Content, author: str | None) -> EffectJson:
    """What an amendment changed of an event that had this content, recorded by `author`."""
    given, effect = amendment.content, EffectJson()
    match amendment.type.name:
        case "correction":
            effect["changes"] = {
                field: {"old": content.get(field), "new": new}
                for field, new in given["changes"].items()
            }
        case "confirmation" if author is not None and amendment.recorded_by == author:
            effect["by_its_author"] = True
        case "conflict":
            effect["between"] = given["between"]
        case "resolution":
            effect["chosen"] = given["chosen"]
            if "over" in given:
                effect["over"] = given["over"]
            if "agrees" in given:
                effect["agrees"] = given["agrees"]
    if "sources" in given:
        effect["sources"] = given["sources"]
    return effect
