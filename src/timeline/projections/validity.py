"""When statements about an entity hold: all of valid time at once, kept up record by record."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from timeline.certainty.effects import Closing, DatedClosing, Effects, Statement, Value
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.prune import decisive
from timeline.certainty.sweep import sweep
from timeline.history.history import Event
from timeline.projections.areas import Stretch, merged
from timeline.projections.statement import standing_of
from timeline.temporal.instant_bounds import BEFORE_ALL, MAX_INSTANT, MIN_INSTANT, SortKey


class Extent(NamedTuple):
    """When a statement holds, and outside what times nothing that happens can matter to it.

    `stretches` carry its certainty and standing. It holds at no T outside
    `earliest < T < latest`. It is `implied` where ends that name it say that it held before,
    and no beginning is known.
    """

    stretches: list[Stretch]
    earliest: int
    latest: int
    implied: bool


class ValidityIndex:
    """Of what stands, all that closes statements of a property whatever their value, by time.

    A measure taken ten thousand times is set and replaced as often; to each of its values
    only what happened next to it matters.
    """

    def __init__(self, worlds: EvidenceIndex):
        self._worlds = worlds
        self._shelves: dict[tuple[str, str], ClosingsByTime] = defaultdict(ClosingsByTime)
        self._placed: dict[str, list[tuple[str, str]]] = {}

    def add(self, event: Event) -> None:
        """Take in an event that counts, and let the worlds take it in."""
        self._worlds.add(event)
        effects = self._worlds.effects(event)
        if effects is None:
            return
        for closing in effects.closes:
            if closing.subject is not None and closing.property is not None and _is_wide(closing):
                shelf = closing.subject, closing.property
                self._shelves[shelf].add(DatedClosing(effects, closing))
                self._placed.setdefault(effects.id, []).append(shelf)

    def remove(self, event: Event) -> None:
        """Forget one that was taken in, and let the worlds forget it."""
        self._worlds.remove(event)
        for shelf in self._placed.pop(event.id, ()):
            self._shelves[shelf].remove(event.id)

    def of(self, statement: Statement, since: int, before: Extent | None) -> Extent | None:
        """When a statement holds; None if nothing opens or implies it.

        Nothing has changed that happened before `since`, since it held as `before`.
        """
        evidence = self._worlds.evidence(statement, ())
        begins, spells, ends, implies = evidence
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
            near, latest = shelf.near(statement, earliest, last_begun, at_least, since)
            known = {each.id for each in (*openers, *ends)}
            more = {each.id: each for each in near if each.id not in known}
            evidence = evidence._replace(ends=[*ends, *more.values()])
        kept: list[Stretch] = []
        if before is not None and since > MIN_INSTANT:
            # What happens at an instant has happened from the next microsecond on.
            since += 1
            evidence = decisive(evidence, since)
            kept = before.stretches[: bisect_left(before.stretches, (since,))]
        found = [
            Stretch(first, last, held and (held.certainty, standing_of(held.because)))
            for first, last, held in sweep(statement, evidence, self._worlds.order, since)
        ]
        if kept:
            last = kept.pop()
            found.insert(0, last._replace(latest=min(last.latest, since)))
        return Extent([*kept, *merged(found)], earliest, latest, bool(implies))


class ClosingsByTime:
    """What closes the statements of one property of one subject, in order of time."""

    def __init__(self) -> None:
        self._plain: list[tuple[int, int, int]] = []
        self._closings: dict[int, DatedClosing] = {}
        self._numbers: dict[str, list[int]] = defaultdict(list)
        self._odd: dict[str, list[DatedClosing]] = defaultdict(list)
        self._widest = 0
        self._next = 0

    def add(self, closing: DatedClosing) -> None:
        effects = closing.effects
        earliest, latest, position = effects.at
        if (
            effects.doubtful
            or effects.tied is not None
            or earliest == MIN_INSTANT
            or latest == MAX_INSTANT
        ):
            self._odd[effects.id].append(closing)
            return
        self._next += 1
        self._closings[self._next] = closing
        self._numbers[effects.id].append(self._next)
        self._widest = max(self._widest, latest - earliest)
        insort(self._plain, (earliest, position, self._next))

    def remove(self, id: str) -> None:
        self._odd.pop(id, None)
        for number in self._numbers.pop(id, ()):
            effects = self._closings.pop(number).effects
            del self._plain[bisect_left(self._plain, (*effects.at.first(), number))]

    def near(
        self, statement: Statement, earliest: int, last_begun: SortKey, at_least: int, since: int
    ) -> tuple[list[Effects], int]:
        """What can matter to a statement after `since`, and by when it is surely over.

        It begins at `earliest` or later, and for the last time by `last_begun`; what does
        not hang on a beginning lasts up to `at_least`.
        """
        closings = [each for several in self._odd.values() for each in several]
        found = [each.effects for each in closings if each.closing.fits(statement)]
        over = MAX_INSTANT
        first = max(earliest, self._last_before(statement, since)) - self._widest
        for place in range(bisect_left(self._plain, (first, 0, 0)), len(self._plain)):
            begun, position, number = self._plain[place]
            if begun >= over:
                break
            effects, closing = self._closings[number]
            if effects.at.latest <= earliest or not closing.fits(statement):
                continue
            found.append(effects)
            if (begun, position) > last_begun:
                over = min(over, max(effects.at.latest, at_least))
        return found, over

    def _last_before(self, statement: Statement, instant: int) -> int:
        """The earliest instant of the last closing of a statement that surely came before another.

        By the lemma of `prune.py`, closings that are surely older cannot matter.
        """
        for place in range(bisect_left(self._plain, (instant, 0, 0)) - 1, -1, -1):
            begun, _, number = self._plain[place]
            effects, closing = self._closings[number]
            if effects.at.latest <= instant and closing.fits(statement):
                return begun
        return MIN_INSTANT


class TrackedStatements:
    """Statements that are followed, found by what may have come to close them."""

    def __init__(self) -> None:
        self._extents: dict[Statement, tuple[int, Extent]] = {}
        self._statements: dict[int, Statement] = {}
        self._by_latest: dict[Value, list[tuple[int, int]]] = defaultdict(list)
        self._next = 0

    def put(self, statement: Statement, extent: Extent | None) -> None:
        """Follow a statement as it now holds; None where there is nothing to follow."""
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
        """When a statement holds, as it was put last."""
        known = self._extents.get(statement)
        return known and known[1]

    def closed_by(
        self, patterns: Iterable[Closing], slug: str, earliest: int, latest: int
    ) -> Iterator[Statement]:
        """Those that something in `[earliest, latest)` may close; all name the entity `slug`."""
        for pattern in patterns:
            name: Value = slug
            if pattern.subject is not None:
                name = pattern.subject
            elif pattern.value is not None and not pattern.other_value:
                name = pattern.value
            for_later = self._by_latest.get(name, [])
            for _, number in for_later[bisect_right(for_later, (earliest, self._next)) :]:
                statement = self._statements[number]
                if self._extents[statement][1].earliest < latest and pattern.fits(statement):
                    yield statement


def _is_wide(pattern: Closing) -> bool:
    return pattern.value is None or pattern.other_value
