"""The editorial findings: what in a log is left to settle, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args, get_type_hints

from typing_extensions import TypeAliasType, TypedDict

from timeline import temporal
from timeline.errors import InputError, Problem
from timeline.history.event import Event
from timeline.history.history import History
from timeline.projections.answer import Basis, BasisJson, Count, Sealed, sealed
from timeline.projections.checks import accounts, offices, reach, statements, times, told_twice
from timeline.projections.checks.check_context import CheckContext
from timeline.projections.checks.reach import ATTESTED_FOR
from timeline.projections.checks.times import OPEN_FOR, SILENCE
from timeline.projections.contradictions import ContradictoryDates
from timeline.projections.question import AsKnown, AsOf, OfEntity, OfStory, Param, Question
from timeline.temporal.json_schema import DURATION

if TYPE_CHECKING:
    from timeline.projections.room import Room

# All checks, the gravest first. The kind of a finding is declared in the type that a check yields.
CHECKS: tuple[Callable[[CheckContext], Iterator[Any]], ...] = (
    accounts.contradictory_dates,
    accounts.chosen_retracted,
    times.lost_orders,
    accounts.still_one,
    told_twice.ruled_out,
    accounts.unresolved_conflicts,
    told_twice.rival_dates,
    told_twice.before_founding,
    statements.undecided_values,
    offices.too_many_holders,
    accounts.disputed,
    statements.members_of_dissolved,
    statements.departures_without_arrival,
    told_twice.duplicates,
    accounts.unsourced,
    accounts.corrected_often,
    times.stale_questions,
    times.long_silences,
    reach.unattested,
    statements.single_source,
)

Finding = TypeAliasType(
    "Finding",
    ContradictoryDates
    | accounts.ChosenRetracted
    | times.LostOrder
    | accounts.StillOne
    | told_twice.RuledOut
    | accounts.UnresolvedConflict
    | told_twice.RivalDates
    | told_twice.BeforeFounding
    | statements.UndecidedValue
    | offices.TooManyHolders
    | accounts.DisputedEvent
    | statements.MemberOfDissolved
    | statements.DepartureWithoutArrival
    | told_twice.Duplicate
    | accounts.Unsourced
    | accounts.CorrectedOften
    | times.StaleQuestion
    | times.LongSilence
    | reach.Unattested
    | statements.SingleSource,
)


def _kind(check: Callable[[CheckContext], Iterator[Any]]) -> str:
    """The kind of the findings that a check yields."""
    (found,) = get_args(get_type_hints(check)["return"])
    (kind,) = get_args(get_type_hints(found)["kind"])
    return str(kind)


KINDS = {_kind(check): check for check in CHECKS}


class CheckAnswer(BasisJson, Sealed):
    """What is left to settle, the gravest first."""

    projection: Literal["check"]
    story: str | None
    entity: str | None
    only: list[str]
    stale_after: str | None
    """Null where questions and statements have limits of their own."""
    silence: str
    counts: dict[str, Count]
    findings: list[Finding]


class _Lengths(TypedDict):
    stale_after: str | None
    silence: str


@dataclass(frozen=True)
class Check(Question[CheckAnswer]):
    """What is left to settle, the gravest first, with the command that settles it.

    The exit code is 1 if there is anything.
    """

    lists = "findings"

    story: OfStory = None
    entity: OfEntity = None
    only: Annotated[
        tuple[str, ...],
        Param("Only findings of this kind. Repeatable.", metavar="KIND", choices=tuple(KINDS)),
    ] = ()
    stale_after: Annotated[
        str | None,
        Param(
            "How long a question may stay open, and a statement without a source that speaks of "
            "it: P90D, or 90 days. Default: 30 days for questions, a year for statements.",
            metavar="LENGTH",
            schema=DURATION,
        ),
    ] = None
    silence: Annotated[
        str, Param("How long a story may go without a record.", metavar="LENGTH", schema=DURATION)
    ] = SILENCE
    as_of: AsOf = None
    as_known: AsKnown = None

    def answer(self, room: Room) -> CheckAnswer:
        lengths = _lengths(self.stale_after, self.silence)
        basis = room.basis(self.as_of, self.as_known)
        entity = None if self.entity is None else room.entity(self.entity, basis)
        found = check(room.history(basis), basis, self.only, self.story, entity, **lengths)
        if not found["findings"]:
            room.note_if_no_story(self.story)
            if entity is not None:
                room.note_if_unknown(entity, basis)
        return found

    def reads_all(self) -> bool:
        return True

    def is_finding(self, answer: CheckAnswer) -> bool:
        return bool(answer["findings"])


def _lengths(stale_after: str | None, silence: str) -> _Lengths:
    """Lengths of time as ISO 8601 durations.

    Raises:
        InputError: some cannot be read; all of them are named.
    """
    problems: list[Problem] = []

    def read(typed: str, option: str) -> str:
        length = temporal.read_length(typed)
        try:
            temporal.read_duration(length)
        except temporal.DurationError as error:
            problems.append(Problem(error.message, error.hint, option))
        return length

    lengths: _Lengths = {
        "stale_after": None if stale_after is None else read(stale_after, "--stale-after"),
        "silence": read(silence, "--silence"),
    }
    if problems:
        raise InputError(problems)
    return lengths


def check(
    history: History,
    basis: Basis,
    only: Collection[str] = (),
    story: str | None = None,
    entity: str | None = None,
    stale_after: str | None = None,
    silence: str = SILENCE,
) -> CheckAnswer:
    """What is left to settle in a log, the gravest first; `only` names kinds, or all are meant.

    Accounts and sources are looked at as they are known; statements, questions and
    silences as of `as_of`. With a `story` or an `entity`, only those findings are given
    that have to do with it.

    Raises:
        DurationError: `stale_after` or `silence` is no ISO 8601 duration.
    """
    limits = (stale_after or OPEN_FOR, stale_after or ATTESTED_FOR, silence)
    lengths = map(temporal.read_duration, limits)
    context = CheckContext(history, basis.at, *lengths)
    slug = None if entity is None else history.names.canonical(entity)
    found: list[Finding] = []
    for kind, findings in KINDS.items():
        if only and kind not in only:
            continue
        chosen = (each for each in findings(context) if _concerns(each, history, story, slug))
        found += sorted(chosen, key=lambda each: _position(each, history))
    answer: CheckAnswer = {
        "projection": "check",
        "version": 1,
        "story": story,
        "entity": entity,
        **basis.as_json(),
        "only": [kind for kind in KINDS if kind in only],
        "stale_after": stale_after,
        "silence": silence,
        "counts": dict(Counter(each["kind"] for each in found)),
        "findings": found,
        "digest": "",
    }
    return sealed(answer)


def _position(found: Mapping[str, Any], history: History) -> int:
    """The position of the first event of a finding; 0 if it is about none."""
    return min((each.position for each in _events(found, history)), default=0)


def _concerns(
    found: Mapping[str, Any], history: History, story: str | None, entity: str | None
) -> bool:
    """Whether a finding has to do with a story and an entity."""
    events = list(_events(found, history))
    stories = {found.get("story"), *(each.record.story for each in events)}
    if story is not None and story not in stories:
        return False
    if entity is None:
        return True
    if "entities" in found:
        return entity in map(history.names.canonical, found["entities"])
    statement = found.get("statement")
    if statement is not None:
        return entity in (statement["subject"], statement["value"])
    return any(entity in each.entities for each in events)


def _events(found: Mapping[str, Any], history: History) -> Iterator[Event]:
    """The events among the records of a finding; the others are amendments."""
    return (each for id in found["records"] if (each := history.get(id)) is not None)
