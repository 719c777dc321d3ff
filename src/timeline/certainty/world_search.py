"""Whether there is a world in which some events are before a time, and others out of the way.

Events whose dates depend on no others are settled by their bounds. The others are settled by
component: a component is searched cast by cast, and apart from all other components. That is
enough, since of what a component needs of another there is only one thing that counts: how late
the *pivot* can be, and it is best placed as late as possible (`evaluate.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import NamedTuple

from timeline.certainty.cast import Cast
from timeline.certainty.effects import Effects
from timeline.certainty.occurrence import OPEN, Constraint
from timeline.certainty.order import Order
from timeline.temporal.instant_bounds import BEFORE_ALL, MAX_INSTANT, SortKey

# Later than any place that a pivot can have.
_NEVER: SortKey = (2 * MAX_INSTANT, 0)


class Demand(NamedTuple):
    """What must be so of events in a world, at the time asked about.

    Those in `before` happened before it, and those in `after` at that time or later. Those in
    `over` are spells that ended before it, and those in `running` spells that began before it and
    did not. Those in `absent` did not happen.
    """

    before: tuple[Effects, ...] = ()
    after: tuple[Effects, ...] = ()
    over: tuple[Effects, ...] = ()
    running: tuple[Effects, ...] = ()
    absent: tuple[Effects, ...] = ()

    def __add__(self, other: object) -> Demand:
        """Both demands at once."""
        assert isinstance(other, Demand)
        return Demand(*(one + more for one, more in zip(self, other, strict=True)))

    def all(self) -> Iterable[Effects]:
        """All events of which anything is demanded."""
        return (act for several in self for act in several)


NO_DEMAND = Demand()


class WorldSearch:
    """Looks for a world at the time `at`, in which `obstacles` are out of the way of a pivot.

    An obstacle is out of the way if it did not happen, or came before the pivot, or comes at
    `at` or later. Obstacles begin or end a statement at one instant: they are no spells.
    """

    def __init__(self, obstacles: Iterable[Effects], at: int, order: Order):
        self._at = at
        # An open side of a date is before the end of time.
        self._limit = at if at < MAX_INSTANT else OPEN + 1
        self._order = order
        self._barrier = BEFORE_ALL
        self._tied: dict[str, list[Effects]] = defaultdict(list)
        self._free: set[str] = set()
        for act in obstacles:
            if act.tied is not None:
                self._tied[act.tied].append(act)
                continue
            self._free.add(act.id)
            if not act.doubtful and act.at.surely_before(at):
                self._barrier = max(self._barrier, act.at.first())

    def finds(self, pivot: Effects | None, demand: Demand = NO_DEMAND) -> bool:
        """Whether there is a world in which the pivot comes before `at`, and all that is demanded.

        Without a pivot, all obstacles that happened must be at `at` or later.
        """
        if not all(self._is_met_alone(demand)):
            return False
        demands: dict[str, None] = dict.fromkeys(
            act.tied for act in demand.all() if act.tied is not None
        )
        keys = [*self._tied, *(key for key in demands if key not in self._tied)]
        place = BEFORE_ALL
        if pivot is not None:
            found = self._place_of(pivot, demand)
            if found is None or found < self._barrier:
                return False
            place = found
            keys = [key for key in keys if key != pivot.tied]
        elif self._barrier > BEFORE_ALL:
            return False
        # An obstacle that must come before `at` has to come before the pivot.
        if any(act.id in self._free and act.at.first() > place for act in demand.before):
            return False
        return all(self._has_room(key, place, demand) for key in keys)

    def _is_met_alone(self, demand: Demand) -> Iterable[bool]:
        """Whether each event that depends on no others can be as demanded."""
        at = self._at
        for act in demand.before:
            yield act.tied is not None or act.at.maybe_before(at)
        for act in demand.after:
            yield act.tied is not None or not act.at.surely_before(at)
        for act in demand.over:
            yield act.tied is not None or (act.until is not None and act.until.maybe_before(at))
        for act in demand.running:
            yield act.tied is not None or (
                act.at.maybe_before(at) and act.until is not None and act.until.latest > at
            )
        for act in demand.absent:
            yield act.tied is not None or act.doubtful

    def _place_of(self, pivot: Effects, demand: Demand) -> SortKey | None:
        """The latest place that the pivot can have; None if it cannot be before `at`."""
        if pivot.tied is None:
            return pivot.at.last_before(self._at) if pivot.at.maybe_before(self._at) else None
        component = self._order.component(pivot.id)
        assert component is not None
        point = component.points.begin(pivot.id)
        found = (self._latest(cast, pivot, demand) for cast in component.with_all(pivot.id))
        return max(
            ((latest(point), pivot.at.position) for latest in found if latest is not None),
            default=None,
        )

    def _has_room(self, key: str, place: SortKey, demand: Demand) -> bool:
        """Whether the obstacles of a component can be out of the way of a pivot elsewhere."""
        component = self._order.component(key)
        assert component is not None
        return any(self._latest(cast, place, demand) is not None for cast in component.casts)

    def _latest(
        self, cast: Cast, pivot: Effects | SortKey, demand: Demand
    ) -> Callable[[int], int] | None:
        """The latest instants with which a cast is as demanded, and out of the way.

        The pivot is one of the cast, or a place elsewhere: `BEFORE_ALL` if there is none.
        """
        at, points = self._limit, cast.points
        before, after, over, running, absent = (
            [act.id for act in acts if act.id in points.of] for acts in demand
        )
        if not cast.present.issuperset((*before, *after, *over, *running)):
            return None
        if not cast.present.isdisjoint(absent):
            return None
        at_most = {points.begin(id): at - 1 for id in (*before, *running)}
        at_most.update((points.end(id), at - 1) for id in over)
        at_least = {points.begin(id): at for id in after}
        at_least.update((points.end(id), at) for id in running)
        either: list[Constraint] = []
        no_later: dict[int, int] = {}
        for act in self._tied.get(points.ids[0], ()):
            if act.id not in cast.present:
                continue
            if isinstance(pivot, Effects):
                if act.id != pivot.id:
                    either.append(points.in_order(act.id, pivot.id))
            elif pivot == BEFORE_ALL:
                at_least[points.begin(act.id)] = at
            else:
                instant, position = pivot
                no_later[points.begin(act.id)] = instant - (act.at.position > position)
        if isinstance(pivot, Effects):
            at_most[points.begin(pivot.id)] = at - 1
        return cast.latest_with((), at_most, at_least, either, no_later, at)
