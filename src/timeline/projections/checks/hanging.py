"""Happenings that had a place in time only beside others, which count no more."""

from __future__ import annotations

from collections.abc import Iterator

from timeline.events.record import Record
from timeline.history import Happening, History
from timeline.projections.answer import Answer
from timeline.projections.checks.ground import WHEN, WHY, Ground, account, command, named
from timeline.projections.checks.mending import SIDES, ordered
from timeline.projections.findings import finding
from timeline.span import DAWN, DUSK


def lost_orders(ground: Ground) -> Iterator[Answer]:
    """Happenings without a date, after and before nothing that still counts."""
    for happening in ground.history.counting():
        if "when" in happening.content:
            continue
        links = [
            (side, ground.history[link["id"]])
            for side in SIDES
            for link in happening.content.get(side, ())
        ]
        if any(each.counts for _, each in links):
            continue
        yield _lost_order(happening, links, ground)


def _lost_order(happening: Happening, links: list[tuple[str, Happening]], ground: Ground) -> Answer:
    why = {each.id: _against(each) for _, each in links}
    told = " and ".join(f"{side} {named(each)}, {_said(why[each.id])}" for side, each in links)
    span = ground.order.span(happening)
    anywhere = (span.earliest, span.latest) == (DAWN, DUSK)
    changes = list(_on_what_was_chosen(happening, ground)) or [f"when={WHEN}"]
    return finding(
        "lost-order",
        f"{named(happening)} has no date, only its place {told}; that counts no more"
        + (", so it may have happened at any time" if anywhere else ""),
        [happening.id, *why, *dict.fromkeys(each.id for each in why.values())],
        command("correct", happening.id, *changes, "--reason", WHY),
        account=account(happening),
    )


def _against(happening: Happening) -> Record:
    """The amendment for which a happening counts no more."""
    if happening.stands:
        assert happening.dissent is not None
        return happening.dissent
    retractions = (each for each in happening.amendments if each.type.name == "retraction")
    return list(retractions)[-1]


def _said(against: Record) -> str:
    reason = against.content.get("reason")
    why = f": “{reason}”" if reason else ""
    if against.type.name == "retraction":
        return f"which was retracted{why}"
    return f"which was decided against, in favour of {against.content['chosen']}{why}"


def _on_what_was_chosen(happening: Happening, ground: Ground) -> Iterator[str]:
    """The changes that put a happening beside the accounts chosen instead."""
    for side in SIDES:
        links = happening.content.get(side, ())
        instead = [_chosen_instead(link["id"], ground.history) for link in links]
        if any(each and _has_room(happening, side, each, ground) for each in instead):
            yield ordered(
                side,
                [
                    {**link, "id": each.id}
                    if each and _has_room(happening, side, each, ground)
                    else link
                    for link, each in zip(links, instead, strict=True)
                ],
            )


def _chosen_instead(id: str, history: History) -> Happening | None:
    """The account that was chosen over another, or over the one chosen then, and counts."""
    seen: set[str] = set()
    while id not in seen:
        seen.add(id)
        happening = history[id]
        if happening.counts:
            return happening
        if not happening.stands or happening.dissent is None:
            return None
        id = happening.dissent.content["chosen"]
    return None


def _has_room(happening: Happening, side: str, beside: Happening, ground: Ground) -> bool:
    """Whether a happening can be after, or before, another."""
    pair = (beside.id, happening.id) if side == "after" else (happening.id, beside.id)
    return happening.id != beside.id and ground.order.relation(*pair) != "no"
