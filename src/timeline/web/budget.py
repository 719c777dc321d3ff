"""How much work a service does at once, how much of it may wait, and the refusal of more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from timeline.errors import TimelineError


class BusyError(TimelineError):
    """Work was refused because too much of it waits, or ended because it took too long.

    `retry_after` is when to try again, in seconds.
    """

    def __init__(self, message: str, retry_after: int):
        self.retry_after = retry_after
        super().__init__(message)


class Budget:
    """Work of one kind: so much of it at once, so much at once and waiting together."""

    def __init__(self, at_once: int, most: int, refusal: str, retry_after: int):
        self._turns = asyncio.Semaphore(at_once)
        self._most = most
        self._refusal = refusal, retry_after
        self.used = 0

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a turn.

        Raises:
            BusyError: too much work waits already.
        """
        if self.used >= self._most:
            raise BusyError(*self._refusal)
        self.used += 1
        try:
            async with self._turns:
                yield
        finally:
            self.used -= 1
