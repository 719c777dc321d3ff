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

# Seconds between two trials of the disk, however often somebody asks, and for one of them.
TRIAL, PATIENCE = 5, 5


class Findings(NamedTuple):
    """What keeps a service from reading the log, or appending to it; and what is odd about it."""

    problems: list[str]
    warnings: list[str]


class HealthCheck:
    """Finds out whether a service is well. Anybody may ask, so the answers name no files."""

    def __init__(self, executor: Executor, feed: Feed):
        self._executor = executor
        self._feed = feed
        self._tried_at: float | None = None
        self._tried = Findings([], [])

    async def look(self) -> Findings:
        """What is wrong; nothing if the service is well."""
        if self._tried_at is None or monotonic() - self._tried_at >= TRIAL:
            self._tried_at = monotonic()
            self._tried = await self._try()
        if self._executor.replaced is None and not self._feed.is_well():
            return Findings(["the log could not be read for some seconds"], [])
        return self._tried if self._executor.replaced is None else _REPLACED

    async def _try(self) -> Findings:
        try:
            async with asyncio.timeout(PATIENCE):
                warning = await self._executor.read(_trial)
        except StoreReplacedError:
            return _REPLACED
        except StoreError:
            return Findings(["nothing can be appended to the log"], [])
        except TimeoutError:
            return Findings(["the log does not answer"], [])
        return Findings([], [] if warning is None else [warning])


_REPLACED = Findings(["the log was removed or replaced: restart the service"], [])


def _trial(newsroom: Newsroom) -> str | None:
    """Try whether something could be appended; a warning about the last record."""
    newsroom.store.check_appendable()
    return future_head(newsroom.store, temporal.now())
