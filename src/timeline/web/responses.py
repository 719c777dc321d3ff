"""HTTP responses with replies: the digest is the ETag, and fixed answers are immutable.

`CacheMiddleware` answers from the cache before a request is routed and parsed.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlencode

from fastapi import Request, Response
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from timeline.projections.positions import written
from timeline.web.api.parameters import Format
from timeline.web.question import HttpQuestion, Reply
from timeline.web.service import Service, holder_of, service_of

T = TypeVar("T")

# Bytes of a body that are compressed in a millisecond or two.
PIECE = 128 * 1024

# Characters of the header Timeline-Note; proxies accept a few thousand for all headers together.
LONGEST_NOTES = 1000

# The answer for fixed times never changes, but who may see it does, so only the browser caches it.
IMMUTABLE = "private, max-age=31536000, immutable"
REVALIDATE = "private, no-cache"
# CompressMiddleware adds Accept-Encoding.
VARY = "Authorization, Cookie"


class CacheMiddleware:
    """Answers requests from the cache, and passes all others on.

    It runs after authentication, and responds with the same function as the route.
    """

    def __init__(self, app: ASGIApp, service: Service):
        self._app = app
        self._executor = service.executor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parsed = self._executor.cache.parsed(scope)
        reply = None if parsed is None else self._executor.cached(parsed.question)
        if parsed is None or reply is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = parsed.route
        await response_to(Request(scope), parsed.question, reply)(scope, receive, send)


async def answered(request: Request, asked: HttpQuestion, given: Format) -> Response:
    """The response to a question.

    Raises:
        TimelineError: see `Executor.reply`.
    """
    service = service_of(request)
    if given.at_least is not None:
        await service.feed.reaches(given.at_least)
    reply = await reply_for(request, asked)
    if given.at_least is None:
        service.executor.cache.keep_parsed(request.scope, asked)
    return response_to(request, asked, reply)


def response_to(request: Request, asked: HttpQuestion, reply: Reply) -> Response:
    """The response for a reply."""
    headers = {
        "Cache-Control": IMMUTABLE if asked.is_fixed else REVALIDATE,
        "Vary": VARY,
    }
    if reply.digest is not None:
        headers["ETag"] = f'"{reply.digest}"'
    headers |= notes_as_headers(reply.notes)
    if reply.last is not None:
        headers["Link"] = f'<{_next(request, reply)}>; rel="next"'
    if _is_known(request, reply):
        return Response(None, 304, headers)
    if len(reply.body) <= PIECE:
        return Response(reply.body, 200, headers, reply.media_type)
    headers["Content-Length"] = str(len(reply.body))
    return StreamingResponse(in_pieces(reply.body), 200, headers, reply.media_type)


async def reply_for(request: Request, asked: HttpQuestion) -> Reply:
    """The reply to a question, which ends when its client disconnects.

    Raises:
        TimelineError: see `Executor.reply`.
        ClientDisconnect: the client has disconnected.
    """
    caller = holder_of(request).token
    return await until_disconnect(request, service_of(request).executor.reply(asked, caller))


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """A long body, so that other requests are served while it is compressed and sent."""
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]
        await asyncio.sleep(0)


async def until_disconnect(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """The result of some work, which is cancelled when the client disconnects.

    Raises:
        ClientDisconnect: the client has disconnected.
    """
    running = asyncio.ensure_future(work)
    disconnecting = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({running, disconnecting}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            raise ClientDisconnect
        return running.result()
    finally:
        for each in (running, disconnecting):
            each.cancel()
        await asyncio.gather(running, disconnecting, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    """Wait until the client disconnects."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def note_header(notes: Sequence[str]) -> str:
    """Notes as the value of a header, percent-encoded, and cut off if they are too long for one."""
    found: list[str] = []
    left = LONGEST_NOTES
    for note in notes:
        text = quote(note, safe=" '")
        if len(text) > left:
            # No character is cut in half.
            cut = quote(unquote(text[:left].rpartition("%")[0], errors="ignore"), safe=" '")
            return ", ".join([*found, f"{cut}%E2%80%A6"])
        found.append(text)
        left -= len(text)
    return ", ".join(found)


def notes_as_headers(notes: Sequence[str]) -> dict[str, str]:
    """The header with the notes on an answer, if there are any."""
    return {"Timeline-Note": note_header(notes)} if notes else {}


def _is_known(request: Request, reply: Reply) -> bool:
    """Whether the client has the answer already (RFC 9110, section 13.1.2)."""
    known = request.headers.get("if-none-match")
    if known is None or reply.digest is None:
        return False
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in known.split(",")}
    return reply.digest in tags or "*" in tags


def _next(request: Request, reply: Reply) -> str:
    """The path of the next part of a list, as known at the same position as this one."""
    assert reply.last is not None
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in ("from", "as_known")
    ]
    more = [("from", str(reply.last + 1)), ("as_known", written(reply.cut or 0))]
    return f"{request.url.path}?{urlencode([*kept, *more])}"
