"""Paths and methods, the same for all routes: names may contain slashes, and HEAD is GET.

The middleware is plain ASGI, because it runs for every request.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import unquote

from starlette.convertors import StringConvertor, register_url_convertor
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Paths whose parts are names, which may contain a slash.
NAMING = (
    b"/api/",
    b"/story/",
    b"/chronology/",
    b"/entity/",
    b"/why/",
    b"/record/",
    b"/chart/",
    b"/holders/",
    b"/amend/",
)


# Below these, GET does something; the routes answer HEAD for themselves.
HEAD_IS_NOT_GET = ("/link/",)


class IdConvertor(StringConvertor):
    """The id of a record in the path of a route, `{id:record}`: any text, even with line feeds."""

    regex = "(?s:.+)"


register_url_convertor("record", IdConvertor())


class PathMiddleware:
    """Decodes paths so that `%2F` does not separate parts, and answers HEAD as GET."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        raw = scope.get("raw_path") or b""
        if b"%" in raw and raw.startswith(NAMING):
            scope["path"] = decoded(raw)
        if scope["method"] == "HEAD" and not scope["path"].startswith(HEAD_IS_NOT_GET):
            await _answer_head(self._app, scope, receive, send)
        else:
            await self._app(scope, receive, send)


def decoded(raw: bytes) -> str:
    """A raw path, decoded except for `%2F` and `%25`.

    A name with a slash stays one part of the path; `whole` decodes the rest.
    """
    text = raw.decode("ascii", "replace").replace("%25", "%2525")
    return unquote(text.replace("%2F", "%252F").replace("%2f", "%252F"))


def whole(part: str) -> str:
    """The name that a part of a decoded path stands for."""
    return part.replace("%2F", "/").replace("%25", "%")


async def _answer_head(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as GET would, without the body; the route is disconnected after the headers."""
    is_over = asyncio.Event()

    async def receive_until_over() -> Message:
        if is_over.is_set():
            return {"type": "http.disconnect"}
        over, received = asyncio.create_task(is_over.wait()), asyncio.ensure_future(receive())
        done, others = await asyncio.wait({over, received}, return_when=asyncio.FIRST_COMPLETED)
        for each in others:
            each.cancel()
        return received.result() if received in done else {"type": "http.disconnect"}

    async def send_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
        elif not is_over.is_set():
            is_over.set()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif message.get("more_body"):
            raise OSError("the response to HEAD has no body")

    with suppress(ClientDisconnect):
        await app({**scope, "method": "GET"}, receive_until_over, send_headers)
