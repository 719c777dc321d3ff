"""The front page: the stories, and where to find an entity."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from timeline.newsroom import Newsroom
from timeline.web.pages.templates import page
from timeline.web.service import service_of

home = APIRouter(include_in_schema=False)


@home.get("/")
async def front(request: Request) -> Response:
    """The stories of the newsroom."""
    stories = await service_of(request).desk.read(_stories)
    return page(request, "home.html", stories=stories)


def _stories(newsroom: Newsroom) -> dict[str, int]:
    return newsroom.log.stories()
