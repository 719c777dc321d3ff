"""The heart: what holds at a time, over all worlds that the dates leave possible.

A *world* picks one instant within the bounds of every happening (design §5). In a world,
a statement holds at T if the last act on it before T opened it. Over all worlds it is
*certain* if it holds in every one and *possible* if in some.

Nobody needs to walk through the worlds. Bounds are independent of one another, so act
`a` is the last before T in some world just when it can lie before T, and every other act
can get out of its way: lie before it, or at T or later. Of the acts that have surely
happened by T, only the one with the latest beginning can refuse. Let that be M. Then

- `a` can be last  iff  it may be before T, and its latest place before T is not before
  the earliest place of M;
- a statement is possible  iff  an act that opens it can be last;
- it is certain  iff  it is possible, nothing that closes it can be last, and M exists
  (otherwise nothing at all may have happened yet).

A *spell* is independent of all this: it holds from its own beginning to its own end. An
end whose beginning nobody recorded implies a statement that held until then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

from timeline.acts import DAWN, DUSK, Acts, Pattern, Span, Statement, Value, acts_of
from timeline.history import Happening

Certainty = Literal["certain", "possible"]
Interval = tuple[int, int]

BEFORE_ALL = (DAWN, 0)

# Statements by subject and by value.
_Index = Mapping[Value, Collection[Statement]]


class Held(NamedTuple):
    """A statement that holds at some time, certainly or possibly.

    `since` and `until` bound its beginning and its end, as `[earliest, latest)` in
    microseconds, `DAWN` and `DUSK` being open sides; None where no beginning or end is
    known. `because` are the happenings that make it hold; `doubts` those that may have
    ended it.
    """

    statement: Statement
    certainty: Certainty
    since: Interval | None
    until: Interval | None
    because: tuple[Happening, ...]
    doubts: tuple[Happening, ...] = ()


class Worlds:
    """What stands, arranged so that any statement can be judged at any time."""

    def __init__(self, happenings: Iterable[Happening] = ()):
        self._opening: dict[Statement, dict[str, Acts]] = defaultdict(dict)
        self._closing: dict[tuple[str | None, str | Value | None], dict[str, list[_Closing]]]
        self._closing = defaultdict(dict)
        self._about: dict[Value, dict[Statement, int]] = defaultdict(dict)
        for happening in happenings:
            self.add(happening)

    def add(self, happening: Happening) -> None:
        """Take in a happening that stands."""
        acts = acts_of(happening)
        if acts is None:
            return
        for statement in acts.opens:
            self._opening[statement][happening.id] = acts
        for pattern in acts.closes:
            closing = _Closing(acts, pattern)
            self._closing[_shelf(pattern)].setdefault(happening.id, []).append(closing)
        for statement in _named(acts):
            for entity in set(statement.entities()):
                counts = self._about[entity]
                counts[statement] = counts.get(statement, 0) + 1

    def remove(self, happening: Happening) -> None:
        """Forget a happening that was taken in, as it was then."""
        acts = acts_of(happening)
        if acts is None:
            return
        for statement in acts.opens:
            self._opening[statement].pop(happening.id, None)
        for pattern in acts.closes:
            self._closing[_shelf(pattern)].pop(happening.id, None)
        for statement in _named(acts):
            for entity in set(statement.entities()):
                counts = self._about[entity]
                counts[statement] -= 1
                if not counts[statement]:
                    del counts[statement]

    def touched_by(self, happening: Happening, among: _Index | None = None) -> set[Statement]:
        """The statements that a happening opens or implies, and those `among` that it closes.

        `among` lists statements by subject and value; by default they are all there are.
        """
        acts = acts_of(happening)
        if acts is None:
            return set()
        touched = set(_named(acts))
        for pattern in acts.closes:
            candidates = _candidates(pattern, self._about if among is None else among)
            touched.update(filter(pattern.fits, candidates))
        # A beginning, once known, unsays what an end had implied.
        for statement in acts.opens:
            implied = (closing.pattern.explicit for closing in self._closings_of(statement))
            touched.update(other for other in implied if other is not None)
        return touched

    def named_about(self, entity: Value) -> list[Statement]:
        """The statements with `entity` as subject or value that were ever opened or ended."""
        return list(self._about.get(entity, ()))

    def about(self, entity: Value, at: int) -> list[Held]:
        """The statements with `entity` as subject or value that hold at `at`."""
        return self.holding(self._about.get(entity, ()), at)

    def holding(self, statements: Iterable[Statement], at: int) -> list[Held]:
        """Of these statements, those that hold at `at`.

        A value long since replaced is told at a glance, so that a measure taken ten
        thousand times costs no more than one that has been taken once for each.
        """
        fronts: dict[tuple[str, str], _Front] = {}
        found: list[Held] = []
        for statement in statements:
            shelf = statement[:2]
            if shelf not in fronts:
                fronts[shelf] = _front(self._closing.get(shelf, {}), at)
            if fronts[shelf].has_passed(statement, self._opening.get(statement, {}), at):
                continue
            held = self.judge(statement, at)
            if held is not None:
                found.append(held)
        return found

    def judge(self, statement: Statement, at: int) -> Held | None:
        """Whether a statement holds at `at`; None if in no world.

        `at` is exclusive: what happens at `at` has not happened yet.
        """
        opening = self._opening.get(statement, {})
        spells = [acts for acts in opening.values() if acts.until is not None]
        begins = [acts for acts in opening.values() if acts.until is None]
        ends = [
            closing
            for closing in self._closings_of(statement)
            if closing.acts.happening.id not in opening
        ]
        found = [
            _judge_acts(statement, begins, [closing.acts for closing in ends], at),
            *(_judge_spell(statement, spell, at) for spell in spells),
            *(self._judge_implied(statement, closing, at) for closing in ends),
        ]
        return _together([held for held in found if held is not None])

    def _judge_implied(self, statement: Statement, closing: _Closing, at: int) -> Held | None:
        """What an end without a known beginning says: it held before, from we know not when."""
        end = closing.acts.at
        if closing.pattern.explicit != statement or end.latest <= at:
            return None
        if self._has_known_beginning(closing):
            return None
        because = (closing.acts.happening,)
        return Held(statement, "possible", None, (end.earliest, end.latest), because)

    def _has_known_beginning(self, closing: _Closing) -> bool:
        """Whether something that this closes may have been opened before it.

        A spell is closed by nothing but its own end, so it is not what has ended here.
        """
        end = closing.acts
        last = end.at.last_before(DUSK)
        return any(
            acts.until is None and acts.happening.id != end.happening.id and acts.at.first() < last
            for statement in _candidates(closing.pattern, self._about)
            if closing.pattern.fits(statement)
            for acts in self._opening.get(statement, {}).values()
        )

    def _closings_of(self, statement: Statement) -> Iterator[_Closing]:
        subject, label, value, _ = statement
        shelves = {(subject, label), (subject, None), (None, value), (None, None)}
        for shelf in shelves:
            for closings in self._closing.get(shelf, {}).values():
                for closing in closings:
                    if closing.pattern.fits(statement):
                        yield closing


class _Closing(NamedTuple):
    acts: Acts
    pattern: Pattern


class _Front(NamedTuple):
    """Of the sets of one property that have surely happened, the foremost two.

    They are of different values, so one of them closes any given value: the place of its
    beginning, its value, and the id of its happening. `ended` are statements that
    somebody reported to have ended, which takes a closer look.
    """

    foremost: tuple[tuple[tuple[int, int], Value, str], ...]
    ended: frozenset[Statement]

    def has_passed(self, statement: Statement, opening: dict[str, Acts], at: int) -> bool:
        """Whether a set stands between `at` and all that opens the statement, in every world."""
        if not opening or statement in self.ended:
            return False
        for place, value, id in self.foremost:
            if value != statement.value and id not in opening:
                return not any(
                    acts.until is not None or _can_be_last(acts.at, place, at)
                    for acts in opening.values()
                )
        return False


def _front(closings: dict[str, list[_Closing]], at: int) -> _Front:
    foremost: dict[Value, tuple[tuple[int, int], Value, str]] = {}
    ended: set[Statement] = set()
    for id, each in closings.items():
        for acts, pattern in each:
            if pattern.explicit is not None:
                ended.add(pattern.explicit)
            value = pattern.value
            if pattern.other_value and value is not None and acts.at.surely_before(at):
                place = (acts.at.first(), value, id)
                if value not in foremost or foremost[value][0] < place[0]:
                    foremost[value] = place
    leaders = sorted(foremost.values(), key=lambda place: place[0], reverse=True)[:2]
    return _Front(tuple(leaders), frozenset(ended))


def _candidates(pattern: Pattern, index: _Index) -> Iterable[Statement]:
    """Statements of an index among which are all that a pattern can fit."""
    if pattern.subject is not None:
        return index.get(pattern.subject, ())
    if pattern.value is not None and not pattern.other_value:
        return index.get(pattern.value, ())
    return {statement for about in index.values() for statement in about}


def _shelf(pattern: Pattern) -> tuple[str | None, str | Value | None]:
    """Where a pattern is kept, so that a statement finds it without looking at all."""
    if pattern.subject is not None:
        return pattern.subject, pattern.property
    return None, None if pattern.other_value else pattern.value


def _named(acts: Acts) -> list[Statement]:
    """The statements that a happening names: what it opens, and what it says has ended."""
    implied = (pattern.explicit for pattern in acts.closes)
    return [*acts.opens, *(statement for statement in implied if statement is not None)]


def _judge_acts(statement: Statement, begins: list[Acts], ends: list[Acts], at: int) -> Held | None:
    """The closed form of the module's docstring, for one statement."""
    barrier = _last_sure([*begins, *ends], at)
    last_begins = [acts for acts in begins if _can_be_last(acts.at, barrier, at)]
    if not last_begins:
        return None
    last_ends = [acts for acts in ends if _can_be_last(acts.at, barrier, at)]
    unended = not last_ends and not any(acts.end_unknown for acts in last_begins)

    # The stretch that reaches `at` was opened by any beginning that no end must follow.
    last_sure_end = _last_sure(ends, at)
    openers = [acts for acts in begins if _can_be_last(acts.at, last_sure_end, at)]
    # A beginning with an unknown end may itself have ended, and another begun it anew.
    may_end = [*ends, *(acts for acts in begins if acts.end_unknown)]
    possible_ends = [acts.at.last_before(at) for acts in may_end if acts.at.maybe_before(at)]
    last_possible_end = max(possible_ends, default=BEFORE_ALL)
    settled = [
        acts.at.latest
        for acts in openers
        if acts.at.surely_before(at) and acts.at.first() > last_possible_end
    ]
    to_come = [acts.at for acts in ends if acts.at.latest > at]
    return Held(
        statement,
        "certain" if barrier is not BEFORE_ALL and unended else "possible",
        since=(
            min(acts.at.earliest for acts in openers),
            min(settled) if settled else max(acts.at.latest for acts in openers),
        ),
        until=(min(end.earliest for end in to_come), min(end.latest for end in to_come))
        if to_come
        else None,
        because=tuple(acts.happening for acts in openers),
        doubts=tuple(acts.happening for acts in last_ends),
    )


def _last_sure(acts: list[Acts], at: int) -> tuple[int, int]:
    """The earliest place of M: of what has surely happened by `at`, the last to begin."""
    sure = [each.at.first() for each in acts if each.at.surely_before(at)]
    return max(sure, default=BEFORE_ALL)


def _can_be_last(span: Span, barrier: tuple[int, int], at: int) -> bool:
    """Whether, in some world, nothing up to the barrier comes between this and `at`."""
    return span.maybe_before(at) and span.last_before(at) >= barrier


def _judge_spell(statement: Statement, spell: Acts, at: int) -> Held | None:
    """A spell holds at T iff it begins before T and does not end before T.

    That it ends no earlier than it begins follows at any T where it may hold.
    """
    begin, end = spell.at, spell.until
    assert end is not None
    if not begin.earliest < at < end.latest:
        return None
    return Held(
        statement,
        "certain" if begin.latest <= at <= end.earliest else "possible",
        since=(begin.earliest, begin.latest),
        until=(end.earliest, end.latest),
        because=(spell.happening,),
    )


def _together(accounts: list[Held]) -> Held | None:
    """One answer from accounts that are independent of one another: any may carry it."""
    if len(accounts) < 2:
        return accounts[0] if accounts else None
    certain = [held for held in accounts if held.certainty == "certain"]
    starts = [held.since for held in accounts if held.since is not None]
    settled = [held.since[1] for held in certain if held.since is not None]
    ends = [held.until for held in accounts if held.until is not None]
    since = until = None
    if len(starts) == len(accounts):
        latest = min(settled) if settled else max(start[1] for start in starts)
        since = (min(start[0] for start in starts), latest)
    if len(ends) == len(accounts):
        until = (max(end[0] for end in ends), max(end[1] for end in ends))
    return Held(
        accounts[0].statement,
        "certain" if certain else "possible",
        since,
        until,
        because=_distinct(happening for held in accounts for happening in held.because),
        doubts=_distinct(happening for held in accounts for happening in held.doubts),
    )


def _distinct(happenings: Iterable[Happening]) -> tuple[Happening, ...]:
    return tuple({happening.id: happening for happening in happenings}.values())
