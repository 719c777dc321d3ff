"""A statement evaluated at all times, in one sweep from the past to the future.

Whether a statement holds at T depends on comparisons of T with the bounds of what bears on it,
and with the microsecond after one of them, since two events at one instant happen in the order
of their positions. Between two of these *breakpoints* nothing changes, so one evaluation is
enough for all the time between. And few acts are decisive at any one time (`prune.py`).

Where `within` links events, there are more breakpoints. An end may have to come before what
began the statement (no later than `latest` of that), and take along another that comes at most
so much later; that other one can be at T or later only up to there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from timeline.certainty.effects import Effects, Evidence, Statement
from timeline.certainty.evaluate import HeldStatement, evaluate
from timeline.certainty.order import Order
from timeline.certainty.prune import decisive
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT

# How far from a bound its breakpoints may be, in microseconds.
_AFTER_EARLIEST = (1, 2)
_AROUND = (-1, 0, 1, 2)


def sweep(
    statement: Statement, evidence: Evidence, order: Order, since: int
) -> Iterator[tuple[int, int, HeldStatement | None]]:
    """`(earliest, latest, how it holds)` for all `earliest <= T < latest` from `since` on.

    It is None where the statement holds in no world. Neighbours may be the same. Only the
    certainty and the best standing of what it rests on are meant: `since`, `until` and
    `doubts` are those of decisive acts alone.
    """
    begins_to_come, ends_to_come = _latest_first(evidence.begins), _latest_first(evidence.ends)
    near = evidence._replace(begins=[], ends=[])
    for earliest, latest in pairwise((since, *breakpoints(evidence, order, since), MAX_INSTANT)):
        at = earliest if earliest > MIN_INSTANT else min(latest, 0) - 1
        begun = [*near.begins, *_begun_by(at, begins_to_come)]
        ended = [*near.ends, *_begun_by(at, ends_to_come)]
        near = decisive(evidence._replace(begins=begun, ends=ended), at)
        yield earliest, latest, evaluate(statement, near, at, order)


def breakpoints(evidence: Evidence, order: Order, since: int) -> list[int]:
    """The instants after `since`, in order; evidence reads the same at any T in `[one, next)`."""
    begins, spells, ends, implies, _, foundings = evidence
    several = (*begins, *spells, *ends, *implies, *chain.from_iterable(foundings))
    acts = {act.id: act for act in several}.values()
    found = [instant for act in acts for instant in _of_bounds(act, since)]
    if tied := [act for act in acts if act.tied is not None]:
        found += _of_components(acts, tied, order)
    return sorted({instant for instant in found if since < instant < MAX_INSTANT})


def _latest_first(acts: Iterable[Effects]) -> list[Effects]:
    return sorted(acts, key=lambda act: act.at.earliest, reverse=True)


def _begun_by(at: int, to_come: list[Effects]) -> Iterator[Effects]:
    """Take from the end of a list what may have happened before `at`."""
    while to_come and to_come[-1].at.earliest < at:
        yield to_come.pop()


def _of_bounds(act: Effects, since: int) -> Iterator[int]:
    if act.until is None and act.at.latest < since:
        return
    for earliest, latest, _ in (act.at,) if act.until is None else (act.at, act.until):
        if earliest > MIN_INSTANT:
            yield from (earliest + after for after in _AFTER_EARLIEST)
        if latest < MAX_INSTANT:
            yield latest


def _of_components(acts: Iterable[Effects], tied: Sequence[Effects], order: Order) -> Iterator[int]:
    """The bounds that each cast leaves, and the instants up to which one event takes another along.

    That is after a bound of any of the acts, by as much as lies between the two at most.
    """
    found = {act.tied: order.component(act.id) for act in tied}
    casts = [cast for component in found.values() if component for cast in component.casts]
    gaps: set[int] = set()
    for cast in casts:
        points = cast.points
        here = [
            point
            for act in tied
            if act.id in cast.present
            for point in dict.fromkeys((points.begin(act.id), points.end(act.id)))
        ]
        for point in here:
            span = cast.span(point)
            sides = [each for each in span[:2] if MIN_INSTANT < each < MAX_INSTANT]
            yield from (each + around for each in sides for around in _AROUND)
        if any(gap < 0 for _, _, gap in cast.constraints):
            for point in here:
                reach = cast.longest_gaps(point)
                gaps.update(reach[other] for other in here if reach.get(other, 0) > 0)
    for latest in {act.at.latest for act in acts if act.at.latest < MAX_INSTANT}:
        for gap in gaps:
            yield from (latest + gap + around for around in _AROUND)
