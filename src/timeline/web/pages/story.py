"""The front page, and the chronology of a story or an entity, drawn and in words."""

from __future__ import annotations

import asyncio
from itertools import groupby

import orjson
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from timeline.newsroom.newsroom import Newsroom
from timeline.projections.chronology import Chronology, ChronologyEventJson
from timeline.projections.log import Log
from timeline.projections.positions import written
from timeline.records.record import headline
from timeline.render.drawing.geometry_json import geometry_json
from timeline.render.drawing.svg import chronology_svg
from timeline.web.api import parameters as given
from timeline.web.pages.asking import Typed, ask, link, publications, typed
from timeline.web.pages.templates import page
from timeline.web.question import HttpQuestion
from timeline.web.responses import IMMUTABLE, REVALIDATE, VARY, reply_for
from timeline.web.service import service_of

story_pages = APIRouter(include_in_schema=False)

# The number of events listed on one page.
PART = 200

# The number of latest records on the front page.
RECENT = 10


@story_pages.get("/")
async def front(request: Request) -> Response:
    """The front page: the stories of the newsroom, and the latest records."""
    service = service_of(request)
    stories = await service.executor.read(_stories)
    first = max(1, service.executor.head - RECENT + 1)
    recent = await ask(request, Log, first=first, limit=RECENT)
    latest = [
        (each, headline(service.settings.vocabulary[each["type"]], each))
        for each in reversed(recent.answer["records"])
    ]
    return page(request, "home.html", latest=latest, stories=stories)


def _stories(newsroom: Newsroom) -> dict[str, tuple[str, int]]:
    """Each story with its title, or its slug, and the number of its records."""
    names = newsroom.names(newsroom.basis(None, None))
    return {
        story: (names.story(story).get("title", story), count)
        for story, count in newsroom.stories().items()
    }


@story_pages.get("/story/{story}")
async def story(
    request: Request,
    story: given.Story,
    as_of: Typed = None,
    as_known: Typed = None,
    part: int = 1,
) -> Response:
    """What happened in a story."""
    return await _chronology(request, as_of, as_known, part, story=story, entity=None)


@story_pages.get("/chronology/{entity}")
async def of_entity(
    request: Request,
    entity: given.Entity,
    as_of: Typed = None,
    as_known: Typed = None,
    part: int = 1,
) -> Response:
    """What happened about an entity."""
    return await _chronology(request, as_of, as_known, part, story=None, entity=entity)


@story_pages.get("/story/{story}/drawing")
async def drawing_of_story(
    request: Request, story: given.Story, as_of: Typed = None, as_known: Typed = None
) -> Response:
    """The geometry of a story's chronology, for its page to draw."""
    return await _drawing(request, as_of, as_known, story=story, entity=None)


@story_pages.get("/chronology/{entity}/drawing")
async def drawing_of_entity(
    request: Request, entity: given.Entity, as_of: Typed = None, as_known: Typed = None
) -> Response:
    """The geometry of an entity's chronology."""
    return await _drawing(request, as_of, as_known, story=None, entity=entity)


async def _drawing(
    request: Request, as_of: str | None, as_known: str | None, **of: str | None
) -> Response:
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    asked = HttpQuestion(Chronology(of["story"], entity=of["entity"], **times))
    answer = orjson.loads((await reply_for(request, asked)).body)
    geometry = await asyncio.to_thread(geometry_json, answer, service_of(request).settings.zone)
    headers = {"Cache-Control": IMMUTABLE if asked.is_fixed else REVALIDATE, "Vary": VARY}
    return Response(orjson.dumps(geometry), 200, headers, "application/json")


async def _chronology(
    request: Request, as_of: str | None, as_known: str | None, part: int, **of: str | None
) -> Response:
    times = {"as_of": typed(as_of), "as_known": typed(as_known)}
    answer, words, notes = await ask(request, Chronology, **of, **times)
    events = answer["events"]
    parts = max(1, -(-len(events) // PART))
    part = min(max(1, part), parts)
    shown = events[(part - 1) * PART : part * PART]
    zone = service_of(request).settings.zone
    subject = ("story", answer["story"]) if answer["story"] else ("chronology", answer["entity"])
    same = {"as_of": answer["as_of"], "as_known": written(answer["as_known"])}
    return page(
        request,
        "story.html",
        answer=answer,
        drawing=Markup(await asyncio.to_thread(chronology_svg, answer, zone)),
        drawn_from=link(*subject, "drawing", **same),
        groups=_groups(shown),
        notes=notes,
        part=part,
        parts=parts,
        publications=await publications(request),
        say=words,
        times=times,
    )


def _groups(events: list[ChronologyEventJson]) -> list[list[ChronologyEventJson]]:
    """Events in groups without a known order."""
    return [list(group) for _, group in groupby(events, key=lambda each: each["group"])]
