"""Evaluation of a statement on simple evidence, which is nearly all there is.

Everything that bears on the statement begins or ends it at one instant, certainly happened, and
has no links to other events. Then it is decided by the highest places that begins and ends have
reached, found in one pass over each. What `evaluate.py` computes from any evidence comes to
this here; a property test holds the two together.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from timeline.certainty.effects import Effects
from timeline.temporal.instant_bounds import BEFORE_ALL, MAX_INSTANT, SortKey


class Verdict(NamedTuple):
    """How a statement holds: what may have begun it, and what may have ended it since."""

    certain: bool
    since: tuple[int, int]
    until: tuple[int, int] | None
    openers: Sequence[Effects]
    doubts: Sequence[Effects]


def are_independent(acts: Collection[Effects]) -> bool:
    """Whether all of these are sure, have no links, and begin nothing that may be over."""
    for act in acts:
        if act.doubtful or act.end_unknown or act.tied is not None or act.until is not None:
            return False
    return True


def evaluate_simple(begins: Sequence[Effects], ends: Sequence[Effects], at: int) -> Verdict | None:
    """Whether what independent acts begin and end holds at `at`; None if in no world."""
    ended, last_end, is_to_come = _ended(ends, at)
    begun = BEFORE_ALL
    openers: list[Effects] = []
    for act in begins:
        earliest, latest, position = act.at
        if latest <= at and (earliest, position) > begun:
            begun = earliest, position
        if earliest < at and (min(latest, at) - 1, position) >= ended:
            openers.append(act)
    if not openers:
        return None
    certain = begun > BEFORE_ALL and last_end < begun
    since = _since(openers, last_end, at)
    until = _until(openers, ends, at) if is_to_come else None
    doubts = () if certain else _doubts(openers, ends, max(begun, ended), at)
    return Verdict(certain, since, until, openers, doubts)


def _ended(ends: Sequence[Effects], at: int) -> tuple[SortKey, SortKey, bool]:
    """The highest place that an end has certainly reached, and the highest it may have reached.

    Both are before `at`. The third value is whether any end may come at `at` or later.
    """
    surely = last = BEFORE_ALL
    is_to_come = False
    for act in ends:
        earliest, latest, position = act.at
        if latest > at:
            is_to_come = True
        elif (earliest, position) > surely:
            surely = earliest, position
        if earliest < at and (place := (min(latest, at) - 1, position)) > last:
            last = place
    return surely, last, is_to_come


def _since(openers: Sequence[Effects], last_end: SortKey, at: int) -> tuple[int, int]:
    """When it began: at the latest with the first opener that certainly comes after all ends."""
    settled = [
        act.at.latest for act in openers if act.at.latest <= at and act.at.first() > last_end
    ]
    latest = min(settled) if settled else max(act.at.latest for act in openers)
    return min(act.at.earliest for act in openers), latest


def _until(openers: Sequence[Effects], ends: Sequence[Effects], at: int) -> tuple[int, int]:
    """When it ends: at the latest with the first end that comes after all openers."""
    last_opener = max(act.at.last_before(at) for act in openers)
    to_come = [act.at for act in ends if act.at.latest > at]
    following = (when.latest for when in to_come if when.first() > last_opener)
    return min(when.earliest for when in to_come), min(following, default=MAX_INSTANT)


def _doubts(
    openers: Sequence[Effects], ends: Sequence[Effects], reached: SortKey, at: int
) -> Sequence[Effects]:
    """The ends that can be the last of all before `at`, and come after what they would end."""
    first = min(act.at.first() for act in openers)
    return [
        act
        for act in ends
        if act.at.maybe_before(at)
        and act.at.last_before(at) >= reached
        and first < act.at.last_before(at)
    ]
