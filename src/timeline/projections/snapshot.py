"""The state of an entity: its statements, comments and open questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, final

from typing_extensions import TypedDict

from timeline import temporal
from timeline.certainty.effects import Statement, Value
from timeline.certainty.evaluate import HeldStatement
from timeline.errors import InputError, Problem
from timeline.projections.answer import (
    Basis,
    Count,
    ReachJson,
    Sealed,
    sealed,
)
from timeline.projections.contradictions import ContradictoryDates, contradictions
from timeline.projections.listings import (
    CommentJson,
    QuestionJson,
    comment_json,
    in_order,
    open_questions,
)
from timeline.projections.measurements import (
    MeasurementJson,
    NumberJson,
    is_measured,
    number_json,
    series,
)
from timeline.projections.period import PeriodSource
from timeline.projections.question import AsKnown, AsOf, Entity, Param, Question
from timeline.projections.relevance import SnapshotSource
from timeline.projections.statement import HeldJson, held_json, rank
from timeline.temporal.instant_bounds import MIN_INSTANT
from timeline.temporal.json_schema import DATE

if TYPE_CHECKING:
    from timeline.projections.room import Room


class _MeasuredJson(NumberJson, total=False):
    series: list[MeasurementJson]
    """The latest measurements, this one and those before it, the last first."""


@final
class SnapshotStatementJson(_MeasuredJson, HeldJson):
    """A statement that holds, with its series if it was measured."""


class _Depth(TypedDict, total=False):
    depth: Count


class _TimesJson(TypedDict, total=False):
    as_of: str
    """An EDTF expression; what happened before its upper bound has happened."""
    during: str
    """In place of `as_of`, if it was asked what held at any time in a period."""


class SnapshotAnswer(_TimesJson, ReachJson, Sealed):
    """The state of an entity: what holds, certainly or possibly."""

    projection: Literal["snapshot"]
    entity: str
    depth: NotRequired[Count]
    """Left out where it is 1."""
    statements: list[SnapshotStatementJson]
    comments: list[CommentJson]
    questions: list[QuestionJson]
    findings: list[ContradictoryDates]


@dataclass(frozen=True)
class Snapshot(Question[SnapshotAnswer]):
    """The state of an entity: what holds, certainly or possibly."""

    lists = "statements"

    entity: Entity
    _: KW_ONLY
    depth: Annotated[
        int,
        Param("2 adds what holds about the entities found at depth 1, and so on.", least=1, most=9),
    ] = 1
    as_of: AsOf = None
    during: Annotated[
        str | None,
        Param(
            "What held at any time in that period, in place of --as-of: EDTF, or words.",
            metavar="DATE",
            examples=("2026-03",),
            schema=DATE,
        ),
    ] = None
    as_known: AsKnown = None

    def answer(self, room: Room) -> SnapshotAnswer:
        period = self._period(room)
        basis = room.basis(self.as_of if period is None else period, self.as_known)
        entity = room.entity(self.entity, basis)
        source = room.source(basis) if period is None else self._during(period, entity, basis, room)
        found = snapshot(source, entity, basis, self.depth, period is not None)
        if not found["statements"] and not found["comments"] and not found["questions"]:
            room.note_if_unknown(entity, basis)
        return found

    def _period(self, room: Room) -> str | None:
        if self.during is None:
            return None
        if self.as_of is not None:
            problem = "a state is asked for at one time or during a period, not both"
            raise InputError([Problem(problem, "leave out --as-of or --during", "--during")])
        return room.read_date(self.during, "--during")

    def _during(self, period: str, entity: str, basis: Basis, room: Room) -> PeriodSource:
        history = room.history_about(entity, basis) if self.depth == 1 else room.history(basis)
        earliest = temporal.read(period, room.settings.zone).bounds.earliest
        return PeriodSource(history, MIN_INSTANT if earliest is None else earliest)

    def reads_all(self) -> bool:
        return self.depth > (2 if self.during is None else 1)

    def mentions(self, answer: SnapshotAnswer) -> Iterator[str]:
        for held in answer["statements"]:
            yield from held["because"]
        for listed in (*answer["comments"], *answer["questions"]):
            yield listed["id"]


def snapshot(
    source: SnapshotSource, entity: str, basis: Basis, depth: int = 1, is_period: bool = False
) -> SnapshotAnswer:
    """The statements about an entity at `as_of`, or during that if it `is_period`, `as_known`.

    With a `depth` of 2, also the statements about the entities found at depth 1, and so on.
    Comments and questions are those about the entity itself. Where several slugs mean one
    entity, any of them will do.
    """
    slug = source.names.canonical(entity)
    held = reachable(source, slug, basis.at, depth)
    listed = [each for _, each in in_order(source.listed_with(slug), source.order, basis.at)]
    asked: _Depth = {"depth": depth} if depth != 1 else {}
    times: _TimesJson = {"during": basis.as_of} if is_period else {"as_of": basis.as_of}
    answer: SnapshotAnswer = {
        "projection": "snapshot",
        "version": 1,
        "entity": entity,
        **asked,
        **times,
        **basis.reach_json(),
        "statements": [_listed(each, source, basis.at) for each in held],
        "comments": [comment_json(each) for each in listed if each.type.name == "commented"],
        "questions": open_questions(listed, source.order, basis.at),
        "findings": contradictions(source.order, source.linked_with(slug)),
        "digest": "",
    }
    return sealed(answer)


def _listed(held: HeldStatement, source: SnapshotSource, at: int) -> SnapshotStatementJson:
    measured: _MeasuredJson = {}
    if any(map(is_measured, held.because)):
        subject, label, value, _ = held.statement
        dated = series(source.openings(subject, label), label, at)
        measured = {**number_json(value), "series": dated}
    return {**held_json(held, source.history, source.order), **measured}


def reachable(source: SnapshotSource, entity: str, at: int, depth: int) -> list[HeldStatement]:
    """The statements that hold about an entity, and about the entities they lead to, in order.

    A value leads on only if it is known as an entity: two things that were both measured as 5
    are not joined by that.
    """
    found: dict[Statement, HeldStatement] = {}
    frontier: set[Value] = {entity}
    seen: set[Value] = set()
    for left in reversed(range(depth)):
        found.update((held.statement, held) for held in source.about(frontier, at))
        seen |= frontier
        if left:
            named = {name for statement in found for name in statement.entities()}
            frontier = source.entities_among(named - seen)
    return [found[statement] for statement in sorted(found, key=rank)]
