"""All that was ever so about an entity, as ever known: one answer for all pairs of times.

A snapshot answers for one T and one K. This answers for all of them: each statement is a set
of areas, with valid time across and known time up. Whoever holds the map reads any snapshot
off it without asking again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, TypeVar

from timeline import temporal
from timeline.certainty.effects import Statement, effects_of, index_keys
from timeline.certainty.evidence_index import EvidenceIndex
from timeline.certainty.order import Order
from timeline.certainty.order_component import links_of
from timeline.history.entity_resolution import Resolver
from timeline.history.history import Change, Event, History
from timeline.projections.answer import Answer, Basis, sealed_untyped
from timeline.projections.areas import Area, Areas, Stretch
from timeline.projections.question import AsKnown, Entity, Question
from timeline.projections.replay_state import (
    CommentsAndQuestions,
    ListItem,
    concerned,
    listable,
    listed_by,
)
from timeline.projections.statement import rank, statement_json
from timeline.projections.validity import TrackedStatements, ValidityIndex
from timeline.records.record import Record
from timeline.temporal.instant_bounds import MAX_INSTANT, MIN_INSTANT

if TYPE_CHECKING:
    from timeline.projections.room import Room

Key = TypeVar("Key", Statement, ListItem)

VERSION = 1


@dataclass(frozen=True)
class Map(Question[Answer]):
    """The state of an entity at all times, as ever known: all its snapshots in one."""

    lists = "statements"
    depends_on_now = False

    entity: Entity
    _: KW_ONLY
    as_known: AsKnown = None

    def answer(self, room: Room) -> Answer:
        basis = room.basis(None, self.as_known)
        entity = room.entity(self.entity, basis)
        slugs = ever_meant(entity, room.naming_amendments(basis))
        found = map_of(room.records_about(slugs, basis), entity, basis)
        if not found["statements"] and not found["comments"] and not found["questions"]:
            room.note_if_unknown(entity, basis)
        return found

    def reads_all(self) -> bool:
        return True


# Of an entity that more records are about, only what was known since the last so many is mapped.
STEPS = 500


def map_of(records: Iterable[Record], entity: str, basis: Basis, steps: int = STEPS) -> Answer:
    """The map of an entity, from the records that bear on it (under any of its slugs).

    It reads so for each T and each K from the position `from` up to `as_known`: what a
    snapshot lists at `as_of` T and `as_known` K is what has an area with
    `known[0] <= K < known[1]` and `valid[0] <= T < valid[1]`, null being an open side; T is
    the instant that an `as_of` means. `slugs` are all that ever meant the entity. Of an
    entity with a long history only the last of it is mapped; it is `complete` where `from` is
    0. `known` lists the positions at which anything changed.
    """
    records = list(records)
    start = _start(records, entity, steps)
    earlier = sum(record.position <= start for record in records)
    walk = _Walk(History(records[:earlier]), entity, start)
    known: list[list[Any]] = []
    for record in records[earlier:]:
        if walk.step(record):
            known.append([record.position, temporal.format_instant(record.recorded_at)])
    listed = dict(sorted(walk.listed.items(), key=lambda item: item[0].id))
    return sealed_untyped(
        {
            "projection": "map",
            "version": VERSION,
            "entity": entity,
            "slugs": sorted(ever_meant(entity, records)),
            **basis.known_json(),
            "complete": start == 0,
            "from": start,
            "known": known,
            "statements": [
                {
                    **statement_json(statement),
                    "areas": [_statement_area(area) for area in walk.statements[statement].all()],
                }
                for statement in sorted(walk.statements, key=rank)
            ],
            "comments": _listed(listed, "comment"),
            "questions": _listed(listed, "question"),
        }
    )


def ever_meant(entity: str, records: Iterable[Record]) -> set[str]:
    """All slugs that ever meant an entity, by the amendments of entities among some records."""
    names = Resolver()
    found = {entity}
    for each in records:
        names.apply(each)
        found.update(names.get(entity).slugs)
    return found


def _start(records: Sequence[Record], entity: str, steps: int) -> int:
    """The position from which the last so many records about an entity lead on; 0 if all do.

    They are the events that name it, as they were recorded, and what amends these.
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


class _Walk:
    """The areas of all that is about an entity, while its records are walked.

    It begins with what the history holds already, as known at the position `start`.
    """

    def __init__(self, history: History, entity: str, start: int):
        self.statements: dict[Statement, Areas] = {}
        self.listed: dict[ListItem, Areas] = {}
        self._entity = entity
        self._slug = history.names.canonical(entity)
        self._history = history
        self._order = Order(history)
        self._worlds = EvidenceIndex(self._order)
        self._extents = ValidityIndex(self._worlds)
        self._following = TrackedStatements()
        self._listings = CommentsAndQuestions(history, self._order, MAX_INSTANT)
        self._linked: set[str] = set()
        for each in history.all():
            self._note_links(each)
            if each.counts:
                self._extents.add(each)
        about = self._worlds.named_about(self._slug)
        self._put(start, dict.fromkeys(about, MIN_INSTANT), listable(history))

    def step(self, record: Record) -> bool:
        """Take in the next record; whether it changed anything about the entity."""
        changed = self._history.apply(record)
        for change in changed:
            self._note_links(change.after)
            self._listings.take(change.after)
        pairs = concerned(self._history, self._order, changed).values()
        slug = self._history.names.canonical(self._entity)
        touched: dict[Statement, int] = {}
        for pair in pairs:
            for statement, since in self._touched(pair):
                touched[statement] = min(since, touched.get(statement, MAX_INSTANT))
        for before, _ in pairs:
            if before is not None and before.counts:
                self._extents.remove(before)
        for _, after in pairs:
            if after.counts:
                self._extents.add(after)
        listed: Collection[ListItem] = listed_by(pairs)
        if slug != self._slug:
            self._slug = slug
            about = (*self._following, *self._worlds.named_about(slug))
            touched = dict.fromkeys(about, MIN_INSTANT)
            listed = list(listable(self._history))
        return self._put(record.position, touched, listed)

    def _touched(self, change: Change) -> Iterator[tuple[Statement, int]]:
        """The statements that may hold otherwise for a change of one event, and since when."""
        for each in filter(None, change):
            acts = effects_of(each)
            if acts is None:
                continue
            loose = each.id not in self._linked
            earliest, latest = (
                (acts.at.earliest, acts.at.latest) if loose else (MIN_INSTANT, MAX_INSTANT)
            )
            for statement in self._worlds.touched_by(each, among={}):
                yield statement, earliest
            for statement in self._following.closed_by(acts.closes, self._slug, earliest, latest):
                yield statement, earliest

    def _note_links(self, event: Event) -> None:
        """Remember who was ever linked with others: its date does not tell when it happened."""
        for link in links_of(event):
            self._linked |= {link.earlier, link.later}

    def _put(
        self, position: int, statements: Mapping[Statement, int], listed: Iterable[ListItem]
    ) -> bool:
        changed = False
        for statement, since in statements.items():
            extent = None
            if self._slug in statement.entities():
                extent = self._extents.of(statement, since, self._following.get(statement))
            self._following.put(statement, extent)
            stretches = extent.stretches if extent else []
            changed |= _take(self.statements, statement, position, stretches)
        for each in listed:
            changed |= _take(self.listed, each, position, self._when_listed(each))
        return changed

    def _when_listed(self, listed: ListItem) -> list[Stretch]:
        """When a comment or question is listed, and how it reads."""
        event = self._history.get(listed.id)
        if event is None or not event.counts:
            return []
        if self._slug not in event.content["about"]:
            return []
        earliest = self._order.span(event).earliest
        since, until = earliest + 1 if earliest > MIN_INSTANT else MIN_INSTANT, MAX_INSTANT
        if listed.listing == "question":
            answers = self._listings.answers(listed.id)
            settled = (self._order.span(each).latest for each in answers if not each.doubtful)
            until = min(settled, default=MAX_INSTANT)
        entry = self._listings.read(event)
        return [Stretch(since, until, entry)] if since < until else []


def _take(areas: dict[Key, Areas], key: Key, position: int, stretches: Sequence[Stretch]) -> bool:
    if key not in areas:
        if not stretches:
            return False
        areas[key] = Areas()
    return areas[key].put(position, stretches)


def _statement_area(area: Area) -> Answer:
    certainty, standing = area.stretch.what
    return {**area.as_json(), "certainty": certainty, "standing": standing}


def _listed(areas: dict[ListItem, Areas], listing: str) -> list[Answer]:
    """The entries of a snapshot, each with its areas; one that was corrected has several."""
    found = [
        each for listed, known in areas.items() if listed.listing == listing for each in known.all()
    ]
    return [
        {**entry, "areas": [area.as_json() for area in several]}
        for entry, several in groupby(found, key=lambda area: area.stretch.what)
    ]
