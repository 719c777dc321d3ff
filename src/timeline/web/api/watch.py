"""Health, metrics, and the OpenAPI document."""

from __future__ import annotations

from typing import Literal, NotRequired

from fastapi import APIRouter, Request, Response
from typing_extensions import TypedDict

from timeline.index.effects_index import NAME
from timeline.newsroom.newsroom import Newsroom
from timeline.projections.answer import Count
from timeline.render.json_output import json_text
from timeline.web.metrics import MEDIA_TYPE, IndexLag
from timeline.web.openapi.operations import Responses, header, reference
from timeline.web.question import JSON
from timeline.web.service import service_of

watch = APIRouter(tags=["watching"], default_response_class=Response)


class Health(TypedDict):
    """Whether the log can be read and appended to."""

    status: Literal["ok", "failing"]
    head: Count
    problems: NotRequired[list[str]]
    """Why it cannot."""
    warnings: NotRequired[list[str]]
    """What an administrator should look at."""


HEALTH: Responses = {
    status: {
        "description": description,
        "content": {JSON: {"schema": reference(Health)}},
        "headers": {name: header(name) for name in headers},
    }
    for status, description, headers in (
        (200, "The log can be read and appended to.", ()),
        (503, "The log cannot be read, not in time, or not appended to.", ("Retry-After",)),
    )
}
METRICS: Responses = {
    200: {
        "description": "The text format of Prometheus.",
        "content": {"text/plain": {"schema": {"type": "string"}}},
    }
}

NOT_KEPT = {"Cache-Control": "no-store"}


@watch.get("/health", responses=HEALTH)
async def health(request: Request) -> Response:
    """Whether the log can be read and appended to, for supervisors and load balancers."""
    service = service_of(request)
    answer: Health = {"status": "ok", "head": service.executor.head}
    problems, warnings = await service.health.look()
    if problems:
        answer = {**answer, "status": "failing", "problems": problems}
    if warnings:
        answer["warnings"] = warnings
    retry = {"Retry-After": "5"} if problems else {}
    body = f"{json_text(answer)}\n"
    return Response(body, 503 if problems else 200, {**NOT_KEPT, **retry}, JSON)


@watch.get("/metrics", responses=METRICS)
async def metrics(request: Request) -> Response:
    """Metrics for Prometheus: the head, the lag of the index, requests, the process."""
    service = service_of(request)
    size, lag = await service.executor.read(_measured)
    text = service.metrics.text(service.executor.head, size, lag)
    return Response(text, 200, NOT_KEPT, MEDIA_TYPE)


@watch.get("/openapi.json", include_in_schema=False)
def described(request: Request) -> Response:
    """The OpenAPI document. Generating it is slow the first time, so it runs in a thread."""
    return Response(json_text(request.app.openapi()), 200, NOT_KEPT, JSON)


def _measured(newsroom: Newsroom) -> tuple[int, IndexLag]:
    """Bytes of the log, and the lag of its index."""
    checkpoint = newsroom.index.checkpoint() if newsroom.index else None
    folded = checkpoint.position if checkpoint else 0
    return newsroom.store.facts().size, IndexLag(NAME, newsroom.store.head().position - folded)
