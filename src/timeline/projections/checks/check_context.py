"""What all checks look at, and the words they share."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from functools import cached_property

from typing_extensions import TypedDict

from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.history.history import Event, History, Standing
from timeline.projections.answer import Count
from timeline.projections.contradictions import AlternativeJson, FindingJson
from timeline.projections.sources import independent_sources
from timeline.projections.statement import rank
from timeline.temporal import calendar
from timeline.temporal.wording import said_date

# What stands for what only the editor knows, in a command that would settle a finding.
WHY, WHEN, SOURCE = "WHY", "DATE", "URL"
CHOSEN, OTHER = "CHOSEN", "OTHER"


class CheckContext:
    """A history, and the worlds of all of it; each is worked out when it is asked for."""

    def __init__(self, history: History, at: int, stale_after: int, silence: int):
        self.history = history
        self.at = at
        self.stale_after = stale_after
        self.silence = silence

    @cached_property
    def order(self) -> Order:
        return Order(self.history)

    @cached_property
    def worlds(self) -> EvidenceIndex:
        return EvidenceIndex(self.order, self.history.counting())

    @cached_property
    def held(self) -> list[HeldStatement]:
        """All statements that hold, sorted."""
        return self.worlds.holding(sorted(self.worlds.statements(), key=rank), self.at)


def named(event: Event) -> str:
    """An event in a sentence: its headline and its id."""
    return f"“{event.headline}” ({event.id})"


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
    """An event in a finding: what it says, and on whose word."""
    return {
        "id": event.id,
        "headline": event.headline,
        "when": event.content.get("when"),
        "standing": event.standing,
        "recorded_by": event.record.recorded_by,
        "sources": independent_sources([event]),
    }


def command(*words: str) -> str:
    """A command line, ready to paste."""
    return shlex.join(("timeline", *words))


def finding(
    message: str, records: Iterable[str], settle: str, alternative: str | None = None
) -> FindingJson:
    """What is wrong, in which records, and the command that would settle it, or another."""
    other: AlternativeJson = {} if alternative is None else {"alternative": alternative}
    return {"message": message, "records": list(records), "settle": settle, **other}


def options(name: str, values: Iterable[str]) -> list[str]:
    """An option given for each of some values."""
    return [word for value in values for word in (name, value)]


def days(microseconds: int) -> str:
    """A length of time in whole days."""
    number = microseconds // calendar.DAY
    return "1 day" if number == 1 else f"{number:,} days"


def dated(event: Event) -> str:
    """When an event happened, as its record says: 3 March 2026, or "after x"."""
    if event.when is not None:
        return said_date(event.when)
    links = (
        f"{side} {link['id']}"
        for side in ("after", "before")
        for link in event.content.get(side, ())
    )
    return ", ".join(links)
