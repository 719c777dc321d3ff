"""What held once, and surely no longer: how each statement came to its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from timeline.certainty.effects import Effects, Evidence, Statement
from timeline.certainty.evaluate import Interval
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.history.history import Event
from timeline.projections.statement import rank
from timeline.temporal.instant_bounds import BEFORE_ALL, SortKey

# Of a property that had many values, so many of the last are told of.
LATEST = 50


class Ending(NamedTuple):
    """A statement that ended in every world, by one of `ended_by`, at some time in `until`.

    `begun_by` may have begun it; none where nobody recorded how it began. Where `by_itself`,
    it was a spell, which brought its own end.
    """

    statement: Statement
    until: Interval
    begun_by: tuple[Event, ...]
    ended_by: tuple[Event, ...]
    by_itself: bool = False


def endings(
    worlds: EvidenceIndex, statements: Collection[Statement], at: int
) -> tuple[list[Ending], int]:
    """How statements that hold in no world came to their ends, the most recent first.

    Those that never began are passed over. The number is that of statements not looked at:
    values before the last `LATEST` of one property, long since replaced.
    """
    shelves: dict[tuple[str, str], list[tuple[SortKey, Statement]]] = defaultdict(list)
    for statement in statements:
        shelves[statement[:2]].append((_last_begun(worlds.openings(statement), at), statement))
    found: list[Ending] = []
    left_out = 0
    for shelf in shelves.values():
        shelf.sort(key=lambda each: each[0], reverse=True)
        left_out += sum(begun > BEFORE_ALL for begun, _ in shelf[LATEST:])
        told = (_ending(each, worlds.evidence(each), at) for _, each in shelf[:LATEST])
        found += [each for each in told if each is not None]
    found.sort(key=lambda each: rank(each.statement))
    return sorted(found, key=lambda each: each.until[::-1], reverse=True), left_out


def _last_begun(openings: Collection[Effects], at: int) -> SortKey:
    """The last place at which a statement may have begun by `at`.

    Before all others come those that nothing had begun, as far as is known.
    """
    begun = (act.at.first() for act in openings if act.at.maybe_before(at))
    return max(begun, default=BEFORE_ALL)


def _ending(statement: Statement, evidence: Evidence, at: int) -> Ending | None:
    return max(
        (*_of_begins(statement, evidence, at), *_of_spells(statement, evidence.spells, at)),
        key=lambda ending: ending.until[::-1],
        default=None,
    )


def _of_spells(statement: Statement, spells: Sequence[Effects], at: int) -> Iterator[Ending]:
    for spell in spells:
        if spell.until is not None and spell.until.surely_before(at):
            own = (spell.event,)
            until = spell.until.earliest, spell.until.latest
            yield Ending(statement, until, own, own, by_itself=True)


def _of_begins(statement: Statement, evidence: Evidence, at: int) -> Iterator[Ending]:
    begins = [act for act in evidence.begins if act.at.maybe_before(at)]
    if begins:
        last = max(begin.at.first() for begin in begins)
        begins = [begin for begin in begins if begin.at.last_before(at) >= last]
        ends = [end for end in evidence.ends if end.at.last_before(at) > last]
    else:
        ends = list(evidence.implies)
    ends = [end for end in ends if end.at.maybe_before(at)]
    first = _first_sure(ends, begins, at)
    ends = [end for end in ends if end.at.earliest < first]
    if ends:
        until = min(end.at.earliest for end in ends), min(first, max(end.at.latest for end in ends))
        yield Ending(statement, until, _events(begins), _events(ends))


def _first_sure(ends: Sequence[Effects], begins: Sequence[Effects], at: int) -> int:
    """By when the first end after the beginning has surely come."""
    begun = max((begin.at.last_before(at) for begin in begins), default=BEFORE_ALL)
    sure = (end.at.latest for end in ends if not end.doubtful and end.at.first() > begun)
    return min(sure, default=at)


def _events(acts: Sequence[Effects]) -> tuple[Event, ...]:
    found = sorted(acts, key=lambda act: (act.at.earliest, act.at.position))
    return tuple({act.id: act.event for act in found}.values())
