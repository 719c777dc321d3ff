"""One way to choose what happened: which events did, and all the instants they may have had.

A *cast* of some events that depend on one another has exactly one of those that are rivals, and
any of those that are disputed. With its links, the instants of a cast make a *simple temporal
problem* (Dechter, Meiri and Pearl, "Temporal constraint networks", 1991): each condition says
that one point lies no further than so much beyond another. The greatest instants that keep to all
conditions are found by moving points down until none has to move any more
(`difference_constraints.py`), and the least ones in a mirror. Every instant between the two
occurs in some world: these are the tightened bounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping

from timeline.certainty.difference_constraints import Edges, GreatestSolution, ImpossibleError
from timeline.certainty.occurrence import OPEN, Constraint, Points
from timeline.temporal.instant_bounds import InstantBounds

_NONE: Mapping[int, int] = {}


class Cast:
    """The events that are `present` in some worlds, and the conditions on their points.

    `is_possible` tells whether any instants keep to all conditions; `earliest` and `latest` are
    then the first and last of each point.
    """

    def __init__(self, points: Points, present: Collection[str], constraints: Iterable[Constraint]):
        self.points = points
        self.present = frozenset(present)
        ids = [id for id in points.ids if id in self.present]
        self.least: dict[int, int] = {}
        self.most: dict[int, int] = {}
        for point, earliest, latest in points.bounds(ids):
            self.least[point], self.most[point] = earliest, latest
        self.constraints = list(dict.fromkeys(constraints))
        self.edges: Edges = defaultdict(list)
        self._mirrored: Edges = defaultdict(list)
        self._add_edges(self.constraints)
        self.is_possible = self._tighten()

    def require(self, constraints: Collection[Constraint]) -> bool:
        """Add conditions, unless that would leave no instants; whether it did not."""
        if not self.allows(constraints):
            return False
        self.constraints += constraints
        self._add_edges(constraints)
        self._tighten()
        return True

    def begin(self, id: str) -> InstantBounds:
        """The tightened bounds of the beginning of an event."""
        return self.span(self.points.begin(id))

    def span(self, point: int) -> InstantBounds:
        """The tightened bounds of a point."""
        return self.points.span(point, self.earliest[point], self.latest[point])

    def allows(
        self,
        conditions: Iterable[Constraint] = (),
        at_most: Mapping[int, int] = _NONE,
        at_least: Mapping[int, int] = _NONE,
    ) -> bool:
        """Whether there is a world in which some conditions hold as well."""
        return self.latest_with(conditions, at_most, at_least) is not None

    def latest_with(
        self,
        conditions: Iterable[Constraint] = (),
        at_most: Mapping[int, int] = _NONE,
        at_least: Mapping[int, int] = _NONE,
        either: Iterable[Constraint] = (),
        no_later: Mapping[int, int] = _NONE,
        at: int = OPEN,
    ) -> Callable[[int], int] | None:
        """The latest instants of all points with which some conditions hold; None if none do.

        `at_most` and `at_least` bound points further. Conditions in `either`, and the bounds
        `no_later`, have an alternative: the earlier point, or the one bounded, is at `at` or later.
        """
        more: Edges = defaultdict(list)
        solution = GreatestSolution(
            lambda point: [*self.edges.get(point, ()), *more.get(point, ())],
            self.latest.__getitem__,
            lambda point: max(self.earliest[point], at_least.get(point, -OPEN)),
        )
        bound, waiting = list(conditions), list(either)
        bounded = dict(no_later)
        try:
            for point in at_least:
                solution.check(point)
            for point, instant in at_most.items():
                solution.lower(point, instant)
            while True:
                for earlier, later, gap in bound:
                    more[later].append((earlier, -gap))
                    solution.lower(earlier, solution.latest(later) - gap, later)
                solution.run()
                bound = [each for each in waiting if solution.latest(each.earlier) < at]
                waiting = [each for each in waiting if solution.latest(each.earlier) >= at]
                low = [point for point in bounded if solution.latest(point) < at]
                for point in low:
                    solution.lower(point, bounded.pop(point))
                if not bound and not low:
                    return solution.latest
        except ImpossibleError:
            return None

    def longest_gaps(self, point: int) -> dict[int, int]:
        """By how many microseconds at most each point comes after this one, where that is known."""
        found, waiting = {point: 0}, [point]
        while waiting:
            source = waiting.pop(0)
            for target, weight in self.edges.get(source, ()):
                gap = found[source] + weight
                if target not in found or gap < found[target]:
                    found[target] = gap
                    waiting.append(target)
        return found

    def _add_edges(self, constraints: Iterable[Constraint]) -> None:
        """A condition as "the target is no later than the source plus a weight".

        The mirrored edges say the same on a clock that runs backwards.
        """
        for earlier, later, gap in constraints:
            self.edges[later].append((earlier, -gap))
            self._mirrored[earlier].append((later, -gap))

    def _tighten(self) -> bool:
        """Compute the bounds; False if no instants keep to all conditions."""
        ranks = _topological(self.most, self.constraints)
        try:
            later_first = {point: -rank for point, rank in ranks.items()}
            self.latest = _greatest(self.most, self.edges, later_first)
            negated = {point: -instant for point, instant in self.least.items()}
            found = _greatest(negated, self._mirrored, ranks)
        except ImpossibleError:
            return False
        self.earliest = {point: -instant for point, instant in found.items()}
        return all(self.earliest[point] <= self.latest[point] for point in self.least)


def _greatest(most: dict[int, int], edges: Edges, ranks: dict[int, int]) -> dict[int, int]:
    """The greatest instants up to `most` that keep to all edges.

    Raises:
        ImpossibleError: the conditions form a circle.
    """
    solution = GreatestSolution(
        lambda point: edges.get(point, ()), most.__getitem__, lambda point: -2 * OPEN, ranks
    )
    for point in most:
        solution.enqueue(point)
    solution.run()
    return most | solution.moved


def _topological(points: Iterable[int], constraints: Iterable[Constraint]) -> dict[int, int]:
    """The place of each point in a topological order; none for points in a circle."""
    later: dict[int, list[int]] = defaultdict(list)
    ahead = dict.fromkeys(points, 0)
    for each in constraints:
        if each.gap >= 0:
            later[each.earlier].append(each.later)
            ahead[each.later] += 1
    row = [point for point, number in ahead.items() if not number]
    for point in row:
        for other in later[point]:
            ahead[other] -= 1
            if not ahead[other]:
                row.append(other)
    return {point: number for number, point in enumerate(row)}
