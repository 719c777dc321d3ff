"""The smallest sets of events whose dates and order contradict one another.

A contradiction is a chain of conditions that ends where it cannot: from the latest
instant of one event down below the earliest of another, or round in a circle to
before where it began. The shortest such chain names the fewest events.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from timeline.certainty.difference_constraints import Edges

_Steps = list[dict[str, str]]


def smallest_clashes(
    least: Mapping[str, int], most: Mapping[str, int], edges: Edges
) -> list[set[str]]:
    """The events on the shortest contradictory chains; there must be at least one.

    `least` and `most` are the instants between which the dates put each event. Where
    several chains are equally short, the result has all that share no link.
    """
    found: list[set[str]] = []
    for id, steps, reached in _chains(most, edges, len(most), max(least.values())):
        if found and len(steps) >= len(found[0]):
            break
        if reached < least[id]:
            path = _path(id, steps)
            if all(len(path & other) < 2 for other in found):
                found.append(path)
    size = len(found[0]) if found else len(most) + 1
    pruner = CyclePruner(most, edges)
    for start in most:
        for id, steps, reached in _chains({start: 0}, pruner.edges, size - 1, 0):
            if id == start and reached < 0:
                found = [_path(id, steps)]
                size = len(found[0])
                break
        # No shorter cycle goes through this event, so the other searches do without it.
        pruner.remove([start])
    return found or [set(most)]


class CyclePruner:
    """The part of a graph in which cycles can be: each event has edges to and from others."""

    def __init__(self, ids: Iterable[str], edges: Edges):
        self.edges = {id: edges.get(id, []) for id in ids}
        self._sources: dict[str, list[str]] = {id: [] for id in self.edges}
        for id, targets in self.edges.items():
            for target, _ in targets:
                self._sources[target].append(id)
        self._leaving = {id: len(targets) for id, targets in self.edges.items()}
        self._arriving = {id: len(sources) for id, sources in self._sources.items()}
        ends = [id for id in self.edges if not self._leaving[id] or not self._arriving[id]]
        self.remove(ends)

    def remove(self, ids: list[str]) -> None:
        """Remove events, and then those that no edge leads to, or from, any more."""
        for id in ids:
            for target, _ in self.edges.pop(id, ()):
                self._arriving[target] -= 1
                if not self._arriving[target]:
                    ids.append(target)
            for source in self._sources.pop(id, ()):
                self._leaving[source] -= 1
                if not self._leaving[source]:
                    ids.append(source)


def _chains(
    starts: Mapping[str, int], edges: Edges, most_steps: int, below: int
) -> Iterator[tuple[str, _Steps, int]]:
    """Each event that a chain brings lower than all shorter chains do, shortest chains first.

    Yields the event, the steps of the chains, and the instant reached. No step goes down by
    more than one microsecond, so chains that can no longer get `below` are not followed.
    """
    lowest, moved, steps = dict(starts), dict(starts), _Steps()
    for id, instant in starts.items():
        yield id, steps, instant
    for left in range(most_steps, 0, -1):
        reached: dict[str, int] = {}
        came_from: dict[str, str] = {}
        steps.append(came_from)
        for source, instant in moved.items():
            if instant - left >= below:
                continue
            for target, weight in edges.get(source, ()):
                before = reached.get(target, lowest.get(target))
                if before is None or instant + weight < before:
                    reached[target] = instant + weight
                    came_from[target] = source
        for id, instant in reached.items():
            lowest[id] = instant
            yield id, steps, instant
        if not reached:
            return
        moved = reached


def _path(id: str, steps: _Steps) -> set[str]:
    path = {id}
    for came_from in reversed(steps):
        id = came_from[id]
        path.add(id)
    return path
