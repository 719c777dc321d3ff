"""A statement judged at all times in one sweep from the past to the future.

What surely happened long ago no longer matters once other things have surely come after it,
so that at any time few of the events that bear on a statement need to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from timeline.certainty.effects import Effects, Statement
from timeline.certainty.evaluate import Evidence, judge
from timeline.certainty.evaluate_simple import are_independent
from timeline.certainty.order import Order
from timeline.projections.areas import Stretch
from timeline.projections.breakpoints import breakpoints
from timeline.projections.statement import standing_of
from timeline.temporal.instant_bounds import BEFORE_ALL, MAX_INSTANT, MIN_INSTANT, SortKey


def sweep(statement: Statement, evidence: Evidence, order: Order, since: int) -> Iterator[Stretch]:
    """The stretches from `since` on, each with the certainty and standing of the statement.

    `what` is None where it does not hold. Neighbours may be the same.
    """
    begins, ends = _Coming(evidence.begins, True), _Coming(evidence.ends, False)
    for earliest, latest in pairwise((since, *breakpoints(evidence, order, since), MAX_INSTANT)):
        at = earliest if earliest > MIN_INSTANT else min(latest, 0) - 1
        begun, ended = begins.up_to(at), ends.up_to(at)
        floor = min(begins.foremost, ends.foremost)
        begins.forget(floor)
        ends.forget(floor)
        near = evidence._replace(begins=begun, ends=ended)
        held = judge(statement, near, at, order)
        what = held and (held.certainty, standing_of(held.because))
        yield Stretch(earliest, latest, what)


class _Coming:
    """What begins or ends a statement, taken in as time goes on and left behind again.

    `foremost` is the highest place that something plain has surely reached: nothing that
    came before it in every world can be the last of its kind. Of two beginnings the earlier
    one still counts if its standing is better, since a statement has the best of those that
    may have begun it.
    """

    def __init__(self, acts: Sequence[Effects], are_begins: bool):
        self.foremost: SortKey = BEFORE_ALL
        self._are_begins = are_begins
        self._to_come = sorted(acts, key=lambda act: act.at.earliest, reverse=True)
        self._near: list[Effects] = []
        self._best = False

    def up_to(self, at: int) -> list[Effects]:
        """What may have happened before `at`, and can matter."""
        while self._to_come and self._to_come[-1].at.earliest < at:
            self._near.append(self._to_come.pop())
        for act in self._near:
            since, latest, position = act.at
            if latest <= at and (since, position) > self.foremost and are_independent((act,)):
                self.foremost, self._best = act.at.first(), self._is_confirmed(act)
        self._near = [act for act in self._near if not self._is_overtaken(act)]
        return self._near

    def forget(self, floor: SortKey) -> None:
        """Leave behind what came, in every world, before a beginning and an end that surely did."""
        self._near = [act for act in self._near if act.at.last() >= floor]

    def _is_overtaken(self, act: Effects) -> bool:
        if act.at.last() >= self.foremost or not are_independent((act,)):
            return False
        return self._best or not self._is_confirmed(act)

    def _is_confirmed(self, act: Effects) -> bool:
        return self._are_begins and act.event.standing == "confirmed"
