"""Limits on concurrent and queued work, beyond which requests are refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from timeline.errors import TimelineError


class BusyError(TimelineError):
    """Work was refused because the queue is full, or stopped because it took too long.

    `retry_after` is the number of seconds to wait before retrying.
    """

    def __init__(self, message: str, retry_after: int):
        self.retry_after = retry_after
        super().__init__(message)


class Budget:
    """Limits work of one kind: `at_once` concurrently, `most` including the queue."""

    def __init__(self, at_once: int, most: int, refusal: str, retry_after: int):
        self._turns = asyncio.Semaphore(at_once)
        self._most = most
        self._refusal = refusal, retry_after
        self.used = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn.

        Raises:
            BusyError: the queue is full.
        """
        if self.used >= self._most:
            raise BusyError(*self._refusal)
        self.used += 1
        try:
            async with self._turns:
                yield
        finally:
            self.used -= 1
