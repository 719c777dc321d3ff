"""Events that are linked with one another, and the bounds that their links leave them.

The links between events and the bounds of their dates make a *simple temporal
problem* (Dechter, Meiri and Pearl, "Temporal constraint networks", 1991): each link says
that one instant lies no further than so much beyond another. The greatest instants that
keep to all links are found by moving instants down until none has to move any more
(`difference_constraints.py`), and the least ones in a mirror. Every instant between the two
occurs in some world: these are the tightened bounds.

Where no instants keep to all links, the dates contradict one another. The smallest set of
contradictory events is found, and the links among them are left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from timeline import temporal
from timeline.certainty.contradictions import smallest_clashes
from timeline.certainty.difference_constraints import Edges, GreatestSolution, ImpossibleError
from timeline.history.history import Event
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT, InstantBounds

# Stands for an open side: further away than any instant, across however many links.
OPEN = 2**80
_FAR = 2**79


class Link(NamedTuple):
    """`later` happened after `earlier`, at most `within` microseconds after it.

    Where `within` is None, any time after it.
    """

    earlier: str
    later: str
    within: int | None = None


class Component:
    """Events that are linked with one another, and when they happened.

    `spans` are their tightened bounds, `earliest` and `latest` the instants at their ends;
    `clashes` lists the sets of events whose dates contradict one another, each the
    smallest that there is without the links among those before it. `key` is the id of the
    first of them, which is in no other component.
    """

    def __init__(self, events: list[Event], links: list[Link]):
        self.events = {each.id: each for each in events}
        self.key = events[0].id
        self.clashes: list[tuple[Event, ...]] = []
        dated = {each.id: _instants(each.occurred) for each in events}
        least = {id: earliest for id, (earliest, _) in dated.items()}
        most = {id: latest for id, (_, latest) in dated.items()}
        while not self._tighten(least, most, links):
            for clash in smallest_clashes(least, most, self.edges):
                self.clashes.append(tuple(each for id, each in self.events.items() if id in clash))
                links = [each for each in links if not {each.earlier, each.later} <= clash]
        self.spans: dict[str, InstantBounds] = {}
        self._place(self.events)

    def grow(self, event: Event, link: Link) -> set[str] | None:
        """Add an event linked with one of these; the ids of the events whose bounds moved.

        None if the dates contradict one another; the component must then be computed again.
        """
        id = event.id
        self.events[id] = event
        self.links.append(link)
        _add_edges(link, self.edges, self._mirrored)
        self.earliest[id], self.latest[id] = _instants(event.occurred)
        down = GreatestSolution(
            lambda id: self.edges.get(id, ()),
            self.latest.__getitem__,
            self.earliest.__getitem__,
        )
        up = GreatestSolution(
            lambda id: self._mirrored.get(id, ()),
            lambda id: -self.earliest[id],
            lambda id: -down.latest(id),
        )
        try:
            for solution in (down, up):
                solution.enqueue(link.earlier)
                solution.enqueue(link.later)
                solution.run()
        except ImpossibleError:
            return None
        self.latest.update(down.moved)
        self.earliest.update((id, -instant) for id, instant in up.moved.items())
        moved = {id, *down.moved, *up.moved}
        before = {each: self.spans.get(each) for each in moved}
        self._place(moved)
        return {each for each in moved if self.spans[each] != before[each]}

    def longest_gaps(self, id: str) -> dict[str, int]:
        """By how many microseconds at most each event comes after this one, where links say so."""
        found, waiting = {id: 0}, [id]
        while waiting:
            source = waiting.pop(0)
            for target, weight in self.edges.get(source, ()):
                gap = found[source] + weight
                if target not in found or gap < found[target]:
                    found[target] = gap
                    waiting.append(target)
        return found

    def _tighten(self, least: dict[str, int], most: dict[str, int], links: list[Link]) -> bool:
        """Compute the bounds; False if no instants keep to all links."""
        self.links = list(links)
        self.edges: Edges = defaultdict(list)
        self._mirrored: Edges = defaultdict(list)
        for link in links:
            _add_edges(link, self.edges, self._mirrored)
        ranks = _topological(self.events, links)
        try:
            self.latest = _greatest(most, self.edges, {id: -rank for id, rank in ranks.items()})
            negated = {id: -instant for id, instant in least.items()}
            found = _greatest(negated, self._mirrored, ranks)
        except ImpossibleError:
            return False
        self.earliest = {id: -instant for id, instant in found.items()}
        return all(self.earliest[id] <= self.latest[id] for id in least)

    def _place(self, ids: Iterable[str]) -> None:
        for id in ids:
            earliest, latest = self.earliest[id], self.latest[id]
            self.spans[id] = InstantBounds(
                MIN_INSTANT if earliest < -_FAR else earliest,
                MAX_INSTANT if latest > _FAR else latest + 1,
                self.events[id].position,
            )


def links_of(event: Event) -> Iterator[Link]:
    """The links that an event states."""
    for link in event.content.get("after", ()):
        yield Link(link["id"], event.id, _microseconds(link))
    for link in event.content.get("before", ()):
        yield Link(event.id, link["id"], _microseconds(link))


def _microseconds(link: dict[str, str]) -> int | None:
    return temporal.read_duration(link["within"]) if "within" in link else None


def _instants(span: InstantBounds) -> tuple[int, int]:
    """The first and the last instant of a span."""
    earliest = -OPEN if span.earliest == MIN_INSTANT else span.earliest
    latest = OPEN if span.latest == MAX_INSTANT else span.latest - 1
    return earliest, latest


def _add_edges(link: Link, edges: Edges, mirrored: Edges) -> None:
    """A link as "the target is no later than the source plus a weight in microseconds".

    The mirrored edges say the same on a clock that runs backwards.
    """
    edges[link.later].append((link.earlier, -1))
    mirrored[link.earlier].append((link.later, -1))
    if link.within is not None:
        edges[link.earlier].append((link.later, link.within))
        mirrored[link.later].append((link.earlier, link.within))


def _greatest(most: dict[str, int], edges: Edges, ranks: dict[str, int]) -> dict[str, int]:
    """The greatest instants up to `most` that keep to all edges.

    Raises:
        ImpossibleError: the links form a circle.
    """
    solution = GreatestSolution(
        lambda id: edges.get(id, ()), most.__getitem__, lambda id: -2 * OPEN, ranks
    )
    for id in most:
        solution.enqueue(id)
    solution.run()
    return most | solution.moved


def _topological(events: Iterable[str], links: Iterable[Link]) -> dict[str, int]:
    """The place of each event in a topological order of the links; none for events in a circle."""
    later: dict[str, list[str]] = defaultdict(list)
    ahead = dict.fromkeys(events, 0)
    for link in links:
        later[link.earlier].append(link.later)
        ahead[link.later] += 1
    row = [id for id, number in ahead.items() if not number]
    for id in row:
        for other in later[id]:
            ahead[other] -= 1
            if not ahead[other]:
                row.append(other)
    return {id: number for number, id in enumerate(row)}
