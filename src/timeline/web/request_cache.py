"""What was asked in the same words before is answered without reading the words once more.

This is plain ASGI. It stands behind the guard, so whoever is answered may ask; what is
answered is what the route would have answered, by the same function.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from timeline.web.responses import response_to
from timeline.web.service import Service


class RequestCache:
    """Answers from the replies that are kept, and leaves all else to the routes."""

    def __init__(self, app: ASGIApp, service: Service):
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = self._service.shortcuts.get(scope)
        reply = None if known is None else self._service.desk.kept(known.asked)
        if known is None or reply is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = known.route
        await response_to(Request(scope), known.asked, reply)(scope, receive, send)
