"""Findings about events told twice, told too early, or that the dates of others rule out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from timeline.certainty.effects import Effects, effects_of
from timeline.history.event import Event
from timeline.projections.checks.check_context import (
    CheckContext,
    OneAccountJson,
    account,
    dated,
)
from timeline.projections.checks.commands import beginning_of, end_of
from timeline.projections.finding import (
    SOURCE,
    WHEN,
    WHY,
    FindingJson,
    command,
    finding,
    named,
    options,
)
from timeline.temporal.instant_bounds import InstantBounds

# What happens once, unless something came in between.
_ONCE = ("founded", "dissolved", "joined", "departed", "appointed", "merged")


class RivalDates(FindingJson):
    """Two records of the same that date it apart, with nothing in between."""

    kind: Literal["rival-dates"]
    accounts: list[OneAccountJson]


class Duplicate(FindingJson):
    """Two records of the same whose dates overlap."""

    kind: Literal["duplicate"]
    accounts: list[OneAccountJson]


class RuledOut(FindingJson):
    """An account, or a disputed event, that is so in no world."""

    kind: Literal["ruled-out"]
    account: OneAccountJson


class BeforeFounding(FindingJson):
    """A statement that begins before its organisation was founded."""

    kind: Literal["before-founding"]
    accounts: list[OneAccountJson]


def rival_dates(context: CheckContext) -> Iterator[RivalDates]:
    """Events that are recorded twice with dates apart, and nothing that came in between."""
    for (when, one), (later, other) in _told_twice(context):
        if when.latest <= later.earliest and not _anything_between(one, other, context):
            yield {
                "kind": "rival-dates",
                **finding(
                    f"{named(one)} is dated {dated(one)}, and {named(other)}, which tells the "
                    f"same, {dated(other)}; nothing is recorded in between",
                    [one.id, other.id],
                    command("conflict", one.id, other.id, "--reason", WHY),
                    alternative=_in_between(one),
                ),
                "accounts": [account(one), account(other)],
            }


def duplicates(context: CheckContext) -> Iterator[Duplicate]:
    """Events that are recorded twice with dates that overlap."""
    for (when, one), (later, other) in _told_twice(context):
        if when.latest > later.earliest:
            first, second = sorted((one, other), key=lambda each: each.position)
            yield {
                "kind": "duplicate",
                **finding(
                    f"{named(first)} and {named(second)} tell the same: as accounts of one event "
                    "they count once, with the sources of both",
                    [first.id, second.id],
                    command("conflict", first.id, second.id, "--reason", WHY),
                    alternative=command("retract", second.id, "--reason", WHY),
                ),
                "accounts": [account(first), account(second)],
            }


_Dated = tuple[InstantBounds, Event]


def _told_twice(context: CheckContext) -> Iterator[tuple[_Dated, _Dated]]:
    """Neighbours in time that are equal but for their dates, and that no amendment joins."""
    alike: dict[object, list[_Dated]] = defaultdict(list)
    for event in context.history.counting():
        if event.type.name in _ONCE:
            content = event.content
            own = [(name, str(content[name])) for name in event.type.fields if name in content]
            qualifiers = sorted(content.get("qualifiers", {}).items())
            key = event.type.name, tuple(own), tuple(qualifiers)
            alike[key].append((context.order.span(event), event))
    for several in alike.values():
        several.sort(key=lambda pair: pair[0])
        for one, other in pairwise(several):
            if other[1].id not in context.history.accounts(one[1].id):
                yield one, other


def _anything_between(one: Event, other: Event, context: CheckContext) -> bool:
    """Whether something certainly came between two equal events, and undid the first."""
    effects = effects_of(one)
    assert effects is not None
    return any(
        each.id not in (one.id, other.id)
        and context.order.relation(one.id, each.id) == "certain"
        and context.order.relation(each.id, other.id) == "certain"
        for each in _undoing(effects, context)
    )


def _undoing(effects: Effects, context: CheckContext) -> Iterator[Effects]:
    """What ends what an event begins, or begins what it ends."""
    lookup = context.order.effects
    for statement in effects.opens:
        yield from (each.effects for each in lookup.closings_of(statement))
    for closing in effects.closes:
        for statement in lookup.fitting(closing):
            yield from lookup.openings(statement)
        if closing.property is None and closing.subject is not None:
            yield from lookup.foundings(closing.subject)
    for organisation in effects.founds:
        yield from (each.effects for each in lookup.closings_of_all(organisation))


def _in_between(event: Event) -> str | None:
    """The command that records what came in between, so that it happened twice."""
    effects = effects_of(event)
    assert effects is not None
    if event.type.name in ("founded", "dissolved"):
        other = "dissolved" if event.type.name == "founded" else "founded"
        given = ["--story", event.record.story, "--organisation", event.content["organisation"]]
        return command("append", other, *given, "--when", WHEN, "--source", SOURCE)
    if effects.opens:
        return end_of(effects.opens[0], event)
    spoken = [each.explicit for each in effects.closes if each.explicit is not None]
    return beginning_of(spoken[0], event) if spoken else None


def ruled_out(context: CheckContext) -> Iterator[RuledOut]:
    """Accounts and disputed events that the dates and links of others rule out."""
    for component in context.order.components():
        for id in sorted(component.ruled_out):
            event = context.history[id]
            others = context.order.events(component.what_rules_out(id) - {id})
            because = " and ".join(map(named, others))
            settle = command("retract", id, "--reason", WHY)
            left = [each for each in event.rivals if each not in component.ruled_out]
            if left:
                settle = command("resolve", left[0], *options("--over", [id]), "--reason", WHY)
            yield {
                "kind": "ruled-out",
                **finding(
                    f"{named(event)} can be so in no way in which the dates can fall"
                    + (f", given {because}" if others else ""),
                    [id, *(each.id for each in others)],
                    settle,
                    alternative=command("correct", id, f"when={WHEN}", "--reason", WHY),
                ),
                "account": account(event),
            }


def before_founding(context: CheckContext) -> Iterator[BeforeFounding]:
    """Statements that begin before an organisation that they are about was founded."""
    order = context.order
    for event in context.history.counting():
        effects = effects_of(event)
        if effects is None or not effects.opens:
            continue
        entities = {each for statement in effects.opens for each in statement.entities()}
        for organisation in sorted(entities, key=str):
            foundings = [
                context.history[each.id]
                for each in order.effects.foundings(organisation)
                if order.may_have_happened(each.id)
            ]
            spans = [order.span(each) for each in foundings]
            if spans and order.span(event).latest <= min(each.earliest for each in spans):
                founding = foundings[0]
                yield {
                    "kind": "before-founding",
                    **finding(
                        f"{named(event)}, dated {dated(event)}, comes before {organisation} was "
                        f"founded: {named(founding)}, dated {dated(founding)}",
                        [event.id, founding.id],
                        command("correct", event.id, f"when={WHEN}", "--reason", WHY),
                        alternative=command(
                            "correct", founding.id, f"when={WHEN}", "--reason", WHY
                        ),
                    ),
                    "accounts": [account(event), account(founding)],
                }
