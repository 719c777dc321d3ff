"""The instants at which what bears on a statement may come to read otherwise.

Whether a statement holds at T hangs on comparisons of T with the bounds of what bears on it,
and with the microsecond after one of them, since two at one instant happen in the order of
their positions. Between two of these instants nothing changes, so that one judgement does for
all of the time between.

Where `within` links events, there are more. An end may have to come before what began the
statement (no later than `latest` of that), and bring another to at most so much later; that
one can be at T or later only up to there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from timeline.certainty.effects import Effects
from timeline.certainty.evaluate import Evidence
from timeline.certainty.order import Order
from timeline.certainty.order_component import Component
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT

# What may stand between a bound and the instant at which it makes a difference, in microseconds.
_AFTER_EARLIEST = (1, 2)
_AROUND_LATEST = (-1, 0, 1)


def breakpoints(evidence: Evidence, order: Order, since: int) -> list[int]:
    """The instants after `since`, in order; evidence reads the same at any T in `[one, next)`."""
    begins, spells, ends, implies = evidence
    acts = {act.id: act for act in (*begins, *spells, *ends, *implies)}.values()
    bounds = [bound for act in acts for bound in _bounds(act, since)]
    tied = [act for act in acts if act.tied is not None]
    if tied:
        bounds += _drawn_along(acts, tied, order)
    return sorted({bound for bound in bounds if bound > since})


def _bounds(act: Effects, since: int) -> Iterator[int]:
    if act.until is None and act.at.latest < since:
        return
    spans = (act.at,) if act.until is None else (act.at, act.until)
    for earliest, latest, _ in spans:
        if earliest > MIN_INSTANT:
            yield from (earliest + after for after in _AFTER_EARLIEST)
        if latest < MAX_INSTANT:
            yield latest


def _drawn_along(acts: Iterable[Effects], tied: list[Effects], order: Order) -> Iterator[int]:
    """Where one that is linked with another can be drawn along by it no further."""
    ids = {act.id for act in tied}
    components = (order.component(act.id) for act in tied)
    gaps = {
        gap
        for component in dict.fromkeys(components)
        if component is not None and any(link.within is not None for link in component.links)
        for id in ids & component.events.keys()
        for other, gap in _reach(id, component).items()
        if other in ids and gap > 0
    }
    for latest in {act.at.latest for act in acts if act.at.latest < MAX_INSTANT}:
        for gap in gaps:
            yield from (latest + gap + around for around in _AROUND_LATEST)


def _reach(id: str, component: Component) -> dict[str, int]:
    """How many microseconds after one event others happened at the most."""
    found, waiting = {id: 0}, [id]
    while waiting:
        source = waiting.pop(0)
        for target, weight in component.edges.get(source, ()):
            gap = found[source] + weight
            if target not in found or gap < found[target]:
                found[target] = gap
                waiting.append(target)
    return found
