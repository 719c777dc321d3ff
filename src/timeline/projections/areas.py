"""What held when, as it was known when: areas in two times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from timeline import temporal
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT


class Stretch(NamedTuple):
    """What is so for `earliest <= T < latest`, in microseconds; `what` is compared by value."""

    earliest: int
    latest: int
    what: Any

    def as_json(self) -> list[str | None]:
        """The two instants; null where the side is open."""
        return [
            None if self.earliest == MIN_INSTANT else temporal.format_instant(self.earliest),
            None if self.latest == MAX_INSTANT else temporal.format_instant(self.latest),
        ]


class Area(NamedTuple):
    """A stretch of valid time as it was known from position `first` up to `last`, exclusive.

    `last` is None where it is so up to the cut.
    """

    first: int
    last: int | None
    stretch: Stretch

    def as_json(self) -> dict[str, Any]:
        return {"known": [self.first, self.last], "valid": self.stretch.as_json()}


class Areas:
    """The areas of one thing while the log is walked."""

    def __init__(self) -> None:
        self._open: dict[int, tuple[int, Stretch]] = {}
        self._closed: list[Area] = []

    def put(self, position: int, stretches: Sequence[Stretch]) -> bool:
        """What is so from a position on; whether that is otherwise than before."""
        found: dict[int, tuple[int, Stretch]] = {}
        for each in stretches:
            known = self._open.get(each.earliest)
            since = known[0] if known is not None and known[1] == each else position
            found[each.earliest] = since, each
        gone = [each for each in self._open.values() if each != found.get(each[1].earliest)]
        # What came and went at one position was never so.
        self._closed += [Area(first, position, each) for first, each in gone if first < position]
        changed = found != self._open
        self._open = found
        return changed

    def all(self) -> Iterator[Area]:
        """The areas, in the order in which they came to be known, and of valid time."""
        left = [Area(first, None, stretch) for first, stretch in self._open.values()]
        return iter(sorted([*self._closed, *left], key=_place))


def merged(stretches: Iterable[Stretch]) -> list[Stretch]:
    """Stretches in order of time, those that meet and are the same joined; None is nothing."""
    found: list[Stretch] = []
    for each in stretches:
        if each.what is None:
            continue
        if found and found[-1].latest == each.earliest and found[-1].what == each.what:
            found[-1] = found[-1]._replace(latest=each.latest)
        else:
            found.append(each)
    return found


def _place(area: Area) -> tuple[int, int]:
    return area.first, area.stretch.earliest
