"""Times each request, under the name of its route: plain ASGI, since it is a part of each."""

from __future__ import annotations

from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timeline.web.metrics import NO_ROUTE, Metrics

# Other words in the place of a method are one to us: whoever asks chooses them.
METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class Watching:
    """Tells the metrics of each request that is over, also of one that came to nothing."""

    def __init__(self, app: ASGIApp, metrics: Metrics):
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status, received, sent = 500, 0, 0

        async def receiving() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        async def sending(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receiving, sending)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            seconds = perf_counter() - started
            self._metrics.answered(method, _route(scope), status, seconds, received, sent)


def _route(scope: Scope) -> str:
    """The template of the route, never the path: there are as many paths as anybody likes."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else NO_ROUTE
