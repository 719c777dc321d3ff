"""Moving instants down until all conditions are kept: the greatest solution.

Every condition here has the form "the target is no later than the source, plus a weight".
Of two solutions, the later of both instants of each event is a solution again; so
there is a greatest one, and moving down no further than is needed finds it.

The same holds for a condition with a way out ("at T or later, or else no later than the
source"), which is why `order.py` can add it when an instant has come down below T.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable

Edges = dict[str, list[tuple[str, int]]]


class ImpossibleError(Exception):
    """No instants keep all conditions."""


class GreatestSolution:
    """Instants on their way down; `moved` are those that have left where they were.

    `edges` gives the targets of an event and their weights, `most` and `least` the
    instants between which it must stay; `ranks` says who goes first of two at one instant.
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
        self._waiting: list[tuple[int, int, str]] = []
        self._moves = 0
        self._look_at = 64

    def latest(self, id: str) -> int:
        """Where an instant has come to."""
        moved = self.moved.get(id)
        return self._most(id) if moved is None else moved

    def check(self, id: str) -> None:
        """Raise ImpossibleError if an event has nowhere to be."""
        if self.latest(id) < self._least(id):
            raise ImpossibleError

    def lower(self, id: str, instant: int, because_of: str | None = None) -> None:
        """Move an event down to an instant, if it is not there yet.

        Raises:
            ImpossibleError: it cannot be so early.
        """
        if instant >= self.latest(id):
            return
        self.moved[id] = instant
        self._because_of[id] = because_of
        self.check(id)
        self.wait(id)
        self._moves += 1
        if self._moves >= self._look_at:
            self._look_for_a_circle()
            self._look_at = self._moves + len(self.moved)

    def wait(self, id: str) -> None:
        """Let what hangs on an event move when its turn comes."""
        heapq.heappush(self._waiting, (self.latest(id), self._ranks.get(id, 0), id))

    def run(self) -> None:
        """Move all that has to.

        Raises:
            ImpossibleError: something would have to move too far, or for ever.
        """
        while self._waiting:
            instant, _, id = heapq.heappop(self._waiting)
            if instant == self.latest(id):
                for target, weight in self._edges(id):
                    self.lower(target, instant + weight, id)

    def _look_for_a_circle(self) -> None:
        """Whoever moves because of itself would move for ever."""
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
