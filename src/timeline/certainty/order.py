"""Order: what `after` and `before` say about when things happened.

Links join events into components (`order_component.py`). Within one, instants depend on one
another, so a question about several of them is a search for a world in which they lie as
asked. The search needs no backtracking: if two solutions keep all conditions, so does the later
of both instants of each event, so it is enough to move down from the latest instants.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from timeline.certainty.difference_constraints import Edges, GreatestSolution, ImpossibleError
from timeline.certainty.order_component import OPEN, Component, Link, links_of
from timeline.history.history import Change, Event, History
from timeline.temporal.instant_bounds import InstantBounds

Relation = Literal["certain", "possible", "no"]


class MinimumGap(NamedTuple):
    """A condition on two instants: `earlier` comes at least `gap` microseconds before `later`."""

    earlier: str
    later: str
    gap: int


class Order:
    """The order of all events of a history that count.

    Components are computed when they are first needed.
    """

    def __init__(self, history: History):
        self._history = history
        self._links: dict[str, list[Link]] = defaultdict(list)
        self._components: dict[str, Component | None] = {}
        for event in history.counting():
            self._declare(event)

    def take(self, event: Event) -> None:
        """Add an event whose component has not been computed yet."""
        if event.counts:
            self._declare(event)

    def component(self, id: str) -> Component | None:
        """The component of an event: all that it is linked with; None if there are no links."""
        if id not in self._links or not self._history[id].counts:
            return None
        if id not in self._components:
            members = self._members(id)
            events = [self._history[member] for member in members]
            links = dict.fromkeys(link for each in members for link in self._links[each])
            inside = [link for link in links if {link.earlier, link.later} <= members.keys()]
            inside.sort(key=self._place)
            found = Component(_by_position(events), inside) if inside else None
            self._components.update(dict.fromkeys(members, found))
        return self._components[id]

    def components(self) -> Iterator[Component]:
        """All components."""
        found = (self.component(id) for id in list(self._links))
        return iter(dict.fromkeys(each for each in found if each is not None))

    def span(self, event: Event) -> InstantBounds:
        """When an event happened, as its date and its links have it."""
        component = self.component(event.id) if event.counts else None
        return component.spans[event.id] if component else event.occurred

    def relation(self, first: str, second: str) -> Relation:
        """Whether one event happened before another: in every world, in some, or in none."""
        one, other = (self.span(self._history[id]) for id in (first, second))
        if one.latest <= other.earliest:
            return "certain"
        if one.earliest >= other.latest - 1:
            return "no"
        component = self.component(first)
        if component is None or component is not self.component(second):
            return "possible"
        if not self.allows([MinimumGap(first, second, 1)]):
            return "no"
        return "possible" if self.allows([MinimumGap(second, first, 0)]) else "certain"

    def allows(
        self,
        conditions: Iterable[MinimumGap] = (),
        at_most: dict[str, int] | None = None,
        at_least: dict[str, int] | None = None,
        either: Iterable[MinimumGap] = (),
        at: int = OPEN,
        alone: Mapping[str, InstantBounds] | None = None,
    ) -> bool:
        """Whether there is a world in which some conditions hold as well.

        `at_most` and `at_least` bound instants further. Conditions in `either` have an
        alternative: the earlier event happens at `at` or later. `alone` gives the bounds of
        events without links, which otherwise are looked up in the history.
        """
        at_least = at_least or {}
        edges: Edges = defaultdict(list)
        solution = GreatestSolution(
            lambda id: [*self._edges(id), *edges.get(id, ())],
            lambda id: self._instants(id, alone)[1],
            lambda id: max(self._instants(id, alone)[0], at_least.get(id, -OPEN)),
        )
        waiting, bound = list(either), list(conditions)
        try:
            for id in at_least:
                solution.check(id)
            for id, instant in (at_most or {}).items():
                solution.lower(id, instant)
            while True:
                for earlier, later, gap in bound:
                    edges[later].append((earlier, -gap))
                    solution.lower(earlier, solution.latest(later) - gap, later)
                solution.run()
                bound = [each for each in waiting if solution.latest(each.earlier) < at]
                waiting = [each for each in waiting if solution.latest(each.earlier) >= at]
                if not bound:
                    return True
        except ImpossibleError:
            return False

    def sorted(
        self, events: Iterable[Event], key: Callable[[InstantBounds], tuple[int, ...]]
    ) -> list[Event]:
        """Sort by the `key` of when they happened, and none before what its links put before it."""
        chosen = {each.id: each for each in events}
        linked = (self.component(id) for id in chosen)
        components = dict.fromkeys(each for each in linked if each is not None)
        if not components:
            return sorted(chosen.values(), key=lambda each: (key(each.occurred), each.id))
        everything = dict(chosen)
        ahead: dict[str, int] = defaultdict(int)
        behind: dict[str, list[str]] = defaultdict(list)
        for component in components:
            everything.update(component.events)
            for link in component.links:
                ahead[link.later] += 1
                behind[link.earlier].append(link.later)
        ready = [(key(self.span(each)), id) for id, each in everything.items() if not ahead[id]]
        heapq.heapify(ready)
        found: list[Event] = []
        while ready:
            _, id = heapq.heappop(ready)
            if id in chosen:
                found.append(chosen[id])
            for other in behind[id]:
                ahead[other] -= 1
                if not ahead[other]:
                    heapq.heappush(ready, (key(self.span(everything[other])), other))
        return found

    def update(self, change: Change) -> set[str]:
        """Apply a change of the history; the ids of events whose bounds or order it may move."""
        before, after = change
        if before is None and (moved := self._grown(after)):
            return moved
        known = self._components.get(after.id)
        concerned = {after.id, *(known.events if known else ())}
        if before is not None and before.counts:
            for link in dict.fromkeys(links_of(before)):
                self._links[link.earlier].remove(link)
                self._links[link.later].remove(link)
        if after.counts:
            self._declare(after)
            concerned.update(self._members(after.id))
        for id in concerned:
            self._components.pop(id, None)
        return concerned

    def _grown(self, event: Event) -> set[str] | None:
        """The same for a new event that is linked with at most one other; None if it is not.

        Such an event moves bounds, but where it moves none, nothing else has changed.
        """
        links = set(links_of(event))
        if not links and event.id not in self._links:
            return {event.id}
        if len(links) != 1 or event.id in self._links:
            return None
        (link,) = links
        component = self.component(link.earlier if link.later == event.id else link.later)
        if component is None or component.clashes:
            return None
        moved = component.grow(event, link)
        if moved is not None:
            self._declare(event)
            self._components[event.id] = component
        return moved

    def _declare(self, event: Event) -> None:
        if "after" in event.content or "before" in event.content:
            for link in dict.fromkeys(links_of(event)):
                self._links[link.earlier].append(link)
                self._links[link.later].append(link)

    def _members(self, id: str) -> dict[str, None]:
        """The events that count in the component of an event, itself included."""
        members, waiting = {id: None}, [id]
        while waiting:
            for link in self._links.get(waiting.pop(), ()):
                for other in (link.earlier, link.later):
                    if other not in members and self._history[other].counts:
                        members[other] = None
                        waiting.append(other)
        return members

    def _place(self, link: Link) -> tuple[int, int, int]:
        """The place of a link in its component, whichever event the search began with."""
        earlier, later = (self._history[id].position for id in (link.earlier, link.later))
        return earlier, later, -1 if link.within is None else link.within

    def _edges(self, id: str) -> list[tuple[str, int]]:
        component = self.component(id)
        return component.edges.get(id, []) if component else []

    def _instants(self, id: str, alone: Mapping[str, InstantBounds] | None) -> tuple[int, int]:
        if component := self.component(id):
            return component.earliest[id], component.latest[id]
        span = (alone or {}).get(id) or self._history[id].occurred
        return span.earliest, span.latest - 1


def _by_position(events: Iterable[Event]) -> list[Event]:
    return sorted(events, key=lambda each: each.position)
