"""Moving instants down until all conditions are kept: the greatest solution.

Every condition here has the form "the target is no later than the source, plus a weight".
Of two solutions, the later of both instants of each point is a solution again; so
there is a greatest one, and moving down no further than is needed finds it.

The same holds for a condition with an alternative ("at T or later, or else no later than the
source"), which is why `order.py` can add it when an instant has come down below T.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

Edges = dict[int, list[tuple[int, int]]]
"""The targets of each point, and by how much each may be later than the point."""


class ImpossibleError(Exception):
    """No instants keep all conditions."""


class GreatestSolution:
    """Points that are being moved down; `moved` are the instants of those that have moved so far.

    `edges` gives the targets of a point and their weights, `most` and `least` the
    instants between which it must stay; `ranks` orders points at the same instant.
    """

    def __init__(
        self,
        edges: Callable[[int], Iterable[tuple[int, int]]],
        most: Callable[[int], int],
        least: Callable[[int], int],
        ranks: dict[int, int] | None = None,
    ):
        self._edges = edges
        self._most = most
        self._least = least
        self._ranks = ranks or {}
        self.moved: dict[int, int] = {}
        self._because_of: dict[int, int | None] = {}
        self._queue: list[tuple[int, int, int]] = []
        self._moves = 0
        self._next_check = 64

    def latest(self, point: int) -> int:
        """The instant of a point so far."""
        moved = self.moved.get(point)
        return self._most(point) if moved is None else moved

    def check(self, point: int) -> None:
        """Raise ImpossibleError if no instant is left for a point."""
        if self.latest(point) < self._least(point):
            raise ImpossibleError

    def lower(self, point: int, instant: int, because_of: int | None = None) -> None:
        """Move a point down to an instant, unless it is as early already.

        Raises:
            ImpossibleError: it cannot be so early.
        """
        if instant >= self.latest(point):
            return
        self.moved[point] = instant
        self._because_of[point] = because_of
        self.check(point)
        self.enqueue(point)
        self._moves += 1
        if self._moves >= self._next_check:
            self._check_for_circles()
            self._next_check = self._moves + len(self.moved)

    def enqueue(self, point: int) -> None:
        """Queue a point, so that `run` moves its targets."""
        heapq.heappush(self._queue, (self.latest(point), self._ranks.get(point, 0), point))

    def run(self) -> None:
        """Move every point that has to move.

        Raises:
            ImpossibleError: a point would have to move too far, or for ever.
        """
        while self._queue:
            instant, _, point = heapq.heappop(self._queue)
            if instant == self.latest(point):
                for target, weight in self._edges(point):
                    self.lower(target, instant + weight, point)

    def _check_for_circles(self) -> None:
        """Raise ImpossibleError if a point moves because of itself: it would move for ever."""
        cleared: set[int] = set()
        for point in self._because_of:
            path: set[int] = set()
            step: int | None = point
            while step is not None and step not in cleared:
                if step in path:
                    raise ImpossibleError
                path.add(step)
                step = self._because_of.get(step)
            cleared |= path
