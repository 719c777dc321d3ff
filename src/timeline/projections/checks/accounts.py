"""Decisions that are missing, void or contradictory, and events that need another look."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from timeline.history.event import Event
from timeline.projections.accounts import CitationJson, citations_of, independent_sources
from timeline.projections.checks.check_context import (
    CheckContext,
    OneAccountJson,
    ReasonJson,
    account,
    quoted_reason,
    reason_json,
)
from timeline.projections.contradictions import ContradictoryDates, all_contradictions
from timeline.projections.finding import (
    CHOSEN,
    OTHER,
    SOURCE,
    WHY,
    FindingJson,
    command,
    finding,
    named,
    options,
)
from timeline.projections.statement import STANDINGS

# The number of corrections from which an event is worth a second look.
OFTEN = 3

# The keys of a citation that lead to the place where it says so.
_LEADS = ("url", "quote", "locator")


class UnresolvedConflict(FindingJson):
    """Rival accounts, none of which has been chosen."""

    kind: Literal["unresolved-conflict"]
    accounts: list[OneAccountJson]
    reasons: list[ReasonJson]


class ChosenRetracted(FindingJson):
    """The chosen account is retracted, so none is left."""

    kind: Literal["chosen-retracted"]
    accounts: list[OneAccountJson]


class StillOne(FindingJson):
    """Entities that were recorded as different, but are still merged through others."""

    kind: Literal["still-one"]
    story: str
    entities: list[str]


class DisputedEvent(FindingJson):
    """An event is disputed, and neither a resolution nor a retraction has settled that."""

    kind: Literal["disputed"]
    account: OneAccountJson
    reasons: list[ReasonJson]


class CorrectedOften(FindingJson):
    """An event was corrected several times, and has not been confirmed since."""

    kind: Literal["corrected-often"]
    account: OneAccountJson
    reasons: list[ReasonJson]


class Unsourced(FindingJson):
    """Citations that only name a source, without a way to look it up."""

    kind: Literal["unsourced"]
    sources: list[CitationJson]


def contradictory_dates(context: CheckContext) -> Iterator[ContradictoryDates]:
    """Dates and links that cannot all be true."""
    yield from all_contradictions(context.order)


def unresolved_conflicts(context: CheckContext) -> Iterator[UnresolvedConflict]:
    """Rival accounts of one event, none of which has been chosen."""
    seen: set[str] = set()
    for event in context.history.counting():
        if not event.rivals or event.id in seen:
            continue
        rivals = [event, *(context.history[id] for id in event.rivals)]
        seen.update(each.id for each in rivals)
        yield _conflict(rivals)


def _conflict(rivals: list[Event]) -> UnresolvedConflict:
    best, *others = sorted(rivals, key=_weight, reverse=True)
    conflicts = {
        each.id: each
        for rival in rivals
        for each in rival.amendments
        if each.type.name == "conflict"
    }
    choice = best.id, *options("--over", (each.id for each in others))
    if _support(best) == _support(others[0]):
        # They are equally well supported, so none is suggested.
        choice = CHOSEN, "--over", OTHER
    return {
        "kind": "unresolved-conflict",
        **finding(
            "only one of these accounts can be true, and none has been chosen: "
            + "; ".join(map(named, rivals)),
            [*(each.id for each in rivals), *conflicts],
            command("resolve", *choice, "--reason", WHY),
        ),
        "accounts": [account(each) for each in rivals],
        "reasons": [reason_json(each) for each in conflicts.values()],
    }


def _weight(event: Event) -> tuple[int, int, int]:
    """Sorts accounts by support; of equals, the first recorded wins."""
    return *_support(event), -event.position


def _support(event: Event) -> tuple[int, int]:
    """How well supported an account is: by its standing, then by its sources."""
    return STANDINGS.index(event.standing), independent_sources([event])


def chosen_retracted(context: CheckContext) -> Iterator[ChosenRetracted]:
    """Accounts that were chosen over others and then retracted, so that none is left."""
    seen: set[str] = set()
    for event in context.history.standing():
        resolution = event.dissent
        if resolution is None or resolution.id in seen:
            continue
        seen.add(resolution.id)
        chosen = context.history[resolution.content["chosen"]]
        accounts = [context.history[id] for id in context.history.accounts(chosen.id)]
        if chosen.stands or any(each.counts for each in accounts):
            continue
        left = [each for each in accounts if each.stands and each.dissent == resolution]
        left.sort(key=lambda each: each.position)
        best = max(left, key=_weight)
        overruled = " and ".join(map(named, left))
        yield {
            "kind": "chosen-retracted",
            **finding(
                f"{named(chosen)} was chosen over {overruled} and has been retracted since: "
                "none of them counts now",
                [chosen.id, *(each.id for each in left), resolution.id],
                command("resolve", best.id, "--over", chosen.id, "--reason", WHY),
                alternative=command("restore", chosen.id, "--reason", WHY),
            ),
            "accounts": [account(each) for each in (chosen, *left)],
        }


def still_one(context: CheckContext) -> Iterator[StillOne]:
    """Entities that were recorded as different, and that other merges still join."""
    names = context.history.names
    for record, way in names.still_one():
        joining = {pair: names.joining(*pair) for pair in pairwise(way)}
        merges = {each.id: each for found in joining.values() for each in found}
        # The latest merge is the likeliest to be wrong.
        last = max(joining, key=lambda pair: joining[pair][-1].position)
        one, *between, other = way
        yield {
            "kind": "still-one",
            **finding(
                f"{one} and {other} were recorded as different "
                f"({record.id}{quoted_reason(record)}), "
                f"but are still merged through {' and '.join(between)}",
                [record.id, *sorted(merges, key=lambda id: merges[id].position)],
                command(
                    *("append", "not-same-entity", "--story", record.story),
                    *options("--entities", last),
                    *("--reason", WHY),
                ),
            ),
            "story": record.story,
            "entities": way,
        }


def disputed(context: CheckContext) -> Iterator[DisputedEvent]:
    """Events that are disputed, which nobody has settled."""
    for event in context.history.counting():
        if event.standing not in ("disputed", "contested") or event.rivals:
            continue
        disputes = (
            amendment
            for each in event.accounts
            for amendment in each.amendments
            if amendment.type.name == "dispute"
        )
        dispute = max(disputes, key=lambda each: each.position)
        by = f" by {dispute.recorded_by}" if dispute.recorded_by else ""
        also = "it is confirmed as well, but " if event.standing == "contested" else ""
        yield {
            "kind": "disputed",
            **finding(
                f"{named(event)} was disputed{by}{quoted_reason(dispute)}; "
                f"{also}nobody has settled whether it is so",
                [event.id, dispute.id],
                command("resolve", event.id, "--reason", WHY),
                alternative=command("retract", event.id, "--reason", WHY),
            ),
            "account": account(event),
            "reasons": [reason_json(dispute)],
        }


def corrected_often(context: CheckContext) -> Iterator[CorrectedOften]:
    """Events that were corrected three times or more, and not confirmed since."""
    for event in context.history.counting():
        corrections = [each for each in event.amendments if each.type.name == "correction"]
        if len(corrections) < OFTEN:
            continue
        if any(
            each.type.name == "confirmation" and each.position > corrections[-1].position
            for each in event.amendments
        ):
            continue
        yield {
            "kind": "corrected-often",
            **finding(
                f"{named(event)} was corrected {len(corrections)} times, "
                "and has not been confirmed since",
                [event.id, *(each.id for each in corrections)],
                command("confirm", event.id, "--reason", WHY),
            ),
            "account": account(event),
            "reasons": [reason_json(each) for each in corrections],
        }


def unsourced(context: CheckContext) -> Iterator[Unsourced]:
    """Events whose citations have no address, no quote and no page or other place."""
    for event in context.history.counting():
        citations = list(citations_of(event))
        if any(lead in citation for citation in citations for lead in _LEADS):
            continue
        names = (each.get("title") or each.get("publisher", "") for each in citations)
        yield {
            "kind": "unsourced",
            **finding(
                f"{named(event)} rests on {' and '.join(names)} alone, "
                "without an address, a quote or a page that could be looked up",
                [event.id],
                command("confirm", event.id, "--source", SOURCE, "--reason", WHY),
            ),
            "sources": citations,
        }
