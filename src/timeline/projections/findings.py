"""What an answer has to warn of: things that are wrong with what was recorded."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.certainty.order import Order
from timeline.history.history import Event
from timeline.projections.answer import Answer, citations_of


def finding(kind: str, message: str, records: Iterable[str], settle: str, **more: object) -> Answer:
    """One finding: what is wrong, in which records, and the command that would settle it."""
    return {"kind": kind, "message": message, "records": list(records), "settle": settle, **more}


def contradictions(order: Order, about: Iterable[str]) -> list[Answer]:
    """The clashes of dates among the events linked with any of these."""
    found: dict[tuple[str, ...], Answer] = {}
    for id in about:
        component = order.component(id)
        for clash in component.clashes if component else ():
            found[tuple(each.id for each in clash)] = _contradiction(clash)
    return [found[ids] for ids in sorted(found)]


def all_contradictions(order: Order) -> list[Answer]:
    """The clashes of dates in a whole history."""
    return contradictions(order, (next(iter(each.events)) for each in order.components()))


def _contradiction(clash: tuple[Event, ...]) -> Answer:
    # Most answers have none, and need not load what proposes ways out of it.
    from timeline.projections.checks.fix_suggestions import mended

    ids = [each.id for each in clash]
    told = "; ".join(_dated(each, set(ids)) for each in clash)
    return finding(
        "contradictory-dates",
        f"the dates contradict one another: {told}",
        ids,
        mended(clash),
        accounts=[_account(each) for each in clash],
    )


def _dated(event: Event, among: set[str]) -> str:
    """The date and the order of an event, in words."""
    parts = [event.content["when"]] if "when" in event.content else []
    for side in ("after", "before"):
        for link in event.content.get(side, ()):
            if link["id"] in among:
                within = f" within {link['within']}" if "within" in link else ""
                parts.append(f"{side} {link['id']}{within}")
    return f"{event.id} is dated {' and '.join(parts)}"


def _account(event: Event) -> Answer:
    dates: Answer = {
        name: event.content[name] for name in ("when", "after", "before") if name in event.content
    }
    sources = list(citations_of(event))
    return {"id": event.id, "headline": event.headline, **dates, "sources": sources}
