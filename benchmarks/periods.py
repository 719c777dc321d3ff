"""The classic bitemporal table: rows of four columns, cut anew whenever a date is.

Each row says that a statement held from `valid_from` to `valid_to`, and that this was so
as known from `known_from` to `known_to`. It knows no dates but exact ones: an act happens
at the earliest instant of its bounds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from benchmarks.effects import Act, Statement, acts_of
from benchmarks.settled import Settled

# Later than anything: the end of a row that has none.
FOREVER = 2**62

Stretch = tuple[Statement, int, int]


class Period(NamedTuple):
    """One row."""

    subject: str
    property: str
    value: str
    role: str
    valid_from: int
    valid_to: int
    known_from: int
    known_to: int = FOREVER


class Cut(NamedTuple):
    """What a record does to the table: rows that end here, and rows that begin here."""

    closed: list[Period]
    opened: list[Period]


class Cutter:
    """Keeps the acts that stand and the rows that are current, in memory."""

    def __init__(self) -> None:
        self._shelves: dict[tuple[str, str, str], ClosingsByTime] = defaultdict(ClosingsByTime)

    def cut(self, record: Settled) -> Cut:
        """Take in the next record."""
        was = acts_of(record.before, record.place) if record.before else []
        now = acts_of(record.after, record.place) if record.after else []
        cut = Cut([], [])
        if was == now:
            return cut
        changed: dict[tuple[str, str, str], list[Act]] = defaultdict(list)
        for act in was:
            self._shelves[act.shelf].remove(act)
            changed[act.shelf].append(act)
        for act in now:
            self._shelves[act.shelf].add(act)
            changed[act.shelf].append(act)
        for shelf, acts in changed.items():
            self._shelves[shelf].recut(acts, record.position, cut)
        return cut


class ClosingsByTime:
    """The acts on one subject and property in their order, and the rows they make."""

    def __init__(self) -> None:
        self._acts: list[Act] = []
        self._rows: dict[Stretch, Period] = {}
        # Of rows that do not overlap: where they begin.
        self._starts: list[tuple[int, Stretch]] = []

    def add(self, act: Act) -> None:
        insort(self._acts, act, key=_place)

    def remove(self, act: Act) -> None:
        self._acts.remove(act)

    def recut(self, changed: list[Act], position: int, cut: Cut) -> None:
        """Replace the rows that are no longer so, after these acts came or went."""
        if any(act.kind == "set" for act in changed):
            for act in changed:
                self._replace(*self._around(act), position, cut)
        else:
            self._replace(list(self._rows), set(stretches(self._acts)), position, cut)

    def _replace(self, found: list[Stretch], wanted: set[Stretch], position: int, cut: Cut) -> None:
        for stretch in found:
            if stretch not in wanted:
                row = self._rows.pop(stretch)
                del self._starts[bisect_left(self._starts, (stretch[1], stretch))]
                # What this very record began was never so.
                if row.known_from == position:
                    cut.opened.remove(row)
                else:
                    cut.closed.append(row)
        for stretch in wanted - self._rows.keys():
            statement, valid_from, valid_to = stretch
            self._rows[stretch] = Period(*statement, valid_from, valid_to, position)
            insort(self._starts, (valid_from, stretch))
            cut.opened.append(self._rows[stretch])

    def _around(self, act: Act) -> tuple[list[Stretch], set[Stretch]]:
        """The rows near an act, as they are and as they should be.

        One value at a time holds. The one before the act and the one after it may have been
        one row without it, so both are looked at to their ends.
        """
        acts = self._acts
        first = max(0, bisect_left(acts, _place(act), key=_place) - 1)
        while first and acts[first].statement == acts[first - 1].statement:
            first -= 1
        last = bisect_right(acts, _place(act), key=_place)
        for _ in range(2):
            last += 1
            while last < len(acts) and acts[last].statement == acts[last - 1].statement:
                last += 1
        begin = min(act.earliest, acts[first].earliest) if acts else act.earliest
        end = acts[last].earliest if last < len(acts) else FOREVER
        low, high = (bisect_left(self._starts, (instant,)) for instant in (begin, end))
        wanted = {each for each in stretches(acts[first : last + 1]) if each[1] < end}
        return [stretch for _, stretch in self._starts[low:high]], wanted


def _place(act: Act) -> tuple[int, int]:
    return act.earliest, act.position


def stretches(acts: Iterable[Act]) -> Iterator[Stretch]:
    """When each statement of a shelf held."""
    since: dict[Statement, int] = {}
    for act in sorted(acts, key=_place):
        for statement in [each for each in since if act.closes(each)]:
            began = since.pop(statement)
            if began < act.earliest:
                yield statement, began, act.earliest
        if act.opens:
            since.setdefault(act.statement, act.earliest)
    for statement, began in since.items():
        yield statement, began, FOREVER


def all_periods(records: Iterable[Settled], cutter: Cutter) -> Iterator[Period]:
    """All rows of a log that is loaded at once, each with the position at which it ended."""
    current: set[Period] = set()
    for record in records:
        cut = cutter.cut(record)
        for row in cut.closed:
            current.discard(row)
            yield row._replace(known_to=record.position)
        current.update(cut.opened)
    yield from current
