"""Questions that may take as long as the log is, in a process of their own.

One is answered at a time. One that takes too long is ended together with its process, which
a thread could not be.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any

from timeline.errors import TimelineError
from timeline.index.processes import Inbox, Worker
from timeline.newsroom.newsroom import Newsroom
from timeline.newsroom.opening import Location
from timeline.web.metrics import Metrics
from timeline.web.question import HttpQuestion, Reply, reply_to

# So many may wait for their turn; seconds that one may take.
MOST_WAITING = 16
PATIENCE = 60

# How far the process stands back for those of short questions, as `nice` counts.
STEPS_BACK = 5

_ENDS = "the service ends"


class BusyError(TimelineError):
    """The question was not answered: others are before it, or it takes too long.

    `retry_after` is when to ask again, in seconds.
    """

    def __init__(self, message: str, retry_after: int):
        self.retry_after = retry_after
        super().__init__(message)


class LongQuestions:
    """Answers long questions about the newsroom at a location, one at a time."""

    def __init__(self, location: Location, metrics: Metrics, patience: float = PATIENCE):
        self._location = location
        self._metrics = metrics
        self._patience = patience
        self._turn = asyncio.Lock()
        self._waiting = 0
        self._worker: Worker | None = None
        self._told: Inbox = SimpleQueue()
        self._has_ended = False

    async def reply(self, asked: HttpQuestion, now: int) -> Reply:
        """The reply to a question that is asked at the instant `now`.

        Raises:
            InputError: the question cannot be read.
            StoreError: the log cannot be read, or the process has died.
            BusyError: too many wait already, the answer took too long, or the service ends.
        """
        if self._waiting >= MOST_WAITING:
            raise BusyError("too many long questions are being asked", 10)
        self._waiting += 1
        self._metrics.long_questions.set(self._waiting)
        try:
            async with self._turn:
                found = await self._ask(asked, now)
        finally:
            self._waiting -= 1
            self._metrics.long_questions.set(self._waiting)
        if isinstance(found, Reply):
            return found
        raise found

    async def _ask(self, asked: HttpQuestion, now: int) -> Reply | TimelineError:
        if self._has_ended:
            return BusyError(_ENDS, 5)
        if self._worker is None or self._worker.has_ended():
            self._told = SimpleQueue()
            self._worker = Worker(answering, self._location, STEPS_BACK, told=self._told)
        worker, told = self._worker, self._told
        worker.send((asked, now))
        listening = asyncio.get_running_loop().run_in_executor(None, told.get)
        try:
            value, code = await asyncio.wait_for(asyncio.shield(listening), self._patience)
        except (TimeoutError, asyncio.CancelledError) as error:
            # Whoever waits for it in vain must not hold up those who come after.
            worker.kill()
            await listening
            self._worker = None
            if isinstance(error, asyncio.CancelledError):
                raise
            message = f"the answer took more than {self._patience:g} seconds"
            return BusyError(f"{message}: ask for a part of it", 60)
        if code is not None:
            self._worker = None
            died = "the process that answers long questions has died"
            return BusyError(_ENDS, 5) if self._has_ended else BusyError(died, 1)
        found: Reply | TimelineError = value
        return found

    def end(self) -> None:
        """End what is being answered, and what waits for its turn."""
        self._has_ended = True
        if self._worker is not None:
            self._worker.kill()


def answering(
    sent: Iterator[tuple[HttpQuestion, int]], location: Location, steps_back: int
) -> Iterator[Any]:
    """What a process does: each question is answered by a reply, or by what is wrong.

    It stands back for others by so many steps, where there are not processors for all.
    """
    if steps_back and hasattr(os, "nice"):
        os.nice(steps_back)
    # Other workers are done before reference circles add up; this one goes on for long.
    gc.enable()
    with Newsroom.open(location) as newsroom:
        for asked, now in sent:
            try:
                yield reply_to(newsroom, asked, now)
            except TimelineError as error:
                yield error
