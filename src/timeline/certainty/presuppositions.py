"""An end presupposes what it ends: to leave, a person must have joined before.

Where dates overlap, an end and a beginning could come in either order. But an end that names what
it ends was recorded by someone who knew that it had begun. So, in each cast, of the beginnings
that an end fits, those are left out that something else certainly closed before it. If those that
could come before it are one, or reports that agree, they do come before it.

Events that would presuppose one another, such as two appointments on one day, presuppose nothing.
The others are taken in the order of the ends' positions, each where those before it leave room.

Most dates do not overlap, and then nothing depends on this. `Presuppositions` finds the ends for
which it may matter, and the events on which it may depend, by their own dates: links only narrow
those.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from timeline.certainty.cast import Cast
from timeline.certainty.effects import DatedClosing, Effects, Statement
from timeline.certainty.effects_lookup import EffectsLookup
from timeline.certainty.occurrence import Constraint
from timeline.history.accounts import what_it_says
from timeline.history.event import Event

Property = tuple[str, str]
"""A subject, and a property of it."""


def overlapping(effects: Iterable[Effects]) -> set[Property]:
    """The properties with an end and a beginning that could come in either order, by their dates.

    The effects may be those of several versions of an event.
    """
    begins: dict[Property, list[Effects]] = defaultdict(list)
    ends: dict[Property, list[Effects]] = defaultdict(list)
    for each in effects:
        for key in {statement[:2] for statement in each.opens}:
            begins[key].append(each)
        for closing in each.closes:
            if closing.presupposes:
                assert closing.subject is not None and closing.property is not None
                ends[closing.subject, closing.property].append(each)
    return {
        key
        for key, several in ends.items()
        if any(_overlap(begin, end) for end in several for begin in begins.get(key, ()))
    }


def _overlap(begin: Effects, end: Effects) -> bool:
    """Whether two events could come in either order, by their dates."""
    one, other = begin.at, end.at
    return one[0] < other[1] and other[0] < one[1] and begin.id != end.id


class _Entangled(NamedTuple):
    """An end that may presuppose a beginning.

    `begins` are the ids of the beginnings that it may end, each with the ids of what may have
    closed it between the two.
    """

    end: str
    begins: Mapping[str, frozenset[str]]

    def members(self) -> frozenset[str]:
        return frozenset((self.end, *self.begins)).union(*self.begins.values())


class Presuppositions:
    """What the ends among some effects may presuppose, computed when it is first needed."""

    def __init__(self, effects: EffectsLookup, event: Callable[[str], Event | None]):
        self._effects = effects
        self._event = event
        self._entangled: dict[Property, list[_Entangled]] = {}
        self._of: dict[Property, dict[str, set[str]]] = {}
        # The properties with entangled events, of those looked at so far.
        self._tangled: set[Property] = set()

    def forget(self, effects: Effects) -> None:
        """Compute again what an event bears on: it was added, or is about to be removed."""
        for key in self.properties_of(effects):
            self._entangled.pop(key, None)
            self._of.pop(key, None)
            self._tangled.discard(key)

    def properties_of(self, effects: Effects) -> set[Property]:
        """The properties that an event bears on."""
        if len(effects.opens) == 1 and not effects.closes:
            return {effects.opens[0][:2]}
        found: set[Property] = {each[:2] for each in effects.opens}
        for closing in effects.closes:
            if closing.subject is not None and closing.property is not None:
                found.add((closing.subject, closing.property))
            else:
                found.update(each[:2] for each in self._effects.fitting(closing))
        return found

    def related(self, id: str) -> Iterator[str]:
        """The events with which this one is entangled."""
        effects = self._effects.get(id)
        for key in self.properties_of(effects) if effects is not None else ():
            if self._records(key):
                yield from self._related(key).get(id, ())

    def are_none_in(self, key: Property) -> bool:
        """Whether no event is entangled in a property, nor in any other looked at so far."""
        return not self._records(key) and not self._tangled

    def is_entangled(self, effects: Effects) -> bool:
        """Whether an event is entangled with any others."""
        return any(
            bool(self._records(key)) and effects.id in self._related(key)
            for key in self.properties_of(effects)
        )

    def entangled_in(self, key: Property) -> set[str]:
        """The events that are entangled with one another in a property."""
        return set(self._related(key)) if self._records(key) else set()

    def ends_about(self, effects: Effects) -> Iterator[str]:
        """The entangled ends of the properties that an event bears on."""
        for key in self.properties_of(effects):
            for each in self._records(key):
                yield each.end

    def apply(self, cast: Cast) -> set[tuple[str, str]]:
        """Require of a cast what its ends presuppose; the beginnings and ends so ordered."""
        ordered: set[tuple[str, str]] = set()
        wanted: dict[str, list[set[str]]] = defaultdict(list)
        for each in self._ends_in(cast):
            begins = self._presupposed(each, cast)
            if begins:
                wanted[each.end].append(begins)
        of = {end: set().union(*several) for end, several in wanted.items()}
        for end in sorted(wanted, key=lambda id: cast.points.of[id].position):
            if any(end in of.get(begin, ()) for begin in of[end]):
                continue
            for begins in wanted[end]:
                if cast.require([cast.points.in_order(begin, end) for begin in sorted(begins)]):
                    ordered.update((begin, end) for begin in begins)
        return ordered

    def _ends_in(self, cast: Cast) -> Iterator[_Entangled]:
        keys = dict.fromkeys(
            key
            for id in cast.points.ids
            if (effects := self._effects.get(id)) is not None
            for key in sorted(self.properties_of(effects))
        )
        for key in keys:
            for each in self._records(key):
                if each.end in cast.present:
                    yield each

    def _presupposed(self, entangled: _Entangled, cast: Cast) -> set[str]:
        """The beginnings that certainly come before an end, because it presupposes them."""
        end = entangled.end
        found = {
            begin
            for begin, closers in entangled.begins.items()
            if begin in cast.present
            and _may_precede(begin, end, cast)
            and not _is_over(begin, end, cast)
            and not any(
                _surely_precedes(begin, closer, cast) and _surely_precedes(closer, end, cast)
                for closer in closers & cast.present
            )
        }
        return found if len(found) == 1 or self._agree(found) else set()

    def _agree(self, ids: Iterable[str]) -> bool:
        events = map(self._event, ids)
        return len({what_it_says(each) for each in events if each is not None}) == 1

    def _related(self, key: Property) -> dict[str, set[str]]:
        if key not in self._of:
            of: dict[str, set[str]] = defaultdict(set)
            for each in self._records(key):
                members = each.members()
                for id in members:
                    of[id] |= members
            self._of[key] = of
        return self._of[key]

    def _records(self, key: Property) -> list[_Entangled]:
        if key not in self._entangled:
            self._entangled[key] = []
            ends = [each for each in self._effects.ends_of(*key) if each.closing.presupposes]
            if ends:
                statements = self._effects.of_property(*key)
                begins = [each for said in statements for each in self._effects.openings(said)]
                # Most dates do not overlap.
                if any(_overlap(begin, end.effects) for end in ends for begin in begins):
                    self._entangled[key] = list(self._find(ends, key))
                if self._entangled[key]:
                    self._tangled.add(key)
        return self._entangled[key]

    def _find(self, ends: Iterable[DatedClosing], key: Property) -> Iterator[_Entangled]:
        statements = self._effects.of_property(*key)
        openings = {each: self._effects.openings(each) for each in statements}
        of_any = self._effects.closings_of_any_value(*key)
        closings = {
            (id(dated.closing), dated.effects.id): dated
            for each in statements
            for dated in self._effects.closings_of(each, ())
        }
        # The latest first, so that the first that fits is nearly always enough.
        closers = sorted(
            chain(of_any, closings.values()), key=lambda each: each.effects.at.first(), reverse=True
        )
        for dated in ends:
            end = dated.effects
            fitting = {
                begin.id: (begin, statement)
                for statement in statements
                if dated.closing.fits(statement)
                for begin in openings[statement]
                if begin.id != end.id
                and begin.id not in end.rivals
                and begin.at.first() < end.at.last()
            }
            if all(begin.at.last() < end.at.first() for begin, _ in fitting.values()):
                continue
            begins = {
                begin.id: frozenset(_between(begin, statement, end, closers))
                for begin, statement in fitting.values()
                if not _was_surely_closed(begin, statement, end, closers)
            }
            if any(fitting[id][0].at.last() >= end.at.first() for id in begins):
                yield _Entangled(end.id, begins)


def _was_surely_closed(
    begin: Effects, statement: Statement, end: Effects, closers: Iterable[DatedClosing]
) -> bool:
    """Whether in any world something closed what was begun before the end came."""
    if begin.until is not None and begin.until.latest <= end.at.earliest:
        return True
    for dated in closers:
        closer = dated.effects
        if closer.at.first() <= begin.at.last():
            return False
        is_sure = closer.at.last() < end.at.first() and not closer.doubtful
        if is_sure and _closes(dated, begin, statement, end):
            return True
    return False


def _between(
    begin: Effects, statement: Statement, end: Effects, closers: Iterable[DatedClosing]
) -> Iterator[str]:
    """The ids of what may have closed what was begun, between the beginning and the end."""
    for dated in closers:
        closer = dated.effects
        is_between = closer.at.last() > begin.at.first() and closer.at.first() < end.at.last()
        if is_between and _closes(dated, begin, statement, end):
            yield closer.id


def _closes(dated: DatedClosing, begin: Effects, statement: Statement, end: Effects) -> bool:
    """Whether something else closes what was begun; no set closes a spell."""
    return (
        dated.effects.id not in (begin.id, end.id)
        and (begin.until is None or not dated.closing.is_set)
        and dated.closing.fits(statement)
    )


def _may_precede(earlier: str, later: str, cast: Cast) -> bool:
    return cast.allows([cast.points.in_order(earlier, later)])


def _surely_precedes(earlier: str, later: str, cast: Cast) -> bool:
    return not cast.allows([cast.points.in_order(later, earlier)])


def _is_over(begin: str, end: str, cast: Cast) -> bool:
    """Whether a spell has certainly come to its own end before an event."""
    points = cast.points
    if points.of[begin].end is None:
        return False
    return not cast.allows([Constraint(points.begin(end), points.end(begin), 0)])
