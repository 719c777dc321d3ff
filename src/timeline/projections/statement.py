"""One statement of a snapshot: how it holds, and the records behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple, NotRequired

from typing_extensions import TypedDict

from timeline import temporal
from timeline.certainty.effects import Statement, Value
from timeline.certainty.evaluate import Certainty, HeldStatement, Interval
from timeline.certainty.order import Order
from timeline.history.event import Event, Standing
from timeline.history.history import History
from timeline.projections.accounts import OtherAccountsJson, other_accounts
from timeline.projections.answer import Count, RecordIds, TimeRange, Timestamp, time_range
from timeline.projections.attestation import attested, corroborating_sources
from timeline.temporal.instant_bounds import MIN_INSTANT

# From the weakest to the strongest.
STANDINGS: Sequence[Standing] = ("disputed", "contested", "reported", "confirmed")


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
    unbounded: NotRequired[Literal[True]]
    """Present if nothing is known of its beginning, or only by when it was."""


class HeldJson(StatementJson, StateJson, OtherAccountsJson):
    """A statement that holds, certainly or possibly, and the records behind it."""

    because: RecordIds
    sources: Count
    """The largest number of independent sources whose dates of the beginning share an instant."""
    attested: Timestamp
    """The latest instant that a source speaks of: when it was published, or else recorded."""


class StatementState(NamedTuple):
    """How a statement holds; the records behind it are not part of its state."""

    certainty: Certainty
    standing: Standing
    since: Interval | None
    until: Interval | None

    @classmethod
    def of(cls, held: HeldStatement) -> StatementState:
        """The state of a statement that holds."""
        return cls(held.certainty, standing_of(held.because), held.since, held.until)

    def as_json(self) -> StateJson:
        state: StateJson = {
            "certainty": self.certainty,
            "standing": self.standing,
            "since": time_range(self.since),
            "until": time_range(self.until),
        }
        if self.since is None or self.since[0] == MIN_INSTANT:
            state["unbounded"] = True
        return state


def statement_json(statement: Statement) -> StatementJson:
    """The statement itself, as an object."""
    return {
        "subject": statement.subject,
        "property": statement.property,
        "value": statement.value,
        "qualifiers": dict(statement.qualifiers),
    }


def held_json(held: HeldStatement, history: History, order: Order) -> HeldJson:
    """One entry of `statements` in a snapshot."""
    return {
        **statement_json(held.statement),
        **StatementState.of(held).as_json(),
        "because": lineage_of((*held.because, *held.doubts)),
        "sources": corroborating_sources(held.because, order),
        "attested": temporal.format_instant(attested(held.because)),
        **other_accounts(held.because, history),
    }


def lineage_of(events: Iterable[Event]) -> list[str]:
    """The ids of some events and of all amendments that name them, in order of position.

    Those of accounts that agree are among them.
    """
    positions = {
        record.id: record.position
        for event in events
        for account in event.accounts
        for record in (account.record, *account.amendments)
    }
    return sorted(positions, key=positions.__getitem__)


def standing_of(events: Sequence[Event]) -> Standing:
    """The best standing among the events that a statement rests on."""
    if len(events) == 1:
        return events[0].standing
    return max((event.standing for event in events), key=STANDINGS.index)


def rank(statement: Statement) -> tuple[Any, ...]:
    """The sort key of a statement: subject, property, value (numbers before text), qualifiers."""
    subject, label, value, qualifiers = statement
    ranked = (1, 0, value) if isinstance(value, str) else (0, value, "")
    return subject, label, ranked, qualifiers
