"""Values of one thing of which only one can be so, and nothing says which."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from typing import Literal

from typing_extensions import TypedDict

from timeline.certainty.effects import Statement, Value, effects_of
from timeline.certainty.order import MinimumGap, Order
from timeline.history.history import Event
from timeline.projections.checks.check_context import (
    WHY,
    CheckContext,
    OneAccountJson,
    account,
    command,
    dated,
    finding,
)
from timeline.projections.checks.fix_suggestions import ordered
from timeline.projections.contradictions import FindingJson
from timeline.projections.sources import publishers_of
from timeline.projections.statement import rank


class PublishedAccountJson(OneAccountJson):
    """An account, with who published it."""

    publishers: list[str]


class OneValueJson(TypedDict):
    """A possible value, and who says so."""

    value: Value
    accounts: list[PublishedAccountJson]


class UndecidedValue(FindingJson):
    """Values of which only one can be true, and nothing says which."""

    kind: Literal["undecided-value"]
    subject: str
    property: str
    values: list[OneValueJson]


def undecided_values(ground: CheckContext) -> Iterator[UndecidedValue]:
    """Values of one property, set by events of which nobody knows which came last.

    Two values are left to the conflict that there is between accounts of them.
    """
    setting: dict[tuple[str, str], dict[Value, list[Event]]] = defaultdict(dict)
    for held in ground.held:
        subject, label, value, _ = held.statement
        if held.certainty == "possible":
            setters = [each for each in held.because if _sets(each, held.statement)]
            setting[subject, label].setdefault(value, []).extend(setters)
    for (subject, label), by_value in setting.items():
        undecided = {
            id
            for values in combinations(by_value.values(), 2)
            if not _in_conflict(*values)
            for first in values[0]
            for second in values[1]
            if _undecided(first, second, ground.order)
            for id in (first.id, second.id)
        }
        left = {
            value: found
            for value, setters in by_value.items()
            if (found := {each.id: each for each in setters if each.id in undecided})
        }
        if undecided:
            yield _undecided_value(subject, label, left, ground.order)


def _sets(event: Event, statement: Statement) -> bool:
    """Whether an event gives a property this value, instead of any other."""
    acts = effects_of(event)
    return acts is not None and any(
        each.other_value and each[:3] == statement[:3] for each in acts.closes
    )


def _in_conflict(some: list[Event], others: list[Event]) -> bool:
    """Whether an account of one value is a rival of one of another."""
    rivals = {id for each in some for id in each.rivals}
    return bool(rivals) and any(each.id in rivals for each in others)


def _undecided(first: Event, second: Event, order: Order) -> bool:
    """Whether both may be so, and either may have come first."""
    return first.id != second.id and order.relation(first.id, second.id) == "possible"


def _undecided_value(
    subject: str, label: str, by_value: dict[Value, dict[str, Event]], order: Order
) -> UndecidedValue:
    events = {id: each for found in by_value.values() for id, each in found.items()}
    accounts = sorted(events.values(), key=lambda each: each.position)
    values = sorted(by_value, key=lambda value: rank(Statement(subject, label, value)))
    told = ", or ".join(
        f"{value}, by {' and '.join(map(_told, by_value[value].values()))}" for value in values
    )
    after = _one_after_the_others(accounts, order)
    # One account of each value is enough: what agrees with the one chosen still counts.
    rivals = {min(found.values(), key=lambda each: each.position).id for found in by_value.values()}
    return {
        "kind": "undecided-value",
        **finding(
            f"“{subject} {label}” may be {told}: "
            "nothing says which of them came last, or which is so",
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


def _told(event: Event) -> str:
    parts = [event.id, ", ".join(publishers_of(event)), dated(event)]
    return f"“{event.headline}” ({'; '.join(filter(None, parts))})"


def _one_after_the_others(accounts: list[Event], order: Order) -> str | None:
    """The command that puts one after all others, if they leave room for that."""
    for last in reversed(accounts):
        others = [each.id for each in accounts if each.id != last.id]
        if order.allows([MinimumGap(id, last.id, 1) for id in others]):
            links = [*last.content.get("after", ()), *({"id": id} for id in others)]
            return command("correct", last.id, ordered("after", links), "--reason", WHY)
    return None
