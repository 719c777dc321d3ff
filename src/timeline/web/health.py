"""Whether a service is well: the log is read, and could be written."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import NamedTuple

from timeline import temporal
from timeline.errors import StoreError, StoreReplacedError
from timeline.newsroom.clock import future_head
from timeline.newsroom.newsroom import Newsroom
from timeline.web.executor import Executor
from timeline.web.feed import Feed

# Seconds between two probes of the disk, however often a client asks, and for one of them.
PROBE_INTERVAL, PROBE_TIMEOUT = 5, 5


class HealthReport(NamedTuple):
    """What keeps a service from reading the log, or appending to it; and what is odd about it."""

    problems: list[str]
    warnings: list[str]


class HealthCheck:
    """Finds out whether a service is well. Its answers are public, so they name no files."""

    def __init__(self, executor: Executor, feed: Feed):
        self._executor = executor
        self._feed = feed
        self._probing = asyncio.Lock()
        self._probed_at: float | None = None
        self._report = HealthReport([], [])

    async def look(self) -> HealthReport:
        """What is wrong; nothing if the service is well."""
        async with self._probing:
            if self._probed_at is None or monotonic() - self._probed_at >= PROBE_INTERVAL:
                self._report = await self._probe()
                self._probed_at = monotonic()
        if self._executor.replaced is None and not self._feed.is_well():
            return HealthReport(["the log could not be read for some seconds"], [])
        return self._report if self._executor.replaced is None else _REPLACED

    async def _probe(self) -> HealthReport:
        try:
            async with asyncio.timeout(PROBE_TIMEOUT):
                warning = await self._executor.read(_probe)
        except StoreReplacedError:
            return _REPLACED
        except StoreError:
            return HealthReport(["nothing can be appended to the log"], [])
        except TimeoutError:
            return HealthReport(["the log does not answer"], [])
        return HealthReport([], [] if warning is None else [warning])


_REPLACED = HealthReport(["the log was removed or replaced: restart the service"], [])


def _probe(newsroom: Newsroom) -> str | None:
    """Whether something could be appended; a warning about the last record."""
    newsroom.store.check_appendable()
    return future_head(newsroom.store, temporal.now())
