"""One statement of a snapshot: how it holds, and the records behind it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from typing_extensions import TypedDict

from timeline.certainty.effects import Statement, Value
from timeline.certainty.evaluate import Certainty, HeldStatement
from timeline.history.history import Event, History, Standing
from timeline.projections.accounts import OtherAccountsJson, other_accounts
from timeline.projections.answer import Count, RecordIds, TimeRange, time_range
from timeline.projections.sources import independent_sources


class StatementJson(TypedDict):
    """Something that may hold: subject, property, value, and qualifiers."""

    subject: str
    property: str
    value: Value
    qualifiers: dict[str, str]


class StateJson(TypedDict):
    """How a statement holds."""

    certainty: Certainty
    standing: Standing
    since: TimeRange | None
    until: TimeRange | None


class HeldJson(StatementJson, StateJson, OtherAccountsJson):
    """A statement that holds, certainly or possibly, and the records behind it."""

    because: RecordIds
    sources: Count
    """The number of independent sources."""


def statement_json(statement: Statement) -> StatementJson:
    """The statement itself, as an object."""
    return {
        "subject": statement.subject,
        "property": statement.property,
        "value": statement.value,
        "qualifiers": dict(statement.qualifiers),
    }


def held_json(held: HeldStatement, history: History) -> HeldJson:
    """One entry of `statements` in a snapshot (design §6)."""
    return {
        **statement_json(held.statement),
        "certainty": held.certainty,
        "standing": standing_of(held.because),
        "since": time_range(held.since),
        "until": time_range(held.until),
        "because": _lineage(held),
        "sources": independent_sources(held.because),
        **other_accounts(held.because, history),
    }


def _lineage(held: HeldStatement) -> list[str]:
    """The ids of the records behind a statement, in order of position."""
    because = held.because
    if len(because) == 1 and not held.doubts and not because[0].amendments:
        return [because[0].id]
    lineage: dict[str, int] = {}
    for event in (*held.because, *held.doubts):
        lineage[event.id] = event.position
        for amendment in event.amendments:
            lineage[amendment.id] = amendment.position
    return sorted(lineage, key=lineage.__getitem__)


def standing_of(events: Sequence[Event]) -> Standing:
    """The best standing among the events that a statement rests on."""
    if len(events) == 1:
        return events[0].standing
    found = {event.standing for event in events}
    return (
        "confirmed" if "confirmed" in found else "reported" if "reported" in found else "disputed"
    )


def rank(statement: Statement) -> tuple[Any, ...]:
    """The sort key of a statement: subject, property, value (numbers before text), qualifiers."""
    subject, label, value, qualifiers = statement
    ranked = (1, 0, value) if isinstance(value, str) else (0, value, "")
    return subject, label, ranked, qualifiers
