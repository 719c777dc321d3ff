"""What pages share: asking questions, fields of forms, publications, links."""

from __future__ import annotations

from typing import Annotated, Any, NamedTuple
from urllib.parse import quote, urlencode

import orjson
from fastapi import Query, Request

from timeline.projections.question import Question
from timeline.render.wording import Words
from timeline.web.question import HttpQuestion
from timeline.web.responses import reply_for
from timeline.web.service import service_of

Typed = Annotated[str | None, Query(max_length=500)]
"""The text of a form field that is part of a question; `typed` reads it."""


class PageAnswer(NamedTuple):
    """An answer with its words, and remarks on how the question was read."""

    answer: Any
    words: Words
    notes: tuple[str, ...]


async def ask(request: Request, kind: type[Question[Any]], /, **given: Any) -> PageAnswer:
    """The answer to a question, for a page."""
    reply = await reply_for(request, HttpQuestion(kind(**given), "full"))
    full = orjson.loads(reply.body)
    words = Words(service_of(request).settings, full["legend"])
    return PageAnswer(full["answer"], words, reply.notes)


def typed(text: str | None) -> str | None:
    """The text of a form field; None if it is empty."""
    text = (text or "").strip()
    return text or None


async def publications(request: Request) -> list[str]:
    """The names of the publications, newest first."""
    found = await service_of(request).executor.read(lambda newsroom: newsroom.publications())
    return sorted(found, key=lambda name: -found[name])


def link(*parts: str, **query: object) -> str:
    """A path of the service, with the parameters of a query that have a value."""
    path = "/" + "/".join(quote(part, safe="") for part in parts)
    pairs = [(name, str(value)) for name, value in query.items() if value not in (None, "")]
    return f"{path}?{urlencode(pairs)}" if pairs else path
