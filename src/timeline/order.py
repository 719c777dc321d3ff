"""Order: what `after` and `before` say about when things happened.

Links join happenings into components (`component.py`). Within one, instants hang on one
another, so that a question about several of them is a search for a world in which they
lie as asked. That search is no guessing: all conditions asked for are kept by the later
of any two solutions, so it is enough to move down from the latest instants.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from timeline.component import OPEN, Component, Link, links_of
from timeline.descent import Descent, Edges, ImpossibleError
from timeline.history import Change, Happening, History
from timeline.span import Span

Relation = Literal["certain", "possible", "no"]


class Apart(NamedTuple):
    """A condition on two instants: `earlier` comes at least `gap` microseconds before `later`."""

    earlier: str
    later: str
    gap: int


class Order:
    """The order of all happenings of a history that count.

    Components are worked out when they are asked about.
    """

    def __init__(self, history: History):
        self._history = history
        self._links: dict[str, list[Link]] = defaultdict(list)
        self._components: dict[str, Component | None] = {}
        for happening in history.counting():
            self._declare(happening)

    def take(self, happening: Happening) -> None:
        """Take in a happening of a part of the history that has not been asked about yet."""
        if happening.counts:
            self._declare(happening)

    def component(self, id: str) -> Component | None:
        """The happenings that one is linked with, directly or by way of others; None if alone."""
        if id not in self._links or not self._history[id].counts:
            return None
        if id not in self._components:
            members = self._members(id)
            happenings = [self._history[member] for member in members]
            links = dict.fromkeys(link for each in members for link in self._links[each])
            inside = [link for link in links if {link.earlier, link.later} <= members.keys()]
            inside.sort(key=self._place)
            found = Component(_by_position(happenings), inside) if inside else None
            self._components.update(dict.fromkeys(members, found))
        return self._components[id]

    def components(self) -> Iterator[Component]:
        """All components."""
        found = (self.component(id) for id in list(self._links))
        return iter(dict.fromkeys(each for each in found if each is not None))

    def span(self, happening: Happening) -> Span:
        """When a happening happened, with what its order says."""
        component = self.component(happening.id) if happening.counts else None
        return component.spans[happening.id] if component else happening.occurred

    def relation(self, first: str, second: str) -> Relation:
        """Whether one happened before another: in every world, in some, or in none."""
        one, other = (self.span(self._history[id]) for id in (first, second))
        if one.latest <= other.earliest:
            return "certain"
        if one.earliest >= other.latest - 1:
            return "no"
        component = self.component(first)
        if component is None or component is not self.component(second):
            return "possible"
        if not self.allows([Apart(first, second, 1)]):
            return "no"
        return "possible" if self.allows([Apart(second, first, 0)]) else "certain"

    def allows(
        self,
        conditions: Iterable[Apart] = (),
        at_most: dict[str, int] | None = None,
        at_least: dict[str, int] | None = None,
        either: Iterable[Apart] = (),
        at: int = OPEN,
        alone: Mapping[str, Span] | None = None,
    ) -> bool:
        """Whether there is a world in which some conditions hold as well.

        `at_most` and `at_least` bound instants further. `either` are conditions with a way
        out: the earlier one may also be `at` that time, or later. `alone` tells when those
        happened that are linked with no others; else the history is asked.
        """
        at_least = at_least or {}
        edges: Edges = defaultdict(list)
        descent = Descent(
            lambda id: [*self._edges(id), *edges.get(id, ())],
            lambda id: self._instants(id, alone)[1],
            lambda id: max(self._instants(id, alone)[0], at_least.get(id, -OPEN)),
        )
        waiting, bound = list(either), list(conditions)
        try:
            for id in at_least:
                descent.check(id)
            for id, instant in (at_most or {}).items():
                descent.lower(id, instant)
            while True:
                for earlier, later, gap in bound:
                    edges[later].append((earlier, -gap))
                    descent.lower(earlier, descent.latest(later) - gap, later)
                descent.run()
                bound = [each for each in waiting if descent.latest(each.earlier) < at]
                waiting = [each for each in waiting if descent.latest(each.earlier) >= at]
                if not bound:
                    return True
        except ImpossibleError:
            return False

    def sorted(
        self, happenings: Iterable[Happening], key: Callable[[Span], tuple[int, ...]]
    ) -> list[Happening]:
        """By the `key` of when they happened, but none before what is linked to precede it."""
        chosen = {each.id: each for each in happenings}
        linked = (self.component(id) for id in chosen)
        components = dict.fromkeys(each for each in linked if each is not None)
        if not components:
            return sorted(chosen.values(), key=lambda each: (key(each.occurred), each.id))
        everybody = dict(chosen)
        ahead: dict[str, int] = defaultdict(int)
        behind: dict[str, list[str]] = defaultdict(list)
        for component in components:
            everybody.update(component.happenings)
            for link in component.links:
                ahead[link.later] += 1
                behind[link.earlier].append(link.later)
        ready = [(key(self.span(each)), id) for id, each in everybody.items() if not ahead[id]]
        heapq.heapify(ready)
        found: list[Happening] = []
        while ready:
            _, id = heapq.heappop(ready)
            if id in chosen:
                found.append(chosen[id])
            for other in behind[id]:
                ahead[other] -= 1
                if not ahead[other]:
                    heapq.heappush(ready, (key(self.span(everybody[other])), other))
        return found

    def update(self, change: Change) -> set[str]:
        """Take in a change of the history; the ids of all whose order may differ for it."""
        before, after = change
        if before is None and (moved := self._grown(after)):
            return moved
        known = self._components.get(after.id)
        concerned = {after.id, *(known.happenings if known else ())}
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

    def _grown(self, happening: Happening) -> set[str] | None:
        """The same for a new happening that is linked with at most one other.

        That moves bounds, but leaves those whose bounds stay as they were toward each other.
        """
        links = set(links_of(happening))
        if not links and happening.id not in self._links:
            return {happening.id}
        if len(links) != 1 or happening.id in self._links:
            return None
        (link,) = links
        component = self.component(link.earlier if link.later == happening.id else link.later)
        if component is None or component.clashes:
            return None
        moved = component.grow(happening, link)
        if moved is not None:
            self._declare(happening)
            self._components[happening.id] = component
        return moved

    def _declare(self, happening: Happening) -> None:
        if "after" in happening.content or "before" in happening.content:
            for link in dict.fromkeys(links_of(happening)):
                self._links[link.earlier].append(link)
                self._links[link.later].append(link)

    def _members(self, id: str) -> dict[str, None]:
        """All that count and are linked with one that counts, itself among them."""
        members, waiting = {id: None}, [id]
        while waiting:
            for link in self._links.get(waiting.pop(), ()):
                for other in (link.earlier, link.later):
                    if other not in members and self._history[other].counts:
                        members[other] = None
                        waiting.append(other)
        return members

    def _place(self, link: Link) -> tuple[int, int, int]:
        """Where a link stands among others, whoever asks."""
        earlier, later = (self._history[id].position for id in (link.earlier, link.later))
        return earlier, later, -1 if link.within is None else link.within

    def _edges(self, id: str) -> list[tuple[str, int]]:
        component = self.component(id)
        return component.edges.get(id, []) if component else []

    def _instants(self, id: str, alone: Mapping[str, Span] | None) -> tuple[int, int]:
        if component := self.component(id):
            return component.earliest[id], component.latest[id]
        span = (alone or {}).get(id) or self._history[id].occurred
        return span.earliest, span.latest - 1


def _by_position(happenings: Iterable[Happening]) -> list[Happening]:
    return sorted(happenings, key=lambda each: each.position)
