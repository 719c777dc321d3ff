"""The busiest stretch of a chronology, which deserves a panel of its own."""

from __future__ import annotations

import math
from typing import NamedTuple

from timeline.projections.chronology import ChronologyAnswer
from timeline.render.drawing.chronology import Drawing, Placed
from timeline.render.drawing.scale import Scale

_SHARE = 0.5
_TIMES = 6


class Part(NamedTuple):
    """A stretch of time, and the events that may have happened in it, as an answer."""

    scale: Scale
    answer: ChronologyAnswer


def closer(whole: Drawing, answer: ChronologyAnswer) -> Part | None:
    """The shortest stretch with half of what is dated; None where it would show little more.

    That is where all labels have room as it is, or where the stretch is not much shorter than
    the whole.
    """
    if all(placed.label_left is not None for placed in whole.placed):
        return None
    sides = sorted(found for found in map(_sides, whole.placed) if found is not None)
    size = math.ceil(len(sides) * _SHARE)
    if size < 2:
        return None
    stretches = (
        (max(end for _, end in sides[first : first + size]), sides[first][0])
        for first in range(len(sides) - size + 1)
    )
    end, start = min(stretches, key=lambda stretch: (stretch[0] - stretch[1], stretch[1]))
    if (end - start) * _TIMES > whole.scale.end - whole.scale.start:
        return None
    scale = Scale.of((start, end), whole.scale.width)
    entries = [placed.shown.entry for placed in whole.placed if _may_be_in(placed, scale)]
    return Part(scale, {**answer, "events": entries})


def _sides(placed: Placed) -> tuple[int, int] | None:
    """The bounds of an event, if both are known."""
    earliest, latest = placed.shown.band
    return None if earliest is None or latest is None else (earliest, latest)


def _may_be_in(placed: Placed, scale: Scale) -> bool:
    shown = placed.shown
    earliest, latest = shown.band.earliest, (shown.ends or shown.band).latest
    return (earliest is None or earliest < scale.end) and (latest is None or latest > scale.start)
