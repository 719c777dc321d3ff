"""The smallest set of events whose dates and order contradict one another.

A contradiction is a chain of conditions that ends where it cannot: from the latest
instant of one point down below the earliest of another, or round in a circle to
before where it began. The shortest such chain names the fewest events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from math import comb

from timeline.certainty.cast import Cast
from timeline.certainty.difference_constraints import Edges

_Steps = list[dict[int, int]]

# How many sets are tried at most for a smaller one, where events have two points.
_TRIES = 5_000


def smallest_clash(cast: Cast) -> frozenset[str]:
    """The smallest set of events of an impossible cast whose dates contradict one another.

    Of several chains of that length, it is the one with the earliest recorded events.
    """
    chain = _shortest_chain(cast.least, cast.most, cast.edges)
    clash = frozenset(cast.points.owner(point) for point in chain)
    if any(cast.points.of[id].end is not None for id in cast.present):
        return _smaller(cast, clash)
    return clash


def _smaller(cast: Cast, clash: frozenset[str]) -> frozenset[str]:
    """A smaller set: a chain through both points of an event names fewer events than points."""
    ids = [id for id in cast.points.ids if id in cast.present]
    for size in range(1, len(clash)):
        if comb(len(ids), size) > _TRIES:
            break
        for few in combinations(ids, size):
            inside = [
                each
                for each in cast.constraints
                if {cast.points.owner(each.earlier), cast.points.owner(each.later)} <= set(few)
            ]
            if not Cast(cast.points, few, inside).is_possible:
                return frozenset(few)
    return clash


def _shortest_chain(least: Mapping[int, int], most: Mapping[int, int], edges: Edges) -> set[int]:
    """The points on the shortest contradictory chain; there must be one.

    `least` and `most` are the instants between which the dates put each point.
    """
    found: set[int] | None = None
    size = len(most) + 1
    for point, steps, reached in _chains(most, edges, len(most), max(least.values())):
        if len(steps) >= size:
            break
        if reached < least[point]:
            path = _path(point, steps)
            if len(path) < size or found is None or sorted(path) < sorted(found):
                found, size = path, len(path)
    pruner = CyclePruner(most, edges)
    for start in most:
        for point, steps, reached in _chains({start: 0}, pruner.edges, size - 1, 0):
            if point == start and reached < 0:
                found = _path(point, steps)
                size = len(found)
                break
        # No shorter cycle goes through this point, so the other searches do without it.
        pruner.remove([start])
    return set(most) if found is None else found


class CyclePruner:
    """The part of a graph in which cycles can be: each point has edges to and from others."""

    def __init__(self, points: Iterable[int], edges: Edges):
        self.edges = {point: edges.get(point, []) for point in points}
        self._sources: dict[int, list[int]] = {point: [] for point in self.edges}
        for point, targets in self.edges.items():
            for target, _ in targets:
                self._sources[target].append(point)
        self._leaving = {point: len(targets) for point, targets in self.edges.items()}
        self._arriving = {point: len(sources) for point, sources in self._sources.items()}
        outside = (point for point in self.edges if not self._leaving[point])
        inside = (point for point in self.edges if not self._arriving[point])
        self.remove(list({*outside, *inside}))

    def remove(self, points: list[int]) -> None:
        """Remove points, and then those that no edge leads to, or from, any more."""
        for point in points:
            for target, _ in self.edges.pop(point, ()):
                self._arriving[target] -= 1
                if not self._arriving[target]:
                    points.append(target)
            for source in self._sources.pop(point, ()):
                self._leaving[source] -= 1
                if not self._leaving[source]:
                    points.append(source)


def _chains(
    starts: Mapping[int, int], edges: Edges, most_steps: int, below: int
) -> Iterator[tuple[int, _Steps, int]]:
    """Each point that a chain brings lower than all shorter chains do, shortest chains first.

    Yields the point, the steps of the chains, and the instant reached. No step goes down by
    more than one microsecond, so chains that can no longer get `below` are not followed.
    """
    lowest, moved, steps = dict(starts), dict(starts), _Steps()
    for point, instant in starts.items():
        yield point, steps, instant
    for left in range(most_steps, 0, -1):
        reached: dict[int, int] = {}
        came_from: dict[int, int] = {}
        steps.append(came_from)
        for source, instant in moved.items():
            if instant - left >= below:
                continue
            for target, weight in edges.get(source, ()):
                before = reached.get(target, lowest.get(target))
                if before is None or instant + weight < before:
                    reached[target] = instant + weight
                    came_from[target] = source
        for point, instant in reached.items():
            lowest[point] = instant
            yield point, steps, instant
        if not reached:
            return
        moved = reached


def _path(point: int, steps: _Steps) -> set[int]:
    path = {point}
    for came_from in reversed(steps):
        point = came_from[point]
        path.add(point)
    return path
