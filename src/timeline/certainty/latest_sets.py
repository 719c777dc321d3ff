"""Of many that set one property of one subject over and over: those that can matter at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from timeline.certainty.effects import Closing, Effects, Statement, Value
from timeline.certainty.evaluate_simple import are_independent
from timeline.temporal.instant_bounds import SortKey


class LastClosing(NamedTuple):
    """One way in which an event closes statements."""

    acts: Effects
    pattern: Closing


class LatestSets(NamedTuple):
    """Of the sets of one property that have surely happened, the foremost two.

    They are of different values, so one of them closes any given value: the place of its
    beginning, its value, and the id of its event. `closings` are those that can matter:
    not overtaken by both in every world, since whatever they close is closed by a later one;
    nor to come after the two that surely come first, since it is closed by then.
    """

    foremost: tuple[tuple[SortKey, Value, str], ...]
    closings: list[LastClosing]

    def is_overtaken(self, statement: Statement, opening: Mapping[str, Effects], at: int) -> bool:
        """Whether a set stands between `at` and all that opens the statement, in every world."""
        if not opening:
            return False
        for place, value, id in self.foremost:
            if value != statement.value and id not in opening:
                return all(
                    acts.until is None
                    and not (acts.at.maybe_before(at) and acts.at.last_before(at) >= place)
                    for acts in opening.values()
                )
        return False


def front_of(closings: list[LastClosing], at: int) -> LatestSets:
    """The front of the closings of one property of one subject, whatever the value, at a time."""
    foremost: dict[Value, tuple[SortKey, Value, str]] = {}
    coming: dict[Value, int] = {}
    for acts, pattern in closings:
        earliest, latest, position = acts.at
        value = pattern.value
        if acts.doubtful or value is None or not pattern.other_value:
            continue
        # What sets several values at once closes none of those.
        if latest <= at:
            known, place = foremost.get(value), (earliest, position)
            if (known is None or known[0] < place) and _sets_one_value(acts):
                foremost[value] = (place, value, acts.id)
        elif earliest >= at and latest < coming.get(value, latest + 1) and _sets_one_value(acts):
            coming[value] = latest
    leaders = sorted(foremost.values(), key=lambda place: place[0], reverse=True)[:2]
    if len(leaders) > 1:
        overtaken = leaders[1][0]
        closings = [each for each in closings if each.acts.at.last() >= overtaken]
    if len(coming) > 1:
        _, come = sorted(coming.values())[:2]
        closings = [
            each
            for each in closings
            if each.acts.at.earliest < come or not are_independent([each.acts])
        ]
    return LatestSets(tuple(leaders), closings)


def _sets_one_value(acts: Effects) -> bool:
    return len({opened.value for opened in acts.opens}) == 1
