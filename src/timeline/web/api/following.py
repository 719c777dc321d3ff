"""Following the log: its records as they are appended, as server-sent events.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse
from starlette.types import Message, Send

from timeline.errors import StoreError
from timeline.web.api.parameters import Text
from timeline.web.auth import holder_by
from timeline.web.service import service_of

following = APIRouter(prefix="/api", tags=["following"])

# Seconds in which a client must read an event.
UNREAD = 30

_HEADERS = {
    "Cache-Control": "no-store",
    # Keeps nginx from buffering the stream.
    "X-Accel-Buffering": "no",
}
_EXAMPLE = (
    'id: 138\nevent: record\ndata: {"position":138,"id":"…","story":"qwen","type":"joined"}\n\n'
)


class EventStream(StreamingResponse):
    """Sends events until there are no more, the client disconnects, or it does not read them.

    Events are pulled one by one, so each client holds only one in memory. A disconnected client
    reconnects with the id of the last event it received, and misses nothing.
    """

    def __init__(self, events: AsyncGenerator[bytes]):
        super().__init__(events, 200, _HEADERS, "text/event-stream")
        self._events = events

    async def stream_response(self, send: Send) -> None:
        """Send the events, each within a time limit."""

        async def send_in_time(message: Message) -> None:
            async with asyncio.timeout(UNREAD):
                await send(message)

        async with aclosing(self._events):
            with suppress(TimeoutError):
                await super().stream_response(send_in_time)


class Follow(BaseModel):
    """Where to start, and which records to send."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: int | None = Field(
        None,
        ge=0,
        le=10**15,
        description="The records after this position. Default: new ones only.",
    )
    story: Text | None = Field(None, description="Only the records of this story.")


@following.get(
    "/follow",
    response_class=Response,
    responses={
        200: {
            "description": "An endless stream, with an event `record` for each record.",
            "content": {"text/event-stream": {"schema": {"type": "string"}, "example": _EXAMPLE}},
        },
    },
)
async def follow(
    request: Request,
    asked: Annotated[Follow, Query()],
    last_event_id: Annotated[
        int | None,
        Header(
            ge=0, le=10**15, description="Overrides `after`. Browsers send it when they reconnect."
        ),
    ] = None,
) -> Response:
    """The records as they are appended, each once and in order; the event's id is the position."""
    service = service_of(request)
    after = asked.after if last_event_id is None else last_event_id
    if after is None:
        after = service.executor.head
    await service.feed.reaches(after)

    def is_allowed() -> bool:
        try:
            return holder_by(service, request)[0] is not None
        except StoreError:
            return False

    async def events() -> AsyncGenerator[bytes]:
        # A comment, so that the client knows at once that it is connected.
        yield b":\n\n"
        async with aclosing(service.feed.follow(after, asked.story)) as items:
            async for event in items:
                if not is_allowed():
                    return
                yield event

    return EventStream(events())
