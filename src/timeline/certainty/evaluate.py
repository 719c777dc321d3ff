"""The heart: whether a statement holds at a time, over all worlds that are left possible.

A *world* picks instants within the bounds of every event, so that every link holds; one of each
set of rival accounts, which happened while the others did not; and of every disputed event
whether it happened (docs/concepts.md). In a world, a statement holds at T if

    some begin of it came before T, and every end came before that begin, or at T or later,

or if a spell of it began before T, ended at T or later, and nothing cut it short before T; and if
the organisations that it is about had been founded by T. It does not hold if

    some end came before T, or nothing did; and every begin came before that end, or at T
    or later; and every spell began at T or later, ended before T, or was cut short before T;

or if one of the organisations was founded at T or later. Each has one form: an event, the *pivot*,
before T, *obstacles* that must be out of its way, and what else must be so (`world_search.py`).
So a statement is possible if some begin can be such a pivot (or some spell holds), and certain if
besides no end can be, nor nothing at all.

There is no need to enumerate the worlds. Where events do not depend on one another, their
instants are independent. Then the latest place of the pivot before T is as good as any,
and an obstacle that has certainly happened by T is out of its way if its earliest place is
before that. So only the highest of these places matters: the *barrier*. Where they do depend on
one another, each component is searched by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Literal, NamedTuple

from timeline.certainty.effects import Effects, Evidence, Statement
from timeline.certainty.evaluate_simple import are_independent, evaluate_simple
from timeline.certainty.order import Order
from timeline.certainty.world_search import NO_DEMAND, Demand, WorldSearch
from timeline.history.event import Event
from timeline.temporal.instant_bounds import BEFORE_ALL, MAX_INSTANT, MIN_INSTANT

Certainty = Literal["certain", "possible"]
Interval = tuple[int, int]


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
    begins, spells, ends, implies, _, foundings = evidence
    if not spells and not implies and not foundings:
        if len(begins) == 1 and not ends:
            return _with_one_beginning(statement, begins[0], at)
        if are_independent(begins) and are_independent(ends):
            return _on_simple_evidence(statement, begins, ends, at)
    return evaluate_general(statement, evidence, at, order)


def evaluate_general(
    statement: Statement, evidence: Evidence, at: int, order: Order
) -> HeldStatement | None:
    """The same for any evidence: by what can be a pivot, and what is an obstacle to it."""
    begins, spells, ends, implies, cuts, foundings = evidence
    founded = list(_founded(foundings))

    def holds(search: WorldSearch, pivot: Effects | None, demand: Demand = NO_DEMAND) -> bool:
        return any(search.finds(pivot, demand + each) for each in founded)

    unobstructed = WorldSearch(ends, at, order)
    openers = [begin for begin in begins if holds(unobstructed, begin)]
    running = [
        spell
        for spell in spells
        if holds(WorldSearch(cuts.get(spell.id, ()), at, order), None, Demand(running=(spell,)))
    ]
    coming = [
        end
        for end in implies
        if not end.at.surely_before(at)
        and holds(WorldSearch((), at, order), None, Demand(after=(end,)))
    ]
    episodes = [_Episode.of_spell(each, cuts.get(each.id, ()), at) for each in running]
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
        _known(_after_foundings(since, foundings)),
        _known(until),
        because=_events(openers, running, coming),
        doubts=() if certain else _doubts(openers, running, evidence, at, order),
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
    begins, spells, ends, _, cuts, foundings = evidence
    # A beginning whose end is unknown may itself have ended as well.
    enders = [*ends, *(begin for begin in begins if begin.end_unknown)]
    unobstructed = WorldSearch(begins, at, order)
    over = product(*(list(_not_running(spell, cuts.get(spell.id, ()), at)) for spell in spells))
    for demands in over:
        demand = sum(demands, NO_DEMAND)
        if unobstructed.finds(None, demand):
            return True
        if any(unobstructed.finds(ender, demand) for ender in enders):
            return True
    return any(_may_not_be_founded(each, at, order) for each in foundings)


def _not_running(spell: Effects, cutting: Sequence[Effects], at: int) -> Iterator[Demand]:
    """The ways in which a spell does not hold; only one, where nothing speaks against that."""
    assert spell.until is not None
    if spell.tied is None and (
        spell.doubtful or not spell.at.surely_before(at) or spell.until.maybe_before(at)
    ):
        yield NO_DEMAND
        return
    if spell.tied is not None:
        yield Demand(absent=(spell,))
        yield Demand(after=(spell,))
        yield Demand(over=(spell,))
    for each in cutting:
        yield Demand(before=(each,))


def _founded(foundings: Sequence[Sequence[Effects]]) -> Iterator[Demand]:
    """The ways in which each organisation has been founded, or was founded in no world."""
    ways = (
        [Demand(before=(each,)) for each in several] + [Demand(absent=tuple(several))]
        for several in foundings
    )
    for demands in product(*ways):
        yield sum(demands, NO_DEMAND)


def _may_not_be_founded(foundings: Sequence[Effects], at: int, order: Order) -> bool:
    """Whether there is a world in which an organisation is founded, but only at `at` or later."""
    search = WorldSearch(foundings, at, order)
    return any(search.finds(None, Demand(after=(each,))) for each in foundings)


def _after_foundings(
    since: Interval | None, foundings: Sequence[Sequence[Effects]]
) -> Interval | None:
    """When a statement began to hold, if it holds only from foundings on."""
    for several in foundings:
        earliest = min(each.at.earliest for each in several)
        latest = max(each.at.latest for each in several)
        if all(each.doubtful for each in several):
            # They may not have happened.
            earliest = MIN_INSTANT
        if since is None:
            since = earliest, MAX_INSTANT
        else:
            since = max(since[0], earliest), max(since[1], latest)
    return since


def _doubts(
    openers: Sequence[Effects],
    running: Iterable[Effects],
    evidence: Evidence,
    at: int,
    order: Order,
) -> tuple[Event, ...]:
    """The ends that can be the last of all before `at`, and come after what they would end."""
    begins, _, ends, *_ = evidence
    others = WorldSearch([*begins, *ends], at, order)
    of_begins = (
        end
        for end in (ends if openers else ())
        if others.finds(end)
        and any(
            opener.at.first() < end.at.last_before(at) and opener.id not in end.rivals
            for opener in openers
        )
    )
    of_spells = (
        end
        for spell in running
        for end in evidence.cuts.get(spell.id, ())
        if end.at.maybe_before(at)
    )
    return _events(of_begins, of_spells)


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


class _Episode(NamedTuple):
    """When a statement began and ended, according to some of the evidence.

    It is `settled` if it certainly includes the time asked about.
    """

    since: Interval | None
    until: Interval | None
    settled: bool = False

    @classmethod
    def of_spell(cls, spell: Effects, cutting: Sequence[Effects], at: int) -> _Episode:
        """A spell brings its own end, and may be cut short."""
        assert spell.until is not None
        began, own = spell.at, spell.until
        sure = [each.at.latest for each in cutting if not each.doubtful]
        ended = own._replace(
            earliest=min([own.earliest, *(each.at.earliest for each in cutting)]),
            latest=min([own.latest, *sure]),
        )
        settled = not spell.doubtful and began.latest <= at <= ended.earliest
        since: Interval | None = (began.earliest, began.latest)
        if began.earliest == MIN_INSTANT and began.latest >= own.latest:
            # It is only known to have begun before its end.
            since = None
        return cls(since, (ended.earliest, ended.latest), settled)

    @classmethod
    def of_begins(cls, openers: Sequence[Effects], evidence: Evidence, at: int) -> _Episode:
        """The episode that includes `at`, which any of the openers may have begun."""
        begins, _, ends, *_ = evidence
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
