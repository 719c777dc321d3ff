"""Lanes: the rows of a drawing, filled from the left without overlap."""

from __future__ import annotations

import math
from collections.abc import Sequence

_FREE = -math.inf


class Lanes:
    """A growing number of lanes, each of which is taken up to some place.

    Items have to come in order of their left side. The first free lane is found in logarithmic
    time: a tree holds the least end of each half of the lanes.
    """

    def __init__(self) -> None:
        self._leaves = 1
        self._least = [_FREE, _FREE]
        self.count = 0

    def put(self, left: float, ends: Sequence[float]) -> int:
        """Take adjacent lanes from `left` on, each up to its own end. Returns the first of them."""
        lane = self._first(left, 0)
        while True:
            taken = [n for n in range(lane + 1, lane + len(ends)) if self._end(n) > left]
            if not taken:
                break
            lane = self._first(left, taken[-1] + 1)
        for number, end in enumerate(ends, lane):
            self._set(number, end)
        self.count = max(self.count, lane + len(ends))
        return lane

    def _end(self, lane: int) -> float:
        return self._least[self._leaves + lane] if lane < self._leaves else _FREE

    def _set(self, lane: int, end: float) -> None:
        while lane >= self._leaves:
            self._grow()
        node = self._leaves + lane
        self._least[node] = end
        while node > 1:
            node //= 2
            self._least[node] = min(self._least[2 * node], self._least[2 * node + 1])

    def _grow(self) -> None:
        ends = self._least[self._leaves :] + [_FREE] * self._leaves
        self._leaves *= 2
        self._least = [_FREE] * self._leaves + ends
        for node in range(self._leaves - 1, 0, -1):
            self._least[node] = min(self._least[2 * node], self._least[2 * node + 1])

    def _first(self, left: float, start: int) -> int:
        """The first lane from `start` on that is free at `left`."""
        if start >= self._leaves:
            return start
        node = self._leaves + start
        while self._least[node] > left:
            while node & 1:
                node //= 2
            if node == 0:
                return self._leaves
            node += 1
        while node < self._leaves:
            node *= 2
            node += self._least[node] > left
        return node - self._leaves
