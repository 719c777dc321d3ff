"""Everything that was ever true about an entity, as ever known: its snapshots at all T and K.

A snapshot answers for one T and one K. In the map, each statement has areas, with valid time
in one direction and known time in the other. Any snapshot can be read off the map without
another question.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Generic, Literal, NamedTuple, TypeVar

from annotated_types import Len
from typing_extensions import TypedDict

from timeline import temporal
from timeline.certainty.effects import Statement, effects_of, index_keys
from timeline.certainty.evaluate import Certainty
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.history.entity_resolution import Resolver
from timeline.history.event import Event, Standing
from timeline.history.history import Change, History
from timeline.projections.answer import (
    Basis,
    Cut,
    JsonSchema,
    KnownJson,
    Sealed,
    TimeRange,
    Timestamp,
    sealed,
)
from timeline.projections.listings import (
    CommentJson,
    CommentsAndQuestions,
    QuestionJson,
    comment_json,
    listable,
    listed_by,
    question_json,
)
from timeline.projections.question import AsKnown, Entity, Question
from timeline.projections.replay_state import concerned
from timeline.projections.statement import StatementJson, rank, statement_json
from timeline.projections.validity import How, Stretch, TrackedStatements, ValidityIndex
from timeline.records.record import Record
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT

if TYPE_CHECKING:
    from timeline.projections.room import Room


Key = TypeVar("Key")
Said = TypeVar("Said")

# If more records than this are about an entity, only what was known since the last ones is
# mapped.
STEPS = 500


class AreaJson(TypedDict):
    """Where something is true: at which cuts of the log, and at which valid times."""

    known: Annotated[
        list[int | None],
        Len(2, 2),
        JsonSchema(description="From one position to before another; null has no end."),
    ]
    valid: Annotated[
        TimeRange,
        JsonSchema(description="`as_of` from one instant to before another; null has no end."),
    ]


class HeldAreaJson(AreaJson):
    """Where a statement holds, and how."""

    certainty: Certainty
    standing: Standing


class MappedStatementJson(StatementJson):
    """A statement, and everywhere it holds."""

    areas: list[HeldAreaJson]


class MappedCommentJson(CommentJson):
    """A comment, and everywhere it is listed."""

    areas: list[AreaJson]


class MappedQuestionJson(QuestionJson):
    """A question, and everywhere it is open."""

    areas: list[AreaJson]


# `from` is a keyword of Python, so a class body cannot declare it.
_From = TypedDict(
    "_From",
    {"from": Annotated[Cut, JsonSchema(description="The first cut; 0 if it is complete.")]},
)


class MapAnswer(_From, KnownJson, Sealed):
    """The state of an entity at all times, as ever known."""

    projection: Literal["map"]
    entity: str
    slugs: list[str]
    """Every slug that ever meant it."""
    complete: bool
    """Whether it reaches back to the beginning of the log."""
    known: list[tuple[int, Timestamp]]
    """Where anything about it changed: positions, and when each was recorded."""
    statements: list[MappedStatementJson]
    comments: list[MappedCommentJson]
    questions: list[MappedQuestionJson]


@dataclass(frozen=True)
class Map(Question[MapAnswer]):
    """The state of an entity at all times, as ever known: all its snapshots in one."""

    lists = "statements"
    depends_on_now = False

    entity: Entity
    _: KW_ONLY
    as_known: AsKnown = None

    def answer(self, room: Room) -> MapAnswer:
        basis = room.basis(None, self.as_known)
        entity = room.entity(self.entity, basis)
        slugs = ever_meant(entity, room.naming_amendments(basis))
        found = map_of(room.records_about(slugs, basis), entity, basis)
        if not found["statements"] and not found["comments"] and not found["questions"]:
            room.note_if_unknown(entity, basis)
        return found

    def reads_all(self) -> bool:
        return True


def map_of(records: Iterable[Record], entity: str, basis: Basis, steps: int = STEPS) -> MapAnswer:
    """The map of an entity, from the records that bear on it (under any of its slugs).

    For each T and each K from the position `from` up to `as_known`, a snapshot at `as_of` T and
    `as_known` K lists what has an area with `known[0] <= K < known[1]` and
    `valid[0] <= T < valid[1]`. Null is an open side, and T the upper bound that an `as_of`
    means. Of an entity with a long history only the latest part is mapped; the map is
    `complete` if `from` is 0. `known` lists the positions at which anything changed.
    """
    records = list(records)
    start = _start(records, entity, steps)
    earlier = sum(record.position <= start for record in records)
    walk = _Walk(History(records[:earlier]), entity, start)
    known = [
        (record.position, temporal.format_instant(record.recorded_at))
        for record in records[earlier:]
        if walk.step(record)
    ]
    answer: MapAnswer = {
        "projection": "map",
        "version": 1,
        "entity": entity,
        "slugs": sorted(ever_meant(entity, records)),
        **basis.known_json(),
        "complete": start == 0,
        "from": start,
        "known": known,
        "statements": [
            {
                **statement_json(statement),
                "areas": [
                    {**area.as_json(), "certainty": area.what[0], "standing": area.what[1]}
                    for area in walk.statements[statement].all()
                ],
            }
            for statement in sorted(walk.statements, key=rank)
        ],
        "comments": [{**entry, "areas": areas} for entry, areas in _listed(walk.comments)],
        "questions": [{**entry, "areas": areas} for entry, areas in _listed(walk.questions)],
        "digest": "",
    }
    return sealed(answer)


def ever_meant(entity: str, records: Iterable[Record]) -> set[str]:
    """Every slug that ever meant an entity, by the merges and splits among some records."""
    names = Resolver()
    found = {entity}
    for each in records:
        names.apply(each)
        found.update(names.get(entity).slugs)
    return found


def _start(records: Sequence[Record], entity: str, steps: int) -> int:
    """The position after which the last `steps` records about an entity follow; 0 if all do.

    These are the events that name it, as they were recorded, and what amends them.
    """
    slugs = ever_meant(entity, records)
    ids: set[str] = set()
    positions: list[int] = []
    for record in records:
        if not ids.isdisjoint(record.amends):
            positions.append(record.position)
        elif any(each.name in slugs for each in index_keys(record.type, record.content)):
            ids.add(record.id)
            positions.append(record.position)
    return positions[-steps - 1] if len(positions) > steps else 0


class Area(NamedTuple, Generic[Said]):
    """A stretch of valid time as it was known from position `first` to before `last`.

    `last` is None if it is still true at the cut.
    """

    first: int
    last: int | None
    stretch: Stretch[Said]

    @property
    def what(self) -> Said:
        return self.stretch.what

    def as_json(self) -> AreaJson:
        return {"known": [self.first, self.last], "valid": self.stretch.valid()}


class Areas(Generic[Said]):
    """The areas of one thing, while the log grows."""

    def __init__(self) -> None:
        self._open: dict[int, Area[Said]] = {}
        self._closed: list[Area[Said]] = []

    def put(self, position: int, stretches: Sequence[Stretch[Said]]) -> bool:
        """Set what is true from a position on; returns whether that is a change."""
        found: dict[int, Area[Said]] = {}
        for each in stretches:
            area = self._open.get(each.earliest)
            if area is None or area.stretch != each:
                area = Area(position, None, each)
            found[each.earliest] = area
        if found == self._open:
            return False
        for start, area in self._open.items():
            # What changed twice at one position was never visible.
            if area != found.get(start) and area.first < position:
                self._closed.append(area._replace(last=position))
        self._open = found
        return True

    def all(self) -> list[Area[Said]]:
        """The areas, in the order in which they became known, then of valid time."""
        areas = [*self._closed, *self._open.values()]
        return sorted(areas, key=lambda area: (area.first, area.stretch.earliest))


class _Walk:
    """The areas of everything about an entity, while its records are applied.

    It starts from what the history has already, as known at the position `start`.
    """

    def __init__(self, history: History, entity: str, start: int):
        self.statements: dict[Statement, Areas[How]] = {}
        self.comments: dict[str, Areas[CommentJson]] = {}
        self.questions: dict[str, Areas[QuestionJson]] = {}
        self._entity = entity
        self._slug = history.names.canonical(entity)
        self._history = history
        self._order = Order(history)
        self._worlds = EvidenceIndex(self._order)
        self._validity = ValidityIndex(self._worlds)
        self._tracked = TrackedStatements()
        self._listings = CommentsAndQuestions(history, self._order, MAX_INSTANT)
        # The events that ever depended on others: their dates alone do not bound them.
        self._tied: set[str] = set()
        for each in history.counting():
            self._note_tied(each)
            self._validity.add(each)
        about = self._worlds.named_about(self._slug)
        self._put(start, dict.fromkeys(about, MIN_INSTANT), listable(history))

    def step(self, record: Record) -> bool:
        """Apply the next record; returns whether it changed anything about the entity."""
        changed = self._history.apply(record)
        for change in changed:
            self._listings.take(change.after)
        pairs = concerned(self._history, self._order, changed).values()
        for pair in pairs:
            if pair.after.counts:
                self._note_tied(pair.after)
        slug = self._history.names.canonical(self._entity)
        touched: dict[Statement, int] = {}
        for pair in pairs:
            for statement, since in self._touched(pair):
                touched[statement] = min(since, touched.get(statement, MAX_INSTANT))
        for before, _ in pairs:
            if before is not None and before.counts:
                self._validity.remove(before)
        for _, after in pairs:
            if after.counts:
                self._validity.add(after)
        listed: Collection[str] = listed_by(pairs)
        if slug != self._slug:
            self._slug = slug
            about = (*self._tracked, *self._worlds.named_about(slug))
            touched = dict.fromkeys(about, MIN_INSTANT)
            listed = list(listable(self._history))
        return self._put(record.position, touched, listed)

    def _touched(self, change: Change) -> Iterator[tuple[Statement, int]]:
        """The statements that a change of one event may affect, and from which instant on."""
        for each in filter(None, change):
            effects = effects_of(each)
            if effects is None:
                continue
            earliest, latest, _ = effects.at
            if each.id in self._tied or effects.founds:
                earliest, latest = MIN_INSTANT, MAX_INSTANT
            for statement in self._worlds.touched_by(each, among={}):
                yield statement, earliest
            for statement in self._tracked.closed_by(effects.closes, self._slug, earliest, latest):
                yield statement, earliest

    def _note_tied(self, event: Event) -> None:
        if self._order.component(event.id) is not None:
            self._tied.add(event.id)

    def _put(
        self, position: int, statements: Mapping[Statement, int], listed: Iterable[str]
    ) -> bool:
        changed = False
        for statement, since in statements.items():
            extent = None
            if self._slug in statement.entities():
                extent = self._validity.of(statement, since, self._tracked.get(statement))
            self._tracked.put(statement, extent)
            stretches = extent.stretches if extent else []
            changed |= _put(self.statements, statement, position, stretches)
        for id in listed:
            event = self._history.get(id)
            if event is None:
                continue
            if event.type.name == "commented":
                comment = self._stretches(event, comment_json(event), MAX_INSTANT)
                changed |= _put(self.comments, id, position, comment)
            else:
                question = question_json(event, self._order)
                answered = min(self._listings.settling_instants(id), default=MAX_INSTANT)
                open_until = self._stretches(event, question, answered)
                changed |= _put(self.questions, id, position, open_until)
        return changed

    def _stretches(self, event: Event, entry: Said, until: int) -> list[Stretch[Said]]:
        """When a comment or question is listed as `entry`, if it is about the entity at all."""
        if not event.counts or self._slug not in event.content["about"]:
            return []
        earliest = self._order.span(event).earliest
        since = earliest + 1 if earliest > MIN_INSTANT else MIN_INSTANT
        return [Stretch(since, until, entry)] if since < until else []


def _put(
    areas: dict[Key, Areas[Said]], key: Key, position: int, stretches: Sequence[Stretch[Said]]
) -> bool:
    if key not in areas:
        if not stretches:
            return False
        areas[key] = Areas()
    return areas[key].put(position, stretches)


def _listed(areas: Mapping[str, Areas[Said]]) -> Iterator[tuple[Said, list[AreaJson]]]:
    """The entries of a snapshot, each with its areas; a corrected one has several entries."""
    for id in sorted(areas):
        pairs = ((area.what, area.as_json()) for area in areas[id].all())
        for entry, several in groupby(pairs, key=itemgetter(0)):
            yield entry, [area for _, area in several]
