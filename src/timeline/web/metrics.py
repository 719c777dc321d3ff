"""The metrics of a service in the format of Prometheus, and the middleware that counts requests.

Each service has its own registry, so that two services in one process have separate counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import NamedTuple

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPE = CONTENT_TYPE_LATEST

# Seconds. A snapshot takes a few milliseconds, a long question up to a minute.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

# Why a request was refused, by status.
REASONS = {
    401: "no-token",
    403: "not-allowed",
    408: "too-slow",
    413: "too-large",
    421: "other-host",
    422: "too-costly",
    429: "too-often",
    503: "busy",
}

# The route of a request that matches none.
NO_ROUTE = "none"

# Clients choose the method; all others are counted as one.
METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))


class IndexLag(NamedTuple):
    """How many records an index is behind the head."""

    projection: str
    lag: int


class Metrics:
    """The metrics of one service."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self._head = Gauge("timeline_head", "The last position of the log.", registry=registry)
        self._size = Gauge("timeline_log_bytes", "Bytes of the log.", registry=registry)
        self._lag = Gauge(
            "timeline_projection_lag",
            "Records that the index has not read yet.",
            ["projection"],
            registry=registry,
        )
        self._requests = Histogram(
            "timeline_request_seconds",
            "Seconds from a request to the last byte of its response.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._refused = Counter(
            "timeline_refused",
            "Requests that were refused.",
            ["reason"],
            registry=registry,
        )
        self._received = Counter(
            "timeline_received_bytes", "Bytes of request bodies.", registry=registry
        )
        self._sent = Counter("timeline_sent_bytes", "Bytes of response bodies.", registry=registry)
        self._appends = Histogram(
            "timeline_append_seconds",
            "Seconds that an append took, including the wait for its turn.",
            buckets=BUCKETS,
            registry=registry,
        )
        self._kept = Counter(
            "timeline_kept_replies",
            "Questions answered from the cache.",
            registry=registry,
        )
        self.followers = Gauge(
            "timeline_followers", "Clients that follow the log.", registry=registry
        )
        self.long_questions = Gauge(
            "timeline_long_questions",
            "Long questions that are waiting or being answered.",
            registry=registry,
        )

    def request(
        self, method: str, route: str, status: int, seconds: float, received: int, sent: int
    ) -> None:
        """Count a request that has ended."""
        self._requests.labels(method, route, f"{status // 100}xx").observe(seconds)
        if (reason := REASONS.get(status)) is not None:
            self._refused.labels(reason).inc()
        self._received.inc(received)
        self._sent.inc(sent)

    def cache_hit(self) -> None:
        """Count a question that was answered from the cache."""
        self._kept.inc()

    @contextmanager
    def appending(self) -> Iterator[None]:
        """Time an append."""
        started = perf_counter()
        try:
            yield
        finally:
            self._appends.observe(perf_counter() - started)

    def text(self, head: int, size: int, index: IndexLag) -> bytes:
        """All metrics, with the current state of the log."""
        self._head.set(head)
        self._size.set(size)
        self._lag.labels(index.projection).set(index.lag)
        return generate_latest(self._registry)


class MetricsMiddleware:
    """Counts and times each request under the name of its route, including failed ones."""

    def __init__(self, app: ASGIApp, metrics: Metrics):
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = perf_counter()
        status, received, sent = 500, 0, 0

        async def counting_receive() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            return message

        async def counting_send(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                sent += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, counting_receive, counting_send)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            seconds = perf_counter() - started
            self._metrics.request(method, _route(scope), status, seconds, received, sent)


def _route(scope: Scope) -> str:
    """The template of the route, never the path: clients choose paths."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else NO_ROUTE
