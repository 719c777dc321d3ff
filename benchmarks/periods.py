"""The classic bitemporal table: rows of four columns, cut anew whenever a date is.

Each row says that a statement held from `valid_from` to `valid_to`, and that this was so
as known from `known_from` to `known_to`. It knows no dates but exact ones: an act happens
at the earliest instant of its bounds.
"""

from __future__ import annotations

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
        self._acts: dict[tuple[str, str, str], set[Act]] = defaultdict(set)
        self._current: dict[tuple[str, str, str], dict[Stretch, Period]] = defaultdict(dict)

    def cut(self, record: Settled) -> Cut:
        """Take in the next record."""
        was = acts_of(record.before, record.place) if record.before else []
        now = acts_of(record.after, record.place) if record.after else []
        if was == now:
            return Cut([], [])
        for act in was:
            self._acts[act.shelf].discard(act)
        for act in now:
            self._acts[act.shelf].add(act)
        cut = Cut([], [])
        for shelf in dict.fromkeys(act.shelf for act in (*was, *now)):
            self._recut(shelf, record.position, cut)
        return cut

    def _recut(self, shelf: tuple[str, str, str], position: int, cut: Cut) -> None:
        rows = self._current[shelf]
        wanted = set(stretches(self._acts[shelf]))
        for stretch in [each for each in rows if each not in wanted]:
            cut.closed.append(rows.pop(stretch))
        for stretch in wanted - rows.keys():
            statement, valid_from, valid_to = stretch
            rows[stretch] = Period(*statement, valid_from, valid_to, position)
            cut.opened.append(rows[stretch])


def stretches(acts: Iterable[Act]) -> Iterator[Stretch]:
    """When each statement of a shelf held."""
    since: dict[Statement, int] = {}
    for act in sorted(acts, key=lambda each: (each.earliest, each.position)):
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
