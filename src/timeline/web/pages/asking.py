"""Asking for a page: the answers that it shows, the two times, the records behind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import quote, urlencode

import orjson
from fastapi import Query, Request

from timeline import temporal
from timeline.history.entity_resolution import Resolver
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.question import Question
from timeline.web.question import HttpQuestion
from timeline.web.responses import reply_for
from timeline.web.service import service_of

Typed = Annotated[str | None, Query(max_length=500)]
"""What was typed into a field of a page that asks; `typed` reads it."""


async def ask(
    request: Request, kind: type[Question[Any]], /, **given: Any
) -> tuple[Any, tuple[str, ...]]:
    """The answer to a question, and remarks on how it was read."""
    reply = await reply_for(request, HttpQuestion(kind(**given)))
    return orjson.loads(reply.body), reply.notes


def typed(text: str | None) -> str | None:
    """What was typed into a field; None where it was left empty."""
    text = (text or "").strip()
    return text or None


async def publications(request: Request) -> list[str]:
    """The names of the publications, the newest first."""
    found = await service_of(request).executor.read(lambda newsroom: newsroom.publications())
    return sorted(found, key=lambda name: -found[name])


async def names_at(request: Request, as_known: int | None = None) -> Resolver:
    """What entities are called at a position; at the head if nothing else is said."""

    def read(newsroom: Newsroom) -> Resolver:
        cut = None if as_known is None else str(as_known)
        return newsroom.names(newsroom.basis("2000", cut))

    return await service_of(request).executor.read(read)


async def dates_of(
    request: Request, ids: Iterable[str], as_known: int
) -> Mapping[str, temporal.ParsedDate]:
    """The dates of some events, as they read at a position; not of those without a date."""
    wanted = list(dict.fromkeys(ids))

    def read(newsroom: Newsroom) -> dict[str, temporal.ParsedDate]:
        basis = newsroom.basis("2000", as_known)
        found = newsroom.events(wanted, basis).all()
        return {each.id: each.when for each in found if each.when is not None}

    return await service_of(request).executor.read(read)


def link(*parts: str, **query: object) -> str:
    """A path of the service, with what is given of a query."""
    path = "/" + "/".join(quote(part, safe="") for part in parts)
    pairs = [(name, str(value)) for name, value in query.items() if value not in (None, "")]
    return f"{path}?{urlencode(pairs)}" if pairs else path
