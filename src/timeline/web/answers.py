"""A reply as a response: its digest is its ETag, and what never changes says so to caches."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from fastapi import Request, Response

from timeline.web.api.parameters import Format
from timeline.web.asked import Asked, Reply
from timeline.web.service import service_of

# What is asked by fixed points of both clocks is the same for ever; to whom it may be shown is not.
IMMUTABLE = "private, max-age=31536000, immutable"
ASK_AGAIN = "private, no-cache"
VARY = "Authorization, Cookie, Accept-Encoding"


async def answered(request: Request, asked: Asked, given: Format) -> Response:
    """The response to a question.

    Raises:
        TimelineError: see `Desk.reply`.
    """
    service = service_of(request)
    if given.at_least is not None:
        await service.feed.reaches(given.at_least)
    reply = await service.desk.reply(asked)
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
    return Response(reply.body, 200, headers, reply.media_type)


def noting(notes: Iterable[str]) -> dict[str, str]:
    """The header that carries remarks beside an answer, if there are any."""
    said = ", ".join(quote(note, safe=" '") for note in notes)
    return {"Timeline-Note": said} if said else {}


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
