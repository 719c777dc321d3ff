"""When statements about an entity hold, over all of valid time, updated record by record."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Generic, NamedTuple, TypeVar

from timeline.certainty.effects import Closing, DatedClosing, Effects, Evidence, Statement, Value
from timeline.certainty.evaluate import Certainty
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.certainty.prune import decisive, is_sure_and_free
from timeline.certainty.sweep import sweep
from timeline.history.event import Event, Standing
from timeline.projections.answer import TimeRange, timestamps
from timeline.projections.statement import standing_of
from timeline.temporal.instant_bounds import BEFORE_ALL, MAX_INSTANT, MIN_INSTANT, SortKey

Said = TypeVar("Said")

How = tuple[Certainty, Standing]


class Stretch(NamedTuple, Generic[Said]):
    """Something that is true for `earliest <= T < latest`, in microseconds since 1970, UTC."""

    earliest: int
    latest: int
    what: Said

    def valid(self) -> TimeRange:
        """The two instants; null where a side is open."""
        return timestamps(self.earliest, self.latest)


class Extent(NamedTuple):
    """When a statement holds, and the only times at which an event can matter to it.

    `stretches` carry its certainty and standing. It holds at no T outside
    `earliest < T < latest`. It is `implied` if its beginning is not known, and ends that name
    it say that it held before them.
    """

    stretches: list[Stretch[How]]
    earliest: int
    latest: int
    implied: bool


class ValidityIndex:
    """The closings that close statements of a property regardless of their value, by time.

    A property that is measured ten thousand times is replaced as often. Only the neighbouring
    closings matter to each value, and this index finds them.
    """

    def __init__(self, worlds: EvidenceIndex):
        self._worlds = worlds
        self._shelves: dict[tuple[str, str], ClosingsByTime] = defaultdict(ClosingsByTime)
        self._placed: dict[str, list[tuple[str, str]]] = {}

    def add(self, event: Event) -> None:
        """Add an event that counts, which the evidence has already."""
        effects = self._worlds.effects(event)
        if effects is None:
            return
        for closing in effects.closes:
            if closing.subject is not None and closing.property is not None and _is_wide(closing):
                shelf = closing.subject, closing.property
                self._shelves[shelf].add(DatedClosing(effects, closing))
                self._placed.setdefault(effects.id, []).append(shelf)

    def remove(self, event: Event) -> None:
        """Remove an event that was added."""
        for shelf in self._placed.pop(event.id, ()):
            self._shelves[shelf].remove(event.id)

    def of(self, statement: Statement, since: int, before: Extent | None) -> Extent | None:
        """When a statement holds; None if nothing opens or implies it.

        If `before` is given, it is the extent so far, and nothing changed that happened before
        `since`.
        """
        evidence = self._worlds.evidence(statement, self._worlds.ends_of_any_value(statement))
        begins, spells, ends, implies, *_ = evidence
        openers = (*begins, *spells)
        if not openers and not implies:
            return None
        if implies or before is None or before.implied:
            since = MIN_INSTANT
        earliest = MIN_INSTANT if implies else min(each.at.earliest for each in openers)
        last_begun = max((each.at.last() for each in begins), default=BEFORE_ALL)
        by_itself = [each.until.latest for each in spells if each.until is not None]
        at_least = max([*by_itself, *(each.at.latest for each in implies)], default=MIN_INSTANT)
        latest = MAX_INSTANT
        shelf = self._shelves.get(statement[:2])
        if shelf is not None:
            opening = {each.id for each in openers}
            near, latest = shelf.near(statement, opening, earliest, last_begun, at_least, since)
            known = {each.id for each in ends} | opening
            more = {each.id: each for each in near if each.id not in known}
            evidence = evidence._replace(ends=[*ends, *more.values()])
        kept: list[Stretch[How]] = []
        if before is not None and since > MIN_INSTANT:
            # An event at an instant has happened from the next microsecond on.
            since += 1
            evidence = decisive(evidence, since)
            kept = before.stretches[: bisect_left(before.stretches, (since,))]
        if kept:
            last = kept.pop()
            kept.append(last._replace(latest=min(last.latest, since)))
        for stretch in _swept(statement, evidence, self._worlds.order, since):
            _append(kept, stretch)
        return Extent(kept, earliest, latest, bool(implies))


def stretches_of(
    statement: Statement, worlds: EvidenceIndex, since: int = MIN_INSTANT
) -> list[Stretch[How]]:
    """When a statement holds, over all of valid time from an instant on, and how."""
    found: list[Stretch[How]] = []
    for stretch in _swept(statement, worlds.evidence(statement), worlds.order, since):
        _append(found, stretch)
    return found


def _swept(
    statement: Statement, evidence: Evidence, order: Order, since: int
) -> Iterator[Stretch[How]]:
    """When a statement holds, from an instant on; neighbours may say the same."""
    for first, until, held in sweep(statement, evidence, order, since):
        if held is not None:
            yield Stretch(first, until, (held.certainty, standing_of(held.because)))


def _append(stretches: list[Stretch[How]], more: Stretch[How]) -> None:
    """Add a stretch, joined with the last one if they meet and say the same."""
    last = stretches[-1] if stretches else None
    if last and last.latest == more.earliest and last.what == more.what:
        stretches[-1] = last._replace(latest=more.latest)
    else:
        stretches.append(more)


class ClosingsByTime:
    """The closings of statements of one property of one subject, in order of time.

    Those with the same bounds are together, and the last that closes a statement stands for all of
    them: by the second lemma of `prune.py` the others decide neither certainty nor standing.
    """

    def __init__(self) -> None:
        self._bounds: list[tuple[int, int]] = []
        self._equals: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
        self._closings: dict[int, DatedClosing] = {}
        self._numbers: dict[str, list[int]] = defaultdict(list)
        self._odd: dict[str, list[DatedClosing]] = defaultdict(list)
        self._widest = 0
        self._next = 0

    def add(self, closing: DatedClosing) -> None:
        effects = closing.effects
        earliest, latest, position = effects.at
        if not is_sure_and_free(effects) or earliest == MIN_INSTANT or latest == MAX_INSTANT:
            self._odd[effects.id].append(closing)
            return
        self._next += 1
        self._closings[self._next] = closing
        self._numbers[effects.id].append(self._next)
        self._widest = max(self._widest, latest - earliest)
        equals = self._equals[earliest, latest]
        if not equals:
            insort(self._bounds, (earliest, latest))
        insort(equals, (position, self._next))

    def remove(self, id: str) -> None:
        self._odd.pop(id, None)
        for number in self._numbers.pop(id, ()):
            earliest, latest, position = self._closings.pop(number).effects.at
            equals = self._equals[earliest, latest]
            del equals[bisect_left(equals, (position, number))]
            if not equals:
                del self._bounds[bisect_left(self._bounds, (earliest, latest))]

    def near(
        self,
        statement: Statement,
        openers: Collection[str],
        earliest: int,
        last_begun: SortKey,
        at_least: int,
        since: int,
    ) -> tuple[list[Effects], int]:
        """What can matter to a statement after `since`, and when it has certainly ended.

        The events with the ids `openers` open it, at `earliest` or later, and for the last time by
        `last_begun`. What does not depend on a beginning lasts up to `at_least`.
        """
        closings = [each for several in self._odd.values() for each in several]
        found = [each.effects for each in closings if each.closing.fits(statement)]
        over = MAX_INSTANT
        first = max(earliest, self._last_before(statement, since)) - self._widest
        for place in range(bisect_left(self._bounds, (first,)), len(self._bounds)):
            bounds = begun, latest = self._bounds[place]
            if begun >= over:
                break
            effects = self._last_of(bounds, statement, openers) if latest > earliest else None
            if effects is None:
                continue
            found.append(effects)
            if effects.at.first() > last_begun:
                over = min(over, max(latest, at_least))
        return found, over

    def _last_of(
        self, bounds: tuple[int, int], statement: Statement, openers: Collection[str]
    ) -> Effects | None:
        """The last closing with these bounds of a statement that some events open."""
        for _, number in reversed(self._equals[bounds]):
            effects, closing = self._closings[number]
            if effects.id not in openers and closing.fits(statement):
                return effects
        return None

    def _last_before(self, statement: Statement, instant: int) -> int:
        """The earliest instant of the last closing of a statement certainly before an instant.

        By the lemma of `prune.py`, closings that are certainly older cannot matter.
        """
        for place in range(bisect_left(self._bounds, (instant,)) - 1, -1, -1):
            bounds = begun, latest = self._bounds[place]
            if latest <= instant and self._last_of(bounds, statement, ()) is not None:
                return begun
        return MIN_INSTANT


class TrackedStatements:
    """The extents of statements, found by statement or by what may close them."""

    def __init__(self) -> None:
        self._extents: dict[Statement, tuple[int, Extent]] = {}
        self._statements: dict[int, Statement] = {}
        self._by_latest: dict[Value, list[tuple[int, int]]] = defaultdict(list)
        self._next = 0

    def put(self, statement: Statement, extent: Extent | None) -> None:
        """Set the extent of a statement; None removes it."""
        known = self._extents.pop(statement, None)
        names = set(statement.entities())
        if known is not None:
            number, before = known
            del self._statements[number]
            for name in names:
                latest = self._by_latest[name]
                del latest[bisect_left(latest, (before.latest, number))]
        if extent is not None:
            self._next += 1
            self._extents[statement] = self._next, extent
            self._statements[self._next] = statement
            for name in names:
                insort(self._by_latest[name], (extent.latest, self._next))

    def __iter__(self) -> Iterator[Statement]:
        return iter(list(self._extents))

    def get(self, statement: Statement) -> Extent | None:
        """The extent of a statement."""
        known = self._extents.get(statement)
        return known and known[1]

    def closed_by(
        self, closings: Iterable[Closing], slug: str, earliest: int, latest: int
    ) -> Iterator[Statement]:
        """The statements that an event in `[earliest, latest)` may close; all name `slug`."""
        for closing in closings:
            name: Value = slug
            if closing.subject is not None:
                name = closing.subject
            elif closing.value is not None and not closing.is_set:
                name = closing.value
            for_later = self._by_latest.get(name, [])
            for _, number in for_later[bisect_right(for_later, (earliest, self._next)) :]:
                statement = self._statements[number]
                if self._extents[statement][1].earliest < latest and closing.fits(statement):
                    yield statement


def _is_wide(closing: Closing) -> bool:
    return closing.value is None or closing.is_set
