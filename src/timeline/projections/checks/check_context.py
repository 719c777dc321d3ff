"""What all checks look at, and the parts that their findings share."""

from __future__ import annotations

from functools import cached_property

from typing_extensions import TypedDict

from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.history.event import Event, Standing
from timeline.history.history import History
from timeline.projections.accounts import independent_sources
from timeline.projections.answer import Count
from timeline.projections.statement import rank
from timeline.records.record import LINKS, Record
from timeline.temporal import calendar
from timeline.temporal.wording import said_date


class CheckContext:
    """A history as of an instant, its order and evidence, and the time limits of the checks.

    All times are in microseconds. Order and evidence are computed when first needed.
    """

    def __init__(
        self, history: History, at: int, open_for: int, unattested_after: int, silence: int
    ):
        self.history = history
        self.at = at
        self.open_for = open_for
        self.unattested_after = unattested_after
        self.silence = silence

    @cached_property
    def order(self) -> Order:
        return Order(self.history)

    @cached_property
    def evidence(self) -> EvidenceIndex:
        return EvidenceIndex(self.order)

    @cached_property
    def held(self) -> list[HeldStatement]:
        """All statements that certainly or possibly hold, sorted."""
        return self.evidence.holding(sorted(self.evidence.statements(), key=rank), self.at)


class OneAccountJson(TypedDict):
    """An event in a finding: what it says, and who says so."""

    id: str
    headline: str
    when: str | None
    standing: Standing
    recorded_by: str | None
    sources: Count


class ReasonJson(TypedDict):
    """The reason that an amendment gives."""

    id: str
    recorded_by: str | None
    reason: str | None


def account(event: Event) -> OneAccountJson:
    """An event in a finding: what it says, and who recorded it."""
    return {
        "id": event.id,
        "headline": event.headline,
        "when": event.content.get("when"),
        "standing": event.standing,
        "recorded_by": event.record.recorded_by,
        "sources": independent_sources([event]),
    }


def reason_json(amendment: Record) -> ReasonJson:
    """The reason that an amendment gives."""
    return {
        "id": amendment.id,
        "recorded_by": amendment.recorded_by,
        "reason": amendment.content.get("reason"),
    }


def quoted_reason(amendment: Record) -> str:
    """The reason of an amendment, to follow what it did: `: “the reason”`, or nothing."""
    reason = amendment.content.get("reason")
    return f": “{reason}”" if reason else ""


def days(microseconds: int) -> str:
    """A length of time in whole days."""
    number = microseconds // calendar.DAY
    return "1 day" if number == 1 else f"{number:,} days"


def dated(event: Event) -> str:
    """When an event happened, according to its record: 3 March 2026, or "after x"."""
    if event.when is not None:
        return said_date(event.when)
    links = (f"{side} {link['id']}" for side in LINKS for link in event.content.get(side, ()))
    return ", ".join(links)
