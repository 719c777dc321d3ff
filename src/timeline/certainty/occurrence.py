"""When an event happened by its own account: its instants, and its links to other events.

An event has a beginning and, if its date is a period with a known end, an end. A link compares
these points: *A after B* puts A's beginning after B's end, *A before B* is its converse, and
*A during B* puts both ends of A between those of B. Where B's end is open or unknown, `after`
and `during` are after its beginning. An event without a period is one instant, which is its
beginning and its end; what is during it happened at that instant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from timeline import temporal
from timeline.certainty.effects import Effects
from timeline.history.event import Event
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT, InstantBounds

# Stands for an open side: further away than any instant, across however many links.
OPEN = 2**80
FAR = 2**79


class Link(NamedTuple):
    """What an event says of its order: that it was on one `side` of another event.

    `within` is how many microseconds lie between them at most; None for any number.
    """

    side: str
    other: str
    within: int | None = None


class Occurrence(NamedTuple):
    """When an event happened by its own date, and what it may depend on.

    `end` is None unless its date is a period with a known end, and `is_period` says whether it
    is a period at all. It may not have happened if it is `doubtful`; `rivals` are the ids of
    the events of which exactly one happened instead.
    """

    id: str
    position: int
    begin: InstantBounds
    end: InstantBounds | None
    is_period: bool
    doubtful: bool
    rivals: tuple[str, ...]
    links: tuple[Link, ...]

    @classmethod
    def of_event(cls, event: Event) -> Occurrence:
        """The occurrence of an event that counts."""
        when = event.when
        begin, end = event.span_of(when)
        is_period = when is not None and when.kind == "period"
        links = tuple(dict.fromkeys(links_of(event)))
        return cls(
            event.id, event.position, begin, end, is_period, event.doubtful, event.rivals, links
        )

    @classmethod
    def of_effects(cls, effects: Effects) -> Occurrence:
        """The occurrence of an event without links, of which only the effects are known."""
        at, until = effects.at, effects.until
        rivals = tuple(effects.rivals)
        return cls(
            effects.id, at.position, at, until, until is not None, effects.doubtful, rivals, ()
        )


class Constraint(NamedTuple):
    """A condition on two points: `later` is at least `gap` microseconds after `earlier`."""

    earlier: int
    later: int
    gap: int


def links_of(event: Event) -> Iterator[Link]:
    """The links that an event states, and those of the accounts that agree with it."""
    for side, link in event.links:
        within = temporal.read_duration(link["within"]) if "within" in link else None
        yield Link(side, link["id"], within)


class Points:
    """The points of some events, as numbers: the beginning of each, and its end if it has one."""

    def __init__(self, occurrences: Iterable[Occurrence]):
        self.of: dict[str, Occurrence] = {each.id: each for each in occurrences}
        self._number = {id: 2 * number for number, id in enumerate(self.of)}
        self.ids = list(self.of)

    def begin(self, id: str) -> int:
        """The beginning of an event, or its only instant."""
        return self._number[id]

    def end(self, id: str) -> int:
        """The end of an event: its beginning where it has no other point."""
        return self._number[id] + (self.of[id].end is not None)

    def owner(self, point: int) -> str:
        """The event that a point is of."""
        return self.ids[point // 2]

    def bounds(self, ids: Iterable[str]) -> Iterator[tuple[int, int, int]]:
        """Each point of some events, with the first and the last instant of its date."""
        for id in ids:
            occurrence = self.of[id]
            yield self._number[id], *_instants(occurrence.begin)
            if occurrence.end is not None:
                yield self._number[id] + 1, *_instants(occurrence.end)

    def within_itself(self, id: str) -> Iterator[Constraint]:
        """An event does not end before it begins."""
        if self.of[id].end is not None:
            yield Constraint(self.begin(id), self.end(id), 0)

    def bound(self, id: str, link: Link, other: str) -> Iterator[Constraint]:
        """What a link of one event to another demands of their points."""
        if link.side == "after":
            yield from _apart(self.end(other), self.begin(id), link.within)
        elif link.side == "before":
            yield from _apart(self.end(id), self.begin(other), link.within)
        elif not self.of[other].is_period:
            for point in {self.begin(id), self.end(id)}:
                yield Constraint(self.begin(other), point, 0)
                yield Constraint(point, self.begin(other), 0)
        else:
            yield from _apart(self.begin(other), self.begin(id), link.within)
            if self.of[other].end is not None:
                yield from _apart(self.end(id), self.end(other), None)

    def in_order(self, earlier: str, later: str) -> Constraint:
        """That one event begins before another; at one instant, by position."""
        tie = self.of[earlier].position > self.of[later].position
        return Constraint(self.begin(earlier), self.begin(later), int(tie))

    def span(self, point: int, earliest: int, latest: int) -> InstantBounds:
        """The bounds of a point from the first and the last instant that it may have."""
        return InstantBounds(
            MIN_INSTANT if earliest < -FAR else earliest,
            MAX_INSTANT if latest > FAR else latest + 1,
            self.of[self.owner(point)].position,
        )


def _apart(earlier: int, later: int, within: int | None) -> Iterator[Constraint]:
    yield Constraint(earlier, later, 1)
    if within is not None:
        yield Constraint(later, earlier, -within)


def _instants(bounds: InstantBounds) -> tuple[int, int]:
    """The first and the last instant of some bounds."""
    earliest = -OPEN if bounds.earliest == MIN_INSTANT else bounds.earliest
    latest = OPEN if bounds.latest == MAX_INSTANT else bounds.latest - 1
    return earliest, latest


def hull(spans: Iterable[InstantBounds]) -> InstantBounds:
    """The bounds from the earliest to the latest of some bounds of one event."""
    found = list(spans)
    return InstantBounds(
        min(each.earliest for each in found), max(each.latest for each in found), found[0].position
    )


def by_id(spans: Mapping[str, list[InstantBounds]]) -> dict[str, InstantBounds]:
    """The hull of the bounds of each event."""
    return {id: hull(each) for id, each in spans.items()}
