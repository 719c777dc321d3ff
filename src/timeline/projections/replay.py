"""The audit: the log record by record, and what each record changed in the state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

from typing_extensions import TypedDict

from timeline import temporal
from timeline.certainty.effects import Statement
from timeline.errors import InputError
from timeline.history.history import Change, History
from timeline.projections.answer import (
    Basis,
    BasisJson,
    NoFindings,
    Position,
    RecordIds,
    Sealed,
    TimeRange,
    Timestamp,
    sealed,
    timestamps,
)
from timeline.projections.log import refuse_unknown_types
from timeline.projections.question import (
    AsKnown,
    AsOf,
    Listing,
    OfEntity,
    OfStory,
    Param,
    Part,
    or_else,
)
from timeline.projections.replay_state import State, StateChange, StateChangeJson
from timeline.records.record import Record, entities_of, headline
from timeline.temporal.json_schema import DATE

if TYPE_CHECKING:
    from timeline.projections.room import Room


class StepJson(TypedDict):
    """One record of the audit, and what it changed in the state."""

    position: Position
    recorded_at: Timestamp
    recorded_by: str | None
    id: str
    story: str
    type: str
    amends: RecordIds
    when: str | None
    zone: str | None
    headline: str
    changes: list[StateChangeJson]


class _OptionalFilters(TypedDict, total=False):
    by: str
    types: list[str]
    recorded: TimeRange


# `from` is a keyword of Python, so a class body cannot declare it.
_From = TypedDict("_From", {"from": Position})


class FiltersJson(_OptionalFilters, _From):
    """Which steps were asked for; optional keys are present only where they were given."""

    story: str | None
    entity: str | None


class ReplayAnswer(FiltersJson, BasisJson, Sealed):
    """The audit: each record, who recorded it, when, and what it changed in the state."""

    projection: Literal["replay"]
    steps: list[StepJson]
    findings: NoFindings


@dataclass(frozen=True)
class Replay(Listing[ReplayAnswer, StepJson]):
    """The audit: who recorded each record, when, and what it changed in the state.

    The state is the one at --as-of (default: now), as known before and after each record.
    """

    lists = "steps"

    story: OfStory = None
    entity: OfEntity = None
    by: Annotated[str | None, Param("Only what this person recorded.", metavar="WHO")] = None
    types: Annotated[
        tuple[str, ...],
        Param("Only records of this type. Repeatable.", name="type", most=100, suggest="type"),
    ] = ()
    since: Annotated[
        str | None, Param("Only what was recorded from this date on.", metavar="DATE", schema=DATE)
    ] = None
    until: Annotated[
        str | None, Param("Only what was recorded up to this date.", metavar="DATE", schema=DATE)
    ] = None
    as_of: AsOf = None
    as_known: AsKnown = None

    def part(self, room: Room) -> Part[ReplayAnswer, StepJson]:
        refuse_unknown_types(self.types, room.settings.vocabulary)
        basis = room.basis(self.as_of, self.as_known)
        window = _window(self.since, self.until, room)
        entity = None if self.entity is None else room.entity(self.entity, basis)
        filters = Filters(self.story, entity, self.by, self.types, self.first, *window)
        room.note_if_no_story(self.story)

        def note_empty() -> None:
            if entity is None:
                room.note("no record matches")
            else:
                room.note_if_unknown(entity, basis)

        found = or_else(steps(room.records(basis.as_known), basis, filters), note_empty)
        whole = partial(replay_answer, basis=basis, filters=filters)
        return Part(islice(found, self.limit), basis.as_known, whole)

    def reads_all(self) -> bool:
        return True

    @classmethod
    def asked(cls, answer: Mapping[str, Any]) -> Mapping[str, Any]:
        since, until = answer.get("recorded", (None, None))
        return {**answer, "since": since, "until": until}


def _window(since: str | None, until: str | None, room: Room) -> tuple[int | None, int | None]:
    """A window of recorded time, `[since, until)`; a date ends with its upper bound."""

    def bounds(text: str, option: str) -> temporal.Bounds:
        try:
            instant = temporal.parse_instant(text)
        except temporal.InstantError:
            return temporal.read(room.read_date(text, option), room.settings.zone).bounds
        return temporal.Bounds(instant, instant + 1)

    begin = bounds(since, "--since").earliest if since is not None else None
    end = bounds(until, "--until").latest if until is not None else None
    if begin is not None and end is not None and begin >= end:
        raise InputError(f"--since {since} is later than --until {until}", "swap them")
    return begin, end


class Filters(NamedTuple):
    """Which steps of an audit to return: those that match every filter.

    `first` is a position. `types` are names of record types, of which one must match. `since`
    and `until` are a window of recorded time, `[since, until)` in microseconds since 1970, UTC.
    The state is always that of the whole log.
    """

    story: str | None = None
    entity: str | None = None
    by: str | None = None
    types: tuple[str, ...] = ()
    first: int = 1
    since: int | None = None
    until: int | None = None

    def fit(self, record: Record) -> bool:
        """Whether a record matches every filter but `entity` and `until`."""
        return (
            record.position >= self.first
            and self.story in (None, record.story)
            and self.by in (None, record.recorded_by)
            and (not self.types or record.type.name in self.types)
            and (self.since is None or record.recorded_at >= self.since)
        )

    def as_json(self) -> FiltersJson:
        """The filters as an answer carries them."""
        optional: _OptionalFilters = {}
        if self.by is not None:
            optional["by"] = self.by
        if self.types:
            optional["types"] = list(self.types)
        if self.since is not None or self.until is not None:
            optional["recorded"] = timestamps(self.since, self.until)
        return {"story": self.story, "entity": self.entity, **optional, "from": self.first}


ALL = Filters()


def replay_answer(steps: Iterable[StepJson], basis: Basis, filters: Filters = ALL) -> ReplayAnswer:
    """The steps of an audit as one answer, with its question and digest."""
    answer: ReplayAnswer = {
        "projection": "replay",
        "version": 1,
        **filters.as_json(),
        **basis.as_json(),
        "steps": list(steps),
        "findings": [],
        "digest": "",
    }
    return sealed(answer)


def steps(records: Iterable[Record], basis: Basis, filters: Filters = ALL) -> Iterator[StepJson]:
    """One step for each record that matches: who recorded what, when, and its effect.

    The states compared are those at `as_of`, as known before and after the record. A record
    about a later time therefore changes nothing.
    """
    history = History()
    state = State(history, basis.at)
    for record in records:
        if filters.until is not None and record.recorded_at >= filters.until:
            return
        changed = history.apply(record)
        moved = state.move(changed)
        if filters.fit(record) and _concerns(filters.entity, record, history, changed, moved):
            yield step_json(record, changed, moved)


def step_json(record: Record, changed: Sequence[Change], moved: Iterable[StateChange]) -> StepJson:
    """One step of the audit; `when` and `zone` are those of the event that it is about."""
    named = (record.id, *record.amends)
    about = next((change.after for change in changed if change.after.id in named), None)
    return {
        "position": record.position,
        "recorded_at": temporal.format_instant(record.recorded_at),
        "recorded_by": record.recorded_by,
        "id": record.id,
        "story": record.story,
        "type": record.type.name,
        "amends": list(record.amends),
        "when": about.content.get("when") if about else None,
        "zone": about.zone if about else None,
        "headline": headline(record.type, record.content),
        "changes": [each.json for each in moved],
    }


def _concerns(
    asked: str | None,
    record: Record,
    history: History,
    changed: Sequence[Change],
    moved: Iterable[StateChange],
) -> bool:
    """Whether a record is about an entity: it or anything it changed names the entity."""
    if asked is None:
        return True
    entity = history.names.canonical(asked)
    readings = [event for change in changed for event in change if event is not None]
    named = {slug for each in readings for slug in each.entities}
    named.update(map(history.names.canonical, entities_of(record.type, record.content)))
    for each in readings:
        question = history.get(each.content.get("answers", ""))
        named.update(question.content["about"] if question else ())
    return entity in named or any(
        isinstance(each.what, Statement) and entity in each.what.entities() for each in moved
    )
