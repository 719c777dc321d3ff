"""What an answer has to warn of: things that are wrong with what was recorded."""

from __future__ import annotations

from collections.abc import Iterable

from timeline.history import Happening
from timeline.order import Order
from timeline.projections.answer import Answer, citations_of


def finding(kind: str, message: str, records: Iterable[str], settle: str, **more: object) -> Answer:
    """One finding: what is wrong, in which records, and the command that would settle it."""
    return {"kind": kind, "message": message, "records": list(records), "settle": settle, **more}


def contradictions(order: Order, about: Iterable[str]) -> list[Answer]:
    """The clashes of dates among the happenings linked with any of these."""
    found: dict[tuple[str, ...], Answer] = {}
    for id in about:
        component = order.component(id)
        for clash in component.clashes if component else ():
            found[tuple(each.id for each in clash)] = _contradiction(clash)
    return [found[ids] for ids in sorted(found)]


def all_contradictions(order: Order) -> list[Answer]:
    """The clashes of dates in a whole history."""
    return contradictions(order, (next(iter(each.happenings)) for each in order.components()))


def _contradiction(clash: tuple[Happening, ...]) -> Answer:
    # Most answers have none, and need not load what proposes ways out of it.
    from timeline.projections.checks.mending import mended

    ids = [each.id for each in clash]
    told = "; ".join(_dated(each, set(ids)) for each in clash)
    return finding(
        "contradictory-dates",
        f"the dates contradict one another: {told}",
        ids,
        mended(clash),
        accounts=[_account(each) for each in clash],
    )


def _dated(happening: Happening, among: set[str]) -> str:
    """The date and the order of a happening, in words."""
    parts = [happening.content["when"]] if "when" in happening.content else []
    for side in ("after", "before"):
        for link in happening.content.get(side, ()):
            if link["id"] in among:
                within = f" within {link['within']}" if "within" in link else ""
                parts.append(f"{side} {link['id']}{within}")
    return f"{happening.id} is dated {' and '.join(parts)}"


def _account(happening: Happening) -> Answer:
    dates: Answer = {
        name: happening.content[name]
        for name in ("when", "after", "before")
        if name in happening.content
    }
    sources = list(citations_of(happening))
    return {"id": happening.id, "headline": happening.headline, **dates, "sources": sources}
