"""Moving instants down until all conditions are kept: the greatest solution.

Every condition here has the form "the target is no later than the source, plus a weight".
Of two solutions, the later of both instants of each event is a solution again; so
there is a greatest one, and moving down no further than is needed finds it.

The same holds for a condition with an alternative ("at T or later, or else no later than the
source"), which is why `order.py` can add it when an instant has come down below T.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

Edges = dict[str, list[tuple[str, int]]]


class ImpossibleError(Exception):
    """No instants keep all conditions."""


class GreatestSolution:
    """Instants that are being moved down; `moved` are those that have moved so far.

    `edges` gives the targets of an event and their weights, `most` and `least` the
    instants between which it must stay; `ranks` orders events at the same instant.
    """

    def __init__(
        self,
        edges: Callable[[str], Iterable[tuple[str, int]]],
        most: Callable[[str], int],
        least: Callable[[str], int],
        ranks: dict[str, int] | None = None,
    ):
        self._edges = edges
        self._most = most
        self._least = least
        self._ranks = ranks or {}
        self.moved: dict[str, int] = {}
        self._because_of: dict[str, str | None] = {}
        self._queue: list[tuple[int, int, str]] = []
        self._moves = 0
        self._next_check = 64

    def latest(self, id: str) -> int:
        """The instant of an event so far."""
        moved = self.moved.get(id)
        return self._most(id) if moved is None else moved

    def check(self, id: str) -> None:
        """Raise ImpossibleError if no instant is left for an event."""
        if self.latest(id) < self._least(id):
            raise ImpossibleError

    def lower(self, id: str, instant: int, because_of: str | None = None) -> None:
        """Move an event down to an instant, unless it is as early already.

        Raises:
            ImpossibleError: it cannot be so early.
        """
        if instant >= self.latest(id):
            return
        self.moved[id] = instant
        self._because_of[id] = because_of
        self.check(id)
        self.enqueue(id)
        self._moves += 1
        if self._moves >= self._next_check:
            self._check_for_circles()
            self._next_check = self._moves + len(self.moved)

    def enqueue(self, id: str) -> None:
        """Queue an event, so that `run` moves its targets."""
        heapq.heappush(self._queue, (self.latest(id), self._ranks.get(id, 0), id))

    def run(self) -> None:
        """Move every event that has to move.

        Raises:
            ImpossibleError: an event would have to move too far, or for ever.
        """
        while self._queue:
            instant, _, id = heapq.heappop(self._queue)
            if instant == self.latest(id):
                for target, weight in self._edges(id):
                    self.lower(target, instant + weight, id)

    def _check_for_circles(self) -> None:
        """Raise ImpossibleError if an event moves because of itself: it would move for ever."""
        cleared: set[str] = set()
        for id in self._because_of:
            path: set[str] = set()
            step: str | None = id
            while step is not None and step not in cleared:
                if step in path:
                    raise ImpossibleError
                path.add(step)
                step = self._because_of.get(step)
            cleared |= path
