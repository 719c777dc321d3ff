"""Statements that lack a beginning, an end, a decision between values, or a second source."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Literal

from typing_extensions import TypedDict

from timeline.certainty.effects import Statement, Value, effects_of
from timeline.certainty.evaluate import Certainty, HeldStatement
from timeline.certainty.order import Order
from timeline.history.event import Event
from timeline.projections.accounts import citations_of, publishers_of
from timeline.projections.attestation import corroborating_sources
from timeline.projections.checks.check_context import (
    CheckContext,
    OneAccountJson,
    account,
    dated,
)
from timeline.projections.checks.commands import beginning_of, end_of
from timeline.projections.contradictions import link_change
from timeline.projections.finding import (
    SOURCE,
    WHEN,
    WHY,
    FindingJson,
    command,
    finding,
    named,
)
from timeline.projections.statement import StatementJson, rank, statement_json
from timeline.records import numbers


class DepartureWithoutArrival(FindingJson):
    """An end without a recorded beginning."""

    kind: Literal["departure-without-arrival"]
    statement: StatementJson
    account: OneAccountJson


class MemberOfDissolved(FindingJson):
    """A statement holds about an organisation that was dissolved."""

    kind: Literal["member-of-dissolved"]
    statement: StatementJson
    account: OneAccountJson


class PublishedAccountJson(OneAccountJson):
    """An account, with who published it."""

    publishers: list[str]


class OneValueJson(TypedDict):
    """A possible value, and the accounts that give it."""

    value: Value
    accounts: list[PublishedAccountJson]


class UndecidedValue(FindingJson):
    """Values of which only one can be true, and nothing says which."""

    kind: Literal["undecided-value"]
    subject: str
    property: str
    values: list[OneValueJson]


class SingleSource(FindingJson):
    """A statement whose beginning no two sources date alike."""

    kind: Literal["single-source"]
    statement: StatementJson
    certainty: Certainty
    source: str


def departures_without_arrival(context: CheckContext) -> Iterator[DepartureWithoutArrival]:
    """Ends without a recorded beginning."""
    for event in context.history.counting():
        for statement in context.evidence.without_beginning(event):
            yield {
                "kind": "departure-without-arrival",
                **finding(
                    f"{named(event)} ends “{said(statement)}”, but no record says that it began",
                    [event.id],
                    beginning_of(statement, event),
                ),
                "statement": statement_json(statement),
                "account": account(event),
            }


def members_of_dissolved(context: CheckContext) -> Iterator[MemberOfDissolved]:
    """Statements that hold about an organisation certainly dissolved and not founded again."""
    founded: dict[str, list[Event]] = {}
    dissolutions: dict[str, Event] = {}
    for event in context.history.counting():
        if event.type.name == "founded":
            founded.setdefault(event.content["organisation"], []).append(event)
        when = context.order.span(event) if _dissolved(event) else None
        if when is not None and when.surely_before(context.at) and not event.doubtful:
            for organisation in _dissolved(event):
                known = dissolutions.get(organisation)
                if known is None or context.order.span(known).first() < when.first():
                    dissolutions[organisation] = event
    for organisation, dissolution in dissolutions.items():
        foundings = founded.get(organisation, ())
        if any(context.order.relation(each.id, dissolution.id) != "certain" for each in foundings):
            continue
        held = context.evidence.about(organisation, context.at)
        for each in sorted(held, key=lambda each: rank(each.statement)):
            yield _outlives(each, organisation, dissolution)


def _outlives(held: HeldStatement, organisation: str, dissolution: Event) -> MemberOfDissolved:
    begin = held.because[0]
    holds = "still holds" if held.certainty == "certain" else "may still hold"
    causes = " and ".join(f"{named(each)}, dated {dated(each)}" for each in held.because)
    return {
        "kind": "member-of-dissolved",
        **finding(
            f"“{said(held.statement)}” {holds}, by {causes}, though {organisation} was dissolved: "
            f"{named(dissolution)}, dated {dated(dissolution)}",
            [*(each.id for each in held.because), dissolution.id],
            command("correct", begin.id, f"when={WHEN}", "--reason", WHY),
            alternative=end_of(held.statement, begin),
        ),
        "statement": statement_json(held.statement),
        "account": account(dissolution),
    }


def _dissolved(event: Event) -> set[str]:
    """The entities about which an event ends every statement."""
    if not event.type.effects or event.type.begins:
        return set()
    effects = effects_of(event)
    closings = effects.closes if effects else ()
    return {each.subject for each in closings if each.subject is not None and not each.property}


def said(statement: Statement) -> str:
    """A statement as text in a message."""
    parts = f"{statement.subject} {statement.property} {statement.value}"
    qualifiers = ", ".join(f"{name}: {text}" for name, text in statement.qualifiers)
    return f"{parts} ({qualifiers})" if qualifiers else parts


def undecided_values(context: CheckContext) -> Iterator[UndecidedValue]:
    """Values of one property that were set in an unknown order.

    Pairs of values whose accounts are in conflict are left out: the conflict is a finding. So are
    numbers whose bounds overlap.
    """
    setting: dict[tuple[str, str], dict[Value, list[Event]]] = defaultdict(dict)
    for held in context.held:
        subject, label, value, _ = held.statement
        if held.certainty == "possible":
            setters = [each for each in held.because if _sets(each, held.statement)]
            setting[subject, label].setdefault(value, []).extend(setters)
    for (subject, label), by_value in setting.items():
        undecided = {
            id
            for (value, setters), (other, others) in combinations(by_value.items(), 2)
            if not _in_conflict(setters, others) and not _compatible(value, other)
            for first in setters
            for second in others
            if _undecided(first, second, context.order)
            for id in (first.id, second.id)
        }
        left = {
            value: found
            for value, setters in by_value.items()
            if (found := {each.id: each for each in setters if each.id in undecided})
        }
        if undecided:
            yield _undecided_value(subject, label, left, context.order)


def _sets(event: Event, statement: Statement) -> bool:
    """Whether an event sets a property to this value, which replaces all others."""
    effects = effects_of(event)
    return effects is not None and any(
        each.is_set and each[:3] == statement[:3] for each in effects.closes
    )


def _compatible(value: Value, other: Value) -> bool:
    """Whether two values are numbers that one number can meet: more than 650, and 702."""
    bounds, other_bounds = numbers.read(value), numbers.read(other)
    return bounds is not None and other_bounds is not None and bounds.overlaps(other_bounds)


def _in_conflict(some: list[Event], others: list[Event]) -> bool:
    """Whether an account of one value is a rival of one of another."""
    rivals = {id for each in some for id in each.rivals}
    return bool(rivals) and any(each.id in rivals for each in others)


def _undecided(first: Event, second: Event, order: Order) -> bool:
    """Whether either of two events may have come first."""
    return first.id != second.id and order.relation(first.id, second.id) == "possible"


def _undecided_value(
    subject: str, label: str, by_value: dict[Value, dict[str, Event]], order: Order
) -> UndecidedValue:
    events = {id: each for found in by_value.values() for id, each in found.items()}
    accounts = sorted(events.values(), key=lambda each: each.position)
    values = sorted(by_value, key=lambda value: rank(Statement(subject, label, value)))
    alternatives = ", or ".join(
        f"{value}, by {' and '.join(map(_described, by_value[value].values()))}" for value in values
    )
    after = _one_after_the_others(accounts, order)
    # One account of each value is enough: what agrees with the one chosen still counts.
    rivals = {min(found.values(), key=lambda each: each.position).id for found in by_value.values()}
    return {
        "kind": "undecided-value",
        **finding(
            f"“{subject} {label}” may be {alternatives}: "
            "no record says which of them came last, or which is true",
            [each.id for each in accounts],
            command(
                "conflict", *(each.id for each in accounts if each.id in rivals), "--reason", WHY
            ),
            alternative=after,
        ),
        "subject": subject,
        "property": label,
        "values": [
            {
                "value": value,
                "accounts": [
                    {**account(each), "publishers": publishers_of(each)}
                    for each in by_value[value].values()
                ],
            }
            for value in values
        ],
    }


def _described(event: Event) -> str:
    parts = [event.id, ", ".join(publishers_of(event)), dated(event)]
    return f"“{event.headline}” ({'; '.join(filter(None, parts))})"


def _one_after_the_others(accounts: list[Event], order: Order) -> str | None:
    """The command that puts one event after all others, if the order allows it."""
    for last in reversed(accounts):
        others = [each.id for each in accounts if each.id != last.id]
        if order.can_be_last(last.id, others):
            links = [*last.content.get("after", ()), *({"id": id} for id in others)]
            return command("correct", last.id, link_change("after", links), "--reason", WHY)
    return None


def single_source(context: CheckContext) -> Iterator[SingleSource]:
    """Statements that hold, and whose beginning no two sources date alike."""
    for held in context.held:
        if corroborating_sources(held.because, context.order) < 2:
            yield _on_one_source(held)


def _on_one_source(held: HeldStatement) -> SingleSource:
    dates = {_source_of(each): dated(each) for each in held.because}
    if len(dates) == 1:
        message = f"rests on one source: {next(iter(dates))}"
    else:
        sources = "; ".join(f"{source} ({date})" for source, date in dates.items())
        message = f"rests on sources that date its beginning apart: {sources}"
    ids = [each.id for each in held.because]
    return {
        "kind": "single-source",
        **finding(
            f"“{said(held.statement)}” {message}",
            ids,
            command("confirm", ids[0], "--source", SOURCE, "--reason", WHY),
        ),
        "statement": statement_json(held.statement),
        "certainty": held.certainty,
        "source": ", ".join(dates),
    }


def _source_of(event: Event) -> str:
    """The first source of an event, in a word."""
    names = (
        each.get("via") or each.get("publisher") or each.get("title") or each.get("url", "")
        for each in citations_of(event)
    )
    return next(names, "")
