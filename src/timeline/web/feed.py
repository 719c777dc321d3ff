"""The records as they come: whoever wrote them, everybody who follows sees each once, in order."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from time import monotonic

from timeline.errors import StoreError
from timeline.log import Entry
from timeline.newsroom import Newsroom
from timeline.web.desk import Desk
from timeline.web.metrics import Metrics

# Seconds between two looks at the log, for what other processes append.
TICK = 0.1

# Seconds without a look at the log, after which something is wrong with it.
TOO_LONG = 5

# The newest entries are kept for those who follow; who is further behind reads the log.
RECENT = 5000

# So many entries are read from the log at once.
CHUNK = 500


class Feed:
    """Follows the log of a desk."""

    def __init__(self, desk: Desk, metrics: Metrics):
        self._desk = desk
        self._metrics = metrics
        self._looked_at = 0.0
        self._recent: deque[Entry] = deque(maxlen=RECENT)
        self._news = asyncio.Event()
        self._look = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to look at the log; what is there already is no news.

        Raises:
            StoreError: the log cannot be read.
        """
        self._desk.head = await self._desk.read(lambda newsroom: newsroom.log.head().position)
        self._looked_at = monotonic()
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def is_well(self) -> bool:
        """Whether the log could be read a moment ago."""
        return monotonic() - self._looked_at < TOO_LONG

    def hurry(self) -> None:
        """Look at once: something was appended."""
        self._look.set()

    async def reaches(self, position: int, seconds: float = 30) -> None:
        """Wait until the log has come to a position.

        Raises:
            StoreError: it has not after so many seconds.
        """
        try:
            async with asyncio.timeout(seconds):
                while self._desk.head < position:
                    await self._news.wait()
        except TimeoutError:
            head = self._desk.head
            message = f"the log is at position {head}, and not at {position} after {seconds:g} s"
            raise StoreError(message) from None

    async def follow(self, after: int) -> AsyncIterator[list[Entry]]:
        """The entries after a position, in order, as they come; it never ends by itself."""
        with self._metrics.followers.track_inprogress():
            while True:
                news = self._news
                if after >= self._desk.head:
                    await news.wait()
                    continue
                entries = self._kept_after(after)
                if entries is None:
                    entries = await self._desk.read(_reading(after))
                if entries:
                    after = entries[-1].position
                    yield entries

    def _kept_after(self, after: int) -> list[Entry] | None:
        """The entries after a position, if the first of them is still there."""
        if not self._recent or self._recent[0].position > after + 1:
            return None
        count = self._recent[-1].position - after
        return [self._recent[index] for index in range(-count, 0)] if count > 0 else []

    async def _watch(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), TICK)
            self._look.clear()
            try:
                entries = await self._desk.read(_reading(self._desk.head))
            except StoreError:
                continue  # It may come back; whoever asks a question is told.
            self._looked_at = monotonic()
            if entries:
                self._recent.extend(entries)
                self._desk.head = entries[-1].position
                self._news.set()
                self._news = asyncio.Event()
                if len(entries) == CHUNK:
                    self._look.set()


def _reading(after: int) -> Callable[[Newsroom], list[Entry]]:
    def read(newsroom: Newsroom) -> list[Entry]:
        return list(newsroom.log.entries(after, after + CHUNK))

    return read
