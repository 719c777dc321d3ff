"""A scale of time: from instants to pixels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from timeline.temporal import calendar

_SHORTEST = calendar.MINUTE


class Scale(NamedTuple):
    """From `start` to `end`, two instants, on so many pixels. Instants may have any size."""

    start: int
    end: int
    width: int

    @classmethod
    def of(cls, instants: Iterable[int], width: int) -> Scale:
        """One on which all these lie, with a little room at both sides; a day if there are none."""
        found = sorted(instants) or [0, calendar.DAY]
        least, most = found[0], found[-1]
        room = max((most - least) // 40, (_SHORTEST - (most - least)) // 2, 1)
        return cls(least - room, most + room, width)

    def pixel(self, instant: int) -> float:
        """Where an instant is, in pixels from the left; outside the scale also."""
        return (instant - self.start) * self.width / (self.end - self.start)

    def side(self, instant: int | None, otherwise: int) -> float:
        """Where a side of a band is drawn: an open one at `otherwise`, and none off the scale."""
        at = otherwise if instant is None else instant
        return self.pixel(min(max(at, self.start), self.end))
