"""The heart: whether a statement holds at a time, over all worlds that are left possible.

A *world* picks one instant within the bounds of every event, so that every `after` and
`before` holds; one of each set of rival accounts, which happened while the others did not;
and of every disputed event whether it happened (docs/concepts.md). In a world, a statement
holds at T if

    some begin of it came before T, and every end came before that begin, or at T or later,

or if a spell of it began before T and ended at T or later. It does not hold if

    some end came before T, or nothing did; and every begin came before that end, or at T
    or later; and every spell began at T or later, or ended before T.

Both have one form: an event, the *pivot*, before T, and *obstacles* that must be out of
its way. A disputed obstacle is, in the worlds where it did not happen; and so is an account
whose rival happened. So a statement is possible if some begin can be such a pivot (or some
spell holds), and certain if besides no end can be, nor nothing at all.

There is no need to enumerate the worlds. Where events are not linked by order, their
instants are independent. Then the latest place of the pivot before T is as good as any,
and an obstacle that has certainly happened by T is out of its way if its earliest place is
before that. So only the highest of these places matters: the *barrier*. Where they are
linked, `order.py` looks for a world.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from timeline.certainty.effects import Effects, Evidence, Statement
from timeline.certainty.evaluate_simple import are_independent, evaluate_simple
from timeline.certainty.order import MinimumGap, Order
from timeline.history.history import Event
from timeline.temporal.instant_bounds import BEFORE_ALL, MAX_INSTANT, MIN_INSTANT, SortKey

Certainty = Literal["certain", "possible"]
Interval = tuple[int, int]

_NEVER: SortKey = (2 * MAX_INSTANT, 0)


class HeldStatement(NamedTuple):
    """A statement that holds at some time, certainly or possibly.

    `since` and `until` bound its beginning and its end as `[earliest, latest)` in
    microseconds, with `MIN_INSTANT` and `MAX_INSTANT` for open sides; None where nothing is
    known. `because` are the events that make it hold; `doubts` those that may have ended it.
    """

    statement: Statement
    certainty: Certainty
    since: Interval | None
    until: Interval | None
    because: tuple[Event, ...]
    doubts: tuple[Event, ...] = ()


def evaluate(
    statement: Statement, evidence: Evidence, at: int, order: Order
) -> HeldStatement | None:
    """Whether a statement holds at `at`; None if in no world.

    `at` is exclusive: what happens at `at` has not happened yet.
    """
    begins, spells, ends, implies = evidence
    if len(begins) == 1 and not spells and not ends:
        return _with_one_beginning(statement, begins[0], at)
    if not spells and not implies and are_independent(begins) and are_independent(ends):
        return _on_simple_evidence(statement, begins, ends, at)
    return evaluate_general(statement, evidence, at, order)


def evaluate_general(
    statement: Statement, evidence: Evidence, at: int, order: Order
) -> HeldStatement | None:
    """The same for any evidence: by what can be a pivot, and what is an obstacle to it."""
    begins, spells, ends, implies = evidence
    obstacles = _Obstacles(ends, begins, at, order)
    openers = [begin for begin in begins if obstacles.cleared_by(begin)]
    open_spells = [spell for spell in spells if spell.at.maybe_before(at) and _ends_late(spell, at)]
    coming = [end for end in implies if not end.at.surely_before(at)]
    episodes = [_Episode.of_spell(each, at) for each in open_spells]
    if openers:
        episodes.insert(0, _Episode.of_begins(openers, evidence, at))
    certain = bool(episodes) and not _may_not_hold(evidence, at, order)
    episodes += [_Episode(None, (each.at.earliest, each.at.latest)) for each in coming]
    if not episodes:
        return None
    since, until = _bounds_of_any(episodes)
    return HeldStatement(
        statement,
        "certain" if certain else "possible",
        _known(since),
        _known(until),
        because=_events(openers, open_spells, coming),
        doubts=() if certain or not openers else _doubts(openers, evidence, at, order),
    )


def _with_one_beginning(statement: Statement, begin: Effects, at: int) -> HeldStatement | None:
    """The same where a single event begins the statement, and nothing else bears on it."""
    if not begin.at.maybe_before(at):
        return None
    unsure = begin.doubtful or begin.end_unknown or not begin.at.surely_before(at)
    since = begin.at.earliest, begin.at.latest
    certainty: Certainty = "possible" if unsure else "certain"
    return HeldStatement(statement, certainty, _known(since), None, (begin.event,))


def _on_simple_evidence(
    statement: Statement, begins: Sequence[Effects], ends: Sequence[Effects], at: int
) -> HeldStatement | None:
    """The same where everything is independent."""
    verdict = evaluate_simple(begins, ends, at)
    if verdict is None:
        return None
    certain, since, until, openers, doubts = verdict
    return HeldStatement(
        statement,
        "certain" if certain else "possible",
        _known(since),
        _known(until),
        _events(openers),
        _events(doubts),
    )


def _may_not_hold(evidence: Evidence, at: int, order: Order) -> bool:
    """Whether there is a world in which the statement does not hold."""
    begins, spells, ends, _ = evidence
    # A beginning whose end is unknown may itself have ended as well.
    enders = [*ends, *(begin for begin in begins if begin.end_unknown)]
    obstacles = _Obstacles([*begins, *spells], enders, at, order)
    return obstacles.cleared_by(None) or any(map(obstacles.cleared_by, enders))


def _doubts(
    openers: Iterable[Effects], evidence: Evidence, at: int, order: Order
) -> tuple[Event, ...]:
    """The ends that can be the last of all before `at`, and come after what they would end."""
    begins, _, ends, _ = evidence
    others = _Obstacles([*begins, *ends], ends, at, order)
    return _events(
        end
        for end in ends
        if others.cleared_by(end)
        and any(
            opener.at.first() < end.at.last_before(at) and opener.id not in end.rivals
            for opener in openers
        )
    )


class _Obstacles:
    """Acts that must be out of the way of a pivot: before it, or at `at` or later."""

    def __init__(self, acts: Iterable[Effects], pivots: Iterable[Effects], at: int, order: Order):
        self._at = at
        self._order = order
        self._barrier = BEFORE_ALL
        # Units of acts, one of which happened, whose instants depend on other instants.
        self._linked: list[list[Effects]] = []
        acts = list(acts)
        if not any(act.tied is not None or act.doubtful for act in acts):
            # The usual case: each act is a unit.
            self._barrier = max(map(self._needs, acts), default=BEFORE_ALL)
            return
        units = list(_surely_one(acts))
        linked = Counter(act.tied for unit in units for act in unit if act.tied is not None)
        if linked:
            linked.update(pivot.tied for pivot in pivots if pivot.tied is not None)
        for unit in units:
            if linked and any(act.tied is not None and linked[act.tied] > 1 for act in unit):
                self._linked.append(unit)
            else:
                self._barrier = max(self._barrier, min(map(self._needs, unit)))

    def cleared_by(self, pivot: Effects | None) -> bool:
        """Whether in some world the pivot comes before `at`, and no obstacle is in its way.

        Without a pivot, all of them must be at `at` or later. A pivot may be an obstacle too,
        alone or with its rivals, but it is never in its own way: no unit asks for a higher
        place than the lowest that one of its acts needs.
        """
        if pivot is None:
            if self._barrier > BEFORE_ALL:
                return False
        elif not pivot.at.maybe_before(self._at) or pivot.at.last_before(self._at) < self._barrier:
            return False
        units = [unit for unit in self._linked if pivot not in unit]
        return not units or self._are_clear(pivot, [], units)

    def _needs(self, act: Effects) -> SortKey:
        """The place that a pivot must have reached for an act to be out of its way."""
        if not act.at.surely_before(self._at):
            return BEFORE_ALL
        if act.until is not None:
            return BEFORE_ALL if act.until.earliest < self._at else _NEVER
        return act.at.first()

    def _are_clear(
        self, pivot: Effects | None, chosen: list[Effects], units: list[list[Effects]]
    ) -> bool:
        """Whether, of each unit, one can have happened and be out of the way."""
        if not units:
            return self._is_possible(pivot, chosen)
        if len(units[0]) > 1 and not self._is_possible(pivot, chosen):
            return False
        return any(self._are_clear(pivot, [*chosen, act], units[1:]) for act in units[0])

    def _is_possible(self, pivot: Effects | None, chosen: list[Effects]) -> bool:
        """Whether there is a world in which all that were chosen are out of the way at once.

        That the pivot is beyond the barrier need not be asked for: `Order.allows` leaves it at
        its latest place before `at`, which `cleared_by` has compared with the barrier. For a
        condition only moves an obstacle down, to a place before the pivot's; if that moved the
        pivot in turn, they would move one another down for ever, and there is no such world.
        """
        at_least = {
            act.id: self._at
            for act in chosen
            if (pivot is None and act.until is None)
            or (act.until is not None and act.until.earliest >= self._at)
        }
        alone = {act.id: act.at for act in (pivot, *chosen) if act and act.tied is None}
        if pivot is None:
            return self._order.allows(at_least=at_least, alone=alone)
        either = [
            MinimumGap(act.id, pivot.id, int(act.at.position > pivot.at.position))
            for act in chosen
            if act.until is None
        ]
        return self._order.allows((), {pivot.id: self._at - 1}, at_least, either, self._at, alone)


def _surely_one(acts: Iterable[Effects]) -> Iterator[list[Effects]]:
    """Units of acts of which exactly one happened: single acts, and complete sets of rivals.

    Disputed acts are in no unit, nor are accounts with a rival that is not among the acts.
    """
    rivals: dict[frozenset[str], dict[str, Effects]] = {}
    for act in acts:
        if not act.doubtful:
            yield [act]
        elif act.rivals:
            rivals.setdefault(act.accounts(), {})[act.id] = act
    for accounts, found in rivals.items():
        if len(found) == len(accounts):
            yield list(found.values())


def _ends_late(spell: Effects, at: int) -> bool:
    return spell.until is not None and spell.until.latest > at


class _Episode(NamedTuple):
    """When a statement began and ended, according to some of the evidence.

    It is `settled` if it certainly includes the time asked about.
    """

    since: Interval | None
    until: Interval | None
    settled: bool = False

    @classmethod
    def of_spell(cls, spell: Effects, at: int) -> _Episode:
        """A spell brings its own end."""
        assert spell.until is not None
        began, ended = spell.at, spell.until
        settled = not spell.doubtful and began.latest <= at <= ended.earliest
        return cls((began.earliest, began.latest), (ended.earliest, ended.latest), settled)

    @classmethod
    def of_begins(cls, openers: Sequence[Effects], evidence: Evidence, at: int) -> _Episode:
        """The episode that includes `at`, which any of the openers may have begun."""
        begins, _, ends, _ = evidence
        may_end = [*ends, *(act for act in begins if act.end_unknown)]
        possible_ends = (act.at.last_before(at) for act in may_end if act.at.maybe_before(at))
        last_possible_end = max(possible_ends, default=BEFORE_ALL)
        settled = [
            max(act.at.latest for act in unit)
            for unit in _surely_one(openers)
            if all(act.at.surely_before(at) and act.at.first() > last_possible_end for act in unit)
        ]
        since = (
            min(act.at.earliest for act in openers),
            min(settled) if settled else max(act.at.latest for act in openers),
        )
        to_come = [act for act in ends if act.at.latest > at]
        if not to_come:
            return cls(since, None, bool(settled))
        # An end that may have come before the beginning need not come again.
        last_opener = max(act.at.last_before(at) for act in openers)
        following = [act for act in ends if act.at.first() > last_opener]
        latest = (max(act.at.latest for act in unit) for unit in _surely_one(following))
        until = min(act.at.earliest for act in to_come), min(latest, default=MAX_INSTANT)
        return cls(since, until, bool(settled))


def _bounds_of_any(episodes: Sequence[_Episode]) -> tuple[Interval | None, Interval | None]:
    """When a statement began and ended if any of several episodes may be the actual one."""
    if len(episodes) == 1:
        return episodes[0][:2]
    since = until = None
    starts = [(each.since, each.settled) for each in episodes if each.since is not None]
    ends = [(each.until, each.settled) for each in episodes if each.until is not None]
    if len(starts) == len(episodes):
        settled = [start[1] for start, is_settled in starts if is_settled]
        latest = min(settled) if settled else max(start[1] for start, _ in starts)
        since = min(start[0] for start, _ in starts), latest
    if len(ends) == len(episodes):
        settled = [end[0] for end, is_settled in ends if is_settled]
        earliest = max(settled) if settled else min(end[0] for end, _ in ends)
        until = earliest, max(end[1] for end, _ in ends)
    return since, until


def _known(bounds: Interval | None) -> Interval | None:
    """The bounds, or None where both sides are open, so that they say nothing."""
    return None if bounds == (MIN_INSTANT, MAX_INSTANT) else bounds


def _events(*acts: Iterable[Effects]) -> tuple[Event, ...]:
    found = {act.id: act.event for each in acts for act in each}
    return tuple(found.values())
