"""Statements that cannot be quite so: ends without beginnings, and what outlives its house."""

from __future__ import annotations

from collections.abc import Iterator

from timeline.acts import Statement, acts_of
from timeline.history import Happening
from timeline.judgement import Held
from timeline.projections.answer import Answer, rank, statement_json
from timeline.projections.checks.ground import (
    SOURCE,
    WHEN,
    WHY,
    Ground,
    account,
    command,
    dated,
    named,
)
from timeline.projections.findings import finding


def departures_without_arrival(ground: Ground) -> Iterator[Answer]:
    """Ends of which nobody has recorded the beginning."""
    for happening in ground.history.counting():
        for statement in ground.worlds.without_beginning(happening):
            yield finding(
                "departure-without-arrival",
                f"{named(happening)} ends “{said(statement)}”, "
                "and nobody has recorded that this began",
                [happening.id],
                _beginning_of(statement, happening),
                statement=statement_json(statement),
                account=account(happening),
            )


def members_of_dissolved(ground: Ground) -> Iterator[Answer]:
    """Statements that hold of an organisation that was surely dissolved, and not founded anew."""
    founded: dict[str, list[Happening]] = {}
    dissolutions: dict[str, Happening] = {}
    for happening in ground.history.counting():
        if happening.type.name == "founded":
            founded.setdefault(happening.content["organisation"], []).append(happening)
        when = ground.order.span(happening) if _dissolved(happening) else None
        if when is not None and when.surely_before(ground.at) and not happening.doubtful:
            for organisation in _dissolved(happening):
                known = dissolutions.get(organisation)
                if known is None or ground.order.span(known).first() < when.first():
                    dissolutions[organisation] = happening
    for organisation, dissolution in dissolutions.items():
        anew = founded.get(organisation, ())
        if any(ground.order.relation(each.id, dissolution.id) != "certain" for each in anew):
            continue
        held = ground.worlds.about(organisation, ground.at)
        for each in sorted(held, key=lambda each: rank(each.statement)):
            yield _outlives(each, organisation, dissolution)


def _outlives(held: Held, organisation: str, dissolution: Happening) -> Answer:
    begin = held.because[0]
    holds = "still holds" if held.certainty == "certain" else "may still hold"
    told = " and ".join(f"{named(each)}, dated {dated(each)}" for each in held.because)
    return finding(
        "member-of-dissolved",
        f"“{said(held.statement)}” {holds}, by {told}, though {organisation} was dissolved: "
        f"{named(dissolution)}, dated {dated(dissolution)}",
        [*(each.id for each in held.because), dissolution.id],
        command("correct", begin.id, f"when={WHEN}", "--reason", WHY),
        alternative=_end_of(held.statement, begin),
        statement=statement_json(held.statement),
        account=account(dissolution),
    )


def _dissolved(happening: Happening) -> set[str]:
    """Of what a happening ends everything."""
    if not happening.type.effects or happening.type.begins:
        return set()
    acts = acts_of(happening)
    patterns = acts.closes if acts else ()
    return {each.subject for each in patterns if each.subject is not None and not each.property}


def said(statement: Statement) -> str:
    """A statement in a sentence."""
    parts = f"{statement.subject} {statement.property} {statement.value}"
    qualifiers = ", ".join(f"{name}: {text}" for name, text in statement.qualifiers)
    return f"{parts} ({qualifiers})" if qualifiers else parts


def _beginning_of(statement: Statement, end: Happening) -> str:
    """The command that records how a statement began, at some time before its end."""
    type = {"member-of": "joined", "released-by": "released"}.get(statement.property, "began")
    rest = ["--before", _link(end.id), "--source", SOURCE]
    return _append(type, statement, end.record.story, rest)


def _end_of(statement: Statement, begin: Happening) -> str:
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
