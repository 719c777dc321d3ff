"""Following the log: its records as they come, as server-sent events."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from timeline.errors import StoreError
from timeline.web.api.parameters import Text
from timeline.web.auth_middleware import holder_by
from timeline.web.service import service_of
from timeline.web.stream import EventStream

following = APIRouter(prefix="/api", tags=["following"])

_EXAMPLE = (
    'id: 138\nevent: record\ndata: {"position":138,"id":"…","story":"qwen","type":"joined"}\n\n'
)


class Follow(BaseModel):
    """From where, and what."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: int | None = Field(
        None, ge=0, le=10**15, description="The records after this position. Default: from now on."
    )
    story: Text | None = Field(None, description="Only the records of this story.")


@following.get(
    "/follow",
    response_class=Response,
    responses={
        200: {
            "description": "A stream that does not end: an event `record` with each record.",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}},
        },
    },
)
async def follow(
    request: Request,
    asked: Annotated[Follow, Query()],
    last_event_id: Annotated[
        int | None,
        Header(ge=0, le=10**15, description="Goes before `after`: browsers send it by themselves."),
    ] = None,
) -> Response:
    """The records as they come: each once, in order, with its position as the id of its event."""
    service = service_of(request)
    after = asked.after if last_event_id is None else last_event_id
    if after is None:
        after = service.desk.head
    await service.feed.reaches(after)

    def may() -> bool:
        try:
            return holder_by(service, request)[0] is not None
        except StoreError:
            return False

    return EventStream(service.feed.follow(after, asked.story), may)
