"""The page of an entity: its state at the two times, and why."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request, Response

from timeline.newsroom import Newsroom
from timeline.projections.answer import Answer
from timeline.web.api import parameters as given
from timeline.web.pages.asking import Typed, ask, dates_of, publications, typed
from timeline.web.pages.chart import chart
from timeline.web.pages.grouping import grouped
from timeline.web.pages.mapping import map_for
from timeline.web.pages.templates import page
from timeline.web.pages.words import Words
from timeline.web.service import service_of

entity_pages = APIRouter(include_in_schema=False)


@entity_pages.get("/entity/{entity}")
async def entity(
    request: Request, entity: given.Entity, as_of: Typed = None, as_known: str | None = None
) -> Response:
    """The state of an entity."""
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, notes = await ask(request, "snapshot", entity=entity, depth=1, **times)
    dates = await dates_of(request, _ids(answer), answer["as_known"])
    zone = service_of(request).settings.zone
    return page(
        request,
        "entity.html",
        answer=answer,
        groups=grouped(answer),
        map=map_for(answer, zone),
        boxes=chart(answer),
        names=await _names(request, answer),
        notes=notes,
        publications=await publications(request),
        say=Words(zone, dates),
        times=times,
    )


@entity_pages.get("/chart/{entity}")
async def chart_page(
    request: Request, entity: given.Entity, as_of: Typed = None, as_known: str | None = None
) -> Response:
    """What an entity is in, and what is in that."""
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, notes = await ask(request, "snapshot", entity=entity, depth=2, **times)
    return page(
        request,
        "chart.html",
        answer=answer,
        boxes=chart(answer),
        notes=notes,
        publications=await publications(request),
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
    answer, notes = await ask(request, "why", entity=entity, property=typed(property), **times)
    entries = [*answer["statements"], *answer["ended"], *answer["not_counted"]]
    ids = [id for entry in entries for id in entry.get("because", ())]
    dates = await dates_of(request, ids, answer["as_known"])
    return page(
        request,
        "why.html",
        answer=answer,
        notes=notes,
        publications=await publications(request),
        say=Words(service_of(request).settings.zone, dates),
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
    answer, notes = await ask(request, "entities", **given)
    return page(request, "entities.html", answer=answer, notes=notes)


async def _names(request: Request, answer: Answer) -> list[str]:
    """What an entity is called at that position, and its other slugs."""

    def read(newsroom: Newsroom) -> list[str]:
        basis = newsroom.basis("2000", str(answer["as_known"]), 0)
        known = newsroom.names(basis).get(answer["entity"])
        others = (slug for slug in known.slugs if slug != answer["entity"])
        return [*known.names, *others]

    return await service_of(request).desk.read(read)


def _ids(answer: Answer) -> Iterator[str]:
    """The records that a snapshot names."""
    for entry in answer["statements"]:
        yield from entry["because"]
    for entry in (*answer["comments"], *answer["questions"]):
        yield entry["id"]
