"""Why a statement holds, and how one that no longer holds came to its end, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from timeline.certainty.effects import Effects, Evidence, Statement
from timeline.certainty.evaluate import HeldStatement, Interval
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.history.event import Event
from timeline.projections.finding import named
from timeline.projections.statement import rank
from timeline.temporal.instant_bounds import BEFORE_ALL, MAX_INSTANT, SortKey

# How many past values of one property are explained, the latest first.
LATEST = 50


class Ending(NamedTuple):
    """A statement that ended in every world, by one of `ended_by`, at some time in `until`.

    `begun_by` are the events that may have begun it, empty if none is recorded. It ended
    `by_itself` if it was a spell, whose end was part of its date.
    """

    statement: Statement
    until: Interval
    begun_by: tuple[Event, ...]
    ended_by: tuple[Event, ...]
    by_itself: bool = False


def endings(
    worlds: EvidenceIndex, statements: Collection[Statement], at: int
) -> tuple[list[Ending], int]:
    """How statements that hold in no world ended, the most recent first.

    Statements that never began are skipped. The number counts those left out: values of one
    property before its last `LATEST`, which were replaced long ago.
    """
    shelves: dict[tuple[str, str], list[tuple[SortKey, Statement]]] = defaultdict(list)
    for statement in statements:
        shelves[statement[:2]].append((_last_begun(worlds.openings(statement), at), statement))
    found: list[Ending] = []
    left_out = 0
    for shelf in shelves.values():
        shelf.sort(key=lambda each: each[0], reverse=True)
        left_out += sum(begun > BEFORE_ALL for begun, _ in shelf[LATEST:])
        shown = (_ending(each, worlds.evidence(each), at) for _, each in shelf[:LATEST])
        found += [each for each in shown if each is not None]
    found.sort(key=lambda each: rank(each.statement))
    return sorted(found, key=lambda each: each.until[::-1], reverse=True), left_out


def _last_begun(openings: Collection[Effects], at: int) -> SortKey:
    """The last place at which a statement may have begun by `at`.

    `BEFORE_ALL` if nothing is known to have begun it by then.
    """
    begun = (each.at.first() for each in openings if each.at.maybe_before(at))
    return max(begun, default=BEFORE_ALL)


def _ending(statement: Statement, evidence: Evidence, at: int) -> Ending | None:
    return max(
        (*_of_begins(statement, evidence, at), *_of_spells(statement, evidence, at)),
        key=lambda ending: ending.until[::-1],
        default=None,
    )


def _of_spells(statement: Statement, evidence: Evidence, at: int) -> Iterator[Ending]:
    for spell in evidence.spells:
        own = (spell.event,)
        cutting = evidence.cuts.get(spell.id, ())
        first = min((end.at.latest for end in cutting if not end.doubtful), default=MAX_INSTANT)
        if first <= at:
            ends = [end for end in cutting if end.at.earliest < first]
            until = min(end.at.earliest for end in ends), first
            yield Ending(statement, until, own, _events(ends))
        elif spell.until is not None and spell.until.surely_before(at):
            until = spell.until.earliest, spell.until.latest
            yield Ending(statement, until, own, own, by_itself=True)


def _of_begins(statement: Statement, evidence: Evidence, at: int) -> Iterator[Ending]:
    begins = [each for each in evidence.begins if each.at.maybe_before(at)]
    if begins:
        last = max(begin.at.first() for begin in begins)
        begins = [begin for begin in begins if begin.at.last_before(at) >= last]
        ends = [end for end in evidence.ends if end.at.last_before(at) > last]
    else:
        ends = list(evidence.implies)
    ends = [end for end in ends if end.at.maybe_before(at)]
    first = _first_certain(ends, begins, at)
    ends = [end for end in ends if end.at.earliest < first]
    if ends:
        until = min(end.at.earliest for end in ends), min(first, max(end.at.latest for end in ends))
        yield Ending(statement, until, _events(begins), _events(ends))


def _first_certain(ends: Sequence[Effects], begins: Sequence[Effects], at: int) -> int:
    """The instant by which the first end after the beginning has certainly come."""
    begun = max((begin.at.last_before(at) for begin in begins), default=BEFORE_ALL)
    sure = (end.at.latest for end in ends if not end.doubtful and end.at.first() > begun)
    return min(sure, default=at)


def _events(effects: Sequence[Effects]) -> tuple[Event, ...]:
    found = sorted(effects, key=lambda each: (each.at.earliest, each.at.position))
    return tuple({each.id: each.event for each in found}.values())


def explained(held: HeldStatement, evidence: Evidence, at: int) -> str:
    """Why a statement that holds at `at` is certain, or only possible."""
    ids = {each.id for each in held.because}
    begins = [each for each in evidence.begins if each.id in ids]
    spells = [each for each in evidence.spells if each.id in ids]
    if held.certainty == "certain":
        return _certain(begins, spells)
    reasons = list(_reasons(begins, spells, evidence, held.doubts, at))
    return f"Only possible: {'; '.join(reasons)}."


def explained_ending(ending: Ending) -> str:
    """Why a statement certainly no longer holds."""
    enders = _any_of(ending.ended_by)
    if ending.by_itself:
        return f"No longer: {enders} dates its end as well, and that has passed."
    if not ending.begun_by:
        return f"No longer: {enders} had ended it by then; no record says how it began."
    return f"No longer: in every way the dates can fall, {enders} had ended it by then."


def explained_silence(event: Event) -> str:
    """Why an event is not counted."""
    if event.dissent is not None:
        chosen = event.dissent.content["chosen"]
        return f"Not counted: {chosen} was chosen over {named(event)}."
    return f"Not counted: {named(event)} is retracted."


def first_ends_to_come(evidence: Evidence, held: HeldStatement, at: int) -> list[Event]:
    """The ends at `at` or later of which one will be the next."""
    doubts = {each.id for each in held.doubts}
    ends = [end for end in evidence.ends if end.at.latest > at and end.id not in doubts]
    sure = [end.at.latest for end in ends if not end.doubtful]
    return [end.event for end in ends if not sure or end.at.earliest < min(sure)]


def _certain(begins: Collection[Effects], spells: Collection[Effects]) -> str:
    every = "Certain: in every way the dates can fall,"
    if begins:
        return (
            f"{every} {_any_of(each.event for each in (*begins, *spells))} had happened, "
            "and nothing had ended it since."
        )
    both = _any_of(each.event for each in spells)
    return f"{every} it had begun and had not yet ended, as {both} dates both."


def _reasons(
    begins: Collection[Effects],
    spells: Collection[Effects],
    evidence: Evidence,
    doubts: Collection[Event],
    at: int,
) -> Iterator[str]:
    """What leaves room for doubt."""
    openers = [*begins, *spells]
    has_begun = any(each.at.surely_before(at) and not each.doubtful for each in openers)
    if not has_begun and not _all_accounts(openers, at):
        yield from dict.fromkeys(_doubt(each) for each in openers)
    sure = {each.id for each in doubts if not each.doubtful}
    ends = [each for each in evidence.ends if each.id in sure]
    for when, is_overtaken in (("later", True), ("already", False)):
        enders = [each.event for each in ends if each.at.surely_before(at) is is_overtaken]
        if enders:
            yield f"{_any_of(enders)} may have come {when}, and ended it"
    for each in doubts:
        if each.doubtful:
            yield f"{_doubted(each)}, may have ended it"
    if any(begin.end_unknown for begin in begins):
        yield "when it ended is not known, and it may have ended already"
    for founding in {each.id: each for several in evidence.foundings for each in several}.values():
        if not founding.at.surely_before(at):
            yield f"{_doubt(founding)}, and nothing holds of an organisation before it is founded"
    for spell in spells:
        if spell.until is not None and spell.until.earliest < at:
            yield f"its end may have come already, as {named(spell.event)} dates it"
    implied = [end.event for end in evidence.implies if end.at.latest > at]
    if implied and not openers:
        yield f"no record says how it began; it is known only from its end, {_any_of(implied)}"
    elif not openers and not implied:
        yield "the dates leave it open"


def _doubt(effects: Effects) -> str:
    """Why a beginning may not have happened."""
    if effects.doubtful:
        return f"{_doubted(effects.event)}, may not have happened"
    return f"{named(effects.event)} may not have happened yet"


def _doubted(event: Event) -> str:
    """An event, and why it may not have happened at all."""
    if event.rivals:
        accounts = len(event.rivals) + 1
        return f"{named(event)}, one of {accounts} rival accounts, only one of which is true"
    return f"{named(event)}, which is disputed"


def _all_accounts(openers: Collection[Effects], at: int) -> bool:
    """Whether all rival accounts of one event are among those that have happened by `at`."""
    there = {each.id for each in openers if each.at.surely_before(at)}
    return any(each.rivals and each.accounts() <= there for each in openers)


def _any_of(events: Iterable[Event]) -> str:
    """Events joined by "or": “A” (a), “B” (b) or “C” (c)."""
    names = [named(each) for each in events]
    if len(names) > 4:
        names = [*names[:3], f"one of {len(names) - 3} others"]
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
