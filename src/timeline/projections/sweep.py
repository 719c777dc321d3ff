"""A statement judged at all times in one sweep from the past to the future.

What surely happened long ago no longer matters once other things have surely come after it,
so that at any time few of the happenings that bear on a statement need to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from timeline.acts import Acts, Statement
from timeline.judgement import Evidence, judge
from timeline.order import Order
from timeline.plain import are_plain
from timeline.projections.answer import standing_of
from timeline.projections.areas import Stretch
from timeline.projections.breakpoints import breakpoints
from timeline.span import BEFORE_ALL, DAWN, DUSK, Place


def sweep(statement: Statement, evidence: Evidence, order: Order, since: int) -> Iterator[Stretch]:
    """The stretches from `since` on, each with the certainty and standing of the statement.

    `what` is None where it does not hold. Neighbours may be the same.
    """
    begins, ends = _Coming(evidence.begins, True), _Coming(evidence.ends, False)
    for earliest, latest in pairwise((since, *breakpoints(evidence, order, since), DUSK)):
        at = earliest if earliest > DAWN else min(latest, 0) - 1
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

    def __init__(self, acts: Sequence[Acts], are_begins: bool):
        self.foremost: Place = BEFORE_ALL
        self._are_begins = are_begins
        self._to_come = sorted(acts, key=lambda act: act.at.earliest, reverse=True)
        self._near: list[Acts] = []
        self._best = False

    def up_to(self, at: int) -> list[Acts]:
        """What may have happened before `at`, and can matter."""
        while self._to_come and self._to_come[-1].at.earliest < at:
            self._near.append(self._to_come.pop())
        for act in self._near:
            since, latest, position = act.at
            if latest <= at and (since, position) > self.foremost and are_plain((act,)):
                self.foremost, self._best = act.at.first(), self._is_confirmed(act)
        self._near = [act for act in self._near if not self._is_overtaken(act)]
        return self._near

    def forget(self, floor: Place) -> None:
        """Leave behind what came, in every world, before a beginning and an end that surely did."""
        self._near = [act for act in self._near if act.at.last() >= floor]

    def _is_overtaken(self, act: Acts) -> bool:
        if act.at.last() >= self.foremost or not are_plain((act,)):
            return False
        return self._best or not self._is_confirmed(act)

    def _is_confirmed(self, act: Acts) -> bool:
        return self._are_begins and act.happening.standing == "confirmed"
