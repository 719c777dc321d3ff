"""Statements that cannot be quite so: ends without beginnings, and what outlives its house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from timeline.certainty.effects import Statement, effects_of
from timeline.certainty.evaluate import HeldStatement
from timeline.history.history import Event
from timeline.projections.checks.check_context import (
    SOURCE,
    WHEN,
    WHY,
    CheckContext,
    OneAccountJson,
    account,
    command,
    dated,
    finding,
    named,
)
from timeline.projections.contradictions import FindingJson
from timeline.projections.statement import StatementJson, rank, statement_json


class DepartureWithoutArrival(FindingJson):
    """An end whose beginning was never recorded."""

    kind: Literal["departure-without-arrival"]
    statement: StatementJson
    account: OneAccountJson


class MemberOfDissolved(FindingJson):
    """A statement holds of an organisation that was dissolved."""

    kind: Literal["member-of-dissolved"]
    statement: StatementJson
    account: OneAccountJson


def departures_without_arrival(ground: CheckContext) -> Iterator[DepartureWithoutArrival]:
    """Ends of which nobody has recorded the beginning."""
    for event in ground.history.counting():
        for statement in ground.worlds.without_beginning(event):
            yield {
                "kind": "departure-without-arrival",
                **finding(
                    f"{named(event)} ends “{said(statement)}”, "
                    "and nobody has recorded that this began",
                    [event.id],
                    _beginning_of(statement, event),
                ),
                "statement": statement_json(statement),
                "account": account(event),
            }


def members_of_dissolved(ground: CheckContext) -> Iterator[MemberOfDissolved]:
    """Statements that hold of an organisation that was surely dissolved, and not founded anew."""
    founded: dict[str, list[Event]] = {}
    dissolutions: dict[str, Event] = {}
    for event in ground.history.counting():
        if event.type.name == "founded":
            founded.setdefault(event.content["organisation"], []).append(event)
        when = ground.order.span(event) if _dissolved(event) else None
        if when is not None and when.surely_before(ground.at) and not event.doubtful:
            for organisation in _dissolved(event):
                known = dissolutions.get(organisation)
                if known is None or ground.order.span(known).first() < when.first():
                    dissolutions[organisation] = event
    for organisation, dissolution in dissolutions.items():
        anew = founded.get(organisation, ())
        if any(ground.order.relation(each.id, dissolution.id) != "certain" for each in anew):
            continue
        held = ground.worlds.about(organisation, ground.at)
        for each in sorted(held, key=lambda each: rank(each.statement)):
            yield _outlives(each, organisation, dissolution)


def _outlives(held: HeldStatement, organisation: str, dissolution: Event) -> MemberOfDissolved:
    begin = held.because[0]
    holds = "still holds" if held.certainty == "certain" else "may still hold"
    told = " and ".join(f"{named(each)}, dated {dated(each)}" for each in held.because)
    return {
        "kind": "member-of-dissolved",
        **finding(
            f"“{said(held.statement)}” {holds}, by {told}, though {organisation} was dissolved: "
            f"{named(dissolution)}, dated {dated(dissolution)}",
            [*(each.id for each in held.because), dissolution.id],
            command("correct", begin.id, f"when={WHEN}", "--reason", WHY),
            alternative=_end_of(held.statement, begin),
        ),
        "statement": statement_json(held.statement),
        "account": account(dissolution),
    }


def _dissolved(event: Event) -> set[str]:
    """Of what an event ends everything."""
    if not event.type.effects or event.type.begins:
        return set()
    acts = effects_of(event)
    patterns = acts.closes if acts else ()
    return {each.subject for each in patterns if each.subject is not None and not each.property}


def said(statement: Statement) -> str:
    """A statement in a sentence."""
    parts = f"{statement.subject} {statement.property} {statement.value}"
    qualifiers = ", ".join(f"{name}: {text}" for name, text in statement.qualifiers)
    return f"{parts} ({qualifiers})" if qualifiers else parts


def _beginning_of(statement: Statement, end: Event) -> str:
    """The command that records how a statement began, at some time before its end."""
    type = {"member-of": "joined", "released-by": "released"}.get(statement.property, "began")
    rest = ["--before", _link(end.id), "--source", SOURCE]
    return _append(type, statement, end.record.story, rest)


def _end_of(statement: Statement, begin: Event) -> str:
    """The command that records how a statement ended."""
    type = {"member-of": "departed", "released-by": "withdrawn"}.get(statement.property, "ended")
    return _append(type, statement, begin.record.story, ["--when", WHEN, "--source", SOURCE])


def _append(type: str, statement: Statement, story: str, rest: list[str]) -> str:
    value = str(statement.value)
    match type:
        case "joined" | "departed":
            own = ["--person", statement.subject, "--organisation", value]
        case "released" | "withdrawn":
            own = ["--product", statement.subject, "--organisation", value]
        case _:
            own = ["--subject", statement.subject]
            own += ["--property", statement.property, "--value", value]
    for name, text in statement.qualifiers:
        field = name == "role" and type in ("joined", "departed")
        own += [f"--{name}", text] if field else ["--qualifier", f"{name}={text}"]
    return command("append", type, "--story", story, *own, *rest)


def _link(id: str) -> str:
    """An id as `--before` takes it: one that has a `=` itself has one more at its end."""
    return f"{id}=" if "=" in id else id
