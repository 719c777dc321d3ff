"""Why each statement about an entity holds, or no longer holds: the records behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass
from itertools import chain
from typing import TYPE_CHECKING, Annotated, Literal, final

from typing_extensions import TypedDict

from timeline.certainty.effects import Statement, effects_of
from timeline.certainty.evaluate import HeldStatement
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.errors import suggestion
from timeline.history.event import Event
from timeline.history.history import History
from timeline.projections.answer import (
    Basis,
    BasisJson,
    Count,
    Sealed,
    TimeRange,
    sealed,
    time_range,
)
from timeline.projections.contradictions import ContradictoryDates, contradictions
from timeline.projections.explanation import (
    Ending,
    endings,
    explained,
    explained_ending,
    explained_silence,
    first_ends_to_come,
)
from timeline.projections.provenance import (
    FullAccountJson,
    MergeJson,
    account,
    merge_json,
)
from timeline.projections.question import AsKnown, AsOf, Entity, Param, Question
from timeline.projections.relevance import HistorySource, evidence_of
from timeline.projections.statement import (
    HeldJson,
    StatementJson,
    held_json,
    rank,
    statement_json,
)

if TYPE_CHECKING:
    from timeline.projections.room import Room


class NotCountedJson(TypedDict, total=False):
    """The events that would have begun or ended a statement, if they counted."""

    not_counted: list[FullAccountJson]


class EndersJson(TypedDict, total=False):
    """What may have ended a statement, and what will; a key is absent where there is none."""

    may_have_ended_it: list[FullAccountJson]
    will_end_it: list[FullAccountJson]


@final
class HeldWhyJson(NotCountedJson, EndersJson, HeldJson):
    """A statement that holds, with what began it and what may have ended it, or will."""

    explanation: str
    begun_by: list[FullAccountJson]


@final
class EndedWhyJson(NotCountedJson, StatementJson):
    """A statement that certainly no longer holds."""

    until: TimeRange | None
    explanation: str
    begun_by: list[FullAccountJson]
    ended_by: list[FullAccountJson]


@final
class NeverCountedJson(StatementJson):
    """A statement that only retracted or overruled events would begin."""

    explanation: str
    begun_by: list[FullAccountJson]


class SameAsJson(TypedDict):
    """An entity that has several slugs."""

    entity: str
    slugs: list[str]
    because: list[MergeJson]


class WhyAnswer(BasisJson, Sealed):
    """The records behind each statement about an entity, or behind those of a property."""

    projection: Literal["why"]
    entity: str
    property: str | None
    same_as: list[SameAsJson]
    statements: list[HeldWhyJson]
    ended: list[EndedWhyJson]
    ended_left_out: Count
    not_counted: list[NeverCountedJson]
    findings: list[ContradictoryDates]


@dataclass(frozen=True)
class Why(Question[WhyAnswer]):
    """Why each statement about an entity holds, or no longer holds.

    Shows the records behind each statement, with their sources and amendments: for one
    property, or for all.
    """

    lists = "statements"

    entity: Entity
    property: Annotated[str | None, Param("A property.", kind="path", examples=("member-of",))] = (
        None
    )
    _: KW_ONLY
    as_of: AsOf = None
    as_known: AsKnown = None

    def mentions(self, answer: WhyAnswer) -> Iterator[str]:
        for entry in answer["statements"]:
            yield from entry["because"]

    def answer(self, room: Room) -> WhyAnswer:
        basis = room.basis(self.as_of, self.as_known)
        entity = room.entity(self.entity, basis)
        history = room.history_about(entity, basis)
        found = why(history, entity, basis, self.property)
        if not any(_entries(found)):
            known = {entry["property"] for entry in _entries(why(history, entity, basis))}
            if self.property is not None and known:
                hint = suggestion(self.property, known)
                room.note(f"{entity} has no {self.property!r}{hint}")
            else:
                room.note_if_unknown(entity, basis)
        return found


def _entries(why: WhyAnswer) -> list[StatementJson]:
    return [*why["statements"], *why["ended"], *why["not_counted"]]


def why(history: History, entity: str, basis: Basis, property: str | None = None) -> WhyAnswer:
    """The lineage of the statements about an entity, of one property or of all.

    `statements` are those of the snapshot, each with what began it and what may have ended
    it, or will. `ended` are those that certainly no longer hold, the most recent first, and
    `ended_left_out` counts the older values that are left out. Each also has the events that
    would have begun or ended it, but were retracted or overruled; `not_counted` are the
    statements that only such events would begin. `same_as` lists the entities with several
    slugs, and the amendments that merged them.
    """
    order = history.derived(Order)
    slug = history.names.canonical(entity)
    evidence = history.derived(evidence_of)
    held = {each.statement: each for each in evidence.about(slug, basis.at)}
    chosen = [each for each in evidence.named_about(slug) if property in (None, each.property)]
    past, left_out = endings(evidence, [each for each in chosen if each not in held], basis.at)
    holding = [held[each] for each in sorted(held, key=rank) if property in (None, each.property)]
    explainer = _Explainer(history, order, evidence, basis.at)
    shown = {*held, *(each.statement for each in past)}
    uncounted = [
        (statement, each)
        for each, effects in explainer.not_counting
        for statement in effects.opens
        if slug in statement.entities()
        and property in (None, statement.property)
        and statement not in shown
    ]
    named = chain(
        [slug],
        *(each.statement.entities() for each in holding),
        *(each.statement.entities() for each in past),
        *(statement.entities() for statement, _ in uncounted),
    )
    answer: WhyAnswer = {
        "projection": "why",
        "version": 1,
        "entity": entity,
        **basis.as_json(),
        "property": property,
        "same_as": list(_same_as(history, named)),
        "statements": [explainer.holding(each) for each in holding],
        "ended": [explainer.ended(each) for each in past],
        "ended_left_out": left_out,
        "not_counted": [explainer.uncounted(*each) for each in uncounted],
        "findings": contradictions(order, history.derived(HistorySource).linked_with(slug)),
        "digest": "",
    }
    return sealed(answer)


class _Explainer:
    """Explains statements by the records behind them."""

    def __init__(self, history: History, order: Order, worlds: EvidenceIndex, at: int):
        self._history, self._order, self._worlds, self._at = history, order, worlds, at
        # The events that do not count, with the effects that they would have.
        self.not_counting = [
            (each, effects)
            for each in history.all()
            if not each.counts and (effects := effects_of(each)) is not None
        ]
        self._opening: dict[Statement, list[Event]] = defaultdict(list)
        for each, effects in self.not_counting:
            for statement in effects.opens:
                self._opening[statement].append(each)
        self._ending = [
            (each, effects.closes) for each, effects in self.not_counting if not effects.opens
        ]

    def holding(self, held: HeldStatement) -> HeldWhyJson:
        evidence = self._worlds.evidence(held.statement)
        implied = {each.id for each in evidence.implies}
        to_come = first_ends_to_come(evidence, held, self._at)
        doubts = [*held.doubts, *(each for each in held.because if each.id in implied)]
        later = [
            each
            for each in doubts
            if held.certainty == "certain" or self._order.span(each).earliest >= self._at
        ]
        may = [each for each in doubts if each not in later]
        listed = {each.id for each in may}
        will = {each.id: each for each in (*later, *to_come) if each.id not in listed}
        begun_by = self._accounts(each for each in held.because if each.id not in implied)
        may_have_ended, will_end = self._accounts(may), self._accounts(will.values())
        enders: EndersJson = {}
        if may:
            enders["may_have_ended_it"] = may_have_ended
        if will:
            enders["will_end_it"] = will_end
        return {
            **held_json(held, self._history, self._order),
            "explanation": explained(held, evidence, self._at),
            "begun_by": begun_by,
            **enders,
            **self._not_counted(held.statement, [*begun_by, *may_have_ended, *will_end]),
        }

    def ended(self, ending: Ending) -> EndedWhyJson:
        begun_by, ended_by = self._accounts(ending.begun_by), self._accounts(ending.ended_by)
        return {
            **statement_json(ending.statement),
            "until": time_range(ending.until),
            "explanation": explained_ending(ending),
            "begun_by": begun_by,
            "ended_by": ended_by,
            **self._not_counted(ending.statement, [*begun_by, *ended_by]),
        }

    def uncounted(self, statement: Statement, event: Event) -> NeverCountedJson:
        return {
            **statement_json(statement),
            "explanation": explained_silence(event),
            "begun_by": [account(event, self._history, self._order)],
        }

    def _not_counted(
        self, statement: Statement, shown: Iterable[FullAccountJson]
    ) -> NotCountedJson:
        """The events that would begin or end it if they counted, but for the dissent shown."""
        dissent = {other["id"] for each in shown for other in each["dissent"]}
        ending = (
            each
            for each, closes in self._ending
            if any(closing.fits(statement) for closing in closes)
        )
        found = {each.id: each for each in (*self._opening[statement], *ending)}
        left = [each for id, each in found.items() if id not in dissent]
        left.sort(key=lambda each: each.position)
        accounts = [account(each, self._history, self._order) for each in left]
        return {"not_counted": accounts} if accounts else {}

    def _accounts(self, events: Iterable[Event]) -> list[FullAccountJson]:
        found = [(self._order.span(each), each) for each in events]
        found.sort(key=lambda pair: (pair[0].earliest, pair[0].position))
        return [account(each, self._history, self._order) for _, each in found]


def _same_as(history: History, named: Iterable[object]) -> Iterator[SameAsJson]:
    """The entities that have several slugs, each with the amendments that merged them."""
    if not history.names.joined:
        return
    for slug in dict.fromkeys(name for name in named if isinstance(name, str)):
        slugs = history.names.get(slug).slugs
        behind = {each.id: each for other in slugs for each in history.names.merges_of(other)}
        if behind:
            yield {
                "entity": slug,
                "slugs": list(slugs),
                "because": [
                    merge_json(each)
                    for each in sorted(behind.values(), key=lambda each: each.position)
                ],
            }
