"""Accounts that contradict one another, are doubted, or were changed again and again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from timeline.history.history import Event, History
from timeline.projections.checks.check_context import (
    CHOSEN,
    OTHER,
    WHY,
    CheckContext,
    OneAccountJson,
    ReasonJson,
    account,
    command,
    finding,
    named,
    options,
)
from timeline.projections.contradictions import ContradictoryDates, FindingJson, all_contradictions
from timeline.projections.sources import independent_sources
from timeline.records.record import Record

# So many corrections of one event are worth a second look.
OFTEN = 3


class UnresolvedConflict(FindingJson):
    """Rival accounts, none of which was chosen."""

    kind: Literal["unresolved-conflict"]
    accounts: list[OneAccountJson]
    reasons: list[ReasonJson]


class ChosenRetracted(FindingJson):
    """The account that was chosen is retracted, so that none is left."""

    kind: Literal["chosen-retracted"]
    accounts: list[OneAccountJson]


class DisputedEvent(FindingJson):
    """An event is disputed, and nothing has come of it."""

    kind: Literal["disputed"]
    account: OneAccountJson
    reasons: list[ReasonJson]


class CorrectedOften(FindingJson):
    """An event was corrected again and again, and not confirmed since."""

    kind: Literal["corrected-often"]
    account: OneAccountJson
    reasons: list[ReasonJson]


def contradictory_dates(ground: CheckContext) -> Iterator[ContradictoryDates]:
    """Dates and order of which no world can have all."""
    yield from all_contradictions(ground.order)


def unresolved_conflicts(ground: CheckContext) -> Iterator[UnresolvedConflict]:
    """Rival accounts of one thing, none of which was chosen."""
    seen: set[str] = set()
    for event in ground.history.counting():
        if not event.rivals or event.id in seen:
            continue
        rivals = [event, *(ground.history[id] for id in event.rivals)]
        seen.update(each.id for each in rivals)
        yield _conflict(rivals)


def _conflict(rivals: list[Event]) -> UnresolvedConflict:
    best, *others = sorted(rivals, key=_weight, reverse=True)
    told = "; ".join(map(named, rivals))
    conflicts = {
        each.id: each
        for rival in rivals
        for each in rival.amendments
        if each.type.name == "conflict"
    }
    choice = best.id, *options("--over", (each.id for each in others))
    if _support(best) == _support(others[0]):
        # Nothing tells them apart, so it is not for us to put one forward.
        choice = CHOSEN, "--over", OTHER
    return {
        "kind": "unresolved-conflict",
        **finding(
            f"only one of these is so, and nobody has chosen: {told}",
            [*(each.id for each in rivals), *conflicts],
            command("resolve", *choice, "--reason", WHY),
        ),
        "accounts": [account(each) for each in rivals],
        "reasons": [_said(each) for each in conflicts.values()],
    }


def _weight(event: Event) -> tuple[int, int, int]:
    """How well supported an account is; of those alike, the first comes first."""
    return *_support(event), -event.position


def _support(event: Event) -> tuple[int, int]:
    """How well supported an account is: by its standing, then by its sources."""
    standing = ("disputed", "reported", "confirmed").index(event.standing)
    return standing, independent_sources([event])


def chosen_retracted(ground: CheckContext) -> Iterator[ChosenRetracted]:
    """Accounts that were chosen over others and then withdrawn, so that none is left."""
    seen: set[str] = set()
    for event in ground.history.standing():
        resolution = event.dissent
        if resolution is None or resolution.id in seen:
            continue
        seen.add(resolution.id)
        chosen = ground.history[resolution.content["chosen"]]
        accounts = _accounts(chosen, ground.history)
        if chosen.stands or any(each.counts for each in accounts):
            continue
        left = [each for each in accounts if each.stands and each.dissent == resolution]
        left.sort(key=lambda each: each.position)
        best = max(left, key=_weight)
        told = " and ".join(map(named, left))
        yield {
            "kind": "chosen-retracted",
            **finding(
                f"{named(chosen)} was chosen over {told} and has been retracted since: "
                "none of them counts now",
                [chosen.id, *(each.id for each in left), resolution.id],
                command("resolve", best.id, "--over", chosen.id, "--reason", WHY),
                alternative=command("restore", chosen.id, "--reason", WHY),
            ),
            "accounts": [account(each) for each in (chosen, *left)],
        }


def _accounts(event: Event, history: History) -> list[Event]:
    """All that were ever said to be accounts of the same thing, or chosen among."""
    found, waiting = {event.id: event}, [event]
    while waiting:
        for amendment in waiting.pop().amendments:
            if amendment.type.name in ("conflict", "resolution"):
                new = [history[id] for id in amendment.amends if id not in found]
                found.update((each.id, each) for each in new)
                waiting.extend(new)
    return list(found.values())


def disputed(ground: CheckContext) -> Iterator[DisputedEvent]:
    """Events that somebody disputed, and nobody has confirmed or withdrawn since."""
    for event in ground.history.counting():
        if event.standing != "disputed":
            continue
        dispute = next(each for each in reversed(event.amendments) if each.type.name == "dispute")
        by = dispute.recorded_by or "somebody"
        reason = dispute.content.get("reason")
        why = f": “{reason}”" if reason else ""
        yield {
            "kind": "disputed",
            **finding(
                f"{named(event)} was disputed by {by}{why}, and nothing has come of it",
                [event.id, dispute.id],
                command("confirm", event.id, "--reason", WHY),
                alternative=command("retract", event.id, "--reason", WHY),
            ),
            "account": account(event),
            "reasons": [_said(dispute)],
        }


def corrected_often(ground: CheckContext) -> Iterator[CorrectedOften]:
    """Events that were corrected three times or more, and not confirmed as they read now."""
    for event in ground.history.counting():
        if len(event.amendments) < OFTEN:
            continue
        kinds = [each.type.name for each in event.amendments]
        corrections = [each for each in event.amendments if each.type.name == "correction"]
        confirmed = "confirmation" in kinds[_last(kinds, "correction") :]
        if len(corrections) < OFTEN or confirmed:
            continue
        yield {
            "kind": "corrected-often",
            **finding(
                f"{named(event)} was corrected {len(corrections)} times, "
                "and nobody has confirmed it as it reads now",
                [event.id, *(each.id for each in corrections)],
                command("confirm", event.id, "--reason", WHY),
            ),
            "account": account(event),
            "reasons": [_said(each) for each in corrections],
        }


def _last(kinds: list[str], kind: str) -> int:
    return max((number for number, each in enumerate(kinds) if each == kind), default=0)


def _said(amendment: Record) -> ReasonJson:
    """What somebody gave as a reason."""
    return {
        "id": amendment.id,
        "recorded_by": amendment.recorded_by,
        "reason": amendment.content.get("reason"),
    }
