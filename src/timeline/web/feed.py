"""The feed: every record that is appended, by any process, for all clients that follow the log.

A record is encoded once for all followers. Each follower pulls the next records when it is ready,
from memory (the latest ones) or from the log, so there are no queues for slow clients.
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
from timeline.errors import StoreError, StoreReplacedError
from timeline.newsroom.newsroom import Newsroom
from timeline.records import jsonl
from timeline.records.record import Entry
from timeline.render.json_output import json_text
from timeline.web.executor import Executor
from timeline.web.metrics import Metrics

# Seconds between two polls of the log for records from other processes.
TICK = 0.1

# Seconds without a successful read until the service counts as unhealthy.
TOO_LONG = 5

# Seconds without a record until followers get a heartbeat (a comment).
HEARTBEAT = 15.0

# The most events, and the most bytes of events, to keep in memory.
RECENT, MOST = 5000, 16 * 2**20

# The most entries, and the most bytes of events, in one read of the log.
CHUNK, PART = 2000, 64 * 1024

_COMMENT = b":\n\n"

_LOG = logging.getLogger(__name__)


class FeedItem(NamedTuple):
    """A record as a server-sent event."""

    position: int
    story: str
    event: bytes


class Read(NamedTuple):
    """Some events, and the position up to which the log was read for them."""

    items: list[FeedItem]
    reached: int


class Feed:
    """Follows the log."""

    def __init__(self, executor: Executor, metrics: Metrics, heartbeat: float = HEARTBEAT):
        self._executor = executor
        self._metrics = metrics
        self._read_at = 0.0
        self._heartbeat = heartbeat
        self._recent: OrderedDict[int, FeedItem] = OrderedDict()
        self._size = 0
        self._changed = asyncio.Event()
        self._hurry = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._has_ended = False

    async def start(self) -> None:
        """Begin to follow the log from its head.

        Raises:
            StoreError: the log cannot be read.
        """
        head = await self._executor.read(lambda newsroom: newsroom.store.head().position)
        # Followers that reconnect after a restart are only a little behind.
        found = await self._executor.read(_reading(max(0, head - CHUNK // 2), head, MOST))
        self._keep(found.items)
        self._executor.head = found.reached
        self._read_at = monotonic()
        self._task = asyncio.create_task(self._watch())

    async def stop(self) -> None:
        """Stop following."""
        self.end()
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def end(self) -> None:
        """End all followers and waits; clients reconnect when the service is back."""
        self._has_ended = True
        self._wake()

    def is_well(self) -> bool:
        """Whether the log was read recently."""
        return self._executor.replaced is None and monotonic() - self._read_at < TOO_LONG

    def hurry(self) -> None:
        """Read the log now, because something was appended."""
        self._hurry.set()

    async def reaches(self, position: int, seconds: float = 30) -> None:
        """Wait until the log has reached a position.

        Raises:
            StoreError: it does not within `seconds`, or the service stops first.
        """
        try:
            async with asyncio.timeout(seconds):
                self._executor.check()
                while self._executor.head < position:
                    if self._has_ended:
                        raise StoreError(f"the service is stopping before position {position}")
                    await self._changed.wait()
        except TimeoutError:
            head = self._executor.head
            message = f"the log is at position {head}, not at {position} after {seconds:g} s"
            raise StoreError(message) from None

    async def follow(self, after: int, story: str | None = None) -> AsyncGenerator[bytes]:
        """The events after a position, of one story or of all, as they are appended.

        After some time without any it yields a comment, with the position up to which other
        stories were skipped, if that has grown. It ends with the feed, or when the log cannot be
        read; clients reconnect.
        """
        sent = after
        with self._metrics.followers.track_inprogress():
            while not self._has_ended:
                changed = self._changed
                if after >= self._executor.head:
                    try:
                        await asyncio.wait_for(changed.wait(), self._heartbeat)
                    except TimeoutError:
                        yield (_COMMENT if sent == after else b"id: %d\n%b" % (after, _COMMENT))
                        sent = after
                    continue
                found = self._kept_after(after)
                if found is None:
                    try:
                        found = await self._executor.read(
                            _reading(after, self._executor.head, PART, story)
                        )
                    except StoreError:
                        return
                after = found.reached
                if chosen := [each for each in found.items if story in (None, each.story)]:
                    sent = chosen[-1].position
                    events = [each.event for each in chosen]
                    yield events[0] if len(events) == 1 else b"".join(events)

    def _kept_after(self, after: int) -> Read | None:
        """The next events after a position, if they are in memory."""
        found: list[FeedItem] = []
        size = 0
        while size < PART and (item := self._recent.get(after + 1)) is not None:
            found.append(item)
            size += len(item.event)
            after += 1
        return Read(found, after) if found else None

    def _keep(self, items: Iterable[FeedItem]) -> None:
        for each in items:
            self._recent[each.position] = each
            self._size += len(each.event)
        while len(self._recent) > RECENT or self._size > MOST:
            _, oldest = self._recent.popitem(last=False)
            self._size -= len(oldest.event)

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _watch(self) -> None:
        is_logged = False
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._hurry.wait(), TICK)
            self._hurry.clear()
            try:
                found = await self._executor.read(_reading(self._executor.head, None, MOST))
            except StoreReplacedError as error:
                # What was read of the log, and is in memory, counts no more.
                self._executor.replaced = error
                self.end()
                return
            except StoreError:
                continue  # The store may recover; until then, questions report the error.
            except Exception:
                # A bug. It is logged once, and the feed goes on, because followers depend on it.
                if not is_logged:
                    _LOG.exception("the log cannot be followed")
                is_logged = True
                continue
            self._read_at, is_logged = monotonic(), False
            if found.items:
                self._keep(found.items)
                self._executor.head = found.reached
                self._wake()
                if len(found.items) == CHUNK:
                    self._hurry.set()


def _reading(
    after: int, until: int | None, size: int, story: str | None = None
) -> Callable[[Newsroom], Read]:
    """Reads the next events after a position, of a story or all; at least one if there is any."""

    def read(newsroom: Newsroom) -> Read:
        items: list[FeedItem] = []
        left, reached = size, after
        last = after + CHUNK if until is None else min(until, after + CHUNK)
        for entry in newsroom.store.entries(after, last):
            reached = entry.position
            if story in (None, entry.story):
                items.append(FeedItem(reached, entry.story, event_of(entry)))
                left -= len(items[-1].event)
                if left <= 0:
                    break
        return Read(items, reached)

    return read


def event_of(entry: Entry) -> bytes:
    """A server-sent event with a record, as `timeline log --format jsonl` prints it.

    Empty if the record is damaged; `timeline verify` reports it.
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
