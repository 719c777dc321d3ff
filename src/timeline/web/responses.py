"""A reply as a response: its digest is its ETag, and what never changes says so to caches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine, Sequence
from typing import Any, TypeVar
from urllib.parse import quote, unquote, urlencode

from fastapi import Request, Response
from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse

from timeline.web.api.parameters import Format
from timeline.web.question import HttpQuestion, Reply
from timeline.web.service import service_of

T = TypeVar("T")

# Bytes of a body that are compressed in a millisecond or two.
PIECE = 128 * 1024

# Characters of a header: proxies take no more than a few thousand for all headers together.
LONGEST_NOTES = 1000

# What is asked by fixed points of both clocks is the same for ever; to whom it may be shown is not.
IMMUTABLE = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"
# What is sent compressed varies by `Accept-Encoding`, too, which is added where it is.
VARY = "Authorization, Cookie"


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
        service.shortcuts.learn(request.scope, asked)
    return response_to(request, asked, reply)


def response_to(request: Request, asked: HttpQuestion, reply: Reply) -> Response:
    """The response that a reply makes."""
    headers = {
        "Cache-Control": IMMUTABLE if asked.is_fixed else ASK_AGAIN,
        "Vary": VARY,
    }
    if reply.digest is not None:
        headers["ETag"] = f'"{reply.digest}"'
    headers |= noting(reply.notes)
    if reply.last is not None:
        headers["Link"] = f'<{_next(request, reply)}>; rel="next"'
    if _is_known(request, reply):
        return Response(None, 304, headers)
    if len(reply.body) <= PIECE:
        return Response(reply.body, 200, headers, reply.media_type)
    headers["Content-Length"] = str(len(reply.body))
    return StreamingResponse(in_pieces(reply.body), 200, headers, reply.media_type)


async def reply_for(request: Request, asked: HttpQuestion) -> Reply:
    """The reply to a question; a long one ends when nobody waits for it any more.

    Raises:
        TimelineError: see `Executor.reply`.
        ClientDisconnect: whoever has asked is gone.
    """
    desk = service_of(request).desk
    if desk.is_long(asked):
        return await while_waited_for(request, desk.reply(asked))
    return await desk.reply(asked)


async def in_pieces(body: bytes) -> AsyncIterator[bytes]:
    """A long body, so that others have their turn while it is compressed and sent."""
    for start in range(0, len(body), PIECE):
        yield body[start : start + PIECE]
        await asyncio.sleep(0)


async def while_waited_for(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What some work comes to, which ends when nobody waits for it any more.

    Raises:
        ClientDisconnect: whoever has asked is gone.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        for each in (working, leaving):
            each.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def _left(request: Request) -> None:
    """Wait until whoever has asked is gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def noted(notes: Sequence[str]) -> str:
    """Remarks as a header, percent-encoded; of many, or long ones, only so much as it can hold."""
    found: list[str] = []
    left = LONGEST_NOTES
    for note in notes:
        text = quote(note, safe=" '")
        if len(text) > left:
            # What is cut off in the middle of a character is left off.
            cut = quote(unquote(text[:left].rpartition("%")[0], errors="ignore"), safe=" '")
            return ", ".join([*found, f"{cut}%E2%80%A6"])
        found.append(text)
        left -= len(text)
    return ", ".join(found)


def noting(notes: Sequence[str]) -> dict[str, str]:
    """The header that carries remarks beside an answer, if there are any."""
    return {"Timeline-Note": noted(notes)} if notes else {}


def _is_known(request: Request, reply: Reply) -> bool:
    """Whether who asks has the answer already (RFC 9110, section 13.1.2)."""
    known = request.headers.get("if-none-match")
    if known is None or reply.digest is None:
        return False
    tags = {tag.strip().removeprefix("W/").strip('"') for tag in known.split(",")}
    return reply.digest in tags or "*" in tags


def _next(request: Request, reply: Reply) -> str:
    """Where a list goes on: cut where this part was, so that the parts are of one list."""
    assert reply.last is not None
    kept = [
        (name, value)
        for name, value in request.query_params.multi_items()
        if name not in ("from", "as_known")
    ]
    more = [("from", str(reply.last + 1)), ("as_known", str(reply.cut))]
    return f"{request.url.path}?{urlencode([*kept, *more])}"
