"""What can be watched of a service, as Prometheus reads it.

Each service has its own instruments: two in one process would otherwise be counted as one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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

MEDIA_TYPE = CONTENT_TYPE_LATEST

# Seconds. A snapshot takes a millisecond or less, a long question up to a minute.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

# Why a request is refused, by its status.
REASONS = {
    401: "no-token",
    403: "not-allowed",
    408: "too-slow",
    413: "too-large",
    421: "other-host",
    429: "too-often",
    503: "busy",
}

# What no route was found for.
NO_ROUTE = "none"


class Progress(NamedTuple):
    """How far a projection is behind the head, in records."""

    projection: str
    lag: int


class Metrics:
    """The instruments of one service."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        self._head = Gauge("timeline_head", "The last position of the log.", registry=registry)
        self._size = Gauge("timeline_log_bytes", "Bytes of the log.", registry=registry)
        self._lag = Gauge(
            "timeline_projection_lag",
            "Records that a projection has not folded in yet.",
            ["projection"],
            registry=registry,
        )
        self._requests = Histogram(
            "timeline_request_seconds",
            "Seconds from a request to the last byte of its response, by route; that of a "
            "question is the view.",
            ["method", "route", "status"],
            buckets=BUCKETS,
            registry=registry,
        )
        self._refused = Counter(
            "timeline_refused",
            "Requests that were refused, by reason.",
            ["reason"],
            registry=registry,
        )
        self._received = Counter(
            "timeline_received_bytes", "Bytes of the bodies of requests.", registry=registry
        )
        self._sent = Counter(
            "timeline_sent_bytes", "Bytes of the bodies of responses.", registry=registry
        )
        self._appends = Histogram(
            "timeline_append_seconds",
            "Seconds that an act took that may append, with the wait for its turn.",
            buckets=BUCKETS,
            registry=registry,
        )
        self._kept = Counter(
            "timeline_kept_replies",
            "Questions whose reply was kept from before.",
            registry=registry,
        )
        self.followers = Gauge(
            "timeline_followers", "Who follows the log as it grows.", registry=registry
        )
        self.long_questions = Gauge(
            "timeline_long_questions",
            "Long questions that wait for their turn, or are being answered.",
            registry=registry,
        )

    def answered(
        self, method: str, route: str, status: int, seconds: float, received: int, sent: int
    ) -> None:
        """Count a request that is over."""
        self._requests.labels(method, route, f"{status // 100}xx").observe(seconds)
        if (reason := REASONS.get(status)) is not None:
            self._refused.labels(reason).inc()
        self._received.inc(received)
        self._sent.inc(sent)

    def knew(self) -> None:
        """Count a question that was answered from what is kept."""
        self._kept.inc()

    @contextmanager
    def appending(self) -> Iterator[None]:
        """Time an act that may append."""
        started = perf_counter()
        try:
            yield
        finally:
            self._appends.observe(perf_counter() - started)

    def text(self, head: int, size: int, projections: Iterable[Progress]) -> bytes:
        """All of it, with what the log has come to."""
        self._head.set(head)
        self._size.set(size)
        for each in projections:
            self._lag.labels(each.projection).set(each.lag)
        return generate_latest(self._registry)
