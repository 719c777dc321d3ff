"""The records as they come: whoever wrote them, everybody who follows sees each once, in order.

A record is encoded once, for all who follow. They pull it when they are ready for it: from the
newest, which are kept, or else from the log; so that nothing piles up for who is slow.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import suppress
from time import monotonic
from typing import NamedTuple

from timeline import temporal
from timeline.errors import StoreError
from timeline.newsroom.newsroom import Newsroom
from timeline.records import jsonl
from timeline.records.entry import Entry
from timeline.render.json_output import json_text
from timeline.web.executor import Executor
from timeline.web.metrics import Metrics

# Seconds between two looks at the log, for what other processes append.
TICK = 0.1

# Seconds without a look at the log, after which something is wrong with it.
TOO_LONG = 5

# Seconds after which who follows is told that nothing has come.
HEARTBEAT = 15.0

# So many of the newest events are kept, and so many bytes; who is further behind reads the log.
RECENT, MOST = 5000, 16 * 2**20

# What is read from the log at once: entries that are looked at, bytes of events that are kept.
CHUNK, PART = 2000, 64 * 1024

_NOTHING_YET = b":\n\n"

_LOG = logging.getLogger(__name__)


class FeedItem(NamedTuple):
    """A record as those who follow are sent it."""

    position: int
    story: str
    event: bytes


class Read(NamedTuple):
    """What was found in the log, and the position up to which it was looked through."""

    news: list[FeedItem]
    reached: int


class Feed:
    """Follows the log of a desk."""

    def __init__(self, desk: Executor, metrics: Metrics, heartbeat: float = HEARTBEAT):
        self._desk = desk
        self._metrics = metrics
        self._looked_at = 0.0
        self._heartbeat = heartbeat
        self._recent: OrderedDict[int, FeedItem] = OrderedDict()
        self._size = 0
        self._news = asyncio.Event()
        self._look = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._has_ended = False

    async def start(self) -> None:
        """Begin to look at the log; what is there already is no news.

        Raises:
            StoreError: the log cannot be read.
        """
        head = await self._desk.read(lambda newsroom: newsroom.store.head().position)
        # Who comes back to a service that was started again is hardly behind.
        found = await self._desk.read(_reading(max(0, head - CHUNK // 2), head, MOST))
        self._keep(found.news)
        self._desk.head = found.reached
        self._looked_at = monotonic()
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Look no more."""
        self.end()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def end(self) -> None:
        """Let go of all who follow or wait: they come back when the service does."""
        self._has_ended = True
        self._wake()

    def is_well(self) -> bool:
        """Whether the log could be read a moment ago."""
        return monotonic() - self._looked_at < TOO_LONG

    def hurry(self) -> None:
        """Look at once: something was appended."""
        self._look.set()

    async def reaches(self, position: int, seconds: float = 30) -> None:
        """Wait until the log has come to a position.

        Raises:
            StoreError: it has not after so many seconds, or the feed ends before.
        """
        try:
            async with asyncio.timeout(seconds):
                while self._desk.head < position:
                    if self._has_ended:
                        raise StoreError(f"the service ends before the log is at {position}")
                    await self._news.wait()
        except TimeoutError:
            head = self._desk.head
            message = f"the log is at position {head}, and not at {position} after {seconds:g} s"
            raise StoreError(message) from None

    async def follow(self, after: int, story: str | None = None) -> AsyncGenerator[bytes]:
        """The events after a position, of one story or of all, as they come.

        Where none come for a while it is a comment, which nobody takes for an event. If
        there was something in other stories, it tells up to where they were looked through.
        It ends when the feed does, or the log cannot be read: who follows comes back.
        """
        told = after
        with self._metrics.followers.track_inprogress():
            while not self._has_ended:
                coming = self._news
                if after >= self._desk.head:
                    try:
                        await asyncio.wait_for(coming.wait(), self._heartbeat)
                    except TimeoutError:
                        yield (
                            _NOTHING_YET if told == after else b"id: %d\n%b" % (after, _NOTHING_YET)
                        )
                        told = after
                    continue
                found = self._kept_after(after)
                if found is None:
                    try:
                        found = await self._desk.read(_reading(after, self._desk.head, PART, story))
                    except StoreError:
                        return
                after = found.reached
                if chosen := [each for each in found.news if story in (None, each.story)]:
                    told = chosen[-1].position
                    events = [each.event for each in chosen]
                    yield events[0] if len(events) == 1 else b"".join(events)

    def _kept_after(self, after: int) -> Read | None:
        """Some of the events after a position, if the first of them is still there."""
        found: list[FeedItem] = []
        size = 0
        while size < PART and (news := self._recent.get(after + 1)) is not None:
            found.append(news)
            size += len(news.event)
            after += 1
        return Read(found, after) if found else None

    def _keep(self, news: Iterable[FeedItem]) -> None:
        for each in news:
            self._recent[each.position] = each
            self._size += len(each.event)
        while len(self._recent) > RECENT or self._size > MOST:
            _, oldest = self._recent.popitem(last=False)
            self._size -= len(oldest.event)

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    async def _watch(self) -> None:
        is_told = False
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._look.wait(), TICK)
            self._look.clear()
            try:
                found = await self._desk.read(_reading(self._desk.head, None, MOST))
            except StoreError:
                continue  # It may come back; whoever asks a question is told.
            except Exception:
                # Nobody has foreseen it; those who follow still need somebody who looks again.
                if not is_told:
                    _LOG.exception("the log cannot be followed")
                is_told = True
                continue
            self._looked_at, is_told = monotonic(), False
            if found.news:
                self._keep(found.news)
                self._desk.head = found.reached
                self._wake()
                if len(found.news) == CHUNK:
                    self._look.set()


def _reading(
    after: int, until: int | None, size: int, story: str | None = None
) -> Callable[[Newsroom], Read]:
    """Reads some of the events after a position, of a story or all; at least one if there is."""

    def read(newsroom: Newsroom) -> Read:
        news: list[FeedItem] = []
        left, reached = size, after
        last = after + CHUNK if until is None else min(until, after + CHUNK)
        for entry in newsroom.store.entries(after, last):
            reached = entry.position
            if story in (None, entry.story):
                news.append(FeedItem(reached, entry.story, event_of(entry)))
                left -= len(news[-1].event)
                if left <= 0:
                    break
        return Read(news, reached)

    return read


def event_of(entry: Entry) -> bytes:
    """A server-sent event with a record, as `timeline log --format jsonl` prints it.

    A record that is damaged is passed over: `timeline verify` tells of it.
    """
    try:
        content = jsonl.content_of(entry)
    except ValueError:
        return b""
    recorded_at = temporal.format_instant(entry.recorded_at)
    record = {"position": entry.position, **content, "recorded_at": recorded_at}
    return b"id: %d\nevent: record\ndata: %b\n\n" % (
        entry.position,
        json_text(record, indent=False).encode(),
    )
