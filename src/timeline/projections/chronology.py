"""What happened, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from typing_extensions import TypedDict

from timeline.certainty.evaluate import Certainty
from timeline.certainty.order import Order
from timeline.errors import InputError
from timeline.history.event import Event, Standing
from timeline.history.history import History
from timeline.projections.accounts import (
    DissentJson,
    LinkJson,
    OtherAccountsJson,
    dated_json,
    dissent_json,
    independent_sources,
    other_accounts,
)
from timeline.projections.answer import (
    Basis,
    BasisJson,
    Count,
    Position,
    RecordIds,
    Sealed,
    TimeRange,
    sealed,
    timestamps,
)
from timeline.projections.contradictions import ContradictoryDates, contradictions
from timeline.projections.listings import in_order
from timeline.projections.question import AsKnown, AsOf, OfEntity, Param, Question
from timeline.temporal.instant_bounds import InstantBounds

if TYPE_CHECKING:
    from timeline.projections.room import Room


class _OptionalJson(OtherAccountsJson, total=False):
    after: list[LinkJson]
    before: list[LinkJson]
    during: list[LinkJson]
    until: TimeRange
    """The bounds of the end of a period; `bounds` are those of its beginning."""
    tags: list[str]
    corrections: RecordIds
    """The amendments that changed how it reads."""
    decided_against: DissentJson


class ChronologyEventJson(_OptionalJson):
    """One standing event, and its place among the others."""

    id: str
    position: Position
    story: str
    type: str
    when: str | None
    zone: str
    bounds: TimeRange
    certainty: Certainty
    order: Certainty
    """How firmly it comes after the event listed before it."""
    group: Count
    """Neighbours that may have come in either order share one."""
    headline: str
    entities: list[str]
    standing: Standing
    amendments: RecordIds
    sources: Count


class _TitledJson(TypedDict, total=False):
    title: str
    """Of the story, if it was given one."""
    description: str


class ChronologyAnswer(BasisJson, Sealed, _TitledJson):
    """What happened in a story, or about an entity, in the order in which it happened."""

    projection: Literal["chronology"]
    story: str | None
    entity: str | None
    events: list[ChronologyEventJson]
    findings: list[ContradictoryDates]


@dataclass(frozen=True)
class Chronology(Question[ChronologyAnswer]):
    """What happened in a story or about an entity, in the order in which it happened.

    The story may be left out where there is only one.
    """

    lists = "events"

    story: Annotated[
        str | None, Param("A story, by its slug.", kind="path", examples=("qwen",), suggest="story")
    ] = None
    _: KW_ONLY
    entity: OfEntity = None
    as_of: AsOf = None
    as_known: AsKnown = None

    def answer(self, room: Room) -> ChronologyAnswer:
        story = self.story
        if story is None and self.entity is None:
            stories = list(room.stories())
            if len(stories) != 1:
                raise InputError("which story?", "name a STORY, or an entity with --entity")
            (story,) = stories
        basis = room.basis(self.as_of, self.as_known)
        if self.entity is None:
            found = chronology(room.history(basis), basis, story)
        else:
            entity = room.entity(self.entity, basis)
            found = chronology(room.history_about(entity, basis), basis, story, entity)
            if not found["events"]:
                room.note_if_unknown(entity, basis)
        room.note_if_no_story(story)
        return found

    def reads_all(self) -> bool:
        return self.entity is None


def chronology(
    history: History, basis: Basis, story: str | None = None, entity: str | None = None
) -> ChronologyAnswer:
    """The standing events of a story, or about an entity, in valid order.

    `order` says how firmly each comes after the one listed before it: `certain` if it happened
    after that one in every world, else `possible`. Neighbours with the same bounds and no
    known order share a `group`; groups are numbered from 1.
    """
    order = history.derived(Order)
    slug = None if entity is None else history.names.canonical(entity)
    chosen = [
        each
        for each in history.standing()
        if each.told_by is None
        and (story is None or each.record.story == story)
        and (slug is None or slug in each.entities)
    ]
    titled: _TitledJson = {}
    if story is not None:
        said = history.names.story(story)
        if "title" in said:
            titled["title"] = said["title"]
        if "description" in said:
            titled["description"] = said["description"]
    answer: ChronologyAnswer = {
        "projection": "chronology",
        "version": 1,
        "story": story,
        "entity": entity,
        **titled,
        **basis.as_json(),
        "events": _listed(chosen, history, order, basis.at),
        "findings": contradictions(order, (each.id for each in chosen)),
        "digest": "",
    }
    return sealed(answer)


def _listed(
    events: Iterable[Event], history: History, order: Order, at: int
) -> list[ChronologyEventJson]:
    listed: list[ChronologyEventJson] = []
    earlier: tuple[InstantBounds, Event] | None = None
    group = 0
    for when, each in in_order(events, order, at):
        after = earlier is None or _certainly_after(earlier, (when, each), order)
        same = earlier is not None and earlier[0][:2] == when[:2] and not after
        group += not same
        earlier = when, each
        certain = when.surely_before(at) and each.counts and order.happened(each)
        listed.append(
            {
                "id": each.id,
                "position": each.position,
                "story": each.record.story,
                "type": each.type.name,
                "when": None,
                "zone": each.zone,
                **dated_json(each),
                "bounds": timestamps(when.earliest, when.latest),
                **_until(each, order),
                "certainty": "certain" if certain else "possible",
                "order": "certain" if after else "possible",
                "group": group,
                "headline": each.headline,
                "entities": list(dict.fromkeys(each.entities)),
                **_tags(each),
                "standing": each.standing,
                "amendments": [amendment.id for amendment in each.amendments],
                **_corrections(each),
                "sources": independent_sources([each]),
                **_beside(each, history),
                **_decided_against(each),
            }
        )
    return listed


def _certainly_after(
    earlier: tuple[InstantBounds, Event], later: tuple[InstantBounds, Event], order: Order
) -> bool:
    """Whether one event came after another in every world."""
    if earlier[0].latest <= later[0].earliest:
        return True
    return order.relation(earlier[1].id, later[1].id) == "certain"


def _until(event: Event, order: Order) -> _OptionalJson:
    """When a period ended, if that is known."""
    ended = order.end(event)
    return {} if ended is None else {"until": timestamps(ended.earliest, ended.latest)}


def _tags(event: Event) -> _OptionalJson:
    return {"tags": event.content["tags"]} if "tags" in event.content else {}


def _corrections(event: Event) -> _OptionalJson:
    found = [each.id for each in event.amendments if each.type.name == "correction"]
    return {"corrections": found} if found else {}


def _beside(event: Event, history: History) -> OtherAccountsJson:
    return other_accounts([event], history) if event.dissent is None else {}


def _decided_against(event: Event) -> _OptionalJson:
    return {"decided_against": dissent_json(event)} if event.dissent else {}
