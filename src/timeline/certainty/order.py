"""When events happened, as their dates, their links and what ends presuppose have it.

An event depends on those that it has a link to, or that have one to it; on its rivals; and on
those with which an end is entangled. A link names an event, not one account of it: in each world
it binds to whichever account is so there, and to nothing where the event did not happen. Events
that depend on one another are a component (`order_component.py`); most depend on none.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain
from typing import Literal

from timeline.certainty.cast import Cast
from timeline.certainty.effects import Effects, effects_of
from timeline.certainty.effects_lookup import EffectsLookup
from timeline.certainty.occurrence import Constraint, Link, Occurrence, links_of
from timeline.certainty.order_component import BoundLink, Component
from timeline.certainty.presuppositions import Presuppositions, Property
from timeline.history.event import Event
from timeline.history.history import Change, History
from timeline.temporal.instant_bounds import InstantBounds

Relation = Literal["certain", "possible", "no"]


class Order:
    """The order of the events of a history that count, and of others whose effects were added.

    `effects` are those of all of them. Components are computed when they are first needed.
    """

    def __init__(self, history: History):
        self._history = history
        self.effects = EffectsLookup()
        self._presuppositions = Presuppositions(self.effects, self._event)
        self._links: dict[str, tuple[Link, ...]] = {}
        # The events that have a link to an event.
        self._linking: dict[str, set[str]] = defaultdict(set)
        self._components: dict[str, Component | None] = {}
        for event in history.counting():
            self._declare(event)

    def take(self, event: Event) -> None:
        """Add an event of the history, which has been read since."""
        if event.counts:
            self._remove(event.id)
            self._declare(event)
            self._components.clear()

    def take_effects(self, effects: Effects) -> None:
        """Add the effects of an event without links, which is not in the history."""
        if self.effects.get(effects.id) is None:
            self._add(effects)
            self._components.clear()

    def component(self, id: str) -> Component | None:
        """The component of an event; None if its date depends on no other."""
        if id not in self._components:
            if self._is_alone(id):
                self._components[id] = None
                return None
            members = self._members(id)
            found = self._component_of(members) if len(members) > 1 else None
            self._components.update(dict.fromkeys(members, found))
        return self._components[id]

    def components(self) -> Iterator[Component]:
        """All components."""
        found = (self.component(each.id) for each in self._history.counting())
        return iter(dict.fromkeys(each for each in found if each is not None))

    def is_plain(self, key: Property) -> bool:
        """Whether no event that bears on a property is known to depend on any other.

        Only where no event was read in full: those that have links or rivals are.
        """
        return self._history.is_empty and self._presuppositions.are_none_in(key)

    def properties_of(self, id: str) -> set[Property]:
        """The properties that an event bears on."""
        effects = self.effects.get(id)
        return self._presuppositions.properties_of(effects) if effects is not None else set()

    def entangled_in(self, key: Property) -> set[str]:
        """The events on which depends what the ends of a property presuppose."""
        return self._presuppositions.entangled_in(key)

    def accounts(self, ids: Iterable[str]) -> set[str]:
        """The ids of all accounts of some events."""
        return set().union(*map(self._history.accounts, ids))

    def events(self, ids: Iterable[str]) -> tuple[Event, ...]:
        """Events of the history by their ids, in order of position."""
        return tuple(sorted((self._history[id] for id in ids), key=lambda each: each.position))

    def contradict(self, events: Collection[Event]) -> bool:
        """Whether the dates and links of some events, as they read here, contradict one another.

        All of them are taken to have happened.
        """
        occurrences = [
            Occurrence.of_event(each)._replace(doubtful=False, rivals=()) for each in events
        ]
        of = {account: each.id for each in events for account in self._history.accounts(each.id)}
        links = [
            (each.id, link, (of[link.other],))
            for each in events
            for link in links_of(each)
            if of.get(link.other, each.id) != each.id
        ]
        return bool(Component(occurrences, links, lambda cast: set()).clashes)

    def can_be_last(self, last: str, others: Iterable[str]) -> bool:
        """Whether an event can have come after all of some others."""
        ids = [last, *others]
        component = self.component(last)
        if component is None or any(id not in component for id in ids):
            return all(self.relation(id, last) != "no" for id in ids[1:])
        points = component.points
        wanted = [Constraint(points.begin(id), points.begin(last), 1) for id in ids[1:]]
        return any(cast.allows(wanted) for cast in component.with_all(*ids))

    def span(self, event: Event) -> InstantBounds:
        """When an event happened, or began, as all that is known of its order has it."""
        component = self.component(event.id) if event.counts else None
        if component is None or event.id in component.ruled_out:
            return event.occurred
        return component.spans[event.id]

    def end(self, event: Event) -> InstantBounds | None:
        """When an event ended, if its date is a period with a known end."""
        component = self.component(event.id) if event.counts else None
        if component is None or event.id in component.ruled_out:
            return event.span_of(event.when)[1]
        return component.end(event.id)

    def happened(self, event: Event) -> bool:
        """Whether an event that counts happened in every world."""
        component = self.component(event.id)
        return not event.doubtful if component is None else event.id in component.sure

    def may_have_happened(self, id: str) -> bool:
        """Whether an event happened in some world; one that does not count is taken to have."""
        component = self.component(id)
        return component is None or id not in component.ruled_out

    def relation(self, first: str, second: str) -> Relation:
        """Whether one event happened before another: in every world, in some, or in none.

        Only worlds in which both happened are meant.
        """
        if not (self.may_have_happened(first) and self.may_have_happened(second)):
            return "no"
        one, other = (self.span(self._history[id]) for id in (first, second))
        component = self.component(first)
        if component is None or second not in component:
            if one.latest <= other.earliest:
                return "certain"
            return "no" if one.earliest >= other.latest - 1 else "possible"
        points = component.points
        before = Constraint(points.begin(first), points.begin(second), 1)
        after = Constraint(points.begin(second), points.begin(first), 0)
        casts = list(component.with_all(first, second))
        if not any(cast.allows([before]) for cast in casts):
            return "no"
        return "possible" if any(cast.allows([after]) for cast in casts) else "certain"

    def may_precede(self, earlier: Effects, later: Effects) -> bool:
        """Whether one comes before the other in some world; at one instant, by position."""
        component = self.component(earlier.id)
        if component is None or later.id not in component:
            return earlier.at.first() < later.at.last()
        before = component.points.in_order(earlier.id, later.id)
        return any(cast.allows([before]) for cast in component.with_all(earlier.id, later.id))

    def may_be_running(self, spell: Effects, end: Effects) -> bool:
        """Whether a spell has begun and not come to its own end, when something ends it."""
        assert spell.until is not None

        def running(cast: Cast) -> bool:
            points = cast.points
            began = points.in_order(spell.id, end.id)
            return cast.allows([began, Constraint(points.begin(end.id), points.end(spell.id), 0)])

        component = self.component(spell.id)
        if component is None or end.id not in component:
            return spell.at.first() < end.at.last() and end.at.earliest < spell.until.latest
        return any(map(running, component.with_all(spell.id, end.id)))

    def cuts(self, end: Effects, spell: Effects) -> bool:
        """Whether an end comes within a spell, in every world in which both happened.

        The spell's own end was then a plan.
        """
        assert spell.until is not None

        def outside(cast: Cast) -> bool:
            points = cast.points
            own = Constraint(points.end(spell.id), points.begin(end.id), 0)
            return cast.allows([points.in_order(end.id, spell.id)]) or cast.allows([own])

        component = self.component(spell.id)
        if component is None or end.id not in component:
            return spell.at.last() < end.at.first() and end.at.latest <= spell.until.earliest
        return not any(map(outside, component.with_all(spell.id, end.id)))

    def sorted(
        self, events: Iterable[Event], key: Callable[[InstantBounds], tuple[int, ...]]
    ) -> list[Event]:
        """Sort by the `key` of when they happened, and none before what is known to precede it."""
        chosen = {each.id: each for each in events}
        linked = (self.component(id) for id in chosen)
        components = dict.fromkeys(each for each in linked if each is not None)
        places = {id: key(self.span(each)) for id, each in chosen.items()}
        for component in components:
            for id in component.points.ids:
                if id not in places and id in component.spans:
                    places[id] = key(component.spans[id])
        ahead: dict[str, int] = defaultdict(int)
        behind: dict[str, set[str]] = defaultdict(set)
        for component in components:
            for earlier, later in _known_order(component):
                if later not in behind[earlier] and {earlier, later} <= places.keys():
                    ahead[later] += 1
                    behind[earlier].add(later)
        ready = [(place, id) for id, place in places.items() if not ahead[id]]
        heapq.heapify(ready)
        left = {id for id in places if ahead[id]}
        found: list[Event] = []
        while ready or left:
            if not ready:
                # What rivals say of the order may lead round in a circle.
                ready = [min((places[id], id) for id in left)]
                left.discard(ready[0][1])
            _, id = heapq.heappop(ready)
            if id in chosen:
                found.append(chosen[id])
            for other in behind[id]:
                ahead[other] -= 1
                if not ahead[other] and other in left:
                    left.discard(other)
                    heapq.heappush(ready, (places[other], other))
        return found

    def update(self, changes: Collection[Change]) -> set[str]:
        """Apply changes of the history; the ids of events whose bounds or order they may move."""
        concerned = {change.after.id for change in changes}
        # What nothing was computed from need not be computed again.
        for id in (*concerned, *self._ends_about(changes)):
            if (known := self._components.get(id)) is not None:
                concerned.update(known.points.ids)
        for before, _ in changes:
            if before is not None and before.counts:
                self._remove(before.id)
        for _, after in changes:
            if after.counts:
                self._declare(after)
        concerned |= self.affected_by(changes)
        for id in concerned:
            self._components.pop(id, None)
        return concerned

    def affected_by(self, changes: Iterable[Change]) -> set[str]:
        """The events whose bounds or order may depend on what changed, as things are."""
        changes = list(changes)
        found: set[str] = set()
        for id in [*(change.after.id for change in changes), *self._ends_about(changes)]:
            found |= self._members(id)
            for linking in self._linking_to(id):
                found |= self._members(linking)
        return found

    def _ends_about(self, changes: Iterable[Change]) -> set[str]:
        """The ends whose presuppositions may change."""
        found: set[str] = set()
        for event in chain.from_iterable(changes):
            if event is not None and event.counts and (effects := effects_of(event)) is not None:
                found.update(self._presuppositions.ends_about(effects))
        return found

    def _declare(self, event: Event) -> None:
        if (effects := effects_of(event)) is not None:
            self._add(effects)
        if links := tuple(dict.fromkeys(links_of(event))):
            self._links[event.id] = links
            for link in links:
                self._linking[link.other].add(event.id)

    def _add(self, effects: Effects) -> None:
        self.effects.add(effects)
        self._presuppositions.forget(effects)

    def _remove(self, id: str) -> None:
        if (effects := self.effects.get(id)) is not None:
            self._presuppositions.forget(effects)
            self.effects.remove(id)
        for link in self._links.pop(id, ()):
            self._linking[link.other].discard(id)

    def _is_alone(self, id: str) -> bool:
        """Whether an event of which only the effects are known depends on no others."""
        effects = self.effects.get(id)
        return (
            effects is not None
            and not effects.rivals
            and id not in self._linking
            and self._history.get(id) is None
            and not self._presuppositions.is_entangled(effects)
        )

    def _members(self, id: str) -> set[str]:
        """The events in the component of an event that counts, itself included."""
        members, waiting = {id}, [id]
        event = self._history.get(id)
        if event is not None and not event.counts:
            return members
        while waiting:
            for other in self._beside(waiting.pop()):
                if other not in members:
                    members.add(other)
                    waiting.append(other)
        return members

    def _beside(self, id: str) -> Iterator[str]:
        """The events on which one depends, or which depend on it."""
        event, effects = self._history.get(id), self.effects.get(id)
        if event is not None:
            yield from event.rivals
        elif effects is not None:
            yield from effects.rivals
        for link in self._links.get(id, ()):
            yield from self._named(id, link)
        yield from self._linking_to(id)
        if effects is not None:
            yield from self._presuppositions.related(id)

    def _named(self, id: str, link: Link) -> Iterator[str]:
        """The events that a link of an event may name: none if it names another account of it."""
        if self._history.get(link.other) is not None:
            accounts = self._history.accounts(link.other)
            if id not in accounts:
                yield from (each for each in accounts if self._history[each].counts)

    def _linking_to(self, id: str) -> Iterator[str]:
        """The events that have a link to some account of an event."""
        if self._linking:
            accounts = self._history.accounts(id)
            for account in accounts:
                yield from self._linking.get(account, set()) - accounts

    def _component_of(self, members: Iterable[str]) -> Component:
        links: list[BoundLink] = []
        for id in sorted(members):
            for link in self._links.get(id, ()):
                named = sorted(self._named(id, link))
                if named:
                    links.append((id, link, tuple(named)))
        return Component(
            [self._occurrence(id) for id in members], links, self._presuppositions.apply
        )

    def _occurrence(self, id: str) -> Occurrence:
        event, effects = self._history.get(id), self.effects.get(id)
        if event is not None:
            return Occurrence.of_event(event)
        assert effects is not None
        return Occurrence.of_effects(effects)

    def _event(self, id: str) -> Event | None:
        event, effects = self._history.get(id), self.effects.get(id)
        return event if event is not None or effects is None else effects.event


def _known_order(component: Component) -> Iterator[tuple[str, str]]:
    """The pairs of events that came in one order in every world in which both happened."""
    by_cast = [(cast, set(_ordered_pairs(cast))) for cast in component.casts]
    for earlier, later in set().union(*(pairs for _, pairs in by_cast)):
        if all(
            (earlier, later) in pairs and (later, earlier) not in pairs
            for cast, pairs in by_cast
            if {earlier, later} <= cast.present
        ):
            yield earlier, later


def _ordered_pairs(cast: Cast) -> Iterator[tuple[str, str]]:
    """The events of which some condition says that one begins after the other."""
    points = cast.points
    for earlier, later, gap in cast.constraints:
        pair = points.owner(earlier), points.owner(later)
        if gap >= 0 and later == points.begin(pair[1]) and pair[0] != pair[1]:
            yield pair
