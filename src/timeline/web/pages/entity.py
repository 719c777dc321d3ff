"""The page of an entity: its state at the two times, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import JSONResponse

from timeline import temporal
from timeline.projections.answer import Answer
from timeline.projections.entities import Entities
from timeline.projections.snapshot import Snapshot
from timeline.projections.why import Why
from timeline.web.api import parameters as given
from timeline.web.pages.asking import Typed, ask, dates_of, names_at, publications, typed
from timeline.web.pages.chart import chart
from timeline.web.pages.grouping import grouped
from timeline.web.pages.map_data import map_for
from timeline.web.pages.templates import page
from timeline.web.pages.text_helpers import Words
from timeline.web.service import service_of

entity_pages = APIRouter(include_in_schema=False)

# So many slugs are looked up at once.
MOST = 100


@entity_pages.get("/entity/{entity}")
async def entity(
    request: Request, entity: given.Entity, as_of: Typed = None, as_known: Typed = None
) -> Response:
    """The state of an entity."""
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, notes = await ask(request, Snapshot, entity=entity, depth=1, **times)
    dates = await dates_of(request, _ids(answer), answer["as_known"])
    zone = service_of(request).settings.zone
    return page(
        request,
        "entity.html",
        answer=answer,
        groups=grouped(answer),
        map=map_for(answer, zone),
        boxes=chart(answer),
        notes=notes,
        publications=await publications(request),
        say=await _words(request, answer, dates),
        times=times,
    )


@entity_pages.get("/chart/{entity}")
async def chart_page(
    request: Request, entity: given.Entity, as_of: Typed = None, as_known: Typed = None
) -> Response:
    """What an entity is in, and what is in that."""
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, notes = await ask(request, Snapshot, entity=entity, depth=2, **times)
    return page(
        request,
        "chart.html",
        answer=answer,
        boxes=chart(answer),
        notes=notes,
        publications=await publications(request),
        say=await _words(request, answer),
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
    """The records behind what is said of an entity, amendments and sources included."""
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, notes = await ask(request, Why, entity=entity, property=typed(property), **times)
    entries = [*answer["statements"], *answer["ended"], *answer["not_counted"]]
    ids = [id for entry in entries for id in entry.get("because", ())]
    dates = await dates_of(request, ids, answer["as_known"])
    return page(
        request,
        "why.html",
        answer=answer,
        notes=notes,
        publications=await publications(request),
        say=await _words(request, answer, dates),
        times=times,
    )


@entity_pages.get("/entities")
async def entities(
    request: Request,
    query: Typed = None,
    kind: Typed = None,
    as_known: Typed = None,
) -> Response:
    """Who and what the records name."""
    given = {"query": typed(query), "kind": typed(kind), "as_known": typed(as_known)}
    answer, notes = await ask(request, Entities, **given)
    words = await _words(request, answer)
    return page(request, "entities.html", answer=answer, notes=notes, say=words)


@entity_pages.get("/names")
async def names(request: Request, slug: Annotated[list[str], Query(max_length=MOST)]) -> Response:
    """What some entities are called now, by their slugs; only of those that have a name."""
    known = await names_at(request)
    found = {each: known.get(each).names[:1] for each in slug}
    return JSONResponse({each: name for each, names in found.items() for name in names})


async def _words(
    request: Request, answer: Answer, dates: Mapping[str, temporal.ParsedDate] | None = None
) -> Words:
    """How a page about an answer says things."""
    names = await names_at(request, answer["as_known"])
    return Words(service_of(request).settings.zone, names, dates)


def _ids(answer: Answer) -> Iterator[str]:
    """The records that a snapshot names."""
    for entry in answer["statements"]:
        yield from entry["because"]
    for entry in (*answer["comments"], *answer["questions"]):
        yield entry["id"]
