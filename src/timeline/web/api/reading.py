"""The questions, as GET: `/api/snapshot/qwen-team` is `timeline snapshot qwen-team`."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from timeline.projections.chronology import ChronologyAnswer, ChronologyEventJson
from timeline.projections.snapshot import SnapshotAnswer
from timeline.projections.statement import HeldJson
from timeline.web.api import parameters as given
from timeline.web.openapi import not_there
from timeline.web.problems import refuse_repeated
from timeline.web.question import HttpQuestion
from timeline.web.responses import answered
from timeline.web.schemas.changes import Change, Difference, Replay, Step
from timeline.web.schemas.check import Check, Finding
from timeline.web.schemas.described import answers
from timeline.web.schemas.map import Map, Mapped
from timeline.web.schemas.records import Lineage, Log, Record
from timeline.web.schemas.status import Entities, Entity, Status, Verified, When
from timeline.web.schemas.why import HeldWhy, Why

reading = APIRouter(prefix="/api", tags=["questions"], default_response_class=Response)


async def _answer(request: Request, name: str, asked: given.Format, **more: object) -> Response:
    """The answer to a question with these parameters."""
    refuse_repeated(request, asked)
    parameters = asked.model_dump(exclude={"format", "at_least"})
    return await answered(request, HttpQuestion(name, {**parameters, **more}, asked.format), asked)


@reading.get("/snapshot/{entity}", responses=answers(SnapshotAnswer, HeldJson, "snapshot"))
async def snapshot(
    request: Request, entity: given.Entity, asked: Annotated[given.Snapshot, Query()]
) -> Response:
    """The state of an entity: what holds, certainly or possibly."""
    return await _answer(request, "snapshot", asked, entity=entity)


@reading.get("/map/{entity}", responses=answers(Map, Mapped, "map"))
async def map_of_entity(
    request: Request, entity: given.Entity, asked: Annotated[given.Known, Query()]
) -> Response:
    """The state of an entity at all times, as ever known: what every snapshot says."""
    return await _answer(request, "map", asked, entity=entity)


@reading.get(
    "/chronology", responses=answers(ChronologyAnswer, ChronologyEventJson, "chronology-of-entity")
)
async def chronology(request: Request, asked: Annotated[given.Chronology, Query()]) -> Response:
    """What happened, about an entity, or in the only story, in the order in which it happened."""
    return await _answer(request, "chronology", asked)


@reading.get(
    "/chronology/{story}", responses=answers(ChronologyAnswer, ChronologyEventJson, "chronology")
)
async def chronology_of_story(
    request: Request, story: given.Story, asked: Annotated[given.Chronology, Query()]
) -> Response:
    """What happened in a story, in the order in which it happened."""
    return await _answer(request, "chronology", asked, story=story)


@reading.get("/why/{entity}", responses=answers(Why, HeldWhy, "why"))
async def why(
    request: Request, entity: given.Entity, asked: Annotated[given.Times, Query()]
) -> Response:
    """Why each statement about an entity holds, or holds no longer."""
    return await _answer(request, "why", asked, entity=entity)


@reading.get("/why/{entity}/{property}", responses=answers(Why, HeldWhy, "why-property"))
async def why_property(
    request: Request,
    entity: given.Entity,
    property: given.Property,
    asked: Annotated[given.Times, Query()],
) -> Response:
    """Why the statements of one property hold, or hold no longer."""
    return await _answer(request, "why", asked, entity=entity, property=property)


@reading.get("/diff", responses=answers(Difference, Change, "diff"))
async def diff(request: Request, asked: Annotated[given.Difference, Query()]) -> Response:
    """What has changed between two points of either clock, and what there is to correct."""
    return await _answer(request, "diff", asked)


@reading.get("/diff/{entity}", responses=answers(Difference, Change, "diff-of-entity"))
async def diff_of_entity(
    request: Request, entity: given.Entity, asked: Annotated[given.Difference, Query()]
) -> Response:
    """What has changed about an entity between two points of either clock."""
    return await _answer(request, "diff", asked, entity=entity)


@reading.get("/replay", responses=answers(Replay, Step, "replay", part=True))
async def replay(request: Request, asked: Annotated[given.Replay, Query()]) -> Response:
    """The audit: each record, who recorded it, when, and what it changed in the state."""
    return await _answer(request, "replay", asked)


@reading.get("/check", responses=answers(Check, Finding, "check"))
async def check(request: Request, asked: Annotated[given.Check, Query()]) -> Response:
    """What is left to settle, the gravest first."""
    return await _answer(request, "check", asked)


@reading.get("/log", responses=answers(Log, Record, "log", digest=False, part=True))
async def log(request: Request, asked: Annotated[given.Log, Query()]) -> Response:
    """The records, in the order in which they were recorded."""
    return await _answer(request, "log", asked)


@reading.get("/show/{id:record}", responses=answers(Lineage, None, "show") | not_there())
async def show(
    request: Request, id: given.RecordId, asked: Annotated[given.Times, Query()]
) -> Response:
    """A record with its lineage: as it was recorded, amended, and now reads."""
    return await _answer(request, "show", asked, id=id)


@reading.get("/entities", responses=answers(Entities, Entity, "entities"))
async def entities(request: Request, asked: Annotated[given.Entities, Query()]) -> Response:
    """Who and what the records name: all entities, or those that a name may mean."""
    return await _answer(request, "entities", asked)


@reading.get("/when", responses=answers(When, None, "when", digest=False))
async def when(request: Request, asked: Annotated[given.When, Query()]) -> Response:
    """How a date is read."""
    return await _answer(request, "when", asked)


@reading.get("/status", responses=answers(Status, None, "status", digest=False))
async def status(request: Request, asked: Annotated[given.Format, Query()]) -> Response:
    """The newsroom's health: its head, its stories, its store, what is derived."""
    return await _answer(request, "status", asked)


@reading.get("/verify", responses=answers(Verified, None, "verify", digest=False))
async def verify(request: Request, asked: Annotated[given.Format, Query()]) -> Response:
    """Whether every record would pass the door once more."""
    return await _answer(request, "verify", asked)
