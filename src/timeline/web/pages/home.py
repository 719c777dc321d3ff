"""The front page: the stories, what came last, and where to find an entity."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from timeline.newsroom.newsroom import Newsroom
from timeline.projections.log import Log
from timeline.web.pages.asking import ask
from timeline.web.pages.templates import page
from timeline.web.service import service_of

home = APIRouter(include_in_schema=False)

# So many records are shown of those that came last.
RECENT = 10


@home.get("/")
async def front(request: Request) -> Response:
    """The stories of the newsroom, and the records that came last."""
    service = service_of(request)
    stories = await service.executor.read(_stories)
    first = max(1, service.executor.head - RECENT + 1)
    recent = await ask(request, Log, first=first, limit=RECENT)
    return page(request, "home.html", recent=recent.answer["records"], stories=stories)


def _stories(newsroom: Newsroom) -> dict[str, int]:
    return newsroom.stories()
