"""Server-sent events as a response: sent as they come, to whoever still listens.

https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HEADERS = {
    "Cache-Control": "no-store",
    # What stands before the service is not to wait until there is more to pass on.
    "X-Accel-Buffering": "no",
}


class EventStream(Response):
    """Sends events until there are no more, or whoever gets them is gone, or may no longer.

    Events are asked for one by one, so that no more than one is held for each. Who does not read
    them is let go by the connection (`connections.py`): they come back, and lose nothing.
    """

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[bytes], may: Callable[[], bool]):
        super().__init__(None, 200, HEADERS)
        del self.headers["Content-Length"]
        self._events = events
        self._may = may

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.create_task(self._send(send))
        leaving = asyncio.create_task(_gone(receive))
        try:
            await asyncio.wait((sending, leaving), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, leaving):
                task.cancel()
            with suppress(asyncio.CancelledError):
                await leaving
            with suppress(asyncio.CancelledError):
                await sending

    async def _send(self, send: Send) -> None:
        head = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
        await send(head)
        # So that who follows knows at once that they do.
        await send({"type": "http.response.body", "body": b":\n\n", "more_body": True})
        async with aclosing(self._events) as events:
            async for event in events:
                if not self._may():
                    break
                await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _gone(receive: Receive) -> None:
    """Returns once nobody listens any more."""
    while (await receive())["type"] != "http.disconnect":
        pass
