"""Why a statement is certain, or only possible, or no longer so, in a plain sentence or two."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from timeline.certainty.effects import Effects, Evidence
from timeline.certainty.evaluate import HeldStatement
from timeline.history.history import Event
from timeline.projections.endings import Ending
from timeline.projections.finding import named


def explained(held: HeldStatement, evidence: Evidence, at: int) -> str:
    """Why a statement that holds at `at` is certain, or only possible."""
    ids = {each.id for each in held.because}
    begins = [act for act in evidence.begins if act.id in ids]
    spells = [act for act in evidence.spells if act.id in ids]
    if held.certainty == "certain":
        return _certain(begins, spells)
    reasons = list(_reasons(begins, spells, evidence, held.doubts, at))
    return f"Only possible: {'; '.join(reasons)}."


def explained_ending(ending: Ending) -> str:
    """Why a statement surely holds no longer."""
    enders = _any_of(ending.ended_by)
    if ending.by_itself:
        return f"No longer: {enders} dates its end as well, and that has passed."
    if not ending.begun_by:
        return f"No longer: {enders} had ended it by then; nobody has recorded how it began."
    return f"No longer: in every way the dates can fall, {enders} had ended it by then."


def explained_silence(event: Event) -> str:
    """Why nothing follows from an event."""
    if event.dissent is not None:
        chosen = event.dissent.content["chosen"]
        return f"Not counted: {chosen} was chosen over {named(event)}."
    return f"Not counted: {named(event)} is retracted."


def first_ends_to_come(evidence: Evidence, held: HeldStatement, at: int) -> list[Event]:
    """The ends, of those at `at` or later, that can be the next."""
    doubts = {each.id for each in held.doubts}
    ends = [end for end in evidence.ends if end.at.latest > at and end.id not in doubts]
    sure = [end.at.latest for end in ends if not end.doubtful]
    return [end.event for end in ends if not sure or end.at.earliest < min(sure)]


def _certain(begins: Collection[Effects], spells: Collection[Effects]) -> str:
    every = "Certain: in every way the dates can fall,"
    if begins:
        return (
            f"{every} {_any_of(act.event for act in (*begins, *spells))} had happened, "
            "and nothing had ended it since."
        )
    both = _any_of(act.event for act in spells)
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
    if not any(_surely_happened(act, at) for act in openers) and not _all_accounts(openers, at):
        yield from dict.fromkeys(_doubt(act) for act in openers)
    sure = {each.id for each in doubts if not each.doubtful}
    ends = [act for act in evidence.ends if act.id in sure]
    for when, is_overtaken in (("later", True), ("already", False)):
        enders = [act.event for act in ends if act.at.surely_before(at) is is_overtaken]
        if enders:
            yield f"{_any_of(enders)} may have come {when}, and ended it"
    for each in doubts:
        if each.doubtful:
            yield f"{_doubted(each)}, may have ended it"
    if any(begin.end_unknown for begin in begins):
        yield "when it ended is not known, and it may have ended already"
    for spell in spells:
        if spell.until is not None and spell.until.earliest < at:
            yield f"its end may have come already, as {named(spell.event)} dates it"
    implied = [end.event for end in evidence.implies if end.at.latest > at]
    if implied and not openers:
        yield f"nobody has recorded how it began; it is known only from its end, {_any_of(implied)}"
    elif not openers and not implied:
        yield "the dates leave it open"


def _doubt(act: Effects) -> str:
    """Why a beginning may not have happened."""
    if act.doubtful:
        return f"{_doubted(act.event)}, may not have happened"
    return f"{named(act.event)} may not have happened yet"


def _doubted(event: Event) -> str:
    """An event, and why it may not have happened at all."""
    if event.rivals:
        accounts = len(event.rivals) + 1
        return f"{named(event)}, one of {accounts} rival accounts of which only one is so"
    return f"{named(event)}, which is disputed"


def _surely_happened(act: Effects, at: int) -> bool:
    return act.at.surely_before(at) and not act.doubtful


def _all_accounts(openers: Collection[Effects], at: int) -> bool:
    """Whether all rival accounts of something are among those that have happened by `at`."""
    there = {act.id for act in openers if act.at.surely_before(at)}
    return any(act.rivals and act.accounts() <= there for act in openers)


def _any_of(events: Iterable[Event]) -> str:
    """A few events, of which one did it: “A” (a), “B” (b) or “C” (c)."""
    names = [named(each) for each in events]
    if len(names) > 4:
        names = [*names[:3], f"one of {len(names) - 3} others"]
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last
