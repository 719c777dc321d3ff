"""What of a request is the same for all routes: HEAD is GET, and `%2F` is no slash.

This is plain ASGI, since it is a part of each request.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import unquote

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Where the parts of a path are names that may have a slash in them.
NAMING = (
    b"/api/",
    b"/story/",
    b"/chronology/",
    b"/entity/",
    b"/why/",
    b"/record/",
    b"/chart/",
    b"/amend/",
)


class Methods:
    """Lets routes know only GET and POST, and paths whose parts stay apart."""

    def __init__(self, app: ASGIApp):
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        raw = scope.get("raw_path") or b""
        if b"%" in raw and raw.startswith(NAMING):
            scope["path"] = kept_apart(raw)
        if scope["method"] == "HEAD":
            await _answer_head(self._app, scope, receive, send)
        else:
            await self._app(scope, receive, send)


def kept_apart(raw: bytes) -> str:
    """The path that some bytes are, in which `%2F` and `%25` stay as they are.

    So a name with a slash in it is one part of the path, and `whole` tells it again.
    """
    text = raw.decode("ascii", "replace").replace("%25", "%2525")
    return unquote(text.replace("%2F", "%252F").replace("%2f", "%252F"))


def whole(part: str) -> str:
    """The text that a part of a path stands for."""
    return part.replace("%2F", "/").replace("%25", "%")


async def _answer_head(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """What GET would answer, without the body; the route is told that nobody wants the rest."""
    is_over = asyncio.Event()

    async def receiving() -> Message:
        if is_over.is_set():
            return {"type": "http.disconnect"}
        over, received = asyncio.create_task(is_over.wait()), asyncio.ensure_future(receive())
        done, others = await asyncio.wait({over, received}, return_when=asyncio.FIRST_COMPLETED)
        for each in others:
            each.cancel()
        return received.result() if received in done else {"type": "http.disconnect"}

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
        elif not is_over.is_set():
            is_over.set()
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        elif message.get("more_body"):
            raise OSError("a request by HEAD wants no body")

    with suppress(ClientDisconnect):
        await app({**scope, "method": "GET"}, receiving, sending)
