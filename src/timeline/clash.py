"""The smallest sets of happenings whose dates and order contradict one another.

A contradiction is a chain of conditions that ends where it cannot: from the latest
instant of one happening down below the earliest of another, or round in a circle to
before where it began. The shortest such chain names the fewest happenings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from timeline.descent import Edges

_Steps = list[dict[str, str]]


def smallest_clashes(
    least: Mapping[str, int], most: Mapping[str, int], edges: Edges
) -> list[set[str]]:
    """The happenings on a shortest contradictory chain, of which there must be one.

    `least` and `most` are the instants between which the dates put each happening. Where
    several chains are as short, all are given that share no link.
    """
    found: list[set[str]] = []
    for id, steps, reached in _chains(most, edges, len(most)):
        if found and len(steps) >= len(found[0]):
            break
        if reached < least[id]:
            path = _path(id, steps)
            if all(len(path & other) < 2 for other in found):
                found.append(path)
    size = len(found[0]) if found else len(most) + 1
    for start in most:
        for id, steps, reached in _chains({start: 0}, edges, size - 1):
            if id == start and reached < 0:
                found = [_path(id, steps)]
                size = len(found[0])
                break
    return found or [set(most)]


def _chains(
    starts: Mapping[str, int], edges: Edges, most_steps: int
) -> Iterator[tuple[str, _Steps, int]]:
    """Each happening that a chain brings lower than all shorter ones, the shortest first.

    With it come the steps of the chains, and the instant reached.
    """
    lowest, moved, steps = dict(starts), dict(starts), _Steps()
    for id, instant in starts.items():
        yield id, steps, instant
    for _ in range(most_steps):
        reached: dict[str, int] = {}
        came_from: dict[str, str] = {}
        steps.append(came_from)
        for source, instant in moved.items():
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
