"""Whether a service is well: the log is read, and could be written."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from time import monotonic

from timeline.errors import StoreError, StoreReplacedError
from timeline.newsroom.newsroom import Newsroom
from timeline.web.executor import Executor
from timeline.web.feed import Feed

# Seconds between two trials of the disk, however often somebody asks, and for one of them.
TRIAL, PATIENCE = 5, 5


class HealthCheck:
    """What keeps a service from reading the log, or from appending to it.

    Anybody may ask, so the answers name no files.
    """

    def __init__(self, executor: Executor, feed: Feed):
        self._executor = executor
        self._feed = feed
        self._tried_at: float | None = None
        self._problem: str | None = None

    async def problems(self) -> list[str]:
        """What is wrong; nothing if the service is well."""
        if self._tried_at is None or monotonic() - self._tried_at >= TRIAL:
            self._tried_at = monotonic()
            self._problem = await self._append_problem()
        return list(self._found())

    def _found(self) -> Iterator[str]:
        if self._executor.replaced is not None:
            yield "the log was removed or replaced: restart the service"
        elif not self._feed.is_well():
            yield "the log could not be read for some seconds"
        elif self._problem is not None:
            yield self._problem

    async def _append_problem(self) -> str | None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._executor.read(_check_appendable)
        except StoreReplacedError:
            return "the log was removed or replaced: restart the service"
        except StoreError:
            return "nothing can be appended to the log"
        except TimeoutError:
            return "the log does not answer"
        return None


def _check_appendable(newsroom: Newsroom) -> None:
    newsroom.store.check_appendable()
