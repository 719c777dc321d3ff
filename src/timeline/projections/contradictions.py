"""Dates that contradict one another, as a finding with the command that would settle it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from typing_extensions import TypedDict

from timeline.certainty.order import Order
from timeline.history.history import Event
from timeline.projections.accounts import DatedJson, dated_json
from timeline.projections.answer import RecordIds
from timeline.projections.sources import CitationJson, citations_of


class AlternativeJson(TypedDict, total=False):
    """Another command that would settle a finding, where there is one."""

    alternative: str


class FindingJson(AlternativeJson):
    """What all findings have."""

    message: str
    records: RecordIds
    settle: str
    """The command that would settle it."""


class DatedAccountJson(DatedJson):
    """One of the events whose dates contradict one another."""

    id: str
    headline: str
    sources: list[CitationJson]


class ContradictoryDates(FindingJson):
    """Dates that cannot all be true: a smallest set of records that clash."""

    kind: Literal["contradictory-dates"]
    accounts: list[DatedAccountJson]


def contradictions(order: Order, about: Iterable[str]) -> list[ContradictoryDates]:
    """The contradictions among the events that are linked with any of these ids."""
    found: dict[tuple[str, ...], ContradictoryDates] = {}
    for id in about:
        component = order.component(id)
        for clash in component.clashes if component else ():
            found[tuple(each.id for each in clash)] = _contradiction(clash)
    return [found[ids] for ids in sorted(found)]


def all_contradictions(order: Order) -> list[ContradictoryDates]:
    """The contradictions in a whole history."""
    return contradictions(order, (next(iter(each.events)) for each in order.components()))


def _contradiction(clash: tuple[Event, ...]) -> ContradictoryDates:
    # Most answers have none, and need not load what proposes commands.
    from timeline.projections.checks.fix_suggestions import mended

    ids = [each.id for each in clash]
    told = "; ".join(_dated(each, set(ids)) for each in clash)
    return {
        "kind": "contradictory-dates",
        "message": f"the dates contradict one another: {told}",
        "records": ids,
        "settle": mended(clash),
        "accounts": [_account(each) for each in clash],
    }


def _dated(event: Event, among: set[str]) -> str:
    """The date of an event and its links with some others, in words."""
    parts = [event.content["when"]] if "when" in event.content else []
    for side in ("after", "before"):
        for link in event.content.get(side, ()):
            if link["id"] in among:
                within = f" within {link['within']}" if "within" in link else ""
                parts.append(f"{side} {link['id']}{within}")
    return f"{event.id} is dated {' and '.join(parts)}"


def _account(event: Event) -> DatedAccountJson:
    return {
        "id": event.id,
        "headline": event.headline,
        **dated_json(event),
        "sources": list(citations_of(event)),
    }
