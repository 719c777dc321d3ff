"""Events that had a place in time only beside others, which count no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from timeline.history.history import Event, History
from timeline.projections.checks.check_context import (
    WHEN,
    WHY,
    CheckContext,
    OneAccountJson,
    account,
    command,
    finding,
    named,
)
from timeline.projections.checks.fix_suggestions import SIDES, ordered
from timeline.projections.contradictions import FindingJson
from timeline.records.record import Record
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT


class LostOrder(FindingJson):
    """An event had a place in time only beside events that no longer count."""

    kind: Literal["lost-order"]
    account: OneAccountJson


def lost_orders(ground: CheckContext) -> Iterator[LostOrder]:
    """Events without a date, after and before nothing that still counts."""
    for event in ground.history.counting():
        if "when" in event.content:
            continue
        links = [
            (side, ground.history[link["id"]])
            for side in SIDES
            for link in event.content.get(side, ())
        ]
        if any(each.counts for _, each in links):
            continue
        yield _lost_order(event, links, ground)


def _lost_order(event: Event, links: list[tuple[str, Event]], ground: CheckContext) -> LostOrder:
    why = {each.id: _against(each) for _, each in links}
    told = " and ".join(f"{side} {named(each)}, {_said(why[each.id])}" for side, each in links)
    span = ground.order.span(event)
    anywhere = (span.earliest, span.latest) == (MIN_INSTANT, MAX_INSTANT)
    changes = list(_on_what_was_chosen(event, ground)) or [f"when={WHEN}"]
    return {
        "kind": "lost-order",
        **finding(
            f"{named(event)} has no date, only its place {told}; that counts no more"
            + (", so it may have happened at any time" if anywhere else ""),
            [event.id, *why, *dict.fromkeys(each.id for each in why.values())],
            command("correct", event.id, *changes, "--reason", WHY),
        ),
        "account": account(event),
    }


def _against(event: Event) -> Record:
    """The amendment for which an event counts no more."""
    if event.stands:
        assert event.dissent is not None
        return event.dissent
    retractions = (each for each in event.amendments if each.type.name == "retraction")
    return list(retractions)[-1]


def _said(against: Record) -> str:
    reason = against.content.get("reason")
    why = f": “{reason}”" if reason else ""
    if against.type.name == "retraction":
        return f"which was retracted{why}"
    return f"which was decided against, in favour of {against.content['chosen']}{why}"


def _on_what_was_chosen(event: Event, ground: CheckContext) -> Iterator[str]:
    """The changes that put an event beside the accounts chosen instead."""
    for side in SIDES:
        links = event.content.get(side, ())
        instead = [_chosen_instead(link["id"], ground.history) for link in links]
        if any(each and _has_room(event, side, each, ground) for each in instead):
            yield ordered(
                side,
                [
                    {**link, "id": each.id}
                    if each and _has_room(event, side, each, ground)
                    else link
                    for link, each in zip(links, instead, strict=True)
                ],
            )


def _chosen_instead(id: str, history: History) -> Event | None:
    """The account that was chosen over another, or over the one chosen then, and counts."""
    seen: set[str] = set()
    while id not in seen:
        seen.add(id)
        event = history[id]
        if event.counts:
            return event
        if not event.stands or event.dissent is None:
            return None
        id = event.dissent.content["chosen"]
    return None


def _has_room(event: Event, side: str, beside: Event, ground: CheckContext) -> bool:
    """Whether an event can be after, or before, another."""
    pair = (beside.id, event.id) if side == "after" else (event.id, beside.id)
    return event.id != beside.id and ground.order.relation(*pair) != "no"
