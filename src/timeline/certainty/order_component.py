"""Events whose order depends on one another, and what that leaves of their dates.

A component has the events that are joined by links, by rivalry, and by what ends presuppose
(`presuppositions.py`). It is judged apart from all others: a world of the whole log is a choice
of a cast and of its instants (`cast.py`) in each component.

Where no cast has any instants, the dates contradict one another. The smallest set of
contradictory events is found, and the links among them are left out, until some cast has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import product

from timeline.certainty.cast import Cast
from timeline.certainty.contradictions import smallest_clash
from timeline.certainty.occurrence import Constraint, Link, Occurrence, Points, hull
from timeline.temporal.instant_bounds import InstantBounds

BoundLink = tuple[str, Link, tuple[str, ...]]
"""The id of an event, one of its links, and the ids of the events that the link may name."""


class Component:
    """Events whose order depends on one another, in order of position.

    `casts` are those that have a world, and `spans` the bounds that they leave of each event's
    beginning. `clashes` are the sets of ids whose dates contradict one another, each the
    smallest that there is without the links among those before it. `ruled_out` are the ids of
    the events that happened in no world. `presupposed` are the beginnings and ends of which
    the one presupposes the other, in some world at least. `key` is the id of the first event,
    which is in no other component.
    """

    def __init__(
        self,
        occurrences: Collection[Occurrence],
        links: Iterable[BoundLink],
        presuppose: Callable[[Cast], set[tuple[str, str]]],
    ):
        self.points = Points(sorted(occurrences, key=lambda each: each.position))
        self.key = self.points.ids[0]
        self.links = list(links)
        self.clashes: list[frozenset[str]] = []
        self.casts = self._possible_casts()
        self.presupposed = sorted(set().union(*map(presuppose, self.casts)))
        self.spans = {
            id: hull(cast.begin(id) for cast in self.casts if id in cast.present)
            for id in self.points.ids
            if id not in self.ruled_out
        }

    def __contains__(self, id: str) -> bool:
        return id in self.points.of

    @cached_property
    def ruled_out(self) -> frozenset[str]:
        """The events that happened in no world."""
        so = frozenset[str]().union(*(cast.present for cast in self.casts))
        return frozenset(self.points.ids) - so

    @cached_property
    def sure(self) -> frozenset[str]:
        """The events that happened in every world."""
        return frozenset.intersection(*(cast.present for cast in self.casts))

    @property
    def is_certain(self) -> bool:
        """Whether the same events happened in all worlds."""
        return len(self.casts) == 1

    def end(self, id: str) -> InstantBounds | None:
        """The bounds of the end of an event, if it is a period with a known end."""
        if self.points.of[id].end is None:
            return None
        point = self.points.end(id)
        return hull(cast.span(point) for cast in self.casts if id in cast.present)

    def clashes_near(self, id: str) -> list[frozenset[str]]:
        """The clashes among the events that links and rivalry join with one, through others too."""
        if not self.clashes:
            return []
        beside: dict[str, set[str]] = defaultdict(set)
        for each in self.points.of.values():
            beside[each.id].update(each.rivals)
        for source, _, others in self.links:
            for other in others:
                beside[source].add(other)
                beside[other].add(source)
        near, waiting = {id}, [id]
        while waiting:
            new = beside[waiting.pop()] - near
            near |= new
            waiting.extend(new)
        return [clash for clash in self.clashes if clash <= near]

    def what_rules_out(self, id: str) -> frozenset[str]:
        """A smallest set of events, this one included, that can in no world all be so."""
        casts = (self._cast(present) for present in self._choices() if id in present)
        clashes = (smallest_clash(cast) | {id} for cast in casts if not cast.is_possible)
        return min(clashes, key=len)

    def with_all(self, *ids: str) -> Iterator[Cast]:
        """The casts in which all of these happened."""
        wanted = set(ids)
        return (cast for cast in self.casts if wanted <= cast.present)

    def _constraints(self, present: Collection[str]) -> Iterator[Constraint]:
        """What the dates and links of the events in a cast demand."""
        for id in present:
            yield from self.points.within_itself(id)
        for id, link, others in self.links:
            for other in others:
                tied = {id, other}
                if tied <= set(present) and not any(tied <= clash for clash in self.clashes):
                    yield from self.points.bound(id, link, other)

    def _possible_casts(self) -> Sequence[Cast]:
        while True:
            clash: frozenset[str] | None = None
            possible: list[Cast] = []
            for present in self._choices():
                cast = self._cast(present)
                if cast.is_possible:
                    possible.append(cast)
                elif not possible:
                    found = smallest_clash(cast)
                    if clash is None or len(found) < len(clash):
                        clash = found
            if possible:
                return possible
            assert clash is not None
            self.clashes.append(clash)

    def _cast(self, present: Collection[str]) -> Cast:
        return Cast(self.points, present, self._constraints(present))

    def _choices(self) -> Iterator[frozenset[str]]:
        """Each choice of one of every set of rivals, and of any of what is disputed."""
        sure: set[str] = set()
        either: dict[frozenset[str], list[list[str]]] = {}
        for id, each in self.points.of.items():
            if each.rivals:
                either.setdefault(frozenset((id, *each.rivals)), []).append([id])
            elif each.doubtful:
                either[frozenset((id,))] = [[id], []]
            else:
                sure.add(id)
        for chosen in product(*either.values()):
            yield frozenset(sure.union(*chosen))
