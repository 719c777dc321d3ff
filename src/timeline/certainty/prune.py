"""What cannot matter at a time, and so need not be looked at: one lemma and its uses.

An *act* is one event's effect on a statement: it begins or it ends the statement. Of a
statement that changed ten thousand times, few acts matter at any one time.

**Lemma.** Let X be an act that is sure (it happened in every world, at one instant) and surely
came before T. If the last place at which Y could happen is before the first at which X could,
then Y is in no world the last act before T.

Proof. In a world in which Y happened, the place of Y is at most `Y.at.last()`, which is before
`X.at.first()`, which is at most the place of X; and X came before T. So X came after Y. ∎

Nothing is asked of Y: it may be doubtful, linked by order, or one of several rival accounts.
What follows, in the terms of `evaluate.py`:

1. *Y, X are of one kind.* Y need not be kept as an obstacle: a pivot that X does not obstruct
   comes after X, and so after Y. Nor is it needed as a pivot: if Y is clear of all obstacles in
   some world, X is clear of them in the same world.
2. *X would end what Y begins, or begin what Y ends.* Y is no pivot: X is in its way.

An act that is left out may still be one of the events *behind* an answer: of several begins, any
since the last end is. So what is asked for decides what may be left out. `decisive` leaves out
begins, and answers only for certainty and standing; `latest_sets` leaves out only ends.

The lemma has a mirror image. What surely comes after an act that is sure, and that surely comes
at T or later, is in no world the next one.

Both hold at every later T as well, since what certainly came before T has certainly come by then.

**Second lemma.** Let X and Y be ends that are sure and not linked, with the same bounds, and X the
later by position. Then Y decides nothing but what may have ended the statement (`doubts`).

Proof. A world of all acts but Y becomes one with Y by letting Y happen in the instant of X, just
before it: where X is out of the way of a pivot, so is Y. And in a world in which Y is the last act
before T, the two can change places: then X is. ∎
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import islice
from typing import NamedTuple

from timeline.certainty.effects import DatedClosing, Effects, Evidence, Statement, Value
from timeline.temporal.instant_bounds import BEFORE_ALL, SortKey

Said = tuple[Value | None, tuple[tuple[str, str], ...]]
"""What a set says of a property: its value and qualifiers."""


def latest_reached(acts: Iterable[Effects], at: int) -> SortKey:
    """The highest first place of an act that is sure and certainly came before `at`.

    By the lemma, nothing whose last place is before it can be the last act.
    """
    reached = BEFORE_ALL
    for act in acts:
        earliest, latest, position = act.at
        if (
            latest <= at
            and (earliest, position) > reached
            and not act.doubtful
            and act.until is None
        ):
            reached = earliest, position
    return reached


def decisive(evidence: Evidence, at: int) -> Evidence:
    """The part of the evidence that decides certainty and standing at `at` and later.

    A statement has the best standing among its possible beginnings, so one is left out only for
    a later one of no lower standing, or for a later end.
    """
    begins, _, ends, *_ = evidence
    undisputed = (act for act in begins if act.event.standing in ("reported", "confirmed"))
    begun, ended = latest_reached(undisputed, at), latest_reached(ends, at)
    overtaken = [act for act in begins if act.at.last() < begun]
    if overtaken:
        confirmed = (act for act in begins if act.event.standing == "confirmed")
        surpassed = max(ended, latest_reached(confirmed, at))
        left_out = {
            act.id
            for act in overtaken
            if act.at.last() < surpassed or act.event.standing != "confirmed"
        }
        begins = [act for act in begins if act.id not in left_out]
    if ended > BEFORE_ALL:
        ends = [act for act in ends if act.at.last() >= ended]
    return evidence._replace(begins=begins, ends=ends)


class LatestSets(NamedTuple):
    """Of the sets of one property of one subject, those that can matter at a time.

    A set closes every statement but its own, so of two sets of different statements at least one
    closes any given statement. `foremost` are the two that have certainly reached the highest
    places, each as that place and the statement. `closings` are those that are not overtaken by
    both, nor certainly to come after the first two that certainly come.
    """

    foremost: tuple[tuple[SortKey, Said], ...]
    closings: list[DatedClosing]

    def replaced(self, statement: Statement, opening: Collection[Effects], at: int) -> bool:
        """Whether a set certainly came between everything that opens the statement and `at`."""
        if not opening:
            return False
        for place, said in self.foremost:
            if said != statement[2:]:
                return all(
                    act.until is None
                    and not (act.at.maybe_before(at) and act.at.last_before(at) >= place)
                    for act in opening
                )
        return False


def latest_sets(closings: list[DatedClosing], at: int) -> LatestSets:
    """The latest sets, from all that closes one property of one subject whatever the value."""
    reached: dict[Said, SortKey] = {}
    to_come: dict[Said, int] = {}
    for act, closing in closings:
        earliest, latest, position = act.at
        if act.doubtful or closing.value is None or not closing.is_set:
            continue
        value = closing.value, closing.qualifiers
        # An event that sets several values at once closes none of those.
        if latest <= at:
            place = earliest, position
            if reached.get(value, BEFORE_ALL) < place and _sets_one_value(act):
                reached[value] = place
        elif earliest >= at and latest < to_come.get(value, latest + 1) and _sets_one_value(act):
            to_come[value] = latest
    foremost = sorted(
        ((place, said) for said, place in reached.items()), key=lambda each: each[0], reverse=True
    )[:2]
    if len(foremost) > 1:
        overtaken = foremost[1][0]
        closings = [each for each in closings if each.effects.at.last() >= overtaken]
    if len(to_come) > 1:
        _, come = sorted(to_come.values())[:2]
        closings = [each for each in closings if each.effects.at.earliest < come]
    return LatestSets(tuple(foremost), closings)


def last_of_equals(closings: Iterable[DatedClosing]) -> list[DatedClosing]:
    """The closings that decide how any statement holds, but for its doubts (second lemma).

    Of sets with equal bounds these are the last two of different statements, since a set does not
    close its own.
    """
    kept: list[DatedClosing] = []
    equals: dict[tuple[int, int], list[DatedClosing]] = defaultdict(list)
    for each in closings:
        act, closing = each
        if is_sure_and_free(act) and closing.is_set and _sets_one_value(act):
            equals[act.at[:2]].append(each)
        else:
            kept.append(each)
    for sets in equals.values():
        sets.sort(key=lambda each: each.effects.at.position)
        last = sets[-1]
        kept.append(last)
        others = (each for each in reversed(sets) if _said(each) != _said(last))
        kept += islice(others, 1)
    return kept


def is_sure_and_free(act: Effects) -> bool:
    """Whether an act happened in every world, and moves no other."""
    return not act.doubtful and act.tied is None


def _said(dated: DatedClosing) -> Said:
    return dated.closing.value, dated.closing.qualifiers


def _sets_one_value(act: Effects) -> bool:
    return len({opened[2:] for opened in act.opens}) == 1
