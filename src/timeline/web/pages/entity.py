"""The pages of an entity: its state at the two times, why, its chart; and of all entities."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse

from timeline.newsroom.newsroom import Newsroom
from timeline.projections.entities import Entities
from timeline.projections.holders import Holders
from timeline.projections.snapshot import Snapshot
from timeline.projections.why import Why
from timeline.render.wording import is_not_ruled_out
from timeline.web.api import parameters as given
from timeline.web.pages.asking import Typed, ask, publications, typed
from timeline.web.pages.chart import chart
from timeline.web.pages.grouping import grouped, map_for, series_of
from timeline.web.pages.templates import page
from timeline.web.service import service_of

entity_pages = APIRouter(include_in_schema=False)

# The most slugs in one request.
MOST = 100


@entity_pages.get("/entity/{entity}")
async def entity(
    request: Request, entity: given.Entity, as_of: Typed = None, as_known: Typed = None
) -> Response:
    """The state of an entity."""
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, words, notes = await ask(request, Snapshot, entity=entity, depth=1, **times)
    zone = service_of(request).settings.zone
    return page(
        request,
        "entity.html",
        answer=answer,
        groups=grouped(answer),
        series=series_of(answer),
        map=map_for(answer, zone),
        boxes=chart(answer),
        notes=notes,
        publications=await publications(request),
        say=words,
        times=times,
    )


@entity_pages.get("/chart/{entity}")
async def chart_page(
    request: Request, entity: given.Entity, as_of: Typed = None, as_known: Typed = None
) -> Response:
    """What an entity belongs to, and what belongs to it."""
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, words, notes = await ask(request, Snapshot, entity=entity, depth=2, **times)
    return page(
        request,
        "chart.html",
        answer=answer,
        boxes=chart(answer),
        notes=notes,
        publications=await publications(request),
        say=words,
        times=times,
    )


@entity_pages.get("/why/{entity}")
async def why(
    request: Request,
    entity: given.Entity,
    property: Typed = None,
    as_of: Typed = None,
    as_known: Typed = None,
) -> Response:
    """The records behind the statements about an entity, with amendments and sources."""
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, words, notes = await ask(request, Why, entity=entity, property=typed(property), **times)
    return page(
        request,
        "why.html",
        answer=answer,
        notes=notes,
        publications=await publications(request),
        say=words,
        times=times,
    )


@entity_pages.get("/holders/{entity}")
async def holders(
    request: Request,
    entity: given.Entity,
    role: Annotated[str, Query(max_length=500)],
    as_of: Typed = None,
    as_known: Typed = None,
) -> Response:
    """Who held a role of an organisation when."""
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, words, notes = await ask(request, Holders, organisation=entity, role=role, **times)
    return page(
        request,
        "holders.html",
        answer=answer,
        firm=[each for each in answer["holders"] if not is_not_ruled_out(each)],
        apart=list(filter(is_not_ruled_out, answer["holders"])),
        notes=notes,
        publications=await publications(request),
        say=words,
        times=times,
    )


@entity_pages.get("/entities")
async def entities(
    request: Request,
    query: Typed = None,
    kind: Typed = None,
    as_known: Typed = None,
) -> Response:
    """The entities that records name."""
    given = {"query": typed(query), "kind": typed(kind), "as_known": typed(as_known)}
    answer, words, notes = await ask(request, Entities, **given)
    return page(request, "entities.html", answer=answer, notes=notes, say=words)


@entity_pages.get("/names")
async def names(request: Request, slug: Annotated[list[str], Query(max_length=MOST)]) -> Response:
    """The current names of entities by slug, without those that have none."""

    def read(newsroom: Newsroom) -> dict[str, str]:
        known = newsroom.names(newsroom.basis(None, None))
        found = {each: known.get(each).names[:1] for each in slug}
        return {each: name for each, names in found.items() for name in names}

    return JSONResponse(await service_of(request).executor.read(read))
