"""Limits on concurrent and queued work, shared fairly between callers."""

from __future__ import annotations

import asyncio
from asyncio import Future
from collections import Counter, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from timeline.errors import TimelineError


class BusyError(TimelineError):
    """Work was refused because the queue is full, or stopped because the service is ending.

    `retry_after` is the number of seconds to wait before retrying.
    """

    def __init__(self, message: str, retry_after: int):
        self.retry_after = retry_after
        super().__init__(message)


class Budget:
    """Limits work of one kind: `at_once` concurrently, `most` including the queue.

    Callers take turns, however much a caller has queued, and each may use `each` turns at once. If
    the queue is full, the caller with the most work in it loses the last of that to a caller with
    less.
    """

    def __init__(
        self, at_once: int, most: int, refusal: str, retry_after: int, each: int | None = None
    ):
        self._free = at_once
        self._most = most
        self._each = at_once if each is None else each
        self._refusal = refusal, retry_after
        # What each caller is doing, and that with what they have queued.
        self._running, self._used = Counter[str](), Counter[str]()
        # What each caller has queued; the next turn is that of the first caller.
        self._queues: dict[str, deque[Future[None]]] = {}

    @property
    def used(self) -> int:
        """How much work is running or queued."""
        return self._used.total()

    @asynccontextmanager
    async def turn(self, caller: str) -> AsyncIterator[None]:
        """Wait for a turn.

        Raises:
            BusyError: the queue is full, or what waited here lost its place.
        """
        if self.used >= self._most:
            self._make_room(caller)
        with _counted(self._used, caller):
            turn: Future[None] = asyncio.get_running_loop().create_future()
            self._queues.setdefault(caller, deque()).append(turn)
            self._start_next()
            try:
                await turn
                yield
            finally:
                if turn.done() and not turn.cancelled() and turn.exception() is None:
                    self._end(caller)

    def _make_room(self, caller: str) -> None:
        """Refuse the last work of the caller who has the most, if this one has less."""
        loser = max(self._queues, key=self._used.__getitem__, default=caller)
        if self._used[loser] <= self._used[caller] + 1:
            raise BusyError(*self._refusal)
        last = self._queues[loser].pop()
        if not self._queues[loser]:
            del self._queues[loser]
        if not last.done():
            last.set_exception(BusyError(*self._refusal))

    def _start_next(self) -> None:
        """Give the free turns to those who wait."""
        while self._free:
            may = (each for each in self._queues if self._running[each] < self._each)
            caller = next(may, None)
            if caller is None:
                return
            queue = self._queues.pop(caller)
            turn = queue.popleft()
            if queue:
                self._queues[caller] = queue
            if not turn.done():
                turn.set_result(None)
                self._free -= 1
                self._running[caller] += 1

    def _end(self, caller: str) -> None:
        """Take back a turn."""
        self._free += 1
        self._running[caller] -= 1
        if not self._running[caller]:
            del self._running[caller]
        self._start_next()


@contextmanager
def _counted(counter: Counter[str], name: str) -> Iterator[None]:
    counter[name] += 1
    try:
        yield
    finally:
        counter[name] -= 1
        if not counter[name]:
            del counter[name]
